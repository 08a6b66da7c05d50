"""Looking ids up among digests."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.withdrawn import (
    BLAKE2B,
    HMAC_SHA256,
    Withdrawn,
    candidates,
    canonical,
    digests_of,
    found_in,
    mixed,
    pairs_in,
    shape,
    sorted_pairs,
)

KEY = b"sixteen bytes...."


def hashed(*ids: str, scheme: str = HMAC_SHA256) -> Withdrawn:
    """A list of digests, as its keeper would make it."""
    made = [
        hmac.digest(KEY, each.encode(), "sha256")
        if scheme == HMAC_SHA256
        else hashlib.blake2b(each.encode(), key=KEY, digest_size=32).digest()
        for each in ids
    ]
    words = sorted_pairs(digests_of(digest[:16] for digest in made))
    return Withdrawn(
        scheme=scheme, key=KEY, words=words, numbers=np.zeros(0, dtype=np.uint64), shapes=None, lengths={0: len(ids)}, pieces=6
    )


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("1234567", "1234567"),
        ("1234567.0", "1234567"),
        ("P_1234567", "1234567"),
        ("1234567_2", "1234567"),
        ("sub-1234567", "1234567"),
        ("eid1234567", "1234567"),
        ("results/1234567.csv", "1234567"),
        ("LP1234567-DNA_A01.vcf.gz", "LP1234567-DNA_A01"),
    ],
)
def test_wrapped_ids_are_candidates(word: str, wanted: str) -> None:
    """Prefixes, suffixes, separators and decimals of zero do not hide an id."""
    assert wanted in candidates(word, 6)


@pytest.mark.parametrize("word", ["0.1234567", "3.1234567", "1234567e-3", "rs1234567", "91234567", "x1234567y", "1.1234567e5"])
def test_other_numbers_are_not(word: str) -> None:
    """Decimals, longer numbers and names of variants hold no id."""
    assert "1234567" not in candidates(word, 6)


def test_canonical_form_and_shape() -> None:
    """Case, leading zeros and kinds of separators make no difference."""
    assert canonical("LP1234567-DNA_A01") == canonical("lp1234567_dna-a01") == "lp1234567-dna-a01"
    assert canonical("000123456") == "123456"
    assert shape("LP1234567-DNA_A01") == "aa9999999-aaa-a99"


@pytest.mark.parametrize("scheme", [HMAC_SHA256, BLAKE2B])
def test_hashed_lists(scheme: str) -> None:
    """Digests that the keeper made with a key are found, as they were written and in other case."""
    listed = hashed("1234567", "LP7654321-DNA_B02", scheme=scheme)
    found = listed.in_words(["P_1234567", "lp7654321-dna_b02.bam", "1234568", "see", "0001234567"]).tolist()
    assert found == [-7, 17, 0, 0, -7]
    assert listed.in_numbers(np.array([1234567, 7654321])).tolist() == [True, False]


@given(st.sets(st.integers(1, 10**18 - 1), min_size=1, max_size=200), st.lists(st.integers(1, 10**18 - 1), max_size=50))
def test_numbers_are_found_and_no_others(ids: set[int], others: list[int]) -> None:
    """Mixing keeps different numbers apart."""
    listed = np.sort(mixed(np.array(sorted(ids)), KEY))
    asked = [*sorted(ids), *others]
    assert found_in(mixed(np.array(asked), KEY), listed).tolist() == [number in ids for number in asked]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30),
)
def test_pairs_with_equal_halves(listed: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    """Digests whose first halves are alike are told apart by the second."""
    pairs = sorted_pairs(np.array(listed, dtype=np.uint64).reshape(-1, 2))
    assert pairs_in(np.array(asked, dtype=np.uint64).reshape(-1, 2), pairs).tolist() == [pair in listed for pair in asked]
