"""Archives and compressed streams."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Container, Content, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))
OTHER = b"region,cases\nnorth,40\nsouth,50\n"


def opened(data: bytes, name: str = "a.zip", limits: Limits | None = None) -> Content:
    """What the readers say of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=limits or Limits())


def zipped(*members: tuple[str, bytes], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def tarred(*members: tarfile.TarInfo | tuple[str, bytes], mode: str = "w") -> bytes:
    """A tar of the members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def framed(codec: str, data: bytes = CSV) -> bytes:
    """A frame that Arrow made."""
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(data)
    made: bytes = out.getvalue().to_pybytes()
    return made


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


def oddities(content: Content) -> set[OddityKind]:
    """Kinds of everything odd."""
    return {oddity.kind for oddity in content.oddities}


def gaps(content: Content) -> dict[str, UnreadReason]:
    """Reasons of gaps by address."""
    return {gap.part_id: gap.why for gap in content.unread}


COMPRESSIONS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": (".gz", gzip.compress),
    "bzip2": (".bz2", bz2.compress),
    "xz": (".xz", lzma.compress),
    "zstd": (".zst", lambda data: framed("zstd", data)),
    "lz4": (".lz4", lambda data: framed("lz4", data)),
    "zlib": (".zz", zlib.compress),
}


@pytest.mark.parametrize("kind", COMPRESSIONS)
def test_a_compressed_table_is_the_table(kind: str) -> None:
    """Compression keeps the inner part, whole, under a readable address."""
    extension, compress = COMPRESSIONS[kind]
    content = opened(compress(CSV), f"t.csv{extension}")
    assert grids(content) == {f"t.csv{extension}/t.csv": ROWS}
    assert content.complete
    assert content.expanded_bytes == len(CSV)
    assert [(part.format, part.members, part.expanded_bytes) for part in content.parts if isinstance(part, Container)] == [
        (kind, 1, len(CSV))
    ]


@pytest.mark.parametrize("kind", COMPRESSIONS)
def test_a_stream_cut_off_anywhere_is_a_gap(kind: str) -> None:
    """What breaks off is read as far as it goes and is never complete."""
    whole = COMPRESSIONS[kind][1](bytes(random.Random(1).choices(b"abc,\n", k=4000)))
    for size in (len(whole) // 3, len(whole) // 2, len(whole) - 5, len(whole) - 1):
        assert not opened(whole[:size], "t.csv.gz").complete


@pytest.mark.parametrize("kind", COMPRESSIONS)
def test_bytes_after_the_end_are_found_and_read(kind: str) -> None:
    """A table behind a compressed table is not passed over."""
    content = opened(COMPRESSIONS[kind][1](CSV) + OTHER, "t.csv")
    assert OddityKind.TRAILING_DATA in oddities(content)
    assert (("region", "cases"), ("north", "40"), ("south", "50")) in grids(content).values()
    assert ROWS in grids(content).values()


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd", "lz4"])
def test_several_streams_are_one(kind: str) -> None:
    """Streams written one after the other are read to the last."""
    compress = COMPRESSIONS[kind][1]
    content = opened(compress(CSV) + compress(b"X,4\n"), "t.csv.gz")
    assert list(grids(content).values()) == [(*ROWS, ("X", "4"))]
    assert content.complete


def test_zeros_after_a_gzip_stream_are_padding_and_what_follows_them_is_not() -> None:
    """Tape padding is ordinary; a table behind it is not."""
    assert opened(gzip.compress(CSV) + bytes(300), "t.csv.gz").oddities == ()
    content = opened(gzip.compress(CSV) + bytes(70_000) + OTHER, "t.csv.gz")
    assert OddityKind.TRAILING_DATA in oddities(content)


def test_a_long_stream_is_counted_once() -> None:
    """However often a reader opens a stream, its bytes are spent once."""
    data = b"sex,cases\n" + b"F,120\n" * 2_000_000
    content = opened(gzip.compress(data, 1), "t.csv.gz")
    assert content.expanded_bytes == len(data)


def test_a_frame_that_decoders_skip_is_read() -> None:
    """Zstandard programs pass over skippable frames without a word."""
    content = opened(struct.pack("<II", 0x184D2A50, len(OTHER)) + OTHER + framed("zstd"), "t.csv.zst")
    assert len(grids(content)) == 2
    assert OddityKind.TRAILING_DATA in oddities(content)


def test_a_comment_that_is_no_text_is_a_gap() -> None:
    """Bytes in the comment of a gzip header are not understood; words are."""
    stream = gzip.compress(CSV)
    for comment, gaps in ((b"made by hand, caf\xe9", 0), (bytes(range(1, 256)), 1)):
        head = stream[:3] + bytes([stream[3] | 16]) + stream[4:10] + comment + b"\0"
        assert len(opened(head + stream[10:], "t.csv.gz").unread) == gaps


def test_names_and_comments_in_a_gzip_header_are_shown() -> None:
    """Header fields can carry anything; a name that only repeats the file's is nothing."""
    out = io.BytesIO()
    with gzip.GzipFile("secret words", "wb", fileobj=out) as stream:
        stream.write(CSV)
    assert [part.text for part in opened(out.getvalue(), "t.csv.gz").parts if isinstance(part, TextPart)] == ["secret words"]
    plain = io.BytesIO()
    with gzip.GzipFile("t.csv", "wb", fileobj=plain) as stream:
        stream.write(CSV)
    content = opened(plain.getvalue(), "t.csv.gz")
    assert [part for part in content.parts if isinstance(part, TextPart)] == []


def test_text_in_the_header_of_a_later_stream_is_a_gap() -> None:
    """Only the first header is opened; text in a later one is said."""
    out = io.BytesIO()
    with gzip.GzipFile("hidden words", "wb", fileobj=out) as stream:
        stream.write(b"X,4\n")
    content = opened(gzip.compress(CSV) + out.getvalue(), "t.csv.gz")
    assert UnreadReason.HIDDEN in gaps(content).values()


def test_a_stream_that_swells_stops_at_the_limits() -> None:
    """Bytes written out and their ratio are capped, and the cap is named."""
    bomb = gzip.compress(bytes(40 << 20))
    by_bytes = opened(bomb, "t.gz", Limits(expanded_bytes=1 << 20))
    assert {gap.limit_name for gap in by_bytes.unread} == {"expanded_bytes"}
    by_ratio = opened(bomb, "t.gz", Limits(ratio=100))
    assert "ratio" in {gap.limit_name for gap in by_ratio.unread}


def test_members_of_a_zip_are_read_under_their_names() -> None:
    """Each member is a part of its own."""
    content = opened(zipped(("tables/a.csv", CSV), ("notes.txt", b"Some words.\n")))
    assert grids(content) == {"a.zip/tables/a.csv": ROWS}
    assert {part.part_id for part in content.parts} == {"a.zip", "a.zip/tables/a.csv", "a.zip/notes.txt"}
    assert content.complete
    assert content.oddities == ()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_of_a_zip(method: int) -> None:
    """Stored, deflated and bzip2 members are read."""
    assert opened(zipped(("a.csv", CSV), method=method)).complete


def as_method(data: bytes, method: int) -> bytes:
    """A stored zip whose members are said to be packed in another way."""
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data = data[: at + place] + method.to_bytes(2, "little") + data[at + place + 2 :]
    return data


def test_a_method_that_is_not_known_is_a_gap() -> None:
    """Deflate64 members are not opened, and said so."""
    content = opened(as_method(zipped(("a.csv", CSV), ("b.csv", CSV), method=zipfile.ZIP_STORED), 9))
    assert gaps(content) == {"a.zip/a.csv": UnreadReason.UNSUPPORTED, "a.zip/b.csv": UnreadReason.UNSUPPORTED}


@pytest.mark.parametrize(("method", "pack"), [(93, lambda: framed("zstd")), (95, lambda: lzma.compress(CSV))])
def test_newer_methods_of_a_zip(method: int, pack: Callable[[], bytes]) -> None:
    """Zstandard and xz members are read."""
    content = opened(as_method(zipped(("a.csv", pack()), method=zipfile.ZIP_STORED), method))
    assert ROWS in grids(content).values()


@pytest.mark.no_cover
def test_large_members_are_read_whether_stored_or_not() -> None:
    """Members that are not held in memory are opened where they lie."""
    data = b"sex,cases\n" + b"F,120\n" * 1_600_000
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        content = opened(zipped(("a.csv", data), method=method))
        assert content.complete
        assert content.expanded_bytes == len(data)
    content = opened(tarred(("a.csv", data)), "a.tar")
    assert content.complete


def test_archives_in_archives_keep_their_addresses() -> None:
    """The address of a part names every container around it."""
    inner = gzip.compress(tarred(("d/t.csv", CSV)))
    assert grids(opened(zipped(("x/inner.tar.gz", inner)))) == {"a.zip/x/inner.tar.gz/inner.tar/d/t.csv": ROWS}


def test_deep_nesting_ends_at_the_limit() -> None:
    """A container too deep is a gap and an oddity."""
    data = CSV
    for _ in range(8):
        data = zipped(("a", data))
    content = opened(data)
    assert OddityKind.DEEP_NESTING in oddities(content)
    assert {gap.limit_name for gap in content.unread} == {"depth"}


def test_too_many_members_are_a_gap() -> None:
    """Members beyond the limit are not read, and that is said."""
    content = opened(zipped(*((f"{number}.csv", CSV) for number in range(30))), limits=Limits(members=10))
    assert "members" in {gap.limit_name for gap in content.unread}
    assert len(grids(content)) == 10


def test_an_encrypted_member_is_a_gap_and_its_neighbours_are_read() -> None:
    """The flag in either header counts."""
    data = bytearray(zipped(("a.csv", CSV), ("b.csv", CSV)))
    data[6] |= 1
    content = opened(bytes(data))
    assert gaps(content) == {"a.zip/a.csv": UnreadReason.ENCRYPTED}
    assert OddityKind.ENCRYPTED in oddities(content)
    assert grids(content) == {"a.zip/b.csv": ROWS}


def test_a_zip_in_front_of_a_zip_is_found() -> None:
    """Most programs show only the second; both are read."""
    content = opened(zipped(("first.csv", OTHER)) + zipped(("second.csv", CSV)))
    assert OddityKind.LEADING_DATA in oddities(content)
    assert {address.rpartition("/")[2] for address in grids(content)} == {"first.csv", "second.csv"}


def test_a_member_that_the_directory_does_not_name_is_found() -> None:
    """Bytes between members are read like a member."""
    seen = zipped(("a.csv", CSV), ("b.csv", OTHER))
    directory = seen.index(b"PK\x01\x02")
    second = seen.index(b"PK\x01\x02", directory + 4)
    end = seen.index(b"PK\x05\x06")
    kept = seen[directory:second]
    record = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(kept), directory, 0)
    content = opened(seen[:directory] + kept + record)
    assert end > second
    assert OddityKind.TRAILING_DATA in oddities(content)
    assert len(grids(content)) == 2


def test_bytes_after_a_zip_are_found() -> None:
    """A table behind the end of a zip is read."""
    content = opened(zipped(("a.csv", CSV)) + OTHER)
    assert OddityKind.TRAILING_DATA in oddities(content)
    assert len(grids(content)) == 2


def test_a_name_given_twice_is_said_and_both_are_read() -> None:
    """Which of two members of one name is seen depends on the program."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.csv", CSV), ("a.csv", OTHER))
    content = opened(data)
    assert OddityKind.DUPLICATE_MEMBER in oddities(content)
    assert set(grids(content)) == {"a.zip/a.csv", "a.zip/a.csv#2"}


def test_headers_that_contradict_the_directory_are_said() -> None:
    """The name, method and sizes stand twice in a zip."""
    data = bytearray(zipped(("a.csv", CSV)))
    data[30:35] = b"b.exe"
    content = opened(bytes(data))
    assert "its own header gives another name" in {oddity.detail for oddity in content.oddities}


def test_a_member_that_lies_upon_another_is_not_read_twice() -> None:
    """Overlapping members are how a small zip becomes a large one."""
    data = zipped(("a.csv", CSV))
    directory, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = data[directory:end] * 50
    record = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 50, 50, len(entries), directory, 0)
    content = opened(data[:directory] + entries + record)
    assert len(grids(content)) == 1
    assert len(content.unread) == 49


def test_a_wrong_checksum_is_a_gap() -> None:
    """A member that was changed without its checksum is damaged."""
    data = zipped(("a.csv", CSV), method=zipfile.ZIP_STORED).replace(b"131", b"999")
    assert UnreadReason.MALFORMED in gaps(opened(data)).values()


def test_bytes_after_the_end_of_a_deflate_stream_are_found() -> None:
    """A member can be longer than what it holds."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = raw.compress(CSV) + raw.flush() + OTHER
    header = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(CSV), len(body), len(CSV), 5, 0)
    local = b"PK\x03\x04" + header + b"a.csv" + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + header + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.csv"
    data = local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    content = opened(data)
    assert OddityKind.TRAILING_DATA in oddities(content)
    assert len(grids(content)) == 2


def test_a_zip_without_its_end_is_read_as_far_as_it_goes() -> None:
    """Members in front of the damage are read, and the archive is not complete."""
    whole = zipped(("a.csv", CSV), ("b.csv", OTHER))
    for size in (60, 100, len(whole) - 60, len(whole) - 1):
        content = opened(whole[:size])
        assert not content.complete
    assert len(grids(opened(whole[:-30]))) == 2


def test_comments_and_extra_fields_are_shown_or_said() -> None:
    """Text beside the members is hidden from most programs."""
    info = zipfile.ZipInfo("a.csv")
    info.comment = b"about the member"
    info.extra = struct.pack("<HH", 0x9999, 200) + bytes(range(200))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, CSV)
        archive.comment = b"about the archive"
    content = opened(out.getvalue())
    assert {part.text for part in content.parts if isinstance(part, TextPart) and part.hidden} == {"about the member", "about the archive"}
    assert gaps(content) == {"a.zip/a.csv!extra": UnreadReason.HIDDEN}


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "d/../../a.csv", "a\x1b[2J.csv", "a\u202evsc.exe"])
def test_hostile_names_are_said_and_shown_safely(name: str) -> None:
    """Names that lead elsewhere or cannot be shown plainly are oddities."""
    for content in (opened(zipped((name, CSV))), opened(tarred((name, CSV)), "a.tar")):
        kinds = {OddityKind.UNSAFE_MEMBER_NAME, OddityKind.CONTROL_CHARACTERS, OddityKind.BIDIRECTIONAL_CONTROLS}
        assert oddities(content) & kinds
        assert all(part.part_id.isprintable() for part in content.parts)
        assert ROWS in grids(content).values()


def test_links_and_devices_in_archives_are_oddities() -> None:
    """Nothing is followed; the target is shown as text."""
    link, device = tarfile.TarInfo("link"), tarfile.TarInfo("device")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    content = opened(tarred(link, device, ("a.csv", CSV)), "a.tar")
    assert [oddity.kind for oddity in content.oddities] == [OddityKind.SPECIAL_MEMBER] * 2
    assert grids(content) == {"a.tar/a.csv": ROWS}
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert OddityKind.SPECIAL_MEMBER in oddities(opened(out.getvalue()))


def test_extended_headers_of_a_tar_are_shown() -> None:
    """Keys that tar needs itself are left out."""
    info = tarfile.TarInfo("empty")
    info.pax_headers = {"comment": "hidden words", "mtime": "1.5"}
    content = opened(tarred(info, ("a.csv", CSV)), "a.tar")
    assert [part.text for part in content.parts if isinstance(part, TextPart) and part.hidden] == ["comment: hidden words"]


def test_bytes_after_the_end_of_a_tar_are_found() -> None:
    """Tar programs stop at the first empty block."""
    content = opened(tarred(("a.csv", CSV)) + OTHER, "a.tar")
    assert OddityKind.TRAILING_DATA in oddities(content)
    assert len(grids(content)) == 2


def test_a_tar_that_breaks_off_is_a_gap() -> None:
    """A tar cut off within a member or a header is not complete."""
    whole = tarred(("a.csv", CSV * 100), ("b.csv", CSV))
    for size in (520, 700, 1900, 3100):
        assert not opened(whole[:size], "a.tar").complete


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_compressed_tars(mode: str) -> None:
    """The tar within is addressed by the name without its last extension."""
    content = opened(tarred(("a.csv", CSV), mode=mode), "r.tgz" if mode == "w:gz" else f"r.tar.{mode[2:]}")
    assert ROWS in grids(content).values()
    assert all("r.tar/" in address for address in grids(content))


def test_a_program_in_an_archive_is_said() -> None:
    """What is odd about the type of a member is said with its address."""
    content = opened(zipped(("table.csv", b"\x7fELF\x02\x01\x01" + bytes(60))))
    found = {(oddity.part_id, oddity.kind) for oddity in content.oddities}
    assert {("a.zip/table.csv", OddityKind.EXECUTABLE), ("a.zip/table.csv", OddityKind.NAME_MISMATCH)} <= found
    assert not content.complete


def test_an_object_of_version_control_is_opened() -> None:
    """A loose object holds a file as it once was."""
    content = opened(zlib.compress(b"blob 23\0" + CSV), "3f786850e387550fdab836ed7e6dc881de23001b")
    assert ROWS in grids(content).values()
    assert OddityKind.VERSION_CONTROL in oddities(content)
    assert gaps(opened(b"PACK\0\0\0\x02" + bytes(40), "pack"))["pack"] is UnreadReason.MALFORMED


PEOPLE = [("1234567", "F", "61", "I10"), *((str(2000000 + 37 * row), "MF"[row % 2], str(20 + row * 7 % 60), "E11") for row in range(59))]
PEOPLE_CSV = ("id,sex,age,code\n" + "".join(",".join(row) + "\n" for row in PEOPLE)).encode()


def people(content: Content) -> bool:
    """True where the first person came out as cells."""
    return any(PEOPLE[0] == row for part in content.parts if isinstance(part, Grid) for row in part.rows)


def zip_of(row: Callable[[int], zipfile.ZipInfo], count: int = len(PEOPLE)) -> bytes:
    """A zip of small texts whose entries are made one by one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(row(number), b"words")
    return out.getvalue()


def entry(name: str, **more: object) -> zipfile.ZipInfo:
    """An entry of a zip with some of its fields set."""
    info = zipfile.ZipInfo(name)
    for field, value in more.items():
        setattr(info, field, value)
    return info


def extra(data: bytes) -> bytes:
    """An extra field of no known purpose."""
    return struct.pack("<HH", 0x4242, len(data)) + data


@pytest.mark.parametrize(
    "data",
    [
        zipped(("readme.txt", b"words"), comment=PEOPLE_CSV),
        zip_of(lambda number: entry(f"figure_{number}.txt", comment=",".join(PEOPLE[number]).encode())),
        zip_of(lambda number: entry(f"figure_{number}.txt", extra=extra(",".join(PEOPLE[number]).encode()))),
        zip_of(lambda number: entry(f"figure_{number}.txt", external_attr=PEOPLE_CSV[number] << 16), len(PEOPLE_CSV)),
        zip_of(lambda number: entry("_".join(PEOPLE[number]) + ".txt")),
        zip_of(lambda number: entry("_".join(PEOPLE[number]) + "/")),
    ],
    ids=["comment", "comments", "fields", "modes", "names", "folders"],
)
def test_what_stands_beside_the_members_of_a_zip_is_read(data: bytes) -> None:
    """Rows in a comment, or spread over comments, fields, modes and names of members, come out as rows."""
    assert people(opened(data))


def tar_of(row: Callable[[int, tarfile.TarInfo], None], count: int = len(PEOPLE)) -> bytes:
    """A tar of small texts whose headers are made one by one."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number in range(count):
            info = tarfile.TarInfo(f"figure_{number}.txt")
            info.size = 5
            row(number, info)
            archive.addfile(info, io.BytesIO(b"words"))
    return out.getvalue()


def in_slack() -> bytes:
    """A tar with rows behind the bytes of its member."""
    data = bytearray(tarred(("readme.txt", b"words")))
    data[512 + 5 : 1024] = PEOPLE_CSV[:507]
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        tar_of(lambda _, info: info.pax_headers.update(comment=PEOPLE_CSV.decode()), 1),
        tar_of(lambda _, info: info.pax_headers.update(uname=PEOPLE_CSV.decode()), 1),
        tar_of(lambda number, info: setattr(info, "uname", ",".join(PEOPLE[number]))),
        tar_of(lambda number, info: setattr(info, "uid", PEOPLE_CSV[number]), len(PEOPLE_CSV)),
        tar_of(lambda number, info: setattr(info, "name", "_".join(PEOPLE[number]) + ".txt")),
        in_slack(),
    ],
    ids=["comment", "long owner", "owners", "numbers of owners", "names", "slack"],
)
def test_what_stands_beside_the_members_of_a_tar_is_read(data: bytes) -> None:
    """Rows in headers, owners, names and padding come out as rows."""
    assert people(opened(data, "a.tar"))


RESULTS = {
    "chromosomes": [f"chr{number}_gwas_results.csv" for number in range(1, 23)],
    "genes": [
        f"plot_{gene}_{tissue}.png"
        for gene in ("BRCA1", "TP53", "APOE", "LDLR", "CFTR", "TTN")
        for tissue in ("liver", "brain", "heart", "lung")
    ],
    "search": [f"run_{number:03d}_lr_0.{number % 3 + 1}_bs_{16 << number % 3}.json" for number in range(40)],
    "loci": [f"{number % 22 + 1}_{100_000 + number * 7919}_{'ACGT'[number % 4]}_{'CGTA'[number % 3]}_locus.png" for number in range(40)],
    "hashes": [f"{random.Random(number).randbytes(20).hex()}.json" for number in range(40)],
    "days": [f"report_2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}.csv" for number in range(40)],
}


@pytest.mark.parametrize("kind", RESULTS)
def test_ordinary_names_are_no_rows(kind: str) -> None:
    """Files named by chromosome, gene, setting, place, checksum or day carry nothing."""
    content = opened(zipped(*((name, b"words") for name in RESULTS[kind])))
    assert not any(isinstance(part, Grid) for part in content.parts)
    assert OddityKind.ENCODED_BLOB not in oddities(content)


def test_pieces_in_names_are_put_together() -> None:
    """A file cut up into the names of members is read."""
    letters = base64.urlsafe_b64encode(gzip.compress(PEOPLE_CSV)).decode()
    pieces = [letters[place : place + 80] for place in range(0, len(letters), 80)]
    assert people(opened(zipped(*((f"{number:03d}_{piece}", b"x") for number, piece in enumerate(pieces)))))


def test_a_zip_inside_itself_ends_at_the_depth() -> None:
    """An archive that never ends is opened as deep as may be."""
    data = CSV
    for _ in range(9):
        data = zipped(("inner.zip", data))
    content = opened(data)
    assert UnreadReason.LIMIT in gaps(content).values()


def test_a_bomb_of_members_that_share_their_bytes_stops() -> None:
    """Many entries of a directory that point to one member are not read many times."""
    whole = zipped(("a.bin", bytes(1 << 20)))
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    one = whole[start:end]
    made = whole[:start] + one * 500 + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 500, 500, 500 * len(one), start, 0)
    content = opened(made)
    assert content.expanded_bytes <= 2 << 20
    assert not content.complete


def test_a_hundred_thousand_members_stop_at_the_limit() -> None:
    """No more members are opened than may be."""
    one = zipped(("a", b""))
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    made = (
        one[:start]
        + one[start:end] * 100_000
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, 34464, 34464, 100_000 * (end - start), start, 0)
    )
    content = opened(made, limits=Limits(members=50))
    assert "members" in {gap.limit_name for gap in content.unread}


def test_a_tar_with_an_absurd_size_is_a_gap() -> None:
    """A member of eight exabytes ends early."""
    info = tarfile.TarInfo("a.bin")
    data = bytearray(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    data[124:136] = b"\x80" + (1 << 62).to_bytes(11, "big")
    data[148:156] = b" " * 8
    data[148:156] = f"{sum(data[:512]):06o}\0 ".encode()
    assert not opened(bytes(data), "a.tar").complete


def test_an_empty_file_is_read() -> None:
    """Nothing in it was read to its end."""
    assert opened(b"", "empty.csv").complete
    assert opened(b" \n\n", "empty.csv").complete


def test_no_message_holds_a_value() -> None:
    """Details of gaps and oddities never quote what was read."""
    for data in (zipped(("a.csv", CSV))[:-20], gzip.compress(CSV)[:-6], tarred(("a.csv", CSV))[:600], zipped(("a.csv", CSV)) + b"secret"):
        content = opened(data)
        words = " ".join(item.detail for item in (*content.unread, *content.oddities))
        assert "sex" not in words
        assert "secret" not in words


WHOLE = {
    "zip": zipped(("a.csv", CSV), ("d/b.csv", OTHER), comment=b"words"),
    "tar": tarred(("a.csv", CSV)),
    "tgz": gzip.compress(tarred(("a.csv", CSV))),
    "zst": framed("zstd"),
    "nested": zipped(("a.zip", zipped(("b.csv", CSV)))),
}


@pytest.mark.parametrize("name", WHOLE)
def test_damage_anywhere_ends_in_parts_or_gaps(name: str) -> None:
    """Truncated and altered archives never raise and never give nothing."""
    chance = random.Random(9)
    whole = WHOLE[name]
    for _ in range(40):
        data = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        content = opened(bytes(data), f"a.{name}")
        assert content.parts or content.unread


@given(st.binary(min_size=1, max_size=2000))
def test_any_bytes_in_a_zip_are_accounted_for(data: bytes) -> None:
    """Whatever a member holds, it is read or a gap."""
    content = opened(zipped(("a", data)))
    assert any(item.part_id.startswith("a.zip/a") for item in (*content.parts, *content.unread))
