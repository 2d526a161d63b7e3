"""Pictures lose where and when they were taken, and nothing that is seen."""

import io
import struct
import zlib

import pytest

from quarantine.errors import Refused
from quarantine.files import inspect_upload
from quarantine.pictures import strip_metadata

Image = pytest.importorskip("PIL.Image")
PngInfo = pytest.importorskip("PIL.PngImagePlugin").PngInfo

GPS, GPS_LATITUDE, ORIENTATION, MODEL = 0x8825, 2, 0x0112, 0x0110
SECRET = "SecretCamera"


def picture(kind: str, orientation: int = 1) -> bytes:
    """A small picture that says where it was taken and with what."""
    image = Image.new("RGB", (8, 6), (200, 30, 40))
    exif = Image.Exif()
    exif[MODEL] = SECRET
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[GPS_LATITUDE] = (42.0, 41.0, 30.0)
    options = {"exif": exif.tobytes()}
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", SECRET)
        options["pnginfo"] = info
    if kind == "JPEG":
        options["comment"] = SECRET
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_go_and_the_picture_stays(kind: str) -> None:
    data = picture(kind)
    assert SECRET.encode() in data
    bare = strip_metadata(kind.lower(), data)
    assert SECRET.encode() not in bare
    found = Image.open(io.BytesIO(bare))
    assert GPS not in found.getexif()
    assert found.convert("RGB").tobytes() == Image.open(io.BytesIO(data)).convert("RGB").tobytes()
    assert strip_metadata(kind.lower(), bare) == bare
    assert inspect_upload(f"a.{kind.lower()}", bare, allowed=[kind.lower()]).size == len(bare)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_telephone_puts_behind_a_photograph_goes(progressive: bool) -> None:
    image = Image.effect_noise((64, 48), 80).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", progressive=progressive, restart_marker_blocks=2)
    photograph = out.getvalue()
    assert strip_metadata("jpeg", photograph + picture("JPEG")) == strip_metadata(
        "jpeg", photograph
    )
    bare = Image.open(io.BytesIO(strip_metadata("jpeg", photograph)))
    assert bare.tobytes() == Image.open(io.BytesIO(photograph)).tobytes()


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_does_not_lie_on_its_side(orientation: int) -> None:
    bare = strip_metadata("jpeg", picture("JPEG", orientation))
    assert dict(Image.open(io.BytesIO(bare)).getexif()) == {ORIENTATION: orientation}


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_picture_that_ends_in_the_middle_is_refused_or_carries_nothing(kind: str) -> None:
    data = picture(kind.upper())
    for end in range(12, len(data), 7):
        try:
            bare = strip_metadata(kind, data[:end])
        except Refused:
            continue
        assert SECRET.encode() not in bare


def test_a_chunk_that_claims_more_than_there_is_is_refused() -> None:
    chunk = struct.pack(">I4s", 2**31, b"tEXt") + b"x"
    with pytest.raises(Refused):
        strip_metadata("png", b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(b"")))


def test_other_kinds_pass_as_they_are() -> None:
    assert strip_metadata("pdf", b"%PDF-1.7 anything") == b"%PDF-1.7 anything"
