"""Which patterns cannot match by the letters that cells hold: millions of cells like `rs12345` need no search for `LP1234567-DNA_A01`."""

from __future__ import annotations

import functools
import importlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ASCII = 128
_FIRST = 4096  # bytes that most likely show nearly all letters
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda letter: letter.isalnum() or letter == "_",
}
# what takes no letter
_PLACES = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})

Letters = tuple[str, str]


def letters_of(cells: Any) -> Letters | None:
    """The different letters of text cells, and those that a cell begins with; None where some are not ASCII."""
    import numpy as np

    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    if data is None or ends[0] == ends[-1]:
        return "", ""
    text = np.frombuffer(data, np.uint8)
    met = _met(text[ends[0] : ends[-1]].tobytes())
    if max(met) >= _ASCII:
        return None
    starts = ends[:-1]
    held = starts < ends[1:]
    first = _met(text[starts if held.all() else starts[held]].tobytes())
    return "".join(map(chr, sorted(met))), "".join(map(chr, sorted(first)))


def _met(text: bytes) -> set[int]:
    """The different bytes of a text."""
    met = set(text[:_FIRST])
    met.update(text.translate(None, bytes(met)))
    return met


@functools.lru_cache(maxsize=1024)
def may_match(pattern: str, letters: Letters | None) -> bool:
    """False where no cell of these letters can hold a match; True wherever that is not sure."""
    if letters is None or "[:" in pattern:  # classes by name are read otherwise by Python
        return True
    try:
        parsed = importlib.import_module("re._parser").parse(pattern)
        return _run(parsed, letters, at_start=False, any_case=False)[0]
    except (ImportError, AttributeError, LookupError, TypeError, ValueError, re.error):  # a language of patterns that is not known here
        return True


def _run(parts: Sequence[Any], letters: Letters, *, at_start: bool, any_case: bool) -> tuple[bool, bool]:
    """Whether all parts of a pattern may match one after another, and whether no letter need have been taken yet."""
    for kind, what in parts:
        name = str(kind)
        if name == "AT":
            at_start = at_start or str(what) in ("AT_BEGINNING", "AT_BEGINNING_STRING")
            continue
        possible, at_start = _part(name, what, letters, at_start=at_start, any_case=any_case)
        if not possible:
            return False, False
    return True, at_start


def _part(name: str, what: Any, letters: Letters, *, at_start: bool, any_case: bool) -> tuple[bool, bool]:
    if name in _PLACES:
        return True, at_start
    if name in _REPEATS:
        least, _, inner = what
        possible, _ = _run(inner, letters, at_start=at_start, any_case=any_case)
        # what may be left out takes nothing where it cannot match
        return (possible or not least), at_start and not possible
    if name == "SUBPATTERN":
        _, added, removed, inner = what
        return _run(inner, letters, at_start=at_start, any_case=(any_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)
    if name == "BRANCH":
        found = [_run(branch, letters, at_start=at_start, any_case=any_case) for branch in what[1]]
        return any(possible for possible, _ in found), False
    among = letters[1] if at_start else letters[0]
    if any_case:
        among = among.lower() + among.upper()
    return any(_takes(name, what, letter) for letter in among), False


def _takes(name: str, what: Any, letter: str) -> bool:
    """Whether a part for one letter takes this one."""
    if name == "LITERAL":
        return bool(ord(letter) == what)
    if name == "NOT_LITERAL":
        return bool(ord(letter) != what)
    if name == "IN":
        refused = bool(what) and str(what[0][0]) == "NEGATE"
        return refused != any(_takes(str(kind), one, letter) for kind, one in what[refused:])
    if name == "RANGE":
        return bool(what[0] <= ord(letter) <= what[1])
    if name == "CATEGORY":
        kind = str(what).replace("_NOT", "")
        return _CATEGORIES[kind](letter) != ("_NOT" in str(what))
    return True


__all__ = ["Letters", "letters_of", "may_match"]
