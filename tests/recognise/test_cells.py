"""What a printed cell says, as people print numbers, dates and hidden counts."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdc_airlock.recognise.cells import MISSING, CellKind, decimals, parse, read_cells, regular_dates, to_float

NUMBERS = [
    ("1,234", 1234, 0),
    ("1.234,5", 1234.5, 1),
    ("1,234.50", 1234.5, 2),
    ("1 234", 1234, 0),
    ("12 345", 12345, 0),
    ("12\u00a0345", 12345, 0),
    ("12\u202f345", 12345, 0),
    ("12\u2009345,5", 12345.5, 1),
    ("1'234", 1234, 0),
    ("1\u2019234", 1234, 0),
    ("1,23,456", 123456, 0),
    ("1.234.567", 1234567, 0),
    ("0,567", 0.567, 3),
    ("12,5", 12.5, 1),
    ("(12)", 12, 0),
    ("[0.25]", 0.25, 2),
    ("3.4e-05", 3.4e-05, 1),
    ("3.4E+05", 3.4e05, 1),
    ("3.4\u00d710\u207b\u2075", 3.4e-05, 1),
    ("3.4 x 10^-5", 3.4e-05, 1),
    ("3.4x10-5", 3.4e-05, 1),
    (".5", 0.5, 1),
    ("5.", 5, 0),
    ("-0", 0, 0),
    ("-.25", -0.25, 2),
    ("+7", 7, 0),
    ("\u22125", -5, 0),
    ("$1,200.50", 1200.5, 2),
    ("\u00a312", 12, 0),
    ("1.22***", 1.22, 2),
    ("1.22 *", 1.22, 2),
    ("12\u2020", 12, 0),
    ("12\u00b2", 12, 0),
    ("4a", 4, 0),
    ("4 b", 4, 0),
    ("\uff11\uff12", 12, 0),
    ("\u0661\u0662\u066b\u0665", 12.5, 1),
    ("1\u200b2", 12, 0),
    ('"12"', 12, 0),
    ("<0.001", 0.001, 3),
    ("< .05", 0.05, 2),
    ("p<0.001", 0.001, 3),
    ("P = 0.03", 0.03, 2),
    (">0.99", 0.99, 2),
]


@pytest.mark.parametrize(("text", "value", "places"), NUMBERS)
def test_numbers_as_people_print_them(text, value, places):
    """A printed number is read with its decimals, whatever signs group its digits."""
    kind, first, second, shown = parse(text)
    assert kind is CellKind.NUMBER
    assert first == pytest.approx(value)
    assert math.isnan(second)
    assert shown == places


@pytest.mark.parametrize(
    ("text", "first", "second", "places"),
    [
        ("12 (3.4%)", 12, 3.4, 100),
        ("12(3.4 %)", 12, 3.4, 100),
        ("12 [3.4%]", 12, 3.4, 100),
        ("1,234 (5.6)", 1234, 5.6, 0),
        ("12 (3.4)", 12, 3.4, 0),
        ("45.1 (3.2)", 45.1, 3.2, 1),
        ("3 (<1%)", 3, 1, 100),
        ("3 (3.4%)*", 3, 3.4, 100),
        ("3 (3.4)a", 3, 3.4, 0),
        ("10% (3)", 10, 3, 100),
        ("3/120", 3, 120, 200),
        ("3 / 1,200", 3, 1200, 200),
        ("3/120 (2.5%)", 3, 120, 200),
        ("3 of 120 (2.5%)", 3, 120, 200),
        ("3 out of 120", 3, 120, 200),
    ],
)
def test_numbers_with_another_beside_them(text, first, second, places):
    """The count of `n (%)` and of `n/N` comes out, with what stands beside it."""
    assert parse(text) == (CellKind.PAIR, pytest.approx(first), pytest.approx(second), places)


def test_a_count_without_its_percentage():
    """A count whose bracket is empty or dashed is still a count with something beside it."""
    for text in ("0 (-)", "3 (\u2013)", "3 (NA)", "3 (.)"):
        kind, first, second, _ = parse(text)
        assert kind is CellKind.PAIR
        assert first in (0, 3)
        assert math.isnan(second)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1.2 [1.0, 1.5]", 1.2),
        ("1.2 (1.0-1.5)", 1.2),
        ("1.2 (1.0\u20131.5)", 1.2),
        ("1.2 (1.0 to 1.5)", 1.2),
        ("1.2(1.0;1.5)", 1.2),
        ("1.2 (95% CI 1.0-1.5)", 1.2),
        ("1.2 (95% CI: 1.0, 1.5)", 1.2),
        ("-0.4 (-0.9, 0.1)", -0.4),
        ("86.0 (79.0-91.0)", 86),
        ("1.2 1.0-1.5", 1.2),
        ("45.1 \u00b1 3.2", 45.1),
        ("45.1 +/- 3.2", 45.1),
    ],
)
def test_estimates_with_their_interval(text, first):
    """An estimate is read out of the interval that follows it."""
    kind, number, _, _ = parse(text)
    assert kind is CellKind.INTERVAL
    assert number == pytest.approx(first)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12%", CellKind.PERCENT),
        ("12.5 %", CellKind.PERCENT),
        ("12,5%", CellKind.PERCENT),
        ("(12%)", CellKind.PERCENT),
        ("(1.0, 1.5)", CellKind.INTERVAL),
        ("[0.9-1.1]", CellKind.INTERVAL),
        *[(text, CellKind.SUPPRESSED) for text in ("<5", "< 5", "\u22645", "<=10", "&lt;5", "(<5)", "[<10]", "\uff1c5", "less than 5", "Fewer than 10", "under 5", "5 or fewer", "<5%", "<5 (1.2%)", "<5 (<1%)", "*", "[c]", "[z]", "c", "~", ":", "/*REDACTED*/", "Suppressed")],
        *[(text, CellKind.BAND) for text in ("1-4", "20-29", "20 \u2013 29", "1 to 4", "65+", "65 and over", "80 or older", "18-29 years", ">5", "\u226565", "<1000", "0.5-1.0", "(18,30]", "[18, 30)", "(-inf, 0.5]", "(90, inf]")],
        *[(text, CellKind.DATE) for text in ("2020-01-31", "2020/01/31", "2020-01-01T10:00:00Z", "2020-01-01 10:00:00.123", "01/02/2020", "31.12.99", "1/2/2020 4:30 PM", "12 Jan 2020", "12-Jan-20", "12jan2020", "03AUG20", "Jan 12, 2020", "3rd March 2021", "Mon 3 Feb 2020")],
        *[(text, CellKind.PERIOD) for text in ("2015/16", "2015-16", "2015-2016", "2015-Q1", "2015 Q1", "Q1 2015", "2015Q1", "FY2015/16", "Jan 2020", "Jan-20", "September 2020", "2020 Jan", "March", "Sept", "2020-W05", "2020-01", "H1 2020")],
        *[(text, CellKind.MISSING) for text in ("", "  ", "NA", "N/A", "#N/A", "nan", "NaN", "NULL", "None", ".", "-", "--", "..", "?", "\u2014", "\u2212", "\u2026", "n.a.", "<NA>", "missing")],
        *[(text, CellKind.TEXT) for text in ("1_000", "12:30", "3:1", "1a2b3c", "12;3", "1.0.2-rc1", "12-34-56-78", "1,234,5", "12,34,5", "1 2", "J45", "Mayor", "marching", "p53", "a", "2 weeks", "10 mg", "5x100", "12 (", "e5", "--5", "9" * 65, "3f2504e0-4f89-11d3")],
    ],
)  # fmt: skip
def test_what_else_a_cell_can_be(text, kind):
    """Percentages, hidden counts, bands, dates, periods, empty marks and words are told apart."""
    assert parse(text)[0] is kind


def test_numbers_too_large_and_without_end():
    """A number that no float holds, and `inf`, are numbers whose worth is not known, in text as in typed columns."""
    for text in ("1e999", "-1e999", "inf", "Inf", "-inf"):
        kind, first, _, _ = parse(text)
        assert kind is CellKind.NUMBER
        assert math.isnan(first)
    typed = read_cells(pa.array([math.inf, -math.inf, 1.5, math.nan, None]))
    assert typed.kinds.tolist() == [CellKind.NUMBER] * 3 + [CellKind.MISSING] * 2
    assert np.isnan(typed.first).tolist() == [True, True, False, True, True]


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_000", "1 2", "1,2,3", "--1", "1" * 65])
def test_what_is_no_number_has_no_float(text):
    """Only printed numbers become floats: what Python would take besides is refused."""
    with pytest.raises(ValueError, match="no number"):
        to_float(text)
    assert decimals(text) == 0


@given(st.text(max_size=200))
@example("1 (1 (1 (1")
@example("\u0661\u066c\u0662")
@example("\u00bd")
@example("(\u2212inf, 5]")
def test_any_text_is_read(text):
    """No text makes the reading of a cell fail, and what it gives is well-formed."""
    kind, first, second, places = parse(text)
    assert isinstance(kind, CellKind)
    assert not math.isinf(first)
    assert not math.isinf(second)
    assert 0 <= places < 300


@given(st.text(alphabet="0123456789.,' -+()[]%<>*/eE\u00b1\u2013\u00a0\u2212naotcJq:;", max_size=70))
def test_any_mix_of_signs_is_read(text):
    """The same for texts made of the signs that numbers are printed with."""
    kind, first, _, _ = parse(text)
    assert kind is not CellKind.NUMBER or not math.isinf(first)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_float_is_read_back(value):
    """Printing a float and reading it gives it back."""
    for text in (repr(value), f" {value!r} ", f"{value!r}*"):
        assert parse(text)[:2] == (CellKind.NUMBER, value)


@given(st.integers(-(10**12), 10**12), st.sampled_from([",", " ", "\u00a0", "\u202f", "'", "_"]))
def test_grouped_whole_numbers_are_read_back(value, sign):
    """A whole number grouped in threes is read back, except by underscore, which nobody prints."""
    text = f"{value:,}".replace(",", sign)
    kind, first, _, places = parse(text)
    if "_" in text:
        assert kind is CellKind.TEXT
    else:
        assert (kind, first, places) == (CellKind.NUMBER, value, 0)


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9).map(lambda value: round(value, 6))), max_size=30))
def test_typed_and_text_columns_give_the_same_numbers(values):
    """A column of floats and the same column printed give the same numbers, kinds and counts."""
    typed = read_cells(pa.array(values, pa.float64()))
    text = read_cells(pa.array([None if value is None else repr(value) for value in values], pa.string()))
    np.testing.assert_array_equal(typed.first, text.first)
    np.testing.assert_array_equal(typed.kinds, text.kinds)
    assert typed.filled == text.filled


@given(
    st.lists(
        st.sampled_from(["1", "2.50", "-3", "+4.125", "1e3", ".5", "7.", "<5", "12 (3%)", "x", "", "1,234", "2020-01-01", "0x10", "1e400"]),
        min_size=1,
        max_size=20,
    ),
    st.integers(500, 700),
)
def test_many_cells_are_read_as_few_are(words, count):
    """The way taken for long columns gives what reading cell by cell gives."""
    long = read_cells(pa.array([*(f"{place}.{place}" for place in range(count)), *words]))
    for place, word in enumerate(words, start=count):
        kind, first, second, places = parse(word)
        assert long.kinds[place] == kind
        np.testing.assert_array_equal([long.first[place], long.second[place]], [first, second])
        assert long.places[place] == places % 100


def test_a_column_that_uses_the_decimal_comma():
    """Where some cells show that the comma stands before decimals, it does so in all, and a point groups thousands."""
    cells = read_cells(pa.array(["1,5", "1,234", "0,567", "12,25", "1.234", "3"]))
    assert cells.first.tolist() == [1.5, 1.234, 0.567, 12.25, 1234, 3]
    grouped = read_cells(pa.array(["1,234", "12,345", "1,234,567", "0,5"]))
    assert grouped.first.tolist() == [1234, 12345, 1234567, 0.5]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2**60 + 1, 2**60 + 2, None]),
        pa.array([1, 2, None], pa.uint64()),
        pa.array(["a", "b", None]).dictionary_encode(),
        pa.array([True, False, None]),
        pa.array([[1], [2, 3], None]),
        pa.array([{"a": 1}, {"a": 2}, None]),
        pa.array([b"\xff\xfe", b"a", None]),
        pa.array([1, 2, None], pa.duration("s")),
        pa.array([1, 2, None], pa.time32("s")),
        pa.array([1, 2, None], pa.date32()),
        pa.array([1, 2, None], pa.timestamp("us", "UTC")),
        pa.array([1, 2, None], pa.decimal128(22, 2)),
        pa.array(["a", "b", None], pa.string_view()),
        pa.array(["a", "b", None], pa.large_string()),
        pa.array(np.array([0.5, 2, np.nan], np.float16)),
        pa.chunked_array([["a"], ["b", None]]),
    ],
    ids=lambda column: str(column.type),
)
def test_columns_of_any_type_are_read(column):
    """Two different cells and an empty one are that in every type a format may hold."""
    cells = read_cells(column)
    assert (len(cells.codes), cells.distinct, cells.filled) == (3, 2, 2)
    assert cells.kinds[2] == CellKind.MISSING


@pytest.mark.parametrize(
    "column",
    [pa.array([], pa.string()), pa.array([], pa.int64()), pa.chunked_array([], pa.string()), pa.array([None, None]), pa.array(["", "NA"])],
)
def test_columns_of_nothing(column):
    """A column without a filled cell has none, whatever its type."""
    cells = read_cells(column)
    assert (cells.filled, cells.distinct) == (0, 0)
    assert cells.share(CellKind.NUMBER) == 0


def test_missing_marks_count_as_one_kind_of_nothing():
    """Different spellings of an empty cell are no different values."""
    cells = read_cells(pa.array(["NA", "", ".", "4", "4", "5"]))
    assert (cells.filled, cells.distinct) == (3, 2)
    assert all(parse(word)[0] is CellKind.MISSING for word in MISSING)


@pytest.mark.parametrize(
    ("words", "regular"),
    [
        (["2020-01-01", "2020-02-01", "2020-03-01"], True),
        (["01/11/2020", "01/12/2020", "01/01/2021"], True),
        (["11/30/2020", "12/31/2020", "01/31/2021"], True),
        (["Oct 2020", "Nov 2020", "Dec 2020", "Jan 2021"], True),
        (["Q3 2020", "Q4 2020", "Q1 2021"], True),
        (["2021-03", "2021-02", "2021-01"], True),
        (["Jan", "Feb", "Mar", "Apr"], True),
        (["2020-01-01", "2020-03-01", "2020-02-01"], False),
        (["2020-01-01", "2020-01-01", "2020-02-01"], False),
        (["31/12/2020", "01/02/2020", "05/06/2020"], False),
        (["2020-01-01", "2020-02-01"], False),
        (["12", "13", "14"], False),
    ],
)
def test_dates_in_order(words, regular):
    """Dates that only rise or only fall make a series, in whatever way they are written."""
    assert regular_dates(read_cells(pa.array(words))) is regular


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "1,",
        "1,111",
        " ",
        "(1",
        "1.1",
        "1-",
        "<",
        "12/",
        "jan ",
        "1 (1 ",
        "1e",
        "111 ",
        "((1",
        "1'111",
        "1%",
        "95% ci ",
        "\u00b9",
        "\u0661",
    ],
)
def test_hostile_cells_are_read_to_their_end(unit):
    """Long runs of digits, blanks and signs send no pattern running back and forth, and are of some kind."""
    for length in range(40, 64):
        for end in ("", "x", ")"):
            assert parse.__wrapped__((unit * 64)[:length] + end)[0] in CellKind
        assert parse.__wrapped__(unit * 100_000)[0] in CellKind


def test_a_long_column_is_read():
    """Two hundred thousand numbers, nearly all different, keep their values."""
    values = np.random.default_rng(1).normal(0, 1, 200_000)
    column = pa.array([f"{value:.6f}" for value in values.tolist()])
    cells = read_cells(column)
    np.testing.assert_allclose(cells.first, np.round(values, 6), atol=1e-9)


def test_a_long_column_is_read_once() -> None:
    """Who asks for the same column again is given the same cells, until many others were asked for."""
    columns = [pa.array([str(place + count) for place in range(6000)]) for count in range(20)]
    assert read_cells(columns[0]) is read_cells(columns[0])
    assert [float(read_cells(column).first[1]) for column in columns] == [float(count + 1) for count in range(20)]
