"""Columns of aligned text: where a run of lines is blank from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Row = tuple[str, ...]
Span = tuple[int, int]

_WIDE = 2048
_LINES = 4000
_FILLED_SHARES = (0.1, 0.02)
RULER = re.compile(
    r"(?=[\s\-=_+|*~.:\u2500-\u257f\u2010-\u2015]*?[\-=_~*\u2500\u2501\u2550\u2010-\u2015]{3})[\s\-=_+|*~.:\u2500-\u257f\u2010-\u2015]++"
)
_NUMERIC = re.compile(r"[^\sA-Za-z\d]*\d[^\sA-Za-z]*(?:[eE][+-]?\d[^\sA-Za-z]*)?|\.|-+|n/?a|nan|null", re.IGNORECASE)
_PIECE = re.compile(r"[^\s|](?:[^\s|]|[ \u00a0](?=[^\s|]))*")
_BOX = str.maketrans(
    dict.fromkeys("\u2502\u2503\u2551\u2506\u2507\u250a\u250b", "|")
    | dict.fromkeys("\u2500\u2501\u2550\u2504\u2505\u2508\u2509", "-")
    | {
        chr(code): "+"
        for code in [*range(0x250C, 0x254C), *range(0x2552, 0x256D), 0x256D, 0x256E, 0x256F, 0x2570]
        if code not in (0x2550, 0x2551)
    }
)


def is_ruler(line: str) -> bool:
    """True for a line of dashes, equal signs or box drawing and nothing else."""
    return bool(RULER.fullmatch(line))


def is_number(text: str) -> bool:
    """True for text that stands for one number (with brackets, stars, per cent), or for a missing one."""
    return bool(_NUMERIC.fullmatch(text))


def plain_box(line: str) -> str:
    """A line with box drawing as `|`, `-` and `+`, and tabs as blanks up to the next eighth place."""
    return line.translate(_BOX).expandtabs(8) if not line.isascii() or "\t" in line else line


def _filled(lines: Sequence[str], width: int) -> npt.NDArray[np.bool_]:
    """Shape (lines, width): True where a character other than a blank stands."""
    page = np.zeros((len(lines), width), dtype=np.bool_)
    for place, line in enumerate(lines):
        codes = np.frombuffer(line[:width].encode("utf-32-le"), dtype=np.uint32)
        page[place, : len(codes)] = (codes != ord(" ")) & (codes != 0xA0)
    return page


def find_spans(lines: Sequence[str]) -> list[Span]:
    """Columns of the lines as (start, end) places; one span where there is no column to be seen.

    A gap is a place that is blank in nearly all lines: some prose may run across it, and a column may be filled in a few lines only, so a
    forgiving and a strict share are tried and the one that shows more columns is taken. One blank alone parts two columns only where one of
    them is mostly numbers, or where many lines agree.
    """
    body = [line for line in lines if line.strip() and not is_ruler(line)][:_LINES]
    if not body:
        return [(0, 1)]
    width = min(max(len(line) for line in body), _WIDE)
    counts = _filled(body, width).sum(axis=0)
    pipes = _pipe_places(body, width)
    best: list[Span] = [(0, width)]
    tried: list[npt.NDArray[np.bool_]] = []
    for share in _FILLED_SHARES:
        blank = (counts <= share * len(body)) | pipes
        if any(bool((blank == other).all()) for other in tried):
            continue
        tried.append(blank)
        spans = _runs(~blank)
        merged = _merge(body, spans, pipes) if spans else []
        if len(merged) > len(best):
            best = merged
    return best


def _pipe_places(lines: Sequence[str], width: int) -> npt.NDArray[np.bool_]:
    """Places where most lines have a vertical bar."""
    counts = np.zeros(width, dtype=np.int64)
    for line in lines:
        if "|" in line:
            places = [match.start() for match in re.finditer(r"\|", line[:width])]
            counts[places] += 1
    return counts >= max(2, 0.6 * len(lines))


def _runs(mask: npt.NDArray[np.bool_]) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _merge(lines: Sequence[str], spans: list[Span], pipes: npt.NDArray[np.bool_]) -> list[Span]:
    """Join neighbours that are parted by one chance blank, or by blanks inside the words of a bar-ruled cell."""
    several_pipes = int(pipes.sum()) >= 2
    merged = [spans[0]]
    for span in spans[1:]:
        left = merged[-1]
        gap = span[0] - left[1]
        barred = bool(pipes[left[1] : span[0]].any())
        numbers = _number_share(lines, left) >= 0.6 or _number_share(lines, span) >= 0.6
        both = _number_share(lines, left) >= 0.6 and _number_share(lines, span) >= 0.6
        apart = barred or (both if several_pipes else (gap > 1 or numbers or len(lines) >= 12))
        if apart:
            merged.append(span)
        else:
            merged[-1] = (left[0], span[1])
    return merged


def _number_share(lines: Sequence[str], span: Span) -> float:
    """Share of the filled cells of a column that are numbers."""
    cells = [cell for line in lines[:400] if (cell := line[span[0] : span[1]].strip(" |"))]
    return sum(is_number(cell) for cell in cells) / len(cells) if cells else 0.0


def cut_columns(lines: Sequence[str], spans: Sequence[Span]) -> list[Row]:
    """Cells of each line.

    A ruler or a line of prose is one cell, a blank line an empty row. A line that runs across the gaps is cut at its own wide blanks, each piece
    going to the column it lies over.
    """
    gaps = [(left[1], right[0]) for left, right in pairwise(spans)]
    cuts = _cuts(spans)
    return [_cut(line, spans, gaps, cuts) for line in lines]


def fits(line: str, spans: Sequence[Span]) -> bool:
    """True for a line in which no word crosses a gap between the columns."""
    return all(_free(line, left[1], right[0]) for left, right in pairwise(spans))


def _cut(line: str, spans: Sequence[Span], gaps: Sequence[Span], cuts: Sequence[Span]) -> Row:
    if not line.strip():
        return ()
    if len(spans) == 1 or is_ruler(line):
        return (line.strip(),)
    if all(_free(line, start, end) for start, end in gaps):
        return _trim(tuple([_tidy(line[start:end]) for start, end in cuts]))
    pieces = [(match.start(), match.end(), match.group().strip()) for match in _PIECE.finditer(line)]
    cells = _place(pieces, spans)
    if len(pieces) == 1 and sum(map(bool, cells)) == 1 and pieces[0][1] - pieces[0][0] > spans[0][1] - spans[0][0]:
        return (pieces[0][2],)
    return cells


def _cuts(spans: Sequence[Span]) -> list[Span]:
    """The spans widened so that they cover every place of a line."""
    starts = [0, *(start for start, _ in spans[1:])]
    ends = [*starts[1:], 1 << 30]
    return list(zip(starts, ends, strict=True))


def _free(line: str, start: int, end: int) -> bool:
    """True where a gap of a line is blank somewhere along it, so that no word crosses it."""
    gap = line[start:end]
    return len(gap) < end - start or not gap.strip(" \u00a0|")


def _tidy(text: str) -> str:
    return text.strip().strip("|").strip()


def _place(pieces: Sequence[tuple[int, int, str]], spans: Sequence[Span]) -> Row:
    """Pieces of a line put into the columns that they lie over most; words that cross single blanks are cut where spans say so."""
    cells = [""] * len(spans)
    floor = 0
    for start, end, text in pieces:
        tokens = [(start + match.start(), start + match.end(), match.group()) for match in re.finditer(r"\S+", text)]
        columns = [_best(left, right, spans) for left, right, _ in tokens]
        if len(tokens) > 1 and None not in columns and len(set(columns)) == len(columns):
            placed = [(column, token[2]) for column, token in zip(columns, tokens, strict=True) if column is not None]
        else:
            best = _best(start, end, spans)
            placed = [(_nearest(start, spans) if best is None else best, text)]
        for place, word in placed:
            column = max(place, floor)
            cells[column] = f"{cells[column]} {word}".strip()
            floor = column
    return _trim(tuple(cells))


def _best(start: int, end: int, spans: Sequence[Span]) -> int | None:
    """The column that a piece lies over most, None where it lies over none."""
    overlaps = [min(end, stop) - max(start, begin) for begin, stop in spans]
    best = max(range(len(spans)), key=lambda place: overlaps[place])
    return best if overlaps[best] > 0 else None


def _nearest(start: int, spans: Sequence[Span]) -> int:
    return min(range(len(spans)), key=lambda place: min(abs(spans[place][0] - start), abs(spans[place][1] - start)))


def _trim(row: Row) -> Row:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
