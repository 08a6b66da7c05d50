"""One table of results by variant or gene: how many people, how many variants, and how few of them carry a rare allele."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cohorts.columns import PUBLISHED, Meaning, Measure
from sdc_airlock.checks._cohorts.digits import EXACT, Digits
from sdc_airlock.checks._cohorts.places import BINS
from sdc_airlock.checks._cohorts.sizes import Sizes
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.stats.assemblies import CHROMOSOMES
from sdc_airlock.stats.membership import GENOME, STRETCH

Numbers = npt.NDArray[np.float64]

# larger counts than any profile suppresses are not told apart
LARGEST = 200
_ROWS = 50


@dataclass(slots=True)
class Tally:
    """How often each small count stands, or is implied, in one column.

    Attributes:
        rule: "copies", "genotypes", "carriers", "frequency", "error" or "size".
        group: Of whom ("cases"); "" for everybody.
        times: How often each count from 0 to `LARGEST` was met, and `rows` the first rows of each, counted from 0.
    """

    rule: str
    place: int
    label: str
    group: str = ""
    times: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(LARGEST + 1, np.int64))
    rows: dict[int, list[int]] = field(default_factory=dict)

    def add(self, counts: Numbers, start: int, rows: npt.NDArray[np.int64] | None = None) -> None:
        """Take in the counts of some rows.

        Args:
            counts: NaN where there is none.
            start: Number of the first row.
            rows: Places of the rows after the first; all rows where not given.
        """
        near = np.flatnonzero((counts > 0) & (counts <= LARGEST))
        if not len(near):
            return
        whole = np.ceil(counts[near] - 1e-6).astype(np.int64)
        places = start + (near if rows is None else rows[near])
        self.times += np.bincount(whole, minlength=LARGEST + 1)
        for count in np.unique(whole).tolist():
            kept = self.rows.setdefault(count, [])
            if len(kept) < _ROWS:
                kept += places[whole == count][: _ROWS - len(kept)].tolist()

    def add_whole(self, numbers: Numbers, start: int) -> None:
        """Take in what of some numbers are counts: whole ones from 1."""
        small = np.flatnonzero(numbers <= LARGEST)
        near = numbers[small]
        counts = (near >= 1) & (near == np.floor(near))
        self.add(near[counts], start, small[counts])

    def take(self, later: Tally) -> None:
        """Take in the counts of the rows below."""
        self.times += later.times
        for count, rows in later.rows.items():
            kept = self.rows.setdefault(count, [])
            kept += rows[: _ROWS - len(kept)]

    def between(self, low: int, high: int) -> tuple[int, tuple[int, ...]]:
        """How many counts lie in a range, and the first rows of them."""
        high = min(high, LARGEST)
        rows = sorted({row for count in range(low, high + 1) for row in self.rows.get(count, ())})
        return int(self.times[low : high + 1].sum()), tuple(rows[:_ROWS])


@dataclass(slots=True)
class Survey:
    """One table of results.

    Attributes:
        rows: Rows looked at, those of one test where a table lists several.
        sizes: People behind it, and `doubtful` where that follows from the digits of the file only up to a factor.
        small: Smallest number of people of the rows that state it, by group.
        stretches: Places of the genome with a variant in it, as flags; empty where no positions are given.
        markers: Different variants, as far as that could be counted.
        spectrum: Variants by frequency of the rarer allele, in `BINS` steps of its logarithm.
        digits: How frequencies were rounded.
        frequencies: Groups of which frequencies or counts of alleles are published.
        effects: True where estimates with a sign are published by variant; `rounding` is what their digits add to their variance.
        associated: True where results of tests are published; `unsigned` where they are those of variants, and without the sign of an effect.
        traits: Different traits.
        group_people: People of each group, as columns say it.
        contradicted: True where counts of alleles, their number and frequencies have nothing to do with each other.
        last: Largest position on each chromosome, 0 where there is none; `from_nought` where a position is 0.
        ordered: True where variants stand in order of their places, chromosome by chromosome; None where no places are told.
        least: Smallest frequency of the rarer allele, 1 where there is none.
        most_people: Largest number of people that a row tells, 0 where none does.
        plain: True for lists of variants without any number about people.
    """

    part: Recognised
    columns: tuple[Meaning, ...]
    sizes: Sizes = field(default_factory=Sizes)
    doubtful: bool = False
    rows: int = 0
    markers: int = 0
    tallies: list[Tally] = field(default_factory=list)
    stretches: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    spectrum: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    digits: Digits = EXACT
    frequencies: tuple[str, ...] = ()
    effects: bool = False
    rounding: float = 0.0
    associated: bool = False
    traits: int = 1
    group_people: dict[str, float] = field(default_factory=dict)
    variants: bool = False
    contradicted: bool = False
    last: Numbers = field(default_factory=lambda: np.zeros(CHROMOSOMES))
    from_nought: bool = False
    ordered: bool | None = None
    least: float = 1.0
    most_people: float = 0.0

    @property
    def unsigned(self) -> bool:
        """True where p-values or squares are all that is said of an effect."""
        return self.variants and self.associated and not self.effects

    @property
    def plain(self) -> bool:
        """True for a list of variants with nothing about people."""
        return self.variants and not self.associated and not self.has(*PUBLISHED)

    def has(self, *measures: Measure) -> bool:
        """True where a column holds one of these."""
        return any(one.measure in measures for one in self.columns)

    @property
    def independent(self) -> int:
        """Independent variants: the stretches of the genome that hold one, never more than there are variants."""
        occupied = int(self.stretches.sum())
        return min(occupied, self.markers) if occupied else min(self.markers, GENOME // STRETCH)


__all__ = ["LARGEST", "Survey", "Tally"]
