"""Measurements of people that stand where effects of variants should: they add up to nought, or lie around it as a bell does."""

from __future__ import annotations

import numpy as np

from sdc_airlock.recognise.columns import Profile

EFFECTS = frozenset({"EFFECT_WEIGHT", "BETA", "B", "WEIGHT", "A1EFFECT", "EFFECT", "EST", "SLOPE", "HM_BETA", "BETA.Y1"})
_FEWEST = 30
_ROUNDING, _BY_CHANCE = 3.0, 1e-3
# effects of variants on a scale of their trait or of odds are smaller; a normal distribution has a fifth of itself within a quarter of its spread
_SPREAD, _HEAVY, _LIGHT = 0.5, 1.0, -1.3
_MIDDLE, _IN_THE_MIDDLE = 0.25, 0.12


def centred(one: Profile) -> bool:
    """True for numbers that add up to nought as closely as their digits allow, as measurements less their mean do and effects never."""
    known = np.isfinite(one.numbers)
    numbers, places = one.numbers[known], one.cells.places[known]
    if len(numbers) < _FEWEST or (spread := float(numbers.std())) == 0:
        return False
    slack = _ROUNDING * float(np.sqrt(np.sum(10.0 ** (-2.0 * places)) / 12))
    return abs(float(numbers.sum())) <= slack < _BY_CHANCE * spread * float(np.sqrt(len(numbers)))


def bell(one: Profile) -> bool:
    """True for numbers around nought in one heap with thin tails, and further apart than effects of variants are: those are either few and large, or many and small."""
    numbers = one.numbers[np.isfinite(one.numbers)]
    if len(numbers) < _FEWEST or (spread := float(numbers.std())) < _SPREAD:
        return False
    scaled = (numbers - numbers.mean()) / spread
    tails = float(np.mean(scaled**4)) - 3
    middle = float(np.mean(np.abs(numbers / spread) < _MIDDLE))
    return abs(float(numbers.mean())) < _SPREAD * spread and _LIGHT < tails < _HEAVY and middle > _IN_THE_MIDDLE


__all__ = ["EFFECTS", "bell", "centred"]
