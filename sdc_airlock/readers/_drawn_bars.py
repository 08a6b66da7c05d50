"""Bars of a figure drawn with vectors whose axis counts: their heights, read back as the whole numbers that they stand for.

Heights are in proportion to counts. The smallest counts in that proportion are told from them alone; the numbers along the axis tell how many times as large
the real ones are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.readers import Item
from sdc_airlock.readers._build import table_of
from sdc_airlock.readers._drawn_curves import RELATIVE
from sdc_airlock.stats.curves import people_of_steps

Box = tuple[float, float, float, float]

FEWEST, _MOST = 4, 50_000
_FEWEST_HEIGHTS = 2
_LEAST = 1e-3
_FINEST = 1e-7
_DECIMALS = 8
_COUNTS = re.compile(
    r"\b(?:counts?|frequency|number of|no\. of|patients|people|participants|individuals|subjects|persons|cases|n)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"%|\b(?:percent\w*|proportion|density|probability|rate|mean|median|average|score|ratio|relative|importance|variants?|genes?|snps?|reads?|cells?|log\w*)\b",
    re.IGNORECASE,
)
# numbers are of people where nothing says of what
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TICK = re.compile(r"^\s*(\d{1,7}(?:\.\d{1,2})?|\d{1,3}(?:,\d{3})+)\s*$", re.MULTILINE)
_CORNERS = 2
_FIGURE = r"[-+]?(?>\d+(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(_FIGURE)
_RECTANGLE = re.compile(rf"(?<![\d.])({_FIGURE})\s+({_FIGURE})\s+({_FIGURE})\s+({_FIGURE})\s+(?:re|r|rectfill|rectstroke)\b")
_POLYGON = re.compile(
    rf"(?<![\d.]){_FIGURE}\s+{_FIGURE}\s+(?:m|moveto)\s+(?:{_FIGURE}\s+{_FIGURE}\s+(?:l|lineto|rlineto)\s+){{3,4}}(?:h|cl|c?p\d?|closepath)\b"
)
_TIMES = (1, 2, 3, 4, 5, 6, 8, 10, 20, 25, 50, 100)


def bar_items(part_id: str, boxes: Sequence[Box], words: str) -> Iterator[Item]:
    """The counts of bars as a table; nothing where the axis counts nothing, or no counts follow from the heights.

    Args:
        part_id: Address of the figure.
        boxes: Left, top, width and height of what may be bars.
        words: Titles and labels of the figure, a line each.
    """
    if len(boxes) < FEWEST or not (_COUNTS.search(words) or not _LETTERS.search(words)) or _OTHERS.search(words):
        return
    if len(boxes) > _MOST:
        detail = "a figure of counts has more bars than are read"
        yield Unread(part_id=part_id, why=UnreadReason.LIMIT, limit_name="bars", limit=_MOST, seen=len(boxes), detail=detail)
        return
    ticks = {float(match[1].replace(",", "")) for match in _TICK.finditer(words)}
    for number, heights in enumerate(_bars(boxes), start=1):
        counts = counts_of(heights, ticks)
        if counts:
            names = [f"bar {place}" for place in range(1, len(counts) + 1)]
            columns: list[tuple[str, Sequence[object]]] = [("bar", names), ("count", counts)]
            yield table_of(f"{part_id}!heights{number}", columns, title="heights of bars")


def boxes_in(program: str) -> list[Box]:
    """Upright boxes that the instructions of a page, or a program of PostScript, draw: rectangles, and closed lines through four corners."""
    found = [_upwards(*(float(match[place]) for place in (1, 2, 3, 4))) for match in _RECTANGLE.finditer(program)]
    relative = RELATIVE.search(program) is not None
    for match in _POLYGON.finditer(program):
        numbers = [float(each) for each in _NUMBER.findall(match[0])]
        points = [(numbers[0], numbers[1])]
        for x, y in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + x, points[-1][1] + y) if relative else (x, y))
        across, up = sorted({round(x, 4) for x, _ in points}), sorted({round(y, 4) for _, y in points})
        if len(across) == len(up) == _CORNERS:
            found.append(_upwards(across[0], up[0], across[1] - across[0], up[1] - up[0]))
    return found


def _upwards(x: float, y: float, width: float, height: float) -> Box:
    """A box of a page on which heights rise, as one of a picture on which they fall."""
    return min(x, x + width), -max(y, y + height), abs(width), abs(height)


def _bars(boxes: Sequence[Box]) -> Iterator[list[float]]:
    """Heights of bars of one width that stand beside each other on one line, upright or lying."""
    for turned in (False, True):
        bases: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
        for x, y, width, height in boxes:
            place, base, wide, high = (y, x, height, width) if turned else (x, y + height, width, height)
            if high > _LEAST < wide:
                bases[round(base, 1), round(wide, 1)].append((place, high))
        for bars in bases.values():
            heights = [high for _, high in sorted(bars)]
            if len(bars) >= FEWEST and len({round(high, 2) for high in heights}) >= _FEWEST_HEIGHTS and _beside(sorted(bars)):
                yield heights


def _beside(bars: Sequence[tuple[float, float]]) -> bool:
    """True for bars at whole multiples of one step; empty bins leave a gap."""
    steps = [after - before for (before, _), (after, _) in pairwise(bars)]
    least = min(steps)
    return least > _LEAST and all(abs(step / least - round(step / least)) < 0.05 for step in steps)


def counts_of(heights: Sequence[float], ticks: set[float]) -> list[int]:
    """The counts that heights are in proportion to, as large as the numbers along the axis say; () where none are told."""
    values = np.asarray(heights, np.float64)
    shares = values / values.sum()
    half = max(_unit(values) / float(values.sum()), _FINEST)
    people = people_of_steps(shares, half)
    counts = np.round(shares * people)
    if not people or counts.min() < 1:
        return []
    tops = list(_tops(ticks))
    times = [each for each in _TIMES if any(low < each * counts.max() < high for low, high in tops)]
    return [int(count) * times[0] for count in counts.tolist()] if times else []


def _tops(ticks: set[float]) -> Iterator[tuple[float, float]]:
    """Where the highest bar may end on each axis that the numbers in a figure make (0 and at least two more at even steps): within a step of its last one."""
    if 0.0 not in ticks:
        return
    finer: list[tuple[float, float]] = []
    for step in sorted(ticks - {0.0}):
        number = 1
        while (number + 1) * step in ticks:
            number += 1
        # every other number of an axis is no axis of its own
        if number > 1 and not any(step % other == 0 and number * step <= last for other, last in finer):
            finer.append((step, number * step))
            yield (number - 1) * step, (number + 1) * step


def _unit(values: np.typing.NDArray[np.float64]) -> float:
    """The last decimal that places are written with."""
    for decimals in range(_DECIMALS):
        scaled = values * 10.0**decimals
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-4):
            return float(10.0**-decimals)
    return float(10.0**-_DECIMALS)


__all__ = ["FEWEST", "Box", "bar_items", "boxes_in", "counts_of"]
