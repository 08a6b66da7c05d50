"""Texts whose fields or figures are written in an unusual way are read in the usual one."""

from __future__ import annotations

import random

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.readers._respelled import between_tabs, gathered, respelled, told_places, upright
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

_dice = random.Random(12)
PEOPLE = [
    (
        str(_dice.randint(19, 94)),
        _dice.choice("FM"),
        f"{_dice.gauss(27, 5):.1f}",
        str(_dice.randint(98, 188)),
        _dice.choice(["asthma", "COPD"]),
    )
    for _ in range(40)
]
HEADER = ("age", "sex", "bmi", "sbp", "diagnosis")
UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """An English number below a thousand."""
    if number >= 100:
        return f"{UNITS[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    return UNITS[number] if number < 20 else TENS[number // 10] + (f"-{UNITS[number % 10]}" if number % 10 else "")


def roman(number: int) -> str:
    """A Roman number."""
    out = ""
    for value, letters in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        out, number = out + letters * (number // value), number % value
    return out


def digits(text: str, signs: str) -> str:
    """A number with other signs for its digits."""
    return "".join(signs[int(letter)] for letter in text if letter.isdigit())


def individual(text: str, name: str = "a.txt") -> float:
    """How likely some part of a text is people."""
    source = Source.of_bytes(text.encode(), part_id=name, name=name)
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    return max(part.individual for part in recognise(content, Limits()))


MORSE = ["-----", ".----", "..---", "...--", "....-", ".....", "-....", "--...", "---..", "----."]
DRESSES = {
    "section signs": "\n".join("\u00a7".join(row) for row in (HEADER, *PEOPLE)),
    "pictures between fields": "\n".join("\U0001f539".join(row) for row in (HEADER, *PEOPLE)),
    "several marks": "*~*".join("~".join(row) for row in (HEADER, *PEOPLE)),
    "dashes": "\n".join("-".join(row) for row in PEOPLE),
    "wiki": "{|\n! " + " !! ".join(HEADER) + "\n" + "\n".join("|-\n| " + " || ".join(row) for row in PEOPLE) + "\n|}",
    "words": "\n".join(", ".join(in_words(int(float(row[place]))) for place in (0, 2, 3)) for row in PEOPLE),
    "words in sentences": " ".join(f"The next was {in_words(int(row[0]))} with {in_words(int(row[3]))} and a {in_words(int(float(row[2])))}." for row in PEOPLE),
    "roman": "\n".join(" ".join(roman(int(float(row[place]))) for place in (0, 2, 3)) for row in PEOPLE),
    "pictures as digits": "\n".join(" ".join(digits(row[place], "\U0001f600\U0001f601\U0001f602\U0001f603\U0001f604\U0001f605\U0001f606\U0001f607\U0001f608\U0001f609") for place in (0, 2, 3)) for row in PEOPLE),
    "braille": "\n".join(" ".join(digits(row[place], "\u281a\u2801\u2803\u2809\u2819\u2811\u280b\u281b\u2813\u280a") for place in (0, 2, 3)) for row in PEOPLE),
    "morse": "\n".join(" / ".join(" ".join(MORSE[int(letter)] for letter in row[place] if letter.isdigit()) for place in (0, 2, 3)) for row in PEOPLE),
    "tallies": "\n".join(" ".join("|" * int(float(row[place])) for place in (0, 2, 3)) for row in PEOPLE),
    "one variable after another": "\n\n".join("\n".join((name, *column)) for name, column in zip(HEADER, zip(*PEOPLE, strict=True), strict=True)),
    "a sentence a variable": "\n".join(f"The {name} values were {', '.join(column)}." for name, column in zip(HEADER, zip(*PEOPLE, strict=True), strict=True)),
    "numbered names": "\n".join(f"rec.{number}.{name}={value}" for number, row in enumerate(PEOPLE) for name, value in zip(HEADER, row, strict=True)),
    "triples": "\n".join(f'<http://a.example/p{number}> <http://a.example/{name}> "{value}" .' for number, row in enumerate(PEOPLE) for name, value in zip(HEADER, row, strict=True)),
    "items of a list": "# Cases\n\n" + "\n".join(f"- {row[0]}-year-old {'man' if row[1] == 'M' else 'woman'}, BMI {row[2]}, BP {row[3]}, {row[4]}" for row in PEOPLE),
    "array of C": "static const float D[40][3] = {\n" + ",\n".join(f"{{{row[0]},{row[2]}f,{row[3]}}}" for row in PEOPLE) + "};\nint main(){return 0;}\n",
    "cases of tests": '@pytest.mark.parametrize("age,sex,bmi,sbp", [\n' + "\n".join(f'    ({row[0]}, "{row[1]}", {row[2]}, {row[3]}),' for row in PEOPLE) + "\n])\ndef test_r(age, sex, bmi, sbp):\n    assert f(age)\n",
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_people_are_people_in_any_dress(dress: str) -> None:
    """Whatever parts their fields and however their numbers are spelled, rows of people are told."""
    assert individual(DRESSES[dress]) >= 0.5


MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
HONEST = {
    "prose with numbers": " ".join(f"We fitted {in_words(place + 2)} models, and {in_words(place)} of them agreed with those of the two earlier studies." for place in range(30)),
    "chapters": "\n".join(f"{roman(place)}. {name} was quiet" for place, name in enumerate(MONTHS, 1)),
    "dates": "\n".join(f"2023-{place:02d}-01,{place * 917 % 700 + 200},{place * 613 % 700 + 200}" for place in range(1, 13)),
    "boxes": "\n".join(["+-----+-----+-----+", "| a   | b   | c   |"] * 14),
    "frames": "╭───┬──╮\n│ age group │ number of patients │\n│ 60-69 │ 212 │\n│ 70-79 │ 317 │\n╰───┴──╯",
    "intervals": "\n".join(f"term {place}: {place / 7:.2f} [{place / 9:.2f}, {place / 5:.2f}]" for place in range(1, 30)),
    "settings": "\n".join(f"layer{place}.units = {2 ** (place % 4 + 4)}\nlayer{place}.rate = 0.1" for place in range(6)),
    "array of coefficients": "static const double B[3] = {0.12, -0.4, 1.7};\nint main(){return 0;}\n",
    "verse": "\n\n".join("rose\nred\nviolet\nblue" for _ in range(5)),
}  # fmt: skip


@pytest.mark.parametrize("dress", HONEST)
def test_ordinary_texts_stay_what_they_are(dress: str) -> None:
    """Prose with numbers, lists of chapters, dates, frames of tables, intervals and settings are no people."""
    assert individual(HONEST[dress]) < 0.5


def test_an_odd_mark_is_told_by_its_number_in_each_line() -> None:
    """A mark that comes now twice and now four times parts no fields."""
    assert between_tabs([f"{place}\u00a7{place * 3 % 7}\u00a7x" for place in range(20)]).count("\n") == 19
    assert between_tabs(["a \u00a7 b"] + [f"see \u00a7{place}" + " and \u00a7 9" * (place % 4) for place in range(20)]) == ""


def test_values_are_gathered_by_record_and_by_variable() -> None:
    """Settings of a dozen things make rows, those of three do not; lists of unequal lengths stay lists."""
    assert gathered([f"p[{place}].age: {place + 30}\np[{place}].bmi: {place + 20}" for place in range(3)]) == ""
    assert (
        len(
            gathered(
                [line for place in range(14) for line in (f"p[{place}].age: {place + 30}", f"p[{place}].bmi: {place + 20}")]
            ).splitlines()
        )
        == 15
    )
    assert upright(["ages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12", "doses 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"]) == ""


def test_places_that_each_line_lists_become_states() -> None:
    """Sites at which each person differs are read as a row of states; chapters with a few pages each are not."""
    lines = [
        f"At sites {', '.join(str(place) for place in range(1, 60) if place * (line + 3) % 7 < 2)} it differs once; at {line % 5 + 1}, {line % 7 + 20}, {line + 31} twice."
        for line in range(20)
    ]
    told = told_places(lines)
    assert told.count("\n") == 19
    assert set(told) <= set("012\t\n")
    assert told_places([f"asthma, {line}, {line + 3}, see also wheeze, cough, cold, flu" for line in range(30)]) == ""


def test_people_behind_other_lines_are_found() -> None:
    """What stands behind many lines of prose, and in a later piece of a long text, is respelled too."""
    prose = ["Nothing is told here that could be a number."] * 400
    assert between_tabs([*prose, *("\u00a7".join(row) for row in PEOPLE)]).count("\n") == 39
    later = "\n" * (1 << 20) + "\n".join("\u00a7".join(row) for row in PEOPLE)
    assert sum(piece.count("\n") for piece in respelled(later)) == 39


def test_comments_of_markup_are_no_fields() -> None:
    """The dashes around a comment part nothing, those inside it do."""
    assert not between_tabs([f"<!-- 0.{at} -->" for at in range(12)])
    assert between_tabs([f"<!-- {40 + at}-{20 + at}-{100 + at}-F-{at} -->" for at in range(12)])
