"""Records of people and genotypes written so that they pass for code, a log or prose; each was released once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Unread, UnreadReason
from sdc_airlock.model.decision import Outcome
from sdc_airlock.readers import _literals, read
from sdc_airlock.readers import text as text_reader
from sdc_airlock.source import Source

HEADER = "pid,age,sex,bmi,dx,admitted"


@pytest.fixture
def held(staged, judge) -> Callable[[str, str, str], None]:
    """Asserts that a text is not released, and that the named check speaks."""

    def assert_held(name: str, text: str, check_id: str = "individual_rows") -> None:
        outcome, spoke = judge(staged(text.encode(), name))
        assert outcome is not Outcome.RELEASE
        assert check_id in spoke

    return assert_held


@pytest.fixture
def released(staged, judge) -> Callable[[str, str], None]:
    """Asserts that a text of the same look without people in it is released."""

    def assert_released(name: str, text: str) -> None:
        outcome, spoke = judge(staged(text.encode(), name))
        assert (outcome, spoke) == (Outcome.RELEASE, set())

    return assert_released


def opened(text: str, name: str) -> Content:
    """What the readers say of a text."""
    source = Source.of_bytes(text.encode(), part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


def lines(people, template: str) -> str:
    """One line a person."""
    return "".join(template.format(*person) + "\n" for person in people)


# in code


def test_dictionaries_in_one_line_of_code(held, records) -> None:
    """A list of dictionaries in a script of one line is no table of one row."""
    held("script.py", f"data = {records!r}\n")


def test_rows_behind_a_name_in_a_text(held, people) -> None:
    """Nested brackets in one line that passes for delimited text are searched too."""
    held("notes.txt", f"data: {[list(person) for person in people]!r}\n")


def test_matrix_in_one_line_of_code(held, states) -> None:
    """A matrix of genotypes in one line, its first row a row like the others."""
    held("g.py", f"G = {json.dumps(states)}\n", "genotypes")
    held("gnp.py", f"import numpy as np\nG = np.array({json.dumps(states)})\n", "genotypes")


def test_matrix_with_semicolons(held, states, people) -> None:
    """Matrices as MATLAB writes them."""
    held("g.m", "A = [" + "; ".join(" ".join(map(str, row)) for row in states) + "];\n", "genotypes")
    held("a.m", "A = [\n" + lines(people, "{1} {3} 1 0") + "];\nB = mean(A);\n")


def test_json_and_csv_in_strings(held, records, people) -> None:
    """Tables in strings, whether their line ends are real or written as escapes."""
    held("a.py", f'import json\nD = json.loads("""{json.dumps(records)}""")\n')
    held("b.py", f"import json\nD = json.loads('{json.dumps(records)}')\n")
    held("c.py", 'import io\nD = "' + HEADER + "\\n" + lines(people, "{},{},{},{},{},{}").replace("\n", "\\n") + '"\n')


def test_lines_of_data_in_sas(held, people) -> None:
    """Short tokens between the statements of SAS."""
    held("analysis.sas", "data a;\ninput id $ age sex $;\ndatalines;\n" + lines(people, "{} {} {}") + ";\nrun;\n")


def test_input_in_stata(held, people) -> None:
    """Lines between `input` and `end`."""
    held("load.do", "use x\n\ninput str8 id age str1 sex str3 dx\n" + lines(people, "{0} {1} {2} {4}") + "end\nsummarize age\n")


def test_statements_that_insert(held, people) -> None:
    """A dump of a database, one statement a row."""
    held("dump.sql", lines(people, "INSERT INTO patients VALUES ('{}', {}, '{}', {}, '{}', '{}');"))


def test_dput_and_tribble(held, people) -> None:
    """Data frames that R prints as code."""
    columns = (
        ", ".join(f'"{person[0]}"' for person in people),
        ", ".join(f"{person[1]}L" for person in people),
        ", ".join(str(person[3]) for person in people),
    )
    frame = 'structure(list(id = c({}), age = c({}), bmi = c({})), row.names = c(NA, -40L), class = "data.frame")\n'.format(*columns)
    held("d.txt", frame)
    held("d.R", f"d <- {frame}")
    held("t.R", "library(tibble)\nd <- tribble(\n  ~pid, ~age, ~dx,\n" + lines(people, '  "{0}", {1}, "{4}",') + ")\n")


def test_brackets_that_never_close(held, records) -> None:
    """A comment full of open brackets does not hide what follows."""
    held("a.py", "# " + "(" * 120 + f"\ndata = {records!r}\n")


# beside lines of features


def test_records_among_sparse_lines(held, people) -> None:
    """Lines of another form among those of a label and its features, and comments behind them, are read."""
    features = [f"{place % 2} " + " ".join(f"{each}:1" for each in range(1 + place % 3, 9, 2)) for place in range(2_000)]
    own = [" ".join(map(str, person)) for person in people]
    held("train.csv", "\n".join([*features[:1_000], *own, *features[1_000:]]) + "\n", "individual_rows")
    behind = [f"{line} # {record}" for line, record in zip(features, own, strict=False)]
    for lines in (behind, [*features, *own]):
        content = opened("\n".join(lines) + "\n", "train.csv")
        assert any(own[0].split()[0] in str(getattr(part, "rows", "")) for part in content.parts if "!aside" in part.part_id)


def test_features_that_are_not_laid_out_are_told() -> None:
    """Of records with more features than are laid out the rest is a gap."""
    content = opened("".join(f"1 {3 * line}:1 {3 * line + 1}:0.5 {3 * line + 2}:2\n" for line in range(1, 900)), "train.csv")
    assert "features" in [gap.limit_name for gap in content.unread]


# in logs and notebooks


def test_dictionaries_printed_by_a_notebook(held, records) -> None:
    """One printed dictionary a line."""
    output = {"output_type": "stream", "name": "stdout", "text": [f"{record}\n" for record in records[:8]]}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["for r in rows: print(r)"], "outputs": [output]}
    held("a.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))


def test_json_in_a_log(held, records) -> None:
    """Objects at the ends of the lines of a log."""
    body = "".join(f"2024-01-01 10:00:{place:02d} DEBUG row {json.dumps(record)}\n" for place, record in enumerate(records))
    held("run.log", f"INFO begin\n{body}INFO end\n")


def test_named_values_in_a_log(held, people) -> None:
    """Named values behind time stamps."""
    held(
        "run.log", "INFO start\n" + lines(people, "2024-01-01 10:00:00 INFO processing patient={0} age={1} sex={2} dx={4}") + "INFO done\n"
    )


def test_inline_yaml(held, people) -> None:
    """A list of people in a block of settings."""
    body = lines(people, "  - {{pid: {0}, age: {1}, sex: {2}, dx: {4}}}")
    held("notes.md", f"# Settings\n\nText.\n\n```yaml\npeople:\n{body}```\n")


def test_progress_in_a_log_passes(released) -> None:
    """Logs of a training run and of a program's progress hold the same shapes, and no people."""
    rates = [1 / (step + 2) for step in range(40)]
    released(
        "train.log", "".join(f"2024-01-01 10:{step:02d}:00 INFO epoch={step} loss={rate:.4f} lr=0.001\n" for step, rate in enumerate(rates))
    )
    released(
        "load.log",
        "".join(
            f"2024-01-01 10:{step:02d}:00 INFO Loaded chunk {step} of 40 with {4000 + step * 37 % 900} rows in {rate:.2f} seconds\n"
            for step, rate in enumerate(rates)
        ),
    )


# in prose


def test_one_sentence_a_person(held, people) -> None:
    """The same sentence with another person in it, on lines of its own or in one paragraph."""
    told = [
        f"Patient {place} ({sex}, {age} years, {code}) was admitted on {day}."
        for place, (_, age, sex, _, code, day) in enumerate(people, start=1)
    ]
    held("cases.txt", "Summary of the admissions to the three wards.\n\n" + "\n".join(told) + "\n")
    held("cases.md", "# Cases\n\n" + " ".join(told[:20]) + "\n")


def test_tokens_in_prose(held, people) -> None:
    """Short tokens below a sentence, a line each or one behind the other."""
    held("a.txt", "Values to check by eye, as was agreed.\n\n" + lines(people, "{0} {1} {2} {4} {5}") + "\nThese were fine, we think.\n")
    held("b.txt", "Report\n\n" + "; ".join(f"{person[0]} {person[1]} {person[2]}" for person in people) + "\n")


# strings of states


def test_strings_of_own_symbols(held, states) -> None:
    """One string of three symbols a person, in text, in one column and in code."""
    strings = ["".join("XYZ"[state] for state in row) for row in states]
    held("long.txt", "\n".join(string * 2 for string in strings), "genotypes")
    held("short.txt", "\n".join(strings), "genotypes")
    held("dashes.txt", "Some text.\n\n" + "\n".join(string.translate(str.maketrans("XYZ", "-+*")) for string in strings), "genotypes")
    held("list.py", "G = [" + ", ".join(f'"{string}"' for string in strings) + "]\n", "genotypes")


def test_pictures_of_characters_pass(released) -> None:
    """A disc drawn in characters is a picture, and no person a line."""
    rows = ("".join("#" if (x - 30) ** 2 / 4 + (y - 10) ** 2 < 60 else "." for x in range(70)) for y in range(20))
    released("art.txt", "\n".join(rows) + "\n")


# limits


def test_records_behind_many_others(records) -> None:
    """Records that come behind those of sixty other shapes, each with a name of its own, are put together all the same."""
    others = (json.dumps({f"{letter}{shape}": 1 for letter in "abc"}) for shape in range(60) for _ in range(5))
    mine = (json.dumps({**record, f"note{place}": "x"}) for place, record in enumerate(records))
    blocks = _literals.literal_tables("\n".join([*others, *mine]), code=False).blocks
    assert max(len(block.rows) for block in blocks) == len(records) + 1


def test_records_of_too_many_shapes_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the names of records were not all compared, the search is not complete."""
    monkeypatch.setattr(_literals, "_COMPARED", 10)
    text = "\n".join(json.dumps({f"{letter}{shape}": 1 for letter in "abc"}) for shape in range(60))
    assert not _literals.literal_tables(text, code=False).complete


def test_code_beyond_the_limit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that is searched in part only leaves a gap."""
    for module in (_literals, text_reader):
        monkeypatch.setattr(module, "LITERAL_CHARACTERS", 6_000)
    text = "x = 1\n" * 1_001
    source = Source.of_bytes(f"import os\n{text}".encode(), part_id="a.py", name="a.py")
    content = read(source, identify(source), file_id="", limits=Limits())
    assert any(isinstance(gap, Unread) and gap.why is UnreadReason.LIMIT for gap in content.unread)


# what code and definitions hold


def test_values_to_try_are_no_records(released) -> None:
    """Strengths that a call tries, parameters of distributions, edges between nodes and cases of a definition are of nobody."""
    released("try.py", "result = refute(on_treatment=[0.001, 0.005, 0.01, 0.02],\n                on_outcome=[0.001, 0.005, 0.01, 0.02])\n")
    drawn = "".join(
        f"        'service {at}': halfnorm.rvs(size=count, loc={0.1 + 0.4 * (at % 2)}, scale=0.{1 + at % 2}),\n" for at in range(11)
    )
    released("draw.py", f"def draw(count):\n    return {{\n{drawn}    }}\n")
    released("graph.py", 'import graphs\n\nedges = [("X", 0, 10), ("Y", 0, 100)]\n\n\ndef plot():\n    return graphs.draw(edges)\n')
    cases = "".join(f"Else if Condition = {at % 2} and Treatment = {at // 2} then Vision = N {'+-'[at % 2]} P\n\n" for at in range(6))
    released("model.md", f"# The model\n\nWhat the treatment does depends on the condition, as follows.\n\n{cases}")
    released(
        "guide.md",
        "# Variables\n\n| Variable name | Data type | Meaning |\n|---|---|---|\n| $Z_i$ | float | Instrument |\n| $v_0$ | float | Dose |\n| $y$ | float | Outcome |\n",
    )


def test_records_in_calls_are_records(held, people) -> None:
    """Twenty people, each in a call that also takes a variable, and dozens of cases that each are a person."""
    calls = "".join(f"add(book, id={pid!r}, age={age}, bmi={bmi}, dx={dx!r})\n" for pid, age, _, bmi, dx, _ in people[:20])
    held("people.py", f"book = Book()\n{calls}")


def test_records_that_look_like_settings(held, people) -> None:
    """People in the order of their numbers and ages, in calls that take a variable, and quoted in what a script says, are records."""
    ages = list(range(30, 75, 3))
    held(
        "frame.py",
        f"import pandas as pd\n\ndf = pd.DataFrame({{'id': {[100 + 7 * at for at in range(len(ages))]}, 'age': {ages}}})\nprint(df.mean())\n",
    )
    calls = "".join(
        f"add(book, age={34 + 11 * (at % 2)}, bmi={21 + 8 * (at // 2 % 2)}, dx={('C50', 'I10')[at // 4 % 2]!r})\n" for at in range(20)
    )
    held("book.py", f"book = Book()\n{calls}")
    held("say.sh", "#!/bin/bash\n" + lines(people, """echo "'{0}','{1}','{2}','{4}'" """))
