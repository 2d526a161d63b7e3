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
