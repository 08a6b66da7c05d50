"""How many people stand behind results, as words say it: the name of a file, its title and comments, its metadata, the statement of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdc_airlock.checks import Subject
from sdc_airlock.model.content import Table, TextPart, TextRole

_LOOKED_AT = 20_000
_NUMBER = r"(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
_CASE, _CONTROL = r"(?:n[_ ]?)?cases?(?:[_ ](?:count|n|number))?", r"(?:n[_ ]?)?(?:controls?|ctrls?)(?:[_ ](?:count|n|number))?"
_EVERYBODY = r"(?:n|n[_ ]?total|total[_ ]n|n[_ ]?samples?|sample[_ ]?size|samples|participants|individuals|people|subjects)"
_AFTER = r"[\"']?\s*[:=(]\s*(?:n\s*[=:]\s*)?[\"']?"
_NOT_MORE = r"(?![\d.,]*\d|\s*%)"
_SAID = {
    "cases": (re.compile(rf"(?<![A-Za-z]){_CASE}{_AFTER}{_NUMBER}{_NOT_MORE}", re.IGNORECASE), re.compile(rf"(?<![\d.,]){_NUMBER} cases\b", re.IGNORECASE)),
    "controls": (re.compile(rf"(?<![A-Za-z]){_CONTROL}{_AFTER}{_NUMBER}{_NOT_MORE}", re.IGNORECASE), re.compile(rf"(?<![\d.,]){_NUMBER} controls\b", re.IGNORECASE)),
    "people": (re.compile(rf"(?<![A-Za-z_]){_EVERYBODY}{_AFTER}{_NUMBER}{_NOT_MORE}", re.IGNORECASE), re.compile(rf"(?<![\d.,]){_NUMBER} (?:participants|individuals|people|subjects|samples|patients|volunteers|women|men|children)\b", re.IGNORECASE)),
}  # fmt: skip
_IN_NAMES = {
    "cases": re.compile(r"(?:^|[^a-z])(?:n[_-]?)?cases?[_=-]?(\d{1,8})(?![\d.]*[a-z]*\d)|(?:^|[^a-z\d])(\d{1,8})[_-]?cases?(?![a-z])", re.IGNORECASE),
    "controls": re.compile(r"(?:^|[^a-z])(?:n[_-]?)?(?:controls?|ctrls?)[_=-]?(\d{1,8})(?!\d)|(?:^|[^a-z\d])(\d{1,8})[_-]?(?:controls?|ctrls?)(?![a-z])", re.IGNORECASE),
    "people": re.compile(r"(?:^|[^a-z])n[_=-]?(\d{2,8})(?!\d)|(?:^|[^a-z\d])(\d{2,8})[_-]?(?:samples|people|participants|individuals)(?![a-z])", re.IGNORECASE),
}  # fmt: skip
_ROLES = frozenset({TextRole.METADATA, TextRole.CONFIG, TextRole.COMMENT, TextRole.PROSE})
_LIST_KEY = re.compile(r"^[^\S\n]*+(?:-[^\S\n]*+)?(sample_size|case_count|control_count)\s*+:\s*+(\d{1,9})[^\S\n]*+$", re.MULTILINE)
_KEYS = {"sample_size": "people", "case_count": "cases", "control_count": "controls"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """People behind results; None where nothing says how many.

    Attributes:
        told: What says so, in words, "" where nothing does.
    """

    people: float | None = None
    cases: float | None = None
    controls: float | None = None
    told: str = ""

    @property
    def known(self) -> bool:
        """True where at least one group is known."""
        return any(number is not None for number in (self.people, self.cases, self.controls))

    def completed(self) -> Sizes:
        """The same with everybody as the sum of cases and controls, or one group as what the others leave."""
        people, cases, controls = self.people, self.cases, self.controls
        if cases is not None and controls is not None:
            people = cases + controls if people is None else people
        elif people is not None and cases is not None and 0 < cases < people:
            controls = people - cases
        return Sizes(people=people, cases=cases, controls=controls, told=self.told)

    def or_else(self, other: Sizes) -> Sizes:
        """The same, with what is not known taken from elsewhere, where anything is missing altogether."""
        return self if self.known else other


def sizes_in_text(text: str, told: str) -> Sizes:
    """Sizes that a text names; lists of samples, as GWAS-SSF metadata have them, are added up."""
    text = text[:_LOOKED_AT]
    listed: dict[str, float] = {}
    for key, number in _LIST_KEY.findall(text):
        listed[_KEYS[key]] = listed.get(_KEYS[key], 0.0) + float(number)
    found = dict(listed)
    for group, patterns in _SAID.items():
        if group not in found and (numbers := [_number(match) for pattern in patterns for match in pattern.findall(text)]):
            found[group] = max(numbers)
    return _made(found, told)


def sizes_in_name(name: str) -> Sizes:
    """Sizes that the name of a file names ("t2d_cases234_controls999.txt", "height_n1200.tsv")."""
    found = {}
    for group, pattern in _IN_NAMES.items():
        if match := pattern.search(name):
            found[group] = float(next(filter(None, match.groups())))
    return _made(found, "the name of the file")


def sizes_around(subject: Subject, table: Table) -> Sizes:
    """Sizes that stand around a table: in its title and notes, in the metadata and comments of the file, in its name."""
    said = sizes_in_text(f"{table.title}\n{table.notes}", "the lines around the table")
    if said.known:
        return said
    texts = [part.text for part in subject.content.parts if isinstance(part, TextPart) and part.role in _ROLES]
    for text in texts[:20]:
        found = sizes_in_text(text, "the metadata and comments of the file")
        if found.known:
            return found
    return sizes_in_name(table.part_id.rpartition("/")[2]).or_else(sizes_in_name(subject.claimed_name))


def _number(match: str) -> float:
    return float(match.replace(",", ""))


def _made(found: dict[str, float], told: str) -> Sizes:
    known = {group: number for group, number in found.items() if number >= 1}
    if not known:
        return Sizes()
    return Sizes(people=known.get("people"), cases=known.get("cases"), controls=known.get("controls"), told=told).completed()


__all__ = ["Sizes", "sizes_around", "sizes_in_name", "sizes_in_text"]
