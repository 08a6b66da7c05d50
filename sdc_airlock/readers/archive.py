"""Archives and compressed streams. Members are read where they lie; nothing is ever written out to a disk."""

from __future__ import annotations

import re
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO, Literal

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._bgzf import in_part
from sdc_airlock.readers._members import (
    HELD_BYTES,
    Names,
    held,
    last_name,
    metadata,
    metadata_bytes,
    odd_name,
    read_member,
    settled,
    unaccounted,
)
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._side import SideValues
from sdc_airlock.readers._streams import BZIP2, DEFLATE, GZIP, STORED, XZ, ZIP_LZMA, ZLIB, Meter, Method, drain, opened, opened_by_arrow
from sdc_airlock.readers._tarslack import find_slack
from sdc_airlock.readers._windows import window
from sdc_airlock.readers._zframes import Frames, find_frames, joined
from sdc_airlock.readers._ziplayout import ENCRYPTED_FLAG, Layout, Member, lay_out, overlapping
from sdc_airlock.source import Source

_ZIP_METHODS = {0: STORED, 8: DEFLATE, 12: BZIP2, 14: ZIP_LZMA, 95: XZ}
_ZIP_ZSTD = frozenset({20, 93})
_AES = 99
_STREAMS: dict[str, Method] = {"gzip": GZIP, "bgzf": GZIP, "bzip2": BZIP2, "xz": XZ, "zlib": ZLIB}
_INNER_NAMES = {
    ".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar", ".svgz": ".svg", ".gz": "", ".bgz": "", ".bgzf": "", ".bz2": "",
    ".xz": "", ".lzma": "", ".zst": "", ".zstd": "", ".lz4": "", ".zz": "", ".z": "", ".zlib": "",
}  # fmt: skip
_PLAIN_PAX = frozenset({"path", "linkpath", "size", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "hdrcharset"})
_MOST_NEEDLESS = 64
# marks that stand in no text
_CONTROLS, _FEW_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]"), 2
_LONGEST_PLAIN = {"path": 1000, "linkpath": 1000}


@reader("zip")
def zip_archive(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A zip: its members, its comments, and every byte that belongs to no member."""
    source = settled(source, reading)
    size = source.size or 0
    with source.opener() as stream:
        layout = lay_out(stream, size, reading.limits, reading.spend)
    before = reading.expanded
    for words in dict.fromkeys(layout.damage):
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=words)
        yield Unread(part_id=source.part_id, why=UnreadReason.MALFORMED, detail=words)
    yield from metadata_bytes(f"{source.part_id}!comment", layout.comment)
    yield from _zip_members(source, layout, reading)
    yield from name_items(source.part_id, [_shown(_name(member)) for member in layout.members], reading, depth=source.depth)
    for start, length in layout.gaps:
        yield from unaccounted(source, start, length, *_gap_words(layout, start), reading)
    if layout.lost:
        seen = len(layout.members) + layout.lost
        yield gap(source.part_id, LimitReached("members", reading.limits.members, seen))
    yield Container(
        part_id=source.part_id, format="zip", members=len(layout.members), stored_bytes=size, expanded_bytes=reading.expanded - before
    )


def _gap_words(layout: Layout, start: int) -> tuple[OddityKind, str]:
    if start == 0:
        return OddityKind.LEADING_DATA, "bytes before the first member"
    if start > layout.directory_at:
        return OddityKind.TRAILING_DATA, "bytes after the end"
    return OddityKind.TRAILING_DATA, "bytes between members"


def _zip_members(source: Source, layout: Layout, reading: Reading) -> Iterator[Item]:
    names = Names(source.part_id)
    overlaps = overlapping(layout)
    budget = Meter(reading, stored=layout.size)
    side = SideValues()
    for number, member in enumerate(layout.members):
        comment = member.comment.decode("utf-8", "replace")
        side.note(modes=member.mode, times=member.times, sizes=member.size, unknown=member.extra, words={"comments": comment})
        if member.folder:
            continue
        reading.spend(members=1)
        part_id, again = names.address(_name(member))
        yield from _about(part_id, member, again=again)
        if number in overlaps:
            yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="it lies upon another member")
            yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="it lies upon another member")
        else:
            yield from _zip_member(source, part_id, member, budget, reading)
    yield from side.items(source.part_id, reading, depth=source.depth)


def _name(member: Member) -> str | bytes:
    """The name: UTF-8 where it is or says so, else the code page of the first zips."""
    if member.utf8 or member.name.isascii():
        return member.name
    try:
        return member.name.decode("utf-8")
    except UnicodeDecodeError:
        return member.name.decode("cp437")


def _shown(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "replace")


def _about(part_id: str, member: Member, *, again: bool) -> Iterator[Item]:
    """What is odd about a member before it is opened, and the text it carries beside its bytes."""
    yield from odd_name(part_id, _name(member))
    if again:
        yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
    for words in member.contradictions:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail=words)
    if len(member.extra) > _MOST_NEEDLESS:
        yield Oddity(part_id=part_id, kind=OddityKind.METADATA, detail="extra fields hold more than they need", size=len(member.extra))
        yield Unread(part_id=f"{part_id}!extra", why=UnreadReason.HIDDEN, detail="extra fields hold more than they need")
    yield from metadata_bytes(f"{part_id}!comment", member.comment)


def _zip_member(source: Source, part_id: str, member: Member, budget: Meter, reading: Reading) -> Iterator[Item]:
    """One member. Its failures are gaps of its own, so that the others are read."""
    if member.flags & ENCRYPTED_FLAG or member.method == _AES:
        yield Oddity(part_id=part_id, kind=OddityKind.ENCRYPTED, detail="an encrypted member")
        yield Unread(part_id=part_id, why=UnreadReason.ENCRYPTED, detail="an encrypted member")
        return
    method = STORED if member.method in _ZIP_ZSTD else _ZIP_METHODS.get(member.method)
    if method is None:
        yield gap(part_id, Unsupported(f"compression method {member.method}"))
        return
    meter = Meter(reading, stored=max(1, member.stored))
    size = member.size if member.size >= 0 else None
    zstd = member.method in _ZIP_ZSTD
    opener = _zstd_opener(source, member, meter) if zstd else _member_opener(source, member, method, meter)
    child = Source(part_id=part_id, name=last_name(_name(member)), opener=opener, size=size, depth=source.depth + 1)
    try:
        if stat.S_ISLNK(member.mode):
            yield Oddity(part_id=part_id, kind=OddityKind.SPECIAL_MEMBER, detail="a symbolic link")
            yield from metadata_bytes(f"{part_id}!target", child.read(reading.limits.text_bytes, "text_bytes"))
            return
        yield from read_member(held(child, 8 * member.stored) if zstd else _handled(child, source, member, method), meter, reading)
    except LimitReached as error:
        yield gap(part_id, error)
        return
    budget.produced += meter.produced
    if budget.produced > max(reading.limits.ratio_floor_bytes, reading.limits.ratio * budget.stored):
        raise LimitReached("ratio", reading.limits.ratio, budget.produced / max(1, budget.stored))
    yield from _held_against(part_id, member, meter, source, reading)


def _handled(child: Source, source: Source, member: Member, method: Method) -> Source:
    """A small member is held in memory; a large one that is only stored can be sought where it lies."""
    if method is STORED and member.stored > HELD_BYTES:
        drain(child.opener())
        return replace(child, opener=lambda: window(source, member.data_at, member.stored))
    return held(child, member.size if member.size >= 0 else 8 * member.stored)


def _member_opener(source: Source, member: Member, method: Method, meter: Meter) -> Callable[[], BinaryIO]:
    return lambda: opened(window(source, member.data_at, member.stored), method, meter)


def _zstd_opener(source: Source, member: Member, meter: Meter) -> Callable[[], BinaryIO]:
    return lambda: opened_by_arrow(window(source, member.data_at, member.stored), "zstd", meter)


def _held_against(part_id: str, member: Member, meter: Meter, source: Source, reading: Reading) -> Iterator[Item]:
    """What was written out, held against what the directory says."""
    if meter.damage:
        return
    if member.size >= 0 and meter.produced != member.size:
        words = "it holds another number of bytes than its directory says"
    elif member.crc >= 0 and member.method not in _ZIP_ZSTD and meter.checksum != member.crc:
        words = "its checksum is wrong"
    else:
        words = ""
    if words:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail=words, size=meter.produced)
        yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail=words)
    if meter.trailing:
        yield from unaccounted(
            source, member.data_at + meter.trailing_at, meter.trailing, OddityKind.TRAILING_DATA, "bytes after a member", reading
        )


@reader("gzip", "bgzf", "bzip2", "xz", "zlib")
def compressed(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A single compressed stream, which is read as its one member."""
    meter = Meter(reading, stored=source.size or 0)
    method, name = _STREAMS[file_type.label], _inner_name(source.name)
    if file_type.label == "gzip":
        yield from _gzip_header(source, name)
    if file_type.label == "bgzf" and (items := in_part(source, name, reading)) is not None:
        yield from items
        return
    yield from _inner(source, file_type.label, lambda: opened(source.opener(), method, meter), meter, reading)
    if meter.odd_headers:
        yield Oddity(part_id=source.part_id, kind=OddityKind.METADATA, detail="text in the headers of later blocks", size=meter.odd_headers)
        yield Unread(part_id=source.part_id, why=UnreadReason.HIDDEN, detail="text in the headers of later blocks")
    if meter.trailing:
        yield from unaccounted(source, meter.trailing_at, meter.trailing, OddityKind.TRAILING_DATA, "bytes after the end", reading)


@reader("zstd", "lz4")
def framed(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A stream of frames, which is read as its one member; frames that decoders skip are read too."""
    source = settled(source, reading)
    size = source.size or 0
    with source.opener() as stream:
        frames = find_frames(stream, size, reading.spend)
    meter = Meter(reading, stored=size)
    compression: Literal["zstd", "lz4"] = "zstd" if _is_zstd(source, frames) else "lz4"
    if frames.data:
        yield from _inner(source, file_type.label, lambda: opened_by_arrow(joined(source, frames.data), compression, meter), meter, reading)
    if frames.cut and not meter.damage:
        yield gap(source.part_id, Malformed("it ends before its end mark"))
    for start, end in frames.skipped:
        yield from unaccounted(source, start + 8, end - start - 8, OddityKind.TRAILING_DATA, "a frame that decoders skip", reading)
    if frames.end < size:
        yield from unaccounted(source, frames.end, size - frames.end, OddityKind.TRAILING_DATA, "bytes after the end", reading)


def _is_zstd(source: Source, frames: Frames) -> bool:
    if not frames.data:
        return True
    with window(source, frames.data[0][0], 4) as stream:
        return stream.read(4) == b"\x28\xb5\x2f\xfd"


def _inner(source: Source, label: str, opener: Callable[[], BinaryIO], meter: Meter, reading: Reading) -> Iterator[Item]:
    """What a compressed stream holds. A small one is held in memory: many readers want to seek and to know the size."""
    reading.spend(members=1)
    name = _inner_name(source.name)
    child = Source(part_id=f"{source.part_id}/{name}", name=name, opener=opener, depth=source.depth + 1)
    yield from read_member(held(child, source.size or 0), meter, reading)
    yield Container(
        part_id=source.part_id, format=label, members=1, stored_bytes=source.size or meter.stored, expanded_bytes=meter.produced
    )


def _inner_name(name: str) -> str:
    """The name that is left when the extension of the compression is taken off."""
    stem, dot, extension = name.rpartition(".")
    inner = _INNER_NAMES.get(f".{extension.lower()}") if dot else None
    return stem + inner if inner is not None and stem else name or "content"


def _gzip_header(source: Source, name: str) -> Iterator[Item]:
    """Name, comment and extra field in the header of a gzip stream, where they say more than the file's own name."""
    head = source.head
    flags, place = head[3], 10
    if flags & 4:
        length = int.from_bytes(head[10:12], "little")
        if length > _MOST_NEEDLESS:
            yield Oddity(part_id=source.part_id, kind=OddityKind.METADATA, detail="an extra field in the header", size=length)
            yield from metadata_bytes(f"{source.part_id}!extra", head[12 : 12 + length])
        place = 12 + length
    for flag, words in ((8, "name"), (16, "comment")):
        if flags & flag:
            text, _, _ = head[place:].partition(b"\0")
            place += len(text) + 1
            if flag != 8 or text.decode("latin-1") not in {name, source.name}:
                if len(_CONTROLS.findall(text)) > _FEW_CONTROLS:
                    yield Unread(part_id=f"{source.part_id}!{words}", why=UnreadReason.UNSUPPORTED, detail="it is no text")
                yield from metadata(f"{source.part_id}!{words}", text.decode("latin-1"))


@reader("tar")
def tar_archive(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A tar: its files, the values of its extended headers, and what comes after its end."""
    names = Names(source.part_id)
    members, before, end = 0, reading.expanded, 0
    listed: list[str] = []
    side = SideValues()
    with source.opener() as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
                while (member := archive.next()) is not None:
                    members += 1
                    side.note(
                        owners=member.uid,
                        groups=member.gid,
                        modes=member.mode,
                        times=int(member.mtime),
                        sizes=member.size,
                        words={"owners": member.uname, "groups": member.gname},
                    )
                    listed.append(member.name.encode("utf-8", "replace").decode())
                    archive.members.clear()  # type: ignore[attr-defined] # a stream is not gone back over, and a million headers would fill memory
                    reading.spend(members=1)
                    yield from _tar_member(source, archive, member, names, reading)
                    end = archive.offset
                yield from _pax(source.part_id, archive.pax_headers)
                end = archive.offset
        except (tarfile.TarError, EOFError, zlib.error) as error:
            yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=type(error).__name__)
            yield gap(source.part_id, Malformed("a header is damaged or the archive ends early"))
        else:
            yield from _after_tar(source, end, reading)
    yield from name_items(source.part_id, listed, reading, depth=source.depth)
    yield from side.items(source.part_id, reading, depth=source.depth)
    yield from _tar_slack(source, reading)
    yield Container(
        part_id=source.part_id, format="tar", members=members, stored_bytes=source.size or end, expanded_bytes=reading.expanded - before
    )


def _tar_slack(source: Source, reading: Reading) -> Iterator[Item]:
    """Bytes in the slack of a tar: said and read."""
    with source.opener() as stream:
        slack = find_slack(stream, reading.spend)
    if slack.data:
        detail = "bytes in the padding of members or headers"
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail=detail, size=len(slack.data))
        yield from reading.descend(Source.of_bytes(bytes(slack.data), part_id=f"{source.part_id}!padding", name="", depth=source.depth + 1))


def _pax(part_id: str, headers: Mapping[str, str]) -> Iterator[Item]:
    values = [f"{key}: {value}" for key, value in headers.items() if key not in _PLAIN_PAX or len(value) > _LONGEST_PLAIN.get(key, 64)]
    yield from metadata(f"{part_id}!headers", "\n".join(values))


def _tar_member(source: Source, archive: tarfile.TarFile, member: tarfile.TarInfo, names: Names, reading: Reading) -> Iterator[Item]:
    part_id, again = names.address(member.name)
    yield from _pax(part_id, member.pax_headers)
    if member.isdir():
        return
    yield from odd_name(part_id, member.name)
    if again:
        yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
    if not member.isreg():
        words = "a link" if member.issym() or member.islnk() else "neither a file nor a folder"
        yield Oddity(part_id=part_id, kind=OddityKind.SPECIAL_MEMBER, detail=words)
        yield from metadata(f"{part_id}!target", member.linkname)
        return
    if member.issparse():
        yield gap(part_id, Unsupported("a sparse member"))
        return
    yield from _tar_bytes(source, archive, member, part_id, reading)


def _tar_bytes(source: Source, archive: tarfile.TarFile, member: tarfile.TarInfo, part_id: str, reading: Reading) -> Iterator[Item]:
    """The bytes of a tar member: a small one is taken as it passes by, a large one is opened again where it lies."""
    start, size, name, depth = member.offset_data, member.size, last_name(member.name), source.depth + 1
    reading.spend(expanded=size)
    if size > HELD_BYTES:
        yield from reading.descend(Source(part_id=part_id, name=name, opener=lambda: window(source, start, size), size=size, depth=depth))
        return
    stream = archive.extractfile(member)
    data = stream.read() if stream else b""
    yield from reading.descend(Source.of_bytes(data, part_id=part_id, name=name, depth=depth))


def _after_tar(source: Source, end: int, reading: Reading) -> Iterator[Item]:
    """Bytes after the end mark of a tar that are not padding."""
    place, start = end, -1
    with window(source, end, 1 << 62) as stream:
        while chunk := stream.read(1 << 16):
            if start < 0 and chunk.strip(b"\0"):
                start = place + len(chunk) - len(chunk.lstrip(b"\0"))
            place += len(chunk)
    if start >= 0:
        yield from unaccounted(source, start, place - start, OddityKind.TRAILING_DATA, "bytes after the end", reading)
