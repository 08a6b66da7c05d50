"""Variant lists: who is in a VCF, wherever it is said, and what its sites show."""

from __future__ import annotations

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Grid, Oddity, OddityKind, Table, TextPart, TextRole, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

META = "##fileformat=VCFv4.2\n##contig=<ID=1>\n"
SITES = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
SAMPLES = SITES.rstrip("\n") + "\tFORMAT\tp1\tp2\n"


def content(text: str | bytes, label: str = "vcf", limits: Limits | None = None) -> Content:
    """What the reader says of a text."""
    data = text.encode() if isinstance(text, str) else text
    file_type = FileType(label=label, family=Family.GENOMIC)
    return read(Source.of_bytes(data, part_id="f", name="f"), file_type, file_id="", limits=limits or Limits())


def genomic(found: Content) -> GenomicPart:
    """The genomic part, of which there is one."""
    (part,) = [part for part in found.parts if isinstance(part, GenomicPart)]
    return part


def table(found: Content) -> Table:
    """The table, of which there is one."""
    (part,) = [part for part in found.parts if isinstance(part, Table)]
    return part


def site(position: int, info: str = "AC=210;AN=2000", more: str = "") -> str:
    """One record."""
    return f"1\t{position}\trs{position}\tA\tG\t.\tPASS\t{info}{more}\n"


def test_sample_columns_are_individual() -> None:
    """Sample columns make a VCF individual, and the fields are named."""
    part = genomic(content(META + SAMPLES + site(5, more="\tGT:DP\t0/1:9\t0/0:7")))
    assert (part.samples, part.variants, part.individual) == (2, 1, True)
    assert {"GT", "DP"} <= set(part.fields)


@pytest.mark.parametrize("field", ["DS", "GP", "PL", "AD", "DP"])
def test_any_field_of_a_sample_is_individual(field: str) -> None:
    """Dosages, probabilities and depths of a sample are individual data as much as calls."""
    assert genomic(content(META + SAMPLES + site(5, more=f"\t{field}\t1\t2"))).individual is True


def test_sites_only_is_not() -> None:
    """Sites alone are nobody's, and come as a table with their counts."""
    found = content(META + SITES + "".join(site(position) for position in range(100, 110)))
    assert genomic(found).individual is False
    assert [column.name for column in table(found).columns] == ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "AC", "AN"]
    assert table(found).columns[7].values.to_pylist() == ["210"] * 10


def test_format_without_samples_is_sites() -> None:
    """A FORMAT column without any sample is not individual."""
    assert genomic(content(META + SITES.rstrip("\n") + "\tFORMAT\n" + site(5, more="\tGT"))).individual is False


def test_samples_that_begin_late() -> None:
    """A header of sites does not hide samples in the last record."""
    body = "".join(site(position) for position in range(100, 3100)) + site(9000, more="\tGT\t0/1")
    assert genomic(content(META + SITES + body)).individual is True


def test_body_without_header() -> None:
    """Records without a header are read."""
    part = genomic(content(site(5, more="\tGT\t0|1\t1|1\t0|0")))
    assert (part.samples, part.individual) == (3, True)


def test_header_that_names_samples() -> None:
    """A header with names and no record is put as unknown, and its names as a table."""
    found = content(META + SAMPLES)
    assert genomic(found).individual is None
    assert table(found).columns[0].values.to_pylist() == ["p1", "p2"]


@pytest.mark.parametrize("info", ["GT=0/1", "GTS=0|1,1|1,0|0", "SAMPLES=a1,a2", "SUPP_VEC=010{}"])
def test_samples_inside_info(info: str) -> None:
    """Genotypes, carriers and one state a sample inside INFO are individual data."""
    body = "".join(site(position, info.format("01" if position % 2 else "10")) for position in range(100, 110))
    assert genomic(content(META + SITES + body)).individual is True


def test_numbers_are_no_state_vectors() -> None:
    """Counts whose digits happen to be 0, 1 and 2 are numbers."""
    body = "".join(site(position, "AC=1210;AN=2002;AF=0.12") for position in range(100, 110))
    assert genomic(content(META + SITES + body)).individual is False


def test_exon_numbers_are_no_genotypes() -> None:
    """Annotation with fractions inside is no genotype."""
    body = "".join(site(position, "CSQ=G|missense|1/2|3/9") for position in range(100, 110))
    assert genomic(content(META + SITES + body)).individual is False


def test_several_alleles_get_columns() -> None:
    """A count of each allele is spread over columns, so that no two numbers run together."""
    found = content(META + SITES + site(5, "AC=3,12") + site(6, "AC=40"))
    assert [column.values.to_pylist() for column in table(found).columns[-2:]] == [["3", "40"], ["12", ""]]


def test_lines_that_are_no_variants() -> None:
    """Other lines are told, and given as cells for recognition."""
    found = content(META + SITES + site(5) + "p1,34,M,asthma\np2,35,F,none\n")
    assert genomic(found).individual is None
    assert Oddity(part_id="f", kind=OddityKind.DAMAGED, detail="lines that are no variants", size=2) in found.oddities
    assert [len(part.rows) for part in found.parts if isinstance(part, Grid)] == [2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    """An encoding of wide characters hides no samples."""
    text = META + SAMPLES + site(5, more="\tGT\t0/1\t0/0")
    assert genomic(content(text.encode(encoding))).individual is True


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(end: str) -> None:
    """Every kind of line end is a line end."""
    text = (META + SAMPLES + site(5, more="\tGT\t0/1\t0/0")).replace("\n", end)
    assert genomic(content(text)).samples == 2


def test_a_line_beyond_the_cap_is_a_gap() -> None:
    """A line that is too long is a gap, never a file of sites."""
    found = content(META + SITES + site(5, "X=" + "A" * 3_000_000), limits=Limits(text_bytes=1 << 20))
    assert genomic(found).individual is None
    assert [gap.why for gap in found.unread] == [UnreadReason.LIMIT]


def test_long_list_of_sites_is_streamed() -> None:
    """More sites than the sample are read again in batches, all of them."""
    found = content(META + SITES + "".join(site(position) for position in range(100, 160)), limits=Limits(sample_rows=20))
    held = table(found)
    assert held.sample_rows == 20
    assert held.batches is not None
    assert sum(batch.num_rows for batch in held.batches()) == 60


def test_header_lines_are_text() -> None:
    """The lines of the header are kept, as they may name samples and paths; the list of sequences stands apart."""
    kept = [part for part in content(META + SITES + site(5)).parts if isinstance(part, TextPart)]
    assert sorted("\n".join(part.text for part in kept).splitlines()) == sorted(META.splitlines())
    assert [part.role for part in kept if "##contig" in part.text] == [TextRole.CONFIG]


def test_sequences_are_no_table_of_people() -> None:
    """Hundreds of sequences with their lengths are what every file of an assembly holds; a field of one's own among them is searched."""
    sequences = "".join(f"##contig=<ID=chrUn_{n:05d},length={170_000 + 37 * n}>\n" for n in range(300))
    kept = [part for part in content(META + sequences + SITES + site(5)).parts if isinstance(part, TextPart | Grid)]
    assert {part.role for part in kept if isinstance(part, TextPart) and "chrUn" in part.text} == {TextRole.CONFIG}
    people = "".join(f"##contig=<ID=P{n:05d},length=1,age={30 + n}>\n" for n in range(30))
    kept = [part for part in content(META + people + SITES + site(5)).parts if isinstance(part, TextPart)]
    assert {part.role for part in kept if "age=" in part.text} == {TextRole.METADATA}


def test_no_cell_in_any_message() -> None:
    """What is said of the file holds no cell of it."""
    found = content(META + SAMPLES + site(5, more="\tSECRET7\t0/1\t0/0") + "SECRET8 SECRET9\n")
    said = " ".join((*genomic(found).why, *(oddity.detail for oddity in found.oddities), *(gap.detail for gap in found.unread)))
    assert "SECRET8" not in said
    assert "p1" not in said


def test_bim_and_map() -> None:
    """PLINK variant lists are tables with the columns of the format; more columns are told and kept."""
    found = content("1\trs1\t0\t1000\tA\tG\n1\trs2\t0\t2000\tC\tT\n", "bim")
    assert genomic(found).individual is False
    assert [column.name for column in table(found).columns] == ["CHROM", "ID", "CM", "POS", "A1", "A2"]
    more = content("1 rs1 0 1000 0 1 2 0\n1 rs2 0 2000 2 1 0 0\n", "map")
    assert genomic(more).individual is None
    assert len(table(more).columns) == 8


@pytest.mark.parametrize("info", ["AC=1;GT=0/1", "SAMPLES=a1;AC=2", "V=001020"])
def test_samples_inside_info_of_later_records(info: str) -> None:
    """Thousands of plain sites do not hide what the INFO of later ones holds."""
    body = "".join(site(position) for position in range(100, 20100)) + "".join(site(position, info) for position in range(30000, 60000))
    assert genomic(content(META + SITES + body)).individual is True


def states(position: int, number: int) -> str:
    """A state for each of so many people, which differs from site to site."""
    return "".join("012"[(position * (person + 3) + person) % 7 % 3] for person in range(number))


@pytest.mark.parametrize(
    ("name", "info"),
    [
        ("rs1", lambda position: "D=" + ",".join(states(position, 12))),
        ("rs1", lambda position: "D=" + "|".join(f"{int(state) * 0.97:.2f}" for state in states(position, 12))),
        ("rs1", lambda position: "B=" + states(position, 12).replace("0", "A").replace("1", "N").replace("2", "G")),
        ("rs1", lambda position: ";".join(f"X{place}={state}" for place, state in enumerate(states(position, 14)))),
        ("rs1", lambda position: ";".join(f"p{place}=0/{state}" for place, state in enumerate(states(position, 3)))),
        (None, lambda position: "AC=210;AN=2000"),
        ("rs1", lambda position: f"AC={position % 3};AN=2"),
        ("rs1", lambda position: f"AF={position % 3 / 2};NS=1"),
    ],
    ids=["list", "dosages", "letters", "field a sample", "named fields", "identifier", "two alleles", "one sample"],
)
def test_single_samples_in_site_fields(name: str | None, info) -> None:
    """However the states of samples are written into site fields, they are individual data."""
    body = "".join(
        site(position, info(position)).replace(f"rs{position}\t", f"{name or '0' + states(position, 11)}\t") for position in range(100, 130)
    )
    part = genomic(content(META + SITES + body))
    assert part.individual is True
    assert part.why


@pytest.mark.parametrize(
    "info",
    [
        lambda position: f"DP4={position},3,2,1;PV4=1,0.5,1,0.02;AN=200;AC=14",
        lambda position: f"GQ_HIST=0|0|{position % 3}|0|0|0|1|0|0|0;AC=45;AN=2000",
        lambda position: f"SSR=0;SAO={position % 2};WGT=1;VLD;AC=40;AN=900",
        lambda position: "CONTEXT=ACGTTGCATTG;AC=40;AN=900",
        lambda position: f"I16={position},0,0,0,30,900,0,0,60,3600,0,0,25,625,0,0;AN=80;AC=12",
    ],
    ids=["strands", "histogram", "flags", "context", "sixteen"],
)
def test_ordinary_site_fields(info) -> None:
    """Depths by strand, histograms, flags and flanking bases are annotation."""
    body = "".join(site(position, info(position)) for position in range(100, 130))
    assert genomic(content(META + SITES + body)).individual is False


def test_one_persons_counts_must_hold_on_every_record() -> None:
    """Two alleles on some records are no single person."""
    body = "".join(site(position, f"AC=2;AN={2 if position % 5 else 400}") for position in range(100, 130))
    assert genomic(content(META + SITES + body)).individual is False


def test_reference_blocks_are_put_to_the_checker() -> None:
    """A gVCF is of one sample, also where its column was taken out."""
    body = "".join(f"1\t{position}\t.\tA\t<NON_REF>\t.\t.\tEND={position + 9}\n" for position in range(100, 200, 10))
    assert genomic(content(META + SITES + body)).individual is None


def test_all_site_fields_are_cells() -> None:
    """What is no count stands in a column of its own, a second value of a count too."""
    found = table(content(META + SITES + site(5, "AC=210;NOTE=somebody;AN=4000;AC=seen") + site(6)))
    assert [column.name for column in found.columns[-3:]] == ["AC", "AN", "INFO"]
    assert found.columns[-1].values.to_pylist() == ["NOTE=somebody;AC=seen", ""]


def test_a_format_column_without_samples_is_shown() -> None:
    """Text cannot hide under FORMAT where there are no samples."""
    found = table(content(META + SITES.rstrip("\n") + "\tFORMAT\n" + site(5, more="\tsomebody")))
    assert (found.columns[-1].name, found.columns[-1].values.to_pylist()) == ("FORMAT", ["somebody"])


def test_samples_described_in_the_header() -> None:
    """Lines about samples are a table, and put to the checker."""
    lines = '##SAMPLE=<ID=p1,Assay=WGS,Disease="colon, left">\n##SAMPLE=<ID=p2,Assay=WES>\n##PEDIGREE=<Child=p1,Mother=p2>\n'
    found = content(META + lines + SITES + site(5))
    assert genomic(found).individual is None
    (described,) = [part for part in found.parts if isinstance(part, Table) and part.part_id == "f#header"]
    assert [column.name for column in described.columns] == ["ID", "Assay", "Disease", "Child", "Mother"]
    assert described.columns[2].values.to_pylist() == ["colon, left", "", ""]


def test_free_header_lines_are_a_text_of_their_own() -> None:
    """Header lines that the format does not provide for are text of their own."""
    found = content(META + "##remark=p1 0/1 0/0 1/1\n" + SITES + site(5))
    assert [part.text for part in found.parts if isinstance(part, TextPart) and part.part_id == "f#notes"] == ["remark=p1 0/1 0/0 1/1"]
