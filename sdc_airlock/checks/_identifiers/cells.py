"""Identifiers of people as columns of cells: a column is judged by how many of its cells pass, by its header, and by what a row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sdc_airlock.checks._identifiers import words
from sdc_airlock.checks._identifiers.arrays import (
    SHORTEST_ID,
    as_strings,
    as_whole,
    few_digits,
    filled,
    matching,
    matching_any,
    short_whole,
    words_of,
)
from sdc_airlock.checks._identifiers.places import BY_SITE, PLACES, Cellular
from sdc_airlock.checks._identifiers.windows import SHORT
from sdc_airlock.checks._identifiers.written import IPV4, IPV6, MAC, POSTCODE, TRIGGERS
from sdc_airlock.model.finding import Severity
from sdc_airlock.model.recognised import Kind, Role
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.check_digits import chance_of_passes, passes_modulus_11
from sdc_airlock.stats.columns import long_whole, plain_numbers

if TYPE_CHECKING:
    import numpy.typing as npt

# a cell begins and ends without the line breaks that a text has around it
_EACH = tuple(f"(?:{trigger})".replace("[^0-9.]", "(?:^|[^0-9.])").replace("[^0-9])", "(?:[^0-9]|$))") for trigger in TRIGGERS.values())
_ANY = "|".join(_EACH)
_TEN = r"""^[\s"']*[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?:\.0+)?[\s"']*$"""
# a whole cell of each class, as RE2 reads it
_WHOLE: Mapping[str, str] = {
    "email": r"^\s*<?[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+>?\s*$",
    "postcode": rf"^\s*{POSTCODE}\s*$",
    "national_insurance": r"^\s*[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\s*$",
    "phone": r"^\s*(?:\+[0-9]{1,3}[ .-]?(?:\(0?\)[ .-]?)?(?:[0-9][ .-]?){8,12}|\(?0[1237][0-9]{1,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4})\s*$",
    "address": r"^\s*(?:Flat [0-9A-Za-z]+,? )?[0-9]{1,4}[A-Za-z]?,? (?:[A-Z][a-z']+ )+(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Gardens|Terrace|Grove|Mews|Way|Court|Square|Walk|Row|Rise|View)\b.*$",
    "network_address": rf"^\s*(?:{IPV4}|{IPV6}|{MAC})\s*$",
}  # fmt: skip
_HEADERS = {
    "email": words.EMAIL_HEADER,
    "postcode": words.POSTCODE_HEADER,
    "national_insurance": words.NINO_HEADER,
    "phone": words.PHONE_HEADER,
    "address": words.ADDRESS_HEADER,
    "network_address": words.IP_HEADER,
}
_FULL_DATE = r"^\s*(?:[0-9]{1,2}[/.\- ](?:[0-9]{1,2}|[A-Za-z]{3,9})[/.\- ](?:[0-9]{4}|[0-9]{2})|(?:18|19|20)[0-9]{2}[/.-]?[0-9]{2}[/.-]?[0-9]{2}|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?\s*$"
_PERSON_NAME = r"^\s*(?:(?:Mr|Mrs|Ms|Miss|Dr|Master)\.? )?[A-Z][A-Za-z'-]+(?:,? (?:[A-Z]\.?|[A-Z][A-Za-z'-]+)){0,3}\s*$"
_ANY_LINE = re.compile(f"{_ANY}|{_FULL_DATE}", re.ASCII | re.MULTILINE)
_SHORT_COLUMN = 64
_FIRST_DAY, _LAST_DAY = 18_000_101, 21_000_000
_SHORTEST_NUMBER = min(_FIRST_DAY, 10**8)
_MOST = 0.5
# passes that are too many to be chance, for a column that is not named
_NOT_CHANCE = 1e-4
_NAMES_LOOKED_AT = 2000
_DIFFERENT = 1000
_ORGANISATIONS_LOOKED_AT = 200


@dataclass
class Seen:
    """What the cells of one column have shown.

    Attributes:
        cells: Filled cells; matched: cells of each class, and `rows` the first of them.
        ten: Different numbers of ten digits; passed: those of them with the right check digit.
        dates: Cells that are full dates.
        texts: Cells that hold something else worth a closer look, with their rows.
    """

    cells: int = 0
    matched: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    different: dict[str, set[str]] = field(default_factory=dict)
    ten: int = 0
    passed: int = 0
    dates: int = 0
    texts: list[tuple[int, str]] = field(default_factory=list)

    def add(self, later: Seen) -> None:
        """Take in what the rows below have shown."""
        self.cells += later.cells
        self.ten += later.ten
        self.passed += later.passed
        self.dates += later.dates
        self.texts += later.texts
        for kind, count in later.matched.items():
            self.matched[kind] = self.matched.get(kind, 0) + count
        for kind, rows in later.rows.items():
            kept = self.rows.setdefault(kind, [])
            kept += rows[: PLACES - len(kept)]
        for kind, cells in later.different.items():
            known = self.different.setdefault(kind, set())
            if len(known) < _DIFFERENT:
                known |= cells

    def note(self, kind: str, at: Any, rows: Any, first: int) -> None:
        """Count cells of a class and keep the first places."""
        self.matched[kind] = self.matched.get(kind, 0) + len(at)
        kept = self.rows.setdefault(kind, [])
        if len(kept) < PLACES:
            chosen = at[: PLACES - len(kept)]
            kept.extend(int(first + row) for row in (chosen if rows is None else rows.take(chosen).to_pylist()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A class of identifiers in a column, and how much it weighs there."""

    kind: str
    severity: Severity
    count: int
    rows: tuple[int, ...]


def plain_words(array: Any, seen: Seen) -> bool:
    """True for an array of codes none of whose words is anything worth a look; its cells are counted."""
    if (told := words_of(array)) is None:
        return False
    words, counts = told
    if matching(words, _FULL_DATE).any() or matching_any(words, _EACH).any():
        return False
    seen.cells += int(counts[filled(words)].sum())
    return True


def look(array: Any, rows: Any, first: int, seen: Seen, *, header: str) -> None:
    """Take in one batch of a column."""
    import pyarrow as pa

    if (short := few_digits(array, _SHORTEST_NUMBER)) is not None or (short := short_whole(array, _SHORTEST_NUMBER)) is not None:
        seen.cells += len(short)
        return
    numbers = as_whole(array)
    if numbers is not None:
        seen.cells += int((numbers >= 0).sum())
        dates = np.flatnonzero(_days(numbers)) if numbers.max(initial=0) >= _FIRST_DAY else np.zeros(0, np.int64)
        if len(dates):
            seen.dates += len(dates)
            seen.note("date", dates, rows, first)
        _ten_digits(numbers, np.arange(len(numbers)), rows, first, seen, header=header)
        return
    kind = array.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        filled = np.flatnonzero(np.asarray(array.is_valid().to_numpy(zero_copy_only=False)))
        seen.cells += len(filled)
        seen.dates += len(filled)
        seen.note("date", filled, rows, first)
        return
    cells = as_strings(array)
    if cells is not None and len(cells):
        _text_cells(cells, rows, first, seen, header=header)


def _days(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which whole numbers are a day written without marks (19801231)."""
    found = (numbers >= _FIRST_DAY) & (numbers < _LAST_DAY)
    likely = numbers[found]
    month, day = likely // 100 % 100, likely % 100
    found[found] = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return found


def _ten_digits(numbers: npt.NDArray[np.int64], places: Any, rows: Any, first: int, seen: Seen, *, header: str) -> None:
    """Numbers of ten digits; of nine too where the header speaks of CHI or NHS numbers, which may begin with 0."""
    least = 10**8 if words.NHS_HEADER.search(header) else 10**9
    ten = (numbers >= least) & (numbers < 10**10)
    if not ten.any():
        return
    right = passes_modulus_11(numbers) & ten
    different = np.unique(numbers[ten])
    seen.ten += len(different)
    seen.passed += int(passes_modulus_11(different).sum())
    seen.note("nhs_number", places[np.flatnonzero(right)], rows, first)


def _text_cells(cells: Any, rows: Any, first: int, seen: Seen, *, header: str) -> None:
    import pyarrow as pa

    if len(cells) <= _SHORT_COLUMN and cells.nbytes <= SHORT:
        values = [cell for cell in cells.to_pylist() if cell and not cell.isspace()]
        # most columns hold nothing of interest, and wide tables have thousands of them
        if not _ANY_LINE.search("\n".join(values)):
            seen.cells += len(values)
            return
    numbers = plain_numbers(cells)
    if numbers is None:
        seen.cells += int(filled(cells).sum())
    else:
        seen.cells += len(cells)
        long = long_whole(numbers, SHORTEST_ID)
        if not len(long):
            return
        cells = cells.take(long)
        rows = pa.array(long) if rows is None else rows.take(long)
    dates = np.flatnonzero(matching(cells, _FULL_DATE))
    if len(dates):
        seen.dates += len(dates)
        seen.note("date", dates, rows, first)
    flagged = np.flatnonzero(matching_any(cells, _EACH))
    if not len(flagged):
        return
    chosen = cells.take(flagged)
    left = np.ones(len(flagged), dtype=np.bool_)
    ten = matching(chosen, _TEN)
    if ten.any():
        _ten_digits(_digits(chosen.take(np.flatnonzero(ten))), flagged[ten], rows, first, seen, header=header)
        left &= ~ten
    for kind, pattern in _WHOLE.items():
        hit = left & matching(chosen, pattern)
        if hit.any():
            seen.note(kind, flagged[hit], rows, first)
            different = seen.different.setdefault(kind, set())
            if len(different) < _DIFFERENT:
                different.update(chosen.take(np.flatnonzero(hit)[:_DIFFERENT]).to_pylist())
            left &= ~hit
    rest = np.flatnonzero(left)
    if len(rest):
        own = flagged[rest] if rows is None else np.array(rows.take(flagged[rest]).to_pylist())
        seen.texts.extend(zip((own + first).tolist(), chosen.take(rest).to_pylist(), strict=True))


def _digits(cells: Any) -> npt.NDArray[np.int64]:
    """Cells of ten digits, however they are grouped, as int64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain: Any = pc.replace_substring_regex(pc.replace_substring_regex(cells, r"\.0+\s*[\"']?\s*$", ""), r"[^0-9]", "")
    return np.asarray(plain.cast(pa.int64()).to_numpy(zero_copy_only=False))


def judge(cellular: Cellular, seen: Seen, *, header: str, organisations: bool, review: float) -> Iterator[Judged]:
    """What a column holds.

    Args:
        cellular: The column.
        seen: What its cells have shown.
        header: Its header, normalised.
        organisations: Another header of the table speaks of organisations, authors or areas.
        review: Probability from which a row counts as possibly a person.
    """
    person = cellular.part.kind is Kind.INDIVIDUAL_ROWS or cellular.part.individual >= review
    nhs = _judge_nhs(cellular, seen, header)
    if nhs is not None:
        yield _judged("nhs_number", nhs, seen)
    birth = bool(words.BIRTH_HEADER.search(header))
    if seen.dates and birth and seen.dates >= min(3, _MOST * seen.cells):
        yield _judged("date_of_birth", Severity.CRITICAL if person else Severity.HIGH, seen, "date")
    elif (
        person
        and seen.dates > _MOST * seen.cells
        and cellular.role in (Role.DATE, Role.IDENTIFIER, Role.TEXT, Role.CATEGORY)
        and _full(cellular)
    ):
        yield _judged("full_date", Severity.HIGH, seen, "date")
    for kind, pattern in _HEADERS.items():
        count = seen.matched.get(kind, 0)
        if not count:
            continue
        named = bool(pattern.search(header))
        if named or (count > _MOST * seen.cells and len(seen.different.get(kind, ())) >= 3):
            yield _judged(kind, _contact(kind, header, seen, named=named, person=person, organisations=organisations), seen)
    names = _judge_names(cellular, header, person=person, organisations=organisations)
    if names is not None:
        yield Judged(kind="name", severity=names, count=max(seen.cells, 1), rows=tuple(range(min(3, cellular.table.sample_rows))))


def _judged(kind: str, severity: Severity, seen: Seen, noted: str = "") -> Judged:
    return Judged(kind=kind, severity=severity, count=seen.matched.get(noted or kind, 1), rows=tuple(seen.rows.get(noted or kind, ())))


def _full(cellular: Cellular) -> bool:
    """True where the dates differ from row to row, as dates of a life do and the date of an analysis does not."""
    view = cellular.view
    return view is None or view.distinct >= max(3, 0.2 * view.filled)


def _judge_nhs(cellular: Cellular, seen: Seen, header: str) -> Severity | None:
    if not seen.ten or words.ISBN_HEADER.search(header):
        return None
    if words.NHS_HEADER.search(header):
        return Severity.CRITICAL if seen.passed >= _MOST * seen.ten else Severity.HIGH if seen.ten >= _MOST * seen.cells else None
    if not seen.passed or cellular.part.kind in BY_SITE:
        return None
    if seen.ten >= 3 and chance_of_passes(seen.passed, seen.ten) < _NOT_CHANCE and seen.passed >= 0.3 * seen.ten:
        return Severity.CRITICAL if seen.passed >= 0.8 * seen.ten else Severity.HIGH
    few = seen.passed == seen.ten <= 3 and cellular.role is Role.IDENTIFIER
    return Severity.MEDIUM if few else None


def _contact(kind: str, header: str, seen: Seen, *, named: bool, person: bool, organisations: bool) -> Severity:
    if kind == "national_insurance":
        return Severity.CRITICAL if named or person else Severity.HIGH
    if kind == "network_address":
        if words.VERSION_HEADER.search(header):
            return Severity.LOW
        return Severity.HIGH if person and named else Severity.MEDIUM if named and len(seen.different.get(kind, ())) >= 3 else Severity.LOW
    if organisations or words.ORGANISATION_HEADER.search(header):
        return Severity.LOW
    if person:
        return Severity.HIGH
    return Severity.MEDIUM if len(seen.different.get(kind, ())) >= 3 else Severity.LOW


def _judge_names(cellular: Cellular, header: str, *, person: bool, organisations: bool) -> Severity | None:
    """Columns of people's names: told from the header, the shape of the cells, and given names among them."""
    own, named = words.OWN_NAME_HEADER.search(header), words.NAME_HEADER.search(header)
    bare = not header or words.BARE_NAME_HEADER.search(header)
    view = cellular.view
    if view is not None and (view.numbers is not None or view.distinct < 2):
        return None
    if not (own or named or (bare and person)):
        return None
    cells = _sample(cellular)
    shaped = matching(cells, _PERSON_NAME) if cells is not None and len(cells) else np.zeros(0, dtype=np.bool_)
    if cells is None or not len(cells) or shaped.mean() < _MOST:
        return None
    given = np.mean([any(word in words.GIVEN_NAMES for word in cell.lower().replace(",", " ").split()) for cell in cells.to_pylist()])
    if own:
        return Severity.HIGH
    if named:
        return Severity.HIGH if person else Severity.LOW if organisations else Severity.MEDIUM
    return Severity.HIGH if given >= 0.3 else None


def _sample(cellular: Cellular) -> Any:
    """Different filled cells of the column, the first of many."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = cellular.column.values
    array: Any = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    cells = as_strings(array)
    if cells is None:
        return None
    different = pc.unique(cells.drop_null())
    return different.filter(pa.array(~matching(different, r"^\s*$")))[:_NAMES_LOOKED_AT] if len(different) else different


def of_organisations(cellular: Cellular) -> bool:
    """True for a column whose cells mostly name organisations."""
    cells = _sample(cellular)
    if cells is None or not len(cells):
        return False
    looked_at = cells[:_ORGANISATIONS_LOOKED_AT].to_pylist()
    return sum(words.ORGANISATION.search(cell[:400]) is not None for cell in looked_at) > _MOST * len(looked_at)


def speaks_of_names(header: str) -> bool:
    """True for the header of a column that may hold names of people."""
    return bool(words.OWN_NAME_HEADER.search(header) or words.NAME_HEADER.search(header))


def header_of(name: str) -> str:
    """A header as one lower-case name ("nhs_number")."""
    return normalise(name)[0] if len(name) <= 200 else ""


__all__ = ["Judged", "Seen", "header_of", "judge", "look", "of_organisations", "plain_words", "speaks_of_names"]
