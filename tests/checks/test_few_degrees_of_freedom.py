"""Few degrees of freedom: models and tests in the words of each program, sizes of columns, isolated terms, odds ratios solved for their tables."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._printed_fits import degrees_of_freedom, plain, spread_of, terms_of
from sdc_airlock.checks.few_degrees_of_freedom import _people
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.stats.odds import tables_that_fit

Run = Callable[..., tuple[Finding, ...]]


def left(text: str) -> list[float]:
    """Residual degrees of freedom told in a text, in the order of its lines."""
    return [one.left for one in degrees_of_freedom([plain(line) for line in text.splitlines()])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Df Residuals:                      1,204   BIC:  31.47", [1204]),
        ("Residual deviance: 171.2  on 159  degrees of freedom", [159]),
        ("    Null deviance: 182.3  on 161  degrees of freedom", []),
        ("F-statistic: 69.21 on 2 and 7 DF,  p-value: 9.1e-05", [7]),
        ("ALL 6 residuals are 0: no residual degrees of freedom!", [0]),
        ("Residual Std. Error & 2.101 (df = 10) & 1.840 (df = 9) \\\\", [9]),
        ("F Statistic & 43.211$^{***}$ (df = 1; 10) & 31.090$^{***}$ (df = 2; 9) \\\\", [9]),
        ('"df_resid": 9, "nobs": 12', [9]),
        ("t = 2.31, df = 7.412, p-value = 0.0512", [7.412]),
        ("The groups differed, t(7) = 2.31, p = .05", [7]),
        ("F(2, 9) = 4.10", [9]),
        ("F(1,123) = 4.10", [123]),
        ("Number of obs =     12\nLR chi2(3)    =   7.12", [8]),
        ("            Df Sum Sq Mean Sq F value\ngroup        2  3.766  1.8832   4.846\nResiduals    7 10.492  0.3886", [7]),
        ("Source |  SS  df  MS\nResidual |  30.4541231         9  3.38379146", [9]),
        ("chi2(1, N = 20) = 3.2; the function f(2, 3) = 5", []),
        ("df = 3", []),
    ],
)
def test_programs(text: str, expected: list[float]) -> None:
    """Each program's way of telling degrees of freedom is read, and its other numbers are not."""
    assert left(text) == expected


def test_terms_and_spread() -> None:
    """Lines of coefficients give label, estimate and error; headers and other lines none."""
    lines = [
        "Estimate Std. Error t value",
        "(Intercept) 37.2 1.59 23.2 <2e-16",
        "C(ward)[T.B] -3.8 0.6 -6.1",
        "Residual standard error: 2.5 on 7 degrees of freedom",
    ]
    assert [(one.label, one.estimate, one.error) for one in terms_of(lines)] == [("(Intercept)", 37.2, 1.59), ("C(ward)[T.B]", -3.8, 0.6)]
    assert spread_of(lines) == 2.5
    assert spread_of(lines * 2) is None


def test_an_indicator_of_four_people(run_check: Run) -> None:
    """A term whose error says that it marks four of two hundred people is held; beside other terms it is noted."""
    sigma, four, many = 2.0, 2.0 * math.sqrt(1 / 4 + 1 / 150), 2.0 * math.sqrt(1 / 46 + 1 / 150)
    text = (
        f"Call:\nlm(formula = y ~ factor(ward), data = d)\n\nCoefficients:\n(Intercept) 12.1 0.2 60.1 0.000\nfactor(ward)B 0.5 {many:.5f} 1.2 0.231\n"
        f"factor(ward)C -1.5 {four:.5f} -1.6 0.113\n\nResidual standard error: {sigma:.3f} on 197 degrees of freedom\n"
    )
    (finding,) = run_check("few_degrees_of_freedom", text.encode(), "lm.txt")
    assert (finding.rule, finding.severity, finding.location.rows) == ("isolated", Severity.MEDIUM, (7,))
    adjusted = text.replace("(Intercept)", "age 0.1 0.2 0.5 0.62\n(Intercept)")
    assert {item.severity for item in run_check("few_degrees_of_freedom", adjusted.encode(), "lm.txt")} == {Severity.LOW}


def test_limit_of_the_profile(run_check: Run) -> None:
    """The value of the profile is the least that goes."""
    text = b"Residual standard error: 2.593 on 7 degrees of freedom\n"
    assert run_check("few_degrees_of_freedom", text, "lm.txt", {"residual_dof": 8})
    assert not run_check("few_degrees_of_freedom", text, "lm.txt", {"residual_dof": 7})


def test_columns_of_fits(run_check: Run) -> None:
    """One row a model, as broom gives them: the row with few degrees of freedom is named."""
    text = b"model,r.squared,sigma,statistic,p.value,df,df.residual,nobs\nA,0.91,1.8,31.1,0.0007,2,9,12\nB,0.81,2.1,43.2,0.0001,1,410,412\n"
    (finding,) = run_check("few_degrees_of_freedom", text, "glance.csv")
    assert finding.location.rows == (2,)


def test_messages_hold_no_value(run_check: Run) -> None:
    """No coefficient, size or label of the model stands in a message."""
    text = b"secretward 0.5 0.2 1.2 0.231\nResidual standard error: 2.593 on 7 degrees of freedom\n"
    for finding in run_check("few_degrees_of_freedom", text, "lm.txt"):
        assert "secretward" not in finding.message
        assert "2.593" not in finding.message


@given(st.integers(1, 25), st.integers(60, 500))
def test_people_of_an_indicator(few: int, size: int) -> None:
    """The number of people is worked back from the error of a lone indicator."""
    assert _people(1.5, 1.5 * math.sqrt(1 / few + 1 / (size - few)), size) == pytest.approx(few, rel=1e-6)


@given(st.integers(2, 40), st.integers(2, 40), st.integers(50, 300), st.integers(50, 300))
def test_the_true_table_always_fits(exposed: int, others: int, cases: int, controls: int) -> None:
    """The table behind a printed ratio is among those that fit, so that its smallest cell bounds nothing from above wrongly."""
    odds = exposed * (controls - others) / (others * (cases - exposed))
    spread = 1.959964 * math.sqrt(1 / exposed + 1 / others + 1 / (cases - exposed) + 1 / (controls - others))
    printed = [round(number, 3) for number in (odds, odds * math.exp(-spread), odds * math.exp(spread))]
    if not 0.001 < printed[1] < printed[0] < printed[2]:
        return
    fits = tables_that_fit(*printed, cases=cases, controls=controls, decimals=3)
    assert fits.tables >= 1
    assert fits.smallest >= min(exposed, others, cases - exposed, controls - others)


@pytest.mark.parametrize("numbers", [(0, 0, 0), (2, 3, 4), (math.nan, 1, 2), (1.2, 0.0, 3.4), (1.2, -1.0, 3.4)])
def test_odd_ratios_fit_nothing(numbers: tuple[float, float, float]) -> None:
    """Numbers that are no ratio with its interval imply nothing."""
    assert tables_that_fit(*numbers, cases=100, controls=100, decimals=2).tables == 0


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Any text gives degrees of freedom or none, never an error."""
    lines = [plain(line) for line in text.splitlines()]
    assert all(one.left >= 0 for one in degrees_of_freedom(lines))
    terms_of(lines)
