"""Merging: rows go together with a neighbour under the same total until none is small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_small_row_joins_its_smaller_neighbour(mending: Callable[..., Any]) -> None:
    """Labels are joined, counts added, percentages worked out again; the total stays."""
    text = "age,n,%\nunder 40,40,20.0\n40 to 59,4,2.0\n60 to 79,96,48.0\n80 and over,60,30.0\nTotal,200,100.0\n"
    copy = mending(text, method="merge")
    assert copy.data.decode() == "age,n,%\nunder 40 + 40 to 59,44,22.0\n60 to 79,96,48.0\n80 and over,60,30.0\nTotal,200,100.0\n"


def test_merging_goes_on_until_no_count_is_small(mending: Callable[..., Any]) -> None:
    """Two small neighbours that are small together take a third."""
    text = "age,men,women,total\nunder 40,40,50,90\n40 to 59,2,3,5\n60 to 79,1,4,5\n80 and over,60,70,130\nTotal,103,127,230\n"
    rows = mending(text, method="merge").rows()
    assert rows[1] == ["under 40 + 40 to 59 + 60 to 79", "43", "57", "100"]
    assert len(rows) == 4


def test_labels_with_delimiters_are_quoted(mending: Callable[..., Any]) -> None:
    """A joined label that holds the delimiter is put in quotes."""
    text = 'place,cases\nNorth,40\n"South, coast",4\nEast,96\nTotal,140\n'
    assert '"North + South, coast",44\n' in mending(text, method="merge").data.decode()


def test_means_are_not_additive(mending: Callable[..., Any]) -> None:
    """A mean cannot be merged without its data."""
    text = "region,patients,mean age\nNorth,120,54.3\nSouth,4,61.0\nEast,95,48.8\nWest,77,52.1\n"
    assert "only counts can be merged" in mending(text, method="merge").refusal


def test_categories_of_different_parents_stay_apart(mending: Callable[..., Any]) -> None:
    """A district is merged with one of the same region only."""
    text = (
        "region,district,cases,controls\nNorth,A,60,40\nNorth,B,86,70\nNorth,Total,146,110\nSouth,C,4,30\nSouth,D,90,60\nSouth,E,50,65\nSouth,Total,144,155\n"
        "All,All,290,265\n"
    )
    copy = mending(text, method="merge")
    assert copy.refusal or "C + D,94,90" in copy.data.decode()


def test_a_small_total_is_refused(mending: Callable[..., Any]) -> None:
    """Where everything together is small no merging helps."""
    assert mending("age,n\nunder 40,1\n40 to 59,2\n60 to 79,3\nTotal,6\n", method="merge").refusal
