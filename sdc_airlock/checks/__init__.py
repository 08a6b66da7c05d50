"""Checks: one module each, one risk each. A check sees recognised content and parameters, never a file, the clock or the network.

A check is a generator of findings:

    @check(id="small_counts", version=1, rules=("suppressed_counts",), severity=Severity.HIGH, statbarn=Statbarn.FREQUENCIES)
    def small_counts(subject: Subject, params: Params) -> Iterator[Finding]: ...

Modules are discovered inside this package only. Worked examples stand in `checks/<id>.toml` at the root of the project.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.content import Content
from sdc_airlock.model.finding import Finding, Severity, Statbarn
from sdc_airlock.model.recognised import Recognised

if TYPE_CHECKING:
    from sdc_airlock.stats.withdrawn import Withdrawn

Params: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a check of one output sees.

    Attributes:
        claimed_name: The name the output came with; a claim.
        size_bytes: Bytes of the staged copy.
        content: What the readers said.
        recognised: What each part is; a grid may have given several tables.
        withdrawn: Ids of participants who have withdrawn; None where no list was given.
    """

    claimed_name: str
    size_bytes: int
    content: Content
    recognised: tuple[Recognised, ...]
    withdrawn: Withdrawn | None = None

    @property
    def part_id(self) -> str:
        """Address of the output itself: the shortest of its parts, its name where there is none."""
        items = (*self.content.parts, *self.content.unread, *self.content.oddities)
        return min((item.part_id for item in items), key=len, default=self.claimed_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubject:
    """What a check of a whole request sees.

    Attributes:
        assessments: The outputs of the request.
        statement: What the researcher says of them.
        earlier: Files of earlier releases of the project.
    """

    assessments: tuple[Assessment, ...]
    statement: str = ""
    earlier: tuple[Assessment, ...] = ()


OutputCheck: TypeAlias = Callable[[Subject, Params], Iterator[Finding]]
RequestCheck: TypeAlias = Callable[[RequestSubject, Params], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A registered check.

    Attributes:
        id: Name of the module; the pattern it flags.
        rules: Rules of the profile that it reads.
        on_output, on_request: What runs on each output and on the request as a whole; either may be None.
        applies: Whether it has anything to go by with an output; None where it always has.
        doc: The page of the check (its module's docstring).
    """

    id: str
    version: int
    rules: tuple[str, ...]
    severity: Severity
    statbarn: Statbarn | None
    on_output: OutputCheck | None
    on_request: RequestCheck | None
    doc: str
    aliases: tuple[str, ...] = ()
    applies: Callable[[Subject], bool] | None = None


# checks with a part for whole requests, for whoever has to know them without importing them
ON_REQUEST = frozenset(
    {
        "anomalous_size",
        "claimed_mitigation_missing",
        "differencing",
        "membership_inference",
        "models",
        "relatedness_or_scores",
        "small_cohort_statistics",
        "undeclared_output",
    }
)
_CHECKS: dict[str, Check] = {}
_loaded = False


def check(
    *,
    id: str,  # noqa: A002 - the word of the field
    version: int,
    rules: tuple[str, ...] = (),
    severity: Severity,
    statbarn: Statbarn | None = None,
    on_request: RequestCheck | None = None,
    aliases: tuple[str, ...] = (),
    applies: Callable[[Subject], bool] | None = None,
) -> Callable[[OutputCheck], OutputCheck]:
    """Register the check of one output (and, with `on_request`, its part for whole requests).

    Raises:
        ValueError: the id is taken, is not the name of the module, or is wrongly in `ON_REQUEST` or not.
    """

    def register(function: OutputCheck) -> OutputCheck:
        if id in _CHECKS or function.__module__.rpartition(".")[2] != id:
            raise ValueError(f"check {id} is registered twice or outside its module")
        if (id in ON_REQUEST) is (on_request is None):
            raise ValueError(f"check {id} and `ON_REQUEST` do not agree")
        _CHECKS[id] = Check(
            id=id,
            version=version,
            rules=rules,
            severity=severity,
            statbarn=statbarn,
            on_output=function,
            on_request=on_request,
            doc=function.__doc__ or "",
            aliases=aliases,
            applies=applies,
        )
        return function

    return register


def names() -> tuple[str, ...]:
    """The ids of all checks, in order; none is imported for it."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def checks() -> dict[str, Check]:
    """All checks by id, in order of their ids; their modules are imported on the first call."""
    global _loaded
    if not _loaded:
        for name in names():
            importlib.import_module(f"{__name__}.{name}")
        _loaded = True
    return dict(sorted(_CHECKS.items()))
