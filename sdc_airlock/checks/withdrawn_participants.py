"""Withdrawn participants: an id of somebody who has taken back the consent occurs in the output."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._identifiers.arrays import as_strings, as_whole, leaves, matching, whole_numbers
from sdc_airlock.checks._identifiers.places import BY_SITE, Cellular, Passage, Where, chunks, columns, passages, tables
from sdc_airlock.model.content import Grid
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import Recognised, Role
from sdc_airlock.stats.withdrawn import Withdrawn

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_REMEDY = "Take everything of these participants out and make the output anew without them; the keeper of the list can say who they are, this tool does not."
_WORD = re.compile(r"""[^\s,;"'`()\[\]{}<>=&?!*+~^$%#@\\]+""")
_PERSON = re.compile(
    r"(?:^|[^A-Za-z])(?:participant|patient|subject|person|proband|volunteer|withdr\w{1,6}|e?id|[pisf]id|sub|subj|p|pt)(?:[ _-]?(?:id|no|num|number))?s?[^A-Za-z0-9]{0,4}$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
# shorter ids are ordinary numbers and words
_LONG_ENOUGH = 5
# how unlikely as many hits have to be by chance: of numbers anywhere, and of numbers that measure something
_BY_CHANCE = 0.01
_BY_CHANCE_MEASURED = 1e-4
_NOT_BY_CHANCE = 1e-6
_MEASURES = frozenset(
    {
        Role.COUNT, Role.PERCENTAGE, Role.MEAN, Role.STANDARD_DEVIATION, Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE, Role.COEFFICIENT, Role.STANDARD_ERROR,
        Role.CONFIDENCE_LIMIT, Role.P_VALUE, Role.TEST_STATISTIC, Role.RATIO, Role.RATE, Role.FREQUENCY, Role.PERSON_TIME, Role.POSITION, Role.MARKER, Role.GENE,
    }
)  # fmt: skip
_WHOLE = r"""^[\s"']*[0-9]{1,18}(?:\.0+)?[\s"']*$"""
_DECIMAL = r"^\s*[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?\s*$"


@dataclass
class _Hits:
    """Ids met in one place.

    Attributes:
        sure: How many ids with letters in them, or in a column of ids.
        numbers: Different ids that are whole numbers, by number of digits; seen: whole numbers looked up, likewise.
        places: Rows, or characters of a passage.
    """

    sure: int = 0
    numbers: dict[int, set[int]] = field(default_factory=dict)
    seen: Counter[int] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    count: int = 0


@check(id="withdrawn_participants", version=1, severity=Severity.CRITICAL, applies=lambda subject: subject.withdrawn is not None)
def withdrawn_participants(subject: Subject, params: Params) -> Iterator[Finding]:
    """An id of a withdrawn participant occurs somewhere in the output: in a cell, a text, a header, a comment, a name.

    ## What it flags
    Any occurrence of an id in the list that was given with `--withdrawn`: as a cell, a column header, a word of any text, code or metadata, the name of a sample, a file or
    a member; in quotes, with leading zeros, as `1234567.0`, or beside a separator (`P_1234567`, `1234567_2`). The list holds one id a line (or in the first column of a CSV), or is a
    database of SQLite, or holds keyed digests (HMAC-SHA-256, or blake2b), with the key in a file of its own. Ids are never printed. Whole numbers of less than
    five digits, and words of less than five characters, count only as cells of a column of ids. Where a column measures something, or a text is full of numbers, as many
    coincidences as chance would bring are not taken for ids. Without a list the check is not applicable.

    ## Why it discloses
    Who has withdrawn has asked for their data to be used no more. An output that still names them was made with them.

    ## Example flagged
    ```
    participant,score
    1234567,0.41
    ```
    with 1234567 in the list.

    ## Example passed
    ```
    participant,score
    1234568,0.41
    ```
    with 1234567 in the list.

    ## Blind spots
    Participants who are in a count or an average and not named. Ids that were replaced by others, or recoded in a way that is not a prefix, a suffix or a separator. A few numbers that
    stand in a column of positions or amounts, where a list is so long that chance explains them. Names of samples inside binary formats of which only the number of samples is read.

    ## Sources
    - UK Biobank, list of withdrawn participants sent to each project, to be excluded from all analyses.
    - General Data Protection Regulation, article 7 (3): consent may be withdrawn at any time.
    """
    del params  # an id in the list is not a matter of degree
    listed = subject.withdrawn
    if listed is None:
        return
    in_cells: dict[str, set[str]] = {}
    for part in tables(subject):
        yield from _in_table(part, listed, in_cells.setdefault(part.part_id.partition("#table")[0], set()))
    grids = {part.part_id for part in subject.content.parts if isinstance(part, Grid)}
    for passage in passages(subject):
        known = in_cells.get(passage.part_ids[0], set()) if passage.where is Where.CELLS and passage.part_ids[0] in grids else set()
        yield from _in_passage(passage, listed, known)


def _in_table(part: Recognised, listed: Withdrawn, words: set[str]) -> Iterator[Finding]:
    """Search the columns, batch by batch; `words` takes the cells of short tables, which are not searched again as text."""
    if part.table is None:
        return
    places = list(columns(part))
    found = [_Hits() for _ in places]
    for first, arrays in chunks(part, exact=True):
        for cellular, hits, array in zip(places, found, arrays, strict=False):
            for leaf, rows in leaves(array):
                _search_cells(leaf, rows, first, listed, hits, ids=_names_people(cellular), words=words if part.table.whole else None)
    for cellular, hits in zip(places, found, strict=True):
        if hits.count and (severity := _severity(hits, listed, measured=_measures(cellular))) is not None:
            yield _finding(cellular.location(hits.places), hits, severity, f"in the column {cellular.label!a}")


def _names_people(cellular: Cellular) -> bool:
    return cellular.role is Role.IDENTIFIER and cellular.part.kind not in BY_SITE


def _measures(cellular: Cellular) -> bool:
    return cellular.role in _MEASURES or (cellular.part.kind in BY_SITE and cellular.role is not Role.IDENTIFIER)


def _search_cells(array: Any, rows: Any, first: int, listed: Withdrawn, hits: _Hits, *, ids: bool, words: set[str] | None) -> None:
    import numpy as np
    import pyarrow.compute as pc

    numbers = as_whole(array)
    if numbers is not None:
        _search_numbers(numbers, np.arange(len(numbers)), rows, first, listed, hits, ids=ids)
        return
    cells = as_strings(array)
    if cells is None or not len(cells):
        return
    if words is not None:
        words.update(word for cell in pc.unique(cells).to_pylist() if cell for word in _WORD.findall(cell))
    filled = np.asarray(cells.is_valid().to_numpy(zero_copy_only=False))
    whole = matching(cells, _WHOLE)
    places = np.flatnonzero(whole)
    if len(places):
        _search_numbers(whole_numbers(cells.take(places)), places, rows, first, listed, hits, ids=ids)
    rest = filled & ~whole & ~matching(cells, _DECIMAL)
    if _needs_digit(listed):
        rest &= matching(cells, "[0-9]")
    places = np.flatnonzero(rest)
    if len(places):
        _search_text_cells(cells.take(places), places, rows, first, listed, hits, ids=ids)


def _needs_digit(listed: Withdrawn) -> bool:
    """True where every id of the list has a digit in it, as far as that is known."""
    return listed.shapes is None or all("9" in shape for shape in listed.shapes)


def _search_numbers(
    numbers: npt.NDArray[np.int64], places: Any, rows: Any, first: int, listed: Withdrawn, hits: _Hits, *, ids: bool
) -> None:
    import numpy as np

    least = 1 if ids else 10 ** (_LONG_ENOUGH - 1)
    keep = numbers >= least
    if not keep.any():
        return
    different, back = np.unique(numbers[keep], return_inverse=True)
    lengths = np.char.str_len(different.astype(str))
    for length, count in zip(*np.unique(lengths, return_counts=True), strict=True):
        hits.seen[int(length)] += int(count)
    found = listed.in_numbers(different)
    if not found.any():
        return
    at = places[np.flatnonzero(keep)[found[back]]]
    hits.count += len(at)
    _keep_places(hits, at, rows, first)
    if ids:
        hits.sure += len(at)
    for number, length in zip(different[found].tolist(), lengths[found].tolist(), strict=True):
        hits.numbers.setdefault(length, set()).add(number)


def _search_text_cells(cells: Any, places: Any, rows: Any, first: int, listed: Withdrawn, hits: _Hits, *, ids: bool) -> None:
    import numpy as np
    import pyarrow.compute as pc

    coded = pc.dictionary_encode(cells)
    texts = coded.dictionary.to_pylist()
    words_of = [_WORD.findall(text) for text in texts]
    lengths = _look_up({word for words in words_of for word in words}, listed, hits, short=ids)
    if not lengths:
        return
    hit = np.array([any(word in lengths for word in words) for words in words_of])
    at = places[np.flatnonzero(hit[coded.indices.to_numpy(zero_copy_only=False)])]
    hits.count += len(at)
    _keep_places(hits, at, rows, first)
    if ids:
        hits.sure += len(at)


def _look_up(words: set[str], listed: Withdrawn, hits: _Hits, *, short: bool) -> dict[str, int]:
    """Words that hold an id, each with the length of the id, below 0 where that is a whole number."""
    asked = [word for word in words if _DIGIT.search(word)] if _needs_digit(listed) else list(words)
    for word in asked:
        if word.isdecimal():
            hits.seen[len(word.lstrip("0"))] += 1
    lengths = listed.in_words(asked)
    found = {
        word: int(length) for word, length in zip(asked, lengths.tolist(), strict=True) if length and (short or abs(length) >= _LONG_ENOUGH)
    }
    for word, length in found.items():
        if length > 0:
            hits.sure += 1
        else:
            hits.numbers.setdefault(-length, set()).add(hash(word))
            hits.seen[-length] += not word.isdecimal()
    return found


def _keep_places(hits: _Hits, at: Any, rows: Any, first: int) -> None:
    room = 200 - len(hits.places)
    if room > 0:
        kept = at[:room]
        hits.places.extend(int(first + row) for row in (kept if rows is None else rows.take(kept).to_pylist()))


def _in_passage(passage: Passage, listed: Withdrawn, known: set[str]) -> Iterator[Finding]:
    hits = _Hits()
    words = set(_WORD.findall(passage.text)) - known
    lengths = _look_up(words, listed, hits, short=False)
    if not lengths:
        return
    for match in _WORD.finditer(passage.text):
        if match[0] in lengths:
            hits.count += 1
            # beside a word for a person a number is an id, however long the list
            hits.sure += _PERSON.search(passage.text[max(0, match.start() - 30) : match.end()].rstrip("0123456789.")) is not None
            if len(hits.places) < 200:
                hits.places.append(match.start())
    severity = _severity(hits, listed, measured=False)
    if severity is not None:
        yield _finding(passage.location(hits.places), hits, severity, f"in the {passage.where.value}")


def _severity(hits: _Hits, listed: Withdrawn, *, measured: bool) -> Severity | None:
    """How much hits weigh; None where numbers that measure something coincide no more often than chance has it."""
    if hits.sure:
        return Severity.CRITICAL
    chance = min((_at_least(len(met), listed.expected(length, hits.seen[length])) for length, met in hits.numbers.items()), default=1.0)
    if measured:
        return Severity.CRITICAL if chance < _NOT_BY_CHANCE else Severity.HIGH if chance < _BY_CHANCE_MEASURED else None
    return Severity.CRITICAL if chance < _BY_CHANCE else Severity.MEDIUM


def _at_least(count: int, expected: float) -> float:
    """Probability of so many or more hits where so many are expected (Poisson)."""
    if expected <= 0:
        return 0.0
    if count > 10 * expected + 50:
        return 0.0
    term, below = math.exp(-expected) if expected < 700 else 0.0, 0.0
    if not term:
        return 1.0 if count <= expected + 5 * math.sqrt(expected) else 0.0
    for step in range(count):
        below += term
        term *= expected / (step + 1)
    return max(0.0, 1.0 - below)


def _finding(location: Location, hits: _Hits, severity: Severity, place: str) -> Finding:
    times = f"{hits.count:,} place{'' if hits.count == 1 else 's'}"
    doubt = ", though so many coincidences may be chance" if severity is Severity.MEDIUM else ""
    return Finding(
        check_id="withdrawn_participants",
        severity=severity,
        location=location,
        count=max(hits.count, 1),
        message=f"an id in the list of withdrawn participants stands {place}, in {times}{doubt}: their data may not be used any more, let alone leave",
        remedy=_REMEDY,
        evidence=(Redacted(shape="an id in the list", count=max(hits.count, 1)),),
    )
