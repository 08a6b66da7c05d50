"""What the pixels of a picture hold beside a drawing: values, bytes, text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._dots import drawn_on, marks_of
from sdc_airlock.readers._ocr import available, read_rows
from sdc_airlock.readers._pixelbytes import noisy_bits, written_bytes
from sdc_airlock.readers._pixels import PixelData, pixel_data
from sdc_airlock.readers._strokes import bars_of, lines_of
from sdc_airlock.readers._textlike import is_page, text_lines
from sdc_airlock.recognise.states import state_table
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Plane = npt.NDArray[np.uint8]

_FEW_LEVELS = 6
_MOST_WRITTEN = 3
_READING_SECONDS = 60.0  # what reading the text of one picture may take
_BRIGHTNESS = (2, 3, 3)  # weights of red, green and blue; like enough to the eye, and no colour is lost


def pixel_items(part_id: str, image: Any, reading: Reading, *, depth: int, lossless: bool) -> Iterator[Item]:
    """Everything that the pixels of one frame hold beside a drawing.

    Args:
        part_id: Address of the frame.
        image: The decoded frame, a Pillow image.
        reading: The budget.
        depth: Containers around the picture.
        lossless: False for formats that change the pixels they store, in which nothing can be written bit by bit.
    """
    samples = _samples(image)
    colours = _colours(image)
    reading.spend()
    written = False
    if lossless:
        for number, (words, data) in enumerate(written_bytes(samples), start=1):
            written = True
            if number > _MOST_WRITTEN:
                break
            yield Oddity(part_id=part_id, kind=OddityKind.PIXEL_DATA, detail=f"bytes in the {words}", size=len(data))
            reading.spend(expanded=len(data), members=1)
            yield from reading.descend(Source.of_bytes(data, part_id=f"{part_id}!pixels{number}", name="", depth=depth + 1))
        if not written and (noisy := noisy_bits(samples)):
            yield Oddity(part_id=part_id, kind=OddityKind.PIXEL_DATA, detail="noise in the lowest bits of flat areas", size=noisy)
    if written:
        return
    yield from _marks(part_id, colours)
    reading.spend()
    planes = [_weighed(colours)] + ([samples[:, :, -1]] if samples.ndim == 3 and samples.shape[2] in (2, 4) else [])
    for plane in planes:
        found = pixel_data(plane)
        reading.spend()
        if found is not None:
            yield from _values(part_id, found, reading)
            return
    yield from _text(part_id, planes[0], colours, reading)


def _samples(image: Any) -> Plane:
    """The samples as they are stored, one byte each."""
    import numpy as np

    if image.mode == "1":
        return np.asarray(image.convert("L"))
    if image.mode in ("L", "LA", "P", "RGB", "RGBA", "CMYK"):
        return np.asarray(image)
    if image.mode.startswith(("I", "F")):
        wide = np.asarray(image)
        return np.ascontiguousarray(wide).view(np.uint8).reshape(wide.shape[0], wide.shape[1], -1)[:, :, :4]
    return np.asarray(image.convert("RGB"))


def _colours(image: Any) -> Plane:
    """Red, green and blue of every pixel, also of those that are transparent; shape (height, width, 3)."""
    import numpy as np

    if image.mode.startswith(("I", "F")):
        wide = np.asarray(image).astype(np.float64)
        span = float(np.ptp(wide)) or 1.0
        level = np.nan_to_num((wide - wide.min()) * (255 / span)).astype(np.uint8)
        return np.repeat(level[:, :, None], 3, axis=2)
    return np.asarray(image.convert("RGB"))


def brightness(image: Any) -> Plane:
    """Brightness of every pixel, one byte each."""
    return _weighed(_colours(image))


def _weighed(colours: Plane) -> Plane:
    import numpy as np

    weighed = sum(colours[:, :, channel].astype(np.uint16) * weight for channel, weight in enumerate(_BRIGHTNESS))
    return np.asarray(weighed // sum(_BRIGHTNESS)).astype(np.uint8)


def _values(part_id: str, found: PixelData, reading: Reading) -> Iterator[Item]:
    import numpy as np

    words = "one value a pixel" if found.block == 1 else f"one value a block of {found.block} pixels"
    yield Oddity(part_id=part_id, kind=OddityKind.PIXEL_DATA, detail=words, size=int(found.cells.size))
    if found.levels > _FEW_LEVELS or found.cells.size > reading.limits.cells:
        return
    texts = np.array([str(level) for level in range(found.levels)])
    rows = tuple(tuple(row) for row in texts[found.cells].tolist())
    yield Grid(part_id=f"{part_id}!pixels", rows=rows, source=GridSource.RECORDS, header_rows=0)
    # brightness puts states in no order that means anything
    if (table := state_table(f"{part_id}!pixels!states", found.cells.tolist(), title=words)) is not None:
        yield table


def _marks(part_id: str, colours: Plane) -> Iterator[Item]:
    """What a plot draws once for each of many people."""
    marks = sum(map(len, marks_of(colours)))
    ink = drawn_on(colours)
    for count, words in (
        (marks, "marks that can be told apart"),
        (lines_of(ink), "lines that run beside each other"),
        (bars_of(ink), "bars in the order of their lengths, without a name each"),
    ):
        if count:
            yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=f"{count} {words}", size=count)


def _text(part_id: str, plane: Plane, colours: Plane, reading: Reading) -> Iterator[Item]:
    """Lines of a picture that is a page or a table, read where that can be done here."""
    seen = text_lines(plane)
    if not is_page(seen):
        return
    address = f"{part_id}!picture of text"
    try:
        if available() and reading.deadline - time.monotonic() < _READING_SECONDS:
            raise LimitReached("file_seconds", reading.limits.file_seconds, reading.limits.file_seconds)
        rows = read_rows(colours)
    except ReadError as error:
        yield gap(address, error)
        return
    if len(rows) < seen.lines // 2:
        yield gap(address, LimitReached("lines", seen.lines, len(rows)))
    yield Grid(part_id=address, rows=rows, source=GridSource.TEXT)
