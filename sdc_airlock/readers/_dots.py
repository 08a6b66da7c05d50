"""Marks of a plot in a picture of pixels: small shapes of one form that stand by themselves, as a plot draws one for each value.

A mark is a small symmetric shape apart from everything else; a letter stands beside other letters, a mark of a series on a line, a square of a forest
plot on its whiskers. What then is left is looked at as marks of a drawn plot are: those on a grid, at even steps or along one line are no people.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Colours = npt.NDArray[np.uint8]
    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

Point = tuple[float, float]

FEWEST = 30
_FEWEST_IN_ALL, _FEWEST_ALONE = 20, 18  # marks that stand apart; the others are told by the area that they cover together
_LARGEST_PICTURE = 4_000_000  # pixels; larger ones are made smaller
_CODE = 5  # bits of a level that are left out when colours are counted
_INK = 48  # levels from which on a pixel is not of a colour
_FAINT = 26  # the same for thin lines, whose rims are faint
_GROUND = 0.1  # share of the picture that its background has at least
_COLOURS = 6  # colours that marks are looked for in one by one
_COMMON = 0.0004  # share of pixels of a colour of marks
_SMALLEST, _LARGEST = 3, 45  # pixels along a side
_SQUARE = 0.3  # how far width and height of a mark differ, as a share
_ALIKE = 0.22  # share of pixels that two marks of one form may differ by
_LEAST_FILLED = 0.2
_BESIDE = 0.7  # of the width of a shape: how near its neighbour in a word stands
_WORDS = 0.4  # share of shapes that stand in words, where they are letters
_MERGED = 8  # marks that a larger shape is taken for at most
_STEADY, _BETWEEN = 0.75, 0.2  # shares of marks as far from the next as most, and in the middle of two such, where they make dotted lines
_NEARLY, _OPPOSITE = 0.3, 0.8
_ROUNDS = 3  # in which the step between even places is told
_PER_PLACE = 2.5  # marks a place along both axes, on a lattice
_FLOOR = 0.4  # share of the foot of a plot that is covered, where marks pile up there
_BANDS, _LOW, _ABOVE, _EVENLY = 10, 4, 0.2, 0.02


def marks_of(colours: Colours) -> list[list[Point]]:
    """Places of marks that may stand for single values, a list for each form and colour; none where the picture has no such marks.

    Args:
        colours: Red, green and blue, shape (height, width, 3).
    """
    import numpy as np

    step = max(1, int(np.ceil(np.sqrt(colours.shape[0] * colours.shape[1] / _LARGEST_PICTURE))))
    colours = colours[::step, ::step]
    together, patterned = _alike(next(ways := inks(colours)), solid=False)
    groups = [points for ink in ways for points, _ in (_alike(ink, solid=True),) if points]
    if patterned and patterned >= sum(map(len, groups)):
        return []
    found = groups if sum(map(len, groups)) > len(together) else [together]
    return found if sum(map(len, found)) >= _FEWEST_IN_ALL else []


def inks(colours: Colours) -> Iterator[Mask]:
    """Where the picture is not of its background, and then where it is of each of its other frequent colours."""
    import numpy as np

    code = np.zeros(colours.shape[:2], np.int64)
    for channel in range(3):
        code = code * (1 << (8 - _CODE)) + (colours[:, :, channel] >> _CODE)
    counts = np.bincount(code.ravel(), minlength=1 << 3 * (8 - _CODE))
    frequent = [int(each) for each in np.argsort(counts)[::-1] if counts[each] > _COMMON * code.size]
    ground = [each for each in frequent if counts[each] > _GROUND * code.size] or frequent[:1]
    middles = {each: np.median(colours[code == each][:50_000], axis=0).astype(np.int16) for each in frequent[: len(ground) + _COLOURS]}
    wide = colours.astype(np.int16)
    rest = np.ones(code.shape, bool)
    for each in ground:
        rest &= np.abs(wide - middles[each]).max(axis=2) > _INK
    yield rest
    seen = [middles[each] for each in ground]
    for each in frequent[len(ground) : len(ground) + _COLOURS]:
        if all(np.abs(middles[each] - other).max() > _INK for other in seen):
            seen.append(middles[each])
            yield np.abs(wide - middles[each]).max(axis=2) <= _INK


def drawn_on(colours: Colours) -> Mask:
    """Where the picture is not of its most frequent colour, nor of another frequent one that is hardly different, as a panel is of the page around it."""
    import numpy as np

    code = np.zeros(colours.shape[:2], np.int64)
    for channel in range(3):
        code = code * (1 << (8 - _CODE)) + (colours[:, :, channel] >> _CODE)
    counts = np.bincount(code.ravel())
    wide = colours.astype(np.int16)
    ink = np.ones(code.shape, bool)
    first = None
    for each in np.argsort(counts)[::-1][:_COLOURS].tolist():
        if first is not None and counts[each] <= _GROUND * code.size:
            break
        middle = np.median(colours[code == each], axis=0).astype(np.int16)
        first = middle if first is None else first
        if np.abs(middle - first).max() <= _INK:
            ink &= np.abs(wide - middle).max(axis=2) > _FAINT
    return ink


def _alike(ink: Mask, *, solid: bool) -> tuple[list[Point], int]:
    """Middles of the marks of the most frequent form; where they make a pattern, none, and how many there are.

    Args:
        ink: Where the picture is drawn on.
        solid: Shapes count only where they have an inside; the rims of letters are of colours of their own.
    """
    import numpy as np
    from scipy import ndimage

    shapes, count = ndimage.label(ink, structure=np.ones((3, 3), int))
    if count < _FEWEST_ALONE:
        return [], 0
    boxes = np.array([(rows.start, columns.start, rows.stop, columns.stop) for rows, columns in ndimage.find_objects(shapes)])
    area = np.bincount(shapes.ravel(), minlength=count + 1)[1:]
    small = _small(boxes, area)
    if solid:
        inside = ndimage.binary_erosion(ink, structure=np.ones((3, 3), bool))
        small &= np.bincount(shapes[inside], minlength=count + 1)[1:] > 0
    if small.sum() < _FEWEST_ALONE:
        return [], 0
    chosen, size = _of_one_size(boxes, area, small)
    chosen = _of_one_form(ink, boxes, chosen, size)
    if len(chosen) < _FEWEST_ALONE:
        return [], 0
    lone = chosen[~_in_words(boxes, chosen)]
    if len(lone) < max(_FEWEST_ALONE, (1 - _WORDS) * len(chosen)):
        return [], 0
    top, left, bottom, right = _frame(boxes[lone])
    typical = float(np.median(area[lone]))
    inside = (boxes[:, 0] >= top) & (boxes[:, 1] >= left) & (boxes[:, 2] <= bottom) & (boxes[:, 3] <= right)
    merged = inside & (area > 1.5 * typical) & (area <= _MERGED * typical) & ((boxes[:, 2:] - boxes[:, :2]).max(axis=1) > max(size) + 1)
    masses = (
        (area > _MERGED * typical)
        & (area >= 0.3 * np.prod(boxes[:, 2:] - boxes[:, :2], axis=1))
        & (boxes[:, 1] < right)
        & (boxes[:, 3] > left)
    )
    foot = int(max(bottom, boxes[masses, 2].max(initial=0)))
    total = len(lone) + int((area[merged] / typical).round().sum())
    if total < FEWEST or piled(ink[top:foot, left:right]):
        return [], int(area[masses].sum() / typical) if total >= FEWEST else 0
    points = [((start + end) / 2, (high + low) / 2) for high, start, low, end in boxes[lone].tolist()]
    return (points, 0) if free(points) else ([], len(points))


def _small(boxes: Numbers, area: Numbers) -> Mask:
    """True for shapes of the size and the proportions of marks."""
    import numpy as np

    high, wide = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    longer = np.maximum(high, wide)
    square = np.abs(high - wide) <= np.maximum(1, _SQUARE * longer)
    return np.asarray((longer <= _LARGEST) & (np.minimum(high, wide) >= _SMALLEST) & square & (area >= _LEAST_FILLED * high * wide))


def _of_one_size(boxes: Numbers, area: Numbers, small: Mask) -> tuple[Numbers, tuple[int, int]]:
    """Shapes of the most frequent height and width, give or take a pixel, and that height and width."""
    import numpy as np

    high, wide = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    tall, broad = divmod(int(np.bincount((high * (_LARGEST + 1) + wide)[small]).argmax()), _LARGEST + 1)
    near = small & (np.abs(high - tall) <= 1) & (np.abs(wide - broad) <= 1)
    typical = float(np.median(area[near]))
    return np.flatnonzero(near & (np.abs(area - typical) <= max(2.0, 0.25 * typical))), (tall, broad)


def _of_one_form(ink: Mask, boxes: Numbers, chosen: Numbers, size: tuple[int, int]) -> Numbers:
    """Those whose pixels are as those of most, where that form is the same from left and right."""
    import numpy as np

    if not len(chosen):
        return chosen
    tall, broad = size
    tops = np.minimum(boxes[chosen, 0], ink.shape[0] - tall)
    lefts = np.minimum(boxes[chosen, 1], ink.shape[1] - broad)
    pictures = ink[tops[:, None, None] + np.arange(tall)[None, :, None], lefts[:, None, None] + np.arange(broad)[None, None, :]]
    mean = pictures.mean(axis=0)
    if np.abs(mean - mean[:, ::-1]).mean() > _ALIKE:
        return chosen[:0]
    form = mean > 0.5
    return np.asarray(chosen[(pictures != form).mean(axis=(1, 2)) <= _ALIKE])


def _in_words(boxes: Numbers, chosen: Numbers) -> Mask:
    """True for shapes beside which one of another form stands on the same line: letters and digits of a word."""
    import numpy as np

    order = np.argsort(boxes[:, 1], kind="stable")
    left = boxes[order, 1]
    high = boxes[:, 2] - boxes[:, 0]
    found = np.zeros(len(chosen), bool)
    same = np.zeros(len(boxes), bool)
    same[chosen] = True
    for number, one in enumerate(chosen.tolist()):
        top, start, bottom, end = boxes[one].tolist()
        reach = max(2.0, _BESIDE * (end - start))
        low, up = np.searchsorted(left, [start - reach - 2 * (bottom - top), end + reach])
        near = order[low : up + 1]
        gap = np.maximum(boxes[near, 1] - end, start - boxes[near, 3])
        level = (
            (np.abs(boxes[near, 2] - bottom) <= 1)
            & (gap >= 0)
            & (gap <= reach)
            & (high[near] >= 0.6 * (bottom - top))
            & (high[near] <= 1.8 * (bottom - top))
        )
        found[number] = not same[near[level]].all()
    return found


def _frame(boxes: Numbers) -> tuple[int, int, int, int]:
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def piled(ink: Mask) -> bool:
    """True where marks cover the foot of a plot and thin out above it, as probabilities of many tests do."""
    import numpy as np

    if min(ink.shape) < 20:
        return False
    shares = [float(band.mean()) for band in np.array_split(ink, _BANDS, axis=0)][::-1]
    foot = int(np.argmax(shares))
    above = shares[foot:]
    thinning = all(after <= before + _EVENLY for before, after in pairwise(above))
    return foot < _LOW and above[0] > _FLOOR and thinning and sum(above[len(above) // 2 :]) < _ABOVE * sum(above)


def free(points: list[Point]) -> bool:
    """True for places that are on no grid, at no even steps and along no one line."""
    import numpy as np

    places = np.array(points)
    across, down = (_merged(places[:, axis]) for axis in (0, 1))
    if min(len(set(across.tolist())), len(set(down.tolist()))) < 3 or max(len(set(across.tolist())), len(set(down.tolist()))) < 10:
        return False
    taken = len(set(zip(across.tolist(), down.tolist(), strict=True)))
    if taken >= 0.5 * len(set(across.tolist())) * len(set(down.tolist())):
        return False
    if _lattice(across, down, places) or _steady(places):
        return False
    if any(_series(numbers, places[:, axis]) for axis, numbers in ((0, across), (1, down))):
        return False
    order = np.argsort(places[:, 0], kind="stable")
    heights = places[order, 1]
    rising = np.diff(heights)
    return not (np.all(rising >= -1) or np.all(rising <= 1))


def _merged(places: Any) -> Numbers:
    """Numbers of the places along an axis, where those that a pixel lies between count as one."""
    import numpy as np

    order = np.argsort(places, kind="stable")
    steps = np.diff(places[order]) > 1
    numbers = np.empty(len(places), np.int64)
    numbers[order] = np.concatenate([[0], np.cumsum(steps)])
    return numbers


def _series(numbers: Numbers, places: Any) -> bool:
    """True for even steps along an axis with equally many marks at nearly each."""
    import numpy as np

    counts = np.bincount(numbers)
    usual = int(np.bincount(counts).argmax())
    return bool(len(counts) >= 10 and (counts == usual).mean() >= 0.8 and _even(np.bincount(numbers, weights=places) / counts))


def _even(at: Any) -> bool:
    """True for places that are, to a pixel, at whole multiples of one step; places may be left out."""
    import numpy as np

    gaps = np.diff(at)
    step = float(np.median(gaps))
    start, steps = float(at[0]), np.zeros(len(at))
    for _ in range(_ROUNDS):
        steps = np.concatenate([[0], np.cumsum(np.maximum(np.round(gaps / step), 1))])
        fitted: npt.NDArray[np.float64] = np.polyfit(steps, at, 1)
        step, start = float(fitted[0]), float(fitted[1])
    return bool(np.abs(at - start - step * steps).max() <= 1.0 and step > _SMALLEST)


def _lattice(across: Numbers, down: Numbers, places: Any) -> bool:
    """True for places at even steps along both axes, several at each."""
    import numpy as np

    for axis, numbers in ((0, across), (1, down)):
        counts = np.bincount(numbers)
        if len(places) < _PER_PLACE * len(counts) or not _even(np.bincount(numbers, weights=places[:, axis]) / counts):
            return False
    return True


def _steady(places: Any) -> bool:
    """True where marks are as far from the next as most, and many in the middle of two such: the dots of dotted lines."""
    import numpy as np
    from scipy.spatial import cKDTree

    tree: Any = cKDTree(places)
    apart, which = tree.query(places, k=3)
    usual = float(np.median(apart[:, 1]))
    before, after = places[which[:, 1]] - places, places[which[:, 2]] - places
    between = (before * after).sum(axis=1) < -_OPPOSITE * apart[:, 1] * apart[:, 2]
    near = np.abs(apart[:, 1] - usual) <= _NEARLY * usual
    return bool(near.mean() >= _STEADY and (near & between).mean() >= _BETWEEN)


__all__ = ["FEWEST", "drawn_on", "free", "inks", "marks_of", "piled"]
