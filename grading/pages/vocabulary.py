"""The kinds of damage by family, as a condition report names them."""

from __future__ import annotations

CLASSES = {
    "foxing": "Foxing",
    "mould_stain": "Stain of old mould",
    "other_stain": "Other stain",
    "tide_line": "Tide line",
    "water_stain": "Water stain",
    "cockling": "Cockling",
    "tear": "Tear",
    "loss": "Loss",
    "fold": "Fold or crease",
    "abrasion": "Abrasion",
    "insect_holes": "Insect holes",
    "rodent": "Damage by rodents",
    "active_mould": "Active mould",
    "iron_gall_corrosion": "Iron-gall ink corrosion",
    "acid_burn": "Acid burn",
    "red_rot": "Red rot",
    "light_fading": "Fading by light",
    "tape": "Pressure-sensitive tape",
    "old_repair": "Old repair",
    "ink_stamp": "Ink stamp",
}
"""English names by id."""

FAMILIES = {
    "spot": ["foxing", "mould_stain", "other_stain"],
    "water": ["tide_line", "water_stain", "cockling"],
    "mechanical": ["tear", "loss", "fold", "abrasion"],
    "biological": ["insect_holes", "rodent", "active_mould"],
    "chemical": ["iron_gall_corrosion", "acid_burn", "red_rot", "light_fading"],
    "intervention": ["tape", "old_repair", "ink_stamp"],
}
"""Classes that are near relations, by family."""

DEFINITIONS = {
    "foxing": "Small rust-brown spots, often with a paler halo, from iron or fungi in the paper.",
    "mould_stain": "Grey, violet or brown staining that dead mould left; nothing fuzzy is on it.",
    "other_stain": "Discoloured paper of another cause: grease, ink, food, rust of a clip.",
    "tide_line": "A brown, wavy edge where a front of water stopped and left what it carried.",
    "water_stain": "Paper evenly discoloured by water, without a sharp edge.",
    "cockling": "Waves in the sheet after uneven swelling and drying.",
    "tear": "A split of the sheet without a lack of material.",
    "loss": "A part of the sheet is missing.",
    "fold": "A line where the sheet was bent; fibres may be broken along it.",
    "abrasion": "A surface that was rubbed: thinned paper, lost ink.",
    "insect_holes": "Round holes or winding channels with clean edges, eaten by larvae.",
    "rodent": "Gnawed edges with traces of teeth.",
    "active_mould": "Fuzzy or powdery growth that can be wiped off; often damp, musty.",
    "iron_gall_corrosion": "Brown halos and cracks where acid ink eats into the paper.",
    "acid_burn": "Brown, brittle paper next to something acid, often with a sharp outline.",
    "red_rot": "Leather that is powdery, red-brown and comes off on the hand.",
    "light_fading": "Colour or paper bleached or yellowed where light fell on it.",
    "tape": "A strip of self-adhesive tape or the yellow, sticky trace of one.",
    "old_repair": "A patch, lining or mend of an earlier time.",
    "ink_stamp": "An owner's or office's stamp on the page.",
}
"""What each class is, in a sentence."""
