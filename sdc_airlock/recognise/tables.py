"""What a table is: columns typed, evidence worked out, weights applied, and the kind and unit named."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdc_airlock.model.content import Column, Grid, Table
from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._settled import settle
from sdc_airlock.recognise.columns import Profile, profiles, role_of
from sdc_airlock.recognise.features import NAMES, features
from sdc_airlock.recognise.regions import regions

LOOK_ROWS = 4000

CLASSES = ("individual", "group", "series", "estimate", "variant", "gene", "item", "trial")
# without a header, and without a single variant, allele, position or gene among its cells, a table is hardly one of variants, unless its
# rows are named after attributes (log-odds); rows named by codes that never repeat are then more like people
_OF_SIGNS = [CLASSES.index("variant"), CLASSES.index("gene")]
_WITHOUT_SIGN = 4.0
_CODED = 2.0
# rows named by codes that never repeat, without a category, a place, a period or counts, are more like people, also where means are given of them
_CODED_ROWS = 4.0
_ALL_CODES = 0.9
_MANY = 0.5
_NAMED_AFTER_ATTRIBUTES = 0.3
_SEVERAL = 0.2
# rows labelled by bands (0-17, 18-39 ...), each band once, are groups (log-odds)
_BANDS = 4.0
# so are rows labelled by numbered groups ("Region 3") with no attribute of a person beside them
_GROUPS = 3.0
# so are rows labelled by values of an attribute of people, each once, and rows that list every combination of such values (log-odds)
_KNOWN = 4.0
_FACTORIAL = 8.0
# places that hardly repeat, beside attributes that a place cannot have, are where people live, and places that drift where somebody went (log-odds)
_LIVED_IN = 7.0
# rows that name tables, or the columns of some data, are a list; variables by variables or components are estimates; rows labelled by statistics are no people (log-odds)
_LISTED, _OF_VARIABLES, _WINDOWS = 6.0, 6.0, 3.0
_STATISTICS, _ALL_STATISTICS = 4.0, 0.9
# a running date beside cells that have nothing to do with the day before is hardly a series (log-odds)
_UNCONNECTED = 4.0
# numbers that drift from row to row, under headers none of which names a time (log-odds)
_NO_TIME = 2.0
# names beside numbers that are no attributes, under headers none of which names an estimate (log-odds)
_NO_ESTIMATE = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted softmax: scores = weights @ (features - centre) / scale + bias, one row a class of `CLASSES`."""

    names: tuple[str, ...]
    centre: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    raw = json.loads(resources.files(__package__).joinpath("weights.json").read_text("utf-8"))
    return Weights(
        names=tuple(raw["features"]),
        centre=np.array(raw["centre"]),
        scale=np.array(raw["scale"]),
        weights=np.array([raw["weights"][name] for name in CLASSES]),
        bias=np.array([raw["bias"][name] for name in CLASSES]),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """The classes of one table with their probabilities, and the features that spoke for the first.

    Attributes:
        probabilities: by class of `CLASSES`.
        speaking: names of the features that weighed most for the likeliest class, strongest first.
    """

    probabilities: dict[str, float]
    speaking: tuple[str, ...]

    @property
    def first(self) -> str:
        """The likeliest class."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


def judge(found: dict[str, float], fitted: Weights | None = None) -> Judged:
    """Combine the evidence of one table."""
    used = fitted or weights()
    vector = np.array([found[name] for name in used.names])
    scaled = (vector - used.centre) / used.scale
    scores = used.weights @ scaled + used.bias
    bare = found["no_variants"] and found["headerless"] and found["stub_attributes"] < _NAMED_AFTER_ATTRIBUTES
    if bare and (found["keys"] or found["many_no_count"] >= _SEVERAL):
        scores[_OF_SIGNS] -= _WITHOUT_SIGN
        # ids of one length beside categories that come again and again as well, where no place stands once, and beside sexes
        again = max(found["repeats_no_count"] * (1 - found["place_unique"]), found.get("sexed", 0.0))
        again = 2 * again * found.get("id_made", 0.0) if found["keys"] else 1.0
        coded = found["id_values"] * found["text_unique"] * again
        scores[CLASSES.index("individual")] += _CODED * coded
    scores[CLASSES.index("individual")] -= max(_BANDS * found.get("stub_bands", 0.0), _GROUPS * found.get("stub_groups", 0.0))
    named_groups = max(_KNOWN * found.get("stub_known", 0.0), _FACTORIAL * found.get("factorial", 0.0))
    if named_groups and not (found["id_values"] or found["names"]):
        scores[_OF_SIGNS] -= named_groups
        scores[CLASSES.index("individual")] -= named_groups
        scores[CLASSES.index("group")] += (
            named_groups * found["few_rows"] * float(not found["estimate_share"] and not found["summary_share"])
        )
    scores[CLASSES.index("individual")] += _LIVED_IN * max(
        found.get("lived_in", 0.0), found.get("measured", 0.0), 2 * found.get("single", 0.0), 2 * found.get("track", 0.0)
    )
    for name, weight, likely in (
        ("listed", _LISTED, "item"),
        ("of_variables", _OF_VARIABLES, "estimate"),
        ("windows", _WINDOWS, "variant"),
        ("environment", _OF_VARIABLES, "series"),
    ):
        scores[CLASSES.index("individual")] -= weight * found.get(name, 0.0)
        scores[CLASSES.index(likely)] += weight / 2 * found.get(name, 0.0)
    if max(found["stub_measures"], found["stub_statistics"]) >= _ALL_STATISTICS and not (found["id_named"] or found["id_values"]):
        scores[CLASSES.index("individual")] -= _STATISTICS
    if found["numeric_no_key"] and not found["headerless"] and not (found["period"] or found["summary_share"] or found["estimate_share"]):
        scores[CLASSES.index("series")] -= _NO_TIME
    named = found["summary_share"] or found["estimate_share"] or found["trial_words"] or found["stub_attributes"] >= _NAMED_AFTER_ATTRIBUTES
    if found["names_with_measures"] and not named:
        scores[CLASSES.index("estimate")] -= _NO_ESTIMATE
    codes = found["id_values"] * found["text_unique"] * found["no_variants"] >= _ALL_CODES and found["crosstab"] < _ALL_CODES
    coded = codes and min(found["many_no_count"], found["names_with_measures"]) >= _MANY
    if coded and not (found["keys"] or found["place"] or found["period"] or found["count_named"] or found["headerless"]):
        scores[CLASSES.index("individual")] += _CODED_ROWS
    if found.get("unconnected"):
        scores[CLASSES.index("individual")] += _UNCONNECTED
    scores -= scores.max()
    chances = np.exp(scores) / np.exp(scores).sum()
    best = int(np.argmax(chances))
    others = used.weights.mean(axis=0)
    pull = (used.weights[best] - others) * scaled
    order = [place for place in np.argsort(-pull).tolist() if pull[place] > 0.05 and vector[place] > 0][:4]
    return Judged(
        probabilities={name: float(chance) for name, chance in zip(CLASSES, chances.tolist(), strict=True)},
        speaking=tuple(used.names[place] for place in order),
    )


def shorten(table: Table) -> Table:
    """A table of at most `LOOK_ROWS` rows for recognition: the first half and rows spread over the rest."""
    rows = table.sample_rows
    if rows <= LOOK_ROWS:
        return table
    head = np.arange(LOOK_ROWS // 2)
    spread = np.unique(np.linspace(LOOK_ROWS // 2, rows - 1, LOOK_ROWS // 2).astype(np.int64))
    places = pa.array(np.concatenate([head, spread]))
    columns = tuple(replace(column, values=column.values.take(places)) for column in table.columns)
    return replace(table, columns=columns, n_rows=table.n_rows if table.n_rows is not None else None)


def tables_of(grid: Grid) -> list[Table]:
    """The tables that lie on a page."""
    found = []
    for number, region in enumerate(regions(grid), start=1):
        width = len(region.header)
        columns = tuple(
            Column(index=place, name=region.header[place], values=pa.array([row[place] for row in region.body], pa.string()))
            for place in range(width)
        )
        if not columns or not region.body:
            if any(region.header):
                columns = tuple(
                    Column(index=place, name="", values=pa.array([cell], pa.string())) for place, cell in enumerate(region.header)
                )
                found.append(
                    Table(part_id=grid.part_id, columns=columns, n_rows=1, named=False, first_row=region.first_row - 1, hidden=grid.hidden)
                )
            continue
        found.append(
            Table(
                part_id=grid.part_id if number == 1 else f"{grid.part_id}#table{number}",
                columns=columns,
                n_rows=len(region.body),
                named=region.named,
                first_row=region.first_row,
                title=region.title,
                notes=region.notes,
                hidden=grid.hidden,
                row_numbers=region.row_numbers,
            )
        )
    return found


def typed_columns(table: Table) -> list[tuple[Profile, Role, tuple[str, ...]]]:
    """Each column with its role and why."""
    out = []
    for place, one in enumerate(profiles(table)):
        role, why = role_of(one, place, table.sample_rows)
        out.append((one, role, why))
    return settle(out)


def evidence(table: Table) -> dict[str, float]:
    """The features of one table, columns typed on the way."""
    short = shorten(table)
    return features(short, [(one, role) for one, role, _ in typed_columns(short)])


def entropy(chances: dict[str, float]) -> float:
    """Uncertainty of a judgement in bits."""
    return -sum(chance * math.log2(chance) for chance in chances.values() if chance > 0)


__all__ = [
    "CLASSES",
    "LOOK_ROWS",
    "NAMES",
    "Judged",
    "Weights",
    "entropy",
    "evidence",
    "judge",
    "shorten",
    "tables_of",
    "typed_columns",
    "weights",
]
