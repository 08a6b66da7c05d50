"""Text in pictures, read by rapidocr where it is installed; its models come with it, so that nothing is fetched."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Malformed, Unsupported

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SAME_LINE = 0.5  # of the height of a box


def available() -> bool:
    """True where the text of pictures can be read on this machine."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@cache
def _engine() -> Any:
    return importlib.import_module("rapidocr").RapidOCR()


def read_rows(picture: npt.NDArray[np.uint8]) -> tuple[tuple[str, ...], ...]:
    """Text of a picture, line by line, the pieces of a line from left to right.

    Args:
        picture: Red, green and blue, shape (height, width, 3).

    Raises:
        Unsupported: rapidocr or onnxruntime is not installed.
        Malformed: it found no text, or failed.
    """
    if not available():
        raise Unsupported("text in the picture is not read: the extra `ocr` (rapidocr, onnxruntime) is not installed")
    try:
        found = _engine()(picture)
    except (ImportError, RuntimeError, ValueError, OSError, AttributeError) as error:
        raise Malformed(f"text in the picture could not be read ({type(error).__name__})") from None
    if found is None or not found.txts:
        raise Malformed("text in the picture could not be read")
    boxes = [
        (min(point[1] for point in box), max(point[1] for point in box), min(point[0] for point in box), text)
        for box, text in zip(found.boxes.tolist(), found.txts, strict=True)
    ]
    return _lines(boxes)


def _lines(boxes: Sequence[tuple[float, float, float, str]]) -> tuple[tuple[str, ...], ...]:
    """Pieces of text (top, bottom, left, text) in lines."""
    lines: list[list[tuple[float, float, float, str]]] = []
    for box in sorted(boxes, key=lambda item: item[0] + item[1]):
        middle = (box[0] + box[1]) / 2
        last = lines[-1] if lines else []
        if last and middle - sum(item[0] + item[1] for item in last) / (2 * len(last)) < _SAME_LINE * (box[1] - box[0]):
            last.append(box)
        else:
            lines.append([box])
    return tuple(tuple(text for _, _, _, text in sorted(line, key=lambda item: item[2])) for line in lines)
