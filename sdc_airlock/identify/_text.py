"""What a text is: the surest shapes are asked first, prose is what remains."""

from __future__ import annotations

import re

from sdc_airlock.identify._genomic import genomic_kind
from sdc_airlock.identify._markup import (
    configuration_kind,
    document_kind,
    fenced_kind,
    late_markup_kind,
    late_records_kind,
    markdown_kind,
    markup_kind,
    pipe_table_kind,
    records_kind,
)
from sdc_airlock.identify._messages import message_kind
from sdc_airlock.identify._prose import assigned_kind, code_kind, log_kind
from sdc_airlock.identify._sample import Sample, sample_text
from sdc_airlock.identify._signature import Guess
from sdc_airlock.identify._tabular import loosely_tabular, strictly_tabular
from sdc_airlock.source import HEAD_BYTES, Source

_KEYED = re.compile(r"[\w -]+:(?:\s|$)")


def text_kind(source: Source, text: str) -> Guess:
    """The type of a text.

    Args:
        source: Where it comes from; its tail tells a large notebook.
        text: The beginning of the text, decoded.
    """
    sample = sample_text(text, whole=_whole(source))
    if not sample.lines:
        return Guess("empty", "nothing but white space") if sample.whole else Guess("text", "white space at the beginning")
    if guess := records_kind(sample, source) or markup_kind(sample):
        return guess
    if guess := genomic_kind(sample, source):
        return guess
    rules = (
        message_kind, document_kind, _front_matter, _shebang, pipe_table_kind, fenced_kind, assigned_kind, _log_before_table, strictly_tabular, code_kind, log_kind,
        configuration_kind, markdown_kind, late_markup_kind, late_records_kind, loosely_tabular,
    )  # fmt: skip
    for rule in rules:
        if guess := rule(sample):
            return guess
    return Guess("text", "text without another shape")


def _whole(source: Source) -> bool:
    return len(source.head) < HEAD_BYTES if source.size is None else source.size <= len(source.head)


def _front_matter(sample: Sample) -> Guess | None:
    """A table or prose under a block of settings between two lines of dashes."""
    if not sample.start.startswith("---\n"):
        return None
    end = sample.start.find("\n---\n", 4)
    if end < 0:
        return None
    rest = sample_text(sample.start[end + 5 :], whole=sample.whole)
    if not rest.lines or _KEYED.match(rest.lines[0]):
        return None
    if strictly_tabular(rest):
        return Guess("csv", "delimited lines under a block of settings")
    return Guess("markdown", "prose under a block of settings")


def _shebang(sample: Sample) -> Guess | None:
    return code_kind(sample) if sample.text.startswith("#!") else None


def _log_before_table(sample: Sample) -> Guess | None:
    """A log whose time stamps hold a comma would else be a table of two columns."""
    guess = log_kind(sample)
    if guess is None or guess.evidence.startswith("prompts"):
        return None
    table = strictly_tabular(sample)
    return guess if table is None or " of 2 fields" in table.evidence else None
