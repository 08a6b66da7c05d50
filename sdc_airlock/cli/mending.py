"""What `protect` does and says: places and counts, never a value of the file."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sdc_airlock import __version__
from sdc_airlock.errors import UsageError
from sdc_airlock.model.mending import Done, Loss, Method, Step
from sdc_airlock.pipeline.mending import Mending, beside
from sdc_airlock.pipeline.mending import protect as make_copy
from sdc_airlock.reports.safe import shown
from sdc_airlock.reports.writing import write_report

_NAMED = 8
_NOUNS = {Done.MERGED: "row", Done.FORMULAS: "formula"}


def protect(path: Path, *, profile: str, out: Path | None, method: str | None, loss: str, json: str | None) -> int:
    """Write a safe copy of one file beside it, and say what was done."""
    target = beside(path, out)
    if json not in (None, "-"):
        report = Path(json)
        if not report.resolve().parent.is_dir() or report.is_dir() or report.absolute() in (path.absolute(), target.absolute()):
            raise UsageError(f"{shown(json)}: the log cannot be written there; nothing was written")
    done = make_copy(path, target, profile=profile, method=_of(Method, method, "--method"), loss=_of(Loss, loss, "--loss") or Loss.CELLS)
    log = json_format.dumps(_log(done), indent=2, ensure_ascii=True) + "\n"
    if json not in (None, "-"):
        write_report(Path(json), log)
    sys.stdout.write(log if json == "-" else _words(done))
    return done.status


def _of(words: Any, value: str | None, option: str) -> Any:
    if value is None:
        return None
    known = [each.value for each in words]
    if value not in known:
        raise UsageError(f"{option} {shown(value)}: choose one of {', '.join(known)}")
    return words(value)


def _log(done: Mending) -> dict[str, Any]:
    """What was done, as JSON: places and counts."""
    mended = done.mended
    return {
        "tool_version": __version__,
        "profile": done.profile_id,
        "method": mended.method.value,
        "input": shown(done.path),
        "output": shown(done.out) if done.written else None,
        "output_sha256": done.judged.request.files[0].file_id if done.written else None,
        "written": done.written,
        "refusal": done.refusal or None,
        "numbers": mended.cells,
        "hidden": mended.hidden,
        "steps": [
            {"part": shown(step.part_id), "done": step.done.value, "column": step.column, "rows": list(step.rows), "count": step.count}
            for step in mended.steps
        ],
    }


def _words(done: Mending) -> str:
    """The same for people."""
    mended = done.mended
    if done.refusal:
        return f"No copy was written: {done.refusal}.\n"
    if not done.written:
        return f"{shown(done.path)} may go as it is under {done.profile_id}: no copy was needed.\n"
    lines = [f"{shown(done.out)} was written: it would be released under {done.profile_id}.", ""]
    several = len({step.part_id for step in mended.steps}) > 1
    for kind in Done:
        steps = [step for step in mended.steps if step.done is kind]
        if steps:
            count = sum(step.count for step in steps)
            noun = _NOUNS.get(kind, "cell")
            lines.append(f"  {count:,} {noun}{'' if count == 1 else 's'} {kind.words}")
            lines += [f"    {_place(step, several=several)}" for step in steps]
    if mended.hidden:
        lines += ["", f"  {mended.hidden:,} of {mended.cells:,} numbers are hidden. Say in your notes what the sign stands for."]
    return "\n".join(lines) + "\n"


def _place(step: Step, *, several: bool) -> str:
    where = f"{shown(step.part_id)}, " if several else ""
    column = step.column if step.column.startswith("column ") or not step.column else f"column {step.column}"
    return f"{where}{column + ', ' if column else ''}{_rows(step.rows, step.count) if step.rows else step.count}"


def _rows(rows: Iterable[int], count: int) -> str:
    listed = list(rows)[:_NAMED]
    more = f" and {count - len(listed):,} more" if count > len(listed) else ""
    return f"row{'' if count == 1 else 's'} {', '.join(map(str, listed))}{more}"


__all__ = ["protect"]
