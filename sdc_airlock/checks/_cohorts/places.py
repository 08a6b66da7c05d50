"""Where variants lie, and how their frequencies are spread."""

from __future__ import annotations

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


__all__ = ["BINS", "bin_of", "chromosomes_of", "frequency_of_bins", "written_places"]
