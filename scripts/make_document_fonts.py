"""Makes the fonts of printed documents from those of the site.

Browsers get variable fonts in pieces, by script, as WOFF2; a PDF embeds one TrueType font for each
weight. This joins the pieces. The licence reserves the names of the originals for the originals,
so what is made here bears names of its own.
"""

from __future__ import annotations

import io
from pathlib import Path

from fontTools import merge
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "delivery" / "static" / "delivery" / "fonts"
TARGET = ROOT / "documents" / "typefaces"
SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
# folder, ending of its files, weight, name of what is made
FONTS = (
    ("source-sans-3", "", 400, "School-Sans-Regular"),
    ("source-sans-3", "", 600, "School-Sans-SemiBold"),
    ("literata", "-normal", 600, "School-Serif-SemiBold"),
)


def main() -> None:
    """Write the fonts and a copy of each licence."""
    for folder, ending, weight, name in FONTS:
        pieces = [SOURCE / folder / f"{script}{ending}.woff2" for script in SCRIPTS]
        make(pieces, weight, name).save(TARGET / f"{name}.ttf")
        family = name.rpartition("-")[0]
        licence = (SOURCE / folder / "OFL.txt").read_text(encoding="utf-8")
        (TARGET / f"{family}-OFL.txt").write_text(licence, encoding="utf-8")


def make(pieces: list[Path], weight: int, name: str) -> TTFont:
    """One static font of a weight from the variable pieces of a family."""
    merger = merge.Merger(merge.Options(drop_tables=["GSUB", "GPOS", "GDEF", "STAT", "HVAR"]))
    font = merger.merge([_static(piece, weight) for piece in pieces])
    names = font["name"]
    names.names = [one for one in names.names if one.nameID in (0, 13, 14)]
    family, _dash, style = name.rpartition("-")
    spoken = family.replace("-", " ")
    for number, text in ((1, spoken), (2, style), (3, name), (4, f"{spoken} {style}"), (6, name)):
        names.setName(text, number, 3, 1, 0x409)
    return font


def _static(piece: Path, weight: int) -> io.BytesIO:
    font = TTFont(piece)
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    for tag in ("GSUB", "GPOS", "GDEF", "STAT"):
        if tag in font:
            del font[tag]
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    return out


if __name__ == "__main__":
    main()
