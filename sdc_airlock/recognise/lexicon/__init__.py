"""Word lists of the field: what headers and values say. Data, with the few functions that look words up."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from sdc_airlock.model.recognised import Role

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^a-z0-9%]+")
_OCCASION = re.compile(
    r"pre|post|before|after|baseline|base|bl|start|end|entry|exit|admission|discharge|follow_?up|fu\d{0,2}|first|last|initial|final|(?:t|v|visit|wave|time|week|wk|month|day)\d{1,2}"
)
_OF_BODIES = frozenset({"person_attribute", "body"})

# order matters: the first role whose words match wins
ROLE_ORDER: tuple[tuple[str, Role], ...] = (
    ("p_value", Role.P_VALUE),
    ("standard_error", Role.STANDARD_ERROR),
    ("confidence_limit", Role.CONFIDENCE_LIMIT),
    ("person_time", Role.PERSON_TIME),
    ("ratio", Role.RATIO),
    ("frequency", Role.FREQUENCY),
    ("coefficient", Role.COEFFICIENT),
    ("standard_deviation", Role.STANDARD_DEVIATION),
    ("mean", Role.MEAN),
    ("percentage", Role.PERCENTAGE),
    ("rate", Role.RATE),
    ("minimum", Role.MINIMUM),
    ("maximum", Role.MAXIMUM),
    ("quantile", Role.QUANTILE),
    ("test_statistic", Role.TEST_STATISTIC),
    ("marker", Role.MARKER),
    ("allele", Role.ALLELE),
    ("genotype", Role.GENOTYPE),
    ("identifier", Role.IDENTIFIER),
    ("count", Role.COUNT),
    ("gene", Role.GENE),
    ("position", Role.POSITION),
    ("date", Role.DATE),
    ("period", Role.PERIOD),
    ("place", Role.PLACE),
)


@dataclass(frozen=True, slots=True)
class _Index:
    """All header word lists, turned round: from a whole header, a word or the first word of a phrase to the lists it stands in."""

    exact: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]


@cache
def _index() -> _Index:
    raw = tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text("utf-8"))
    exact: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, entry in raw.items():
        for word in entry["exact"]:
            exact.setdefault(word, []).append(name)
        for word in entry["words"]:
            words.setdefault(word, []).append(name)
        for phrase in entry["phrases"]:
            parts = tuple(phrase.split())
            phrases.setdefault(parts[0], []).append((parts, name))
    return _Index(
        {key: tuple(found) for key, found in exact.items()},
        {key: tuple(found) for key, found in words.items()},
        {key: tuple(found) for key, found in phrases.items()},
    )


@cache
def values(name: str) -> frozenset[str]:
    """A list of values by name, lower case, with spaces."""
    raw = tomllib.loads(resources.files(__package__).joinpath("values.toml").read_text("utf-8"))
    return frozenset(word.replace("_", " ") for word in raw[name].split())


@lru_cache(maxsize=50_000)
def normalise(header: str) -> tuple[str, tuple[str, ...]]:
    """A header as one name ("n_cases") and as its words ("n", "cases")."""
    text = _CAMEL.sub("_", header.strip())
    tokens = tuple(token for token in _OTHER.sub(" ", text.lower()).split() if token)
    return "_".join(tokens), tokens


@lru_cache(maxsize=50_000)
def matches(header: str) -> dict[str, int]:
    """How strongly each word list matches a header: 2 where the whole header stands in it, 1 where a word or phrase does; others are left out."""
    name, tokens = normalise(header)
    if not name:
        return {}
    index = _index()
    found = {}
    for place, token in enumerate(tokens):
        for list_name in index.words.get(token, ()):
            found[list_name] = 1
        for parts, list_name in index.phrases.get(token, ()):
            if tokens[place : place + len(parts)] == parts:
                found[list_name] = 1
    for list_name in index.exact.get(_without_occasion(tokens), ()):
        if list_name in _OF_BODIES:
            found[list_name] = 1
    for list_name in (*index.exact.get(name, ()), *index.exact.get(name.replace("_", ""), ())):
        found[list_name] = 2
    if "%" in header and "percentage" not in found and "confidence_limit" not in found:
        found["percentage"] = 1
    return found


def _without_occasion(tokens: tuple[str, ...]) -> str:
    """A header without the word at either end that says when something was measured ("sbp_pre", "baseline weight"); "" where there is no such word."""
    if len(tokens) > 1 and _OCCASION.fullmatch(tokens[-1]):
        return "_".join(tokens[:-1])
    if len(tokens) > 1 and _OCCASION.fullmatch(tokens[0]):
        return "_".join(tokens[1:])
    return ""


def is_total(text: str) -> bool:
    """True for a row or column label that names a total."""
    name, tokens = normalise(text)
    return name.replace("_", " ") in values("totals") or (bool(tokens) and tokens[0] in {"total", "totals", "subtotal"})
