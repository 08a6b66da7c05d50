"""One made-up population: people with identifiers, phenotypes and genotypes, and the files that others make of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

FIRST = ("Ada", "Bram", "Chidi", "Dora", "Ewan", "Farah", "Gwen", "Hugo", "Ines", "Jonas", "Kira", "Liam", "Mina", "Noor", "Omar", "Petra")
LAST = ("Abbott", "Bello", "Cairns", "Dahl", "Evans", "Fofana", "Gower", "Haddad", "Ito", "Jarvis", "Khan", "Lund", "Moss", "Nagy", "Okoro")
AREAS = ("LS6 2QB", "M13 9PL", "CF10 3AT", "EH8 9YL", "BT7 1NN", "SW7 2AZ", "OX3 7LF", "CB2 0QQ", "NE1 7RU", "G12 8QQ")
DIAGNOSES = ("I10", "E11.9", "J45.0", "C50.9", "F32.1", "K21.9", "M54.5", "N18.3")
COLUMNS = ("participant_id", "nhs_number", "dob", "postcode", "sex", "age", "bmi", "sbp", "diagnosis", "admitted")
CLINICAL = ("participant_id", "sex", "age", "bmi", "sbp", "diagnosis", "admitted")
PLAIN = ("age", "sex", "bmi", "sbp", "diagnosis")


@dataclass(frozen=True)
class Item:
    """A file: its name, its bytes, how it came about, and other files that lie beside it."""

    name: str
    data: bytes
    made: tuple[str, ...] = ()
    text: bool = False
    beside: tuple[tuple[str, bytes], ...] = ()

    def wrapped(self, name: str, data: bytes | str, how: str) -> Item:
        """The file that carries this one."""
        text = isinstance(data, str)
        return Item(name=name, data=data.encode() if isinstance(data, str) else data, made=(*self.made, how), text=text)

    def how(self, how: str) -> Item:
        """The same file, said to come about so."""
        return replace(self, made=(*self.made, how))

    @property
    def string(self) -> str:
        """The text of a text."""
        return self.data.decode()


@dataclass(frozen=True)
class Rows:
    """A table: the names of its columns and its rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    made: str = ""

    @property
    def columns(self) -> dict[str, list[object]]:
        """The table by column."""
        return {name: [row[place] for row in self.rows] for place, name in enumerate(self.header)}

    @property
    def records(self) -> list[dict[str, object]]:
        """The table by row."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]

    @property
    def csv(self) -> str:
        """The table as delimited text."""
        return "".join(",".join(map(str, row)) + "\n" for row in (self.header, *self.rows))


@dataclass(frozen=True)
class Population:
    """People and what is known of them.

    Attributes:
        people: One tuple a person, in the order of `COLUMNS`.
        ids: The id of each sample.
        counts: Copies of the second allele, shape (people, variants), 0 to 2.
        phases: The two haplotypes, shape (2, people, variants).
        dosages: Imputed copies, shape (people, variants), 0 to 2.
        sites: Chromosome, position, name, first and second allele of each variant.
    """

    people: tuple[tuple[object, ...], ...]
    ids: tuple[str, ...]
    counts: np.ndarray
    phases: np.ndarray
    dosages: np.ndarray
    sites: tuple[tuple[str, int, str, str, str], ...]
    seed: int = field(default=0)

    def table(self, names: tuple[str, ...] = COLUMNS) -> Rows:
        """Some columns of all people."""
        places = [COLUMNS.index(name) for name in names]
        return Rows(header=names, rows=tuple(tuple(person[place] for place in places) for person in self.people))


def nhs_like(chance: random.Random) -> str:
    """A number with the right check digit, from the range that is set apart for tests."""
    while True:
        digits = [9, 9, 9, *(chance.randrange(10) for _ in range(6))]
        check = (11 - sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def _person(chance: random.Random, number: int) -> tuple[object, ...]:
    born = chance.randint(1935, 2003)
    return (
        f"P{chance.randint(1, 9)}{number:05d}",
        nhs_like(chance),
        f"{born}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        chance.choice(AREAS),
        chance.choice("FM"),
        2024 - born,
        round(chance.gauss(27, 4.5), 1),
        int(chance.gauss(132, 16)),
        chance.choice(DIAGNOSES),
        f"202{chance.randint(0, 4)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
    )


@cache
def population(seed: int = 1, people: int = 80, variants: int = 64) -> Population:
    """A population; the same seed and sizes give the same people."""
    chance = random.Random(f"people {seed} {people}")
    numbers = np.random.default_rng([seed, people, variants])
    frequencies = numbers.uniform(0.08, 0.5, variants)
    phases = (numbers.random((2, people, variants)) < frequencies).astype(np.int8)
    counts = phases.sum(axis=0).astype(np.int8)
    dosages = np.clip(counts + numbers.normal(0, 0.06, counts.shape), 0, 2).round(3)
    records = tuple(_person(chance, 100 + 7 * number + chance.randrange(6)) for number in range(people))
    place, sites = 100_000, []
    for number in range(variants):
        place += chance.randint(400, 90_000)
        first, second = chance.sample("ACGT", 2)
        sites.append((str(1 + number * 4 // variants), place, f"rs{chance.randint(1_000, 99_999_999)}", first, second))
    return Population(
        people=records,
        ids=tuple(str(record[0]) for record in records),
        counts=counts,
        phases=phases,
        dosages=dosages,
        sites=tuple(sites),
        seed=seed,
    )
