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
class Words:
    """One list of header words."""

    exact: frozenset[str]
    words: frozenset[str]
    phrases: tuple[str, ...]

    def match(self, name: str, tokens: tuple[str, ...]) -> int:
        """2 where the whole header matches, 1 where a word or phrase of it does, else 0."""
        if name in self.exact:
            return 2
        if any(token in self.words for token in tokens):
            return 1
        joined = " " + " ".join(tokens) + " "
        return 1 if any(f" {phrase} " in joined for phrase in self.phrases) else 0


@cache
def headers() -> dict[str, Words]:
    """The header word lists by name."""
    raw = tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text("utf-8"))
    return {
        name: Words(frozenset(entry["exact"]), frozenset(entry["words"]), tuple(entry["phrases"])) for name, entry in raw.items()
    }


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
    """How strongly each word list matches a header; lists that do not match are left out."""
    name, tokens = normalise(header)
    compact = name.replace("_", "")
    found: dict[str, int] = {}
    if not name:
        return found
    for list_name, words in headers().items():
        strength = words.match(name, tokens) or (2 if compact in words.exact else 0)
        if strength:
            found[list_name] = strength
    if "%" in header and "percentage" not in found and not any(key in found for key in ("confidence_limit",)):
        found["percentage"] = 1
    return found


def is_total(text: str) -> bool:
    """True for a row or column label that names a total."""
    name, tokens = normalise(text)
    return name.replace("_", " ") in values("totals") or bool(tokens) and tokens[0] in {"total", "totals", "subtotal"}
