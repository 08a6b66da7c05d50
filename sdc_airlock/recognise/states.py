"""States of anything that can be laid out: fills of cells, looks of marks, lengths, heights. Their words say nothing, their shape does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from sdc_airlock.model.content import Table
from sdc_airlock.recognise._genotype_bytes import MOST_BYTES, states_of_bytes
from sdc_airlock.recognise._genotype_states import LEAST_CELLS, LEAST_SIDE, MOST_STATES, coded, folded, matrix_of, table_of_codes, usable
from sdc_airlock.recognise.genotype import SURE, genotype_shape

# tables that are laid beside each other are narrow and short
_MOST_COLUMNS, _MOST_ROWS = 4, 100_000
_PROBE = 200
# bytes from which states could be read: two bits each
LEAST_BYTES = LEAST_CELLS // 4


def state_table(part_id: str, rows: Sequence[Sequence[Hashable]], *, title: str = "") -> Table | None:
    """Rows of few different things as a table of codes, where they have the shape of genotypes.

    Args:
        part_id: Address of the table.
        rows: The things, row by row; None where there is none.
        title: What they are, in words.

    Returns:
        A table of the codes s1, s2 and s3 without names; None for any other rows.
    """
    codes = matrix_of(rows)
    laid = None if codes is None else usable(codes)
    return None if laid is None else _sure(table_of_codes(part_id, laid, title=title))


def run_table(part_id: str, things: Sequence[Hashable], *, title: str = "") -> Table | None:
    """Few different things in one run without row ends, cut into rows where that gives the shape of genotypes."""
    codes = coded(things)
    found = None if codes is None else folded(codes)
    return None if found is None else _sure(table_of_codes(part_id, found[0], title=title))


def byte_table(part_id: str, data: bytes, *, width: int = 0) -> Table | None:
    """Bytes as states, a byte or two bits each or in two planes of bits, where that gives the shape of genotypes.

    Args:
        part_id: Address of the table.
        data: The bytes; of very many, the first are looked at.
        width: Bytes of a row, 0 where that is not known.
    """
    import numpy as np

    numbers = np.frombuffer(data[:MOST_BYTES], dtype=np.uint8).astype(np.int64)
    best = None
    for codes in states_of_bytes(numbers, planes=True):
        for cut in {0, width * len(codes) // max(len(numbers), 1)}:
            found = folded(codes, width=cut)
            if found is not None and (best is None or found[1].log_odds > best[1].log_odds):
                best = found
    return None if best is None else _sure(table_of_codes(part_id, best[0], title="states in bytes"))


def stacked_tables(tables: Iterable[Table]) -> tuple[Table, Table] | None:
    """Narrow tables of one size, one a person or marker: a column of each, laid beside each other, where that has the shape of genotypes.

    Returns:
        The first of the tables, and the table of codes.
    """
    groups: dict[tuple[int, int], list[Table]] = defaultdict(list)
    for table in tables:
        if len(table.columns) <= _MOST_COLUMNS and LEAST_SIDE <= table.sample_rows <= _MOST_ROWS:
            groups[len(table.columns), table.sample_rows].append(table)
    for (width, _), alike in groups.items():
        for place in range(width if len(alike) >= LEAST_SIDE else 0):
            columns = [table.columns[place].values for table in alike]
            if len({value for column in columns for value in column[:_PROBE].to_pylist()}) <= MOST_STATES:
                rows = [column.to_pylist() for column in columns]
                if (found := state_table(alike[0].part_id, rows)) is not None:
                    return alike[0], found
    return None


def _sure(table: Table) -> Table | None:
    shape = genotype_shape(table)
    return table if shape is not None and shape.score >= SURE else None


__all__ = ["LEAST_BYTES", "LEAST_CELLS", "MOST_BYTES", "byte_table", "run_table", "stacked_tables", "state_table"]
