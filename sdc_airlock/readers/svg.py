"""SVG figures: their text, what they hide, fetch or run, and how many like marks they draw."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._attributes import markup_told, style_told
from sdc_airlock.readers._build import scalar_text, table_of, typed
from sdc_airlock.readers._drawn_bars import Box, bar_items
from sdc_airlock.readers._drawn_curves import FEWEST_POINTS, curve_items
from sdc_airlock.readers._drawn_people import outlying, people_items
from sdc_airlock.readers._drawn_words import labels_of, told_items
from sdc_airlock.readers._embedded import data_uri
from sdc_airlock.readers._looks import Looks, style_of
from sdc_airlock.readers._page import AWAY, HIDING
from sdc_airlock.readers._plots import FEWEST, Point, erratic, largest, plot_items, unordered_bars
from sdc_airlock.readers._xml import aside_texts, decoded, feed
from sdc_airlock.readers.text import text_parts
from sdc_airlock.readers.xml_document import without_doctype
from sdc_airlock.source import Source

_TEXTS = frozenset({"text", "tspan", "textPath", "title", "desc", "metadata", "foreignObject"})
_GEOMETRY = frozenset({"d", "points", "transform", "style", "href", "viewBox", "values", "keyTimes", "class", "id"})
_LONG = 200
_SHORT_PATH = 16
_PLACING = frozenset({"x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "transform", "id", "d", "points"})
_ENDS = (("x1", "y1"), ("x2", "y2"))
_AT = {"circle": ("cx", "cy"), "ellipse": ("cx", "cy"), "line": ("x1", "y1")}
_PIECE = re.compile(r"[Mm][^Mm]*")
_LONGEST_SHAPE = 600
_STROKE = re.compile(r"([A-DF-Za-df-z])([^A-DF-Za-df-z]*)")
_CURVES = re.compile("[CcSsQqTtAa]")
# strokes of a line that could spell states, and how many different ones; beyond them a line is looked at no further
_FEWEST_STEPS, _FEW_STEPS, _STROKES = 16, 12, 100
_SHORTEST_STEPS = 64
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_MOVED = re.compile(r"\s*+(?:translate\(\s*+|matrix\(\s*+1[\s,]++0[\s,]++0[\s,]++1[\s,]++)([-+.\deE]++)[\s,]*+([-+.\deE]++)?\s*+\)")
_LETTER = re.compile(r"glyph|font|Sans|Serif|Math|Dings|Times|Arial|Helvetica|Courier", re.IGNORECASE)
_SHAPES = frozenset({"circle", "ellipse", "path", "rect", "use", "line", "polygon", "polyline", "a", "g", "text", "image"})
_LABEL = 40
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PAGES = frozenset({"iframe", "object", "embed"})
_FETCHING = frozenset({"image", "use", "feImage", "script", "iframe", "foreignObject", "link", "embed", "object"})
_REMOTE_STYLE = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//", re.IGNORECASE)
_LABEL_PAIR = re.compile(r"([^:;]{1,80}): ([^;]*)(?:; |$)")
_FEWEST_LABELS = 3
_BOXES = frozenset({"MLLL", "MLLLZ", "MLLLL", "MLLLLZ"})
_LEAST_CORNERS = 4
_FEWEST_CELLS = 40  # of a heat map
_LETTERS = 4  # of a label, in the mean


@dataclass(slots=True)
class _Drawing:
    """What was met in a figure."""

    root: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)
    marks: dict[object, list[Point]] = field(default_factory=lambda: defaultdict(list))
    bars: list[tuple[float, float, float, float]] = field(default_factory=list)
    curves: list[list[Point]] = field(default_factory=list)
    lines: list[list[Point]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    letters: int = 0
    records: dict[tuple[str, ...], list[list[str | int | float]]] = field(default_factory=lambda: defaultdict(list))
    looks: Looks = field(default_factory=Looks)
    elements: int = 0
    parents: list[int] = field(default_factory=lambda: [0])
    away: int = 0
    foreign: int = 0
    stack: list[tuple[str, bool]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self.stack:
            self.root = attributes
        style = attributes.get("style", "")
        hidden = bool(self.stack and self.stack[-1][1]) or attributes.get("display") == "none" or attributes.get("visibility") == "hidden"
        hidden = (
            hidden
            or attributes.get("opacity") in ("0", "0.0")
            or attributes.get("font-size") in ("0", "0px")
            or bool(style and HIDING.search(style))
        )
        self.stack.append((name, hidden and name not in ("defs", "clipPath")))
        self.foreign += name in _PAGES
        self.elements += 1
        place = self._mark(name, attributes)
        self.looks.add(name, self.parents[-1], style_of(attributes, _PLACING), place)
        self.parents.append(self.elements)
        if facts := {key[5:]: value for key, value in attributes.items() if key.startswith("data-")}:
            self.records[tuple(facts)].append([typed(value) for value in facts.values()])
        for key, value in attributes.items():
            self._attribute(name, key.rpartition(":")[2], value)

    def _mark(self, name: str, attributes: dict[str, str]) -> Point | None:
        """Note the place of a mark under what makes it like others, and give it."""
        moved = _MOVED.match(attributes.get("transform", ""))
        x, y = (_number(moved.group(1)), _number(moved.group(2) or "0")) if moved else (0.0, 0.0)
        across, down = _AT.get(name, ("x", "y"))
        place = x + _number(attributes.get(across, "0")), y + _number(attributes.get(down, "0"))
        if name == "use":
            target = next((value for key, value in attributes.items() if key.endswith("href")), "")
            if _LETTER.search(target):
                self.letters += 1
            else:
                self.marks[name, target].append(place)
        elif name in ("circle", "ellipse"):
            self.marks[name, ""].append(place)
        elif name == "rect":
            self.bars.append((*place, _number(attributes.get("width", "0")), _number(attributes.get("height", "0"))))
        elif name in ("polyline", "polygon"):
            points = _pairs(attributes.get("points", ""))
            self._line(name, points)
            self.lines += [points] if name == "polyline" else []
        elif name == "line":
            self.lines.append([_pairs(" ".join(attributes.get(key, "0") for key in pair))[0] for pair in _ENDS])
        elif name == "path" and (shape := attributes.get("d", "")):
            return self._path(shape, (x, y) if moved else None)
        elif not moved and across not in attributes:
            return None
        return place

    def _path(self, shape: str, moved: Point | None) -> Point | None:
        """A path is one mark, a mark for each of its pieces, or a line through points."""
        if set(filter(str.isalpha, shape)) == {"M", "L"} and shape.count("M") == 1:
            self.lines.append(_pairs(shape))
        if len(shape) >= _SHORTEST_STEPS and not _CURVES.search(shape):
            self._steps(_heights(shape))
        pieces = _PIECE.findall(shape) if len(shape) >= FEWEST else []
        if len(pieces) >= FEWEST:
            for piece in pieces:
                letters, relative, start = _outline(piece)
                self.marks["piece", letters, relative].append(start)
            return None
        if len(shape) >= _LONGEST_SHAPE:
            if set(filter(str.isalpha, shape)) <= {"M", "L", "Z", "z"}:
                self._line("line", _pairs(shape))
            return None
        letters, relative, start = _outline(shape)
        if not 1 < len(letters) <= _SHORT_PATH:
            return None
        place = moved or start
        if letters.upper() in _BOXES and letters.rstrip("z").isupper() and (box := _box(_pairs(shape), place)):
            self.boxes.append(box)
        self.marks["path", letters, relative].append(place)
        return place

    def _line(self, name: str, points: list[Point]) -> None:
        """A line through points: marks in no order, or a curve."""
        self._steps([y for _, y in points])
        if erratic(points):
            self.marks[name, self.elements].extend(points)
        elif len(points) >= FEWEST_POINTS:
            self.curves.append(points)

    def _steps(self, heights: list[float]) -> None:
        """Heights of a line, and its steps, where they are few different ones."""
        steps = [round(after - before, 2) for before, after in pairwise(heights)]
        if len(steps) >= _FEWEST_STEPS and len(set(steps)) <= _FEW_STEPS:
            for height, step in zip(heights[1:], steps, strict=True):
                self.looks.add("step", self.elements, {"height": f"{height - heights[0]:.2f}", "step": f"{step}"})

    def _attribute(self, element: str, name: str, value: str) -> None:
        if name in ("href", "src"):
            if value[:5].lower() == "data:":
                self.packed.append(value)
            elif value.strip().lower().startswith("javascript:"):
                self.scripts.append(value)
            elif element in _FETCHING and AWAY.match(value):
                self.away += 1
        elif name.startswith("on") and value:
            self.scripts.append(value)
        elif name in ("aria-label", "aria-roledescription", "alt", "title", "label"):
            self.labels.append(value)
        elif _REMOTE_STYLE.search(value):
            self.away += 1
        elif len(value) > _LONG and name not in _GEOMETRY:
            self.attributes.append(value)

    def end(self, name: str) -> None:
        """An element ends."""
        self.stack.pop()
        self.parents.pop()
        if name in ("text", "title", "desc", "metadata"):
            (self.hidden if self.stack and self.stack[-1][1] else self.shown).append("\n")

    def text(self, text: str) -> None:
        """Characters inside an element."""
        name, hidden = self.stack[-1] if self.stack else ("", False)
        if name == "script":
            self.scripts.append(text)
        elif name == "style":
            self.styles.append(text)
        elif hidden:
            self.hidden.append(text)
        elif name == "title" and len(self.stack) > 1 and self.stack[-2][0] in _SHAPES:
            self.labels.append(text)
        elif text.strip() or name in _TEXTS:
            self.shown.append(text)


@reader("svg")
def svg_figure(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A figure drawn with vectors."""
    del file_type
    data = source.read(reading.limits.text_bytes, "text_bytes")
    drawing = _Drawing()
    feed((without_doctype(data),), start=drawing.start, end=drawing.end, text=drawing.text)
    reading.spend()
    width, height = _size(drawing.root)
    comments = aside_texts(data)
    yield Figure(part_id=source.part_id, format="svg", width=width, height=height, marks=largest(drawing.marks))
    words = labels_of("\n".join([*drawing.shown, *comments]))
    yield from plot_items(source.part_id, drawing.marks, words, _bars(drawing, comments))
    yield from curve_items(source.part_id, drawing.curves)
    boxes = [*drawing.bars, *drawing.boxes]
    yield from bar_items(source.part_id, boxes, words)
    yield from people_items(source.part_id, drawing.lines, boxes, words, _names(drawing, comments))
    cells = sum(len(points) for points in drawing.marks.values() if len(points) >= _FEWEST_CELLS) + _pictures(drawing)
    if beyond := outlying(drawing.marks.values(), boxes):
        yield Oddity(
            part_id=source.part_id, kind=OddityKind.POINT_MARKS, detail=f"{beyond} points beyond the boxes of a box plot", size=beyond
        )
    yield from told_items(source.part_id, words, list(drawing.marks.values()), drawing.lines, len(boxes), cells)
    yield from drawing.looks.items(source.part_id)
    yield from _texts(drawing, source, comments, reading)
    yield from _labels(drawing.labels, source, reading)
    yield from markup_told(decoded(data)).grids(source.part_id, hidden=False)
    yield from style_told("\n".join(drawing.styles)).grids(f"{source.part_id}!styles", hidden=False)
    for number, uri in enumerate(drawing.packed, 1):
        raw = data_uri(uri)
        if raw:
            reading.spend(expanded=len(raw), members=1)
            yield from reading.descend(Source.of_bytes(raw, part_id=f"{source.part_id}!data{number}", name="", depth=source.depth + 1))
    if drawing.scripts:
        yield Oddity(part_id=source.part_id, kind=OddityKind.SCRIPT, detail="scripts in the figure", size=len(drawing.scripts))
    if drawing.away or any(_REMOTE_STYLE.search(style) for style in drawing.styles):
        yield Oddity(part_id=source.part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail="things fetched from elsewhere", size=drawing.away)
    if drawing.foreign:
        yield Oddity(part_id=source.part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="a page inside the figure", size=drawing.foreign)


def _pictures(drawing: _Drawing) -> int:
    """Pictures laid into the figure, as heat maps are."""
    return sum(uri.startswith("data:image/") for uri in drawing.packed)


def _bars(drawing: _Drawing, comments: list[str]) -> list[float]:
    """Bars that have neither an order nor, most of them, a name."""
    found = unordered_bars(drawing.bars)
    return found if _names(drawing, comments) * 2 < len(found) else []


def _names(drawing: _Drawing, comments: list[str]) -> int:
    """How many labels a figure has; those drawn as paths are told in comments, or by their letters."""
    told = len(comments) + sum(1 for text in drawing.shown if text.strip())
    return max(told, drawing.letters // _LETTERS)


def _outline(shape: str) -> tuple[str, tuple[float, ...], Point]:
    """Letters of a path, its numbers from its start on, and its start."""
    letters = "".join(letter for letter in shape if letter.isalpha() and letter not in "eE")
    numbers = [float(number) for number in _DECIMAL.findall(shape)]
    start = (numbers[0], numbers[1]) if len(numbers) > 1 else (0.0, 0.0)
    if letters.isupper():
        return letters, tuple(round(number - start[place % 2], 1) for place, number in enumerate(numbers)), start
    return letters, tuple(numbers[2:]), start


def _heights(shape: str) -> list[float]:
    """Heights of the ends of the straight strokes of a path, but for those along one height; none where their steps are many."""
    height = 0.0
    heights: list[float] = []
    few = False
    for match in _STROKE.finditer(shape):
        letter = match[1]
        if letter in "Hh":
            continue
        told = [float(number) for number in _DECIMAL.findall(match[2])]
        for end in told if letter in "Vv" else told[1::2]:
            height = end if letter.isupper() else height + end
            heights.append(height)
        if not few and len(heights) > _STROKES:
            few = len({round(after - before, 2) for before, after in pairwise(heights[:_STROKES])}) <= _FEW_STEPS
            if not few:
                return []
    return heights


def _box(corners: list[Point], place: Point) -> Box | None:
    """Left, top, width and height of a path along the sides of an upright box; None for any other shape."""
    across, down = sorted({x for x, _ in corners}), sorted({y for _, y in corners})
    if len(across) != 2 or len(down) != 2 or not _LEAST_CORNERS <= len(corners) <= _LEAST_CORNERS + 1:
        return None
    moved = place[0] - corners[0][0], place[1] - corners[0][1]
    return across[0] + moved[0], down[0] + moved[1], across[1] - across[0], down[1] - down[0]


def _pairs(text: str) -> list[Point]:
    numbers = [float(number) for number in _DECIMAL.findall(text)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _texts(drawing: _Drawing, source: Source, comments: list[str], reading: Reading) -> Iterator[Item]:
    part_id = source.part_id
    for number, (names, rows) in enumerate(drawing.records.items(), 1):
        if len(rows) >= _FEWEST_LABELS:
            yield table_of(f"{part_id}!attributes{number}", list(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        else:
            drawing.labels += [scalar_text(value) for row in rows for value in row]
    # programs that draw letters as paths say in a comment which letters they are
    labels = [text for text in comments if len(text) <= _LABEL and "\n" not in text]
    longer = [text for text in comments if len(text) > _LABEL or "\n" in text]
    hidden = _tidy("".join(drawing.hidden))
    runs = (
        ("letters", "\n".join(labels), TextRole.COMMENT, ""),
        ("attributes", "\n".join(drawing.attributes), TextRole.METADATA, ""),
        ("script", "\n".join(drawing.scripts), TextRole.CODE, "javascript"),
        ("style", "\n".join(drawing.styles), TextRole.CODE, "css"),
    )
    if shown := _tidy("".join(drawing.shown)):
        yield from text_parts(f"{part_id}!text", shown, TextRole.PROSE, reading=reading, depth=source.depth)
    for name, text, role, language in runs:
        if text.strip():
            yield TextPart(part_id=f"{part_id}!{name}", text=scalar_text(text), role=role, language=language)
    if longer:
        text = scalar_text("\n".join(longer))
        yield from text_parts(f"{part_id}!comments", text, TextRole.COMMENT, reading=reading, depth=source.depth, hidden=True)
    if hidden:
        yield from text_parts(f"{part_id}!hidden", hidden, TextRole.PROSE, reading=reading, depth=source.depth, hidden=True)
        yield Oddity(
            part_id=f"{part_id}!hidden", kind=OddityKind.HIDDEN_TEXT, detail="text that the figure does not show", size=len(hidden)
        )


def _labels(labels: list[str], source: Source, reading: Reading) -> Iterator[Item]:
    """Labels of single marks ("age: 34; bmi: 21") are records; the others are text."""
    part_id = source.part_id
    records: dict[tuple[str, ...], list[list[str | int | float]]] = {}
    others: list[str] = []
    for label in labels:
        pairs = _LABEL_PAIR.findall(label)
        if pairs and sum(len(name) + len(value) + 4 for name, value in pairs) >= len(label):
            records.setdefault(tuple(name for name, _ in pairs), []).append([typed(value) for _, value in pairs])
        elif label.strip():
            others.append(label)
    for number, (names, rows) in enumerate(records.items(), 1):
        if len(rows) >= _FEWEST_LABELS:
            yield table_of(f"{part_id}!labels{number}", list(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        else:
            others += ["; ".join(f"{name}: {value}" for name, value in zip(names, row, strict=True)) for row in rows]
    if others:
        text = scalar_text("\n".join(others))
        yield from aside_items(f"{part_id}!labels", text, TextRole.METADATA, reading=reading, depth=source.depth, hidden=False)


def _number(text: str) -> float:
    found = _DECIMAL.match(text.strip())
    return float(found.group()) if found else 0.0


def _tidy(text: str) -> str:
    return scalar_text("\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _size(root: dict[str, str]) -> tuple[int, int]:
    box = root.get("viewBox", "").replace(",", " ").split()
    sizes = []
    for place, name in ((2, "width"), (3, "height")):
        stated = _NUMBER.match(root.get(name, "").strip()) if not root.get(name, "").endswith("%") else None
        found = stated or (_NUMBER.match(box[place]) if len(box) == 4 else None)
        sizes.append(int(min(float(found.group()), 1e6)) if found else 0)
    return sizes[0], sizes[1]
