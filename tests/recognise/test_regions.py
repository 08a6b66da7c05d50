"""Where tables lie on pages as people make them."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.recognise.regions import Region, find_header, regions


def page(text: str, *, first_row: int = 1, before: str = "", header_rows: int | None = None) -> list[Region]:
    """The tables of a page whose cells are parted by `|`."""
    rows = tuple(tuple(line.split("|")) for line in text.strip("\n").split("\n"))
    return list(
        regions(Grid(part_id="page", rows=rows, source=GridSource.SHEET, first_row=first_row, before=before, header_rows=header_rows))
    )


def rows_of(region: Region) -> list[int]:
    """Page rows of the data of a region."""
    return list(region.row_numbers) or list(range(region.first_row, region.first_row + len(region.body)))


def test_a_title_above_and_notes_below():
    """Caption and footnotes are kept beside the table, not in it."""
    (found,) = page(
        "Table 1: Deaths by region\n\nregion|deaths|population\nNorth|12|1000\nSouth|9|900\nTotal|21|1900\n\nSource: the registry\n* counts are rounded"
    )
    assert found.header == ("region", "deaths", "population")
    assert [row[0] for row in found.body] == ["North", "South", "Total"]
    assert (found.named, found.first_row, found.title) == (True, 4, "Table 1: Deaths by region")
    assert found.notes == "Source: the registry * counts are rounded"


def test_text_before_a_grid_is_its_title():
    """A heading that the reader saw before the grid becomes the title; the first row need not be the first of the sheet."""
    (found,) = page("region|n\nNorth|12\nSouth|9", first_row=5, before="Deaths")
    assert (found.title, found.first_row) == ("Deaths", 6)


@pytest.mark.parametrize(
    "text",
    [
        "region|n\nNorth|12\nSouth|9\n\nsex|age|n\nM|40|3\nF|50|4",
        "region|n\nNorth|12\nSouth|9\n\n\nTable 2: by sex and age\nsex|age|n\nM|40|3\nF|50|4",
        "Table 1: by region\nregion|n\nNorth|12\nSouth|9\n\nTable 2: by sex and age\n\nsex|age|n\nM|40|3\nF|50|4",
        "region|n\nNorth|12\nSouth|9\nsex|age|n\nM|40|3\nF|50|4",
        "region|n\nNorth|12\nSouth|9\n\n|Years|People\nsex|age|n\nM|40|3\nF|50|4",
    ],
)
def test_tables_under_one_another(text):
    """Two tables of one page are two, with an empty row, a caption or nothing but a new header between them."""
    first, second = page(text)
    assert first.header == ("region", "n")
    assert first.body == (("North", "12"), ("South", "9"))
    assert second.header[1].endswith("age")
    assert second.body == (("M", "40", "3"), ("F", "50", "4"))
    lines = text.split("\n")
    assert [lines[row - 1].split("|")[0] for row in rows_of(second)] == ["M", "F"]


def test_a_header_that_comes_again():
    """A header repeated over each page of a printout begins a table anew, and is no row of data."""
    found = page("\n".join(["id|age|bmi", *(f"P{n}|{30 + n}|{20 + n}.5" for n in range(4))] * 3))
    assert [len(one.body) for one in found] == [4, 4, 4]
    assert {one.header for one in found} == {("id", "age", "bmi")}
    assert [one.first_row for one in found] == [2, 7, 12]


def test_remarks_among_numbers_begin_no_table():
    """A row of remarks where numbers are missing stays a row."""
    (found,) = page("region|n|deaths\nNorth|12|1\nSouth|not collected|not collected\nEast|30|2\nWest|31|3\nMiddle|32|6")
    assert len(found.body) == 5


def test_spans_over_columns():
    """A header of two rows gives each column both its words; an empty cell goes on with the one to its left."""
    (found,) = page("|Male||Female|\nage|n|%|n|%\n18-29|10|20|12|24\n30-39|11|22|13|26")
    assert found.header == ("age", "Male n", "Male %", "Female n", "Female %")
    assert found.first_row == 3


def test_a_row_of_units_belongs_to_the_header():
    """Units under the names of columns are no data."""
    (found,) = page("age|bmi|height\nyears|kg/m2|cm\n40|22.1|170\n50|23.5|180\n61|29.0|165")
    assert found.header == ("age years", "bmi kg/m2", "height cm")
    assert len(found.body) == 3


def test_years_as_names_of_columns():
    """Years over numbers are a header."""
    (found,) = page("country|1990|2000|2010\nFrance|10.5|11.5|12.5\nSpain|9.5|10.1|11.2")
    assert found.header == ("country", "1990", "2000", "2010")


def test_rows_marked_as_header_by_the_format():
    """Where the format says how many rows are header, it is believed."""
    (found,) = page("1|2\n3|4\n5|6", header_rows=1)
    assert (found.header, len(found.body)) == (("1", "2"), 2)
    (found,) = page("age|n\n3|4\n5|6", header_rows=0)
    assert (found.named, len(found.body)) == (False, 3)


def test_sections_inside_a_table():
    """A row with nothing but a label divides a table and does not end it, with or without empty rows around."""
    (found,) = page("Characteristic|n|%\nAge (years)||\n18-29|10|20\n30-39|11|22\n\nSex||\nMale|9|10\nFemale|2|3")
    assert [row[0] for row in found.body] == ["Age (years)", "18-29", "30-39", "Sex", "Male", "Female"]
    assert rows_of(found) == [2, 3, 4, 6, 7, 8]


def test_hidden_rows_do_not_tear_a_table():
    """Rows that a redaction left with two cells, between empty rows as Stata prints them, stay rows of their table."""
    lines = ["|Total|White|Asian|Black", "N|9,124|5,366|620|573", "", "Cancer|677 (7.4)|308 (5.7)|37 (6.0)|48 (8.4)", "", "", "Dialysis|/*REDACTED*/", "", "", "Transplant|/*REDACTED*/", "", "", "Dementia|892 (9.8)|820 (15.3)|58 (9.4)|61 (10.6)"]  # fmt: skip
    (found,) = page("\n".join(lines))
    assert [row[0] for row in found.body] == ["N", "Cancer", "Dialysis", "Transplant", "Dementia"]
    assert rows_of(found) == [2, 4, 7, 10, 13]


def test_empty_rows_inside_a_table():
    """Row numbers are those of the page where empty rows lie between records."""
    (found,) = page("a|b|c\n1|2|3\n\n4|5|6\n||\n7|8|9", first_row=10)
    assert rows_of(found) == [11, 13, 15]


def test_no_header():
    """Numbers all through have no header, and no row is lost."""
    (found,) = page("1|2|3\n4|5|6\n7|8|9")
    assert (found.named, found.header, len(found.body), found.first_row) == (False, ("", "", ""), 3, 1)


def test_words_all_through_have_no_header_unless_they_name_something():
    """A first row of answers is data; a first row of names of attributes is a header."""
    assert find_header([("yes", "no"), ("no", "no"), ("yes", "yes"), ("no", "yes")]) == 0
    assert find_header([("sex", "smoking"), ("M", "never"), ("F", "former"), ("M", "never")]) == 1


def test_pairs_of_a_label_and_a_number():
    """Lines of `label, number` have no header, though their labels are words of headers."""
    (found,) = page("n patients|120\nmean age|45.2\nfemale|60")
    assert (found.named, len(found.body)) == (False, 3)


def test_one_row_and_one_column():
    """A lone row is data unless it names columns; a lone column is a table."""
    assert page("12|15|9")[0].body == (("12", "15", "9"),)
    assert page("id|sex|age")[0].header == ("id", "sex", "age")
    (found,) = page("participant\nA1\nA2\nA3")
    assert (found.header, len(found.body)) == (("participant",), 3)


@pytest.mark.parametrize("mark", ["#", "# ", "% ", "// "])
def test_comments_above_a_header(mark):
    """Lines of comment are a title, also where they hold delimiters."""
    (found,) = page(f"{mark}made by a pipeline| version 2\n{mark}on a day\nregion|n\nNorth|12\nSouth|9")
    assert (found.header, len(found.body), found.first_row) == (("region", "n"), 2, 4)
    assert "pipeline" in found.title


@pytest.mark.parametrize(
    "text",
    ["#CHROM|POS|ID|REF\n1|100|rs1|A\n1|200|rs2|C\n1|300|rs3|T", "# x|y\n1|2\n3|4\n5|6", "##source=a tool\n#CHROM|POS\n1|100\n1|200"],
)
def test_a_header_that_begins_as_a_comment(text):
    """`#CHROM` and `# x y` are headers."""
    (found,) = page(text)
    assert found.named
    assert found.header[0].startswith("#")
    assert "rs1" not in found.title


def test_records_that_begin_as_comments():
    """Rows of one width are records, however they begin: nobody hides data behind a `#`."""
    found = page("\n".join([*(f"#{n}|Anna|F|asthma" for n in range(40)), "region|n|p|q", "North|12|1|2", "South|9|1|2"]))
    assert sum(len(one.body) for one in found) >= 40


def test_long_text_around_a_table_is_a_table_of_its_own():
    """What stands above or below is text only as long as people write such text."""
    found = page(
        "\n".join(
            ["region|n|rate", "North|12|1.5", "South|9|2.5", "East|10|2.6", *(f"Anna {n} Smith lives at number {n}" for n in range(60))]
        )
    )
    assert sum(len(one.body) for one in found) >= 60


def test_remarks_in_the_cells_above_a_table():
    """Remarks scattered over the cells above a header are a title."""
    (found,) = page(
        "Lots of people\nsimply cannot resist|||some notes\nat|the|top||of|their sheets\nor|merging|cells\nName|Job|Age|Children|Born|Died\nX Y|singer|69|TRUE|1947-01-08|2016-01-10\nZ W|actor|60|TRUE|1956-10-21|2016-12-27\nV U|poet|90|FALSE|1926-10-18|2017-03-18\nT S|actor|61|TRUE|1956-10-21|2017-12-27\nR Q|judge|79|TRUE|1936-10-21|2016-02-13\nThis||is|also|fun|here"
    )
    assert found.header == ("Name", "Job", "Age", "Children", "Born", "Died")
    assert [row[0] for row in found.body][:3] == ["X Y", "Z W", "V U"]
    assert "merging" in found.title


def test_ragged_rows_are_padded():
    """Rows of different width get the width of the widest."""
    (found,) = page("region|n|pct\nNorth|12\nSouth|9|1|2\nEast|3|4")
    assert {len(row) for row in found.body} == {4}
    assert found.header == ("region", "n", "pct", "")


def test_rulers_and_lone_marks():
    """Lines of dashes are no rows; a row of one mark that stands for a hidden number is."""
    (found,) = page("name|n\n----|----\nA|*\nB|3\n====|====\nC|4")
    assert [row[0] for row in found.body] == ["A", "B", "C"]
    assert rows_of(found) == [3, 4, 6]


def test_a_page_of_nothing():
    """Empty pages hold no table."""
    assert page("") == []
    assert page("|\n|  |\n---|---") == []


_CELLS = st.sampled_from(["", "", "age", "n", "region", "North", "12", "3.5", "<5", "*", "-", "12 (3%)", "2020", "Total", "a longer remark of several words", "# note", "%", "id", "x1", "A17", "Source: us", "----", "/*REDACTED*/", "M", "F", "0"])  # fmt: skip


@given(
    st.lists(st.lists(_CELLS, max_size=6).map(tuple), max_size=24),
    st.sampled_from([GridSource.SHEET, GridSource.RECORDS]),
    st.integers(1, 9),
)
def test_no_cell_is_lost_and_every_row_is_where_it_says(rows, source, first_row):
    """Every cell with a letter or digit comes out in a header, body, title or note, in order, and data rows carry their page row."""
    found = list(regions(Grid(part_id="page", rows=tuple(rows), source=source, first_row=first_row)))
    said = " \0 ".join(" \0 ".join([one.title, *one.header, *(cell for row in one.body for cell in row), one.notes]) for one in found)
    for row in rows:
        for cell in row:
            if any(character.isalnum() for character in cell):
                assert cell in said
    data = sum(cell == "A17" for row in rows for cell in row)
    assert len(re.findall("A17", said)) >= min(data, 1)
    for one in found:
        assert {len(row) for row in one.body} <= {len(one.header)}
        if one.header == ("",) and len(one.body) >= 1 and not one.named:
            continue
        for number, row in zip(rows_of(one), one.body, strict=True):
            assert [cell for cell in rows[number - first_row] if cell.strip()] == [cell for cell in row if cell.strip()]


@given(st.lists(st.lists(st.sampled_from(["1", "2.5", "30", "x", "y z", "", "<5"]), min_size=3, max_size=3), min_size=2, max_size=12))
def test_rows_under_a_header_are_counted(rows):
    """As many records come out, over all tables of a page, as filled rows went in under the header."""
    filled = [row for row in rows if any(row)]
    found = page("\n".join(["id|age|bmi", "A1|40|22.5", "A2|41|23.5", *("|".join(row) for row in filled)]))
    held = sum(len(one.body) + one.named for one in found) + sum(bool(one.notes) + bool(one.title) for one in found)
    assert held <= len(filled) + 3
    assert sum(len(one.body) for one in found) >= 2


def test_a_large_page_is_laid_out():
    """Fifty thousand rows of twenty columns are one table."""
    draw = random.Random(1)
    rows = [tuple(f"h{place}" for place in range(20)), *(tuple(f"{draw.random():.6f}" for _ in range(20)) for _ in range(50_000))]
    grid = Grid(part_id="page", rows=tuple(rows), source=GridSource.DELIMITED)
    (found,) = regions(grid)
    assert len(found.body) == 50_000


def test_decimals_of_four_signs_are_no_years():
    """A first row of numbers under names is data, also where an index has no name."""
    (found,) = page("|Al2O3|Fe2O3\n1|7.68|7.21\n2|8.68|6.74\n3|8.22|7.29")
    assert found.header == ("", "Al2O3", "Fe2O3")
    assert len(found.body) == 3


def test_percentiles_over_numbers_are_names():
    """The ends of intervals as R names them."""
    (found,) = page("|2.5 %|97.5 %\n(Intercept)|-1.80|0.44\nage|-2.66|-0.01\nsexMale|0.14|2.59")
    assert found.header == ("", "2.5 %", "97.5 %")


@pytest.mark.parametrize("first", ["Region|2021|2021|2022|2022", "Region|2021||2022|", "|2021||2022|"])
def test_years_over_words_over_numbers_are_names(first):
    """Years that span the same words again and again are the first row of the header, also in merged cells."""
    (found,) = page(f"{first}\nRegion|Women|Men|Women|Men\nNorth|145|132|155|140\nSouth|210|198|222|205\nTotal|355|330|377|345")
    assert len(found.body) == 3
    assert "2021" in found.header[1]
    assert "Women" in found.header[1]
