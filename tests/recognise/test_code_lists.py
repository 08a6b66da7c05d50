"""Codes of classifications with what they stand for are lists, people with what is written of them are not."""

from __future__ import annotations

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

SITES = (
    "lip",
    "tongue",
    "gum",
    "palate",
    "tonsil",
    "stomach",
    "colon",
    "rectum",
    "liver",
    "larynx",
    "lung",
    "bone",
    "skin",
    "breast",
    "bladder",
    "kidney",
)
DISEASES = (
    "Malignant neoplasm",
    "Carcinoma in situ",
    "Benign neoplasm",
    "Abscess",
    "Chronic ulcer",
    "Open wound",
    "Acute inflammation",
    "Stricture",
)
PARTS = ("upper part", "lower part", "overlapping lesion", "unspecified", "inner aspect", "outer aspect", "anterior wall", "posterior wall")


def likely(text: str) -> float:
    """How likely any table of a file is one row a person."""
    source = Source.of_bytes(text.encode(), part_id="a.csv", name="a.csv")
    return max(part.individual for part in recognise(read(source, identify(source), file_id="", limits=Limits()), Limits()))


def codes() -> list[tuple[str, str]]:
    """A thousand codes in order with their texts, those of a disease side by side."""
    told = [f"{disease} of {site} {part}" for disease in DISEASES for site in SITES for part in PARTS]
    return [(f"{chr(65 + at // 100)}{at % 100:02d}{at % 10}", text) for at, text in enumerate(told)]


@pytest.mark.parametrize("header", ["ICD_Code,Description,Kind,Flag", "code,term,type,device", "a,b,c,d"])
def test_codes_with_texts(header: str) -> None:
    """A list of codes is told by its order and by neighbours that speak of the same, whatever its columns are called."""
    assert likely(f"{header}\n" + "".join(f'{code},"{text}",DX,{at % 3 == 0:d}\n' for at, (code, text) in enumerate(codes()))) < 0.3


def test_codes_of_two_classifications() -> None:
    """Each code of one classification beside the code of another, with marks."""
    rows = "".join(f"{at:05d},{code},{at % 7:05b},{at % 2},0\n" for at, (code, _) in enumerate(codes()))
    assert likely(f"icd9cm,icd10cm,flags,approximate,no_map\n{rows}") < 0.3


@pytest.mark.parametrize("header", ["code,description,type,flag", "icd9,icd10,type,flag"])
def test_people_under_the_same_headers(header: str) -> None:
    """People in order of their numbers, with what is written of each, are people."""
    rng = np.random.default_rng(2)
    texts = [text for _, text in codes()]
    rows = "".join(
        f'P{4000 + 3 * at},"{texts[rng.integers(len(texts))]} seen at age {rng.integers(20, 90)}",{"FM"[rng.integers(2)]},{rng.integers(2)}\n'
        for at in range(300)
    )
    assert likely(f"{header}\n{rows}") > 0.5


def test_people_sorted_by_what_is_written_of_them() -> None:
    """Sexes, bands of age and ages are no marks of a code; two diagnoses of each person are no codes of two classifications."""
    rng = np.random.default_rng(3)
    texts = [text for _, text in codes()]
    last = {
        "sex": lambda: rng.choice(["F", "M"]),
        "band": lambda: f"{(low := 10 * int(rng.integers(2, 8)))}-{low + 9}",
        "age": lambda: str(rng.integers(20, 90)),
    }
    for value in last.values():
        body = "".join(f'P{4000 + 3 * at},"{text} since {rng.integers(1, 99)} months",{value()}\n' for at, text in enumerate(texts[:400]))
        assert likely(f"a,b,c\n{body}") > 0.5
    told = [f"{'CEIJKM'[rng.integers(6)]}{rng.integers(10, 70)}" for _ in range(600)]
    pairs = sorted(zip(told[:300], told[300:], strict=True))
    body = "".join(f"{one},{other},{rng.integers(1, 12)},{rng.integers(2)}\n" for one, other in pairs)
    assert likely(f"icd10_1,icd10_2,ward,died\n{body}") > 0.3
