"""The lines of a text that identification looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

_MOST_LINES = 240


@dataclass(frozen=True)
class Sample:
    """The beginning of a text.

    Attributes:
        text: Its characters, line ends made one.
        whole: True where this is all of it.
    """

    text: str
    whole: bool

    @cached_property
    def raw_lines(self) -> list[str]:
        """All lines, blank ones too; a line that the sample cuts off is left out unless it is the only one."""
        lines = self.text.split("\n")
        if (not self.whole and len(lines) > 1) or (lines and not lines[-1]):
            lines.pop()
        return lines

    @cached_property
    def lines(self) -> list[str]:
        """Lines that are not blank: all of a short text, else the first ones and others spread over the rest."""
        return _spread([line for line in self.raw_lines if line.strip()])

    @cached_property
    def body(self) -> list[str]:
        """Lines that are neither blank nor begin with `#`."""
        return _spread([line for line in self.raw_lines if line.strip() and not line.startswith("#")])

    @cached_property
    def start(self) -> str:
        """The text from its first character that is not white space."""
        return self.text.lstrip()

    @cached_property
    def rows(self) -> list[list[str]]:
        """The body split at tabs where most of its lines hold one, else at white space."""
        tabbed = sum("\t" in line for line in self.body) > len(self.body) / 2
        return [line.rstrip("\n").split("\t") if tabbed else line.split() for line in self.body]

    @cached_property
    def width(self) -> int:
        """Fields that every row has; 0 where they differ."""
        widths = {len(row) for row in self.rows}
        return widths.pop() if len(widths) == 1 else 0


def sample_text(text: str, *, whole: bool) -> Sample:
    """A sample with every kind of line end made one."""
    return Sample(text.replace("\r\n", "\n").replace("\r", "\n"), whole)


def _spread(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    half = _MOST_LINES // 2
    step = max(1, (len(lines) - half) // half)
    return lines[:half] + lines[half::step]
