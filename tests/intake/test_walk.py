"""Paths to outputs."""

from __future__ import annotations

import hashlib
import os
import socket  # noqa: TID251 - one is made in the file system, none is used
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sdc_airlock.intake import _stage, take_in
from sdc_airlock.limits import Limits
from sdc_airlock.model.output import OutputFile, Refusal

Taken = Callable[..., list[OutputFile]]


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    """Takes paths in."""
    staging = tmp_path / "staging"
    staging.mkdir()

    def take(*paths: str | Path, limits: Limits | None = None) -> list[OutputFile]:
        return list(take_in([str(path) for path in paths], str(staging), limits or Limits()))

    return take


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results."""
    root = tmp_path / "results"
    for name, text in (("tables/a.csv", "sex,n\nF,12\n"), ("b.txt", "words"), (".git/HEAD", "ref"), (".hidden", "x"), ("empty.csv", "")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "nothing" / "within").mkdir(parents=True)
    return root


def test_a_folder_is_walked_whole_and_in_order(folder: Path, taken: Taken) -> None:
    """Hidden files are taken too, empty folders are none, and the order does not change."""
    paths = [file.path for file in taken(folder)]
    assert paths == [".git/HEAD", ".hidden", "b.txt", "empty.csv", "tables/a.csv"]
    assert [file.path for file in taken(f"{folder}/")] == paths


def test_a_file_is_named_by_its_last_part(folder: Path, taken: Taken) -> None:
    """A file named itself has a path of one part."""
    (file,) = taken(folder / "tables" / "a.csv")
    assert (file.path, file.claimed_name, file.refusal) == ("a.csv", "a.csv", None)


def test_the_staged_copy_is_what_was_hashed(folder: Path, taken: Taken) -> None:
    """The copy holds the same bytes, may only be read by its owner, and its hash is the id."""
    for file in taken(folder):
        data = Path(file.staged_path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.file_id
        assert len(data) == file.size_bytes
        assert stat.S_IMODE(Path(file.staged_path).stat().st_mode) == 0o400


def test_large_files_are_copied_whole(tmp_path: Path, taken: Taken) -> None:
    """A file of several chunks arrives complete."""
    data = os.urandom(3_500_000)
    (tmp_path / "large.bin").write_bytes(data)
    (file,) = taken(tmp_path / "large.bin")
    assert Path(file.staged_path).read_bytes() == data


def test_links_are_refused_wherever_they_are(tmp_path: Path, folder: Path, taken: Taken) -> None:
    """A link is a refusal, as an argument, in a folder, and with a slash that would make the system follow it."""
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "away").symlink_to("/etc")
    (tmp_path / "named").symlink_to(folder)
    found = {file.path: file.refusal for file in taken(folder) if file.refusal}
    assert found == {"away": Refusal.LINK, "link": Refusal.LINK}
    assert [file.refusal for file in taken(tmp_path / "named")] == [Refusal.LINK]
    assert [file.refusal for file in taken(f"{tmp_path}/named/")] == [Refusal.LINK]
    assert [file.refusal for file in taken(f"{tmp_path}/named/.")] == [Refusal.LINK]


def test_pipes_sockets_and_devices_are_refused_without_being_opened(tmp_path: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a pipe would wait for ever."""
    root = tmp_path / "special"
    root.mkdir()
    os.mkfifo(root / "pipe")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = {file.path: file.refusal for file in taken(root)}
    assert found == {"pipe": Refusal.PIPE, "socket": Refusal.SOCKET}
    assert [file.refusal for file in taken("/dev/null")] == [Refusal.DEVICE]


def test_what_is_missing_or_unreadable_is_said(tmp_path: Path, taken: Taken) -> None:
    """A path that names nothing, or has a NUL byte in it, is listed with its refusal."""
    (tmp_path / "file").write_text("x")
    for path in ("nothing", "file/below", "with\0nul", ""):
        (file,) = taken(f"{tmp_path}/{path}" if path else "")
        assert file.refusal is Refusal.MISSING


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folder: Path, taken: Taken) -> None:
    """A file without permission is a refusal, and the others are taken."""
    (folder / "b.txt").chmod(0)
    assert {file.path: file.refusal for file in taken(folder)}["b.txt"] is Refusal.UNREADABLE


def test_a_file_that_cannot_be_opened(folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the file system is a refusal without the name in its words, and the others are taken."""
    real = os.open

    def refusing(name: bytes | str, *args: int, **more: int | None) -> int:
        if name == b"b.txt":
            raise PermissionError(13, "Permission denied", "b.txt")
        return real(name, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)
    found = {file.path: file for file in taken(folder)}
    assert (found["b.txt"].refusal, found["b.txt"].refusal_detail) == (Refusal.UNREADABLE, "permission denied")
    assert found["tables/a.csv"].refusal is None


@pytest.mark.parametrize("extra", [0, 1, 700])
def test_a_long_file_is_copied_and_hashed_piece_by_piece(folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch, extra: int) -> None:
    """The copy has the same bytes, the digest is that of all of them, wherever the last piece ends."""
    monkeypatch.setattr(_stage, "_CHUNK", 1 << 10)
    monkeypatch.setattr(_stage, "_LONG", 1 << 12)
    monkeypatch.setattr(_stage, "_clone", lambda *_: False)
    data = bytes(place % 251 for place in range((1 << 14) + extra))
    (folder / "long.bin").write_bytes(data)
    (file,) = taken(folder / "long.bin")
    assert (file.size_bytes, file.file_id) == (len(data), hashlib.sha256(data).hexdigest())
    assert Path(file.staged_path).read_bytes() == data


def test_a_file_that_changes_while_it_is_read_is_refused(folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Growing, shrinking or being written to during the copy is noticed, and no copy stays."""
    real = _stage._transfer

    def interfering(source: int, copy: int, most: int) -> tuple[str, int]:
        result = real(source, copy, most)
        with (folder / "b.txt").open("r+") as stream:
            stream.write("other")
        return result

    monkeypatch.setattr(_stage, "_transfer", interfering)
    (file,) = taken(folder / "b.txt")
    assert (file.refusal, file.staged_path) == (Refusal.CHANGED_WHILE_READ, "")


def test_a_file_that_is_swapped_for_a_link_is_refused(folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at must be what is opened."""
    real = _stage.stage

    def swapping(*args: object) -> _stage.Staged:
        (folder / "b.txt").unlink()
        (folder / "b.txt").symlink_to("/etc/passwd")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("sdc_airlock.intake.walk.stage", swapping)
    (file,) = taken(folder / "b.txt")
    assert file.refusal is Refusal.LINK


def test_a_file_above_the_limit_is_refused(folder: Path, taken: Taken) -> None:
    """The limit and nothing of the file stands in the words."""
    (file,) = taken(folder / "b.txt", limits=Limits(expanded_bytes=3))
    assert (file.refusal, file.size_bytes, file.refusal_detail) == (Refusal.TOO_LARGE, 5, "larger than 3 bytes")


def test_hostile_names_are_shown_safely(tmp_path: Path, taken: Taken) -> None:
    """Bytes that are not UTF-8, marks that turn text round, control characters and names of 255 bytes."""
    root = tmp_path / "hostile"
    root.mkdir()
    for name in (b"\xff.csv", "a\u202efdp.exe".encode(), b"\x1b[2J", b"n" * 255):
        (root / os.fsdecode(name)).write_bytes(name)
    found = {file.path: file for file in taken(root)}
    assert set(found) == {"\\xff.csv", "a\\u202efdp.exe", "\\x1b[2J", "n" * 255}
    assert found["a\\u202efdp.exe"].name_oddities == ("bidirectional mark",)
    assert all(file.file_id for file in found.values())


def test_arguments_that_would_show_one_path_are_told_apart(tmp_path: Path, taken: Taken) -> None:
    """The name of the folder stands before the path only where it is needed."""
    for name in ("x/a.csv", "y/a.csv", "z/other.csv", "deep/x/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [file.path for file in taken(tmp_path / "x", tmp_path / "z")] == ["a.csv", "other.csv"]
    assert [file.path for file in taken(tmp_path / "x", tmp_path / "y")] == ["x/a.csv", "y/a.csv"]
    assert [file.path for file in taken(tmp_path / "x" / "a.csv", tmp_path / "y" / "a.csv")] == ["x/a.csv", "y/a.csv"]
    assert [file.path for file in taken(tmp_path / "x", tmp_path / "deep" / "x")] == ["x/a.csv", "x~2/a.csv"]
    assert [file.path for file in taken(tmp_path / "x", tmp_path / "x")] == ["a.csv"]


def test_the_staging_folder_is_not_taken_in(tmp_path: Path, taken: Taken) -> None:
    """An argument above the staging folder does not take in the copies."""
    (tmp_path / "a.csv").write_text("x")
    assert [file.path for file in taken(tmp_path)] == ["a.csv"]


def test_folders_nested_too_deeply_are_refused(tmp_path: Path, taken: Taken) -> None:
    """Depth costs open descriptors; beyond a bound it is a refusal."""
    place = tmp_path / "deep"
    place.mkdir()
    here = os.open(place, os.O_RDONLY)
    for _ in range(210):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert [file.refusal for file in taken(place)] == [Refusal.TOO_MANY]


def test_many_files(tmp_path: Path, taken: Taken) -> None:
    """A request of thousands of files is taken in one by one."""
    root = tmp_path / "many"
    root.mkdir()
    for number in range(1500):
        (root / f"{number:05d}.csv").write_text(str(number))
    found = taken(root)
    assert [file.path for file in found] == [f"{number:05d}.csv" for number in range(1500)]
    assert len({file.staged_path for file in found}) == 1500
