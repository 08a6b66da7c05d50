"""One file from the world outside to a staged copy: opened without following links, hashed while it is copied."""

# ruff: noqa: PTH108, PTH118 - names are bytes relative to a descriptor, which pathlib does not know

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass

from sdc_airlock.errors import AirlockError
from sdc_airlock.model.output import Refusal

_CHUNK = 1 << 20
_LONG = 16 << 20
_FICLONE = 0x40049409
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Refused(AirlockError):
    """A path is not taken in.

    Attributes:
        refusal: Why.
        size: What the file system says of its size, bytes.
    """

    def __init__(self, refusal: Refusal, detail: str = "", size: int = 0) -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.detail = detail
        self.size = size


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged copy: where it lies, its SHA-256 and its size in bytes."""

    path: str
    sha256: str
    size: int


def look(name: bytes, folder: int | None) -> os.stat_result:
    """What stands at a name, without following a link.

    Raises:
        Refused: nothing is there, or it cannot be looked at.
    """
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refused(Refusal.MISSING, "there is nothing of that name") from error
    except ValueError as error:
        raise Refused(Refusal.MISSING, "the name holds a NUL byte") from error
    except OSError as error:
        raise Refused(Refusal.UNREADABLE, _words(error)) from error


def refuse_special(found: os.stat_result) -> None:
    """Refuse what is neither a file nor a folder.

    Raises:
        Refused: a link, device, socket or pipe.
    """
    for test, refusal, words in (
        (stat.S_ISLNK, Refusal.LINK, "a symbolic link"),
        (stat.S_ISSOCK, Refusal.SOCKET, "a socket"),
        (stat.S_ISFIFO, Refusal.PIPE, "a named pipe"),
        (stat.S_ISBLK, Refusal.DEVICE, "a block device"),
        (stat.S_ISCHR, Refusal.DEVICE, "a character device"),
    ):
        if test(found.st_mode):
            raise Refused(refusal, words)
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise Refused(Refusal.DEVICE, "neither a file nor a folder")


def open_folder(name: bytes, folder: int | None, found: os.stat_result) -> int:
    """Open the folder that `found` describes.

    Returns:
        Its descriptor.
    Raises:
        Refused: it cannot be opened, or something else stands there now.
    """
    descriptor = _open(name, folder, _OPEN | os.O_DIRECTORY, found.st_size)
    if not _same(os.fstat(descriptor), found):
        os.close(descriptor)
        raise Refused(Refusal.CHANGED_WHILE_READ, "another folder stands at this name now")
    return descriptor


def _same(now: os.stat_result, before: os.stat_result) -> bool:
    return (now.st_dev, now.st_ino) == (before.st_dev, before.st_ino)


def _open(name: bytes, folder: int | None, flags: int, size: int) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError as error:
        raise Refused(Refusal.CHANGED_WHILE_READ, "it went away while it was taken in", size) from error
    except OSError as error:
        if error.errno == errno.ENOTDIR:
            raise Refused(Refusal.CHANGED_WHILE_READ, "no folder stands at this name now", size) from error
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise Refused(Refusal.LINK, "a symbolic link", size) from error
        raise Refused(Refusal.UNREADABLE, _words(error), size) from error


def stage(name: bytes, folder: int | None, found: os.stat_result, staging: bytes, most: int) -> Staged:
    """Copy a regular file into the staging folder and hash the copy.

    Args:
        name: Its name.
        folder: Descriptor of the folder it stands in; None where the name is a path.
        found: What `look` said of it.
        staging: The folder of staged copies.
        most: Largest size taken in, bytes.
    Raises:
        Refused: it cannot be read, is too large, or changed meanwhile.
    """
    if found.st_size > most:
        raise Refused(Refusal.TOO_LARGE, f"larger than {most} bytes", found.st_size)
    source = _open(name, folder, _OPEN, found.st_size)
    try:
        before = os.fstat(source)
        refuse_special(before)
        if not _same(before, found):
            raise Refused(Refusal.CHANGED_WHILE_READ, "another file stands at this name now", found.st_size)
        staged = _copy(source, before, staging, most)
        after = os.fstat(source)
        if staged.size != before.st_size or _print(after) != _print(before):
            os.unlink(staged.path)
            raise Refused(Refusal.CHANGED_WHILE_READ, "its size or time of change differs after it was read", before.st_size)
        return staged
    finally:
        os.close(source)


def _print(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _copy(source: int, before: os.stat_result, staging: bytes, most: int) -> Staged:
    path = os.path.join(staging, secrets.token_hex(12).encode())
    try:
        copy = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(Refusal.UNREADABLE, f"no staged copy could be made: {_words(error)}", before.st_size) from error
    try:
        digest, size = _transfer(source, copy, min(most, before.st_size))
        os.fchmod(copy, 0o400)
    except OSError as error:
        os.unlink(path)
        raise Refused(Refusal.UNREADABLE, f"copying it failed: {_words(error)}", before.st_size) from error
    finally:
        os.close(copy)
    return Staged(os.fsdecode(path), digest, size)


def _transfer(source: int, copy: int, most: int) -> tuple[str, int]:
    """Copy and hash; one byte more than `most` is read, so that a file that grew is noticed."""
    cloned = most > _CHUNK and _clone(source, copy)
    digest, size = hashlib.sha256(), 0
    if most > _LONG:
        return _transfer_long(copy if cloned else source, None if cloned else copy, most)
    while size <= most and (chunk := os.read(copy if cloned else source, min(_CHUNK, most + 1 - size))):
        digest.update(chunk)
        size += len(chunk)
        if not cloned:
            _write(copy, memoryview(chunk))
    return digest.hexdigest(), size


def _transfer_long(source: int, copy: int | None, most: int) -> tuple[str, int]:
    """The same, where each piece is hashed by a thread while it is written and the next one is read."""
    from concurrent.futures import Future, ThreadPoolExecutor

    digest, size, turn = hashlib.sha256(), 0, 0
    buffers = (memoryview(bytearray(_CHUNK)), memoryview(bytearray(_CHUNK)))
    with ThreadPoolExecutor(1) as hashing:
        before: Future[None] | None = None
        while size <= most and (got := os.readv(source, [buffers[turn][: most + 1 - size]])):
            piece = buffers[turn][:got]
            if before is not None:
                before.result()
            before = hashing.submit(digest.update, piece)
            if copy is not None:
                _write(copy, piece)
            size += got
            turn = 1 - turn
        if before is not None:
            before.result()
    return digest.hexdigest(), size


def _write(copy: int, rest: memoryview) -> None:
    while rest:
        rest = rest[os.write(copy, rest) :]


def _clone(source: int, copy: int) -> bool:
    """Share the blocks of the file where the file system can; True where it could."""
    import fcntl

    try:
        fcntl.ioctl(copy, _FICLONE, source)
    except OSError:
        return False
    return True


def _words(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "input or output error"
