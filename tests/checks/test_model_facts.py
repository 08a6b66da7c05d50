"""What is found out about a model that the worked examples cannot show: grades, thresholds at their edges, the group that is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.model.content import Content, LeafFact, Serialized
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.model.learnt import Fit, Held, Holding, ModelGroup, Setting
from sdc_airlock.policy import RULES, Profile, load_profile

CHECK = checks()["models"]
Judge = Callable[..., dict[str, Finding]]
RECORDS = Held(holding=Holding.RECORDS, words="support vectors, which are training records", size=60)


@pytest.fixture
def judge(default_profile: Profile) -> Judge:
    """Runs the check on a model of which these facts are known; gives findings by rule."""
    assert CHECK.on_output is not None
    run = CHECK.on_output

    def judged(rules: dict[str, Any] | None = None, **facts: Any) -> dict[str, Finding]:
        part = Serialized(part_id="m", format="pickle", runs_code=False, **facts)
        content = Content(file_id="0", file_type=FileType(label="pickle", family=Family.MODEL), parts=(part,))
        subject = Subject(claimed_name="model.pkl", size_bytes=100, content=content, recognised=())
        params = default_profile.params(CHECK) | {rule: RULES[rule].validate(value) for rule, value in (rules or {}).items()}
        return {finding.rule: finding for finding in run(subject, params)}

    return judged


def test_kept_records_are_graver_where_the_profile_refuses_them(judge: Judge) -> None:
    """The profile says whether a person looks at them, or whether they are refused at once; how many there are is said."""
    assert judge(held=(RECORDS,))["records"].severity is Severity.HIGH
    found = judge({"model_records": "refuse"}, held=(RECORDS,))["records"]
    assert (found.severity, found.count) == (Severity.CRITICAL, 60)
    assert "(60)" in found.message
    assert load_profile("sacro_default").value("model_records") == "refuse"


@pytest.mark.parametrize(
    ("holding", "rule", "severity"),
    [
        (Holding.ONE_EACH, "one_each", Severity.HIGH),
        (Holding.VALUES, "values", Severity.MEDIUM),
        (Holding.EXTREMES, "extremes", Severity.LOW),
    ],
)
def test_what_is_kept_is_graded(judge: Judge, holding: Holding, rule: str, severity: Severity) -> None:
    """Something of every record weighs more than values, and values more than extremes."""
    assert judge(held=(Held(holding=holding, words="something"),))[rule].severity is severity


@pytest.mark.parametrize(("smallest", "severity"), [(1, Severity.HIGH), (4, Severity.HIGH), (5, Severity.MEDIUM), (9, Severity.MEDIUM)])
def test_the_smallest_leaf_weighs(judge: Judge, smallest: int, severity: Severity) -> None:
    """Leaves below the least size of safe models weigh more than those in the suppressed range."""
    assert judge(leaves=(LeafFact(size=smallest, leaves=2), LeafFact(size=90, leaves=2)))["small_leaves"].severity is severity


@pytest.mark.parametrize(("fit", "flagged"), [(Fit(smallest_class=9), True), (Fit(smallest_class=10), False), (Fit(), False)])
def test_small_classes(judge: Judge, fit: Fit, flagged: bool) -> None:  # noqa: FBT001
    """The smallest class is held against the suppressed range."""
    assert ("small_classes" in judge(fit=fit)) is flagged


@pytest.mark.parametrize(
    ("fit", "flagged"),
    [
        (Fit(residual_dof=9), True),
        (Fit(residual_dof=10), False),
        (Fit(residual_dof=10, records=20, free=19), False),
        (Fit(records=100, free=91), True),
        (Fit(records=100, free=90), False),
        (Fit(free=90), False),
        (Fit(records=1), False),
    ],
)
def test_degrees_of_freedom(judge: Judge, fit: Fit, flagged: bool) -> None:  # noqa: FBT001
    """What the model states comes first; else records less parameters, where both are known."""
    assert ("few_degrees_of_freedom" in judge(fit=fit)) is flagged


@pytest.mark.parametrize(
    ("fit", "flagged"),
    [
        (Fit(levels=50), False),
        (Fit(levels=51), True),
        (Fit(levels=51, records=5_000), True),
        (Fit(levels=8, records=16), True),
        (Fit(levels=8, records=17), False),
    ],
)
def test_encoders_that_know_single_people(judge: Judge, fit: Fit, flagged: bool) -> None:  # noqa: FBT001
    """More values than groups have, or nearly one a record."""
    assert ("levels" in judge(fit=fit)) is flagged


@pytest.mark.parametrize(("ratio", "flagged"), [(0.49, True), (0.5, False), (None, False)])
def test_models_that_learnt_by_heart(judge: Judge, ratio: float | None, flagged: bool) -> None:  # noqa: FBT001
    """The loss on training data is held against the loss on other data."""
    assert ("learnt_by_heart" in judge(fit=Fit(loss_ratio=ratio))) is flagged


def settings(model: str, **values: float | str) -> Fit:
    """Settings of a model."""
    return Fit(settings=tuple(Setting(model=model, name=name, value=value) for name, value in values.items()))


@pytest.mark.parametrize(
    ("fit", "flagged"),
    [
        (settings("DecisionTreeClassifier", max_depth="none", min_samples_leaf=1.0, min_samples_split=2.0), True),
        (
            settings(
                "DecisionTreeClassifier", max_depth=3.0, min_samples_leaf=1.0, min_samples_split=2.0, splitter="best", max_features="none"
            ),
            False,
        ),
        (settings("DecisionTreeClassifier", max_depth=5.0, min_samples_leaf=1.0, splitter="best", max_features="none"), True),
        (settings("DecisionTreeClassifier", max_depth="none", min_samples_leaf=50.0, min_samples_split=2.0), False),
        (settings("RandomForestClassifier", max_depth="none", n_estimators=100.0, max_features="sqrt"), True),
        (settings("RandomForestClassifier", max_depth="none", n_estimators=10.0, max_features="sqrt"), False),
        (settings("XGBClassifier", max_depth="none", n_estimators="none", min_child_weight="none"), True),
        (settings("XGBClassifier", max_depth=2.0, n_estimators=100.0, min_child_weight=1.0), False),
        (settings("OtherClassifier", max_depth="none", min_samples_leaf=1.0, min_samples_split=2.0), False),
    ],
)
def test_risky_settings(judge: Judge, fit: Fit, flagged: bool) -> None:  # noqa: FBT001
    """Settings are held against the profile's; none means what it means to the library."""
    assert ("risky_settings" in judge(fit=fit)) is flagged


def test_settings_of_the_outermost_model_count(judge: Judge) -> None:
    """A forest is made of trees, whose own settings are not looked at again."""
    both = (
        *settings("RandomForestClassifier", n_estimators=3.0).settings,
        *settings("DecisionTreeClassifier", max_depth=9.0, min_samples_leaf=1.0, min_samples_split=2.0).settings,
    )
    assert "risky_settings" not in judge(fit=Fit(settings=both))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"classes": ("KNeighborsClassifier",)}, "category A"),
        ({"classes": ("StandardScaler", "LogisticRegression")}, "category C2"),
        ({"classes": ("GradientBoostingClassifier", "DecisionTreeRegressor")}, "category C2"),
        ({"classes": ("OLSResults",)}, "category C1"),
        ({"groups": (ModelGroup.SEQUENCE,)}, "category B"),
        ({"classes": ("MinMaxScaler",)}, "a preparation of data"),
        ({"held": (RECORDS,)}, "category A"),
    ],
)
def test_the_group_is_said(judge: Judge, facts: dict[str, Any], words: str) -> None:
    """The group of the taxonomy comes from the outermost class, or from what is kept."""
    message = judge(**facts)[""].message
    assert words in message
    assert message.count("category C") <= 1


def test_a_class_that_is_not_known_has_no_group(judge: Judge) -> None:
    """Nothing is said where nothing can be told."""
    assert "It is" not in judge(classes=("Patient943",))[""].message
