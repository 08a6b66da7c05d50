"""Sequences of bases and amino acids: with names, with qualities, or bare."""

from __future__ import annotations

import re

from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess

_FEW_LINES = 8
_READ = re.compile(r"[ACGTUNacgtun]{1000,}")
# a primer has fewer bases; a name or a comment may stand before the sequence
_FEWEST_BASES = 200
_LEADING_LINES = 2
_LONG_LINE = 40
_BARE = re.compile(r"[ACGTUNacgtun*\-]+")


def _with_cut_line(sample: Sample) -> list[str]:
    """Lines that are not blank; of a few long ones also the one that the sample cuts off, as a sequence on one line is."""
    lines = sample.lines
    if sample.whole or len(lines) >= _FEW_LINES:
        return lines
    return [line for line in sample.text.split("\n") if line.strip()]


def sequences(sample: Sample) -> Guess | None:
    lines = _with_cut_line(sample)
    bare = _nothing_but_bases(lines)
    while lines and lines[0].startswith("#"):
        lines = lines[1:]
    if bare or len(lines) < 2:
        return Guess("fasta", "nothing but bases") if bare else None
    if lines[0].startswith((">", ";")) and any(line.startswith(">") for line in lines[:2]):
        bodies = [line.strip() for line in lines if not line.startswith((">", ";"))]
        letters = re.compile(r"[A-Za-z*\-. ]+")
        if bodies and all(letters.fullmatch(line) for line in bodies) and _sequence_like(bodies):
            return Guess("fasta", "description lines with > and sequence lines")
    if lines[0].startswith("@") and 2 <= len(lines) < 5 and not sample.whole and _READ.fullmatch(lines[1]):
        return Guess("fastq", "a name and a long read")
    if lines[0].startswith("@") and len(lines) >= 4 and lines[2].startswith("+"):
        bases, quality = lines[1].strip(), lines[3].strip()
        if re.fullmatch(r"[A-Za-z.*\-]+", bases) and len(bases) == len(quality):
            return Guess("fastq", "records of four lines")
        if re.fullmatch(r"[ACGTN.]+", bases):
            return Guess("fastq", "records of four lines, qualities of another length")
    return None


def _nothing_but_bases(lines: list[str]) -> bool:
    """True for hundreds of letters that are all bases, in lines longer than primers, under a line or two that may say whose."""
    if not lines or lines[0].startswith((">", ";", "@")):
        return False
    for skipped in range(min(_LEADING_LINES, len(lines) - 1) + 1):
        letters = "".join(lines[skipped:]).replace(" ", "")
        long_enough = len(letters) >= max(_FEWEST_BASES, _LONG_LINE * (len(lines) - skipped))
        if long_enough and _BARE.fullmatch(letters) and len(set(letters.upper()) & set("ACGTU")) > 2:
            return True
    return False


def _sequence_like(bodies: list[str]) -> bool:
    """Sequence lines are words without spaces (or blocks of ten), not sentences."""
    return sum(line.count(" ") for line in bodies) * 8 <= sum(len(line) for line in bodies) and not any(
        re.search(r"[a-z] [a-z]{1,9} [a-z]", line) and not re.fullmatch(r"[acgtun\- ]+", line) for line in bodies
    )


__all__ = ["sequences"]
