"""What models say of the data they were fitted on, written by Python's own pickler with stand-ins for classes of other libraries."""

from __future__ import annotations

import pickle  # noqa: TID251 - what is read here was written by it; nothing is ever loaded
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized
from sdc_airlock.model.learnt import Holding, ModelGroup
from sdc_airlock.readers import Reading
from sdc_airlock.source import Source

Standin = Callable[..., Any]


def facts(data: bytes, name: str = "model.pkl") -> Serialized:
    """What is said of the object itself."""
    source = Source.of_bytes(data, part_id=name, name=name)
    items = list(Reading(limits=Limits()).open(source, identify(source)))
    return next(item for item in items if isinstance(item, Serialized) and "!" not in item.part_id)


def tree(standin: Standin, sizes: tuple[int, int] = (3, 57), shares: tuple[float, ...] = (1.0, 0.0, 0.5, 0.5)) -> Any:
    """A tree of one split, with the shares of two classes in each leaf."""
    nodes = np.zeros(3, dtype=[("left_child", "<i8"), ("n_node_samples", "<i8"), ("threshold", "<f8")])
    nodes["left_child"] = [1, -1, -1]
    nodes["n_node_samples"] = [sum(sizes), *sizes]
    values = np.array([[[0.5, 0.5]], [list(shares[:2])], [list(shares[2:])]])
    return standin("sklearn.tree._tree", "Tree", nodes=nodes, values=values)


def test_what_is_kept_is_graded_and_counted(standin: Standin) -> None:
    """Records come first, values of the data later; each with how many there are."""
    model = standin(
        "sklearn.neighbors._classification",
        "KNeighborsClassifier",
        categories_=["a", "b", "c", "d"],
        _fit_X=np.ones((12, 3)),
        n_samples_fit_=12,
    )
    found = facts(pickle.dumps(model))
    assert [(each.holding, each.size) for each in found.held] == [(Holding.RECORDS, 12), (Holding.VALUES, 4)]
    assert found.fit.records == 12


def test_extremes_alone_are_no_records(standin: Standin) -> None:
    """A scaler keeps smallest and largest values, and no record."""
    found = facts(pickle.dumps(standin("sklearn.preprocessing._data", "MinMaxScaler", data_min_=np.zeros(4), data_max_=np.ones(4))))
    assert [each.holding for each in found.held] == [Holding.EXTREMES]
    assert found.holds_records is None


def test_people_of_each_class_in_a_leaf(standin: Standin) -> None:
    """Shares of classes are turned back into people, as newer releases of scikit-learn store shares."""
    found = facts(
        pickle.dumps(standin("sklearn.tree._classes", "DecisionTreeClassifier", tree_=tree(standin, (3, 40), (1.0, 0.0, 0.9, 0.1))))
    )
    assert [(each.size, each.leaves) for each in found.class_counts] == [(3, 1), (4, 1), (36, 1)]
    assert (found.fit.records, found.fit.free, found.pure_leaves) == (43, 4, 1)


def test_parameters_of_all_trees_are_added(standin: Standin) -> None:
    """A forest has the parameters of its trees; it was fitted on the records of the largest, or on those it states."""
    trees = [standin("sklearn.tree._classes", "DecisionTreeClassifier", tree_=tree(standin)) for _ in range(5)]
    found = facts(pickle.dumps(standin("sklearn.ensemble._forest", "RandomForestClassifier", estimators_=trees, _n_samples=95)))
    assert (found.fit.records, found.fit.free) == (95, 20)


@pytest.mark.parametrize("stored", [np.array([3.0, 57.0]), [3.0, 57.0]])
def test_the_smallest_class(standin: Standin, stored: Any) -> None:
    """Sizes of classes say how many the smallest has, and how many there are in all."""
    found = facts(pickle.dumps(standin("sklearn.naive_bayes", "GaussianNB", class_count_=stored, theta_=np.ones((2, 3)))))
    assert (found.fit.smallest_class, found.fit.records) == (3, 60)


def test_counts_by_value_and_class(standin: Standin) -> None:
    """Naive Bayes on categories keeps a frequency table."""
    model = standin("sklearn.naive_bayes", "CategoricalNB", category_count_=[np.array([[2.0, 40.0], [30.0, 0.0]])])
    assert [each.size for each in facts(pickle.dumps(model)).class_counts] == [2, 30, 40]


def test_values_that_encoders_know(standin: Standin) -> None:
    """The variable with most distinct values counts, whether its values are text or numbers."""
    ids = np.array([f"P{place:05d}" for place in range(80)], dtype=object)
    found = facts(pickle.dumps(standin("sklearn.preprocessing._encoders", "OneHotEncoder", categories_=[np.arange(5), ids])))
    assert found.fit.levels == 80
    label = facts(pickle.dumps(standin("sklearn.preprocessing._label", "LabelEncoder", classes_=np.array(["F", "M"]))))
    assert label.fit.levels == 2


def test_residual_degrees_of_freedom(standin: Standin) -> None:
    """Regressions of statsmodels state them, and how many records there were."""
    model = standin("statsmodels.regression.linear_model", "OLSResults", params=np.ones(31), nobs=33.0, df_resid=2.0, df_model=30.0)
    found = facts(pickle.dumps(model)).fit
    assert (found.records, found.free, found.residual_dof) == (33, 31, 2)


def test_losses_on_training_and_other_data() -> None:
    """The last loss in training is set against the last on data held back."""
    history = {"loss": [1.0, 0.5, 0.1], "val_loss": [1.0, 0.6, 0.4]}
    assert facts(pickle.dumps({"weights": np.ones((4, 4)), "history": history})).fit.loss_ratio == pytest.approx(0.25)
    assert facts(pickle.dumps({"weights": np.ones((4, 4)), "history": {"loss": [1.0, 0.5, 0.1]}})).fit.loss_ratio is None


def test_settings_that_matter(standin: Standin) -> None:
    """Settings of trees are noted, None among them, and no other words of the file."""
    model = standin(
        "sklearn.tree._classes",
        "DecisionTreeClassifier",
        max_depth=None,
        min_samples_leaf=1,
        splitter="jane",
        max_features="sqrt",
        note="943",
    )
    found = {each.name: each.value for each in facts(pickle.dumps(model)).fit.settings}
    assert found == {"max_depth": "none", "min_samples_leaf": 1.0, "max_features": "sqrt"}


def test_embeddings_with_a_row_a_person(standin: Standin) -> None:
    """A table with as many rows as there were records stands for them."""
    model = standin("recommender", "Net", nobs=60, user_to_idx={f"P{place}": place for place in range(60)}, user_embedding=np.ones((61, 8)))
    holdings = {each.words: each.size for each in facts(pickle.dumps({"user.embedding": np.ones((61, 8)), "model": model})).held}
    assert holdings["an embedding table with as many rows as there are training records"] == 61
    assert holdings["an index of single people"] == 60


def test_explanations_are_one_a_person(standin: Standin) -> None:
    """Values of SHAP have a row a person, and an explanation keeps the records that it explains."""
    explained = standin("shap._explanation", "Explanation", values=np.ones((40, 3)), base_values=np.ones(40), data=np.ones((40, 3)))
    found = facts(pickle.dumps(explained)).held
    assert {(each.holding, each.size) for each in found} >= {(Holding.RECORDS, 40), (Holding.ONE_EACH, 40)}


def test_networks_count_what_they_saw(standin: Standin) -> None:
    """Records are what was seen by the rounds; weights are parameters."""
    layer = [np.ones((3, 4)), np.ones((4, 1))]
    model = standin(
        "sklearn.neural_network._multilayer_perceptron",
        "MLPRegressor",
        coefs_=layer,
        intercepts_=[np.ones(4), np.ones(1)],
        t_=600,
        n_iter_=10,
    )
    found = facts(pickle.dumps(model)).fit
    assert (found.records, found.free) == (60, 21)


def test_numbers_that_are_none_say_nothing(standin: Standin) -> None:
    """Sizes that are not finite, negative or beyond all bounds are passed over."""
    model = standin("statsmodels.base.model", "Results", nobs=float("nan"), df_resid=-1.0, n_samples=1e300, loss=["a", "b", "c"])
    assert facts(pickle.dumps(model)).fit == facts(pickle.dumps({})).fit


def test_tensors_of_sequence_models() -> None:
    """Names of tensors tell a transformer."""
    found = facts(pickle.dumps({"encoder.layer.0.self_attn.weight": np.ones((4, 4)), "lm_head.weight": np.ones((4, 9))}))
    assert found.groups == (ModelGroup.SEQUENCE,)
