"""Reader-facing words for everything the model has a name for. A contract test asserts that no member is left without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.checkrun import RunStatus
from sdc_airlock.model.content import OddityKind, UnreadReason
from sdc_airlock.model.decision import Outcome, Risk
from sdc_airlock.model.finding import DisclosureKind, Severity, Statbarn
from sdc_airlock.model.output import Refusal
from sdc_airlock.model.recognised import Kind, Unit
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sdc_airlock.model.content import Unread
    from sdc_airlock.model.finding import Location

OUTCOMES: Final = {
    Outcome.RELEASE: "may be released",
    Outcome.REVIEW: "needs a person",
    Outcome.REJECT: "may not leave",
}
OUTCOME_MARKS: Final = {Outcome.RELEASE: "\N{CHECK MARK}", Outcome.REVIEW: "?", Outcome.REJECT: "\N{MULTIPLICATION SIGN}"}
RISKS: Final = {Risk.GREEN: "low risk", Risk.AMBER: "some risk", Risk.RED: "high risk"}
SEVERITIES: Final = {
    Severity.LOW: "a note",
    Severity.MEDIUM: "look at this",
    Severity.HIGH: "serious",
    Severity.CRITICAL: "critical",
}
DISCLOSURES: Final = {
    DisclosureKind.PRIMARY: "discloses by itself",
    DisclosureKind.SECONDARY: "discloses when combined with other figures",
}
KINDS: Final = {
    Kind.INDIVIDUAL_ROWS: "individual rows",
    Kind.GENOTYPE_MATRIX: "genotype matrix",
    Kind.GENOTYPE_RECORDS: "genotype records",
    Kind.SEQUENCE_READS: "sequence reads",
    Kind.FREQUENCY_TABLE: "frequency table",
    Kind.MAGNITUDE_TABLE: "magnitude table",
    Kind.SUMMARY_STATISTICS: "summary statistics",
    Kind.REGRESSION: "regression results",
    Kind.SURVIVAL: "survival table",
    Kind.DISTRIBUTION: "distribution",
    Kind.SERIES: "series",
    Kind.MATRIX: "matrix",
    Kind.VARIANT_SITES: "variant sites",
    Kind.GWAS_SUMMARY_STATISTICS: "GWAS summary statistics",
    Kind.SCORE_WEIGHTS: "score weights",
    Kind.GENE_RESULTS: "gene results",
    Kind.LIST: "list",
    Kind.TEXT: "text",
    Kind.FIGURE: "figure",
    Kind.CODE: "code",
    Kind.CONFIG: "configuration",
    Kind.LOG: "log",
    Kind.MODEL: "model or serialized object",
    Kind.ARCHIVE: "archive",
    Kind.METADATA: "metadata",
    Kind.OTHER: "something else",
}
UNITS: Final = {
    Unit.PERSON: "one person",
    Unit.GROUP: "one group",
    Unit.VARIANT: "one variant",
    Unit.GENE: "one gene",
    Unit.TRIAL: "one trial run",
    Unit.PERIOD: "one period",
    Unit.PLACE: "one place",
    Unit.ITEM: "one item",
    Unit.ESTIMATE: "one estimate",
    Unit.UNKNOWN: "something not told",
}
UNREAD: Final = {
    UnreadReason.ENCRYPTED: "it is encrypted",
    UnreadReason.MALFORMED: "it does not follow its format",
    UnreadReason.UNSUPPORTED: "no reader knows this kind of content",
    UnreadReason.LIMIT: "a limit on reading was reached",
    UnreadReason.HIDDEN: "it is hidden",
}
UNREAD_REMEDIES: Final = {
    UnreadReason.ENCRYPTED: "Submit it without encryption or password.",
    UnreadReason.MALFORMED: "Save it again from the program that made it, or submit a plain format such as CSV.",
    UnreadReason.UNSUPPORTED: "Submit a format that can be read, such as CSV, plain text or PNG.",
    UnreadReason.LIMIT: "Make it smaller, split it, or submit only the summary that is needed.",
    UnreadReason.HIDDEN: "Show it or take it out before submitting.",
}
RUNS: Final = {
    RunStatus.RAN: "ran",
    RunStatus.NOT_APPLICABLE: "nothing for it to look at",
    RunStatus.FAILED: "failed, so nothing can be said",
    RunStatus.TIMED_OUT: "ran out of time, so nothing can be said",
}
REFUSALS: Final = {
    Refusal.LINK: "it is a link, and links are not followed",
    Refusal.DEVICE: "it is a device, not a file",
    Refusal.SOCKET: "it is a socket, not a file",
    Refusal.PIPE: "it is a pipe, not a file",
    Refusal.UNREADABLE: "it could not be opened",
    Refusal.CHANGED_WHILE_READ: "it changed while it was read",
    Refusal.TOO_LARGE: "it is larger than may be taken in",
    Refusal.TOO_MANY: "the request holds more files than may be taken in",
    Refusal.MISSING: "it is not there",
}
REFUSAL_REMEDIES: Final = {
    Refusal.LINK: "Put the file itself in place of the link.",
    Refusal.DEVICE: "Submit ordinary files only.",
    Refusal.SOCKET: "Submit ordinary files only.",
    Refusal.PIPE: "Submit ordinary files only.",
    Refusal.UNREADABLE: "Check that it may be read, then submit again.",
    Refusal.CHANGED_WHILE_READ: "Wait until the program that writes it has finished, then submit again.",
    Refusal.TOO_LARGE: "Submit a summary, or ask the output checkers for another way.",
    Refusal.TOO_MANY: "Split the request, or submit only what is needed.",
    Refusal.MISSING: "Check the path and submit again.",
}
PROTECTIONS: Final = {
    Protection.SEPARATE_PROCESS: "a process of their own",
    Protection.CLEAN_ENVIRONMENT: "a clean environment",
    Protection.RESOURCE_LIMITS: "limits on memory, time and files",
    Protection.NO_NEW_PRIVILEGES: "a ban on new privileges",
    Protection.NO_CAPABILITIES: "loss of an administrator's privileges",
    Protection.LANDLOCK_FILES: "a ban on files outside their folders (Landlock)",
    Protection.LANDLOCK_NETWORK: "a ban on TCP (Landlock)",
    Protection.LANDLOCK_SCOPES: "a ban on signals to others (Landlock)",
    Protection.SECCOMP: "a ban on sockets, new processes and programs (seccomp)",
    Protection.NAMESPACES: "a network without a way out (namespaces)",
}
STATBARNS: Final = {
    Statbarn.FREQUENCIES: "frequencies",
    Statbarn.LINEAR_AGGREGATIONS: "linear aggregations",
    Statbarn.POSITION: "position",
    Statbarn.ENDPOINTS: "end points",
    Statbarn.MODE: "mode",
    Statbarn.SHAPE: "shape",
    Statbarn.HYPOTHESIS_TESTS: "statistical hypothesis tests",
    Statbarn.CORRELATION_COEFFICIENTS: "correlation coefficients",
    Statbarn.CALCULATED_RATIOS: "calculated ratios",
    Statbarn.HAZARD_SURVIVAL_TABLES: "hazard and survival tables",
    Statbarn.GINI_COEFFICIENT: "Gini coefficient",
    Statbarn.NON_LINEAR_CONCENTRATION_RATIOS: "non-linear concentration ratios",
    Statbarn.CLUSTERS: "clusters",
    Statbarn.LINKED_MULTILEVEL_TABLES: "linked multilevel tables",
}
ODDITIES: Final = {
    OddityKind.TRAILING_DATA: "data after the end of the format",
    OddityKind.LEADING_DATA: "data before the start of the format",
    OddityKind.POLYGLOT: "valid as more than one type of file",
    OddityKind.NAME_MISMATCH: "the name claims another type",
    OddityKind.SECOND_OPINION: "two ways of telling its type disagree",
    OddityKind.BIDIRECTIONAL_CONTROLS: "characters that change the direction of text",
    OddityKind.ZERO_WIDTH_CHARACTERS: "characters without width",
    OddityKind.CONTROL_CHARACTERS: "control characters",
    OddityKind.NUL_BYTES: "NUL bytes in text",
    OddityKind.UNDECODABLE_TEXT: "bytes that are no text in the encoding of the file",
    OddityKind.RAGGED_ROWS: "rows of unequal length",
    OddityKind.DAMAGED: "damaged",
    OddityKind.ENCRYPTED: "encrypted",
    OddityKind.EXECUTABLE: "can be run as a program",
    OddityKind.HIGH_ENTROPY: "bytes that look random",
    OddityKind.ENCODED_BLOB: "data encoded as text",
    OddityKind.MACRO: "a macro",
    OddityKind.SCRIPT: "a script",
    OddityKind.AUTOMATIC_ACTION: "an action that runs when the file is opened",
    OddityKind.EXTERNAL_REFERENCE: "a reference to something outside the file",
    OddityKind.PAGE_SCRIPT: "a script in a page",
    OddityKind.PAGE_REFERENCE: "something a page fetches from elsewhere",
    OddityKind.CALLING_FORMULA: "a formula that calls out of the file",
    OddityKind.CELL_FORMULA: "a cell that begins as a formula",
    OddityKind.BEACON: "a call to an address elsewhere on opening",
    OddityKind.EMBEDDED_OBJECT: "an embedded object",
    OddityKind.HIDDEN_SHEET: "a hidden sheet",
    OddityKind.HIDDEN_CELLS: "hidden rows or columns",
    OddityKind.HIDDEN_TEXT: "hidden text",
    OddityKind.METADATA: "metadata",
    OddityKind.CELLS_BEYOND_RANGE: "cells far away from the table",
    OddityKind.DUPLICATE_MEMBER: "two members of the same name",
    OddityKind.UNSAFE_MEMBER_NAME: "a member whose name points outside the archive",
    OddityKind.SPECIAL_MEMBER: "a member that is no ordinary file",
    OddityKind.DEEP_NESTING: "containers inside containers, too deep",
    OddityKind.VERSION_CONTROL: "version-control data",
    OddityKind.DISGUISED_TEXT: "letters or blanks that can carry a message",
    OddityKind.POINT_MARKS: "marks of single values in a plot",
    OddityKind.PIXEL_DATA: "values or bytes in the pixels of a picture",
}

_SURE: Final = ((0.95, "very sure"), (0.85, "sure"), (0.7, "fairly sure"), (0.5, "not sure"), (0.0, "unsure"))
_SHOWN_PLACES: Final = 5


def confidence(probability: float) -> str:
    """A confidence in words: "very sure, about 97 in 100"; what is no probability is "unsure"."""
    word = next((word for floor, word in _SURE if probability >= floor), "unsure")
    of_hundred = round(probability * 100) if 0 <= probability <= 1 else 0
    return f"{word}, {'over 99' if of_hundred >= 100 else f'about {of_hundred}'} in 100"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 output", "12,000 outputs"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def every(outputs: int) -> str:
    """All outputs of a request: "the output", "both outputs", "all 12 outputs", with a capital letter."""
    return {1: "The output", 2: "Both outputs"}.get(outputs, f"All {outputs:,} outputs")


def size(size_bytes: int) -> str:
    """A size as people read it: "1.2 kB", "3.4 MB"; decimal units."""
    if size_bytes < 1000:
        return count(size_bytes, "byte")
    amount = float(size_bytes)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"


def duration(elapsed_ms: int) -> str:
    """A time as people read it: "12 ms", "3.4 s", "2 min 5 s"."""
    if elapsed_ms < 1000:
        return f"{elapsed_ms} ms"
    if elapsed_ms < 59_950:
        return f"{elapsed_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(elapsed_ms / 1000), 60)
    return f"{minutes} min {seconds} s"


def listed(words: Sequence[str], most: int = _SHOWN_PLACES) -> str:
    """Words joined: "a, b and c"; beyond `most`, "a, b, c and 9 more"."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most:,} more"
    if len(words) > 1:
        return f"{', '.join(words[:-1])} and {words[-1]}"
    return "".join(words)


def file_type(label: str) -> str:
    """A type of file in words; an unknown label as it stands."""
    return TYPES[label].words if label in TYPES else shown(label)


def sentence(text: str) -> str:
    """Text with a capital first letter and a full stop, safe to show."""
    text = shown(text.strip())
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?:" else ".")


def unread(gap: Unread) -> str:
    """Why a part was not read, with the name and value of a limit that was reached: "a limit was reached (cells: limit 5,000,000)"."""
    limit = f"{gap.limit:,.12g}" if gap.limit is not None else ""
    name = gap.limit_name or ""
    told = name in gap.detail and limit in gap.detail
    named = f"{shown(name)}: limit {limit}" if name and limit and not told else ""
    detail = "; ".join(filter(None, (shown(gap.detail), named)))
    return f"{UNREAD[gap.why]} ({detail})" if detail else UNREAD[gap.why]


def check_title(check_id: str) -> str:
    """A check's id as words, for a check that has no page."""
    return sentence(check_id.replace("_", " ")).rstrip(".")


def place(location: Location, labels: Sequence[str] = ()) -> str:
    """A place in words: "row 4, column cases", "lines 3 to 9", "" for the part as a whole.

    Args:
        location: The place.
        labels: Row labels in the order of `location.rows`; only a researcher's own terminal may pass them.
    """
    words = []
    labels = labels if not location.lines else ()
    if location.rows and not location.lines:
        rows = [f"{row:,}" for row in location.rows]
        if len(labels) == len(rows):
            rows = [f"{row} ({shown(label)})" if label.strip() else row for row, label in zip(rows, labels, strict=True)]
        words.append(f"{'row' if len(rows) == 1 else 'rows'} {listed(rows)}")
    if labels and len(labels) != len(location.rows):
        words.append(f"labelled {listed([shown(label) for label in labels])}")
    if location.columns:
        columns = [shown(column) for column in location.columns]
        noun = "" if all(column.startswith("column ") for column in columns) else "column " if len(columns) == 1 else "columns "
        words.append(noun + listed(columns))
    if location.lines:
        first, last = location.lines
        words.append(f"line {first:,}" if first == last else f"lines {first:,} to {last:,}")
    return ", ".join(words)


def inside(part_id: str, path: str) -> str:
    """Where a part lies inside its output: "sheet 2" of "book.xlsx!sheet 2"; "" for the output itself.

    A part is addressed by the path or by the last name in it.
    """
    for start in (path, path.rpartition("/")[2]):
        if part_id == start:
            return ""
        if part_id.startswith(start) and part_id[len(start)] in "/!#:":
            return shown(part_id[len(start) + 1 :])
    return shown(part_id)
