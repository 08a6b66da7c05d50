"""Mending bytes as the pipeline does, with the real readers and no worker."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.mending import Loss, Mended, Method, Wanted
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.policy import load_profile
from sdc_airlock.protect import mend
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WANTED = Wanted(method=None, loss=Loss.CELLS, marker="[c]", suppressed=(1, 9), range_share=0.6, amount_share=0.2, base=0, individual=0.5)


def understood(data: bytes, name: str) -> tuple[Content, tuple[Recognised, ...]]:
    """Bytes as parts, and what each part is."""
    source = Source.of_bytes(data, part_id=name, name=name)
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    return content, recognise(content, Limits())


@dataclass(frozen=True)
class Copy:
    """What came of mending: the answer, and the bytes of the copy."""

    mended: Mended
    data: bytes

    @property
    def refusal(self) -> str:
        """Why there is no copy."""
        return self.mended.refusal

    def rows(self) -> list[list[str]]:
        """A plain comma-separated copy as cells."""
        return [line.split(",") for line in self.data.decode().splitlines()]


@pytest.fixture(scope="session")
def mending() -> Callable[..., Copy]:
    """Mends bytes or text; options replace those that the default profile gives."""

    def make(data: bytes | str, name: str = "table.csv", **options: Any) -> Copy:
        raw = data.encode() if isinstance(data, str) else data
        content, recognised = understood(raw, name)
        found = mend(content, recognised, raw, replace(WANTED, **options), seconds=20)
        return Copy(found, base64.b64decode(found.data))

    return make


@pytest.fixture(scope="session")
def judged() -> Callable[..., list[Finding]]:
    """What the checks of counts find in bytes, under the default profile."""
    profile = load_profile("default")
    chosen = [checks()[name] for name in ("small_counts", "recoverable_suppression")]

    def look(data: bytes, name: str = "table.csv") -> list[Finding]:
        content, recognised = understood(data, name)
        assert not content.unread
        subject = Subject(claimed_name=name, size_bytes=len(data), content=content, recognised=recognised)
        return [finding for each in chosen if each.on_output for finding in each.on_output(subject, profile.params(each))]

    return look


@pytest.fixture(scope="session")
def crosstab() -> Callable[[npt.NDArray[np.int64]], str]:
    """A table of counts with the totals of its rows and columns, as text."""

    def write(counts: npt.NDArray[np.int64]) -> str:
        header = ["region", *(f"group {chr(65 + place)}" for place in range(counts.shape[1])), "total"]
        body = [[f"area {number}", *map(str, row), str(row.sum())] for number, row in enumerate(counts, start=1)]
        last = ["Total", *map(str, counts.sum(axis=0)), str(counts.sum())]
        return "\n".join(",".join(row) for row in [header, *body, last]) + "\n"

    return write


__all__ = ["Copy", "Method", "understood"]
