"""What bytes are, told from the bytes: a signature table and text shapes of our own, libmagic as second opinion."""

from __future__ import annotations

from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.filetype import FileType
from sdc_airlock.source import Source

__all__ = ["TYPES", "identify"]


def identify(source: Source) -> FileType:
    """Placeholder that the identification work replaces."""
    raise NotImplementedError
