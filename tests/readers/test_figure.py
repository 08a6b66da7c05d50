"""Raster figures: what is drawn, what is written into them, and what stands behind their end."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, OddityKind, TextPart, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

FORMATS = ["png", "jpeg", "gif", "tiff", "webp", "bmp"]


def content_of(data: bytes, label: str = "", limits: Limits | None = None) -> Content:
    """What the registered readers make of a picture."""
    source = Source.of_bytes(data, part_id="plot", name="plot")
    file_type = FileType(label=label, family=Family.FIGURE) if label else identify(source)
    return read(source, file_type, file_id="0" * 64, limits=limits or Limits())


def picture(label: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A picture of two colours."""
    image = Image.new("RGB", size, "white")
    image.paste("navy", (5, 5, 20, 20))
    stream = io.BytesIO()
    image.save(stream, label.upper(), **options)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def kinds(content: Content) -> set[OddityKind]:
    """Kinds of all oddities."""
    return {oddity.kind for oddity in content.oddities}


@pytest.mark.parametrize("label", FORMATS)
def test_ordinary_pictures_are_complete(label: str) -> None:
    """A picture as programs save it gives one figure, no gap and no oddity."""
    content = content_of(picture(label))
    assert content.complete
    assert not content.oddities
    figure = content.parts[0]
    assert isinstance(figure, Figure)
    assert (figure.format, figure.width, figure.height) == (label, 40, 30)


@pytest.mark.parametrize("colour", [0, 2, 4, 6])
@pytest.mark.parametrize("interlaced", [0, 1])
def test_bytes_behind_the_last_line_are_found_and_read(colour: int, interlaced: int) -> None:
    """Lines that a PNG compresses beyond its height are shown by no viewer, and neither is what follows the compressed stream."""
    width, height = 13, 9
    bits = 8 * {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    sizes = [(width, height)]
    if interlaced:
        passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        sizes = [(len(range(left, width, across)), len(range(top, height, down))) for left, top, across, down in passes]
    lines = b"".join((b"\x00" + b"\xff" * (columns * bits // 8)) * rows for columns, rows in sizes if columns and rows)
    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, colour, 0, 0, interlaced))
    table = b"id,age\n" + b"".join(b"%d,%d\n" % (7_001_000 + row, 20 + row) for row in range(30))

    def whole(*packed: bytes) -> Content:
        return content_of(b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(b"IDAT", each) for each in packed) + chunk(b"IEND", b""))

    assert whole(zlib.compress(lines)).complete
    assert not whole(zlib.compress(lines)).oddities
    for packed in ((zlib.compress(lines + table),), (zlib.compress(lines) + table,), (zlib.compress(lines), table)):
        content = whole(*packed)
        assert OddityKind.TRAILING_DATA in kinds(content)
        assert "plot!beyond1" in {part.part_id for part in content.parts}


def test_more_lines_than_may_be_held_are_a_gap() -> None:
    """A small picture whose lines expand without end is a gap that names the limit."""
    header = chunk(b"IHDR", struct.pack(">2I5B", 10, 10, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(4 << 20))) + chunk(b"IEND", b"")
    assert {gap.limit_name for gap in content_of(data, limits=Limits(text_bytes=1 << 20)).unread} == {"text_bytes"}


@pytest.mark.parametrize("label", FORMATS)
def test_bytes_behind_the_end_are_found_and_read(label: str) -> None:
    """A table or an archive appended to a picture is an oddity, and is read."""
    rows = b"id,sex,age\n" + b"".join(b"P%04d,F,%d\n" % (number, 20 + number) for number in range(50))
    content = content_of(picture(label) + rows)
    assert OddityKind.TRAILING_DATA in kinds(content)
    assert any(part.part_id.startswith("plot!trailing") for part in content.parts)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", rows)
    assert OddityKind.TRAILING_DATA in kinds(content_of(picture(label) + archive.getvalue(), label))


@pytest.mark.parametrize("label", FORMATS)
def test_truncated_pictures_are_gaps(label: str) -> None:
    """A picture that breaks off is damaged, and a gap."""
    data = picture(label, (300, 200))
    content = content_of(data[: len(data) * 2 // 3], label)
    assert content.unread[0].why is UnreadReason.MALFORMED
    assert OddityKind.DAMAGED in kinds(content)


def test_text_chunks_are_read() -> None:
    """Plain, compressed and international text of a PNG comes out; only lengthy text is odd."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "matplotlib version3.10")
    assert not content_of(picture("png", pnginfo=info)).oddities
    info.add_text("notes", "person by person " * 40, zip=True)
    info.add_itxt("more", "letters Ünïcode " * 40, zip=True)
    content = content_of(picture("png", pnginfo=info))
    text = "\n".join(part.text for part in content.parts if isinstance(part, TextPart) and part.hidden)
    assert all(words in text for words in ("matplotlib", "person by person", "Ünïcode"))
    assert OddityKind.METADATA in kinds(content)


def test_text_bomb_is_a_gap() -> None:
    """Compressed text that unpacks past the limit is a gap."""
    data = picture("png")
    bomb = chunk(b"zTXt", b"x\x00\x00" + zlib.compress(b"a" * 5_000_000))
    content = content_of(data[:-12] + bomb + data[-12:], limits=Limits(text_bytes=1 << 20))
    assert any(gap.limit_name == "text_bytes" for gap in content.unread)


def test_private_chunks_are_gaps() -> None:
    """Data in a chunk of no known kind is a gap."""
    data = picture("png")
    content = content_of(data[:-12] + chunk(b"prVt", bytes(range(256)) * 4) + data[-12:])
    assert not content.complete


def test_comments_and_camera_tags() -> None:
    """Comments of JPEG and GIF and EXIF tags come out."""
    exif = Image.Exif()
    exif[0x010E] = "long description " * 30
    for data in (
        picture("jpeg", comment=b"long description " * 30),
        picture("gif", comment=b"long description " * 30),
        picture("jpeg", exif=exif),
        picture("webp", exif=exif),
        picture("tiff", tiffinfo={270: "long description " * 30}),
    ):
        content = content_of(data)
        assert any(isinstance(part, TextPart) and "long description" in part.text for part in content.parts)
        assert OddityKind.METADATA in kinds(content)


def test_pixel_bomb_is_a_gap() -> None:
    """A small file of very many pixels is a gap at the limit, without decoding."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")
    assert content_of(bomb).unread[0].limit_name == "pixels"


def test_several_frames() -> None:
    """A moving picture and a TIFF of several pages are walked to their last frame."""
    frames = [Image.new("P", (20, 20), number) for number in range(4)]
    for label in ("GIF", "TIFF"):
        stream = io.BytesIO()
        frames[0].save(stream, label, save_all=True, append_images=frames[1:])
        content = content_of(stream.getvalue())
        assert content.complete
        assert not content.oddities


@given(st.sampled_from(FORMATS), st.binary(min_size=1, max_size=6), st.integers(0, 3000))
def test_damaged_pictures_never_crash(label: str, noise: bytes, where: int) -> None:
    """A picture with some bytes overwritten gives a figure or a gap, never an exception."""
    data = bytearray(picture(label))
    where %= len(data)
    data[where : where + len(noise)] = noise
    content = content_of(bytes(data), label)
    assert content.parts or content.unread


def test_lengths_of_frames_that_say_something_are_told() -> None:
    """A film whose frames last as long as patients are old is a table; one of even frames with a pause at its end is a film."""
    frames = [Image.new("L", (30, 30), 20 * place % 251) for place in range(12)]

    def film(lengths: list[int]) -> bytes:
        stream = io.BytesIO()
        frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=lengths)
        return stream.getvalue()

    assert OddityKind.PIXEL_DATA in kinds(content_of(film([10 * (31 + place * 17 % 53) for place in range(12)])))
    assert OddityKind.PIXEL_DATA not in kinds(content_of(film([100] * 11 + [2000])))
