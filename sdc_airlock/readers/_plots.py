"""Marks of a plot drawn with vectors, read back as points: a mark a person is a record a person, however it is drawn.

Many like marks at places of their own are points of a plot. Those that stand on a grid, along one line or at even steps are ticks, cells or
series, and those of plots whose axes speak of variants, genes or time are no people.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item
from sdc_airlock.readers._build import table_of
from sdc_airlock.readers._drawn_words import FEWEST as FEWEST_OF_BODIES
from sdc_airlock.readers._drawn_words import of_bodies
from sdc_airlock.readers._looks import Looks

Point = tuple[float, float]
Marks = Mapping[object, Sequence[Point]]

FEWEST = 30
_FEWEST_PLACES = 10  # different places along each axis
_FEWEST_COLUMNS = 3  # the same for marks of few groups, each with a place of its own along the other
_GRID = 0.5  # share of the crossings of all places that marks on a grid fill
_EVEN = 0.1  # how far steps of a series differ, as a share of a step
_OWN = 0.9  # share of marks with a place of their own along an axis, in a series
_MOST = 200_000
_TINY = 0.05  # steps smaller than this are places rounded in two ways
_CELLS = 0.98  # share of the cells of a honeycomb that follow its order
# a line in no order goes as far from point to point as between any two, and turns at every other (two in three by chance)
_JUMP, _TURNS = 0.6, 0.45
_CURVED = 0.7  # correlation of ranks, of a curve
_ALONG = 0.3  # correlation of neighbours, in a series
_OTHER_UNITS = re.compile(
    r"log\s*_?\{?\(?\s*10|log\u2081\u2080|[-\u2212\u2013]\s*log|\bp[- ]?values?\b|chromosom|\bchr\b|fold[- ]?change|log\s*_?\{?2|log\u2082|"
    r"\b(?:SNPs?|variants?|genes?|loci|locus|allele|eQTLs?|GWAS|probes?|peptides?|proteins?|pathways?|motifs?|terms?)\b|genomic|"
    r"enrichment|posterior|iterations?|epochs?|learning rate|\b(?:years?|months?|weeks?|dates?|countr(?:y|ies)|regions?|studies|hospitals?|practices?)\b|"
    r"standard error|odds ratio|hazard ratio|effect size|\bbeta\b|coefficients?|false positive|1\s*-\s*specificity|recall|permutations?|simulat|bootstrap",
    re.IGNORECASE,
)
# marks of these are people, whatever they were worked out from
_COMPONENTS = re.compile(
    r"\bPC[ _-]?[12]\b|\bprincipal components?\b|\b(?:UMAP|t-?SNE|MDS)[ _-]?[12]?\b|\bcarrier status\b|\bnon-?carriers\b|"
    r"\beach (?:dot|point|mark|circle) (?:is|represents|shows) (?:one|an?) (?:individual|person|patient|participant|sample|carrier)\b",
    re.IGNORECASE,
)
_LOADINGS = re.compile(r"\bloadings?\b|\bbiplot\b", re.IGNORECASE)
_TOKEN = re.compile(rb"\[[^\]]*\]|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|/[^\s/<>\[\](){}%]+|[-+.\d]+(?:[eE][-+]?\d+)?|[A-Za-z'\"*]+")
_PAINT = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"b", b"B*", b"b*"})
_PATH = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"re": 4}
_BENT = frozenset({b"c", b"v", b"y"})
_SHADE = frozenset({b"g", b"rg", b"k", b"sc", b"scn", b"gs"})
_LONGEST_PATH = 40
_DEEPEST = 200
_PROCEDURE_OR_LINE = re.compile(
    r"^/(\w{1,12})\s*\{([^{}]{0,4000})\}\s*(?:bind\s+)?def|^((?:-?\d+(?:\.\d+)?\s+){2,8})([A-Za-z]\w{0,12})(?:\s+[A-Za-z]\w{0,3})?\s*$",
    re.MULTILINE,
)
# words of PostScript, as instructions of a page, with how many numbers they take
_WORDS: dict[str, tuple[tuple[bytes, int], ...]] = {
    "moveto": ((b"m", 2),), "rmoveto": ((b"m", 2),), "lineto": ((b"l", 2),), "rlineto": ((b"l", 2),), "curveto": ((b"c", 6),),
    "arc": ((b"re", 5),), "arcn": ((b"re", 5),), "rectfill": ((b"re", 4), (b"f", 0)), "rectstroke": ((b"re", 4), (b"S", 0)),
    "fill": ((b"f", 0),), "eofill": ((b"f", 0),), "stroke": ((b"S", 0),), "newpath": ((b"n", 0),), "gsave": ((b"q", 0),),
    "grestore": ((b"Q", 0),), "translate": ((b"cm", 2),), "setgray": ((b"g", 1),), "setrgbcolor": ((b"rg", 3),), "setcmykcolor": ((b"k", 4),),
}  # fmt: skip
_WORD = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z]\w*")
_NO_PROGRAM = re.compile(r"%[^\n]*|\((?:[^()\\]|\\.)*\)|/\w+\s*\{[^{}]{0,4000}\}|<[0-9A-Fa-f\s]*>|/\S+")
_PATH_WORDS = frozenset(
    {"m", "l", "moveto", "lineto", "c", "curveto", "rlineto", "r", "rl", "w", "d", "h", "v", "translate", "scale", "clipbox", "rg", "cm"}
)


def plot_items(part_id: str, marks: Marks, words: str, bars: Sequence[float] = ()) -> Iterator[Item]:
    """The points of a plot as a table, and a note of them, where they may stand for single people.

    Args:
        part_id: Address of the figure.
        marks: Places of marks, by what makes marks alike.
        words: Titles and labels of the plot.
        bars: Heights of bars that may stand for one person each.
    """
    if _OTHER_UNITS.search(words) and (not _COMPONENTS.search(words) or _LOADINGS.search(words)):
        return
    groups = [list(dict.fromkeys(points[:_MOST])) for points in marks.values() if len(points) >= FEWEST]
    found = [points for points in groups if len(points) >= FEWEST and scattered(points)] or _clouds(marks)
    if not found and of_bodies(words):
        few = [list(dict.fromkeys(points)) for points in marks.values() if FEWEST_OF_BODIES <= len(points) < FEWEST]
        found = [points for points in few if len(points) >= FEWEST_OF_BODIES and scattered(points) and not _rising(points)]
    if not found and not bars:
        return
    count = sum(map(len, found)) + len(bars)
    yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=f"{count} marks whose places can be read back", size=count)
    for number, points in enumerate(found, start=1):
        yield table_of(f"{part_id}!marks{number}", {"x": [x for x, _ in points], "y": [y for _, y in points]}, title="marks of a plot")
    if bars:
        yield table_of(f"{part_id}!bars", {"bar": range(1, len(bars) + 1), "length": bars}, title="bars of a plot")


def _clouds(marks: Marks) -> list[list[Point]]:
    """Marks of several groups, each too few by itself, that are together as many as are looked for: none on a line, a curve or at even steps."""
    groups = [list(dict.fromkeys(points)) for points in marks.values() if _FEWEST_PLACES <= len(points) < FEWEST]
    clouds = [points for points in groups if len(points) >= _FEWEST_PLACES and scattered(points) and not _rising(points)]
    return clouds if sum(map(len, clouds)) >= FEWEST else []


def _rising(points: Sequence[Point]) -> bool:
    """True for marks that rise or fall together along both axes, as those of a curve do."""
    across, down = ([sorted(values).index(value) for value in values] for values in zip(*points, strict=True))
    middle = (len(points) - 1) / 2
    spread = sum((one - middle) ** 2 for one in across) * sum((one - middle) ** 2 for one in down)
    along = sum((one - middle) * (other - middle) for one, other in zip(across, down, strict=True))
    return along**2 >= _CURVED**2 * spread


def largest(marks: Marks) -> int:
    """Marks of the most frequent kind."""
    return max(map(len, marks.values()), default=0)


def scattered(points: Sequence[Point]) -> bool:
    """True for places that are neither in line, nor on a grid, nor at even steps."""
    across, down = ({round(point[axis], 2) for point in points} for axis in (0, 1))
    fewer, more = sorted((len(across), len(down)))
    columns = _FEWEST_COLUMNS <= fewer < _FEWEST_PLACES and more >= _OWN * len(points)
    if (fewer < _FEWEST_PLACES and not columns) or len(points) >= _GRID * len(across) * len(down) or _honeycomb(points):
        return False
    if any(len(places) >= _OWN * len(points) and _even(sorted(places)) for places in (across, down)):
        return False
    return not any(_balanced([round(point[axis], 2) for point in points]) for axis in (0, 1))


def _balanced(places: Sequence[float]) -> bool:
    """True for even steps along an axis with equally many marks at nearly each: several series."""
    counts = Counter(places)
    at = sorted(counts)
    usual, _ = Counter(counts.values()).most_common(1)[0]
    if usual < 2 or len(at) < 2 or sum(count == usual for count in counts.values()) < _OWN * len(at):
        return False
    gaps = [after - before for before, after in pairwise(at)]
    step = min(gaps)
    # the marks of a legend stand apart
    return step > _TINY and sum(abs(gap / step - round(gap / step)) <= _EVEN for gap in gaps) >= _OWN * len(gaps)


def _honeycomb(points: Sequence[Point]) -> bool:
    """True for the middles of cells of a honeycomb, as densities are drawn: even steps along both axes, every other place taken."""
    steps = []
    for axis in (0, 1):
        places = sorted({round(point[axis], 2) for point in points})
        gaps = [after - before for before, after in pairwise(places) if after - before > _TINY]
        step = min(gaps, default=0.0)
        counts = [(place - places[0]) / step for place in places] if step else []
        if not counts or any(abs(count - round(count)) > _EVEN for count in counts):
            return False
        steps.append((places[0], step))
    (left, across), (top, down) = steps
    odd = sum((round((x - left) / across) + round((y - top) / down)) % 2 for x, y in points)
    return min(odd, len(points) - odd) <= (1 - _CELLS) * len(points)


def _even(places: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(places)]
    mean = sum(steps) / len(steps)
    return sum(abs(step - mean) <= _EVEN * mean for step in steps) >= _OWN * len(steps)


def erratic(points: Sequence[Point]) -> bool:
    """True for a line that jumps from place to place along both axes: its points are marks, joined in no order."""
    if len(points) < FEWEST:
        return False
    for axis in (0, 1):
        places = [point[axis] for point in points]
        apart = sum(abs(one - other) for one, other in zip(places, places[len(places) // 2 :], strict=False)) / (
            len(places) - len(places) // 2
        )
        steps = sum(abs(after - before) for before, after in pairwise(places)) / (len(places) - 1)
        turns = sum((after - at) * (at - before) < 0 for before, at, after in zip(places, places[1:], places[2:], strict=False))
        if steps < _JUMP * apart or turns < _TURNS * len(places):
            return False
    return True


def unordered_bars(bars: Sequence[tuple[float, float, float, float]]) -> list[float]:
    """Heights of bars on one base line at even steps, whose heights follow no order: one bar a person, not a distribution.

    Args:
        bars: Left, top, width and height of each.

    Returns:
        Nothing for other bars.
    """
    for turned in (False, True):
        lying = [(y, x, height, width) if turned else (x, y, width, height) for x, y, width, height in bars]
        bases: dict[tuple[float, float], list[Point]] = defaultdict(list)
        for x, y, width, height in lying:
            bases[round(y if turned else y + height, 1), round(width, 1)].append((x, height))
        base = max(bases.values(), key=len, default=[])
        if (
            len(base) >= max(FEWEST, _OWN * len(lying))
            and _even([x for x, _ in sorted(base)])
            and _unordered([height for _, height in sorted(base)])
        ):
            return [height for _, height in sorted(base)]
    return []


def _unordered(heights: Sequence[float]) -> bool:
    """True for many different values in no order: no neighbour is like the next, and few steps go one way."""
    if len({round(height, 2) for height in heights}) < _FEWEST_PLACES:
        return False
    mean = sum(heights) / len(heights)
    spread = sum((height - mean) ** 2 for height in heights)
    along = sum((before - mean) * (after - mean) for before, after in pairwise(heights))
    turns = sum((after - at) * (at - before) < 0 for before, at, after in zip(heights, heights[1:], heights[2:], strict=False))
    return along < _ALONG * spread and turns >= _TURNS * len(heights)


class _Painter:
    """State of a walk through page instructions."""

    def __init__(self) -> None:
        self.marks: dict[object, list[Point]] = defaultdict(list)
        self.looks = Looks()
        self.fill = b""
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
        elif operator in _SHADE:
            self.fill = b" ".join(operands[-4:])
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
        elif any(operator in _BENT for operator, _ in path):
            # corners of one shape are rounded in several ways
            key = ("bent", tuple(operator for operator, _ in path), *_size(path))
        else:
            key = tuple(
                (operator, tuple(round(number - (x, y)[place % 2], 1) for place, number in enumerate(numbers)))
                for operator, numbers in path
            )
        place = self.at[0] + x, self.at[1] + y
        self.marks[key].append(place)
        self.looks.add("shape", None, {"fill": self.fill.decode("latin-1"), "shape": str(key)}, place)


def _size(path: Sequence[tuple[bytes, tuple[float, ...]]]) -> tuple[int, int]:
    """Width and height of a path."""
    across = [number for _, numbers in path for number in numbers[::2]]
    down = [number for _, numbers in path for number in numbers[1::2]]
    return round(max(across) - min(across)), round(max(down) - min(down))


def _numbers(operands: Sequence[bytes], count: int) -> tuple[float, ...]:
    found = []
    for operand in operands[-count:]:
        try:
            found.append(float(operand))
        except ValueError:
            found.append(0.0)
    return (0.0,) * (count - len(found)) + tuple(found)


def content_marks(contents: bytes) -> tuple[dict[object, list[Point]], Looks]:
    """Marks that the instructions of a PDF page draw, and how they look."""
    painter = _Painter()
    operands: list[bytes] = []
    for match in _TOKEN.finditer(contents):
        token = match.group()
        if token[:1].isalpha() or token in (b"'", b'"'):
            painter.run(token, operands)
            operands = []
        elif len(operands) < 16:
            operands.append(token)
    return painter.marks, painter.looks


def postscript_marks(text: str) -> tuple[dict[object, list[Point]], Looks]:
    """Marks of a PostScript figure, and how they look.

    They are lines that call one procedure with a place, and the same numbers behind it, or shapes drawn with the words of the language.
    """
    painter = _drawn_words(text)
    marks = painter.marks
    procedures: dict[str, str] = {}
    for defined, body, numbers, word in _PROCEDURE_OR_LINE.findall(text):
        if defined:
            procedures[defined] = body
            continue
        values = [float(number) for number in numbers.split()]
        if word in _PATH_WORDS and not (word == "c" and len(values) == 3):
            continue
        if word not in _WORDS:
            marks[word, procedures.get(word, ""), tuple(values[2:])].append((values[0], values[1]))
    return marks, painter.looks


def _drawn_words(text: str) -> _Painter:
    """A walk through the program for the words that draw, each as the instruction of a page that does the same."""
    painter = _Painter()
    operands: list[bytes] = []
    at: Point = (0.0, 0.0)
    for match in _WORD.finditer(_NO_PROGRAM.sub(" ", text)):
        token = match.group()
        if not token[0].isalpha():
            operands = [*operands[-15:], token.encode()]
            continue
        for operator, count in _WORDS.get(token, ()):
            numbers = _numbers(operands, count) if count else ()
            if token.startswith("r") and operator in (b"m", b"l"):
                numbers = (at[0] + numbers[0], at[1] + numbers[1])
            if operator in (b"m", b"l"):
                at = (numbers[0], numbers[1])
            painter.run(operator, _operands(token, numbers, operands))
        operands = []
    return painter


def _operands(word: str, numbers: Sequence[float], written: list[bytes]) -> list[bytes]:
    """Operands of the instruction that does what a word does; a circle is the box of its radius about its centre."""
    if word in ("arc", "arcn"):
        x, y, radius = numbers[:3]
        numbers = (x, y, radius, radius)
    elif word == "translate":
        numbers = (1.0, 0.0, 0.0, 1.0, *numbers)
    elif not numbers:
        return written
    return [str(number).encode() for number in numbers]
