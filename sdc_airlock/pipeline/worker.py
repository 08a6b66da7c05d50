"""The worker: a child process that opens files. It may crash, hang or be killed; only the file in its hands is lost then.

Started by `pool` as `python -I -m sdc_airlock.pipeline.worker`. It takes JSON messages from standard input and answers on
standard output; both are moved to private descriptors first, so that nothing a library prints gets between the messages.
It locks itself in (`_confine`) before it imports what reads files (`_serve`), and says which of the locks it has seen to hold.

    -> {"staged": ..., "scratch": ..., ...}               once, where it may read and write
    -> {"limits": ..., "rules": ..., "cores": n, "withdrawn": ...}   once
    <- {"ready": true, "protections": [...]}
    -> {"seq": 1, "file": {...}}                          an output
    <- {"seq": 1, "started": true}
    <- {"seq": 1, "assessment": {...}, "resident": n, "open_files": n}
    -> {"seq": 2, "request": [...], "statement": "", "earlier": [...], "apart": false}      a whole request
    <- {"seq": 2, "runs": [...], "resident": n, "open_files": n}
    -> {"seq": 3, "together": [...]}                      names and lines of all outputs, where the request is asked for apart from them
    <- {"seq": 3, "runs": [...], "resident": n, "open_files": n}
    -> {"seq": 4, "mend": {...}, "wanted": {...}}         an output to be mended
    <- {"seq": 4, "mended": {...}, "resident": n, "open_files": n}
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import BinaryIO

from sdc_airlock.pipeline._confine import Plan, lock
from sdc_airlock.pipeline.codec import decode
from sdc_airlock.pipeline.wire import receive


def main() -> int:
    """Serve until the parent closes the pipe."""
    incoming, outgoing = _private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = receive(incoming)
    if first is None:
        return 0
    plan = decode(first, Plan)
    protections = lock(plan)
    gc.disable()  # until everything is imported
    from sdc_airlock.pipeline._serve import serve

    return serve(incoming, outgoing, plan, protections)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent; descriptors 0, 1 and 2 lead nowhere afterwards."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return incoming, outgoing


if __name__ == "__main__":
    sys.exit(main())
