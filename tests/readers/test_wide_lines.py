"""Lines far longer than what a dialect is tried out on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Table
from sdc_airlock.readers import read
from sdc_airlock.readers._dialect import choose
from sdc_airlock.source import Source


def _lines(rows: int, width: int) -> list[str]:
    """Rows of numbers of several lengths."""
    rng = np.random.default_rng(4)
    return ["\t".join(f"{value:.6g}" for value in rng.normal(0, 0.1, width).tolist()) for _ in range(rows)]


def test_rows_of_many_cells_are_cut_into_cells() -> None:
    """Lines of 1,400 numbers of different lengths have the same number of cells, which no prefix of them has."""
    found = choose(_lines(12, 1_400))
    assert (found.delimiter, found.width) == ("\t", 1_400)


def test_a_large_square_of_numbers_is_a_table_of_as_many_columns(tmp_path: Path) -> None:
    """A kinship matrix of many people is not read as lines of words when it is too large for a grid."""
    path = tmp_path / "kinship.tsv"
    path.write_text("\n".join(_lines(120, 1_200)) + "\n", encoding="utf-8")
    source = Source.of_file(str(path), part_id="kinship.tsv", name="kinship.tsv", size=path.stat().st_size)
    content = read(source, identify(source), file_id="", limits=Limits(table_bytes=50_000))
    tables = [part for part in content.parts if isinstance(part, Table)]
    assert [len(table.columns) for table in tables] == [1_200]
