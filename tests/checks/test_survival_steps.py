"""Steps of curves: events worked back from survival, curves with one step a person, and what profiles make of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import load_profile

Run = Callable[..., tuple[Finding, ...]]


def steps(findings: tuple[Finding, ...]) -> list[Finding]:
    """The findings about steps of survival."""
    return [finding for finding in findings if finding.rule == "survival_step"]


def curve(people: int, seed: int) -> list[tuple[int, float]]:
    """Times and survival of people who each have the event at a time of their own, a third of them censored."""
    chance = np.random.default_rng(seed)
    told, survival, left = [(0, 1.0)], 1.0, people
    for time, event in zip(range(1, people), chance.random(people) > 0.33, strict=False):
        if event:
            survival *= 1 - 1 / left
            told.append((time, survival))
        left -= 1
    return told


@pytest.mark.parametrize("people", [40, 200])
def test_heights_of_steps_give_single_people_away(run_check: Run, people: int) -> None:
    """A curve with neither numbers at risk nor events is held where its steps are one person each."""
    text = "timeline,KM_estimate\n" + "".join(f"{time}.0,{survival!r}\n" for time, survival in curve(people, 3))
    assert steps(run_check("small_counts", text.encode(), "km.csv"))


def test_number_at_the_start(run_check: Run) -> None:
    """With the number at the start in the header, a step that is small even of all of them is named."""
    text = b"months,survival (N = 400)\n0,1.000\n12,0.980\n24,0.900\n36,0.850\n"
    (finding,) = steps(run_check("small_counts", text, "km.csv"))
    assert (finding.location.rows, finding.severity) == ((3,), Severity.MEDIUM)


def test_several_curves_in_one_table(run_check: Run) -> None:
    """A rise of survival begins the next curve; its first step counts from one."""
    text = b"arm,months,at risk,S(t)\nA,0,400,1\nA,12,380,0.97\nA,24,330,0.88\nB,0,410,1\nB,12,370,0.9929\nB,24,320,0.90\n"
    (finding,) = steps(run_check("small_counts", text, "km.csv"))
    assert finding.location.rows == (6,)


def test_survival_by_group_is_no_curve(run_check: Run) -> None:
    """Five-year survival by stage falls from row to row and is no curve over time."""
    text = b"stage,n,five-year survival (%)\nI,412,91.2\nII,390,80.4\nIII,310,52.1\nIV,205,14.8\n"
    assert not steps(run_check("small_counts", text, "stages.csv"))


def test_profiles_decide(run_check: Run) -> None:
    """Where only the whole group of a curve counts, steps go; FinnGen states so."""
    text = b"time,n_risk,survival\n0,120,1.0000\n12,110,0.9636\n24,100,0.8480\n"
    assert not steps(run_check("small_counts", text, "km.csv", {"survival_steps": "shown"}))
    assert load_profile("finngen").value("survival_steps") == "shown"


@settings(max_examples=25)
@given(st.integers(300, 5000), st.lists(st.integers(15, 50), min_size=3, max_size=5))
def test_large_steps_pass(run_check: Run, people: int, events: list[int]) -> None:
    """Steps of fifteen and more, printed with their numbers at risk, are never taken for few."""
    left, survival, lines = people, 1.0, [f"0,{people},1.0000"]
    for place, dead in enumerate(events, start=1):
        survival *= 1 - dead / left
        lines.append(f"{12 * place},{left},{survival:.4f}")
        left -= dead
    assert not steps(run_check("small_counts", ("time,n_risk,survival\n" + "\n".join(lines) + "\n").encode(), "km.csv"))


@pytest.mark.parametrize("people", [137, 41])
def test_an_empirical_distribution(run_check: Run, people: int) -> None:
    """An ECDF with a row a person is held, whatever number of people it has."""
    text = "x,ecdf\n" + "".join(f"{20 + place * 0.3:.1f},{(place + 1) / people:.6f}\n" for place in range(people))
    assert "one_step_a_person" in {finding.rule for finding in run_check("extreme_values", text.encode(), "ecdf.csv")}


@pytest.mark.parametrize("grid", [10, 20, 100])
def test_a_grid_of_quantiles(run_check: Run, grid: int) -> None:
    """Shares on a round grid are nobody's steps."""
    text = "x,ecdf\n" + "".join(f"{20 + place * 0.3:.1f},{(place + 1) / grid:.4f}\n" for place in range(grid))
    assert "one_step_a_person" not in {finding.rule for finding in run_check("extreme_values", text.encode(), "ecdf.csv")}


@pytest.mark.parametrize("header", ["t,s", "x,y", "v1,v2"])
def test_steps_of_one_person_need_no_name(run_check: Run, header: str) -> None:
    """Heights that fall by 1/38, 1/37 ... of what is left are people, whatever the columns are called."""
    told = [(time, round(survival, 5)) for time, survival in curve(38, 5)][1:]
    text = f"{header}\n" + "".join(f"{time},{survival}\n" for time, survival in told)
    assert steps(run_check("small_counts", text.encode(), "curve.csv"))


def test_shares_that_fall_anyhow_are_no_curve(run_check: Run) -> None:
    """A share that falls smoothly, or by large steps, is nobody's."""
    smooth = "".join(f"{year},{0.9 * 0.97 ** (year - 2000):.4f}\n" for year in range(2000, 2030))
    large = "".join(f"{age},{1 - age / 120:.3f}\n" for age in range(5, 105, 5))
    even = "".join(f"{epoch},{0.69 - epoch / 100:.6f}\n" for epoch in range(30))
    for body in (smooth, large, even):
        assert not steps(run_check("small_counts", f"x,y\n{body}".encode(), "shares.csv"))
