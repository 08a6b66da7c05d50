"""What is found out about one model: what it keeps of the data, leaves and classes that stand for few people, parameters, settings."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import TypeAlias

from sdc_airlock.checks import Params
from sdc_airlock.model.content import ArrayFact, LeafFact, Serialized
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.learnt import Held, Holding, ModelGroup, Setting
from sdc_airlock.model.taxonomy import group_of

GROUP_WORDS = {
    ModelGroup.INSTANCE: "instance-based (category A: it predicts by comparison with records that it keeps)",
    ModelGroup.SEQUENCE: "a sequence or foundation model (category B: it may repeat what it was trained on)",
    ModelGroup.SEMI_STRUCTURED: "a model of semi-structured outputs (category C3)",
    ModelGroup.CLASSIFICATION: "a classification model (category C2)",
    ModelGroup.REGRESSION: "a regression model (category C1)",
    ModelGroup.STRUCTURE: "a model of clusters or components (outside the categories of prediction)",
    ModelGroup.PREPARATION: "a preparation of data, such as a scaler or an encoder (outside the categories of prediction)",
}
REFIT = "Leave the model behind, or fit one of another kind that keeps no records (a regression, a tree with large leaves)."
STRIP = "Take the fitted values, residuals, explanations and tables out of the object, or export the coefficients as a table instead."
RECODE = "Group rare values before encoding, hash them, or leave the encoder behind and publish its list of groups."
PRUNE = "Fit the trees with a least leaf size above the threshold (min_samples_leaf, min_child_weight, min_data_in_leaf, minbucket)."
SMOOTH = "Fit with larger leaves or smoothed probabilities, so that no group is said to be alike."
SIMPLIFY = "Fit fewer parameters (less depth, fewer trees, fewer terms, a penalty), or on more records."
TUNE = "Fit with a lower depth, fewer trees or larger leaves, and send an attack report of the new model with it."
MERGE = "Merge the small classes or clusters before fitting."

Comparison: TypeAlias = tuple[str, str, float | str]

_UNSET: dict[tuple[str, str], float] = {
    # what "none" means to the library
    ("DecisionTreeClassifier", "max_depth"): math.inf,
    ("RandomForestClassifier", "max_depth"): math.inf,
    ("XGBClassifier", "max_depth"): 6.0,
    ("XGBClassifier", "n_estimators"): 100.0,
    ("XGBClassifier", "min_child_weight"): 1.0,
}
_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_GRADED: dict[Holding, tuple[Severity, str, str, str]] = {
    Holding.ONE_EACH: (Severity.HIGH, "one_each", "the model keeps something of every single training record", STRIP),
    Holding.VALUES: (Severity.MEDIUM, "values", "the model keeps values of the training data, which may be of single people", RECODE),
    Holding.EXTREMES: (Severity.LOW, "extremes", "the model keeps smallest and largest values, each of which may be of one person", RECODE),
}


def groups(part: Serialized) -> tuple[ModelGroup, ...]:
    """Groups of the taxonomy that a model belongs to, the riskiest first; a kept record makes it instance-based."""
    told = [*part.groups, *(group for name in part.classes if (group := group_of(name)) is not None)]
    predicts = [group for group in told if group in (ModelGroup.REGRESSION, ModelGroup.CLASSIFICATION, ModelGroup.STRUCTURE)]
    found = set(told) - set(predicts[1:]) | set(predicts[:1])  # the outermost comes first; trees inside an ensemble may be of another group
    if any(each.holding is Holding.RECORDS and ("neighbour" in each.words or "vector" in each.words) for each in part.held):
        found.add(ModelGroup.INSTANCE)
    if found - {ModelGroup.PREPARATION}:
        found.discard(ModelGroup.PREPARATION)
    return tuple(group for group in GROUP_WORDS if group in found)


def facts(part: Serialized, params: Params) -> Iterator[Finding]:
    """Findings about what can be read off a model."""
    yield from _held(part, params)
    yield from _leaves(part, params)
    yield from _classes(part, params)
    yield from _levels(part, params["model_levels"])
    yield from _freedom(part, params["model_dof"])
    yield from _loss(part, params["model_loss_ratio"])
    yield from _settings(part, params["model_settings"])


def _held(part: Serialized, params: Params) -> Iterator[Finding]:
    """What it keeps of the data, by how close it comes to a record."""
    kept = [each for each in part.held if each.holding is Holding.RECORDS]
    if not part.held and part.holds_records:
        kept = [Held(holding=Holding.RECORDS, words=words) for words in part.why]
    if kept:
        severity = Severity.CRITICAL if params["model_records"] == "refuse" else Severity.HIGH
        message = f"the model keeps what single training records hold: {_listed(kept)}"
        yield finding(part, "records", message, REFIT, _count(kept), severity)
    for holding, (severity, rule, words, remedy) in _GRADED.items():
        found = [each for each in part.held if each.holding is holding]
        if found:
            yield finding(part, rule, f"{words}: {_listed(found)}", remedy, _count(found), severity)


def _listed(held: list[Held]) -> str:
    return "; ".join(f"{each.words} ({each.size:,})" if each.size > 1 else each.words for each in held)


def _count(held: list[Held]) -> int:
    return max((each.size for each in held), default=0) or len(held)


def _leaves(part: Serialized, params: Params) -> Iterator[Finding]:
    """Leaves that stand for too few people, and leaves of one class."""
    low, high = params["suppressed_counts"]
    least = params["model_leaf_size"]
    exact = _within(part.leaves, low, high, exact=True)
    possible = _within(part.leaves, low, high, exact=False)
    every = sum(leaf.leaves for leaf in part.leaves if leaf.size)
    if exact:
        single = sum(leaf.leaves for leaf in part.leaves if leaf.exact and leaf.size == 1)
        alone = f", {single} of them for one person" if single else ""
        smallest = min(leaf.size for leaf in part.leaves if leaf.exact and leaf.size >= low)
        message = f"{exact} of {every} leaves of its trees stand for {low} to {high} training records each{alone}; the smallest stands for {smallest}"
        severity = Severity.HIGH if smallest < max(least, low + 1) else Severity.MEDIUM
        yield finding(part, "small_leaves", message, PRUNE, exact, severity)
    if possible:
        message = f"{possible} of {every} leaves of its trees may stand for as few as {low} to {high} training records each; only their weights are stored"
        yield finding(part, "small_leaves", message, PRUNE, possible)
    if part.pure_leaves:
        message = f"in {_leaves_of(part.pure_leaves)} of its trees all training records are of one class, so that the model says 0 or 1 of them with certainty"
        yield finding(part, "pure_leaves", message, SMOOTH, part.pure_leaves)


def _leaves_of(count: int) -> str:
    return f"{count:,} leaves" if count > 1 else "one leaf"


def _within(leaves: tuple[LeafFact, ...], low: int, high: int, *, exact: bool) -> int:
    return sum(leaf.leaves for leaf in leaves if leaf.exact is exact and low <= leaf.size <= high)


def _classes(part: Serialized, params: Params) -> Iterator[Finding]:
    """Few people of one class: in the whole data, or in one leaf."""
    low, high = params["suppressed_counts"]
    smallest = part.fit.smallest_class
    if smallest is not None and low <= smallest <= high:
        message = f"the smallest class or cluster it was fitted on has {smallest} training record{'s' if smallest > 1 else ''}; {low} to {high} are not shown"
        yield finding(part, "small_classes", message, MERGE, 1)
    small = _within(part.class_counts, low, high, exact=True)
    if small:
        every = sum(each.leaves for each in part.class_counts)
        message = f"{small} of {every} groups of one class that can be read from it (a class in a leaf, or with a value) have {low} to {high} training records"
        yield finding(part, "small_classes", message, PRUNE, small)


def _levels(part: Serialized, most: int) -> Iterator[Finding]:
    """Encoders that know as many values as there are people, or more than groups have."""
    levels, records = part.fit.levels, part.fit.records
    if levels is None:
        return
    if records and levels >= records / 2:
        message = f"an encoder in it knows {levels:,} distinct values of one variable, fitted on {records:,} records: nearly each is of one person"
        yield finding(part, "levels", message, RECODE, levels)
    elif levels > most:
        message = f"an encoder in it knows {levels:,} distinct values of one variable; more than {most} may be ids, names or dates of single people"
        yield finding(part, "levels", message, RECODE, levels)


def _freedom(part: Serialized, least: int) -> Iterator[Finding]:
    """Learnt parameters against records."""
    fit = part.fit
    if fit.residual_dof is not None:
        if fit.residual_dof < least:
            message = f"it states {fit.residual_dof} residual degrees of freedom; at least {least} are asked for"
            yield finding(part, "few_degrees_of_freedom", message, SIMPLIFY, 1)
    elif fit.records and fit.free and fit.records - fit.free < least:
        left = fit.records - fit.free
        message = f"{fit.free:,} learnt parameters stand against {fit.records:,} training records ({left:,} degrees of freedom left; at least {least} are asked for)"
        yield finding(part, "few_degrees_of_freedom", message, SIMPLIFY, 1, Severity.MEDIUM)


def _loss(part: Serialized, least: float) -> Iterator[Finding]:
    """A model that knows its training data far better than other data."""
    ratio = part.fit.loss_ratio
    if ratio is not None and ratio < least:
        message = f"the loss on its training data ended at {ratio:.0%} of that on data held back (below {least:.0%}): it may have learnt records by heart"
        yield finding(part, "learnt_by_heart", message, SIMPLIFY, 1, Severity.MEDIUM)


def _settings(part: Serialized, risky: tuple[tuple[str, tuple[Comparison, ...]], ...]) -> Iterator[Finding]:
    """Settings that attacks are known to do well against."""
    by_model: dict[str, dict[str, float | str]] = {}
    for setting in part.fit.settings:
        by_model.setdefault(setting.model, {})[setting.name] = _value(setting)
    for model, said in list(by_model.items())[:1]:  # the outermost: what an ensemble is made of has settings too
        met = [conditions for name, conditions in risky if name == model and all(_holds(said, each) for each in conditions)]
        if met:
            words = ", ".join(f"{name} {sign} {against if isinstance(against, str) else f'{against:g}'}" for name, sign, against in met[0])
            message = f"a {model} fitted with settings ({words}) that gave members away in most attacks on models of the kind"
            yield finding(part, "risky_settings", message, TUNE, 1, Severity.MEDIUM)


def _value(setting: Setting) -> float | str:
    return _UNSET.get((setting.model, setting.name), setting.value) if setting.value == "none" else setting.value


def _holds(said: dict[str, float | str], condition: Comparison) -> bool:
    name, sign, against = condition
    value = said.get(name)
    if value is None:
        return False
    if sign in ("==", "!="):
        return (value == against) is (sign == "==")
    return isinstance(value, float) and isinstance(against, float) and bool(_COMPARE[sign](value, against))


def largest(arrays: tuple[ArrayFact, ...], most: int) -> list[ArrayFact]:
    """The arrays with most numbers."""
    return sorted(arrays, key=lambda array: -math.prod(array.shape))[:most]


def finding(part: Serialized, rule: str, message: str, remedy: str, count: int, severity: Severity = Severity.HIGH) -> Finding:
    """A finding about a model."""
    return Finding(
        check_id="models",
        severity=severity,
        location=Location(part_id=part.part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
        evidence=(Redacted(shape=part.format if " " in part.format else f"{part.format} object"),),
    )
