"""Lines and bars of a plot in a picture of pixels that stand for one person each: courses over time, waterfall and swimmer plots.

Lines are counted where they cross: many thin strokes one above another in nearly every column, but few beside each other in a row, that all begin at the
left. Bars are read as the run of colour that each column (or row) has from one common line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

FEWEST_LINES = 12
FEWEST_BARS, FEWEST_LYING = 25, 30
_AT_THE_START, _MORE_AT_THE_START = 8, 1.2
_RULE = 8  # share of a side, as a divisor, from which on a straight run is an axis or a line of a grid
_WIDE = 0.3
_THICK, _MOSTLY_THICK = 7, 0.15
_EDGE = 0.03
_LEVEL = 1.5
_ON_THE_LINE = 0.8
_FEWEST_OF_A_SIGN = 3
_IN_ORDER = 0.95
_SHORTEST, _SAME = 3, 2
_ALIKE = 0.35
_FILLED = 0.75
_NARROWEST, _NARROW = 2, 4  # pixels; narrow bars have gaps between them
_NAMED = 0.5  # share of bars beside which something is written


def lines_of(ink: Mask) -> int:
    """How many thin lines run beside each other from left to right; 0 where they are few or make something else, as the borders of a map do.

    Args:
        ink: Where the picture is drawn on, shape (height, width).
    """
    import numpy as np
    from scipy import ndimage

    ink = ink & ~_rules(ink) & ~_rules(ink.T).T
    thick = ndimage.binary_opening(ink, np.ones((_THICK, _THICK), bool))
    shapes, count = ndimage.label(ink, np.ones((3, 3), int))
    kept = np.zeros(count + 1, bool)
    areas = np.bincount(shapes.ravel(), minlength=count + 1)
    solid = np.bincount(shapes[thick], minlength=count + 1)
    for number, (_, columns) in enumerate(ndimage.find_objects(shapes), start=1):
        kept[number] = columns.stop - columns.start >= _WIDE * ink.shape[1] and solid[number] <= _MOSTLY_THICK * areas[number]
    lines = kept[shapes]
    taken = np.flatnonzero(lines.any(axis=0))
    if not len(taken):
        return 0
    lines = lines[:, taken[0] : taken[-1] + 1]
    above = (lines[1:] & ~lines[:-1]).sum(axis=0) + lines[0]
    beside = (lines[:, 1:] & ~lines[:, :-1]).sum(axis=1) + lines[:, 0]
    edge = max(3, int(_EDGE * lines.shape[1]))
    usual = int(np.median(above))
    start = int(above[:edge].max())
    across = 2 * int(np.median(beside[beside > 0])) <= usual or start >= _MORE_AT_THE_START * usual
    return usual if usual >= FEWEST_LINES and start >= _AT_THE_START and across else 0


def _rules(ink: Mask) -> Mask:
    """True for pixels of long straight runs along rows."""
    import numpy as np
    from scipy import ndimage

    length = max(ink.shape[1] // _RULE, _SHORTEST)
    return np.asarray(ndimage.binary_opening(ink, np.ones((1, length), bool)))


def bars_of(ink: Mask) -> int:
    """How many bars without a name each stand in the order of their lengths: on both sides of a line, or lying from one; 0 where there are none."""
    return _waterfall(ink) or _swimmer(ink)


def _longest_runs(ink: Mask) -> tuple[Numbers, Numbers]:
    """First pixel, and the one behind the last, of the longest run of each column; both 0 in empty columns."""
    import numpy as np

    padded = np.zeros((ink.shape[0] + 2, ink.shape[1]), np.int8)
    padded[1:-1] = ink
    changes = np.diff(padded, axis=0).T
    columns, starts = np.nonzero(changes == 1)
    _, stops = np.nonzero(changes == -1)
    first, last = np.zeros(ink.shape[1], np.int64), np.zeros(ink.shape[1], np.int64)
    order = np.argsort(stops - starts, kind="stable")
    first[columns[order]], last[columns[order]] = starts[order], stops[order]
    return first, last


def _steps(lengths: Numbers) -> tuple[list[int], list[int]]:
    """Lengths of bars, and how many columns each takes: columns beside each other of nearly one length."""
    levels: list[int] = []
    widths: list[int] = []
    before = 0
    for length in lengths.tolist():
        if length and before and abs(length - levels[-1]) <= _SAME:
            widths[-1] += 1
        elif length:
            levels.append(length)
            widths.append(1)
        before = length
    return levels, widths


def _waterfall(ink: Mask) -> int:
    """Bars above a line that get shorter, then bars below it that get longer, or the other way round."""
    import numpy as np

    first, last = _longest_runs(ink)
    high = last - first
    used = (high >= _SHORTEST) & (high < 0.9 * ink.shape[0])
    if used.sum() < FEWEST_BARS:
        return 0
    ends = np.bincount(np.concatenate([first[used], last[used]]), minlength=ink.shape[0] + 2)
    line = int(np.convolve(ends, np.ones(3, np.int64), mode="same").argmax())
    above, below = used & (np.abs(last - line) <= _LEVEL), used & (np.abs(first - line) <= _LEVEL)
    standing = np.flatnonzero(above | below)
    if len(standing) < FEWEST_BARS or len(standing) < _ON_THE_LINE * used[standing[0] : standing[-1]].sum() or (above & below).any():
        return 0
    bars = _whole(np.where(above, high, np.where(below, -high, 0)))
    signs = np.sign(bars)
    if len(bars) < FEWEST_BARS or min((signs > 0).sum(), (signs < 0).sum()) < _FEWEST_OF_A_SIGN:
        return 0
    return len(bars) if _ordered(bars) else 0


def _whole(lengths: Numbers) -> Numbers:
    """Lengths of bars of one width, each once; rims of a pixel are left out, and nothing is left where widths differ as those of a curve do.

    Args:
        lengths: Length of the run of each column, 0 where it has none.
    """
    import numpy as np

    levels, widths = _steps(lengths)
    wide = np.array(widths, np.int64)
    nothing = np.zeros(0, np.int64)
    if len(wide) < FEWEST_BARS:
        return nothing
    usual = int(np.bincount(wide, weights=wide).argmax())
    # neighbours of one length are one run
    times = np.round(wide / usual).astype(np.int64)
    alike = (times > 0) & (np.abs(wide - times * usual) <= np.maximum(1, _ALIKE * usual))
    bars = np.repeat(np.array(levels)[alike], times[alike])
    apart = int(((lengths[1:] != 0) & (lengths[:-1] == 0)).sum()) >= 0.5 * len(bars)
    if usual < _NARROWEST or wide[alike].sum() < _FILLED * wide.sum() or (usual < _NARROW and not apart):
        return nothing
    return bars


def _ordered(bars: Numbers) -> bool:
    import numpy as np

    steps = np.diff(bars)
    return bool(max((steps >= -1).mean(), (steps <= 1).mean()) >= _IN_ORDER)


def _swimmer(ink: Mask) -> int:
    """Lying bars, one above another with gaps between them, in the order of their lengths, and with nothing written beside most of them."""
    import numpy as np

    first, last = _longest_runs(ink.T)
    long = last - first
    used = (long >= _SHORTEST) & (long < 0.9 * ink.shape[1])
    if used.sum() < FEWEST_LYING:
        return 0
    starts = np.bincount(first[used], minlength=ink.shape[1] + 1)
    line = int(np.convolve(starts, np.ones(3, np.int64), mode="same").argmax())
    lying = used & (np.abs(first - line) <= _LEVEL)
    gaps = np.flatnonzero(lying[1:] & ~lying[:-1])
    if len(gaps) < FEWEST_LYING or lying.sum() < _ON_THE_LINE * used[lying.argmax() : len(lying) - lying[::-1].argmax()].sum():
        return 0
    bars = _whole(np.where(lying, long, 0))
    if len(bars) < FEWEST_LYING or not _ordered(bars):
        return 0
    rows = np.flatnonzero(lying)
    # the axis, its ticks and the space beside it belong to no name
    beside = ink[rows[0] : rows[-1] + 1, : max(line - 8, 0)]
    return len(bars) if not beside.size or beside.any(axis=1).mean() < _NAMED else 0


__all__ = ["bars_of", "lines_of"]
