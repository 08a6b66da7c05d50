"""Pixels that are data: one pixel (or one block of pixels) a value, in few levels and without the smoothness of drawings and photographs.

A drawing has flat areas and edges with soft rims, a photograph is smooth. Values written as pixels are neither: a pixel says little of
the one beside it and the one below. The picture is looked at tile by tile, as it is and with its blocks of equal pixels reduced to one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Plane = npt.NDArray[np.uint8]
    Marks = npt.NDArray[np.bool_]
    Cells = npt.NDArray[np.int64]

_TILE = 16
_SCALED_TILES = (96, 288)
_FEW_LEVELS = 6
_SPREAD = 25.0  # standard deviation of levels that noise of cameras and scanners does not reach
_APART = 16  # levels that are nearer to each other are taken for the noise of a scanner
_INFORMATION = 0.85  # share of a cell's information that the cells beside and above it do not give away
_LEAST_BITS = 0.75
_DIFFERENT = 0.7  # share of rows, and of columns, that are unlike all others
_MANY_TILES = 12
_FILLED = 0.6
_LAG = 4  # pixels; further than the soft rim of a line or the blur of a block
_ALIKE = 0.3
_BACKGROUND = 8  # levels that count as one
_COMMON = 0.4  # share of pixels that a background has
_PEAK = 0.05
_PEAK_WIDTH = 6  # bins of eight levels
_FEWEST_BLOCKS = 8
_EDGE = 0.05  # share of pixels that change at the edge of a block
_WIDEST_BLOCK = 36
_REGULAR = 0.8
_TOLERANCE = 14  # levels that lossy compression moves a pixel by
_FEWEST_CELLS = 200
_MANY_LEVEL_CELLS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelData:
    """A region of a picture that holds values.

    Attributes:
        cells: The levels, by rank from 0, row by row.
        levels: How many there are.
        block: Pixels, along the side, that one value takes.
    """

    cells: Cells
    levels: int
    block: int


def pixel_data(plane: Plane) -> PixelData | None:
    """The first region of a picture that holds values instead of a drawing, or None.

    Args:
        plane: Brightness, one byte a pixel, shape (height, width).
    """
    import numpy as np

    if min(plane.shape) < _TILE:
        return None
    few_in_all = len(np.unique(plane)) <= _APART
    found = _unscaled(plane, few_in_all=few_in_all)
    if found is not None:
        return found
    edges = _edges(plane)
    whole = _blocks(plane, *edges)
    if whole is not None and whole.levels <= _FEW_LEVELS and whole.cells.size >= _FEWEST_CELLS:
        return whole
    for side in _SCALED_TILES:
        if (found := _scaled(plane, *edges, side=min(side, *plane.shape))) is not None:
            return found
    return None


def _unscaled(plane: Plane, *, few_in_all: bool) -> PixelData | None:
    """One pixel a value."""
    import numpy as np

    rows, columns = (length // _TILE * _TILE for length in plane.shape)
    few = np.zeros((rows // _TILE, columns // _TILE), dtype=bool)
    many = np.zeros_like(few)
    seen = np.zeros(256, dtype=bool)
    for top in range(0, rows, _TILE):
        band = plane[top : top + _TILE, :columns].astype(np.int16)
        tiles = band.reshape(_TILE, -1, _TILE).swapaxes(0, 1)
        busy = ((tiles[:, :, 1:] != tiles[:, :, :-1]).mean(axis=(1, 2)) > 0.2) & ((tiles[:, 1:] != tiles[:, :-1]).mean(axis=(1, 2)) > 0.2)
        for number in np.flatnonzero(busy):
            tile = tiles[number]
            levels = np.unique(tile)
            if len(levels) <= _FEW_LEVELS:
                plain = few_in_all or np.diff(levels).min(initial=255) >= _APART
                few[top // _TILE, number] = plain and informative(np.searchsorted(levels, tile))
                seen[levels] |= few[top // _TILE, number]
            elif tile.std() > _SPREAD:
                many[top // _TILE, number] = _unlike(tile)
    for marked, fewest, filled in ((few, 1, 0.0), (many, min(_MANY_TILES, many.size), _FILLED)):
        if int(marked.sum()) >= fewest and (filled or seen.sum() <= _FEW_LEVELS):
            tops, lefts = np.nonzero(marked)
            high, wide = int(np.ptp(tops)) + 1, int(np.ptp(lefts)) + 1
            if filled and (len(tops) < filled * high * wide or min(high, wide) < min(2, *marked.shape)):
                continue
            region = plane[tops.min() * _TILE : (tops.max() + 1) * _TILE, lefts.min() * _TILE : (lefts.max() + 1) * _TILE]
            return _ranked(_grown(plane, region, tops, lefts) if few_in_all else region, 1)
    return None


def _unlike(tile: Cells) -> bool:
    """True where pixels a few places apart have nothing in common and no level stands for a background."""
    import numpy as np

    if np.bincount((tile.ravel() // _BACKGROUND).astype(np.int64)).max() > _COMMON * tile.size:
        return False
    centred = tile - tile.mean()
    scale = float((centred**2).mean())
    near = [float((centred[:, :-_LAG] * centred[:, _LAG:]).mean()), float((centred[:-_LAG] * centred[_LAG:]).mean())]
    return all(abs(value) < _ALIKE * scale for value in near)


def _grown(plane: Plane, region: Plane, tops: Cells, lefts: Cells) -> Plane:
    """The whole picture where nearly all of it holds values."""
    return plane if len(tops) >= 0.6 * (plane.shape[0] // _TILE) * (plane.shape[1] // _TILE) else region


def _ranked(region: Plane, block: int) -> PixelData:
    import numpy as np

    levels, cells = np.unique(region, return_inverse=True)
    return PixelData(cells=cells.reshape(region.shape).astype(np.int64), levels=len(levels), block=block)


def _edges(plane: Plane) -> tuple[Marks, Marks]:
    """Where a pixel differs from the one to its right, and from the one below it."""
    import numpy as np

    signed = plane.astype(np.int16)
    return np.abs(np.diff(signed, axis=1)) > _TOLERANCE, np.abs(np.diff(signed, axis=0)) > _TOLERANCE


def _scaled(plane: Plane, across: Marks, down: Marks, *, side: int) -> PixelData | None:
    """One block of pixels a value, with or without lines between the blocks."""
    step = max(side // 2, 1)
    best: PixelData | None = None
    total = 0
    for top in _starts(plane.shape[0], side, step):
        for left in _starts(plane.shape[1], side, step):
            bottom, right = top + side, left + side
            found = _blocks(plane[top:bottom, left:right], across[top:bottom, left : right - 1], down[top : bottom - 1, left:right])
            if found is None:
                continue
            if found.levels <= _FEW_LEVELS and found.cells.size >= _FEWEST_CELLS:
                return found
            total += found.cells.size if top % side == 0 and left % side == 0 else 0
            best = found if best is None or found.cells.size > best.cells.size else best
    if best is None:
        return None
    enough = _FEWEST_CELLS if best.levels <= _FEW_LEVELS else _MANY_LEVEL_CELLS
    return best if total >= enough else None


def _starts(length: int, side: int, step: int) -> Iterator[int]:
    yield from range(0, max(length - side, 0) + 1, step)


def _blocks(tile: Plane, vertical: Marks, horizontal: Marks) -> PixelData | None:
    """The values of a tile that is cut into blocks of one size throughout.

    Args:
        tile: Brightness.
        vertical: True where a pixel differs from the one to its right.
        horizontal: True where it differs from the one below it.
    """
    import numpy as np

    across = _middles(vertical.mean(axis=0))
    if across is None:
        return None
    down = _middles(horizontal.mean(axis=1))
    if down is None:
        return None
    cells = tile[np.ix_(down[0], across[0])]
    levels = _clustered(cells)
    count = int(levels.max()) + 1
    if count == 1 or count > _FEW_LEVELS:
        if cells.std() <= _SPREAD:
            return None
        quartiles = np.quantile(cells, [0.25, 0.5, 0.75])
        plain = informative(np.searchsorted(quartiles, cells))
    else:
        plain = informative(levels)
    return PixelData(cells=levels, levels=count if count > 1 else 256, block=max(across[1], down[1])) if plain else None


def _middles(changes: npt.NDArray[np.float64]) -> tuple[Cells, int] | None:
    """The middle of each block along one side and the usual width, where edges between blocks come at one distance."""
    import numpy as np

    if changes.max() <= _EDGE:
        return None
    usual = float(np.partition(changes, -1 - len(changes) // 33)[-1 - len(changes) // 33])
    edges = np.flatnonzero(changes > max(_EDGE, 0.5 * usual)) + 1
    if len(edges) < _FEWEST_BLOCKS:
        return None
    gaps = np.diff(edges)
    wide = gaps[gaps > max(1.0, 0.4 * np.quantile(gaps, 0.9))]
    if len(wide) < _FEWEST_BLOCKS - 1:
        return None
    width = int(np.median(wide))
    multiples = np.maximum(1, np.round(wide / width))
    even = np.abs(wide - multiples * np.mean(wide / multiples)) <= 1.0
    if not 2 <= width <= _WIDEST_BLOCK or even.mean() < _REGULAR or wide.sum() < _REGULAR * (edges[-1] - edges[0]) * 0.9:
        return None
    middles = []
    for start, gap in zip(edges[:-1], gaps, strict=True):
        times = max(1, round(gap / width)) if gap > 0.4 * width else 0
        middles += [int(start + (part + 0.5) * gap / times) for part in range(times)]
    return (np.array(middles), width) if len(middles) >= _FEWEST_BLOCKS else None


def _clustered(cells: Plane) -> Cells:
    """Levels by rank; those that lossy compression has moved about count as one. All zero where the levels run into each other."""
    import numpy as np

    counts = np.bincount(cells.ravel() // _BACKGROUND, minlength=256 // _BACKGROUND)
    full = counts >= _PEAK * counts.max()
    starts = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
    peaks = starts.reshape(-1, 2)
    if np.ptp(peaks, axis=1).max() > _PEAK_WIDTH:
        return np.zeros(cells.shape, dtype=np.int64)
    middles = (peaks.sum(axis=1) - 1) / 2
    return np.searchsorted((middles[1:] + middles[:-1]) / 2, cells / _BACKGROUND).astype(np.int64)


def informative(cells: Cells) -> bool:
    """True where a cell is not told by the one beside it or the one above it: the mark of values, not of a drawing."""
    import numpy as np

    if any(len(np.unique(lines, axis=0)) < _DIFFERENT * len(lines) for lines in (cells, cells.T)):
        return False
    count = int(cells.max()) + 1
    alone = _bits(np.bincount(cells.ravel(), minlength=count))
    if alone < _LEAST_BITS:
        return False
    for before, after in ((cells[:, :-1], cells[:, 1:]), (cells[:-1], cells[1:])):
        pairs = _bits(np.bincount((before * count + after).ravel(), minlength=count * count))
        first = _bits(np.bincount(before.ravel(), minlength=count))
        second = _bits(np.bincount(after.ravel(), minlength=count))
        if second < _LEAST_BITS or pairs - first < _INFORMATION * second:
            return False
    return True


def _bits(counts: Cells) -> float:
    import numpy as np

    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())
