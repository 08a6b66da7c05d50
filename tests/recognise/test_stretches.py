"""People further down in a long table of something else."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.recognise._stretches import Familiar, signatures
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


def _genotypes(count: int) -> list[str]:
    """As many cells, each a genotype of one of seven variants."""
    shares = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    return [",".join(str((_random.random() < share) + (_random.random() < share)) for share in shares) for _ in range(count)]


@pytest.mark.parametrize("hidden", [_people(25), _genotypes(60), _people(400)], ids=["a few people", "genotypes", "people"])
def test_a_few_rows_deep_in_a_streamed_table_are_seen(hidden: list[str]) -> None:
    """Rows of people or of genotypes somewhere among variants are judged by themselves, however few they are."""
    lines = _variants(24_000)
    lines[13_217:13_217] = hidden
    found = _recognised(lines, Limits(table_bytes=100_000))
    assert max(part.individual for part in found) >= 0.9


def test_people_one_by_one_among_variants_are_seen() -> None:
    """One person in every nine hundred variants is no better hidden than all of them together."""
    lines = _variants(27_000)
    for place, person in enumerate(_people(30)):
        lines.insert(place * 900, person)
    found = _recognised(lines, Limits(table_bytes=100_000))
    assert max(part.individual for part in found) >= 0.9


def test_people_behind_other_odd_rows_are_seen() -> None:
    """Fifteen hundred notes before them in the same batch do not use up what is looked at."""
    notes = [f"note {place},see,above,see,above,see,above" for place in range(1500)]
    found = _recognised([*_variants(12_000), *notes, *_people(60), *_variants(12_000)], Limits(table_bytes=100_000))
    assert max(part.individual for part in found) >= 0.9


def test_headers_that_come_again_are_no_people() -> None:
    """Files of chromosomes put together keep their headers, all of them the same."""
    lines = [line for _ in range(25) for line in (*_variants(800), "SNP,CHR,BP,A1,A2,BETA,P")]
    found = _recognised(lines, Limits(table_bytes=100_000))
    assert max(part.individual for part in found) < 0.5


def test_only_rows_of_another_look_are_strange() -> None:
    """Rows drawn alike look alike; the same numbers without decimals, or longer words, do not."""
    words = [f"rs{_random.randrange(10**6)}" for _ in range(3000)]
    numbers = [_random.gauss(0, 1) for _ in range(3000)]
    numbers[2000:] = [round(number) for number in numbers[2000:]]
    longer = [*words[:2000], *(f"{word}:{word}" for word in words[2000:])]
    for columns in ([pa.array(words), pa.array(numbers)], [pa.array(longer)]):
        looks = signatures(pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(columns))]), 1000)
        familiar = Familiar()
        familiar.add(looks[0])
        assert familiar.strange(looks).tolist() == [False, False, True]


def test_lists_and_records_in_cells_have_a_look() -> None:
    """Cells that hold lists or records look like what they are written out, and not like nothing."""
    calls = [[0, 1, 2]] * 2000 + [["P10001, aged 61, asthma"]] * 1000
    records = [{"a": 0.25}] * 2000 + [{"a": None}] * 1000
    for cells in ([list(map(str, each)) for each in calls], records):
        looks = signatures(pa.RecordBatch.from_arrays([pa.array(cells)], names=["0"]), 1000)
        familiar = Familiar()
        familiar.add(looks[0])
        assert familiar.strange(looks).tolist() == [False, False, True]


@given(st.lists(st.sampled_from(["A", "rs12", "", "é7", "a b", "C"]), min_size=1, max_size=40), st.integers(1, 9))
def test_words_look_the_same_as_codes(cells: list[str], step: int) -> None:
    """How a column is held says nothing about how its rows look."""
    words = pa.array(cells, pa.string())
    plain, coded = (signatures(pa.RecordBatch.from_arrays([each], names=["a"]), step) for each in (words, words.dictionary_encode()))
    assert plain.tolist() == coded.tolist()


def test_stretches_of_numbers_look_the_same_together_and_alone() -> None:
    """How many stretches stand in a batch changes nothing about how each of them looks."""
    chance = random.Random(9)
    numbers = pa.array([chance.choice([None, 0.0, float(chance.randrange(9)), chance.gauss(0, 1)]) for _ in range(6250)])
    together = signatures(pa.RecordBatch.from_arrays([numbers], ["x"]), 50)
    alone = [signatures(pa.RecordBatch.from_arrays([numbers[start : start + 50]], ["x"]), 50)[0] for start in range(0, 6250, 50)]
    apart = abs(together - alone)
    apart[:, 5] = 0  # the first row of a stretch may repeat the last one of the stretch before
    assert apart.max() < 1e-4


@given(st.lists(st.integers(-128, 127), min_size=1, max_size=40), st.integers(1, 9))
def test_whole_numbers_look_the_same_in_few_bytes(cells: list[int], step: int) -> None:
    """The same numbers in a byte each and as floats are one look."""
    small, wide = (signatures(pa.RecordBatch.from_arrays([pa.array(cells, kind)], names=["a"]), step) for kind in (pa.int8(), pa.float64()))
    assert small.tolist() == wide.tolist()


def test_no_rows_have_no_look() -> None:
    """An empty batch has no stretch, whatever its columns hold."""
    columns = [
        pa.array([], pa.int8()),
        pa.array([], pa.float64()),
        pa.array([], pa.string()),
        pa.array([], pa.string()).dictionary_encode(),
    ]
    assert signatures(pa.RecordBatch.from_arrays(columns, names=["a", "b", "c", "d"]), 10).shape[0] == 0
