"""What a report of attacks on a model says: measures of the model, never of a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AttackKind(StrEnum):
    """Kinds of attacks that SACRO-ML runs."""

    WORST_CASE = "worst_case"
    LIKELIHOOD_RATIO = "likelihood_ratio"
    QUANTILE = "quantile"
    META = "meta"
    ATTRIBUTE = "attribute"
    STRUCTURAL = "structural"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure over the repetitions of an attack.

    Attributes:
        name: A word of SACRO-ML ("AUC", "TPR@0.1", "FDIF01", "PDIF01").
    """

    name: str
    mean: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack as its report describes it.

    Attributes:
        repetitions: How often it was run.
        measures: In the order of `MEASURES` of the reader.
        significant: Share of repetitions that told members better than chance (p below 0.05); None where it is not said.
        risks: Risks that a structural attack says are there, in the words of SACRO-ML.
        assessed: Risks that a structural attack looked for.
        target: Class of the model, where a public library has it.
        individual: Records for which the report gives scores one by one; 0 where it gives none.
    """

    kind: AttackKind
    repetitions: int = 0
    measures: tuple[Measure, ...] = ()
    significant: float | None = None
    risks: tuple[str, ...] = ()
    assessed: int = 0
    target: str = ""
    individual: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackReport:
    """A report of attacks, or the description of their target.

    Attributes:
        part_id: Address of the part.
        attacks: None of them where it is only the description of a target.
        targets: Classes of the models that it names, where public libraries have them.
        unreadable: Entries that are not in the form of an attack.
    """

    part_id: str
    attacks: tuple[Attack, ...] = ()
    targets: tuple[str, ...] = ()
    unreadable: int = 0
