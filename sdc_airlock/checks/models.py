"""Models: a trained model or a serialized object, which may hold the records it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.checks._attack_evidence import of_report, tied
from sdc_airlock.checks._model_facts import GROUP_WORDS, facts, finding, groups, largest
from sdc_airlock.checks._models_in_text import printed_models
from sdc_airlock.model.attacks import AttackReport
from sdc_airlock.model.content import ArrayFact, Serialized
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.model.libraries import ATTRIBUTES, known_class, known_library

_LISTED = 3
_PLUMBING = frozenset({"builtins", "__builtin__", "copyreg", "copy_reg", "collections", "_codecs", "joblib", "pickle", "_pickle"})
_CAN_RUN = frozenset({"pickle", "joblib", "pytorch", "tensorflow", "keras"})
_DTYPE = re.compile(r"(?:u?int|float|bfloat|complex|bool|datetime|timedelta)[0-9]{0,3}(?:\[[a-z]{1,2}\])?")
_ORDINARY_DTYPES = frozenset({"bool", "object", "records", "real", "integer", "logical", "data frame"})
_TABLE = "Export the coefficients or a summary as a table, or send the evidence of a disclosure assessment of the model with it."
_RULES = (
    "suppressed_counts",
    "model_records",
    "model_leaf_size",
    "model_dof",
    "model_levels",
    "model_loss_ratio",
    "model_attack_auc",
    "model_attack_share",
    "model_settings",
)


def _request(subject: RequestSubject, params: Params) -> Iterator[Finding]:
    yield from tied(subject, params)


@check(id="models", version=3, rules=_RULES, severity=Severity.CRITICAL, on_request=_request)
def models(subject: Subject, params: Params) -> Iterator[Finding]:
    """Trained models and serialized objects, whatever library wrote them. They are looked at and never loaded.

    ## What it flags
    Files whose format is that of a model or a serialized object (pickle, joblib, PyTorch, ONNX, safetensors, XGBoost, LightGBM, CatBoost, Keras, TensorFlow,
    PMML and the like), also inside archives; R objects of a model class (lm, glm, coxph, randomForest) or with functions in them. It says the class, the group of
    the taxonomy (A: instance-based, B: sequence or foundation model, C1: regression, C2: classification, C3: semi-structured), the arrays
    with their shapes, and whether loading would run code. As findings of their own it says

    - `records`: training records that it keeps as they are (nearest neighbours, support vectors, Gaussian processes, model frames); the
      profile says whether that is refused at once (`model_records`)
    - `one_each`: something of every record (residuals, fitted values, cluster labels, explanations, embeddings with a row a person)
    - `values`, `levels`, `extremes`: values of the data (vocabularies, encoders, thresholds), an encoder with as many values as people, smallest and largest values
    - `small_leaves`, `pure_leaves`, `small_classes`: leaves and classes that stand for few people, leaves in which all are of one class
    - `few_degrees_of_freedom`, `learnt_by_heart`, `risky_settings`: parameters against records, training loss against loss on data held back, settings with which
      models gave their members away

    - `printed`: a decision tree, support vectors or clusters in a text, with what its leaves say of how many people they stand for. A table of
      coefficients, or the summary of a regression, is an ordinary result and no model.

    Tables found inside an object are judged like any other table, by the other checks. A model is always looked at by a person, however harmless it seems.
    Reports of attacks (SACRO-ML) are read: their measures are shown as evidence (`attack_evidence`), and with the model they are about where it is in the same
    request (`attack_report`). They speak against a model or are silent; they never release one. A report that scores single records is held (`individual_scores`).

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
    counts, only the fewest people that a leaf can stand for are known. A model written in a form of one's own (weights in CSV, a tree as SQL or code) looks like settings or a table.
    How many records there were is known only where the model says so; parameters cannot be held against records otherwise.

    ## Sources
    - SACRO-ML 2.0.0, structural attacks and safe-model rules, 2026.
    - SDC-Reboot, categorisation of models and risks, v0.3, 2025: categories A to C3.
    - Tree-based models, risk rules, arXiv 2502.09396, 2025.
    - Safeguarding UK human genomic data, Department of Health and Social Care, 2 July 2026.
    """
    seen = set()
    for part in subject.content.parts:
        if isinstance(part, AttackReport):
            yield from of_report(part, params)
        elif isinstance(part, Serialized) and part.part_id not in seen:
            seen.add(part.part_id)
            yield _model(part)
            yield from facts(part, params)
    for printed in printed_models(subject.content):
        yield _printed(printed)
        yield from facts(printed, params)
    if subject.content.file_type.family is Family.MODEL and not seen:
        yield _model(Serialized(part_id=subject.part_id, format=subject.content.file_type.label, runs_code=False))


def _printed(part: Serialized) -> Finding:
    """That a model stands in a text: it can be used as it is printed."""
    unknown = f"; it has {part.notes[0]}" if part.notes else ""
    message = f"{part.format}, with which anybody can predict as with the model itself{unknown}.{_group(part)}"
    return finding(part, "printed", message, _TABLE, sum(leaf.leaves for leaf in part.leaves) or 1, Severity.MEDIUM)


def _model(part: Serialized) -> Finding:
    """That there is a model: its class, its arrays, whether loading it runs code."""
    said = [name for name in part.classes if known_class(name)]
    known = f" of class {', '.join(said[:_LISTED])}" if said else ""
    libraries = [name for name in part.libraries if name not in {*_PLUMBING, *part.calls} and (name == "R" or known_library(name) == name)]
    written = f" written by {', '.join(libraries[:_LISTED])}" if libraries and not said else ""
    notes = "".join(f" It also holds {note}." for note in part.notes if "loss" in note or "embedding" in note)
    message = f"a model or serialized object ({part.format}){known}{written}: it may hold records of the people it was trained on."
    return finding(part, "", f"{message}{_group(part)}{_arrays(part)}{notes}{_loading(part)}", _TABLE, 1)


def _group(part: Serialized) -> str:
    """The groups of the taxonomy that it belongs to."""
    found = [GROUP_WORDS[group] for group in groups(part)]
    return f" It is {'; '.join(found[:_LISTED])}." if found else ""


def _arrays(part: Serialized) -> str:
    if not part.n_arrays:
        return ""
    listed = ", ".join(_array(array) for array in largest(part.arrays, _LISTED))
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
