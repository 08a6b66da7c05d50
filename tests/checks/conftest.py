"""Runs a check on the bytes of a file, through the real identification, readers and recognition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sdc_airlock.checks import RequestSubject, Subject, checks
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.pipeline.withdrawn import WithdrawnList, opened, prepare
from sdc_airlock.policy import RULES, Profile, load_profile
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source
from sdc_airlock.stats.withdrawn import Withdrawn

Run = Callable[..., tuple[Finding, ...]]


@pytest.fixture(scope="session")
def default_profile() -> Profile:
    """The default profile."""
    return load_profile("default")


@pytest.fixture(scope="session")
def subject_of() -> Callable[[bytes, str], Subject]:
    """Makes what a check sees from the bytes and the claimed name of a file."""

    def make(data: bytes, filename: str) -> Subject:
        source = Source.of_bytes(data, part_id=filename, name=filename)
        content = read(source, identify(source), file_id=hashlib.sha256(data).hexdigest(), limits=Limits())
        return Subject(claimed_name=filename, size_bytes=len(data), content=content, recognised=recognise(content, Limits()))

    return make


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], Withdrawn]:
    """Makes a list of withdrawn participants of ids in plain text, as the pipeline prepares it."""

    def make(ids: Sequence[str]) -> Withdrawn:
        folder = tmp_path_factory.mktemp("withdrawn")
        (folder / "list.txt").write_text("\n".join(ids), encoding="utf-8")
        found = opened(prepare(WithdrawnList(path=str(folder / "list.txt")), folder))
        assert found is not None
        return found

    return make


@pytest.fixture(scope="session")
def run_check(default_profile: Profile, subject_of: Callable[[bytes, str], Subject], listed: Callable[[Sequence[str]], Withdrawn]) -> Run:
    """Runs one check on the bytes of a file; rules are those of the default profile, but for those given."""

    def run(
        check_id: str, data: bytes, filename: str, rules: Mapping[str, Any] | None = None, withdrawn: Sequence[str] = ()
    ) -> tuple[Finding, ...]:
        check = checks()[check_id]
        params = default_profile.params(check) | {rule: RULES[rule].validate(value) for rule, value in (rules or {}).items()}
        assert check.on_output is not None
        subject = replace(subject_of(data, filename), withdrawn=listed(withdrawn) if withdrawn else None)
        return tuple(check.on_output(subject, params))

    return run


@pytest.fixture(scope="session")
def assessed(
    default_profile: Profile, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Mapping[str, str | bytes]], tuple[Assessment, ...]]:
    """Assesses files, given as path and text (or bytes), as a worker would."""
    params = {check.id: default_profile.params(check) for check in checks().values()}
    bench = Bench(checks=tuple(checks().values()), params=params, limits=Limits())

    def make(files: Mapping[str, str | bytes]) -> tuple[Assessment, ...]:
        folder = tmp_path_factory.mktemp("request")
        found = []
        for number, (path, text) in enumerate(files.items()):
            data = text if isinstance(text, bytes) else text.encode()
            staged = folder / str(number)
            staged.write_bytes(data)
            file = OutputFile(
                path=path,
                claimed_name=path.rpartition("/")[2],
                file_id=hashlib.sha256(data).hexdigest(),
                size_bytes=len(data),
                staged_path=str(staged),
            )
            found.append(assess(file, bench))
        return tuple(found)

    return make


@pytest.fixture(scope="session")
def run_request(default_profile: Profile, assessed: Callable[[Mapping[str, str | bytes]], tuple[Assessment, ...]]) -> Run:
    """Runs the part of a check that looks at a whole request, on files given as path and text, and on earlier ones by folder and path."""

    def run(
        check_id: str,
        files: Mapping[str, str | bytes],
        rules: Mapping[str, Any] | None = None,
        earlier: Mapping[str, str | bytes] | None = None,
        statement: str = "",
    ) -> tuple[Finding, ...]:
        check = checks()[check_id]
        params = default_profile.params(check) | {rule: RULES[rule].validate(value) for rule, value in (rules or {}).items()}
        assert check.on_request is not None
        subject = RequestSubject(assessments=assessed(files), statement=statement, earlier=assessed(earlier or {}))
        return tuple(check.on_request(subject, params))

    return run
