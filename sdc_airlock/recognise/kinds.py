"""From judged evidence to the kind, the unit of record and the views of a table's columns."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise._assays import Assay, assay
from sdc_airlock.recognise._belied import belied as cells_belie
from sdc_airlock.recognise._claimed_variants import people_listed, people_under
from sdc_airlock.recognise._compact import Compact
from sdc_airlock.recognise._diagnoses import counts_of_diagnoses
from sdc_airlock.recognise._framed import unframed
from sdc_airlock.recognise._kind_names import kinds_of, unit_of
from sdc_airlock.recognise._later import FEWEST, judged_later
from sdc_airlock.recognise._one_sided import one_sided
from sdc_airlock.recognise._placed import counts_in_place, margins, row_labels
from sdc_airlock.recognise._standard import PERHAPS_OF_PEOPLE, as_the_format_says, explained, people_in, with_standard
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import Profile, view
from sdc_airlock.recognise.features import WORDS, features
from sdc_airlock.recognise.first_rows import SURE
from sdc_airlock.recognise.formats import Match, match
from sdc_airlock.recognise.header_text import headed_by_people, serial_headers
from sdc_airlock.recognise.lexicon import matches
from sdc_airlock.recognise.tables import Judged, evidence, judge, shorten, typed_columns

_Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]
_TRANSPOSE_ROWS = 400
_TRANSPOSE_COLUMNS = 4000

_HEADING_WORDS = 3
_MEASURES = frozenset({Role.COUNT, Role.PERCENTAGE, Role.MEAN, Role.STANDARD_DEVIATION, Role.COEFFICIENT, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.P_VALUE, Role.TEST_STATISTIC, Role.RATIO, Role.RATE, Role.QUANTILE, Role.MINIMUM, Role.MAXIMUM})  # fmt: skip
# numbers that are hardly ever whole in all of many rows
_OF_VARIANTS = frozenset({"variant", "gene"})


# formats that say by themselves what their rows are: how many times likelier that class becomes
_FORMAT_CLASSES = {"bim": "variant", "map": "variant", "pvar": "variant", "vcf": "variant", "bed_intervals": "variant", "gff": "variant", "fam": "individual", "psam": "individual", "oxford_sample": "individual", "eigenstrat_ind": "individual"}  # fmt: skip
_FORMAT_ODDS = {"vcf": 10_000.0}
_OTHER_ODDS = 200.0


# cells near the largest float overflow in sums; what comes of that is no evidence, and no error either
@np.errstate(all="ignore")
def recognise_table(table: Table, limits: Limits, label: str = "") -> Recognised:
    """One table: its kind, unit of record, columns and margins, and why.

    Args:
        table: The table.
        limits: Caps.
        label: Type of the file it came from ("bim"), where that says what its rows are; it weighs, and does not decide.
    """
    short = shorten(table)
    typed = typed_columns(short)
    found = features(short, [(one, role) for one, role, _ in typed])
    standard = match(short, typed) if not found["loadings"] else None
    judged = _with_evidence(with_standard(_with_format(judge(found), label), standard), found, table)
    if counts_of_diagnoses(typed):
        judged = _of_groups(judged)
    if standard is None and _is_text(short, typed):
        text = " ".join(word for one, _, _ in typed for word in one.cells.text)
        return Recognised(
            part=table,
            part_id=table.part_id,
            kinds=(Kind.TEXT,),
            probability=0.9,
            unit=Unit.UNKNOWN,
            rows=table.n_rows,
            n_columns=len(typed),
            why=(f"lines of words, {len(text.split())} in all",),
        )
    turned = 0.0 if found["loadings"] else _turned(short, judged, typed)
    belied = max(
        _belied(short, typed), _framed(short), _disguised(standard, short), PERHAPS_OF_PEOPLE * (standard is None and one_sided(typed))
    )
    strange = _strange(typed, judged.first) if standard is None and short.named else ""
    if strange:
        belied = max(belied, PERHAPS_OF_PEOPLE)
    individual = max(judged.probabilities["individual"], turned, belied)
    kinds = kinds_of(judged, typed, short)
    why = tuple(WORDS[name] for name in judged.speaking)
    probability = judged.probabilities[judged.first]
    if standard is not None:
        why = (*standard.why, *why)
    if standard is not None and standard.valid:
        kinds = tuple(dict.fromkeys((standard.format.kind, *kinds)))
        individual = max(individual, people_in(standard))
        probability = max(probability, people_in(standard))
    if belied > max(turned, probability / 2):
        kinds, why = (Kind.INDIVIDUAL_ROWS, *kinds), (strange or "its cells cannot be what its headers say", *why)
        probability = belied
    if turned > judged.probabilities["individual"] and turned > probability:
        kinds, why, probability = (Kind.INDIVIDUAL_ROWS,), ("turned on its side it is one record a column", *why), turned
    measured = assay(short, typed) if standard is None or not standard.valid else None
    if measured is not None:
        individual, kinds, why, probability = _of_assay(measured, individual, kinds, why, probability)
    accounted = explained(standard)
    shape = _genotype(short, accounted)
    if shape is not None:
        kinds = tuple(dict.fromkeys((shape[0], *kinds)))
        why, probability = (*shape[1], *why), max(shape[2], 0.5)
    rows = table.n_rows
    compact = Compact()
    if individual < SURE and shape is None:
        later, rows = judged_later(table, partial(_judged_rows, table, label), compact)
        if later >= SURE:
            individual, kinds, why = (
                later,
                tuple(dict.fromkeys((*kinds, Kind.INDIVIDUAL_ROWS))),
                ("rows further down are of another kind than the first", *why),
            )
    trusted = short.named and kinds[0] is not Kind.GENOTYPE_MATRIX and serial_headers([column.name for column in short.columns]) < 0.5
    cautious = individual >= 0.5 or headed_by_people([column.name for column in short.columns])
    views = tuple(_guarded(view(one, role, reason, trusted=trusted), cautious=cautious) for one, role, reason in typed)
    views = counts_in_place(views, typed, kinds[0], short, judged.probabilities["group"])
    views = as_the_format_says(views, standard)
    margin_rows, margin_columns = margins(short, typed) if short is table else ((), ())
    return Recognised(
        part=table,
        part_id=table.part_id,
        kinds=kinds,
        probability=round(probability, 4),
        individual=round(individual, 4),
        unit=unit_of(judged, kinds[0], typed),
        rows=rows,
        n_columns=len(table.columns),
        why=why,
        columns=views,
        margin_rows=margin_rows,
        margin_columns=margin_columns,
        row_labels=row_labels(short, typed) if not cautious else (),
        format=standard.format.id if standard is not None and standard.valid else "",
        explained=accounted,
        compact=compact.kept() if individual < SURE else (),
    )


# genes or probes by samples are records of people, genes by statistics are not
_OF_SAMPLES, _PERHAPS_OF_SAMPLES, _OF_STATISTICS = 0.97, 0.6, 0.05


def _of_assay(
    found: Assay, individual: float, kinds: tuple[Kind, ...], why: tuple[str, ...], probability: float
) -> tuple[float, tuple[Kind, ...], tuple[str, ...], float]:
    """The judgement on a table of genes or probes, by what stands beside them."""
    if found.samples:
        chance = _OF_SAMPLES if found.sure else _PERHAPS_OF_SAMPLES
        kinds = tuple(dict.fromkeys((Kind.INDIVIDUAL_ROWS, Kind.MATRIX, *kinds)))
        return max(individual, chance), kinds, (found.why, *why), max(probability, chance)
    kinds = tuple(dict.fromkeys((Kind.GENE_RESULTS, *(kind for kind in kinds if kind is not Kind.INDIVIDUAL_ROWS))))
    return min(individual, _OF_STATISTICS), kinds, (found.why, *why), max(probability, 1 - _OF_STATISTICS)


_LOOKED_AT = 500


def _judged_rows(table: Table, label: str, rows: pa.RecordBatch, *, headless: bool) -> float:
    """Probability that some rows of a table, taken by themselves, are single people; `headless` where its header is not theirs."""
    if headless:
        table, label = replace(table, named=False, columns=_nameless(table)), ""
    step = max(1, rows.num_rows // _LOOKED_AT)
    part = _cut(table, rows.take(pa.array(range(0, rows.num_rows, step))))
    typed = typed_columns(part)
    standard = match(part, typed)
    judged = with_standard(_with_format(judge(features(part, [(one, role) for one, role, _ in typed])), label), standard)
    if _genotype(part, explained(standard)) is not None or (standard is not None and standard.wrong):
        return 1.0
    if part.named and (beside := assay(part, typed)) is not None:
        return (_OF_SAMPLES if beside.sure else _PERHAPS_OF_SAMPLES) if beside.samples else _OF_STATISTICS
    return max(judged.probabilities["individual"], _belied(part, typed))


def _nameless(table: Table) -> tuple[Column, ...]:
    return tuple(replace(column, name="") for column in table.columns)


def _cut(table: Table, rows: pa.RecordBatch) -> Table:
    """Some rows as a table of their own, under the same header."""
    columns = tuple(replace(column, values=_written_out(rows.column(place))) for place, column in enumerate(table.columns))
    return Table(part_id=table.part_id, columns=columns, n_rows=rows.num_rows, named=table.named)


def _written_out(values: pa.Array[Any]) -> pa.Array[Any]:
    """Codes as the words they stand for."""
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def _with_format(judged: Judged, label: str) -> Judged:
    """A judgement after weighing in what the format says."""
    name = _FORMAT_CLASSES.get(label)
    if name is None:
        return judged
    odds = _FORMAT_ODDS.get(label, _OTHER_ODDS)
    chances = {key: chance * (odds if key == name else 1.0) for key, chance in judged.probabilities.items()}
    total = sum(chances.values())
    return replace(judged, probabilities={key: chance / total for key, chance in chances.items()})


def _of_groups(judged: Judged) -> Judged:
    """A judgement in which what spoke for people speaks for groups of them."""
    chances = dict(judged.probabilities)
    chances["group"] += chances["individual"] * (1 - _OF_STATISTICS)
    chances["individual"] *= _OF_STATISTICS
    return replace(judged, probabilities=chances)


_FEW_ROWS = 3
_ALL_COUNTS = 0.99
_SPEAKS_OF_PEOPLE = ("attribute_any", "id_named", "id_values", "id_long", "names", "dates_irregular")


def _with_evidence(judged: Judged, found: dict[str, float], table: Table) -> Judged:
    """A judgement on a scrap of two or three rows, halved where nothing in it speaks of people: so little evidence is doubt, not knowledge.

    Whole numbers throughout are rather counts.
    """
    if table.n_rows is None or table.n_rows > _FEW_ROWS or any(found[name] for name in _SPEAKS_OF_PEOPLE):
        return judged
    chances = dict(judged.probabilities)
    chances["individual"] /= 2
    other = "group" if found["crosstab"] > _ALL_COUNTS else "item"
    chances[other] += 1 - sum(chances.values())
    return replace(judged, probabilities=chances)


def _is_text(table: Table, typed: _Typed) -> bool:
    """True for one column of sentences, text that a page laid out in rows; and for one row of two or three words, a line of a heading."""
    if table.sample_rows == 1 and not any(one.numeric for one, _, _ in typed):
        shown = [word for one, _, _ in typed for word in one.cells.text if word]
        return len(shown) <= _HEADING_WORDS and all(word.isalpha() for word in shown)
    if len(typed) != 1 or typed[0][0].numeric:
        return False
    words = [len(word.split()) for word in typed[0][0].cells.text if word]
    return bool(words) and sum(words) / len(words) >= 4


def _guarded(one: ColumnView, *, cautious: bool) -> ColumnView:
    """Where rows may be people, a header is shown only when it is a word of the field: another may be somebody's name."""
    if cautious and not matches(one.name):
        return replace(one, label=f"column {one.index + 1}")
    return one


def _genotype(table: Table, accounted: Collection[int]) -> tuple[Kind, tuple[str, ...], float] | None:
    """Genotypes by shape, whatever the table calls them, in the columns that a standard format does not account for."""
    if accounted:
        table = replace(table, columns=tuple(column for place, column in enumerate(table.columns) if place not in accounted))
        if not table.columns:
            return None
    shape = importlib.import_module("sdc_airlock.recognise.genotype").genotype_shape(table)
    if shape is None:
        return None
    kind = Kind.GENOTYPE_RECORDS if shape.layout in {"records", "long"} else Kind.GENOTYPE_MATRIX
    return kind, shape.why, shape.score


def _turned(table: Table, judged: Judged, typed: _Typed) -> float:
    """Probability that the table is one record a column: it is turned on its side and judged again."""
    rows, width = table.sample_rows, len(table.columns)
    if not table.named or not 4 <= rows <= _TRANSPOSE_ROWS or not 6 <= width <= _TRANSPOSE_COLUMNS:
        return 0.0
    if judged.probabilities["individual"] > 0.9 or _measured(typed):
        return 0.0
    stub = [str(cell or "") for cell in table.columns[0].values.to_pylist()]
    attributes = sum("person_attribute" in matches(cell) or "identifier" in matches(cell) for cell in stub) / rows
    if attributes < 0.5 or len(set(stub)) < rows:
        return 0.0
    cells = [[str(cell if cell is not None else "") for cell in column.values.to_pylist()] for column in table.columns[1:]]
    columns = tuple(
        Column(index=place, name=stub[place], values=pa.array([column[place] for column in cells], pa.string())) for place in range(rows)
    )
    on_side = Table(part_id=table.part_id, columns=columns, n_rows=width - 1, named=True)
    again = judge(features(on_side, [(one, role) for one, role, _ in typed_columns(on_side)]))
    return again.probabilities["individual"]


def _belied(table: Table, typed: _Typed) -> float:
    """Probability that rows are single people where headers name estimates whose cells cannot be any; 0 where they can be."""
    if not table.named or table.sample_rows < FEWEST or not cells_belie(typed):
        return 0.0
    return _without_header(table)


def _strange(typed: _Typed, first: str) -> str:
    """Why rows may be people in a table whose headers say that they are variants, genes, codes or fields; "" where nothing says so."""
    return people_under(typed) if first in _OF_VARIANTS else people_listed(typed) if first == "item" else ""


def _framed(table: Table) -> float:
    """How likely rows written in a programming language are people, without the signs around their values."""
    bare = unframed(table)
    return judge(evidence(bare)).probabilities["individual"] if bare is not None else 0.0


def _without_header(table: Table) -> float:
    """Probability that rows are single people, as it is without the names of the columns."""
    bare = replace(table, named=False, columns=_nameless(table))
    return judge(features(bare, [(one, role) for one, role, _ in typed_columns(bare)])).probabilities["individual"]


def _disguised(standard: Match | None, table: Table) -> float:
    """Probability that rows are people under the header of a standard format that they do not bear out: that header counts for nothing.

    Results by gene look like people without their header, so that these have to be plainly wrong.
    """
    if standard is None or standard.valid:
        return 0.0
    if standard.wrong:
        return PERHAPS_OF_PEOPLE
    return min(_without_header(table), PERHAPS_OF_PEOPLE) if standard.format.unit is Unit.VARIANT else 0.0


def _measured(typed: _Typed) -> bool:
    """True where columns are measures of their own (estimates, counts, n (%)), so that rows are not attributes of people in columns."""
    beside = [(one, role) for one, role, _ in typed[1:]]
    known = sum(role in _MEASURES or one.cells.share(CellKind.PAIR, CellKind.INTERVAL) > 0.3 for one, role in beside)
    return known >= 0.4 * len(beside)


__all__ = ["recognise_table"]
