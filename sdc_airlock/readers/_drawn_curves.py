"""Lines of a figure drawn with vectors that rise in steps of one person each: read back as the shares that they show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item
from sdc_airlock.readers._build import table_of
from sdc_airlock.stats.curves import is_even, one_a_row, people_of_steps

Point = tuple[float, float]
Places = npt.NDArray[np.float64]

FEWEST_POINTS = 20
_FEWEST_LEVELS = 15
_MOST_POINTS = 1_000_000
_MOST_DECIMALS = 8
_SHARE_OF_PEOPLE = 8
_FINEST = 1e-9
_STEP = re.compile(r"(?<![\d.])([-+]?(?>\d+(?:\.\d*)?|\.\d+))\s+([-+]?(?>\d+(?:\.\d*)?|\.\d+))\s+(moveto|lineto|rlineto|[mlML])\b")
_MOVES = frozenset({"m", "M", "moveto"})
# lines of R's PostScript are told by how far they go
RELATIVE = re.compile(r"/l\s*\{\s*rlineto\s*\}")
_APART = 40
_SAME_PLACE = 0.011


def curve_items(part_id: str, curves: Sequence[Sequence[Point]]) -> Iterator[Item]:
    """Curves with one step a person as tables, and a note of them; other lines are only lines.

    Args:
        part_id: Address of the figure.
        curves: Points of lines, in the order in which they are drawn.
    """
    found = 0
    for points in curves:
        steps = steps_of(points)
        if steps is None:
            continue
        found += 1
        at, shares = steps
        yield table_of(f"{part_id}!curve{found}", {"x": at, "cumulative share": shares}, title="steps of a curve")
    if found:
        yield Oddity(
            part_id=part_id, kind=OddityKind.POINT_MARKS, detail="curves whose steps are single people and can be read back", size=found
        )


def steps_of(points: Sequence[Point]) -> tuple[list[float], list[float]] | None:
    """Where a curve steps, and the share that it has reached there, from 0 to 1; None for a line without steps of one person."""
    if not FEWEST_POINTS <= len(points) <= _MOST_POINTS:
        return None
    places = np.asarray(points, np.float64)
    across, down = places[:, 0], places[:, 1]
    if not np.isfinite(places).all() or not _monotone(across) or not _monotone(down):
        return None
    moved = np.flatnonzero(np.concatenate([[True], np.diff(down) != 0]))
    height = abs(float(down[-1] - down[0]))
    if len(moved) < _FEWEST_LEVELS or height <= 0:
        return None
    unit = _unit(down)
    half = max(0.5 * unit / height, _FINEST)
    # both ends of the scale are rounded as well
    half *= 2
    at, levels = across[moved], np.abs(down[moved] - down[0]) / height
    if not (_steps_of_people(levels, half) if _is_stair(across, down) else _positions(at, levels, unit, half)):
        return None
    decimals = max(2, min(_MOST_DECIMALS, math.floor(-math.log10(half))))
    return [round(each, 4) for each in at.tolist()], [round(each, decimals) for each in levels.tolist()]


def lines_of(program: str, fewest: int = FEWEST_POINTS) -> list[list[Point]]:
    """Points of the lines of at least so many that the instructions of a page, or a program of PostScript, draw."""
    relative = RELATIVE.search(program) is not None
    found: list[list[Point]] = []
    line: list[Point] = []
    end = 0
    for match in _STEP.finditer(program):
        x, y = float(match[1]), float(match[2])
        if match[3] in _MOVES and _goes_on(line, x) and match.start() - end <= _APART:
            line.append((x, y))
            end = match.end()
            continue
        # a line longer than can be held is gone through in pieces
        if match[3] in _MOVES or not line or match.start() - end > _APART or len(line) >= _MOST_POINTS:
            if len(line) >= fewest:
                found.append(line)
            line = [(x, y)] if match[3] in _MOVES else [line[-1]] if len(line) >= _MOST_POINTS else []
        else:
            line.append((line[-1][0] + x, line[-1][1] + y) if relative or match[3] == "rlineto" else (x, y))
        end = match.end()
    return [*found, line] if len(line) >= fewest else found


def _goes_on(line: Sequence[Point], x: float) -> bool:
    """True for a new line that begins above or below where a level one ends: treads of one staircase, drawn one by one."""
    return 1 < len(line) < _MOST_POINTS and abs(line[-1][0] - x) <= _SAME_PLACE and abs(line[-1][1] - line[-2][1]) <= _SAME_PLACE


def _monotone(numbers: Places) -> bool:
    steps = np.diff(numbers)
    return bool(np.all(steps >= 0) or np.all(steps <= 0))


def _is_stair(across: Places, down: Places) -> bool:
    """True for a line that goes along one axis at a time."""
    return bool(np.all((np.diff(across) == 0) | (np.diff(down) == 0)))


def _steps_of_people(levels: Places, half: float) -> bool:
    people = people_of_steps(levels, half)
    return bool(people and len(levels) * _SHARE_OF_PEOPLE >= people)


def _positions(at: Places, levels: Places, unit: float, half: float) -> bool:
    """True for points at even heights over places in no even order."""
    return not is_even(at, unit) and (one_a_row(levels, half) or _one_a_row_between(levels, half))


def _one_a_row_between(levels: Places, half: float) -> bool:
    """The same for a curve whose first point is that of the first person: the scale of the drawing begins there, at no share of its own."""
    people = len(levels)
    return one_a_row((levels * (people - 1) + 1) / people, half)


def _unit(numbers: Places) -> float:
    """The last decimal that places are written with."""
    for decimals in range(_MOST_DECIMALS):
        scaled = numbers * 10.0**decimals
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-4):
            return float(10.0**-decimals)
    return float(10.0**-_MOST_DECIMALS)


__all__ = ["FEWEST_POINTS", "RELATIVE", "Point", "curve_items", "lines_of", "steps_of"]
