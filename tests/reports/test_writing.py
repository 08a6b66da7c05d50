"""Reports on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdc_airlock.reports.writing import write_report


def test_a_report_replaces_the_one_before(tmp_path: Path) -> None:
    """A report takes the place of an older one, and nothing else stays in the folder."""
    target = tmp_path / "report.json"
    write_report(target, "one")
    write_report(target, "deux é\n")
    assert target.read_bytes() == "deux é\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_breaking_off_leaves_the_older_report_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of writing leaves the finished report as it was and no half report beside it."""
    target = tmp_path / "report.json"
    write_report(target, "whole")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(target, "half")
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """A link that lies where the report goes does not lead the report elsewhere."""
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("untouched")
    target = tmp_path / "report.json"
    target.symlink_to(elsewhere)
    write_report(target, "report")
    assert (elsewhere.read_text(), target.read_text(), target.is_symlink()) == ("untouched", "report", False)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A folder that is not there is reported, not made up."""
    with pytest.raises(OSError, match="No such file"):
        write_report(tmp_path / "absent" / "report.json", "text")
