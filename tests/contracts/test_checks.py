"""What every check keeps to: its page, its examples, its rules, its words."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import sdc_airlock.checks
from sdc_airlock.checks import Check, checks
from sdc_airlock.checks._format_facts import JUDGED
from sdc_airlock.checks._page import HEADINGS, page, sections
from sdc_airlock.model import content, decision, filetype, finding, output, recognised
from sdc_airlock.model.content import OddityKind
from sdc_airlock.policy import RULES

FOLDER = Path(__file__).parents[2] / "checks"
EVERY_CHECK = pytest.mark.parametrize("check", [pytest.param(check, id=check.id) for check in checks().values()])


def examples(check: Check) -> dict[str, list[dict[str, Any]]]:
    """The worked examples of a check, by section."""
    return tomllib.loads((FOLDER / f"{check.id}.toml").read_text(encoding="utf-8"))


def test_ids_are_module_names() -> None:
    """Each public module of the package is one check, of the same name."""
    modules = {module.name for module in pkgutil.iter_modules(sdc_airlock.checks.__path__) if not module.name.startswith("_")}
    assert modules == checks().keys()


def test_examples_and_checks_are_one_to_one() -> None:
    """Each check has a file of worked examples, and each such file a check."""
    assert {path.stem for path in FOLDER.glob("*.toml")} == checks().keys()


def test_no_python_beside_the_examples() -> None:
    """The folder of worked examples holds data only."""
    assert [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".toml", ".md"}] == []


@EVERY_CHECK
def test_page_has_all_headings(check: Check) -> None:
    """A page says what, why, an example of each, what it cannot see, and its sources, in that order."""
    found = sections(check)
    assert tuple(found) == HEADINGS
    assert all(found.values())
    assert page(check).startswith(f"# {check.id}\n")


@EVERY_CHECK
def test_enough_examples(check: Check) -> None:
    """Two examples to flag and two to pass at least, each under a name of its own."""
    found = examples(check)
    assert found.keys() <= {"flag", "pass", "blind"}
    assert len(found["flag"]) >= 2
    assert len(found["pass"]) >= 2
    for section in found.values():
        assert len({case["name"] for case in section}) == len(section)


@EVERY_CHECK
def test_rules_exist(check: Check) -> None:
    """A check reads only rules that a profile can set, each once."""
    assert set(check.rules) <= RULES.keys()
    assert len(set(check.rules)) == len(check.rules)


@EVERY_CHECK
def test_checks_reach_for_nothing(check: Check) -> None:
    """A check sees what it is handed: its module names no means to reach files, the clock or the network."""
    module = importlib.import_module(f"sdc_airlock.checks.{check.id}")
    assert not {"os", "pathlib", "socket", "subprocess", "pickle", "tempfile", "time", "Path", "open"} & vars(module).keys()


def test_every_rule_is_read() -> None:
    """A rule that nothing reads would promise what is not done."""
    read_elsewhere = {"individual_doubt", "sandbox.required", "suppression_marker", "withdrawn_list"}
    assert RULES.keys() - {rule for check in checks().values() for rule in check.rules} <= read_elsewhere


def test_every_oddity_is_judged() -> None:
    """What a reader may find odd has a judgement, with words and a remedy."""
    assert JUDGED.keys() == set(OddityKind)
    assert all(judged.message and judged.remedy for judged in JUDGED.values())


@pytest.mark.parametrize("module", [content, decision, filetype, finding, output, recognised], ids=lambda module: module.__name__)
def test_enum_values_are_plain_words(module: Any) -> None:
    """Every word in reports is lower case, with underscores for spaces, and stands once in its list."""
    for enum in vars(module).values():
        if isinstance(enum, type) and issubclass(enum, StrEnum) and enum is not StrEnum:
            assert all(member.value and member.value.replace("_", "").isalnum() and member.value.islower() for member in enum)
            assert len({member.value for member in enum}) == len(enum)
