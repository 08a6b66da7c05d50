"""Individual-level genotypes, in a genomic format or in the shape of an ordinary table."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.model.content import GenomicPart, Table, TextPart, TextRole
from sdc_airlock.model.finding import Finding, Location, Severity
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.recognise.genotype import GenotypeShape, genotype_shape, genotypes_in_text
from sdc_airlock.recognise.states import stacked_tables
from sdc_airlock.recognise.tables import shorten

_REMEDY = (
    "genotypes of single people do not leave: hand in summary statistics by variant (allele frequencies, effect sizes, counts above the threshold) "
    "instead, or leave the file inside"
)
_REMEDY_SITES = "leave the sample names out (bcftools view --drop-genotypes), or say what the sequences are of"
# lists of samples without genotypes are for the checks of identifiers and of individual rows
_LISTS = frozenset({"fam", "psam", "oxford_sample", "eigenstrat_ind"})
_PLACES = 50
# a score from which the shape speaks for itself; below it the checker is asked to look
_PLAIN = 0.99
# primers, probes and guides are shorter than reads
_READ_LETTERS = 50
_READ = r"^[ACGTNacgtn.-]{50,}$"
_FEWEST_READS, _READS_LOOKED_AT, _MOST_READS = 20, 2000, 0.8
_READS = frozenset({"fastq", "sam", "bam", "cram"})


def _genomic(part: GenomicPart) -> Iterator[Finding]:
    """A genomic format that holds, or may hold, data of single samples."""
    if part.individual is False or (part.individual is None and part.format in _LISTS):
        return
    why = "; ".join(part.why)
    if part.individual:
        what = "sequence reads" if part.format in _READS else "individual-level genetic data"
        people = f" of {part.samples} sample(s)" if part.samples else ""
        yield Finding(
            check_id="genotypes",
            rule="format",
            severity=Severity.CRITICAL,
            location=Location(part_id=part.part_id),
            message=f"{what}{people} in the format {part.format} ({why}): a few dozen variants single a person out",
            remedy=_REMEDY,
            count=part.samples or 1,
        )
        return
    yield Finding(
        check_id="genotypes",
        rule="may_hold_samples",
        severity=Severity.MEDIUM,
        location=Location(part_id=part.part_id),
        message=f"a file of the format {part.format} that may describe single samples ({why})",
        remedy=_REMEDY_SITES,
        count=part.samples or 1,
    )


def _labels(recognised: Recognised, table: Table, places: tuple[int, ...]) -> tuple[str, ...]:
    """Names that are safe to show, of the first columns concerned."""
    known = {view.index: view.label for view in recognised.columns}
    columns = [table.columns[place] for place in places[:_PLACES]]
    return tuple(known.get(column.index) or f"column {column.index + 1}" for column in columns)


def _place(recognised: Recognised, table: Table, shape: GenotypeShape) -> Location:
    """Where in a table the genotypes stand: its first rows, and the columns."""
    return Location(
        part_id=table.part_id,
        rows=tuple(range(table.first_row, table.first_row + min(3, table.sample_rows))),
        columns=_labels(recognised, table, shape.columns),
        shape=(table.n_rows or table.sample_rows, len(table.columns)),
    )


_LAYOUTS = {
    "wide": "people in rows",
    "transposed": "markers in rows, people in columns",
    "long": "one call a row, with its sample and marker",
    "strings": "one string of genotypes a row",
    "records": "one person's calls, a marker a row",
    "carriers": "carriers listed by variant",
    "lists": "differences or variants listed by person",
    "types": "types of people by the names of their alleles",
    "notes": "spelt out",
    "windows": "counts of alleles over windows of markers, people in rows",
}


def _shaped(shape: GenotypeShape, location: Location) -> Finding:
    """A table, or a stretch of text, with the shape of genotypes."""
    people = "people" if shape.people is None else f"{shape.people} people or samples"
    markers = "markers" if shape.markers is None else f"{shape.markers} marker(s)"
    plain = shape.score >= _PLAIN
    ratio = () if shape.ratio is None else (f"log-likelihood ratio of {shape.ratio:.0f} against other data of few states",)
    return Finding(
        check_id="genotypes",
        rule=f"shape_{shape.layout}",
        severity=Severity.CRITICAL if plain else Severity.HIGH,
        location=location,
        message=f"{'' if plain else 'likely '}genotypes of {people} at {markers} ({_LAYOUTS[shape.layout]}): {'; '.join((*shape.why, *ratio))}",
        remedy=_REMEDY,
        count=max(len(shape.columns), 1),
    )


def _written(recognised: Recognised) -> Iterator[Finding]:
    """Genotypes pasted into a text."""
    text = recognised.part
    if isinstance(text, TextPart) and text.role is not TextRole.METADATA and (found := genotypes_in_text(text)) is not None:
        shape, line = found
        yield _shaped(shape, Location(part_id=text.part_id, lines=(line, line + max((shape.people or 1) - 1, 0))))


def _sequences(recognised: Recognised, table: Table) -> Iterator[Finding]:
    """Columns whose cells are nothing but bases, longer than primers and probes, and hardly ever the same."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for place, column in enumerate(table.columns):
        if not pa.types.is_string(column.values.type) or table.sample_rows < _FEWEST_READS:
            continue
        cells = column.values.slice(0, _READS_LOOKED_AT)
        if len(cells[0].as_py() or "") < _READ_LETTERS and len(cells[-1].as_py() or "") < _READ_LETTERS:
            continue
        alike = sum(1 for found in pc.match_substring_regex(cells, _READ).to_pylist() if found)
        if alike >= _MOST_READS * len(cells) and pc.count_distinct(cells).as_py() * 2 > len(cells):
            columns.append(place)
    if columns:
        known = {view.index: view.label for view in recognised.columns}
        yield Finding(
            check_id="genotypes",
            rule="sequence_columns",
            severity=Severity.HIGH,
            location=Location(
                part_id=table.part_id,
                columns=tuple(known.get(table.columns[place].index) or f"column {place + 1}" for place in columns),
                shape=(table.n_rows or table.sample_rows, len(table.columns)),
            ),
            message=f"{len(columns)} column(s) of sequences of {_READ_LETTERS} bases or more that hardly ever repeat: reads or haplotypes of samples",
            remedy=_REMEDY,
            count=len(columns),
        )


_GENOTYPES = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS})


@check(id="genotypes", version=1, severity=Severity.CRITICAL)
def genotypes(subject: Subject, params: Params) -> Iterator[Finding]:
    """The output holds genotypes, haplotypes, dosages or sequences of single people.

    ## What it flags
    Genomic formats with samples in them: VCF and BCF with sample columns, gVCF, PLINK 1 and 2, BGEN, GEN, haplotypes, raw data of
    consumer tests, reads, aligned sequences of several people. And ordinary tables by their shape, whatever the columns are called
    and whichever way they are turned: 0/1/2 with any missing code, `A/G`, `AG`, `0|1`, pairs of allele columns, dosages and
    probabilities, long records of sample, marker and call, one string of states a person, states recoded to other symbols
    (three states in Hardy-Weinberg proportions over many columns, neighbours that are correlated), carriers listed by variant,
    marks of any alphabet, fills of cells, lengths of intervals, one run without row ends, one small table a person,
    columns of sequences longer than primers. Genotypes in other numbers are undone first: one-hot columns, likelihoods, steps and
    running sums, lengths of runs, two or four bits and base three, masked or not or under a key that comes again, base64 of packed bytes, places of what is not nought,
    counts of alleles over windows of markers, last digits of other figures, what changes in hundreds of lines of one build. And what no
    cell says: shades, formats and letters of documents and workbooks, steps of drawn lines, blanks, quotes and noughts of a delimited text,
    numbers of runs of a notebook, times, sizes and owners of the members of an archive, how long frames stand, bytes of no known format.
    And genotypes by their own names: HLA types, profiles of repeats, haplogroups a person, lists of differences or variants a person,
    diplotypes of one person, variants with their zygosity, 0, 1 and 2 or dosages of one person beside variants, calls of one sample, sentences, notes
    and lines that tell of a person, variants and zygosities.
    Where states were counted, the log-likelihood ratio that decided is said; what it is worth is measured in `docs/explanation/genotype-fingerprint.md`.
    A header that names samples, and sequences that may be of people, are put to the checker.

    ## Why it discloses
    Some 30 to 80 independent common variants suffice to single a person out, and genotypes stay the same for life, are shared with
    relatives, and can be matched against genealogy services and research data. Removing identifiers does not make them anonymous.

    ## Example flagged
    | sample | v1 | v2 | v3 |
    |---|---|---|---|
    | a | A/G | C/C | T/T |
    | b | A/A | C/T | T/T |

    ## Example passed
    | SNP | effect_allele | other_allele | eaf | beta | se | p |
    |---|---|---|---|---|---|---|
    | rs1 | A | G | 0.31 | 0.042 | 0.011 | 0.0001 |

    Sites-only VCF, scoring weights, matrices of linkage disequilibrium, counts of each genotype, gene lists and primers pass too;
    small counts in them are for `small_counts`.

    ## Blind spots
    Few markers recoded to other words, with neutral names, look like any question with three answers; so do rare variants alone,
    fewer than some 20 people, states that were reduced to carrier or not, and haplotypes without linkage. Answers on a scale of three
    that do not hang together and follow the same curve are called genotypes, and so are independent counts out of a few trials. Genotypes
    that were encrypted, or packed in a way of their own, are for `anomalous_format` or the checker.

    ## Sources
    Lin, Owen, Altman, "Genomic research and human subject privacy", Science 305, p. 183 (2004): 30 to 80 independent variants.
    Homer et al., "Resolving individuals contributing trace amounts of DNA", PLoS Genetics 4(8) (2008).
    Wigginton, Cutler, Abecasis, "A note on exact tests of Hardy-Weinberg equilibrium", AJHG 76 (2005).
    Genomics England, "Airlock rules": individual-level genomic data may not be exported.
    """
    del params  # what is held is fixed by the shape; the profile maps severity to an outcome
    for part in subject.content.parts:
        if isinstance(part, GenomicPart):
            yield from _genomic(part)
    for recognised in subject.recognised:
        table = recognised.unexplained
        if table is not None:
            # recognition looked at the first rows and some of the rest: what it saw there counts, whatever the whole looks like
            shape = genotype_shape(table) or (genotype_shape(shorten(table)) if recognised.kind in _GENOTYPES else None)
            if shape is not None:
                yield _shaped(shape, _place(recognised, table, shape))
            yield from _sequences(recognised, table)
        yield from _written(recognised)
    if stacked := stacked_tables(recognised.table for recognised in subject.recognised if recognised.table is not None):
        first, codes = stacked
        if (shape := genotype_shape(codes)) is not None:
            yield _shaped(shape, Location(part_id=first.part_id, shape=(first.n_rows or first.sample_rows, len(first.columns))))
