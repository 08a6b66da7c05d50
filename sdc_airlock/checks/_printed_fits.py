"""Degrees of freedom, sizes and coefficients of models and tests, as statsmodels, R, Stata, SAS, SPSS, stargazer, modelsummary and papers print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.model.content import Table

_MARKS = re.compile(r"\$?\^\{?\*+\}?\$?|\$\^\{\s*\}\$")
_SIGNS = re.compile(r'[|&\\"{}$]+')
_THOUSANDS = re.compile(r"(?<![(\d.])\d{1,3}(?:,\d{3})+(?!\d)")
_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_RESIDUAL = (
    re.compile(rf"\b(?:df[_. ]?resid(?:ual)?s?|resid(?:ual)?[_. ]?d(?:o)?f|df[_. ]?error|error[_. ]?df|den(?:ominator)?[_. ]?df)\b\s*+(?:[:=,]\s*+)?{_NUMBER}", re.IGNORECASE),
    re.compile(r"\bresidual\b.{0,60}\bon (\d{1,9}) degrees? of freedom", re.IGNORECASE),
    re.compile(r"f-statistic:? \S{1,20} on \d{1,6} and (\d{1,9}) df\b", re.IGNORECASE),
    re.compile(r"\bno (residual) degrees of freedom\b", re.IGNORECASE),
)  # fmt: skip
_STARGAZER = re.compile(r"\(df ?= ?(?:\d{1,6} ?[;,] ?)?(\d{1,9})\)", re.IGNORECASE)
_TESTS = (
    re.compile(rf"(?<![\w.])F ?[(\[] ?\d{{1,4}}(?:\.\d+)? ?, ?{_NUMBER} ?[)\]] ?[=<>] ?\d"),
    re.compile(rf"(?<![\w.])t ?[(\[] ?{_NUMBER} ?[)\]] ?[=<>] ?[-\u2212]?\.?\d"),
    re.compile(rf"(?<![\w.])t ?= ?[-\u2212]?\d{{1,6}}(?:\.\d+)?, df ?= ?{_NUMBER}"),
)
_ANOVA = re.compile(r"^(?:\d{1,2} )?(?:residuals?|error|within(?: groups)?) (?=[\d.])", re.IGNORECASE)
_SQUARES = re.compile(r"\b(?:ss|sum|squares?)\b", re.IGNORECASE)
_DF = re.compile(r"\b(?:df|d\.f\.)", re.IGNORECASE)
_OBSERVED = re.compile(
    r"\b(?:number of obs(?:ervations)?(?: used)?|no\. observations|n_?obs|num\.? ?obs\.?)\b\s*+(?:[:=,]\s*+)?(\d{1,9})\b", re.IGNORECASE
)
_TERMS = re.compile(r"\b(?:(?:lr|wald) chi2 ?\((\d{1,4})\)|df[_. ]?model\s*+(?:[:=,]\s*+)?(\d{1,4})\b)", re.IGNORECASE)
_NEAR = 6
_SPREAD = re.compile(r"(?:residual standard error:?|root mse ?=?) (\d{1,12}(?:\.\d{1,12})?)", re.IGNORECASE)
_COEFFICIENT = re.compile(
    r"^(\S{1,60}(?: [^\s\d.+\u2212-]\S{0,39})?) ([-\u2212]?(?:\d++(?:\.\d++)?|\.\d++)(?:e[-+]?\d++)?) ((?:\d++(?:\.\d++)?|\.\d++)(?:e[-+]?\d++)?) ([-\u2212]?(?:\d++(?:\.\d++)?|\.\d++)(?:e[-+]?\d++)?)(?: |$)",
    re.IGNORECASE,
)
_INTERCEPT = re.compile(r"^\(?(?:intercept|constant|_?cons|const)\)?$", re.IGNORECASE)
_SIZE_LABELS = re.compile(
    r"^(?:observations|num\.? ?obs\.?|n|no\. of obs(?:ervations)?|number of obs(?:ervations)?|nobs|n_obs|obs\.?|sample size)$",
    re.IGNORECASE,
)
_FIT_LABELS = re.compile(
    r"^(?:adj|r2|r\^?2|r-?sq|r squared|aic|bic|log|rmse|f\b|f-|pseudo|std\.? ?errors|sigma|chi|within|deviance)", re.IGNORECASE
)
_ESTIMATE = re.compile(r"^[-\u2212]?\d*\.\d+ ?\**(?: ?[(\[].*)?$|^[-\u2212]?\d+ ?\*+$")
_IN_BRACKETS = re.compile(r"^[(\[] ?[-\u2212]?\d*+\.\d.*[)\]]$|.*\d ?[(\[] ?[-\u2212]?\d*+\.\d++ ?[)\]]$")
_MOST_ROWS = 2000
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Freedom:
    """Residual degrees of freedom of one model or test.

    Attributes:
        line: Place of the line, counted from 0.
        left: Degrees of freedom that are left (0 for a saturated model).
        test: True for a t or F test told by itself.
    """

    line: int
    left: float
    test: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient with its standard error, as printed."""

    line: int
    label: str
    estimate: float
    error: float

    @property
    def intercept(self) -> bool:
        """True for the constant of a model."""
        return bool(_INTERCEPT.match(self.label))


def lines_of(table: Table) -> list[str]:
    """A table as lines of text, its header first; the body follows row by row."""
    columns = [
        [str(cell) if cell is not None else "" for cell in column.values.slice(0, _MOST_ROWS).to_pylist()] for column in table.columns
    ]
    header = " ".join(column.name for column in table.columns)
    return [plain(header), *(plain(" ".join(cells)) for cells in zip(*columns, strict=True))]


def plain(line: str) -> str:
    """A line without rules, marks of significance, LaTeX signs and commas in thousands, its blanks one each."""
    short = _MARKS.sub(" ", line[:_LONGEST].replace("$-$", "-"))
    short = _SIGNS.sub(" ", short)
    return " ".join(_THOUSANDS.sub(lambda match: match[0].replace(",", ""), short).split())


def degrees_of_freedom(lines: Sequence[str]) -> list[Freedom]:
    """Residual degrees of freedom told (or implied by a size and a number of terms) in lines that `plain` has cleaned."""
    found: dict[int, Freedom] = {}
    for place, line in enumerate(lines):
        for left, test in _told(line, lines[max(0, place - 8) : place]):
            before = found.get(place)
            if before is None or left < before.left:
                found[place] = Freedom(line=place, left=left, test=test)
    told = [place for place, one in found.items() if not one.test]
    for one in _implied(lines):
        if not any(abs(place - one.line) <= 2 * _NEAR for place in told):
            found.setdefault(one.line, one)
    return sorted(found.values(), key=lambda one: one.line)


def _told(line: str, above: Sequence[str]) -> Iterator[tuple[float, bool]]:
    for expression in _RESIDUAL:
        for match in expression.finditer(line):
            yield (0.0 if match[1].lower() == "residual" else float(match[1])), False
    if re.match(r"(?:residual|f[- ]stat)", line, re.IGNORECASE):
        for match in _STARGAZER.finditer(line):
            yield float(match[1]), False
    for expression in _TESTS:
        for match in expression.finditer(line):
            yield float(match[1]), True
    row = _ANOVA.match(line)
    if row is not None:
        left = _of_anova(line[row.end() :].split(), above)
        if left is not None:
            yield left, False


def _of_anova(cells: list[str], above: Sequence[str]) -> float | None:
    """Degrees of freedom in the row of residuals of an analysis of variance: before or after the sum of squares, as its header says."""
    numbers = [cell for cell in cells if re.fullmatch(r"\d+(?:\.\d*)?|\.\d+|\d+(?:\.\d+)?e[+-]?\d+", cell)]
    header = next((line for line in reversed(above) if _DF.search(line)), None)
    if header is None or len(numbers) < 2:
        return None
    squares, df = _SQUARES.search(header), _DF.search(header)
    if squares is None or df is None:
        return None
    cell = numbers[0] if df.start() < squares.start() else numbers[1]
    return float(cell) if cell.isdigit() else None


def _implied(lines: Sequence[str]) -> Iterator[Freedom]:
    """A size and a number of terms that stand near each other: n less the terms less the constant."""
    terms = [(place, int(match[1] or match[2])) for place, line in enumerate(lines) if (match := _TERMS.search(line))]
    if not terms:
        return
    for place, line in enumerate(lines):
        match = _OBSERVED.search(line)
        if match is None:
            continue
        near = [count for other, count in terms if abs(other - place) <= _NEAR]
        if near:
            yield Freedom(line=place, left=max(0.0, float(int(match[1]) - near[0] - 1)))


def sizes_of_columns(table: Table) -> list[Freedom]:
    """Tables with one model a column and a row of its size (stargazer, modelsummary, esttab): the size less the coefficients above it."""
    if not table.whole or not 3 <= table.sample_rows <= _MOST_ROWS or len(table.columns) < 2:
        return []
    cells = [[plain(str(cell)) if cell is not None else "" for cell in column.values.to_pylist()] for column in table.columns]
    labels = cells[0]
    row = next((place for place, label in enumerate(labels) if place and _SIZE_LABELS.match(label)), None)
    if row is None:
        return []
    found = []
    for column in cells[1:]:
        size = re.fullmatch(r"\d{1,9}(?:\.0)?", column[row])
        above = [cell for cell, label in zip(column[:row], labels[:row], strict=True) if not _FIT_LABELS.match(label)]
        estimates = sum(bool(_ESTIMATE.match(cell)) for cell in above)
        if size is not None and estimates and any(_IN_BRACKETS.match(cell) for cell in above):
            found.append(Freedom(line=row + 1, left=max(0.0, float(size[0]) - estimates)))
    return found


def terms_of(lines: Sequence[str]) -> list[Term]:
    """Coefficients with their standard errors: a label, the estimate, its error and a statistic."""
    found = []
    for place, line in enumerate(lines):
        match = _COEFFICIENT.match(line)
        if match is not None:
            estimate, error = (float(match[at].replace("\u2212", "-")) for at in (2, 3))
            found.append(Term(line=place, label=match[1], estimate=estimate, error=error))
    return found


def spread_of(lines: Sequence[str]) -> float | None:
    """Residual standard error of the one model that is printed; None where there is none, or several."""
    found = [match for line in lines if (match := _SPREAD.search(line))]
    return float(found[0][1]) if len(found) == 1 else None


__all__ = ["Freedom", "Term", "degrees_of_freedom", "lines_of", "plain", "sizes_of_columns", "spread_of", "terms_of"]
