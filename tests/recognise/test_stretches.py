"""People further down in a long table of something else."""

from __future__ import annotations

import random

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

_random = random.Random(20260702)


def _variants(count: int) -> list[str]:
    """Association results, one row a variant."""
    return [
        f"rs{_random.randrange(10**4, 10**8)},{_random.randrange(1, 23)},{_random.randrange(10**5, 10**8)},{'AG' if place % 2 else 'CT'},{_random.gauss(0, 0.05):.4f},{_random.random():.4g}".replace(
            ",AG,", ",A,G,"
        ).replace(",CT,", ",C,T,")
        for place in range(count)
    ]


def _people(count: int) -> list[str]:
    """As many cells, but one row a person."""
    return [
        f"P{10000 + place},{_random.randrange(20, 90)},19{_random.randrange(30, 99)}-0{_random.randrange(1, 10)}-1{_random.randrange(10)},{_random.choice('MF')},{_random.choice(['I10', 'E11'])},{_random.gauss(27, 4):.1f},{_random.randrange(2)}"
        for place in range(count)
    ]


def _recognised(lines: list[str], limits: Limits) -> tuple[Recognised, ...]:
    data = ("SNP,CHR,BP,A1,A2,BETA,P\n" + "\n".join(lines) + "\n").encode()
    source = Source.of_bytes(data, part_id="results.csv", name="results.csv")
    return recognise(read(source, identify(source), file_id="", limits=limits), limits)


def test_people_at_the_end_of_a_streamed_table_are_seen() -> None:
    """Eight hundred people under thirty thousand variants make the table one of people."""
    found = _recognised(_variants(30_000) + _people(800), Limits(table_bytes=100_000))
    assert max(part.individual for part in found) >= 0.9


def test_people_at_the_end_of_a_table_in_memory_are_seen() -> None:
    """The same for a table that is held whole."""
    found = _recognised(_variants(5_000) + _people(600), Limits())
    assert max(part.individual for part in found) >= 0.9


def test_a_long_table_of_variants_stays_one() -> None:
    """Nothing but variants is no table of people, and its rows are counted."""
    found = _recognised(_variants(30_000), Limits(table_bytes=100_000))
    assert max(part.individual for part in found) < 0.35
    assert found[0].rows == 30_000
