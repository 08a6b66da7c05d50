"""Everything found out about one output, before policy decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdc_airlock.model.attacks import AttackReport
from sdc_airlock.model.carried import CarriedFit, CarriedTable
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.cohort import CarriedCohort
from sdc_airlock.model.content import Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.recognised import Kind
from sdc_airlock.model.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One recognised part, as reports show it (the value-free part of `Recognised`).

    Attributes:
        probability: Probability, 0 to 1, of `kind`.
        individual: Probability, 0 to 1, that its rows (or columns) are single people or units.
    """

    part_id: str
    kind: Kind
    rows: int | None
    columns: int | None
    why: tuple[str, ...]
    also: tuple[Kind, ...] = ()
    unit: str = ""
    probability: float = 0.0
    individual: float = 0.0


# label of the type of what stands for a report that was given as an earlier release, and of which files are not there
EARLIER_REPORT = "earlier report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One output: what it is, what could not be read, what the checks found.

    Attributes:
        failure: Why the assessment itself broke off ("timed out", "worker died"), "" where it did not.
        sessions: Records of ACRO sessions in it; for checks of the request, and for no report.
        attacks: Reports of attacks on models in it; for checks of the request.
        models: Classes of the models in it, as far as public libraries have them; for checks of the request.
        digests: SHA-256 of members, by address, where one of them is such a record.
        published: Its tables with their labels and numbers; for checks of the request, and for no report.
        told: Lines of an output so small that it may be one record among others; for checks of the request, and for no report.
        cohorts: How many people and variants stand behind its results by variant; for checks of the request.
        fits: Effects of some of its variants; for checks of the request, and for no report.
    """

    path: str
    claimed_name: str
    file_id: str
    size_bytes: int
    file_type: FileType
    recognised: tuple[Summary, ...] = ()
    unread: tuple[Unread, ...] = ()
    runs: tuple[CheckRun, ...] = ()
    expanded_bytes: int = 0
    failure: str = ""
    sessions: tuple[Session, ...] = field(default=(), repr=False)
    attacks: tuple[AttackReport, ...] = field(default=(), repr=False)
    models: tuple[str, ...] = field(default=(), repr=False)
    digests: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    published: tuple[CarriedTable, ...] = field(default=(), repr=False)
    told: tuple[str, ...] = field(default=(), repr=False)
    cohorts: tuple[CarriedCohort, ...] = field(default=(), repr=False)
    fits: tuple[CarriedFit, ...] = field(default=(), repr=False)

    @property
    def complete(self) -> bool:
        """True where everything was read and nothing broke off."""
        return not self.unread and not self.failure

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the gravest first."""
        found = [finding for run in self.runs for finding in run.findings]
        return tuple(sorted(found, key=lambda finding: (-finding.severity, finding.check_id)))
