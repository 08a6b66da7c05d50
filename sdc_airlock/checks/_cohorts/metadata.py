"""Metadata of results against the results themselves: is it these results that they speak of?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.checks import RequestSubject
from sdc_airlock.model.cohort import CarriedCohort

# a table of fewer people than this share of those the metadata count is another study's
_FEWER = 0.5
_SUFFIXES = (".gz", ".bgz", ".zip", ".bz2", ".zst", ".xz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One thing in which metadata and the results they are about differ.

    Attributes:
        address: Part of the metadata, with the path of its file.
        what: What differs, in words.
    """

    address: str
    what: str


def disagreements(request: RequestSubject) -> Iterator[Disagreement]:
    """Whatever metadata of this request say of results of this request that those do not bear out."""
    tables = [
        (each.path, cohort, sum(not one.describes for one in each.cohorts) == 1)
        for each in request.assessments
        for cohort in each.cohorts
        if not cohort.describes
    ]
    for each in request.assessments:
        for metadata in each.cohorts:
            if metadata.describes and metadata.about:
                folder = each.path.rpartition("/")[0]
                address = f"{folder}/{metadata.part_id}" if folder else metadata.part_id
                for path, table, alone in tables:
                    if alone and _belong(each.path, metadata, path, table):
                        yield from (Disagreement(address=address, what=what) for what in _between(metadata, path, table))


def _belong(path: str, metadata: CarriedCohort, other: str, table: CarriedCohort) -> bool:
    """True where metadata are about a file: by its checksum, by its name beside it, or by being named after it."""
    if metadata.md5 and metadata.md5 == table.md5:
        return True
    folder, _, name = other.rpartition("/")
    if path.rpartition("/")[0] != folder:
        return False
    own = path.rpartition("/")[2].lower()
    return _bare(metadata.about) == _bare(name) or own in {
        f"{start}-meta.{end}" for start in (name.lower(), _bare(name), _stem(name)) for end in ("yaml", "yml")
    }


def _between(metadata: CarriedCohort, path: str, table: CarriedCohort) -> Iterator[str]:
    name = path.rpartition("/")[2]
    if _bare(metadata.about) != _bare(name):
        yield "the name of the file"
    if metadata.assembly and (metadata.assembly in table.exceeded or table.assembly not in ("", metadata.assembly)):
        yield "the genome assembly"
    if metadata.from_nought is False and table.from_nought:
        yield "the coordinate system (1-based, and a position is 0)"
    if metadata.ordered and table.ordered is False:
        yield "the order (they are said to be sorted by chromosome and position)"
    if metadata.most_people and table.most_people and not _FEWER * metadata.most_people <= table.most_people <= metadata.most_people:
        yield "the number of people"
    if metadata.least is not None and table.least is not None and table.least < metadata.least * (1 - 1e-6):
        yield "the lowest frequency of an allele"
    if metadata.standard.startswith("GWAS-SSF v") and not table.standard:
        yield "the standard (mandatory columns are not there, or in another order)"


def _bare(name: str) -> str:
    """A name without the ending of its compression."""
    name = name.lower()
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)


def _stem(name: str) -> str:
    bare = _bare(name)
    return bare.rpartition(".")[0] or bare


__all__ = ["Disagreement", "disagreements"]
