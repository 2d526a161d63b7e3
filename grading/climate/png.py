"""The drawing of a series as PNG, for those who cannot use SVG."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from grading.climate.plot import HEIGHT, WIDTH, Drawing

_SCALE = 2
_COLOURS = {"t": (163, 59, 32), "rh": (31, 95, 139)}
_SHADE, _RULE, _INK = (246, 232, 191), (221, 221, 221), (51, 51, 51)
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def draw_png(drawing: Drawing) -> bytes:
    """Return the drawing as PNG, twice as many pixels each way as the SVG has units."""
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(12 * _SCALE)
    for x, y, width, height in drawing.shades:
        draw.rectangle([_SCALE * part for part in (x, y, x + width, y + height)], fill=_SHADE)
    for rule in drawing.rules:
        draw.line([_SCALE * part for part in rule], fill=_RULE, width=_SCALE)
    for line in drawing.lines:
        points = [(x * _SCALE, y * _SCALE) for x, y in line.points]
        draw.line(points, fill=_COLOURS[line.channel], width=_SCALE)
    for label in drawing.labels:
        place = (label.x * _SCALE, label.y * _SCALE)
        draw.text(place, label.text, fill=_INK, font=font, anchor=_ANCHORS[label.anchor])
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
