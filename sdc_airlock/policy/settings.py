"""Settings of models that a profile may call risky: a class of model, and conditions that hold together."""

from __future__ import annotations

import re
from typing import TypeAlias

from sdc_airlock.errors import PolicyError

Condition: TypeAlias = tuple[str, str, float | str]
Risky: TypeAlias = tuple[str, tuple[Condition, ...]]

_KEYS = frozenset({"model", "when"})
_MODEL = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,60}")
_CONDITION = re.compile(r"([a-z][a-z_]{0,40}) (<=|>=|<|>|==|!=) ([a-z][a-z0-9]{0,10}|[0-9]{1,9}(?:\.[0-9]{1,9})?)")
_WORDS_ONLY = frozenset({"==", "!="})
_MOST = 100


def validate(value: object) -> tuple[Risky, ...]:
    """Conditions as a check sees them.

    Raises:
        PolicyError: they do not have the form that is asked for.
    """
    if not isinstance(value, list) or len(value) > _MOST:
        raise PolicyError(f"expected a list of at most {_MOST} tables of model and when")
    return tuple(_risky(each) for each in value)


def _risky(value: object) -> Risky:
    if not isinstance(value, dict) or set(value) != _KEYS:
        raise PolicyError("expected tables with the keys model and when")
    model, when = value["model"], value["when"]
    if not isinstance(model, str) or not _MODEL.fullmatch(model):
        raise PolicyError("a model is the name of a class")
    if not isinstance(when, list) or not when:
        raise PolicyError("when is a list of conditions, of which all have to hold")
    return model, tuple(_condition(each) for each in when)


def _condition(value: object) -> Condition:
    """A condition: name, comparison, number or word."""
    found = _CONDITION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PolicyError('a condition is a setting, a comparison and a number or word, such as "max_depth > 7.5"')
    name, comparison, against = found.groups()
    if against[0].isdigit():
        return name, comparison, float(against)
    if comparison not in _WORDS_ONLY:
        raise PolicyError("a word is compared by == or != only")
    return name, comparison, against


__all__ = ["Condition", "Risky", "validate"]
