"""Honest outputs as programs write them are not taken for people, and people in the same dress are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

HELD = 0.35


def likely(text: str, name: str = "a.txt") -> float:
    """How likely any table of a file is one row a person."""
    source = Source.of_bytes(text.encode(), part_id=name, name=name)
    return max((part.individual for part in recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())), default=0)


def flat(names: tuple[str, str], heads: tuple[str, ...], rows: list[tuple[str, str, tuple[object, ...]]]) -> str:
    """A flat table of R: the outer group is named in its first row only."""
    wide = [max(len(name), *(len(row[place]) for row in rows)) for place, name in enumerate(names)]
    lines = [" " * (sum(wide) + 2) + "x " + " ".join(f"{head:>8}" for head in heads)]
    lines.append(f"{names[0]:{wide[0]}} {names[1]:{wide[1]}}".ljust(len(lines[0])))
    last = ""
    for outer, inner, numbers in rows:
        label = "" if outer == last else outer
        lines.append(f"{label:{wide[0]}} {inner:{wide[1]}}   " + " ".join(f"{number:>8}" for number in numbers))
        last = outer
    return "\n".join(lines) + "\n"


def test_flat_tables_of_shares() -> None:
    """A flat table of shares by region and sex is a table of groups."""
    regions = ("London", "North East", "North West", "South East", "South West")
    rows = [(region, sex, (20.1 + at, 31.4, 48.5 - at)) for at, region in enumerate(regions) for sex in "FM"]
    assert likely(flat(("region", "sex"), ("current", "ex", "never"), rows)) < HELD


@pytest.mark.parametrize("names", [("id", "marker"), ("household", "member"), ("ward", "patient"), ("arm", "patient"), ("sex", "age")])
def test_people_in_flat_tables(names: tuple[str, str]) -> None:
    """Flat tables of single people stay what they are, whatever names their rows."""
    random = np.random.default_rng(5)
    inner = {"marker": ("bmi", "sbp", "hba1c"), "member": ("1", "2", "3"), "age": tuple(map(str, range(31, 59, 2)))}.get(names[1])
    outer = {"arm": ("active", "control"), "ward": ("Ward 1", "Ward 2"), "sex": ("F", "M")}.get(
        names[0], tuple(f"P{number}" for number in random.integers(1000, 9999, 12))
    )
    people = inner or tuple(map(str, range(1, 15)))
    rows = [(group, each, tuple(random.normal((27, 135, 44), (5, 17, 9)).round(1))) for group in outer for each in people]
    assert likely(flat(names, ("first", "second", "third"), rows)) > HELD


PEOPLE = {
    "frame": "structure(list(age = c({ages}), sbp = c({readings})), class = 'data.frame', row.names = c(NA, -12L))",
    "named rows": "x <- structure(list(age = c({ages}), sbp = c({readings})), class = 'data.frame', row.names = c({ids}))",
    "matrix": "structure(c({ages}, {readings}), dim = c(12L, 2L), dimnames = list(c({ids}), c('age', 'sbp')))",
    "list": "list(age = c({ages}), sbp = c({readings}), sex = structure(c({codes}), levels = c('F', 'M'), class = 'factor'))",
    "vector": "c({ages})",
    "attribute": "structure(c(1, 2), dim = 2L, src = structure(list(age = c({ages}), sbp = c({readings})), class = 'data.frame'))",
}


@pytest.mark.parametrize("shape", PEOPLE.values(), ids=PEOPLE)
def test_people_written_as_objects_of_r(shape: str) -> None:
    """Single people stay what they are in whatever object of R they are written."""
    random = np.random.default_rng(8)
    ages, readings, codes = random.integers(31, 88, 12), random.integers(98, 171, 12), random.integers(1, 3, 12)
    ids = ", ".join(f"'P{number}'" for number in random.integers(10_000, 99_999, 12))
    told = {"ages": ages, "readings": readings, "codes": codes}
    assert likely(shape.format(ids=ids, **{name: ", ".join(map(str, numbers)) for name, numbers in told.items()}), "a.R") > HELD


def test_tables_written_as_objects_of_r() -> None:
    """Counts by group, estimates and contingency tables are no people because they were written as code."""
    counts = "641, 632, 595, 598, 560, 900, 952, 877, 881, 911, 1474, 1499, 1511, 1526, 1447"
    regions = "'London', 'North East', 'North West', 'South East', 'South West'"
    table = f"structure(c({counts}), dim = c(5L, 3L), dimnames = list(c({regions}), c('current', 'ex', 'never')), class = 'table')"
    frame = f"structure(list(region = c({regions}), n = c(6014, 6105, 6021, 5974, 5886), mean_bmi = c(27.1, 27.4, 27.3, 27, 27.2)), class = 'data.frame')"
    assert max(likely(table, "a.R"), likely(frame, "a.R")) < HELD


def table(header: str, rows: list[tuple[object, ...]]) -> str:
    """A file between commas."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


BANDS = [*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+"]
WEIGHTS = [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000]
WORDINGS = (
    "Feels sad on most days",
    "Sleeps badly at night",
    "Eats less than before",
    "Cannot keep at a task",
    "Worries about small things",
    "Is tired by noon",
)


def dying(scale: float) -> list[tuple[float, float]]:
    """Chances of dying and survivors by age."""
    chances = [min(1.0, scale * 1e-4 * 1.092**age) for age in range(60)]
    alive = [100_000.0]
    for chance in chances:
        alive.append(alive[-1] * (1 - chance))
    return [(round(chance, 6), round(left, 1)) for chance, left in zip(chances, alive, strict=False)]


def test_numbers_worked_out_of_groups() -> None:
    """Calibration by tenths, weights of a standard population, tables of mortality and items of a questionnaire are of nobody."""
    tenths = [(at + 1, 3000 + at, f"{0.09 + at / 40:.15f}", (280 + 71 * at) / (3000 + at)) for at in range(10)]
    assert likely(table("decile,n,predicted,observed", tenths), "a.csv") < HELD
    assert likely(table("ageband,weight", list(zip(BANDS, WEIGHTS, strict=True))), "a.csv") < HELD
    both = [(age, *man, *woman) for age, (man, woman) in enumerate(zip(dying(1), dying(0.8), strict=True))]
    assert likely(table("age x,male qx,male lx,female qx,female lx", both), "a.csv") < HELD
    chosen = [(age, *(round(1e-4 * 1.08**age * (0.5 + at / 10), 5) for at in range(5))) for age in range(20, 80)]
    assert likely(table("age,duration 0,duration 1,duration 2,duration 3,duration 4", chosen), "a.csv") < HELD
    items = [(f"q{at}", text, ("Mood", "Body")[at > 2], ("Core", "Rest")[at > 2], (1, -1)[at % 2]) for at, text in enumerate(WORDINGS)]
    assert likely(table("code,ItemLabel,Giant2,Big2,Keying", items), "a.csv") < HELD
    assert likely(table("file,rows,what", [("table1.csv", 8, "means"), ("table2.csv", 12, "odds ratios")]), "a.csv") < HELD


def test_people_as_if_worked_out() -> None:
    """People under the same headers are held: their shares make no whole numbers, their weights no round sum, their ages no smooth curve."""
    random = np.random.default_rng(4)
    people = range(20)
    drawn = random.random((20, 4)).round(15)
    assert likely(table("decile,n,predicted,observed", [(at, 1, drawn[at, 0], int(drawn[at, 1] > 0.5)) for at in people]), "a.csv") > HELD
    heavy = list(zip(BANDS, random.integers(45, 110, len(BANDS)), strict=True))
    assert likely(table("ageband,weight", heavy), "a.csv") > HELD
    alive = [(at, drawn[at, 0].round(3), 100 - at, drawn[at, 1].round(3), 100 - 2 * at) for at in people]
    assert likely(table("person,male qx,male lx,female qx,female lx", alive), "a.csv") > HELD
    levels = [(30 + at, *drawn[at].round(4)) for at in people]
    assert likely(table("age,duration 0,duration 1,duration 2,duration 3", levels), "a.csv") > HELD
    told = [(f"P{at}", text, ("North", "South")[at > 2], "FM"[at % 2]) for at, text in enumerate(WORDINGS)]
    assert likely(table("participant,question,scale,sex", told), "a.csv") > HELD
    scans = [
        (f"scan_{at}.nii", number, mean.round(1))
        for at, (number, mean) in enumerate(zip(random.integers(30, 80, 20), random.normal(27, 4, 20), strict=True))
    ]
    assert likely(table("file,age,bmi", scans), "a.csv") > HELD


def test_settings_of_a_drawing() -> None:
    """Sizes of the places that a drawing is shown in, and ticks told twice, are of nobody; people with heights and repeated ages are."""
    assert (
        likely(table("key,width,height,padding,fill", [("viewer", "100%", 400, 0, True), ("browser", "100%", 400, 0, True)]), "a.csv")
        < HELD
    )
    assert likely(table("tickvals,ticktext", [(at, at) for at in range(2010, 2026, 2)]), "a.csv") < HELD
    random = np.random.default_rng(6)
    sizes = zip(random.integers(60, 110, 20), random.integers(150, 195, 20), random.integers(1, 9, 20), strict=True)
    assert likely(table("width,height,padding", list(sizes)), "a.csv") > HELD
    assert likely(table("age,age2", [(age, age) for age in random.integers(30, 90, 20)]), "a.csv") > HELD


AIR = [f"{day:02d}" for day in range(1, 29)]


def test_air_and_weather() -> None:
    """What stations measure of the air is of nobody; what is measured of people who are called sites is theirs."""
    random = np.random.default_rng(7)
    read = random.gamma(8, 2.5, (2, len(AIR), 2)).round(1)
    stations = [
        (f"2023-02-{day}", site, *read[at, on]) for at, site in enumerate(("Leeds Centre", "Cardiff")) for on, day in enumerate(AIR)
    ]
    assert likely(table("date,station,pm10,no2", stations), "a.csv") < HELD
    assert likely(table("date,participant,pm10,no2", stations), "a.csv") > HELD
    assert likely(table("date,station,pm10,bmi", stations), "a.csv") > HELD
    numbered = [(day, f"P{100 + 7 * len(site)}", *rest) for day, site, *rest in stations]
    assert likely(table("date,station,pm10,no2", numbered), "a.csv") > HELD
    assert likely(table("date,station,temp,pressure", stations), "a.csv") > HELD
    assert likely(table("date,station,pm10,no2", [("2023-02-01", *row[1:]) for row in stations]), "a.csv") > HELD
    names = [first + last for first in ("An", "Ber", "Car", "Dor") for last in ("na", "ta", "la", "is", "man", "th")]
    once = [("2023-02-01", name, *random.gamma(8, 2.5, 2).round(1)) for name in names]
    assert likely(table("date,station,pm10,no2", [(day, name, *row) for day, name, *row in once]), "a.csv") > HELD


def test_directions_of_components() -> None:
    """Loadings of attributes on components are no people, nor are people whose attributes stand in rows any loadings."""
    turned = np.linalg.qr(np.random.default_rng(8).normal(size=(7, 7)))[0].round(4)
    attributes = ("age", "bmi", "sbp", "height", "weight", "egfr", "hba1c")
    heads = ",".join(["", *(f"PC{at}" for at in range(1, 8))])
    assert likely(table(heads, [(name, *row) for name, row in zip(attributes, turned, strict=True)]), "a.csv") < HELD
    people = np.random.default_rng(9).normal((60, 27, 134, 170, 80, 84, 41), 5, (7, 7)).round(1).T
    assert likely(table(heads, [(name, *row) for name, row in zip(attributes, people, strict=True)]), "a.csv") > HELD
    assert likely(table(heads, [(f"P{1000 + 37 * at}", *row) for at, row in enumerate(turned * 3)]), "a.csv") > HELD


def test_types_of_columns_beside_ages() -> None:
    """A word that could be a type of data makes no list of columns of people."""
    people = [(name, 40 + at, "text") for at, name in enumerate(("anna", "ben", "carla", "dan", "eve", "fred", "gus", "hal"))]
    assert likely(table("name,age,contact", people), "a.csv") > HELD
    fields = [
        ("age", "demographics", "text", "Age at enrolment"),
        ("sex", "demographics", "radio", "Sex"),
        ("smoke", "lifestyle", "radio", "Smoking"),
    ]
    assert likely(table("Variable / Field Name,Form Name,Field Type,Field Label", fields), "a.csv") < HELD


def test_what_was_drawn_up() -> None:
    """Areas with outlines, chances between states, references of a schema and the steps of a program that learns are of nobody."""
    states = [("stable", 0.912, 0.061, 0.027), ("progressed", 0, 0.842, 0.158), ("dead", 0, 0, 1)]
    assert likely(table("from,to_stable,to_progressed,to_dead", states), "a.csv") < HELD
    steps = "".join(
        f"[{5 * at}]\ttrain-logloss:{0.69 * 0.95**at + 0.3:.5f}\teval-logloss:{0.69 * 0.95**at + 0.32:.5f}\n" for at in range(30)
    )
    assert likely(steps, "a.log") < HELD
    items = '{"components": {"schemas": {"Jobs": {"items": {"anyOf": [{"$ref": "#/components/schemas/Job"}, {"type": "null"}]}}}}}'
    assert likely(items, "a.json") < HELD


def test_people_as_if_drawn_up() -> None:
    """Chances of classes by person, people numbered as steps, and people told in references stay people."""
    random = np.random.default_rng(3)
    shares = random.dirichlet((1, 1, 1), 20).round(3)
    ages, readings, ids = random.integers(30, 90, 30), random.integers(100, 170, 30), random.integers(10_000, 99_999, 30)
    assert likely(table("person,class_1,class_2,class_3", [(f"P{at}", *row) for at, row in zip(ids, shares, strict=False)]), "a.csv") > HELD
    people = list(zip(ids, ages, readings, strict=True))
    assert likely("".join(f"[{at}]\tage:{age}\tsbp:{sbp}\n" for at, (_, age, sbp) in enumerate(people)), "a.log") > HELD
    assert likely("".join(f"[{name}]\ttrain-logloss:{age}\teval-logloss:{sbp}\n" for name, age, sbp in people), "a.log") > HELD
    told = ", ".join(f'{{"$ref": "#/components/people/Anna{at}/age_{age}/sbp_{sbp}", "type": "HIV"}}' for at, age, sbp in people)
    assert likely(f"[{told}]", "a.json") > HELD
    homes = ", ".join(
        f'{{"type": "Feature", "properties": {{"sex": "F", "sbp": {sbp}, "age": {age}}}, "geometry": {{"type": "Polygon", "coordinates": [[[0, 1], [1, 1], [1, 2], [0, 1]]]}}}}'
        for _, age, sbp in people
    )
    assert likely(f'{{"type": "FeatureCollection", "features": [{homes}]}}', "a.geojson") > HELD


def test_a_table_of_empty_columns_is_no_list_of_files() -> None:
    """Columns without a filled cell are judged too."""
    rows = pa.table({"a": pa.array([None, None], pa.string()), "b": pa.array([None, None], pa.float64())})
    stream = pa.BufferOutputStream()
    pq.write_table(rows, stream)
    source = Source.of_bytes(stream.getvalue().to_pybytes(), part_id="a.parquet", name="a.parquet")
    assert recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())
