"""Lines of one build (rules of a style sheet, commands, messages): what changes from line to line, as a table of states or of calls."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import Column, Table
from sdc_airlock.recognise._genotype_states import LEAST_CELLS

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s]|_")
_DIGITS = str.maketrans("0123456789", "0000000000")
_PROBE, _MOST_LINES, _LONGEST = 60, 50_000, 300
_MOST_SLOTS = 8
_ALIKE = 0.3
_MOST_BUILDS = 3


def slotted(part_id: str, lines: Sequence[str], first_line: int = 1) -> Iterator[Table]:
    """A table without names for each build of which there are hundreds of lines: a column for each place that changes.

    Args:
        part_id: Address of the text.
        lines: Its lines.
        first_line: Number of the first of them in the file.
    """
    import pyarrow as pa

    if len(lines) < LEAST_CELLS or not _regular(lines):
        return
    groups: dict[tuple[str, ...], list[tuple[int, list[str]]]] = defaultdict(list)
    for number, line in enumerate(lines[:_MOST_LINES]):
        if line.strip() and len(line) <= _LONGEST:
            tokens = _TOKEN.findall(line)
            groups[tuple(_kind(token) for token in tokens)].append((number, tokens))
    for members in sorted(groups.values(), key=len, reverse=True)[:_MOST_BUILDS]:
        if len(members) < LEAST_CELLS:
            return
        changing = [cells for cells in zip(*(tokens for _, tokens in members), strict=True) if len(set(cells)) > 1]
        if 1 <= len(changing) <= _MOST_SLOTS:
            columns = tuple(Column(index=index, name="", values=pa.array(cells, type=pa.string())) for index, cells in enumerate(changing))
            first = first_line + members[0][0]
            yield Table(part_id=part_id, columns=columns, n_rows=len(members), named=False, first_row=first, title="")


def _kind(token: str) -> str:
    return "0" if token[0].isdigit() else "w" if token[0].isalpha() else token


def _regular(lines: Sequence[str]) -> bool:
    """True where many of the lines in the middle are of one build but for their digits and words."""
    middle = lines[len(lines) // 2 :][:_PROBE]
    builds = Counter(
        re.sub(r"[^\W\d_]+", "w", re.sub(r"0+(?:\.0+)?", "0", line[:_LONGEST].translate(_DIGITS))) for line in middle if line.strip()
    )
    return bool(builds) and builds.most_common(1)[0][1] >= _ALIKE * len(middle)


__all__ = ["slotted"]
