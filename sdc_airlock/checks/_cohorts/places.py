"""Where variants lie, and how their frequencies are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cohorts.digits import plain_array

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[np.float64]

_CHROMOSOMES = {**{str(number): number for number in range(1, 27)}, "x": 23, "y": 24, "xy": 25, "mt": 26, "m": 26, "par1": 25, "par2": 25}
_OTHER_CHROMOSOME = 27
BINS = 240
_FINEST = 1e-7


@dataclass(slots=True)
class Order:
    """Whether variants stand in order of their places, chromosome by chromosome, whichever chromosome comes first.

    Attributes:
        first, final: Chromosome and position of the first and the last variant; None where there is none.
        turns: How often the chromosome changes from one row to the next.
        falls: True where a position is smaller than the one before it on the same chromosome.
    """

    first: tuple[int, float] | None = None
    final: tuple[int, float] | None = None
    turns: int = 0
    falls: bool = False

    @classmethod
    def of(cls, chromosomes: npt.NDArray[np.int64], places: Numbers) -> Order:
        """The order of some rows."""
        if not len(places):
            return cls()
        same = chromosomes[1:] == chromosomes[:-1]
        return cls(
            first=(int(chromosomes[0]), float(places[0])),
            final=(int(chromosomes[-1]), float(places[-1])),
            turns=int((~same).sum()),
            falls=bool((same & (places[1:] < places[:-1])).any()),
        )

    def add(self, later: Order) -> None:
        """Take in the rows below."""
        if later.first is None:
            return
        if self.final is not None:
            same = self.final[0] == later.first[0]
            self.turns += not same
            self.falls = self.falls or (same and later.first[1] < self.final[1])
        self.first = self.first or later.first
        self.final = later.final
        self.turns += later.turns
        self.falls = self.falls or later.falls

    def kept(self, chromosomes: int) -> bool | None:
        """True where variants of so many chromosomes stand in order; None where there are no places."""
        return None if self.first is None else not self.falls and self.turns < max(chromosomes, 1)


def bin_of(minor: Numbers) -> npt.NDArray[np.int64]:
    """Bin of each frequency of a rarer allele."""
    share = np.log(np.maximum(minor, _FINEST) / _FINEST) / np.log(0.5 / _FINEST)
    result: npt.NDArray[np.int64] = np.minimum((share * BINS).astype(np.int64), BINS - 1)
    return result


def frequency_of_bins() -> Numbers:
    """The frequency in the middle of each bin."""
    result: Numbers = _FINEST * (0.5 / _FINEST) ** ((np.arange(BINS) + 0.5) / BINS)
    return result


def chromosomes_of(values: pa.Array[Any]) -> npt.NDArray[np.int64]:
    """Chromosomes as numbers, 27 for what is none of the usual ones, 0 for nothing."""
    plain = plain_array(values)
    encoded = plain.dictionary_encode(null_encoding="encode")
    codes = np.array([_chromosome(word) for word in encoded.dictionary.to_pylist()] or [0], np.int64)
    places: npt.NDArray[np.int64] = codes[np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)]
    return places


def _chromosome(word: object) -> int:
    text = str("" if word is None else word).strip().lower().removeprefix("chr").removesuffix(".0")
    return _CHROMOSOMES.get(text.lstrip("0") or text, _OTHER_CHROMOSOME if text else 0)


def written_places(values: pa.Array[Any]) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Chromosome and position of variants that are named after them (1:12345:A:G)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = plain_array(values)
    found = pc.extract_regex(plain.cast(pa.string()), r"^(?:[cC][hH][rR])?(?P<c>[0-9]{1,2}|[XYxyMm][Tt]?)[:_\-](?P<p>[0-9]{3,9})")
    places = pc.cast(pc.struct_field(found, "p"), pa.float64()).to_numpy(zero_copy_only=False)
    return chromosomes_of(pc.struct_field(found, "c")), np.asarray(places, np.float64)


__all__ = ["BINS", "Order", "bin_of", "chromosomes_of", "frequency_of_bins", "written_places"]
