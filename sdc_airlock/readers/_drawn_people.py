"""Lines and bars of a figure drawn with vectors that stand for one person each: courses over time, and bars of single people in order of their length.

Many lines that start at one place and run across, as repeated measures of people do, are a line a person. Many bars of one width without a name each, in
the order of their lengths from gains to losses, or lying from one line, are a bar a person (waterfall and swimmer plots).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item
from sdc_airlock.readers._drawn_words import of_groups, unnamed

Point = tuple[float, float]
Box = tuple[float, float, float, float]

FEWEST_LINES, FEWEST_BARS = 20, 25
FEWEST_LYING = 30
_FEWEST_LEVELS = 15
# fewer are enough where no words of the figure name them
_FEWEST_UNNAMED, _FEW_BARS = 5, 8
_SHORTEST_COURSE, _TURNS = 4, 0.25
_COMPARED, _CROSSING = 60, 0.1
_FEWEST_OF_A_SIGN = 3
_LONGEST_LINE = 400
_FLAT, _WIDE_BOX = 0.5, 4.0
_FEWEST_BOXES, _FEWEST_BEYOND = 2, 2
_TINY = 1e-6
_EVEN = 0.1
_IN_ORDER = 0.95
_NAMED = 1.5  # bars for each text of the figure from which on most bars have no name
_OTHER_UNITS = re.compile(
    r"\b(?:countr(?:y|ies)|regions?|hospitals?|practices?|trusts?|local authorit\w+|counties|states|stud(?:y|ies)|genes?|variants?|SNPs?|iterations?|epochs?|"
    r"simulat\w*|bootstrap\w*|posterior|draws|chains?|folds?|scenarios?|specificity|importance|loadings?|coefficients?|eigenvalues?|components?|features?|"
    r"categor(?:y|ies)|causes?|products?|sectors?|log\w*)\b",
    re.IGNORECASE,
)


def people_items(part_id: str, lines: Sequence[Sequence[Point]], boxes: Sequence[Box], words: str, names: int) -> Iterator[Item]:
    """A note where lines or bars may stand for one person each.

    Args:
        part_id: Address of the figure.
        lines: Points of lines, in the order in which they are drawn.
        boxes: Left, top, width and height of what may be bars.
        words: Titles and labels of the figure.
        names: How many labels it has.
    """
    if _OTHER_UNITS.search(words):
        return
    courses = lines_from_one_place(lines)
    if courses >= FEWEST_LINES or (courses >= _FEWEST_UNNAMED and not of_groups(words) and unnamed(words, courses) and wandering(lines)):
        yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=f"{courses} lines that run beside each other", size=courses)
    bars = bars_in_order(boxes)
    if bars <= _NAMED * names:
        bars = bars_in_order(boxes, _FEW_BARS, _FEW_BARS)
        bars = bars if unnamed(words, bars) else 0
    if bars:
        yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=f"{bars} bars without a name each", size=bars)


def outlying(marks: Iterable[Sequence[Point]], boxes: Sequence[Box]) -> int:
    """Marks above or below a box of a box plot, in line with its middle: each is one person at the end of the distribution."""
    alike: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for x, y, width, height in boxes:
        if width >= _WIDE_BOX and height > _FLAT:
            alike[round(width)].append((x + width / 2, y, y + height))
    # boxes stand beside each other, keys of a legend above one another
    wide = max(alike.values(), key=lambda found: len({round(middle) for middle, _, _ in found}), default=[])
    if len({round(middle) for middle, _, _ in wide}) < len(wide):
        return 0
    for end in (1, 2):  # bars stand on one line, boxes do not
        if len(wide) > 1 and len({round(box[end]) for box in wide}) < len(wide) / 2 + 1:
            return 0
    if len(wide) < _FEWEST_BOXES:
        return 0
    found = 0
    for points in marks:
        beyond = {
            (x, y)
            for x, y in points
            if any(abs(x - middle) <= _FLAT for middle, _, _ in wide)
            and not any(abs(x - middle) <= _FLAT and low - _FLAT <= y <= high + _FLAT for middle, low, high in wide)
        }
        # the ticks of an axis stand on one line
        found += len(beyond) if len({round(y) for _, y in beyond}) >= _FEWEST_BEYOND else 0
    return found


def lines_from_one_place(lines: Sequence[Sequence[Point]]) -> int:
    """Lines that start at one place and run across from there, none of them level."""
    starts: dict[int, set[tuple[Point, ...]]] = defaultdict(set)
    for points in lines:
        if not 1 < len(points) <= _LONGEST_LINE:
            continue
        steps = [after - before for (before, _), (after, _) in pairwise(points)]
        heights = [y for _, y in points]
        if (min(steps) > _TINY or max(steps) < -_TINY) and max(heights) - min(heights) > _FLAT:
            starts[round(min(points)[0])].add(tuple(points))
    most = max(starts.values(), key=len, default=set())
    return len({round(min(points)[1], 1) for points in most})


def wandering(lines: Sequence[Sequence[Point]]) -> bool:
    """True where lines from one place go up and down as repeated measures do, or cross one another as those before and after do; fits and their limits do not."""
    starts: dict[int, list[list[Point]]] = defaultdict(list)
    for points in lines:
        if 1 < len(points) <= _LONGEST_LINE:
            starts[round(min(points)[0])].append(sorted(points))
    heights = [[y for _, y in line] for line in max(starts.values(), key=len, default=[])]
    longer = [line for line in heights if len(line) >= _SHORTEST_COURSE]
    if 2 * len(longer) >= len(heights) and longer:
        turns = sum(
            sum((at - before) * (after - at) < 0 for before, at, after in zip(line, line[1:], line[2:], strict=False)) for line in longer
        )
        return turns >= _TURNS * sum(len(line) - 2 for line in longer)
    pairs = list(combinations([(line[0], line[-1]) for line in heights[:_COMPARED]], 2))
    crossing = sum((one[0] - other[0]) * (one[1] - other[1]) < 0 for one, other in pairs)
    return crossing >= _CROSSING * max(len(pairs), 1)


def bars_in_order(boxes: Sequence[Box], fewest: int = FEWEST_BARS, lying: int = FEWEST_LYING) -> int:
    """Bars of one width at even steps in the order of their lengths: on both sides of a line, or many that lie; 0 where there are none."""
    for turned in (False, True):
        widths: dict[float, set[tuple[float, float, float]]] = defaultdict(set)
        for x, y, width, height in boxes:
            place, near, wide, long = (y, x, height, width) if turned else (x, y, width, height)
            widths[round(wide, 1)].add((round(place, 2), near, near + long))
        for bars in widths.values():
            if len(bars) >= fewest and (found := _in_order(sorted(bars), lying if turned else 0, fewest)):
                return found
    return 0


def _in_order(bars: Sequence[tuple[float, float, float]], lying: int, fewest: int) -> int:
    """How many of the bars (place, near end, far end) go on from one line in the order of their lengths."""
    ends: dict[float, int] = defaultdict(int)
    for _, near, far in bars:
        ends[round(near, 1)] += 1
        ends[round(far, 1)] += 1
    line = max(ends, key=lambda end: ends[end])
    standing = [(place, near - line if abs(far - line) < _FLAT else far - line) for place, near, far in bars if _touches(near, far, line)]
    if len(standing) < fewest or len({round(length, 1) for _, length in standing}) < min(_FEWEST_LEVELS, fewest - 1):
        return 0
    steps = [after - before for (before, _), (after, _) in pairwise(standing)]
    usual = sorted(steps)[len(steps) // 2]
    if sum(abs(step - usual) <= _EVEN * usual for step in steps) < _IN_ORDER * len(steps):
        return 0
    lengths = [length for _, length in standing]
    if not lying and min(sum(length > 0 for length in lengths), sum(length < 0 for length in lengths)) < _FEWEST_OF_A_SIGN:
        return 0
    if lying and len(lengths) < lying:
        return 0
    rising = sum(after >= before - _FLAT for before, after in pairwise(lengths))
    falling = sum(after <= before + _FLAT for before, after in pairwise(lengths))
    return len(lengths) if max(rising, falling) >= _IN_ORDER * len(steps) else 0


def _touches(near: float, far: float, line: float) -> bool:
    return min(abs(near - line), abs(far - line)) < _FLAT


__all__ = ["FEWEST_BARS", "FEWEST_LINES", "bars_in_order", "lines_from_one_place", "outlying", "people_items"]
