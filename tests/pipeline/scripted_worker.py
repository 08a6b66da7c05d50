"""A worker that behaves as the name of each file says: it dies, hangs, lies or works."""

import os
import sys
import time

from sdc_airlock.pipeline.wire import pack, receive

NOTHING = {"label": "csv", "family": "delimited"}


def say(message):
    os.write(1, pack(message))


def assessment(file, **more):
    known = {key: file[key] for key in ("path", "claimed_name", "file_id", "size_bytes")}
    return {**known, "file_type": NOTHING, **more}


def act(seq, file):
    name = file["claimed_name"]
    if name == "dies":
        os.kill(os.getpid(), 11)
    elif name == "leaves":
        os._exit(3)
    elif name == "hangs":
        time.sleep(600)
    elif name == "babbles":
        os.write(1, b"\xff\xff\xff\xff no message")
        time.sleep(600)
    elif name == "answers for another":
        say({"seq": seq + 1, "assessment": assessment(file), "resident": 0})
        time.sleep(600)
    elif name == "answers twice":
        say({"seq": seq, "assessment": assessment(file), "resident": 0})
    elif name == "claims another file":
        return assessment({**file, "file_id": "0" * 64, "path": "another.csv"})
    elif name == "adds a field":
        return assessment(file, extra=1)
    elif name == "steers the terminal":
        return assessment(file, failure="\x1b[2J gone \u202e")
    elif name == "grows":
        return assessment(file, failure="grown")
    return assessment(file)


def main():
    if "never starts" in sys.argv:
        sys.exit(1)
    stream = os.fdopen(0, "rb")
    receive(stream)
    say({"ready": True})
    while (message := receive(stream)) is not None:
        say({"seq": message["seq"], "started": True})
        if "file" in message:
            resident = 1 << 40 if message["file"]["claimed_name"] == "grows" else 1
            say({"seq": message["seq"], "assessment": act(message["seq"], message["file"]), "resident": resident})
        else:
            say({"seq": message["seq"], "runs": [{"check_id": "x", "check_version": os.getpid(), "status": "ran"}], "resident": 1})


main()
