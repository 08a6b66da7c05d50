"""Reports of attacks beside models: what is shown, what speaks against a model, and that none is ever let go by it."""

from __future__ import annotations

import json
import pickle  # noqa: TID251 - what is read here was written by it; nothing is ever loaded
from collections.abc import Callable
from typing import Any

import pytest

from sdc_airlock.model.finding import Finding, Severity

RequestRun = Callable[..., tuple[Finding, ...]]
OutputRun = Callable[..., tuple[Finding, ...]]
KNN = json.dumps({"model": "KNeighborsClassifier", "_fit_X": [[41, 27.5], [52, 31.0], [63, 22.4], [38, 24.0]]})


def report(auc: float, *, target: str = "KNeighborsClassifier", p: float = 0.001, **more: Any) -> str:
    """A report of one attack."""
    run = {"AUC": auc, "P_HIGHER_AUC": p, "TPR@0.1": 0.4, **more}
    metadata = {"attack_name": "WorstCase attack", "attack_params": {}, "global_metrics": {}, "target_model": target}
    logger = {"attack_instance_logger": {"instance_0": run}}
    return json.dumps({"a": {"log_id": "1", "log_time": "1", "metadata": metadata, "attack_experiment_logger": logger}})


@pytest.mark.parametrize(("auc", "p", "against"), [(0.66, 0.01, True), (0.65, 0.01, False), (0.9, 0.3, False), (0.5, 0.01, False)])
def test_measures_are_shown_as_evidence(run_check: OutputRun, auc: float, p: float, against: bool) -> None:  # noqa: FBT001
    """The measures are said; attacks that tell members better than the profile allows, and better than chance, speak against the model."""
    (finding,) = run_check("models", report(auc, p=p).encode(), "report.json")
    assert (finding.rule, finding.severity) == ("attack_evidence", Severity.LOW)
    assert f"AUC {auc:.3g}" in finding.message
    assert ("speaks against" in finding.message) is against


@pytest.mark.parametrize(("auc", "severity"), [(0.9, Severity.HIGH), (0.52, Severity.LOW)])
def test_a_report_is_tied_to_its_model(run_request: RequestRun, auc: float, severity: Severity) -> None:
    """The model is named with what the report says of it, which weighs where it speaks against it."""
    (finding,) = run_request("models", {"out/knn.json": KNN, "out/report.json": report(auc)})
    assert (finding.rule, finding.location.part_id, finding.severity) == ("attack_report", "out/knn.json", severity)
    assert "releases nothing by itself" in finding.message


def test_a_model_with_a_good_report_is_held_all_the_same(run_check: OutputRun) -> None:
    """Findings about the model itself do not know of any report."""
    assert max(finding.severity for finding in run_check("models", KNN.encode(), "knn.json")) is Severity.HIGH


def test_a_printed_tree_is_tied_too(run_request: RequestRun) -> None:
    """A model in a text is one that attacks can be about."""
    tree = "|--- age <= 51.50\n|   |--- bmi <= 31.20\n|   |   |--- class: 1\n|   |--- bmi >  31.20\n|   |   |--- class: 0\n|--- age >  51.50\n|   |--- class: 0\n"
    (finding,) = run_request("models", {"tree.txt": tree, "report.json": report(0.9, target="DecisionTreeClassifier")})
    assert (finding.location.part_id, finding.severity) == ("tree.txt", Severity.HIGH)


def test_a_report_about_another_class_is_not_tied(run_request: RequestRun) -> None:
    """A report that names another model says nothing about this one."""
    (finding,) = run_request("models", {"knn.json": KNN, "report.json": report(0.5, target="SVC")})
    assert "none names a model of its class" in finding.message


def test_a_report_without_a_class_is_about_the_only_model(run_request: RequestRun) -> None:
    """Where there is one model, a report that names none is about it; where there are two, about neither."""
    unnamed = report(0.5, target="")
    assert "stands in the request" in run_request("models", {"knn.json": KNN, "report.json": unnamed})[0].message
    other = pickle.dumps({"weights": [0.5, 1.5, 2.5]}, 0).decode("ascii")
    found = run_request("models", {"knn.json": KNN, "other.pkl": other, "report.json": unnamed})
    assert all("none names" in finding.message for finding in found)


def test_a_target_without_attacks(run_request: RequestRun) -> None:
    """A model that is described as a target, with no attack on it, is said to lack the report."""
    target = json.dumps(
        {
            "model_name": "KNeighborsClassifier",
            "model_path": "knn.json",
            "model_params": {},
            "n_samples": 4,
            "n_features": 2,
            "features": {},
        }
    )
    (finding,) = run_request("models", {"knn.json": KNN, "target.json": target})
    assert "no report of attacks" in finding.message


def test_requests_without_reports_or_models(run_request: RequestRun) -> None:
    """There is nothing to tie."""
    assert run_request("models", {"knn.json": KNN}) == ()
    assert run_request("models", {"report.json": report(0.9)}) == ()


def test_a_whole_report_is_an_ordinary_output(assessed: Callable[..., Any]) -> None:
    """Attacks of every kind in one report, with curves and results by variable: no check holds it, and everything is read."""
    curve = {
        "fpr": [0.0, 0.1, 0.4, 1.0],
        "tpr": [0.0, 0.2, 0.6, 1.0],
        "roc_thresh": [None, 0.9, 0.6, 0.1],
        "n_pos_test_examples": 199.0,
        "n_neg_test_examples": 86.0,
    }
    worst = json.loads(report(0.57, p=0.3, TPR=0.965, FPR=0.884, TNR=0.116, FNR=0.035, Advantage=0.081, PDIF01=2.57, **curve))["a"]
    attribute = json.loads(report(0.5))["a"]
    attribute["metadata"]["attack_name"] = "Attribute inference attack"
    attribute["attack_experiment_logger"]["attack_instance_logger"]["instance_0"] = {
        "name": "cohort",
        "categorical": [{"name": "sex", "train": [120, 400, 51.3, 2, 1000], "test": [40, 130, 50.5, 2, 300]}, {"name": "smoker", "train": [320, 900, 50.1, 3, 1000], "test": [40, 130, 50.5, 3, 300]}],
        "quantitative": [{"name": "age", "train": 0.12, "test": 0.11}],
    }  # fmt: skip
    (found,) = assessed({"report.json": json.dumps({"WorstCase attack_1": worst, "Attribute inference attack_2": attribute})})
    assert found.complete
    assert [finding for finding in found.findings if finding.severity > Severity.LOW] == []


def test_no_word_of_a_report_is_repeated(run_check: OutputRun) -> None:
    """Names of attacks, targets and measures that are not known are not shown."""
    document = report(0.5, target="Jane943", **{"nhs 9434765919": 0.4}).replace("WorstCase attack", "Jane943 attack")
    assert "943" not in str(run_check("models", document.encode(), "report.json"))


def test_entries_that_are_not_understood_are_said(run_check: OutputRun) -> None:
    """An entry of another form is counted."""
    document = json.loads(report(0.5)) | {"b": {"metadata": {"attack": 7}}}
    found = run_check("models", json.dumps(document).encode(), "report.json")
    assert any("1 entry" in finding.message for finding in found)
