"""Expressions on which a line or a cell could be made to match in more ways than anything can try; each took for ever once."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest

from sdc_airlock.checks import _order_statistics
from sdc_airlock.identify import _genomic
from sdc_airlock.readers import _asides, _columns, _dumps, _legacy, _listed, _object_parts, _rprints, _tex, _vectors, _yaml, track, variants
from sdc_airlock.recognise import (
    _cell,
    _certain,
    _framed,
    _genotype_lines,
    _genotype_records,
    _settled,
    _traced,
    features,
    populations,
    statement,
)

MANY = 30_000
TRIED: dict[str, tuple[re.Pattern[str] | re.Pattern[bytes], str, str]] = {
    "numbers of outliers": (_order_statistics._OUTLIERS, "search", "outlier" + "1" * MANY + "x"),
    "a list of numbers": (_order_statistics._LIST, "fullmatch", "1" + " " * MANY + "x"),
    "alleles": (_genomic._ALTERNATE, "fullmatch", "A" + ",A" * MANY + "!"),
    "a number of a genomic file": (_genomic._NUMBER, "fullmatch", "1" * MANY + "x"),
    "a ruler": (_columns.RULER, "fullmatch", "-" * MANY + "x"),
    "uuencoded lines": (_dumps._UU, "search", "begin 644 x\n" + "  \n" * MANY),
    "features of a record": (_rprints._SPARSE, "fullmatch", "1" + " qid:11" * MANY + "x"),
    "a rule of LaTeX": (_tex._RULE, "search", "\\crule" + " " * MANY),
    "gaps of LaTeX": (_tex._RULE, "search", "\\[" * MANY),
    "fields of a track": (track._AUTO_FIELD, "search", " " * MANY),
    "sequences of a header": (variants._SEQUENCE, "match", "##contig=<" + "ID=" * MANY),
    "a number in a header": (populations._HEADER_N, "search", " " * MANY),
    "bases over a site": (_traced._BASES, "fullmatch", "+1" + "T" * MANY + "x"),
    "an ordinary word": (_asides._WORD, "fullmatch", "a" * MANY + "!!"),
    "a number of YAML": (_yaml._NUMBER, "match", "1" * MANY + "x"),
    "a list of genotypes": (_genotype_records.LISTED, "search", "1" + "," * MANY),
    "a long code": (features._LONG_CODE, "search", "Z" * MANY),
    "a numbered name": (_certain._CODE, "fullmatch", "1" * MANY + "!"),
    "an estimate in brackets": (_settled._BRACKETED, "fullmatch", "(1" + ",111" * MANY),
    "a named vector": (_vectors._NAMED, "match", "A<-a" + " " * MANY + "\n!"),
    "a rule of a list": (_listed._RULE, "fullmatch", "|-" + "-" * MANY + "!"),
    "a line of a statement": (statement._LINE, "fullmatch", " " * MANY + "!"),
    "a field of Word": (_legacy._FIELD, "search", "\x13" + "1" * MANY),
    "the end of a frame": (_framed._OPEN_END, "search", "a" * MANY + "!"),
    "states at places": (_genotype_lines._PLACED, "search", "1" * MANY),
    "a plain name": (_object_parts._PLAIN_NAME, "fullmatch", "A" + "_" * MANY + "!"),
    "a cell": (_cell._SIMPLE, "fullmatch", "1" * MANY + "x"),
}


@pytest.fixture
def soon() -> Iterator[None]:
    """Ends a test that takes more than ten seconds of the clock."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", TRIED)
def test_no_expression_takes_for_ever(soon: None, name: str) -> None:
    """A long text that almost matches is told in time that grows with its length alone."""
    expression, how, text = TRIED[name]
    getattr(expression, how)(text.encode() if isinstance(expression.pattern, bytes) else text)


MATCHED = [
    (_genomic._ALTERNATE, "A,<DEL>,*", True),
    (_genomic._ALTERNATE, "ACGT,N]chr1:5]", True),
    (_genomic._ALTERNATE, "A,", False),
    (_columns.RULER, "  +----+-----+  ", True),
    (_columns.RULER, " | -- | -- | ", False),
    (_rprints._SPARSE, "+1 qid:3 1:0.5 2:-1e-3 7:.25 # note", True),
    (_rprints._SPARSE, "1 word", False),
    (_asides._WORD, "co-operate(2),", False),
    (_asides._WORD, "(semi-annual)", True),
    (_order_statistics._LIST, "[12, 15.5; -3]", True),
    (_order_statistics._LIST, "12", False),
    (_traced._BASES, ".,+2ACgt^~,$", True),
    (_cell._SIMPLE, "12.", True),
    (_cell._SIMPLE, ".", False),
]


@pytest.mark.parametrize(("expression", "text", "fits"), MATCHED)
def test_expressions_match_what_they_are_for(expression: re.Pattern[str], text: str, fits: bool) -> None:  # noqa: FBT001
    """What was made quick still matches what it is for, and nothing else."""
    assert bool(expression.fullmatch(text)) == fits
