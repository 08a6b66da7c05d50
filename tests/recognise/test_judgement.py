"""What whole outputs are taken for, through identification and the readers: small made-up files of every kind, as researchers write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from sdc_airlock.model.recognised import Kind, Recognised, Role, Unit

Rows = list[list[object]]
Recognise = Callable[..., tuple[Recognised, ...]]

_rng = np.random.default_rng(20)


def _csv(header: Sequence[str] | None, rows: Sequence[Sequence[object]], sign: str = ",") -> str:
    lines = ([sign.join(header)] if header else []) + [sign.join(str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def _pick(levels: str) -> str:
    words = levels.split()
    return words[int(_rng.integers(len(words)))]


def _age() -> int:
    return int(np.clip(_rng.normal(58, 14), 18, 99))


def _real(mean: float, spread: float, digits: int = 1) -> str:
    return f"{_rng.normal(mean, spread):.{digits}f}"


def _count(mean: float) -> int:
    return int(_rng.poisson(mean)) + 10


def _people(rows: int) -> Rows:
    return [
        [f"P{10_000 + int(place * 37)}", _age(), _pick("M F"), _real(27, 4), _pick("never former current"), _pick("0 1")]
        for place in range(rows)
    ]


_PERSON = ["participant_id", "age", "sex", "bmi", "smoking", "diabetes"]
_AREAS = "North South East West Centre Coast".split()
_BANDS = "18-29 30-39 40-49 50-59 60-69 70+".split()
_COUNTRIES = "France Germany Spain Italy Portugal Greece Norway Sweden Finland Denmark Poland Austria".split()


def _individual() -> Iterator[tuple[str, str, str]]:
    """Files whose rows (or columns) are people: name, text, remark."""
    yield "wide.csv", _csv(_PERSON, _people(60)), "an id and attributes"
    yield "few_people.csv", _csv(_PERSON, _people(6)), "six people"
    yield "no_id.csv", _csv(_PERSON[1:], [row[1:] for row in _people(60)]), "no id"
    yield "no_header.csv", _csv(None, _people(60)), "no header"
    yield "no_id_no_header.csv", _csv(None, [row[1:] for row in _people(60)]), "neither id nor header"
    yield "neutral_names.csv", _csv(["v1", "v2", "v3", "v4", "v5", "v6"], _people(60)), "neutral names"
    yield "semicolons.csv", _csv(_PERSON, [[str(cell).replace(".", ",") for cell in row] for row in _people(60)], ";"), "decimal commas"
    yield "tabs.tsv", _csv(_PERSON, _people(60), "\t"), "tabs"
    yield "pipes.txt", _csv(_PERSON, _people(60), "|"), "bars"
    yield "rownames.csv", _csv(["", *_PERSON[1:]], [[place + 1, *row[1:]] for place, row in enumerate(_people(60))]), "numbered rows"
    turned = list(zip(*_people(30), strict=True))
    yield "transposed.csv", _csv(None, [[name, *cells] for name, cells in zip(_PERSON, turned, strict=True)]), "people in columns"
    yield (
        "codes.csv",
        _csv([f"q{n}" for n in range(1, 13)], [[int(_rng.integers(1, 6)) for _ in range(12)] for _ in range(80)]),
        "answers 1 to 5",
    )
    yield "two_columns.csv", _csv(["id", "score"], [[f"S{n * 13 + 1000}", _real(0, 1, 4)] for n in range(60)]), "an id and a score"
    yield "ids.csv", _csv(["participant_id"], [[f"HG{n * 17 + 10000}"] for n in range(50)]), "nothing but ids"
    yield "link.csv", _csv(["old_id", "new_id"], [[n * 17 + 1000001, n * 31 + 5000003] for n in range(50)]), "one id for another"
    yield (
        "measurements.csv",
        _csv(
            ["x1", "x2", "x3", "x4", "class"], [[_real(5, 1), _real(3, 0.5), _real(4, 1.7), _real(1, 0.7), _pick("a b")] for _ in range(90)]
        ),
        "measurements with a class",
    )
    yield (
        "visits.csv",
        _csv(
            ["id", "visit", "date", "sbp", "weight"],
            [
                [f"S{p}", v, f"20{18 + v}-0{1 + p % 9}-1{p % 9}", int(_rng.normal(130, 15)), _real(75, 10)]
                for p in range(20)
                for v in range(1, 4)
            ],
        ),
        "several visits a person",
    )
    yield (
        "long.csv",
        _csv(
            ["eid", "variable", "value"],
            [[100000 + 7 * p, name, _real(mean, 3)] for p in range(30) for name, mean in (("bmi", 27), ("sbp", 130), ("hba1c", 40))],
        ),
        "one measurement a row",
    )
    yield (
        "named.csv",
        _csv(
            ["name", "dob", "ward"],
            [
                [f"{_pick('Ada Ben Cara Dan Eve')} {_pick('Abbot Baker Carter Dyer')}", f"19{50 + n}-0{1 + n % 9}-1{n % 9}", _pick("A B C")]
                for n in range(30)
            ],
        ),
        "names and birthdays",
    )
    yield (
        "survival.csv",
        _csv(["time", "status", "arm", "age"], [[int(_rng.exponential(400)) + 1, _pick("0 1"), _pick("A B"), _age()] for _ in range(60)]),
        "time to event",
    )
    yield (
        "predictions.csv",
        _csv(["", "y_true", "y_pred", "prob"], [[n, _pick("0 1"), _pick("0 1"), f"{_rng.random():.4f}"] for n in range(80)]),
        "a prediction a person",
    )
    yield "admissions.csv", _csv(["patient_id", "admission_date", "discharge_date", "diagnosis"], [[f"N{n % 25 + 500}", f"2020-0{1 + n % 9}-{10 + n % 18}", f"2020-0{1 + n % 9}-{11 + n % 18}", _pick("I10 E11 J45 C50 F32")] for n in range(60)]), "episodes"  # fmt: skip
    yield (
        "expression.csv",
        _csv(
            ["gene", *(f"sample_{n}" for n in range(1, 21))],
            [[f"ENSG{n * 97:011d}", *(_real(6, 2, 4) for _ in range(20))] for n in range(40)],
        ),
        "samples in columns",
    )
    yield (
        "titled.csv",
        "Extract of the register\n\n" + _csv(_PERSON, _people(40)) + "\nSource: the register\n",
        "a title above, a source below",
    )
    yield from _disguised(np.random.default_rng(8))


def _disguised(rng: np.random.Generator) -> Iterator[tuple[str, str, str]]:
    """People who borrow the look of something else."""
    for rows in (12, 26, 60):
        measured = [[f"{rng.normal(mean, mean / 5):.2f}" for mean in (50, 1.2, 5, 120)] for _ in range(rows)]
        yield f"bare_{rows}.csv", _csv(None, measured), "numbers without a header"
        coded = [[f"S{rng.integers(1000, 9999)}_{place % 3}", int(rng.integers(20, 80))] for place in range(rows)]
        yield f"coded_{rows}.csv", _csv(None, coded), "codes and a number without a header"
    for rows in (25, 60):
        banded = [
            [f"{18 + 3 * place}-{20 + 3 * place}", f"{rng.normal(27, 4):.1f}", int(rng.integers(30, 90)), f"{rng.normal(5, 1):.1f}"]
            for place in range(rows)
        ]
        yield f"bands_{rows}.csv", _csv(["age", "bmi", "hba1c", "ldl"], banded), "a band of ages each"
    means = [[f"AB{place:03d}", f"{rng.normal(130, 12):.1f}", f"{rng.normal(9, 2):.2f}", int(rng.integers(90, 180))] for place in range(80)]
    yield "means.csv", _csv(["unit", "mean_sbp", "sd_sbp", "max_hr"], means), "means of several readings of each"
    rates = [[f"{rng.normal(0.5, 0.15):.3f}", f"{rng.normal(0.5, 0.15):.3f}", f"{rng.normal(0.5, 0.2):.2f}"] for _ in range(60)]
    yield "roc.csv", _csv(["fpr", "tpr", "threshold"], rates), "under the headers of a curve"
    groups = [
        ["BO"[place // 100], "MF"[place // 50 % 2], place % 50 + 1, *(f"{rng.normal(mean, 3):.1f}" for mean in (15, 13, 32))]
        for place in range(200)
    ]
    yield "counted_off.csv", _csv(["sp", "sex", "index", "FL", "RW", "CL"], groups), "numbered within their groups"
    scores = [
        [
            f"Athlete{place:c}".replace("Athlete", "Mc") + "son",
            f"{rng.normal(13, 0.6):.2f}",
            f"{rng.normal(1.8, 0.1):.2f}",
            int(rng.normal(6000, 400)),
        ]
        for place in range(65, 90)
    ]
    yield "heats.csv", _csv(["", "hurdles", "jump", "score"], scores), "named by their surnames"
    ends = [[place + 1, low := int(rng.integers(0, 40)), low + int(rng.integers(2, 15)), place % 2] for place in range(95)]
    yield "censored.csv", _csv(["", "lower", "upper", "treat"], ends), "times known to lie in an interval"
    drift = rng.normal(0, 0.5, (45, 5)) + np.repeat(rng.normal(8, 1.2, (3, 5)), 15, axis=0)
    shards = [[place + 1, *(f"{cell:.2f}" for cell in row)] for place, row in enumerate(drift)]
    yield "shards.csv", _csv(["", "Al2O3", "Fe2O3", "MgO", "CaO", "K2O"], shards), "measurements in the order of their sites"
    burnt = [[f"{rng.normal(2, 0.7):.3f}", int(rng.choice([8, 9, 12, 15, 18])), f"{rng.uniform(0.5, 1.2):.3f}"] for _ in range(88)]
    yield "burnt.csv", _csv(["NOx", "C", "E"], burnt), "letters as headers"
    terms = [
        row
        for place in range(60)
        for row in (
            [f"x{place}", int(rng.integers(18, 90)), f"{rng.normal(27, 4):.1f}"],
            ["", f"({rng.integers(30, 90)})", f"({rng.integers(100, 180)})"],
        )
    ]
    yield "terms.csv", _csv(["", "(1)", "(2)"], terms), "written as estimates over their errors"


def _groups() -> Iterator[tuple[str, str, str]]:
    """Tables of groups: name, text, kind."""
    yield "by_region.csv", _csv(["region", "n", "percent"], [[area, _count(100), _real(20, 3)] for area in _AREAS]), "frequency_table"
    yield (
        "crosstab.csv",
        _csv(["age_group", "Male", "Female", "Total"], [[band, 100 + n, 120 + n, 220 + 2 * n] for n, band in enumerate(_BANDS)]),
        "frequency_table",
    )
    yield (
        "crosstab_totals.csv",
        _csv(
            ["", "never", "former", "current", "Total"],
            [["Male", 120, 44, 61, 225], ["Female", 140, 38, 52, 230], ["Total", 260, 82, 113, 455]],
        ),
        "frequency_table",
    )
    yield (
        "n_percent.csv",
        _csv(
            ["Characteristic", "Cases (N=250)", "Controls (N=500)"],
            [
                ["Age (years)", "", ""],
                *([band, f"{_count(40)} ({_real(15, 3)}%)", f"{_count(80)} ({_real(15, 3)}%)"] for band in _BANDS),
                ["Sex", "", ""],
                ["Male", "120 (48.0%)", "241 (48.2%)"],
                ["Female", "130 (52.0%)", "259 (51.8%)"],
            ],
        ),
        "frequency_table",
    )
    yield (
        "long_counts.csv",
        _csv(
            ["sex", "age_group", "region", "count"],
            [[sex, band, area, _count(60)] for sex in ("M", "F") for band in _BANDS for area in _AREAS],
        ),
        "frequency_table",
    )
    yield (
        "hidden_counts.csv",
        _csv(["practice", "registered", "cases"], [[f"Area {n}", _count(4000), "<10" if n % 3 == 0 else _count(30)] for n in range(12)]),
        "frequency_table",
    )
    yield (
        "person_years.csv",
        _csv(
            ["exposure", "events", "person_years", "rate_per_1000", "lower", "upper"],
            [[name, _count(80), _real(9000, 500), "9.1", "7.9", "10.4"] for name in ("none", "low", "medium", "high")],
        ),
        "frequency_table",
    )
    yield (
        "arms.csv",
        _csv(
            ["study", "events_treatment", "n_treatment", "events_control", "n_control"],
            [
                [f"{name} {1990 + n}", _count(20), _count(200), _count(25), _count(200)]
                for n, name in enumerate("Abbot Baker Carter Dyer Eaton Fisher Gower Hatter".split())
            ],
        ),
        "frequency_table",
    )
    yield (
        "decimal_comma.csv",
        _csv(["region", "n", "anteil"], [[area, _count(100), _real(20, 3).replace(".", ",")] for area in _AREAS], ";"),
        "frequency_table",
    )
    yield (
        "means.csv",
        _csv(
            ["group", "n", "mean", "sd", "median"],
            [[name, _count(100), _real(27, 1, 2), _real(4, 0.2, 2), _real(26, 1, 2)] for name in ("A", "B", "C", "D")],
        ),
        "summary_statistics",
    )
    yield (
        "describe.csv",
        _csv(
            ["", "age", "bmi", "sbp"],
            [
                ["count", "500.0", "498.0", "490.0"],
                ["mean", "56.2", "27.1", "131.8"],
                ["std", "12.9", "4.4", "17.2"],
                ["min", "18.0", "15.2", "90.0"],
                ["25%", "47.0", "24.0", "120.0"],
                ["50%", "56.0", "26.9", "131.0"],
                ["75%", "66.0", "29.9", "143.0"],
                ["max", "99.0", "44.8", "201.0"],
            ],
        ),
        "summary_statistics",
    )


def _estimates() -> Iterator[tuple[str, str, str]]:
    terms = "(Intercept) age sexMale bmi smokingcurrent smokingformer imd2 imd3 imd4 imd5".split()
    yield (
        "regression.csv",
        _csv(
            ["term", "estimate", "std.error", "statistic", "p.value"],
            [[term, _real(0, 1, 4), f"{abs(_rng.normal(0.2, 0.05)):.4f}", _real(0, 2, 3), f"{_rng.random():.4f}"] for term in terms],
        ),
        "regression",
    )
    curve = [[f"{at / 100:.2f}", f"{(at / 100) ** 0.4:.4f}", f"{1 - at / 100:.2f}"] for at in range(101)]
    yield "roc.csv", _csv(["fpr", "tpr", "threshold"], curve), ""
    ends = np.random.default_rng(9).normal(0, 1, (len(terms), 2))
    limits = [[term, f"{low - 1:.4f}", f"{low + abs(width) + 1:.4f}"] for term, (low, width) in zip(terms, ends, strict=True)]
    yield "confint.csv", _csv(["", "2.5 %", "97.5 %"], limits), ""
    yield "limits.csv", _csv(["term", "lower", "upper"], limits), ""
    yield (
        "odds_ratios.csv",
        _csv(
            ["Variable", "OR (95% CI)", "p-value"],
            [
                [term, f"{1 + n / 10:.2f} ({0.8 + n / 10:.2f}-{1.2 + n / 10:.2f})", "<0.001" if n % 2 else f"0.{n + 12}"]
                for n, term in enumerate(terms[1:])
            ],
        ),
        "regression",
    )
    yield (
        "hazard_ratios.csv",
        _csv(
            ["variable", "HR", "lower_ci", "upper_ci", "p"],
            [
                [term, f"{1 + n / 10:.2f}", f"{0.8 + n / 10:.2f}", f"{1.2 + n / 10:.2f}", f"{_rng.random():.3f}"]
                for n, term in enumerate(terms[1:])
            ],
        ),
        "regression",
    )
    names = ["age", "bmi", "sbp", "chol", "hba1c"]
    square = np.corrcoef(_rng.normal(size=(5, 40)))
    yield (
        "correlations.csv",
        _csv(["", *names], [[name, *(f"{value:.3f}" for value in row)] for name, row in zip(names, square.tolist(), strict=True)]),
        "matrix",
    )


def _series() -> Iterator[tuple[str, str, str]]:
    yield (
        "by_country.csv",
        _csv(
            ["country", "population", "gdp", "life_expectancy"],
            [[name, int(_rng.integers(5e6, 8e7)), int(_rng.integers(20000, 60000)), _real(80, 2)] for name in _COUNTRIES],
        ),
        "series",
    )
    yield "by_year.csv", _csv(["year", "deaths", "rate"], [[1990 + n, _count(5000), _real(9, 0.4, 2)] for n in range(30)]), "series"
    yield "by_month.csv", _csv(["month", "admissions"], [[f"20{15 + n // 12}-{1 + n % 12:02d}", _count(900)] for n in range(48)]), "series"
    yield (
        "by_day.csv",
        _csv(
            ["date", "new_cases", "hospital"], [[f"2020-{3 + n // 28:02d}-{1 + n % 28:02d}", _count(400), _count(50)] for n in range(140)]
        ),
        "series",
    )
    yield (
        "wide_years.csv",
        _csv(["country", *(str(year) for year in range(2000, 2012))], [[name, *(_real(75, 4) for _ in range(12))] for name in _COUNTRIES]),
        "series",
    )
    yield (
        "country_year.csv",
        _csv(["country", "year", "value"], [[name, year, _real(75, 4)] for name in _COUNTRIES for year in range(2000, 2010)]),
        "series",
    )


def _genomic() -> Iterator[tuple[str, str, str]]:
    def pair() -> list[str]:
        return [str(base) for base in _rng.permutation(list("ACGT"))[:2]]

    yield (
        "gwas.tsv",
        _csv(
            ["CHR", "BP", "SNP", "A1", "A2", "EAF", "BETA", "SE", "P"],
            [
                [
                    n % 22 + 1,
                    10000 + n * 971,
                    f"rs{n * 131 + 1000}",
                    *pair(),
                    f"{_rng.random():.4f}",
                    _real(0, 0.05, 5),
                    f"{abs(_rng.normal(0.02, 0.004)):.5f}",
                    f"{_rng.random():.3e}",
                ]
                for n in range(120)
            ],
            "\t",
        ),
        "gwas_summary_statistics",
    )
    yield (
        "weights.txt",
        _csv(
            ["rsID", "chr_name", "chr_position", "effect_allele", "other_allele", "effect_weight"],
            [[f"rs{n * 131 + 1000}", n % 22 + 1, 10000 + n * 971, *pair(), _real(0, 0.05, 6)] for n in range(120)],
            "\t",
        ),
        "score_weights",
    )
    yield "intervals.bed", "".join(f"chr{n % 22 + 1}\t{1000 + n * 977}\t{1500 + n * 977}\tregion_{n}\n" for n in range(60)), "variant_sites"
    yield (
        "genes.csv",
        _csv(
            ["gene", "log2FoldChange", "lfcSE", "pvalue", "padj"],
            [
                [f"ENSG{n * 97:011d}", _real(0, 1, 4), f"{abs(_rng.normal(0.3, 0.05)):.4f}", f"{_rng.random():.4g}", f"{_rng.random():.4g}"]
                for n in range(100)
            ],
        ),
        "gene_results",
    )


def _others() -> Iterator[tuple[str, str, str]]:
    """Trials of models, lists, codebooks, settings."""
    yield (
        "trials.csv",
        _csv(
            ["trial", "learning_rate", "max_depth", "n_estimators", "auc"],
            [
                [n, f"{_rng.random() / 10:.4f}", int(_rng.integers(2, 10)), int(_rng.integers(50, 500)), f"{0.7 + _rng.random() / 10:.4f}"]
                for n in range(40)
            ],
        ),
        "",
    )
    yield (
        "folds.csv",
        _csv(
            ["fold", "accuracy", "precision", "recall", "f1"],
            [[n, *(f"{0.7 + _rng.random() / 10:.3f}" for _ in range(4))] for n in range(1, 11)],
        ),
        "",
    )
    yield (
        "history.csv",
        _csv(
            ["epoch", "loss", "val_loss", "accuracy", "val_accuracy"],
            [[n, f"{1 / (n + 1):.4f}", f"{1.1 / (n + 1):.4f}", f"{1 - 0.5 / (n + 1):.4f}", f"{1 - 0.6 / (n + 1):.4f}"] for n in range(30)],
        ),
        "",
    )
    yield (
        "codelist.csv",
        _csv(
            ["code", "term"],
            [
                [f"{letter}{n:02d}", f"{kind} disorder of the {part} unspecified"]
                for letter, kind in (("I", "chronic"), ("E", "acute"))
                for n, part in enumerate("heart kidney lung liver brain skin eye ear".split())
            ],
        ),
        "list",
    )
    yield (
        "codebook.csv",
        _csv(
            ["variable", "label", "type", "units"],
            [
                ["age", "Age at recruitment", "integer", "years"],
                ["sex", "Sex as registered", "categorical", ""],
                ["bmi", "Body mass index", "continuous", "kg/m2"],
                ["sbp", "Systolic blood pressure", "continuous", "mmHg"],
                ["smoke", "Smoking status", "categorical", ""],
                ["chol", "Total cholesterol", "continuous", "mmol/L"],
            ],
        ),
        "list",
    )
    yield "genelist.txt", "\n".join("BRCA1 BRCA2 TP53 PTEN ATM CHEK2 PALB2 CDH1 STK11 MLH1 MSH2 MSH6 PMS2 APC MUTYH".split()) + "\n", ""
    yield (
        "primers.csv",
        _csv(
            ["primer", "sequence", "tm"],
            [
                [f"BRCA1_ex{n}_{way}", "".join(base for base in (_pick("A C G T") for _ in range(20))), _real(60, 1)]
                for n in range(1, 11)
                for way in "FR"
            ],
        ),
        "",
    )
    yield (
        "register.csv",
        _csv(
            ["practice_code", "practice_name", "postcode_district", "region"],
            [
                [f"A81{n:03d}", f"{name} Medical Centre", f"TS{n}", _pick("North South")]
                for n, name in enumerate("Riverside Woodland Hillside Lakeside Parkside Seaside Bridge Church Station Market".split())
            ],
        ),
        "",
    )
    yield (
        "harmonised.csv",
        _csv(
            ["id.exposure", "id.outcome", "alleles", "flipped_alleles", "candidate_variants", "absent_variants", "total_variants"],
            [[f"trait-{one}", f"trait-{two}", "2-2", 0, 80 + one * two, one, 79 + two] for one in (1, 2) for two in (7, 9)],
        ),
        "",
    )
    yield (
        "quarters.csv",
        _csv(
            ["time", "sales", "stock"],
            [[f"{1998 + n / 4:.2f}", f"{400 + 9 * n + _rng.normal(0, 4):.1f}", f"{90 + 2 * n + _rng.normal(0, 1):.1f}"] for n in range(60)],
        ),
        "series",
    )
    yield (
        "settings.csv",
        _csv(
            ["parameter", "value"],
            [
                ["seed", 42],
                ["n_iterations", 1000],
                ["learning_rate", 0.01],
                ["output_folder", "results/run1"],
                ["model", "cox"],
                ["verbose", "true"],
            ],
        ),
        "",
    )


INDIVIDUAL = list(_individual())
ORDINARY = [*_groups(), *_estimates(), *_series(), *_genomic(), *_others()]
# a table of groups whose keys are places is a series too; what counts is that its counts are seen
ALSO = {"frequency_table": {Kind.SERIES}, "series": {Kind.FREQUENCY_TABLE}}
WRONG: dict[str, str] = {}


def _individual_share(found: Sequence[Recognised]) -> float:
    """How surely any part of a file holds single people."""
    return max((1.0 if part.kind in (Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS) else part.individual for part in found), default=0.0)


@pytest.mark.parametrize(("name", "text", "remark"), INDIVIDUAL, ids=[name for name, _, _ in INDIVIDUAL])
def test_records_of_people(recognised: Recognise, name, text, remark):
    """One record a person is told, wide or long, with or without id, header and telling names, and whatever stands between its cells."""
    assert _individual_share(recognised(text, name)) >= 0.5, remark


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        pytest.param(*made, id=made[0], marks=[pytest.mark.xfail(strict=True, reason=WRONG[made[0]])] if made[0] in WRONG else [])
        for made in ORDINARY
    ],
)
def test_ordinary_outputs(recognised: Recognise, name, text, kind):
    """Groups, estimates, series, variants, trials and lists are no people, and are called what they are."""
    found = recognised(text, name)
    assert _individual_share(found) < 0.5
    assert not kind or found[0].kind in {Kind(kind)} | ALSO.get(kind, set())


def test_units_of_record(recognised: Recognise):
    """The unit of record is named: a person, a group, a place, a variant."""
    files = {name: text for name, text, _ in [*INDIVIDUAL, *ORDINARY]}
    units = {
        "wide.csv": Unit.PERSON,
        "crosstab.csv": Unit.GROUP,
        "country_year.csv": Unit.PLACE,
        "by_year.csv": Unit.PERIOD,
        "gwas.tsv": Unit.VARIANT,
    }
    for name, unit in units.items():
        assert recognised(files[name], name)[0].unit is unit


def test_margins_by_name_and_by_sum(recognised: Recognise):
    """Totals are found by their label, and by adding up where no label says so."""
    named = recognised("region,men,women,Total\nNorth,120,44,164\nSouth,140,38,178\nTotal,260,82,342\n")[0]
    assert (named.margin_rows, named.margin_columns) == ((2,), (3,))
    summed = recognised("region,men,women,everyone\nNorth,120,44,164\nSouth,140,38,178\nhere,260,82,342\n")[0]
    assert (summed.margin_rows, summed.margin_columns) == ((2,), (3,))


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("n", "120 131 99 87 143", Role.COUNT),
        ("cases", "12 <5 9 31 14", Role.COUNT),
        ("percent", "12.5 8.1 9.9 4.4 65.1", Role.PERCENTAGE),
        ("share", "12.5% 8.1% 9.9% 4.4% 65.1%", Role.PERCENTAGE),
        ("mean", "12.5 8.1 9.9 4.4 65.1", Role.MEAN),
        ("sd", "2.5 1.1 1.9 2.4 1.1", Role.STANDARD_DEVIATION),
        ("p.value", "0.01 <0.001 0.4 0.9 0.03", Role.P_VALUE),
        ("std.error", "0.1 0.2 0.3 0.2 0.1", Role.STANDARD_ERROR),
        ("year", "2001 2002 2003 2004 2005", Role.PERIOD),
        ("month", "Jan Feb Mar Apr May", Role.PERIOD),
        ("when", "2001-02-03 2001-05-06 2003-01-09 2001-12-30 2004-02-28", Role.DATE),
        ("country", "France Spain Italy Norway Japan", Role.PLACE),
        ("age_group", "18-29 30-39 40-49 50-59 60+", Role.CATEGORY),
        ("rsid", "rs1234 rs2345 rs3456 rs4567 rs5678", Role.MARKER),
        ("when", "2001.00 2001.25 2001.50 2001.75 2002.00 2002.25 2002.50", Role.PERIOD),
        ("time", "1990.083 1990.167 1990.25 1990.333 1990.417 1990.5", Role.PERIOD),
        ("t", "3 4 5 6 7 8 9", Role.PERIOD),
        ("dose", "0.25 0.50 0.75 1.00 1.25 1.50", Role.MEASURE),
        ("Mean", "03aug2020 04aug2020 05sep2020 09sep2020 01jan2021", Role.MEAN),
        ("gene", "ENSG00000000003 ENSG00000000005 ENSG00000000419 ENSG00000000457 ENSG00000000460", Role.GENE),
        ("participant_id", "P1001 P1002 P1003 P1004 P1005", Role.IDENTIFIER),
    ],
)
def test_what_columns_measure(recognised: Recognise, header, cells, role):
    """A column is what its header says where its cells can be that, else what its cells look like."""
    found = recognised(f"key,{header}\n" + "".join(f"k{place},{cell}\n" for place, cell in enumerate(cells.split())))[0]
    assert found.columns[1].role is role


def test_a_header_is_not_believed_against_its_cells(recognised: Recognise):
    """A column called `p` or `n` whose cells cannot be one is not one."""
    found = recognised("group,p,n,mean\nA,15,yes,low\nB,27,no,high\nC,31,yes,low\n")[0]
    assert {found.columns[1].role, found.columns[2].role, found.columns[3].role}.isdisjoint({Role.P_VALUE, Role.COUNT, Role.MEAN})
