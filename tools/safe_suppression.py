"""How many suppressed tables that are safe may go: `python tools/safe_suppression.py [--tables 200] [--seed 1] [--keep FOLDER]`.

Draws people, counts them in tables of many shapes, hides small counts, and then more cells until linear programs of its own, over the equations that the
shape is known to have, say that every hidden count stays open. None of that is taken from the package, which then judges the files as a request each. A
second run hides with `protect` instead. Printed is the share that is released, by shape, and which checks hold the others.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sdc_airlock.cli.app import run
from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline.run import Asked, Judge, judge_with

Rng = np.random.Generator
Key = tuple[int, int]
LOW, HIGH, FEWEST_OPEN = 1, 9, 5
NAMES = ["North", "South", "East", "West", "Central", "Coast", "Islands", "Highlands", "Valley", "Borders"]
WARDS = [
    "Ashby",
    "Birch",
    "Cedar",
    "Dunmore",
    "Elmley",
    "Foxton",
    "Garth",
    "Hazel",
    "Ivy",
    "Juniper",
    "Kestrel",
    "Larch",
    "Maple",
    "Nettle",
    "Oakham",
    "Pine",
]
BANDS = ["0-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+"]
ILLS = ["Asthma", "Cancer", "Dementia", "Diabetes", "Epilepsy", "Gout", "Heart failure", "Kidney disease", "Stroke"]
ETHNIC = ["White", "Asian", "Black", "Mixed", "Other"]
MARKERS = ["*", "[c]", "x", "<10", "suppressed", "c"]


@dataclass
class Made:
    """A table before anything is hidden.

    Attributes:
        labels: Cells of text of each row; counts: by row and column of numbers; sums: which counts are sums of which others.
        derived: Texts that follow from one count and are hidden with it; their columns come after those of the counts.
    """

    shape: str
    header: list[str]
    labels: list[list[str]]
    counts: dict[Key, int]
    sums: list[tuple[Key, list[Key]]]
    derived: dict[Key, tuple[str, Key]] = field(default_factory=dict)
    beside: bool = False
    title: str = ""


def _people(rng: Rng, shape: Sequence[int]) -> np.ndarray:
    """Counts of people by some properties: skewed, with a few small cells."""
    weights = np.ones(1)
    for size in shape:
        weights = np.multiply.outer(weights, rng.dirichlet(np.full(size, rng.uniform(0.8, 3.0))))
    weights = weights.reshape(tuple(shape)) * rng.uniform(0.6, 1.4, tuple(shape))
    return np.asarray(rng.poisson(weights / weights.sum() * rng.integers(30, 160) * weights.size))


def one_way(rng: Rng) -> Made:
    """Counts of groups and their total."""
    groups = list(rng.choice(ILLS if rng.random() < 0.5 else NAMES, size=int(rng.integers(5, 9)), replace=False))
    counts = _people(rng, (len(groups),))
    cells = {(row, 0): int(number) for row, number in enumerate(counts)} | {(len(groups), 0): int(counts.sum())}
    head = str(rng.choice(["condition", "group", "Diagnosis", "area"]))
    return Made(
        "one-way",
        [head, str(rng.choice(["n", "patients", "count", "Number of people"]))],
        [[each] for each in [*groups, "Total"]],
        cells,
        [((len(groups), 0), [(row, 0) for row in range(len(groups))])],
    )


def _crossed(counts: np.ndarray, *, margins: bool = True) -> tuple[dict[Key, int], list[tuple[Key, list[Key]]]]:
    rows, columns = counts.shape
    cells = {(row, column): int(counts[row, column]) for row, column in product(range(rows), range(columns))}
    if not margins:
        return cells, []
    cells |= {(row, columns): int(counts[row].sum()) for row in range(rows)}
    cells |= {(rows, column): int(counts[:, column].sum()) for column in range(columns)} | {(rows, columns): int(counts.sum())}
    sums = [((row, columns), [(row, column) for column in range(columns)]) for row in range(rows + 1)]
    sums += [((rows, column), [(row, column) for row in range(rows)]) for column in range(columns + 1)]
    return cells, sums


def two_way(rng: Rng) -> Made:
    """Rows by columns with both margins."""
    rows = list(rng.choice(WARDS, size=int(rng.integers(3, 11)), replace=False))
    columns = BANDS[: int(rng.integers(3, 8))] if rng.random() < 0.6 else ETHNIC
    cells, sums = _crossed(_people(rng, (len(rows), len(columns))))
    return Made("two-way", ["Area", *columns, "Total"], [[each] for each in [*rows, "Total"]], cells, sums)


def without_margins(rng: Rng) -> Made:
    """Rows by columns, no totals."""
    rows = list(rng.choice(ILLS, size=int(rng.integers(3, 8)), replace=False))
    cells, sums = _crossed(_people(rng, (len(rows), 5)), margins=False)
    return Made("no margins", ["condition", *ETHNIC], [[each] for each in rows], cells, sums)


def by_year(rng: Rng) -> Made:
    """Groups by years, totals of the years below."""
    rows = list(rng.choice(ILLS, size=int(rng.integers(3, 8)), replace=False))
    years = [str(2018 + each) for each in range(int(rng.integers(3, 6)))]
    counts = _people(rng, (len(rows), len(years)))
    cells, sums = _crossed(counts, margins=False)
    cells |= {(len(rows), column): int(counts[:, column].sum()) for column in range(len(years))}
    sums += [((len(rows), column), [(row, column) for row in range(len(rows))]) for column in range(len(years))]
    return Made("by year", ["Cause", *years], [[each] for each in [*rows, "All causes"]], cells, sums)


def hierarchy(rng: Rng) -> Made:
    """Districts in regions by sex, with sub-totals of the regions."""
    regions = NAMES[: int(rng.integers(2, 5))]
    sizes = [int(rng.integers(2, 6)) for _ in regions]
    counts = _people(rng, (sum(sizes), 2))
    labels, cells, sums, tops = list[list[str]](), dict[Key, int](), list[tuple[Key, list[Key]]](), list[int]()
    wards = iter(rng.permutation(WARDS * 2)) if sum(sizes) > len(WARDS) else iter(rng.permutation(WARDS))
    done = 0
    for region, size in zip(regions, sizes, strict=True):
        block = counts[done : done + size]
        rows = range(len(labels), len(labels) + size)
        labels += [[region, str(next(wards))] for _ in rows] + [[region, "Total"]]
        for row, numbers in zip([*rows, rows.stop], [*block, block.sum(axis=0)], strict=True):
            cells |= {(row, 0): int(numbers[0]), (row, 1): int(numbers[1]), (row, 2): int(numbers.sum())}
        sums += [((rows.stop, column), [(row, column) for row in rows]) for column in range(3)]
        tops.append(rows.stop)
        done += size
    last = len(labels)
    labels.append(["Total", "Total"])
    cells |= {(last, 0): int(counts[:, 0].sum()), (last, 1): int(counts[:, 1].sum()), (last, 2): int(counts.sum())}
    sums += [((last, column), [(row, column) for row in tops]) for column in range(3)]
    sums += [((row, 2), [(row, 0), (row, 1)]) for row in range(last + 1)]
    return Made("hierarchy", ["region", "district", "women", "men", "all"], labels, cells, sums)


def long_form(rng: Rng) -> Made:
    """Region, sex and band in rows, with rows of totals."""
    counts = _people(rng, (int(rng.integers(3, 6)), int(rng.integers(2, 5))))
    inner, sums = _crossed(counts)
    rows, columns = counts.shape
    names = [*NAMES[:rows], "All"], [*(["Female", "Male"] if columns == 2 else BANDS[:columns]), "All"]
    order = {key: number for number, key in enumerate(product(range(rows + 1), range(columns + 1)))}
    cells = {(order[key], 0): number for key, number in inner.items()}
    sums = [((order[whole], 0), [(order[part], 0) for part in parts]) for whole, parts in sums]
    return Made(
        "long",
        ["region", "sex" if columns == 2 else "age_group", "n"],
        [[names[0][row], names[1][column]] for row, column in order],
        cells,
        sums,
    )


def with_shares(rng: Rng) -> Made:
    """Counts and the percentages of their column."""
    groups = BANDS[: int(rng.integers(4, 9))]
    counts = _people(rng, (len(groups),))
    total = int(counts.sum())
    cells = {(row, 0): int(number) for row, number in enumerate(counts)} | {(len(groups), 0): total}
    derived = {(row, 1): (f"{100 * number / total:.1f}", (row, 0)) for (row, _), number in cells.items()}
    return Made(
        "percentages",
        ["Age group", "n", "%"],
        [[each] for each in [*groups, "Total"]],
        cells,
        [((len(groups), 0), [(row, 0) for row in range(len(groups))])],
        derived,
    )


def pairs(rng: Rng) -> Made:
    """A description of a cohort: "12 (3.4%)" by arm, groups under headings."""
    arms = rng.integers(120, 900, 2)
    labels, cells, sums, derived = list[list[str]](), dict[Key, int](), list[tuple[Key, list[Key]]](), dict[Key, tuple[str, Key]]()
    labels.append(["N"])
    cells |= {(0, 0): int(arms[0]), (0, 1): int(arms[1]), (0, 2): int(arms.sum())}
    for heading, groups in (("Sex", ["Female", "Male"]), ("Ethnicity", ETHNIC), ("Smoking", ["Never", "Former", "Current"])):
        labels.append([heading])
        weights = rng.dirichlet(np.full(len(groups), 1.2))
        first = len(labels)
        drawn = np.array([rng.multinomial(int(arm), weights) for arm in arms]).T
        for row, numbers in enumerate(drawn, first):
            labels.append([f"  {groups[row - first]}"])
            cells |= {(row, 0): int(numbers[0]), (row, 1): int(numbers[1]), (row, 2): int(numbers.sum())}
            sums.append(((row, 2), [(row, 0), (row, 1)]))
            derived |= {(row, column): (f"{100 * cells[row, column] / cells[0, column]:.1f}%", (row, column)) for column in range(3)}
        sums += [((0, column), [(row, column) for row in range(first, first + len(groups))]) for column in range(3)]
    sums.append(((0, 2), [(0, 0), (0, 1)]))
    return Made("cohort", ["Characteristic", "Placebo", "Active", "Overall"], labels, cells, sums, derived, beside=True)


def measures(rng: Rng) -> Made:
    """Several measures of a group: patients, of whom women and men, and those who died, with their percentage."""
    rows = list(rng.choice(NAMES, size=int(rng.integers(4, 9)), replace=False))
    sexes = _people(rng, (len(rows), 2))
    deaths = rng.binomial(sexes.sum(axis=1), 0.12)
    cells, sums, derived = dict[Key, int](), list[tuple[Key, list[Key]]](), dict[Key, tuple[str, Key]]()
    table = np.column_stack([sexes.sum(axis=1), sexes, deaths])
    for row, numbers in enumerate([*table, table.sum(axis=0)]):
        cells |= {(row, column): int(number) for column, number in enumerate(numbers)}
        sums.append(((row, 0), [(row, 1), (row, 2)]))
        derived[row, 4] = (f"{100 * numbers[3] / max(1, numbers[0]):.1f}", (row, 3))
    sums += [((len(rows), column), [(row, column) for row in range(len(rows))]) for column in range(4)]
    return Made(
        "measures",
        ["Region", "Patients", "Women", "Men", "Deaths", "Case fatality (%)"],
        [[each] for each in [*rows, "Total"]],
        cells,
        sums,
        derived,
    )


def with_means(rng: Rng) -> Made:
    """Counts with the mean of a measure of the same people."""
    rows = list(rng.choice(ILLS, size=int(rng.integers(4, 8)), replace=False))
    counts = _people(rng, (len(rows),))
    cells = {(row, 0): int(number) for row, number in enumerate(counts)}
    derived = {(row, 1): (f"{rng.normal(61, 4):.1f}", (row, 0)) for row in range(len(rows))} | {
        (row, 2): (f"{rng.uniform(8, 14):.1f}", (row, 0)) for row in range(len(rows))
    }
    return Made("means", ["diagnosis", "n", "mean_age", "sd_age"], [[each] for each in rows], cells, [], derived)


def three_way(rng: Rng) -> Made:
    """Region, sex and outcome in rows, all margins printed."""
    counts = _people(rng, (int(rng.integers(2, 5)), 2, int(rng.integers(2, 4))))
    sizes = counts.shape
    names = [*NAMES[: sizes[0]], "Total"], ["Women", "Men", "Total"], [*["well", "ill", "unknown"][: sizes[2]], "Total"]
    full = counts
    for axis in range(3):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    order = {key: number for number, key in enumerate(product(*(range(size + 1) for size in sizes)))}
    sums = []
    for key, number in order.items():
        for axis in range(3):
            if key[axis] == sizes[axis]:
                parts = [(*key[:axis], place, *key[axis + 1 :]) for place in range(sizes[axis])]
                sums.append(((number, 0), [(order[part], 0) for part in parts]))
    cells = {(number, 0): int(full[key]) for key, number in order.items()}
    return Made(
        "three-way", ["region", "sex", "outcome", "count"], [[names[axis][key[axis]] for axis in range(3)] for key in order], cells, sums
    )


def by_code(rng: Rng) -> Made:
    """Codes under their chapters, by sex, in one column of labels."""
    chapters = [("C", "C00-C97"), ("E", "E00-E90"), ("I", "I00-I99"), ("J", "J00-J99")][: int(rng.integers(2, 5))]
    labels, cells, sums, tops = list[list[str]](), dict[Key, int](), list[tuple[Key, list[Key]]](), list[int]()
    for letter, chapter in chapters:
        codes = sorted(f"{letter}{int(code):02}" for code in rng.choice(np.arange(10, 90), size=int(rng.integers(3, 6)), replace=False))
        counts = _people(rng, (len(codes), 2))
        top = len(labels)
        tops.append(top)
        for row, numbers in enumerate([counts.sum(axis=0), *counts], top):
            labels.append([chapter if row == top else codes[row - top - 1]])
            cells |= {(row, 0): int(numbers[0]), (row, 1): int(numbers[1]), (row, 2): int(numbers.sum())}
            sums.append(((row, 2), [(row, 0), (row, 1)]))
        sums += [((top, column), [(row, column) for row in range(top + 1, len(labels))]) for column in range(3)]
    last = len(labels)
    labels.append(["Total"])
    cells |= {(last, column): sum(cells[top, column] for top in tops) for column in range(3)}
    sums += [((last, column), [(top, column) for top in tops]) for column in range(3)] + [((last, 2), [(last, 0), (last, 1)])]
    return Made("codes", ["ICD-10", "Women", "Men", "Persons"], labels, cells, sums)


def row_shares(rng: Rng) -> Made:
    """Rows by columns with counts and the percentages of the row beside each of them."""
    rows = list(rng.choice(WARDS, size=int(rng.integers(3, 8)), replace=False))
    columns = ["Never", "Former", "Current"]
    counts = _people(rng, (len(rows), 3))
    cells, sums, derived = dict[Key, int](), list[tuple[Key, list[Key]]](), dict[Key, tuple[str, Key]]()
    for row, numbers in enumerate([*counts, counts.sum(axis=0)]):
        for column, number in enumerate(numbers):
            cells[row, 2 * column] = int(number)
            derived[row, 2 * column + 1] = (f"{100 * number / max(1, numbers.sum()):.0f}", (row, 2 * column))
        cells[row, 6] = int(numbers.sum())
        sums.append(((row, 6), [(row, 0), (row, 2), (row, 4)]))
    sums += [((len(rows), column), [(row, column) for row in range(len(rows))]) for column in (0, 2, 4, 6)]
    header = ["Practice", *(name for column in columns for name in (f"{column} n", f"{column} %")), "All"]
    return Made("row shares", header, [[each] for each in [*rows, "Total"]], cells, sums, derived)


SHAPES: tuple[Callable[[Rng], Made], ...] = (
    one_way,
    two_way,
    without_margins,
    by_year,
    hierarchy,
    long_form,
    with_shares,
    pairs,
    measures,
    with_means,
    three_way,
    by_code,
    row_shares,
)


def open_values(made: Made, hidden: set[Key], marker: str) -> dict[Key, int]:
    """How many of the counts that must not be shown stay possible for each hidden cell; those that cannot be small are left out."""
    from scipy.optimize import linprog

    order = {key: place for place, key in enumerate(sorted(hidden))}
    rows, known = list[np.ndarray](), list[float]()
    for whole, parts in made.sums:
        row, rest = np.zeros(len(order)), 0.0
        for key, sign in [(whole, -1.0), *((part, 1.0) for part in parts)]:
            if key in order:
                row[order[key]] += sign
            else:
                rest -= sign * made.counts[key]
        if row.any():
            rows.append(row)
            known.append(rest)
    least = 1 if any(number == 0 for key, number in made.counts.items() if key not in hidden) else 0
    bounded = marker.startswith("<")
    bounds = [(least, HIGH) if bounded and made.counts[key] <= HIGH else (0, None) for key in order]
    found = {}
    for key, place in order.items():
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(order))
            cost[place] = sign
            answer = linprog(cost, A_eq=np.array(rows) if rows else None, b_eq=known or None, bounds=bounds, method="highs")
            ends.append(np.inf if answer.status == 3 else sign * float(answer.fun or 0.0))
        low, high = np.ceil(ends[0] - 1e-6), np.floor(abs(ends[1]) + 1e-6)
        if low <= HIGH:
            found[key] = int(min(high, HIGH) - max(low, LOW) + 1)
    return found


def hidden_cells(made: Made, marker: str, rng: Rng) -> set[Key] | None:
    """Small counts, and others beside those that stay too narrow, until none is; None where there is no way."""
    hidden = {key for key, number in made.counts.items() if LOW <= number <= HIGH}
    if not hidden:
        return None
    for _ in range(60):
        narrow = [key for key, left in open_values(made, hidden, marker).items() if left < FEWEST_OPEN and made.counts[key] <= HIGH]
        if not narrow:
            return hidden
        lines = [[whole, *parts] for whole, parts in made.sums if any(key in (whole, *parts) for key in narrow)]
        wholes = {whole for whole, _ in made.sums}
        options = sorted(
            {key for line in lines for key in line if key not in hidden and made.counts[key]},
            key=lambda key: (key in wholes, made.counts[key]),
        )
        if not options or len(hidden) > 0.6 * len(made.counts):
            return None
        hidden.add(options[0] if rng.random() < 0.8 else options[int(rng.integers(len(options[:3])))])
    return None


def written(made: Made, hidden: set[Key], signs: tuple[str, str], dress: int = 0) -> str:
    """The table as text: plain, with a title and notes around it, with tabs and quotes, or with thousands set apart.

    Args:
        made: The table.
        hidden: What is not printed.
        signs: What stands for a small count, and what for another one.
        dress: Which of these it is.
    """
    lines = [made.header]
    for row, labels in enumerate(made.labels):
        numbers = (row, 0), (row, len(made.header) - len(labels))
        lines.append([*labels, *(_text(made, (row, column), hidden, signs, dress) for column in range(numbers[0][1], numbers[1][1]))])
    apart = "\t" if dress == 2 else ","
    body = "\r\n" if dress == 2 else "\n"
    text = "".join(apart.join(f'"{cell}"' if dress == 2 or "," in cell else cell for cell in line) + body for line in lines)
    if dress == 1:
        text = f"Table {1 + len(made.labels)}: {made.header[0]} and others,{',' * (len(made.header) - 2)}\n\n{text}\nSource: survey of 2024\n{signs[0]} suppressed\n"
    return text


def _text(made: Made, key: Key, hidden: set[Key], signs: tuple[str, str], dress: int) -> str:
    """One cell."""
    small, other = signs
    of = key if key in made.counts else made.derived.get(key, ("", key))[1]
    if of not in made.counts:
        return ""
    if of in hidden:
        return small if made.counts[of] <= HIGH else other
    share = made.derived.get(key, ("", key))[0]
    if key not in made.counts:
        return share
    number = f"{made.counts[key]:,}" if dress == 3 else str(made.counts[key])
    return f"{number} ({share})" if made.beside and share else number


class Drawn(NamedTuple):
    """One file: its shape, the table as it is, made safe, and with nothing hidden but small counts (empty where that is safe already)."""

    shape: str
    open: str
    safe: str
    unsafe: str


def drawn(number: int, seed: int) -> Iterator[Drawn]:
    """Tables in which something has to be hidden."""
    rng = np.random.default_rng(seed)
    made = 0
    while made < number:
        table = SHAPES[made % len(SHAPES)](rng)
        marker = str(rng.choice(MARKERS))
        if not any(LOW <= count <= HIGH for count in table.counts.values()):
            continue
        hidden = hidden_cells(table, marker, rng)
        if hidden is None:
            continue
        signs, dress = (marker, "*" if marker.startswith("<") else marker), int(rng.integers(4))
        made += 1
        primary = {key for key, count in table.counts.items() if LOW <= count <= HIGH}
        bare = written(table, primary, signs, dress) if primary != hidden else ""
        yield Drawn(table.shape, written(table, set(), signs, dress), written(table, hidden, signs, dress), bare)


def released(judge: Judge, path: Path) -> tuple[bool, list[str]]:
    """Whether a file may go, and which rules speak against it."""
    result = judge.judge(Asked(paths=(str(path),)))
    found = [*result.request_findings, *(each for assessment in result.assessments for each in assessment.findings)]
    said = [f"{each.check_id}/{each.rule}/{each.severity.name.lower()}" for each in found]
    return result.outcome is Outcome.RELEASE, said


def protected(path: Path) -> Path | None:
    """The copy that `sdc-airlock protect` makes; None where it refuses."""
    copy = path.with_name(f"{path.stem}.protected.csv")
    copy.unlink(missing_ok=True)
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        run(["protect", str(path)])
    return copy if copy.exists() else None


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path)
    options.add_argument("--protect", type=int, default=0, metavar="NUMBER", help="let protect hide as many of them as well")
    asked = options.parse_args()
    shapes, good, leaking, held, mended, against = (Counter[str]() for _ in range(6))
    with tempfile.TemporaryDirectory() as made, judge_with(workers=1) as judge:
        folder = asked.keep or Path(made)
        folder.mkdir(exist_ok=True)
        for number, table in enumerate(drawn(asked.tables, asked.seed)):
            path, unsafe, whole = (folder / f"{name}{number}.csv" for name in ("table", "leaking", "open"))
            path.write_text(table.safe, newline="")
            may_go, said = released(judge, path)
            shapes[table.shape] += 1
            good[table.shape] += may_go
            if not may_go:
                against.update(said)
                print(f"held: {table.shape} {path.name} {sorted(set(said))}")
            if table.unsafe:
                unsafe.write_text(table.unsafe, newline="")
                leaking[table.shape] += 1
                kept = not released(judge, unsafe)[0]
                held[table.shape] += kept
                if not kept:
                    print(f"released: {table.shape} {unsafe.name}")
            if number < asked.protect:
                whole.write_text(table.open, newline="")
                mended[table.shape] += protected(whole) is not None
    for shape, count in shapes.items():
        print(
            f"{shape:12} released {good[shape]:3} of {count:3}, held where it leaks {held[shape]:3} of {leaking[shape]:3}, by protect {mended[shape]:3}"
        )
    print(f"safe and released: {good.total()} of {shapes.total()} = {good.total() / shapes.total():.1%}; against: {dict(against)}")
    print(
        f"leaking and held: {held.total()} of {leaking.total()}; hidden by protect and proven: {mended.total()} of {min(asked.protect, shapes.total())}"
    )


if __name__ == "__main__":
    main()
