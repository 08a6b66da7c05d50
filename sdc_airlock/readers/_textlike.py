"""Pictures of text: a table or page that was photographed, scanned or pasted as a picture, told by its even lines of glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Plane = npt.NDArray[np.uint8]
    Marks = npt.NDArray[np.bool_]

_LEVEL = 32  # levels that count as one when the background is looked for
_INK = 55  # levels away from the background
_RULE = 40  # pixels; a longer run of ink is a line or an area, no glyph
_AREA = 0.12  # share of the picture that areas of colour take in a figure
_LINE_HEIGHT = (5, 70)
_FEWEST_GLYPHS = 10
_FEWEST_LINES = 8
_FILLED = 0.75  # share of ink in the boxes of the glyphs of a line; cells of a heat map have more
_ALIKE = 0.45  # how far heights of lines may be from the usual one, as a share of it
_DRAWN = 0.25  # share of lines with a stroke through their middle, as forest plots have
_WIDEST = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLines:
    """Lines of text seen in a picture: how many, and which share of all ink (but rules) they hold."""

    lines: int
    share: float


def text_lines(plane: Plane) -> TextLines:
    """Lines of glyphs in a picture.

    Args:
        plane: Brightness, one byte a pixel, shape (height, width).
    """
    import numpy as np

    step = max(1, max(plane.shape) // _WIDEST)
    plane = plane[::step, ::step]
    background = int(np.bincount(plane.ravel() // _LEVEL, minlength=256 // _LEVEL).argmax()) * _LEVEL + _LEVEL // 2
    ink = np.abs(plane.astype(np.int16) - background) > _INK
    across, down = _long_runs(ink), _long_runs(ink.T).T
    glyphs = ink & ~across & ~down
    nothing = TextLines(lines=0, share=0.0)
    if not glyphs.any() or (across & down).mean() > _AREA:
        return nothing
    lines = []
    for top, bottom in _runs(np.asarray(glyphs.any(axis=1))):
        if _LINE_HEIGHT[0] <= bottom - top <= _LINE_HEIGHT[1]:
            groups = _runs(np.asarray(glyphs[top:bottom].any(axis=0)))
            widths = groups[:, 1] - groups[:, 0]
            filled = glyphs[top:bottom].sum() / ((bottom - top) * widths.sum())
            if len(groups) >= _FEWEST_GLYPHS and np.median(widths) <= 2 * (bottom - top) and filled <= _FILLED:
                lines.append((int(top), int(bottom)))
    if not lines:
        return nothing
    usual = float(np.median([bottom - top for top, bottom in lines]))
    alike = [(top, bottom) for top, bottom in lines if abs(bottom - top - usual) <= _ALIKE * usual]
    drawn = sum(bool(across[top + (bottom - top) // 4 : bottom - (bottom - top) // 4].any()) for top, bottom in alike)
    if drawn > _DRAWN * len(alike):
        return nothing
    held = sum(int(glyphs[top:bottom].sum()) for top, bottom in alike)
    return TextLines(lines=len(alike), share=held / int(glyphs.sum()))


def is_page(seen: TextLines, *, share: float = 0.75) -> bool:
    """True where a picture is a page or a table of text rather than a figure with labels."""
    return seen.lines >= _FEWEST_LINES and seen.share >= share


def _runs(line: Marks) -> npt.NDArray[np.int64]:
    """First and last-but-one place of each run of True, shape (runs, 2)."""
    import numpy as np

    padded = np.concatenate([[False], line, [False]]).astype(np.int8)
    return np.flatnonzero(np.diff(padded)).reshape(-1, 2)


def _long_runs(ink: Marks) -> Marks:
    """The ink that stands in horizontal runs longer than glyphs are."""
    import numpy as np

    padded = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = ink
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    long = ends - starts >= _RULE
    marks = np.zeros((ink.shape[0], ink.shape[1] + 1), dtype=np.int8)
    np.add.at(marks, (rows[long], starts[long]), 1)
    np.add.at(marks, (rows[long], ends[long]), -1)
    return np.cumsum(marks, axis=1)[:, :-1] > 0
