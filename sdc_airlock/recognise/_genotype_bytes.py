"""Genotypes in bytes: a byte a state under a key that comes again and again, two bits a state under any mask, two planes of bits."""

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
# longest key, rows and places that a first look takes, and the share of places that hold states
_LONGEST_KEY, _PROBE, _LEAST_ROWS, _TELLING = 64, 2560, 20, 0.3


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
    if (unkeyed := keyed_states(data)) is not None:
        yield unkeyed
    if (unmasked := _unmasked(data)) is not None:
        yield unmasked
    if planes and len(data) % 2 == 0:
        bits = np.unpackbits(data.astype(np.uint8).reshape(2, -1), axis=1).astype(np.int64)
        for states in (bits[0] + 2 * bits[1], bits[0] + 2 * bits[1] ^ 1, bits[0] + 2 * bits[1] ^ 2, bits[0] + 2 * bits[1] ^ 3):
            if (states == _STATES - 1).mean() < _RARE < (states == 1).mean():
                yield np.where(states == _STATES - 1, -1, states)


def keyed_states(data: Ints) -> Ints | None:
    """States of bytes or letters that a key of some places turns, the same again and again: few kinds in each place of it, many in all.

    Args:
        data: Bytes, or letters as numbers.

    Returns:
        States 0, 1, 2 in their order, without places that hold one or two kinds (marks between states); None where no such key shows.
    """
    length = _key_length(data[:_PROBE])
    if not length:
        return None
    data = data[:MOST_BYTES]
    places = data[: len(data) // length * length].reshape(-1, length)
    turned = [_turned(column) for column in places.T]
    known = [column for column in turned if column is not None]
    return np.stack(known, axis=1).ravel() if len(known) >= _TELLING * length else None


def _key_length(data: Ints) -> int:
    """Shortest distance at which places hold three or four kinds at the most though all hold more; 0 for none."""
    if len(np.unique(data)) <= MOST_KINDS:
        return 0
    for length in range(2, min(_LONGEST_KEY, len(data) // _LEAST_ROWS) + 1):
        rows = np.sort(data[: len(data) // length * length].reshape(-1, length), axis=0)
        kinds = (np.diff(rows, axis=0) != 0).sum(axis=0) + 1
        if kinds.max() <= MOST_KINDS and (kinds >= MOST_KINDS - 1).mean() >= _TELLING:
            return length
    return 0


def _turned(column: Ints) -> Ints | None:
    """One place of a key as states: what exclusive or, or else their order, makes of its three commonest kinds."""
    kinds, times = np.unique(column, return_counts=True)
    if not MOST_KINDS - 1 <= len(kinds) <= MOST_KINDS:
        return None
    common = np.sort(kinds[np.argsort(times)[-(MOST_KINDS - 1) :]])
    for nought in common.tolist():
        if {nought, nought ^ 1, nought ^ 2} == set(common.tolist()):
            common = np.array([nought, nought ^ 1, nought ^ 2])
    states = np.full(len(column), -1, dtype=np.int64)
    for state, kind in enumerate(common.tolist()):
        states[column == kind] = state
    return states


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


__all__ = ["MOST_BYTES", "keyed_states", "states_of_bytes"]
