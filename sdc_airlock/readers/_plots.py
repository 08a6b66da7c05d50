"""Marks of a plot drawn with vectors, read back as points: a mark a person is a record a person, however it is drawn.

Many like marks at places of their own are points of a plot. Those that stand on a grid, along one line or at even steps are ticks, cells or
series, and those of plots whose axes speak of variants, genes or time are no people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item
from sdc_airlock.readers._build import table_of

Point = tuple[float, float]
Marks = Mapping[object, Sequence[Point]]

FEWEST = 30
_FEWEST_PLACES = 10  # different places along each axis
_GRID = 0.5  # share of the crossings of all places that marks on a grid fill
_EVEN = 0.1  # how far steps of a series differ, as a share of a step
_OWN = 0.9  # share of marks with a place of their own along an axis, in a series
_MOST = 200_000
_OTHER_UNITS = re.compile(
    r"log\s*_?\{?\(?\s*10|log\u2081\u2080|[-\u2212\u2013]\s*log|\bp[- ]?values?\b|chromosom|\bchr\b|fold[- ]?change|log\s*_?\{?2|log\u2082|"
    r"\b(?:SNPs?|variants?|genes?|loci|locus|allele|eQTLs?|GWAS|probes?|peptides?|proteins?|pathways?|motifs?|terms?)\b|genomic|"
    r"enrichment|posterior|iterations?|epochs?|learning rate|\b(?:years?|months?|weeks?|dates?|countr(?:y|ies)|regions?|studies|hospitals?|practices?)\b|"
    r"standard error|odds ratio|hazard ratio|effect size|\bbeta\b|coefficients?|false positive|1\s*-\s*specificity|recall|permutations?|simulat|bootstrap",
    re.IGNORECASE,
)
_TOKEN = re.compile(rb"\[[^\]]*\]|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|/[^\s/<>\[\](){}%]+|[-+.\d]+(?:[eE][-+]?\d+)?|[A-Za-z'\"*]+")
_PAINT = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"b", b"B*", b"b*"})
_PATH = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"re": 4}
_LONGEST_PATH = 40
_DEEPEST = 200
_PROCEDURE_OR_LINE = re.compile(
    r"^/(\w{1,12})\s*\{([^{}]{0,4000})\}\s*(?:bind\s+)?def|^((?:-?\d+(?:\.\d+)?\s+){2,8})([A-Za-z]\w{0,12})(?:\s+[A-Za-z]\w{0,3})?\s*$",
    re.MULTILINE,
)
_PATH_WORDS = frozenset(
    {"m", "l", "moveto", "lineto", "c", "curveto", "rlineto", "r", "rl", "w", "d", "h", "v", "translate", "scale", "clipbox", "rg", "cm"}
)


def plot_items(part_id: str, marks: Marks, words: str) -> Iterator[Item]:
    """The points of a plot as a table, and a note of them, where they may stand for single people.

    Args:
        part_id: Address of the figure.
        marks: Places of marks, by what makes marks alike.
        words: Titles and labels of the plot.
    """
    if _OTHER_UNITS.search(words):
        return
    groups = [list(dict.fromkeys(points[:_MOST])) for points in marks.values() if len(points) >= FEWEST]
    found = [points for points in groups if len(points) >= FEWEST and scattered(points)]
    if not found:
        return
    count = sum(map(len, found))
    yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=f"{count} marks whose places can be read back", size=count)
    for number, points in enumerate(found, start=1):
        yield table_of(f"{part_id}!marks{number}", {"x": [x for x, _ in points], "y": [y for _, y in points]}, title="marks of a plot")


def largest(marks: Marks) -> int:
    """Marks of the most frequent kind."""
    return max(map(len, marks.values()), default=0)


def scattered(points: Sequence[Point]) -> bool:
    """True for places that are neither in line, nor on a grid, nor at even steps."""
    across, down = ({round(point[axis], 2) for point in points} for axis in (0, 1))
    if min(len(across), len(down)) < _FEWEST_PLACES or len(points) >= _GRID * len(across) * len(down):
        return False
    return not any(len(places) >= _OWN * len(points) and _even(sorted(places)) for places in (across, down))


def _even(places: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(places)]
    mean = sum(steps) / len(steps)
    return sum(abs(step - mean) <= _EVEN * mean for step in steps) >= _OWN * len(steps)


class _Painter:
    """State of a walk through page instructions."""

    def __init__(self) -> None:
        self.marks: dict[object, list[Point]] = defaultdict(list)
        self.at: Point = (0.0, 0.0)
        self.saved: list[Point] = []
        self.path: list[tuple[bytes, tuple[float, ...]]] = []
        self.text: tuple[float, ...] = ()

    def run(self, operator: bytes, operands: list[bytes]) -> None:
        if operator in _PATH:
            if len(self.path) <= _LONGEST_PATH:
                self.path.append((operator, _numbers(operands, _PATH[operator])))
        elif operator in _PAINT:
            self.paint()
        elif operator == b"n":
            self.path = []
        elif operator == b"cm":
            numbers = _numbers(operands, 6)
            self.at = (self.at[0] + numbers[4], self.at[1] + numbers[5])
        elif operator == b"q":
            self.saved = [*self.saved[-_DEEPEST:], self.at]
        elif operator == b"Q" and self.saved:
            self.at = self.saved.pop()
        elif operator == b"Do" and operands:
            self.marks["form", operands[-1]].append(self.at)
        elif operator == b"Tm":
            self.text = _numbers(operands, 6)
        elif operator == b"Tj" and self.text and operands and len(operands[-1]) == 3:
            self.marks["letter", operands[-1], self.text[:4]].append((self.at[0] + self.text[4], self.at[1] + self.text[5]))

    def paint(self) -> None:
        """A shape: alike are those whose lines run alike."""
        path, self.path = self.path, []
        if not 1 <= len(path) <= _LONGEST_PATH or path[0][0] not in (b"m", b"re"):
            return
        x, y = path[0][1][:2]
        if path[0][0] == b"re":
            key: object = ("re", tuple(round(number, 1) for number in path[0][1][2:]))
        else:
            key = tuple(
                (operator, tuple(round(number - (x, y)[place % 2], 1) for place, number in enumerate(numbers)))
                for operator, numbers in path
            )
        self.marks[key].append((self.at[0] + x, self.at[1] + y))


def _numbers(operands: Sequence[bytes], count: int) -> tuple[float, ...]:
    found = []
    for operand in operands[-count:]:
        try:
            found.append(float(operand))
        except ValueError:
            found.append(0.0)
    return (0.0,) * (count - len(found)) + tuple(found)


def content_marks(contents: bytes) -> dict[object, list[Point]]:
    """Marks that the instructions of a PDF page draw."""
    painter = _Painter()
    operands: list[bytes] = []
    for match in _TOKEN.finditer(contents):
        token = match.group()
        if token[:1].isalpha() or token in (b"'", b'"'):
            painter.run(token, operands)
            operands = []
        elif len(operands) < 16:
            operands.append(token)
    return painter.marks


def postscript_marks(text: str) -> dict[object, list[Point]]:
    """Marks of a PostScript figure: lines that call one procedure with a place, and the same numbers behind it."""
    marks: dict[object, list[Point]] = defaultdict(list)
    procedures: dict[str, str] = {}
    for defined, body, numbers, word in _PROCEDURE_OR_LINE.findall(text):
        if defined:
            procedures[defined] = body
            continue
        values = [float(number) for number in numbers.split()]
        if word in _PATH_WORDS and not (word == "c" and len(values) == 3):
            continue
        marks[word, procedures.get(word, ""), tuple(values[2:])].append((values[0], values[1]))
    return marks
