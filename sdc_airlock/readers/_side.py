"""Small values beside members (owners, modes, times, unknown extra fields) that are harmless one by one and carry data together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._members import metadata, metadata_bytes
from sdc_airlock.readers._reveal import SHORTEST_TEXT, promising, reveal
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

_FEWEST_DIFFERENT = 8
_MANY_WORDS = 20
_LONGEST_WORD = 256
_MOST = 1 << 20
_MANY_BYTES = 4096


@dataclass(slots=True)
class SideValues:
    """Values of all members of one container, by what they are.

    Attributes:
        numbers: Owners, modes, times: ordinary where they are few or say nothing together.
        words: Names of owners and the like.
        unknown: Bytes of fields whose purpose is not known.
    """

    numbers: dict[str, list[int]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[bytes] = field(default_factory=list)

    def note(self, *, words: dict[str, str] | None = None, unknown: bytes = b"", **numbers: int) -> None:
        """Take down the values of one member."""
        for name, number in numbers.items():
            self.numbers.setdefault(name, []).append(number)
        for name, word in (words or {}).items():
            if word:
                self.words.setdefault(name, []).append(word)
        if unknown:
            self.unknown.append(unknown)

    def items(self, part_id: str, reading: Reading, *, depth: int) -> Iterator[Item]:
        """What the values say together.

        Args:
            part_id: Address of the container.
            reading: For limits.
            depth: Containers around it.
        """
        for name, words in self.words.items():
            if len(set(words)) >= _MANY_WORDS:
                yield from metadata(f"{part_id}!{name}", "\n".join(words))
        for name, numbers in self.numbers.items():
            for data in _readings(numbers):
                if promising(data[:2048].strip(b"\0")) and (found := reveal(data.strip(b"\0"))):
                    yield Oddity(part_id=part_id, kind=OddityKind.ENCODED_BLOB, detail=f"data in the {name} of members", size=len(found))
                    yield from reading.descend(Source.of_bytes(found, part_id=f"{part_id}!{name}", name="", depth=depth + 1))
                    break
        yield from self._unknown(part_id, reading, depth)
        yield from self._looks().items(part_id)

    def _looks(self) -> Looks:
        """The values as states: one each, and the letters of each word."""
        looks = Looks()
        for name, numbers in self.numbers.items():
            for number in numbers:
                looks.add(name, None, {"number": str(number)})
        for name, words in self.words.items():
            for place, word in enumerate(words):
                for letter in word[:_LONGEST_WORD]:
                    looks.add(f"letters of {name}", place, {"letter": letter})
        return looks

    def _unknown(self, part_id: str, reading: Reading, depth: int) -> Iterator[Item]:
        total = sum(map(len, self.unknown))
        if total < SHORTEST_TEXT:
            return
        together = b"\n".join(dict.fromkeys(self.unknown))[:_MOST]
        if not together.translate(None, bytes([9, 10, 13, *range(32, 127)])):
            yield Oddity(part_id=part_id, kind=OddityKind.METADATA, detail="unknown fields of members hold text", size=total)
            yield from metadata_bytes(f"{part_id}!fields", together)
        elif found := reveal(b"".join(self.unknown)[:_MOST]):
            yield Oddity(part_id=part_id, kind=OddityKind.ENCODED_BLOB, detail="data in unknown fields of members", size=total)
            yield from reading.descend(Source.of_bytes(found, part_id=f"{part_id}!fields", name="", depth=depth + 1))
        elif total > _MANY_BYTES:
            yield Unread(
                part_id=f"{part_id}!fields", why=UnreadReason.HIDDEN, detail="unknown fields of members hold bytes that say nothing"
            )


def _readings(numbers: Sequence[int]) -> Iterator[bytes]:
    """The numbers as bytes: one each, or four each in either order; and how each differs from the one before."""
    if len(numbers) * 4 < SHORTEST_TEXT or len(set(numbers)) < _FEWEST_DIFFERENT:
        return
    low = min(numbers)
    for row in (numbers, [number - low for number in numbers], [number & 0xFF for number in numbers]):
        if min(row) >= 0 and max(row) < 256:
            yield bytes(row)
    if low >= 0 and max(numbers) < 1 << 32:
        for order in ("little", "big"):
            yield b"".join(number.to_bytes(4, order) for number in numbers)
