"""What stands where in a recognised table: counts that no header names, margins, labels of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Role
from sdc_airlock.recognise._keys import key_columns
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import FEW_LEVELS, Profile
from sdc_airlock.recognise.lexicon import is_total

_Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]

# a series that may as well be a table of groups is read as one
_MAYBE_GROUPS = 0.1


def counts_in_place(views: tuple[ColumnView, ...], typed: _Typed, kind: Kind, table: Table, groups: float) -> tuple[ColumnView, ...]:
    """Columns of whole numbers that no header explains are counts, in a table of groups: a gap in knowledge is not a pass.

    So are those of a series that has suppressed cells among them: nobody suppresses a temperature. Key columns (few levels that come again), attributes used as keys (age 40, 50, 60) and running numbers are left alone.
    """
    if kind not in (Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SERIES):
        return views
    grouped = kind is not Kind.SERIES or groups >= _MAYBE_GROUPS
    used = [(one, role) for one, role, _ in typed if role not in (Role.INDEX, Role.EMPTY)]
    keys = {id(one) for one in key_columns(used, table.sample_rows)} if any(role is Role.COUNT for _, role in used) else set()
    counted = any(role is Role.COUNT for _, role in used)
    first = used[0][0] if used else None
    changed = []
    for one, (prof, role, _) in zip(views, typed, strict=True):
        plain = role is Role.MEASURE and prof.whole and prof.non_negative and not prof.serial
        plain = plain and (grouped or prof.cells.share(CellKind.SUPPRESSED) > 0)
        level = "person_attribute" in prof.named and prof.levels <= FEW_LEVELS and prof.unique < 1
        level = level or ((bool(keys) or counted) and prof is first and _levels_in_turn(prof))
        level = level or (counted and table.named and not prof.name.strip() and _codes_in_turn(prof))
        if plain and id(prof) not in keys and not level and "not_people" not in prof.named:
            changed.append(replace(one, role=Role.COUNT, why=("whole numbers in a table of groups",)))
        else:
            changed.append(one)
    return tuple(changed)


def _levels_in_turn(prof: Profile) -> bool:
    """True for coded levels 1, 2, 3 ... (or from 0) with a word for their total, in the order in which programs print groups."""
    words = [prof.cells.text[code].strip() for code in prof.cells.codes.tolist()]
    totals = sum(is_total(word) for word in words)
    levels = [int(word) for word in words if word.isascii() and word.isdigit()]
    return (
        totals == 1
        and len(levels) == len(words) - 1 > 1
        and levels[0] in (0, 1)
        and levels == list(range(levels[0], levels[0] + len(levels)))
    )


def _codes_in_turn(prof: Profile) -> bool:
    """True for codes of levels printed with decimals (1.00, 2.00, 5.00), as SPSS and PSPP print values without labels; counts have none."""
    numbers = prof.numbers[np.isfinite(prof.numbers)]
    return len(numbers) > 1 and bool(np.all(prof.cells.places[np.isfinite(prof.numbers)] > 0)) and bool(np.all(np.diff(numbers) > 0))


def margins(table: Table, typed: _Typed) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of totals, by name and by arithmetic (body counted from 0)."""
    stubs = [one for one, role, _ in typed if not one.numeric and role is not Role.INDEX][:3]
    rows = (
        {
            row
            for one in stubs
            for row in np.flatnonzero(np.array([is_total(word) for word in one.cells.text], np.bool_)[one.cells.codes]).tolist()
        }
        if stubs and table.sample_rows
        else set()
    )
    columns = {place for place, (one, _, _) in enumerate(typed) if one.name and is_total(one.name)}
    numeric = [(place, one) for place, (one, role, _) in enumerate(typed) if one.numeric and one.whole and role is not Role.INDEX]
    if 3 <= len(numeric) <= 60 and 3 <= table.sample_rows <= 400:
        matrix = np.nan_to_num(np.column_stack([one.numbers for _, one in numeric]))
        if matrix[-1].sum() and np.array_equal(matrix[:-1].sum(axis=0), matrix[-1]):
            rows.add(table.sample_rows - 1)
        if matrix[:, -1].sum() and np.array_equal(matrix[:, :-1].sum(axis=1), matrix[:, -1]):
            columns.add(numeric[-1][0])
    return tuple(sorted(rows)), tuple(sorted(columns))


def row_labels(table: Table, typed: _Typed) -> tuple[str, ...]:
    """The label of each row: the text cells of its first one or two stub columns, for the researcher's own terminal."""
    stubs = [one for one, role, _ in typed if not one.numeric and role not in (Role.INDEX, Role.EMPTY, Role.IDENTIFIER, Role.DATE)][:2]
    if not stubs or table.sample_rows > 2000:
        return ()
    return tuple(", ".join(one.cells.text[one.cells.codes[row]] for one in stubs)[:60] for row in range(table.sample_rows))


__all__ = ["counts_in_place", "margins", "row_labels"]
