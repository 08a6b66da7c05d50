"""Ids of withdrawn participants as sorted digests, and the search for them among the words of a text or the cells of a column.

A list in plain text is held as digests under a key that lasts for one run. Numbers are mixed, words hashed; both are looked up
by binary search, so that the cost of a lookup hardly depends on how many ids there are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

PLAIN, HMAC_SHA256, BLAKE2B = "plain", "hmac-sha256", "blake2b"
DIGEST_BYTES = 16
# longer whole numbers are handled as words
MOST_DIGITS = 18
MOST_PIECES = 6
# words of a text that cannot hold an id, however it is wrapped
_LONGEST_WORD = 400
_PIECE = re.compile(r"[^\W_]+")
_DECIMAL = re.compile(r"[-+]?(\d*)\.(\d+)(?:e[-+]?\d+)?|[-+]?\d+e[-+]?\d+", re.IGNORECASE)
# letters that are often put right before the number of a person
_PREFIXED = re.compile(
    r"(?:e?id|[pisfu]id|p|s|u|sub|subj|subject|participants?|patients?|pt|pat|persons?|sample|ukb?|case|ctrl|control|ind|individual|donor)(\d{5,18})",
    re.IGNORECASE,
)

Digests = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A prepared list.

    Attributes:
        scheme: How the digests of `words` were made: `PLAIN` (keyed anew for each run), or as the keeper of the list made them.
        key: The key of the digests.
        words: Shape (n, 2), the first 16 bytes of each digest as two numbers, sorted.
        numbers: Mixed whole numbers, sorted; empty unless the list is in plain text.
        shapes: Shapes of the ids that are words; a word of another shape cannot be one. None where they are not known.
        lengths: Number of ids that are whole numbers, by number of digits; of a hashed list, all of them under 0.
        pieces: Most pieces, between separators, of one id.
        digest_bytes: Size of the digests in the list.
    """

    scheme: str
    key: bytes
    words: Digests
    numbers: Digests
    shapes: frozenset[str] | None
    lengths: Mapping[int, int] = field(default_factory=dict)
    pieces: int = 1
    digest_bytes: int = 32

    @property
    def plain(self) -> bool:
        """True where the ids were read in plain text."""
        return self.scheme == PLAIN

    def expected(self, digits: int, looked_up: int) -> float:
        """How many of so many different random whole numbers of that length would be in the list by chance."""
        ids = self.lengths.get(digits, 0) if self.plain else self.lengths.get(0, 0)
        return looked_up * min(ids / (9.0 * 10.0 ** (digits - 1)), 1.0)

    def in_numbers(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which whole numbers are ids in the list."""
        if self.plain:
            return found_in(mixed(numbers, self.key), self.numbers)
        return self._in_words([(str(number),) for number in numbers.tolist()])

    def in_words(self, words: Sequence[str]) -> npt.NDArray[np.int16]:
        """Which words hold an id of the list.

        Returns:
            For each word 0, the length of the id it holds, or that length below 0 where the id is a whole number.
        """
        found = np.zeros(len(words), dtype=np.int16)
        places: list[int] = []
        written: list[tuple[str, ...]] = []
        whole_places: list[int] = []
        whole: list[int] = []
        for place, word in enumerate(words):
            for candidate in candidates(word, self.pieces):
                if candidate.isdecimal() and candidate.isascii() and len(candidate.lstrip("0")) <= MOST_DIGITS and self.plain:
                    whole_places.append(place)
                    whole.append(int(candidate))
                elif self.shapes is None or shape(candidate) in self.shapes:
                    places.append(place)
                    written.append((canonical(candidate),) if self.plain else _spellings(candidate))
        if whole:
            for at in np.flatnonzero(self.in_numbers(np.array(whole, dtype=np.int64))).tolist():
                found[whole_places[at]] = -len(str(whole[at]))
        if written:
            for at in np.flatnonzero(self._in_words(written)).tolist():
                word = written[at][0]
                found[places[at]] = -len(word.lstrip("0")) if word.isdecimal() else len(word)
        return found

    def _in_words(self, spellings: Sequence[tuple[str, ...]]) -> npt.NDArray[np.bool_]:
        """Which of the words is in the list in one of its spellings."""
        if not spellings:
            return np.zeros(0, dtype=np.bool_)
        make = hasher(self.scheme, self.key, self.digest_bytes)
        counts = np.array([len(each) for each in spellings])
        digests = digests_of(make(word.encode("utf-8", "surrogatepass")) for each in spellings for word in each)
        hits = pairs_in(digests, self.words)
        return np.asarray(np.logical_or.reduceat(hits, np.concatenate([[0], np.cumsum(counts)[:-1]])))


def hasher(scheme: str, key: bytes, digest_bytes: int) -> Callable[[bytes], bytes]:
    """The function that makes the first 16 bytes of a digest."""
    if scheme == HMAC_SHA256:
        return lambda word: hmac.digest(key, word, "sha256")[:DIGEST_BYTES]
    size = DIGEST_BYTES if scheme == PLAIN else digest_bytes
    return lambda word: hashlib.blake2b(word, key=key, digest_size=size).digest()[:DIGEST_BYTES]


def digests_of(digests: Iterable[bytes]) -> Digests:
    """Digests of 16 bytes as an array of shape (n, 2)."""
    return np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 2).astype(np.uint64)


def sorted_pairs(digests: Digests) -> Digests:
    """Digests in order, each once."""
    return np.unique(digests, axis=0) if len(digests) else digests


def mixed(numbers: npt.NDArray[np.int64], key: bytes) -> Digests:
    """Whole numbers under a key: different numbers stay different (the finishing steps of SplitMix64)."""
    low, high = np.frombuffer(hashlib.blake2b(key, digest_size=16).digest(), dtype=np.uint64)
    with np.errstate(over="ignore"):
        state = (numbers.astype(np.uint64) ^ low) + high
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(state ^ (state >> np.uint64(31)), dtype=np.uint64)


def found_in(wanted: Digests, listed: Digests) -> npt.NDArray[np.bool_]:
    """Which numbers stand in a sorted list."""
    if not len(listed) or not len(wanted):
        return np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(listed, wanted), len(listed) - 1)
    return np.asarray(listed[places] == wanted)


def pairs_in(wanted: Digests, listed: Digests) -> npt.NDArray[np.bool_]:
    """Which pairs stand in a sorted list of pairs."""
    found = np.zeros(len(wanted), dtype=np.bool_)
    if not len(listed) or not len(wanted):
        return found
    first = listed[:, 0]
    places = np.searchsorted(first, wanted[:, 0])
    left = np.arange(len(wanted))
    # two digests whose first halves are alike are next to each other
    while len(left):
        left = left[places[left] < len(first)]
        left = left[first[places[left]] == wanted[left, 0]]
        hit = listed[places[left], 1] == wanted[left, 1]
        found[left[hit]] = True
        left = left[~hit]
        places[left] += 1
    return found


def canonical(written: str) -> str:
    """An id as it is compared: without quotes, case, leading zeros of a whole number, and with one kind of separator."""
    pieces = _PIECE.findall(written.casefold())
    return pieces[0].lstrip("0") or pieces[0] if len(pieces) == 1 and pieces[0].isdecimal() else "-".join(pieces)


def shape(written: str) -> str:
    """Which characters of an id are digits, letters and separators ("aa9999999-aaa-a99")."""
    return _SHAPED.sub(lambda match: ("9" if match[0][0].isdecimal() else "a") * len(match[0]), canonical(written))


_SHAPED = re.compile(r"\d+|[^\W\d_]+")


def pieces_of(written: str) -> int:
    """Pieces between the separators of an id."""
    return len(_PIECE.findall(written))


def candidates(word: str, most_pieces: int) -> Iterator[str]:
    """What of a word may be an id: the whole, its pieces, and neighbouring pieces with what separates them.

    "1234567.0" gives 1234567, "P_1234567" and "eid1234567" give it too; the decimals of a number are no id.
    """
    if match := _DECIMAL.fullmatch(word):
        if match[1] and match[2] and not match[2].strip("0"):
            yield match[1]
        return
    if len(word) > _LONGEST_WORD:
        return
    pieces = [match.span() for match in _PIECE.finditer(word)]
    for first, (start, _) in enumerate(pieces):
        for last in range(first, min(first + most_pieces, len(pieces))):
            yield word[start : pieces[last][1]]
        if prefixed := _PREFIXED.fullmatch(word, start, pieces[first][1]):
            yield prefixed[1]


def _spellings(written: str) -> tuple[str, ...]:
    """How the keeper of a hashed list may have written an id before hashing it."""
    found = [written, written.lower(), written.upper()]
    if written.isdecimal():
        found.append(written.lstrip("0"))
    return tuple(dict.fromkeys(spelling for spelling in found if spelling))


__all__ = ["BLAKE2B", "DIGEST_BYTES", "HMAC_SHA256", "MOST_DIGITS", "MOST_PIECES", "PLAIN", "Withdrawn", "candidates", "canonical", "digests_of", "found_in", "hasher", "mixed", "pairs_in", "pieces_of", "shape", "sorted_pairs"]  # fmt: skip
