"""Signatures: formats told by fixed bytes at fixed places, with as much structure as fits a few comparisons."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Guess:
    """A type and what in the bytes said so."""

    label: str
    evidence: str
    also: tuple[str, ...] = ()


Rule: TypeAlias = Callable[[bytes, int | None], Guess | None]

# (label, offset, bytes, words): enough by themselves
_PLAIN: tuple[tuple[str, int, bytes, str], ...] = (
    ("pdf", 0, b"%PDF-", "PDF header"),
    ("png", 0, b"\x89PNG\r\n\x1a\n", "PNG signature"),
    ("jpeg", 0, b"\xff\xd8\xff", "JPEG start of image"),
    ("gif", 0, b"GIF87a", "GIF signature"),
    ("gif", 0, b"GIF89a", "GIF signature"),
    ("tiff", 0, b"II*\0", "TIFF signature"),
    ("tiff", 0, b"MM\0*", "TIFF signature"),
    ("tiff", 0, b"II+\0\x08\0\0\0", "BigTIFF signature"),
    ("tiff", 0, b"MM\0+\0\x08\0\0", "BigTIFF signature"),
    ("rtf", 0, b"{\\rtf", "RTF header"),
    ("eps", 0, b"%!PS", "PostScript header"),
    ("eps", 0, b"\xc5\xd0\xd3\xc6", "EPS with preview"),
    ("heic", 4, b"ftypheic", "HEIF brand"),
    ("heic", 4, b"ftypmif1", "HEIF brand"),
    ("heic", 4, b"ftypavif", "AVIF brand"),
    ("jpeg2000", 0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000 signature"),
    ("psd", 0, b"8BPS\0", "Photoshop signature"),
    ("dicom", 128, b"DICM", "DICOM prefix"),
    ("nifti", 344, b"n+1\0", "NIfTI signature"),
    ("nifti", 344, b"ni1\0", "NIfTI signature"),
    ("nifti", 4, b"n+2\0\r\n\x1a\n", "NIfTI 2 signature"),
    ("nifti", 4, b"ni2\0\r\n\x1a\n", "NIfTI 2 signature"),
    ("rar", 0, b"Rar!\x1a\x07", "RAR signature"),
    ("7z", 0, b"7z\xbc\xaf\x27\x1c", "7z signature"),
    ("xz", 0, b"\xfd7zXZ\0", "xz signature"),
    ("xz", 0, b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", "LZMA header"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd", "Zstandard frame"),
    ("lz4", 0, b"\x04\x22\x4d\x18", "LZ4 frame"),
    ("arrow", 0, b"ARROW1\0\0", "Arrow file signature"),
    ("feather1", 0, b"FEA1", "Feather signature"),
    ("orc", 0, b"ORC", "ORC signature"),
    ("avro", 0, b"Obj\x01", "Avro signature"),
    ("netcdf", 0, b"CDF\x01", "NetCDF signature"),
    ("netcdf", 0, b"CDF\x02", "NetCDF signature"),
    ("netcdf", 0, b"CDF\x05", "NetCDF signature"),
    ("npy", 0, b"\x93NUMPY", "NumPy signature"),
    ("sqlite", 0, b"SQLite format 3\0", "SQLite signature"),
    ("sqlite_wal", 0, b"\x37\x7f\x06\x82", "SQLite write-ahead log"),
    ("sqlite_wal", 0, b"\x37\x7f\x06\x83", "SQLite write-ahead log"),
    ("sqlite_wal", 0, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", "SQLite rollback journal"),
    ("duckdb", 8, b"DUCK", "DuckDB signature"),
    ("stata", 0, b"<stata_dta>", "Stata header"),
    ("spss", 0, b"$FL2", "SPSS signature"),
    ("spss", 0, b"$FL3", "compressed SPSS signature"),
    ("sas7bdat", 12, b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c\x18\x1f\x10\x11", "SAS signature"),
    ("xport", 0, b"HEADER RECORD*******LIB", "SAS transport header"),
    ("rdata", 0, b"RDX2\n", "R workspace header"),
    ("rdata", 0, b"RDX3\n", "R workspace header"),
    ("rdata", 0, b"RDA2\n", "R workspace header"),
    ("rdata", 0, b"RDA3\n", "R workspace header"),
    ("rdata", 0, b"RDB2\n", "R workspace header"),
    ("rdata", 0, b"RDB3\n", "R workspace header"),
    ("pytorch", 0, b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "PyTorch magic number"),
    ("gguf", 0, b"GGUF", "GGUF signature"),
    ("tflite", 4, b"TFL3", "TensorFlow Lite signature"),
    ("catboost", 0, b"CBM1", "CatBoost signature"),
    ("plink_bed", 0, b"\x6c\x1b\x01", "PLINK 1 magic number"),
    ("plink_bed", 0, b"\x6c\x1b\x00", "PLINK 1 magic number, sample-major"),
    ("pgen", 0, b"\x6c\x1b", "PLINK 2 magic number"),
    ("cram", 0, b"CRAM", "CRAM signature"),
    ("bam", 0, b"BAM\x01", "BAM signature"),
    ("bcf", 0, b"BCF\x02", "BCF signature"),
    ("bcf", 0, b"BCF\x04", "BCF signature"),
    ("tabix", 0, b"TBI\x01", "tabix signature"),
    ("tabix", 0, b"CSI\x01", "CSI signature"),
    ("tabix", 0, b"BAI\x01", "BAI signature"),
    ("gds", 0, b"COREARRAYx0A", "CoreArray signature"),
    ("bigwig", 0, b"\x26\xfc\x8f\x88", "bigWig signature"),
    ("bigwig", 0, b"\x88\x8f\xfc\x26", "bigWig signature"),
    ("bigbed", 0, b"\xeb\xf2\x89\x87", "bigBed signature"),
    ("bigbed", 0, b"\x87\x89\xf2\xeb", "bigBed signature"),
    ("idat", 0, b"IDAT\x03\0\0\0", "Illumina IDAT signature"),
    ("abif", 0, b"ABIF\0", "ABIF trace signature"),
    ("elf", 0, b"\x7fELF", "ELF header"),
    ("macho", 0, b"\xfe\xed\xfa\xce", "Mach-O header"),
    ("macho", 0, b"\xfe\xed\xfa\xcf", "Mach-O header"),
    ("macho", 0, b"\xce\xfa\xed\xfe", "Mach-O header"),
    ("macho", 0, b"\xcf\xfa\xed\xfe", "Mach-O header"),
    ("wasm", 0, b"\0asm\x01\0\0\0", "WebAssembly header"),
    ("dex", 0, b"dex\n03", "Android code header"),
    ("ar", 0, b"!<arch>\n", "ar archive header"),
    ("cpio", 0, b"070701", "cpio header"),
    ("cpio", 0, b"070702", "cpio header"),
    ("cpio", 0, b"070707", "cpio header"),
    ("rpm", 0, b"\xed\xab\xee\xdb", "RPM lead"),
    ("iso9660", 32769, b"CD001", "volume descriptor of a disc image"),
    ("cab", 0, b"MSCF\0\0\0\0", "cabinet header"),
    ("git_object", 0, b"PACK\0\0\0\x02", "git pack header"),
    ("git_object", 0, b"PACK\0\0\0\x03", "git pack header"),
    ("git_object", 0, b"\xfftOc\0\0\0\x02", "git pack index"),
    ("git_object", 0, b"MIDX\x01", "git index of packs"),
    ("git_object", 0, b"CGPH\x01", "git graph of commits"),
    ("git_object", 0, b"RIDX\0\0\0\x01", "git order of a pack"),
    ("git_object", 0, b"BITM\0\x01", "git bitmap"),
    ("git_object", 0, b"DIRC\0\0\0", "git index"),
    ("git_object", 0, b"# v2 git bundle\n", "git bundle header"),
    ("git_object", 0, b"# v3 git bundle\n", "git bundle header"),
    ("encrypted", 0, b"age-encryption.org/v1\n", "age header"),
    ("encrypted", 0, b"-----BEGIN AGE ENCRYPTED FILE-----", "age armour"),
    ("encrypted", 0, b"-----BEGIN PGP MESSAGE-----", "OpenPGP armour"),
    ("encrypted", 0, b"Salted__", "OpenSSL salted header"),
    ("encrypted", 0, b"$ANSIBLE_VAULT;", "Ansible vault header"),
    ("encrypted", 0, b"crypt4gh", "Crypt4GH header"),
    ("encrypted", 0, b"LUKS\xba\xbe", "LUKS header"),
    ("media", 0, b"ID3", "MP3 tag"),
    ("media", 0, b"OggS\0", "Ogg page"),
    ("media", 0, b"fLaC\0", "FLAC signature"),
    ("media", 4, b"ftyp", "MP4 brand"),
    ("media", 0, b"\x1a\x45\xdf\xa3", "Matroska header"),
)
_BY_FIRST: dict[int, list[tuple[str, bytes, str]]] = {}
_ELSEWHERE = [entry for entry in _PLAIN if entry[1]]
for _label, _offset, _magic, _words in _PLAIN:
    if not _offset:
        _BY_FIRST.setdefault(_magic[0], []).append((_label, _magic, _words))


def by_signature(head: bytes, size: int | None) -> Guess | None:
    """The type that fixed bytes name, or None.

    Args:
        head: The first bytes.
        size: Length of the whole in bytes, None where it is not known.
    """
    if not head:
        return None
    for label, magic, words in _BY_FIRST.get(head[0], ()):
        if head.startswith(magic) and (label not in _CONFIRM or _CONFIRM[label](head, size)):
            return Guess(label, words)
    for rule in _RULES:
        if guess := rule(head, size):
            return guess
    for label, offset, magic, words in _ELSEWHERE:
        if head.startswith(magic, offset):
            return Guess(label, words)
    return None


def _pgen(head: bytes, _: int | None) -> bool:
    return len(head) > 2 and head[2] in {0x02, 0x03, 0x04, 0x10, 0x11, 0x20, 0x21}


def _binary_follows(head: bytes, _: int | None) -> bool:
    """A short signature of letters also begins words: ask for a byte that text does not hold."""
    return bool(head[:512].translate(None, bytes(range(9, 14)) + bytes(range(32, 127))))


def _cpio(head: bytes, _: int | None) -> bool:
    return bool(re.match(rb"07070[12][0-9a-fA-F]{104}|070707[0-7]{70}", head))


_CONFIRM: dict[str, Callable[[bytes, int | None], bool]] = {
    "pgen": _pgen,
    "cpio": _cpio,
    "orc": _binary_follows,
    "cram": _binary_follows,
    "media": _binary_follows,
    "feather1": _binary_follows,
    "gguf": _binary_follows,
    "catboost": _binary_follows,
}


def _riff(head: bytes, _: int | None) -> Guess | None:
    if head.startswith(b"RIFF"):
        kind = head[8:12]
        if kind == b"WEBP":
            return Guess("webp", "RIFF container of kind WEBP")
        if kind in (b"WAVE", b"AVI "):
            return Guess("media", "RIFF container of sound or film")
    return None


def _bmp(head: bytes, size: int | None) -> Guess | None:
    if not head.startswith(b"BM") or len(head) < 26:
        return None
    declared, _, offset, header = struct.unpack_from("<IIII", head, 2)
    if header in {12, 40, 52, 56, 64, 108, 124} and 14 + header <= offset <= (size or offset) and declared >= offset:
        return Guess("bmp", "BMP header")
    return None


def _parquet(head: bytes, _: int | None) -> Guess | None:
    if head.startswith((b"PAR1", b"PARE")) and _binary_follows(head, None):
        return Guess("parquet", "Parquet signature")
    return None


def _hdf5(head: bytes, _: int | None) -> Guess | None:
    for offset in (0, 512, 1024, 2048, 4096, 8192):
        if head.startswith(b"\x89HDF\r\n\x1a\n", offset):
            return Guess("hdf5", f"HDF5 signature at byte {offset}")
    return None


def _matlab(head: bytes, _: int | None) -> Guess | None:
    if head.startswith(b"MATLAB 5.0 MAT-file") and head[126:128] in (b"IM", b"MI"):
        return Guess("mat", "MATLAB 5 header")
    if len(head) < 22:
        return None
    for order in "<>":
        kind, rows, columns, complex_, length = struct.unpack_from(f"{order}5i", head)
        plausible = kind // 1000 in {0, 1} and kind % 1000 // 100 == 0 and kind % 100 // 10 <= 5 and kind % 10 <= 2
        if not (0 <= kind < 2000 and plausible and rows >= 0 and columns >= 0 and complex_ in {0, 1} and 2 <= length <= 64):
            continue
        if re.fullmatch(rb"[A-Za-z]\w*\0", head[20 : 20 + length]):
            return Guess("mat", "MATLAB 4 header")
    return None


def _arrow_stream(head: bytes, size: int | None) -> Guess | None:
    if not head.startswith(b"\xff\xff\xff\xff") or len(head) < 16:
        return None
    length, root = struct.unpack_from("<iI", head, 4)
    if 0 < length <= (size or 1 << 28) and length % 8 == 0 and 4 <= root < length:
        return Guess("arrow", "Arrow stream continuation mark")
    return None


def _stata(head: bytes, _: int | None) -> Guess | None:
    if len(head) > 60 and 102 <= head[0] <= 115 and head[1] in (1, 2) and head[2] == 1 and head[3] == 0:
        return Guess("stata", "Stata header of an older release")
    return None


def _spss_portable(head: bytes, _: int | None) -> Guess | None:
    if b"SPSS PORT FILE" in head[:220] or b"SPSSPORT" in head[400:520]:
        return Guess("spss_portable", "SPSS portable header")
    return None


def _r_serialised(head: bytes, _: int | None) -> Guess | None:
    if head.startswith(b"X\n") and len(head) >= 14:
        version, writer, reader = struct.unpack_from(">III", head, 2)
        if version in (2, 3) and writer < 1 << 24 and reader < 1 << 24:
            return Guess("rds", "R serialization header")
    if head.startswith(b"B\n") and head[2:6] in (b"\x02\0\0\0", b"\x03\0\0\0"):
        return Guess("rds", "R native serialization header")
    if re.match(rb"A\n[23]\n\d{5,7}\n\d{5,7}\n", head):
        return Guess("rds", "R text serialization header")
    return None


def _r_lazy(head: bytes, _: int | None) -> Guess | None:
    """Objects of R one after another, each behind its length and compressed by itself."""
    if len(head) < 16 or head[4:6] not in (b"x\x9c", b"x\x01", b"x\x5e", b"x\xda"):
        return None
    try:
        first = zlib.decompressobj().decompress(head[4:], 16)
    except zlib.error:
        return None
    return Guess("rdb", "R serialization behind its length") if re.match(rb"X\n\0\0\0[\2\3]", first) else None


def _executable(head: bytes, size: int | None) -> Guess | None:
    if head.startswith(b"MZ") and len(head) >= 64:
        offset = struct.unpack_from("<I", head, 60)[0]
        if head.startswith(b"PE\0\0", offset):
            return Guess("pe", "MZ and PE headers")
        if _binary_follows(head, size):
            return Guess("pe", "MZ header")
    if head.startswith(b"\xca\xfe\xba\xbe") and len(head) >= 8:
        java = struct.unpack_from(">H", head, 6)[0] >= 45
        return Guess("class", "Java class header") if java else Guess("macho", "Mach-O universal header")
    if len(head) >= 16 and head[2:4] == b"\r\n" and head[4:8] in (b"\0\0\0\0", b"\x01\0\0\0", b"\x03\0\0\0"):
        return Guess("pyc", "Python bytecode header")
    return None


def _tar(head: bytes, _: int | None) -> Guess | None:
    if len(head) < 512:
        return None
    block = head[:512]
    field = block[148:156].strip(b" \0")
    if not re.fullmatch(rb"[0-7]{1,7}", field):
        return None
    if int(field, 8) == sum(block[:148]) + sum(block[156:]) + 8 * 32:
        return Guess("tar", "tar header with a right checksum")
    return Guess("tar", "tar header") if block[257:262] == b"ustar" else None


def _bgen(head: bytes, size: int | None) -> Guess | None:
    if len(head) < 24:
        return None
    offset, header, _, _ = struct.unpack_from("<IIII", head)
    magic = head[16:20]
    if magic not in (b"bgen", b"\0\0\0\0") or not 20 <= header <= offset or header > 1 << 20:
        return None
    if header + 4 > len(head) or (size is not None and offset > size):
        return Guess("bgen", "BGEN magic number") if magic == b"bgen" else None
    flags = struct.unpack_from("<I", head, header)[0]
    if flags & 3 <= 2 and flags >> 2 & 15 in (0, 1, 2) and (magic == b"bgen" or flags >> 2 & 15):
        return Guess("bgen", "BGEN header" if magic == b"bgen" else "BGEN header without its magic number")
    return None


def _eigenstrat_packed(head: bytes, _: int | None) -> Guess | None:
    if re.match(rb"T?GENO +\d+ +\d+ +[0-9a-f]+ +[0-9a-f]+", head):
        return Guess("eigenstrat_geno", "packed EIGENSTRAT header")
    return None


def _lzma_alone(head: bytes, size: int | None) -> Guess | None:
    if head.startswith(b"\x5d\0\0") and head[5:14] == b"\xff" * 8 + b"\0" and head[3:5] != b"\0\0" and _binary_follows(head, size):
        return Guess("xz", "LZMA header")
    return None


def _bzip2(head: bytes, _: int | None) -> Guess | None:
    if re.match(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", head):
        return Guess("bzip2", "bzip2 block header")
    return None


def _zstd_skippable(head: bytes, _: int | None) -> Guess | None:
    if len(head) > 8 and 0x50 <= head[0] <= 0x5F and head[1:4] == b"\x2a\x4d\x18":
        return Guess("zstd", "Zstandard skippable frame")
    return None


def _dbf(head: bytes, size: int | None) -> Guess | None:
    if len(head) < 65 or head[0] not in {0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0x8E, 0xF5, 0xFB}:
        return None
    month, day = head[2], head[3]
    rows, header, width = struct.unpack_from("<IHH", head, 4)
    dated = (1 <= month <= 12 and 1 <= day <= 31) or (month == day == 0)
    if not dated or header < 65 or width < 2 or (size is not None and header > size):
        return None
    if size is not None and abs(header + rows * width - size) > max(512, size // 2):
        return None
    field = head[32:64]
    if re.match(rb"[A-Za-z_][\w]*\0", field[:11] + b"\0") and chr(field[11]) in "CNLDMFBGPYTIVX@O+0":
        return Guess("dbf", "dBase header and field descriptor")
    return None


def _old_excel(head: bytes, _: int | None) -> Guess | None:
    if head[:4] in (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0"):
        return Guess("xls", "Excel stream without a compound document")
    return None


def _openpgp(head: bytes, size: int | None) -> Guess | None:
    """A first packet that holds an encrypted session key, in the old or the new packet format."""
    if len(head) < 16:
        return None
    tag, body = head[0], b""
    if tag in (0x84, 0x8C):
        body = head[2:6]
    elif tag in (0x85, 0x8D):
        body = head[3:7]
    elif tag in (0xC1, 0xC3):
        body = head[2:6] if head[1] < 192 else head[3:7]
    if not body:
        return None
    public = tag in (0x84, 0x85, 0xC1) and body[0] in (3, 6)
    password = tag in (0x8C, 0x8D, 0xC3) and body[0] in (4, 5, 6) and body[1] in range(1, 14) and body[2] in (0, 1, 3, 4)
    if (public or password) and (size or 17) > 16 and _binary_follows(head, size):
        return Guess("encrypted", "OpenPGP session key packet")
    return None


_RULES: tuple[Rule, ...] = (
    _riff, _bmp, _parquet, _hdf5, _arrow_stream, _lzma_alone, _bzip2, _zstd_skippable, _r_serialised, _r_lazy, _executable, _bgen, _tar, _stata,
    _matlab, _spss_portable, _eigenstrat_packed, _dbf, _old_excel, _openpgp,
)  # fmt: skip
