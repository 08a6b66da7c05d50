"""Symbols of human genes, told by the families that they are named after."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.recognise.lexicon import values

_SYMBOL = re.compile(r"[A-Z][A-Z0-9-]{1,14}|C\d{1,2}orf\d{1,3}")
_NEARLY_ALL, _MOST = 0.9, 0.7
_FEWEST, _FEWEST_FAMILIES = 6, 5
_LOOKED_AT = 500
_LONGEST_STEM, _SHORTEST_STEM = 7, 2


def symbols_of_genes(cells: Sequence[str]) -> bool:
    """True where most words begin as the symbols of families of genes do, and are of several families: ids of people begin alike."""
    words = [cell for cell in cells[:_LOOKED_AT] if cell]
    if len(words) < _FEWEST or sum(bool(_SYMBOL.fullmatch(word)) for word in words) <= _NEARLY_ALL * len(words):
        return False
    stems = [stem for word in words if (stem := _stem(word))]
    return len(stems) > _MOST * len(words) and len(set(stems)) >= _FEWEST_FAMILIES


def _stem(word: str) -> str:
    """The longest name of a family that a word begins with, "" where there is none."""
    known = values("gene_stems")
    return next((word[:size] for size in range(min(len(word), _LONGEST_STEM), _SHORTEST_STEM - 1, -1) if word[:size].lower() in known), "")


__all__ = ["symbols_of_genes"]
