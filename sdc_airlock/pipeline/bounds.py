"""How much of the tables of a request, and of earlier releases, goes to the checks of the request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedTable


def within_bounds(assessments: Iterable[Assessment], limits: Limits) -> tuple[Assessment, ...]:
    """The same assessments; tables beyond `limits.carried_request_cells` become marks that they could not be compared."""
    left = limits.carried_request_cells
    told = []
    for assessment in assessments:
        tables = tuple(_fitting(assessment.published, left))
        left -= sum(map(_size, tables))
        told.append(replace(assessment, published=tables))
    return tuple(told)


def compared(assessments: Iterable[Assessment], limits: Limits) -> tuple[Assessment, ...]:
    """Of files of earlier releases, what outputs are compared with: tables and gaps, and nothing of what checks said."""
    bare = (replace(each, runs=(), recognised=(), sessions=(), told=(), digests=()) for each in assessments)
    return within_bounds(bare, limits)


def _fitting(tables: Iterable[CarriedTable], left: int) -> Iterator[CarriedTable]:
    for table in tables:
        fits = _size(table) <= left
        left -= _size(table) if fits else 0
        yield table if fits else CarriedTable(part_id=table.part_id, overflow=True)


def _size(table: CarriedTable) -> int:
    return len(table.rows) * (len(table.columns) + len(table.stub))


__all__ = ["compared", "within_bounds"]
