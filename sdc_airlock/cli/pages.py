"""What the commands that tell about the tool itself do."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from sdc_airlock.checks import checks
from sdc_airlock.checks._page import page
from sdc_airlock.errors import UsageError
from sdc_airlock.pipeline.status import Status
from sdc_airlock.policy import RULES, Profile, load_profile, profile_names
from sdc_airlock.reports import json_report
from sdc_airlock.reports.safe import shown


def explain(name: str) -> int:
    """Print the page of a check."""
    known = checks()
    of_alias = {alias: check.id for check in known.values() for alias in check.aliases}
    check = known.get(of_alias.get(name, name))
    if check is None:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"; did you mean {near[0]}?" if near else f"; the checks are {', '.join(known)}"
        raise UsageError(f"there is no check named {shown(name)}{meant}")
    sys.stdout.write(page(check, {rule: RULES[rule].meaning for rule in check.rules}))
    return Status.RELEASED


def schema() -> int:
    """Print the JSON Schema of the report."""
    sys.stdout.write(json_report.schema_text())
    return Status.RELEASED


def list_profiles() -> int:
    """Print name and title of each profile that comes with the package."""
    for name in profile_names():
        sys.stdout.write(f"{name:<20} {load_profile(name).title}\n")
    return Status.RELEASED


def show_profile(name: str) -> int:
    """Print what holds under a profile, and where each value comes from."""
    sys.stdout.write(_profile_page(load_profile(name)))
    return Status.RELEASED


def validate_profile(path: Path) -> int:
    """Load a profile of one's own and say whether it can be trusted."""
    profile = load_profile(str(path))
    unverified = sum(not value.verified for value in profile.rules.values())
    note = f"; {unverified} of its values are not verified, so those of default hold" if unverified else ""
    sys.stdout.write(f"{profile.id}: the profile is valid (sha256 {profile.sha256}){note}\n")
    return Status.RELEASED


def _profile_page(profile: Profile) -> str:
    lines = [f"{profile.id}: {profile.title}", f"sha256 {profile.sha256}", "", profile.about, "", "Outcome by severity of a finding:"]
    lines += [f"  {severity.word:<9} {outcome.word}" for severity, outcome in sorted(profile.outcomes.items())]
    for check, outcomes in sorted(profile.check_outcomes.items()):
        lines += [f"  {check}: {', '.join(f'{severity.word} {outcome.word}' for severity, outcome in sorted(outcomes.items()))}"]
    lines += ["", f"Required checks: {', '.join(profile.required_checks)}", "", "Rules:"]
    for name, rule in profile.rules.items():
        lines.append(f"  {name} = {_shown(rule.value)}" + (f" {RULES[name].unit}" if RULES[name].unit else ""))
        lines.append(f"      {_origin(rule.source, rule.date, inherited=rule.inherited, verified=rule.verified)}")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> object:
    """A value; of patterns of ids just their names and forms."""
    if isinstance(value, tuple) and value and all(isinstance(item, dict) for item in value):
        return ", ".join(f"{item['name']} {item['pattern']}" for item in value)
    return value


def _origin(source: str, date: str, *, inherited: bool, verified: bool) -> str:
    known = f"{source}{f' ({date})' if date else ''}"
    if not verified:
        return f"value of default; not verified for this profile{': ' + known if source else ''}"
    return f"value of default: {known}" if inherited else known
