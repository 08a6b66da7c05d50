"""Made-up tables of every kind, for fitting the weights of recognition and for tests.

Each function of `MAKERS` draws one table: its class, its header (None for a table without one) and its rows of text. Numbers come from ordinary
distributions; names are the field's ordinary words. No real data stand behind any of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator
Rows = list[list[str]]


@dataclass(frozen=True)
class Made:
    """One table: class of `sdc_airlock.recognise.tables.CLASSES` ("" for any but individual), header or None, rows of text."""

    kind: str
    header: list[str] | None
    rows: Rows


CATEGORIES: dict[str, list[str]] = {
    "sex": ["Male", "Female"],
    "gender": ["M", "F"],
    "smoking": ["never", "former", "current"],
    "arm": ["placebo", "treatment"],
    "treatment": ["A", "B", "C"],
    "ethnicity": ["White", "Asian", "Black", "Mixed", "Other"],
    "age_group": ["0-17", "18-39", "40-59", "60-79", "80+"],
    "ageband": ["18-29", "30-39", "40-49", "50-59", "60-69", "70+"],
    "region": ["North", "South", "East", "West"],
    "stage": ["I", "II", "III", "IV"],
    "outcome": ["alive", "dead"],
    "imd": ["1", "2", "3", "4", "5"],
    "diagnosis": ["I10", "E11", "J45", "C50", "F32", "K21"],
    "marital": ["single", "married", "divorced", "widowed"],
    "employment": ["employed", "unemployed", "retired", "student"],
    "severity": ["mild", "moderate", "severe"],
    "satisfaction": ["low", "medium", "high"],
    "site": ["Site 1", "Site 2", "Site 3"],
    "disease": ["yes", "no"],
    "exposed": ["0", "1"],
    "response": ["complete", "partial", "none"],
}
COUNTRIES = ["France", "Germany", "Spain", "Italy", "Portugal", "Greece", "Norway", "Sweden", "Finland", "Denmark", "Poland", "Austria", "Belgium", "Ireland", "Japan", "Canada", "Mexico", "Brazil", "Chile", "India", "China", "Kenya", "Ghana", "Egypt"]  # fmt: skip
STATES = ["Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware", "Florida", "Georgia", "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland"]  # fmt: skip
AUTHORITIES = ["Barnsley", "Bath", "Bedford", "Bolton", "Bradford", "Brent", "Bristol", "Bury", "Camden", "Cornwall", "Coventry", "Croydon", "Derby", "Devon", "Dorset", "Dudley", "Durham", "Ealing", "Enfield", "Essex", "Halton", "Harrow", "Hull", "Kent", "Leeds"]  # fmt: skip
FORENAMES = ["Ada", "Ben", "Cara", "Dan", "Eve", "Finn", "Gina", "Hugo", "Ines", "Jack", "Kate", "Liam", "Mona", "Nils", "Olga", "Paul", "Rosa", "Sam", "Tara", "Uma"]  # fmt: skip
SURNAMES = ["Abbot", "Baker", "Carter", "Dyer", "Eaton", "Fisher", "Gower", "Hatter", "Ingram", "Joiner", "Keeper", "Lorimer", "Mason", "Naylor", "Osler", "Porter", "Reeve", "Sawyer", "Tanner", "Weaver"]  # fmt: skip
TERMS = ["(Intercept)", "age", "sexMale", "bmi", "smokingcurrent", "smokingformer", "imd2", "imd3", "imd4", "imd5", "treatmentB", "log_dose", "x1", "x2", "const", "educ", "exper", "ethnicityAsian", "ethnicityBlack"]  # fmt: skip
WORDS = "hypertension diabetes asthma chronic acute disorder unspecified disease of the heart kidney failure type two with without complication primary secondary neoplasm malignant benign breast lung colon history personal family".split()
ICD = [
    "I10",
    "I20",
    "I21",
    "I25",
    "I48",
    "I50",
    "E10",
    "E11",
    "E66",
    "J44",
    "J45",
    "C18",
    "C34",
    "C50",
    "C61",
    "F32",
    "F41",
    "K21",
    "N18",
    "G30",
]
NEUTRAL = ["v", "var", "x", "col", "f", "feature_", "V", "q", "item", "field"]


def _fmt(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def _pick(rng: Rng, options: list[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _attributes(rng: Rng, rows: int, how_many: int) -> tuple[list[str], list[list[str]]]:
    """Columns that a person has, each with its cells."""
    names: list[str] = []
    columns: list[list[str]] = []
    age = np.clip(rng.normal(rng.uniform(8, 65), rng.uniform(3, 18), rows), 0, 101)
    makers: list[tuple[str, Callable[[], list[str]]]] = [
        ("age", lambda: [str(int(a)) for a in age]),
        ("bmi", lambda: [_fmt(v, int(rng.integers(1, 3))) for v in rng.normal(27, 5, rows)]),
        ("height", lambda: [_fmt(v, 0) for v in rng.normal(168, 10, rows)]),
        ("weight", lambda: [_fmt(v, 1) for v in rng.normal(75, 14, rows)]),
        ("sbp", lambda: [str(int(v)) for v in rng.normal(130, 18, rows)]),
        ("chol", lambda: [_fmt(v, 1) for v in rng.normal(5.2, 1.1, rows)]),
        ("income", lambda: [str(int(v)) for v in rng.lognormal(10, 0.6, rows)]),
        ("wage", lambda: [_fmt(v, 2) for v in rng.lognormal(2, 0.5, rows)]),
        ("educ", lambda: [str(int(v)) for v in np.clip(rng.normal(12, 3, rows), 0, 20)]),
        ("visits", lambda: [str(int(v)) for v in rng.poisson(rng.uniform(0.5, 4), rows)]),
        ("time", lambda: [str(int(v)) for v in rng.exponential(400, rows) + 1]),
        ("died", lambda: [str(int(v)) for v in rng.random(rows) < 0.3]),
        ("married", lambda: [str(int(v)) for v in rng.random(rows) < 0.6]),
        ("diabetes", lambda: [_pick(rng, ["yes", "no"]) for _ in range(rows)]),
        ("hba1c", lambda: [_fmt(v, 1) for v in rng.normal(40, 8, rows)]),
        ("score", lambda: [str(int(v)) for v in np.clip(rng.normal(20, 7, rows), 0, 50)]),
        (
            "dob",
            lambda: [f"{int(rng.integers(1930, 2005))}-{int(rng.integers(1, 13)):02d}-{int(rng.integers(1, 29)):02d}" for _ in range(rows)],
        ),
        (
            "admission_date",
            lambda: [f"{int(rng.integers(1, 29)):02d}/{int(rng.integers(1, 13)):02d}/{int(rng.integers(2015, 2025))}" for _ in range(rows)],
        ),
        ("marker", lambda: [_fmt(v, 3) for v in rng.normal(0, 1, rows)]),
        ("glucose", lambda: [_fmt(v, 4) for v in rng.lognormal(1.7, 0.3, rows)]),
    ]
    for key, levels in CATEGORIES.items():
        weights = rng.dirichlet(np.ones(len(levels)) * 2)
        makers.append((key, lambda levels=levels, weights=weights: [levels[int(i)] for i in rng.choice(len(levels), rows, p=weights)]))
    chosen = rng.choice(len(makers), min(how_many, len(makers)), replace=False)
    for place in chosen.tolist():
        name, make = makers[place]
        names.append(name)
        columns.append(make())
    if rng.random() < 0.3:
        for column in columns:
            for row in np.flatnonzero(rng.random(rows) < 0.05).tolist():
                column[row] = _pick(rng, ["", "NA", "."])
    return names, columns


def _rename(rng: Rng, names: list[str]) -> list[str]:
    """Headers as people write them: plain, neutral or decorated."""
    style = rng.random()
    if style < 0.2:
        prefix = _pick(rng, NEUTRAL)
        return [f"{prefix}{place + 1}" for place in range(len(names))]
    if style < 0.3:
        return [name.upper() for name in names]
    if style < 0.4:
        return [name.replace("_", " ").title() for name in names]
    return list(names)


def _index(rng: Rng, header: list[str] | None, rows: Rows, chance: float = 0.4) -> tuple[list[str] | None, Rows]:
    """Sometimes a running number in front, as R and pandas write it."""
    if rng.random() > chance:
        return header, rows
    start = int(rng.integers(0, 2))
    name = _pick(rng, ["", "rownames", "Unnamed: 0", "X"])
    return (None if header is None else [name, *header]), [[str(start + place), *row] for place, row in enumerate(rows)]


def people(rng: Rng) -> Made:
    """One row a person, wide or narrow, with or without id and header."""
    rows = int(rng.choice([rng.integers(1, 6), rng.integers(5, 25), rng.integers(25, 200), rng.integers(200, 1200)]))
    names, columns = _attributes(rng, rows, int(rng.integers(2, 14)))
    if rng.random() < 0.4:
        ids = rng.choice(900000, rows, replace=False) + 100000
        style = rng.random()
        cells = [f"P{i}" if style < 0.4 else str(i) if style < 0.8 else f"{i:06d}-{int(rng.integers(10, 99))}" for i in ids.tolist()]
        if rng.random() < 0.3:
            cells = [str(place + 1) for place in range(rows)]
        names, columns = [_pick(rng, ["id", "patient_id", "subject", "eid", "record"]), *names], [cells, *columns]
    if rng.random() < 0.1:
        full = [f"{_pick(rng, FORENAMES)} {_pick(rng, SURNAMES)}" for _ in range(rows)]
        names, columns = ["name", *names], [full, *columns]
    table = [list(row) for row in zip(*columns, strict=True)]
    header: list[str] | None = _rename(rng, names)
    if rng.random() < 0.15:
        header = None
    header, table = _index(rng, header, table, 0.5)
    return Made("individual", header, table)


def answers(rng: Rng) -> Made:
    """Questionnaire: items with few levels, one row a respondent."""
    rows, width = int(rng.integers(12, 600)), int(rng.integers(3, 40))
    levels = int(rng.choice([2, 3, 5, 7]))
    low = int(rng.integers(0, 2))
    trait = rng.normal(0, 1, rows)
    cells = (
        np.clip(np.round((levels - 1) / 2 + trait[:, None] * levels / 5 + rng.normal(0, levels / 4, (rows, width))), 0, levels - 1).astype(
            int
        )
        + low
    )
    prefix = _pick(rng, ["q", "item", "A", "bdi_", "V", "Q"])
    header: list[str] | None = [f"{prefix}{place + 1}" for place in range(width)]
    table = [[str(value) for value in row] for row in cells.tolist()]
    if rng.random() < 0.15:
        header = None
    header, table = _index(rng, header, table, 0.5)
    return Made("individual", header, table)


def measurements(rng: Rng) -> Made:
    """Continuous measurements, one row a sample, often with a class column."""
    rows, width = int(rng.integers(10, 500)), int(rng.integers(2, 30))
    digits = int(rng.integers(1, 7))
    data = rng.lognormal(rng.uniform(-2, 4, width), 0.4, (rows, width))
    header: list[str] | None = [
        f"{_pick(rng, ['mean', 'worst', 'feat', 'm', 'ratio'])} {_pick(rng, ['radius', 'length', 'area', 'conc', 'width'])} {place}"
        if rng.random() < 0.3
        else f"x{place + 1}"
        for place in range(width)
    ]
    table = [[_fmt(value, digits) for value in row] for row in data.tolist()]
    if rng.random() < 0.5:
        labels = _pick(rng, ["0 1", "a b c", "benign malignant"]).split()
        for row in table:
            row.append(_pick(rng, labels))
        header.append(_pick(rng, ["class", "target", "diagnosis", "group"]))
    if rng.random() < 0.25:
        header = None
    header, table = _index(rng, header, table, 0.4)
    return Made("individual", header, table)


def panel(rng: Rng) -> Made:
    """Several rows a person: visits, waves, episodes."""
    people_count, waves = int(rng.integers(5, 120)), int(rng.integers(2, 8))
    names, columns = _attributes(rng, people_count * waves, int(rng.integers(1, 8)))
    ids = [f"{_pick(rng, ['S', 'ID', ''])}{place + int(rng.integers(0, 1))}" for place in range(1, people_count + 1)]
    table, place = [], 0
    wave_name = _pick(rng, ["visit", "year", "wave", "month", "time", "date"])
    for person in ids:
        for wave in range(waves):
            when = (
                str(1990 + wave)
                if wave_name == "year"
                else f"20{10 + wave}-0{1 + wave % 9}-1{wave % 9}"
                if wave_name == "date"
                else str(wave)
            )
            table.append([person, when, *(column[place] for column in columns)])
            place += 1
    header: list[str] | None = [_pick(rng, ["id", "subject", "patient", "nr", "pid", "person"]), wave_name, *_rename(rng, names)]
    if rng.random() < 0.1:
        header = None
    header, table = _index(rng, header, table, 0.5)
    return Made("individual", header, table)


def transposed_people(rng: Rng) -> Made:
    """Attributes in rows, people in columns."""
    rows = int(rng.integers(6, 60))
    names, columns = _attributes(rng, rows, int(rng.integers(4, 14)))
    prefix = _pick(rng, ["P", "S", "ID", "sample_", "patient"])
    start = int(rng.choice([1, 100, 1000]))
    header = [_pick(rng, ["", "variable", "attribute"]), *[f"{prefix}{start + place}" for place in range(rows)]]
    return Made("individual", header, [[name, *column] for name, column in zip(names, columns, strict=True)])


def expression(rng: Rng) -> Made:
    """Genes or probes in rows, samples in columns."""
    genes, samples = int(rng.integers(10, 400)), int(rng.integers(4, 40))
    prefix = _pick(rng, ["S", "sample", "GSM10", "TCGA-", "D"])
    header = [_pick(rng, ["gene", "probe", "", "ID_REF", "feature"]), *[f"{prefix}{place + 1}" for place in range(samples)]]
    style = rng.random()
    ids = [
        f"ENSG{int(rng.integers(1e10)):011d}" if style < 0.4 else f"cg{int(rng.integers(1e8)):08d}" if style < 0.7 else f"GENE{place}"
        for place in range(genes)
    ]
    base = rng.normal(6, 2, genes)
    values = base[:, None] + rng.normal(0, 0.6, (genes, samples))
    if rng.random() < 0.3:
        return Made(
            "individual",
            header,
            [[name, *[str(int(2 ** max(value, 0))) for value in row]] for name, row in zip(ids, values.tolist(), strict=True)],
        )
    return Made("individual", header, [[name, *[_fmt(value, 4) for value in row]] for name, row in zip(ids, values.tolist(), strict=True)])


def single_list(rng: Rng) -> Made:
    """A list of people: ids, or ids with one thing beside them."""
    rows = int(rng.integers(5, 300))
    prefix = _pick(rng, ["HG0", "P", "S-", "GEL", ""])
    ids = [f"{prefix}{value}" for value in (rng.choice(89999, rows, replace=False) + 10000).tolist()]
    if rng.random() < 0.5:
        other = [f"{_pick(rng, ['A', 'B'])}{value}" for value in (rng.choice(899999, rows, replace=False) + 100000).tolist()]
        header: list[str] | None = _pick(rng, ["id new_id", "sample_id participant_id", "FID IID", "old pseudonym"]).split()
        table = [[a, b] for a, b in zip(ids, other, strict=True)]
    elif rng.random() < 0.6:
        header = [_pick(rng, ["id", "sample", "IID"]), _pick(rng, ["score", "pheno", "value", "case", "PRS"])]
        values = rng.normal(0, 1, rows)
        binary = rng.random() < 0.4
        table = [[a, str(int(value > 0)) if binary else _fmt(value, 5)] for a, value in zip(ids, values.tolist(), strict=True)]
    else:
        header, table = [_pick(rng, ["id", "participant", "eid", "sample"])], [[a] for a in ids]
    if rng.random() < 0.3:
        header = None
    return Made("individual", header, table)


def firms(rng: Rng) -> Made:
    """One row a firm, house, plot, animal or order: units that are not published ones."""
    rows = int(rng.integers(10, 300))
    what = _pick(rng, ["firm", "house", "plot", "animal", "order", "car", "household"])
    columns: list[list[str]] = []
    names: list[str] = []
    if rng.random() < 0.5:
        names.append(what if rng.random() < 0.7 else f"{what}_id")
        columns.append(
            [
                f"{_pick(rng, SURNAMES)} {_pick(rng, ['Ltd', 'plc', '& Sons'])}"
                if what == "firm" and rng.random() < 0.5
                else str(place + 1)
                for place in range(rows)
            ]
        )
    for place in range(int(rng.integers(2, 9))):
        style = rng.random()
        names.append(
            _pick(
                rng,
                [
                    "price",
                    "area",
                    "rooms",
                    "yield",
                    "length",
                    "weight",
                    "sales",
                    "assets",
                    "block",
                    "variety",
                    "speed",
                    "hp",
                    "colour",
                    "size",
                    "profit",
                    "employees",
                    "invest",
                ],
            )
            + ("" if rng.random() < 0.8 else str(place))
        )
        if style < 0.3:
            columns.append([_pick(rng, ["a", "b", "c", "d"]) for _ in range(rows)])
        elif style < 0.5:
            columns.append([str(int(value)) for value in rng.integers(1, 8, rows)])
        elif style < 0.75:
            columns.append([str(int(value)) for value in rng.lognormal(5, 1, rows)])
        else:
            columns.append([_fmt(value, 2) for value in rng.lognormal(3, 1, rows)])
    table = [list(row) for row in zip(*columns, strict=True)]
    header: list[str] | None = names if rng.random() > 0.1 else None
    header, table = _index(rng, header, table, 0.5)
    return Made("individual", header, table)


def crossed(rng: Rng) -> Made:
    """Frequency table in long form: categories and a count."""
    keys = rng.choice(list(CATEGORIES), int(rng.integers(1, 5)), replace=False).tolist()
    combos = list(itertools.product(*(CATEGORIES[key] for key in keys)))
    if len(combos) > 400:
        combos = combos[:400]
    if rng.random() < 0.3 and len(combos) > 6:
        combos = [combo for combo in combos if rng.random() > 0.15]
    scale = float(rng.choice([3, 15, 80, 600]))
    counts = rng.poisson(rng.gamma(1.2, scale, len(combos)))
    names = [_pick(rng, ["n", "count", "Freq", "freq", "cases", "N", "number", "patients", "Count", "total"])]
    extra = [counts]
    if rng.random() < 0.4:
        extra.append(counts + rng.poisson(scale * 5, len(combos)))
        names.append(_pick(rng, ["total", "population", "noncases", "denominator", "controls"]))
    table = [[*combo, *[str(int(column[place])) for column in extra]] for place, combo in enumerate(combos)]
    if rng.random() < 0.3:
        names.append(_pick(rng, ["pct", "percent", "rate"]))
        for place, row in enumerate(table):
            row.append(_fmt(100 * counts[place] / max(counts.sum(), 1), 1))
    if rng.random() < 0.15:
        names.append(_pick(rng, ["mean_age", "mean", "median_los"]))
        for row in table:
            row.append(_fmt(rng.normal(50, 10), 1))
    if rng.random() < 0.2:
        table.append(["Total", *[""] * (len(keys) - 1), str(int(counts.sum())), *[""] * (len(names) - 1)])
    if rng.random() < 0.1:
        for row in table:
            if row[len(keys)].isdigit() and int(row[len(keys)]) < 10:
                row[len(keys)] = "<10"
    header: list[str] | None = [*keys, *names]
    header, table = _index(rng, header, table, 0.4)
    return Made("group", header, table)


def printed(rng: Rng) -> Made:
    """Crosstab as printed: a stub and counts, or n (%), with or without totals."""
    row_key, column_key = rng.choice(list(CATEGORIES), 2, replace=False).tolist()
    stub, heads = CATEGORIES[row_key], CATEGORIES[column_key]
    if rng.random() < 0.3:
        stub = [f"{a} {b}" for a in CATEGORIES["region"] for b in stub][: int(rng.integers(4, 30))]
    counts = rng.poisson(rng.gamma(1.5, float(rng.choice([4, 40, 400])), (len(stub), len(heads))))
    share = rng.random() < 0.35
    table = []
    for label, row in zip(stub, counts.tolist(), strict=True):
        total = max(sum(row), 1)
        cells = [f"{value} ({100 * value / total:.1f})" if share else f"{value:,}" if rng.random() < 0.5 else str(value) for value in row]
        table.append([label, *cells])
    header = [_pick(rng, [row_key, "", "rownames", "characteristic"]), *heads]
    if rng.random() < 0.4:
        header.append(_pick(rng, ["Total", "All"]))
        for row, values in zip(table, counts.tolist(), strict=True):
            row.append(str(sum(values)))
    if rng.random() < 0.3:
        table.append(
            [
                _pick(rng, ["Total", "All"]),
                *[str(int(value)) for value in counts.sum(axis=0)],
                *([str(int(counts.sum()))] if len(header) > len(heads) + 1 else []),
            ]
        )
    return Made("group", header, table)


def characteristics(rng: Rng) -> Made:
    """A Table 1: characteristics in rows, groups in columns, mean (SD) and n (%)."""
    heads = CATEGORIES[_pick(rng, ["arm", "treatment", "ethnicity", "outcome", "sex"])]
    sizes = rng.integers(40, 4000, len(heads))
    table = [[_pick(rng, ["N", "n", "Participants"]), *[str(size) for size in sizes.tolist()]]]
    table.extend(
        [f"{name}, mean (SD)", *[f"{rng.normal(50, 10):.1f} ({rng.uniform(3, 15):.1f})" for _ in heads]]
        for name in rng.choice(["Age", "BMI", "SBP", "HbA1c", "Height"], 2, replace=False).tolist()
    )
    for key in rng.choice(list(CATEGORIES), int(rng.integers(1, 5)), replace=False).tolist():
        if rng.random() < 0.5:
            table.append([key, *[""] * len(heads)])
        shares = rng.dirichlet(np.ones(len(CATEGORIES[key])), len(heads))
        for place, level in enumerate(CATEGORIES[key]):
            table.append(
                [
                    f"  {level}",
                    *[f"{int(size * shares[i][place])} ({100 * shares[i][place]:.1f}%)" for i, size in enumerate(sizes.tolist())],
                ]
            )
    if rng.random() < 0.4:
        for row in table:
            row.append(_fmt(rng.random(), 3) if rng.random() < 0.5 else "")
        return Made("group", [_pick(rng, ["", "Characteristic", "Variable"]), *heads, "p"], table)
    return Made("group", [_pick(rng, ["", "Characteristic", "Variable"]), *heads], table)


def trials_meta(rng: Rng) -> Made:
    """Counts by study: events and totals by arm, as in a meta-analysis."""
    rows = int(rng.integers(5, 30))
    totals = rng.integers(30, 2000, (rows, 2))
    events = rng.binomial(totals, rng.uniform(0.02, 0.4))
    header = _pick(rng, ["study ai n1i ci n2i", "Study events_t n_t events_c n_c", "trial deaths_a n_a deaths_b n_b"]).split()
    table = [
        [
            f"{_pick(rng, SURNAMES)} {int(rng.integers(1970, 2022))}" if rng.random() < 0.7 else str(place + 1),
            str(events[place][0]),
            str(totals[place][0]),
            str(events[place][1]),
            str(totals[place][1]),
        ]
        for place in range(rows)
    ]
    if rng.random() < 0.4:
        header.append("year")
        for row in table:
            row.append(str(int(rng.integers(1970, 2022))))
    return Made("group", *_index(rng, header, table, 0.4))


def grouped_rates(rng: Rng) -> Made:
    """Deaths and person-years, or magnitudes, by group."""
    keys = rng.choice(["age_group", "sex", "smoking", "region", "imd", "ethnicity"], 2, replace=False).tolist()
    combos = list(itertools.product(*(CATEGORIES[key] for key in keys)))
    years = rng.lognormal(8, 1, len(combos))
    deaths = rng.poisson(years / rng.uniform(50, 1000))
    if rng.random() < 0.5:
        header = [*keys, _pick(rng, ["deaths", "cases", "events"]), _pick(rng, ["pyears", "person_years", "py"])]
        table = [[*combo, str(int(deaths[place])), _fmt(years[place], 1)] for place, combo in enumerate(combos)]
        if rng.random() < 0.5:
            header.append("rate")
            for place, row in enumerate(table):
                row.append(_fmt(1000 * deaths[place] / years[place], 2))
    else:
        header = [*keys, "n", "mean", "sd", *(["min", "max"] if rng.random() < 0.3 else [])]
        table = [
            [
                *combo,
                str(int(rng.integers(11, 900))),
                _fmt(rng.normal(50, 8), 2),
                _fmt(rng.uniform(1, 12), 2),
                *(["1", "99"] if len(header) > 5 else []),
            ]
            for combo in combos
        ]
    return Made("group", *_index(rng, header, table, 0.4))


def place_period(rng: Rng) -> Made:
    """One row a place, a period, or a place in a period, with rates, totals or indices."""
    style = rng.random()
    places = _pick(rng, ["countries", "states", "authorities"])
    pool = {"countries": COUNTRIES, "states": STATES, "authorities": AUTHORITIES}[places]
    chosen = [pool[i] for i in rng.choice(len(pool), int(rng.integers(8, len(pool) + 1)), replace=False).tolist()]
    years = [str(year) for year in range(int(rng.integers(1960, 2010)), int(rng.integers(2012, 2024)))]
    months = [f"{year}-{month:02d}" for year in years[:8] for month in range(1, 13)]
    name = {
        "countries": _pick(rng, ["country", "Country", "Entity"]),
        "states": "state",
        "authorities": _pick(rng, ["local_authority", "area_name", "county", "district"]),
    }[places]
    if style < 0.35:
        keys, key_names = [[place] for place in chosen], [name]
    elif style < 0.6:
        keys, key_names = [[year] for year in years], [_pick(rng, ["year", "Year", "date"])]
    elif style < 0.75:
        keys, key_names = [[month] for month in months], [_pick(rng, ["month", "date", "period"])]
    elif style < 0.85:
        days = np.arange("2020-03-01", "2021-03-01", dtype="datetime64[D]").astype(str).tolist()
        keys, key_names = [[day] for day in days[: int(rng.integers(30, 365))]], [_pick(rng, ["date", "Date", "day"])]
    else:
        keys, key_names = [[place, year] for place in chosen for year in years[:12]], [name, "year"]
    columns, names = [], []
    for place in range(int(rng.integers(1, 10))):
        what = rng.random()
        names.append(
            _pick(
                rng,
                [
                    "rate",
                    "gdp",
                    "unemployment",
                    "population",
                    "index",
                    "mortality_rate",
                    "births",
                    "cases",
                    "deaths",
                    "price",
                    "share",
                    "admissions",
                    "emissions",
                    "crime_rate",
                    "income",
                    "temperature",
                ],
            )
            + ("" if rng.random() < 0.7 else f"_{place}")
        )
        if what < 0.5:
            columns.append([_fmt(value, int(rng.integers(1, 6))) for value in rng.lognormal(2, 0.5, len(keys))])
        elif what < 0.8:
            columns.append([str(int(value)) for value in rng.lognormal(8, 1, len(keys))])
        else:
            columns.append([_fmt(value, 2) for value in rng.normal(50, 12, len(keys))])
    table = [[*key, *[column[place] for column in columns]] for place, key in enumerate(keys)]
    return Made("series", *_index(rng, [*key_names, *names], table, 0.35))


def wide_series(rng: Rng) -> Made:
    """Places in rows and years in columns, or the other way round."""
    years = [str(year) for year in range(int(rng.integers(1985, 2010)), int(rng.integers(2013, 2024)))]
    pool = COUNTRIES if rng.random() < 0.5 else AUTHORITIES
    chosen = [pool[i] for i in rng.choice(len(pool), int(rng.integers(6, len(pool) + 1)), replace=False).tolist()]
    whole = rng.random() < 0.5
    values = rng.lognormal(8 if whole else 2, 0.8, (len(chosen), len(years)))
    cells = [[str(int(value)) if whole else _fmt(value, 2) for value in row] for row in values.tolist()]
    if rng.random() < 0.6:
        return Made(
            "series",
            [_pick(rng, ["country", "area", "region", "Country Name"]), *years],
            [[place, *row] for place, row in zip(chosen, cells, strict=True)],
        )
    return Made("series", ["year", *chosen], [[year, *[row[place] for row in cells]] for place, year in enumerate(years)])


def regression(rng: Rng) -> Made:
    """Terms with coefficient, error, statistic and p."""
    rows = int(rng.integers(2, len(TERMS)))
    terms = TERMS[:rows] if rng.random() < 0.5 else [f"{_pick(rng, TERMS)}{place}" for place in range(rows)]
    beta, se = rng.normal(0, 0.5, rows), rng.uniform(0.01, 0.4, rows)
    p = [math.erfc(abs(b / s) / math.sqrt(2)) for b, s in zip(beta.tolist(), se.tolist(), strict=True)]
    digits = int(rng.integers(2, 9))
    styles = [
        (
            ["term", "estimate", "std.error", "statistic", "p.value"],
            [[_fmt(b, digits), _fmt(s, digits), _fmt(b / s, 3), f"{q:.3g}"] for b, s, q in zip(beta, se, p, strict=True)],
        ),
        (
            ["", "OR", "lower", "upper", "p"],
            [
                [_fmt(math.exp(b), 2), _fmt(math.exp(b - 1.96 * s), 2), _fmt(math.exp(b + 1.96 * s), 2), f"{q:.3f}"]
                for b, s, q in zip(beta, se, p, strict=True)
            ],
        ),
        (
            ["variable", "HR (95% CI)", "P value"],
            [
                [f"{math.exp(b):.2f} ({math.exp(b - 1.96 * s):.2f}-{math.exp(b + 1.96 * s):.2f})", f"{q:.3f}"]
                for b, s, q in zip(beta, se, p, strict=True)
            ],
        ),
        (["model", "coef", "se"], [[_fmt(b, digits), _fmt(s, digits)] for b, s in zip(beta, se, strict=True)]),
    ]
    header, cells = styles[int(rng.integers(len(styles)))]
    table = [[term, *row] for term, row in zip(terms, cells, strict=True)]
    if rng.random() < 0.2:
        table = [[_pick(rng, ["model1", "model2"]), *row] for row in table]
        header = ["model_id", *header]
    return Made("estimate", list(header), table)


def matrix(rng: Rng) -> Made:
    """Correlation, covariance or distance matrix."""
    size = int(rng.integers(3, 25))
    data = rng.normal(0, 1, (size * 3, size)) @ rng.normal(0, 1, (size, size))
    values = np.corrcoef(data.T) if rng.random() < 0.7 else np.cov(data.T)
    names = [f"{_pick(rng, ['bmi', 'sbp', 'age', 'ldl', 'x', 'item'])}{place}" for place in range(size)]
    triangle = rng.random() < 0.2
    table = [
        [name, *["" if triangle and other > place else _fmt(values[place][other], 3) for other in range(size)]]
        for place, name in enumerate(names)
    ]
    header = ["", *names]
    if rng.random() < 0.2:
        return Made("estimate", names, [row[1:] for row in table])
    return Made("estimate", header, table)


def summary(rng: Rng) -> Made:
    """Descriptive statistics, one row a variable."""
    rows = int(rng.integers(2, 20))
    header = [
        "variable",
        *_pick(rng, ["n mean sd", "N mean std p25 p50 p75", "obs mean stddev min max", "mean se median", "missing mean sd median"]).split(),
    ]
    table = []
    for place in range(rows):
        row = [f"{_pick(rng, ['age', 'bmi', 'income', 'score', 'ldl', 'height'])}_{place}"]
        row += [
            str(int(rng.integers(200, 9000))) if name in {"n", "N", "obs", "missing"} else _fmt(rng.lognormal(2, 1), 2)
            for name in header[1:]
        ]
        table.append(row)
    return Made("estimate", header, table)


def described(rng: Rng) -> Made:
    """What `describe()` and `summary()` print: statistics in rows, variables in columns, or the other way round."""
    names = rng.choice(
        ["age", "bmi", "sbp", "income", "los", "score", "x1", "x2", "height", "ldl"], int(rng.integers(1, 7)), replace=False
    ).tolist()
    labels = _pick(
        rng, ["count mean std min 25% 50% 75% max", "N Mean SD Median", "Min. 1st_Qu. Median Mean 3rd_Qu. Max.", "n missing mean sd"]
    ).split()
    size = int(rng.integers(150, 60000))
    columns = [
        [
            _fmt(size, 6)
            if label == "count"
            else str(size)
            if label in {"N", "n"}
            else "0"
            if label == "missing"
            else _fmt(abs(rng.normal(40, 15)), int(rng.integers(1, 7)))
            for label in labels
        ]
        for _ in names
    ]
    if rng.random() < 0.5:
        return Made(
            "estimate",
            [_pick(rng, ["", "statistic", "stat"]), *names],
            [[label.replace("_", " "), *[column[place] for column in columns]] for place, label in enumerate(labels)],
        )
    return Made("estimate", [_pick(rng, ["variable", ""]), *labels], [[name, *column] for name, column in zip(names, columns, strict=True)])


def curve(rng: Rng) -> Made:
    """Points of a curve: ROC, calibration, Kaplan-Meier, density, dose response."""
    rows = int(rng.integers(15, 200))
    x = np.sort(rng.random(rows))
    y = np.clip(x ** rng.uniform(0.2, 0.9), 0, 1)
    header = _pick(
        rng, ["fpr tpr threshold", "time survival std_err", "x density", "dose estimate se", "age fit lwr upr", "bin_mid proportion"]
    ).split()
    extra = [rng.uniform(0.01, 0.1, rows) for _ in header[2:]]
    return Made(
        "estimate",
        *_index(
            rng,
            header,
            [
                [_fmt(a, 4), _fmt(b, 6), *[_fmt(column[place], 5) for column in extra]]
                for place, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True))
            ],
            0.2,
        ),
    )


def gwas(rng: Rng) -> Made:
    """Association results, one row a variant."""
    rows = int(rng.integers(5, 400))
    pos = np.sort(rng.integers(1e5, 2e8, rows))
    beta, se = rng.normal(0, 0.05, rows), rng.uniform(0.005, 0.05, rows)
    freq = rng.uniform(0.01, 0.99, rows)
    fields: dict[str, list[str]] = {
        _pick(rng, ["SNP", "rsid", "variant_id", "MarkerName", "ID"]): [f"rs{int(value)}" for value in rng.integers(1e4, 1e9, rows)],
        _pick(rng, ["CHR", "chromosome", "#CHROM"]): [str(int(rng.integers(1, 23)))] * rows,
        _pick(rng, ["BP", "POS", "base_pair_location"]): [str(int(value)) for value in pos],
        _pick(rng, ["A1", "effect_allele", "ALT"]): [_pick(rng, list("ACGT")) for _ in range(rows)],
        _pick(rng, ["A2", "other_allele", "REF"]): [_pick(rng, list("ACGT")) for _ in range(rows)],
        _pick(rng, ["FRQ", "eaf", "MAF", "A1_FREQ"]): [_fmt(value, 4) for value in freq],
        _pick(rng, ["BETA", "beta", "OR", "effect_weight"]): [_fmt(value, 6) for value in beta],
        _pick(rng, ["SE", "se", "standard_error"]): [_fmt(value, 6) for value in se],
        _pick(rng, ["P", "pval", "p_value"]): [
            f"{math.erfc(abs(b / s) / math.sqrt(2)):.3e}" for b, s in zip(beta.tolist(), se.tolist(), strict=True)
        ],
        _pick(rng, ["N", "n_samples", "sample_size"]): [str(int(rng.integers(1000, 500000)))] * rows,
    }
    keep = sorted(rng.choice(len(fields), int(rng.integers(3, len(fields) + 1)), replace=False).tolist())
    if not {0, 2, 3} & set(keep):
        keep = [0, *keep]
    names = [list(fields)[place] for place in keep]
    table = [list(row) for row in zip(*(fields[name] for name in names), strict=True)]
    return Made("variant", *_index(rng, names, table, 0.15))


def intervals(rng: Rng) -> Made:
    """Regions of the genome: BED-like, annotations, variant lists."""
    rows = int(rng.integers(4, 300))
    start = np.sort(rng.integers(1e4, 2e8, rows))
    table = [
        [f"chr{int(rng.integers(1, 23))}", str(int(a)), str(int(a + rng.integers(10, 5000))), *([f"exon_{place}"] if rows % 2 else [])]
        for place, a in enumerate(start.tolist())
    ]
    return Made("variant", None if rng.random() < 0.6 else ["chrom", "start", "end", *(["name"] if rows % 2 else [])], table)


def genes(rng: Rng) -> Made:
    """Results by gene: differential expression, burden tests, enrichment."""
    rows = int(rng.integers(10, 400))
    ids = (
        [f"ENSG{int(rng.integers(1e10)):011d}" for _ in range(rows)]
        if rng.random() < 0.5
        else [f"{''.join(rng.choice(list('ABCDEFGHKLMNPRST'), 4))}{int(rng.integers(1, 20))}" for _ in range(rows)]
    )
    header = [
        _pick(rng, ["gene", "gene_id", "symbol", "Gene"]),
        *_pick(
            rng,
            [
                "baseMean log2FoldChange lfcSE stat pvalue padj",
                "logFC AveExpr t P.Value adj.P.Val",
                "n_variants beta se p",
                "nes pval padj size",
            ],
        ).split(),
    ]
    table = [
        [
            name,
            *[
                f"{rng.random():.3e}"
                if head.lower().startswith(("p", "adj"))
                else str(int(rng.integers(1, 60)))
                if head in {"n_variants", "size"}
                else _fmt(rng.normal(0, 2), 4)
                for head in header[1:]
            ],
        ]
        for name in ids
    ]
    return Made("gene", *_index(rng, header, table, 0.15))


def code_list(rng: Rng) -> Made:
    """Code lists, dictionaries, registers, keys."""
    rows = int(rng.integers(3, 300))
    style = rng.random()
    text = [" ".join(rng.choice(WORDS, int(rng.integers(1, 7))).tolist()) for _ in range(rows)]
    codes = [f"{_pick(rng, ICD)}.{place % 10}" if style < 0.5 else str(int(rng.integers(1e5, 1e9))) for place in range(rows)]
    header = _pick(
        rng,
        [
            "code description",
            "icd10 term category",
            "snomed_code term",
            "variable label type values",
            "concept_id concept_name vocabulary",
            "item question keying",
        ],
    ).split()
    extra = [[_pick(rng, ["numeric", "factor", "string", "A", "B"]) for _ in range(rows)] for _ in header[2:]]
    return Made(
        "item", *_index(rng, header, [[codes[place], text[place], *[column[place] for column in extra]] for place in range(rows)], 0.2)
    )


def word_list(rng: Rng) -> Made:
    """A plain list of words: genes, drugs, terms."""
    rows = int(rng.integers(4, 200))
    style = rng.random()
    cells = [
        f"{''.join(rng.choice(list('ABCDEFGHKLMNPRST'), 4))}{int(rng.integers(1, 9))}"
        if style < 0.5
        else " ".join(rng.choice(WORDS, int(rng.integers(1, 3))).tolist())
        for _ in range(rows)
    ]
    return Made(
        "gene" if style < 0.5 else "item",
        [_pick(rng, ["gene", "symbol"] if style < 0.5 else ["term", "name", "drug"])] if rng.random() < 0.7 else None,
        [[cell] for cell in dict.fromkeys(cells)],
    )


def register(rng: Rng) -> Made:
    """A register of places or organisations: code, name, type, area."""
    rows = int(rng.integers(8, 200))
    table = [
        [
            str(100000 + place * 7),
            f"{_pick(rng, AUTHORITIES)} {_pick(rng, ['School', 'Hospital', 'Airport', 'Practice', 'College'])}",
            _pick(rng, COUNTRIES),
            _pick(rng, ["open", "closed", "academy", "public"]),
            _fmt(rng.uniform(50, 58), 4),
            _fmt(rng.uniform(-4, 1), 4),
        ]
        for place in range(rows)
    ]
    return Made("item", ["code", "name", "area", "type", "latitude", "longitude"], table)


def settings(rng: Rng) -> Made:
    """Records of a configuration: names, paths, versions, switches."""
    rows = int(rng.integers(1, 12))
    options = {
        "name": lambda: (
            _pick(rng, ["build", "test", "lint", "docs", "core", "pandas", "numpy", "release"]) + _pick(rng, ["", "-linux", "-all", "1"])
        ),
        "version": lambda: f"{_pick(rng, ['', '^', '>='])}{int(rng.integers(0, 5))}.{int(rng.integers(0, 20))}.{int(rng.integers(0, 9))}",
        "path": lambda: (
            f"{_pick(rng, ['/', './', 'src/', 'docs/'])}{_pick(rng, ['a', 'lib', 'main', 'index'])}.{_pick(rng, ['py', 'md', 'js'])}"
        ),
        "enabled": lambda: _pick(rng, ["true", "false"]),
        "url": lambda: f"https://example.org/{_pick(rng, ['a', 'b', 'c'])}{int(rng.integers(1, 99))}",
        "schedule": lambda: _pick(rng, ["daily", "weekly", "monthly"]),
        "type": lambda: _pick(rng, ["string", "int", "pip", "npm", "github-actions"]),
        "timeout": lambda: str(int(rng.integers(1, 600))),
        "default": lambda: _pick(rng, ["none", "0", "1", "auto", "utf-8"]),
        "description": lambda: " ".join(rng.choice(WORDS, int(rng.integers(2, 8))).tolist()),
    }
    header = rng.choice(list(options), int(rng.integers(2, 7)), replace=False).tolist()
    return Made("item", header, [[options[name]() if rng.random() > 0.15 else "" for name in header] for _ in range(rows)])


def dictionary(rng: Rng) -> Made:
    """A codebook or questionnaire with several columns of words, and keys of scales."""
    rows = int(rng.integers(4, 60))
    prefix = _pick(rng, ["A", "q_", "item", "v"])
    if rng.random() < 0.3:
        scales = [f"{_pick(rng, ['', '-'])}" for _ in range(4)]
        return Made(
            "item",
            *_index(
                rng,
                ["scale_a", "scale_b", "scale_c"],
                [[f"{_pick(rng, ['', '-'])}{letter}{place + 1}" for letter in "ABC"] for place in range(min(rows, 8) + len(scales) % 2)],
                0.4,
            ),
        )
    header = [
        "variable",
        _pick(rng, ["item", "label", "question", "text"]),
        _pick(rng, ["domain", "scale", "section"]),
        _pick(rng, ["type", "keying", "levels"]),
    ]
    table = [
        [
            f"{prefix}{place + 1}",
            " ".join(rng.choice(WORDS, int(rng.integers(2, 9))).tolist()),
            _pick(rng, ["health", "mood", "sleep", "diet"]),
            _pick(rng, ["1", "-1", "numeric", "factor"]),
        ]
        for place in range(rows)
    ]
    return Made("item", *_index(rng, header, table, 0.3))


def long_estimates(rng: Rng) -> Made:
    """Quantities of several models in long form: which model, which settings, which term, the figure."""
    header, table = ["model", "cov_type", "debiased", "term", _pick(rng, ["value", "coef", "stat"])], []
    for model in ["pooled", "within", "random", "between"][: int(rng.integers(1, 5))]:
        for kind in ["unadjusted", "robust", "clustered"][: int(rng.integers(1, 4))]:
            for term in TERMS[: int(rng.integers(2, 9))]:
                cells = [model, kind, _pick(rng, ["TRUE", "FALSE"]), term, f"{rng.normal(0, 2):.12f}"]
                table.append(cells)
    extra = rng.random()
    if extra < 0.6:
        header += ["se", "r2"] if extra < 0.3 else ["se"]
        for row in table:
            row.extend([f"{rng.random():.12f}"] * (2 if extra < 0.3 else 1))
    return Made("estimate", *_index(rng, header, table, 0.15))


def long_measures(rng: Rng) -> Made:
    """Statistics in long form: period, place or group, measure, value; also JSON-stat once expanded."""
    years = [str(year) for year in range(2010, 2010 + int(rng.integers(2, 10)))]
    groups = CATEGORIES[_pick(rng, ["sex", "age_group", "region", "ethnicity"])]
    measures = _pick(
        rng, ["Number of reviews|Percentage upheld", "Population|Unemployment rate", "All items", "Employed|Unemployed|Inactive"]
    ).split("|")
    header = _pick(
        rng, ["year group measure value", "TIME GEO INDICATOR value", "period breakdown statistic Count", "CL_0001 CL_0002 CL_0003 value"]
    ).split()
    table = []
    for year in years:
        for group in groups:
            for measure in measures:
                share = "rate" in measure or "Percentage" in measure or "items" in measure
                table.append(
                    [
                        year,
                        group,
                        measure,
                        _fmt(rng.uniform(1, 99), 1) if share else str(int(rng.poisson(rng.gamma(1, 300)))) if rng.random() > 0.05 else "x",
                    ]
                )
    if rng.random() < 0.3:
        header = ["level", *header]
        table = [["National", *row] for row in table]
    return Made("group", *_index(rng, header, table, 0.15))


def count_by_level(rng: Rng) -> Made:
    """Counts by a numeric key that has many levels: by score, by year of education, by age and sex."""
    low, high = int(rng.integers(0, 3)), int(rng.integers(8, 40))
    name = _pick(rng, ["score", "education", "age", "symptoms", "siblings", "nchild", "visits"])
    header = [
        name,
        _pick(rng, ["sex", "gender"]),
        *_pick(rng, ["cases noncases", "pass fail", "yes no", "n", "died survived", "positive negative"]).split(),
    ]
    table = [
        [str(level), sex, *[str(int(rng.poisson(rng.gamma(1.2, 12)))) for _ in header[2:]]]
        for sex in ("Male", "Female")
        for level in range(low, high)
    ]
    return Made("group", *_index(rng, header, table, 0.5))


def wide_day_counts(rng: Rng) -> Made:
    """Counts by day in rows and place or category in columns, some hidden."""
    days = np.arange("2020-03-01", "2021-03-01", dtype="datetime64[D]").astype(str).tolist()[: int(rng.integers(20, 360))]
    pool = AUTHORITIES if rng.random() < 0.5 else ["admissions", "icu", "deaths", "tests", "cases", "vaccinated"]
    heads = pool[: int(rng.integers(3, len(pool) + 1))]
    hide = rng.random() < 0.5
    table = [
        [day, *["*" if hide and value < 5 else str(int(value)) for value in rng.poisson(rng.gamma(1, 20), len(heads))]] for day in days
    ]
    return Made("series", [_pick(rng, ["Date", "date", "week"]), *heads], table)


def day_series(rng: Rng) -> Made:
    """One or two figures by day, week or month, in order."""
    count = int(rng.integers(20, 300))
    unit = _pick(rng, ["D", "W", "M"])
    start = np.datetime64("2001-01", "M") if unit == "M" else np.datetime64("2020-02-01", "D")
    step = 7 if unit == "W" else 1
    when = [str(start + place * step) for place in range(count)]
    if unit == "M" and rng.random() < 0.4:
        when = [text.replace("-", "") for text in when]
    small = rng.random() < 0.4
    names = rng.choice(
        ["deaths", "cases", "births", "admissions", "index", "rate", "claims", "incidents", "sales", "misc"],
        int(rng.integers(1, 5)),
        replace=False,
    ).tolist()
    columns = [
        [str(int(value)) for value in rng.poisson(3 if small else 300, count)]
        if rng.random() < 0.6
        else [_fmt(value, 2) for value in rng.normal(0, 3, count)]
        for _ in names
    ]
    return Made(
        "series",
        *_index(
            rng,
            [_pick(rng, ["date", "dates", "month", "Date", "week ending"]), *names],
            [[moment, *[column[place] for column in columns]] for place, moment in enumerate(when)],
            0.3,
        ),
    )


def districts(rng: Rng) -> Made:
    """One row a county or district with a code, its state and many figures, now and then without a header."""
    rows = int(rng.integers(15, 300))
    width = int(rng.integers(3, 20))
    header: list[str] | None = [
        _pick(rng, ["area_code", "geo_id", "code", "nuts"]),
        _pick(rng, ["county", "name", "district", "area"]),
        "state",
        *[
            f"{_pick(rng, ['pop', 'perc', 'inc', 'area', 'total', 'rate', 'labour'])}{_pick(rng, ['white', 'poor', 'urban', 'old', 'children', 'adult', 'force'])}{place}"
            for place in range(width)
        ],
    ]
    first = int(rng.integers(1, 9000))
    suffix = _pick(rng, ["", " County", " District", ", QLD"])
    names = [f"{_pick(rng, AUTHORITIES)}{suffix}" if rng.random() < 0.7 else f"{_pick(rng, SURNAMES)}{suffix}" for _ in range(rows)]
    columns = [
        [str(int(value)) for value in rng.lognormal(8, 1.5, rows)]
        if rng.random() < 0.5
        else [f"{value:.6f}" for value in rng.uniform(0, 100, rows)]
        for _ in range(width)
    ]
    table = [
        [str(first + place), names[place], _pick(rng, ["NSW", "VIC", "QLD", "TAS"]), *[column[place] for column in columns]]
        for place in range(rows)
    ]
    if rng.random() < 0.25:
        header = None
    return Made("series", *_index(rng, header, table, 0.4))


def meta_dose(rng: Rng) -> Made:
    """Cases, person-years and log risk by study and dose."""
    table = []
    for study in range(int(rng.integers(3, 12))):
        for dose in range(int(rng.integers(2, 6))):
            cases = int(rng.poisson(40))
            table.append(
                [
                    f"{_pick(rng, ['trial', 'ref', ''])}{study}",
                    _pick(rng, ["cohort", "register"]),
                    _fmt(dose * 9.1, 2),
                    str(cases),
                    _fmt(cases * rng.uniform(300, 2000), 1),
                    "0" if dose == 0 else _fmt(rng.normal(0, 0.4), 4),
                    "" if dose == 0 else _fmt(rng.uniform(0.05, 0.4), 4),
                ]
            )
    return Made(
        "group",
        *_index(rng, ["paper", "design", "dose", "cases", _pick(rng, ["years_at_risk", "n", "pyears"]), "log_ratio", "se"], table, 0.4),
    )


def variant_qc(rng: Rng) -> Made:
    """Counts and rates by variant: missingness, Hardy-Weinberg, allele counts."""
    rows = int(rng.integers(5, 200))
    header = _pick(
        rng,
        [
            "#CHROM ID MISSING_CT OBS_CT F_MISS",
            "CHR SNP A1 A2 MAF NCHROBS",
            "#CHROM ID REF ALT ALT_FREQS OBS_CT",
            "CHR SNP TEST GENO O(HET) E(HET) P",
        ],
    ).split()
    table = [
        [
            str(int(rng.integers(1, 23)))
            if name in {"#CHROM", "CHR"}
            else f"rs{int(rng.integers(1e4, 1e8))}"
            if name in {"ID", "SNP"}
            else _pick(rng, list("ACGT"))
            if name in {"A1", "A2", "REF", "ALT"}
            else "ALL"
            if name == "TEST"
            else "3/40/200"
            if name == "GENO"
            else str(int(rng.integers(0, 3000)))
            if name.endswith(("CT", "OBS"))
            else _fmt(rng.random(), 5)
            for name in header
        ]
        for _ in range(rows)
    ]
    return Made("variant", header, table)


def fragment(rng: Rng) -> Made:
    """A scrap of a print-out: a few words and numbers in a row or two, a list of settings, a progress line."""
    rows, width = int(rng.integers(1, 9)), int(rng.integers(1, 6))
    style = rng.random()
    vocabulary = [
        *WORDS,
        *TERMS,
        "variable",
        "label",
        "string",
        "byte",
        "storage",
        "display",
        "format",
        "obs",
        "vars",
        "note",
        "running",
        "iteration",
        "done",
        "%9.0g",
        "float",
        "created",
        "replaced",
        "changes",
        "made",
        "total",
        "using",
        "saved",
        "dropped",
    ]
    table = []
    for place in range(rows):
        row = []
        for column in range(width):
            if style < 0.35 or (column == 0 and rng.random() < 0.7):
                row.append(" ".join(rng.choice(vocabulary, int(rng.integers(1, 4))).tolist()))
            elif rng.random() < 0.5:
                row.append(str(int(rng.lognormal(3, 2))))
            else:
                row.append(_fmt(rng.normal(0, 10), int(rng.integers(1, 5))) if rng.random() < 0.7 else "")
        if place and rng.random() < 0.15:
            row = [*row[: max(1, width // 2)], *[""] * (width - max(1, width // 2))]
        table.append(row)
    return Made("", None if rng.random() < 0.6 else [_pick(rng, vocabulary) for _ in range(width)], table)


def gene_list(rng: Rng) -> Made:
    """Genes with a panel, class or place beside them; every gene once."""
    rows = int(rng.integers(4, 200))
    names = list(
        dict.fromkeys(
            f"{''.join(rng.choice(list('ABCDEFGHKLMNPRST'), int(rng.integers(2, 5))))}{int(rng.integers(1, 20))}" for _ in range(rows)
        )
    )
    extra = {
        "panel": ["cardiac", "cancer", "renal"],
        "set": ["candidate", "panel"],
        "inheritance": ["AD", "AR", "XL"],
        "chromosome": [str(number) for number in range(1, 23)],
        "confidence": ["green", "amber", "red"],
        "class": ["1", "2", "3"],
    }
    keep = rng.choice(list(extra), int(rng.integers(0, 4)), replace=False).tolist()
    header: list[str] | None = [_pick(rng, ["gene", "Gene", "symbol", "gene_symbol", "hgnc_symbol"]), *keep]
    return Made("gene", *_index(rng, header, [[name, *[_pick(rng, extra[one]) for one in keep]] for name in names], 0.15))


def item_list(rng: Rng) -> Made:
    """Drugs, primers, reagents, codes and their classes; every item once."""
    rows = int(rng.integers(4, 150))
    style = rng.random()
    if style < 0.4:
        names = list(
            dict.fromkeys(
                f"{_pick(rng, ['ami', 'beta', 'clo', 'dexa', 'eno', 'flu', 'gli', 'ibu', 'lisi', 'meto'])}{_pick(rng, ['pril', 'lol', 'statin', 'mycin', 'zole', 'pine', 'sartan', 'profen'])}{_pick(rng, ['', ' 10mg', ' tablets'])}"
                for _ in range(rows)
            )
        )
        return Made(
            "item",
            *_index(
                rng,
                [_pick(rng, ["drug", "drug_name", "medicine"]), _pick(rng, ["class", "group", "atc"])],
                [[name, _pick(rng, ["A", "B", "C"])] for name in names],
                0.2,
            ),
        )
    if style < 0.7:
        return Made(
            "item",
            *_index(
                rng,
                ["primer", "sequence", "tm"],
                [
                    [f"F{place}_ex{int(rng.integers(1, 20))}", "".join(rng.choice(list("ACGT"), 20)), _fmt(rng.uniform(55, 65), 1)]
                    for place in range(rows)
                ],
                0.2,
            ),
        )
    return Made(
        "item",
        *_index(
            rng,
            [_pick(rng, ["code", "icd10", "read_code", "snomed"]), _pick(rng, ["category", "group", "type", "include"])],
            [[f"{_pick(rng, ICD)}{place}", _pick(rng, ["incident", "prevalent", "1", "0"])] for place in range(rows)],
            0.2,
        ),
    )


def variance_table(rng: Rng) -> Made:
    """Importance, variance explained, confusion, power, percentiles, life tables: figures about a model or a population."""
    style = int(rng.integers(6))
    rows = int(rng.integers(4, 40))
    if style == 0:
        return Made(
            "estimate",
            [_pick(rng, ["feature", "variable"]), _pick(rng, ["importance", "gain", "mean_abs_shap", "vif"])],
            [
                [
                    _pick(rng, ["age", "sex", "bmi", "ldl", "income", "sbp", "smoker", "x"]) + ("" if rows < 9 else f"_{place}"),
                    _fmt(value, 4),
                ]
                for place, value in enumerate(np.sort(rng.random(rows))[::-1].tolist())
            ],
        )
    if style == 1:
        shares = np.sort(rng.dirichlet(np.ones(rows)))[::-1]
        return Made(
            "estimate",
            ["PC", "eigenvalue", "proportion", "cumulative"],
            [
                [f"PC{place + 1}", _fmt(share * 30, 3), _fmt(share, 4), _fmt(total, 4)]
                for place, (share, total) in enumerate(zip(shares.tolist(), np.cumsum(shares).tolist(), strict=True))
            ],
        )
    if style == 2:
        return Made(
            "estimate",
            ["n", "effect", "alpha", "power"],
            [[str(100 * (place + 1)), "0.2", "0.05", _fmt(1 - math.exp(-place / 5), 3)] for place in range(rows)],
        )
    if style == 3:
        return Made(
            "estimate",
            ["age", "sex", "p5", "p25", "p50", "p75", "p95"],
            [
                [str(place // 2), "MF"[place % 2], *[_fmt(value, 1) for value in sorted(rng.normal(50 + place, 8, 5).tolist())]]
                for place in range(rows)
            ],
        )
    if style == 4:
        lx = 100000.0
        table = []
        for place in range(rows):
            qx = 0.002 * 1.09**place
            table.append([str(place * 2), _fmt(lx, 0), _fmt(lx * qx, 0), _fmt(qx, 5), _fmt(80 - 2 * place, 2)])
            lx *= 1 - qx
        return Made("estimate", ["age", "lx", "dx", "qx", "ex"], table)
    at_risk = int(rng.integers(200, 5000))
    table, survival = [], 1.0
    for place in range(rows):
        events = int(rng.integers(10, 30))
        survival *= 1 - events / at_risk
        table.append([str(place * 30), str(at_risk), str(events), _fmt(survival, 4), _fmt(0.01 + place / 1000, 4)])
        at_risk = max(100, at_risk - events - int(rng.integers(0, 20)))
    return Made("estimate", ["time", "n.risk", "n.event", "survival", "std.err"], table)


def per_person_results(rng: Rng) -> Made:
    """What a model says of each person: predictions, scores, components, embeddings, residuals, survival times."""
    rows = int(rng.integers(12, 600))
    ids = [f"{_pick(rng, ['P', 'S', ''])}{value}" for value in (rng.choice(900000, rows, replace=False) + 100000).tolist()]
    style = int(rng.integers(6))
    with_id = rng.random() < 0.6
    if style == 0:
        header, body = (
            ["y_true", "y_pred", "prob"],
            [[str(int(rng.random() < 0.3)), str(int(rng.random() < 0.3)), _fmt(rng.random(), 4)] for _ in range(rows)],
        )
    elif style == 1:
        count = int(rng.integers(2, 11))
        header, body = (
            [f"PC{place + 1}" for place in range(count)],
            [[_fmt(value, 6) for value in row] for row in rng.normal(0, 0.02, (rows, count)).tolist()],
        )
    elif style == 2:
        count = int(rng.integers(8, 64))
        header, body = (
            [f"{_pick(rng, ['dim_', 'e', 'emb'])}{place}" for place in range(count)],
            [[_fmt(value, 5) for value in row] for row in rng.normal(0, 1, (rows, count)).tolist()],
        )
    elif style == 3:
        header, body = (
            [_pick(rng, ["residual", "fitted", "score", "risk"])],
            [[_fmt(value, 5)] for value in rng.normal(0, 1, rows).tolist()],
        )
    elif style == 4:
        header, body = (
            [_pick(rng, ["time", "days", "futime"]), _pick(rng, ["event", "status", "died"])],
            [[str(int(rng.exponential(500)) + 1), str(int(rng.random() < 0.4))] for _ in range(rows)],
        )
    else:
        header, body = (
            [_pick(rng, ["age", "dob", "postcode", "email", "admitted"])],
            [
                [
                    {
                        0: str(int(rng.integers(18, 95))),
                        1: f"{int(rng.integers(1930, 2005))}-0{int(rng.integers(1, 10))}-1{int(rng.integers(0, 9))}",
                    }[int(rng.integers(1))]
                ]
                for _ in range(rows)
            ],
        )
    if with_id:
        header, body = (
            [_pick(rng, ["id", "IID", "eid", "sample", "subject"]), *header],
            [[one, *row] for one, row in zip(ids, body, strict=True)],
        )
    named: list[str] | None = header if rng.random() > 0.2 else None
    return Made("individual", *_index(rng, named, body, 0.2))


def flags(rng: Rng) -> Made:
    """One-hot or yes/no table of people: many columns of two states."""
    rows, width = int(rng.integers(20, 500)), int(rng.integers(3, 30))
    names = rng.choice(
        [
            "diabetes",
            "asthma",
            "copd",
            "ckd",
            "af",
            "stroke",
            "cancer",
            "ra",
            "ibd",
            "epilepsy",
            "dementia",
            "depression",
            "sex_M",
            "sex_F",
            "eth_white",
            "eth_asian",
            "smoker",
            "obese",
            "hyp",
            "hf",
            "mi",
            "pvd",
            "liver",
            "aids",
            "ulcer",
            "para",
            "drug1",
            "drug2",
            "drug3",
            "drug4",
        ],
        width,
        replace=False,
    ).tolist()
    pair = _pick(rng, ["0 1", "no yes", "N Y", "FALSE TRUE", "1 2"]).split()
    shares = rng.uniform(0.05, 0.6, width)
    table = [[pair[int(value)] for value in row] for row in (rng.random((rows, width)) < shares).tolist()]
    header: list[str] | None = names if rng.random() > 0.15 else None
    return Made("individual", *_index(rng, header, table, 0.4))


def population_frequencies(rng: Rng) -> Made:
    """Allele frequencies or counts of variants by population."""
    rows = int(rng.integers(4, 200))
    pops = ["AFR", "AMR", "EAS", "EUR", "SAS"][: int(rng.integers(2, 6))]
    counts = rng.random() < 0.3
    table = [
        [f"rs{int(rng.integers(1e4, 1e8))}", *[str(int(rng.integers(20, 5000))) if counts else _fmt(rng.random(), 4) for _ in pops]]
        for _ in range(rows)
    ]
    return Made(
        "variant",
        *_index(rng, [_pick(rng, ["rsid", "variant", "SNP"]), *[f"{_pick(rng, ['AF_', 'AC_', ''])}{pop}" for pop in pops]], table, 0.15),
    )


def money_by_group(rng: Rng) -> Made:
    """Totals, means and shares by category: magnitude tables."""
    key = _pick(rng, list(CATEGORIES))
    header = [
        key,
        _pick(rng, ["total_cost", "spend", "income_total"]),
        _pick(rng, ["mean_cost", "average"]),
        _pick(rng, ["n", "patients", "share"]),
    ]
    table = [
        [
            level,
            str(int(rng.lognormal(12, 1))),
            _fmt(rng.lognormal(6, 0.5), 2),
            str(int(rng.integers(12, 4000))) if header[3] != "share" else _fmt(rng.random(), 3),
        ]
        for level in CATEGORIES[key]
    ]
    return Made("group", *_index(rng, header, table, 0.2))


def constants(rng: Rng) -> Made:
    """Constants as they stand in code: bands, bins, pairs of a code and a label, colours, grids of parameters."""
    rows = int(rng.integers(2, 12))
    style = int(rng.integers(5))
    edges = np.cumsum(rng.integers(5, 25, rows + 1)).tolist()
    if style == 0:
        table = [[str(edges[place]), str(edges[place + 1] - 1)] for place in range(rows)]
    elif style == 1:
        table = [[f"{edges[place]}-{edges[place + 1] - 1}", str(place + 1)] for place in range(rows)]
    elif style == 2:
        table = [
            [str(place + 1), _pick(rng, ["never", "former", "current", "unknown", "male", "female", "white", "asian"])]
            for place in range(rows)
        ]
    elif style == 3:
        table = [
            [_pick(rng, ["cases", "controls", "treated", "placebo", "female", "male"]), f"#{int(rng.integers(16**6)):06x}"]
            for _ in range(rows)
        ]
    else:
        table = [[_pick(rng, ["mean", "size", "median", "count"]), _pick(rng, ["id", "age", "bmi", "score", "los"])] for _ in range(rows)]
    header = (
        None
        if rng.random() < 0.6
        else [_pick(rng, ["low", "code", "band", "name", "n"]), _pick(rng, ["high", "label", "colour", "mean_bmi", "value"])]
    )
    return Made("", header, table)


def one_value(rng: Rng) -> Made:
    """Shares or scores of named things: browsers, products, questions."""
    rows = int(rng.integers(4, 60))
    names = [f"{_pick(rng, ['Brand', 'Alpha', 'Method', 'Variant', 'Drug', 'Index', 'Sector'])} {place / 2:.1f}" for place in range(rows)]
    return Made(
        "estimate",
        [_pick(rng, ["name", "category", "product", "indicator"]), _pick(rng, ["share", "percentage", "score", "rate"])],
        [[name, _fmt(rng.uniform(0, 40), 2)] for name in names],
    )


def headless_gwas(rng: Rng) -> Made:
    """Association results without a header."""
    made = gwas(rng)
    return Made("variant", None, made.rows)


def event_log(rng: Rng) -> Made:
    """Readings or events of one person or device: a time and a value."""
    rows = int(rng.integers(50, 800))
    minutes = np.cumsum(rng.integers(1, 30, rows))
    start = np.datetime64("2021-03-01T08:00")
    table = [
        [str(start + int(minute)).replace("T", " ") + ":00", _fmt(value, 1)]
        for minute, value in zip(minutes.tolist(), rng.normal(6, 1.5, rows).tolist(), strict=True)
    ]
    header = [_pick(rng, ["datetime", "timestamp", "time"]), _pick(rng, ["glucose", "heart_rate", "steps", "value"])]
    return Made("individual", *_index(rng, header, table, 0.4))


def coded_people(rng: Rng) -> Made:
    """People with nothing but small codes and neutral headers, or with a few repeated categories."""
    rows, width = int(rng.integers(10, 500)), int(rng.integers(1, 6))
    header: list[str] | None = [
        f"{_pick(rng, NEUTRAL)}{place + 1}"
        if rng.random() < 0.5
        else _pick(rng, ["dead", "centre", "unwell", "contact", "finding", "n_kids", "grp"])
        for place in range(width)
    ]
    columns = [
        [_pick(rng, options) for _ in range(rows)]
        for options in ([["0", "1"], ["1", "2", "3"], ["yes", "no"], ["A", "B", "AB", "O"]][int(rng.integers(4))] for _ in range(width))
    ]
    if rng.random() < 0.5:
        header, columns = [_pick(rng, ["id", "site_no", "no", "case"]), *header], [[str(place + 1) for place in range(rows)], *columns]
    return Made("individual", *_index(rng, header, [list(row) for row in zip(*columns, strict=True)], 0.5))


def named_people(rng: Rng) -> Made:
    """Named people with a result, a date or a place beside them."""
    rows = int(rng.integers(5, 120))
    columns = [
        [f"{_pick(rng, FORENAMES)} {_pick(rng, SURNAMES)}" for _ in range(rows)],
        [_pick(rng, ["GBR", "USA", "JAM", "KEN"]) if rng.random() < 0.5 else _pick(rng, COUNTRIES) for _ in range(rows)],
        [_fmt(value, 2) for value in rng.normal(10, 1, rows)],
        [str(int(value)) for value in rng.integers(1950, 2020, rows)],
    ]
    header = [
        _pick(rng, ["Name", "athlete", "player", "patient"]),
        "Country",
        _pick(rng, ["Time", "score", "Profession"]),
        _pick(rng, ["Year", "born", "Age"]),
    ]
    keep = sorted({0, *rng.choice(4, int(rng.integers(2, 5)), replace=False).tolist()})
    return Made(
        "individual", *_index(rng, [header[place] for place in keep], [[columns[place][row] for place in keep] for row in range(rows)], 0.3)
    )


def model_trials(rng: Rng) -> Made:
    """Hyper-parameter trials, folds, training histories, benchmarks."""
    rows = int(rng.integers(4, 150))
    style = rng.random()
    if style < 0.4:
        header = _pick(
            rng,
            [
                "trial max_depth n_estimators learning_rate auc",
                "fold accuracy precision recall f1",
                "model alpha mse r2",
                "seed train_loss val_loss",
            ],
        ).split()
        table = [
            [
                str(place + 1)
                if name in {"trial", "fold", "seed"}
                else _pick(rng, ["rf", "lasso", "xgb", "svm"])
                if name == "model"
                else str(int(rng.integers(2, 500)))
                if name in {"max_depth", "n_estimators"}
                else _fmt(rng.random(), 4)
                for name in header
            ]
            for place in range(rows)
        ]
    else:
        header = _pick(
            rng,
            [
                "epoch loss val_loss accuracy val_accuracy",
                "step train_loss lr",
                "iteration deviance step_size",
                "method n_genes runtime memory_mb",
                "iter logpost accept",
            ],
        ).split()
        table = [
            [
                str(place)
                if name in {"epoch", "step", "iteration", "iter"}
                else _pick(rng, ["a", "b", "c"]) + str(place)
                if name == "method"
                else str(int(rng.integers(100, 20000)))
                if name == "n_genes"
                else _fmt(float(np.exp(-place / rows) + rng.normal(0, 0.02)), 5)
                for name in header
            ]
            for place in range(rows)
        ]
    return Made("trial", *_index(rng, header, table, 0.1))


def admin_extract(rng: Rng) -> Made:
    """Hospital episodes as an administrative system writes them: wide, mostly empty, numbered fields of codes, dates as text or as digits."""
    rows = int(rng.integers(2, 120))
    compact = rng.random() < 0.4

    def date() -> str:
        text = str(np.datetime64("2012-01-01") + int(rng.integers(0, 3000)))
        return text.replace("-", "") if compact else text

    def hexadecimal(length: int) -> str:
        return "".join(_pick(rng, list("0123456789ABCDEF")) for _ in range(length))

    fields: list[tuple[str, Callable[[], str]]] = [
        (_pick(rng, ["episode_key", "rec_no", "spell_id"]), lambda: hexadecimal(12)),
        (_pick(rng, ["pseudo_id", "study_no", "token"]), lambda: hexadecimal(32)),
        ("adm_date", date),
        ("dis_date", date),
        ("adm_method", lambda: _pick(rng, ["11", "12", "21", "22", "28"])),
        ("start_age", lambda: str(int(rng.integers(0, 95)))),
        ("sex_code", lambda: _pick(rng, ["1", "2", "9"])),
        ("ethnic_code", lambda: _pick(rng, ["A", "B", "C", "H", "Z"])),
        ("birth_month", date),
        ("area_code", lambda: f"E0{rng.integers(1000000, 1900000)}"),
        ("practice", lambda: f"{_pick(rng, ['A', 'B', 'C'])}{rng.integers(80000, 90000)}"),
        ("los", lambda: str(int(rng.poisson(3)))),
    ]
    fields += [
        (f"{_pick(rng, ['dx', 'diag', 'code'])}_{place:02d}", lambda: _pick(rng, ICD)) for place in range(1, int(rng.integers(3, 20)))
    ]
    fields += [(f"op_date_{place}", date) for place in range(1, int(rng.integers(2, 12)))]
    filled = [1.0 if place < 7 else float(rng.choice([0.02, 0.2, 0.9])) for place in range(len(fields))]
    return Made(
        "individual",
        [name.upper() for name, _ in fields] if rng.random() < 0.5 else [name for name, _ in fields],
        [[value() if rng.random() < share else "" for (_, value), share in zip(fields, filled, strict=True)] for _ in range(rows)],
    )


def long_people(rng: Rng) -> Made:
    """One measurement, code or event of a person a row: who, what, how much, now and then when."""
    people_in, things = int(rng.integers(4, 120)), int(rng.integers(1, 8))
    codes = _pick(rng, ["bmi sbp dbp hba1c chol crea weight height", "q1 q2 q3 q4 q5 q6 q7 q8", "T1 T2 T3 T4 T5 T6 T7 T8"]).split()
    first = int(rng.integers(1, 10**6))
    dated, complete = rng.random() < 0.3, rng.random() < 0.5
    table = []
    for person in range(people_in):
        for thing in codes[:things]:
            if complete or rng.random() < 0.8:
                when = [str(np.datetime64("2015-01-01") + int(rng.integers(0, 3000)))] if dated else []
                table.append([str(first + 7 * person), thing, *when, _fmt(rng.normal(60, 20), int(rng.integers(0, 2)))])
    header: list[str] | None = [
        _pick(rng, ["eid", "id", "patient_id", "person", "subject", "pseudo_id", "x"]),
        _pick(rng, ["variable", "measure", "item", "code", "test", "key"]),
        *(["date"] if dated else []),
        _pick(rng, ["value", "result", "reading", "val"]),
    ]
    return Made(
        "individual", None if rng.random() < 0.15 else header, table or [[str(first), codes[0], *(["2015-01-01"] if dated else []), "60"]]
    )


def few_people(rng: Rng) -> Made:
    """The first two to six rows of people, as an example or a look at the head of a file shows them."""
    made = (people, answers, measurements, named_people, firms)[int(rng.integers(5))](rng)
    return Made("individual", made.header, made.rows[: int(rng.integers(2, 7))])


MAKERS: tuple[tuple[Callable[[Rng], Made], int], ...] = (
    (people, 10),
    (answers, 4),
    (measurements, 4),
    (panel, 5),
    (transposed_people, 3),
    (expression, 3),
    (single_list, 3),
    (firms, 4),
    (crossed, 7),
    (printed, 5),
    (characteristics, 3),
    (trials_meta, 2),
    (grouped_rates, 3),
    (place_period, 6),
    (wide_series, 3),
    (regression, 4),
    (matrix, 3),
    (summary, 3),
    (described, 4),
    (curve, 2),
    (gwas, 6),
    (intervals, 2),
    (genes, 4),
    (code_list, 4),
    (word_list, 2),
    (register, 2),
    (model_trials, 4),
    (settings, 3),
    (dictionary, 3),
    (long_estimates, 2),
    (long_measures, 3),
    (count_by_level, 2),
    (wide_day_counts, 2),
    (one_value, 1),
    (fragment, 6),
    (constants, 4),
    (gene_list, 3),
    (item_list, 3),
    (variance_table, 4),
    (per_person_results, 5),
    (flags, 2),
    (population_frequencies, 2),
    (money_by_group, 2),
    (day_series, 3),
    (districts, 3),
    (meta_dose, 1),
    (variant_qc, 2),
    (headless_gwas, 1),
    (event_log, 2),
    (coded_people, 3),
    (named_people, 2),
    (admin_extract, 3),
    (few_people, 4),
    (long_people, 4),
)


def draw(seed: int, rounds: int) -> list[Made]:
    """`rounds` times as many tables as the numbers in `MAKERS` say, always the same for one seed."""
    rng = np.random.default_rng(seed)
    return [make(rng) for _ in range(rounds) for make, times in MAKERS for _ in range(times)]
