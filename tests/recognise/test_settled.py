"""Roles that neighbours decide: dates that are a clock, numbers that count rows, and lists of people under running dates."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from sdc_airlock.model.recognised import Kind, Recognised, Role
from sdc_airlock.recognise._calendar import equal_steps, moments

BEGIN = date(2024, 1, 1)


def csv(header: str, row: Callable[[int], tuple[object, ...]], rows: int = 300) -> str:
    return "\n".join([header, *(",".join(map(str, row(number))) for number in range(rows))]) + "\n"


def day(number: int) -> date:
    return BEGIN + timedelta(number)


def people(number: int) -> tuple[object, ...]:
    chance = random.Random(number)
    return chance.randint(18, 90), chance.choice("MF"), round(chance.gauss(27, 4), 1), chance.randint(30, 90)


def wave(number: int) -> tuple[object, ...]:
    chance = random.Random(number)
    return int(200 + 90 * math.sin(number / 40) + chance.gauss(0, 8)), int(500 + 90 * math.cos(number / 50) + chance.gauss(0, 12))


@pytest.mark.parametrize(
    "form",
    ["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d %b %Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%SZ"],
    ids=["iso", "slashed", "digits", "short", "long", "time"],
)
def test_days_in_turn_are_a_clock(recognised: Callable[[str], tuple[Recognised, ...]], form: str) -> None:
    """A day a row, however it is printed, with figures that follow one another is a series."""
    (found,) = recognised(csv("date,deaths,admissions", lambda number: (f'"{day(number).strftime(form)}"', *wave(number))))
    assert found.columns[0].role is Role.PERIOD
    assert found.kind is Kind.SERIES


def test_days_of_a_panel_are_a_clock(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """The same days for each of ten places are the clock of ten series."""
    (found,) = recognised(csv("ward,date,occupied_beds", lambda number: ("ABCDEFGHIJ"[number // 30], day(number % 30), wave(number)[0])))
    assert found.columns[1].role is Role.PERIOD
    assert found.individual < 0.35


def test_days_that_come_as_they_come_are_none(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """Dates of admissions are dates."""
    days = sorted(random.Random(2).sample(range(700), 300))
    (found,) = recognised(csv("admitted,age,sex,bmi,hba1c", lambda number: (day(days[number]), *people(number))))
    assert found.columns[0].role is Role.DATE
    assert found.kind is Kind.INDIVIDUAL_ROWS


@pytest.mark.parametrize(
    ("header", "when"),
    [
        ("date,a,b,c,d", day),
        ("month,a,b,c,d", lambda number: f"{1995 + number // 12}-{number % 12 + 1:02}"),
        ("time,a,b,c,d", lambda number: number),
    ],
    ids=["days", "months", "numbers"],
)
def test_people_under_running_dates_are_people(
    recognised: Callable[[str], tuple[Recognised, ...]], header: str, when: Callable[[int], object]
) -> None:
    """Records do not become a series by a running date beside them: what follows from nothing is no series."""
    (found,) = recognised(csv(header, lambda number: (when(number), *people(number))))
    assert found.kind is Kind.INDIVIDUAL_ROWS


def test_readings_of_one_person_are_no_series(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """Values of blood every five minutes are those of somebody."""
    (found,) = recognised(
        csv(
            "time,glucose,insulin",
            lambda number: (f"2024-01-{1 + number // 288:02} {number // 12 % 24:02}:{number % 12 * 5:02}", *wave(number)),
            600,
        )
    )
    assert found.columns[0].role is Role.DATE
    assert found.kind is Kind.INDIVIDUAL_ROWS


def test_a_second_number_of_the_row_is_no_time(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """A column headed as time that only repeats the index numbers rows too."""
    (found,) = recognised(csv("index,time,x1,x2", lambda number: (number, number, *people(number)[2:])))
    assert [column.role for column in found.columns[:2]] == [Role.INDEX, Role.INDEX]


def test_whole_numbers_under_one_letter_are_no_statistics(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """`t` may head times of people and `B` the second of two readers."""
    (found,) = recognised(
        csv("t,status,sex,logWBC", lambda number: (number * 7 % 36, number % 2, number // 3 % 2, 1 + number % 39 / 10), rows=42)
    )
    assert found.columns[0].role is Role.MEASURE
    assert found.kind is Kind.INDIVIDUAL_ROWS


def test_points_in_time() -> None:
    """Days since the beginning of the calendar, with the part of the day; no day, no points."""
    days = moments(["2024-01-31 06:00", "2024-02-01 12:00 pm"])
    assert days is not None
    assert days.tolist() == [date(2024, 1, 31).toordinal() + 0.25, date(2024, 2, 1).toordinal() + 0.5]
    assert moments(["2024-02-30"]) is None
    assert moments(["31/01/2024", "01/02/2024"]) is not None
    assert moments(["soon"]) is None


@pytest.mark.parametrize("months", [1, 3, 12])
def test_months_are_equal_steps(months: int) -> None:
    """First days of months, quarters and years are as far apart as such days are."""
    starts = [date(1990 + number * months // 12, number * months % 12 + 1, 1).toordinal() for number in range(24)]
    assert equal_steps(np.array(starts, float))


@pytest.mark.parametrize(
    "table",
    [
        "age,2019,2020,2021,2022\n0-17,210,250,301,333\n18-29,513,480,470,466\n30-44,801,799,820,840\n45-59,650,655,661,701\n60-74,420,433,410,447\n75+,222,230,241,260\n",
        ",(1),(2)\n(Intercept),34.121,33.871\n,(0.611),(0.622)\nage,0.112***,0.098***\n,(0.011),(0.012)\nsexMale,,1.204**\n,,(0.481)\nNum.Obs.,4812,4790\nR2,0.021,0.024\n",
        ',(1),(2)\n,hba1c,hba1c\nage,0.112***,0.098***\n,"(10.18)","(8.17)"\n2.sex,,1.204**\n,,(2.50)\n_cons,34.12***,33.87***\n,(55.8),(54.5)\nN,4812,4790\n',
    ],
    ids=["bands by years", "errors below estimates", "statistics below estimates"],
)
def test_usual_tables_of_papers_are_no_people(recognised: Callable[[str], tuple[Recognised, ...]], table: str) -> None:
    """Crosstabs without totals and regressions side by side are what researchers ask for most."""
    (found,) = recognised(table)
    assert found.individual < 0.2
    assert found.kind in {Kind.FREQUENCY_TABLE, Kind.REGRESSION}


def test_few_people_under_a_code_are_people(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """A header that could stand over a list of codes does not make one."""
    for heading in ("code", "record", "label", "item", "name"):
        (found,) = recognised(
            csv(f"{heading},sex,age,bmi", lambda number: (f"P{100 + number * 37 % 900}", *people(number)[1::-1], people(number)[2]), 25)
        )
        assert found.individual > 0.5, heading


def test_numbered_groups_are_no_people(recognised: Callable[[str], tuple[Recognised, ...]]) -> None:
    """Rows labelled "Site 3" hold counts of sites; the same labels beside ages and blood pressures name people."""
    (found,) = recognised(
        csv("name,2019,2020,2021", lambda number: (f"Site {number}", *(100 + number * step % 800 for step in (37, 91, 53))), 15)
    )
    assert found.individual < 0.35
    (found,) = recognised(csv("site,age,bmi,sbp", lambda number: (f"Site {number}", people(number)[0], *people(number)[2:]), 80))
    assert found.kind is Kind.INDIVIDUAL_ROWS
