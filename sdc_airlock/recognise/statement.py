"""What the statement of a request declares: files, kinds, numbers. A claim by the researcher, compared with what is found.

Read are JSON (`{"outputs": [{"file": ..., "kind": ..., "rows": ..., "n": ..., "by": [...]}]}`, or file names with descriptions), lines of `key: value` in
blocks that begin with `file:` or `output:`, lists of file names with descriptions, and names of files in free text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

_LONGEST = 200_000
_NAME_KEYS = ("file", "filename", "file_name", "name", "path", "output")
_TEXT_KEYS = ("kind", "type", "statistic", "statistics", "description", "title", "contents")
_NUMBER_KEYS = {"rows": "rows", "n_rows": "rows", "tables": "tables", "n_tables": "tables", "sheets": "tables"}
_POPULATION_KEYS = ("n", "population", "population_n", "sample_size", "participants", "people")
_BY_KEYS = ("by", "dimensions", "broken_down_by", "breakdown", "grouped_by")
_LINE = re.compile(r"\s*+(?:(?:[-*\u2022]|\d{1,3}[.)])\s*+)?([A-Za-z][A-Za-z _-]{0,30}?)\s*[:=]\s*(\S.*)")
_FILE = re.compile(
    r"(?<![\w./@])((?:[\w*?-][\w.*?-]{0,100}/){0,40}[\w*?-][\w.*?-]{0,80}?\.(?:[A-Za-z][A-Za-z0-9]{1,7}|R)(?:\.gz)?)(?![\w/.-]*\w)"
)
_LISTED = re.compile(
    r"\s*+(?:(?:[-*\u2022]|\d{1,3}[.)])\s*+)?[\"'`]?([\w./*?-]{1,120}\.[A-Za-z][A-Za-z0-9]{0,7})[\"'`]?(?:\s*+[:=,;\u2013\u2014-]++\s*+|\s++)(\S.*)?$"
)
_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+|\d{1,9}")


class Family(StrEnum):
    """What an output is declared to be, as far as one can be told from another for sure."""

    FIGURE = "figure"
    TABLE = "table"
    CODE = "code"
    TEXT = "text"
    MODEL = "model"


_FAMILIES = (
    (Family.MODEL, re.compile(r"\b(?:trained model|model file|model weights|classifier|checkpoint)\b", re.IGNORECASE)),
    (Family.CODE, re.compile(r"\b(?:code|script|program|notebook|syntax|do-file)\b", re.IGNORECASE)),
    (Family.FIGURE, re.compile(r"\b(?:figure|plot|chart|graph|diagram|map|image|picture|histogram|curve)s?\b", re.IGNORECASE)),
    (
        Family.TABLE,
        re.compile(
            r"\b(?:tables?|cross-?tab\w*|counts?|frequenc\w+|regression|coefficients?|odds ratios?|hazard ratios?|means?|summary statistics|percentages?|rates?)\b",
            re.IGNORECASE,
        ),
    ),
    (Family.TEXT, re.compile(r"\b(?:report|manuscript|paper|abstract|poster|slides|presentation|notes|read-?me)\b", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One output as the statement declares it.

    Attributes:
        name: File name, path or pattern, lower case; "" where none is given.
        families: What it may be by its description; empty where that says nothing sure.
        rows, tables, people, by: Rows, tables, size of the population and number of divisions; None where not given.
    """

    name: str = ""
    families: frozenset[Family] = frozenset()
    rows: int | None = None
    tables: int | None = None
    people: int | None = None
    by: int | None = None

    def covers(self, path: str) -> bool:
        """True where a path of the request is what this names: by its path, its last part, without its extension, or by pattern."""
        if not self.name:
            return False
        path = path.lower()
        last = path.rpartition("/")[2]
        stem = last.partition(".")[0]
        if self.name.endswith("/"):
            return path.startswith(self.name) or f"/{self.name}" in path
        return (
            self.name in (path, last, stem)
            or path.endswith(f"/{self.name}")
            or fnmatchcase(last, self.name)
            or fnmatchcase(path, self.name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All that a statement declares.

    Attributes:
        listed: True where it lists outputs one by one, so that what it leaves out was left out.
    """

    outputs: tuple[Declared, ...] = ()
    listed: bool = False


def read_statement(text: str) -> Statement:
    """What a statement declares; nothing of a vague one."""
    text = text[:_LONGEST].strip()
    if not text:
        return Statement()
    for read in (_of_json, _of_blocks, _of_list):
        outputs = tuple(read(text))
        if outputs:
            return Statement(outputs=outputs, listed=True)
    names = dict.fromkeys(match.strip().lower() for match in _FILE.findall(text))
    return Statement(outputs=tuple(Declared(name=name) for name in names))


def _of_json(text: str) -> Iterator[Declared]:
    if text[:1] not in "{[":
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    listed = value.get("outputs", value.get("files")) if isinstance(value, dict) else value
    if isinstance(listed, dict):
        listed = [{"file": name, **(said if isinstance(said, dict) else {"description": said})} for name, said in listed.items()]
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, str):
            yield Declared(name=each.strip().lower())
        elif isinstance(each, dict) and (made := _declared({str(key).lower().replace(" ", "_"): child for key, child in each.items()})):
            yield made


def _of_blocks(text: str) -> Iterator[Declared]:
    """Lines of `key: value`; each `file:` or `output:` begins a new output."""
    block: dict[str, Any] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        key = match[1].strip().lower().replace(" ", "_").replace("-", "_")
        if key in _NAME_KEYS:
            if block and (made := _declared(block)):
                yield made
            block = {key: match[2].strip()}
        elif block:
            block.setdefault(key, match[2].strip())
    if block and (made := _declared(block)):
        yield made


def _of_list(text: str) -> Iterator[Declared]:
    """Lines that each begin with the name of a file; at least two of them, and most of the lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = [match for line in lines if (match := _LISTED.fullmatch(line))]
    if len(found) >= 2 and 2 * len(found) >= len(lines):
        for match in found:
            yield Declared(name=match[1].lower(), families=_families(match[2] or ""))


def _declared(said: Mapping[str, Any]) -> Declared | None:
    name = next((str(said[key]).strip().strip("\"'`").lower() for key in _NAME_KEYS if isinstance(said.get(key), str)), "")
    if not name or ("." not in name and not name.endswith("/") and "*" not in name and len(name.split()) > 1):
        name = ""
    words = " ".join(str(said[key]) for key in _TEXT_KEYS if isinstance(said.get(key), str))
    numbers = {field: number for key, field in _NUMBER_KEYS.items() if (number := _number(said.get(key))) is not None}
    by = next((said[key] for key in _BY_KEYS if said.get(key)), None)
    divisions = [
        each
        for each in (re.split(r",|;|\band\b|\bx\b", by) if isinstance(by, str) else by if isinstance(by, list) else [])
        if str(each).strip()
    ]
    people = next((number for key in _POPULATION_KEYS if (number := _number(said.get(key))) is not None), None)
    made = Declared(
        name=name,
        families=_families(words),
        rows=numbers.get("rows"),
        tables=numbers.get("tables"),
        people=people,
        by=len(divisions) or None,
    )
    return made if made != Declared() else None


def _families(words: str) -> frozenset[Family]:
    return frozenset(family for family, pattern in _FAMILIES if pattern.search(words))


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value > 0 else None
    match = _NUMBER.search(value) if isinstance(value, str) else None
    return int(re.sub(r"\D", "", match[0])) or None if match else None


__all__ = ["Declared", "Family", "Statement", "read_statement"]
