"""Rows that people drew up or programs wrote down: areas with their outlines, chances between states, references of a schema, how a model learns."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.lexicon import normalise

_AREAS = frozenset({"Polygon", "MultiPolygon"})
_REFERENCE = re.compile(r"#/(?:\$defs|definitions|properties|components/[a-z][A-Za-z]{2,20})/[A-Za-z][A-Za-z]{1,60}")
_TYPES = frozenset({"", "null", "string", "number", "integer", "boolean", "object", "array"})
_FEWEST_STATES, _MOST_STATES = 3, 40
_METRIC = re.compile(
    r"(?:[\w' ]{0,40}[-_' ])?(?:m?log_?loss|loss|r?mse|rmsle|mae|mape|m?error|auc(?:pr|_mu)?|acc(?:uracy)?|f1|lr|learning_rate|epoch|step|iter(?:ation)?|perplexity|binary_logloss|multi_logloss|l1|l2)",
    re.IGNORECASE,
)
_STEPS = frozenset({"epoch", "step", "iter", "iteration", "round"})
_TOLD = re.compile(r"(?P<name>[A-Za-z][\w' -]{0,60}?)\s?[:=]\s?[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)


def drawn_up(used: Typed, rows: int) -> float:
    """1 where rows are areas with outlines, states with their chances, references, or steps of a program that learns."""
    if not any(one.cells.filled for one, _ in used):
        return 0.0
    return max(_outlined(used), _between_states(used, rows), _references(used), _learning(used))


def _outlined(used: Typed) -> float:
    """Areas of a map, each with the name of a place, as GeoJSON has them; points may be people."""
    shapes = [one for one, _ in used if one.name.strip().endswith("geometry.type")]
    if not shapes or not set(shapes[0].cells.text) - {""} <= _AREAS:
        return 0.0
    if any({"person_attribute", "identifier"} & one.named.keys() for one, _ in used):
        return 0.0
    return float(any(role is Role.PLACE and one.unique == 1 for one, role in used))


def _between_states(used: Typed, rows: int) -> float:
    """A square of chances that sum to one in every row, whose columns are named after the same states as its rows."""
    words = [one for one, _ in used if not one.numeric]
    numbers = [one for one, _ in used if one.numeric]
    if len(words) != 1 or len(numbers) != rows or not _FEWEST_STATES <= rows <= _MOST_STATES or words[0].unique < 1:
        return 0.0
    labels = [normalise(words[0].cells.text[code])[0] for code in words[0].cells.codes.tolist()]
    if not all(label and normalise(one.name)[0].endswith(label) for label, one in zip(labels, numbers, strict=True)):
        return 0.0
    chances = np.column_stack([one.numbers for one in numbers])
    return float(bool(np.isfinite(chances).all() and chances.min() >= 0 and np.abs(chances.sum(axis=1) - 1).max() <= rows * 0.0006))


def _references(used: Typed) -> float:
    """References of a schema, with no number beside them but that of the record."""
    told = [one for one, _ in used if one.name.strip().endswith("$ref")]
    if not told or not all(_REFERENCE.fullmatch(word) for one in told for word in one.cells.text if word):
        return 0.0
    others = [one for one, _ in used if not any(one is reference for reference in told) and normalise(one.name)[0] != "record"]
    return float(not any(one.numeric for one in others) and all(set(one.cells.text) <= _TYPES for one in others))


def _learning(used: Typed) -> float:
    """Numbered steps with measures of how well a model fits, each under its name in every row."""
    first, *others = (one for one, _ in used if one.cells.filled)
    names = [_measure(one) for one in others]
    worded_steps = not first.numeric and first.levels == 1 and first.cells.text[0].strip(" :=-").lower() in _STEPS
    if not (worded_steps or (first.numeric and _counts_up(first))) or not others or not any(names):
        return 0.0
    worded = [one for one in (first, *others) if not one.numeric]
    return float(all(_measure(one) or (one.levels == 1 and _METRIC.fullmatch(one.cells.text[0].strip(" :=-"))) for one in worded))


def _measure(one: Profile) -> str:
    """The measure that every cell names before its number, or that the header names; "" where they name none."""
    if one.numeric:
        return one.name if _METRIC.fullmatch(one.name.strip()) else ""
    matches = [_TOLD.fullmatch(word.strip()) for word in one.cells.text if word]
    named = {match["name"] for match in matches if match is not None}
    said = one.cells.text[0].strip(" :=-") if one.levels == 1 else ""
    name = named.pop() if len(named) == 1 and all(matches) else said
    return name if name and _METRIC.fullmatch(name) else ""


def _counts_up(one: Profile) -> bool:
    steps = np.diff(one.numbers)
    return bool(len(steps) and np.isfinite(steps).all() and steps[0] > 0 and np.all(steps == steps[0]))


__all__ = ["drawn_up"]
