"""Write the digests of scripts and style sheets that libraries publish into the table by which readers know them.

Run it over the unpacked files of a release, as its registry serves them, and name the release: `python tools/list_published.py "plotly.js 2.11.1" FILE...`. Lines
are added to the table, which stays sorted; a digest that is known is left as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sdc_airlock.readers._published import TABLE, digest, known


def main() -> None:
    """Add the digests of the files named on the command line."""
    release, *files = sys.argv[1:]
    found = dict(known())
    for file in files:
        if key := digest(Path(file).read_text("utf-8")):
            found.setdefault(key, f"{release}, {Path(file).name}")
    lines = (f"{key} {words}" for key, words in sorted(found.items(), key=lambda item: (item[1], item[0])))
    path = Path(__file__).parent.parent / "sdc_airlock" / "readers" / TABLE
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
