"""What each column of a table measures: what its header says, held against what its cells can be."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.recognised import ColumnView, Role
from sdc_airlock.recognise._body_names import as_of_bodies
from sdc_airlock.recognise._gene_symbols import symbols_of_genes
from sdc_airlock.recognise.cells import NUMERIC_KINDS, CellKind, Cells, read_cells, regular_dates
from sdc_airlock.recognise.header_text import reads_as_person, safe_label
from sdc_airlock.recognise.lexicon import ROLE_ORDER, is_total, matches, normalise, values

_INDEX_NAMES = frozenset({"", "rownames", "row_names", "rowname", "index", "x", "unnamed_0", "row", "row_id", "rowid", "x1", "sno", "s_no", "sr_no", "level_0", "row_number", "rn", "1", "0"})  # fmt: skip
_RSID = re.compile(
    r"(?:rs|ss|esv|nsv|affx-|exm|kgp)\d+|rs\d+ ?[-~:/,] ?rs\d+|(?:chr)?(?:\d{1,2}|x|y|mt?)[:_]\d{3,}(?:[:_/-][acgtn*<>\-:\w]+){0,2}|(?:\d{1,2}|x|y)-\d{3,}-[acgtn]+-[acgtn]+",
    re.IGNORECASE,
)
_ALLELE = re.compile(r"[ACGTN]{1,50}|[ID]|-|\*|<[A-Z:0-9]+>", re.IGNORECASE)
_CHROM = re.compile(r"(?:chr)?(?:[1-9]|1\d|2[0-6]|x|y|xy|mt?|par[12]?)", re.IGNORECASE)
_ENSEMBL = re.compile(r"ENS[A-Z]*[GTP]\d{6,}(?:\.\d+)?")
_NUMERIC_ROLES = frozenset({Role.COUNT, Role.PERCENTAGE, Role.MEAN, Role.STANDARD_DEVIATION, Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE, Role.COEFFICIENT, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.P_VALUE, Role.TEST_STATISTIC, Role.RATIO, Role.RATE, Role.FREQUENCY, Role.PERSON_TIME})  # fmt: skip
# dates have these too
_OF_DATES = frozenset({Role.MEAN, Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE})
MOST = 0.7
FEW_LEVELS = 12
_LARGE = 10.0
_FEW_WHOLE = 5
_LARGEST_CODE = 100
_YEARS = (1700, 2150)
# codes and names of areas as the statistical offices of the United Kingdom head them, with the year of their boundaries
_AREA_HEADER = re.compile(
    r"(?:oa|lsoa|msoa|wd|ward|lad|la|ltla|utla|cty|ctyua|ctry|rgn|eer|pcon|ccg|sicbl|icb|stp|nhser|hb|hlth|cauth|itl\d|tcity|bua|dz|iz|sdz|soa|dea|lgd)\d{2}(?:cd|nm|cdh|nmw|hclnm)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d{1,3}) ?([a-eA-E])")
_FEWEST_LABELS, _MOST_LABELS = 3, 300


@dataclass(frozen=True, slots=True)
class Profile:
    """A column with its cells and the shapes that recognition asks for again and again.

    Attributes:
        numeric: most filled cells are numbers; `whole`: they are all whole; `non_negative`: none is below 0.
        named: lists of the lexicon that match its header, with strength.
        unique: share of different cells among the filled ones.
        serial: whole numbers 0..n-1 or 1..n in order.
    """

    column: Column
    cells: Cells
    named: dict[str, int]
    numeric: bool
    whole: bool
    non_negative: bool
    unique: float
    serial: bool
    pattern: str = ""

    @property
    def name(self) -> str:
        """Header text."""
        return self.column.name

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """First number of each cell."""
        return self.cells.first

    @property
    def levels(self) -> int:
        """Different cells."""
        return self.cells.distinct


# the type that a tibble prints below a name: "sex <chr>" is no chromosome
_TYPED = re.compile(r"(?<!\s)\s*+<(?:int|chr|dbl|fct|ord|lgl|date|dttm|drtn|time|list|cpl|int64)(?:\s?\[[^\[\]]{0,20}\])?>$")


def profile(column: Column) -> Profile:
    """Read one column."""
    cells = read_cells(column.values)
    filled = max(cells.filled, 1)
    suppressed = int((cells.kinds == CellKind.SUPPRESSED).sum())
    numeric_cells = int(((cells.kinds >= NUMERIC_KINDS[0]) & (cells.kinds <= NUMERIC_KINDS[-1])).sum())
    numeric = numeric_cells > 0 and numeric_cells >= MOST * (filled - suppressed) and not (column.index == 0 and _numbered_labels(cells))
    finite = cells.first[np.isfinite(cells.first)]
    whole = numeric and bool(len(finite)) and bool(np.all(finite == np.floor(finite))) and cells.share(CellKind.PERCENT) < 0.1
    non_negative = bool(len(finite)) and bool(np.all(finite >= 0))
    serial = False
    if whole and len(finite) == len(cells.codes) and len(finite) > 1:
        serial = bool(finite[0] in (0, 1) and np.all(np.diff(finite) == 1))
    return Profile(
        column=column,
        cells=cells,
        named=_named(_TYPED.sub("", column.name).strip()),
        numeric=numeric,
        whole=whole,
        non_negative=non_negative,
        unique=cells.distinct / filled,
        serial=serial,
        pattern="" if numeric else _pattern(cells),
    )


def _named(header: str) -> dict[str, int]:
    """Lists of the lexicon that match a header, with strength."""
    return {**matches(header), "place": 2} if _AREA_HEADER.fullmatch(header.rpartition(".")[2]) else matches(header) if header else {}


def _numbered_labels(cells: Cells) -> bool:
    """True for labels that begin with a number ("1 a", "1 b", "2 a"), each once and in order; as numbers they would be ones with a footnote each."""
    found = [_NUMBERED.fullmatch(cells.text[code].strip()) for code in cells.codes[:_MOST_LABELS].tolist()]
    order = [(int(match[1]), match[2].lower()) for match in found if match]
    if len(order) < max(_FEWEST_LABELS, MOST * len(found)) or len({letter for _, letter in order}) < 2:
        return False
    return all(before < after for before, after in itertools.pairwise(order))


def _pattern(cells: Cells) -> str:
    """The shape shared by nearly all different cells ("A9999"), "" where there is none."""
    words = [word for word in cells.text[:300] if word]
    if len(words) < 2:
        return ""
    shapes = {re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", word)) for word in words}
    return next(iter(shapes)) if len(shapes) == 1 else ""


def share_matching(cells: Cells, expression: re.Pattern[str], at_most: int = 500) -> float:
    """Share of the different filled cells (the first `at_most`) that match whole."""
    words = [word for word in cells.text[:at_most] if word]
    return sum(bool(expression.fullmatch(word)) for word in words) / len(words) if words else 0.0


def share_among(cells: Cells, *lists: str) -> float:
    """Share of the different filled cells that stand in a list of values."""
    words = [word.lower().replace("&", "and").strip() for word in cells.text[:500] if word]
    known: frozenset[str] = frozenset().union(*(values(name) for name in lists))
    return sum(word in known for word in words) / len(words) if words else 0.0


def role_of(one: Profile, place: int, rows: int) -> tuple[Role, tuple[str, ...]]:
    """What a column measures and why."""
    cells = one.cells
    if cells.filled == 0:
        return Role.EMPTY, ("no cell is filled",)
    if one.serial and place <= 1 and (normalise(one.name)[0] in _INDEX_NAMES or (not one.name and place == 0)):
        return Role.INDEX, ("numbers the rows",)
    decisive = _decisive(one)
    if decisive is not None:
        return decisive
    by_header = _by_header(one, rows)
    if by_header is not None and by_header[0] not in (Role.PLACE, Role.PERIOD, Role.POSITION):
        return by_header
    by_cells = _by_cells(one, rows)
    if by_header is not None:
        return by_header
    return by_cells


def _decisive(one: Profile) -> tuple[Role, tuple[str, ...]] | None:
    """Cells that say what they are whatever the header calls them."""
    if one.numeric:
        finite = one.numbers[np.isfinite(one.numbers)]
        if one.whole and one.levels >= 3 and _are_year_months(finite):
            return Role.PERIOD, ("its cells are years and months",)
        if _is_clock(one):
            return Role.PERIOD, ("its cells are points in time at equal steps",)
        return None
    if not one.cells.text or one.levels < 2:
        return None
    if share_matching(one.cells, _RSID, 100) > MOST:
        return Role.MARKER, ("its cells are variant ids",)
    if share_matching(one.cells, _ENSEMBL, 100) > MOST:
        return Role.GENE, ("its cells are Ensembl ids",)
    if symbols_of_genes(one.cells.text):
        return Role.GENE, ("its cells are symbols of genes",)
    return None


_CLOCK_NAMES = frozenset({"time", "t", "tt", "year", "yr", "date", "month", "week", "day", "quarter", "period", "hour"})
_FEWEST_STEPS = 6


def _is_clock(one: Profile) -> bool:
    """True for numbers that rise by the same step from row to row and are parts of calendar years (1987.25), or are headed as time."""
    numbers = one.numbers
    if len(numbers) < _FEWEST_STEPS or not np.isfinite(numbers).all():
        return False
    steps = np.diff(numbers)
    step = float(np.median(steps))
    # printed to few decimals, a twelfth of a year is 0.083 and then 0.084
    slack = 0.02 * step + 1.1 * 10.0 ** -float(one.cells.places.max(initial=0)) * (not one.whole)
    if step <= 0 or np.abs(steps - step).max() > slack or slack > step / 2:
        return False
    years = not one.whole and _YEARS[0] <= numbers[0] and numbers[-1] <= _YEARS[1] and step <= 1
    return years or normalise(one.name)[0] in _CLOCK_NAMES


def _are_year_months(finite: npt.NDArray[np.float64]) -> bool:
    """True for whole numbers that read as a year and a month (202403)."""
    if not len(finite) or finite.min() < 180001 or finite.max() > 210012:
        return False
    months = finite % 100
    return bool(np.all((months >= 1) & (months <= 12))) and len(np.unique(months)) > 1


def _by_header(one: Profile, rows: int) -> tuple[Role, tuple[str, ...]] | None:
    """The first role whose words match and whose cells allow it."""
    for strong in (2, 1):
        for list_name, role in ROLE_ORDER:
            if one.named.get(list_name, 0) == strong and _cells_allow(one, role, rows):
                return role, (f"its header names a {role.value.replace('_', ' ')}",)
    return None


def _cells_allow(one: Profile, role: Role, rows: int) -> bool:
    cells, numbers = one.cells, one.numbers
    dated = role in _OF_DATES and cells.share(CellKind.DATE) > MOST
    if role in _NUMERIC_ROLES and not one.numeric and not dated and not (role is Role.COUNT and cells.share(CellKind.SUPPRESSED) > 0.5):
        return False
    finite = numbers[np.isfinite(numbers)]
    match role:
        case Role.P_VALUE | Role.FREQUENCY:
            return bool(np.all((finite >= 0) & (finite <= 1))) or (role is Role.P_VALUE and "log" in one.name.lower())
        case Role.COUNT:
            named = one.named.get("count", 0) == 2
            return (
                one.non_negative
                and (
                    one.whole
                    or (named and float(np.mean(finite == np.floor(finite))) > 0.4)
                    or cells.share(CellKind.PAIR) > 0.3
                    or float(np.mean(finite == np.floor(finite))) > 0.9
                )
                and not _only_flags(one, rows)
            )
        case Role.TEST_STATISTIC | Role.COEFFICIENT:
            # one letter heads anything; statistics and estimates are hardly ever whole, and large
            return len(one.name.strip()) > 1 or not one.whole or (one.levels < _FEW_WHOLE and float(finite.max(initial=0.0)) < _LARGE)
        case Role.STANDARD_ERROR | Role.STANDARD_DEVIATION:
            return one.non_negative
        case Role.PERIOD:
            return (
                one.cells.share(CellKind.PERIOD, CellKind.DATE) > 0.5
                or one.whole
                or share_among(cells, "months", "weekdays") > 0.5
                or not one.numeric
            )
        case Role.DATE:
            return cells.share(CellKind.DATE, CellKind.PERIOD) > 0.5 or (one.whole and float(finite.min()) > 10_000)
        case Role.POSITION:
            return one.whole or share_matching(cells, _CHROM) > 0.7 or not one.numeric
        case Role.ALLELE:
            return share_matching(cells, _ALLELE) > 0.7 or share_matching(cells, re.compile(r"[ACGTN-]+/[ACGTN/-]+", re.IGNORECASE)) > 0.7
        case Role.MARKER:  # what is measured of people again and again is called a marker too, and has few digits in its name
            return not one.numeric and (one.unique > 0.5 or share_matching(cells, re.compile(r"(?:\D*+\d){3}.*")) > 0.5)
        case Role.GENE:
            return not one.numeric or one.whole
        case Role.GENOTYPE:
            return True
        case Role.QUANTILE:
            return not (one.whole and one.levels <= FEW_LEVELS and rows >= 8)
        case _:
            return True


def _only_flags(one: Profile, rows: int) -> bool:
    """True for a column of 0 and 1 over many rows: an answer, not a count."""
    return one.levels <= 2 and rows >= 8 and set(np.unique(one.numbers[np.isfinite(one.numbers)]).tolist()) <= {0.0, 1.0}


def _by_cells(one: Profile, rows: int) -> tuple[Role, tuple[str, ...]]:
    cells = one.cells
    if cells.share(CellKind.DATE) > MOST:
        return Role.DATE, ("its cells are dates",)
    finite = one.numbers[np.isfinite(one.numbers)]
    if one.numeric:
        if one.whole and len(finite) and _are_years(one, finite, rows):
            return Role.PERIOD, ("its cells are years",)
        if cells.share(CellKind.PERCENT) > 0.5:
            return Role.PERCENTAGE, ("its cells carry a percent sign",)
        if cells.share(CellKind.PAIR) > 0.5 and float(np.mean(one.cells.pair_percent)) > 0.3:
            return Role.COUNT, ("its cells read as n (%)",)
        if cells.share(CellKind.INTERVAL) > 0.5:
            return Role.COEFFICIENT, ("its cells read as an estimate with its interval",)
        if (
            one.whole
            and one.unique > 0.95
            and rows >= 10
            and len(finite)
            and finite.min() >= 100_000
            and len({len(str(int(number))) for number in finite[:200].tolist()}) == 1
        ):
            return Role.IDENTIFIER, ("whole numbers of one length that never repeat",)
        return Role.MEASURE, ("its cells are numbers",)
    if cells.share(CellKind.PERIOD) > MOST or share_among(cells, "months", "weekdays") > MOST:
        return Role.PERIOD, ("its cells name periods",)
    if cells.share(CellKind.BAND) > MOST:
        return Role.CATEGORY, ("its cells are bands",)
    if is_place(one):
        return Role.PLACE, ("its cells name places",)
    if one.levels >= 2 and share_matching(cells, re.compile(r"[ACGT]{1,30}|[ID-]")) > 0.95 and one.levels <= max(8, rows // 2):
        return Role.ALLELE, ("its cells are alleles",)
    if one.unique > 0.9 and one.pattern and "9" in one.pattern and rows >= 3:
        return Role.IDENTIFIER, ("its cells share a pattern of letters and digits and never repeat",)
    if one.unique > 0.5 and rows >= 8 and _words_a_cell(cells) >= 4:
        return Role.TEXT, ("its cells are sentences",)
    return Role.CATEGORY, ("its cells are words",)


def _are_years(one: Profile, finite: npt.NDArray[np.float64], rows: int) -> bool:
    """True for whole numbers that all lie where calendar years lie; few different ones must lie in modern times."""
    low, high = float(finite.min()), float(finite.max())
    if one.levels <= 2:
        return low >= 1900 and high <= 2060 and rows > one.levels
    return _YEARS[0] <= low and high <= _YEARS[1] and one.levels <= max(150, rows // 2)


def is_place(one: Profile) -> bool:
    """True where most different cells name countries, states or regions."""
    if one.numeric or one.levels < 2:
        return False
    if one.cells.text and max(len(word) for word in one.cells.text[:50]) <= 3:
        upper = [word for word in one.cells.text[:300] if word]
        if len(upper) < 5 or any(word != word.upper() for word in upper):
            return False
        return share_among(one.cells, "iso3", "us_postal", "iso2") > 0.9
    if share_matching(one.cells, re.compile(r"[ENSWK]\d{8}")) > MOST:
        return True
    counties = sum(
        bool(re.search(r"\b(county|parish|borough|district|municipality|shire|region|province)\b|, [A-Z]{2}$", word, re.IGNORECASE))
        for word in one.cells.text[:300]
        if word
    )
    if counties > MOST * max(1, min(300, one.levels)):
        return True
    return share_among(one.cells, "countries", "us_states", "regions") > 0.6


def _words_a_cell(cells: Cells) -> float:
    """Words in an average cell."""
    words = [word for word in cells.text[:200] if word]
    return sum(len(word.split()) for word in words) / len(words) if words else 0.0


def names_people(one: Profile) -> float:
    """Share of the different cells that read as a person's name (two or more capitalised words, none of them a word for an organisation or place)."""
    if one.numeric or one.levels < 3:
        return 0.0
    words = [word for word in one.cells.text[:500] if word]
    return sum(reads_as_person(word) and not _of_groups(word) for word in words) / len(words) if words else 0.0


def _of_groups(cell: str) -> bool:
    """True where a word of a cell is a sex or a statistic: "Female Current", "Std Dev"."""
    return any(len(word) > 1 and word in values("sexes") for word in cell.lower().split()) or bool(_STATISTICS & matches(cell).keys())


_STATISTICS = frozenset({"mean", "standard_deviation", "standard_error", "quantile", "minimum", "maximum", "percentage", "test_statistic", "coefficient", "ratio"})  # fmt: skip


def view(one: Profile, role: Role, why: tuple[str, ...], *, trusted: bool) -> ColumnView:
    """The view of a column that checks see."""
    suppressed = (one.cells.kinds == CellKind.SUPPRESSED) if one.numeric or role is Role.COUNT else None
    return ColumnView(
        index=one.column.index,
        name=one.name,
        label=safe_label(one.name, one.column.index, trusted=trusted),
        role=role,
        of_people="not_people" not in one.named,
        numbers=one.numbers if one.numeric or role is Role.COUNT else None,
        suppressed=suppressed,
        distinct=one.levels,
        filled=one.cells.filled,
        why=why,
    )


def profiles(table: Table) -> tuple[Profile, ...]:
    """Every column of a table."""
    return as_of_bodies(tuple(profile(column) for column in table.columns))


__all__ = ["FEW_LEVELS", "MOST", "Profile", "is_place", "is_total", "names_people", "profile", "profiles", "regular_dates", "role_of", "view"]  # fmt: skip
