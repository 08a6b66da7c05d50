"""What can be told of a fitted model without loading it: its group in the taxonomy of the field, what it keeps, what it was fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModelGroup(StrEnum):
    """Groups of models by how they predict (SDC-Reboot, categories A, B, C1 to C3), and two that the taxonomy leaves out."""

    INSTANCE = "instance_based"
    SEQUENCE = "sequence_or_foundation"
    REGRESSION = "regression"
    CLASSIFICATION = "classification"
    SEMI_STRUCTURED = "semi_structured"
    STRUCTURE = "clusters_or_components"
    PREPARATION = "preparation"


class Holding(StrEnum):
    """How close to a record comes what a model keeps."""

    RECORDS = "records"
    ONE_EACH = "one_each"
    VALUES = "values"
    EXTREMES = "extremes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something of the training data that a model keeps.

    Attributes:
        words: What it is, never with a value of the file.
        size: How many there are, 0 where they were not counted.
    """

    holding: Holding
    words: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting that a model was fitted with.

    Attributes:
        model: Class of the model; name: the setting. Both are words that a public library gives.
        value: A number, or "none", "true", "false", or a word that the library knows.
    """

    model: str
    name: str
    value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a model says of the data it was fitted on.

    Attributes:
        records: Training records.
        free: Learnt parameters that count against the degrees of freedom.
        residual_dof: Residual degrees of freedom, as the model itself states them.
        smallest_class: Training records of its smallest class, cluster or group.
        levels: Distinct values of the variable that has most of them, in an encoder or vocabulary.
        loss_ratio: Loss on the training data against that on data held back, at the end of training.
        settings: Settings of models whose settings are known to matter.
    """

    records: int | None = None
    free: int | None = None
    residual_dof: int | None = None
    smallest_class: int | None = None
    levels: int | None = None
    loss_ratio: float | None = None
    settings: tuple[Setting, ...] = ()
