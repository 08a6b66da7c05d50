"""What a requester may do to an output without making its outcome milder."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline.run import Asked, Judge, judge_with


def people(rng: random.Random) -> str:
    rows = (f"{rng.randint(10**5, 10**6)},{rng.randint(18, 90)},{rng.choice('MF')},{rng.gauss(27, 4):.1f}" for _ in range(80))
    return "participant_id,age,sex,bmi\n" + "\n".join(rows) + "\n"


def small(rng: random.Random) -> str:
    counts = [rng.randint(30, 300) for _ in range(5)]
    counts[rng.randrange(5)] = rng.randint(1, 9)
    return "region,cases,controls\n" + "".join(
        f"region {name},{count},{rng.randint(200, 900)}\n" for name, count in zip("ABCDE", counts, strict=True)
    )


def zipped(content: str | bytes, name: str = "folder/table.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def tarred(text: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("table.csv")
        member.size = len(text.encode())
        archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def reordered(text: str) -> bytes:
    header, *rows = text.splitlines()
    random.Random(7).shuffle(rows)
    return "\n".join([header, *rows, ""]).encode()


CHANGES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "another extension": ("table.txt", str.encode),
    "the extension of a figure": ("figure.png", str.encode),
    "no extension": ("table", str.encode),
    "rows in another order": ("table.csv", reordered),
    "UTF-16": ("table.csv", lambda text: text.encode("utf-16")),
    "a byte order mark": ("table.csv", lambda text: text.encode("utf-8-sig")),
    "semicolons": ("table.csv", lambda text: text.replace(",", ";").encode()),
    "tabs": ("table.tsv", lambda text: text.replace(",", "\t").encode()),
    "carriage returns": ("table.csv", lambda text: text.replace("\n", "\r").encode()),
    "gzip": ("table.csv.gz", lambda text: gzip.compress(text.encode())),
    "zip": ("tables.zip", zipped),
    "zip under another name": ("report.pdf", zipped),
    "tar": ("tables.tgz", tarred),
    "zip in zip": ("tables.zip", lambda text: zipped(zipped(text), "inner.zip")),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One judge for all, so that workers start once."""
    with judge_with() as shared:
        yield shared


def outcome(judge: Judge, path: Path, data: bytes) -> Outcome:
    path.write_bytes(data)
    return judge.judge(Asked(paths=(str(path),))).outcome


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", [people, small])
def test_disguise_never_makes_it_milder(judge: Judge, tmp_path: Path, table, change: str, seed: int) -> None:
    """Renaming, reordering, re-encoding and wrapping never lower the outcome."""
    text = table(random.Random(seed))
    name, disguise = CHANGES[change]
    assert outcome(judge, tmp_path / name, disguise(text)) >= outcome(judge, tmp_path / "plain.csv", text.encode())


def test_company_never_makes_it_milder(judge: Judge, tmp_path: Path) -> None:
    """Submitted among harmless outputs, it is still what it is."""
    (tmp_path / "people.csv").write_text(people(random.Random(3)))
    for number in range(10):
        (tmp_path / f"notes {number}.md").write_text("# Methods\n\nThe model was adjusted for age and sex.\n")
    assert judge.judge(Asked(paths=(str(tmp_path),))).outcome is Outcome.REJECT
