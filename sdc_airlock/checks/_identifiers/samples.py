"""Ids of participants and samples by the patterns of a profile: which cells and which words follow which pattern."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_EDGE_BEFORE, _EDGE_AFTER = r"(?:^|[^A-Za-z0-9])", r"(?:$|[^A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready for use.

    Attributes:
        alone: It counts wherever it stands; else only where something says that ids stand there.
        public: It is of names that anybody may know.
    """

    name: str
    pattern: str
    alone: bool
    public: bool

    @property
    def cell(self) -> str:
        """For a whole cell, in the language of RE2."""
        return rf"^[\s\"']*(?:{self.pattern})(?:\.0+)?[\s\"']*$"

    @property
    def anywhere(self) -> str:
        """For a cell that holds it somewhere, in the language of RE2."""
        return f"{_EDGE_BEFORE}(?:{self.pattern}){_EDGE_AFTER}"

    @property
    def trigger(self) -> str:
        """For a stretch of text, which has a line break before and after it."""
        return f"[^A-Za-z0-9](?:{self.pattern})[^A-Za-z0-9]"


def patterns_of(params: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """All patterns of a profile, those of public names last."""
    own = [Pattern(each["name"], each["pattern"], alone=each["alone"], public=False) for each in params["participant_patterns"]]
    return (*own, *(Pattern(each["name"], each["pattern"], alone=True, public=True) for each in params["public_samples"]))


@functools.lru_cache(maxsize=8)
def smallest(patterns: tuple[Pattern, ...]) -> float:
    """A number below every id of digits alone that follows one of the patterns, even one that begins with 0."""
    probes = ["1234567890" * 4, "9876543210" * 4, *(digit + "0" * 39 for digit in "123456789"), *(digit * 40 for digit in "0123456789")]
    found = [
        length for each in patterns for length in range(1, 40) if any(word(each.pattern).fullmatch(probe[:length]) for probe in probes)
    ]
    return 10.0 ** (min(found, default=7) - 2)


@functools.lru_cache(maxsize=256)
def word(pattern: str) -> re.Pattern[str]:
    """A word of text that follows a pattern."""
    return re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])")


@functools.lru_cache(maxsize=64)
def labelled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """An id of one of the patterns beside a word for a person."""
    ids = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(
        rf"(?i:\b(?:eid|participant|patient|subject|proband|volunteer|platekey)(?:[ _-]?(?:id|no|num|number|identifier))?s?)\b[\"']?\W{{0,4}}(?:is |was |= ?|: ?)?[\"']?(?<![A-Za-z0-9.])(?P<id>{ids})(?![A-Za-z0-9]|\.\d)"
    )


@functools.lru_cache(maxsize=64)
def listed(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """The begin of a list, in brackets, of ids of one of the patterns, named after people or after leaving them out."""
    ids = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(
        rf"(?i:\b[\w.]{{0,30}}(?:eid|participant|patient|subject|proband|volunteer|person|people|individual|sample|iid|withdr\w{{0,6}}|exclu\w{{0,6}}|remove|keep|drop|case|control)\w{{0,20}})\W{{1,12}}(?:c|list|set|isin|in)?\W{{0,3}}[\[({{]\s{{0,8}}"
        rf"(?:[\"']?(?:{ids})[\"']?\s{{0,4}},\s{{0,8}}){{2}}[\"']?(?:{ids})(?![A-Za-z0-9])"
    )


LABEL_TRIGGER = r"(?i:eid|participant|patient|subject|proband|volunteer|platekey)(?i:[ _-]?(?:id|no|num|number|identifier)s?)?[^A-Za-z0-9]+[A-Za-z0-9 :=]*[0-9]{7}"
LIST_TRIGGER = r"[\[({]\s*[\"']?[0-9A-Fa-f]{7,64}[\"']?\s*,\s*[\"']?[0-9A-Fa-f]{7,64}[\"']?\s*,"
# headers of columns of ids; those that speak of samples and families may also be of cells, mice or isolates
PERSON_HEADER = re.compile(
    r"^(?:n_)?(?:eid|f_eid|feid)(?:_\d+)*$|^(?:pseudo_?|anon_?|study_|new_|old_|orig(?:inal)?_|gel_|ukb_)?(?:participant|patient|proband|person|respondent|volunteer|pt|usubj|subj|subject)_?(?:id|no|num|number|identifier|key|code|pseudo\w*)s?$"
    r"|^(?:participant|patient|proband|eids|platekeys?|plate_?keys?|pids|patids?|usubjid|subjid|nhs_?(?:no|number)|pseudo_?nhs\w*|mrn|hospital_?(?:no|number)|person_?ids?)$"
)
SAMPLE_HEADER = re.compile(
    r"^(?:sample|specimen|donor|individual|family|fam|father|mother|pat|mat|case|household|lp|library|biobank|barcode|germline_sample|tumou?r_sample|s)_?(?:id|no|num|number|name|platekey|barcode)s?(?:_\d)?$|^(?:iid|fid|sample|samples|individuals?|id_?[12]|father|mother|tumou?r_sample_barcode|matched_norm_sample_barcode)$"
)


__all__ = [
    "LABEL_TRIGGER",
    "LIST_TRIGGER",
    "PERSON_HEADER",
    "SAMPLE_HEADER",
    "Pattern",
    "labelled",
    "listed",
    "patterns_of",
    "smallest",
    "word",
]
