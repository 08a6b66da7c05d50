"""What a value of a rule may be: each function gives the value as checks take it, or says in words what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdc_airlock.errors import PolicyError
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.recognised import Kind
from sdc_airlock.model.sandbox import Protection

Validator = Callable[[object], Any]


def whole(value: object) -> int:
    """A whole number of at least 0; `true` is no number."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PolicyError("expected a whole number of at least 0")
    return value


def share(value: object) -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PolicyError("expected a number from 0 to 1")
    return float(value)


def positive_share(value: object) -> float:
    """A number above 0, up to 1."""
    part = share(value)
    if part == 0:
        raise PolicyError("expected a number above 0, up to 1")
    return part


def numbers_and_shares(value: object) -> tuple[tuple[int, float], ...]:
    """Pairs of a whole number of at least 1 and a share."""
    if not isinstance(value, list) or not value or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise PolicyError("expected a list of [number, share]")
    pairs = tuple((whole(number), share(part)) for number, part in value)
    if any(number < 1 for number, _ in pairs):
        raise PolicyError("expected [number, share] with a number of at least 1")
    return pairs


def low_and_high(value: object) -> tuple[int, int]:
    """Two whole numbers, the lower first, both inclusive."""
    if not isinstance(value, list) or len(value) != 2:
        raise PolicyError("expected [lowest, highest], both inclusive")
    low, high = whole(value[0]), whole(value[1])
    if not 1 <= low <= high:
        raise PolicyError("expected [lowest, highest] with 1 <= lowest <= highest")
    return low, high


def one_of(*words: str) -> Validator:
    def validate(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise PolicyError("expected one of " + ", ".join(words))
        return value

    return validate


def labels(value: object) -> tuple[str, ...]:
    """Labels of `identify.types`, each once."""
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        raise PolicyError("expected a list of format labels")
    unknown = sorted(set(value) - TYPES.keys())
    if unknown:
        raise PolicyError(f"unknown format label {unknown[0]!a}")
    if len(set(value)) != len(value):
        raise PolicyError("a format label stands twice")
    return tuple(value)


def protections(value: object) -> tuple[str, ...]:
    """Protections of the sandbox, each once."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise PolicyError("expected a list of protections")
    known = {each.value for each in Protection}
    unknown = sorted(set(value) - known)
    if unknown:
        raise PolicyError(f"unknown protection {unknown[0]!a}; the protections are {', '.join(Protection)}")
    if len(set(value)) != len(value):
        raise PolicyError("a protection stands twice")
    return tuple(value)


def rising(value: object) -> tuple[float, float, float]:
    """Three numbers from 0 to 1, none smaller than the one before."""
    if not isinstance(value, list) or len(value) != 3:
        raise PolicyError("expected [noted, held, grave], three numbers from 0 to 1")
    noted, held, grave = map(share, value)
    if not noted <= held <= grave:
        raise PolicyError("expected three numbers from 0 to 1, none smaller than the one before")
    return noted, held, grave


def two_ratios(value: object) -> tuple[float, float]:
    """Two numbers above 0, the smaller first."""
    if not isinstance(value, list) or len(value) != 2 or any(isinstance(each, bool) or not isinstance(each, int | float) for each in value):
        raise PolicyError("expected [amber, red], two numbers above 0")
    amber, red = float(value[0]), float(value[1])
    if not 0 < amber <= red < float("inf"):
        raise PolicyError("expected [amber, red] with 0 < amber <= red")
    return amber, red


def false_positives(value: object) -> float:
    """A number above 0 and below one half."""
    part = positive_share(value)
    if part >= 0.5:
        raise PolicyError("expected a number above 0 and below 0.5")
    return part


def marker(value: object) -> str:
    """A sign that readers take for a hidden number, and that says nothing of it."""
    from sdc_airlock.recognise._cell import CellKind, parse  # a worker starts while this is imported

    if not isinstance(value, str) or parse(value)[0] is not CellKind.SUPPRESSED or any(sign.isdigit() for sign in value):
        raise PolicyError('expected a sign for hidden numbers without a number in it, such as "[c]", "*" or "[REDACTED]"')
    return value


def by_kind(value: object) -> dict[str, int]:
    """A whole number for each kind of output named."""
    if not isinstance(value, dict):
        raise PolicyError("expected a table of kind = number")
    kinds = {kind.value for kind in Kind}
    unknown = sorted(set(value) - kinds)
    if unknown:
        raise PolicyError(f"unknown kind of output {unknown[0]!a}")
    return {kind: whole(number) for kind, number in value.items()}
