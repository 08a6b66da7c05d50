"""What a part is: worked out once, by `recognise`, and used by every check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sdc_airlock.model.content import Part, Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


class Kind(StrEnum):
    """What a part is; the value is the word used in the JSON report."""

    INDIVIDUAL_ROWS = "individual_rows"
    GENOTYPE_MATRIX = "genotype_matrix"
    GENOTYPE_RECORDS = "genotype_records"
    SEQUENCE_READS = "sequence_reads"
    FREQUENCY_TABLE = "frequency_table"
    MAGNITUDE_TABLE = "magnitude_table"
    SUMMARY_STATISTICS = "summary_statistics"
    REGRESSION = "regression"
    SURVIVAL = "survival"
    DISTRIBUTION = "distribution"
    SERIES = "series"
    MATRIX = "matrix"
    VARIANT_SITES = "variant_sites"
    GWAS_SUMMARY_STATISTICS = "gwas_summary_statistics"
    SCORE_WEIGHTS = "score_weights"
    GENE_RESULTS = "gene_results"
    LIST = "list"
    TEXT = "text"
    FIGURE = "figure"
    CODE = "code"
    CONFIG = "config"
    LOG = "log"
    MODEL = "model"
    ARCHIVE = "archive"
    METADATA = "metadata"
    OTHER = "other"


class Unit(StrEnum):
    """The unit of record: what one row stands for."""

    PERSON = "person"
    GROUP = "group"
    VARIANT = "variant"
    GENE = "gene"
    TRIAL = "trial"
    PERIOD = "period"
    PLACE = "place"
    ITEM = "item"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What the cells of a column measure."""

    COUNT = "count"
    PERCENTAGE = "percentage"
    MEAN = "mean"
    STANDARD_DEVIATION = "standard_deviation"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    QUANTILE = "quantile"
    COEFFICIENT = "coefficient"
    STANDARD_ERROR = "standard_error"
    CONFIDENCE_LIMIT = "confidence_limit"
    P_VALUE = "p_value"
    TEST_STATISTIC = "test_statistic"
    RATIO = "ratio"
    RATE = "rate"
    FREQUENCY = "frequency"
    PERSON_TIME = "person_time"
    IDENTIFIER = "identifier"
    CATEGORY = "category"
    DATE = "date"
    PERIOD = "period"
    PLACE = "place"
    POSITION = "position"
    ALLELE = "allele"
    GENOTYPE = "genotype"
    MARKER = "marker"
    GENE = "gene"
    INDEX = "index"
    MEASURE = "measure"
    TEXT = "text"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column and what is known of it.

    Attributes:
        label: Name that is safe to show ("cases", or "column 3").
        role: What its cells measure; `of_people` says, for counts, whether people (or events of people) are counted.
        numbers: Cells as float64, NaN where a cell is no number; None for a column of no numbers.
        suppressed: True for cells that hold a suppression marker.
        distinct: Number of different cells among the non-empty ones.
        filled: Number of non-empty cells.
    """

    index: int
    name: str
    label: str
    role: Role
    of_people: bool = True
    numbers: npt.NDArray[np.float64] | None = None
    suppressed: npt.NDArray[np.bool_] | None = None
    distinct: int = 0
    filled: int = 0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One part, what it is and why.

    Attributes:
        part: The part itself (a Table after regions and header were found; a grid may give several).
        kinds: What it is, likeliest first.
        probability: Probability, 0 to 1, of the first kind.
        individual: Probability, 0 to 1, that each row (or column) is one person or unit that could be one.
        unit: The unit of record.
        why: Evidence in words, never with a value of the file.
        columns: For tables, what each column is.
        margin_rows, margin_columns: Places of totals, counted from 0 in the data body.
        format: Id of the standard format that it is, as far as its cells bear that out; "" where it is none.
        explained: Places of the columns whose cells that format accounts for.
        compact: All rows of a streamed table, where they fit: whole numbers as such, 0 in the place of numbers with decimals, the columns in order.
    """

    part: Part
    part_id: str
    kinds: tuple[Kind, ...]
    probability: float
    individual: float = 0.0
    unit: Unit = Unit.UNKNOWN
    rows: int | None = None
    n_columns: int | None = None
    why: tuple[str, ...] = ()
    columns: tuple[ColumnView, ...] = ()
    margin_rows: tuple[int, ...] = ()
    margin_columns: tuple[int, ...] = ()
    row_labels: tuple[str, ...] = field(default=(), repr=False)
    format: str = ""
    explained: tuple[int, ...] = ()
    compact: tuple[pa.RecordBatch, ...] = field(default=(), repr=False, compare=False)

    @property
    def kind(self) -> Kind:
        """The likeliest kind."""
        return self.kinds[0]

    @property
    def table(self) -> Table | None:
        """The part, where it is a table."""
        return self.part if isinstance(self.part, Table) else None

    @property
    def unexplained(self) -> Table | None:
        """The table without the columns that its standard format accounts for; None where nothing is left, or it is no table."""
        table = self.table
        if table is None or not self.explained:
            return table
        columns = tuple(column for place, column in enumerate(table.columns) if place not in self.explained)
        return replace(table, columns=columns, batches=None) if columns else None
