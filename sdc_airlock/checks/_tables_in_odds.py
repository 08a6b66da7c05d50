"""Odds ratios of a table whose intervals give away the counts behind them, where the numbers of cases and controls are told."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.odds import tables_that_fit

_ODDS = re.compile(r"\b(?:odds ratio|or)\b", re.IGNORECASE)
_ADJUSTED = re.compile(r"\b(?:adj\w*|aor|multivaria\w*)\b", re.IGNORECASE)
_CASES = re.compile(r"\bcases\b[^.;\n]{0,12}?[nN]?\s?[=:]?\s?\(?\s?[nN]?\s?=?\s?(\d[\d,]{0,8})", re.IGNORECASE)
_CASES_AFTER = re.compile(r"\b(\d[\d,]{0,8}) cases\b", re.IGNORECASE)
_CONTROLS = re.compile(r"\bcontrols\b[^.;\n]{0,12}?[nN]?\s?[=:]?\s?\(?\s?[nN]?\s?=?\s?(\d[\d,]{0,8})", re.IGNORECASE)
_CONTROLS_AFTER = re.compile(r"\b(\d[\d,]{0,8}) controls\b", re.IGNORECASE)
_PRINTED = re.compile(
    r"^(\d{1,4}\.(\d{1,4})) ?[(\[] ?(?:95 ?% ?ci:? ?)?(\d{1,4}\.\d{1,4}) ?(?:-|\u2013|,|to|;) ?(\d{1,5}\.\d{1,4}) ?[)\]]$", re.IGNORECASE
)
_LIMITS = {"low": frozenset({"lower", "low", "lci", "ci_low", "ci_lower", "lower_ci", "conf_low", "lcl", "l95", "ci_l", "lower_95", "or_lower", "2_5_%"}), "high": frozenset({"upper", "high", "uci", "ci_high", "ci_upper", "upper_ci", "conf_high", "ucl", "u95", "ci_u", "upper_95", "or_upper", "97_5_%"})}  # fmt: skip
_RATIOS = frozenset({"or", "odds_ratio", "oddsratio", "crude_or", "unadjusted_or"})
_MOST_ROWS = 400
_OF_VARIANTS = frozenset({Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS, Kind.INDIVIDUAL_ROWS})


def small_tables(part: Recognised, table: Table, highest: int) -> list[tuple[int, int]]:
    """Cells (row, column) of crude odds ratios for which some table of whole numbers fits, and every one that fits has a count of at most `highest`."""
    if part.kind in _OF_VARIANTS or not table.whole or table.sample_rows > _MOST_ROWS:
        return []
    sizes = _sizes(part, table)
    if sizes is None:
        return []
    found = []
    for row, column, ratio, low, high, decimals in _ratios(part, table):
        cases, controls = int(sizes[0][row]), int(sizes[1][row])
        fits = tables_that_fit(ratio, low, high, cases=cases, controls=controls, decimals=decimals)
        if fits.tables and fits.smallest <= highest:
            found.append((row, column))
    return found


def _sizes(
    part: Recognised, table: Table
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]] | None:
    """Cases and controls of each row: in columns of their own, in headers or around the table."""
    columns = {normalise(view.name)[0]: view for view in part.columns if view.numbers is not None}
    for cases, controls in (("n_cases", "n_controls"), ("cases_n", "controls_n"), ("cases", "controls"), ("ncases", "ncontrols")):
        if cases in columns and controls in columns:
            one, other = columns[cases].numbers, columns[controls].numbers
            if one is not None and other is not None:
                return np.nan_to_num(one), np.nan_to_num(other)
    text = " ; ".join([table.title, table.notes, *(column.name for column in table.columns)])
    told = [first.search(text) or after.search(text) for first, after in ((_CASES, _CASES_AFTER), (_CONTROLS, _CONTROLS_AFTER))]
    if told[0] is None or told[1] is None:
        return None
    cases_n, controls_n = (float(match[1].replace(",", "")) for match in told if match is not None)
    return np.full(table.sample_rows, cases_n), np.full(table.sample_rows, controls_n)


def _ratios(part: Recognised, table: Table) -> list[tuple[int, int, float, float, float, int]]:
    """Row, column, ratio, limits and decimals of each crude odds ratio."""
    found = []
    for view, column in zip(part.columns, table.columns, strict=False):
        if not _ODDS.search(view.name.replace("_", " ")) or _ADJUSTED.search(view.name.replace("_", " ")):
            continue
        for row, cell in enumerate(column.values.to_pylist()):
            match = _PRINTED.match(str(cell or "").strip())
            if match:
                found.append((row, view.index, float(match[1]), float(match[3]), float(match[4]), len(match[2])))
    return found or _ratios_in_columns(part, table)


def _ratios_in_columns(part: Recognised, table: Table) -> list[tuple[int, int, float, float, float, int]]:
    names = {normalise(view.name)[0]: view for view in part.columns}
    chosen: list[ColumnView] = []
    for wanted in (_RATIOS, _LIMITS["low"], _LIMITS["high"]):
        view = next((names[name] for name in names if name in wanted and names[name].numbers is not None), None)
        if view is None:
            return []
        chosen.append(view)
    texts = [[str(cell or "") for cell in table.columns[view.index].values.to_pylist()] for view in chosen]
    found = []
    for row, (ratio, low, high) in enumerate(zip(*texts, strict=True)):
        try:
            numbers = float(ratio), float(low), float(high)
        except ValueError:
            continue
        decimals = max(len(cell.partition(".")[2]) for cell in (ratio, low, high))
        found.append((row, chosen[0].index, *numbers, decimals))
    return found


__all__ = ["small_tables"]
