"""`python -P -m sdc_airlock`: the command line.

Without -P (or -I) Python puts the working directory first on the module path, so that a file lying there could stand in for
a module of this tool. It refuses to start like that.
"""

from __future__ import annotations

import sys


def _start() -> int:
    if not sys.flags.safe_path:
        print("sdc-airlock: start it as sdc-airlock, or as python -P -m sdc_airlock", file=sys.stderr)  # noqa: T201
        return 2
    from sdc_airlock.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(_start())
