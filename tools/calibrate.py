"""Hold the tool's confidence against a labelled corpus.

usage: python tools/calibrate.py CORPUS REPORT.json

CORPUS holds manifest.csv (path, expect); REPORT.json is what `sdc-airlock check CORPUS/files --json REPORT.json` wrote. For each band of confidence it
prints how many outputs there are, the mean confidence, and the share whose outcome was right: released where release was expected, held
where hold was. Outputs labelled "either" say nothing and are left out.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import pathlib
import sys

BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def main() -> int:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("corpus", type=pathlib.Path)
    arguments.add_argument("report", type=pathlib.Path)
    options = arguments.parse_args()
    with (options.corpus / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        expected = {row["path"].split("files/", 1)[-1]: row["expect"] for row in csv.DictReader(stream)}
    outputs = json.loads(options.report.read_text(encoding="utf-8"))["outputs"]
    judged = [
        (output["outcome"], output["confidence"], (output["outcome"] == "release") == (expected[output["path"]] == "release"))
        for output in outputs
        if expected.get(output["path"]) in {"hold", "release"}
    ]
    print(f"{'outcome':9}{'confidence':>14}{'outputs':>9}{'mean':>7}{'right':>7}")
    for outcome in ("release", "review", "reject"):
        for low, high in itertools.pairwise(BANDS):
            band = [(sure, right) for one, sure, right in judged if one == outcome and low <= sure < high]
            if band:
                mean = sum(sure for sure, _ in band) / len(band)
                right = sum(right for _, right in band) / len(band)
                print(f"{outcome:9}{low:>7.2f}-{min(high, 1):<6.2f}{len(band):>9}{mean:>7.2f}{right:>7.2f}")
    brier = sum((sure - right) ** 2 for _, sure, right in judged) / len(judged)
    print(f"Brier score {brier:.3f} over {len(judged)} outputs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
