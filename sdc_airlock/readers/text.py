"""Plain text, logs, source code and e-mail: the text itself, and a grid for every table-like block and data literal in it."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.identify import identify
from sdc_airlock.model.content import Grid, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._alike import alike_blocks, paired_blocks
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._columns import is_ruler
from sdc_airlock.readers._common_lines import common_lines
from sdc_airlock.readers._decode import decode
from sdc_airlock.readers._dialect import headed_between_blanks
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._listed import listed_blocks
from sdc_airlock.readers._literals import LITERAL_CHARACTERS, literal_tables
from sdc_airlock.readers._patterned import embedded_blocks, patterned_blocks
from sdc_airlock.readers._published import published
from sdc_airlock.readers._quoted import wrapped_blocks
from sdc_airlock.readers._rprints import frame_blocks
from sdc_airlock.readers._rst import list_tables
from sdc_airlock.readers._smcl import plain_smcl
from sdc_airlock.readers._strings import SHORTEST, parted_blocks, periodic, shape
from sdc_airlock.readers._tabular import find_tables
from sdc_airlock.readers._tidy import recorded
from sdc_airlock.readers._vectors import named_blocks, printed_blocks, vector_blocks
from sdc_airlock.source import Source

_SCAN_CHARACTERS = 16 << 20
_BEFORE_LINES = 3
_DATA_LANGUAGES = frozenset({"yaml", "yml", "json", "jsonl", "toml", "ini", "csv", "tsv"})
_WRITTEN = frozenset({"json", "ndjson", "notebook"})
_TOLD_ROLES = frozenset({TextRole.PROSE, TextRole.COMMENT, TextRole.LOG})
_SHARE = 0.5
_GAPS = 3
_FEW_LINES = 400
_ODD_SHARE = 0.1
_ALIKE = 8
_CODE_LINE = re.compile(
    r"[=(){};]|^\s*(?:if|for|while|def|class|import|from|return|library|use|set|function|end|else|elif|try|with|gen|replace)\b"
)
_COMMENT = re.compile(r"^\s*(?:#+'?|//+|--|\*+|%+|;+|\"\"\"|'''|/\*+)\s?")
_REMARK = re.compile(r"(?:^|(?<=[\s;,(){}]))(?:#|//|--|/\*|%)\s")
# an object of R, as `dput` and `dump` write it
_WRITTEN_OUT = re.compile(r"\s*+(?:[\w.]++\s*+<-\s*+)?(?:c|list|structure)\(")
_SMCL = re.compile(r"\{(?:txt|com|res|smcl|hline|c \|)")


@reader("text", "log", "code", "hl7", "edi", "vcard", "icalendar", "gedcom")
def text(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Prose, log or code."""
    role = {"log": TextRole.LOG, "code": TextRole.CODE}.get(file_type.label, TextRole.PROSE)
    try:
        data = source.read(reading.limits.text_bytes, "text_bytes")
    except LimitReached as error:
        yield gap(source.part_id, error)
        with source.opener() as stream:
            data = stream.read(reading.limits.text_bytes)
    decoded = decode(data)
    if library := published(decoded.text):
        yield TextPart(part_id=source.part_id, text=library, role=TextRole.CODE)
        return
    yield from decoded.items(source.part_id)
    yield from text_parts(source.part_id, decoded.text, role, reading=reading, depth=source.depth)


@reader("email")
def message(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Headers as metadata, bodies as text, attachments as members."""
    del file_type
    data = source.read(reading.limits.text_bytes, "text_bytes")
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in parsed.raw_items())
    yield TextPart(part_id=f"{source.part_id}!headers", text=headers, role=TextRole.METADATA)
    yield from character_oddities(f"{source.part_id}!headers", headers)
    yield from _message_parts(source, parsed, reading)


def _message_parts(source: Source, parsed: EmailMessage, reading: Reading) -> Iterator[Item]:
    """The leaves of a message, in order."""
    for count, leaf in enumerate((part for part in parsed.walk() if not part.is_multipart()), start=1):
        part_id = f"{source.part_id}!part{count}"
        reading.spend(members=1)
        content = leaf.get_payload(decode=True)
        if not isinstance(content, bytes):
            yield gap(part_id, Malformed("a part of the message does not decode"))
            continue
        if leaf.defects:
            yield gap(part_id, Malformed("a part of the message is damaged"))
        reading.spend(expanded=len(content))
        if leaf.get_content_type() == "text/plain" and not leaf.get_filename():
            decoded = decode(content)
            yield from decoded.items(part_id)
            yield from text_parts(part_id, decoded.text, TextRole.PROSE, reading=reading, depth=source.depth)
        elif content:
            name = re.sub(r"[^\w.-]", "_", str(leaf.get_filename() or ""))[:100]
            yield from reading.descend(Source.of_bytes(content, part_id=part_id, name=name, depth=source.depth + 1))
    if parsed.preamble and parsed.preamble.strip():
        yield from text_parts(f"{source.part_id}!preamble", parsed.preamble, TextRole.PROSE, reading=reading, depth=source.depth)
    if parsed.epilogue and parsed.epilogue.strip():
        yield from text_parts(f"{source.part_id}!epilogue", parsed.epilogue, TextRole.PROSE, reading=reading, depth=source.depth)


def text_parts(
    part_id: str,
    text: str,
    role: TextRole,
    *,
    reading: Reading,
    depth: int = 0,
    language: str = "",
    first_line: int = 1,
    hidden: bool = False,
) -> Iterator[Item]:
    """Some text as a part, with what is odd about its characters, data encoded in it, and a grid for each table in it.

    Args:
        part_id: Address of the text; its grids are addressed `part_id!table1` and so on.
        text: Any text, line ends of any kind.
        role: What the text is for; code is searched for data literals too.
        reading: For limits and for data encoded in the text.
        depth: Containers around the text.
        language: Programming or markup language, "" where unknown.
        first_line: Number of its first line in the file.
        hidden: A person who opens the file would not see it.
    """
    limit = reading.limits.text_bytes
    if len(text) > limit:
        yield gap(part_id, LimitReached("text_bytes", limit, len(text)))
        text = text[:limit]
    reading.first_time(part_id, ("tables", text))
    yield TextPart(part_id=part_id, text=text, role=role, language=language, first_line=first_line, hidden=hidden)
    yield from character_oddities(part_id, text)
    yield from encoded_items(part_id, text, reading, depth=depth)
    if role in _TOLD_ROLES:
        yield from _written_records(part_id, text, reading, depth)
    searched = TextRole.CONFIG if language in _DATA_LANGUAGES else role
    yield from tables_in(part_id, text, searched, reading=reading, first_line=first_line, hidden=hidden)


def _written_records(part_id: str, text: str, reading: Reading, depth: int) -> Iterator[Item]:
    """What records or a notebook hold that were pasted as text."""
    whole = text.strip()
    if len(whole) < SHORTEST or whole[0] not in "{[" or whole[-1] not in "}]":
        return
    source = Source.of_bytes(whole.encode("utf-8", "replace"), part_id=f"{part_id}!records", name="", depth=depth + 1)
    if identify(source).label in _WRITTEN:
        reading.spend(expanded=len(whole), members=1)
        yield from reading.descend(source)


def tables_in(
    part_id: str, text: str, role: TextRole, *, reading: Reading, first_line: int = 1, hidden: bool = False
) -> Iterator[Grid | Unread]:
    """A grid for each table-like block of some text, and for code also for each data literal."""
    if len(text) > _SCAN_CHARACTERS:
        yield Unread(
            part_id=part_id,
            why=UnreadReason.LIMIT,
            limit_name="text_bytes",
            limit=_SCAN_CHARACTERS,
            seen=len(text),
            detail="only the first part of the text was searched for tables",
        )
        text = text[:_SCAN_CHARACTERS]
    if _SMCL.search(text[:4096]):
        text = plain_smcl(text)
    lines = split_lines(text)
    reading.spend()
    blocks, complete = _code_blocks(lines, text) if role is TextRole.CODE else _prose_blocks(lines, text)
    if not complete:
        yield unsearched(part_id, text)
    for count, block in enumerate(blocks, start=1):
        if count > reading.limits.members:
            yield gap(part_id, LimitReached("members", reading.limits.members, len(blocks)))
            return
        reading.spend()
        yield Grid(
            part_id=f"{part_id}!table{count}",
            rows=block.rows,
            source=block.source,
            first_row=first_line + block.start,
            before=_before(lines, block.start, blocks[count - 2].end if count > 1 else 0),
            header_rows=block.header_rows,
            hidden=hidden,
        )


def unsearched(part_id: str, text: str) -> Unread:
    """The gap for a text that holds more than is searched for data literals."""
    return Unread(
        part_id=part_id,
        why=UnreadReason.LIMIT,
        limit_name="literals",
        limit=LITERAL_CHARACTERS,
        seen=len(text),
        detail="only the first part of the text was searched for data between brackets",
    )


def literal_grids(part_id: str, text: str, *, reading: Reading) -> Iterator[Grid | Unread]:
    """Grids of a text that passes for a table but is mostly data literals or named values, as code, logs and printed objects are.

    Args:
        part_id: Address of the table.
        text: The whole text of the table.
        reading: For limits.
    """
    lines = split_lines(text)
    sample = [*lines[:200], *lines[200 :: max(1, len(lines) // 200)]]
    blocks = paired_blocks(lines) if paired_blocks(sample) else []
    written_out = bool(_WRITTEN_OUT.match(text))
    if written_out or sum(len(line) for line in sample if "[" in line or "{" in line) >= _SHARE * sum(map(len, sample)):
        reading.spend()
        found = literal_tables(text, code=written_out)
        if not found.complete:
            yield unsearched(part_id, text)
        blocks += found.blocks
    if embedded_blocks(sample) and not headed_between_blanks([line for line in lines if line.strip() and not line.startswith("##")]):
        blocks += embedded_blocks(lines)
    sole = list(_sole_lines(lines, ()))
    blocks += [*frame_blocks(lines), *vector_blocks(lines), *wrapped_blocks(lines), *sole]
    covered = _covered(blocks, len(lines))
    if sum(len(line) for line, inside in zip(lines, covered, strict=True) if inside) < _SHARE * len(text):
        # a line that is a table by itself among many that are none is no row of theirs
        blocks = sole if len(sole) < _ODD_SHARE * len(lines) else []
    for count, block in enumerate(blocks[: reading.limits.members], start=1):
        yield Grid(
            part_id=f"{part_id}!literal{count}",
            rows=block.rows,
            source=block.source,
            first_row=1 + block.start,
            header_rows=block.header_rows,
        )
    if len(blocks) > reading.limits.members:
        words = "more tables stand in the cells and lines of a table than are read"
        yield Unread(
            part_id=part_id, why=UnreadReason.LIMIT, limit_name="members", limit=reading.limits.members, seen=len(blocks), detail=words
        )


def _prose_blocks(lines: Sequence[str], text: str) -> tuple[list[Block], bool]:
    """Tables, data literals and records told line by line in prose or logs."""
    blocks = list_tables(lines) if ".. list-table::" in text else []
    blocks += [*printed_blocks(lines), *frame_blocks(lines), *listed_blocks(lines)]
    if not blocks:
        blocks += paired_blocks(lines)
    blocks += find_tables(lines, skip=_covered(blocks, len(lines)))
    complete = True
    if any(mark in text for mark in "[({"):
        found = literal_tables(text, code=bool(_WRITTEN_OUT.match(text)))
        complete = found.complete
        covered = _covered(blocks, len(lines))
        blocks += [block for block in found.blocks if 2 * sum(covered[place] for place in block.places) <= len(block.places)]
    spared = common_lines(lines)
    told = alike_blocks(lines, _either(spared, _covered(blocks, len(lines))))
    told += patterned_blocks(lines, _either(spared, _covered([*blocks, *told], len(lines))))
    blocks += [recorded(block, _GAPS) or block for block in told]
    blocks += _sole_lines(lines, _covered(blocks, len(lines)))
    blocks += [*named_blocks(lines), *wrapped_blocks(lines)]
    return sorted(blocks, key=lambda block: block.start), complete


def _either(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return [first or second for first, second in zip(one, other, strict=True)]


def _sole_lines(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Tables whose rows all stand in one line; of many lines that look alike in length and signs the first few are searched, and all that repeat themselves."""
    looked: Counter[tuple[int, ...]] = Counter()
    for place, line in enumerate(lines):
        if len(line) >= SHORTEST and not (taken and taken[place]):
            if len(lines) > _FEW_LINES:
                looked[look := shape(line)] += 1
                if looked[look] > _ALIKE and not periodic(line):
                    continue
            for block in parted_blocks(line):
                yield replace(block, start=place, end=place + 1)


def _covered(blocks: Sequence[Block], count: int) -> list[bool]:
    """True for each line that is part of a block."""
    covered = [False] * count
    for block in blocks:
        for place in block.places:
            covered[place] = True
    return covered


def _code_blocks(lines: Sequence[str], text: str) -> tuple[list[Block], bool]:
    """Tables in comments and in bare lines of data, and the literals of the code."""
    found = literal_tables(text, code=True)
    bare: list[str] = []
    skip: list[bool] = []
    for line, taken in zip(lines, _covered(found.blocks, len(lines)), strict=True):
        comment = _COMMENT.match(line)
        inner = line[comment.end() :] if comment else line
        bare.append(inner)
        skip.append(taken or (bool(_CODE_LINE.search(inner)) and not (comment and "|" in inner)))
    tables = find_tables(bare, skip=skip)
    taken_now = [old or new for old, new in zip(skip, _covered(tables, len(lines)), strict=True)]
    blocks = [*found.blocks, *tables, *alike_blocks(bare, taken_now), *_in_strings(found.strings)]
    blocks += [recorded(block, _GAPS) or block for block in patterned_blocks(lines, _covered(blocks, len(lines)))]
    blocks += wrapped_blocks(lines)
    blocks += _sole_lines([_remark(line) for line in lines], _covered(blocks, len(lines)))
    return sorted(blocks, key=lambda block: block.start), found.complete


def _remark(line: str) -> str:
    """What a line of code says to its reader, "" where it says nothing."""
    sign = _COMMENT.match(line) or _REMARK.search(line)
    return line[sign.end() :] if sign else ""


def _in_strings(strings: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Tables in strings whose line ends are written as escapes, or whose rows are parted by other signs."""
    for line, text in strings:
        for block in (find_tables(split_lines(text)) if "\n" in text else ()) or parted_blocks(text):
            yield replace(block, start=line, end=line + 1, scattered=())


def _before(lines: Sequence[str], start: int, floor: int) -> str:
    """The caption: up to three lines directly above a table, one blank line between allowed."""
    end = start
    while end > floor and not lines[end - 1].strip() and start - end < 2:
        end -= 1
    begin = end
    while begin > floor and end - begin < _BEFORE_LINES and lines[begin - 1].strip():
        begin -= 1
    return "\n".join(line.strip() for line in lines[begin:end] if not is_ruler(line))[:2000]
