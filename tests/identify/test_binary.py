"""Formats told by signature and structure."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import IdentificationError
from sdc_airlock.identify import TYPES, available, identify
from sdc_airlock.model.filetype import FileType
from sdc_airlock.source import Source

NAMES = ["", "a", "table.csv", "x.vcf.gz", "photo.png", "run.exe", ".hidden", "a" * 255, "\u202egpj.exe", "b\x00\n.txt"]


def test_every_sample_gets_its_label(samples: dict[str, tuple[str, bytes]], label_of: Callable[[bytes], str]) -> None:
    """Each format is told from its bytes alone."""
    found = {name: label_of(data) for name, (_, data) in samples.items()}
    assert found == {name: label for name, (label, _) in samples.items()}


def test_renaming_never_changes_the_label(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """The name is a claim and no evidence."""
    for data in (data for _, data in samples.values()):
        assert len({(identified(data, name).label, identified(data, name).also) for name in NAMES}) == 1


def test_truncations_of_every_sample_are_identified_as_something(
    samples: dict[str, tuple[str, bytes]], label_of: Callable[[bytes], str]
) -> None:
    """A file that breaks off anywhere never breaks identification."""
    chance = random.Random(5)
    for _, data in samples.values():
        for size in {0, 1, 2, 3, 4, 7, 8, 15, 16, 24, 31, *(chance.randrange(len(data)) for _ in range(12))}:
            assert label_of(data[:size]) in TYPES


def test_flipped_bytes_are_identified_as_something(samples: dict[str, tuple[str, bytes]], label_of: Callable[[bytes], str]) -> None:
    """Damage in headers never breaks identification."""
    chance = random.Random(6)
    for _, data in samples.values():
        for _ in range(10):
            damaged = bytearray(data)
            for _ in range(3):
                damaged[chance.randrange(min(len(damaged), 600))] = chance.randrange(256)
            assert label_of(bytes(damaged)) in TYPES


@given(st.binary(max_size=3000))
def test_any_bytes_get_a_known_label(data: bytes) -> None:
    """Whatever the bytes are, identification answers with a type of the table."""
    assert identify(Source.of_bytes(data, part_id="x", name="x")).label in TYPES


@given(st.text(max_size=600))
def test_any_text_gets_a_known_label(text: str) -> None:
    """Whatever the text is, identification answers with a type of the table."""
    assert identify(Source.of_bytes(text.encode("utf-8", "surrogatepass"), part_id="x", name="x")).label in TYPES


def test_a_compressed_stream_that_cannot_be_sought_is_identified() -> None:
    """Sources of unknown size, as compressed streams are, have no tail and are told from their head."""
    data = gzip.compress(b"sex,cases\nF,120\nM,131\n")

    def opener() -> gzip.GzipFile:
        return gzip.GzipFile(fileobj=Source.of_bytes(data, part_id="x", name="x").opener())

    assert identify(Source(part_id="x", name="x.csv", opener=opener, size=None)).label == "csv"  # type: ignore[arg-type]


def test_evidence_is_given_for_every_sample(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """A person can read what the bytes said."""
    assert all(identified(data).evidence[0] for _, data in samples.values())


def test_both_means_are_available() -> None:
    """The table of our own and libmagic are both there in this environment."""
    assert available() == {"table": True, "libmagic": True}


def test_without_the_table_nothing_is_identified(monkeypatch: pytest.MonkeyPatch, identified: Callable[..., FileType]) -> None:
    """A package that lost its table of types fails closed."""
    monkeypatch.setattr("sdc_airlock.identify.TYPES", {})
    with pytest.raises(IdentificationError, match="table of types"):
        identified(b"a,b\n1,2\n")


def test_without_libmagic_the_table_still_identifies(monkeypatch: pytest.MonkeyPatch, identified: Callable[..., FileType]) -> None:
    """The second opinion may be missing; what we know ourselves stays."""
    monkeypatch.setattr("sdc_airlock.identify._second._handle", lambda: None)
    assert available() == {"table": True, "libmagic": False}
    found = identified(b"%PDF-1.7\n%%EOF\n", "a.pdf")
    assert (found.label, found.second_opinion) == ("pdf", "")
