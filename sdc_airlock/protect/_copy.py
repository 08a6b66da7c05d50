"""From places in tables to places in the file, and the copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sdc_airlock.model.content import Content, Grid, GridSource
from sdc_airlock.model.mending import Done, Step
from sdc_airlock.protect import _text_copy, _workbook_copy
from sdc_airlock.protect._tables import Place, Refused, Tables


def copied(
    content: Content, tables: Tables, data: bytes, edits: Mapping[Place, str], gone: Sequence[tuple[int, int]] = ()
) -> tuple[bytes, list[Step]]:
    """The bytes of a copy, and what else had to be changed in it.

    Args:
        content: What was read.
        tables: Its tables.
        data: The bytes of the file.
        edits: New words by place.
        gone: Rows (table and body row) that are left out.

    Raises:
        Refused: the file cannot be written again with nothing else changed.
    """
    grids = {part.part_id: part for part in content.parts if isinstance(part, Grid)}
    times = Counter(part.part_id for part in content.parts if isinstance(part, Grid))
    by_grid: dict[str, dict[tuple[int, int], str]] = {}
    for (part, row, column), words in edits.items():
        name = _grid_of(tables.parts[part].part_id, grids, times)
        by_grid.setdefault(name, {})[tables.table(part).row_number(row) - grids[name].first_row, column] = words
    left_out: dict[str, list[int]] = {}
    for part, row in gone:
        name = _grid_of(tables.parts[part].part_id, grids, times)
        left_out.setdefault(name, []).append(tables.table(part).row_number(row) - grids[name].first_row)
    if content.file_type.label == "csv":
        if len(by_grid.keys() | left_out.keys()) != 1 or grids[next(iter(by_grid))].source is not GridSource.DELIMITED:
            raise Refused("its tables are not plain rows of cells")
        name = next(iter(by_grid))
        return _text_copy.written(data, grids[name], by_grid[name], left_out.get(name, ())), []
    if left_out:
        raise Refused("rows of a workbook cannot be merged; only cells of it are hidden or rounded")
    places = {
        name: {(grids[name].first_row + row, grids[name].first_column + column): words for (row, column), words in cells.items()}
        for name, cells in by_grid.items()
    }
    copy, formulas = _workbook_copy.written(data, _workbook_of(content, next(iter(by_grid))), places)
    told = [Step(part_id=name, done=Done.FORMULAS, column="", rows=(), count=count) for name, count in formulas.items()]
    return copy, told


def _workbook_of(content: Content, sheet: str) -> str:
    """Address of the workbook that a sheet is part of: the shortest of all."""
    known = [part.part_id.partition("!")[0] for part in content.parts]
    return next((name for name in known if sheet.startswith(f"{name}!")), sheet.partition("!")[0])


def _grid_of(part_id: str, grids: Mapping[str, Grid], times: Counter[str]) -> str:
    """The page that a table lies on."""
    name = part_id if part_id in grids else part_id.rpartition("#table")[0]
    if name not in grids:
        raise Refused("a table in it is no page of cells of its own")
    if times[name] > 1:
        raise Refused("cells of one sheet lie too far apart to be mended")
    return name


__all__ = ["copied"]
