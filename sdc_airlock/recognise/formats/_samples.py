"""What was found in the genomes of single people, a place or a variant and a person a row: calls of copy numbers, structural variants, new mutations, homozygous stretches."""

from __future__ import annotations

import re

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.lexicon import normalise

# names of columns that say whose genome it is; those of numbers are counts unless they say that they are ids
_WHOSE = frozenset({"sample", "sample_name", "samplename", "child", "proband", "offspring", "trio", "carrier", "carriers", "samples", "individual", "individuals", "indiv", "patient", "patients", "participant", "subject", "donor", "person", "case", "tumor_sample", "tumour_sample", "indv", "ind", "father", "mother", "probands", "family", "fam"})  # fmt: skip
_IDS = frozenset({"sample_id", "sampleid", "sample_ids", "iid", "eid", "indv_id", "individual_id", "carrier_id", "carrier_ids", "child_id", "proband_id", "patient_id", "patientid", "participant_id", "subject_id", "donor_id", "person_id", "personid", "platekey", "tumor_sample_barcode", "tumour_sample_barcode", "family_id", "fid", "trio_id"})  # fmt: skip
# families beside variants are told by their members
_FAMILIES = frozenset({"family", "fam", "family_id", "fid"})
CHROMOSOMES = frozenset({"chr", "chrom", "chromosome", "seqnames", "contig", "chrom1", "chr1", "chra", "chrom_a"})
PLACES = frozenset({"start", "pos", "position", "bp", "loc_start", "begin", "start_position", "pos1", "start1", "chromstart", "chrom_start", "startpos", "start_pos", "startbp", "start_bp"})  # fmt: skip
_LOCUS = re.compile(r"(?:chr)?(?:\d{1,2}|[XY]|MT?)[:_-]\d{3,9}(?:[-_:]\S{0,200})?", re.IGNORECASE)
# a variant by its name in a catalogue or in the nomenclature of HGVS
_NAMED = re.compile(
    r"rs\d{2,}|(?:[A-Za-z]\w{1,15}(?:\.\d+)?(?:\([A-Z0-9-]{2,12}\))?:)?[cgmn]\.[-*]?\d[^\s;,]{1,60}|p\.\(?[A-Z][a-z]{2}\d+\S{1,20}"
)
_PENNCNV = re.compile(r"(?>.*?\bcn=\d++\b).*\bstartsnp=.*", re.IGNORECASE | re.DOTALL)
# counts, and ranges that stand for them
_COUNTED = re.compile(r"[<>=≤≥~ ]*[\d.,]+ ?%?(?: ?(?:to|-|\u2013) ?[\d.,]+ ?%?)?\+?|[*.-]+|N/?A|c|suppressed", re.IGNORECASE)
_MOSTLY, _HALF = 0.9, 0.5
_FEW_NAMES = 8


def samples_on_genome(table: Table, typed: Typed) -> bool:
    """A column that says whose genome a row is of, beside a place on it; or calls of PennCNV, which have no header."""
    columns = [one for one, _, _ in typed]
    if not table.named:
        return any(not one.numeric and share_matching(one.cells, _PENNCNV) > _MOSTLY for one in columns)
    named = {normalise(one.name)[0]: one for one in reversed(columns)}
    telling = {name for name, one in named.items() if _tells(name, one)}
    return bool(telling) and (_placed(named) or (bool(telling - _FAMILIES) and _variants(named)))


def _tells(name: str, one: Profile) -> bool:
    """True for a column that names people; a few names without a number are those of studies and groups."""
    if name in _IDS:
        return one.levels > 0
    if name not in _WHOSE or one.numeric or not one.levels or share_matching(one.cells, _COUNTED) > _HALF:
        return False
    return one.levels >= _FEW_NAMES or any(any(mark.isdigit() for mark in word) for word in one.cells.text)


def _placed(named: dict[str, Profile]) -> bool:
    if CHROMOSOMES & named.keys() and any(named[name].numeric for name in PLACES & named.keys()):
        return True
    return any(not one.numeric and one.levels > 1 and share_matching(one.cells, _LOCUS) > _MOSTLY for one in named.values())


def _variants(named: dict[str, Profile]) -> bool:
    """True where a column names variants."""
    return any(not one.numeric and one.levels > 1 and share_matching(one.cells, _NAMED) > _MOSTLY for one in named.values())


__all__ = ["CHROMOSOMES", "PLACES", "samples_on_genome"]
