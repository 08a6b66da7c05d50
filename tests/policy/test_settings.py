"""Settings of models that a profile calls risky."""

from __future__ import annotations

from typing import Any

import pytest

from sdc_airlock.errors import PolicyError
from sdc_airlock.policy.settings import validate


def test_conditions_are_taken_apart() -> None:
    """A condition is a setting, a comparison and a number or a word."""
    assert validate([{"model": "RandomForestClassifier", "when": ["max_depth > 7.5", "max_features != none"]}]) == (
        ("RandomForestClassifier", (("max_depth", ">", 7.5), ("max_features", "!=", "none"))),
    )


@pytest.mark.parametrize(
    "value",
    [
        "x",
        [1],
        [{"model": "A"}],
        [{"model": "A", "when": []}],
        [{"model": "A", "when": "max_depth > 1"}],
        [{"model": "", "when": ["max_depth > 1"]}],
        [{"model": "A", "when": ["max_depth"]}],
        [{"model": "A", "when": ["max_depth ~ 1"]}],
        [{"model": "A", "when": ["max_depth > none"]}],
        [{"model": "A", "when": [7]}],
        [{"model": "A", "when": ["max_depth > 1"], "more": 1}],
        [{"model": "A", "when": ["max_depth > 1"]}] * 101,
    ],
)
def test_other_forms_are_refused(value: Any) -> None:
    """Anything else is an error of the profile, said in words."""
    with pytest.raises(PolicyError):
        validate(value)
