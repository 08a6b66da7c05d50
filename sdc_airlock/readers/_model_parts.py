"""What readers of models have in common: arrays as tables, those that hold records first, and the facts that are said of the model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, ReadError, Unsupported
from sdc_airlock.model.content import ArrayFact, LeafFact, Serialized, TextPart, TextRole
from sdc_airlock.model.learnt import Holding, ModelGroup
from sdc_airlock.model.libraries import ATTRIBUTES, known_library
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._embedded import inside
from sdc_airlock.readers._fit import FitNotes
from sdc_airlock.readers._learnt import EMBEDDED, FRAME, graded, held_by, holding_of
from sdc_airlock.readers._model_tables import MOST_TABLES, Laid, SideBySide, merged, plain, table, two_axes
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy.typing as npt

_LISTED_ARRAYS = 100
_FEWEST_CELLS = 3
_LEAF_SIZES = 1_000
_BLOB = 24
_SPARE_ROWS = 2  # of an embedding table: for padding and for what is not known
_SCALARS = 200_000
_LONG_TEXT = 400
_EMBEDDING = re.compile(r"(?:^|[._/])(?:emb|embed|embedding|embeddings|wte|token_embd|lookup)(?:[._/\d]|s?$)", re.IGNORECASE)
_SEQUENCE = re.compile(
    r"(?:^|[._/])(?:self_?attn|attention|attn|multi_head_attention(?:_\d+)?|lm_head|q_proj|in_proj_weight|weight_[ih]h_l\d|recurrent_kernel)(?:[._/:]|$)",
    re.IGNORECASE,
)
_TOKENS = frozenset(
    "weight bias running mean var num batches tracked embedding embeddings embed emb word position token type layer layers layernorm norm ln "
    "attn attention self query key value out proj q k v o in dense linear fc conv bn encoder decoder head heads lm mlp ffn up down gate output "
    "input classifier pooler gamma beta kernel model net module block blocks features h c wte wpe ih hh l0 l1 l2 cell rnn lstm gru state dict "
    "optimizer exp avg sq step scale zero point lora a b base matrix w u moving variance".split()
)


def known_place(name: str) -> str:
    """A place in a model in words that libraries give to such places, else ""."""
    if name in ATTRIBUTES:
        return name
    tokens = [token for token in re.split(r"[./:_]+", name) if token]
    known = all(token.lower() in _TOKENS or (token.isdecimal() and token.isascii() and len(token) <= 3) for token in tokens)
    return name if tokens and known and name.isascii() and len(name) <= 100 else ""


@dataclass
class ModelParts:
    """Collects what is found in a model and gives it out as parts.

    Attributes:
        form: Label of the file type.
        runs_code: See `Serialized`; likewise the other facts.
    """

    source: Source
    reading: Reading
    form: str
    runs_code: bool | None = None
    classes: dict[str, None] = field(default_factory=dict)
    libraries: dict[str, None] = field(default_factory=dict)
    calls: dict[str, None] = field(default_factory=dict)
    why: dict[str, int] = field(default_factory=dict)
    groups: dict[ModelGroup, None] = field(default_factory=dict)
    fit: FitNotes = field(default_factory=FitNotes)
    notes: dict[str, None] = field(default_factory=dict)
    leaves: Counter[tuple[int, bool]] = field(default_factory=Counter)
    pure_leaves: int = 0
    class_counts: Counter[int] = field(default_factory=Counter)
    parameters: int = 0
    _facts: list[tuple[bool, ArrayFact]] = field(default_factory=list)
    _arrays: list[Laid] = field(default_factory=list)
    _columns: list[SideBySide] = field(default_factory=list)
    _numbers: list[tuple[str, Any]] = field(default_factory=list)
    _texts: list[tuple[str, str]] = field(default_factory=list)
    _pages: list[str] = field(default_factory=list)
    _blobs: list[tuple[str, bytes]] = field(default_factory=list)
    _gaps: list[ReadError] = field(default_factory=list)
    _embedded: set[int] = field(default_factory=set)
    _made: int = 0
    _cells: int = 0

    # what is found

    def library(self, module: str) -> None:
        """Note a library, where it is publicly known."""
        if name := known_library(module):
            self.libraries[name] = None

    def judge(self, name: str, size: int) -> bool:
        """Whether what stands under a name holds records; the reason is noted.

        Args:
            name: The name of an attribute.
            size: Elements along the first axis; there is nothing to hold in fewer than one.
        """
        reason = held_by(name) if size > 0 else ""
        if reason:
            self.hold(reason, size)
        return bool(reason)

    def hold(self, reason: str, size: int = 0) -> None:
        """Note a reason why it holds something of the training data, and how many there are."""
        self.why[reason] = max(size, self.why.get(reason, 0))

    def array(self, name: str, title: str, dtype: Any, shape: tuple[int, ...], values: Any) -> None:
        """Note an array; `values` is a NumPy array, a list of scalars in row order, or None where they could not be laid out."""
        holds = self.judge(name, shape[0] if shape else 0)
        self.parameters += math.prod(shape) if getattr(dtype, "kind", "f") in "biufc" else 0
        if len(shape) == 2 and _EMBEDDING.search(title):
            self.notes["embedding tables, whose rows may stand for one person each"] = None
            self._embedded.add(shape[0])
        if _SEQUENCE.search(title):
            self.groups[ModelGroup.SEQUENCE] = None
        kind = "records" if getattr(dtype, "names", None) else str(dtype)[:60]
        self._facts.append((not holds, ArrayFact(name=known_place(name), dtype=kind, shape=shape)))
        self._arrays.append(Laid(known_place(name), title, shape, values, holds))

    def columns(self, title: str, columns: list[tuple[str, Any]], *, named: bool = True, frame: bool = False) -> None:
        """Note vectors of one length."""
        holds = sum(self.judge(name, len(values)) for name, values in columns) > 0
        for name, values in columns:
            dtype = getattr(values, "dtype", None)
            self.parameters += len(values) if dtype is not None and dtype.kind in "biufc" else 0
            self._facts.append((not holds, ArrayFact(name=known_place(name), dtype=str(dtype or "object")[:60], shape=(len(values),))))
        if frame:
            self.hold(FRAME, max((len(values) for _, values in columns), default=0))
        self._columns.append(SideBySide(title, columns, named, holds or frame))

    def number(self, path: str, value: Any) -> None:
        """Note a number that stands by itself."""
        self.fit.number(path, value)
        if len(self._numbers) >= _SCALARS:
            raise LimitReached("cells", _SCALARS, _SCALARS + 1)
        self._numbers.append((path, value))

    def text(self, path: str, text: str) -> None:
        """Note a text."""
        if not text.strip():
            return
        if len(self._texts) >= _SCALARS:
            raise LimitReached("cells", _SCALARS, _SCALARS + 1)
        self._texts.append((path, text))

    def page(self, text: str) -> None:
        """Note a long text that is not looked into for files."""
        self._pages.append(text)

    def tensor(self, name: str, code: str, shape: tuple[int, ...], data: bytes) -> None:
        """Note a tensor of raw little-endian bytes.

        Args:
            name: Its name in the file.
            code: A dtype of NumPy, "bfloat16", or words for one that NumPy does not have.
            shape: Its axes.
            data: Its bytes, from its first to its last.
        """
        import numpy as np

        count = math.prod(shape)
        if code == "bfloat16" and len(data) == 2 * count:
            values: Any = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
        else:
            try:
                dtype = np.dtype(code)
            except TypeError:
                dtype = None
            fits = dtype is not None and dtype.itemsize * count == len(data)
            values = np.frombuffer(data, dtype).reshape(shape) if fits else None
        self.array(name, name, code.lstrip("<") if values is None else values.dtype, shape, values)

    def blob(self, path: str, data: bytes) -> None:
        """Note bytes; a few are read as text, more as a member."""
        if len(data) >= _BLOB:
            self._blobs.append((path, data))
        elif data:
            self.text(path, data.decode("utf-8", "replace") if data.isascii() else data.hex(" "))

    def gap(self, error: ReadError) -> None:
        """Note something that could not be read."""
        self._gaps.append(error)

    def group_sizes(self, sizes: npt.NDArray[Any]) -> None:
        """Note groups of training records that are alike (of one class in one leaf) by how many they are; empty ones are none."""
        import numpy as np

        values, counts = np.unique(np.clip(np.round(np.asarray(sizes, np.float64).reshape(-1)), 0, 2**31), return_counts=True)
        self.class_counts.update(
            {int(value): int(count) for value, count in zip(values.tolist(), counts.tolist(), strict=True) if value > 0}
        )

    def leaf_sizes(self, sizes: npt.NDArray[Any], *, exact: bool = True) -> None:
        """Note leaves of trees by how many records each stands for."""
        import numpy as np

        values, counts = np.unique(np.clip(np.asarray(sizes, np.float64), 0, 2**31), return_counts=True)
        self.leaves.update({(int(value), exact): int(count) for value, count in zip(values.tolist(), counts.tolist(), strict=True)})

    # parts

    def items(self) -> Iterator[Item]:
        """All parts, the facts about the model last."""
        for each in self._gaps:
            yield gap(self.source.part_id, each)
        for vectors in sorted(self._columns, key=lambda each: not each.holds):
            yield from self._side_by_side(vectors)
        for array in merged(sorted(self._arrays, key=lambda each: (not each.holds, -math.prod(each.shape)))):
            yield from self._array(array)
        yield from self._scalars()
        yield from self._strings()
        for page in self._pages:
            yield TextPart(part_id=f"{self._address()}!text", text=scalar_text(page), role=TextRole.CONFIG)
        for _, data in self._blobs:
            self.reading.spend(members=1)
            yield from self.reading.descend(Source.of_bytes(data, part_id=f"{self._address()}!bytes", name="", depth=self.source.depth + 1))
        yield self.serialized()

    def serialized(self) -> Serialized:
        """The facts."""
        arrays = [fact for _, fact in sorted(self._facts, key=lambda each: (each[0], -math.prod(each[1].shape)))]
        leaves = sorted(self.leaves.items())[:_LEAF_SIZES]
        for rows in self._embedded:
            if self.fit.records and self.fit.records <= rows <= self.fit.records + _SPARE_ROWS:
                self.hold(EMBEDDED, rows)
        return Serialized(
            part_id=self.source.part_id,
            format=self.form,
            classes=tuple(self.classes),
            runs_code=self.runs_code,
            libraries=tuple(self.libraries),
            calls=tuple(self.calls),
            arrays=tuple(arrays[:_LISTED_ARRAYS]),
            n_arrays=len(arrays),
            holds_records=any(holding_of(reason) is not Holding.EXTREMES for reason in self.why) or None,
            why=tuple(self.why),
            leaves=tuple(LeafFact(size=size, leaves=count, exact=exact) for (size, exact), count in leaves),
            pure_leaves=self.pure_leaves,
            parameters=self.parameters or None,
            notes=tuple(self.notes),
            groups=tuple(self.groups),
            held=graded(self.why),
            fit=self.fit.said(),
            class_counts=tuple(LeafFact(size=size, leaves=count) for size, count in sorted(self.class_counts.items())[:_LEAF_SIZES]),
        )

    def _address(self) -> str:
        self._made += 1
        self.reading.spend()
        return f"{self.source.part_id}!array{self._made}"

    def _room(self, cells: int) -> bool:
        """Whether one table more may be made; the first refusal is a gap."""
        self._cells += cells
        return self._made < MOST_TABLES and self._cells - cells < 2 * self.reading.limits.cells

    def _refused(self) -> Iterator[Item]:
        if self._made < 10 * MOST_TABLES:
            self._made = 10 * MOST_TABLES
            yield gap(self.source.part_id, LimitReached("cells", 2 * self.reading.limits.cells, max(self._cells, MOST_TABLES)))

    def _side_by_side(self, found: SideBySide) -> Iterator[Item]:
        rows = len(found.columns[0][1]) if found.columns else 0
        if not rows:
            return
        if not self._room(rows * len(found.columns)):
            yield from self._refused()
            return
        yield table(self._address(), found.columns, self.reading, title=found.title, named=found.named)

    def _array(self, found: Laid) -> Iterator[Item]:
        """An array as a table: rows are its first axes, columns its last."""
        cells = math.prod(found.shape)
        if found.values is None:
            if cells:
                yield gap(self._address(), Unsupported("an array whose values could not be laid out"))
            return
        if not cells:
            return
        if not self._room(cells):
            yield from self._refused()
            return
        try:
            columns = two_axes(found.values, found.shape)
        except ReadError as error:
            yield gap(self._address(), error)
            return
        if cells < _FEWEST_CELLS:
            self._numbers += [(found.title, value) for _, values in columns for value in plain(values)]
            return
        yield table(self._address(), columns, self.reading, title=found.title, named=any(name for name, _ in columns))

    def _scalars(self) -> Iterator[Item]:
        numbers, self._numbers = self._numbers, []
        if numbers:
            columns = {"name": [path for path, _ in numbers], "value": [value for _, value in numbers]}
            yield table_of(f"{self.source.part_id}!values", columns)

    def _strings(self) -> Iterator[Item]:
        """Files and long texts by themselves, everything short in one part."""
        short: list[str] = []
        for path, text in self._texts:
            if len(text) >= _LONG_TEXT or "\n" in text or len(text) >= 40:
                source = inside(text, part_id=f"{self.source.part_id}!text{self._made}", depth=self.source.depth)
                if source is not None:
                    self._address()
                    self.reading.spend(members=1)
                    yield from self.reading.descend(source)
                    continue
                if len(text) >= _LONG_TEXT:
                    yield TextPart(part_id=f"{self._address()}!text", text=scalar_text(text), role=TextRole.PROSE)
                    continue
            short.append(f"{path}: {text}" if path else text)
        if short:
            yield TextPart(part_id=f"{self.source.part_id}!texts", text=scalar_text("\n".join(short)), role=TextRole.METADATA)


def add_call(parts: ModelParts, module: str) -> None:
    """Note a module that loading would reach, where it is publicly known."""
    if name := known_library(module):
        parts.calls[name] = None
