"""Arrow columns and tables out of plain Python values, and texts out of bytes: what the readers of records share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.model.content import Column, Table
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._decode import decode
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

Scalar: TypeAlias = str | int | float | bool | None

_INT64 = 2**63


def scalar_text(value: object) -> str:
    """A scalar as text; "" for None. Lone surrogates, which Arrow refuses, become question marks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def arrow_array(values: Sequence[object]) -> pa.Array[Any]:
    """An array of booleans, whole numbers, numbers or text, whichever holds every value; None is null."""
    import pyarrow as pa

    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or -_INT64 <= value < _INT64 for value in values):  # type: ignore[operator]
        return pa.array(values, pa.int64())
    if kinds in ({float}, {int, float}) and all(not isinstance(value, int) or abs(value) < 2**53 for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())  # type: ignore[arg-type]
    return pa.array([None if value is None else scalar_text(value) for value in values], pa.string())


def table_of(
    part_id: str,
    columns: Mapping[str, Sequence[object]] | Iterable[tuple[str, Sequence[object]]],
    *,
    named: bool = True,
    title: str = "",
    hidden: bool = False,
    first_row: int = 1,
    schema_note: str = "",
) -> Table:
    """A whole table out of named lists of equal length."""
    pairs = columns.items() if isinstance(columns, Mapping) else columns
    built = tuple(Column(index=index, name=scalar_text(name), values=arrow_array(values)) for index, (name, values) in enumerate(pairs))
    rows = len(built[0].values) if built else 0
    return Table(
        part_id=part_id,
        columns=built,
        n_rows=rows,
        named=named,
        title=scalar_text(title),
        hidden=hidden,
        first_row=first_row,
        schema_note=schema_note,
    )


def columns_of_arrow(table: pa.Table | pa.RecordBatch, names: Sequence[str] | None = None) -> tuple[Column, ...]:
    """The columns of an Arrow table, in order."""
    names = table.schema.names if names is None else names
    return tuple(Column(index=index, name=name, values=table.column(index)) for index, name in enumerate(names))


def text_of(source: Source, reading: Reading) -> tuple[str, list[Item]]:
    """All text of a source, and what is odd about its bytes and characters.

    Raises:
        LimitReached: it is longer than `text_bytes`.
    """
    decoded = decode(source.read(reading.limits.text_bytes, "text_bytes"))
    return decoded.text, [*decoded.items(source.part_id), *character_oddities(source.part_id, decoded.text)]


def typed(text: str) -> str | int | float:
    """The number that a text spells in its usual way, else the text."""
    if len(text) < 20 and text[-1:].isdecimal() and text.isascii():
        try:
            if str(int(text)) == text:
                return int(text)
        except ValueError:
            pass
        try:
            if repr(float(text)) == text:
                return float(text)
        except ValueError:
            pass
    return text


def number_array(numbers: npt.NDArray[np.float64]) -> pa.Array[Any]:
    """Numbers with NaN as null; as whole numbers where all of them are."""
    import numpy as np
    import pyarrow as pa

    missing = np.isnan(numbers)
    known = numbers[~missing]
    if known.size and np.isfinite(known).all() and (known == np.round(known)).all() and np.abs(known).max() < 2**53:
        return pa.array(np.where(missing, 0, numbers).astype(np.int64), mask=missing)
    return pa.array(numbers, mask=missing)
