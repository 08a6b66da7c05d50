"""Labels that read as ids of single people: long numbers behind the same letters, many of them, never twice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.recognise.lexicon import values

FEWEST_LABELS = 20
_ID = re.compile(r"([A-Za-z]{1,6})[-_. ]?(\d{5,12})(?:[-_.][A-Za-z0-9]{1,6}){0,2}")
# fields of a data dictionary (p30010), areas of the ONS (E06000001)
_FIELD_OR_AREA = re.compile(r"[a-z]\d{4,6}(?:_[a-z0-9]+)?|[ENSWK]\d{8}")
_NEARLY_ALL = 0.9
_DIFFERENT = 0.95


def read_as_ids(labels: Sequence[str]) -> bool:
    """True where nearly all labels are letters and a long number, all with the same letters and as many digits, and hardly one comes twice.

    Codes of public catalogues (variants, genes, terms of an ontology, areas) are none; their letters stand in `lexicon/values.toml`.
    """
    filled = [label.strip() for label in labels if label.strip()]
    if len(filled) < FEWEST_LABELS or len(set(filled)) < _DIFFERENT * len(filled):
        return False
    found = [match for label in filled if (match := _ID.fullmatch(label))]
    if len(found) < _NEARLY_ALL * len(filled):
        return False
    if all(_FIELD_OR_AREA.fullmatch(match[0]) for match in found):
        return False
    letters = {match[1].lower() for match in found}
    lengths = {len(match[2]) for match in found}
    return len(letters) <= 2 and len(lengths) <= 2 and not letters & values("code_prefixes")


__all__ = ["FEWEST_LABELS", "read_as_ids"]
