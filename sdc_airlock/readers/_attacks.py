"""Reports of attacks on models (SACRO-ML `report.json`, and `target.json`): recognised by their shape, whatever they are called."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sdc_airlock.model.attacks import Attack, AttackKind, AttackReport, Measure
from sdc_airlock.model.libraries import known_class

MEASURES = (
    "AUC",
    "TPR@0.1",
    "TPR@0.01",
    "TPR@0.001",
    "Advantage",
    "FDIF01",
    "PDIF01",
    "P_HIGHER_AUC",
    "generalisation_gap",
    "train_acc",
    "test_acc",
)
_KINDS = (
    (re.compile(r"worst.?case", re.IGNORECASE), AttackKind.WORST_CASE),
    (re.compile(r"lira|likelihood", re.IGNORECASE), AttackKind.LIKELIHOOD_RATIO),
    (re.compile(r"qmia|quantile", re.IGNORECASE), AttackKind.QUANTILE),
    (re.compile(r"meta", re.IGNORECASE), AttackKind.META),
    (re.compile(r"attribute", re.IGNORECASE), AttackKind.ATTRIBUTE),
    (re.compile(r"structur", re.IGNORECASE), AttackKind.STRUCTURAL),
)
_RISKS = (
    "gen_error_risk", "unnecessary_risk", "dof_risk", "k_anonymity_risk", "class_disclosure_risk", "smallgroup_risk", "lowvals_cd_risk",
)  # fmt: skip
_COUNTS = frozenset({"n_pos_test_examples", "n_neg_test_examples"})
_SHARE_NAMES = re.compile(
    r"TPR|FPR|FAR|TNR|PPV|NPV|FNR|ACC|F1score|Advantage|AUC|P_HIGHER_AUC|F(?:MAX|MIN|DIF)0{1,3}[12]|PDIF0{1,3}[12]|pred_prob_var|TPR@[0-9.e-]{1,8}"
    r"|(?:test|train)_acc|generalisation_gap"
)
_DERIVED = (  # a measure, and the two whose difference it is
    ("TNR", "", "FPR"), ("FNR", "", "TPR"), ("Advantage", "TPR", "FPR"), ("FDIF01", "FMAX01", "FMIN01"), ("FDIF02", "FMAX02", "FMIN02"),
    ("FDIF001", "FMAX001", "FMIN001"), ("generalisation_gap", "train_acc", "test_acc"),
)  # fmt: skip
_INFERRED = 5  # numbers about a variable: correct, inferred, percentage of the commonest value, distinct values, records
_TOLERANCE = 0.006  # figures may be rounded to two places
_HIGHEST_LOGARITHM = 1_000
_FEW_RUNS = 25
_DEEPEST = 6  # the catalogue, attacks, an attack, its logger, its instances
_CURVES = ("fpr", "tpr", "roc_thresh")
_SIGNIFICANT = 0.05
_TARGET_KEYS = frozenset(
    {"model_name", "model_params", "model_path", "x_train_path", "n_samples", "n_features", "features", "safemodel", "data_name"}
)
_FEWEST_TARGET_KEYS = 5
_LARGEST = 1e300


def attacks_of(value: object, part_id: str) -> AttackReport | None:
    """The report that a JSON document is; None where it is none."""
    if not isinstance(value, dict):
        return None
    if _is_target(value):
        return AttackReport(part_id=part_id, targets=_known(value["model_name"]))
    entries = _entries(value)
    attacks = [_attack(entry) for entry in entries]
    understood = tuple(each for each in attacks if each is not None)
    if not understood:
        return None
    targets = tuple(dict.fromkeys(each.target for each in understood if each.target))
    return AttackReport(part_id=part_id, attacks=understood, targets=targets, unreadable=len(attacks) - len(understood))


def rest_of_report(value: object) -> object:
    """A report without the measures and curves that were understood: what is left is looked at like any document.

    Only a report of few runs is relieved of them: many runs of one measure could be records under its name.
    """
    slim: dict[int, dict[str, Any]] = {}
    entries = _entries(value) if isinstance(value, dict) else []
    for entry in entries if len(entries) <= _FEW_RUNS else ():
        instances = list(_instances(entry))
        for instance in instances if len(instances) <= _FEW_RUNS else ():
            known = _understood(instance)
            inferred = _named(instance)
            if known or inferred:
                slim[id(instance)] = {name: each for name, each in {**instance, **inferred}.items() if name not in known}
    if isinstance(value, dict) and _is_target(value):
        slim[id(value)] = {**value, "features": _features(value.get("features"))}
    return _replaced(value, slim) if slim else value


def _replaced(value: Any, slim: dict[int, dict[str, Any]], level: int = 0) -> Any:
    if id(value) in slim:
        return slim[id(value)]
    if isinstance(value, dict) and level < _DEEPEST:
        return {name: _replaced(each, slim, level + 1) for name, each in value.items()}
    return value


def _features(features: object) -> object:
    """Variables of a target without the places of their encoded columns, where these are places and nothing else."""
    if not isinstance(features, dict):
        return features
    places: list[object] = []
    for each in features.values():
        if not isinstance(each, dict) or set(each) != {"name", "indices", "encoding"} or not isinstance(each["indices"], list):
            return features
        places += each["indices"]
    if not all(type(place) is int for place in places) or places != list(range(len(places))):
        return features
    return [f"{each['name']} ({each['encoding']})" for each in features.values()]


def _named(instance: Mapping[str, Any]) -> dict[str, Any]:
    """Results of an attribute attack as rates by variable, where they have the form that the attack writes."""
    categorical, quantitative = instance.get("categorical"), instance.get("quantitative")
    if not isinstance(categorical, list) or not isinstance(quantitative, list):
        return {}
    rows: list[dict[str, Any]] = []
    for each in categorical:
        rows.append({"variable": _mapping(each).get("name")})
        for part in ("train", "test"):
            told = _mapping(each).get(part)
            numbers = [_number(value) for value in told] if isinstance(told, list) else []
            known = [number for number in numbers if number is not None]
            if len(numbers) != _INFERRED or len(known) != _INFERRED or not 0 <= known[0] <= known[1] <= known[4]:
                return {}
            correct, inferred, baseline, _, records = known
            shares = {"correct": correct / max(inferred, 1), "inferred": inferred / max(records, 1), "baseline": baseline / 100}
            rows[-1] |= {f"{words} rate ({part})": share for words, share in shares.items()}
    if any(set(_mapping(each)) - {"name", "train", "test"} for each in (*categorical, *quantitative)):
        return {}
    at_risk = [
        {"variable": each.get("name"), "share at risk (train)": each.get("train"), "share at risk (test)": each.get("test")}
        for each in quantitative
    ]
    return {"categorical": rows, "quantitative": at_risk}


def _understood(instance: Mapping[str, Any]) -> frozenset[str]:
    """Names in an instance that hold measures, curves and nothing else."""
    if not _agrees(instance):
        return frozenset()
    names = {name for name, value in instance.items() if _is_measure(name, value)}
    if _is_curve(instance):
        names.update(_CURVES)
    return frozenset(names)


def _is_measure(name: str, value: object) -> bool:
    if name in _COUNTS:
        return (number := _number(value)) is not None and number == round(number)
    if name in _RISKS or name == "details":
        return type(value) is bool or value is None
    number = _number(value) if not isinstance(value, str) else None
    return (
        bool(_SHARE_NAMES.fullmatch(name)) and number is not None and -1 <= number <= (_HIGHEST_LOGARITHM if name.startswith("PDIF") else 1)
    )


def _agrees(instance: Mapping[str, Any]) -> bool:
    """Whether measures that follow from each other do: what stands under such names and does not is something else."""
    for name, whole, less in _DERIVED:
        numbers = [_number(instance.get(each)) if each else 1.0 for each in (name, whole, less)]
        if None not in numbers:
            derived, first, second = (number or 0.0 for number in numbers)
            if abs(abs(first - second) - abs(derived)) > _TOLERANCE:
                return False
    return True


def _is_target(value: Mapping[str, Any]) -> bool:
    """Whether a document describes the target of attacks."""
    return len(_TARGET_KEYS & value.keys()) >= _FEWEST_TARGET_KEYS and isinstance(value.get("model_name"), str)


def _entries(value: Mapping[str, Any]) -> list[object]:
    """The attacks of a report of any version: under names of their own, under `attacks`, or the report is one itself."""
    if "metadata" in value and ("attack_experiment_logger" in value or "log_id" in value):
        return [value]
    listed = value["attacks"] if isinstance(value.get("attacks"), dict) else value
    entries = [each for each in listed.values() if isinstance(each, dict) and "metadata" in each]
    return list(entries) if entries and (listed is not value or len(entries) == len(value)) else []


def _attack(entry: object) -> Attack | None:
    metadata = _mapping(_mapping(entry).get("metadata"))
    name = metadata.get("attack_name", metadata.get("attack"))
    shaped = "attack_experiment_logger" in _mapping(entry) or "global_metrics" in metadata
    if not isinstance(name, str) or not shaped:
        return None
    instances = [*_instances(entry)]
    whole = _mapping(metadata.get("global_metrics"))
    target = metadata.get("target_model")
    values = {measure: _values(measure, instances, whole) for measure in MEASURES}
    chances = values["P_HIGHER_AUC"]
    values |= _inferred(instances)
    flags = {risk: [each[risk] for each in (*instances, whole) if type(each.get(risk)) is bool] for risk in _RISKS}
    return Attack(
        kind=next((kind for words, kind in _KINDS if words.search(name)), AttackKind.OTHER),
        repetitions=len(instances),
        measures=tuple(
            Measure(name=measure, mean=math.fsum(found) / len(found), highest=max(found)) for measure, found in values.items() if found
        ),
        significant=sum(chance < _SIGNIFICANT for chance in chances) / len(chances) if chances else None,
        risks=tuple(risk for risk, said in flags.items() if any(said)),
        assessed=sum(bool(said) for said in flags.values()),
        target=next(iter(_known(target)), ""),
        individual=max((_individual(instance) for instance in instances), default=0),
    )


def _inferred(instances: list[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Of attribute attacks: how much better than the commonest value a category of a training record is inferred, and shares at risk."""
    better: list[float] = []
    at_risk: list[float] = []
    for instance in instances:
        for each in instance.get("categorical") or () if isinstance(instance.get("categorical"), list) else ():
            told = _mapping(each).get("train")
            numbers = [_number(value) for value in told] if isinstance(told, list) else []
            if len(numbers) > 2 and None not in numbers[:3] and numbers[1]:
                better.append((numbers[0] or 0.0) / numbers[1] - (numbers[2] or 0.0) / 100)
        for each in instance.get("quantitative") or () if isinstance(instance.get("quantitative"), list) else ():
            share = _number(_mapping(each).get("train"))
            at_risk += [share] if share is not None else []
    return {name: [max(found)] for name, found in (("inferred_above_baseline", better), ("share_at_risk", at_risk)) if found}


def _values(measure: str, instances: list[Mapping[str, Any]], whole: Mapping[str, Any]) -> list[float]:
    found = [each for each in (_number(instance.get(measure)) for instance in instances) if each is not None]
    single = _number(whole.get(measure))
    return found or ([single] if single is not None else [])


def _instances(entry: object) -> Iterator[Mapping[str, Any]]:
    logger = _mapping(_mapping(_mapping(entry).get("attack_experiment_logger")).get("attack_instance_logger"))
    yield from [each for each in logger.values() if isinstance(each, dict)]


def _individual(instance: Mapping[str, Any]) -> int:
    """Records for which an instance gives a score each: under `individual`, in lists as long as there are records, or in a curve of as many steps."""
    scores = instance.get("individual")
    inner = [each for each in _mapping(scores).values() if isinstance(each, list)] + ([scores] if isinstance(scores, list) else [])
    most = max((len(each) for each in inner), default=0)
    counts = [_number(instance.get(name)) or 0 for name in ("n_pos_test_examples", "n_neg_test_examples")]
    records = int(sum(counts))
    for name, each in instance.items():
        if isinstance(each, list) and name not in ("individual", "categorical", "quantitative"):
            long = 2 * len(each) >= records if name in _CURVES else len(each) >= records
            if records and long:
                most = max(most, len(each))
    return most


def _is_curve(instance: Mapping[str, Any]) -> bool:
    """Whether the lists of a curve are one: shares that rise together, thresholds that fall, and fewer steps than half of the records."""
    lists = [instance[name] for name in _CURVES if isinstance(instance.get(name), list)]
    if len(lists) < 2 or len({len(each) for each in lists}) != 1 or _individual(instance):
        return False
    for name in _CURVES:
        numbers = [number for number in instance.get(name) or () if number is not None]
        if any(type(number) not in (int, float) for number in numbers):
            return False
        ordered = sorted(numbers, reverse=name == "roc_thresh")
        if numbers != ordered or (name != "roc_thresh" and not all(0 <= number <= 1 for number in numbers)):
            return False
    return True


def _number(value: object) -> float | None:
    if type(value) is str and len(value) < 40:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        return None
    return float(value) if math.isfinite(value) else None


def _known(name: object) -> tuple[str, ...]:
    """The class of a model, where a public library has it."""
    last = name.rpartition(".")[2] if isinstance(name, str) else ""
    return (last,) if known_class(last) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
