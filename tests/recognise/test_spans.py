"""Labels that name a stretch: written in many ways, they are the same stretch."""

from __future__ import annotations

import pytest

from sdc_airlock.recognise.spans import OLDEST, Span, axis_of, span_of


@pytest.mark.parametrize(
    "label", ["16-24", "16\u201324", "16 to 24", "16_24", "[16,25)", "(15, 24]", "(15.0, 24.0]", "16-<25", "aged 16-24", "16-24 years", "Age 16 to 24 yrs"]
)  # fmt: skip
def test_a_band_in_many_writings(label: str) -> None:
    """Bands are the same however they are written."""
    assert span_of(label, "age") == Span("age", 16, 25)


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("65+", 65, OLDEST),
        ("65 and over", 65, OLDEST),
        ("65 years and older", 65, OLDEST),
        (">64", 65, OLDEST),
        (">= 65", 65, OLDEST),
        ("over 64", 65, OLDEST),
        ("under 18", 0, 18),
        ("<=17", 0, 18),
        ("17 and under", 0, 18),
        ("aged 18", 18, 19),
        ("(-inf, 17]", 0, 18),
        ("[65, inf)", 65, OLDEST),
    ],
)
def test_bands_that_are_open(label: str, low: float, high: float) -> None:
    """Bands without a bound on one side begin at nought or have no end."""
    assert span_of(label, "age") == Span("age", low, high)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("2020", "2020 Q1"),
        ("2015-2019", "2019"),
        ("Q2 2020", "May 2020"),
        ("2020-05", "2020-05-31"),
        ("2020-01-01 to 2020-03-31", "2020-03"),
        ("E00-E90", "E11"),
        ("E11 Type 2 diabetes", "E11.3"),
        ("E11.3", "E1131"),
    ],
)
def test_dates_and_codes_nest(wide: str, narrow: str) -> None:
    """Years hold quarters, quarters hold months, blocks hold codes; and not the other way round."""
    one, other = span_of(wide, "band"), span_of(narrow, "band")
    assert one is not None
    assert other is not None
    assert one.holds(other)
    assert not other.holds(one)


@pytest.mark.parametrize("label", ["North", "", "5", "25-16", "2020-13", "2020-02-31", "E1", "Ward 16-24b", "12.5-14.2", "Q5 2020"])
def test_other_labels(label: str) -> None:
    """Labels that are no stretch, and numbers of which nobody says what they are."""
    assert span_of(label, "band") is None


def test_axes() -> None:
    """Bands of different things are not set against each other."""
    assert axis_of("Age group (years)") == axis_of("age_band") == axis_of("", "patients by age") == "age"
    assert axis_of("BMI group") == "bmi"
    assert axis_of("Age at diagnosis") != "age"
    assert axis_of("", "patients") == axis_of("Characteristic") == "age"
    assert axis_of("", "length of stay") == axis_of("group", "patients by BMI") == "band"
    assert span_of("2020", axis_of("year of death")) != span_of("2020", axis_of("year"))
