"""`sdc-airlock scan`: batches for operators."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LARGE = "region,cases\nNorth,120\nSouth,140\nEast,95\nWest,77\n"
SMALL = "region,cases\nNorth,120\nSouth,4\nEast,95\nWest,77\n"


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Two requests in folders, and a file beside them."""
    folder = tmp_path / "batch"
    for name, text in (("first", LARGE), ("second", SMALL)):
        (folder / name).mkdir(parents=True)
        (folder / name / "table.csv").write_text(text)
    (folder / "loose.csv").write_text(LARGE)
    return folder


def test_each_folder_is_a_request(tool, batch: Path, tmp_path: Path) -> None:
    """Every request has both reports, the index lists them all, the gravest decides."""
    out = tmp_path / "out"
    ran = tool("scan", batch, "--out", out)
    assert ran.status == 10
    index = json.loads((out / "index.json").read_text())
    assert {request["request_id"]: request["outcome"] for request in index["requests"]} == {
        "batch": "release",
        "first": "release",
        "second": "review",
    }
    assert all((out / request[kind]).is_file() for request in index["requests"] for kind in ("html", "json"))
    assert (out / "index.html").is_file()
    assert "index.html" in ran.out


def test_a_manifest_is_a_request(tool, batch: Path, tmp_path: Path) -> None:
    """A JSON file names the outputs of a request and says who asks; its paths count from where it lies."""
    manifest = batch / "request.json"
    manifest.write_text(json.dumps({"paths": ["first", "loose.csv"], "request_id": "R1", "requester": "someone"}))
    ran = tool("scan", manifest, "--json", "-")
    (request,) = json.loads(ran.out)["requests"]
    assert (request["request_id"], request["requester"], request["outputs"]) == ("R1", "someone", 2)


def test_names_of_requests_are_plain_folders(tool, tmp_path: Path) -> None:
    """A request id is a claim: it never leads out of the folder for reports, and two of a name do not overwrite each other."""
    manifests = []
    for number, request_id in enumerate(("../../escape", "..", "a b", "a-b")):
        manifests.append(tmp_path / f"{number}.json")
        manifests[-1].write_text(json.dumps({"paths": ["table.csv"], "request_id": request_id}))
    (tmp_path / "table.csv").write_text(LARGE)
    out = tmp_path / "out"
    tool("scan", *manifests, "--out", out)
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == ["a-b", "a-b-2", "escape", "request"]


@pytest.mark.parametrize("out", ["batch", "batch/reports"])
def test_reports_do_not_go_among_outputs(tool, batch: Path, out: str) -> None:
    """A folder for reports inside a folder that is scanned is refused."""
    assert tool("scan", batch, "--out", batch.parent / out).status == 2


def test_reports_must_have_somewhere_to_go(tool, batch: Path) -> None:
    """A batch without a place for its reports is refused."""
    assert tool("scan", batch).status == 2


def test_an_empty_batch_releases_nothing(tool, tmp_path: Path) -> None:
    """No request at all is held."""
    (tmp_path / "empty").mkdir()
    assert tool("scan", tmp_path / "empty", "--out", tmp_path / "out").status == 10


@pytest.mark.parametrize("text", ["{", "[]", '{"paths": []}', '{"paths": ["a"], "profile": "finngen"}'])
def test_a_wrong_manifest_is_told(tool, tmp_path: Path, text: str) -> None:
    """A manifest that cannot be understood stops the batch before anything is judged."""
    (tmp_path / "request.json").write_text(text)
    assert tool("scan", tmp_path / "request.json", "--out", tmp_path / "out").status == 2
    assert not (tmp_path / "out").exists()


def test_what_was_decided_stays_when_a_batch_is_broken_off(tool, batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves whole reports and an index that says it is not complete; nothing counts as released."""
    from sdc_airlock.pipeline.run import Judge

    judge, calls = Judge.judge, []

    def interrupted(self, asked, progress=None):
        calls.append(asked)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return judge(self, asked, progress)

    monkeypatch.setattr(Judge, "judge", interrupted)
    out = tmp_path / "out"
    ran = tool("scan", batch, "--out", out)
    assert ran.status == 70
    assert "interrupted" in ran.err
    index = json.loads((out / "index.json").read_text())
    assert index["broken_off"] is True
    assert len(index["requests"]) == 1
    json.loads((out / index["requests"][0]["json"]).read_text())
