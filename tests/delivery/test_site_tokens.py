"""The look is one thing: colours, sizes and fonts stand in one file, and are legible."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import delivery

STATIC = Path(delivery.__file__).parent / "static" / "delivery"
TEMPLATES = Path(delivery.__file__).parent / "templates"
TOKENS = (STATIC / "tokens.css").read_text()
COLOURS = {
    name: values
    for name, *values in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
}
OWN_SHEETS = [
    "authoring.css",
    "courses.css",
    "pages.css",
    "parts.css",
    "prose.css",
    "site.css",
    "unit.css",
]
COLOUR_NAMES = (
    "black white red green blue yellow orange grey gray silver maroon navy teal olive purple brown"
)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "behind", "least"),
    [
        ("ink", "paper", 13),
        ("ink", "sheet", 13),
        ("soft", "paper", 6.9),
        ("soft", "sheet", 6.9),
        ("accent", "paper", 7.3),
        ("accent", "sheet", 7.3),
        ("on-accent", "accent", 7.7),
        ("on-accent", "accent-deep", 7.7),
        ("link", "paper", 7),
        ("link", "sheet", 7),
        ("good", "paper", 5.5),
        ("good", "sheet", 5.5),
        ("warn", "paper", 5.5),
        ("warn", "sheet", 5.5),
        ("bad", "paper", 5.5),
        ("bad", "sheet", 5.5),
        ("ink", "mark", 8.7),
        ("ink", "wash-good", 7),
        ("ink", "wash-warn", 7),
        ("ink", "wash-bad", 7),
        ("ink", "wash-note", 7),
        ("good", "wash-good", 4.5),
        ("warn", "wash-warn", 4.5),
        ("bad", "wash-bad", 4.5),
        ("link", "wash-note", 4.5),
        ("link", "wash-warn", 4.5),
    ],
)
def test_what_stands_on_what_can_be_read(
    scheme: int, front: str, behind: str, least: float
) -> None:
    # The design's figures are rounded to a tenth.
    assert contrast(COLOURS[front][scheme], COLOURS[behind][scheme]) >= least - 0.05


@pytest.mark.parametrize("sheet", OWN_SHEETS)
def test_nothing_else_names_a_colour_a_size_or_a_font(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.DOTALL)
    # A media query cannot read a custom property.
    text = re.sub(r"@media[^{]*", "@media ", text)
    values = re.findall(r":\s*([^;{}]+);", text)
    names = "|".join(COLOUR_NAMES.split())
    colours = rf"#[0-9a-f]{{3,8}}\b|\b(rgba?|hsla?|oklch|color-mix)\(|\b({names})\b"
    sizes = r"(?<![\w.-])\d*\.?\d+(px|rem|em|ch|pt|mm|cm)\b"
    fonts = r"\b(serif|sans-serif|monospace|system-ui)\b(?!\))|\"[A-Z]"
    for value in values:
        plain = re.sub(r"var\(--[\w-]+\)", "", value)
        assert not re.search(colours, plain, re.IGNORECASE), value
        assert not re.search(sizes, plain), value
        assert not re.search(fonts, plain), value


@pytest.mark.parametrize("sheet", OWN_SHEETS)
def test_every_token_that_is_used_exists(sheet: str) -> None:
    used = set(re.findall(r"var\((--[\w-]+)", (STATIC / sheet).read_text()))
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    assert used <= defined


def test_no_template_carries_styles_or_scripts_of_its_own() -> None:
    # Pages for others' blocks have a policy of their own.
    templates = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "blocks"]
    assert len(templates) > 40
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/json" in script, path


def first_group(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, f"{pattern} in {text}"
    return found[1]


def faces() -> Iterator[tuple[str, Path, str, str]]:
    text = (STATIC / "fonts.css").read_text()
    for face in re.findall(r"@font-face \{(.*?)\}", text, re.DOTALL):
        family = first_group(r'font-family: "(.+?)"', face)
        path = STATIC / first_group(r'url\("(.+?)"\)', face)
        ranges = first_group(r"unicode-range: (.+?);", face)
        yield family, path, ranges, face


def letters_of(ranges: str) -> set[int]:
    found = set()
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.strip().partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


@pytest.mark.parametrize("family", ["Literata", "Source Sans 3", "IBM Plex Mono"])
@pytest.mark.parametrize(
    "letters",
    ["abc ABC 019", "čćđšžČĆĐŠŽ", "жщъьюяёЖЩЪ№", "әғқңөұүһіӘҒҚҢӨҰҮҺІ"],
    ids=["English", "South Slavic", "Cyrillic", "Kazakh"],
)
def test_every_font_has_the_letters_of_our_languages_where_browsers_look(
    family: str, letters: str
) -> None:
    missing = set(letters)
    for name, path, ranges, _face in faces():
        if name == family:
            shown = letters_of(ranges) & set(TTFont(path).getBestCmap())
            missing -= {letter for letter in missing if ord(letter) in shown}
    assert missing == set()


def test_fonts_are_ours_swap_in_and_come_with_their_licence() -> None:
    served = list(faces())
    assert len(served) == 20
    for family, path, _ranges, face in served:
        assert f'"{family}"' in TOKENS
        assert "font-display: swap" in face
        assert "SIL Open Font License" in (path.parent / "OFL.txt").read_text()


def test_own_scripts_are_light() -> None:
    scripts = ["theme.js", "site.js", "unit.js"]
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in scripts) < 8 * 1024
