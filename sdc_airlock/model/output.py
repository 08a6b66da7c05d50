"""Outputs and the requests they come in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why intake did not take a path as an output; each is a gap, never passed over."""

    LINK = "link"
    DEVICE = "device"
    SOCKET = "socket"
    PIPE = "pipe"
    UNREADABLE = "unreadable"
    CHANGED_WHILE_READ = "changed_while_read"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """One file proposed for export, staged and hashed.

    Attributes:
        path: Path under the argument that named it, with "/", made safe to show (control characters escaped).
        claimed_name: The last part of the name, as text; bytes that are not UTF-8 are escaped.
        file_id: SHA-256 of the staged bytes, lower-case hex; "" where nothing could be staged.
        size_bytes: Size of the staged copy, or what the file system says where there is none.
        staged_path: Where the copy lies; "" where there is none.
        refusal: Why there is none.
        name_oddities: What is odd about the name ("right-to-left mark"), in words.
    """

    path: str
    claimed_name: str
    file_id: str
    size_bytes: int
    staged_path: str = ""
    refusal: Refusal | None = None
    refusal_detail: str = ""
    name_oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRequest:
    """The set submitted together, with its statement."""

    request_id: str
    files: tuple[OutputFile, ...]
    requester: str | None = None
    project: str | None = None
    statement: str = ""
