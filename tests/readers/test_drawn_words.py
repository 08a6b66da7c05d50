"""Figures whose words say that a mark is a person: few marks are enough."""

from __future__ import annotations

import pytest

from sdc_airlock.readers._drawn_words import of_bodies, told_items, unnamed

LEVEL = [[(60.0, 20.0 * place), (300.0, 20.0 * place)] for place in range(1, 10)]
DOTS = [[(40.0 * place, 300.0 - 7 * place * place % 113) for place in range(1, 11)]]
TRACE = [[(float(place), 50.0 + (place * place % 37)) for place in range(400)]]


@pytest.mark.parametrize(
    ("words", "marks", "lines", "cells"),
    [
        ("months on treatment\npatient", [], LEVEL, 0),
        ("subject\nlog titre", DOTS, [], 0),
        ("CD4\n" + "\n".join(f"P{number}" for number in range(1, 9)), DOTS, [], 0),
        ("Case no.\ndays since onset", [], LEVEL, 0),
        ("patients", [], [], 400),
        ("\n".join(f"PT{number:02d}" for number in range(12)), [], [], 240),
        ("Patient 7\nmonth", DOTS, [], 0),
        ("s\nmV", [], TRACE, 0),
        ("Fp1\nFp2\nC3", [], TRACE, 0),
    ],
)
def test_words_that_say_that_marks_are_people_are_heard(words: str, marks: list[object], lines: list[object], cells: int) -> None:
    """An axis that counts patients off, labels that do, one patient in the title, cells by patient and records of signals are told."""
    assert list(told_items("a.svg", words, marks, lines, 0, cells))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "marks", "lines", "cells"),
    [
        ("Number of patients\nage group", DOTS, LEVEL, 0),
        ("case\ncontrol\nmean age", DOTS, LEVEL, 0),
        ("P5\nP10\nP25\nP50\nP75\nP90\nP95", DOTS, LEVEL, 0),
        ("odds ratio (95% CI)\nage\nsex", DOTS, LEVEL, 0),
        ("months since diagnosis\nsurvival\nnumber at risk", [], LEVEL, 0),
        ("month\nregion\nadmissions", [], [], 240),
        ("correlation\nage\nbmi\nsbp", [], [], 100),
        ("grand average, n = 41\nms\n\u00b5V", [], TRACE, 0),
        ("date\nadmissions", [], TRACE, 0),
        ("patient", [], LEVEL[:2], 0),
    ],
)
def test_words_of_groups_are_no_people(words: str, marks: list[object], lines: list[object], cells: int) -> None:
    """Bar charts of numbers of patients, forest plots, percentiles, survival with numbers at risk, maps of colours of months and averages go."""
    assert not list(told_items("a.svg", words, marks, lines, 0, cells))  # type: ignore[arg-type]


def test_measures_of_a_body_and_of_groups_are_told_apart() -> None:
    """A label of age is one of people; with a mean, a rate or hospitals beside it, it is one of groups."""
    assert of_bodies("age at onset\nBMI")
    assert not of_bodies("mean age\nBMI")
    assert not of_bodies("age\nrate per 1,000")
    assert not of_bodies("year\nindex")


def test_lines_with_a_name_each_are_named() -> None:
    """Words beyond the title and the axes name lines."""
    assert unnamed("eGFR\nvisit\n0\n10\n20", 8)
    assert not unnamed("Rates\nyear\nrate\n" + "North\nSouth\nEast\nWest\nLondon\nWales", 6)
