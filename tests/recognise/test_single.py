"""One person in the dress of a group or of a period is a person; means of groups and readings of many are not."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable

import pytest

from sdc_airlock.model.recognised import Recognised

Read = Callable[[str], tuple[Recognised, ...]]


@pytest.mark.parametrize(
    "text",
    [
        "ethnicity,age,weight,hba1c\nWhite,54,81.2,47\nAsian,61,70.5,58\nBlack,48,92.1,51\nMixed,39,66.8,44\n",
        "sex,age,weight_kg,height_cm,hba1c,smoker\nFemale,54,81.2,164,47,yes\nMale,61,90.5,178,58,no\n",
        "region,age,bmi,died\nNorth,71,24.3,no\nSouth,66,31.2,no\nEast,82,22.9,yes\nLondon,49,29.1,no\n",
    ],
    ids=["ethnic groups", "sexes", "regions"],
)
def test_one_person_for_each_group_is_a_person(recognised: Read, text: str) -> None:
    """Whole ages and measures to a decimal, and no word of a mean or a count, are those of one person each."""
    assert max(each.individual for each in recognised(text)) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "ethnicity,mean_age,mean_weight\nWhite,54,81.2\nAsian,61,70.5\nBlack,48,92.1\nMixed,39,66.8\n",
        "ethnicity,n,age,weight\nWhite,540,54,81.2\nAsian,310,61,70.5\nBlack,220,48,92.1\nMixed,139,39,66.8\n",
    ],
    ids=["said to be means", "with counts"],
)
def test_means_of_groups_are_no_people(recognised: Read, text: str) -> None:
    """What is said to be a mean, or stands beside the number of people, is of a group."""
    assert max(each.individual for each in recognised(text)) < 0.5


def _by_time(header: str, row: Callable[[int], str]) -> str:
    return header + "".join(
        f"2021-03-{1 + place // 48:02d} {place % 48 // 2:02d}:{place % 2 * 30:02d},{row(place)}\n" for place in range(192)
    )


def test_readings_of_a_device_are_of_its_bearer(recognised: Read) -> None:
    """A heart rate each half hour is of somebody; the mean of many people, or how many come, is not."""
    chance = random.Random(7)
    pulse = lambda place: round(70 + 10 * math.sin(place / 9) + chance.gauss(0, 4))  # noqa: E731
    for header in ("time,heart_rate\n", "datetime,glucose_mmol\n"):
        assert max(each.individual for each in recognised(_by_time(header, lambda place: str(pulse(place))))) >= 0.9
    many = recognised(_by_time("time,mean_heart_rate,n_people\n", lambda place: f"{pulse(place)},{chance.randint(900, 1200)}"))
    assert max(each.individual for each in many) < 0.5
    visits = recognised(_by_time("time,visits\n", lambda place: str(pulse(place))))
    assert max(each.individual for each in visits) < 0.5


def test_places_by_time_are_a_way(recognised: Read) -> None:
    """Coordinates that hardly come again under each time are where somebody was, however they scatter."""
    chance = random.Random(8)
    place = lambda _: f"{53.8 + chance.gauss(0, 0.01):.5f},{-1.55 + chance.gauss(0, 0.01):.5f}"  # noqa: E731
    assert max(each.individual for each in recognised(_by_time("timestamp,lat,lon\n", place))) >= 0.9


def test_what_refers_to_patients_is_of_them(recognised: Read) -> None:
    """Observations as FHIR writes them name the patient by a reference."""
    rows = (
        {"resourceType": "Observation", "subject": {"reference": f"Patient/{place}"}, "valueQuantity": {"value": 100 + place % 37}}
        for place in range(40)
    )
    found = recognised("".join(json.dumps(row) + "\n" for row in rows), "Observation.ndjson")
    assert max(each.individual for each in found) >= 0.9


def test_rows_of_a_tibble_are_people(recognised: Read) -> None:
    """The type below a name is none of it: `sex <chr>` is no chromosome."""
    chance = random.Random(9)
    rows = "".join(
        f"{place:2d}    {chance.randint(30, 89)} {chance.choice('FM')}      {chance.gauss(27, 4):.1f}   {chance.randint(95, 180)}\n"
        for place in range(1, 11)
    )
    text = f"# A tibble: 60 \u00d7 4\n     age sex     bmi   sbp\n   <int> <chr> <dbl> <int>\n{rows}# \u2139 50 more rows\n"
    assert max(each.individual for each in recognised(text, "out.txt")) >= 0.9
