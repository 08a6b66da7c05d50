"""Shapes of site fields that a variant list has only where they hold something of single samples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sdc_airlock.readers._genomic import text

_GENOTYPE_LIST = re.compile(rb"^(?:\d{1,2}|\.)[/|](?:\d{1,2}|\.)(?:[,:](?:\d{1,2}|\.)[/|](?:\d{1,2}|\.))*$")
_VECTOR = re.compile(rb"^[012.]{4,}$")
# states or dosages, parted: eight at least, since a field of each allele has a few
_STATES = re.compile(rb"^(?:-1|-9|\.|[01](?:\.\d+)?|2(?:\.0+)?)(?:[,:|](?:-1|-9|\.|[01](?:\.\d+)?|2(?:\.0+)?)){7,}$")
_STATE = re.compile(rb"^(?:[012.]|[01.][/|][01.])$")
_PARTS = re.compile(rb"[,:|]")
_HISTOGRAM = re.compile(r"hist|_bin|freq", re.IGNORECASE)
_SINGLE_BASES = frozenset({b"A", b"C", b"G", b"T"})
# a few records say too little of a vector of states, which could be a number
VECTOR_RECORDS = 5
# so many fields with a state each are one field a sample; annotation has a few
FIELDS_A_SAMPLE = 12
# share of the records from which a field belongs to all of them
_MOST = 0.8
_LETTERS = 8


@dataclass
class _Field:
    """One site field over the records that have it.

    Attributes:
        length: Length of what it holds where that is the same on all, else 0: of a vector, a list of states, letters.
        seen: Different single states met.
    """

    times: int = 0
    genotypes: int = 0
    vector: int = 0
    padded: bool = False
    states: int = 0
    letters: int = 0
    single: int = 0
    seen: set[bytes] = field(default_factory=set)

    def meet(self, value: bytes, alleles: bytes) -> None:
        """Take in its value on one more record."""
        first = not self.times
        self.times += 1
        if (b"/" in value or b"|" in value) and _GENOTYPE_LIST.match(value):
            self.genotypes += 1
        self.padded |= value.startswith(b"0")
        vector = len(value) if _VECTOR.match(value) and b"." not in value.strip(b".") else 0
        states = len(_PARTS.split(value)) if len(value) > 2 * _LETTERS - 2 and _STATES.match(value) else 0
        letters = len(value) if alleles and len(value) >= _LETTERS and not value.upper().translate(None, alleles + b"N.-0") else 0
        self.vector = vector if first or vector == self.vector else 0
        self.states = states if first or states == self.states else 0
        self.letters = letters if first or letters == self.letters else 0
        if _STATE.match(value):
            self.single += 1
            self.seen.add(value)


@dataclass
class Shapes:
    """What the site fields, identifiers and filters of the records look like."""

    fields: dict[str, _Field] = field(default_factory=dict)
    records: int = 0

    def record(self, row: list[bytes], met: Counter[str]) -> None:
        """Take in the cells of one record; `met` counts the site fields."""
        self.records += 1
        alleles = row[3] + row[4] if {row[3], row[4]} <= _SINGLE_BASES else b""
        for entry in row[7].split(b";"):
            name, _, value = entry.partition(b"=")
            key = text(name[:64])
            met[key] += 1
            if value:
                self._meet(key, value, alleles)
        for place, key in ((2, "the identifier"), (6, "the filter")):
            self._meet(key, row[place], alleles)

    def _meet(self, key: str, value: bytes, alleles: bytes) -> None:
        if (found := self.fields.get(key)) is None:
            found = self.fields[key] = _Field()
        found.meet(value, alleles)

    def reasons(self, met: Counter[str], counts: Callable[[str], bool]) -> list[str]:
        """Why there is something of single samples in them, in words; [] where there is not.

        Args:
            met: How many records have each site field.
            counts: True for the name of a field that counts people or alleles.
        """
        often = {key: found for key, found in self.fields.items() if found.times >= VECTOR_RECORDS and not _HISTOGRAM.search(key)}
        lists = [key for key, found in self.fields.items() if found.genotypes * 2 > max(met[key], found.times)]
        vectors = [key for key, found in often.items() if found.padded and found.vector]
        states = [key for key, found in often.items() if found.states]
        letters = [key for key, found in often.items() if found.letters]
        single = [found for key, found in often.items() if found.single == found.times >= _MOST * self.records and not counts(key)]
        varied = sum(1 for found in single if len(found.seen) > 1)
        shapes = (
            (len(lists), "hold lists of genotypes"),
            (len(vectors), "hold one state a sample"),
            (len(states), "hold a list of states, one a sample"),
            (len(letters), "hold letters of the two alleles, one a sample"),
            (len(single) if varied >= FIELDS_A_SAMPLE else 0, "hold one state each, as one field a sample has"),
        )
        return [f"{number} site field(s) {words}" for number, words in shapes if number]
