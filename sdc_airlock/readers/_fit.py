"""Collects what a model says of the data it was fitted on, whichever words its library has for it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from sdc_airlock.model.learnt import Fit, Setting

_RECORDS = frozenset({
    "n_samples_fit_", "n_samples_seen_", "_n_samples", "n_samples_", "nobs", "n_obs", "n_samples", "num.samples", "num_samples", "_n_examples", "n.obs",
    "nobs_total", "n_train", "n_training_samples", "num_train_samples",
})  # fmt: skip
_RESIDUAL = frozenset({"df_resid", "_df_resid", "df.residual", "df_residual", "residual_dof", "dof_resid"})
_CLASSES = frozenset({"class_count_", "apriori", "cluster_sizes_"})
_TRAINED = re.compile(r"(?:(?:train(?:ing)?|learn|validation_0)[._-]?)?(?:loss|logloss|error|rmse|mae|mse|binary_logloss)", re.IGNORECASE)
_HELD_BACK = re.compile(
    r"(?:val(?:id|idation)?(?:_[1-9])?|test|eval|valid_[1-9]|dev)[._-]?(?:loss|logloss|error|rmse|mae|mse|binary_logloss|auc)?",
    re.IGNORECASE,
)
_FEWEST_ROUNDS = 3
_SETTINGS = frozenset({
    "max_depth", "max_features", "min_samples_leaf", "min_samples_split", "splitter", "n_estimators", "bootstrap", "min_child_weight",
})  # fmt: skip
_WORDS = frozenset({"best", "random", "sqrt", "log2", "auto"})
_MOST = 1 << 40


@dataclass
class FitNotes:
    """What was noted so far; see `Fit`."""

    records: int = 0
    free: int = 0
    residual_dof: int | None = None
    smallest_class: int | None = None
    levels: int = 0
    histories: dict[str, float] = field(default_factory=dict)
    settings: dict[tuple[str, str], float | str] = field(default_factory=dict)

    def number(self, name: str, value: Any) -> None:
        """Note a number by the name it stands under."""
        if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > _MOST:
            return
        last = name.rpartition(".")[2] if name not in _RECORDS | _RESIDUAL else name
        if last in _RECORDS and value >= 1:
            self.records = max(self.records, int(value))
        elif last in _RESIDUAL and value >= 0:
            self.residual_dof = int(value) if self.residual_dof is None else min(self.residual_dof, int(value))

    def wants(self, name: str) -> bool:
        """Whether a row of numbers under a name is one to note."""
        return name in _CLASSES or name in _RECORDS or bool(_TRAINED.fullmatch(name) or _HELD_BACK.fullmatch(name))

    def numbers(self, name: str, values: Any) -> None:
        """Note a row of numbers by the name it stands under: sizes of classes, a course of the loss, records by variable."""
        known = [value for value in values if type(value) in (int, float) and math.isfinite(value)]
        if name in _CLASSES and known and all(value >= 0 for value in known):
            self.group(known)
        elif name in _RECORDS and known:
            self.number(name, max(known))
        elif len(known) >= _FEWEST_ROUNDS and (_TRAINED.fullmatch(name) or _HELD_BACK.fullmatch(name)):
            self.histories[name] = known[-1]

    def group(self, sizes: list[Any]) -> None:
        """Note groups of records by size."""
        filled = [round(size) for size in sizes if size > 0]
        if filled:
            smallest = min(filled)
            self.smallest_class = smallest if self.smallest_class is None else min(self.smallest_class, smallest)
            self.records = max(self.records, sum(filled))

    def setting(self, model: str, name: str, value: Any) -> None:
        """Note a setting, where it is one that matters and a word that the library has."""
        if name not in _SETTINGS:
            return
        if value is None or type(value) is bool:
            self.settings[model, name] = "none" if value is None else str(value).lower()
        elif type(value) in (int, float) and math.isfinite(value):
            self.settings[model, name] = float(value)
        elif type(value) is str and value in _WORDS:
            self.settings[model, name] = value

    def said(self) -> Fit:
        """The facts."""
        return Fit(
            records=self.records or None,
            free=self.free or None,
            residual_dof=self.residual_dof,
            smallest_class=self.smallest_class,
            levels=self.levels or None,
            loss_ratio=self._loss_ratio(),
            settings=tuple(Setting(model=model, name=name, value=value) for (model, name), value in self.settings.items()),
        )

    def _loss_ratio(self) -> float | None:
        """The last loss on the training data against the last one on data held back."""
        trained = [value for name, value in self.histories.items() if _TRAINED.fullmatch(name)]
        held_back = [value for name, value in self.histories.items() if _HELD_BACK.fullmatch(name) and not name.lower().endswith("auc")]
        if len(trained) != 1 or len(held_back) != 1 or held_back[0] <= 0 or trained[0] < 0:
            return None
        return trained[0] / held_back[0]
