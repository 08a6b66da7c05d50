"""What a standard format says of a table, weighed in with the rest of the evidence."""

from __future__ import annotations

from dataclasses import replace

from sdc_airlock.model.recognised import ColumnView, Role, Unit
from sdc_airlock.recognise.formats import Match
from sdc_airlock.recognise.tables import Judged

# standard formats whose cells bear out what their header says
_ODDS = 10_000.0
_LEAST = 0.01
_CLASSES = {Unit.VARIANT: "variant", Unit.GENE: "gene", Unit.ESTIMATE: "estimate", Unit.ITEM: "item", Unit.PERSON: "individual"}
# formats of people told by telling columns, and by the shape of their numbers alone
_OF_PEOPLE, PERHAPS_OF_PEOPLE = 0.97, 0.6
_UNSURE_SHAPES = frozenset({"square", "half", "components", "proportions"})
_ROLES = {
    "chromosome": Role.POSITION,
    "position": Role.POSITION,
    "allele": Role.ALLELE,
    "alternatives": Role.ALLELE,
    "coded_allele": Role.ALLELE,
    "variant": Role.MARKER,
    "gene": Role.GENE,
    "p": Role.P_VALUE,
    "log_p": Role.P_VALUE,
    "frequency": Role.FREQUENCY,
    "error": Role.STANDARD_ERROR,
    "chi": Role.TEST_STATISTIC,
    "odds": Role.RATIO,
    "people": Role.COUNT,
    "alleles": Role.COUNT,
    "calls": Role.COUNT,
    "things": Role.COUNT,
}
_OF_THINGS = frozenset({"calls", "things"})


def with_standard(judged: Judged, standard: Match | None) -> Judged:
    """A judgement after weighing in that the table is of a standard format."""
    if standard is None or not standard.valid or standard.format.shape in _UNSURE_SHAPES:
        return judged
    name = _CLASSES[standard.format.unit]
    chances = {key: _ODDS * (chance + _LEAST) if key == name else chance for key, chance in judged.probabilities.items()}
    total = sum(chances.values())
    return replace(judged, probabilities={key: chance / total for key, chance in chances.items()})


def people_in(standard: Match) -> float:
    """Probability, from the format alone, that rows are people."""
    if not standard.format.of_people:
        return 0.0
    return PERHAPS_OF_PEOPLE if standard.format.shape in _UNSURE_SHAPES else _OF_PEOPLE


def explained(standard: Match | None) -> tuple[int, ...]:
    """Places of the columns that a standard format of things accounts for."""
    return tuple(sorted(standard.types)) if standard is not None and standard.valid and not standard.format.of_people else ()


def as_the_format_says(views: tuple[ColumnView, ...], standard: Match | None) -> tuple[ColumnView, ...]:
    """The columns of a standard format of things measure what the format says."""
    if standard is None or not standard.valid or standard.format.of_people:
        return views
    changed = []
    for place, one in enumerate(views):
        kind = standard.types.get(place, "")
        if role := _ROLES.get(kind):
            why = (f"a column of {standard.format.title}",)
            one = replace(one, role=role, of_people=one.of_people and kind not in _OF_THINGS, why=why)  # noqa: PLW2901
        changed.append(one)
    return tuple(changed)


__all__ = ["PERHAPS_OF_PEOPLE", "as_the_format_says", "explained", "people_in", "with_standard"]
