"""A plug-in of pytest that keeps what the tests of readers read, so that fuzzing starts from every format they build."""

# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

_LARGEST = 32 * 1024
_MOST = 200


@pytest.fixture(autouse=True, scope="session")
def _seeds_are_kept() -> Iterator[None]:
    """Every input of a reader, by the label it was read as."""
    folder = Path(os.environ["SEEDS"])
    kept: Counter[str] = Counter()
    opens = Reading.open

    def keeping(self: Reading, source: Source, file_type: FileType) -> Iterator[Item]:
        if source.size is not None and 0 < source.size <= _LARGEST and kept[file_type.label] < _MOST:
            kept[file_type.label] += 1
            with source.opener() as stream:
                data = stream.read()
            place = folder / file_type.label / hashlib.sha256(data).hexdigest()[:16]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return opens(self, source, file_type)

    Reading.open = keeping  # type: ignore[method-assign]
    yield
    Reading.open = opens  # type: ignore[method-assign]
