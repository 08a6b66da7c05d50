"""What a reader says of a file: its parts, what it could not read, and what is odd about it.

Readers state facts and never judge. Table cells are Arrow arrays, so that whole columns are handled at once; everything else
is plain text and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.model.attacks import AttackReport
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import Fit, Held, ModelGroup
from sdc_airlock.model.session import Session

if TYPE_CHECKING:
    import pyarrow as pa


class UnreadReason(StrEnum):
    """Why a part could not be read; the value is the word used in the JSON report."""

    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"
    HIDDEN = "hidden"


class OddityKind(StrEnum):
    """Facts about the bytes that a check may hold against the file."""

    TRAILING_DATA = "trailing_data"
    LEADING_DATA = "leading_data"
    POLYGLOT = "polyglot"
    NAME_MISMATCH = "name_mismatch"
    SECOND_OPINION = "second_opinion"
    BIDIRECTIONAL_CONTROLS = "bidirectional_controls"
    ZERO_WIDTH_CHARACTERS = "zero_width_characters"
    CONTROL_CHARACTERS = "control_characters"
    NUL_BYTES = "nul_bytes"
    UNDECODABLE_TEXT = "undecodable_text"
    RAGGED_ROWS = "ragged_rows"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    EXECUTABLE = "executable"
    HIGH_ENTROPY = "high_entropy"
    ENCODED_BLOB = "encoded_blob"
    MACRO = "macro"
    SCRIPT = "script"
    AUTOMATIC_ACTION = "automatic_action"
    EXTERNAL_REFERENCE = "external_reference"
    PAGE_SCRIPT = "page_script"
    PAGE_REFERENCE = "page_reference"
    CALLING_FORMULA = "calling_formula"
    CELL_FORMULA = "cell_formula"
    BEACON = "beacon"
    EMBEDDED_OBJECT = "embedded_object"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_CELLS = "hidden_cells"
    HIDDEN_TEXT = "hidden_text"
    METADATA = "metadata"
    CELLS_BEYOND_RANGE = "cells_beyond_range"
    DUPLICATE_MEMBER = "duplicate_member"
    UNSAFE_MEMBER_NAME = "unsafe_member_name"
    SPECIAL_MEMBER = "special_member"
    DEEP_NESTING = "deep_nesting"
    VERSION_CONTROL = "version_control"
    DISGUISED_TEXT = "disguised_text"
    PIXEL_DATA = "pixel_data"
    POINT_MARKS = "point_marks"


class TextRole(StrEnum):
    """What a run of text is for."""

    PROSE = "prose"
    CODE = "code"
    LOG = "log"
    CONFIG = "config"
    MARKUP = "markup"
    METADATA = "metadata"
    COMMENT = "comment"
    SEQUENCE = "sequence"


class GridSource(StrEnum):
    """Where a grid of cells came from; a sheet has real cells, fixed-width text has guessed ones."""

    DELIMITED = "delimited"
    FIXED_WIDTH = "fixed_width"
    SHEET = "sheet"
    MARKUP = "markup"
    RECORDS = "records"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells as they lie on the page, before anyone has said where tables begin or what a header is.

    Attributes:
        part_id: Address of the part ("book.xlsx!Sheet2", "a.zip/b.csv").
        rows: Cell text, row by row; rows may be ragged; an empty cell is "".
        source: What kind of page the cells came from.
        first_row: Number, counted from 1, of the first row in the file or sheet.
        first_column: Number, counted from 1, of the first column in the sheet.
        before: Text that stands directly before the grid (a caption, a heading, the prose of a cell).
        hidden: True where a person who opens the file would not see it.
        header_rows: Rows that the format itself marks as header (HTML `th`, Markdown); None where the format does not say.
    """

    part_id: str
    rows: tuple[tuple[str, ...], ...]
    source: GridSource
    first_row: int = 1
    first_column: int = 1
    before: str = ""
    hidden: bool = False
    header_rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its place, its header text ("" where there is none) and its cells.

    `values` is any one-dimensional Arrow array; text cells stay text (suppression markers survive), typed formats keep their type.
    """

    index: int
    name: str
    values: pa.Array[Any] | pa.ChunkedArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A rectangle with one header and one record a row.

    Attributes:
        part_id: Address of the part.
        columns: The columns; each holds `sample_rows` cells.
        n_rows: Data rows in the whole table, or None while a streamed table has not been counted.
        named: True where the names come from a header (or from the format), False where the columns have none.
        first_row: Number, counted from 1, of the first data row in the file or sheet.
        title: Caption or preamble; notes: footnotes.
        hidden: True where a person who opens the file would not see it.
        batches: For a table too large to hold: a function that starts reading it again from its first row, as record
            batches with the same columns in the same order. None where `columns` holds every row. Their cells may be numbers or codes
            where those of `columns` are text.
        rounded: For a table whose batches lie in memory: the same, but that short decimals may be noughts in columns other than those of the given places, for
            whoever needs to look at them no more.
        held: The batches lie in memory, so that going through them again costs little.
        schema_note: what the format says of its fields (labels, units), for recognition by name.
        row_numbers: Page rows of the data rows where they are not adjacent (empty lines between them).
    """

    part_id: str
    columns: tuple[Column, ...]
    n_rows: int | None
    named: bool
    first_row: int = 1
    title: str = ""
    notes: str = ""
    hidden: bool = False
    batches: Callable[[], Iterator[pa.RecordBatch]] | None = None
    rounded: Callable[[Collection[int]], Iterator[pa.RecordBatch]] | None = None
    schema_note: str = ""
    row_numbers: tuple[int, ...] = ()
    held: bool = False

    def __post_init__(self) -> None:
        """Refuse columns of unequal length.

        Raises:
            ValueError: the columns do not all hold the same number of cells.
        """
        if len({len(column.values) for column in self.columns}) > 1:
            raise ValueError("the columns of a table differ in length")

    def row_number(self, row: int) -> int:
        """Row of the page, counted from 1, of a data row, counted from 0."""
        return self.row_numbers[row] if row < len(self.row_numbers) else self.first_row + row

    @property
    def sample_rows(self) -> int:
        """Rows held in `columns`."""
        return len(self.columns[0].values) if self.columns else 0

    @property
    def whole(self) -> bool:
        """True where `columns` holds every row."""
        return self.batches is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """Text that is no table: prose, code, a log, document properties.

    Attributes:
        language: Programming or markup language where known, lower case.
        first_line: Number, counted from 1, of the first line in the file.
    """

    part_id: str
    text: str
    role: TextRole
    language: str = ""
    first_line: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture: its format and size in pixels (0 where it has none, as in vector formats), and marks drawn where they can be counted."""

    part_id: str
    format: str
    width: int
    height: int
    colours: int | None = None
    marks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenomicPart:
    """What the bytes of a genomic format say of themselves.

    Attributes:
        format: Label of the file type ("vcf", "plink_bed", ...).
        samples: People (or cells, isolates) with data in it; 0 for sites only; None where the format does not say.
        variants: Variants, reads or records seen; a lower bound where `counted` is False.
        individual: True where it holds data of single samples (genotypes, dosages, depths, reads), False where it
            surely holds none, None where that could not be told.
        fields: Names of the per-sample or per-site fields the format declares (GT, DS, AC, AF), never their values.
        counted: True where the whole part was counted.
    """

    part_id: str
    format: str
    samples: int | None
    variants: int | None
    individual: bool | None
    fields: tuple[str, ...] = ()
    counted: bool = True
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An archive or compressed stream: how many members, how many bytes stored and written out."""

    part_id: str
    format: str
    members: int
    stored_bytes: int
    expanded_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayFact:
    """An array inside a model.

    Attributes:
        name: Where it stands, in words that well-known libraries give to such places; "" where the file's own words name it.
        dtype: Type of its values ("float64", "object").
        shape: Its axes.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafFact:
    """Leaves of trees that stand for equally many training records.

    Attributes:
        size: Records in each of them; the fewest that are possible where `exact` is False.
        leaves: How many leaves.
        exact: False where only weights are stored, which bound the number of records from below.
    """

    size: int
    leaves: int
    exact: bool = True


NOTHING_SAID = Fit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Serialized:
    """A model or serialized object, looked at and never loaded.

    Attributes:
        classes: Classes of the objects in it; words of the file, which checks say only where they know them.
        runs_code: Whether loading it calls anything beyond constructors known to be harmless; None where that could not be told.
        libraries: Top-level modules that wrote it, as far as they are publicly known.
        calls: Modules beyond the known constructors that loading would reach, as far as they are publicly known.
        arrays: Arrays in it, those that may hold records first; `n_arrays` counts all of them.
        holds_records: True where some of it surely stands for single training records, False where it surely does not.
        why: What holds records, in words, never with a value of the file.
        leaves: Leaves of decision trees by size, the smallest first; `pure_leaves` of them know one class only.
        parameters: Learnt numbers in all, None where they were not counted.
        notes: What else is to be known (loss histories, metadata), in words.
        groups: Groups of the taxonomy that the form or the objective of the model tells; checks add those that its classes tell.
        held: What stands in `why`, graded and counted, the gravest first.
        fit: What it says of the data it was fitted on.
        class_counts: Training records of one class in one leaf, or of one class with one value, by how many they are.
    """

    part_id: str
    format: str
    classes: tuple[str, ...] = ()
    runs_code: bool | None = None
    libraries: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    arrays: tuple[ArrayFact, ...] = ()
    n_arrays: int = 0
    holds_records: bool | None = None
    why: tuple[str, ...] = ()
    leaves: tuple[LeafFact, ...] = ()
    pure_leaves: int = 0
    parameters: int | None = None
    notes: tuple[str, ...] = ()
    groups: tuple[ModelGroup, ...] = ()
    held: tuple[Held, ...] = ()
    fit: Fit = NOTHING_SAID
    class_counts: tuple[LeafFact, ...] = ()


Part: TypeAlias = Grid | Table | TextPart | Figure | GenomicPart | Container | Serialized | Session | AttackReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part that was not read, and why. Content with any of these is not complete.

    Attributes:
        detail: What stood in the way, in words, never with a value of the file.
    """

    part_id: str
    why: UnreadReason
    limit_name: str | None = None
    limit: float | None = None
    seen: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something about the bytes that is not as it should be; a fact, which a check judges.

    Attributes:
        detail: In words, never with a value of the file.
        size: Bytes, characters or places concerned, where that says something.
    """

    part_id: str
    kind: OddityKind
    detail: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that was read of one output.

    Attributes:
        digests: SHA-256 of small members of containers, by address, where a record in it claims checksums.
    """

    file_id: str
    file_type: FileType
    parts: tuple[Part, ...] = ()
    unread: tuple[Unread, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    expanded_bytes: int = field(default=0)
    digests: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def complete(self) -> bool:
        """True where everything was read."""
        return not self.unread
