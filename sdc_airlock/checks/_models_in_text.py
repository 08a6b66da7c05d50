"""Models that stand in a text: decision trees as scikit-learn, Graphviz, R and Weka print them, support vectors of libsvm, clusters of R."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sdc_airlock.model.content import Content, Grid, LeafFact, Serialized, TextPart
from sdc_airlock.model.learnt import Fit, Held, Holding, ModelGroup

_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?(?:[eE][+-]?[0-9]{1,3})?"
_RULED = re.compile(
    r"^[ \t|]{0,400}--- {1,4}([^\n]{1,400})$", re.MULTILINE
)  # a reader of pages may have taken the rules for edges of columns
_BRANCH = re.compile(r"[^\n]{1,300} (?:<=|> ) ?[-0-9.]{1,30}[ |]*$")
_WEIGHTS = re.compile(r"weights: \[([0-9., ]{1,400})\]")
_LEAF = re.compile(r"(?:weights: \[|class: |value: \[)")
_NODE = re.compile(
    rf"(?:gini|entropy|log_loss|squared_error|friedman_mse|mse|mae|absolute_error|poisson|impurity) ?= ?{_NUMBER}(?:\\n|<br ?/?>|&#10;|[ \t\r\n]){{1,20}}"
    r"samples ?= ?([0-9]{1,12}(?:\.[0-9]{1,4}%)?)(?![0-9.%])(?:(?:\\n|<br ?/?>|&#10;|[ \t\r\n]){1,20}value ?= ?\[([-0-9., \\n\r\n]{1,400})\])?"
)
_RPART_HEAD = re.compile(r"node\), split, n, (?:loss|deviance)\b")
_RPART = re.compile(
    rf"^ {{0,60}}([0-9]{{1,12}})\) ([^\n]{{1,300}}?)[ \t]([0-9]{{1,12}})[ \t]+({_NUMBER})[ \t]+([^\s()]{{1,60}})(?:[ \t]+\(([0-9.eE+\- ]{{1,400}})\))?[ \t]+\*[ \t]*$",
    re.MULTILINE,
)
_PARTY = re.compile(r"^ {0,80}[0-9]{1,9}\)\* {1,4}weights = ([0-9]{1,12})", re.MULTILINE)
_PARTYKIT = re.compile(r"^[| ]{0,80}\[[0-9]{1,9}\] [^\n]{1,300}?\(n = ([0-9]{1,12})(?:, err = [^)\n]{1,30})?\)", re.MULTILINE)
_WEKA_HEAD = re.compile(r"(?:J48 (?:un)?pruned tree|^Decision tree:|C5\.0 \[Release|REPTree|^RandomTree$)", re.MULTILINE)
_WEKA = re.compile(rf"^[^\n]{{1,300}}: [^\n():]{{1,80}} \(({_NUMBER})(?:/({_NUMBER}))?\)[ \t]*$", re.MULTILINE)
_LIBSVM = re.compile(r"^svm_type \w{1,30}\r?\nkernel_type \w{1,30}\b[^\0]{1,4000}?^SV\r?\n", re.MULTILINE)
_SPARSE = re.compile(r"^[-+0-9.eE]{1,30}(?: [-+0-9.eE]{1,30}){0,20}(?: [0-9]{1,9}:[-+0-9.eE]{1,30}){1,5000} ?$", re.MULTILINE)
_CLUSTERS = re.compile(r"K-means clustering with [0-9]{1,6} clusters of sizes ([0-9, \n]{1,4000})")
_VECTOR = re.compile(r"^Clustering vector:", re.MULTILINE)
_SIGNS = (
    "|---",
    "samples",
    "node), split",
    "weights = ",
    "(n = ",
    "svm_type",
    "K-means clustering",
    "J48",
    "Decision tree",
    "REPTree",
    "RandomTree",
    "C5.0",
)
_FEWEST_LEAVES = 2
_WHOLE = 1 + 1e-6


@dataclass
class _Printed:
    """A printed model: its leaves, as far as they say how many people they stand for."""

    words: str
    sizes: Counter[int] = field(default_factory=Counter)
    classes: Counter[int] = field(default_factory=Counter)
    pure: int = 0
    unknown: int = 0
    records: int = 0
    group: ModelGroup | None = None
    held: tuple[Held, ...] = ()
    smallest: int | None = None

    def leaf(self, size: float, counts: Iterable[float] = ()) -> None:
        """Note a leaf of so many records, with how many there are of each class."""
        self.sizes[round(size)] += 1
        listed = [count for count in counts if count > 0]
        if len(listed) == 1:
            self.pure += 1
        self.classes.update(round(count) for count in listed)

    def said(self, part_id: str) -> Serialized:
        """The facts."""
        return Serialized(
            part_id=part_id,
            format=self.words,
            runs_code=False,
            groups=(self.group,) if self.group else (),
            held=self.held,
            why=tuple(each.words for each in self.held),
            holds_records=True if self.held else None,
            leaves=tuple(LeafFact(size=size, leaves=count) for size, count in sorted(self.sizes.items())),
            class_counts=tuple(LeafFact(size=size, leaves=count) for size, count in sorted(self.classes.items())),
            pure_leaves=self.pure,
            notes=("leaves of which it is not said how many people they stand for",) if self.unknown else (),
            fit=Fit(records=self.records or None, smallest_class=self.smallest),
        )


def printed_models(content: Content) -> Iterator[Serialized]:
    """Models in the texts and pages of an output, each once where a text and its page tell the same."""
    seen: set[Serialized] = set()
    for part in content.parts:
        if isinstance(part, TextPart):
            text = part.text
        elif isinstance(part, Grid):
            text = "\n".join(" ".join(filter(None, row)) for row in part.rows)
        else:
            continue
        if any(sign in text for sign in _SIGNS):
            for found in _found(text):
                if found is not None and (facts := found.said("")) not in seen:
                    seen.add(facts)
                    yield replace(facts, part_id=part.part_id)


def _found(text: str) -> tuple[_Printed | None, ...]:
    return (_ruled(text), _drawn(text), _rpart(text), _party(text), _weka(text), _libsvm(text), _clusters(text))


def _ruled(text: str) -> _Printed | None:
    """`export_text` of scikit-learn: branches drawn with rules."""
    found = _Printed("a decision tree in text")
    branches = 0
    weights: list[list[float]] = []
    for match in _RULED.finditer(text):
        if not _LEAF.match(match[1]):
            branches += bool(_BRANCH.match(match[1]))
            continue
        said = _WEIGHTS.match(match[1])
        weights.append(_numbers(said[1]) if said else [])
        found.group = ModelGroup.REGRESSION if match[1].startswith("value") else ModelGroup.CLASSIFICATION
    counted = any(sum(each) > _WHOLE for each in weights)  # else they are shares
    for each in weights:
        if counted and each:
            found.leaf(sum(each), each)
        else:
            found.unknown += 1
    found.records = sum(size * count for size, count in found.sizes.items())
    return found if branches >= _FEWEST_LEAVES and sum(found.sizes.values()) + found.unknown >= _FEWEST_LEAVES else None


def _drawn(text: str) -> _Printed | None:
    """Nodes of a drawn tree, in Graphviz or in the text of a figure: every node says how many samples it has."""
    found = _Printed("a decision tree that is drawn")
    for match in _NODE.finditer(text):
        if match[1].endswith("%"):
            found.unknown += 1
            continue
        size = float(match[1])
        shares = _numbers(match[2] or "")
        total = sum(shares)
        counts = [share / total * size for share in shares] if len(shares) > 1 and total > 0 and min(shares) >= 0 else []
        found.leaf(size, counts)
        found.records = max(found.records, round(size))
    return found if sum(found.sizes.values()) + found.unknown > _FEWEST_LEAVES else None


def _rpart(text: str) -> _Printed | None:
    """`print` of rpart and tree in R: leaves are marked by a star."""
    if not _RPART_HEAD.search(text):
        return None
    found = _Printed("a decision tree in text")
    for match in _RPART.finditer(text):
        size, shares = float(match[3]), _numbers(match[6] or "")
        found.leaf(size, [share * size for share in shares] if len(shares) > 1 else ())
        found.group = ModelGroup.CLASSIFICATION if len(shares) > 1 else ModelGroup.REGRESSION
    found.records = sum(size * count for size, count in found.sizes.items())
    return found if sum(found.sizes.values()) >= _FEWEST_LEAVES else None


def _party(text: str) -> _Printed | None:
    """Trees of party and partykit in R."""
    found = _Printed("a decision tree in text")
    for match in (*_PARTY.finditer(text), *_PARTYKIT.finditer(text)):
        found.leaf(float(match[1]))
    return found if sum(found.sizes.values()) >= _FEWEST_LEAVES else None


def _weka(text: str) -> _Printed | None:
    """Trees of Weka and C5.0: records in the leaf, and how many of them are wrong."""
    if not _WEKA_HEAD.search(text):
        return None
    found = _Printed("a decision tree in text", group=ModelGroup.CLASSIFICATION)
    for match in _WEKA.finditer(text):
        size, wrong = float(match[1]), float(match[2] or 0)
        found.leaf(size, (size - wrong, wrong))
    return found if sum(found.sizes.values()) >= _FEWEST_LEAVES else None


def _libsvm(text: str) -> _Printed | None:
    """A model of libsvm: its support vectors are records."""
    head = _LIBSVM.search(text)
    if head is None:
        return None
    vectors = sum(1 for _ in _SPARSE.finditer(text, head.end()))
    held = Held(holding=Holding.RECORDS, words="support vectors, which are training records", size=vectors)
    return _Printed("a support vector machine in text", group=ModelGroup.INSTANCE, held=(held,)) if vectors else None


def _clusters(text: str) -> _Printed | None:
    """`print` of kmeans in R: sizes of the clusters, and the cluster of every record."""
    head = _CLUSTERS.search(text)
    if head is None:
        return None
    sizes = [round(size) for size in _numbers(head[1]) if size > 0]
    vector = Held(holding=Holding.ONE_EACH, words="the cluster of each training record", size=sum(sizes))
    held = (vector,) if _VECTOR.search(text, head.end()) else ()
    return _Printed("clusters in text", group=ModelGroup.STRUCTURE, held=held, records=sum(sizes), smallest=min(sizes, default=None))


def _numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(_NUMBER, text)]
