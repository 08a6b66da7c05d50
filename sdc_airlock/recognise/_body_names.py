"""Headers that name a measure of a body or something else, told apart by the numbers and the headers beside them: `bp`, `height`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise.lexicon import normalise

if TYPE_CHECKING:
    from sdc_airlock.recognise.columns import Profile

_PRESSURES = (30.0, 300.0)  # mmHg; places on a chromosome lie far beyond
_FEWEST_PRESSURES = 3


def as_of_bodies(columns: tuple[Profile, ...]) -> tuple[Profile, ...]:
    """The same columns; pressures of blood are no base pairs, and the height of what has a width is not that of a person."""
    pictures = any(normalise(one.name)[0] == "width" for one in columns)
    return tuple(_without_height(_as_pressure(one)) if pictures else _as_pressure(one) for one in columns)


def _without_height(one: Profile) -> Profile:
    if normalise(one.name)[0] != "height":
        return one
    return replace(one, named={name: much for name, much in one.named.items() if name != "person_attribute"})


def _as_pressure(one: Profile) -> Profile:
    if not one.numeric or normalise(one.name)[0] != "bp" or one.levels < _FEWEST_PRESSURES:
        return one
    finite = one.numbers[np.isfinite(one.numbers)]
    if not len(finite) or finite.min() < _PRESSURES[0] or finite.max() > _PRESSURES[1]:
        return one
    named = {name: much for name, much in one.named.items() if name != "position"}
    return replace(one, named=named | {"person_attribute": 2, "body": 2})


__all__ = ["as_of_bodies"]
