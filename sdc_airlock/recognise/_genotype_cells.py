"""Cells for genotype recognition: columns as codes over one set of tokens, and the grammars of genotype calls and marker names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Column

    Ints = npt.NDArray[np.int64]

# rows and cells looked at: a decision on states needs a few hundred people, not all of them
ROWS = 240
CELLS = 1_000_000
LEAST_ROWS = 40
FEW_STATES = 40

_MISSING = frozenset(
    {
        "", "na", "n/a", "nan", "null", "none", ".", "-", "--", "---", "-9", "-99", "-999", "nn", "n", "?", "??", "./.", ".|.", "00", "nc",
        "nocall", "no call", "no_call", "no-call", "-/-", "n/n", "0 0", "0/0/0", "- -", "n n", "missing", "000000", "0000", "0/-9", "<na>", "__",
    }
)  # fmt: skip

_MARKER = re.compile(
    r"^(?:rs\d{2}\S*|(?:chr)?(?:\d{1,2}|X|Y|XY|MT?)[:_]\d{3,}+(?:[:_.\-]\S*)?|AX-\d+|(?:kgp|exm|JHU_|ilmnseq_?|GSA-|psy_?|seq-)\S*\d|i\d{5,}"
    r"|(?:snp|marker|locus|loc|mrk|ssr|aflp|rapd)[_\-. ]?[a-z]?\d\S*|\S+_(?:[ACGT]|\d)_[ACGT]+)$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^[ACGTDI\-]{2}$|^[ABC]{2}$")
_PARTED = re.compile(r"^\s*([ACGTN\-*]{1,30}|[AB]|\d{1,3})(\s*[/|:,]\s*|\s+)([ACGTN\-*]{1,30}|[AB]|\d{1,3})\s*$", re.IGNORECASE)
_STARRED = re.compile(r"^(\*\d{1,3}[A-Z]?|[eE][234])[/|]?(\*\d{1,3}[A-Z]?|[eE]?[234])$")
_DIGITS = re.compile(r"^(?:\d{4}|\d{6})$")
_FULL_CALL = re.compile(r"^((?:\d|\.)[/|](?:\d|\.)):\S+$")


def missing(token: str) -> bool:
    """True for what programs write where a genotype is missing."""
    return token.strip().lower() in _MISSING


def clean(token: str) -> str:
    """A token without quotes, blanks and the ".0" that a typed column leaves."""
    token = token.strip().strip("\"'").strip()
    return token.removesuffix(".0")


def marker_share(names: Iterable[str]) -> float:
    """Share of names that look like those of variants."""
    seen = [name for name in names if name]
    return sum(1 for name in seen if _MARKER.match(name)) / len(seen) if seen else 0.0


@dataclass(frozen=True)
class Call:
    """Two alleles as written in one cell, and how: letters, bare digits, digits with a separator, named alleles."""

    first: str
    second: str
    style: str


def _parted(first: str, mark: str, second: str) -> Call | None:
    """Two alleles with a mark between; not times, numbers with a comma, or numbers beyond 4 with a blank."""
    digits = first.isdigit()
    if digits != second.isdigit() or (digits and (mark in (":", ",") or (not mark and max(first, second) > "4"))):
        return None
    return Call(first, second, "digits" if digits else "letters")


def parse_call(token: str) -> Call | None:
    """The two alleles that a cell names, or None."""
    token = token.strip("[]")
    if full := _FULL_CALL.match(token):
        token = full[1]
    if _PLAIN.match(token):
        return Call(token[0], token[1], "letters")
    if parted := _PARTED.match(token):
        return _parted(parted[1].upper(), parted[2].strip(), parted[3].upper())
    if starred := _STARRED.match(token):
        return Call(starred[1], starred[2] if starred[2][0] in "*eE" else "e" + starred[2], "named")
    half = len(token) // 2
    return Call(token[:half], token[half:], "sizes") if _DIGITS.match(token) else None


def _as_text(values: Any, rows: int) -> Any:  # any Arrow array: the stubs of Arrow know too few of their methods
    """The first and last cells of a column as text."""
    import pyarrow as pa

    length = len(values)
    picked: Any = values if length <= rows else None
    if picked is None:
        pieces = [values.slice(0, rows // 2), values.slice(length - (rows - rows // 2))]
        chunks = [chunk for piece in pieces for chunk in (piece.chunks if isinstance(piece, pa.ChunkedArray) else [piece])]
        picked = pa.chunked_array(chunks, type=values.type)
    flat: Any = picked.combine_chunks() if isinstance(picked, pa.ChunkedArray) else picked
    if isinstance(flat, pa.ChunkedArray):
        flat = pa.concat_arrays(flat.chunks) if flat.num_chunks else pa.array([], type=flat.type)
    if pa.types.is_dictionary(flat.type):
        flat = flat.dictionary_decode()
    if pa.types.is_string(flat.type):
        return flat
    try:
        return flat.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.nulls(len(flat), type=pa.string())


@dataclass
class Cells:
    """Columns as codes.

    Attributes:
        names: Header text of each column, "" where there is none.
        codes: Shape (columns, rows); places in `tokens`, -1 where a cell is missing.
        tokens: Different cells, cleaned.
        states: Number of different cells of each column, missing ones left out.
        filled: Share of cells that are not missing.
    """

    names: tuple[str, ...]
    codes: Ints
    tokens: list[str]
    states: Ints
    filled: npt.NDArray[np.float64]
    calls: dict[int, Call | None] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)

    @cached_property
    def rows(self) -> int:
        """Rows looked at."""
        return int(self.codes.shape[1])

    def column(self, index: int) -> list[str]:
        """Tokens of a column, "" where missing."""
        return [self.tokens[code] if code >= 0 else "" for code in self.codes[index]]

    def distinct(self, index: int) -> Ints:
        """Codes that occur in a column, missing left out."""
        codes = np.unique(self.codes[index])
        return codes[codes >= 0]

    def marker_share(self, index: int) -> float:
        """Share of the different cells of a column that look like names of variants."""
        if index not in self.shares:
            self.shares[index] = marker_share([self.tokens[code] for code in self.distinct(index)[:100]])
        return self.shares[index]

    def call(self, code: int) -> Call | None:
        """The genotype call that a token is, or None."""
        if code not in self.calls:
            self.calls[code] = parse_call(self.tokens[code])
        return self.calls[code]


def _different(codes: Ints) -> Ints:
    """Number of different codes in each row of a matrix, negative ones left out."""
    ordered = np.sort(codes, axis=1)
    new = (np.diff(ordered, axis=1) != 0) & (ordered[:, 1:] >= 0)
    return np.asarray(new.sum(axis=1) + (ordered[:, 0] >= 0), dtype=np.int64)


def encode(columns: Sequence[Column], rows: int = ROWS) -> Cells | None:
    """Columns as codes over one set of tokens.

    Returns:
        None where there is nothing to look at.
    """
    import pyarrow as pa

    if not columns or not len(columns[0].values):
        return None
    rows = min(rows, max(LEAST_ROWS, CELLS // len(columns)), len(columns[0].values))
    flat = pa.concat_arrays([_as_text(column.values, rows) for column in columns]).dictionary_encode()
    raw = flat.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64).reshape(len(columns), -1)
    tokens: list[str] = []
    places: dict[str, int] = {}
    turned = np.full(len(flat.dictionary) + 1, -1, dtype=np.int64)
    written: list[str] = flat.dictionary.to_pylist()
    # cells of a column that hardly repeats are no states: they are kept as they are written
    repeated = np.zeros(len(written) + 1, dtype=np.bool_)
    repeated[np.unique(raw[_different(raw) <= max(4 * FEW_STATES, rows // 10)])] = True
    for index, token in enumerate(written):
        cleaned = clean(token) if repeated[index] else token
        if not repeated[index] or not missing(cleaned):
            if cleaned not in places:
                places[cleaned] = len(tokens)
                tokens.append(cleaned)
            turned[index] = places[cleaned]
    codes = turned[raw]
    return Cells(tuple(column.name for column in columns), codes, tokens, _different(codes), (codes >= 0).mean(axis=1))
