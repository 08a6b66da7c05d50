"""One row an observation where nothing is called one: what a model says of each, and what is measured at sites of each sample."""

from __future__ import annotations

import re

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._certain import sexes
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.lexicon import normalise

_FEWEST_ROWS, _FEWEST_IDS = 20, 3
_SMOOTH = 0.5
_FITTED = re.compile(
    r"(?:fit|fitted(?:_?values?)?|predicted|prediction|predictions|preds?|yhat|y_hat|linear_predictors?|eta|mu)(?:_\w{1,40})?"
    r"|(?:se|std_err|lwr|upr|lower|upper|lcl|ucl|conf_low|conf_high)(?:_?fit|_?pred\w{0,10})?(?:_\w{1,40})?"
    r"|(?:\w{1,20}_)?resid(?:uals?)?(?:_\w{1,20})?|rstandard|rstudent|hat|hatvalues|leverage|cooks?_?d(?:istance)?|dffits?|sigma|dfb\w{0,20}"
    r"|pearson|deviance|anscombe|working|response|s?weighted\d?"
)
_TOLD = re.compile(r"fit|pred|hat|resid|rstandard|rstudent")
_ROW = re.compile(r"row_?names?|rownames|row|obs|observation|index|x|unnamed_0")
# results of tests, counts and summaries are of many
_OF_MANY = frozenset(
    {
        Role.COUNT, Role.PERSON_TIME, Role.MEAN, Role.STANDARD_DEVIATION, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.PERCENTAGE, Role.RATE,
        Role.RATIO, Role.COEFFICIENT, Role.P_VALUE, Role.QUANTILE, Role.MINIMUM, Role.MAXIMUM,
    }
)  # fmt: skip


def of_each(used: Typed, rows: int, smooth: float) -> float:
    """1 where each row is what a model says of one observation, or what is measured of one person at one site.

    Args:
        used: Columns with their roles.
        rows: Rows looked at.
        smooth: How much numbers drift from row to row: predictions along a grid or in time do.
    """
    return max(_fitted(used, rows, smooth), _at_sites(used, rows))


def _fitted(used: Typed, rows: int, smooth: float) -> float:
    """1 where nothing but fits, residuals and their errors stands in the rows, which are in no order and of nothing that is named."""
    if rows < _FEWEST_ROWS or smooth >= _SMOOTH or not used:
        return 0.0
    columns = [(one, normalise(one.name)[0]) for one, _ in used]
    told = [one for one, name in columns if _FITTED.fullmatch(name) and one.numeric]
    others = [one for one, name in columns if not (_FITTED.fullmatch(name) and one.numeric) and not _ROW.fullmatch(name)]
    named = [name for _, name in columns if _FITTED.fullmatch(name) and _TOLD.search(name)]
    return float(not others and bool(named) and any(not _in_order(one) for one in told))


def _in_order(one: Profile) -> bool:
    steps = one.numbers[1:] - one.numbers[:-1]
    return bool((steps >= 0).all() or (steps <= 0).all())


def _at_sites(used: Typed, rows: int) -> float:
    """1 where people, told by an id and their sex or age, come again for each of several sites, and nothing stands there that is of many."""
    if rows < _FEWEST_ROWS or any(role in _OF_MANY for _, role in used):
        return 0.0
    if not any(role in (Role.MARKER, Role.GENE) for _, role in used):
        return 0.0
    ids = [one for one, role in used if role is Role.IDENTIFIER and one.named.get("identifier") and one.levels >= _FEWEST_IDS]
    of_people = [one for one, _ in used if sexes(one) or "person_attribute" in one.named or "body" in one.named]
    return float(bool(ids) and bool(of_people))


__all__ = ["of_each"]
