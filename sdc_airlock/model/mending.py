"""What is done to an output so that it may go: asked for by a person, planned in a worker, proven by judging the copy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a table is made safe."""

    SUPPRESS = "suppress"
    ROUND = "round"
    MERGE = "merge"


class Loss(StrEnum):
    """What is kept as small as possible when cells are hidden: how many they are, or what they add up to."""

    CELLS = "cells"
    TOTALS = "totals"


class Done(StrEnum):
    """What was done to some cells; the value is the word used in the JSON log."""

    PRIMARY = "primary"
    DERIVED = "derived"
    SECONDARY = "secondary"
    ROUNDED = "rounded"
    RECOMPUTED = "recomputed"
    MERGED = "merged"
    FORMULAS = "formulas"

    @property
    def words(self) -> str:
        """The same for people."""
        return _WORDS[self]


_WORDS = {
    Done.PRIMARY: "hidden: too few people are counted there",
    Done.DERIVED: "hidden: what is said there follows from a hidden count",
    Done.SECONDARY: "hidden: totals would give the others away",
    Done.ROUNDED: "rounded",
    Done.RECOMPUTED: "worked out again from what was rounded or merged",
    Done.MERGED: "merged with a neighbour",
    Done.FORMULAS: "replaced by their results",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a file is to be mended.

    Attributes:
        method: None for what the profile prescribes.
        marker: What stands in the place of a hidden number.
        suppressed: Least and largest count that must not be shown.
        range_share, amount_share: What must stay possible for a hidden count, or a hidden amount.
        base: Multiple that counts are rounded to; 0 where the profile asks for none.
        individual: From this probability on rows may be one a person.
    """

    method: Method | None
    loss: Loss
    marker: str
    suppressed: tuple[int, int]
    range_share: float
    amount_share: float
    base: int
    individual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One kind of change in one column of a table.

    Attributes:
        part_id: Address of the table.
        done: What was done.
        column: Name of the column that is safe to show, "" for whole rows.
        rows: Rows of the page, counted from 1, the first ones; count: how many in all.
    """

    part_id: str
    done: Done
    column: str
    rows: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What a worker made of a file.

    Attributes:
        method: The method that was used.
        refusal: Why nothing was made, in words; "" where something was, or nothing needed to be.
        steps: What was done; none where nothing needed to be.
        data: The bytes of the copy in base 64, "" where there is none.
        cells: Numbers that the tables print; hidden: how many of them are hidden now.
    """

    method: Method
    refusal: str = ""
    steps: tuple[Step, ...] = ()
    data: str = ""
    cells: int = 0
    hidden: int = 0


__all__ = ["Done", "Loss", "Mended", "Method", "Step", "Wanted"]
