"""Every way out that is tried, alone and in combinations, from one population and a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from carriers import OF_BYTES, OF_TEXT
from containers import CONTAINERS
from documents import DOCUMENTS_OF_BYTES, DOCUMENTS_OF_TEXT, WORKBOOKS
from figures import FIGURES, FIGURES_OF_BYTES, FIGURES_OF_TEXT
from forms import FORMS
from genomes import GENOMES
from population import Item, population
from schemes import SCHEMES
from tables import TABLES

SOURCES = ("rows:csv", "genotypes:vcf", "rows:json records", "genotypes:wide csv", "rows:identifiers", "rows:tsv")
"""Plain payloads for channels that carry: what they hold is seen at once wherever it lies open."""

MANGLING = frozenset(
    {
        "zero-width text",
        "trailing spaces and tabs",
        "turned by thirteen",
        "each line reversed",
        "spaces between letters",
        "words between values",
        "one value a line",
        "odd separators",
        "unit separators",
        "one line",
        "overwritten lines",
        "terminal colours",
        "names of files",
        "git folder",
        "exclusive or with a byte",
        "bytes reversed",
        "zip: split over members",
        "base64 reversed",
        "docx: table",
        "ods: rows",
        "ods: second sheet",
        "rtf: table",
        "xlsx: external link cache",
        "svg: text without size",
        "csv: far right",
        "ebcdic",
        "utf-7",
        "makefile",
    }
)
"""Channels that change a text for good or cut it, so that nothing may be left of what another channel packed."""

MADE: dict[str, dict[str, Callable[..., Item]]] = {
    "forms": FORMS,
    "tables": TABLES,
    "workbooks": WORKBOOKS,
    "figures": FIGURES,
    "schemes": SCHEMES,
    "genomes": GENOMES,
}
CARRIED: dict[str, tuple[dict[str, Callable[..., Item]], ...]] = {
    "text carriers": (OF_TEXT, OF_BYTES),
    "documents": (DOCUMENTS_OF_TEXT, DOCUMENTS_OF_BYTES),
    "pictures": (FIGURES_OF_TEXT, FIGURES_OF_BYTES),
    "containers": ({}, CONTAINERS),
}
FAMILIES = (*MADE, *CARRIED, "combinations")


@dataclass(frozen=True)
class Try:
    """One attempt to get people out.

    Attributes:
        family: The kind of channel.
        name: The channel, or the channels of a combination.
    """

    family: str
    name: str
    item: Item


def _people(size: int, seed: int):
    return population(seed=seed, people=size, variants=40)


def alone(seed: int = 1) -> Iterator[Try]:
    """Every channel once, with one of the sources that the seed chooses."""
    people, chance = _people(60, seed), random.Random(f"alone {seed}")
    for family, makers in MADE.items():
        for name, make in makers.items():
            yield Try(family, name, make(people))
    for family, groups in CARRIED.items():
        for group in groups:
            for name, carry in group.items():
                yield Try(family, name, carry(FORMS[chance.choice(SOURCES)](people), chance))


def combinations(number: int, seed: int, known: frozenset[str]) -> Iterator[Try]:
    """Payloads in two to four channels, one inside the other.

    Args:
        number: How many.
        seed: Chooses them.
        known: Channels that let something out when alone; they are left out here.
    """
    chance = random.Random(f"combinations {seed}")
    usable = lambda group: {name: carry for name, carry in group.items() if name not in MANGLING | known}  # noqa: E731
    of_text = usable(OF_TEXT | DOCUMENTS_OF_TEXT | FIGURES_OF_TEXT)
    of_bytes = usable(OF_BYTES | DOCUMENTS_OF_BYTES | FIGURES_OF_BYTES | CONTAINERS)
    makers = usable(FORMS | TABLES | WORKBOOKS | FIGURES)
    for _ in range(number):
        people = _people(chance.choice((40, 60, 90)), seed)
        start = chance.choice(SOURCES) if chance.random() < 0.6 else chance.choice(sorted(makers))
        item = makers[start](people) if start in makers else FORMS[start](people)
        for _ in range(chance.choice((1, 2, 2, 3))):
            group = of_text if item.text and chance.random() < 0.5 else of_bytes
            name = chance.choice(sorted(group))
            item = group[name](item, chance)
        yield Try("combinations", " > ".join(item.made), item)
