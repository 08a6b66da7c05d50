"""Profiles: what they say, where it comes from, and what is refused."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from sdc_airlock.checks import checks
from sdc_airlock.errors import PolicyError
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import RULES, Profile, load_profile, profile_names
from sdc_airlock.policy import profile as profile_module

SHIPPED = (
    "default",
    "all_of_us",
    "finngen",
    "genes_and_health",
    "genomics_england",
    "nhs_england_sde",
    "nihr_bioresource",
    "opensafely",
    "our_future_health",
    "sacro_default",
    "uk_biobank",
)
RULE = '[rules.{name}]\nvalue = {value}\nsource = "our rules"\nverified = true\n'


def test_eleven_profiles() -> None:
    """All profiles come with the package, the default first."""
    assert profile_names() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_holds_and_is_sourced(name: str) -> None:
    """Each profile has a value for each rule, and each verified one its source and date."""
    profile = load_profile(name)
    assert profile.id == name
    assert profile.title
    assert profile.rules.keys() == RULES.keys()
    for rule in profile.rules.values():
        assert rule.value is not None
        assert rule.source
        assert rule.date
        assert rule.verified or rule.inherited


@pytest.mark.parametrize(
    ("name", "suppressed"),
    [
        ("default", (1, 9)),
        ("genomics_england", (1, 4)),
        ("uk_biobank", (1, 4)),
        ("genes_and_health", (1, 5)),
        ("finngen", (1, 4)),
        ("all_of_us", (1, 20)),
        ("opensafely", (1, 7)),
        ("nhs_england_sde", (1, 9)),
        ("sacro_default", (1, 9)),
    ],
)
def test_suppressed_ranges(name: str, suppressed: tuple[int, int]) -> None:
    """The ranges that environments publish, both ends inclusive."""
    rule = load_profile(name).rules["suppressed_counts"]
    assert rule.value == suppressed
    assert rule.verified
    assert not rule.inherited


@pytest.mark.parametrize("name", ["our_future_health", "nihr_bioresource"])
def test_unverified_falls_back(name: str) -> None:
    """What is not known of an environment is the default's, and says so."""
    rule = load_profile(name).rules["suppressed_counts"]
    assert rule.value == load_profile("default").value("suppressed_counts")
    assert rule.inherited
    assert not rule.verified
    assert rule.note


def test_stated_but_unverified_value_does_not_hold() -> None:
    """ACRO's rounding base is shown, and does not become a demand."""
    rule = load_profile("sacro_default").rules["rounding_base"]
    assert (rule.value, rule.stated) == (0, 5)


def test_opensafely_formats() -> None:
    """OpenSAFELY names its formats; a PDF is not one of them, an SVG is."""
    profile = load_profile("opensafely")
    assert "svg" in profile.value("allowed_formats")
    assert "pdf" not in profile.value("allowed_formats")
    assert profile.value("max_rows") == 5000


@pytest.mark.parametrize(
    "label", ["plink_bed", "bgen", "pgen", "bam", "cram", "fastq", "sam", "sqlite", "duckdb", "pickle", "onnx", "elf", "unknown"]
)
@pytest.mark.parametrize("name", SHIPPED)
def test_formats_of_data_are_allowed_nowhere(name: str, label: str) -> None:
    """Genotypes, reads, databases, models and programs are on no list."""
    assert label not in load_profile(name).value("allowed_formats")


def test_default_hash_is_that_of_its_file() -> None:
    """The hash in a decision can be recomputed from the files."""
    folder = resources.files("sdc_airlock.policy").joinpath("profiles")
    default, own = (folder.joinpath(f"{name}.toml").read_bytes() for name in ("default", "finngen"))
    assert load_profile("default").sha256 == hashlib.sha256(default).hexdigest()
    assert load_profile("finngen").sha256 == hashlib.sha256(hashlib.sha256(own).digest() + hashlib.sha256(default).digest()).hexdigest()


def test_params_are_the_rules_a_check_names(profile: Profile) -> None:
    """A check is handed its own rules and no others."""
    size = checks()["anomalous_size"]
    assert profile.params(size).keys() == set(size.rules)


def test_unknown_rule_is_an_error(profile: Profile) -> None:
    """Asking for a rule that does not exist never gives a silent default."""
    with pytest.raises(PolicyError, match="no rule named"):
        profile.value("threshold")


def test_profiles_can_be_handed_to_a_worker(profile: Profile) -> None:
    """A profile is plain data and can be copied whole, as it is when it goes to another process."""
    assert copy.deepcopy(profile) == profile


def test_own_profile(write_profile: Callable[[str], str], finding_of: Callable[..., Finding]) -> None:
    """A profile of one's own sets rules, limits, outcomes by severity and by check."""
    body = (
        RULE.format(name="suppressed_counts", value="[1, 2]")
        + '[limits]\npages = 10\nratio = 50\n[outcomes]\nmedium = "release"\n[outcomes.checks.anomalous_size]\nmedium = "review"\nhigh = "reject"\n'
    )
    profile = load_profile(write_profile(body))
    assert profile.id == "ours"
    assert profile.value("suppressed_counts") == (1, 2)
    assert profile.value("max_rows") == load_profile("default").value("max_rows")
    assert (profile.limits.pages, profile.limits.ratio) == (10, 50)
    assert profile.outcome_of(finding_of(Severity.MEDIUM, "anomalous_format")) is Outcome.RELEASE
    assert profile.outcome_of(finding_of(Severity.MEDIUM)) is Outcome.REVIEW
    assert profile.outcome_of(finding_of(Severity.HIGH)) is Outcome.REJECT
    assert profile.outcome_of(finding_of(Severity.CRITICAL)) is Outcome.REJECT


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("threshold = 5\n", "unknown key 'threshold'"),
        (RULE.format(name="threshold", value="5"), "rules.threshold: there is no such rule"),
        ("[rules]\nsuppressed_counts = 5\n", "rules.suppressed_counts: expected a table"),
        ("rules = 5\n", "rules: expected a table"),
        (RULE.format(name="suppressed_counts", value="5"), "rules.suppressed_counts: value: expected [lowest, highest]"),
        (RULE.format(name="suppressed_counts", value="[9, 1]"), "1 <= lowest <= highest"),
        (RULE.format(name="suppressed_counts", value="[0, 4]"), "1 <= lowest <= highest"),
        (RULE.format(name="suppressed_counts", value="[1, 4.5]"), "expected a whole number"),
        (RULE.format(name="sandbox.required", value='"seccomp"'), "rules.sandbox.required: value: expected a list of protections"),
        (RULE.format(name="sandbox.required", value='["moat"]'), "rules.sandbox.required: value: unknown protection 'moat'"),
        (RULE.format(name="sandbox.required", value='["seccomp", "seccomp"]'), "rules.sandbox.required: value: a protection stands twice"),
        (RULE.format(name="sandbox.other", value="[]"), "rules.sandbox.other: there is no such rule"),
        (RULE.format(name="max_rows", value="true"), "rules.max_rows: value: expected a whole number"),
        (RULE.format(name="max_rows", value="-1"), "expected a whole number of at least 0"),
        (RULE.format(name="individual_review", value="2"), "expected a number from 0 to 1"),
        (RULE.format(name="figures", value='"reject"'), "expected one of release, review"),
        (RULE.format(name="allowed_formats", value='["csv", "excel"]'), "unknown format label 'excel'"),
        (RULE.format(name="allowed_formats", value='["csv", "csv"]'), "stands twice"),
        (RULE.format(name="allowed_formats", value='"csv"'), "expected a list of format labels"),
        (RULE.format(name="expected_rows", value="{ people = 4 }"), "unknown kind of output 'people'"),
        (RULE.format(name="expected_rows", value="4"), "expected a table of kind = number"),
        ("[rules.max_rows]\nvalue = 5\nsource = 'ours'\n", "rules.max_rows: verified: expected true or false"),
        ("[rules.max_rows]\nsource = 'ours'\nverified = true\n", "rules.max_rows: value: a verified rule needs one"),
        ("[rules.max_rows]\nvalue = 5\nverified = true\n", "rules.max_rows: source: expected text"),
        (RULE.format(name="max_rows", value="5") + "unit = 'rows'\n", "rules.max_rows: unknown key 'unit'"),
        ("[limits]\npage = 5\n", "limits: unknown key 'page'"),
        ("[limits]\npages = 5.5\n", "limits.pages: expected a whole number above 0"),
        ("[limits]\nratio = 0\n", "limits.ratio: expected a number above 0"),
        ("[outcomes]\nlow = 'pass'\n", "outcomes.low: expected one of release, review, reject"),
        ("[outcomes]\nsevere = 'review'\n", "outcomes: unknown key 'severe'"),
        ("[outcomes]\nhigh = 'release'\nmedium = 'release'\n", "high and critical findings may not be released"),
        ("[outcomes]\nlow = 'reject'\n", "a graver severity may not lead to a milder outcome"),
        ("[outcomes.checks]\nanomalous_size = 'review'\n", "outcomes.checks.anomalous_size: expected a table"),
        ("[outcomes.checks.small_numbers]\nlow = 'review'\n", "there is no check named 'small_numbers'"),
        ("[outcomes.checks.anomalous_size]\nhigh = 'release'\nmedium = 'release'\n", "outcomes.checks.anomalous_size: high and critical"),
        ("required_checks = ['small_numbers']\n", "there is no check named 'small_numbers'"),
        ("required_checks = []\n", "required_checks names no check"),
        ("required_checks = 'anomalous_size'\n", "required_checks: expected a list"),
        ("required_checks = ['anomalous_size', 'anomalous_size']\n", "required_checks: expected a list"),
        ("about = 'a\\u0007b'\n".replace("'", '"'), "about: expected one line without control characters"),
        ("about = 5\n", "about: expected text"),
        ("[", "not a TOML file in UTF-8"),
    ],
)
def test_wrong_entries_are_refused(write_profile: Callable[[str], str], body: str, place: str) -> None:
    """A profile with an entry that is unknown, of the wrong type or too lax does not load, and the message names the place."""
    with pytest.raises(PolicyError, match=re.escape(place)) as caught:
        load_profile(write_profile(body))
    assert str(caught.value).startswith("ours.toml: ")


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ('title = "Ours"\n', "id: expected text"),
        ('id = "our rules"\ntitle = "Ours"\n', "id: expected letters, digits and underscores"),
        ('id = "default"\ntitle = "Ours"\n', "belongs to a profile that comes with the package"),
        ('id = "ours"\n', "title: expected text"),
    ],
)
def test_profiles_say_who_they_are(write_profile: Callable[..., str], head: str, place: str) -> None:
    """A profile needs an id of its own and a title."""
    with pytest.raises(PolicyError, match=re.escape(place)):
        load_profile(write_profile("", head))


@pytest.mark.parametrize("name", ["defautl", "../default", "missing.toml", "a\u202eb", "a\0.toml"])
def test_profiles_that_are_not_there(name: str) -> None:
    """A name that is not known says which are; control characters in it are shown escaped."""
    with pytest.raises(PolicyError) as caught:
        load_profile(name)
    assert str(caught.value).isprintable()


def test_a_folder_or_a_huge_file_is_no_profile(tmp_path: Path) -> None:
    """What cannot be a profile is refused before it is parsed."""
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(PolicyError, match="cannot be read"):
        load_profile(str(tmp_path / "folder.toml"))
    (tmp_path / "huge.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(PolicyError, match="at most"):
        load_profile(str(tmp_path / "huge.toml"))


def test_latin_1_is_refused(tmp_path: Path) -> None:
    """A profile is UTF-8."""
    (tmp_path / "ours.toml").write_bytes('id = "ours"\ntitle = "Für uns"\n'.encode("latin-1"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load_profile(str(tmp_path / "ours.toml"))


def test_protections_can_be_demanded(write_profile: Callable[[str], str]) -> None:
    """A rule with a dot in its name is written as a table within a table, or with its name in quotes."""
    for name in ("sandbox.required", '"sandbox.required"'):
        profile = load_profile(write_profile(RULE.format(name=name, value='["seccomp", "landlock_files"]')))
        assert profile.value("sandbox.required") == ("seccomp", "landlock_files")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[rules.max_rows]\nvalue = 100_000_000\n", "[rules.max_rows]\n", "rules.max_rows: value: a verified rule needs one"),
        ('high = "review"\n', "", "outcomes must name low, medium, high and critical"),
        ("[rules.figures]", "[rules.max_years]", "rules.max_years: there is no such rule"),
    ],
)
def test_a_broken_default_is_loud(monkeypatch: pytest.MonkeyPatch, old: str, new: str, place: str) -> None:
    """A default that lost an entry in packaging does not load, and neither does any profile that falls back to it."""
    shipped = profile_module._shipped
    text = shipped("default").decode()
    assert old in text
    monkeypatch.setattr(profile_module, "_shipped", lambda name: text.replace(old, new).encode() if name == "default" else shipped(name))
    for name in ("default", "finngen"):
        with pytest.raises(PolicyError, match=re.escape(place)):
            load_profile(name)


def test_a_default_without_a_rule_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule has a value in the default, or nothing loads."""
    text = re.sub(r"\[rules\.max_rows\].*?\n\n", "", profile_module._shipped("default").decode(), flags=re.DOTALL)
    monkeypatch.setattr(profile_module, "_shipped", lambda name: text.encode())
    with pytest.raises(PolicyError, match=re.escape("rules.max_rows is missing")):
        load_profile("default")
