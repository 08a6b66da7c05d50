"""What the columns of a table settle between them, whatever else speaks for a kind: places that hardly repeat beside attributes of people, groups under their names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._drawn_up import drawn_up
from sdc_airlock.recognise._grids import smooth_over_grid
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise._reckoned import (
    environment,
    files,
    layout,
    loadings,
    mortality,
    questionnaire,
    shares_of_counts,
    standard_population,
)
from sdc_airlock.recognise._routine import headed_by_groups, listed, pairs_of_genes, quotients
from sdc_airlock.recognise._traced import intensities, outlines, pileup, track, windows
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import FEW_LEVELS, Profile, share_among, share_matching
from sdc_airlock.recognise.lexicon import matches, normalise, values

# attributes that an area or a period cannot have one of
_OF_ONE = frozenset(
    {"sex", "gender", "age", "age_years", "ethnicity", "ethnic_group", "race", "dob", "date_of_birth", "marital_status", "diagnosis", "occupation", "weight", "height", "smoker", "smoking", "smoking_status"}
)  # fmt: skip
_FEWEST_ATTRIBUTES = 2
_FEWEST_ROWS = 8
_HARDLY = 0.9
_MOST = 0.7
_MOST_SEXES = 4
_FEWEST_GROUPS, _MOST_GROUPS = 2, 30
_FEWEST_COMBINED = 4
_ALL_PERCENT = 100
_SOME = 0.5
_BINARY, _FEWEST_HEADS = 2, 3
_BEFORE_COLON = re.compile(r"[^:]{1,60}:")
_FEWEST_GENES, _FEW_STEMS, _MANY_STEMS = 5, 0.2, 20
_SET_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*+(?:[_ :][A-Za-z0-9().,/+-]++)++")
_ADDRESS = re.compile(r"https?://\S+|> ?\S+|na|", re.IGNORECASE)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9-]{1,14}|C\d{1,2}orf\d{1,3}|[A-Z][a-z0-9-]{1,14}")
_MOST_TERMS = 60
_CONSTANT = re.compile(r"\(?(?:intercept|constant)\)?(?=\s|$)|_?cons(?:t)?(?=\s|$)", re.IGNORECASE)
_CURVES = frozenset({"survival", "surv", "km_estimate", "survival_probability", "survival_function", "s_t"})
_NARROW, _WIDEST_LIFE_TABLE = 3, 12
_CODE, _FEW_CODES = re.compile(r"[A-Za-z_ -]*\d{3}[A-Za-z0-9_-]*"), 0.1
_SUMMARIES = frozenset(
    {"mean", "standard_deviation", "percentage", "rate", "quantile", "coefficient", "standard_error", "confidence_limit"}
)
_NAMED_TABLE = re.compile(
    r"(?:supplement(?:ary|al) )?(?:table|figure|fig|appendix|sheet|section|box)\.? ?[a-z]?\d{1,2}[a-z]?(?:[.:].{0,200})?", re.IGNORECASE
)
# formats of SPSS and PSPP: F8.0, A20, DATE11
_PRINT_FORMAT = re.compile(r"(?:F|A|N|COMMA|DOT|PCT|E)\d{1,3}(?:\.\d{1,2})?|(?:A|E|S)?DATE(?:TIME)?\d{1,2}(?:\.\d)?")
_NAMED_COLUMNS = frozenset({"variable", "variable_name", "column", "column_name", "field", "field_name", "parameter"})
_VARIABLE = re.compile(r"[A-Za-z_][\w.]{0,60}")
_COMPONENT = re.compile(r"(?:pc|rc|dim|comp|component|factor|fa|mr|ml)[._ ]?\d{1,3}", re.IGNORECASE)
_CORRELATIONS = re.compile(r"correlat|covarian|loading", re.IGNORECASE)
_SUMMARISED = frozenset({Role.COUNT, Role.MEAN, Role.STANDARD_DEVIATION, Role.PERCENTAGE, Role.RATE, Role.QUANTILE, Role.PERSON_TIME})


def settled(used: Typed, rows: int, place_unique: float, smooth: float, title: str) -> dict[str, float]:
    """Evidence that is nearly certain where it is there.

    Args:
        used: Columns with their roles.
        rows: Rows looked at.
        place_unique: Share of different places (and periods) among the rows.
        smooth: How far numbers drift from row to row.
        title: Text above the table, or the path to it.

    Returns:
        `lived_in`: places that hardly repeat beside attributes that a place cannot have; `stub_known`: rows are labelled by values of an attribute, each
        once; `factorial`: every combination of groups of people once, or a share beside the counts that it comes from; `listed`: rows name tables and figures, files with their digests,
        columns of data with their types, genes of sets, or corners of areas, or all say the same;
        `of_variables`: terms of a model, a survival curve, a life table, or numbers between -1 and 1 by pairs of variables or by variable and component;
        `track`: where somebody was from one moment to the next, or reads or intensities along a genome; `windows`: sites or windows in order along chromosomes, with little beside them;
        `environment`: air or weather from time to time; `loadings`: attributes by component, as directions.
    """
    return {
        "lived_in": _lived_in(used, rows, place_unique),
        "stub_known": max(_known_groups(used, rows), headed_by_groups(used, rows)),
        "factorial": max(_factorial(used, rows), quotients(used, rows), shares_of_counts(used, rows), standard_population(used, rows)),
        "listed": max(
            _contents(used),
            listed(used, rows),
            _typed_columns(used),
            _side_by_side(used),
            _gene_sets(used),
            pairs_of_genes(used),
            questionnaire(used, rows),
            files(used),
            layout(used, rows),
            drawn_up(used, rows),
            2 * outlines(used, title),
        ),
        "of_variables": max(
            _of_variables(used, title),
            _with_constant(used, rows),
            _declining(used),
            _life_table(used),
            mortality(used),
            smooth_over_grid(used, rows),
        ),
        "track": max(track(used, title, smooth), intensities(used), pileup(used)),
        "windows": windows(used),
        "environment": environment(used, rows),
        "loadings": loadings(used),
    }


def _lived_in(used: Typed, rows: int, place_unique: float) -> float:
    """1 where places hardly repeat and sexes (or two other attributes of one person) stand beside them; areas by sex would come once for each."""
    if rows < _FEWEST_ROWS or place_unique < _HARDLY or any(role in _SUMMARISED for _, role in used):
        return 0.0
    attributes = [one for one, role in used if role is not Role.PLACE and one.levels > 1 and _of_one(one)]
    return float(any(sexes(one) for one, _ in used) or len(attributes) >= _FEWEST_ATTRIBUTES)


def _of_one(one: Profile) -> bool:
    return normalise(one.name)[0] in _OF_ONE and (not one.numeric or one.whole or one.levels > FEW_LEVELS)


def sexes(one: Profile) -> bool:
    """True for a column of both sexes."""
    if one.numeric or not len(_SEX_PAIR) <= one.levels <= _MOST_SEXES:
        return False
    said = {word.strip().lower() for word in one.cells.text if word}
    return all(said & pair for pair in _SEX_PAIR) and len(said & values("sexes")) >= len(said) - 1


_SEX_PAIR = (frozenset({"m", "male", "man", "males", "men"}), frozenset({"f", "female", "woman", "females", "women"}))


def _attributes(used: Typed) -> bool:
    """True where a column of numbers is headed as an attribute of a person and not as a summary of it."""
    return any(
        one.numeric and "person_attribute" in one.named and role not in _SUMMARISED and not _SUMMARIES & one.named.keys()
        for one, role in used
    )


def _known_groups(used: Typed, rows: int) -> float:
    """1 where the one column of words holds values of an attribute of people, each once; or columns of counts are named by them."""
    words = [one for one, _ in used if not one.numeric]
    if not _FEWEST_GROUPS <= rows <= _MOST_GROUPS or len(words) > 1 or (_attributes(used) and not _headed_by_groups(used)):
        return 0.0
    if not words:
        counts = [one for one, _ in used[1:]]
        heads = sum(one.name.strip().lower() in values("of_people") or one.name.strip().lower() in values("regions") for one in counts)
        whole = all(one.whole and one.non_negative for one in counts) and sum(one.levels > _BINARY for one in counts) * 2 > len(counts)
        return float(len(counts) >= _FEWEST_HEADS and heads >= _MOST * len(counts) and whole and used[0][0].unique == 1)
    stub = words[0]
    return float(stub.unique > _HARDLY and share_among(stub.cells, "of_people", "regions", "totals") > _MOST)


def _headed_by_groups(used: Typed) -> bool:
    """True where every column of numbers is headed by a group of people, and holds other numbers than flags: means or shares of two groups at a time."""
    numbers = [one for one, _ in used if one.numeric]
    known = values("of_people") | values("regions") | values("totals")
    return len(numbers) > 1 and all(one.name.strip().lower() in known and not one.whole and one.levels > _BINARY for one in numbers)


@dataclass(frozen=True, slots=True)
class _Key:
    """A column of groups: `codes` of its rows and how many `levels` they have, empty cells filled from above."""

    codes: npt.NDArray[np.int64]
    levels: int
    telling: bool


def _factorial(used: Typed, rows: int) -> float:
    """1 where columns of groups list every combination of their levels once, one of them an attribute that a person has one value of."""
    if rows < _FEWEST_COMBINED or any(role is Role.IDENTIFIER for _, role in used):
        return 0.0
    keys: list[_Key] = []
    for one, role in used:
        key = _key(one, role, rows) if (not one.numeric or one.whole or _shares(one, role)) and role is not Role.COUNT else None
        if key is None:
            break
        keys.append(key)
    while len(keys) > 1:
        if math.prod(key.levels for key in keys) == rows and any(key.telling for key in keys) and _in_order(keys):
            return 1.0
        keys.pop()
    return 0.0


def _shares(one: Profile, role: Role) -> bool:
    """True for a column that says which quantile a row is."""
    return role is Role.QUANTILE and one.levels <= FEW_LEVELS and bool(np.all((one.numbers >= 0) & (one.numbers <= _ALL_PERCENT)))


def _key(one: Profile, role: Role, rows: int) -> _Key | None:
    """A column as groups; printed groups are named in the first of their rows only."""
    codes = one.cells.codes
    levels = one.levels
    blank = next((place for place, word in enumerate(one.cells.text) if not word.strip()), None)
    if blank is not None and codes[0] != blank:
        last = np.maximum.accumulate(np.where(codes != blank, np.arange(rows), 0))
        codes = codes[last]
        levels = len(np.unique(codes))
    most = rows // 2 if role in (Role.DATE, Role.PERIOD, Role.PLACE) else min(FEW_LEVELS, rows - 1)
    if not 2 <= levels <= most:
        return None
    return _Key(codes=codes, levels=levels, telling=_shares(one, role) or _attribute(one))


def _in_order(keys: list[_Key]) -> bool:
    """True where the levels run as in an odometer, the last fastest or the first fastest, as programs list them."""
    for order in (keys, keys[::-1]):
        block = len(order[0].codes)
        for one in order:
            block //= one.levels
            turns = one.codes.reshape(-1, one.levels, block)
            if np.any(turns != turns[0, :, :1]) or len(np.unique(turns[0, :, 0])) != one.levels:
                break
        else:
            return True
    return False


def _attribute(one: Profile) -> bool:
    """True for values that one person has one of: sexes, ethnic groups, age bands, regions."""
    return not one.numeric and (
        sexes(one) or share_among(one.cells, "of_people", "regions") > _MOST or one.cells.share(CellKind.BAND) > _MOST
    )


def _contents(used: Typed) -> float:
    """1 where the rows name tables and figures one after another, as a list of contents does."""
    words = [one for one, _ in used if not one.numeric]
    return float(
        len(words) == len(used) and bool(words) and words[0].unique > _HARDLY and share_matching(words[0].cells, _NAMED_TABLE) > _HARDLY
    )


def _typed_columns(used: Typed) -> float:
    """1 where each row names a column of some data and its type, as programs print the structure of a data frame."""
    words = [one for one, _ in used if not one.numeric]
    if (
        len(words) < _FEWEST_ATTRIBUTES
        or len(used) - len(words) > 1
        or words[0].unique < 1
        or any("person_attribute" in one.named for one, _ in used)
    ):
        return 0.0
    return float(
        any(share_among(one.cells, "data_types") == 1 or share_matching(one.cells, _PRINT_FORMAT) == 1 for one in words[1:])
        and (_names(words[0]) or normalise(words[0].name)[0] in _NAMED_COLUMNS)
    )


def _names(one: Profile) -> bool:
    """True for words that can be names of columns, hardly any of which are values."""
    return share_matching(one.cells, _VARIABLE) > _HARDLY


def _of_variables(used: Typed, title: str) -> float:
    """1 where rows are variables and columns are variables too, or components, and every number lies between -1 and 1."""
    words = [one for one, _ in used if not one.numeric]
    numbers = [one for one, _ in used if one.numeric]
    if len(words) != 1 or len(numbers) < _FEWEST_ATTRIBUTES or words[0] is not used[0][0] or words[0].unique < 1:
        return 0.0
    finite = np.concatenate([one.numbers[np.isfinite(one.numbers)] for one in numbers])
    if not len(finite) or np.abs(finite).max() > 1 or np.all(finite == np.floor(finite)):
        return 0.0
    labels = {word.strip().lower() for word in words[0].cells.text if word.strip()}
    attributes = sum("person_attribute" in matches(label) for label in labels) >= len(labels) / 2
    heads = [one.name.strip().lower() for one in numbers]
    square = len(labels & set(heads)) >= min(len(labels), len(heads)) - 1
    components = all(_COMPONENT.fullmatch(head) for head in heads)
    return float((attributes and (square or components)) or (square and len(heads) > 1 and bool(_CORRELATIONS.search(title))))


def _side_by_side(used: Typed) -> float:
    """1 where two columns of labels end in colons, as a block of facts does that stand side by side."""
    labels = [one for one, _ in used if not one.numeric and one.unique > _MOST and share_matching(one.cells, _BEFORE_COLON) > _SOME]
    return float(len(labels) > 1)


def _gene_sets(used: Typed) -> float:
    """1 where each row is the name of a set, where it is described, and symbols of many different genes."""
    if len(used) < _FEWEST_GENES or any(one.numeric for one, _ in used) or used[0][0].unique < 1:
        return 0.0
    if share_matching(used[0][0].cells, _SET_NAME) < _HARDLY or not (
        used[1][0].levels == 1 or share_matching(used[1][0].cells, _ADDRESS) > _HARDLY
    ):
        return 0.0
    words = {word for one, _ in used[2:] for word in one.cells.text if word}
    stems = {word.rstrip("0123456789") for word in words}
    symbols = sum(bool(_SYMBOL.fullmatch(word)) for word in words)
    return float(symbols > _HARDLY * len(words) and len(stems) >= min(_MANY_STEMS, _FEW_STEMS * len(words)))


def _with_constant(used: Typed, rows: int) -> float:
    """1 where one of few rows is the constant of a model and numbers beside it are no whole ones."""
    words = [one for one, _ in used if not one.numeric]
    if not words or rows > _MOST_TERMS or all(one.whole for one, _ in used if one.numeric) or _attributes(used):
        return 0.0
    if share_matching(words[0].cells, _CODE) > _FEW_CODES:
        return 0.0
    return float(any(bool(_CONSTANT.match(word)) for word in words[0].cells.text) and words[0].unique == 1)


def _declining(used: Typed) -> float:
    """1 where a column headed as survival falls from one or below from row to row, beside nothing but numbers."""
    curve = next((one for one, _ in used if one.numeric and normalise(one.name)[0] in _CURVES), None)
    if curve is None or len(curve.numbers) < _FEWEST_COMBINED or not np.isfinite(curve.numbers).all():
        return 0.0
    return float(
        len(used) <= _NARROW and curve.numbers.max() <= 1 and curve.numbers.min() >= 0 and bool(np.all(np.diff(curve.numbers) <= 0))
    )


def _life_table(used: Typed) -> float:
    """1 where the columns of a life table stand under their letters and its survivors never become more."""
    named = {one.name.strip().lower().replace("(x)", "x"): one for one, _ in used if one.numeric}
    if not {"qx", "lx"} <= named.keys() or len(used) > _WIDEST_LIFE_TABLE:
        return 0.0
    alive = named["lx"].numbers if "dx" not in named else next(one for one, _ in used if one.name.strip() in ("lx", "l(x)", "l_x")).numbers
    return float(len(alive) > _FEWEST_COMBINED and bool(np.all(np.diff(alive) <= 0)))


__all__ = ["settled"]
