"""Raster figures: their size, the text they carry, and every byte that is no picture."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError
from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._imagewalk import Walk, walk_image
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._picturedata import pixel_items
from sdc_airlock.readers._pixelbytes import written_bytes_of
from sdc_airlock.source import Source

_REDUCED = 256
_COLOURS = 256
_PADDING = 4
_FILM = 10  # frames of a moving picture, together, in full-sized pictures
_FEWEST_LENGTHS = 8  # films have one length for all frames, and perhaps another for the first and the last
_ZEROS = 65_536
_LOSSY = frozenset({"jpeg"})


@reader("png", "jpeg", "gif", "tiff", "webp", "bmp")
def figure(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One picture: walked by its own structure, then decoded once to see that it is whole."""
    data = source.read(reading.limits.member_bytes)
    try:
        walk = walk_image(file_type.label, data, limit=reading.limits.text_bytes)
    except ReadError as error:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="the picture breaks off or its structure is broken")
        yield gap(source.part_id, error)
        return
    try:
        yield from decode(source, file_type.label, data[: walk.end], reading)
    except ReadError as error:
        if not isinstance(error, LimitReached):
            yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="the picture cannot be decoded")
        yield gap(source.part_id, error)
    yield from _texts(source, walk, reading)
    for number, inner in enumerate((piece for piece in walk.inner if piece.strip(b"\x00")), start=1):
        reading.spend(expanded=len(inner), members=1)
        part_id = f"{source.part_id}!thumbnail{number}"
        yield from reading.descend(Source.of_bytes(inner, part_id=part_id, name="", depth=source.depth + 1))
    yield from _rest(source, walk, data, reading)


def _texts(source: Source, walk: Walk, reading: Reading) -> Iterator[Item]:
    if walk.text:
        text = "\n".join(walk.text)
        yield from aside_items(f"{source.part_id}!metadata", text, TextRole.METADATA, reading=reading, depth=source.depth, hidden=True)
    if walk.unusual:
        yield Oddity(
            part_id=source.part_id, kind=OddityKind.METADATA, detail="text beyond the ordinary tags of software and date", size=walk.unusual
        )
    if walk.opaque:
        yield Unread(
            part_id=f"{source.part_id}!metadata", why=UnreadReason.UNSUPPORTED, detail=f"{walk.opaque} bytes of private data in the picture"
        )
    if walk.limited:
        yield Unread(
            part_id=f"{source.part_id}!metadata",
            why=UnreadReason.LIMIT,
            limit_name="text_bytes",
            detail="compressed data in the picture are too long",
        )


def _rest(source: Source, walk: Walk, data: bytes, reading: Reading) -> Iterator[Item]:
    for number, inner in enumerate((piece for piece in walk.beyond if piece.strip(b"\x00")), start=1):
        part_id = f"{source.part_id}!beyond{number}"
        words = "bytes after the last line of the picture, where no viewer looks"
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail=words, size=len(inner))
        yield from reading.descend(Source.of_bytes(inner, part_id=part_id, name="", depth=source.depth + 1))
    rest = data[walk.end :]
    if len(rest) <= _PADDING or not rest.strip(b"\x00\r\n"):
        if len(rest) > _ZEROS:
            yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="zeros after the end of the picture", size=len(rest))
        return
    yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the picture", size=len(rest))
    yield from reading.descend(Source.of_bytes(rest, part_id=f"{source.part_id}!trailing", name="trailing", depth=source.depth + 1))


def decode(source: Source, label: str, data: bytes, reading: Reading) -> Iterator[Item]:
    """Decode a picture once: the figure itself, then what its pixels hold beside a drawing.

    Raises:
        LimitReached: more than `pixels`.
        Malformed: it cannot be decoded.
    """
    from PIL import Image, UnidentifiedImageError

    limits = reading.limits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = limits.pixels
        try:
            with Image.open(BytesIO(data), formats=[label.upper()]) as image:
                width, height = image.size
                frames = int(getattr(image, "n_frames", 1))
                if width * height > limits.pixels or width * height * frames > _FILM * limits.pixels:
                    raise LimitReached("pixels", limits.pixels, width * height * frames)
                image.load()
                yield Figure(part_id=source.part_id, format=label, width=width, height=height, colours=_colours(image))
                lossless = label not in _LOSSY
                yield from _palette(source, image, reading)
                looks = Looks()
                lengths: list[object] = []
                for frame in range(frames):
                    image.seek(frame)
                    image.load()
                    lengths.append(image.info.get("duration"))
                    looks.add("frame", None, {"duration": str(lengths[-1])})
                    part_id = source.part_id if frames == 1 else f"{source.part_id}!frame{frame + 1}"
                    yield from pixel_items(part_id, image, reading, depth=source.depth, lossless=lossless)
                yield from looks.items(source.part_id)
                if len(set(lengths)) >= _FEWEST_LENGTHS:
                    words = "lengths of frames that differ from frame to frame as values do"
                    yield Oddity(part_id=source.part_id, kind=OddityKind.PIXEL_DATA, detail=words, size=frames)
        except (Image.DecompressionBombError, MemoryError):
            raise LimitReached("pixels", limits.pixels, limits.pixels) from None
        except (
            UnidentifiedImageError,
            OSError,
            ValueError,
            SyntaxError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            OverflowError,
        ) as error:
            raise Malformed(f"picture cannot be decoded ({type(error).__name__})") from None


def _colours(image: Any) -> int | None:
    """Colours of the picture made small, None where they are many."""
    from PIL import Image

    small = image.resize((min(image.width, _REDUCED), min(image.height, _REDUCED)), resample=Image.Resampling.NEAREST)
    colours = small.convert("RGB").getcolors(_COLOURS)
    return len(colours) if colours else None


def _palette(source: Source, image: Any, reading: Reading) -> Iterator[Item]:
    """A palette that is text, or states, instead of colours."""
    palette = image.getpalette() if image.mode == "P" else None
    looks = Looks()
    for level in palette or ():
        looks.add("palette", None, {"level": str(level)})
    yield from looks.items(f"{source.part_id}!palette")
    if palette and (found := next(written_bytes_of(bytes(palette)), b"")):
        part_id = f"{source.part_id}!palette"
        yield Oddity(part_id=source.part_id, kind=OddityKind.PIXEL_DATA, detail="bytes in the palette", size=len(found))
        yield from reading.descend(Source.of_bytes(found, part_id=part_id, name="", depth=source.depth + 1))
