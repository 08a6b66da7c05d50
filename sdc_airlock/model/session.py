"""What the record of an ACRO session claims of the outputs beside it. Claims only: counts, places and words of ours, never a cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What a session says of one of its outputs."""

    PASSED = "passed"
    FAILED = "failed"
    REVIEW = "review"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


class Mitigation(StrEnum):
    """What a session says was done to the cells that its rules flagged."""

    NONE = "none"
    SUPPRESSED = "suppressed"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFile:
    """One file of an output.

    Attributes:
        name: Its name as the session writes it; a claim.
        flagged: Cells that the session's rules flagged, as its summary counts them.
        cells: Row and column, counted from 0 in the body right of one column of labels, of the flagged cells that are listed.
    """

    name: str
    flagged: int = 0
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOutput:
    """One output as the session describes it.

    Attributes:
        rounded_to: The base, where it was rounded; 0 otherwise.
        shape: Rows and columns of the body that its rules looked at, where it is a table.
        exception: True where the researcher asks for an exception, in words that stand in the session.
    """

    standing: Standing
    mitigation: Mitigation = Mitigation.NONE
    rounded_to: int = 0
    shape: tuple[int, int] | None = None
    exception: bool = False
    files: tuple[SessionFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The record of a session (`results.json`).

    Attributes:
        part_id: Address of the record.
        known: True where its version is one whose words are known (0.4 and 1).
        reviewed: True where an output checker has written into the record since, so that its own checksum no longer holds.
        unreadable: Entries that are not in the form of an output.
    """

    part_id: str
    known: bool
    outputs: tuple[SessionOutput, ...] = ()
    reviewed: bool = False
    unreadable: int = 0
