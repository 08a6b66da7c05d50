"""Genotypes in bytes: a byte a state, two bits a state under any mask, two planes of bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

MOST_BYTES = 1 << 20
# kinds of bytes that are states by themselves: three and a missing one
MOST_KINDS = 4
_PER_BYTE, _STATES = 4, 4
_RARE = 0.02


def states_of_bytes(data: Ints, *, planes: bool = False) -> Iterator[Ints]:
    """Runs of three states that bytes can be read as.

    Args:
        data: Bytes as numbers.
        planes: Whether two planes of bits, one after the other, are tried as well.

    Yields:
        States 0, 1, 2, and -1 for what hardly ever comes.
    """
    if not len(data) or data.min() == data.max():
        return
    kinds, times = np.unique(data, return_counts=True)
    if 3 <= len(kinds) <= MOST_KINDS:
        common = np.sort(kinds[np.argsort(times)[-3:]])
        yield np.where(np.isin(data, common), np.searchsorted(common, data), -1)
        return
    if (unmasked := _unmasked(data)) is not None:
        yield unmasked
    if planes and len(data) % 2 == 0:
        bits = np.unpackbits(data.astype(np.uint8).reshape(2, -1), axis=1).astype(np.int64)
        for states in (bits[0] + 2 * bits[1], bits[0] + 2 * bits[1] ^ 1, bits[0] + 2 * bits[1] ^ 2, bits[0] + 2 * bits[1] ^ 3):
            if (states == _STATES - 1).mean() < _RARE < (states == 1).mean():
                yield np.where(states == _STATES - 1, -1, states)


def _unmasked(data: Ints) -> Ints | None:
    """Two bits a state, where one of the four hardly ever comes in each of the four places of a byte; a mask on all bytes is undone."""
    pairs = data[:, None] >> np.arange(0, 2 * _PER_BYTE, 2) & (_STATES - 1)
    shares = np.stack([(pairs == state).mean(axis=0) for state in range(_STATES)])
    rare = shares.argmin(axis=0)
    if (np.sort(shares, axis=0)[0] >= _RARE).any() or np.sort(shares.mean(axis=1) if len(set(rare)) == 1 else shares.max(axis=1))[
        1
    ] < _RARE:
        return None
    states = pairs ^ (rare ^ (_STATES - 1))
    return np.where(states == _STATES - 1, -1, states).ravel()


__all__ = ["MOST_BYTES", "states_of_bytes"]
