"""Models: a trained model or a serialized object, which may hold the records it was made from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.model.content import ArrayFact, Serialized
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.libraries import ATTRIBUTES, known_class, known_library

_LISTED = 3
_PLUMBING = frozenset({"builtins", "__builtin__", "copyreg", "copy_reg", "collections", "_codecs", "joblib", "pickle", "_pickle"})
_CAN_RUN = frozenset({"pickle", "joblib", "pytorch", "tensorflow", "keras"})
_DTYPE = re.compile(r"(?:u?int|float|bfloat|complex|bool|datetime|timedelta)[0-9]{0,3}(?:\[[a-z]{1,2}\])?")
_ORDINARY_DTYPES = frozenset({"bool", "object", "records", "real", "integer", "logical", "data frame"})
_TABLE = "Export the coefficients or a summary as a table, or send the evidence of a disclosure assessment of the model with it."
_REFIT = "Leave the model behind, or fit one of another kind that keeps no records (a regression, a tree with large leaves)."
_PRUNE = "Fit the trees with a least leaf size above the threshold (min_samples_leaf, min_child_weight, min_data_in_leaf, minbucket)."
_SMOOTH = "Fit with larger leaves or smoothed probabilities, so that no group is said to be alike."


@check(id="models", version=2, rules=("suppressed_counts",), severity=Severity.HIGH)
def models(subject: Subject, params: Params) -> Iterator[Finding]:
    """Trained models and serialized objects, whatever library wrote them. They are looked at and never loaded.

    ## What it flags
    Files whose format is that of a model or a serialized object (pickle, joblib, PyTorch, ONNX, safetensors, XGBoost, LightGBM, CatBoost, Keras, TensorFlow,
    PMML and the like), also inside archives; R objects of a model class (lm, glm, coxph, randomForest) or with functions in them. It says the class, the arrays
    with their shapes, and whether loading would run code; and, as findings of their own, what in it stands for single training records (`records`: nearest neighbours, support
    vectors, Gaussian processes, model frames, residuals, embeddings, vocabularies), leaves of decision trees that stand for as few people as the
    profile suppresses (`small_leaves`), and leaves in which everybody is of one class (`pure_leaves`). Tables found inside an object are judged
    like any other table, by the other checks. A model is always looked at by a person, however harmless it seems.

    ## Why it discloses
    Nearest neighbours, support vectors and Gaussian processes keep training records as they are; R models keep their model frame; a leaf or an
    embedding may stand for one person; a leaf of one class says of everybody in it what they are; and who may question a model often enough can tell
    who was in its training data. Loading a pickle runs whatever it says.

    ## Example flagged
    ```
    model.pkl: a KNeighborsClassifier with an array of 60 x 4, `_fit_X`
    ```

    ## Example passed
    ```
    term,estimate,std_error
    age,0.031,0.004
    ```

    ## Blind spots
    What a model has learnt by heart is not measured here: that takes the training data and attacks on the model (see SACRO-ML). Where a library stores weights in place of
    counts, only the fewest people that a leaf can stand for are known. A model written in a form of one's own (weights in CSV) looks like settings or a table.

    ## Sources
    - SACRO-ML 2.0.0, structural attacks and safe-model rules, 2026.
    - SDC-Reboot, categorisation of models and risks, v0.3, 2025.
    - Tree-based models, risk rules, arXiv 2502.09396, 2025.
    - Safeguarding UK human genomic data, Department of Health and Social Care, 2 July 2026.
    """
    seen = set()
    for part in subject.content.parts:
        if isinstance(part, Serialized) and part.part_id not in seen:
            seen.add(part.part_id)
            yield _model(part)
            yield from _records(part)
            yield from _leaves(part, params["suppressed_counts"])
    if subject.content.file_type.family is Family.MODEL and not seen:
        yield _model(Serialized(part_id=subject.part_id, format=subject.content.file_type.label, runs_code=False))


def _model(part: Serialized) -> Finding:
    """That there is a model: its class, its arrays, whether loading it runs code."""
    said = [name for name in part.classes if known_class(name)]
    known = f" of class {', '.join(said[:_LISTED])}" if said else ""
    libraries = [name for name in part.libraries if name not in {*_PLUMBING, *part.calls} and (name == "R" or known_library(name) == name)]
    written = f" written by {', '.join(libraries[:_LISTED])}" if libraries and not said else ""
    notes = "".join(f" It also holds {note}." for note in part.notes if "loss" in note or "embedding" in note)
    message = f"a model or serialized object ({part.format}){known}{written}: it may hold records of the people it was trained on."
    return _finding(part, "", f"{message}{_arrays(part)}{notes}{_loading(part)}", _TABLE, 1)


def _arrays(part: Serialized) -> str:
    if not part.n_arrays:
        return ""
    largest = sorted(part.arrays, key=lambda array: -math.prod(array.shape))[:_LISTED]
    listed = ", ".join(_array(array) for array in largest)
    numbers = f", {part.parameters} numbers in all" if part.parameters else ""
    return f" It holds {part.n_arrays} array{'s' if part.n_arrays > 1 else ''}{numbers}; the largest: {listed}."


def _array(array: ArrayFact) -> str:
    """Shape, type and place of an array, where the words are those of a library."""
    shape = " x ".join(map(str, array.shape)) or "1"
    known = array.dtype in _ORDINARY_DTYPES or _DTYPE.fullmatch(array.dtype)
    kind = array.dtype if known else "text" if array.dtype.lstrip("<>|=")[:1] in ("U", "S") else "another type"
    return f"{shape} of {kind}{f' ({array.name})' if array.name in ATTRIBUTES else ''}"


def _loading(part: Serialized) -> str:
    if part.runs_code:
        modules = ", ".join([name for name in part.calls if known_library(name) == name][:_LISTED])
        return " Loading it would run code that stands in the file" + (f" (through {modules})." if modules else ".")
    if part.runs_code is None and part.format in _CAN_RUN:
        return " Whether loading it would run code could not be told."
    return ""


def _records(part: Serialized) -> Iterator[Finding]:
    """What stands for single training records."""
    if part.holds_records:
        message = f"the model keeps what single training records hold: {'; '.join(part.why)}"
        yield _finding(part, "records", message, _REFIT, len(part.why) or 1)


def _leaves(part: Serialized, suppressed: tuple[int, int]) -> Iterator[Finding]:
    """Leaves that stand for too few people, and leaves of one class."""
    low, high = suppressed
    exact = sum(leaf.leaves for leaf in part.leaves if leaf.exact and low <= leaf.size <= high)
    possible = sum(leaf.leaves for leaf in part.leaves if not leaf.exact and low <= leaf.size <= high)
    every = sum(leaf.leaves for leaf in part.leaves if leaf.size)
    if exact:
        single = sum(leaf.leaves for leaf in part.leaves if leaf.exact and leaf.size == 1)
        alone = f", {single} of them for one person" if single else ""
        message = f"{exact} of {every} leaves of its trees stand for {low} to {high} training records each{alone}"
        yield _finding(part, "small_leaves", message, _PRUNE, exact)
    if possible:
        message = f"{possible} of {every} leaves of its trees may stand for as few as {low} to {high} training records each; only their weights are stored"
        yield _finding(part, "small_leaves", message, _PRUNE, possible)
    if part.pure_leaves:
        message = f"in {part.pure_leaves} leaves of its trees all training records are of one class, so that the model says 0 or 1 of them with certainty"
        yield _finding(part, "pure_leaves", message, _SMOOTH, part.pure_leaves)


def _finding(part: Serialized, rule: str, message: str, remedy: str, count: int) -> Finding:
    return Finding(
        check_id="models",
        severity=Severity.HIGH,
        location=Location(part_id=part.part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
        evidence=(Redacted(shape=f"{part.format} object"),),
    )
