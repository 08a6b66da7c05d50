"""What the words of a figure say of its marks: that each is one person, that a body is measured, or that the course of one person is drawn.

Where the words say so, few marks are enough: a plot of ten patients shows ten patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.readers import Item

Point = tuple[float, float]

FEWEST = 10  # marks of a plot whose words name a measure of a body
_FEWEST_NAMED = 5
_FEWEST_DRAWN = 5  # marks, lines or bars along an axis that counts people off
_TRACE = 150  # points of a line that is a record of signals
_WORDS_OF_AXES = 3
_PERSON = "patients?|subjects?|participants?|individuals?|probands?|donors?|volunteers?|carriers?|persons?"
# the label of an axis along which people are counted off; numbers of people are told with a word more
_COUNTED_OFF = re.compile(
    r"^\s*(?:(?:patient|subject|participant|individual|proband|donor|volunteer|carrier|person|case)(?:\s*(?:id|no\.?|number|index|#))?|(?:individual|single|each)\s+(?:patients?|subjects?|participants?|people))\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_CONTROLS = re.compile(r"\bcontrols?\b|\bnon-?cases?\b", re.IGNORECASE)
_ALONG_CELLS = re.compile(rf"^\s*(?:{_PERSON}|samples?|cases?|tumou?rs?)\s*$", re.IGNORECASE | re.MULTILINE)
_ONE = re.compile(
    r"\b(?:patient|participant|proband|donor|volunteer|subject|(?:individual|person)\s+no\.?)\s*(?:no\.?|id|#|number|:)?\s*[A-Z]{0,3}[-_]?\d{1,8}\b",
    re.IGNORECASE,
)
_IDS = re.compile(
    r"(?<![\w.,-])(?:P|PT|Pt|Pat|Patient|Sub|Subj|Subject|ID|Case|Donor|Proband|S|Sample|Participant|sub-)[-_ ]?0{0,6}(\d{1,6})(?![\w.%-])"
)
_BODY = re.compile(
    r"\b(?:ages?|bmi|weight|height|waist|sbp|dbp|blood pressure|systolic|diastolic|hba1c|glucose|cholesterol|ldl|hdl|triglycerides?|e?gfr|creatinine|cd4|viral load|"
    r"tit(?:re|er)s?|antibod(?:y|ies)|onset|biomarker|haemoglobin|hemoglobin|ferritin|crp|psa|troponin|tumou?r (?:size|volume|burden|response)|lesions?|longitude|latitude|"
    r"bland.?altman|months on (?:study|treatment)|time on (?:study|treatment)|carriers?|patients?|survivors?)\b",
    re.IGNORECASE,
)
_OF_GROUPS = re.compile(
    r"\b(?:means?|average[ds]?|medians?|per cent|percent(?:age)?|proportion|rates?|per 1|prevalence|incidence|n\s*=|number of|counts?|grand average|95\s?%|ci|"
    r"predicted|expected|hospitals?|practices?|regions?|countr(?:y|ies)|wards?|centres?|centers?|sites?|trusts?|stud(?:y|ies)|trials?|groups?|years? of|importance|shap|"
    r"coefficients?|odds|hazard|risk ratio|simulat\w*|bootstrap\w*|posterior|funnel|effect)\b|%",
    re.IGNORECASE,
)
_SIGNALS = re.compile(
    r"\b(?:ECG|EKG|EEG|EMG|PPG|spirogram|polysomnogra\w+|actigra\w+|lead\s+(?:I{1,3}|aV[RLF]|V[1-6])|Fp[12]|electrodes?|CGM|Holter)\b|\b[m\u00b5\u03bcu]V\b"
)
_AVERAGED = re.compile(r"\b(?:grand|average[ds]?|means?|across|n\s*=|groups?|participants)\b", re.IGNORECASE)
_OF_THE_PROGRAM = re.compile(r"image/svg\+xml|https?://|\d{4}-\d\d-\d\dT\d\d:", re.IGNORECASE)
_A_WORD = re.compile(r"[^\W\d_]{3,}")


def told_items(
    part_id: str, words: str, marks: Sequence[Sequence[Point]], lines: Sequence[Sequence[Point]], bars: int, cells: int
) -> Iterator[Item]:
    """A note where the words of a figure say that what it draws is one person each, or one person.

    Args:
        part_id: Address of the figure.
        words: Titles and labels, a line each.
        marks: Places of like marks, by kind.
        lines: Points of lines.
        bars: How many bars there may be.
        cells: How many cells of a heat map there may be.
    """
    drawn = max([len(set(points)) for points in marks], default=0)
    across = [line for line in lines if len(line) > 1]
    if max(drawn, len(across), bars) >= _FEWEST_DRAWN and (_counts_off(words) or _ids(words) >= _FEWEST_NAMED):
        yield _note(part_id, "marks along an axis that counts people off", max(drawn, bars, _FEWEST_DRAWN))
    elif cells and (_ALONG_CELLS.search(words) or _ids(words) >= _FEWEST_NAMED):
        yield _note(part_id, "cells of a heat map with a row or column for each person", cells)
    elif _ONE.search(words) and (drawn or across or bars):
        yield _note(part_id, "a plot of one person", max(drawn, 1))
    elif _SIGNALS.search(words) and not _AVERAGED.search(words) and any(len(line) >= _TRACE for line in lines):
        yield _note(part_id, "a record of signals of one person", sum(len(line) >= _TRACE for line in lines))


def labels_of(words: str) -> str:
    """Words of a figure without the lines that say which program drew it, and when."""
    return "\n".join(line for line in words.splitlines() if not _OF_THE_PROGRAM.search(line))


def of_bodies(words: str) -> bool:
    """True where the words name a measure of a body, or people, and nothing of groups."""
    return bool(_BODY.search(words)) and not of_groups(words)


def of_groups(words: str) -> bool:
    """True where the words name what only groups have: rates, means, counts, hospitals, estimates."""
    return bool(_OF_GROUPS.search(words))


def unnamed(words: str, drawn: int) -> bool:
    """True where a figure has hardly more words than its title and the labels of its axes, too few to name what it draws."""
    named = sum(bool(_A_WORD.search(line)) for line in words.splitlines())
    return 2 * (named - _WORDS_OF_AXES) < drawn


def _counts_off(words: str) -> bool:
    found = {match[0].strip().lower() for match in _COUNTED_OFF.finditer(words)}
    return bool(found - {"case"} or (found and not _CONTROLS.search(words)))


def _ids(words: str) -> int:
    """How many labels of one kind count people off: P1, P2, P3; single ones, as of percentiles, do not."""
    numbers = sorted({int(number) for number in _IDS.findall(words)})
    longest = run = 1 if numbers else 0
    for before, after in pairwise(numbers):
        run = run + 1 if after == before + 1 else 1
        longest = max(longest, run)
    return longest


def _note(part_id: str, detail: str, size: int) -> Oddity:
    return Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=detail, size=size)


__all__ = ["FEWEST", "labels_of", "of_bodies", "of_groups", "told_items", "unnamed"]
