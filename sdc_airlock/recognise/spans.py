"""Labels that name a stretch of something ordered: ages, dates, codes of a classification. Stretches nest, overlap and leave gaps."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from sdc_airlock.recognise.lexicon import normalise

OLDEST = 1000.0
_YOUNGEST = 0.0
_AGED = re.compile(r"\b(?:age[ds]?|years?|yrs?|y/?o)\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\b(?:bmi|body mass|weight|height|score|income|earnings|salary|price|cost|value|days?|weeks?|months?|hours?|minutes?|stay|duration|waiting|distance|km|miles"
    r"|size|number of|visits|attendances|grade|stage|dose|level|pressure|hba1c|egfr|percentile|quintile|decile|pack|units)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    "group groups grp band bands banded range ranges category categories cat class classes interval intervals years year yrs yr in at of the by level".split()
)
_NAMELESS = frozenset({"", "characteristic", "characteristics", "variable", "label", "name", "row", "index", "value", "values", "unnamed", "demographic", "subgroup"})  # fmt: skip

_TIMES = frozenset(
    "band age date dates month months quarter quarters week day days period time financial calendar season yearmonth".split()
)

_PREFIX = r"(?:aged?|ages)?[_\s]*+"
_SUFFIX = r"\s*+(?:(?:years?|yrs?|y/?o?)(?: old)?|(?<= )old)?"
_CLOSED = re.compile(rf"^{_PREFIX}(\d{{1,3}})\s*+(?:-|\u2013|\u2014|to|_|until|through)\s*+(\d{{1,3}}){_SUFFIX}$", re.IGNORECASE)
_OPEN_RIGHT = re.compile(rf"^{_PREFIX}(\d{{1,3}})\s*+(?:-|\u2013|to)?\s*+(?:<|under|below)\s*+(\d{{1,3}}){_SUFFIX}$", re.IGNORECASE)
_CUT = re.compile(r"^([\[(])\s*+(-?inf|\d{1,3})(?:\.0)?\s*+,\s*+(inf|\d{1,3})(?:\.0)?\s*+([\])])$", re.IGNORECASE)
_FROM = re.compile(
    rf"^{_PREFIX}(?:(\d{{1,3}}){_SUFFIX}\s*+(?:\+|plus|(?:and|or|&) (?:over|older|above|more|up))|(?:>=|\u2265|at least|from)\s*+(\d{{1,3}})|(?:>|over|above|older than|more than)\s*+(\d{{1,3}})){_SUFFIX}$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    rf"^{_PREFIX}(?:(?:<|under|below|less than|younger than)\s*+(\d{{1,3}})|(?:<=|\u2264|up to|at most)\s*+(\d{{1,3}})|(\d{{1,3}}){_SUFFIX}\s*+(?:and|or|&) (?:under|younger|below|less)){_SUFFIX}$",
    re.IGNORECASE,
)
_ONE = re.compile(rf"^(?:aged?|ages)\s*+(\d{{1,3}}){_SUFFIX}$|^(\d{{1,3}})\s*+(?:years?|yrs?|y/?o?)(?: old)?$", re.IGNORECASE)

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_YEAR = re.compile(r"^((?:19|20)\d{2})$")
_YEARS = re.compile(r"^((?:19|20)\d{2})\s*+(?:-|\u2013|\u2014|to)\s*+((?:19|20)\d{2})$")
_QUARTER = re.compile(r"^(?:((?:19|20)\d{2})[\s_-]*Q([1-4])|Q([1-4])[\s_-]*((?:19|20)\d{2}))$", re.IGNORECASE)
_MONTH = re.compile(r"^((?:19|20)\d{2})[-/](0[1-9]|1[0-2])$")
_NAMED_MONTH = re.compile(
    r"^(?:(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s_-]+((?:19|20)\d{2})|((?:19|20)\d{2})[\s_-]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"^((?:19|20)\d{2})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?: 00:00:00)?$")
_DAYS = re.compile(r"^(\d{4}-\d{2}-\d{2})\s*+(?:-|\u2013|to)\s*+(\d{4}-\d{2}-\d{2})$")

_CODE = re.compile(r"^([A-Z])(\d{2})(?:\.?(\d)(\d)?)?(?=$|[\s:;,\u2013-])")
_CODES = re.compile(r"^([A-Z])(\d{2})\s?[-\u2013]\s?([A-Z])(\d{2})(?=$|[\s:;,)])")
_LETTER = 10_000


_N = r"(?<!\d)(?<!\d\.)(\d{1,3})"
_IN_TEXT = (
    (re.compile(rf"(?:\bage[ds]?\b|\bages\b)[:\s(]*{_N}\s*+(?:-|\u2013|to)\s*+(\d{{1,3}})(?!\d|\.\d)(?:\s*+(?:years?|yrs?)\b)?", re.IGNORECASE), "closed"),
    (re.compile(rf"{_N}\s*+(?:-|\u2013|to)\s*+(\d{{1,3}})\s*+(?:years?|yrs?|y/?o)\b(?: old)?", re.IGNORECASE), "closed"),
    (re.compile(rf"{_N}\s*+(?:years?|yrs?)?\s*+(?:\+|plus\b|(?:and|or|&) (?:over|older|above)\b)", re.IGNORECASE), "from"),
    (re.compile(rf"(?:\b(?:aged?|ages) )?(?:>=|\u2265|\bat least)\s*+{_N}(?:\s*+(?:years?|yrs?)\b)?", re.IGNORECASE), "from"),
    (re.compile(rf"(?:\b(?:aged?|ages) )?\b(?:under|younger than|below)[\s-]*{_N}s?(?!\d|\.\d)(?:\s*+(?:years?|yrs?)\b)?", re.IGNORECASE), "below"),
    (re.compile(r"\badults?\b", re.IGNORECASE), "adults"),
    (re.compile(r"\bchild(?:ren)?\b", re.IGNORECASE), "children"),
)  # fmt: skip
_OF_AGE = 18.0


class Span(NamedTuple):
    """A stretch from `low` up to, and without, `high`, of what `axis` names: years of age, days, places in a classification."""

    axis: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """How long it is."""
        return self.high - self.low

    def holds(self, other: Span) -> bool:
        """True where all of another one lies in it."""
        return self.axis == other.axis and self.low <= other.low and other.high <= self.high


def axis_of(header: str, about: str = "") -> str:
    """What the bands under a header divide: the words of the header; where it says nothing, "age", or "band" where the text `about` them names other measures."""
    plain, words = normalise(header)
    kept = [word for word in words if word not in _GENERIC]
    if plain in _NAMELESS or not kept:
        return "age" if _AGED.search(f"{header} {about}") or not _MEASURED.search(about.replace("_", " ")) else "band"
    return "_".join(kept)


def span_of(label: str, axis: str) -> Span | None:
    """The stretch that a label names, None for any other label.

    Args:
        label: The label as printed.
        axis: What bands of plain numbers divide where the label itself does not say (`axis_of`).
    """
    text = label.strip()
    if not any(character.isdigit() for character in text):
        return None
    if (dated := _dates(text)) is not None:
        return Span("_".join(["date", *(word for word in axis.split("_") if word not in _TIMES)]), *dated)
    if (coded := _codes(text)) is not None:
        return Span("code", *coded)
    found = _band(text)
    if found is None or found[0] >= found[1]:
        return None
    return Span("age" if axis == "band" and _AGED.search(text) else axis, *found)


def ages_in(text: str) -> tuple[Span | None, str]:
    """The ages that a name or title says its people are of, and the text without them; none where it says nothing, or several things."""
    plain = text.replace("_", " ")
    found = []
    for pattern, how in _IN_TEXT:
        if match := pattern.search(plain):
            found.append(_said_in_text(match, how))
            plain = f"{plain[: match.start()]} {plain[match.end() :]}"
            if pattern.search(plain):
                return None, text
    if len(found) != 1 or found[0].low >= found[0].high:
        return None, text
    return found[0], plain


def _said_in_text(match: re.Match[str], how: str) -> Span:
    if how == "closed":
        return Span("age", float(match[1]), float(match[2]) + 1)
    if how in ("from", "adults"):
        return Span("age", float(match[1]) if how == "from" else _OF_AGE, OLDEST)
    return Span("age", _YOUNGEST, float(match[1]) if how == "below" else _OF_AGE)


def _band(text: str) -> tuple[float, float] | None:
    """First number and the one after the last of a band of whole numbers."""
    if match := _CLOSED.match(text):
        return float(match[1]), float(match[2]) + 1
    if match := _OPEN_RIGHT.match(text):
        return float(match[1]), float(match[2])
    if match := _FROM.match(text):
        return float(match[1] or match[2] or 0) if not match[3] else float(match[3]) + 1, OLDEST
    if match := _BELOW.match(text):
        return _YOUNGEST, float(match[1]) if match[1] else float(match[2] or match[3]) + 1
    if match := _CUT.match(text):
        low = _YOUNGEST if "inf" in match[2].lower() else float(match[2]) + (match[1] == "(")
        return low, OLDEST if match[3].lower() == "inf" else float(match[3]) + (match[4] == "]")
    if match := _ONE.match(text):
        return float(match[1] or match[2]), float(match[1] or match[2]) + 1
    return None


def _dates(text: str) -> tuple[float, float] | None:
    """First day, and the day after the last, of a year, quarter, month, day or stretch of them."""
    if match := _YEAR.match(text):
        return _months(int(match[1]), 1, 12)
    if match := _YEARS.match(text):
        return _months(int(match[1]), 1, 12 * (int(match[2]) - int(match[1]) + 1))
    if match := _QUARTER.match(text):
        return _months(int(match[1] or match[4]), 3 * int(match[2] or match[3]) - 2, 3)
    if match := _MONTH.match(text):
        return _months(int(match[1]), int(match[2]), 1)
    if match := _NAMED_MONTH.match(text):
        return _months(int(match[2] or match[3]), _MONTHS[(match[1] or match[4]).lower()], 1)
    if match := _DAY.match(text):
        day = _day(match[0][:10])
        return (day, day + 1) if day else None
    if match := _DAYS.match(text):
        first, last = _day(match[1]), _day(match[2])
        return (first, last + 1) if first and last else None
    return None


def _months(year: int, month: int, count: int) -> tuple[float, float]:
    end = year * 12 + month - 1 + count
    return float(dt.date(year, month, 1).toordinal()), float(dt.date(end // 12, end % 12 + 1, 1).toordinal())


def _day(text: str) -> float:
    """Number of a day, 0 where there is no such day."""
    try:
        return float(dt.date.fromisoformat(text).toordinal())
    except ValueError:
        return 0.0


def _codes(text: str) -> tuple[float, float] | None:
    """Places of a code of letter and digits, or of a range of them, in the order of the classification."""
    if match := _CODES.match(text):
        return _place(match[1], match[2]), _place(match[3], match[4]) + 100
    if match := _CODE.match(text):
        low = _place(match[1], match[2]) + 10 * int(match[3] or 0) + int(match[4] or 0)
        return low, low + (1 if match[4] else 10 if match[3] else 100)
    return None


def _place(letter: str, digits: str) -> float:
    return float((ord(letter) - ord("A")) * _LETTER + int(digits) * 100)


__all__ = ["OLDEST", "Span", "ages_in", "axis_of", "span_of"]
