"""Policy profiles: TOML data, checked strictly, each rule with its source.

A rule that the keeper of a profile could not verify keeps its note, and the value of `default` holds in its place.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdc_airlock.checks import names
from sdc_airlock.errors import PolicyError
from sdc_airlock.limits import Limits
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy.rules import RULES, Rule

if TYPE_CHECKING:
    from sdc_airlock.checks import Check

DEFAULT = "default"
_FOLDER = "profiles"
_MAX_BYTES = 1 << 20
_TOP_KEYS = frozenset({"id", "title", "about", "required_checks", "rules", "limits", "outcomes"})
_RULE_KEYS = frozenset({"value", "source", "url", "date", "verified", "note"})
_OUTCOMES = {outcome.word: outcome for outcome in Outcome}
_SEVERITIES = {severity.word: severity for severity in Severity}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValue:
    """One rule as it holds, and where it comes from.

    Attributes:
        value: The value that holds.
        stated: What the profile itself says, verified or not; None where it says nothing.
        inherited: True where `value` is that of `default`.
        source, url, date, note: Of what the profile says; of `default` where it says nothing.
    """

    value: Any
    stated: Any = None
    inherited: bool = False
    verified: bool = True
    source: str = ""
    url: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The rules of one secure data environment, as they hold after falling back to `default`.

    Attributes:
        sha256: Of the bytes of `default.toml` for `default`; for any other profile, of the SHA-256 digests of its own
            bytes and of those of `default.toml`, one after the other.
        outcomes: What each severity leads to; `check_outcomes`: where a check differs.
    """

    id: str
    title: str
    about: str
    sha256: str
    rules: Mapping[str, RuleValue]
    outcomes: Mapping[Severity, Outcome]
    check_outcomes: Mapping[str, Mapping[Severity, Outcome]]
    required_checks: tuple[str, ...]
    limits: Limits

    def value(self, rule: str) -> Any:
        """The value of one rule.

        Raises:
            PolicyError: there is no such rule.
        """
        if rule not in self.rules:
            raise PolicyError(f"no rule named {rule!a}")
        return self.rules[rule].value

    def params(self, check: Check) -> dict[str, Any]:
        """The rules a check reads, by name.

        Raises:
            PolicyError: the check names a rule that does not exist.
        """
        return {rule: self.value(rule) for rule in check.rules}

    def outcome_of(self, finding: Finding) -> Outcome:
        """What a finding leads to."""
        return self.check_outcomes.get(finding.check_id, self.outcomes)[finding.severity]


def profile_names() -> tuple[str, ...]:
    """The profiles that come with the package, `default` first."""
    found = {
        entry.name.removesuffix(".toml")
        for entry in resources.files(__package__).joinpath(_FOLDER).iterdir()
        if entry.name.endswith(".toml")
    }
    return (DEFAULT, *sorted(found - {DEFAULT}))


def load_profile(name_or_path: str) -> Profile:
    """A profile that comes with the package, by name, or one of your own, by path.

    Raises:
        PolicyError: it cannot be read, an entry is wrong, or it requires a check that this package does not have.
    """
    default = _Layer.parse(_shipped(DEFAULT), DEFAULT)
    if name_or_path == DEFAULT:
        return default.profile(default)
    if name_or_path in profile_names():
        return _Layer.parse(_shipped(name_or_path), name_or_path).profile(default)
    layer = _Layer.parse(_own(name_or_path), ascii(Path(name_or_path).name).strip("'\""))
    if layer.id in profile_names():
        raise PolicyError(f"{layer.place}: the id {layer.id} belongs to a profile that comes with the package; choose another")
    return layer.profile(default)


def _shipped(name: str) -> bytes:
    return resources.files(__package__).joinpath(_FOLDER, f"{name}.toml").read_bytes()


def _own(path: str) -> bytes:
    place = ascii(path).strip("'\"")
    if not path.endswith(".toml"):
        raise PolicyError(f"no profile named {place}; choose one of {', '.join(profile_names())}, or give the path of a .toml file")
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PolicyError(f"{place}: the profile cannot be read ({type(error).__name__})") from error
    if len(data) > _MAX_BYTES:
        raise PolicyError(f"{place}: a profile holds at most {_MAX_BYTES} bytes")
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """What one TOML file says, before anything falls back."""

    place: str
    digest: bytes
    id: str
    title: str
    about: str
    rules: Mapping[str, RuleValue]
    outcomes: Mapping[Severity, Outcome]
    check_outcomes: Mapping[str, Mapping[Severity, Outcome]]
    required_checks: tuple[str, ...] | None
    limits: Mapping[str, Any]

    @classmethod
    def parse(cls, data: bytes, place: str) -> _Layer:
        """Check the bytes of a TOML file, entry by entry."""
        try:
            document = tomllib.loads(data.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise PolicyError(f"{place}: not a TOML file in UTF-8 ({type(error).__name__})") from error
        _known(document, _TOP_KEYS, place)
        name = _text(document, "id", place)
        if not name.isascii() or not name.replace("_", "a").isalnum():
            raise PolicyError(f"{place}: id: expected letters, digits and underscores")
        outcomes = dict(_table(document, "outcomes", place))
        own = _table(outcomes, "checks", f"{place}: outcomes")
        outcomes.pop("checks", None)
        at = f"{place}: outcomes"
        return cls(
            place=place,
            digest=hashlib.sha256(data).digest(),
            id=name,
            title=_text(document, "title", place),
            about=_text(document, "about", place, needed=False),
            rules={
                rule: _rule_value(rule, entry, f"{place}: rules.{rule}") for rule, entry in _flat(_table(document, "rules", place)).items()
            },
            outcomes=_outcome_table(outcomes, at),
            check_outcomes={check: _outcome_table(entry, f"{at}.checks.{check}") for check, entry in own.items()},
            required_checks=_required(document, place),
            limits=_limits(_table(document, "limits", place), f"{place}: limits"),
        )

    def profile(self, default: _Layer) -> Profile:
        """This layer over `default`."""
        rules = {name: _fall_back(rule, self.rules.get(name), default.rules.get(name), default is self) for name, rule in RULES.items()}
        missing = [rule for rule, value in rules.items() if value is None]
        if missing:
            raise PolicyError(f"{default.place}: rules.{missing[0]} is missing, or not verified")
        outcomes = {**default.outcomes, **self.outcomes}
        required = default.required_checks if self.required_checks is None else self.required_checks
        named = {**default.check_outcomes, **self.check_outcomes}
        self._refuse_absent([*(required or ()), *named])
        if not required:
            raise PolicyError(f"{self.place}: required_checks names no check; nothing could be released safely")
        if outcomes.keys() != set(Severity):
            raise PolicyError(f"{default.place}: outcomes must name low, medium, high and critical")
        per_check = {check: {**outcomes, **default.check_outcomes.get(check, {}), **self.check_outcomes.get(check, {})} for check in named}
        for at, table in (("outcomes", outcomes), *((f"outcomes.checks.{check}", table) for check, table in per_check.items())):
            _refuse_laxity(table, f"{self.place}: {at}")
        return Profile(
            id=self.id,
            title=self.title,
            about=self.about,
            sha256=self.digest.hex() if default is self else hashlib.sha256(self.digest + default.digest).hexdigest(),
            rules={rule: value for rule, value in rules.items() if value is not None},
            outcomes=outcomes,
            check_outcomes=per_check,
            required_checks=required,
            limits=replace(Limits(), **{**default.limits, **self.limits}),
        )

    def _refuse_absent(self, named: Iterable[str]) -> None:
        absent = [check for check in named if check not in names()]
        if absent:
            raise PolicyError(f"{self.place}: there is no check named {absent[0]!a} in this package")


def _known(table: Mapping[str, object], keys: frozenset[str], place: str) -> None:
    unknown = sorted(table.keys() - keys)
    if unknown:
        raise PolicyError(f"{place}: unknown key {unknown[0]!a}; the keys are {', '.join(sorted(keys))}")


def _table(document: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise PolicyError(f"{place}: {key}: expected a table")
    return value


def _text(document: Mapping[str, Any], key: str, place: str, *, needed: bool = True) -> str:
    value = document.get(key, "")
    if not isinstance(value, str) or (needed and not value):
        raise PolicyError(f"{place}: {key}: expected text")
    if not value.isprintable():
        raise PolicyError(f"{place}: {key}: expected one line without control characters")
    return value


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Rules by their whole name: `[rules.sandbox.required]` is the rule `sandbox.required`."""
    groups = {rule.partition(".")[0] for rule in RULES if "." in rule}
    flat: dict[str, Any] = {}
    for name, entry in table.items():
        grouped = name in groups and isinstance(entry, dict)
        flat |= {f"{name}.{inner}": value for inner, value in entry.items()} if grouped else {name: entry}
    return flat


def _rule_value(rule: str, entry: object, place: str) -> RuleValue:
    """One `[rules.<name>]` table."""
    if rule not in RULES:
        raise PolicyError(f"{place}: there is no such rule; the rules are {', '.join(RULES)}")
    if not isinstance(entry, dict):
        raise PolicyError(f"{place}: expected a table with value, source, date and verified")
    _known(entry, _RULE_KEYS, place)
    verified = entry.get("verified")
    if not isinstance(verified, bool):
        raise PolicyError(f"{place}: verified: expected true or false")
    if verified and "value" not in entry:
        raise PolicyError(f"{place}: value: a verified rule needs one")
    stated = None
    if "value" in entry:
        try:
            stated = RULES[rule].validate(entry["value"])
        except PolicyError as error:
            raise PolicyError(f"{place}: value: {error}") from None
    source = _text(entry, "source", place, needed=verified)
    url, date, note = (_text(entry, key, place, needed=False) for key in ("url", "date", "note"))
    return RuleValue(value=stated, stated=stated, verified=verified, source=source, url=url, date=date, note=note)


def _fall_back(rule: Rule, own: RuleValue | None, default: RuleValue | None, is_default: bool) -> RuleValue | None:  # noqa: FBT001 - private
    """The rule as it holds; None where not even `default` has a verified value."""
    if own is not None and own.verified:
        if rule.added is not None and not is_default and default is not None:
            return replace(own, value=rule.added(own.value, default.value))
        return own
    if is_default or default is None or not default.verified:
        return None
    if own is None:
        return RuleValue(value=default.value, inherited=True, source=default.source, url=default.url, date=default.date, note=default.note)
    return RuleValue(
        value=default.value, stated=own.stated, inherited=True, verified=False, source=own.source, url=own.url, date=own.date, note=own.note
    )


def _outcome_table(entry: object, place: str) -> dict[Severity, Outcome]:
    if not isinstance(entry, dict):
        raise PolicyError(f"{place}: expected a table of severity = outcome")
    _known(entry, frozenset(_SEVERITIES), place)
    for severity, outcome in entry.items():
        if not isinstance(outcome, str) or outcome not in _OUTCOMES:
            raise PolicyError(f"{place}.{severity}: expected one of {', '.join(_OUTCOMES)}")
    return {_SEVERITIES[severity]: _OUTCOMES[outcome] for severity, outcome in entry.items()}


def _refuse_laxity(table: Mapping[Severity, Outcome], place: str) -> None:
    """A graver finding may not lead to a milder outcome, and high findings are never released."""
    ordered = [table[severity] for severity in sorted(Severity)]
    if ordered != sorted(ordered):
        raise PolicyError(f"{place}: a graver severity may not lead to a milder outcome")
    if table[Severity.HIGH] is Outcome.RELEASE:
        raise PolicyError(f"{place}: high and critical findings may not be released")


def _required(document: Mapping[str, Any], place: str) -> tuple[str, ...] | None:
    value = document.get("required_checks")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(check, str) for check in value) or len(set(value)) != len(value):
        raise PolicyError(f"{place}: required_checks: expected a list of check ids, each once")
    return tuple(value)


def _limits(table: Mapping[str, Any], place: str) -> dict[str, Any]:
    caps = {field.name: field.default for field in fields(Limits)}
    _known(table, frozenset(caps), place)
    for name, value in table.items():
        wanted = (int, float) if isinstance(caps[name], float) else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted) or value <= 0:
            raise PolicyError(f"{place}.{name}: expected a {'number' if len(wanted) > 1 else 'whole number'} above 0")
    return dict(table)
