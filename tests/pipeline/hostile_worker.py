"""The real worker with a hostile reader: what a library could do once a file has taken it over.

The name of each file says what is tried. What came of it is told as the detail of a gap: "refused" with the number of the
error, or "done".
"""

# ruff: noqa: PTH101, PTH104, PTH208, PTH211, TID251 - an attacker goes the shortest way

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from sdc_airlock.errors import Malformed
from sdc_airlock.pipeline import worker

GROUND = Path(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)


def connect(family, kind, address):
    with socket.socket(family, kind) as link:
        link.connect(address)


def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def raw(function, *arguments):
    if function(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "")


def endless():
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:  # noqa: BLE001 - it does not let itself be stopped
            continue


def many_files():
    while True:
        os.open(os.devnull, os.O_RDONLY)


def threads():
    import pyarrow as pa
    import pyarrow.compute as pc

    pa.set_cpu_count(4)
    table = pa.table({"a": list(range(100_000)), "b": [1] * 100_000})
    assert table.group_by("b", use_threads=True).aggregate([("a", "sum")]).num_rows == 1
    assert pc.sum(table["a"]).as_py() == sum(range(100_000))
    done = []
    workers = [threading.Thread(target=done.append, args=(1,)) for _ in range(8)]
    [each.start() for each in workers]
    [each.join() for each in workers]
    assert len(done) == 8


def libraries():
    import mimetypes
    import sqlite3

    import numpy as np
    import pandas as pd
    import pypdfium2
    import python_calamine
    import scipy.io
    import scipy.linalg
    from PIL import Image

    mimetypes.init()
    assert np.linalg.eigvalsh(np.eye(64)).sum() == 64
    assert scipy.linalg.det(np.eye(3)) == 1
    assert pd.DataFrame({"a": [1, 2]})["a"].sum() == 3
    Image.new("L", (64, 64)).resize((8, 8))
    pypdfium2.PdfDocument.new().close()
    assert python_calamine.CalamineWorkbook
    assert scipy.io.loadmat
    link = sqlite3.connect("scratch.db")
    link.execute("create table t (a)")
    link.commit()
    link.close()
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as stream:
        Path(folder, "x").write_bytes(b"1")
        stream.write(b"2")


ACTS = {
    "tcp": lambda _: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9)),
    "tcp over ipv6": lambda _: connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 9)),
    "udp": lambda _: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 9)),
    "unix socket": lambda _: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0abstract"),
    "netlink": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
    "socketpair": lambda _: socket.socketpair(),
    "write outside": lambda _: (GROUND / "outside" / "written").write_bytes(b"1"),
    "append outside": lambda _: (GROUND / "outside" / "secret").open("ab"),
    "read outside": lambda _: (GROUND / "outside" / "secret").read_bytes(),
    "list outside": lambda _: os.listdir(GROUND / "outside"),
    "read passwords": lambda _: Path("/etc/passwd").read_bytes(),
    "read by way of a link": lambda _: (os.symlink(GROUND / "outside" / "secret", "link"), Path("link").read_bytes()),
    "read by way of the root of the process": lambda _: Path(f"/proc/self/root{GROUND}/outside/secret").read_bytes(),
    "make a device": lambda _: os.mknod("device", 0o600),
    "list the root": lambda _: os.listdir("/"),
    "overwrite the copy": lambda path: (os.chmod(path, 0o600), Path(path).write_bytes(b"1")),
    "open the copy for writing": lambda path: os.open(path, os.O_WRONLY),
    "remove the copy": os.unlink,
    "rename the copy": lambda path: os.rename(path, "mine"),
    "link the copy": lambda path: os.link(path, "mine"),
    "fork": lambda _: fork(),
    "spawn": lambda _: os.posix_spawn("/bin/true", ["true"], {}),
    "run": lambda _: subprocess.run(["/bin/true"], check=True),
    "exec": lambda _: os.execv("/bin/true", ["true"]),
    "signal the parent": lambda _: os.kill(os.getppid(), signal.SIGCONT),
    "signal everyone": lambda _: os.kill(-1, signal.SIGCONT),
    "lower the parent": lambda _: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
    "limit the parent": lambda _: __import__("resource").prlimit(os.getppid(), __import__("resource").RLIMIT_CORE),
    "memory of the parent": lambda _: Path(f"/proc/{os.getppid()}/mem").read_bytes(),
    "new namespace": lambda _: raw(LIBC.unshare, 0x10000000),
    "outlive the parent": lambda _: raw(LIBC.prctl, 1, 0, 0, 0, 0),
    "foreign call": lambda _: LIBC.syscall(0x40000000 + 39),
    "large file": lambda _: os.truncate(os.open("large", os.O_CREAT | os.O_RDWR), 1 << 40),
    "many files": lambda _: many_files(),
    "much memory": lambda _: bytearray(8 << 30),
    "endless": lambda _: endless(),
    "threads": lambda _: threads(),
    "libraries": lambda _: libraries(),
    "write in the scratch folder": lambda _: Path("note").write_bytes(b"1"),
    "read the copy": lambda path: Path(path).read_bytes(),
}


def hostile(source, *_, **__):
    try:
        ACTS[source.name](source.path)
    except OSError as error:
        raise Malformed(f"refused {errno.errorcode.get(error.errno, error.errno)}") from error
    raise Malformed("done")


lock = worker.lock


def lock_and_arm(plan):
    """Lock as ever, then put the hostile reader in place of the real ones."""
    held = lock(plan)
    from sdc_airlock.pipeline import assess

    assess.read = hostile
    return held


worker.lock = lock_and_arm
sys.exit(worker.main())
