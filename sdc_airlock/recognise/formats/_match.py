"""A table held against the table of formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Kind, Role, Unit
from sdc_airlock.recognise._keys import combined
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.formats import Format, Match, Typed, formats
from sdc_airlock.recognise.formats._bells import EFFECTS, bell, centred
from sdc_airlock.recognise.formats._shapes import SHAPES
from sdc_airlock.recognise.formats._ties import STRAY, Numbers, agreement
from sdc_airlock.recognise.formats.cells import fitting, holds_calls, named_genes, of_people
from sdc_airlock.recognise.labels import read_as_ids

_GOOD, _WRONG = 0.97, 0.5
_FILLED = 0.2
_AGREES, _CONTRADICTS = 0.8, 0.3
# ties whose failure shows that other numbers stand under the names
_TELLING = frozenset({"estimate", "log_estimate", "statistic", "one_sided", "chi", "log_chi"})
# arithmetic that holds whatever the rows are
_SURE_TIES = frozenset({"minor"})
_ONCE = 0.9
_LABEL_ROWS = 2000
# types of names, of which there are more than any pattern knows
_NAMES = frozenset({"variant", "gene", "text"})
# of as many rows on several chromosomes some lie this far along
_MANY_ROWS, _FEW_PLACES, _FAR, _SAME_RANGE = 100, 10, 2e7, 0.6
_MEGABASE = 1e6
_SEVERAL_CHROMOSOMES = 5
_ONE_SIGN, _BY_CHANCE = 0.95, 2.0
# length of each chromosome in megabases, rounded up, the longest of the builds
_LENGTHS = dict(zip(
    (*map(str, range(1, 23)), "X", "Y", "MT"),
    (250, 244, 200, 192, 182, 172, 160, 147, 142, 137, 136, 135, 116, 108, 104, 92, 84, 81, 60, 65, 49, 52, 157, 60, 1),
    strict=True,
))  # fmt: skip
_WEIGHTS = ("CHR", "SNP", "BP", "A1", "A2", "BETA")
_MOST_CHROMOSOMES = 30
_SAME_CHROMOSOME = {"23": "X", "24": "Y", "25": "X", "26": "MT", "M": "MT", "XY": "X"}


def best(table: Table, typed: Typed) -> Match | None:
    """The format a table has the columns of: one of people before all others, then the one that explains most columns."""
    if not typed or not table.sample_rows:
        return None
    if not table.named:
        return _shaped(table, typed) or _nameless_weights(table, typed)
    places = _places(table)
    found = [one for one in _candidates(frozenset(places)) if _has_columns(one, places)]
    people = [one for one in found if one.of_people]
    if people:
        return _of_people(max(people, key=lambda one: len(one.required)), places)
    if (whose := _shaped(table, typed, "samples")) is not None:
        return whose
    matches = [_validated(one, places, typed, table.sample_rows) for one in found]
    return max(matches, key=lambda one: (one.valid, not one.wrong, len(one.types)), default=None) or _shaped(table, typed)


def _places(table: Table) -> dict[str, int]:
    """Place of each column by its name in upper case, the first of a name."""
    places: dict[str, int] = {}
    for place, column in enumerate(table.columns):
        places.setdefault(column.name.strip().lstrip("#").strip().upper(), place)
    return places


@cache
def _by_first_column() -> Mapping[str, tuple[Format, ...]]:
    """Formats by the first column each requires."""
    index: dict[str, list[Format]] = {}
    for one in formats():
        if one.required:
            index.setdefault(next(iter(one.required)), []).append(one)
    return {name: tuple(found) for name, found in index.items()}


def _candidates(names: frozenset[str]) -> Iterator[Format]:
    index = _by_first_column()
    for name in names & index.keys():
        yield from index[name]


def _has_columns(one: Format, places: Mapping[str, int]) -> bool:
    names = places.keys()
    if not one.required.keys() <= names or any(names.isdisjoint(group) for group in one.one_of):
        return False
    if one.closed and not names <= one.required.keys() | one.optional.keys():
        return False
    return not one.named or any(re.fullmatch(one.named, name, re.IGNORECASE) for name in names)


def _types(one: Format, places: Mapping[str, int]) -> dict[int, str]:
    known = {**one.optional, **one.required}
    return {place: known[name] for name, place in places.items() if name in known}


def _shaped(table: Table, typed: Typed, only: str = "") -> Match | None:
    """A table told by its shape, or by one of the shapes."""
    for one in formats():
        if one.shape and only in ("", one.shape) and SHAPES[one.shape](table, typed):
            return Match(format=one, valid=True, wrong=False, why=(f"it has the shape of {one.title}",), types={})
    return None


def _nameless_weights(table: Table, typed: Typed) -> Match | None:
    """Weights as PRS-CS writes them, without a header."""
    if len(typed) != len(_WEIGHTS) or typed[0][0].levels > _MOST_CHROMOSOMES:
        return None
    places = {name: place for place, name in enumerate(_WEIGHTS)}
    one = next(each for each in formats() if each.id == "prs_weights")
    if any(fitting({**one.optional, **one.required}[name], typed[place][0].cells) < _GOOD for name, place in places.items()):
        return None
    return _validated(one, places, typed, table.sample_rows)


def _of_people(one: Format, places: Mapping[str, int]) -> Match:
    return Match(
        format=one, valid=True, wrong=False, why=(f"it has the columns of {one.title}, one {one.of} a row",), types=_types(one, places)
    )


def _validated(one: Format, places: Mapping[str, int], typed: Typed, rows: int) -> Match:
    """A table of things that has the columns of a format, and whether its cells bear that out."""
    types = _types(one, places)
    doubts = [*_cells(one, places, typed), *_tied(one, places, typed)]
    wrong = any(gross for _, gross in doubts)
    said = [words for words, _ in doubts]
    if not doubts:
        strewn = [*_placed(types, typed), *_measured(one, places, typed)]
        wrong = bool(strewn)
        said = [*strewn, *_beside(types, typed), *_repeated(one, places, typed, rows), *_one_sign(one, places, typed)]
    begins = f"it has the columns of {one.title}, " + ("but its rows do not bear that out" if said else "and its cells bear that out")
    return Match(format=one, valid=not said, wrong=wrong, why=(begins, *said), types=types)


def _cells(one: Format, places: Mapping[str, int], typed: Typed) -> Iterator[tuple[str, bool]]:
    """What is wrong with the cells of single columns, and whether it is gross."""
    for name, kind in {**one.optional, **one.required}.items():
        if name not in places:
            continue
        cells = typed[places[name]][0].cells
        required = name in one.required
        if cells.filled < _FILLED * len(cells.codes):
            if required:
                yield "a column that the format needs is nearly empty", False
            continue
        share = fitting(kind, cells)
        if share < _GOOD:
            gross = of_people(cells) if kind in _NAMES else required and share < _WRONG
            yield f"cells that are no {kind.replace('_', ' ')} stand under that name", gross


def _tied(one: Format, places: Mapping[str, int], typed: Typed) -> Iterator[tuple[str, bool]]:
    """Columns that do not agree with each other."""
    for rule, *names in one.ties:
        there = [typed[places[name]][0].cells for name in names if name in places]
        needed = len(names) - (rule == "error")
        if len(there) < needed or (rule == "error" and any(name not in places for name in names[:2])):
            continue
        agreed = agreement(rule, there)
        if agreed is not None and agreed < _AGREES:
            gross = agreed < _CONTRADICTS and (rule in _SURE_TIES or (rule in _TELLING and not _real(_types(one, places), typed)))
            yield _UNTIED.get(rule, "columns do not agree with each other"), gross or agreed == STRAY


def _real(types: Mapping[int, str], typed: Typed) -> bool:
    """True where rows are variants or genes beyond doubt, by their names or by their places, whatever the numbers beside them are."""
    kinds = {kind: typed[place][0].cells for place, kind in sorted(types.items(), reverse=True)}
    if "variant" in kinds and kinds["variant"].distinct >= _FEW_PLACES and fitting("variant", kinds["variant"]) >= _GOOD:
        return True
    if "gene" in kinds and kinds["gene"].distinct >= _FEW_PLACES and named_genes(kinds["gene"]):
        return True
    if "chromosome" not in kinds or "position" not in kinds:
        return False
    numbers = kinds["position"].first[np.isfinite(kinds["position"].first)]
    return kinds["chromosome"].distinct >= _SEVERAL_CHROMOSOMES and len(numbers) > 0 and float(numbers.max()) >= _FAR


_UNTIED = {
    "estimate": "p-values do not follow from estimates and their errors",
    "log_estimate": "p-values do not follow from estimates and their errors",
    "statistic": "p-values do not go with their statistics",
    "alleles": "the two alleles of a variant are often the same, as those of a person are",
    "error": "standard errors do not follow from frequencies",
    "minor": "frequencies of the rarer allele do not follow from those of either",
}


def _beside(types: Mapping[int, str], typed: Typed) -> Iterator[str]:
    """Columns that the format does not have and that name people or say what they are like."""
    for place, (one, role, _) in enumerate(typed):
        if place not in types and _of_person(one, role):
            yield "a column beside those of the format names people or tells of them"
            return


def _of_person(one: Profile, role: Role) -> bool:
    if not one.numeric and holds_calls(one.cells):
        return True
    if role in (Role.DATE, Role.IDENTIFIER) or "person_attribute" in one.named or one.named.get("identifier"):
        return True
    return not one.numeric and read_as_ids(one.cells.text[:_LABEL_ROWS])


def _repeated(one: Format, places: Mapping[str, int], typed: Typed, rows: int) -> Iterator[str]:
    keys = [typed[places[name]][0] for name in one.key if name in places]
    if keys and len(np.unique(combined(keys, rows))) < _ONCE * rows:
        yield "the same variant or gene comes again and again"


def _placed(types: Mapping[int, str], typed: Typed) -> Iterator[str]:
    """Places that lie on no chromosome, or that are not spread as places on a genome are."""
    chromosomes = next((typed[place][0] for place, kind in types.items() if kind == "chromosome"), None)
    positions = next((typed[place][0] for place, kind in types.items() if kind == "position"), None)
    if chromosomes is None or positions is None:
        return
    lengths = np.array([_length(word) for word in chromosomes.cells.text])[chromosomes.cells.codes] * _MEGABASE
    numbers = positions.cells.first
    known = np.isfinite(numbers)
    if known.any() and float((numbers[known] > lengths[known]).mean()) > 1 - _GOOD:
        yield "positions lie beyond the ends of their chromosomes"
    if known.sum() >= _MANY_ROWS and numbers[known].max() < _FAR and _strewn(numbers[known], chromosomes.cells.codes[known]):
        yield "positions lie all in one short range, alike on each chromosome, as numbers of people do"


def _strewn(numbers: Numbers, codes: npt.NDArray[np.int64]) -> bool:
    """True where positions on two or more chromosomes go as far apart as they do on all together: no loci, and no genome."""
    whole = float(np.ptp(numbers))
    groups = [numbers[codes == code] for code in np.unique(codes).tolist()]
    large = [group for group in groups if len(group) >= _FEW_PLACES]
    return len(large) > 1 and whole > _MEGABASE and all(float(np.ptp(group)) > _SAME_RANGE * whole for group in large)


def _one_sign(one: Format, places: Mapping[str, int], typed: Typed) -> Iterator[str]:
    """Effects that all have one sign though most are no further from nought than by chance: measurements of people have one."""
    for rule, *names in one.ties:
        if rule not in ("estimate", "log_estimate") or any(name not in places for name in names):
            continue
        effects, errors = (typed[places[name]][0].cells.first for name in names[:2])
        known = np.isfinite(effects) & (errors > 0)
        if known.sum() < _MANY_ROWS:
            continue
        above = float((effects[known] > 0).mean())
        if max(above, 1 - above) > _ONE_SIGN and float(np.median(np.abs(effects[known] / errors[known]))) < _BY_CHANCE:
            yield "effects have all one sign, though most are no larger than by chance"


def _measured(one: Format, places: Mapping[str, int], typed: Typed) -> Iterator[str]:
    """Effects that are spread as measurements of people are; of weights nothing else tells."""
    for name, kind in {**one.optional, **one.required}.items():
        if name not in EFFECTS or name not in places or kind != "number" or one.unit is not Unit.VARIANT:
            continue
        column = typed[places[name]][0]
        if centred(column):
            yield "effects add up to nought, as measurements less their mean do"
        elif one.kind is Kind.SCORE_WEIGHTS and bell(column):
            yield "weights lie around nought as measurements of people do, and further apart than effects of variants"


def _length(word: str) -> float:
    name = word.upper().removeprefix("CHR").lstrip("0")
    return float(_LENGTHS.get(_SAME_CHROMOSOME.get(name, name), max(_LENGTHS.values())))


__all__ = ["best"]
