"""Genes, transcripts or probes in rows: whether the columns beside them are samples (each the record of one person) or statistics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.lexicon import is_total

if TYPE_CHECKING:
    import numpy.typing as npt

_Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]
_FEATURE_ID = re.compile(
    r"ENS[A-Z]{0,4}[GTPE]\d{6,}(?:\.\d+)?(?:[_|].*)?|[cr][gsh]\.?\d{6,}(?:_\w+)?|c[gh][._]\d.*|(?:N|X)[MRP]_\d+(?:\.\d+)?|\d{4,}(?:_[sx])?_at|ILMN_\d+|A_\d\d_P\d+|hsa-(?:miR|let|mir)-\S+|[OPQ]\d[A-Z0-9]{3}\d"
)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{1,9}(?:[-.][A-Z0-9]{1,6})*|C(?:\d{1,2}|X)orf\d+|[A-Z][a-z]{1,5}\d{1,4}[a-z]?\d?")
_CODE = re.compile(r"[A-Z]\d{2}(?:\.?\d{1,2})?")
_ANNOTATION = re.compile(
    r"^(?:chr\w*|start|end|pos(?:ition)?|length|width|strand|entrez\w*|exons?|gc\w*|transcripts?|biotype|description)$", re.IGNORECASE
)
_STATISTIC = re.compile(
    r"(?:^|[\W_])(?:mean|median|avg|average|ave|expr|max|min|sd|se|sem|var|cv|iqr|q\d+|log\d?_?fc|lfc|log\d?foldchange|fold_?change|fc|beta|b|effect|or|hr|z|t|f|stat\w*|score|weight|p|p_?val\w*|pvalue|padj|fdr"
    r"|q_?val\w*|adj_?p\w*|r2?|rho|cor\w*|pct\w*|percent|rank|n|nes|es|loading|lod|h2|pip|coef\w*|estimate|chi\w*|df)\d?(?:$|[\W_])",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"cluster|group|module|cell_?type|factor|topic|tissue|region|stage|grade|decile|quartile|quintile|tertile|wave|^pc[\W_]?\d|^dim|^comp|^k\d|year|chr|"
    r"contrast|fold|model|trait|pheno|signature|pathway",
    re.IGNORECASE,
)
# columns that count people by their genotype, beside variants
_GENOTYPED, _FEWEST_GENOTYPED = re.compile(r"(?:^|[\W_])(?:hom|het|hap|hemi|homref|homalt)", re.IGNORECASE), 3
# what is written into a matrix of genes by tumours
_ALTERED = re.compile(
    r"(?:mut\w*|amp\w*|(?:hom|het|deep|shallow)?_?(?:del|loss|gain)\w*|\w*missense\w*|\w*nonsense\w*|\w*frame_?shift\w*|\w*in_?frame\w*|\w*splice\w*|trunc\w*|\w*fusion\w*|multi_?hit|stop_?\w+|wt|wild_?type|snv|indel"
    r"|het|hom|p\.\S+|c\.\S+|[A-Z*]\d{1,5}(?:[A-Z*]|fs\S*|_\S+))(?:[;,|/ ]+|$)",
    re.IGNORECASE,
)
_RS = re.compile(r"rs\d+")
_LEVEL = re.compile(r"tpm|fpkm|rpkm|rpm|cpm|(?:raw|est|expected|read|umi)_?counts?|num_?reads|npx|lfq", re.IGNORECASE)
_POPULATION = re.compile(r"(?:af|eaf|maf|freq|aaf)?[_. ]?(?:afr|amr|eas|eur|sas|asj|fin|nfe|mid|oth|remaining|ami|ceu|yri|chb|jpt|chs|gbr|tsi|ibs|gih|pjl|lwk|asw|mxl|pur|clm|pel|all|global|total)(?:_af)?", re.IGNORECASE)  # fmt: skip
_CHANCES = frozenset({"p", "pval", "pvalue", "q", "fdr"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ROWS, _COLUMNS = 20, 4
_NAMED, _SYMBOLS, _DIGITS, _MOSTLY = 0.6, 0.9, 0.2, 0.8
_READS = 100
_MOST_COLUMNS, _SCALE, _LIKE = 60, 10.0, 0.6
_FEW = 8
_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Assay:
    """Rows of genes or probes.

    Attributes:
        samples: True where the columns beside them are samples, False where they are statistics.
        sure: False where the columns rise and fall together as samples do, but may be means of groups.
        why: Evidence in words.
    """

    samples: bool
    why: str
    sure: bool = True


def assay(table: Table, typed: _Typed) -> Assay | None:
    """What stands beside genes or probes.

    Args:
        table: The table, shortened.
        typed: Its columns.

    Returns:
        None where rows are no genes or probes, or the columns may be either (means by tissue, say): other evidence decides.
    """
    if not table.named:
        return None
    if len(typed) <= _COLUMNS:
        return _of_one_sample(table, typed)
    altered = _altered([one for one, _, _ in typed if not one.numeric])
    if altered is not None:
        return altered
    if table.sample_rows < _ROWS:
        return None
    if not any(_features(one) for one, _, _ in typed[:3] if not one.numeric):
        return None
    beside = [one for one, role, _ in typed if one.numeric and role is not Role.INDEX and not _ANNOTATION.match(one.name.strip())]
    if len(beside) < _COLUMNS or len({one.name for one in beside}) < len(beside):
        return None
    names = [_CAMEL.sub("_", one.name.strip()) for one in beside]
    if sum(bool(_GENOTYPED.search(name)) for name in names) >= _FEWEST_GENOTYPED:
        return None
    left = [_STATISTIC.sub("_", name) for name in names]
    lettered = _lettered(names)
    statistics = 0 if lettered else sum(bool(_STATISTIC.search(name)) for name in names)
    counted = _counted(beside)
    kind = "counts of reads" if counted else "levels"
    if statistics == len(names) and _numbered(names) and (counted or _no_statistics(names, beside)):
        return Assay(samples=True, why=f"genes or probes by {len(names)} numbered columns: {kind}, a column a sample")
    if statistics >= _MOSTLY * len(names):
        if len(names) > _FEW and sum(any(map(str.isdigit, rest)) for rest in left) >= _MOSTLY * len(names):
            return None  # beta_1, beta_2, ... are samples as well as anything
        return Assay(samples=False, why=f"genes or probes by {len(names)} columns that their headers call statistics")
    if statistics:
        return None
    numbered = sum(any(map(str.isdigit, name)) and not name.isdigit() for name in names)
    grouped = any(_GROUP.search(name) for name in names)
    told_apart = lettered or numbered >= _MOSTLY * len(names)
    if not told_apart and any(is_total(one.name) for one in beside):
        return None  # classes of something are added up, samples are not
    if not grouped and (told_apart or counted):
        return Assay(samples=True, why=f"genes or probes by {len(names)} samples: {kind}, a column a sample")
    if all(_POPULATION.fullmatch(name) for name in names) and any(share_matching(one.cells, _RS) > _MOSTLY for one, _, _ in typed):
        return None  # frequencies of alleles
    if len(beside) > _COLUMNS and _together([one.numbers for one in beside]):
        words = f"genes or probes by {len(names)} columns that rise and fall together, as levels in samples do (or means of groups)"
        return Assay(samples=True, sure=False, why=words)
    return None


def _of_one_sample(table: Table, typed: _Typed) -> Assay | None:
    """Genes and their levels in one sample: a column of levels, which nothing calls a mean."""
    levels = [one for one, role, _ in typed if one.numeric and role is not Role.INDEX and not _ANNOTATION.match(one.name.strip())]
    genes = any(role is Role.GENE or _features(one) for one, role, _ in typed if not one.numeric)
    if table.sample_rows < _ROWS or not genes or not levels or not all(_LEVEL.fullmatch(one.name.strip()) for one in levels):
        return None
    return Assay(samples=True, sure=False, why="genes or probes and their levels, as they are measured in one sample")


def _counted(beside: Sequence[Profile]) -> bool:
    """True for whole numbers throughout, some of them large, as reads are counted."""
    return all(one.whole and one.non_negative for one in beside) and max(float(np.nanmax(one.numbers)) for one in beside) > _READS


def _numbered(names: Sequence[str]) -> bool:
    """True for one letter or word with running numbers behind it (P1, P2, P3 ...); components are numbered too, and are none."""
    stems = {name.rstrip("0123456789").lower() for name in names}
    return len(stems) == 1 and all(name[-1:].isdigit() for name in names) and not any(_GROUP.search(name) for name in names)


def _no_statistics(names: Sequence[str], beside: Sequence[Profile]) -> bool:
    """True where columns numbered as p-values are no probabilities."""
    stem = names[0].rstrip("0123456789_. ").lower()
    return stem in _CHANCES and any(float(np.nanmax(one.numbers)) > 1 for one in beside)


def _altered(words: Sequence[Profile]) -> Assay | None:
    """Genes by tumours, each cell what is altered, as drawings of mutations need it: a column a person, whatever the columns are called."""
    beside = [one for one in words if _says_altered(one)]
    genes = [one for one in words if one.unique >= _SYMBOLS and share_matching(one.cells, _SYMBOL) >= _SYMBOLS]
    if len(beside) < _FEW or not genes:
        return None
    return Assay(samples=True, why=f"genes by {len(beside)} samples: what is altered in each")


def _says_altered(one: Profile) -> bool:
    words = [word.strip() for word in one.cells.text if word.strip()]
    return bool(words) and sum(bool(_ALTERED.match(word)) for word in words) >= _MOSTLY * len(words)


def _lettered(names: Sequence[str]) -> bool:
    """True for columns that are only told apart by letters in their order, as samples are: B, F and T among them are no statistics."""
    return len(names) >= _FEW and all(len(name) == 1 and name.isalpha() for name in names) and list(names) == sorted(names)


def _together(columns: Sequence[npt.NDArray[np.float64]]) -> bool:
    """True where genes that are high in one column are high in most others, on one scale."""
    values = np.nan_to_num(np.stack([column[:_LOOKED_AT] for column in columns[:_MOST_COLUMNS]]))
    middles = np.median(np.abs(values), axis=1)
    if middles.min() <= 0 or middles.max() > _SCALE * middles.min():
        return False
    ranks = values.argsort(axis=1).argsort(axis=1)
    if (values.std(axis=1) == 0).any():
        return False
    pairs = np.asarray(np.corrcoef(ranks))[np.triu_indices(len(values), 1)]
    return float(np.median(pairs)) > _LIKE


def _features(one: Profile) -> bool:
    """True for a column of ids of genes, transcripts or probes that hardly come again."""
    words = [word.strip() for word in one.cells.text[:_LOOKED_AT] if word]
    if one.unique < _MOSTLY or not words:
        return False
    if sum(bool(_FEATURE_ID.fullmatch(word)) for word in words) >= _NAMED * len(words):
        return True
    symbols = [word for word in words if _SYMBOL.fullmatch(word) and not _CODE.fullmatch(word)]
    makes = Counter(re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "0", word)) for word in symbols)
    if not symbols or makes.most_common(1)[0][1] > _NAMED * len(symbols):
        return False  # ids of one make are those of people as well as of genes
    return len(symbols) >= _SYMBOLS * len(words) and sum(any(map(str.isdigit, word)) for word in symbols) >= _DIGITS * len(words)


__all__ = ["Assay", "assay"]
