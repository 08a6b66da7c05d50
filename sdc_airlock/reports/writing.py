"""A report on disk: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_report(path: Path, text: str) -> None:
    """Write a report under its name only when all of it is on disk, so that breaking off never leaves half a report.

    Args:
        path: Where it goes; the folder must exist. A link in its place is replaced, not followed.
        text: Written as UTF-8, with the permissions that the process gives to new files.

    Raises:
        OSError: the folder cannot be written to.
    """
    staged = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666), "wb") as stream:
            stream.write(text.encode("utf-8"))
        staged.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            staged.unlink(missing_ok=True)
        raise
