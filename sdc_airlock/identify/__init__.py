"""What bytes are, told from the bytes: a signature table and text shapes of our own, libmagic as second opinion.

The name of a file is a claim. It never changes the label; it is held against the content afterwards.
"""

from __future__ import annotations

from sdc_airlock.errors import IdentificationError
from sdc_airlock.identify._claim import belied, claimed_extension
from sdc_airlock.identify._content import Guess, of_content
from sdc_airlock.identify._second import disagreement, loaded, media_type
from sdc_airlock.identify.encoding import Encoding, decode, sniff_encoding
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.filetype import FileType
from sdc_airlock.source import Source

__all__ = ["TYPES", "Encoding", "available", "decode", "disagreement", "identify", "label_of", "sniff_encoding"]


def identify(source: Source) -> FileType:
    """Say what some bytes are.

    Args:
        source: The bytes; its name is only held against what they are.
    Returns:
        The type, with the evidence for it, other types the same bytes are too, and libmagic's media type.
    Raises:
        IdentificationError: the table of types is missing; nothing can be judged.
        OSError: the bytes cannot be read.
    """
    if not TYPES:
        raise IdentificationError("the table of types is empty: reinstall the package")
    guess = of_content(source)
    return _described(source, guess)


def label_of(source: Source) -> str:
    """The label of some bytes and nothing else: quick enough to ask of every guess at an encoding."""
    return of_content(source).label


def _described(source: Source, guess: Guess) -> FileType:
    extension = claimed_extension(source.name)
    return FileType(
        label=guess.label,
        family=TYPES[guess.label].family,
        evidence=(guess.evidence,),
        claimed_extension=extension,
        mismatch=belied(guess.label, extension),
        also=guess.also,
        second_opinion=media_type(source.head),
    )


def available() -> dict[str, bool]:
    """Which means of identification there are.

    Returns:
        `table`: the signatures and text shapes of our own, without which nothing is judged; `libmagic`: the second opinion.
    """
    return {"table": bool(TYPES), "libmagic": loaded()}
