"""Few different things in rows, or in one long run, as matrices of codes: what they are called, drawn with or shaded with says nothing.

A run without row ends is cut to the width at which what stands at one place of all rows is most alike, or what stands in one row: markers
differ in their frequencies, people do not.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sdc_airlock.model.content import Column, Table
from sdc_airlock.recognise._genotype_evidence import Matrix, three_states
from sdc_airlock.stats.genotype import haplotype_share

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_Row = TypeVar("_Row")

MOST_STATES = 30  # different things, rare ones and lines between the rows among them
LEAST_SIDE, LEAST_CELLS = 6, 240
MOST_CELLS = 1_000_000
# share of the cells that the three commonest states have to fill; the rest is missing
MOSTLY = 0.85
# share of rows that have the commonest length
ALIKE = 0.9
# standard deviations by which a width has to show
SHOWS = 5.0
MOST_DIVISORS = 400
# rows that end where they are cut lose half of what sets them apart when they are cut elsewhere
SHIFTED = 0.7
# price of having looked for the length of the rows
CUT = 0.7
# and of a cut that shows by what stands in a row alone: shares that drift along a list show as well
DRIFTS = 1.5
# how much more than by chance both rows and columns may differ, at least and as a share of the other; linked markers differ a little
FACTOR, FACTOR_SHARE = 2.0, 0.3
# share of neighbours that three haplotypes explain, from which rows may differ as columns do: other data have hardly ever four in ten
FEW_HAPLOTYPES_SHOW = 0.4
_SOME = 150
_MIDDLES = tuple(np.array([*order, -1]) for order in ((0, 1, 2), (1, 0, 2), (0, 2, 1)))
# a picture is alike from row to row and from column to column
PICTURE = 0.06
REPEATED = 0.5
_NO_MARKS = {ord(letter): None for letter in "\ufe0e\ufe0f\u200d\r"}
_MOST_SYMBOLS, _INDENTED = 8, 10
_LEAST_TAIL = 20
_CHUNKS = (1, 2, 3)


def coded(things: Sequence[Hashable], order: Callable[[Hashable], float] | None = None) -> Ints | None:
    """Codes of a run of things, in their order or the commonest first; None (a thing that is not there) and rare things are -1.

    Returns:
        None where there are too many different things, or too few.
    """
    times = Counter(things)
    times.pop(None, None)
    if not 2 <= len(times) <= MOST_STATES:
        return None
    common = times.most_common(3)
    if sum(count for _, count in common) < MOSTLY * len(things):
        return None
    if order is not None:
        common.sort(key=lambda one: order(one[0]))
    codes = {thing: place for place, (thing, _) in enumerate(common)}
    return np.fromiter(map(codes.get, things, itertools.repeat(-1)), dtype=np.int64, count=len(things))


def matrix_of(rows: Sequence[Sequence[Hashable]]) -> Ints | None:
    """Codes of rows of things, shape (rows, columns); rows of another length than most are left out.

    Returns:
        None where the rows differ in length, or hold too many different things.
    """
    return _matrix_of(rows, [len(row) for row in rows], lambda row: row)


def _matrix_of(rows: Sequence[_Row], lengths: Sequence[int], things_of: Callable[[_Row], Sequence[Hashable]]) -> Ints | None:
    """`matrix_of` of rows of known lengths, of which only those that are looked at are taken apart."""
    if not rows:
        return None
    width, times = Counter(lengths).most_common(1)[0]
    if width < LEAST_SIDE or times < max(LEAST_SIDE, ALIKE * len(rows)):
        return None
    kept = [row for row, length in zip(rows, lengths, strict=True) if length == width][: max(1, MOST_CELLS // width)]
    codes = coded([thing for row in kept for thing in things_of(row)])
    return None if codes is None else codes.reshape(-1, width)


def usable(codes: Ints) -> Ints | None:
    """The places that vary, where what is left can be one person a row or a column: no picture, no pattern that repeats itself."""
    codes = codes[:, (codes != codes[:1]).any(axis=0)]
    if min(codes.shape) < LEAST_SIDE or codes.size < LEAST_CELLS or len(np.unique(codes)) < 3:  # three states, or two and a missing one
        return None
    if _drawn(codes) and _drawn(codes.T):
        return None
    if min(len(np.unique(codes, axis=axis)) for axis in (0, 1)) == 1:
        return None
    if _both_differ(codes) and not _of_haplotypes(codes):
        return None
    repeats = any(np.unique(codes, axis=axis).shape[axis] < REPEATED * codes.shape[axis] for axis in (0, 1))
    return None if repeats or _mirrored(codes) else codes


def _drawn(codes: Ints) -> bool:
    """True where a row is more like the one above it than like one far off."""
    half = len(codes) // 2
    above = float((codes[1:] == codes[:-1]).mean())
    apart = float((codes[half:] == codes[: len(codes) - half]).mean())
    return above > apart + PICTURE


def _both_differ(codes: Ints) -> bool:
    """True where the rows differ as the columns do: scores, answers and regions have high and low ones, people at many markers have not."""
    states = np.stack([np.asarray(codes == state, dtype=np.float64) for state in range(3)])
    along, down = (_unlike(states.sum(axis=axis)) for axis in (1, 2))
    return min(along, down) > max(FACTOR, FACTOR_SHARE * max(along, down))


def _of_haplotypes(codes: Ints) -> bool:
    """True where few haplotypes explain what stands beside each other, in rows or in columns, whichever state is the middle one: then people differ as well."""
    some = codes[np.linspace(0, len(codes) - 1, min(len(codes), _SOME)).astype(np.int64)][:, :_SOME]
    return any(haplotype_share(turned[laid]) >= FEW_HAPLOTYPES_SHOW for laid in (some, some.T) for turned in _MIDDLES)


def _mirrored(codes: Ints) -> bool:
    """True for relations between the same things: a square that is the same above and below its diagonal."""
    if codes.shape[0] != codes.shape[1]:
        return False
    return bool((codes == codes.T).mean() > 0.98)


def states_evidence(codes: Ints, *, known_order: bool) -> tuple[Matrix, str]:
    """Evidence of a matrix of states, people in rows ("wide") or in columns ("transposed")."""
    wide, turned = (three_states(one, known_order=known_order) for one in (codes, codes.T))
    return (wide, "wide") if wide.log_odds >= turned.log_odds else (turned, "transposed")


def row_length(codes: Ints) -> int:
    """Likeliest length of the rows of a run without row ends, 0 where none shows.

    It is the one at which the places of a row differ in their shares most, or the rows do, less what any such cut gains by chance.
    """
    return _rows_of(codes)[0]


def _rows_of(codes: Ints) -> tuple[int, bool]:
    """Likeliest length of the rows, and whether it shows by what stands in a row alone."""
    states = np.stack([np.asarray(codes == state, dtype=np.float64) for state in range(3)])
    period, block = _period(states, len(codes)), _block(states, len(codes))
    return (block[1], True) if block > period else (period[1], False)


def _period(states: npt.NDArray[np.float64], size: int) -> tuple[float, int]:
    """Gain and length of the distance that, with all its multiples, finds the run like itself."""
    length = 1 << (2 * size - 1).bit_length()
    centred = states - states.mean(axis=1, keepdims=True)
    like = np.fft.irfft((np.abs(np.fft.rfft(centred, length)) ** 2).sum(axis=0), length)[:size]
    spread = float((np.cov(centred, bias=True) ** 2).sum())
    if spread <= 0:
        return 0.0, 0
    widths = np.arange(size // LEAST_SIDE + 1)
    rows = size // np.maximum(widths, 1)
    pairs = np.maximum(size * rows - widths * rows * (rows + 1) / 2, 1)
    score = _over_multiples(like, len(widths)) / np.sqrt(spread * pairs)
    freedom = 2.0 * (widths - 1)
    gain = np.where(score > SHOWS, score * np.sqrt(2 * np.maximum(freedom, 1)) - freedom, 0.0)
    best = int(gain.argmax())
    return (float(gain[best]), best) if gain[best] > 0 else (0.0, 0)


def _over_multiples(like: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float64]:
    """For each width below `most` the sum over all its multiples; 0 for those too narrow to count."""
    sums = np.zeros(most)
    # narrow widths have many multiples, wide ones few: each kind is added up along its shorter side
    turn = min(most, int(len(like) ** 0.5) + 1)
    for width in range(LEAST_SIDE, turn):
        sums[width] = like[width::width].sum()
    for times in range(1, (len(like) - 1) // max(turn, 1) + 1):
        reached = like[turn * times :: times][: most - turn]
        sums[turn : turn + len(reached)] += reached
    return sums


def _block(states: npt.NDArray[np.float64], size: int) -> tuple[float, int]:
    """Gain and length of the cut whose rows have different shares: a row is a marker there."""
    best = (0.0, 0)
    for length in [length for length in range(LEAST_SIDE, size // LEAST_SIDE + 1) if size % length == 0][:MOST_DIVISORS]:
        rows = size // length
        freedom = 2.0 * (rows - 1)
        whole = _unlike(states.reshape(3, rows, length).sum(axis=2))
        score = whole * freedom - freedom
        if score > SHOWS * np.sqrt(2 * freedom) and _ends(states, length) < SHIFTED * (whole - 1):
            best = max(best, (score - freedom, length))
    return best


def _ends(states: npt.NDArray[np.float64], length: int) -> float:
    """How much more than by chance rows differ that are cut half a row later: half as much where rows end, as much where shares drift along a list."""
    later = states[:, length // 2 :]
    rows = later.shape[1] // length
    return _unlike(later[:, : rows * length].reshape(3, rows, length).sum(axis=2)) - 1


def _unlike(counts: npt.NDArray[np.float64]) -> float:
    """How much more rows differ in their shares of the states (states, rows) than by chance: 1 by chance."""
    expected = counts.mean(axis=1, keepdims=True)
    shown = expected[:, 0] > 0
    total = float(((counts - expected)[shown] ** 2 / expected[shown]).sum())
    return float(total / max((int(shown.sum()) - 1) * (counts.shape[1] - 1), 1))


def folded(codes: Ints, *, known_order: bool = False, width: int = 0) -> tuple[Ints, Matrix, str] | None:
    """A run without row ends, cut into rows of states: the matrix, its evidence less the price of having looked for the cut, and how it lies."""
    codes = codes[:MOST_CELLS]
    if len(codes) < LEAST_CELLS or np.count_nonzero(codes != np.bincount(codes[codes >= 0]).argmax()) < LEAST_SIDE:
        return None  # fewer others than places that have to vary
    price = 0.0
    if not width:
        width, drifting = _rows_of(codes)
        price = CUT + DRIFTS * drifting
    laid = usable(codes[: len(codes) // width * width].reshape(-1, width)) if width else None
    if laid is None:
        return None
    matrix, layout = states_evidence(laid, known_order=known_order)
    return laid, Matrix(log_odds=matrix.log_odds - price, why=matrix.why), layout


def table_of_codes(part_id: str, codes: Ints, *, title: str = "", first_row: int = 1) -> Table:
    """A matrix of codes as a table of states without names; nothing of what the states were called is in it."""
    import pyarrow as pa

    words = np.array([*(f"s{state + 1}" for state in range(MOST_STATES)), ""])
    columns = tuple(
        Column(index=index, name="", values=pa.array(words[column].tolist(), type=pa.string())) for index, column in enumerate(codes.T)
    )
    return Table(part_id=part_id, columns=columns, n_rows=len(codes), named=False, first_row=first_row, title=title)


def symbol_runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that follow each other and hold few different characters in all: number of the first (from 1), and the lines.

    A name that stands before the characters of a line is left out.
    """
    number, first = 0, 1
    run: list[str] = []
    letters: set[str] = set()
    for number, raw in enumerate(text.translate(_NO_MARKS).split("\n"), start=1):
        line = _symbols(raw)
        if line is None or len(letters | set(line)) > _MOST_SYMBOLS:
            if sum(map(len, run)) >= LEAST_CELLS:
                yield first, run
            run, letters = [], set()
        if line:
            if not run:
                first = number
            run.append(line)
            letters.update(line)
    if sum(map(len, run)) >= LEAST_CELLS:
        yield first, run


def _symbols(line: str) -> str | None:
    """The line, or its last word, where it holds few different characters; None where neither does."""
    if len(set(line)) <= _MOST_SYMBOLS:
        return line
    tail = line.rpartition(" ")[2].rpartition("\t")[2].strip("\"'")
    return tail if len(tail) >= _LEAST_TAIL and len(set(tail)) <= _MOST_SYMBOLS else None


def symbol_matrices(text: str) -> Iterator[tuple[int, Ints]]:
    """Matrices of states that lines of few different characters can be read as: number of the first line, and codes.

    One, two or three characters are a state; where lines differ in length, they are one run.
    """
    for first, found in symbol_runs(text):
        run = _without_indentation(found)
        widest = max(map(len, run))
        lines = [line.ljust(widest) for line in run] if any(" " in line for line in run) and len(run) >= LEAST_SIDE else run
        whole = "".join(lines)
        for size in _CHUNKS:
            codes = _matrix_of(lines, [-(-len(line) // size) for line in lines], partial(_cut, size=size))
            laid = None if codes is None else usable(codes)
            if laid is not None:
                yield first, laid
            yield from _in_one_run(first, _coded_chunks(whole, size))
        if any(" " in line for line in run):
            yield from _in_one_run(first, coded([word for line in run for word in line.split()]))
    yield from _alike_lines(text)


def _without_indentation(run: list[str]) -> list[str]:
    """The lines, without what stands before them where that is most of them: lines further and further in say nothing by it."""
    bare = [line.strip() for line in run]
    return bare if max(map(len, run)) > _INDENTED * max(map(len, bare)) + LEAST_SIDE else run


def _in_one_run(first: int, codes: Ints | None) -> Iterator[tuple[int, Ints]]:
    if codes is not None and (found := folded(codes)) is not None:
        yield first, found[0]


def _alike_lines(text: str) -> Iterator[tuple[int, Ints]]:
    """Lines as states, where nearly all of a text is the same few lines again and again."""
    lines = [line for line in text.split("\n") if line.strip()]
    common = dict(Counter(lines).most_common(3)) if len(lines) >= LEAST_CELLS else {}
    if len(common) > 1 and sum(common.values()) >= MOSTLY * len(lines):
        yield from _in_one_run(1, coded([line for line in lines if line in common]))


def _coded_chunks(text: str, size: int) -> Ints | None:
    """`coded` of a text of few different characters, taken in chunks: no more than the first `MOST_CELLS` codes of them."""
    known = np.array(sorted(map(ord, set(text))), np.uint32)
    if len(known) < 2:
        return None
    placed = np.searchsorted(known, np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
    filled = np.full(-(-len(placed) // size) * size, len(known), np.int64)
    filled[: len(placed)] = placed
    states = (len(known) + 1) ** size
    chunks = filled.reshape(-1, size) @ (len(known) + 1) ** np.arange(size)
    times = np.bincount(chunks, minlength=states)
    here = np.flatnonzero(times)
    if not 2 <= len(here) <= MOST_STATES:
        return None
    met = np.zeros(states, np.int64)
    met[chunks[::-1]] = np.arange(len(chunks) - 1, -1, -1)
    common = here[np.lexsort((met[here], -times[here]))][:3]
    if times[common].sum() < MOSTLY * len(chunks):
        return None
    codes = np.full(states, -1)
    codes[common] = np.arange(len(common))
    return np.asarray(codes[chunks[:MOST_CELLS]], np.int64)


def _cut(line: str, size: int) -> list[str]:
    return list(line) if size == 1 else [line[place : place + size] for place in range(0, len(line), size)]
