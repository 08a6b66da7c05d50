"""Files of Stata, SPSS and SAS: rows, value labels, notes. User-defined missing values are read as the values they are."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Encrypted, LimitReached, Malformed
from sdc_airlock.model.content import Column, Oddity, OddityKind, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._batches import batch_rows
from sdc_airlock.readers._build import number_array, scalar_text
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = 32_767
_WITHOUT_USER_MISSING = frozenset({"xport"})
Values = dict[str, list[Any]]


@reader("stata", "spss", "spss_portable", "sas7bdat", "xport")
def statistical(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The table of a statistics program, and what the file says about it."""
    if source.head.startswith(b"ENCRYPTEDSAV"):
        raise Encrypted("an SPSS file with a password")
    opened = _Opened(source, file_type.label, reading)
    _, meta = opened.read(metadata=True)
    width = len(meta.column_names)
    if width > _COLUMNS:
        raise LimitReached("cells", _COLUMNS, width)
    most = max(1, reading.limits.cells // max(width, 1))
    declared = meta.number_rows
    first = min(most + 1, declared) if declared else most + 1
    values, _ = opened.read(rows=first if declared is None or declared > most else 0)
    rows = len(next(iter(values.values()), ()))
    labels = _labels_that_fit(values, meta)
    note = "; ".join(f"{name}: {label}" for name, label in meta.column_names_to_labels.items() if label)
    title = scalar_text(meta.file_label or "")
    if rows <= most:
        columns = _columns(meta, lambda name: _typed(values[name], labels.get(name), meta, name))
        yield Table(part_id=source.part_id, columns=columns, n_rows=rows, named=True, title=title, schema_note=scalar_text(note))
    else:
        yield _streamed(source.part_id, opened, values, labels, meta, reading.limits.sample_rows, title=title, note=scalar_text(note))
    yield from _about(meta, labels, source.part_id)
    if source.head.startswith(b"<stata_dta>") and not source.tail.rstrip(b"\0\r\n ").endswith(b"</stata_dta>"):
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the Stata file")


class _Opened:
    """A way to read rows of one file as often as needed."""

    def __init__(self, source: Source, label: str, reading: Reading) -> None:
        import pyreadstat

        functions: dict[str, Callable[..., Any]] = {
            "stata": pyreadstat.read_dta,
            "spss": pyreadstat.read_sav,
            "spss_portable": pyreadstat.read_por,
            "sas7bdat": pyreadstat.read_sas7bdat,
            "xport": pyreadstat.read_xport,
        }
        self._function = functions[label]
        self._data = None if source.path else source.read(reading.limits.member_bytes)
        self._path = source.path
        self._more: dict[str, Any] = {} if label in _WITHOUT_USER_MISSING else {"user_missing": True}

    def read(self, *, rows: int = 0, offset: int = 0, metadata: bool = False) -> tuple[Values, Any]:
        """Some rows (0: all) as lists by column, and the metadata.

        Raises:
            Malformed: the file is damaged.
        """
        import pyreadstat

        for encoding in (None, "LATIN1"):
            place: Any = self._path if self._data is None else io.BytesIO(self._data)
            try:
                values, meta = self._function(
                    place,
                    output_format="dict",
                    row_limit=rows,
                    row_offset=offset,
                    metadataonly=metadata,
                    encoding=encoding,
                    disable_datetime_conversion=False,
                    **self._more,
                )
            except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
                if encoding is None:
                    continue
                raise Malformed(type(error).__name__) from None
            except (pyreadstat.PyreadstatError, OverflowError, MemoryError) as error:
                raise Malformed(type(error).__name__) from None
            return {name: list(column) for name, column in values.items()}, meta
        raise Malformed("ReadstatError")


def _columns(meta: Any, build: Callable[[str], pa.Array[Any]]) -> tuple[Column, ...]:
    return tuple(Column(index=index, name=scalar_text(name), values=build(name)) for index, name in enumerate(meta.column_names))


def _labels_that_fit(values: Values, meta: Any) -> dict[str, dict[Any, str]]:
    """Value labels of the variables whose every value has one."""
    found = {}
    for name, labels in meta.variable_value_labels.items():
        seen = {value for value in values.get(name, ()) if not _is_missing(value) and value != ""}
        if seen and seen <= set(labels):
            found[name] = {value: scalar_text(label) for value, label in labels.items()}
    return found


def _typed(values: list[Any], labels: dict[Any, str] | None, meta: Any, name: str, *, whole: bool = True) -> pa.Array[Any]:
    """A column as text where it is text, labelled or a date; else as numbers (whole ones where all are and the column is whole)."""
    import numpy as np
    import pyarrow as pa

    kind = meta.readstat_variable_types.get(name)
    if labels is not None:
        return pa.array([None if _is_missing(value) else labels.get(value, scalar_text(value)) for value in values], pa.string())
    if kind == "string" or any(isinstance(value, dt.date | dt.time | dt.timedelta) for value in values):
        return pa.array([None if _is_missing(value) else scalar_text(value) for value in values], pa.string())
    numbers = np.array([value if isinstance(value, int | float) else np.nan for value in values], np.float64)
    if kind == "float":
        numbers = numbers.astype(np.float32).astype(str).astype(np.float64)
    return number_array(numbers) if whole else pa.array(numbers, from_pandas=True)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _streamed(
    part_id: str, opened: _Opened, values: Values, labels: dict[str, dict[Any, str]], meta: Any, sample_rows: int, *, title: str, note: str
) -> Table:
    """A table too large to hold: rows are read again from the file, some at a time."""
    import pyarrow as pa

    names = [scalar_text(name) for name in meta.column_names]
    texts = {name for name in meta.column_names if pa.types.is_string(_typed(values[name], labels.get(name), meta, name).type)}

    def batch(chunk: Values) -> pa.RecordBatch:
        arrays = []
        for name in meta.column_names:
            array = _typed(chunk[name], labels.get(name), meta, name, whole=False)
            arrays.append(array.cast(pa.string()) if name in texts and not pa.types.is_string(array.type) else array)
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def again() -> Iterator[pa.RecordBatch]:
        size, offset = batch_rows(len(names)), 0
        while True:
            chunk, _ = opened.read(rows=size, offset=offset)
            count = len(next(iter(chunk.values()), ()))
            if count:
                yield batch(chunk)
            if count < size:
                return
            offset += count

    sample = batch({name: column[:sample_rows] for name, column in values.items()})
    columns = _columns(meta, lambda name: sample.column(meta.column_names.index(name)))
    return Table(part_id=part_id, columns=columns, n_rows=meta.number_rows, named=True, title=title, schema_note=note, batches=again)


def _about(meta: Any, labels: dict[str, dict[Any, str]], part_id: str) -> Iterator[Item]:
    """Notes, and value labels that do not stand in the cells."""
    lines = [note for note in meta.notes or [] if note and note.strip()]
    for name, found in meta.variable_value_labels.items():
        if name not in labels:
            lines += [f"{name}: {scalar_text(value)} = {label}" for value, label in found.items()]
    if lines:
        yield TextPart(part_id=f"{part_id}!notes", text=scalar_text("\n".join(lines)), role=TextRole.METADATA)
