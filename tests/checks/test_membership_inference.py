"""Tests of membership_inference: what the check says of a released file against the attack itself, on simulated cohorts, and what adds up over files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from sdc_airlock.checks import RequestSubject, Subject
from sdc_airlock.checks._cohorts.power import attacks_on
from sdc_airlock.checks._cohorts.request import carried_of, cohorts_of, occupied
from sdc_airlock.checks._cohorts.results import surveys
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.cohort import CarriedCohort
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.pipeline.codec import decode, encode

Run = Callable[..., tuple[Finding, ...]]
Numbers = npt.NDArray[np.float64]

_ID = "membership_inference"
# a holder who holds results by which more members than not are found
_STRICT = {"membership_power": [0.05, 0.5, 0.9]}


def table(header: str, rows: Sequence[Sequence[object]]) -> str:
    """A table as programs write it."""
    return "\n".join(["\t".join(header.split()), *("\t".join(map(str, row)) for row in rows)]) + "\n"


def places(count: int, rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """Variants that lie on different stretches of the genome, in order."""
    stretches = sorted(rng.choice(22 * 800, count, replace=False).tolist())
    names = (10 ** rng.uniform(3, 8.5, count)).astype(int).tolist()
    return [
        (1 + each // 800, (each % 800) * 50_000 + 1_000_000 + int(rng.integers(0, 50_000)), f"rs{name}")
        for each, name in zip(stretches, names, strict=True)
    ]


def drawn(rng: np.random.Generator, population: Numbers, people: int) -> Numbers:
    """Genotypes of so many people in Hardy-Weinberg proportions."""
    shape, limits = (people, len(population)), population.astype(np.float32)
    first: Numbers = (rng.random(shape, np.float32) < limits).astype(np.float64)
    return first + (rng.random(shape, np.float32) < limits)


def frequencies(members: Numbers, seed: int = 0, decimals: int = 6) -> str:
    """The frequency file of a cohort, shape (people, variants)."""
    rng = np.random.default_rng(seed)
    published = members.mean(axis=0) / 2
    rows = [
        (c, pos, r, "A", "G", f"{f:.{decimals}f}", 2 * len(members))
        for f, (c, pos, r) in zip(published, places(members.shape[1], rng), strict=True)
    ]
    return table("CHROM POS ID REF ALT AF AN", rows)


def results(count: int, people: int, seed: int = 0, cases: int | None = None) -> str:
    """Estimates of variants that explain nothing, without frequencies."""
    rng = np.random.default_rng(seed)
    rows = []
    for c, pos, r in places(count, rng):
        error = float(f"{1 / math.sqrt(2 * people * 0.2):.6g}")
        z = float(rng.normal())
        sizes = (people,) if cases is None else (cases, people - cases)
        rows.append((c, pos, r, "A", "G", f"{z * error:.6g}", error, f"{math.erfc(abs(z) / math.sqrt(2)):.4g}", *sizes))
    return table(
        f"chromosome base_pair_location rsid effect_allele other_allele beta standard_error p_value {'n' if cases is None else 'n_cases n_controls'}",
        rows,
    )


@pytest.mark.parametrize(("people", "variants"), [(30, 90), (100, 300), (300, 900), (1000, 800), (5000, 900)])
def test_number_told_against_the_attack(people: int, variants: int, run_check: Run) -> None:
    """The share of members that the check says is found is what the attack finds in the released file, within seven in a hundred."""
    found, told = [], []
    for seed in range(max(1, 200 // people)):
        rng = np.random.default_rng(people + seed)
        population = rng.uniform(0.05, 0.5, variants)
        members, others = drawn(rng, population, people), drawn(rng, population, 1000)
        text = frequencies(members, seed=seed)
        published = np.array([float(line.split("\t")[5]) for line in text.splitlines()[1:]])
        weights = (published - population) / (population * (1 - population))
        own, away = (members[:1000] - 2 * population) @ weights, (others - 2 * population) @ weights
        found.append(float(np.mean(own > np.quantile(away, 0.99))))
        findings = run_check(_ID, text.encode(), "cohort.tsv", {"membership_power": [0.0, 0.5, 0.9], "membership_reference": 0})
        told.append(_share(next(each for each in findings if each.rule == "frequencies")))
    assert np.mean(found) == pytest.approx(np.mean(told), abs=0.07)


def _share(finding: Finding) -> float:
    """The share of members that a message says is found."""
    if "nearly 100 %" in finding.message.split(" of the ")[0]:
        return 1.0
    match = re.search(r"finds ([\d.]+) %", finding.message)
    assert match is not None
    return float(match[1]) / 100


def test_genome_of_a_biobank_passes(run_check: Run) -> None:
    """Estimates across the genome from 300,000 people are let through, and the same from 100 are grave."""
    findings = {people: run_check(_ID, results(1500, people).encode(), "trait.tsv", _STRICT) for people in (300_000, 100)}
    assert findings[300_000] == ()
    assert [(each.rule, each.severity) for each in findings[100]] == [("effects", Severity.HIGH)]
    assert "finds 93" in findings[100][0].message
    assert "about 46 would keep it to 5 %" in findings[100][0].message


def test_linked_variants_are_counted_once(run_check: Run) -> None:
    """A thousand variants of one gene are as good as one."""
    rows = [(7, 117_480_025 + 150 * i, f"rs{1000 + 37 * i}", "A", "G", f"{0.1 + 0.3 * (i % 97) / 97:.6f}", 200) for i in range(1000)]
    assert run_check(_ID, table("CHROM POS ID REF ALT AF AN", rows).encode(), "cftr.tsv") == ()


@pytest.mark.parametrize("decimals", [1, 2])
def test_rounding_protects(decimals: int, run_check: Run) -> None:
    """Frequencies of hundreds of people, rounded to a tenth, tell few of them; to a hundredth, they still do."""
    rng = np.random.default_rng(8)
    members = rng.binomial(2, rng.uniform(0.1, 0.5, 1200), (200, 1200)).astype(np.float64)
    held = [
        each for each in run_check(_ID, frequencies(members, decimals=decimals).encode(), "af.tsv", _STRICT) if each.severity > Severity.LOW
    ]
    assert bool(held) is (decimals == 2)


def test_cases_are_told_more_easily(run_check: Run) -> None:
    """The same number of people gives its cases away where they are few."""
    assert run_check(_ID, results(300, 3000).encode(), "trait.tsv") == ()
    (finding,) = run_check(_ID, results(300, 3000, cases=40).encode(), "disease.tsv")
    assert finding.rule == "effects"
    assert "of the cases" in finding.message


def p_values(text: str) -> str:
    """The same results with nothing but p-values beside the variants."""
    rows = [line.split("\t") for line in text.splitlines()]
    kept = [place for place, name in enumerate(rows[0]) if name not in ("beta", "standard_error")]
    return "\n".join("\t".join(row[place] for place in kept) for row in rows)


def test_p_values_of_a_few_dozen_people(run_check: Run) -> None:
    """P-values alone tell members where a genome of them comes from a few dozen people, and nobody where it comes from hundreds."""
    found = {people: run_check(_ID, p_values(results(12_000, people)).encode(), "p.tsv") for people in (30, 400)}
    assert [(each.rule, each.severity) for each in found[30]] == [("p_values", Severity.MEDIUM)]
    assert "without the sign of the effect" in found[30][0].message
    assert found[400] == ()


def test_p_values_of_nobody_knows_how_many(run_check: Run) -> None:
    """Where nothing says how many people stand behind p-values, it is noted how few would be too few."""
    (finding,) = run_check(_ID, p_values(nameless(results(12_000, 300))).encode(), "p.tsv")
    assert (finding.rule, finding.severity) == ("unknown_size", Severity.LOW)
    assert "fewer than about 32 " in finding.message


def test_holder_who_lets_all_go_is_told_no_number(run_check: Run) -> None:
    """Where a profile holds nothing, no number of people is too small."""
    assert run_check(_ID, nameless(results(1500, 300)).encode(), "trait.tsv", {"membership_power": [0.05, 1, 1]}) == ()


def test_top_hits_pass(run_check: Run) -> None:
    """The significant variants of a study are too few to tell anybody."""
    assert run_check(_ID, results(60, 20_000).encode(), "hits.tsv") == ()


def test_nobody_says_how_many(run_check: Run) -> None:
    """Where nothing says how many people there are, that is noted, with the number that would be too few."""
    text = nameless(results(1500, 300))
    (finding,) = run_check(_ID, text.encode(), "trait.tsv")
    assert (finding.rule, finding.severity) == ("unknown_size", Severity.LOW)


def test_name_says_how_many(run_check: Run) -> None:
    """The number of people may stand in the name of the file."""
    text = nameless(results(1500, 300))
    assert [each.rule for each in run_check(_ID, text.encode(), "trait_n150.tsv")] == ["effects"]


def test_list_of_the_variants_of_few(run_check: Run) -> None:
    """The variants seen in a few dozen people answer as a beacon does."""
    rng = np.random.default_rng(9)
    header = (
        "##fileformat=VCFv4.2\n##samples=30\n##comment=variants seen in 30 individuals\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    )
    rows = "".join(f"{c}\t{pos}\t{r}\tA\tG\t.\tPASS\t.\n" for c, pos, r in places(800, rng))
    assert [(each.rule, each.severity) for each in run_check(_ID, (header + rows).encode(), "seen.vcf")] == [
        ("variant_list", Severity.HIGH)
    ]
    many = header.replace("=30\n", "=90000\n").replace("30 individuals", "90,000 individuals")
    assert run_check(_ID, (many + rows).encode(), "seen.vcf") == ()


@pytest.mark.parametrize(
    ("people", "variants", "expected"),
    [
        (100, 12, [("many_traits", Severity.HIGH)]),
        (100, 1, [("many_traits", Severity.HIGH)]),
        (300, 12, [("many_traits", Severity.MEDIUM)]),
        (300, 1, []),
        (5000, 12, []),
    ],
)
def test_many_traits(people: int, variants: int, expected: list[tuple[str, Severity]], run_check: Run) -> None:
    """Traits are held against the people behind them: a third as many give people away by a dozen variants, and not by one."""
    rows = []
    for i in range(90):
        z = 0.1 * i
        rows.append(
            (f"metabolite {i}", f"rs{1000 * 3 ** (i % variants)}", f"{z / 10:.3f}", 0.1, f"{math.erfc(z / math.sqrt(2)):.4g}", people)
        )
    found = run_check(_ID, table("phenotype snp beta se p n", rows).encode(), "phewas.tsv")
    assert [(each.rule, each.severity) for each in found if each.severity > Severity.LOW] == expected


def test_releases_add_up(run_request: Run) -> None:
    """Four traits of the same people are more than each of them; the same file again is nothing more."""
    now, before = results(90, 40, seed=0), {f"spring/trait{i}.tsv": results(90, 40, seed=i) for i in range(1, 4)}
    (finding,) = run_request(_ID, {"trait0.tsv": now}, _STRICT, earlier=before)
    assert finding.rule == "together"
    assert "earlier releases among them" in finding.message
    assert "in all of them would keep it to 5 %" in finding.message
    assert run_request(_ID, {"trait0.tsv": now}, _STRICT, earlier={"spring/trait0.tsv": now}) == ()


def test_chromosomes_add_up(run_request: Run) -> None:
    """Files of some chromosomes each are one set of frequencies."""
    rng = np.random.default_rng(10)
    members = drawn(rng, rng.uniform(0.1, 0.5, 500), 90)
    lines = frequencies(members).splitlines()
    parts = [[lines[0], *(line for line in lines[1:] if int(line.split("\t")[0]) % 4 == part)] for part in range(4)]
    files = {f"part{number}.tsv": "\n".join(part) for number, part in enumerate(parts)}
    assert [each.rule for each in run_request(_ID, files, _STRICT)] == ["together"]


def test_large_cohort_may_publish_several_traits(run_request: Run) -> None:
    """Three traits of a biobank go, whatever was released before."""
    files = {f"trait{i}.tsv": results(60, 400_000, seed=i) for i in range(3)}
    assert run_request(_ID, files, earlier={"trait9.tsv": results(60, 400_000, seed=9)}) == ()


def nameless(text: str) -> str:
    """The same results without the number of people."""
    return "\n".join("\t".join(line.split("\t")[:-1]) for line in text.splitlines())


def test_statement_says_how_many(run_request: Run) -> None:
    """The statement of the request gives the number of people where no file does."""
    findings = run_request(
        _ID, {"trait.tsv": nameless(results(400, 300))}, statement="file: trait.tsv\nkind: GWAS summary statistics\nn: 40\n"
    )
    assert [each.rule for each in findings] == ["effects"]


def test_profile_that_only_notes(run_check: Run) -> None:
    """A holder that lets results of any study go gets a note."""
    findings = run_check(_ID, results(300, 3000, cases=40).encode(), "disease.tsv", {"membership_power": [0.05, 1, 1]})
    assert [each.severity for each in findings] == [Severity.LOW]


def test_what_is_carried_survives_the_wire(subject_of: Callable[[bytes, str], Subject]) -> None:
    """What a worker says of a table comes out of the message as it went in, with the places of its variants."""
    subject = subject_of(results(300, 3000, cases=40).encode(), "disease.tsv")
    (survey,) = surveys(subject)
    carried = carried_of(survey)
    again = decode(encode(carried, CarriedCohort), CarriedCohort)
    assert again == carried
    assert int(occupied(again).sum()) == again.independent == 300


@pytest.mark.parametrize("stretches", ["zz", "00", "78da", "ff" * 40])
def test_broken_places_are_none(stretches: str) -> None:
    """Flags that cannot be read are no flags, and break nothing."""
    assert not occupied(CarriedCohort(part_id="a", stretches=stretches)).any()


def test_metadata_of_another_file_is_not_taken(assessed: Callable[..., tuple[Assessment, ...]]) -> None:
    """Numbers of people in metadata go to the results of the same name, not to others of the folder."""
    without = nameless(results(40, 300))
    meta = "file_type: GWAS-SSF v0.1\nsamples:\n - sample_size: {}\n"
    files = {
        "a/height.tsv": without,
        "a/height.tsv-meta.yaml": meta.format(5000),
        "a/weight.tsv": without,
        "a/weight.tsv-meta.yaml": meta.format(70),
    }
    sizes = {each.address: each.sizes.people for each in cohorts_of(RequestSubject(assessments=assessed(files)))}
    assert sizes == {"a/height.tsv": 5000, "a/weight.tsv": 70}


def test_attacks_of_a_group_without_number(assessed: Callable[..., tuple[Assessment, ...]]) -> None:
    """Where nobody says how many people there are, no attack is worked out."""
    (cohort,) = cohorts_of(RequestSubject(assessments=assessed({"a.tsv": nameless(results(40, 300))})))
    assert list(attacks_on(cohort, 0, 0.01, 0.05)) == []


def test_statement_about_another_file(run_request: Run) -> None:
    """The number of people that the statement gives for one file is not taken for another."""
    statement = "file: other.tsv\nkind: table\nn: 40\n\nfile: trait.tsv\nkind: GWAS summary statistics\n"
    assert run_request(_ID, {"trait.tsv": nameless(results(400, 300)), "other.tsv": "a,b\n1,2\n"}, statement=statement) == ()
