"""Copies of delimited text: dialect, encoding, line ends, preamble and notes stay, byte for byte."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

COMMA = "region,cases,controls\nNorth,120,300\nSouth,4,280\nEast,95,210\nWest,77,190\n"


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (COMMA, "South,4,", "South,[c],"),
        (COMMA.replace(",", ";"), "South;4;", "South;[c];"),
        (COMMA.replace(",", "\t"), "South\t4\t", "South\t[c]\t"),
        (COMMA.replace(",", "|"), "South|4|", "South|[c]|"),
        (COMMA.replace(",", ", "), "South, 4,", "South, [c],"),
        (COMMA.replace("\n", "\r\n"), "South,4,", "South,[c],"),
        (COMMA.replace("\n", "\r"), "South,4,", "South,[c],"),
        (COMMA.removesuffix("\n"), "South,4,", "South,[c],"),
        ("sep=;\n" + COMMA.replace(",", ";"), "South;4;", "South;[c];"),
        ("# made by a script\n# 2024, second run\n" + COMMA, "South,4,", "South,[c],"),
        ("Cases by region\n\n" + COMMA + "\nNote: patients, all ages; one row a region\nSource: a register\n", "South,4,", "South,[c],"),
        (COMMA.replace("West,77", "Isle of W\u00f6rth,77"), "South,4,", "South,[c],"),
    ],
)
def test_only_the_hidden_cell_changes(text: str, old: str, new: str, mending: Callable[..., object]) -> None:
    """Whatever the dialect, the copy is the file with one cell replaced."""
    assert text.count(old) == 1
    assert mending(text).data.decode() == text.replace(old, new)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_stays(encoding: str, mending: Callable[..., object]) -> None:
    """Byte order marks and encodings are those of the file."""
    text = COMMA.replace("West", "Chalon-sur-Sa\u00f4ne")
    assert mending(text.encode(encoding)).data == text.replace("South,4,", "South,[c],").encode(encoding)


def test_quoted_cells_stay_quoted(mending: Callable[..., object]) -> None:
    """Quotes, doubled quotes, delimiters and line ends inside quotes are kept."""
    text = (
        '"region","cases","controls"\n"North","120","300"\n"South, ""inner""","4","280"\n"East\nand coast","95","210"\n"West","77","190"\n'
    )
    assert mending(text).data.decode() == text.replace('"4"', '"[c]"')


def test_two_tables_on_one_page(mending: Callable[..., object]) -> None:
    """Tables under each other are both mended, and the text between them stays."""
    text = "Table 1\n" + COMMA + "\nTable 2\nage,deaths\nunder 40,33\n40 to 59,7\n60 and over,210\n"
    assert mending(text).data.decode() == text.replace("South,4,", "South,[c],").replace("59,7", "59,[c]")


@pytest.mark.parametrize("data", [COMMA.replace("West", "W\0st").encode(), COMMA.encode()[:60] + b"\xff\xfe\x81" * 3 + COMMA.encode()[60:]])
def test_damaged_text_is_refused(data: bytes, mending: Callable[..., object]) -> None:
    """A file that cannot be written again as it is gives no copy."""
    copy = mending(data)
    assert copy.refusal
    assert not copy.data


@given(
    labels=st.lists(st.text(st.sampled_from("ab ,;\"'\u00e9"), min_size=1, max_size=8), min_size=5, max_size=9),
    ends=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_labels_of_any_kind_stay(labels: list[str], ends: str, delimiter: str, mending: Callable[..., object]) -> None:
    """However labels are quoted, the copy is refused or differs from the file in hidden cells alone."""
    quoted = ['"' + f"ward {number} {label}".replace('"', '""') + '"' for number, label in enumerate(labels)]
    rows = [f"{label}{delimiter}{4 if number == 2 else 40 + number}" for number, label in enumerate(quoted)]
    text = ends.join(["place" + delimiter + "cases", *rows]) + ends
    copy = mending(text)
    if copy.data:
        assert copy.data.decode() == text.replace(f"{quoted[2]}{delimiter}4{ends}", f"{quoted[2]}{delimiter}[c]{ends}")
    else:
        assert copy.refusal or not copy.mended.steps
