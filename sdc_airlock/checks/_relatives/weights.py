"""Weights of genetic scores: what they are when they are somebody's genotypes, and what scores made with them tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table, TextPart
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised
from sdc_airlock.recognise.cells import read_cells
from sdc_airlock.stats.relatedness import genotypes_a_score

_CHECK = "relatedness_or_scores"
_NAMES = frozenset({"EFFECT_WEIGHT", "WEIGHT", "BETA", "A1EFFECT", "EFFECT"})
_STATES = frozenset({0.0, 1.0, 2.0})
_FEWEST = 20
# weights: size of the middle one, and standard deviations that the mean lies from nought
_FAR, _ABOUT = 3.0, 3.0
# a bell: fewest numbers, distance of its middle from nought in standard deviations and in standard errors, skewness and kurtosis
_FEWEST_OF_BELL, _SHIFTED, _NOISY, _SKEWED, _FLAT, _TAILS = 100, 0.3, 6.0, 0.3, -0.8, 0.4
# effects of the raising allele lie on one side, less than so many standard deviations from nought; odds ratios lie about one
_ONE_SIDED, _BEYOND, _ABOUT_ONE = 0.02, 2.5, 0.5
_HEADER, _LINES = 20_000, 200
_NUMBER = re.compile(r"#\s*variants_number\s*=\s*(\d{1,9})")


def _weights(part: Recognised) -> tuple[int, ColumnView] | None:
    return next(
        ((place, view) for place, view in enumerate(part.columns) if view.name.strip().upper() in _NAMES and view.numbers is not None), None
    )


def genotypes_as_weights(part: Recognised, table: Table) -> Iterator[Finding]:
    """Weights of 0, 1 and 2 for many variants: a weight of nought weighs nothing, a genotype of nought is most of them."""
    found = _weights(part)
    if found is None or found[1].numbers is None:
        return
    numbers = found[1].numbers[np.isfinite(found[1].numbers)]
    if len(numbers) < _FEWEST or set(np.unique(numbers).tolist()) != _STATES:
        return
    yield Finding(
        check_id=_CHECK,
        rule="weights_are_genotypes",
        severity=Severity.HIGH,
        location=Location(part_id=part.part_id, columns=(found[1].label,), shape=(part.rows or table.sample_rows, len(table.columns))),
        count=len(numbers),
        message=f"the weights of {len(numbers):,} variants are 0, 1 and 2 and nothing else: no score has weights of nought, and one person's genotypes look like that",
        remedy="Hand in the weights of the score as they were estimated, without variants that have none.",
    )


def measurements_as_weights(part: Recognised, table: Table) -> Iterator[Finding]:
    """Weights that all lie far from nought, about one value: estimates of many variants lie about nought, or about one where they are ratios."""
    found = _weights(part)
    if part.kind is not Kind.SCORE_WEIGHTS or found is None or found[1].numbers is None:
        return
    numbers = found[1].numbers[np.isfinite(found[1].numbers)]
    if len(numbers) < _FEWEST or float(numbers.std()) == 0:
        return
    far = abs(float(np.median(numbers))) > _FAR and abs(float(numbers.mean())) >= _ABOUT * float(numbers.std())
    if not far and not _shifted(numbers):
        return
    yield Finding(
        check_id=_CHECK,
        rule="weights_are_measurements",
        severity=Severity.MEDIUM,
        location=Location(part_id=part.part_id, columns=(found[1].label,), shape=(part.rows or table.sample_rows, len(table.columns))),
        count=len(numbers),
        message=f"the weights of {len(numbers):,} variants lie {'all far from nought and about one value' if far else 'as a bell about another value than nought'}, as measurements of people do and estimates of variants do not",
        remedy="Hand in the weights of the score as they were estimated, with their unit in the header; if these are, say so in the request.",
    )


def _shifted(numbers: npt.NDArray[np.float64]) -> bool:
    """True for a bell whose middle is not nought: measurements that were scaled and shifted.

    Effects have longer tails than a bell, as variants differ in frequency and few have large effects; they lie about nought, or, where each is that of
    the allele that raises the trait, all on one side of it, with most of them near it; odds ratios lie about one.
    """
    if len(numbers) < _FEWEST_OF_BELL or (numbers.min() > 0 and abs(float(np.median(numbers)) - 1) < _ABOUT_ONE):
        return False
    scaled = (numbers - numbers.mean()) / numbers.std()
    skew, tails = float(np.mean(scaled**3)), float(np.mean(scaled**4)) - 3
    noise = float(np.sqrt(1 / len(numbers)))
    middle = abs(float(numbers.mean())) / float(numbers.std())
    below = float((numbers < 0).mean())
    if min(below, 1 - below) < _ONE_SIDED and middle < _BEYOND:
        return False
    return middle > max(_SHIFTED, _NOISY * noise) and abs(skew) < _SKEWED + 2 * noise and _FLAT < tails < _TAILS + 4 * noise


def header_belied(part: Recognised, table: Table, parts: Sequence[Recognised]) -> Iterator[Finding]:
    """A scoring file of more or fewer variants than its header says."""
    claims = sorted(set(_claimed(parts))) if part.format == "pgs_catalog" else []
    rows = part.rows or table.sample_rows
    if len(claims) != 1 or claims[0] == rows:
        return
    more = rows > claims[0]
    yield Finding(
        check_id=_CHECK,
        rule="score_header",
        severity=Severity.MEDIUM if more else Severity.LOW,
        location=Location(part_id=part.part_id, shape=(rows, len(table.columns))),
        count=abs(rows - claims[0]),
        message=f"the header of the score counts {abs(rows - claims[0]):,} variants {'fewer' if more else 'more'} than there are rows: {'what the others are is not said' if more else 'it is a part of the score'}",
        remedy="Hand in the score as it was made, with the number of its variants in the header.",
    )


def _claimed(parts: Sequence[Recognised]) -> Iterator[int]:
    """Numbers of variants that the lines of a header say, which may stand before the table or be read as a table of one column."""
    for part in parts:
        lines = part.part.text[:_HEADER].splitlines() if isinstance(part.part, TextPart) else []
        if part.table is not None:
            lines = f"{part.table.title}\n{part.table.notes}"[:_HEADER].splitlines()
            if len(part.table.columns) == 1:
                lines += [str(cell or "") for cell in part.table.columns[0].values.slice(0, _LINES).to_pylist()]
        yield from (int(match[1]) for line in lines if (match := _NUMBER.fullmatch(line.strip())))


def long_weights(part: Recognised, table: Table, most: int, decoded: str) -> Iterator[Finding]:
    """Weights so few and so long that every score made with them has one genotype only.

    Args:
        part: A table of weights.
        table: The same.
        most: Scores of more variants are not looked at.
        decoded: "note" or "review".
    """
    found = _weights(part)
    if part.kind is not Kind.SCORE_WEIGHTS or found is None or found[1].numbers is None:
        return
    place, view = found
    numbers = found[1].numbers[np.isfinite(found[1].numbers)]
    variants = part.rows or len(numbers)
    if not 1 < len(numbers) == variants <= most:
        return
    unit = 10.0 ** -int(read_cells(table.columns[place].values).places.max(initial=0))
    low, high = float(np.minimum(2 * numbers, 0).sum()), float(np.maximum(2 * numbers, 0).sum())
    if genotypes_a_score(variants, low, high, unit) >= 0:
        return
    yield Finding(
        check_id=_CHECK,
        rule="long_weights",
        severity=Severity.MEDIUM if decoded == "review" else Severity.LOW,
        kind=DisclosureKind.SECONDARY,
        location=Location(part_id=part.part_id, columns=(view.label,), shape=(variants, len(table.columns))),
        count=variants,
        message=f"{variants:,} weights of so many digits that an exact score made with them has one genotype only: no score of a person may be published beside them, however it is called",
        remedy="Round the weights to three digits, and publish no scores of people, nor the least and largest of a group.",
        evidence=(Redacted(shape=f"{variants:,} weights"),),
    )


__all__ = ["genotypes_as_weights", "header_belied", "long_weights", "measurements_as_weights"]
