"""Curves drawn with vectors: steps of one person each are read back, other lines are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from sdc_airlock.model.content import Table
from sdc_airlock.readers._drawn_curves import Point, curve_items, lines_of, steps_of

PEOPLE = 87
DRAWS = np.random.default_rng(4)
VALUES = np.sort(DRAWS.normal(62, 11, PEOPLE))
ACROSS = (50 + 400 * (VALUES - VALUES[0]) / (VALUES[-1] - VALUES[0])).round(2).tolist()


def stair(heights: np.ndarray, across: list[float]) -> list[Point]:
    """A staircase as plotting programs draw it."""
    up = (350 - 300 * heights).round(2).tolist()
    points = [(across[0], 350.0)]
    for place, x in enumerate(across):
        points += [(x, points[-1][1]), (x, up[place])]
    return points


def smooth() -> list[Point]:
    """A curve through two hundred even places."""
    at = np.linspace(50, 450, 200)
    return list(zip(at.round(2).tolist(), (350 - 300 / (1 + np.exp(-(at - 250) / 50))).round(2).tolist(), strict=True))


def survival(people: int, share_of_events: float) -> list[Point]:
    """The staircase of a large study with people who are censored."""
    draws = np.random.default_rng(6)
    times, events = np.sort(draws.exponential(30, people)), draws.random(people) < share_of_events
    left = np.where(events, 1 - 1 / (people - np.arange(people)), 1.0).cumprod()[events]
    return stair(1 - left, (50 + 400 * times[events] / times.max()).round(2).tolist())


def test_a_staircase_of_people() -> None:
    """Each step of 1/87 comes back with the place at which it stands."""
    found = steps_of(stair((np.arange(PEOPLE) + 1) / PEOPLE, ACROSS))
    assert found is not None
    assert len(found[0]) == PEOPLE + 1
    assert np.allclose(np.diff(found[1]), 1 / PEOPLE, atol=1e-3)


def test_a_line_through_people_in_order() -> None:
    """A line from one person to the next is read as well as a staircase."""
    points = [(x, 350 - 300 * (place + 1) / PEOPLE) for place, x in enumerate(ACROSS)]
    assert steps_of(points) is not None


@pytest.mark.parametrize("points", [smooth(), survival(2400, 0.3), [(float(x), float(x)) for x in range(100)], [(1.0, 2.0)] * 3])
def test_other_lines(points: list[Point]) -> None:
    """Smooth curves, survival of many, straight lines and short ones are nobody's steps."""
    assert steps_of(points) is None


@pytest.mark.parametrize("program", ["{x:.2f} {y:.2f} {w}", "{dx:.2f} {dy:.2f} {w}"])
def test_lines_of_programs(program: str) -> None:
    """Instructions of a page tell places; those of R's PostScript tell how far to go."""
    points = stair((np.arange(PEOPLE) + 1) / PEOPLE, ACROSS)
    before = (0.0, 0.0)
    lines = []
    for place, (x, y) in enumerate(points):
        lines.append(program.format(x=x, y=y, dx=x - before[0], dy=y - before[1], w="l" if place else "m"))
        before = x, y
    head = "/l { rlineto } def\n" if "{dx" in program else ""
    (found,) = lines_of(head + "0 0 m 1 1 l S\n" + "\n".join(lines) + "\nS\n10 10 m 20 20 l S")
    assert np.allclose(found, points, atol=0.5)


def test_a_staircase_behind_many_other_lines() -> None:
    """However many lines are drawn first, the steps of people are read."""
    curves = [smooth()] * 40 + [stair((np.arange(PEOPLE) + 1) / PEOPLE, ACROSS)]
    assert [type(item) for item in curve_items("a.svg", curves)][:1] == [Table]


def test_treads_that_are_drawn_one_by_one() -> None:
    """A staircase without its risers, as R draws the steps of a distribution, is one line."""
    heights = np.arange(1, PEOPLE + 1) / PEOPLE
    up = (60 + 300 * heights).round(2).tolist()
    ends = [*ACROSS[1:], ACROSS[-1] + 9]
    program = "".join(f"{x:.2f} {y:.2f} m {end:.2f} {y:.2f} l S\n" for x, end, y in zip(ACROSS, ends, up, strict=True))
    (line,) = lines_of(program)
    assert steps_of(line) is not None


def test_a_line_of_very_many_points_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than one piece may be is read in several, none of it left out."""
    monkeypatch.setattr("sdc_airlock.readers._drawn_curves._MOST_POINTS", 50)
    program = "0 0 m\n" + "".join(f"{x} {x} l\n" for x in range(1, 200))
    assert max(point[0] for line in lines_of(program) for point in line) == 199.0
