"""Few degrees of freedom: a model or a test so close to its data that the data can be worked out from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._printed_fits import Freedom, Term, degrees_of_freedom, lines_of, plain, sizes_of_columns, spread_of, terms_of
from sdc_airlock.checks._tables_in_odds import small_tables
from sdc_airlock.model.content import Table, TextPart, TextRole
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised

_READ = frozenset({TextRole.PROSE, TextRole.MARKUP, TextRole.LOG, TextRole.CONFIG, TextRole.METADATA})
_SINGLE = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS})
_DOF_NAMES = frozenset({"df_resid", "df_residual", "df_residuals", "residual_df", "resid_df", "den_df", "dendf", "ddf", "df2", "error_df", "df_error", "residual_dof", "denominator_df"})  # fmt: skip
_OF_ODDS = re.compile(r"\b(?:logi(?:t|stic)|binomial|odds|poisson|cox|hazard|probit)\b", re.IGNORECASE)
_INDICATOR = re.compile(r"\[T\.|^i\.|^\d{1,4}\.[a-z_]|==|^factor\(|^as\.factor\(|^C\(|(?:yes|TRUE|True)$")
# fits that ran away on the scale of log-odds: a coefficient of ten is odds of 22,000, and its error is many times that
_RUN_AWAY, _TIMES = 10.0, 20.0
_PLACES = 50
_CELLS = 300
_MODEL_REMEDY = "Fit fewer terms, merge categories, or use more records; give the number of records and of terms with every model."


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a part and where they stand."""

    part: Recognised
    lines: Sequence[str]
    table: Table | None

    def location(self, places: Sequence[int]) -> Location:
        if self.table is None:
            first = self.part.part.first_line if isinstance(self.part.part, TextPart) else 1
            return Location(
                part_id=self.part.part_id,
                rows=tuple(first + place for place in places[:_PLACES]),
                lines=(first + places[0], first + places[-1]),
            )
        rows = [max(0, place - 1) for place in places]
        return Location(
            part_id=self.part.part_id,
            rows=tuple(dict.fromkeys(self.table.row_number(row) for row in rows[:_PLACES])),
            shape=(self.part.rows or self.table.sample_rows, len(self.table.columns)),
            cells=tuple((row, 0) for row in rows[:_CELLS]),
        )


@check(
    id="few_degrees_of_freedom",
    version=1,
    rules=("residual_dof", "suppressed_counts"),
    severity=Severity.HIGH,
    statbarn=Statbarn.HYPOTHESIS_TESTS,
)
def few_degrees_of_freedom(subject: Subject, params: Params) -> Iterator[Finding]:
    """Regressions and tests with too few residual degrees of freedom, and terms that give single people away.

    ## What it flags
    Residual degrees of freedom below the value of the profile (`few`), or none at all (`saturated`), as statsmodels, R, Stata, SAS and SPSS print them, in
    analyses of variance, in JSON and tables of fits (`df_resid`, `df.residual`), under columns of stargazer, and where they follow from the number of records
    and of terms (modelsummary, esttab, Stata). t and F tests told with their degrees of freedom (`test`). Coefficients on the scale of log-odds that ran away with
    their errors, as where everybody in a category has the same outcome (`separated`). Indicator terms whose standard error, with the residual spread, says that they hold
    a number of people in the suppressed range (`isolated`). Crude odds ratios whose interval, with the numbers of cases and controls, fits only two-by-two tables that
    hold such a number (`implied_counts`).

    ## Why it discloses
    A model with as many terms as records repeats its data; with a few records more, one who knows the others can solve for the last. An indicator of one person carries
    that person's outcome as its coefficient.

    ## Example flagged
    ```
    Residual standard error: 2.593 on 7 degrees of freedom
    ```

    ## Example passed
    ```
    Residual standard error: 2.593 on 407 degrees of freedom
    ```

    ## Blind spots
    A model printed without its size or degrees of freedom passes: what it was fitted on is not told. With other terms beside it an indicator is only noted, as
    correlated terms widen errors too. Models of tables (loglinear fits) have few degrees of freedom without few people and are held. Adjusted odds ratios are not solved.

    ## Sources
    - ACRO at fe729ae, acro/default.yaml (safe_dof_threshold 10), 2026; SACRO-ML and SDC-Reboot v0.3: residual degrees of freedom typically 10, 2025.
    - ABS DataLab output clearance, rule on degrees of freedom, 2021.
    - Woolf, "On estimating the relation between blood group and disease", Annals of Human Genetics, 1955 (variance of the log odds ratio).
    """
    for part in subject.recognised:
        if isinstance(part.part, Table):
            if part.kind not in _SINGLE and part.part.whole:
                yield from _table(part, part.part, params)
        elif isinstance(part.part, TextPart) and part.part.role in _READ:
            lines = _Lines(part=part, lines=[plain(line) for line in part.part.text.splitlines()], table=None)
            yield from _models(lines, degrees_of_freedom(lines.lines), params)


def _table(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    lines = _Lines(part=part, lines=lines_of(table), table=table)
    told = [one for one in degrees_of_freedom(lines.lines) if one.line or not _header_only(part)]
    told += _in_columns(part)
    told = told or sizes_of_columns(table)
    yield from _models(lines, told, params)
    cells = small_tables(part, table, params["suppressed_counts"][1])
    if cells:
        low, high = params["suppressed_counts"]
        yield _finding(
            lines,
            [row + 1 for row, _ in cells],
            "implied_counts",
            Severity.MEDIUM,
            f"odds ratios whose interval, with the numbers of cases and controls, leaves only two-by-two tables with a count from {low} to {high}",
            "Print the ratio and its interval with fewer decimals, leave the numbers of cases and controls out, or merge categories of exposure.",
            secondary=True,
        )


def _header_only(part: Recognised) -> bool:
    return not part.rows


def _in_columns(part: Recognised) -> list[Freedom]:
    """Columns of residual degrees of freedom, one model a row."""
    found = []
    for view in part.columns:
        if "_".join(view.name.strip().lower().replace(".", "_").split()) in _DOF_NAMES and view.numbers is not None:
            found += [Freedom(line=row + 1, left=float(number)) for row, number in enumerate(view.numbers.tolist()) if number >= 0]
    return found


def _models(lines: _Lines, told: Sequence[Freedom], params: Params) -> Iterator[Finding]:
    least = params["residual_dof"]
    saturated = [one.line for one in told if one.left == 0]
    few = [one.line for one in told if 0 < one.left < least and not one.test]
    tests = [one.line for one in told if 0 < one.left < least and one.test]
    if saturated:
        yield _finding(lines, saturated, "saturated", Severity.HIGH, "models with no residual degrees of freedom: their coefficients are the data in other words", _MODEL_REMEDY)  # fmt: skip
    if few:
        yield _finding(lines, few, "few", Severity.MEDIUM, f"models with fewer than {least} residual degrees of freedom: who knows most of the records can solve for the rest", _MODEL_REMEDY)  # fmt: skip
    if tests:
        yield _finding(lines, tests, "test", Severity.MEDIUM, f"tests with fewer than {least} degrees of freedom: hardly more people than that stand behind them", "Leave the test out, or test larger groups.")  # fmt: skip
    terms = terms_of(lines.lines)
    if terms:
        yield from _terms(lines, terms, told, params)


def _terms(lines: _Lines, terms: Sequence[Term], told: Sequence[Freedom], params: Params) -> Iterator[Finding]:
    around = f"{lines.table.title} {lines.table.notes}" if lines.table is not None else ""
    if any(_OF_ODDS.search(line) for line in (*lines.lines, around)):
        away = [one.line for one in terms if abs(one.estimate) >= _RUN_AWAY and one.error >= _TIMES * abs(one.estimate)]
        if away:
            yield _finding(lines, away, "separated", Severity.MEDIUM, "terms whose coefficient and error ran away, as where everybody in a category has the same outcome", "Merge the category with a neighbouring one, and fit the model again.")  # fmt: skip
    spread = spread_of(lines.lines)
    if spread is None or not told:
        return
    size = max(one.left for one in told) + len(terms)
    low, high = params["suppressed_counts"]
    others = [one for one in terms if not one.intercept]
    alone = all(_INDICATOR.search(one.label) for one in others)
    isolated = [one.line for one in others if _INDICATOR.search(one.label) and low <= round(_people(spread, one.error, size)) <= high]
    if isolated:
        severity = Severity.MEDIUM if alone else Severity.LOW
        yield _finding(lines, isolated, "isolated", severity, f"indicator terms whose standard error says that they hold from {low} to {high} people", "Merge the category with a neighbouring one, and fit the model again.", secondary=True)  # fmt: skip


def _people(spread: float, error: float, size: float) -> float:
    """People that an indicator marks: the smaller root of 1/m + 1/(n - m) = (error / spread)^2, where the reference holds the rest.

    Args:
        spread: Residual standard error.
        error: Standard error of the coefficient.
        size: Records, n.
    """
    if error <= 0 or spread <= 0:
        return float("inf")
    product = size * (spread / error) ** 2
    root = size * size - 4 * product
    return (size - float(root**0.5)) / 2 if root >= 0 else float("inf")


def _finding(
    lines: _Lines, places: Sequence[int], rule: str, severity: Severity, what: str, remedy: str, *, secondary: bool = False
) -> Finding:
    ordered = sorted(set(places))
    return Finding(
        check_id="few_degrees_of_freedom",
        rule=rule,
        severity=severity,
        kind=DisclosureKind.SECONDARY if secondary else DisclosureKind.PRIMARY,
        statbarn=Statbarn.CALCULATED_RATIOS if rule == "implied_counts" else Statbarn.HYPOTHESIS_TESTS,
        location=lines.location(ordered),
        count=len(ordered),
        message=f"{len(ordered):,} {what}",
        remedy=remedy,
    )
