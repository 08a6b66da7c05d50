"""Pictures whose pixels are data, bytes or text, and the drawings and photographs that are not."""

from __future__ import annotations

import gzip
import io
import struct

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from sdc_airlock.errors import ReadError
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.readers import _ocr, read
from sdc_airlock.readers._pixelbytes import written_bytes
from sdc_airlock.readers._pixels import pixel_data
from sdc_airlock.readers._textlike import is_page, text_lines
from sdc_airlock.source import Source

Plane = npt.NDArray[np.uint8]
SECRET = "\n".join(f"participant {number},{number % 7},{number * 13 % 97}" for number in range(60))


def genotypes(people: int = 60, markers: int = 90) -> Plane:
    """Counts of an allele, one row a person."""
    dice = np.random.default_rng(4)
    return dice.binomial(2, dice.uniform(0.15, 0.5, markers), (people, markers)).astype(np.uint8)


def content_of(image: Image.Image, label: str = "png", **options: object) -> Content:
    """What the registered readers make of a picture."""
    out = io.BytesIO()
    image.save(out, label.upper(), **options)
    source = Source.of_bytes(out.getvalue(), part_id="plot", name="plot")
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def pixels_told(content: Content) -> bool:
    """True where the picture is said to hold data."""
    return any(oddity.kind is OddityKind.PIXEL_DATA for oddity in content.oddities)


def plot(seed: int = 1) -> Image.Image:
    """A drawing with axes, labels, a curve, bars and dots."""
    dice = np.random.default_rng(seed)
    image = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 20, 580, 350), outline="black")
    draw.line([(60 + step * 5, int(180 + 90 * np.sin(step / 9))) for step in range(100)], fill="navy", width=3)
    for bar in range(8):
        draw.rectangle((80 + bar * 60, 350 - int(dice.integers(10, 120)), 110 + bar * 60, 350), fill="orange")
        draw.text((85 + bar * 60, 360), f"group {bar}", fill="black")
        draw.text((20, 30 + 40 * bar), f"{bar * 10}.0", fill="black")
    for x, y in dice.integers(70, 340, (150, 2)):
        draw.ellipse((x, y, x + 5, y + 5), fill="teal")
    return image.resize((1200, 800), Image.Resampling.BICUBIC).resize((600, 400), Image.Resampling.BICUBIC)


def photograph(seed: int = 1) -> Image.Image:
    """A smooth picture with the noise of a camera."""
    dice = np.random.default_rng(seed)
    coarse = Image.fromarray(dice.integers(0, 255, (12, 16, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((320, 240), Image.Resampling.BICUBIC)).astype(float)
    return Image.fromarray(np.clip(smooth + dice.normal(0, 4, smooth.shape), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("label", ["png", "gif", "bmp", "tiff"])
@pytest.mark.parametrize("block", [1, 3, 8])
def test_genotypes_as_pixels_come_out(label: str, block: int) -> None:
    """A matrix of genotypes drawn one pixel or block a genotype is read back as a grid."""
    drawn = np.kron(genotypes() * 120, np.ones((block, block), np.uint8))
    content = content_of(Image.fromarray(drawn), label)
    assert pixels_told(content)
    grid = next(part for part in content.parts if isinstance(part, Grid))
    assert len(grid.rows) >= 56
    assert {cell for row in grid.rows for cell in row} == {"0", "1", "2"}


def test_levels_are_read_right() -> None:
    """The grid holds the genotypes that were drawn."""
    content = content_of(Image.fromarray(genotypes()))
    grid = next(part for part in content.parts if isinstance(part, Grid))
    assert grid.rows == tuple(tuple(map(str, row)) for row in genotypes().tolist())


def test_blocks_survive_lossy_compression() -> None:
    """A matrix drawn in blocks is found in a JPEG too."""
    drawn = np.kron(genotypes() * 120, np.ones((6, 6), np.uint8))
    assert pixels_told(content_of(Image.fromarray(drawn), "jpeg", quality=85))


def test_lines_between_blocks_do_not_hide_them() -> None:
    """A heat map with white lines between its cells is found."""
    cell = np.ones((9, 9), np.uint8)
    drawn = np.kron(60 + genotypes(30, 40) * 60, cell)
    drawn[::9] = 255
    drawn[:, ::9] = 255
    assert pixels_told(content_of(Image.fromarray(drawn)))


def test_a_corner_of_genotypes_is_found() -> None:
    """A small matrix in the corner of a white page is found."""
    page = np.full((300, 400), 255, np.uint8)
    page[250:290, 350:390] = genotypes(40, 40) * 120
    assert pixels_told(content_of(Image.fromarray(page)))


def test_frames_are_looked_at_one_by_one() -> None:
    """A matrix in the second frame of a moving picture is found."""
    hidden = Image.new("RGB", (600, 400), "white")
    hidden.paste(Image.fromarray(np.kron(genotypes() * 120, np.ones((2, 2), np.uint8))), (20, 20))
    for label in ("gif", "png", "tiff"):
        content = content_of(plot(), label, save_all=True, append_images=[hidden])
        assert any(oddity.kind is OddityKind.PIXEL_DATA and "frame2" in oddity.part_id for oddity in content.oddities)


@pytest.mark.parametrize("way", ["levels", "bits", "lowest bits", "one channel", "transparent", "palette"])
def test_bytes_in_pixels_come_out(way: str) -> None:
    """Text written into a picture is read like a file of its own."""
    secret = np.frombuffer(SECRET.encode(), np.uint8)
    samples = np.asarray(photograph()).copy()
    if way == "levels":
        side = int(len(secret) ** 0.5) + 1
        image = Image.fromarray(np.resize(np.pad(secret, (0, side * side - len(secret))), (side, side)))
    elif way == "bits":
        bits = np.unpackbits(secret)
        side = int(len(bits) ** 0.5) + 1
        image = Image.fromarray((np.pad(bits, (0, side * side - len(bits))).reshape(side, side) * 255).astype(np.uint8))
    elif way == "palette":
        image = Image.fromarray(np.zeros((20, 20), np.uint8), "P")
        image.putpalette(SECRET.encode()[:768])
    elif way == "transparent":
        seen = np.dstack([samples, np.full(samples.shape[:2], 255, np.uint8)]).reshape(-1, 4)
        hidden = np.pad(secret, (0, -len(secret) % 3)).reshape(-1, 3)
        seen[: len(hidden), :3], seen[: len(hidden), 3] = hidden, 0
        image = Image.fromarray(seen.reshape(*samples.shape[:2], 4))
    else:
        target = samples[:, :, 1].ravel() if way == "one channel" else samples.ravel()
        bits = np.unpackbits(secret)
        target[: len(bits)] = (target[: len(bits)] & 0xFE) | bits
        if way == "one channel":
            samples[:, :, 1] = target.reshape(samples.shape[:2])
        else:
            samples = target.reshape(samples.shape)
        image = Image.fromarray(samples)
    content = content_of(image)
    assert pixels_told(content)
    texts = [part.text for part in content.parts if isinstance(part, TextPart)]
    rows = [" ".join(row) for part in content.parts if isinstance(part, Grid) for row in part.rows]
    assert any("participant 3" in text for text in texts + rows)


def test_packed_files_in_lowest_bits_come_out() -> None:
    """A compressed file in the lowest bits is opened."""
    packed = np.unpackbits(np.frombuffer(gzip.compress(SECRET.encode()), np.uint8))
    samples = np.asarray(plot()).copy().ravel()
    samples[: len(packed)] = (samples[: len(packed)] & 0xFE) | packed
    assert pixels_told(content_of(Image.fromarray(samples.reshape(400, 600, 3))))


def test_random_lowest_bits_of_flat_areas_are_told() -> None:
    """Encrypted bytes in the lowest bits of a drawing are noise where there should be none."""
    samples = np.asarray(plot()).copy().ravel()
    noise = np.random.default_rng(9).integers(0, 2, 60_000, dtype=np.uint8)
    samples[:60_000] = (samples[:60_000] & 0xFE) | noise
    assert pixels_told(content_of(Image.fromarray(samples.reshape(400, 600, 3))))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("label", ["png", "jpeg", "gif"])
def test_drawings_and_photographs_are_ordinary(seed: int, label: str) -> None:
    """Plots and photographs, lossless and lossy, hold nothing but what they show."""
    for image in (plot(seed), photograph(seed)):
        content = content_of(image, label)
        assert content.complete
        assert not pixels_told(content)


def test_small_heat_maps_and_smooth_ones_are_ordinary() -> None:
    """A heat map of a few cells, a smooth one, and stripes are drawings."""
    dice = np.random.default_rng(2)
    few = np.kron(dice.integers(0, 255, (10, 12), dtype=np.uint8), np.ones((30, 30), np.uint8))
    smooth = np.kron(np.add.outer(np.arange(40), np.arange(40)).astype(np.uint8) * 3, np.ones((8, 8), np.uint8))
    stripes = np.tile(np.array([0, 255], np.uint8), (200, 100))
    checks = np.kron(np.indices((40, 40)).sum(axis=0).astype(np.uint8) % 2 * 255, np.ones((6, 6), np.uint8))
    for drawn in (few, smooth, stripes, checks):
        assert pixel_data(drawn) is None


def page_of(text: str, size: int = 15) -> Image.Image:
    """Text as a picture."""
    image = Image.new("RGB", (700, size * 2 * (text.count("\n") + 2)), "white")
    ImageDraw.Draw(image).multiline_text((20, 10), text, fill="black", font=ImageFont.load_default(size), spacing=size // 2)
    return image


def test_pictures_of_text_are_gaps_where_they_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table pasted as a picture is held where no extra that reads it is installed."""
    monkeypatch.setattr(_ocr, "available", lambda: False)
    monkeypatch.setattr("sdc_airlock.readers._picturedata.available", lambda: False)
    content = content_of(page_of("\n".join(SECRET.replace(",", "    ").split("\n")[:20])))
    assert [gap.why for gap in content.unread] == [UnreadReason.UNSUPPORTED]


def test_pictures_of_text_are_read_where_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of text become rows, from top to bottom and from left to right."""

    class Found:
        txts = ("b", "a", "d", "c")
        boxes = np.array(
            [[[left, top], [left + 9, top], [left + 9, top + 9], [left, top + 9]] for left, top in ((50, 11), (5, 10), (50, 40), (5, 41))]
        )

    monkeypatch.setattr(_ocr, "available", lambda: True)
    monkeypatch.setattr(_ocr, "_engine", lambda: lambda _picture: Found())
    assert _ocr.read_rows(np.zeros((60, 60, 3), np.uint8)) == (("a", "b"), ("c", "d"))
    monkeypatch.setattr(_ocr, "_engine", lambda: lambda _picture: None)
    with pytest.raises(ReadError):
        _ocr.read_rows(np.zeros((60, 60, 3), np.uint8))


def test_labels_of_a_figure_are_no_page() -> None:
    """A page of lines is one, a plot with labels is none."""
    assert is_page(text_lines(np.asarray(page_of(SECRET[:600]).convert("L"))))
    assert not is_page(text_lines(np.asarray(plot().convert("L"))))


@settings(deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["L", "RGB", "RGBA", "P", "1", "I;16", "F", "CMYK", "LA"]),
    st.integers(0, 2**31),
)
def test_any_picture_is_looked_at(width: int, height: int, mode: str, seed: int) -> None:
    """Pictures of any size and mode are looked at without failing."""
    dice = np.random.default_rng(seed)
    image = Image.fromarray(dice.integers(0, 256, (height, width), dtype=np.uint8))
    image = Image.fromarray(dice.integers(0, 65536, (height, width), dtype=np.uint16)) if mode == "I;16" else image.convert(mode)
    content = content_of(image, "tiff")
    assert content.parts
    assert all(gap.why is not UnreadReason.MALFORMED or "decoded" not in gap.detail for gap in content.unread)


def test_lengths_before_the_text_are_skipped() -> None:
    """Text that follows its length is found."""
    secret = struct.pack(">I", len(SECRET)) + SECRET.encode()
    samples = np.frombuffer(secret.ljust(4096, b"\x00"), np.uint8).reshape(64, 64)
    assert next(written_bytes(samples))[1].startswith(b"participant 0")


def test_a_picture_in_the_levels_of_a_picture_comes_out() -> None:
    """A bitmap whose bytes are the pixels of another is opened, with what it hides."""
    inner = io.BytesIO()
    photograph().save(inner, "BMP")
    samples = np.frombuffer(inner.getvalue() + bytes(-len(inner.getvalue()) % 64), np.uint8).reshape(-1, 64)
    content = content_of(Image.fromarray(samples))
    assert pixels_told(content)
    assert sum(isinstance(part, Figure) for part in content.parts) == 2
