"""A worker that behaves as the name of each file says: it dies, hangs, lies or works."""

import os
import sys
import time
from pathlib import Path

from sdc_airlock.pipeline.wire import pack, receive

NOTHING = {"label": "csv", "family": "delimited"}


def say(message):
    os.write(1, pack(message))


def assessment(file, **more):
    known = {key: file[key] for key in ("path", "claimed_name", "file_id", "size_bytes")}
    known["expanded_bytes"] = os.getpid()
    return {**known, "file_type": NOTHING, **more}


def babble(seq, file):
    os.write(1, b"\xff\xff\xff\xff no message")
    time.sleep(600)


def answer_for_another(seq, file):
    say({"seq": seq + 1, "assessment": assessment(file), "resident": 0})
    time.sleep(600)


def answer_once_more(seq, file):
    say({"seq": seq, "assessment": assessment(file), "resident": 0})
    return assessment(file)


def litter(seq, file):
    Path("left behind").write_bytes(b"x")
    Path("link").symlink_to("/")
    return assessment(file)


ACTS = {
    "burns": lambda seq, file: os.kill(os.getpid(), 24),
    "litters": litter,
    "dies": lambda seq, file: os.kill(os.getpid(), 11),
    "leaves": lambda seq, file: os._exit(3),
    "hangs": lambda seq, file: time.sleep(600),
    "babbles": babble,
    "answers for another": answer_for_another,
    "answers twice": answer_once_more,
    "claims another file": lambda seq, file: assessment({**file, "file_id": "0" * 64, "path": "another.csv"}),
    "adds a field": lambda seq, file: assessment(file, extra=1),
    "steers the terminal": lambda seq, file: assessment(file, failure="\x1b[2J gone \u202e"),
}


def main():
    if "never starts" in sys.argv:
        sys.exit(1)
    stream = os.fdopen(0, "rb")
    receive(stream)
    receive(stream)
    shown = [each for each in ("seccomp", "resource_limits") if f"no {each}" not in sys.argv]
    say({"ready": True, "protections": ["invisibility"] if "boasts" in sys.argv else shown})
    while (message := receive(stream)) is not None:
        say({"seq": message["seq"], "started": True})
        if "file" in message:
            file = message["file"]
            resident = 1 << 40 if file["claimed_name"] == "grows" else 1
            act = ACTS.get(file["claimed_name"], lambda seq, file: assessment(file))
            say({"seq": message["seq"], "assessment": act(message["seq"], file), "resident": resident})
        else:
            say({"seq": message["seq"], "runs": [{"check_id": "x", "check_version": os.getpid(), "status": "ran"}], "resident": 1})


main()
