"""Laws of what a requester may do to an output: no disguise lowers an outcome, and an honest wrapping raises none."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import os
import quopri
import random
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline.run import Asked, Judge

SEEDS = 40 if os.environ.get("SDC_AIRLOCK_THOROUGH") else 3
NAMES = ("North", "South", "East", "West", "Midlands", "Coast")
Disguise = Callable[[ModuleType, str], bytes]


def people(chance: random.Random) -> str:
    """One record a person."""
    ids = chance.sample(range(1_000_000, 9_999_999), 60)
    lines = [f"{each},{chance.randint(18, 90)},{chance.choice('MF')},{chance.gauss(27, 4):.1f},{chance.choice('ABCD')}" for each in ids]
    return "participant_id,age,sex,bmi,ward\n" + "\n".join(lines) + "\n"


def visits(chance: random.Random) -> str:
    """Several dated records a person."""
    ids = [f"P{number}" for number in chance.sample(range(10_000, 99_999), 30)]
    lines = [
        f"{each},20{chance.randint(10, 23)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02},{chance.randint(90, 180)},{chance.randint(50, 110)}"
        for each in ids
        for _ in range(3)
    ]
    return "person,visit_date,systolic,diastolic\n" + "\n".join(lines) + "\n"


def genotypes(chance: random.Random) -> str:
    """One row a person, one column a variant."""
    header = ",".join(["sample", *(f"rs{chance.randint(1000, 10**7)}" for _ in range(25))])
    lines = [f"S{1000 + number}," + ",".join(chance.choice("0012") for _ in range(25)) for number in range(50)]
    return header + "\n" + "\n".join(lines) + "\n"


def small_counts(chance: random.Random) -> str:
    """A table with one cell below the threshold."""
    counts = [chance.randint(30, 300) for _ in NAMES]
    counts[chance.randrange(len(NAMES))] = chance.randint(1, 9)
    return "region,cases,controls\n" + "".join(
        f"{name},{count},{chance.randint(200, 900)}\n" for name, count in zip(NAMES, counts, strict=True)
    )


def safe_counts(chance: random.Random) -> str:
    """A table whose cells are all large."""
    return "region,cases,controls\n" + "".join(f"{name},{chance.randint(60, 900)},{chance.randint(200, 900)}\n" for name in NAMES)


def sites(chance: random.Random) -> str:
    """Variants with their frequencies in a large cohort, nobody's genotypes."""
    place, lines = 10_000, []
    for number in range(60):
        place += chance.randint(100, 5_000)
        lines.append(f"1\t{place}\trs{number + 5000}\tA\tG\t.\tPASS\tAF={chance.uniform(0.05, 0.95):.4f};AN=20000")
    return "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + "\n".join(lines) + "\n"


def regression(chance: random.Random) -> str:
    """Coefficients of a model."""
    lines = [
        f"{term},{chance.gauss(0, 1):.4f},{chance.uniform(0.01, 0.3):.4f},{chance.gauss(0, 2):.3f},{chance.uniform(0, 1):.4f}"
        for term in ("(Intercept)", "age", "sexM", "bmi", "smokerYes")
    ]
    return "term,estimate,std.error,statistic,p.value\n" + "\n".join(lines) + "\n"


HELD = {"people": people, "visits": visits, "genotypes": genotypes, "small": small_counts}
SAFE = {"safe": safe_counts, "sites": sites, "regression": regression}
ENDINGS = {"sites": ".vcf"}


def bases(kinds: Mapping[str, Callable[[random.Random], str]]) -> dict[str, str]:
    """Texts by a name that says kind and seed."""
    return {f"{kind}-{seed}": make(random.Random(f"{kind}{seed}")) for kind, make in kinds.items() for seed in range(SEEDS)}


def shuffled(text: str, seed: int = 7) -> str:
    header, *rows = text.splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join([header, *rows, ""])


def columns_moved(text: str, seed: int = 7) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    order = list(range(len(rows[0])))
    random.Random(seed).shuffle(order)
    return "\n".join(",".join(row[place] for place in order) for row in rows) + "\n"


def packed(name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def in_database(_: ModuleType, text: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("CREATE TABLE notes (body TEXT)")
        store.execute("INSERT INTO notes VALUES (?)", (text,))
        store.commit()
        return store.serialize()


def prose(before: str) -> bytes:
    return f"# Methods\n\nThe model was adjusted for age and sex.\n\n{before}\n".encode()


def carried(samples: ModuleType, data: bytes) -> bytes:
    return samples.notebook({"cell_type": "markdown", "metadata": {}, "source": ["Notes\n", "\n", base64.b64encode(data).decode()]})


DISGUISES: dict[str, tuple[str, Disguise]] = {
    "plain text": (".txt", lambda _, text: text.encode()),
    "name of a figure": (".png", lambda _, text: text.encode()),
    "name of a document": (".docx", lambda _, text: text.encode()),
    "no ending": ("", lambda _, text: text.encode()),
    "UTF-16": (".csv", lambda _, text: text.encode("utf-16")),
    "UTF-16 without mark": (".csv", lambda _, text: text.encode("utf-16-le")),
    "UTF-32": (".csv", lambda _, text: text.encode("utf-32")),
    "byte order mark": (".csv", lambda _, text: text.encode("utf-8-sig")),
    "Latin-1": (".csv", lambda _, text: text.replace(",", "\u00e9,", 1).encode("latin-1")),
    "Windows lines": (".csv", lambda _, text: text.replace("\n", "\r\n").encode()),
    "old Mac lines": (".csv", lambda _, text: text.replace("\n", "\r").encode()),
    "empty lines": (".csv", lambda _, text: text.replace("\n", "\n\n").encode()),
    "a title above": (".csv", lambda _, text: f"Table 1. Results\n\n{text}".encode()),
    "rows in another order": (".csv", lambda _, text: shuffled(text).encode()),
    "columns in another order": (".csv", lambda _, text: columns_moved(text).encode()),
    "zip": (".zip", lambda _, text: packed("table.csv", text.encode())),
    "stored zip": (".zip", lambda _, text: packed("table.csv", text.encode(), zipfile.ZIP_STORED)),
    "zip in zip": (".zip", lambda _, text: packed("a.zip", packed("b", text.encode()))),
    "tar": (".tar", lambda samples, text: samples.tarred("table.csv", text.encode())),
    "tgz": (".tgz", lambda samples, text: samples.tarred("table.csv", text.encode(), "w:gz")),
    "gzip": (".csv.gz", lambda _, text: gzip.compress(text.encode())),
    "bzip2": (".csv.bz2", lambda _, text: bz2.compress(text.encode())),
    "xz": (".csv.xz", lambda _, text: lzma.compress(text.encode())),
    "zstd": (".csv.zst", lambda samples, text: samples.framed("zstd", text.encode())),
    "lz4": (".csv.lz4", lambda samples, text: samples.framed("lz4", text.encode())),
    "zlib": (".bin", lambda _, text: zlib.compress(text.encode())),
    "base64 in a text": (".txt", lambda _, text: base64.encodebytes(text.encode())),
    "base64 in a note": (".md", lambda samples, text: samples.in_markdown(text.encode())),
    "base64 of gzip in a note": (".md", lambda samples, text: samples.in_markdown(gzip.compress(text.encode()))),
    "hex in a note": (".md", lambda _, text: prose(binascii.hexlify(text.encode()).decode())),
    "per cent in a note": (".md", lambda _, text: prose(urllib.parse.quote(text))),
    "quoted-printable in a note": (".md", lambda _, text: prose(quopri.encodestring(text.encode(), quotetabs=True).decode())),
    "a note": (".md", lambda _, text: prose(f"```\n{text}```")),
    "mail": (".eml", lambda samples, text: samples.mail(text.encode())),
    "notebook": (".ipynb", lambda samples, text: samples.notebook_of_text(text)),
    "base64 in a notebook": (".ipynb", lambda samples, text: carried(samples, text.encode())),
    "lines of a document": (".docx", lambda samples, text: samples.docx_of_lines(text)),
    "document in a zip": (".zip", lambda samples, text: packed("notes.docx", samples.docx_of_lines(text))),
    "word of JSON": (".json", lambda _, text: json.dumps({"title": "results", "body": text}).encode()),
    "string of code": (".py", lambda _, text: f'import io\nimport pandas as pd\n\nDATA = """{text}"""\n\nframe = pd.read_csv(io.StringIO(DATA))\n'.encode()),
    "page": (".html", lambda _, text: f"<!DOCTYPE html><html><body><pre>{text}</pre></body></html>".encode()),
    "comment of a page": (".html", lambda _, text: f"<!DOCTYPE html><html><body><p>Results</p><!-- {text} --></body></html>".encode()),
    "database": (".sqlite", in_database),
    "git object": ("", lambda _, text: zlib.compress(b"blob %d\0" % len(text.encode()) + text.encode())),
}  # fmt: skip
# a table in one cell is held as text that may be a table, whatever it is
STILL_HELD = {"database"}
HONEST = {
    "zip": (".zip", lambda _, text, ending: packed(f"results{ending}", text.encode())),
    "tar": (".tar", lambda samples, text, ending: samples.tarred(f"results{ending}", text.encode())),
    "tgz": (".tgz", lambda samples, text, ending: samples.tarred(f"results{ending}", text.encode(), "w:gz")),
    "gzip": ("{}.gz", lambda _, text, ending: gzip.compress(text.encode(), mtime=0)),
    "bzip2": ("{}.bz2", lambda _, text, ending: bz2.compress(text.encode())),
    "xz": ("{}.xz", lambda _, text, ending: lzma.compress(text.encode())),
    "zstd": ("{}.zst", lambda samples, text, ending: samples.framed("zstd", text.encode())),
    "byte order mark": ("{}", lambda _, text, ending: text.encode("utf-8-sig")),
    "Windows lines": ("{}", lambda _, text, ending: text.replace("\n", "\r\n").encode()),
    "rows in another order": ("{}", lambda _, text, ending: (text if ending == ".vcf" else shuffled(text)).encode()),
}


def outcomes(judge: Judge, folder: Path, files: Mapping[str, tuple[str, bytes]]) -> dict[str, Outcome]:
    """The outcome of each file, each by its key, all judged as one request."""
    folder.mkdir()
    for key, (ending, data) in files.items():
        (folder / f"{key}{ending}").write_bytes(data)
    result = judge.judge(Asked(paths=(str(folder),)))
    named = dict(zip((file.path for file in result.request.files), (each.outcome for each in result.decisions), strict=True))
    return {key: named[f"{key}{ending}"] for key, (ending, _) in files.items()}


@pytest.fixture(scope="module")
def plain(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """The outcomes of all texts as they are."""
    folder = tmp_path_factory.mktemp("plain") / "all"
    files = {key: (ENDINGS.get(key.partition("-")[0], ".csv"), text.encode()) for key, text in bases(HELD | SAFE).items()}
    return outcomes(judge, folder, files)


def test_the_texts_are_what_they_are_called(plain: Mapping[str, Outcome]) -> None:
    """Undisguised, what holds people or small counts is held, and the rest is released."""
    wrong = {key: found for key, found in plain.items() if (found is Outcome.RELEASE) == (key.partition("-")[0] in HELD)}
    assert wrong == {}


@pytest.mark.parametrize("name", DISGUISES)
def test_no_disguise_makes_it_milder(judge: Judge, samples: ModuleType, plain: Mapping[str, Outcome], tmp_path: Path, name: str) -> None:
    """Other names, encodings, orders and containers lower no outcome."""
    ending, disguise = DISGUISES[name]
    files = {key: (ending, disguise(samples, text)) for key, text in bases(HELD).items()}
    found = outcomes(judge, tmp_path / "all", files)
    least = {key: Outcome.REVIEW if name in STILL_HELD else plain[key] for key in found}
    assert {key: (least[key], outcome) for key, outcome in found.items() if outcome < least[key]} == {}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_wrapping_holds_nothing(judge: Judge, samples: ModuleType, tmp_path: Path, name: str) -> None:
    """An output that may go may go in a container and under any ending of its kind."""
    pattern, wrap = HONEST[name]
    files = {}
    for key, text in bases(SAFE).items():
        ending = ENDINGS.get(key.partition("-")[0], ".csv")
        files[key] = pattern.format(ending), wrap(samples, text, ending)
    found = outcomes(judge, tmp_path / "all", files)
    assert {key: outcome for key, outcome in found.items() if outcome is not Outcome.RELEASE} == {}


def test_another_ending_of_its_kind_holds_nothing(judge: Judge, tmp_path: Path) -> None:
    """A delimited table may be called what programs call it."""
    texts = {key: text for key, text in bases(SAFE).items() if key.partition("-")[0] not in ENDINGS}
    files = {f"{key}-as{ending[1:]}": (ending, text.encode()) for key, text in texts.items() for ending in (".txt", ".csv", ".dat", ".tab")}
    found = outcomes(judge, tmp_path / "all", files)
    assert {key: outcome for key, outcome in found.items() if outcome is not Outcome.RELEASE} == {}


@pytest.mark.parametrize("company", [b"", b"# Methods\n\nThe model was adjusted for age and sex.\n", b"\n"])
def test_company_changes_nothing(judge: Judge, plain: Mapping[str, Outcome], tmp_path: Path, company: bytes) -> None:
    """An empty or ordinary file beside it makes no output milder, and none that may go is held for it."""
    for key, text in bases(HELD | SAFE).items():
        folder = tmp_path / key
        folder.mkdir()
        ending = ENDINGS.get(key.partition("-")[0], ".csv")
        (folder / f"{key}{ending}").write_text(text)
        (folder / "README.md").write_bytes(company)
    result = judge.judge(Asked(paths=(str(tmp_path),)))
    found = {
        file.path.partition("/")[0]: decision.outcome
        for file, decision in zip(result.request.files, result.decisions, strict=True)
        if not file.path.endswith("README.md")
    }
    assert found == plain


WRAPPINGS: dict[str, Callable[[ModuleType, bytes], bytes]] = {
    "zip": lambda _, data: packed("inner", data),
    "tar": lambda samples, data: samples.tarred("inner", data),
    "gzip": lambda _, data: gzip.compress(data),
    "bzip2": lambda _, data: bz2.compress(data),
    "xz": lambda _, data: lzma.compress(data),
    "zstd": lambda samples, data: samples.framed("zstd", data),
    "mail": lambda samples, data: samples.mail(data, "inner"),
    "note": lambda samples, data: samples.in_markdown(data),
    "notebook": carried,
}


@settings(max_examples=200 if SEEDS > 3 else 20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(HELD)),
    seed=st.integers(0, 10_000),
    layers=st.lists(st.sampled_from(sorted(WRAPPINGS)), min_size=1, max_size=3),
)
def test_wrappings_in_wrappings_release_nothing(
    judge: Judge, samples: ModuleType, tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int, layers: list[str]
) -> None:
    """However containers and encodings are put around it, what is held stays held."""
    data = HELD[kind](random.Random(seed)).encode()
    for layer in layers:
        data = WRAPPINGS[layer](samples, data)
    path = tmp_path_factory.mktemp("wrapped") / "output"
    path.write_bytes(data)
    assert judge.judge(Asked(paths=(str(path),))).outcome is not Outcome.RELEASE
