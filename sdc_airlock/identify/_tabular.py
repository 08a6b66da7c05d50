"""Delimited and fixed-width text: lines that split into the same number of fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess

_WORDS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars", " ": "white space"}
_NUMERIC = re.compile(r"[<>≤≥~]?[-+(]?[£$€]?\d[\d,. ]*%?\)?(?:[eE][-+]?\d+)?|[-+]?\.\d+|NA|nan|null|\.|\*|-|\[[a-z]\]|:", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NAME = re.compile(r'"[^"]*"|[A-Za-z][\w.]*')
_TWO_QUOTED = 4
_GUTTER, _HARDLY, _TWO_NAMES = 0.05, 0.1, 2
_SENTENCE_END = re.compile(r"[a-z]{2}[.!?](?:\s|$)")
_ROWS_LOOKED_AT = 40
_CELLS_LOOKED_AT = 60
_DRAWN = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """How one delimiter divides the lines.

    Attributes:
        fields: Most usual number of fields among lines that hold the delimiter.
        share: Share of all lines with that number.
        blocks: Share of all lines that stand next to another line of the same number of fields, two or more.
        numeric: Share of fields that are numbers or markers of a missing one.
        length: Mean length of a field.
        sentences: Share of the divided lines with a field, outside quotes, that reads as a sentence.
    """

    delimiter: str
    fields: int
    share: float
    blocks: float
    numeric: float
    length: float
    sentences: float


def split(line: str, delimiter: str) -> list[str]:
    """Fields of a line; delimiters within quotes do not count."""
    if delimiter == " ":
        return _QUOTED.sub(lambda match: re.sub(r"\s", "\0", match[0]), line).split() if '"' in line else line.split()
    if '"' in line:
        return _QUOTED.sub(lambda match: match[0].replace(delimiter, "\x1f"), line).split(delimiter)
    return line.split(delimiter)


def _width(line: str, delimiter: str) -> int:
    if delimiter == " " or '"' in line:
        return len(split(line, delimiter))
    if delimiter == "\t" and "\t" not in line.strip("\t"):
        return 1  # indented, not divided
    return line.count(delimiter) + 1


def shape(lines: Sequence[str], delimiter: str) -> Shape:
    """How `delimiter` divides `lines`; fields are looked at in a part of the lines."""
    widths = [_width(line, delimiter) for line in lines]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return Shape(delimiter, 1, 0.0, 0.0, 0.0, 0.0, 0.0)
    fields = max(counts, key=lambda width: (counts[width], width))
    together = sum(
        width > 1 and width in {before, after} for before, width, after in zip([0, *widths], widths, [*widths[1:], 0], strict=False)
    )
    divided = [line for line, width in zip(lines, widths, strict=True) if width > 1]
    rows = [split(line, delimiter)[:_CELLS_LOOKED_AT] for line in divided[:: max(1, len(divided) // _ROWS_LOOKED_AT)]]
    cells = [cell.strip().strip('"') for row in rows for cell in row]
    if fields == 2 and delimiter != "\t" and sum(not row[-1].strip() for row in rows) > 0.5 * len(rows):
        return Shape(delimiter, 1, 0.0, 0.0, 0.0, 0.0, 0.0)
    filled = [cell for cell in cells if cell]
    numeric = sum(bool(_NUMERIC.fullmatch(cell)) for cell in filled) / max(1, len(filled))
    sentences = sum(any(_sentence(cell) for cell in row) for row in rows) / len(rows)
    length = sum(map(len, cells)) / len(cells)
    return Shape(delimiter, fields, counts[fields] / len(lines), together / len(lines), numeric, length, sentences)


def _sentence(cell: str) -> bool:
    return '"' not in cell and (cell.count(" ") >= 6 or bool(_SENTENCE_END.search(cell)))


def best_shape(sample: Sample) -> Shape | None:
    """The delimiter that divides the lines best, or None where no line is divided."""
    lines = _rows_of(sample)
    if not lines:
        return None
    shapes = [shape(lines, delimiter) for delimiter in ",\t;|" if any(delimiter in line for line in lines)]
    shapes = [found for found in shapes if found.fields > 1]
    return max(shapes, key=lambda found: (_merit(found), found.fields), default=None)


def _merit(found: Shape) -> float:
    strength = {"\t": 0.3, ";": 0.1, "|": 0.1}.get(found.delimiter, 0.0)
    return max(found.share, 0.8 * found.blocks) + strength * found.share - 0.5 * found.sentences + 0.1 * (found.fields > 2)


def _rows_of(sample: Sample) -> list[str]:
    lines = [line for line in sample.lines if not line.startswith("##")]
    plain = [line for line in lines if not line.startswith(("#", "%", "//"))]
    return plain if len(plain) >= 2 else lines


def strictly_tabular(sample: Sample) -> Guess | None:
    """Delimited text where hardly any line departs from the others: surer than any looser shape of text."""
    found = best_shape(sample)
    if found is None or len(sample.lines) < 2:
        return None
    guess = Guess("csv", f"lines of {found.fields} fields between {_WORDS[found.delimiter]}")
    if found.share >= 0.95 and found.fields >= 3 and (found.sentences < 0.2 or len(sample.lines) >= 4):
        return guess
    if found.share >= 0.8 and found.fields >= 3 and found.numeric >= 0.3 and found.length < 40:
        return guess
    if (
        found.fields == 2
        and found.share >= 0.95
        and (found.numeric >= 0.3 or found.delimiter == "\t")
        and found.length < 60
        and found.sentences < 0.1
    ):
        return guess
    return None


def loosely_tabular(sample: Sample) -> Guess | None:
    """Delimited text with preambles, notes or several tables; lists; aligned text; after every other shape was refused."""
    lines = _rows_of(sample)
    found = best_shape(sample)
    if found and (_loose(found, len(lines)) or (len(lines) >= 3 and _headed(lines, found.delimiter))):
        return Guess("csv", f"blocks of lines divided by {_WORDS[found.delimiter]}")
    return _spaced(lines) or _fixed_width(sample) or _one_column(lines)


def _loose(found: Shape, lines: int) -> bool:
    if found.sentences > 0.34 and found.delimiter != "\t":
        return False
    if lines == 1:
        return found.fields >= 3 and found.length < 25 and found.sentences == 0
    if found.delimiter == "," and found.numeric < 0.15 and found.share < 0.8:
        return found.blocks >= 0.8 and found.length < 25 and found.fields >= 3
    if found.share >= 0.6 or found.blocks >= 0.5:
        return found.length < 60 or found.delimiter == "\t"
    return found.fields >= 3 and found.blocks >= 0.3 and found.numeric >= 0.4


def _headed(lines: list[str], delimiter: str) -> bool:
    """True where the first line is a row of distinct short names and most other lines are divided too, however raggedly."""
    names = [cell.strip().strip('"') for cell in split(lines[0], delimiter)]
    if (
        len(names) < 3
        or len(set(names)) < len(names)
        or not all(re.fullmatch(r"[A-Za-z][\w. -]{0,30}", name) and name.count(" ") < 3 for name in names)
    ):
        return False
    others = lines[1:]
    return sum(_width(line, delimiter) > 1 for line in others) >= 0.6 * len(others) and not any(_sentence(name) for name in names)


# words, not numbers, behind which a mark of prose stands; two in a line are no cells
_ENDED = re.compile(r"(?:^|(?<=\s))(?=\S*[A-Za-z()])\S+[.,:;](?=\s|$)")
_SEVERAL_ENDS = 2


def _spaced(lines: list[str]) -> Guess | None:
    """Rows of fields between runs of white space."""
    found = shape(lines, " ")
    if len(lines) == 1:
        return Guess("csv", "a line of numbers") if found.fields >= 3 and found.numeric >= 0.8 else None
    below = shape(lines[1:], " ")
    # R names its rows in a column that has no header
    if _width(lines[0], " ") == below.fields - 1 and all(_NAME.fullmatch(name) for name in split(lines[0], " ")):
        found = below
    if found.fields < 2 or found.share < 0.9 or found.sentences > 0.1:
        return None
    if sum(len(_ENDED.findall(line)) >= _SEVERAL_ENDS for line in lines) > 0.6 * len(lines):
        return None
    even = found.share == 1 and len(lines) >= 4 and found.length < 20
    quoted = even and all(line.count('"') >= _TWO_QUOTED for line in lines)
    if below.numeric >= 0.2 or quoted or (even and _tokens(lines)):
        return Guess("csv", f"lines of {found.fields} fields between white space")
    return None


def _tokens(lines: list[str]) -> bool:
    return not any(re.search(r"[.!?,:]\s|[.!?,:]$", line) for line in lines)


# commands of Stata in its log, each followed by a table of its own
_PROMPT, _FEW_PROMPTS = re.compile(r"\. [a-z]{2,}\b"), 2


def _fixed_width(sample: Sample) -> Guess | None:
    """Lines with blank gutters at the same places."""
    if sum(bool(_PROMPT.match(line)) for line in sample.lines) >= _FEW_PROMPTS:
        return None
    lines = [line.expandtabs() for line in sample.lines if not re.fullmatch(r"[\s\-=_+|]+", line)][:200]
    if len(lines) < 3:
        return None
    width = sorted(map(len, lines))[len(lines) // 2]
    body = [line.ljust(width) for line in lines if len(line) >= width // 2]
    if width > 2000 or len(body) < 0.7 * len(lines):
        return None
    filled = [sum(line[place] != " " for line in body) / len(body) for place in range(width)]
    gutters = len(re.findall(r"1 *0+(?= *1)", "".join("0" if share <= _GUTTER else "1" for share in filled)))
    wide = sum(bool(re.search(r"\S {2,}\S", line)) for line in body) / len(body)
    digits = sum(bool(re.search(r"\d", line)) for line in body) / len(body)
    ended = sum(len(_ENDED.findall(line)) >= _SEVERAL_ENDS for line in body) / len(body)
    # sentences that begin alike are no columns, and names that do not stand over the columns head another kind of table
    narrow = gutters >= 2 and digits >= 0.9 and ended <= 0.6 and not (wide < _HARDLY and _headed_elsewhere(lines[0], filled))
    if gutters and digits >= 0.6 and (wide >= 0.6 or narrow):
        return Guess("fixed_width", f"{gutters + 1} columns at fixed places")
    return Guess("fixed_width", "lines of one length without delimiters") if _unbroken(sample.lines) else None


def _headed_elsewhere(line: str, filled: Sequence[float]) -> bool:
    """True for a line of names of which one stretches over a gutter."""
    names = list(re.finditer(r"\S+", line))
    over = any(min(filled[name.start() : min(name.end(), len(filled))], default=1.0) <= _GUTTER for name in names)
    return len(names) > _TWO_NAMES and over and all(_NAME.fullmatch(name[0]) for name in names)


def _unbroken(lines: list[str]) -> bool:
    """Records of one length that hold mostly digits, without any delimiter."""
    lengths = {len(line) for line in lines}
    if len(lines) < 5 or len(lengths) != 1 or max(lengths) < 12:
        return False
    digits = sum(character.isdigit() or character == " " for line in lines for character in line)
    return digits >= 0.6 * len(lines) * max(lengths)


def _one_column(lines: list[str]) -> Guess | None:
    """A list: one short token in every line."""
    if len(lines) < 3:
        return None
    drawn = sum(len(line) >= _DRAWN and not any(map(str.isalnum, line)) for line in lines)
    if 2 * drawn > len(lines):  # lines of symbols are no fields
        return None
    single = sum(len(line.split()) == 1 and len(line) <= 64 for line in lines)
    return Guess("csv", "one field in every line") if single >= 0.95 * len(lines) else None
