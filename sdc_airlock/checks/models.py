"""Models: a trained model or a serialized object, which may hold the records it was made from."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.model.content import Serialized
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity

_RUNS = " Loading it would run code that stands in the file."
# a class is text of the file like any other: only the names that well-known libraries give are said
_KNOWN = frozenset(
    "aov cforest clm cox.zph coxme coxph cv.glmnet earth felm fixest gam gbm gee geeglm glm glmerMod glmnet gls hclust kmeans ksvm lda lm lme "
    "lmerMod loess mclust mlogit mlm multinom naiveBayes nls nn nnet party polr prcomp princomp qda randomForest ranger rlm rpart S4 "
    "smooth.spline stanfit survfit survreg svm train xgb.Booster zeroinfl".split()
)


@check(id="models", version=1, severity=Severity.HIGH)
def models(subject: Subject, params: Params) -> Iterator[Finding]:
    """Trained models and serialized objects, whatever library wrote them. They are looked at and never loaded.

    ## What it flags
    Files whose format is that of a model or a serialized object (pickle, joblib, PyTorch, ONNX, safetensors and the like), also inside archives; R objects of a
    model class (lm, glm, coxph, randomForest) or with functions in them. Tables found inside an object are judged like any other table, by the other checks.

    ## Why it discloses
    Nearest neighbours, support vectors and Gaussian processes keep training records as they are; R models keep their model frame; a leaf or an
    embedding may stand for one person; and who may question a model often enough can tell who was in its training data. Loading a pickle runs
    whatever it says.

    ## Example flagged
    ```
    model.pkl: a scikit-learn classifier
    ```

    ## Example passed
    ```
    term,estimate,std_error
    age,0.031,0.004
    ```

    ## Blind spots
    What a model has learnt by heart is not measured here: that takes the training data and attacks on the model (see SACRO-ML). A model written as plain text (a tree in
    JSON, weights in CSV) looks like settings or a table.

    ## Sources
    - SACRO-ML 2.0.0, structural attacks and safe-model rules, 2026.
    - SDC-Reboot, categorisation of models and risks, v0.3, 2025.
    - Safeguarding UK human genomic data, Department of Health and Social Care, 2 July 2026.
    """
    seen = set()
    for part in subject.content.parts:
        if isinstance(part, Serialized) and part.part_id not in seen:
            seen.add(part.part_id)
            yield _finding(part.part_id, part.format, part.classes, runs_code=bool(part.runs_code))
    if subject.content.file_type.family is Family.MODEL and not seen:
        yield _finding(subject.part_id, subject.content.file_type.label, (), runs_code=False)


def _finding(part_id: str, form: str, classes: tuple[str, ...], *, runs_code: bool) -> Finding:
    said = [name for name in classes if name in _KNOWN]
    known = f" of class {', '.join(said[:3])}" if said else ""
    return Finding(
        check_id="models",
        severity=Severity.HIGH,
        location=Location(part_id=part_id),
        message=f"a model or serialized object ({form}){known}: it may hold records of the people it was trained on.{_RUNS if runs_code else ''}",
        remedy="Export the coefficients or a summary as a table, or send the evidence of a disclosure assessment of the model with it.",
        evidence=(Redacted(shape=f"{form} object"),),
    )
