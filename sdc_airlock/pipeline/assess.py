"""One output from bytes to assessment: identify, read, recognise, check. Runs inside a worker process."""

from __future__ import annotations

import hashlib
import resource
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from sdc_airlock.checks import Check, Subject
from sdc_airlock.checks._cohorts.request import carried_cohorts
from sdc_airlock.errors import IdentificationError, LimitReached, ReadError, where
from sdc_airlock.identify import TYPES, disagreement, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment, Summary
from sdc_airlock.model.attacks import AttackReport
from sdc_airlock.model.carried import CarriedFit, CarriedTable
from sdc_airlock.model.cohort import CarriedCohort
from sdc_airlock.model.content import Content, Oddity, OddityKind, Serialized, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.libraries import known_class
from sdc_airlock.model.output import OutputFile, Refusal
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.model.session import Session
from sdc_airlock.pipeline.carried_fits import carried_fits
from sdc_airlock.pipeline.carry import carried, too_many_to_carry
from sdc_airlock.pipeline.failed import UNKNOWN
from sdc_airlock.pipeline.runner import OutOfTime, run_on_output
from sdc_airlock.pipeline.small import told_lines, with_members_together
from sdc_airlock.readers import gap, read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source
from sdc_airlock.stats.withdrawn import Withdrawn

# seconds that the checks still have where reading has used all of its time
_LAST_SECONDS = 10.0

_REFUSED = {
    Refusal.LINK: "a link, which is not followed",
    Refusal.DEVICE: "a device, not a file",
    Refusal.SOCKET: "a socket, not a file",
    Refusal.PIPE: "a pipe, not a file",
    Refusal.UNREADABLE: "it could not be opened",
    Refusal.CHANGED_WHILE_READ: "it changed while it was read",
    Refusal.TOO_LARGE: "it is larger than may be taken in",
    Refusal.TOO_MANY: "there are more files than may be taken in",
    Refusal.MISSING: "it is not there",
}
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
_SPECIAL = frozenset({Refusal.LINK, Refusal.DEVICE, Refusal.SOCKET, Refusal.PIPE})


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What every output is judged with: the checks, what the profile sets for each, the caps, and who has withdrawn."""

    checks: tuple[Check, ...]
    params: Mapping[str, Mapping[str, Any]]
    limits: Limits
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """An output after reading, or what is known of it where reading broke off."""

    content: Content
    failure: str = ""


def assess(file: OutputFile, bench: Bench) -> Assessment:
    """Everything that can be found out about one output. Never raises for what the bytes are."""
    began = time.monotonic()
    with alarm(bench.limits.file_seconds):
        found = opened(file, bench.limits)
        content = with_members_together(found.content)
        recognised, broken = recognised_parts(content, bench.limits)
    subject = Subject(
        claimed_name=file.claimed_name,
        size_bytes=file.size_bytes,
        content=content,
        recognised=recognised,
        withdrawn=bench.withdrawn,
    )
    left = bench.limits.file_seconds - (time.monotonic() - began)
    with alarm(max(left, _LAST_SECONDS)):
        runs = run_on_output(subject, bench.checks, bench.params)
    with alarm(max(bench.limits.file_seconds - (time.monotonic() - began), _LAST_SECONDS)):
        published = _published(recognised, bench.limits)
        cohorts = _cohorts(subject, file)
        fits = _fits(recognised)
    return Assessment(
        path=file.path,
        claimed_name=file.claimed_name,
        file_id=file.file_id,
        size_bytes=file.size_bytes,
        file_type=found.content.file_type,
        recognised=tuple(_summary(part) for part in recognised),
        unread=found.content.unread,
        runs=runs,
        expanded_bytes=found.content.expanded_bytes,
        failure=found.failure or broken,
        sessions=tuple(part for part in found.content.parts if isinstance(part, Session)),
        attacks=tuple(part for part in found.content.parts if isinstance(part, AttackReport)),
        models=_models(found.content),
        digests=found.content.digests,
        published=published,
        told=told_lines(found.content, file.size_bytes),
        cohorts=cohorts,
        fits=fits,
    )


def opened(file: OutputFile, limits: Limits) -> _Opened:
    """Identify and read; whatever breaks off leaves a gap."""
    part_id = file.path.rpartition("/")[2]
    if file.refusal is not None:
        return _Opened(content=_refused(file, part_id, limits))
    source = Source.of_file(file.staged_path, part_id=part_id, name=file.claimed_name, size=file.size_bytes)
    file_type, content, failure = UNKNOWN, None, ""
    try:
        file_type = identify(source)
        content = read(source, file_type, file_id=file.file_id, limits=limits)
    except OutOfTime:
        seconds = limits.file_seconds
        lost = gap(part_id, LimitReached("file_seconds", seconds, seconds))
    except MemoryError:
        lost = _out_of_memory(part_id)
    except IdentificationError:
        failure = "what the file is could not be told: identification is not available on this machine"
        lost = Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail=failure)
    except ReadError as error:
        lost = gap(part_id, error)
    except Exception as error:  # noqa: BLE001 - a reader that breaks off is a gap, not a crash
        failure = f"reading broke off ({where(error)})"
        lost = Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail=failure)
    if content is None:
        content = Content(file_id=file.file_id, file_type=file_type, unread=(lost,))
    oddities = dict.fromkeys((*content.oddities, *_of_name_and_type(file, part_id, file_type)))
    return _Opened(content=replace(content, oddities=tuple(oddities)), failure=failure)


def _out_of_memory(part_id: str) -> Unread:
    """The gap where reading needed more memory than this process may use."""
    cap, _ = resource.getrlimit(resource.RLIMIT_AS)
    limit = float(cap) if cap != resource.RLIM_INFINITY else None
    words = "more memory was needed than one output may use"
    return Unread(part_id=part_id, why=UnreadReason.LIMIT, limit_name="memory", limit=limit, detail=words)


def _refused(file: OutputFile, part_id: str, limits: Limits) -> Content:
    """What there is to say of a path that intake did not take."""
    why = _REFUSED[file.refusal] if file.refusal is not None else ""
    lost = Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail=why)
    if file.refusal is Refusal.TOO_LARGE:
        lost = gap(part_id, LimitReached("expanded_bytes", limits.expanded_bytes, file.size_bytes))
    elif file.refusal is Refusal.TOO_MANY:
        lost = replace(lost, why=UnreadReason.LIMIT)
    oddities = [Oddity(part_id=part_id, kind=OddityKind.SPECIAL_MEMBER, detail=why)] if file.refusal in _SPECIAL else []
    oddities += _of_name_and_type(file, part_id, UNKNOWN)
    return Content(
        file_id=file.file_id,
        file_type=UNKNOWN,
        unread=(lost,),
        oddities=tuple(oddities),
    )


def _of_name_and_type(file: OutputFile, part_id: str, file_type: FileType) -> Iterator[Oddity]:
    """What the name says against the content, and what a second look at the content says."""
    if _VERSION_CONTROL.intersection(file.path.lower().split("/")):
        yield Oddity(part_id=part_id, kind=OddityKind.VERSION_CONTROL, detail="earlier versions of files can be in it")
    if opinion := disagreement(file_type):
        yield Oddity(part_id=part_id, kind=OddityKind.SECOND_OPINION, detail=opinion)
    for words in file.name_oddities:
        yield Oddity(part_id=part_id, kind=_kind_of(words), detail=f"in the name: {words}")
    if file_type.mismatch:
        words = TYPES[file_type.label].words if file_type.label in TYPES else file_type.label
        yield Oddity(part_id=part_id, kind=OddityKind.NAME_MISMATCH, detail=f"the content is {words}, which the extension does not say")


def _kind_of(words: str) -> OddityKind:
    if "right-to-left" in words or "bidirectional" in words or "direction" in words:
        return OddityKind.BIDIRECTIONAL_CONTROLS
    if "zero-width" in words or "width" in words:
        return OddityKind.ZERO_WIDTH_CHARACTERS
    return OddityKind.CONTROL_CHARACTERS


def recognised_parts(content: Content, limits: Limits) -> tuple[tuple[Recognised, ...], str]:
    """What each part is, and where that broke off ("" where it did not)."""
    try:
        return recognise(content, limits), ""
    except OutOfTime:
        return (), "timed out while its parts were recognised"
    except Exception as error:  # noqa: BLE001 - a part that is not recognised is held, not lost
        return (), f"recognition broke off ({where(error)})"


def _published(recognised: tuple[Recognised, ...], limits: Limits) -> tuple[CarriedTable, ...]:
    """The tables as checks of the request compare them; where time is over, marks that they could not be compared."""
    try:
        return carried(recognised, limits)
    except OutOfTime:
        return too_many_to_carry(recognised)


def _fits(recognised: tuple[Recognised, ...]) -> tuple[CarriedFit, ...]:
    """Effects of some variants; nothing where time is over, which the checks of the output have said."""
    try:
        return carried_fits(recognised)
    except OutOfTime:
        return ()


def _cohorts(subject: Subject, file: OutputFile) -> tuple[CarriedCohort, ...]:
    """How many people and variants stand behind its results; nothing where time is over, which the checks of the output have said."""
    try:
        found = carried_cohorts(subject)
        # a file that was not read whole is held, whatever metadata say of it
        if subject.content.unread or not any(one.effects or one.frequencies or one.unsigned for one in found):
            return found
        # metadata of results give the MD5 of the file they are about
        with Path(file.staged_path).open("rb") as stream:
            md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        return tuple(replace(one, md5=md5) for one in found)
    except OutOfTime:
        return ()


def _models(content: Content) -> tuple[str, ...]:
    """Classes of the models in it that public libraries have."""
    classes = (name for part in content.parts if isinstance(part, Serialized) for name in part.classes)
    return tuple(dict.fromkeys(filter(known_class, classes)))


def _summary(part: Recognised) -> Summary:
    return Summary(
        part_id=part.part_id,
        kind=part.kind,
        rows=part.rows,
        columns=part.n_columns,
        why=part.why,
        also=part.kinds[1:],
        unit=part.unit.value,
        probability=part.probability,
        individual=part.individual,
    )


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` inside the block when the time is over."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTime
