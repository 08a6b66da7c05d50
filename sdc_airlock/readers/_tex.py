"""LaTeX: tables written with ampersands and double backslashes, and the text that its commands print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.readers._looks import Looks

Row = tuple[str, ...]

_ENVIRONMENTS = "tabular|tabular\\*|tabularx|tabulary|tabu|longtabu|longtable|supertabular|xtabular|tblr|longtblr|array|matrix|pmatrix|bmatrix|NiceTabular|tabbing"
_BEGIN = re.compile(rf"\\begin\s*\{{({_ENVIRONMENTS})\}}")
_EDGE = re.compile(rf"\\(?:begin|end)\s*\{{({_ENVIRONMENTS})\}}")
_CAPTION = re.compile(r"\\caption\*?\s*+(?:\[[^\]]*+\]\s*+)?(?=\{)")
_FLOAT_END = re.compile(r"\\end\{(?:sideways)?table")
_NEAR = 20_000
_TWO_ARGUMENTS = frozenset({"tabular*", "tabularx", "tabulary"})
_NO_ARGUMENTS = frozenset({"matrix", "pmatrix", "bmatrix", "tabbing"})
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%([^\n]*)")
_ROW_END = re.compile(r"\\\\\*?\s*(?:\[[^\]\n]{0,20}\])?|\\tabularnewline\b|\\cr\b")
_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot|noalign\s*+\{[^{}]{0,400}\}|hhline\s*+\{[^{}]{0,400}\}"
    r"|c(?:mid)?rule\s*+(?:\[[^\]]{0,400}\])?\s*+(?:\([^)]{0,400}\))?\s*+\{[^{}]{0,400}\}|cline\s*+\{[^{}]{0,400}\}|specialrule(?:\{[^{}]{0,400}\}){3}|Xhline\s*+\{[^{}]{0,400}\}"
    r"|addlinespace\s*(?:\[[^\]]{0,400}\])?|rowcolor\s*+(?:\[[^\]]{0,400}\])?\s*+\{[^{}]{0,400}\}|\[[^\]]{0,400}\])(?![A-Za-z])"
)
_HEAD_RULE = re.compile(r"\\(?:midrule|hline|endhead|endfirsthead)(?![A-Za-z])")
_SILENT = re.compile(
    r"\\(?:label|ref|cite\w*|phantom|hphantom|vphantom|hspace\*?|vspace\*?|cellcolor|color|rule|footnotemark|pagestyle|bibliographystyle|setlength|includegraphics"
    r"|begin|end|documentclass|usepackage|arraystretch|rotatebox|resizebox\*?|raisebox)\s*(?:\[[^\]]*\]\s*)*(?:\{[^{}]*\})?"
)
_SECOND = re.compile(r"\\(?:textcolor|href|scalebox|makebox|parbox|multirow|multicolumn)\s*(?:\[[^\]]*\]\s*)*\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([%&_#${}])")
_SPACE = re.compile(r"\\[,;:!> ]|~|\\quad|\\qquad|\\hfill")
_ACCENT = re.compile(r"\\[\"'`^~=.uvHcdbkr]\s*\{?\\?([A-Za-z])\}?")
_COMMAND = re.compile(r"\\[A-Za-z@]+\*?|\\.")
_SPECIAL = re.compile(r"[\\{}$~^]|--|``|''|[ \t]{2}")
_LOOK = re.compile(r"\\(?:cell|row|text)?color\s*+(?:\[[^\]]*+\]\s*+)?\{[^{}]*+\}|\\[A-Za-z]+")
_KEPT = {1: "%", 2: "&", 3: "_", 4: "#", 5: "$", 6: "{", 7: "}"}
_HIDE = {character: chr(0xE000 + place) for place, character in _KEPT.items()}
_SHOW = {0xE000 + place: character for place, character in _KEPT.items()}
_SIGNS = {
    r"\pm": "\u00b1",
    r"\leq": "\u2264",
    r"\le": "\u2264",
    r"\geq": "\u2265",
    r"\ge": "\u2265",
    r"\times": "x",
    r"\textless": "<",
    r"\textgreater": ">",
}
_SIGNS |= {
    r"\lt": "<",
    r"\gt": ">",
    r"\sim": "~",
    r"\ast": "*",
    r"\dagger": "\u2020",
    r"\textendash": "-",
    r"\ldots": "...",
    r"\dots": "...",
}


@dataclass(frozen=True, slots=True)
class TexTable:
    """A table between two offsets of the text."""

    start: int
    end: int
    rows: tuple[Row, ...]
    header_rows: int | None
    caption: str


def split_comments(text: str) -> tuple[str, str]:
    """The text without comments (lines keep their numbers), and the comments."""
    comments = "\n".join(match[2] for match in _COMMENT.finditer(text) if match[2].strip())
    return _COMMENT.sub(r"\1", text), comments


def tex_tables(text: str) -> list[TexTable]:
    """The outermost tables of some LaTeX without comments."""
    tables: list[TexTable] = []
    for begin, body, end in _outermost(text):
        rows, header = _rows(body)
        if rows:
            tables.append(TexTable(begin, end, tuple(rows), header, _caption(text, begin, end)))
    return tables


def tex_looks(text: str) -> Looks:
    """Colours and commands of the cells of tables, empty ones too: how they are set, not what they say."""
    looks = Looks()
    for number, (_, body, _) in enumerate(_outermost(text)):
        for row, piece in enumerate(_ROW_END.split(body)):
            for cell in re.split(r"(?<!\\)&", _RULE.sub(" ", piece)):
                looks.add(f"cell of {number}", row, {"commands": " ".join(_LOOK.findall(cell))})
    return looks


def _outermost(text: str) -> Iterator[tuple[int, str, int]]:
    """Where each table begins that is in no other, what is in it, and where it ends."""
    place = 0
    while match := _BEGIN.search(text, place):
        stop, place = _closing(text, match)
        yield match.start(), text[_behind_arguments(text, match) : stop], place


def _closing(text: str, begin: re.Match[str]) -> tuple[int, int]:
    """Where the closing of an environment begins and ends; the end of the text where there is none."""
    pattern = re.compile(rf"\\(begin|end)\s*\{{{re.escape(begin[1])}\}}")
    depth = 1
    for match in pattern.finditer(text, begin.end()):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return match.start(), match.end()
    return len(text), len(text)


def _behind_arguments(text: str, begin: re.Match[str]) -> int:
    """Where the body begins: behind the width, placement and column arguments."""
    braces = 0 if begin[1] in _NO_ARGUMENTS else 2 if begin[1] in _TWO_ARGUMENTS else 1
    place = begin.end()
    while place < len(text):
        rest = len(text[place : place + 200]) - len(text[place : place + 200].lstrip())
        if text[place + rest : place + rest + 1] == "[" and (closing := text.find("]", place + rest)) >= 0:
            place = closing + 1
        elif braces and text[place + rest : place + rest + 1] == "{":
            place = _brace_end(text, place + rest)
            braces -= 1
        else:
            break
    return place


def _brace_end(text: str, start: int) -> int:
    """The place behind the brace that closes the one at `start`."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return len(text)


def _rows(body: str) -> tuple[list[Row], int | None]:
    """Rows of plain cells, and how many lie above the rule below the header."""
    inner = _flatten(body)
    rows: list[Row] = []
    header: int | None = None
    for piece in _ROW_END.split(inner):
        if rows and header is None and _HEAD_RULE.search(piece):
            header = len(rows)
        cells = _cells(_RULE.sub(" ", piece))
        if any(cells):
            rows.append(cells)
    return rows, header if header is not None and header < len(rows) else None


def _flatten(body: str) -> str:
    """The body with tables inside its cells written as words."""
    kept: list[str] = []
    place = depth = 0
    for match in _EDGE.finditer(body):
        if match.start() < place:
            continue
        piece = body[place : match.start()]
        kept.append(re.sub(r"\\\\|&", " ", piece) if depth else piece)
        begin = _BEGIN.match(body, match.start())
        depth = depth + 1 if begin else max(0, depth - 1)
        place = _behind_arguments(body, begin) if begin else match.end()
    kept.append(body[place:])
    return " ".join(kept)


def _cells(piece: str) -> Row:
    """The cells of one row; a cell over several columns is followed by empty ones."""
    cells: list[str] = []
    for cell in re.split(r"(?<!\\)&", piece):
        span = re.match(r"\s*\\multicolumn\s*\{\s*(\d{1,3})\s*\}", cell)
        cells.append(plain_tex(cell))
        if span:
            cells.extend([""] * (int(span[1]) - 1))
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def plain_tex(text: str) -> str:
    """The words that some LaTeX prints: commands gone, their text arguments kept."""
    if not _SPECIAL.search(text):
        return text.strip()
    text = _ESCAPED.sub(lambda match: _HIDE[match[1]], text)
    text = re.sub(r"\\(multirow|multicolumn)\s*(?:\[[^\]]*\]\s*)*\{[^{}]*\}\s*(?:\[[^\]]*\]\s*)*\{(?:[^{}]|\{[^{}]*\})*\}", " ", text)
    text = _SECOND.sub(" ", _SILENT.sub(" ", text))
    text = re.sub(r"(?<=\d)\s*(?:\\,|\{,\}|\\;)\s*(?=\d{3})", ",", text)
    text = _SPACE.sub(" ", _ACCENT.sub(r"\1", text))
    for command, sign in _SIGNS.items():
        text = re.sub(re.escape(command) + r"(?![A-Za-z])", lambda _, sign=sign: sign, text)  # type: ignore[misc]
    text = _COMMAND.sub("", text)
    text = re.sub(r"[{}$]", "", text).replace("^", "").replace("``", '"').replace("''", '"')
    text = re.sub(r"-{2,3}", "-", text)
    return re.sub(r"[ \t]+", " ", text).translate(_SHOW).strip()


def _caption(text: str, start: int, end: int) -> str:
    """The caption of the float around a table, or of the table itself."""
    floor = max(0, start - _NEAR)
    openings = ("\\begin{table", "\\begin{sidewaystable", "\\begin{threeparttable")
    opening = max(text.rfind(name, floor, start) for name in openings)
    if opening < 0 or text.rfind("\\end{table", opening, start) >= 0:
        opening, stop = start, end
    else:
        closing = _FLOAT_END.search(text, end, end + _NEAR)
        stop = closing.start() if closing else end
    match = _CAPTION.search(text, opening, stop)
    if match is None:
        return ""
    near = text[match.end() : match.end() + 4000]
    return plain_tex(near[: _brace_end(near, 0)])[:2000]


def prose(text: str, tables: list[TexTable]) -> Iterator[str]:
    """The words of the text outside its tables, line by line."""
    place = 0
    kept = []
    for table in tables:
        kept.append(text[place : table.start] + "\n" * text.count("\n", table.start, table.end))
        place = table.end
    kept.append(text[place:])
    for line in "".join(kept).split("\n"):
        yield plain_tex(line)
