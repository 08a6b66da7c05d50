"""The objects of an HDF5 file to parts: tables of columns, records and matrices, numbers by name, and the text that describes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.identify import identify
from sdc_airlock.model.content import TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import Family
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._arrays import record_block
from sdc_airlock.readers._batches import BLOBS
from sdc_airlock.readers._blocks import MOST_CUTS, WIDEST, Block, block_of_array, cuts, table_of_blocks
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._h5about import SHORT, Describer
from sdc_airlock.readers._h5layouts import (
    Sparse,
    column,
    fixed_frame,
    frame,
    index_of,
    is_encoded_column,
    is_fixed_frame,
    is_frame,
    is_sparse,
    labels,
    sparse,
    written_columns,
)
from sdc_airlock.readers._h5store import DAMAGE, Entry, as_text, guard
from sdc_airlock.readers._h5values import fetch, is_reference, is_text, matrix, records, vector, vlen_of
from sdc_airlock.source import Source

_FILE_BYTES = 64
_NO_SCALE = "This is a netCDF dimension but not a netCDF variable"
_STRUCTURE_CHARACTERS = 4_000_000


class PartMaker(Describer):
    """Walks the objects and yields parts; `matlab` says that arrays lie as MATLAB lays them."""

    def __init__(self, source: Source, reading: Reading, root: Entry, *, matlab: bool) -> None:
        super().__init__(source, reading, root)
        self._matlab = matlab
        self._done: set[int] = set()

    def items(self) -> Iterator[Item]:
        """All parts."""
        for entry in self.root.walk():
            yield from self.about(entry)
        yield from self._group(self.root)
        yield from self.named_values()
        text = "\n".join(self.texts)
        if text:
            yield TextPart(
                part_id=f"{self.source.part_id}!structure",
                text=scalar_text(text[:_STRUCTURE_CHARACTERS]),
                role=TextRole.METADATA,
                hidden=True,
            )
        if len(text) > _STRUCTURE_CHARACTERS:
            yield gap(f"{self.source.part_id}!structure", LimitReached("text_bytes", _STRUCTURE_CHARACTERS, len(text)))

    def _group(self, entry: Entry) -> Iterator[Item]:
        if id(entry) in self._done:
            return
        taken: set[str] = set()
        for test, make in ((is_frame, self._frame), (is_fixed_frame, self._fixed), (is_sparse, self._sparse_alone)):
            if test(entry):
                before = len(taken)
                yield from self.attempt(entry, lambda make=make: make(entry, taken))  # type: ignore[misc]
                if len(taken) > before:
                    break
        yield from self._labelled(entry)
        yield from self._loose(entry, taken)
        for name, child in entry.children.items():
            if child.group and name not in taken:
                yield from self._group(child)

    def _frame(self, entry: Entry, taken: set[str]) -> Iterator[Item]:
        blocks, used = frame(entry, self.reading)
        yield from self._columns(entry, blocks)
        taken.update(used)

    def _fixed(self, entry: Entry, taken: set[str]) -> Iterator[Item]:
        blocks, used = fixed_frame(entry, self.reading)
        yield from self._columns(entry, blocks)
        taken.update(used)

    def _sparse_alone(self, entry: Entry, taken: set[str]) -> Iterator[Item]:
        """A sparse matrix beside nothing but its own labels: cells are rows, as in files of 10x Genomics."""
        turned = "barcodes" in entry.children
        found = sparse(entry, self.reading, turned=turned)
        features = entry.children.get("features", entry)
        rows, columns = index_of(entry, self.reading, found.rows), index_of(features, self.reading, found.columns)
        taken.update(("data", "indices", "indptr", "shape"))
        yield from self._written_out(entry, found, rows, labels(columns, self.reading) if columns else ())

    def _written_out(self, entry: Entry, found: Sparse, rows: Block | None, names: tuple[str, ...]) -> Iterator[Item]:
        if not found.rows or not found.columns:
            return
        width = written_columns(found, self.reading.limits.cells)
        blocks = [*([rows] if rows else []), found.block(width, names)]
        yield table_of_blocks(self.address(entry), blocks, self.reading, named=bool(names), title=entry.path)
        if width < found.columns:
            yield gap(
                f"{self.source.part_id}!{entry.path}", LimitReached("cells", self.reading.limits.cells, float(found.rows) * found.columns)
            )

    def _labelled(self, entry: Entry) -> Iterator[Item]:
        """Matrices whose rows and columns are named by tables beside them: AnnData and Loom."""
        children = entry.children
        if {"obs", "var"} <= set(children):
            targets = [children[name] for name in ("X",) if name in children]
            for name in ("layers", "obsm"):
                targets += children[name].children.values() if name in children else []
            for target in targets:
                yield from self.attempt(target, lambda target=target: self._with_labels(target, children["obs"], children["var"]))  # type: ignore[misc]
        elif entry.name == "raw" and {"X", "var"} <= set(children):
            obs = self.root.children.get("obs")
            yield from self.attempt(children["X"], lambda: self._with_labels(children["X"], obs, children["var"]))
        elif {"matrix", "row_attrs", "col_attrs"} <= set(children):
            targets = [children["matrix"], *(children["layers"].children.values() if "layers" in children else [])]
            for target in targets:
                yield from self.attempt(  # a Loom file has genes as rows
                    target,
                    lambda target=target: self._with_labels(target, children["col_attrs"], children["row_attrs"], turned=True),  # type: ignore[misc]
                )

    def _with_labels(self, target: Entry, obs: Entry | None, var: Entry | None, *, turned: bool = False) -> Iterator[Item]:
        if is_sparse(target):
            found = sparse(target, self.reading)
            rows, columns = index_of(obs, self.reading, found.rows), index_of(var, self.reading, found.columns)
            self._done.add(id(target))
            yield from self._written_out(target, found, rows, labels(columns, self.reading) if columns else ())
        elif not target.group and len(target.shape) == 2 and target.dtype.kind in "biuf":
            first, second = target.shape[::-1] if turned else target.shape
            rows, columns = index_of(obs, self.reading, first), index_of(var, self.reading, second)
            self._done.add(id(target))
            yield from self._matrix(target, turned=turned, rows=rows, names=labels(columns, self.reading) if columns else ())

    def _loose(self, entry: Entry, taken: set[str]) -> Iterator[Item]:
        """Columns of one length are one table; records, matrices and texts are parts by themselves."""
        columns: dict[int, list[Block]] = {}
        for name, child in entry.children.items():
            if name in taken or id(child) in self._done or (child.group and not is_encoded_column(child)):
                continue
            if child.group:
                taken.add(name)
            yield from self.attempt(child, lambda child=child: self._one(child, columns))  # type: ignore[misc]
        for blocks in columns.values():
            for first in range(0, len(blocks), WIDEST):
                chosen = blocks[first : first + WIDEST]
                yield from self.attempt(entry, lambda chosen=chosen: self._columns(entry, chosen, first=chosen[0]))  # type: ignore[misc]

    def _one(self, entry: Entry, columns: dict[int, list[Block]]) -> Iterator[Item]:
        if entry.group:
            block = column(entry, self.reading)
            columns.setdefault(block.rows, []).append(block)
            return
        if entry.thing.shape is None or is_reference(entry.dtype):
            return
        shape, dtype = entry.shape, entry.dtype
        size = math.prod(shape)
        if dtype.names:
            yield table_of_blocks(self.address(entry), [records(entry, self.reading)], self.reading, title=entry.path)
        elif self._matlab and entry.text("MATLAB_class") == "char":
            guard(entry, self.reading)
            yield from self.words(entry, "", _matlab_text(fetch(entry, (), self.reading)).encode("utf-8", "replace"))
        elif vlen_of(dtype) is not None:
            guard(entry, self.reading)
            yield from self._lists(entry, vlen_of(dtype))
        elif size == 1 and dtype.kind != "V":
            guard(entry, self.reading)
            yield from self._scalar(entry)
        elif dtype.kind == "V" or (dtype.kind in "iu" and dtype.itemsize == 1 and len(shape) == 1 and size >= _FILE_BYTES):
            guard(entry, self.reading)
            yield from self._bytes(entry, columns)
        elif size == max(shape, default=0):
            columns.setdefault(size, []).append(vector(entry, self.reading))
        else:
            rows, names = self._scales(entry)
            yield from self._matrix(entry, turned=self._matlab and len(shape) == 2, rows=rows, names=names)

    def _columns(self, entry: Entry, blocks: Sequence[Block], first: Block | None = None) -> Iterator[Item]:
        rows = max((block.rows for block in blocks), default=0)
        even = [block for block in blocks if block.rows == rows]
        if not rows or not even:
            return
        alone = first is not None and len(blocks) == 1
        more = f"/{first.names[0]}" if first is not None and alone and entry.path else first.names[0] if first is not None and alone else ""
        place = self.address(entry, more)
        if first is not None and not alone:
            place = f"{place}!{rows}"
        yield table_of_blocks(place, even, self.reading, title=entry.path)
        for number, block in enumerate((each for each in blocks if each.rows != rows), 1):
            yield table_of_blocks(self.address(entry, f"!column{number}"), [block], self.reading, title=entry.path)

    def _matrix(self, entry: Entry, *, turned: bool = False, rows: Block | None = None, names: tuple[str, ...] = ()) -> Iterator[Item]:
        height, width, some = matrix(entry, self.reading, turned=turned, columns=names)
        if width > WIDEST >= height and len(entry.shape) == 2:
            names, rows = (labels(rows, self.reading) if rows else ()), _as_block(names)
            height, width, some = matrix(entry, self.reading, turned=not turned, columns=names)
        if not height or not width:
            return
        stretches = cuts(width)
        for first, last in stretches[:MOST_CUTS]:
            more = f":{first + 1}-{last}" if len(stretches) > 1 else ""
            blocks = [*([rows] if rows is not None and rows.rows == height else []), some(first, last)]
            yield table_of_blocks(self.address(entry, more), blocks, self.reading, named=bool(names), title=entry.path)
        if len(stretches) > MOST_CUTS:
            yield gap(f"{self.source.part_id}!{entry.path}", LimitReached("cells", MOST_CUTS * WIDEST, width))

    def _scales(self, entry: Entry) -> tuple[Block | None, tuple[str, ...]]:
        """The dimension scales of a matrix: names of its rows and of its columns, where they fit."""
        if len(entry.shape) != 2:
            return None, ()
        rows, columns = (self._scale(entry, place) for place in (0, 1))
        names = labels(vector(columns, self.reading), self.reading) if columns is not None and entry.shape[1] <= WIDEST else ()
        return vector(rows, self.reading) if rows is not None else None, names

    def _scale(self, entry: Entry, axis: int) -> Entry | None:
        """The first scale of an axis that names its places."""
        try:
            scales = entry.thing.dims[axis]
            scale = scales[0] if len(scales) else None
            name = str(scale.name).rpartition("/")[2] if scale is not None else ""
            filled = scale is not None and not as_text(scale.attrs.get("NAME", "")).startswith(_NO_SCALE)
            plain = scale is not None and scale.shape == (entry.shape[axis],) and (scale.dtype.kind in "iuf" or is_text(scale.dtype))
        except DAMAGE:
            return None
        return Entry(path=name, name=name, thing=scale, group=False) if filled and plain else None

    def _scalar(self, entry: Entry) -> Iterator[Item]:
        value = fetch(entry, (), self.reading).reshape(-1)[0]
        parent = entry.path.rpartition("/")[0]
        if isinstance(value, bytes | str):
            data = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
            if len(data) <= SHORT and b"\0" not in data.rstrip(b"\0"):
                self.scalars.setdefault(parent, {})[entry.name] = scalar_text(data.rstrip(b"\0").decode("utf-8", "replace"))
            else:
                yield from self.file(entry, "", data)
        elif hasattr(value, "item") and value.dtype.kind in "biuf":
            self.scalars.setdefault(parent, {})[entry.name] = value.item()
        else:
            self.texts.append(f"{entry.path}: {scalar_text(value)}")

    def _lists(self, entry: Entry, kind: Any) -> Iterator[Item]:
        """Lists of any length: bytes are files, numbers a table of record and value."""
        import numpy as np

        found = [np.asarray(value) for value in fetch(entry, (), self.reading).reshape(-1)]
        if entry.text("PSEUDOATOM") == "object" or (kind.kind in "iu" and kind.itemsize == 1):
            filled = [value.tobytes() for value in found if value.size]
            for number, data in enumerate(filled[:BLOBS], 1):
                yield from self.file(entry, f"!{number}", data)
            if len(filled) > BLOBS:
                yield Unread(part_id=f"{self.source.part_id}!{entry.path}", why=UnreadReason.UNSUPPORTED, detail="binary data in cells")
            return
        lengths = [value.size for value in found]
        if is_reference(kind) or not sum(lengths):
            return
        flat = np.concatenate([value.reshape(-1) for value in found])
        record = np.repeat(np.arange(1, len(found) + 1), lengths)
        blocks = [block_of_array(["record"], record), record_block(flat) if flat.dtype.names else block_of_array([entry.name], flat)]
        yield table_of_blocks(self.address(entry), blocks, self.reading, title=entry.path)

    def _bytes(self, entry: Entry, columns: dict[int, list[Block]]) -> Iterator[Item]:
        """Bytes: a file where they are one of a known type, else numbers; bytes of no type are a gap."""
        size = math.prod(entry.shape)
        if size * entry.dtype.itemsize > self.reading.limits.member_bytes:
            columns.setdefault(size, []).append(vector(entry, self.reading))
            return
        data = fetch(entry, (), self.reading).tobytes()
        kind = identify(Source.of_bytes(data, part_id="", name=""))
        if entry.dtype.kind == "V" or kind.family not in (Family.UNKNOWN, Family.EMPTY):
            yield from self.file(entry, "", data)
        if entry.dtype.kind != "V":
            columns.setdefault(size, []).append(vector(entry, self.reading))


def _as_block(names: tuple[str, ...]) -> Block | None:
    from sdc_airlock.readers._blocks import text_block

    return text_block("", names) if names else None


def _matlab_text(values: Any) -> str:
    """The letters of a MATLAB array of characters, one line a row."""
    rows = values.reshape(values.shape[0], -1).T if values.ndim > 1 else values.reshape(1, -1)
    if values.dtype.kind not in "iu":
        raise Malformed("characters that are none")
    return "\n".join("".join(chr(code) if 0 < code < 0x110000 else " " for code in row.tolist()) for row in rows)
