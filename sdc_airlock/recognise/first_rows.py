"""What the first rows of a long table settle, before the others are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdc_airlock.recognise.features import features
from sdc_airlock.recognise.tables import judge, shorten, typed_columns

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

# probability from which rows are people whatever comes after them
SURE = 0.9


def surely_people(table: Table) -> bool:
    """True where the first rows of a table are one a person beyond doubt; later rows may add findings, and take none away."""
    import numpy as np

    short = shorten(table)
    with np.errstate(all="ignore"):
        judged = judge(features(short, [(one, role) for one, role, _ in typed_columns(short)]))
    return judged.probabilities["individual"] >= SURE


__all__ = ["SURE", "surely_people"]
