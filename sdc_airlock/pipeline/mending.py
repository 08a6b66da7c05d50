"""Mending a file: a copy is planned and made in a worker, judged in another go like any output, and written only when it may be released.

Nothing unproven ever lies beside the original: the copy is judged inside the private folder first.
"""

from __future__ import annotations

import base64
import binascii
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sdc_airlock.errors import UsageError
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.mending import Loss, Mended, Method, Wanted
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.pipeline.status import Status
from sdc_airlock.policy import Profile, load_profile
from sdc_airlock.protect import usual
from sdc_airlock.reports import RequestResult
from sdc_airlock.reports.safe import shown

_REASONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What came of it.

    Attributes:
        path: The original; out: where the copy would stand, or stands.
        mended: What was done.
        judged: How the copy was judged, or the original where none was made.
        written: True where the copy is there.
        refusal: Why it is not, "" where it is or none was needed.
    """

    path: str
    out: str
    profile_id: str
    mended: Mended
    judged: RequestResult
    written: bool
    refusal: str

    @property
    def status(self) -> Status:
        """The exit status: 0 only where a safe copy was written, or the original may go as it is."""
        return Status.REVIEW if self.refusal else Status.RELEASED


def beside(path: Path, out: Path | None) -> Path:
    """Where the copy goes: `table.csv` to `table.protected.csv`, or where it was asked for.

    Raises:
        UsageError: the file is not there, is a link or a folder, or something stands where the copy would go.
    """
    if not os.path.lexists(path):
        raise UsageError(f"{shown(os.fspath(path))}: there is no such file; nothing was written")
    if path.is_symlink() or not path.is_file():
        raise UsageError(f"{shown(os.fspath(path))}: not a plain file; links and folders are not mended")
    target = out or path.with_name(f"{path.stem}.protected{path.suffix}")
    if os.path.lexists(target):
        more = "" if out else "; name another with --out"
        raise UsageError(f"{shown(os.fspath(target))}: something is there already, and nothing is overwritten{more}")
    if not target.resolve().parent.is_dir():
        raise UsageError(f"{shown(os.fspath(target))}: a copy cannot be written there; nothing was written")
    return target


def protect(
    path: Path, target: Path, *, profile: str | Profile = "default", method: Method | None = None, loss: Loss = Loss.CELLS
) -> Mending:
    """Write a safe copy of a file, or say why there is none.

    Args:
        path: The file.
        target: Where the copy goes; nothing may be there.
        profile: Rules to mend and to judge by.
        method: None for what the profile prescribes: rounding where it asks for it, else suppression.
        loss: What to keep small where cells are hidden.

    Raises:
        PolicyError: the profile cannot be trusted.
        OSError: the copy cannot be written.
    """
    rules = profile if isinstance(profile, Profile) else load_profile(profile)
    with judge_with(rules, workers=1) as judge:
        wanted = _wanted(rules, method, loss)
        judged = judge.judge(Asked(paths=(os.fspath(path),)))
        if method is None and not _held(judged, copy=False):
            mended, data, refusal = Mended(method=usual(wanted)), b"", ""
        else:
            mended = judge.mend(os.fspath(path), wanted)
            data, refusal = _bytes(mended)
            if data:
                judged = judge.judge_copy(data, target.name)
            refusal = refusal or _held(judged, copy=bool(data))
    if data and not refusal:
        _write(target, data)
    return Mending(
        path=os.fspath(path),
        out=os.fspath(target),
        profile_id=rules.id,
        mended=mended,
        judged=judged,
        written=bool(data) and not refusal,
        refusal=refusal,
    )


def _wanted(rules: Profile, method: Method | None, loss: Loss) -> Wanted:
    return Wanted(
        method=method,
        loss=loss,
        marker=rules.value("suppression_marker"),
        suppressed=rules.value("suppressed_counts"),
        range_share=rules.value("hidden_range_share"),
        amount_share=rules.value("hidden_amount_share"),
        base=rules.value("rounding_base"),
        individual=rules.value("individual_review"),
    )


def _bytes(mended: Mended) -> tuple[bytes, str]:
    """The copy that a worker made, and why there is none."""
    if mended.refusal:
        return b"", mended.refusal
    try:
        return base64.b64decode(mended.data, validate=True), ""
    except (binascii.Error, ValueError):
        return b"", "the reading process gave an answer that could not be understood"


def _held(judged: RequestResult, *, copy: bool) -> str:
    """Why a copy would not be released, "" where it would."""
    if judged.outcome is Outcome.RELEASE and judged.assessments:
        return ""
    reasons = dict.fromkeys(
        reason.text
        for told in (*(each.reasons for each in judged.decisions), judged.reasons)
        for reason in told
        if reason.outcome > Outcome.RELEASE
    )
    what = "the mended copy would still be held" if copy else "it would be held, and this way of mending finds nothing to change in it"
    return f"{what}: {'; '.join(list(reasons)[:_REASONS])}" if reasons else what


def _write(target: Path, data: bytes) -> None:
    """A new file with these bytes, whole or not at all; nothing that is there is replaced and no link is followed."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise


__all__ = ["Mending", "beside", "protect"]
