"""Recognition as the pipeline runs it: bytes through identification and the readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source


@pytest.fixture
def recognised(tmp_path: Path) -> Callable[[str, str], tuple[Recognised, ...]]:
    """Says what every part of a file of this text and name is."""

    def run(text: str, name: str = "table.csv") -> tuple[Recognised, ...]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        source = Source.of_file(str(path), part_id=name, name=name, size=path.stat().st_size)
        return recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())

    return run
