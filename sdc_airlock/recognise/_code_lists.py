"""Lists of the codes of a classification with what each stands for: neighbours there speak of the same thing, which neighbours among people do not."""

from __future__ import annotations

import re
from itertools import pairwise

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._certain import sexes
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.lexicon import normalise

_FEWEST_ROWS, _FEWEST_WORDS, _LONGEST_CODE = 20, 2.5, 12
_ALL, _MOSTLY = 0.97, 0.9
_CLOSER, _FEW, _HARDLY_TWICE, _IN_RUNS = 0.25, 16, 0.7, 0.5
_WORD = re.compile(r"[A-Za-z]{3,}")
_CLASSIFICATION = re.compile(
    r"(?:^|_)(?:icd_?o?(?:9|10|11)?(?:cm|pcs|_?9|_?10|_?11)?(?:cm|pcs)?|snomed\w{0,4}|opcs\w{0,3}|read_?(?:v?[23])?|ctv3|atc|dmd|rxnorm|rxcui|mesh|hpo|omim|orpha\w{0,3}|umls|cui|loinc|cpt|hcpcs|ccs\w{0,3}|mondo|meddra|bnf|icpc)(?:_|$)"
)
_NEVER = frozenset({Role.DATE, Role.PLACE, Role.MARKER, Role.GENE, Role.MEAN, Role.RATE, Role.PERSON_TIME})


def code_list(used: Typed, rows: int) -> float:
    """1 where each row is a code of a classification, in order, beside what it stands for or beside the code of another classification.

    Args:
        used: Columns with their roles.
        rows: Rows looked at.
    """
    if rows < _FEWEST_ROWS or len(used) < 2 or any(role in _NEVER for _, role in used):
        return 0.0
    if any(
        "person_attribute" in one.named or "body" in one.named or sexes(one) or one.cells.share(CellKind.DATE, CellKind.BAND) > 0
        for one, _ in used
    ):
        return 0.0
    columns = [one for one, _ in used]
    return max(_described(columns), _mapped(columns))


def _described(columns: list[Profile]) -> float:
    """1 where codes in order stand beside texts of several words, each once, that are more like the next one than like one far off; others have few levels."""
    codes = columns[0]
    texts = [one for one in columns[1:] if not one.numeric and one.unique > _MOSTLY and _words(one) >= _FEWEST_WORDS]
    if not texts or not _are_codes(codes) or not _in_order(codes):
        return 0.0
    others = [one for one in columns[1:] if not any(one is text for text in texts)]
    if any(one.levels > _FEW and (one.numeric or not _runs(one)) for one in others):
        return 0.0
    return float(_closer_to_neighbours(texts[0]))


def _mapped(columns: list[Profile]) -> float:
    """1 where the first two columns are named after two classifications, the first in order and each code hardly twice, near codes beside near ones; others hold marks."""
    named = [match[0] for one in columns[:2] if (match := _CLASSIFICATION.search(normalise(one.name)[0])) and _short(one)]
    if len(set(named)) < 2 or columns[0].unique < _HARDLY_TWICE or not _in_order(columns[0]):
        return 0.0
    if any(one.levels > _FEW or not one.numeric for one in columns[2:]):
        return 0.0
    return float(_closer([frozenset(code[:1]) for code in _cells(columns[1])]))


def _are_codes(one: Profile) -> bool:
    return one.unique >= _ALL and _short(one)


def _short(one: Profile) -> bool:
    words = [word.strip() for word in one.cells.text if word.strip()]
    return (
        bool(words)
        and all(len(word) <= _LONGEST_CODE and " " not in word for word in words)
        and any(any(map(str.isdigit, word)) for word in words)
    )


def _in_order(one: Profile) -> bool:
    """True for codes that rise by their letters, or by their numbers."""
    words = [word.strip() for word in _cells(one)]
    rising = sum(before <= after for before, after in pairwise(words))
    return rising >= _MOSTLY * (len(words) - 1)


def _cells(one: Profile) -> list[str]:
    """The words of a column, row by row."""
    return [one.cells.text[code] for code in one.cells.codes.tolist()]


def _words(one: Profile) -> float:
    texts = _cells(one)
    return sum(len(text.split()) for text in texts) / max(len(texts), 1)


def _closer_to_neighbours(one: Profile) -> bool:
    return _closer([frozenset(_WORD.findall(text.lower())) for text in _cells(one)])


def _runs(one: Profile) -> bool:
    """True for words most of which are those of the row above."""
    words = _cells(one)
    return sum(before == after for before, after in pairwise(words)) >= _IN_RUNS * (len(words) - 1)


def _closer(texts: list[frozenset[str]]) -> bool:
    """True where neighbours share something more often than rows far apart."""
    half = len(texts) // 2
    near = sum(bool(here & there) for here, there in pairwise(texts)) / max(len(texts) - 1, 1)
    far = sum(bool(here & there) for here, there in zip(texts, texts[half:], strict=False)) / max(half, 1)
    return near >= far + _CLOSER


__all__ = ["code_list"]
