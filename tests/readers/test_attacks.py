"""Reports of attacks on models, in the forms that SACRO-ML has written them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.attacks import AttackKind, AttackReport
from sdc_airlock.model.content import Grid, Table
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._attacks import attacks_of, rest_of_report
from sdc_airlock.source import Source

CURVE = {"fpr": [0.0, 0.2, 0.5, 1.0], "tpr": [0.0, 0.3, 0.7, 1.0], "roc_thresh": [None, 0.8, 0.5, 0.1]}
RUN = {
    "TPR": 0.96, "FPR": 0.88, "TNR": 0.12, "FNR": 0.04, "Advantage": 0.08, "AUC": 0.71, "P_HIGHER_AUC": 0.001, "FMAX01": 0.7, "FMIN01": 0.5,
    "FDIF01": 0.2, "PDIF01": 31.5, "TPR@0.1": 0.2, "n_pos_test_examples": 199.0, "n_neg_test_examples": 86.0, **CURVE,
}  # fmt: skip


def entry(name: str, *runs: dict[str, Any], target: str = "RandomForestClassifier", **whole: Any) -> dict[str, Any]:
    """One attack of a report."""
    return {
        "log_id": "1",
        "log_time": "30/06/2026 18:34:39",
        "metadata": {"attack_name": name, "attack_params": {"n_reps": len(runs)}, "global_metrics": whole, "target_model": target},
        "attack_experiment_logger": {"attack_instance_logger": {f"instance_{place}": run for place, run in enumerate(runs)}},
    }


def read(value: object) -> list[Item]:
    """All items of a JSON document."""
    source = Source.of_bytes(json.dumps(value).encode(), part_id="report.json", name="report.json")
    return list(Reading(limits=Limits()).open(source, identify(source)))


def report(value: object) -> AttackReport:
    """The report in a document."""
    return next(item for item in read(value) if isinstance(item, AttackReport))


@pytest.mark.parametrize(
    "document",
    [
        {"WorstCase attack_1": entry("WorstCase attack", RUN, RUN)},
        entry("WorstCase attack", RUN, RUN),
        {
            "metric_catalog": {"version": "1", "metrics": {}},
            "attack_catalog": {"attacks": {}},
            "attacks": {"a": entry("WorstCase attack", RUN, RUN)},
        },
    ],
)
def test_measures_are_read_in_every_form(document: object) -> None:
    """By name, alone, or under a catalogue: mean and highest of each measure, and the share of runs that tell."""
    (attack,) = report(document).attacks
    measures = {each.name: (each.mean, each.highest) for each in attack.measures}
    assert (attack.kind, attack.repetitions, attack.significant) == (AttackKind.WORST_CASE, 2, 1.0)
    assert measures["AUC"] == (0.71, 0.71)
    assert measures["PDIF01"] == (31.5, 31.5)
    assert (attack.target, attack.individual) == ("RandomForestClassifier", 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LiRA Attack", AttackKind.LIKELIHOOD_RATIO),
        ("QMIA attack", AttackKind.QUANTILE),
        ("Attribute inference attack", AttackKind.ATTRIBUTE),
        ("Structural Attack", AttackKind.STRUCTURAL),
        ("Something new", AttackKind.OTHER),
    ],
)
def test_kinds_of_attacks(name: str, kind: AttackKind) -> None:
    """The kind is told by the name; an attack of an unknown name is one too."""
    assert report({"a": entry(name, RUN)}).attacks[0].kind is kind


def test_risks_of_a_structural_attack() -> None:
    """Risks that are found are named, those that were looked for are counted."""
    (attack,) = report(
        {"a": entry("Structural Attack", {"dof_risk": True, "k_anonymity_risk": False, "train_acc": 1.0, "test_acc": 0.9})}
    ).attacks
    assert (attack.risks, attack.assessed) == (("dof_risk",), 2)


def test_attributes_are_measured_against_the_commonest_value() -> None:
    """What an attack infers counts above the baseline only."""
    run = {
        "categorical": [{"name": "sex", "train": [90, 100, 60.0, 2, 900], "test": [3, 9, 60.0, 2, 90]}],
        "quantitative": [{"name": "age", "train": 0.12}],
    }
    (attack,) = report({"a": entry("Attribute inference attack", run)}).attacks
    assert {each.name: round(each.mean, 9) for each in attack.measures} == {"inferred_above_baseline": 0.3, "share_at_risk": 0.12}


@pytest.mark.parametrize(
    "scores",
    [{"individual": {"score": [0.5] * 90}}, {"member_probs": [0.5] * 285}, {name: [0.0] * 150 for name in ("fpr", "tpr", "roc_thresh")}],
)
def test_scores_of_single_records(scores: dict[str, Any]) -> None:
    """Scores stand under their name, in lists as long as there are records, or in a curve of a step a record."""
    assert report({"a": entry("LiRA Attack", RUN | scores)}).attacks[0].individual >= 90


def test_what_is_understood_is_no_table_of_people() -> None:
    """Measures that agree with each other are left out of the tables that are looked for people in."""
    cells = [
        cell
        for item in read(entry("WorstCase attack", RUN, RUN))
        if isinstance(item, Table)
        for column in item.columns
        for cell in column.values.to_pylist()
    ]
    assert 0.96 not in cells
    assert not [item for item in read(entry("WorstCase attack", RUN)) if isinstance(item, Grid) and len(item.rows) > 9]


@pytest.mark.parametrize("changed", [{"TNR": 0.5}, {"Advantage": 0.9}, {"FDIF01": 0.9}])
def test_measures_that_do_not_agree_stay(changed: dict[str, float]) -> None:
    """Numbers under the names of measures that do not follow from each other are read like any numbers."""
    document = entry("WorstCase attack", RUN | changed)
    assert rest_of_report(document) == document


@pytest.mark.parametrize("changed", [{"AUC": 9434765919}, {"TPR@0.1": "Jane"}, {"secret": [9434765919]}, {"fpr": [0.5, 0.1, 0.9, 0.2]}])
def test_values_under_the_names_of_measures_stay(changed: dict[str, Any]) -> None:
    """Whatever is no share, and no curve that rises, is left in the document."""
    rest = json.dumps(rest_of_report(entry("WorstCase attack", RUN | changed)))
    assert all(json.dumps(value) in rest for value in changed.values())


def test_many_runs_stay_in_the_document() -> None:
    """Hundreds of runs could be records under the names of measures."""
    document = entry("WorstCase attack", *[RUN] * 100)
    assert rest_of_report(document) == document


def test_the_target_of_attacks() -> None:
    """The description of a target names the model, and has no attacks."""
    features = {
        "0": {"name": "parents", "indices": [0, 1], "encoding": "onehot"},
        "1": {"name": "form", "indices": [2], "encoding": "int64"},
    }
    target = {
        "model_name": "RandomForestClassifier",
        "model_path": "model.pkl",
        "model_params": {},
        "n_samples": 900,
        "n_features": 2,
        "features": features,
    }
    found = report(target)
    assert (found.attacks, found.targets) == ((), ("RandomForestClassifier",))
    assert rest_of_report(target) == target | {"features": ["parents (onehot)", "form (int64)"]}


def test_an_unknown_class_of_a_target_is_not_repeated() -> None:
    """A class that no public library has may be anything."""
    assert report({"a": entry("LiRA Attack", RUN, target="Patient943")}).attacks[0].target == ""


@pytest.mark.parametrize(
    "document", [{}, {"metadata": 1}, {"a": {"metadata": {}}}, {"a": {"metadata": {"attack_name": "x"}}}, [1], {"model_name": "x"}]
)
def test_other_documents_are_none(document: object) -> None:
    """A document that only looks a little like one is none."""
    assert attacks_of(document, "x") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RUN, "individual", "metadata", "attacks", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_whatever_stands_in_a_report_is_read(run: object, whole: object) -> None:
    """Values of any kind in any place break nothing."""
    document = entry("LiRA Attack")
    document["attack_experiment_logger"]["attack_instance_logger"] = {"instance_0": run}
    document["metadata"]["global_metrics"] = whole
    attacks_of(document, "x")
    rest_of_report(document)
