"""The evidence on what one row of a table stands for, as numbers between about 0 and 1, each with words for the report.

Every feature is a property of tables in general: uniqueness, cardinality, arithmetic, ordering, and what headers say. Nothing here knows a data set.
The weights that combine them stand in `weights.json` and are re-fitted by `make fit CORPUS=...`.
"""

from __future__ import annotations

import math
import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._bodies import measured
from sdc_airlock.recognise._certain import settled, sexes
from sdc_airlock.recognise._code_lists import code_list
from sdc_airlock.recognise._figures import arithmetic, contradicted, shapes, tally, unconnected
from sdc_airlock.recognise._keys import Typed, combined, keys_of
from sdc_airlock.recognise._observations import of_each
from sdc_airlock.recognise._single import single
from sdc_airlock.recognise.cells import CellKind, parse, regular_dates
from sdc_airlock.recognise.columns import Profile, names_people
from sdc_airlock.recognise.header_text import serial_headers
from sdc_airlock.recognise.lexicon import is_total, matches

_SUMMARY = frozenset({Role.MEAN, Role.STANDARD_DEVIATION, Role.QUANTILE, Role.MINIMUM, Role.MAXIMUM, Role.PERCENTAGE, Role.RATE})
_ESTIMATE = frozenset({Role.COEFFICIENT, Role.STANDARD_ERROR, Role.P_VALUE, Role.CONFIDENCE_LIMIT, Role.TEST_STATISTIC, Role.RATIO})
_VARIANT = frozenset({Role.MARKER, Role.ALLELE, Role.POSITION, Role.FREQUENCY})
_PATH = re.compile(
    r"^(?:https?:|/|\./|\.\./|[a-z]:\\|~/|@|--?[a-z])|\.[a-z]{1,4}$|^[\^~>=<]*v?\d+\.\d+(?:\.\d+|\.x)?|^(?:true|false)$|^[a-z0-9_-]+/[a-z0-9_./-]+$|^(?=\w*[a-z])\w++~\w+$",
    re.IGNORECASE,
)
# lists whose words turn an attribute into a summary of it ("mean_bmi", "n_female")
_SUMMARISED = frozenset(
    {"mean", "standard_deviation", "percentage", "rate", "quantile", "coefficient", "standard_error", "confidence_limit"}
)
# columns that number genes, variants, files ... from which a table is about those
_FEWEST_THINGS = 2
_ALL = 0.99
_MOST_LEVELS = 0.75
_OF_A_CURVE, _BORROWED = frozenset({"fpr", "tpr"}), frozenset({"fpr", "tpr", "threshold"})
_FEWEST_OF_A_CURVE, _TOGETHER = 12, 0.8
_LONGEST_CROSSTAB = 30
_NUMBERED_GROUP = re.compile(
    r"(?:region|area|zone|district|borough|ward|county|site|cent(?:re|er)|hospital|practice|clinic|school|group|cluster|class|stratum|arm|cohort|stage|grade|level|band"
    r"|(?:[a-z]+ )?(?:decile|quintile|quartile|tertile)|category|wave|q|imd|period)[ _-]?(?:\d{1,3}|[a-z]|[ivx]{1,4})",
    re.IGNORECASE,
)
# row labels of a print-out of descriptive statistics, exact
_STATISTICS = frozenset({"count", "n", "mean", "std", "sd", "min", "max", "median", "variance", "var", "skewness", "kurtosis", "sum", "range", "iqr", "mode", "nobs", "missing", "unique", "top", "freq", "25%", "50%", "75%", "5%", "10%", "90%", "95%", "1%", "99%", "q1", "q3", "p25", "p50", "p75", "1st qu.", "3rd qu.", "min.", "max.", "n missing", "se", "n valid", "valid", "std dev", "std. dev", "std. dev.", "std deviation", "std. deviation", "s.e. mean", "std. error of mean", "minimum", "maximum", "ss loadings", "proportion var", "cumulative var", "proportion explained", "cumulative proportion"})  # fmt: skip
_LONG_CODE = re.compile(r"\d{5,}|[0-9a-f]{12,}|(?<![A-Z0-9-])(?=(?:[A-Z-]*+\d){3})[A-Z0-9-]{9,}", re.IGNORECASE)

# name -> words for a report when the feature speaks for or against a kind
WORDS: dict[str, str] = {
    "log_rows": "number of rows",
    "few_rows": "few rows",
    "log_columns": "number of columns",
    "one_column": "a single column",
    "headerless": "no header",
    "count_named": "a column that its header calls a count",
    "count_share": "share of count columns",
    "pair_cells": "cells that read as n (%)",
    "suppressed": "suppression markers among numbers",
    "keys": "columns of categories",
    "key_unique": "each combination of categories stands once",
    "key_complete": "nearly every combination of categories is there",
    "key_repeats": "combinations of categories come again and again",
    "key_balance": "each category comes equally often",
    "row_repeats": "whole rows come again",
    "attribute_share": "headers name attributes of a person",
    "attribute_any": "a header names an attribute of a person",
    "id_named": "a header names an identifier",
    "id_values": "cells that look like identifiers and never repeat",
    "id_long": "long numbers or codes that never repeat and stand beside no words",
    "id_repeats": "an identifier comes again over several rows",
    "names": "cells that read as names of people",
    "place": "a column of places",
    "place_unique": "each place (and period) stands once",
    "period": "a column of periods",
    "period_unique": "each period stands once, in order",
    "dates_irregular": "dates that repeat or jump",
    "dates_regular": "dates in order that never repeat",
    "estimate_share": "columns of estimates, errors, intervals or p-values",
    "summary_share": "columns of means, deviations, quantiles, shares or rates",
    "variant_share": "columns of variants, alleles, positions or allele frequencies",
    "marker": "a column of variant ids",
    "gene": "a column of genes",
    "no_variants": "no sign of variants, genes or other things than people",
    "described": "headers of a code list or dictionary",
    "text_share": "columns of words",
    "long_text": "cells of several words",
    "text_unique": "words that never repeat",
    "numeric_share": "columns of numbers",
    "binary_share": "columns of two states",
    "few_levels_share": "columns of few whole numbers",
    "continuous_share": "columns of numbers with decimals that hardly repeat",
    "wide_integer_share": "columns of many different whole numbers",
    "precise": "numbers printed to many decimals",
    "crosstab": "a label and nothing but whole numbers beside it",
    "level_headers": "column names that are levels (years, bands, numbers)",
    "serial_headers": "column names that run on as numbers do",
    "totals_named": "rows or columns named as totals",
    "totals_summed": "rows or columns that are the sum of others",
    "symmetric": "a symmetric square of numbers",
    "trial_words": "headers of model runs, folds or hyper-parameters",
    "missing_share": "empty cells",
    "mixed_scales": "columns on very different scales",
    "attributes_no_count": "attributes of a person and no count",
    "repeats_no_count": "repeated combinations of categories and no count",
    "unique_with_count": "each combination of categories stands once, with a count beside it",
    "numeric_no_key": "only numbers, and nothing that names groups",
    "rows_no_key": "many rows, and nothing that names groups, places or periods",
    "names_with_measures": "text labels that never repeat beside numbers",
    "period_with_id": "periods within an identifier or a single unit",
    "heaped": "whole numbers that heap at fives and tens",
    "value_keyed": "one column of values, and each combination of categories beside it stands once",
    "unit_named": "a header names a single unit (firm, household, animal)",
    "stub_attributes": "row labels name attributes of a person",
    "stub_measures": "row labels name counts, means or shares",
    "stub_statistics": "row labels are those of descriptive statistics",
    "series_no_place": "periods that repeat with nothing but numbers beside them",
    "many_no_count": "many rows without a count, an estimate, a place or a period that stands once",
    "two_columns": "two columns",
    "spread": "whole numbers spread over several powers of ten",
    "part_of_whole": "whole numbers that never exceed those beside them, as events and totals do",
    "paths": "cells that are paths, addresses, versions or settings",
    "distinct_numbers": "numbers that hardly ever repeat in any column",
    "smooth": "numbers that drift from row to row as a series does",
}  # fmt: skip
NAMES: tuple[str, ...] = tuple(WORDS)


def features(table: Table, typed: Typed) -> dict[str, float]:
    """The evidence of one table.

    Args:
        table: The table.
        typed: Each column with its role, in order.

    Returns:
        One number a feature of `NAMES`, most of them between 0 and 1.
    """
    rows = table.sample_rows
    used = [(one, role) for one, role in typed if role not in (Role.INDEX, Role.EMPTY)]
    width = max(len(used), 1)
    roles = [role for _, role in used]
    total_rows = table.n_rows if table.n_rows is not None else max(rows, 100_000)
    found = dict.fromkeys(NAMES, 0.0)
    found["log_rows"] = math.log10(total_rows + 1) / 5
    found["few_rows"] = float(total_rows <= 12)
    found["log_columns"] = math.log10(width + 1) / 3
    found["one_column"] = float(width == 1)
    found["headerless"] = float(not table.named)
    found.update(_counts(used, width))
    found.update(keys_of(used, rows))
    found.update(_people(used, width, rows))
    found.update(_places_and_periods(used, rows))
    found["estimate_share"] = 0.0 if contradicted(used) else sum(role in _ESTIMATE for role in roles) / width
    found["summary_share"] = sum(role in _SUMMARY for role in roles) / width
    found["variant_share"] = sum(role in _VARIANT for role in roles) / width
    found["marker"] = float(Role.MARKER in roles)
    found["gene"] = float(Role.GENE in roles)
    things = sum("not_people" in one.named and one.numeric for one, _ in used)
    found["no_variants"] = float(not found["variant_share"] and not found["marker"] and not found["gene"] and things < _FEWEST_THINGS)
    found.update(shapes(used, width, rows))
    found.update(_wording(table, used, width, rows))
    found.update(arithmetic(used, rows))
    found["value_keyed"] = _value_keyed(used, rows, found["key_unique"])
    found["unconnected"] = float(
        found["period_unique"] > _ALL and unconnected([one for one, role in used if role is not Role.PERIOD], rows)
    )
    found["unit_named"] = float(any(one.named.get("record_unit") for one, _ in used))
    found["two_columns"] = float(width == 2)
    tallied = tally([one for one, _ in typed], rows)
    if tallied:
        found["names"] = 0.0
    _combine(found, rows)
    found.update(settled(used, rows, found["place_unique"], found["smooth"], table.title))
    found["stub_known"] = max(found["stub_known"], tallied)
    found["listed"] = max(found["listed"], 2 * code_list(used, rows))
    found["measured"] = measured(used, rows, found)
    found["single"] = max(single(used, rows, table.title), of_each(used, rows, found["smooth"])) if used else 0.0
    return found


def _value_keyed(used: Typed, rows: int, unique: float) -> float:
    """1 where the one figure column of a long table stands beside keys that never repeat."""
    figures = [one for one, role in used if one.numeric and role not in (Role.PERIOD, Role.PLACE, Role.POSITION)]
    if len(figures) != 1 or rows < 2:
        return 0.0
    keys = [one for one, _ in used if one is not figures[0] and one.levels > 1]
    if not keys:
        return 0.0
    if figures[0].named.get("value") or figures[0].named.get("count"):
        return len(np.unique(combined(keys, rows))) / rows
    return 0.5 * unique


def _counts(used: Typed, width: int) -> dict[str, float]:
    counts = [(one, role) for one, role in used if role is Role.COUNT]
    filled = sum(one.cells.filled for one, _ in used)
    hidden = sum(int((one.cells.kinds == CellKind.SUPPRESSED).sum()) for one, _ in used if one.numeric)
    return {
        "count_named": float(any(one.named.get("count") and "not_people" not in one.named for one, _ in counts)),
        "count_share": len(counts) / width,
        "pair_cells": max((one.cells.share(CellKind.PAIR) for one, _ in used), default=0.0),
        "suppressed": min(1.0, 20 * hidden / max(filled, 1)),
    }


def _people(used: Typed, width: int, rows: int) -> dict[str, float]:
    attributes = sum(
        "person_attribute" in one.named and role is not Role.COUNT and not _SUMMARISED & one.named.keys() for one, role in used
    )
    named = [one for one, _ in used if one.named.get("identifier")]
    ids = [one for one, role in used if role is Role.IDENTIFIER]
    return {
        "attribute_share": attributes / width,
        "attribute_any": float(attributes > 0),
        "id_named": float(bool(named)),
        "id_values": max((one.unique for one in ids if one.unique > 0.9 and rows >= 3), default=0.0),
        "id_long": _long_ids(used, width, rows),
        "id_made": float(any(one.unique > _ALL and len({len(word) for word in one.cells.text if word}) == 1 for one in ids)),
        "sexed": float(any(sexes(one) for one, _ in used)),
        "id_repeats": float(any(one.cells.filled / max(one.levels, 1) >= 1.5 and one.levels >= 3 for one in named)),
        "names": max(
            (
                names_people(one) * one.unique * one.cells.filled / max(rows, 1)
                for one, role in used
                if role in (Role.CATEGORY, Role.TEXT, Role.IDENTIFIER)
            ),
            default=0.0,
        ),
    }


def _long_ids(used: Typed, width: int, rows: int) -> float:
    """Share of the columns that hold codes of five or more digits (or long hexadecimal) in one form, never twice, where no column holds sentences."""
    if rows < 2 or any(role is Role.TEXT for _, role in used):
        return 0.0
    long = 0
    for one, role in used:
        if (
            role in (Role.MARKER, Role.GENE, Role.POSITION, Role.DATE, Role.PERIOD, Role.PLACE, Role.COUNT)
            or one.unique < 0.98
            or (one.numeric and role is not Role.IDENTIFIER)
        ):
            continue
        words = [word for word in one.cells.text[:100] if word]
        long += bool(words) and sum(bool(_LONG_CODE.search(word)) and " " not in word for word in words) > 0.9 * len(words)
    return long / width


def _places_and_periods(used: Typed, rows: int) -> dict[str, float]:
    places = [one for one, role in used if role is Role.PLACE]
    periods = [one for one, role in used if role is Role.PERIOD]
    dates = [one for one, role in used if role is Role.DATE]
    found = {"place": float(bool(places)), "period": float(bool(periods))}
    if places and rows > 2:
        finest = max(places, key=lambda one: one.levels)
        found["place_unique"] = max(len(np.unique(combined([finest, *periods[:2]], rows))) / rows if finest.levels > 2 else 0.0, 0.0)
    rising = [one for one in periods if _rising(one)]
    found["period_unique"] = max((one.unique for one in rising), default=0.0)
    # three or four dates are in order by chance often enough
    # times within days beside attributes of a person are those of readings, in order or not
    readings = {id(one) for one in dates if _timed(one) and any("person_attribute" in each.named for each, _ in used)}
    regular = {id(one) for one in dates if id(one) not in readings and regular_dates(one.cells)}
    found["dates_regular"] = float(any(one.levels >= 5 and id(one) in regular for one in dates))
    found["dates_irregular"] = float(any(id(one) not in regular and one.levels > 2 for one in dates))
    return found


def _timed(one: Profile) -> bool:
    """True where the first cells say the time of day."""
    return any(":" in word for word in one.cells.text[:5])


def _rising(one: Profile) -> bool:
    """True for periods or years that only rise (or only fall)."""
    if one.levels < 3:
        return False
    numbers = one.numbers[np.isfinite(one.numbers)]
    if len(numbers) == len(one.cells.codes) and len(numbers):
        steps = np.diff(numbers)
        return bool(np.all(steps > 0) or np.all(steps < 0))
    return regular_dates(one.cells)


def _wording(table: Table, used: Typed, width: int, rows: int) -> dict[str, float]:
    words = [one for one, role in used if not one.numeric and role not in (Role.DATE, Role.PERIOD)]
    lengths = [len(word.split()) for one in words for word in one.cells.text[:60] if word]
    names = [one.name for one, _ in used]
    numeric_names = [one.name for one, role in used if one.numeric]
    level = sum(_is_level(name) for name in numeric_names) / max(len(numeric_names), 1) if table.named else 0.0
    totals = any(is_total(name) for name in names) or any(is_total(word) for one in words for word in one.cells.text[:200] if word)
    labels = [word for one in words[:1] for word in one.cells.text[:200] if word]
    said = [matches(word) for word in labels]
    shown = [word for one in words for word in one.cells.text[:60] if word]
    return {
        "paths": sum(bool(_PATH.search(word)) for word in shown) / len(shown) if shown else 0.0,
        "stub_attributes": sum("person_attribute" in one for one in said) / len(said) if said else 0.0,
        "stub_measures": sum(bool({"count", "mean", "standard_deviation", "percentage", "quantile"} & one.keys()) for one in said)
        / len(said)
        if said
        else 0.0,
        "stub_statistics": sum(word.lower() in _STATISTICS for word in labels) / len(labels) if len(labels) >= 2 else 0.0,
        "described": sum(min(one.named.get("description", 0), 1) for one, _ in used) / width,
        "text_share": len(words) / width,
        "long_text": min(1.0, (sum(lengths) / len(lengths) - 1) / 5) if lengths else 0.0,
        "text_unique": max((one.unique for one in words), default=0.0) if rows > 2 else 0.0,
        "stub_bands": words[0].cells.share(CellKind.BAND) * words[0].unique if len(words) == 1 and rows > 2 else 0.0,
        "stub_groups": _numbered_groups(words[0]) if len(words) == 1 and rows > 2 else 0.0,
        "level_headers": level,
        "serial_headers": serial_headers(numeric_names) if table.named else 0.0,
        "totals_named": float(totals),
        "trial_words": _trial_words([one for one, _ in used]) / width,
    }


def _rise_together(first: Profile, second: Profile) -> bool:
    """True where two columns of rates rise and fall together from row to row, as those of a curve do; too few rows say nothing."""
    if len(first.numbers) != len(second.numbers) or len(first.numbers) < _FEWEST_OF_A_CURVE:
        return True
    return float((np.diff(first.numbers) * np.diff(second.numbers) >= 0).mean()) >= _TOGETHER


def _trial_words(used: list[Profile]) -> int:
    """How many headers are of runs of a model; a letter alone ("C") is one only beside others."""
    curve = {one.name.strip().lower(): one for one in used if one.name.strip().lower() in _OF_A_CURVE}
    borrowed = _BORROWED if len(curve) > 1 and not _rise_together(curve["fpr"], curve["tpr"]) else frozenset()
    names = [len(one.name.strip()) for one in used if one.named.get("trial", 0) and one.name.strip().lower() not in borrowed]
    return len(names) if any(length > 1 for length in names) else 0


def _numbered_groups(stub: Profile) -> float:
    """1 where labels are groups with a number each, once each ("Region 3", "Decile 10")."""
    labels = [word for word in stub.cells.text[:200] if word]
    named = sum(bool(_NUMBERED_GROUP.fullmatch(word) or is_total(word)) for word in labels)
    return stub.unique * (named > _ALL * len(labels) > 0)


def _is_level(name: str) -> bool:
    return parse(name)[0] in (CellKind.BAND, CellKind.PERIOD, CellKind.NUMBER, CellKind.SUPPRESSED) or is_total(name)


def _combine(found: dict[str, float], rows: int) -> None:
    """Features that only mean something together."""
    if found["key_complete"] > 0.5:
        found["key_unique"], found["key_repeats"] = max(found["key_unique"], found["key_complete"]), 0.0
    no_count = 1 - max(found["count_named"], min(1.0, 2 * found["pair_cells"]))
    nothing_named = 1 - max(found["keys"] > 0, found["place"], found["period"])
    found["attributes_no_count"] = min(1.0, 2 * found["attribute_share"]) * no_count
    found["repeats_no_count"] = found["key_repeats"] * no_count
    found["unique_with_count"] = found["key_unique"] * (1 - no_count) if found["key_unique"] > 0.98 else 0.0
    found["numeric_no_key"] = float(found["numeric_share"] > 0.9) * nothing_named
    found["stub_attributes"] *= 1 - min(1.0, 2 * (found["estimate_share"] + found["summary_share"] + found["count_share"]))
    if found["stub_statistics"] > 0.5:
        found["attributes_no_count"] = found["attribute_share"] = found["attribute_any"] = 0.0
    if found["gene"] or found["marker"]:
        found["repeats_no_count"] = 0.0
    found["rows_no_key"] = min(1.0, rows / 50) * nothing_named
    # people can be called bands and groups; believed of short crosstabs alone, whose columns are years or levels as well
    crosstab = float(found["level_headers"] >= _MOST_LEVELS and rows <= _LONGEST_CROSSTAB)
    found["stub_bands"] *= crosstab
    found["stub_groups"] *= crosstab * (1 - found["attribute_any"])
    # where each period stands once, what comes again belongs to it
    found["repeats_no_count"] *= 1 - found["period_unique"]
    found["series_no_place"] = found["period"] * (1 - found["place"]) * (1 - found["period_unique"]) * found["numeric_share"]
    # values keyed by an identifier are those of single units
    found["value_keyed"] *= 1 - found["id_named"] * found["id_repeats"]
    # within one unit after another everything drifts
    found["smooth"] *= 1 - max(found["id_named"], found["id_repeats"], found["unit_named"])
    named = max(
        found["count_named"],
        min(1.0, 2 * found["estimate_share"]),
        found["place_unique"],
        found["period_unique"],
        found["dates_regular"],
        min(1.0, 2 * found["variant_share"]),
        found["gene"],
        found["value_keyed"],
    )
    found["many_no_count"] = min(1.0, rows / 40) * (1 - named)
    found["names_with_measures"] = found["text_unique"] * found["numeric_share"]
    found["period_with_id"] = found["period"] * max(found["id_named"], found["id_repeats"], found["unit_named"])


__all__ = ["NAMES", "WORDS", "features"]
