"""`--acro`: a folder that SACRO-Viewer opens, held against what the viewer asks of one."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

CELLS = {"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}}
FILE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "pattern": r"^[^/\\]+$"}, "sdc": {"properties": {"cells": {"additionalProperties": CELLS}}}},
}
TEXTS = {key: {"type": "string"} for key in ("uid", "type", "command", "summary", "exception", "timestamp")}
ENTRY = {
    "type": "object",
    "required": ["uid", "status", "type", "properties", "files", "outcome", "command", "summary", "exception", "timestamp", "comments"],
    "properties": {
        **TEXTS,
        "status": {"enum": ["pass", "review", "fail"]},
        "properties": {"type": "object"},
        "outcome": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}}},
        "files": {"type": "array", "minItems": 1, "items": FILE},
        "comments": {"type": "array", "items": {"type": "string"}},
    },
}
RECORD = {
    "type": "object",
    "required": ["version", "results"],
    "properties": {
        "version": {"pattern": r"^(0\.4|[1-9]\.\d+)(\.\d+)?$"},
        "results": {"type": "object", "minProperties": 1, "additionalProperties": ENTRY},
    },
}


def opened(folder: Path) -> dict[str, Any]:
    """The entries of a folder, held against all that the viewer asks: one record, flat names, checksums, no markup in texts."""
    records = [path for path in folder.iterdir() if path.name.lower().endswith(".json")]
    assert [path.name for path in records] == ["results.json"]
    said = json.loads(records[0].read_bytes().decode("ascii"))
    jsonschema.validate(said, RECORD)
    for entry in said["results"].values():
        for file in entry["files"]:
            path = folder / file["name"]
            assert path.is_file()
            assert not path.is_symlink()
            written = (folder / "checksums" / f"{file['name']}.txt").read_text("utf-8")
            assert written == hashlib.sha256(path.read_bytes()).hexdigest()
        assert not any(re.search("[<>]", text) for text in (*entry["comments"], entry["summary"], entry["exception"], entry["uid"]))
    return said["results"]


@pytest.fixture
def request_folder(tmp_path: Path) -> Path:
    """A request of outputs in folders, with names and types that the viewer stumbles over."""
    folder = tmp_path / "request"
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "small.csv").write_text("area,cases,controls\nHeath,1204,3001\nMoor,4,2801\nFen,951,2102\nDale,777,1904\n")
    (folder / "tables_small.csv").write_text("area,cases\nHeath,1204\nMoor,1377\nFen,951\n")
    (folder / "<img src=x>.csv").write_text("area,cases\nHeath,1204\nMoor,1377\nFen,951\n")
    (folder / "broken.json").write_text('{"version": ')
    (folder / "outputs.json").write_text('{"version": "0.4.0", "results": []}')
    (folder / "link.csv").symlink_to("/etc/hostname")
    return folder


def test_every_output_has_an_entry(tool, request_folder: Path, tmp_path: Path) -> None:
    """All files are there once and none is taken for a second record; findings are comments and marked cells, without a value."""
    out = tmp_path / "viewer"
    assert tool("check", request_folder, "--acro", out, "--workers", 1).status == 10
    entries = opened(out)
    assert sorted(entries) == ["_img src=x_.csv", "broken.json", "link.csv", "outputs.json", "tables/small.csv", "tables_small.csv"]
    assert entries["tables_small.csv"]["files"][0]["name"] == "tables_small.csv"
    assert entries["link.csv"]["files"][0]["name"] == "sdc-airlock-note.txt"
    entry = entries["tables/small.csv"]
    assert (entries["tables_small.csv"]["status"], entry["status"]) == ("pass", "review")
    assert entry["files"][0]["sdc"]["cells"]["threshold"] == [[1, 0]]
    assert entry["summary"].startswith("needs review; small_counts: 1 place")
    assert any("row 3, column cases" in comment for comment in entry["comments"])
    text = (out / "results.json").read_text("ascii")
    assert not any(value in text for value in ("Moor", "2801", "1204"))
    assert sorted(path.name for path in (out / "sdc-airlock").iterdir()) == ["report.html", "report.json"]
    assert not [path for path in (*out.iterdir(), *tmp_path.iterdir()) if path.name.startswith(".")]


def test_nothing_is_written_into_what_is_judged(tool, request_folder: Path, tmp_path: Path) -> None:
    """A folder inside the request, around it, or with something in it is refused before any work."""
    for folder in (request_folder / "viewer", request_folder, tmp_path):
        ran = tool("check", request_folder, "--acro", folder)
        assert (ran.status, ran.out) == (2, "")
    assert not (request_folder / "viewer").exists()
    assert tool("scan", request_folder, "--acro", request_folder / "viewer").status == 2


def session(folder: Path, *, comments: object = ("for table 2",), **said: object) -> Path:
    """A session of ACRO 0.4 that calls a table passed."""
    folder.mkdir()
    (folder / "output_0_0.csv").write_text("year,women,men\n2010,1150,1590\n2011,1120,1590\n2012,4,1330\n2013,1200,1470\n")
    entry = {
        "uid": "output_0", "status": "pass", "type": "table", "properties": {"method": "crosstab"},
        "files": [{"name": "output_0_0.csv", "sdc": {"summary": {"suppressed": False, "threshold": 0}, "cells": {"threshold": []}}}],
        "outcome": {column: {str(2010 + row): "ok" for row in range(4)} for column in ("women", "men")},
        "command": "acro.crosstab(df.year, df.sex)", "summary": "pass", "timestamp": "2026-06-30T15:19:49.603861",
        "comments": comments, "exception": "", **said,
    }  # fmt: skip
    (folder / "results.json").write_text(json.dumps({"version": "0.4.12", "results": {"output_0": entry}}))
    (folder / "checksums").mkdir()
    for path in ("output_0_0.csv", "results.json"):
        (folder / "checksums" / f"{path}.txt").write_text(hashlib.sha256((folder / path).read_bytes()).hexdigest())
    return folder


def test_a_session_stays_the_same_session(tool, tmp_path: Path) -> None:
    """Entries, commands and comments of a session are kept; what we found is added, and the graver status holds."""
    out = tmp_path / "viewer"
    tool("check", session(tmp_path / "request"), "--acro", out, "--workers", 1)
    entries = opened(out)
    entry = entries["output_0"]
    assert (entry["status"], entry["type"], entry["command"]) == ("review", "table", "acro.crosstab(df.year, df.sex)")
    assert entry["files"][0]["name"] == "output_0_0.csv"
    assert entry["comments"][0] == "for table 2"
    assert any("row 4, column women" in comment for comment in entry["comments"])
    assert entry["summary"].endswith("by the session: pass")
    assert not {"results.json", "checksums/output_0_0.csv.txt"} & entries.keys()


ODD_SESSIONS = (
    {"files": [{"name": "output_0_0.csv", "sdc": {"cells": {"threshold": [[0, 1], [1], 7]}, "summary": 3}}, {"name": "../../etc/passwd"}]},
    {"comments": ["<script>alert(1)</script>"], "exception": "<b>", "properties": [1e999], "status": {}, "extra": [[[[[[[1]]]]]]]},
    {"comments": "one", "timestamp": 3, "outcome": {}, "summary": None},
)


def test_sessions_of_another_form_do_not_stop_the_viewer(tool, tmp_path: Path) -> None:
    """Fields of the wrong type, paths that lead out and markup are left out or made harmless; several sessions become one."""
    (tmp_path / "request").mkdir()
    for number, said in enumerate(ODD_SESSIONS):
        session(tmp_path / "request" / str(number), **said)
    out = tmp_path / "viewer"
    assert tool("check", tmp_path / "request", "--acro", out, "--workers", 1).status == 10
    assert {"output_0", "output_0 (2)", "output_0 (3)"} <= opened(out).keys()


def test_an_empty_request_still_opens(tool, tmp_path: Path) -> None:
    """A request without outputs has the one entry that says so."""
    (tmp_path / "request").mkdir()
    out = tmp_path / "viewer"
    tool("check", tmp_path / "request", "--acro", out, "--workers", 1)
    assert list(opened(out)) == ["request"]


def test_a_batch_gives_a_folder_a_request(tool, tmp_path: Path) -> None:
    """Each request of a batch has a folder under the name of its reports."""
    for name, cases in (("a", 1204), ("b", 4)):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "t.csv").write_text(f"area,cases\nHeath,1404\nMoor,{cases}\nFen,951\n")
    assert tool("scan", tmp_path / "in", "--acro", tmp_path / "viewer", "--workers", 1).status == 10
    assert [opened(tmp_path / "viewer" / name)["t.csv"]["status"] for name in ("a", "b")] == ["pass", "review"]
