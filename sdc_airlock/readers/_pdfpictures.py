"""Pictures on a page of a PDF, decoded, and the page itself as a picture where it is drawn from many shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._picturedata import brightness, pixel_items
from sdc_airlock.readers._pixels import pixel_data

_MOST_PICTURES = 40
_LOSSY = frozenset({"DCTDecode", "DCT"})
_DRAWN = 150  # paths from which on a page may be a matrix drawn cell by cell
_SCALE = 2.0  # pixels a point
_LARGEST = 3000  # pixels along a side


def page_pictures(page: Any, part_id: str, reading: Reading, *, depth: int, paths: int) -> Iterator[Item]:
    """What the pixels of a page's pictures hold beside a drawing."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    number = 0
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=8):
        number += 1
        if number > _MOST_PICTURES:
            yield gap(part_id, LimitReached("pictures", _MOST_PICTURES, number))
            break
        try:
            if _LOSSY & set(item.get_filters()):
                continue  # read as the JPEG file it is
            width, height = item.get_px_size()
            if width * height > reading.limits.pixels:
                yield gap(part_id, LimitReached("pixels", reading.limits.pixels, width * height))
                continue
            reading.spend(expanded=3 * width * height)
            picture = item.get_bitmap(render=False).to_pil()
        except pypdfium2.PdfiumError:
            continue
        yield from pixel_items(f"{part_id}!picture{number}", picture, reading, depth=depth, lossless=True)
    if paths >= _DRAWN:
        yield from _rendered(page, part_id, reading)


def _rendered(page: Any, part_id: str, reading: Reading) -> Iterator[Item]:
    """A matrix drawn cell by cell shows on the page as rendered."""
    width, height = page.get_size()
    scale = min(_SCALE, _LARGEST / max(width, height, 1.0))
    picture = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
    reading.spend(expanded=3 * picture.width * picture.height)
    found = pixel_data(brightness(picture))
    if found is not None:
        yield Oddity(part_id=part_id, kind=OddityKind.PIXEL_DATA, detail="one value a cell of a drawn matrix", size=int(found.cells.size))
