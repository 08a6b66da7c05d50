"""More bytes, rows or files than the profile allows, or than an output of its kind needs."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.model.content import Container, Figure, Grid, Table, TextPart
from sdc_airlock.model.finding import Finding, Location, Severity
from sdc_airlock.model.recognised import Recognised

_WINDOW = 16 * 1024
_WINDOWS = 24
_CELLS = 4096
_LONG_CELL = 16
_PLAIN_PIXELS = frozenset({"png", "jpeg", "bmp", "webp"})
_HEADER_BYTES = 256 * 1024
_REMEDY = "submit only what the publication needs, or explain to the checker why it is this large"


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """The outputs of a request together."""
    total = sum(assessment.size_bytes for assessment in request.assessments)
    yield from _above("", "max_files", "outputs in one request", len(request.assessments), params["max_files"])
    yield from _above("", "max_request_bytes", "bytes in one request", total, params["max_request_bytes"])


@check(
    id="anomalous_size",
    version=1,
    rules=(
        "max_file_bytes",
        "max_rows",
        "max_columns",
        "max_text_bytes",
        "max_expanded_bytes",
        "max_files",
        "max_request_bytes",
        "expected_bytes",
        "expected_rows",
        "figure_bytes_per_pixel",
        "dense_text_share",
        "dense_text_bytes",
    ),
    severity=Severity.MEDIUM,
    on_request=_request,
)
def anomalous_size(subject: Subject, params: Params) -> Iterator[Finding]:
    """The output is larger than the profile allows, or than an output of its kind needs to be.

    ## What it flags
    Bytes, rows, columns, expanded size, number of outputs and the total of a request above the profile's limits (`max_...`);
    a kind of output above what it needs (`expected_bytes`, `expected_rows`): a chart of 40 MB, a frequency table of 2 million
    rows; a figure with more bytes than its pixels can fill; text that hardly compresses, as encoded data does
    (`dense_text_share`).

    ## Why it discloses
    Results are small. What is much larger than its kind needs mostly holds the data it was made from, openly or packed
    inside. Size is also the one trace that a bulk copy always leaves.

    ## Example flagged
    A frequency table of two million rows: no reader wants them, and most of its cells describe very few people.

    ## Example passed
    Genome-wide summary statistics with ten million variants: long by nature.

    ## Blind spots
    Data taken out slowly, in small outputs over many requests. A packed payload that is short, or spelt out in words.

    ## Sources
    OpenSAFELY documentation, requesting file release: 16 MB and 5,000 rows (2026); UK Biobank, message to participants of
    23 April 2026 on limits to file size; All of Us, egress alerts on download volume.
    """
    part_id = subject.part_id
    yield from _above(part_id, "max_file_bytes", "bytes", subject.size_bytes, params["max_file_bytes"])
    yield from _above(part_id, "max_expanded_bytes", "bytes once expanded", subject.content.expanded_bytes, params["max_expanded_bytes"])
    yield from _tables(subject, params)
    yield from _kinds(subject, params, part_id)
    yield from _pixels(subject, params["figure_bytes_per_pixel"])
    yield from _texts(subject, params)


def _tables(subject: Subject, params: Params) -> Iterator[Finding]:
    """Rows and columns of every part, against the limits of the profile."""
    for part in subject.content.parts:
        if isinstance(part, Grid):
            rows, columns = len(part.rows), max(map(len, part.rows), default=0)
        elif isinstance(part, Table):
            rows, columns = _rows(part, subject), len(part.columns)
        else:
            continue
        yield from _above(part.part_id, "max_rows", "rows", rows, params["max_rows"])
        yield from _above(part.part_id, "max_columns", "columns", columns, params["max_columns"])


def _rows(table: Table, subject: Subject) -> int:
    """Rows of a table; of a streamed one that nobody counted, an estimate from the bytes that its sample takes."""
    if table.n_rows is not None:
        return table.n_rows
    sampled = sum(column.values.nbytes for column in table.columns)
    written_out = max(subject.size_bytes, subject.content.expanded_bytes)
    return max(table.sample_rows, int(written_out * table.sample_rows / sampled)) if sampled else table.sample_rows


def _kinds(subject: Subject, params: Params, part_id: str) -> Iterator[Finding]:
    """Rows of each part and bytes of the output, against what its kinds need."""
    for item in subject.recognised:
        rows = item.rows if item.rows is not None else (_rows(item.table, subject) if item.table else None)
        usual = _usual(item, params["expected_rows"])
        if rows is not None and usual is not None:
            yield from _unusual(item.part_id, "expected_rows", f"rows for a {_words(item)}", rows, usual)
    needs = [_usual(item, params["expected_bytes"]) for item in subject.recognised]
    packed = any(isinstance(part, Container) for part in subject.content.parts)
    if needs and not packed and None not in needs:
        largest = max(subject.recognised, key=lambda item: _usual(item, params["expected_bytes"]) or 0)
        yield from _unusual(
            part_id, "expected_bytes", f"bytes for a {_words(largest)}", subject.size_bytes, sum(need or 0 for need in needs)
        )


def _usual(item: Recognised, table: Mapping[str, int]) -> int | None:
    """What the most demanding kind of a part needs; None where one of its kinds has no bound."""
    bounds = [table[kind.value] for kind in item.kinds if kind.value in table]
    return max(bounds) if bounds and len(bounds) == len(item.kinds) else None


def _pixels(subject: Subject, per_pixel: int) -> Iterator[Finding]:
    """A picture that is the whole output, with more bytes than its pixels can fill."""
    figures = [part for part in subject.content.parts if isinstance(part, Figure)]
    if len(figures) != 1 or figures[0].format not in _PLAIN_PIXELS or subject.content.file_type.label != figures[0].format:
        return
    room = figures[0].width * figures[0].height * per_pixel + _HEADER_BYTES
    if subject.size_bytes > room:
        message = f"the picture has {subject.size_bytes:,} bytes, its pixels fill at most {room:,}: it holds something else too"
        yield _finding(
            Severity.HIGH, "figure_bytes_per_pixel", figures[0].part_id, message, "save the figure anew from the program that made it"
        )


def _texts(subject: Subject, params: Params) -> Iterator[Finding]:
    """Long texts, and text that hardly compresses."""
    least, share = params["dense_text_bytes"], params["dense_text_share"]
    for part in subject.content.parts:
        if isinstance(part, TextPart):
            yield from _above(part.part_id, "max_text_bytes", "bytes of text", len(part.text), params["max_text_bytes"])
            yield from _dense(part.part_id, _windows(part.text), least, share)
    for item in subject.recognised:
        if item.table is not None:
            yield from _dense(item.part_id, _long_cells(item.table), least, share)


def _windows(text: str) -> Iterator[bytes]:
    """Stretches of a text, evenly spread."""
    step = max(_WINDOW, len(text) // _WINDOWS)
    for start in range(0, len(text), step):
        yield text[start : start + _WINDOW].encode("utf-8", "replace")


def _long_cells(table: Table) -> Iterator[bytes]:
    """The first cells of each column of long words."""
    import pyarrow as pa

    for column in table.columns:
        values = column.values.slice(0, _CELLS)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            cells = [cell for cell in values.to_pylist() if cell]
            if sum(map(len, cells)) >= _LONG_CELL * len(cells) > 0:
                yield "\n".join(cells)[:_WINDOW].encode("utf-8", "replace")


def _dense(part_id: str, stretches: Iterable[bytes], least: int, share: float) -> Iterator[Finding]:
    """One finding for the stretches of a part that hardly compress."""
    dense = sum(len(stretch) >= least and len(zlib.compress(stretch, 6)) > share * len(stretch) for stretch in stretches)
    if dense:
        message = "text that hardly compresses stands in it, as encoded or encrypted data does and language, code and numbers do not"
        yield _finding(
            Severity.MEDIUM,
            "dense_text_share",
            part_id,
            message,
            "take the encoded data out, or submit what they encode as a file of its own",
            count=dense,
        )


def _above(part_id: str, rule: str, unit: str, seen: int, limit: int) -> Iterator[Finding]:
    if seen > limit:
        yield _finding(Severity.MEDIUM, rule, part_id, f"{seen:,} {unit}; the profile allows {limit:,}", _REMEDY)


def _unusual(part_id: str, rule: str, unit: str, seen: int, usual: int) -> Iterator[Finding]:
    if seen > usual:
        yield _finding(Severity.MEDIUM, rule, part_id, f"{seen:,} {unit}, which needs at most {usual:,}", _REMEDY)


def _words(item: Recognised) -> str:
    return item.kind.value.replace("_", " ")


def _finding(severity: Severity, rule: str, part_id: str, message: str, remedy: str, *, count: int = 1) -> Finding:
    return Finding(
        check_id="anomalous_size",
        severity=severity,
        location=Location(part_id=part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
    )
