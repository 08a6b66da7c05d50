"""Labels that read as ids of people, and codes that do not."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.recognise.labels import FEWEST_LABELS, read_as_ids

_rng = Random(3)


def _codes(form: str, count: int = 40) -> list[str]:
    return [form.format(n=10_000_000 + place * 7919, m=100_000 + place * 137, k=10_000 + place * 13) for place in range(count)]


@pytest.mark.parametrize("form", ["P{m}", "LP{n}-DNA_A01", "ID_{k}", "subj-{n}", "DEID {m}"])
def test_ids(form: str):
    """The same letters and a long number, never twice, in any order."""
    labels = _codes(form)
    _rng.shuffle(labels)
    assert read_as_ids(labels)


@pytest.mark.parametrize("form", ["rs{n}", "ENSG{n}", "GO:{n}", "cg{n}", "p{k}", "E{n}", "NCT{n}", "{n}", "chr{k}", "model_{k}"])
def test_codes_of_catalogues(form: str):
    """Variants, genes, terms, probes, fields, areas and studies are no people, and digits alone say nothing."""
    assert not read_as_ids(_codes(form))


def test_words_and_few_ids():
    """Words are no ids, and a handful of labels is not enough to tell."""
    assert not read_as_ids(["North", "South", "East", "West"] * 10)
    assert not read_as_ids(_codes("P{m}", FEWEST_LABELS - 1))
    assert not read_as_ids(_codes("P{m}", 10) * 4)


@pytest.mark.no_cover
@given(st.lists(st.text(max_size=12), max_size=60))
def test_any_labels(labels: list[str]):
    """Whatever the labels, the answer does not hang on their order."""
    assert read_as_ids(labels) == read_as_ids(labels[::-1])
