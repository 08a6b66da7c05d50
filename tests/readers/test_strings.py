"""Records in one string, in wrapped lines, vectors or attributes come out as grids; what such places usually hold does not."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, GridSource, OddityKind
from sdc_airlock.readers import read
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._quoted import wrapped_blocks
from sdc_airlock.readers._strings import column_blocks, string_blocks
from sdc_airlock.readers._tidy import recorded, without_words
from sdc_airlock.readers._vectors import vector_blocks
from sdc_airlock.source import Source

_chance = random.Random(7)
PEOPLE = [
    (
        f"P{_chance.randint(1, 9)}{10_000 + 7 * number}",
        _chance.choice("FM"),
        _chance.randint(20, 90),
        round(_chance.gauss(27, 4), 1),
        _chance.choice(["I10", "E11.9", "J45.0"]),
    )
    for number in range(40)
]
ROWS = [",".join(map(str, person)) for person in PEOPLE]
TABLE = "id,sex,age,bmi,dx\n" + "\n".join(ROWS) + "\n"


def opened(data: str, name: str) -> Content:
    """What is read of a file."""
    source = Source.of_bytes(data.encode(), part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


def widest(content: Content) -> int:
    """Rows of the longest grid with five columns or more."""
    return max((len(part.rows) for part in content.parts if isinstance(part, Grid) and len(part.rows[-1]) >= 5), default=0)


@pytest.mark.parametrize("between", ["\n", "\r\n", "; ", ";", "\\n", "<br>", "<br/>", " | ", "~", "\x1e", "  ", " // ", "$"])
def test_rows_of_one_string(between: str) -> None:
    """Whatever parts the rows of a string, they are found."""
    (block, *_) = string_blocks(between.join(ROWS))
    assert len(block.rows) >= len(PEOPLE) - 1
    assert len(block.rows[-1]) == 5


@given(st.sampled_from([";", "|", "~", "$"]), st.integers(12, 40))
def test_any_number_of_rows(between: str, count: int) -> None:
    """The number of rows does not matter once there are several."""
    blocks = string_blocks(between.join(ROWS[:count]))
    assert sum(len(block.rows) for block in blocks) >= count - 1


@pytest.mark.parametrize(
    "text",
    [
        "As described (" + "; ".join(f"Author {place} et al., {1990 + place}" for place in range(25)) + ").",
        "Ratios: " + "; ".join(f"term {place} {1 + place / 50:.2f}" for place in range(20)) + ".",
        "; ".join(f"level {a} of {b}, wave {c}" for a in range(4) for b in range(3) for c in range(2)),
        "one sentence. " * 30,
        "12345 " * 60,
    ],
)
def test_lists_in_one_string(text: str) -> None:
    """Citations, designs and running text are no records."""
    assert not string_blocks(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'model,auc,note\nlasso,0.81,"' + TABLE + '"\nridge,0.79,\n'),
        ("a.json", json.dumps({"auc": 0.81, TABLE: 1})),
        ("a.html", f"<html><head><style>/* {TABLE} */</style></head><body><p>Text.</p></body></html>"),
        ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>{TABLE}</desc></svg>'),
        ("Makefile", "all:\n" + "".join(f"\t@echo '{row}'\n" for row in ROWS)),
        ("a.txt", "; ".join(ROWS) + "\n"),
        ("a.log", "".join(f"\r{place:3d}%|{'#' * (place // 10):10}| {row.replace(',', ' ')}" for place, row in enumerate(ROWS)) + "\n"),
        (
            "a.html",
            "<html><body>" + "".join(f'<i class="{a} s{b} a{c} b{d} d{e}"></i>' for a, b, c, d, e in PEOPLE) + "<p>Text.</p></body></html>",
        ),
    ],
)
def test_places_that_nobody_reads(name: str, text: str) -> None:
    """A table in a cell, a key, a comment, a description, commands, states or classes is a grid like any other."""
    assert widest(opened(text, name)) >= len(PEOPLE) - 1


def test_column_of_records() -> None:
    """Cells of one column that hold a record each are a table of their own."""
    (block,) = column_blocks([row.replace(",", " ") for row in ROWS])
    assert len(block.rows) == len(PEOPLE)


@pytest.mark.parametrize(
    "cell", ["HHS Region {0:02d} of 10", "factor(age)[{1}-{2}]:area {3}", "CI_{0:07d}: {4} {5}", "2024-01-{3:02d} week {3}"]
)
def test_columns_of_labels(cell: str) -> None:
    """Labels of regions, terms, periods and codes are no records."""
    months = ("Jan", "Feb", "Mar", "Apr")
    cells = [
        cell.format(place, 20 + place // 4, 24 + place // 4, 1 + place % 4, months[place % 4], 1990 + place // 4) for place in range(48)
    ]
    assert not column_blocks(cells)


@pytest.mark.parametrize("before", ["\t@echo '", 'print("', "REM note '", "logger.info('"])
def test_wrapped_lines(before: str) -> None:
    """What all lines wrap in the same words is read without them."""
    quote = before[-1]
    (block, *_) = wrapped_blocks([f"{before}{row}{quote}" for row in ROWS])
    assert len(block.rows[-1]) == 5


def test_vectors_side_by_side() -> None:
    """Vectors that R prints one below the other are columns, with the names of what was printed."""
    lines: list[str] = []
    for name, place in (("age", 2), ("bmi", 3)):
        values = [str(person[place]) for person in PEOPLE]
        lines.append(f"> d${name}")
        lines += [f" [{start + 1}] " + " ".join(values[start : start + 10]) for start in range(0, len(values), 10)]
    (block,) = vector_blocks(lines)
    assert block.rows[0] == ("age", "bmi")
    assert len(block.rows) == len(PEOPLE) + 1


def test_named_vectors() -> None:
    """Lines of a name and as many values are columns."""
    (block,) = vector_blocks(["order: " + " ".join(map(str, range(40))), "ids: " + " ".join(person[0] for person in PEOPLE)])
    assert block.rows[0] == ("order", "ids")


def test_str_of_r_is_no_vector() -> None:
    """The first ten values that `str` shows are too few."""
    assert not vector_blocks([f" $ {name} : int  1 2 3 4 5 6 7 8 9 10 ..." for name in ("age", "fu", "ps")])


def test_letters_around_numbers_go() -> None:
    """Units and prefixes do not hide that a column is numbers; the letters of names stay."""
    rows = tuple((a, f"s{b}", f"{c}y", f"b{d}".replace(".", "p")) for a, b, c, d, _ in PEOPLE)
    block = recorded(Block(0, 40, rows, GridSource.RECORDS), 3)
    assert block is not None
    assert block.rows[0] == (PEOPLE[0][0], f"s{PEOPLE[0][1]}", str(PEOPLE[0][2]), str(PEOPLE[0][3]))


def test_designs_are_no_records() -> None:
    """Rows that a program counts through are told from records."""
    design = tuple((str(a), str(b), str(c)) for a in range(3) for b in range(4) for c in range(5))
    rising = tuple((str(place), str(3 * place), str(4 * place)) for place in range(30))
    assert recorded(Block(0, 60, design, GridSource.RECORDS), 3) is None
    assert recorded(Block(0, 30, rising, GridSource.RECORDS), 3) is None


def test_words_become_headers() -> None:
    """Words that every cell of a column repeats are its header."""
    rows = [(f"age {c}", f"bmi {d}", f"dx {e}") for _, _, c, d, e in PEOPLE]
    assert without_words(rows)[:2] == (("age", "bmi", "dx"), tuple(map(str, PEOPLE[0][2:])))


def test_reversed_encoding() -> None:
    """Base64 written backwards is read, however uneven the text is."""
    genotypes = "\n".join(" ".join(_chance.choice("012") for _ in range(40)) for _ in range(40))
    content = opened(base64.b64encode(f"sample variant genotypes\n{genotypes}\n".encode()).decode()[::-1] + "\n", "a.txt")
    assert any(oddity.kind is OddityKind.ENCODED_BLOB for oddity in content.oddities)


def test_encoded_text_that_is_hardly_words() -> None:
    """A decoded text is read even where nearly all of it is one more run of letters."""
    inner = base64.b64encode(TABLE.encode() * 4).decode()
    content = opened(base64.b64encode(f"2024-05-01 DEBUG state={inner}\n".encode()).decode() + "\n", "a.txt")
    assert widest(content) >= len(PEOPLE)
    uneven = base64.b64encode(TABLE.encode() + bytes(6000)).decode()
    content = opened(base64.b64encode(f"2024-05-01 DEBUG state={uneven}\n".encode()).decode() + "\n", "a.txt")
    assert any(oddity.kind is OddityKind.ENCODED_BLOB for oddity in content.oddities)


def test_long_run_of_few_digits() -> None:
    """A thousand digits of three kinds are no number."""
    content = opened("state " + "".join(_chance.choice("0012") for _ in range(1000)) + "\n", "a.txt")
    assert any(oddity.kind is OddityKind.ENCODED_BLOB for oddity in content.oddities)


FILLER = " ".join(_chance.choices("model of the adjusted results in 2024 table 5 3 analysis and age sex for".split(), k=200))


def test_records_behind_many_other_strings() -> None:
    """Long strings of other build before them hide no records."""
    notes = [f"{FILLER[: 400 + 3 * place]}. Part {place}" for place in range(120)]
    text = json.dumps({"notes": notes, "more": " | ".join(ROWS)})
    assert widest(opened(text, "notes.json")) >= len(PEOPLE) - 1


def test_strings_that_were_not_searched_are_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more strings of different build than are searched, the rest is said to be unread."""
    monkeypatch.setattr("sdc_airlock.readers._carried._MOST_STRINGS", 3)
    content = opened(json.dumps({"notes": [between.join(ROWS) for between in ("; ", "<br>", " | ", "~", "$")]}), "notes.json")
    assert "strings" in [gap.limit_name for gap in content.unread]


def test_records_in_the_lower_cells_of_a_column() -> None:
    """A column of words that turns into records further down is read from there."""
    cells = [f"see the note on table {place % 7}" for place in range(480)] + ROWS
    assert max(len(block.rows) for block in column_blocks(cells)) >= len(PEOPLE) - 1


def test_records_in_cells_side_by_side() -> None:
    """Several columns of few rows whose cells hold a record each are read as one list."""
    lines = [",".join(f'"{row}"' for row in ROWS[start : start + 8]) for start in range(0, 40, 8)]
    found = [part for part in opened("\n".join(lines) + "\n", "notes.csv").parts if isinstance(part, Grid) and "!cells" in part.part_id]
    assert [len(grid.rows) for grid in found] == [len(PEOPLE)]


def test_records_in_wrapped_lines_far_down() -> None:
    """What wrapped lines say is searched to the end."""
    lines = ["echo 'nothing to see here'"] * 30 + [f"echo '{row}'" for row in ROWS]
    (block,) = wrapped_blocks(lines)
    assert len(block.rows) >= len(PEOPLE) - 1


@pytest.mark.no_cover
def test_elements_far_down_a_page() -> None:
    """Records in attributes are found behind a megabyte of other page."""
    tiles = "".join(f'<i data-a="{age}" data-b="{bmi}" data-c="{sex}{dx}"></i>' for _, sex, age, bmi, dx in PEOPLE)
    page = f"<html><body>{'<p>nothing to see here</p>' * 50_000}{tiles}</body></html>"
    grids = [part for part in opened(page, "page.html").parts if isinstance(part, Grid) and "!elements" in part.part_id]
    assert [len(grid.rows) for grid in grids] == [len(PEOPLE)]


def test_pages_of_too_many_elements_are_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with more elements than are compared is not complete."""
    monkeypatch.setattr("sdc_airlock.readers._crafted._MOST", 20)
    tiles = "".join(f'<i data-a="{age}" data-b="{bmi}" data-c="{sex}"></i>' for _, sex, age, bmi, _ in PEOPLE)
    assert "elements" in [gap.limit_name for gap in opened(f"<html><body>{tiles}</body></html>", "page.html").unread]


def test_labels_of_a_dictionary_are_no_records() -> None:
    """Labels that differ by a year alone are no rows of people."""
    labels = ["=1 if have enterprise zone", *(f"=1 if year == {year}" for year in range(1980, 1992))]
    assert column_blocks(labels) == []


@pytest.mark.parametrize(
    "record",
    [lambda person: dict.fromkeys(map(str, person[1:]), "ok"), lambda person: {person[1]: {person[2]: {person[3]: {person[4]: 1}}}}],
    ids=["side by side", "inside each other"],
)
def test_records_told_by_keys(record: Callable[[tuple[object, ...]], object]) -> None:
    """Objects whose keys are the data are rows."""
    text = json.dumps({"outcome": {str(person[0]): record(person) for person in PEOPLE}})
    assert widest(opened(text, "outcome.json")) >= len(PEOPLE) - 1


def test_flags_by_name_are_no_records() -> None:
    """Features switched on for each of some machines are settings."""
    flags = ["cache", "retry", "trace", "proxy", "strict"]
    text = json.dumps({f"host{place}": dict.fromkeys(flags[: 1 + place % 5], True) for place in range(30)})
    assert widest(opened(text, "hosts.json")) == 0


def test_the_first_word_of_rows_between_tabs_wraps_nothing() -> None:
    """Results by feature, most of which are called `Clostridium cluster ...`, are one table; the same lines as a program's remarks are read."""
    rows = [f"Clostridium cluster {at}\tbmi[T.obese]\t{at / 70:.5f}\t{at / 90:.5f}\t{at % 7 / 9:.4f}" for at in range(1, 60)]
    assert not wrapped_blocks(["FeatureID\tCovariate\tlfc\tse\tp", *rows])
    assert wrapped_blocks([f"REM {7 * number},{number % 60 + 20},{'FM'[number % 2]},C{number % 90 + 10}" for number in range(4000, 4060)])


def test_quoted_cells_wrap_nothing() -> None:
    """Rows of which many begin alike and whose cells are in quotes are one table."""
    rows = [f'40,"{at % 4}","{at % 9}",{at},"State {at}",{at * 98_317},"S{at}"' for at in range(50)]
    assert not wrapped_blocks(['"SUMLEV","REGION","DIVISION","STATE","NAME","POP","ABBR"', *rows])
    spoken = [f"""cat("{number * 7},{number % 60 + 20},{"FM"[number % 2]},C{number % 90 + 10}\\n")""" for number in range(4000, 4060)]
    assert wrapped_blocks(spoken)


def test_names_of_sequences_are_no_records() -> None:
    """Names of contigs, and other names of the same sequence in one cell, are no fields of people."""
    contigs = [f"chr{1 + at % 22}_KI{270_706 + at}v1_random" for at in range(60)]
    aliases = [f"{1 + at % 22},CM{at:06d}.2,NC_{at:06d}.11" for at in range(60)]
    assert not column_blocks(contigs)
    assert not column_blocks(aliases)
