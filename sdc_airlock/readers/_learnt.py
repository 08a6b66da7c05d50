"""Where fitted models keep what they were fitted on: names that libraries give, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sdc_airlock.model.learnt import Held, Holding

FRAME = "a data frame"
RANGES = "the smallest and largest value of each variable in the training data"
BORDERS = "thresholds of each variable taken from the training data"
EMBEDDED = "an embedding table with as many rows as there are training records"
_INDEX = "an index of single people"
_NEIGHBOURS = "training records kept by a nearest-neighbour or density model"
_SUPPORT = "support vectors, which are training records"
_PROCESS = "training records kept by a Gaussian process or kernel model"
_EACH = "one value or position for each training record"
_DATA = "the data that the model was fitted on"
_RESIDUALS = "residuals or fitted values, one for each training record"
_WORDS = "a vocabulary taken from the training texts"
_LEVELS = "distinct values of a variable in the training data"
_QUANTILES = "ordered values or thresholds taken from the training data"
_SURVIVAL = "event times of the training data"
_SCORES = "explanations or predictions for single records"
_CLUSTER = "single training records that stand for clusters"

_HOLDERS: dict[str, str] = (
    dict.fromkeys(("_fit_X", "_y", "_fit_data", "_tree", "_raw_data", "_index", "_points", "points", "data_arr", "fit_X"), _NEIGHBOURS)
    | dict.fromkeys(("support_vectors_", "support_vectors", "_support_vectors", "SV", "xmatrix", "ymatrix", "SupportVectors"), _SUPPORT)
    | dict.fromkeys(
        ("X_train_", "y_train_", "X_fit_", "_X_train", "_y_train", "X_train", "y_train", "train_inputs", "train_targets", "X_", "component_indices_"),
        _PROCESS,
    )
    | dict.fromkeys(
        ("embedding_", "affinity_matrix_", "label_distributions_", "transduction_", "dist_matrix_", "dissimilarity_matrix_", "core_distances_",
         "reachability_", "ordering_", "negative_outlier_factor_", "_graph", "graph_", "oob_decision_function_", "oob_prediction_", "row_labels_",
         "probabilities_", "labels_", "core_sample_indices_", "children_", "x_scores_", "y_scores_", "_x_scores", "_y_scores", "inlier_mask_",
         "cv_values_", "estimators_samples_", "_predicted_partial_hazards_", "oob.times", "proximity", "votes", "inbag", "inbag.counts", "na.action", "weights_train", "prior.weights", "offset_train"),
        _EACH,
    )
    | dict.fromkeys(("endog", "exog", "wendog", "wexog", "orig_endog", "orig_exog", "pinv_wexog", "model_frame", "training_data", "trainingData",
                     "frame", "_frame", "fit_data", "orig_data", "train_data", "train_df", "learn", "ptype.data"), _DATA)
    | dict.fromkeys(("resid", "resid_pearson", "resid_deviance", "wresid", "fittedvalues", "residuals", "fitted.values", "linear.predictors",
                     "predicted", "mu", "resid_response", "working.residuals", "loglik_per_obs", "cov.fit", "effects"), _RESIDUALS)
    | dict.fromkeys(("vocabulary_", "stop_words_", "feature_names_", "index_to_key", "key_to_index", "word_index", "index_word", "word_counts"), _WORDS)
    | dict.fromkeys(("categories_", "xlevels", "cat_levels", "encoding_dict_", "category_map"), _LEVELS)
    | dict.fromkeys(("X_thresholds_", "y_thresholds_", "quantiles_", "bin_edges_", "bin_thresholds_"), _QUANTILES)
    | dict.fromkeys(("event_times_", "unique_times_", "event_times", "durations", "event_observed", "event_table", "baseline_survival_",
                     "baseline_hazard_", "baseline_cumulative_hazard_", "timeline"), _SURVIVAL)
    | dict.fromkeys(("shap_values", "lime_explanations", "y_pred", "predictions_", "predictions", "y_score", "shap_interaction_values"), _SCORES)
    | dict.fromkeys(("data_min_", "data_max_", "max_abs_"), RANGES)
    | dict.fromkeys(("cluster_centers_indices_", "medoid_indices_", "medoids_", "subcluster_centers_"), _CLUSTER)
)  # fmt: skip
_HOLDINGS = (
    dict.fromkeys((_NEIGHBOURS, _SUPPORT, _PROCESS, _DATA, _CLUSTER), Holding.RECORDS)
    | dict.fromkeys((FRAME, EMBEDDED, _INDEX, _EACH, _RESIDUALS, _SCORES), Holding.ONE_EACH)
    | dict.fromkeys((_WORDS, _LEVELS, _QUANTILES, _SURVIVAL, BORDERS), Holding.VALUES)
    | {RANGES: Holding.EXTREMES}
)
_PEOPLE = re.compile(
    r"(?:user|patient|person|people|subject|participant|sample|record|individual|pid|eid|nhs_number|id)s?_?(?:to|2)?_?(?:idx|index|map|mapping|lookup|encoder)",
    re.IGNORECASE,
)
_HISTORIES = frozenset({
    "loss_curve_", "train_score_", "validation_scores_", "evals_result_", "_evals_result", "best_score_", "loss_history", "loss", "val_loss",
    "history", "train_loss", "losses", "evaluation_result", "oob_improvement_", "best_loss_", "loss_",
})  # fmt: skip


def held_by(name: str) -> str:
    """What stands under the name of a fitted attribute that holds records, in words; "" where it holds none."""
    last = name.rpartition(".")[2]
    return _HOLDERS.get(name) or _HOLDERS.get(last) or (_INDEX if _PEOPLE.fullmatch(last) else "")


def holding_of(reason: str) -> Holding:
    """How close to a record comes what a reason names; the closest where that is not known."""
    return _HOLDINGS.get(reason, Holding.RECORDS)


def graded(reasons: Mapping[str, int]) -> tuple[Held, ...]:
    """Reasons with their sizes, the gravest first."""
    order = list(Holding)
    found = [Held(holding=holding_of(reason), words=reason, size=size) for reason, size in reasons.items()]
    return tuple(sorted(found, key=lambda each: order.index(each.holding)))


def is_history(name: str) -> bool:
    """True for the course of the loss during training."""
    return name in _HISTORIES
