"""Effects by variant in the form in which fits are compared with each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from sdc_airlock.model.carried import CarriedFit
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import read_cells

_CARRIED = frozenset({Kind.SCORE_WEIGHTS, Kind.GWAS_SUMMARY_STATISTICS})
_EFFECTS = ("EFFECT_WEIGHT", "WEIGHT", "BETA", "A1EFFECT", "EFFECT", "B", "LOGOR", "LOG_ODDS", "HM_BETA")
_ALLELES = ("EFFECT_ALLELE", "A1", "ALLELE1", "EA", "ALT")
_PEOPLE = ("N", "NMISS", "OBS_CT", "TOTALSAMPLESIZE", "N_TOTAL", "SAMPLE_SIZE", "SAMPLESIZE")
_ROWS = 20_000
_KEPT = 200
_FEWEST = 20


def carried_fits(parts: Iterable[Recognised]) -> tuple[CarriedFit, ...]:
    """The effects of some variants of each table of them: those whose names come first in an order that all files share."""
    return tuple(
        made for part in parts if part.kind in _CARRIED and part.table is not None and (made := _fit(part, part.table)) is not None
    )


def _fit(part: Recognised, table: Table) -> CarriedFit | None:
    places = {view.name.strip().lstrip("#").upper(): place for place, view in reversed(list(enumerate(part.columns)))}
    effect = next((places[name] for name in _EFFECTS if name in places), None)
    names = _names(part, table, places)
    if effect is None or len(names) < _FEWEST:
        return None
    rows = sorted(range(len(names)), key=names.__getitem__)[:_KEPT]
    cells = read_cells(table.columns[effect].values)
    error = next((place for place, view in enumerate(part.columns) if view.role is Role.STANDARD_ERROR), None)
    errors = read_cells(table.columns[error].values).first[rows] if error is not None else np.zeros(0)
    return CarriedFit(
        part_id=part.part_id,
        names=tuple(names[row] for row in rows),
        effects=tuple(np.nan_to_num(cells.first[rows]).tolist()),
        errors=tuple(np.nan_to_num(errors).tolist()),
        unit=_unit(cells.text),
        people=_people(part, places),
    )


def _names(part: Recognised, table: Table, places: dict[str, int]) -> list[str]:
    """A digest of each variant and its effect allele."""
    marker = next((place for place, view in enumerate(part.columns) if view.role is Role.MARKER), None)
    columns = [marker] if marker is not None else [place for place, view in enumerate(part.columns) if view.role is Role.POSITION][:2]
    columns += [places[name] for name in _ALLELES if name in places][:1]
    if not columns:
        return []
    cells = [[str(cell or "") for cell in table.columns[place].values.slice(0, _ROWS).to_pylist()] for place in columns]
    return [
        hashlib.blake2b("\t".join(row).lower().encode("utf-8", "replace"), digest_size=8).hexdigest() for row in zip(*cells, strict=True)
    ]


def _unit(words: tuple[str, ...]) -> float:
    """One in the last digit of most effects."""
    units = []
    for word in words[:_KEPT]:
        head, _, power = word.lower().partition("e")
        digits = len(head.partition(".")[2])
        units.append(10.0 ** ((int(power) if power.lstrip("+-").isdigit() else 0) - digits))
    return float(np.median(units)) if units else 0.0


def _people(part: Recognised, places: dict[str, int]) -> float | None:
    numbers: list[ColumnView] = [part.columns[places[name]] for name in _PEOPLE if name in places]
    found = next((view.numbers for view in numbers if view.numbers is not None and np.isfinite(view.numbers).any()), None)
    return None if found is None else float(np.nanmax(found))


__all__ = ["carried_fits"]
