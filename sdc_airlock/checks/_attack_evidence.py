"""Evidence about models: what reports of attacks say, shown beside the model they are about. It speaks against a model, never for its release."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, RequestSubject
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.attacks import Attack, AttackKind, AttackReport
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity

_KIND_WORDS = {
    AttackKind.WORST_CASE: "worst-case membership attack",
    AttackKind.LIKELIHOOD_RATIO: "likelihood-ratio membership attack",
    AttackKind.QUANTILE: "quantile membership attack",
    AttackKind.META: "attack that joins others",
    AttackKind.ATTRIBUTE: "attribute attack",
    AttackKind.STRUCTURAL: "structural attack",
    AttackKind.OTHER: "attack of another kind",
}
_MEMBERSHIP = frozenset({AttackKind.WORST_CASE, AttackKind.LIKELIHOOD_RATIO, AttackKind.QUANTILE, AttackKind.OTHER})
_RISK_WORDS = {
    "gen_error_risk": "losses on training and other data differ",
    "unnecessary_risk": "needlessly complex settings",
    "dof_risk": "few degrees of freedom",
    "k_anonymity_risk": "small equivalence classes",
    "class_disclosure_risk": "class probabilities of 0",
    "smallgroup_risk": "small groups",
    "lowvals_cd_risk": "small groups",
}
_MEASURE_WORDS = {
    "generalisation_gap": "generalisation gap",
    "train_acc": "accuracy in training",
    "test_acc": "accuracy in testing",
    "inferred_above_baseline": "best inference of an attribute above the baseline",
    "share_at_risk": "largest share of records at risk",
}
_SHARES = frozenset({"P_HIGHER_AUC"})
_LISTED = 5
_DROP = "Run the attacks without scores of single records (report_individual), or cut them from the report."
_ASK = "Weigh the model with this report; a better result of another fit can be sent with it."
_READ = "Read the report beside the model."


def of_report(report: AttackReport, params: Params) -> Iterator[Finding]:
    """What a report says, and whether it holds scores of single records."""
    individual = max((attack.individual for attack in report.attacks), default=0)
    if individual:
        message = f"the report of attacks gives scores of {individual:,} single records, which say who was in the training data"
        yield _finding(report.part_id, "individual_scores", message, _DROP, individual, Severity.HIGH)
    if report.unreadable:
        several = "entries of the report of attacks are" if report.unreadable > 1 else "entry of the report of attacks is"
        message = f"{report.unreadable} {several} in no form that is known, read as plain values only"
        yield _finding(report.part_id, "attack_evidence", message, _READ, report.unreadable, Severity.LOW)
    for attack in report.attacks:
        yield _finding(
            report.part_id,
            "attack_evidence",
            f"evidence about a model{_of(attack.target)}: {words(attack, params)}",
            _READ,
            1,
            Severity.LOW,
        )


def words(attack: Attack, params: Params) -> str:
    """An attack in one sentence: measures of the model, and what they speak for."""
    times = f", run {attack.repetitions} times" if attack.repetitions > 1 else ""
    measures = [
        f"{_MEASURE_WORDS.get(each.name, each.name)} {each.mean:.3g}{f' on average, {each.highest:.3g} at most' if attack.repetitions > 1 else ''}"
        for each in attack.measures
        if each.name not in _SHARES
    ][:_LISTED]
    if attack.significant is not None:
        measures.append(f"better than chance (p < 0.05) in {attack.significant:.0%} of runs")
    risks = [_RISK_WORDS[risk] for risk in attack.risks]
    if attack.assessed:
        measures.append(f"risks found: {', '.join(dict.fromkeys(risks))}" if risks else f"none of {attack.assessed} risks found")
    against = "; this speaks against release" if speaks_against(attack, params) else ""
    return f"{_KIND_WORDS[attack.kind]}{times}: {', '.join(measures) or 'no measure that is known'}{against}"


def speaks_against(attack: Attack, params: Params) -> bool:
    """Whether an attack told members apart as the profile allows none to, or found a risk in the structure."""
    if attack.risks:
        return True
    mean = next((each.mean for each in attack.measures if each.name == "AUC"), None)
    if attack.kind not in _MEMBERSHIP or mean is None:
        return False
    often = attack.significant is None or attack.significant > params["model_attack_share"]
    return mean > params["model_attack_auc"] and often


def tied(subject: RequestSubject, params: Params) -> Iterator[Finding]:
    """Models of a request with the reports that are about them; a model without one is said to have none."""
    reports = [(each, report) for each in subject.assessments for report in each.attacks]
    models = [each for each in subject.assessments if _is_model(each)]
    if not reports:
        return
    for model in models:
        about = [(source, report) for source, report in reports if source is not model and _is_about(report, model, models)]
        attacks = [attack for _, report in about for attack in report.attacks]
        if attacks:
            against = [attack for attack in attacks if speaks_against(attack, params)]
            names = ", ".join(sorted({source.path for source, report in about if report.attacks}))
            said = "; ".join(words(attack, params) for attack in attacks[:_LISTED])
            severity = Severity.HIGH if against else Severity.LOW
            message = f"a report of attacks on it stands in the request ({names}): {said}. It is evidence for whoever decides, and releases nothing by itself"
            yield _finding(model.path, "attack_report", message, _ASK, len(attacks), severity)
        elif not any(report.attacks for _, report in reports):
            message = "the request describes it as the target of attacks, but no report of attacks on it is there"
            yield _finding(model.path, "attack_report", message, "Send the report of the attacks with it.", 1, Severity.LOW)
        else:
            message = "reports of attacks stand in the request, but none names a model of its class"
            yield _finding(model.path, "attack_report", message, "Send the report of the attacks on this model.", 1, Severity.LOW)


def _is_model(assessment: Assessment) -> bool:
    return any(found.check_id == "models" and found.rule in ("", "printed") for found in assessment.findings)


def _is_about(report: AttackReport, model: Assessment, models: list[Assessment]) -> bool:
    """A report names a class that the model has; one that names none is about the only model there is."""
    if report.targets and model.models:
        return bool(set(report.targets) & set(model.models))
    return len(models) == 1


def _of(target: str) -> str:
    return f" of class {target}" if target else ""


def _finding(part_id: str, rule: str, message: str, remedy: str, count: int, severity: Severity) -> Finding:
    return Finding(
        check_id="models",
        severity=severity,
        location=Location(part_id=part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
        evidence=(Redacted(shape="report of attacks"),),
    )
