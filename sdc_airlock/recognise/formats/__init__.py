"""Standard formats of genomics, told by their columns and by what stands in them, never by the name of a file.

A header alone is a claim. A table of results by variant or gene is believed to be what its header says only where its cells are what the format
holds (places on the genome, alleles, probabilities), its columns agree with each other (a p-value follows from an estimate and its error), no variant
comes again and again, and nothing beside them names people. Tables of people or of pairs of people need their columns alone: nobody gains by them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Kind, Role, Unit
from sdc_airlock.recognise.columns import Profile

Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]
Shape = Literal[
    "",
    "triangle",
    "square",
    "half",
    "correlations",
    "components",
    "proportions",
    "pedigree",
    "quantiles",
    "modules",
    "samples",
    "reads",
    "cytosines",
    "hla",
    "repeats",
    "markers",
    "two_traits",
]

_UNITS = {
    "person": Unit.PERSON,
    "sample": Unit.PERSON,
    "pair of people": Unit.PERSON,
    "variant": Unit.VARIANT,
    "pair of variants": Unit.VARIANT,
    "gene": Unit.GENE,
    "gene set": Unit.GENE,
    "region": Unit.GENE,
    "pair of traits": Unit.ESTIMATE,
    "pair of variables": Unit.ESTIMATE,
    "model": Unit.ESTIMATE,
    "trait and variant": Unit.VARIANT,
    "quantile": Unit.ITEM,
    "place in the read": Unit.ITEM,
    "quality module": Unit.ITEM,
}
_OF_PEOPLE = frozenset({"person", "sample", "pair of people"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One standard format.

    Attributes:
        required, optional: Type of the cells of each column, by its name in upper case.
        one_of: Of each of these at least one column must be there.
        named: Pattern of names of which at least one column must be there; "" where none is asked for.
        ties: How columns hang together: the word of the rule, then the columns.
        key: Columns that never come twice together.
        closed: True where it may have no further columns.
        shape: How tables without telling names are recognised.
        of: Unit of record in words; `unit` in those of the package.
        risk: What a file of it may give away, in words.
    """

    id: str
    title: str
    required: Mapping[str, str]
    optional: Mapping[str, str]
    one_of: tuple[tuple[str, ...], ...]
    named: str
    ties: tuple[tuple[str, ...], ...]
    key: tuple[str, ...]
    closed: bool
    shape: Shape
    of: str
    kind: Kind
    risk: str

    @property
    def unit(self) -> Unit:
        """What one row stands for."""
        return _UNITS[self.of]

    @property
    def of_people(self) -> bool:
        """True where a row is a person, a sample of one or a pair of people."""
        return self.of in _OF_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A table that has the columns of a format.

    Attributes:
        valid: Its cells hold what the format says; always so for formats of people.
        wrong: Its cells cannot be what the header calls them.
        why: Reasons, in words, never with a value of the file.
        types: Type of the cells of each column the format explains, by place.
    """

    format: Format
    valid: bool
    wrong: bool
    why: tuple[str, ...]
    types: Mapping[int, str]


@cache
def formats() -> tuple[Format, ...]:
    """All formats, in the order of the table."""
    raw = tomllib.loads(resources.files(__package__).joinpath("formats.toml").read_text("utf-8"))
    return tuple(_format(entry) for entry in raw["format"])


def _format(entry: Mapping[str, Any]) -> Format:
    def names(group: Sequence[str]) -> tuple[str, ...]:
        return tuple(name.upper() for name in group)

    return Format(
        id=entry["id"],
        title=entry["title"],
        required={name.upper(): kind for name, kind in entry.get("required", {}).items()},
        optional={name.upper(): kind for name, kind in entry.get("optional", {}).items()},
        one_of=tuple(names(group) for group in entry.get("one_of", ())),
        named=entry.get("named", ""),
        ties=tuple((tie[0], *names(tie[1:])) for tie in entry.get("ties", ())),
        key=names(entry.get("key", ())),
        closed=entry.get("closed", False),
        shape=entry.get("shape", ""),
        of=entry["unit"],
        kind=Kind(entry["kind"]),
        risk=entry["risk"],
    )


def by_id(name: str) -> Format | None:
    """The format of that id, None where there is none ("" among them)."""
    return next((one for one in formats() if one.id == name), None)


def match(table: Table, typed: Typed) -> Match | None:
    """The standard format whose columns a table has, and whether its cells bear that out; None for all other tables.

    Args:
        table: The table; a long one as far as it is looked at.
        typed: Its columns with their roles, in order.
    """
    from sdc_airlock.recognise.formats._match import best

    return best(table, typed)


__all__ = ["Format", "Match", "by_id", "formats", "match"]
