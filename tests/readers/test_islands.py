"""Values that scripts of a page carry."""

from __future__ import annotations

import json

import pytest

from sdc_airlock.readers._islands import islands

RECORDS = [{"age": 61, "sex": "F", "sbp": 141}, {"age": 44, "sex": "M", "sbp": 122}, {"age": 58, "sex": "F", "sbp": 133}]


@pytest.mark.parametrize("indent", [None, 1, 2])
@pytest.mark.parametrize("before", ["", "\n  ", "var d = ", "draw("])
def test_a_list_of_records_is_one_value(before: str, indent: int | None) -> None:
    """A list is one value, not a value for each record in it, wherever it stands and however it is written."""
    found, _ = islands(before + json.dumps(RECORDS, indent=indent) + ("" if before.strip() != "draw(" else ");"))
    assert found == [RECORDS]
