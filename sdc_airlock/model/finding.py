"""A finding: one risk seen in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much a finding weighs; the profile maps it to an outcome."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word used in reports."""
        return self.name.lower()


class DisclosureKind(StrEnum):
    """In the cell itself, or by combining, differencing, recalculating."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Statbarn(StrEnum):
    """The fourteen classes of statistics of the SACRO vocabulary."""

    FREQUENCIES = "frequencies"
    LINEAR_AGGREGATIONS = "linear_aggregations"
    POSITION = "position"
    ENDPOINTS = "endpoints"
    MODE = "mode"
    SHAPE = "shape"
    HYPOTHESIS_TESTS = "statistical_hypothesis_tests"
    CORRELATION_COEFFICIENTS = "correlation_coefficients"
    CALCULATED_RATIOS = "calculated_ratios"
    HAZARD_SURVIVAL_TABLES = "hazard_survival_tables"
    GINI_COEFFICIENT = "gini_coefficient"
    NON_LINEAR_CONCENTRATION_RATIOS = "non_linear_concentration_ratios"
    CLUSTERS = "clusters"
    LINKED_MULTILEVEL_TABLES = "linked_multilevel_tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place, never a value.

    Attributes:
        part_id: The part.
        rows: Rows of the file or sheet, counted from 1, as a person would count them on opening it; the first few where there are many.
        columns: Column labels that are safe to show, else "column 3".
        lines: First and last line, counted from 1, for text.
        shape: Rows and columns of the part, for the thumbnail.
        cells: (row, column) pairs counted from 0 within the data body, for the thumbnail; the first few hundred.
    """

    part_id: str
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    shape: tuple[int, int] | None = None
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """Evidence with its value left out: its shape ("10 digits"), and the count of its kind."""

    shape: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One risk, seen in one place (or in many places of one column).

    Attributes:
        check_id: The check that saw it.
        rule: Short name of the rule inside the check ("implied_by_percentage"), "" where it has just one.
        count: Places concerned.
        message: What was seen and why it discloses: lower-case start, no value of the file.
        remedy: What would mend it.
        labels: Row labels for the researcher's own terminal. They come from the file, so no report may carry them.
    """

    check_id: str
    severity: Severity
    location: Location
    message: str
    remedy: str
    kind: DisclosureKind = DisclosureKind.PRIMARY
    statbarn: Statbarn | None = None
    rule: str = ""
    count: int = 1
    evidence: tuple[Redacted, ...] = ()
    labels: tuple[str, ...] = ()
