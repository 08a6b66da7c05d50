"""Mending: what of a table must be hidden, rounded or merged so that it may go, and a copy in which it is; the rest of the file stays as it was.

Everything here works on bytes and parts that were read, and writes nothing. Whether a copy is safe is not taken from here either: the copy is judged like any output.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from sdc_airlock.model.content import Content
from sdc_airlock.model.mending import Done, Mended, Method, Step, Wanted
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.protect._copy import copied
from sdc_airlock.protect._tables import Place, Refused, Tables, tables_of
from sdc_airlock.protect.merging import merged
from sdc_airlock.protect.rounding import rounded, text_of
from sdc_airlock.protect.suppress import choose

_LISTED = 50
_USUAL_BASE = 5
MOST_BYTES = 32 << 20


def mend(content: Content, recognised: tuple[Recognised, ...], data: bytes, wanted: Wanted, *, seconds: float) -> Mended:
    """A copy of an output in which nothing is left that the profile does not let through, as far as hiding, rounding or merging can do it.

    Args:
        content: What the readers said.
        recognised: What each part is.
        data: The bytes of the file.
        wanted: How it is to be mended.
        seconds: Time that the search may take.
    """
    method = wanted.method or usual(wanted)
    try:
        _refuse_format(content, data)
        return _METHODS[method](content, tables_of(recognised, wanted), data, wanted, seconds)
    except Refused as refused:
        return Mended(method=method, refusal=str(refused))


def usual(wanted: Wanted) -> Method:
    """The method that a profile prescribes: rounding where it asks for it, else suppression."""
    return Method.ROUND if wanted.base > 1 else Method.SUPPRESS


def _refuse_format(content: Content, data: bytes) -> None:
    if content.unread:
        raise Refused("not all of it could be read")
    if content.file_type.label not in ("csv", "xlsx"):
        raise Refused("only delimited text (csv, tsv) and Excel workbooks (xlsx) can be mended")
    if len(data) > MOST_BYTES:
        raise Refused(f"it is larger than {MOST_BYTES:,} bytes")


def _suppressed(content: Content, tables: Tables, data: bytes, wanted: Wanted, seconds: float) -> Mended:
    """Hide small counts, what follows from them, and what would give them away."""
    choice = choose(tables, wanted, seconds=seconds)
    if not choice.places:
        return Mended(method=Method.SUPPRESS, cells=_numbers(tables))
    told = {Done.PRIMARY: choice.primary, Done.DERIVED: choice.derived, Done.SECONDARY: choice.secondary}
    copy, formulas = copied(content, tables, data, dict.fromkeys(choice.places, wanted.marker))
    steps = [step for done, places in told.items() for step in _steps(tables, done, places)] + formulas
    return Mended(
        method=Method.SUPPRESS,
        steps=tuple(steps),
        data=base64.b64encode(copy).decode("ascii"),
        cells=_numbers(tables),
        hidden=len(choice.places),
    )


def _rounded(content: Content, tables: Tables, data: bytes, wanted: Wanted, seconds: float) -> Mended:
    """Hide small counts and round the others."""
    choice = choose(tables, wanted, seconds=seconds)
    new = rounded(tables, choice, wanted.base or _USUAL_BASE, wanted.suppressed)
    hidden = choice.places | new.hidden
    counts = {place: words for place, words in new.counts.items() if place not in hidden}
    shares = {place: words for place, words in new.shares.items() if place not in hidden}
    copy, formulas = copied(content, tables, data, dict.fromkeys(hidden, wanted.marker) | counts | shares)
    told = {
        Done.PRIMARY: choice.primary,
        Done.DERIVED: choice.derived | (new.hidden - choice.places),
        Done.SECONDARY: choice.secondary,
        Done.ROUNDED: [place for place, words in counts.items() if words != text_of(tables, place)],
        Done.RECOMPUTED: shares,
    }
    steps = [step for done, places in told.items() for step in _steps(tables, done, places)] + formulas
    return Mended(
        method=Method.ROUND,
        steps=tuple(steps),
        data=base64.b64encode(copy).decode("ascii"),
        cells=_numbers(tables),
        hidden=len(hidden),
    )


def _merged(content: Content, tables: Tables, data: bytes, wanted: Wanted, seconds: float) -> Mended:
    """Merge rows with small counts with a neighbour."""
    del wanted, seconds
    new = merged(tables)
    if not new.words:
        return Mended(method=Method.MERGE, cells=_numbers(tables))
    copy, _ = copied(content, tables, data, new.words, new.gone)
    rows: dict[int, list[int]] = defaultdict(list)
    for part, row in sorted((*new.kept, *new.gone)):
        rows[part].append(tables.table(part).row_number(row))
    steps = [
        Step(part_id=tables.parts[part].part_id, done=Done.MERGED, column="", rows=tuple(listed[:_LISTED]), count=len(listed))
        for part, listed in rows.items()
    ]
    return Mended(method=Method.MERGE, steps=tuple(steps), data=base64.b64encode(copy).decode("ascii"), cells=_numbers(tables))


_METHODS: Mapping[Method, Callable[[Content, Tables, bytes, Wanted, float], Mended]] = {
    Method.SUPPRESS: _suppressed,
    Method.ROUND: _rounded,
    Method.MERGE: _merged,
}


def _numbers(tables: Tables) -> int:
    """Cells that print a number, in all tables together."""
    return sum(int((~(view.numbers != view.numbers)).sum()) for part in tables.parts for view in part.columns if view.numbers is not None)


def _steps(tables: Tables, done: Done, places: Iterable[Place]) -> list[Step]:
    """What was done, one entry for each column of each table."""
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for part, row, column in sorted(places):
        rows[part, column].append(row)
    return [
        Step(
            part_id=tables.parts[part].part_id,
            done=done,
            column=tables.parts[part].columns[column].label,
            rows=tuple(tables.table(part).row_number(row) for row in listed[:_LISTED]),
            count=len(listed),
        )
        for (part, column), listed in rows.items()
    ]


__all__ = ["MOST_BYTES", "Mended", "mend", "usual"]
