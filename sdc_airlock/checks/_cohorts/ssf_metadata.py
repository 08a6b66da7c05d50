"""Metadata of GWAS-SSF, the standard of the GWAS Catalog for results of association studies: field by field, as its schema has them.

Fields and their types are those of GWAS-SSF v1.0 (Hayhurst et al., bioRxiv 2022.07.15.500230; table of metadata of the GWAS Catalog, February 2024) and of the
Catalog's own validator. What is read is the graph of the parser: no tag is constructed, and aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from sdc_airlock.stats.assemblies import assembly_named

if TYPE_CHECKING:
    import yaml

_LONGEST = 1 << 16
_DEEPEST = 40
_TELLING = frozenset({"data_file_name", "data_file_md5sum", "gwas_id", "genotyping_technology", "is_harmonised", "genome_assembly"})
_FEWEST_TELLING = 2
_WHOLE = re.compile(r"\d{1,10}")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_UNTOLD = frozenset({"nr", "na", "n/a", "unknown", "unchecked", "not reported"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What metadata of results say, and where they do not follow the standard.

    Attributes:
        values: Text of each field that holds a single value.
        people, cases, controls: Sums over the samples; None where they are not told.
        invalid: Fields that hold something else than they should, each with what is wrong; missing: mandatory fields that are not there.
        lacking: Fields that the Catalog asks for and results can be told from without; unknown: how many fields the standard does not have.
    """

    values: dict[str, str]
    people: int | None
    cases: int | None
    controls: int | None
    invalid: tuple[str, ...]
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    unknown: int

    @property
    def assembly(self) -> str:
        """The assembly they name, "" where it is none of those known here."""
        told = self.values.get("genome_assembly", "")
        return assembly_named(told) or assembly_named(f"build{told.strip()}")


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.+Z-]{4,20})?", text) is not None


def _is_share(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and 0 <= float(text) <= 0.5


def _is_assembly(text: str) -> bool:
    return (
        bool(assembly_named(text) or assembly_named(f"build{text}"))
        or re.fullmatch(r"(?i)T2T-CHM13(?:v[\d.]+)?|CHM13v?[\d.]*", text) is not None
    )


_KINDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "text": (lambda text: bool(text.strip()), "text"),
    "date": (_is_date, "a date written year-month-day"),
    "assembly": (_is_assembly, "a genome assembly"),
    "coordinates": (_matches(r"[01]-based|NR"), "0-based, 1-based or NR"),
    "sex": (_matches(r"M|F|combined|NR"), "M, F, combined or NR"),
    "file type": (_matches(r"pre-GWAS-SSF|non-GWAS-SSF|GWAS-SSF v\d+(?:\.\d+)*|NR"), "a type of file of the Catalog"),
    "checksum": (_matches(r"[0-9A-Fa-f]{32}"), "an MD5 checksum"),
    "accession": (_matches(r"GCST\d+"), "an accession of the Catalog"),
    "truth": (_matches(r"(?i)true|false|yes|no"), "true or false"),
    "share": (_is_share, "a frequency from 0 to 0.5"),
    "count": (lambda text: _WHOLE.fullmatch(text) is not None, "a whole number"),
    "people": (lambda text: _WHOLE.fullmatch(text) is not None and int(text) > 0, "a whole number above 0"),
}
_LISTS = frozenset({"trait_description", "ontology_mapping", "genotyping_technology", "adjusted_covariates", "sample_ancestry", "sample_ancestry_category", "ancestry_method", "analysis_software"})  # fmt: skip
_FIELDS = {
    "gwas_id": "accession",
    "author_notes": "text",
    "gwas_catalog_api": "text",
    "date_metadata_last_modified": "date",
    "date_last_modified": "date",
    "trait_description": "text",
    "ontology_mapping": "text",
    "genome_assembly": "assembly",
    "coordinate_system": "coordinates",
    "genotyping_technology": "text",
    "imputation_panel": "text",
    "imputation_software": "text",
    "sex": "sex",
    "data_file_name": "text",
    "file_type": "file type",
    "data_file_md5sum": "checksum",
    "analysis_software": "text",
    "adjusted_covariates": "text",
    "minor_allele_freq_lower_limit": "share",
    "is_harmonised": "truth",
    "is_sorted": "truth",
    "harmonisation_reference": "text",
}
_SAMPLE = {
    "sample_size": "people",
    "sample_ancestry": "text",
    "sample_ancestry_category": "text",
    "ancestry_method": "text",
    "case_control_study": "truth",
    "case_count": "count",
    "control_count": "count",
}
_NEEDED = (
    ("genome_assembly",),
    ("data_file_name",),
    ("data_file_md5sum",),
    ("file_type",),
    ("date_metadata_last_modified", "date_last_modified"),
)
_ASKED_FOR = ("trait_description", "genotyping_technology", "is_sorted")


class _Reading:
    """One reading of the graph of a document."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.invalid: list[str] = []
        self.unknown = 0

    def fields(self, node: yaml.MappingNode, known: dict[str, str], prefix: str = "") -> dict[str, yaml.Node]:
        """Fields of a mapping that the standard has, each once."""
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key.value, str) else ""
            if name in found:
                self.invalid.append(f"{prefix}{name} (given twice)")
            elif name in known or (name == "samples" and not prefix):
                found[name] = value
            else:
                self.unknown += 1
        return found

    def check(self, name: str, node: yaml.Node, kind: str, prefix: str = "") -> None:
        """Hold one field against its kind."""
        import yaml

        if isinstance(node, yaml.ScalarNode):
            self._scalar(name, node, kind, prefix)
        elif isinstance(node, yaml.SequenceNode) and name in _LISTS:
            if not all(isinstance(each, yaml.ScalarNode) and str(each.value).strip() for each in node.value):
                self.invalid.append(f"{prefix}{name} (no list of texts)")
        else:
            self.invalid.append(f"{prefix}{name} (no single value)")

    def _scalar(self, name: str, node: yaml.ScalarNode, kind: str, prefix: str) -> None:
        text = str(node.value)
        if text in _NOTHING and not node.style:
            return
        fits, words = _KINDS[kind]
        if kind == "people" and node.style in ("'", '"'):
            self.invalid.append(f"{prefix}{name} (text instead of a number)")
        elif not fits(text):
            self.invalid.append(f"{prefix}{name} (not told)" if text.strip().lower() in _UNTOLD else f"{prefix}{name} (not {words})")
        if not prefix:
            self.values[name] = text


def read_metadata(text: str) -> Metadata | None:
    """The metadata of GWAS-SSF in a YAML document; None for other documents, or where it is no YAML."""
    if sum(f"{word}:" in text[:_LONGEST] for word in _TELLING) < _FEWEST_TELLING:
        return None
    return _read(text)


@lru_cache(maxsize=4)
def _read(text: str) -> Metadata | None:
    import yaml

    if len(text) > _LONGEST or max((len(line) - len(line.lstrip(" -\t")) for line in text.splitlines()), default=0) > _DEEPEST:
        return _refused("the document (longer or deeper than metadata are)")
    if text.count("[") + text.count("{") > _LONGEST // 64:
        return _refused("the document (deeper than metadata are)")
    try:
        nodes = list(yaml.compose_all(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    except (yaml.YAMLError, RecursionError):
        return None
    if not nodes or not isinstance(nodes[0], yaml.MappingNode):
        return None
    keys = {key.value for key, _ in nodes[0].value if isinstance(key.value, str)}
    if len(keys & _TELLING) < _FEWEST_TELLING:
        return None
    return _refused("the document (one of several)") if len(nodes) > 1 else _of(nodes[0])


def _refused(why: str) -> Metadata:
    return Metadata(values={}, people=None, cases=None, controls=None, invalid=(why,), missing=(), lacking=(), unknown=0)


def _of(document: yaml.MappingNode) -> Metadata:
    reading = _Reading()
    fields = reading.fields(document, _FIELDS)
    for name, node in fields.items():
        if name != "samples":
            reading.check(name, node, _FIELDS[name])
    told, lacking_of_samples = _samples(fields.get("samples"), reading)
    missing = [group[0] for group in _NEEDED if not any(name in fields for name in group)]
    empty = [group[0] for group in _NEEDED if any(name in fields for name in group) and not any(reading.values.get(name) for name in group)]
    wrong = {each.partition(" ")[0] for each in reading.invalid}
    missing += [name for name in empty if name not in wrong]
    lacking = [name for name in _ASKED_FOR if name not in fields]
    return Metadata(
        values=reading.values,
        people=told.get("sample_size"),
        cases=told.get("case_count"),
        controls=told.get("control_count"),
        invalid=tuple(reading.invalid),
        missing=(
            *missing,
            *(("samples.sample_size",) if "sample_size" not in told and not any("sample" in each for each in wrong) else ()),
        ),
        lacking=(*lacking, *lacking_of_samples),
        unknown=reading.unknown,
    )


def _samples(node: yaml.Node | None, reading: _Reading) -> tuple[dict[str, int], tuple[str, ...]]:
    """Sums of the numbers of people over the samples, and what is not told of them."""
    import yaml

    told: dict[str, int] = {}
    if node is None:
        return told, ()
    if not isinstance(node, yaml.SequenceNode) or not all(isinstance(each, yaml.MappingNode) for each in node.value):
        reading.invalid.append("samples (no list of samples)")
        return told, ()
    if len({id(each) for each in node.value}) < len(node.value):
        reading.invalid.append("samples (one sample by reference to another)")
        return told, ()
    lacking = False
    for sample in node.value:
        fields = reading.fields(sample, _SAMPLE, "samples.")
        for name, value in fields.items():
            reading.check(name, value, _SAMPLE[name], "samples.")
        numbers = dict(_numbers(fields))
        for name, number in numbers.items():
            told[name] = told.get(name, 0) + number
        lacking = lacking or not ({"sample_ancestry", "sample_ancestry_category"} & fields.keys())
        _cases(fields, numbers, reading)
    return told, ("samples.sample_ancestry",) if lacking else ()


def _numbers(fields: dict[str, yaml.Node]) -> Iterator[tuple[str, int]]:
    for name in ("sample_size", "case_count", "control_count"):
        text = str(fields[name].value) if name in fields else ""
        if _WHOLE.fullmatch(text):
            yield name, int(text)


def _cases(fields: dict[str, yaml.Node], numbers: dict[str, int], reading: _Reading) -> None:
    """Counts of cases and controls, which belong to a study of cases and are everybody together."""
    of_cases = "case_control_study" in fields and str(fields["case_control_study"].value).lower() in ("true", "yes")
    counted = [name for name in ("case_count", "control_count") if name in numbers]
    if of_cases and len(counted) < 2:
        reading.invalid.append("samples.case_count (a study of cases without both counts)")
    elif len(counted) == 2 and "sample_size" in numbers and numbers["case_count"] + numbers["control_count"] != numbers["sample_size"]:
        reading.invalid.append("samples.sample_size (not the sum of cases and controls)")


__all__ = ["Metadata", "read_metadata"]
