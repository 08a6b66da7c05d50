"""Scripts that libraries publish are known by their digest, and by nothing else."""

from __future__ import annotations

import json

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, Table, TextPart
from sdc_airlock.readers import _published, read
from sdc_airlock.source import Source

LIBRARY = "/*! drawing.js v3.1.0 */\n" + "\n".join(
    f"var shape{at} = [[{at}, {at * 7 % 91}, 'F'], [{at + 1}, {at * 5 % 83}, 'M']];" for at in range(60)
)
PEOPLE = f"var rows = {json.dumps([[10_000 + 77 * at, 30 + at % 50, 'FM'[at % 2]] for at in range(40)])};"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library stands in the table of published ones."""
    table = {_published.digest(LIBRARY): "drawing.js 3.1.0"}
    monkeypatch.setattr(_published, "known", lambda: table)


def tables(text: str, name: str) -> int:
    """Number of tables and grids that are read of a file."""
    source = Source.of_bytes(text.encode(), part_id=name, name=name)
    return sum(isinstance(part, Table | Grid) for part in read(source, identify(source), file_id="", limits=Limits()).parts)


def page(*scripts: str) -> str:
    """A page with scripts."""
    return (
        "<!DOCTYPE html><html><head>"
        + "".join(f"<script>{script}</script>" for script in scripts)
        + "</head><body><p>A plot.</p></body></html>"
    )


@pytest.mark.usefixtures("known")
def test_a_published_library_is_searched_for_nothing() -> None:
    """In a page and as a file of its own, with whatever line ends, a library is told by its name."""
    assert tables(page(LIBRARY), "a.html") == 0
    assert tables(page(f"\n{LIBRARY}\n".replace("\n", "\r\n")), "a.html") == 0
    source = Source.of_bytes(LIBRARY.encode(), part_id="a.js", name="a.js")
    (part,) = read(source, identify(source), file_id="", limits=Limits()).parts
    assert isinstance(part, TextPart)
    assert part.text == "drawing.js 3.1.0"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "text",
    [
        page(f"{LIBRARY}\n{PEOPLE}"),
        page(LIBRARY, PEOPLE),
        page(LIBRARY.replace("'F'", "'M'", 1)),
        page(f"/*! drawing.js v3.1.0 */\n{PEOPLE}"),
        page(LIBRARY).replace("A plot.", "<table><tr><td>id</td><td>age</td></tr><tr><td>1</td><td>60</td></tr></table>"),
    ],
    ids=["behind it", "beside it", "one letter changed", "its banner alone", "below it"],
)
def test_data_with_a_library_are_read(text: str) -> None:
    """Data behind or beside a library, or under its banner, are read as ever."""
    assert tables(text, "a.html") > 0


def test_the_table_of_published_scripts() -> None:
    """Every line is a digest and a release, each digest once."""
    known = _published.known()
    assert all(len(key) == 64 and int(key, 16) and words for key, words in known.items())
    assert len(known) > 50
    assert not _published.digest("short")
    assert not _published.published(LIBRARY)
