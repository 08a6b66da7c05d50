"""How each oddity of bytes is judged, and by which check: one table, so that the judgement can be read and argued with.

`anomalous_format` speaks of bytes that are not what they should be, `hidden_content` of what a person who opens the file does
not see (where the weight of what is hidden decides as well), `active_content` of what acts by itself. Low is what ordinary work leaves behind (document properties, a script in an analysis report, ragged rows, Latin-1 text) and
holds nothing. Medium and high are what a checker would not see on opening the file. Critical cannot be looked at at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sdc_airlock.model.content import OddityKind
from sdc_airlock.model.finding import Severity

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an oddity weighs, what it is called, and what would mend it.

    Attributes:
        few_are_ordinary: True where up to `invisible_characters` of them are everyday, and therefore low.
        check: The check that speaks of it; every oddity has one, so that nothing is reported twice.
    """

    severity: Severity
    message: str
    remedy: str
    few_are_ordinary: bool = False
    check: str = "anomalous_format"


_HIDDEN, _ACTIVE = "hidden_content", "active_content"
_KEEP_TEXT = "save it as plain text without such characters"

JUDGED: Mapping[OddityKind, Judgement] = {
    OddityKind.TRAILING_DATA: Judgement(
        _HIGH, "data stand after the end of the content, where no viewer shows them", "save the output anew from the program that made it"
    ),
    OddityKind.LEADING_DATA: Judgement(
        _HIGH,
        "data stand before the beginning of the content, where no viewer shows them",
        "save the output anew from the program that made it",
    ),
    OddityKind.POLYGLOT: Judgement(
        _HIGH,
        "the same bytes are valid in more than one format, so that what is seen depends on who opens them",
        "save the output anew in one format",
    ),
    OddityKind.NAME_MISMATCH: Judgement(_HIGH, "the content belies what the name says it is", "give it the extension of its real format"),
    OddityKind.SECOND_OPINION: Judgement(
        _LOW, "libmagic takes the content for another type than the signature table does", "nothing to do; a checker may want to open it"
    ),
    OddityKind.BIDIRECTIONAL_CONTROLS: Judgement(
        _MEDIUM, "characters that turn the direction of writing make text read differently from what it holds", _KEEP_TEXT
    ),
    OddityKind.ZERO_WIDTH_CHARACTERS: Judgement(
        _MEDIUM, "characters without width can carry a message that nobody sees", _KEEP_TEXT, few_are_ordinary=True
    ),
    OddityKind.CONTROL_CHARACTERS: Judgement(_LOW, "the text holds control characters", _KEEP_TEXT),
    OddityKind.NUL_BYTES: Judgement(
        _MEDIUM, "NUL bytes stand in what is otherwise text; viewers stop at them or leave them out", _KEEP_TEXT
    ),
    OddityKind.UNDECODABLE_TEXT: Judgement(_LOW, "the text is not UTF-8 and was read in a one-byte encoding", "save it as UTF-8"),
    OddityKind.RAGGED_ROWS: Judgement(
        _LOW, "rows of a table differ in their number of cells", "export the table anew if that is not meant"
    ),
    OddityKind.DAMAGED: Judgement(
        _MEDIUM, "the content is damaged or does not follow its format, so that part of it could not be judged", "make the output anew"
    ),
    OddityKind.ENCRYPTED: Judgement(_CRITICAL, "the content is encrypted and cannot be judged", "submit it without encryption"),
    OddityKind.EXECUTABLE: Judgement(
        _CRITICAL,
        "the content is a program; it can hold anything and is no research output",
        "submit the source code instead",
        check=_ACTIVE,
    ),
    OddityKind.HIGH_ENTROPY: Judgement(
        _HIGH, "the bytes look like compressed or encrypted data of no known format", "submit the output in a format that can be opened"
    ),
    OddityKind.ENCODED_BLOB: Judgement(
        _MEDIUM, "a long run of encoded bytes stands in the text", "take it out, or submit what it encodes as a file of its own"
    ),
    OddityKind.POINT_MARKS: Judgement(
        _MEDIUM,
        "a plot draws a mark for each of many single values; their places can be read back from the drawing",
        "plot counts, densities or summaries; where each mark stands for a group or a variant, say so to the checker",
    ),
    OddityKind.PIXEL_DATA: Judgement(
        _HIGH,
        "the pixels of a picture hold values or bytes instead of a drawing",
        "submit the values as a table, or a figure that sums them up",
    ),
    OddityKind.MACRO: Judgement(_HIGH, "the document holds macros", "save it in a format without macros", check=_ACTIVE),
    OddityKind.SCRIPT: Judgement(
        _MEDIUM, "the content holds a script that runs when it is opened", "save it without scripts", check=_ACTIVE
    ),
    OddityKind.AUTOMATIC_ACTION: Judgement(
        _MEDIUM, "opening the content sets off an action by itself", "save it without automatic actions", check=_ACTIVE
    ),
    OddityKind.EXTERNAL_REFERENCE: Judgement(
        _MEDIUM,
        "the content refers to data elsewhere, which cannot be judged here",
        "put what is meant into the output itself",
        check=_ACTIVE,
    ),
    OddityKind.PAGE_SCRIPT: Judgement(
        _LOW, "the page holds scripts, as most analysis reports do", "save it without scripts if it reads as well without", check=_ACTIVE
    ),
    OddityKind.PAGE_REFERENCE: Judgement(
        _LOW, "the page fetches libraries or pictures from elsewhere when it is opened", "save it as one self-contained file", check=_ACTIVE
    ),
    OddityKind.CALLING_FORMULA: Judgement(
        _MEDIUM,
        "formulas call out of the file: they fetch from an address, send cells to one or start a program",
        "replace the formulas by their values",
        check=_ACTIVE,
    ),
    OddityKind.CELL_FORMULA: Judgement(
        _LOW, "cells of text begin as formulas do, and a spreadsheet would work them out", "write the values instead", check=_ACTIVE
    ),
    OddityKind.BEACON: Judgement(
        _MEDIUM,
        "opening the page calls an address elsewhere with data in the call, or through something that cannot be seen",
        "take the reference out",
        check=_ACTIVE,
    ),
    OddityKind.EMBEDDED_OBJECT: Judgement(
        _MEDIUM, "another file is embedded, and goes along unseen", "paste it as a picture or as plain values", check=_HIDDEN
    ),
    OddityKind.HIDDEN_SHEET: Judgement(_MEDIUM, "a sheet is hidden, and goes along unseen", "delete the sheet, or show it", check=_HIDDEN),
    OddityKind.HIDDEN_CELLS: Judgement(
        _MEDIUM, "rows or columns are hidden, and go along unseen", "delete them, or show them", check=_HIDDEN
    ),
    OddityKind.HIDDEN_TEXT: Judgement(_MEDIUM, "text is hidden, and goes along unseen", "delete the text, or show it", check=_HIDDEN),
    OddityKind.METADATA: Judgement(
        _LOW, "properties, comments of archives or settings say more than names and dates", "remove them, or show them", check=_HIDDEN
    ),
    OddityKind.CELLS_BEYOND_RANGE: Judgement(
        _HIGH,
        "cells lie beyond the range that the sheet declares, where some programs do not show them",
        "copy the values into a new workbook",
        check=_HIDDEN,
    ),
    OddityKind.DUPLICATE_MEMBER: Judgement(
        _HIGH, "two members of the container have one name; which of them is seen depends on the program", "pack the container anew"
    ),
    OddityKind.UNSAFE_MEMBER_NAME: Judgement(
        _HIGH, "the name of a member leads out of the container or cannot be shown plainly", "pack the container anew with plain names"
    ),
    OddityKind.SPECIAL_MEMBER: Judgement(
        _HIGH, "a member of the container is a link or a device, not a file", "pack the container anew with plain files"
    ),
    OddityKind.DEEP_NESTING: Judgement(
        _MEDIUM, "containers stand inside containers, deeper than ordinary outputs do", "submit the files without containers around them"
    ),
    OddityKind.VERSION_CONTROL: Judgement(
        _MEDIUM,
        "it belongs to a version-control store, which keeps every earlier state of every file",
        "submit the files themselves, without the store",
        check=_HIDDEN,
    ),
    OddityKind.DISGUISED_TEXT: Judgement(
        _MEDIUM, "letters of other alphabets, or blanks at the ends of lines, can carry a message that nobody sees", _KEEP_TEXT
    ),
}

HIDDEN = frozenset(kind for kind, judged in JUDGED.items() if judged.check == _HIDDEN)
ACTIVE = frozenset(kind for kind, judged in JUDGED.items() if judged.check == _ACTIVE)
