"""Which kinds and unit of record, in words of the contract, a judged table has."""

from __future__ import annotations

from collections.abc import Sequence

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Kind, Role, Unit
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.tables import Judged

_Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]

_UNITS = {
    "individual": Unit.PERSON,
    "group": Unit.GROUP,
    "estimate": Unit.ESTIMATE,
    "variant": Unit.VARIANT,
    "gene": Unit.GENE,
    "item": Unit.ITEM,
    "trial": Unit.TRIAL,
}
_SURVIVAL = frozenset(
    {"survival", "at_risk", "n_risk", "n_event", "n_censor", "number_at_risk", "surv", "km", "cumulative_incidence", "std_err"}
)


def kinds_of(judged: Judged, typed: _Typed, table: Table) -> tuple[Kind, ...]:
    """Kinds in words of the contract, likeliest first; a second where its class has a fair chance too."""
    order = sorted(judged.probabilities, key=lambda name: -judged.probabilities[name])
    kinds = [_kind(order[0], typed, table)]
    kinds += [_kind(name, typed, table) for name in order[1:2] if judged.probabilities[name] > 0.25]
    return tuple(dict.fromkeys(kinds))


def _kind(name: str, typed: _Typed, table: Table) -> Kind:
    roles = {role for _, role, _ in typed}
    names = {one.name.lower().strip() for one, _, _ in typed}
    match name:
        case "individual":
            return Kind.INDIVIDUAL_ROWS
        case "group":
            return (
                Kind.MAGNITUDE_TABLE
                if roles & {Role.MEAN, Role.STANDARD_DEVIATION, Role.QUANTILE} and Role.COUNT not in roles
                else Kind.FREQUENCY_TABLE
            )
        case "series":
            return Kind.SERIES
        case "variant":
            if any("effect_weight" in one.name.lower() for one, _, _ in typed):
                return Kind.SCORE_WEIGHTS
            return (
                Kind.GWAS_SUMMARY_STATISTICS
                if roles & {Role.P_VALUE, Role.COEFFICIENT, Role.STANDARD_ERROR, Role.TEST_STATISTIC}
                else Kind.VARIANT_SITES
            )
        case "gene":
            return Kind.GENE_RESULTS
        case "item":
            return Kind.LIST
        case _:
            return _estimate_kind(roles, names, typed, table)


def _estimate_kind(roles: set[Role], names: set[str], typed: _Typed, table: Table) -> Kind:
    if len(names & _SURVIVAL) > 1 or any("surviv" in name for name in names):
        return Kind.SURVIVAL
    numeric = [one for one, _, _ in typed if one.numeric]
    if len(numeric) == table.sample_rows > 2 and not roles & {
        Role.P_VALUE,
        Role.STANDARD_ERROR,
        Role.MEAN,
        Role.STANDARD_DEVIATION,
        Role.QUANTILE,
        Role.COUNT,
    }:
        return Kind.MATRIX
    if roles & {Role.COEFFICIENT, Role.STANDARD_ERROR, Role.P_VALUE, Role.RATIO, Role.CONFIDENCE_LIMIT}:
        return Kind.REGRESSION
    return Kind.SUMMARY_STATISTICS


def unit_of(judged: Judged, kind: Kind, typed: _Typed) -> Unit:
    """What one row stands for."""
    if kind in (Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX):
        return Unit.PERSON
    if judged.first == "series":
        return Unit.PLACE if any(role is Role.PLACE for _, role, _ in typed) else Unit.PERIOD
    return _UNITS.get(judged.first, Unit.UNKNOWN)


__all__ = ["kinds_of", "unit_of"]
