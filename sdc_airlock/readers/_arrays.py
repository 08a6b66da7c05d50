"""Named arrays to tables: vectors of one length side by side, matrices with their coordinates, single values by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, ReadError, Unsupported
from sdc_airlock.intake import safe_name
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._blocks import MOST_CUTS, WIDEST, Block, block_of_array, cuts, table_of_blocks, text_block
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._numpy import arrow_of, columns_of
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedArray:
    """An array.

    Attributes:
        group: Where it stands ("study.patients", "" at the top); only arrays of one group are put side by side.
        name: Its own name, escaped by whoever shows it.
        values: Its cells; text, numbers, booleans, times or records.
        dims: Names of its axes, () where they have none.
    """

    group: str
    name: str
    values: npt.NDArray[Any]
    dims: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Group and name."""
        return f"{self.group}.{self.name}" if self.group and self.name else self.group or self.name


class ArrayParts:
    """Makes the tables of some arrays.

    Attributes:
        hidden: True where a person would not see them.
    """

    def __init__(self, source: Source, reading: Reading, *, hidden: bool = False) -> None:
        self._source, self._reading, self._hidden = source, reading, hidden
        self._made: dict[str, int] = {}

    def items(self, arrays: Sequence[NamedArray]) -> Iterator[Item]:
        """Tables; a gap for each array that cannot be one."""
        coordinates = {array.dims[0]: array for array in arrays if array.values.ndim == 1 and array.dims == (array.name,)}
        vectors: dict[tuple[str, int, tuple[str, ...]], list[NamedArray]] = {}
        single: list[tuple[str, Any]] = []
        for array in arrays:
            size = array.values.size
            if size == 1 and not array.values.dtype.names and array.values.dtype.kind != "V":
                single.append((array.path, _plain(array.values.reshape(-1)[0])))
            elif size and size == max(array.values.shape) and not array.values.dtype.names:
                vectors.setdefault((array.group, size, array.dims), []).append(array)
            elif size:
                yield from self._attempt(array, coordinates)
        for (group, size, _), found in vectors.items():
            name = found[0].path if len(found) == 1 else f"{group}!{size}" if group else f"!{size}"
            for first in range(0, len(found), WIDEST):
                yield from self._vectors(name, group, found[first : first + WIDEST])
        if single:
            columns = [("name", [name for name, _ in single]), ("value", [value for _, value in single])]
            yield table_of(self._address("!values"), columns, hidden=self._hidden)

    def _address(self, name: str) -> str:
        shown = safe_name(name)
        times = self._made[shown] = self._made.get(shown, 0) + 1
        if len(self._made) > self._reading.limits.sheets:
            raise LimitReached("sheets", self._reading.limits.sheets, len(self._made))
        self._reading.spend()
        place = f"{self._source.part_id}{shown if shown.startswith('!') else f'!{shown}'}"
        return f"{place}#{times}" if times > 1 else place

    def _vectors(self, name: str, group: str, found: Sequence[NamedArray]) -> Iterator[Item]:
        place = self._address(name)
        try:
            blocks = [block_of_array([array.name], array.values.reshape(-1)) for array in found]
            yield table_of_blocks(place, blocks, self._reading, title=group, hidden=self._hidden)
        except ReadError as error:
            yield gap(place, error)

    def _attempt(self, array: NamedArray, coordinates: dict[str, NamedArray]) -> Iterator[Item]:
        place = self._address(array.path)
        try:
            yield from self._matrix(place, array, coordinates)
        except ReadError as error:
            yield gap(place, error)

    def _matrix(self, place: str, array: NamedArray, coordinates: dict[str, NamedArray]) -> Iterator[Item]:
        values = array.values
        if values.dtype.names:
            block = record_block(values.reshape(-1))
            yield table_of_blocks(place, [block], self._reading, title=array.path, hidden=self._hidden)
            return
        if values.dtype.kind == "V":
            raise Unsupported("values of no known type")
        rows, columns = (_labels(array, axis, coordinates) for axis in (0, -1))
        flat = values.reshape(math.prod(values.shape[:-1]), values.shape[-1])
        if values.ndim > 2:
            rows = None
        if flat.shape[1] > WIDEST >= flat.shape[0]:
            flat, rows, columns = flat.T, columns, rows
        names = [scalar_text(value) for value in columns.reshape(-1).tolist()] if columns is not None else []
        stretches = cuts(flat.shape[1])
        for first, last in stretches[:MOST_CUTS]:
            blocks = [block_of_array(names[first:last] or [""] * (last - first), flat[:, first:last])]
            if rows is not None:
                blocks = [_label_block(array.dims[0] if array.dims else "", rows), *blocks]
            more = f":{first + 1}-{last}" if len(stretches) > 1 else ""
            yield table_of_blocks(place + more, blocks, self._reading, named=bool(names), title=array.path, hidden=self._hidden)
        if len(stretches) > MOST_CUTS:
            raise LimitReached("cells", MOST_CUTS * WIDEST, flat.shape[1])


def _labels(array: NamedArray, axis: int, coordinates: dict[str, NamedArray]) -> npt.NDArray[Any] | None:
    """The coordinate variable of an axis, where it has one."""
    if not array.dims or len(array.dims) != array.values.ndim:
        return None
    found = coordinates.get(array.dims[axis])
    return found.values if found is not None and found.values.shape == (array.values.shape[axis],) else None


def _label_block(name: str, values: npt.NDArray[Any]) -> Block:
    return (
        text_block(name, [scalar_text(value) for value in values.tolist()]) if values.dtype.kind in "SU" else block_of_array([name], values)
    )


def _plain(value: Any) -> Any:
    found = value.item() if hasattr(value, "item") else value
    if isinstance(found, bytes):
        return found.decode("utf-8", "replace")
    return found if isinstance(found, bool | int | float | str) else scalar_text(found)


def record_block(values: npt.NDArray[Any]) -> Block:
    """The fields of records that are held already."""
    names, columns = columns_of(values)
    return Block(names=tuple(names), rows=len(values), read=lambda start, stop: [arrow_of(each[start:stop]) for each in columns])
