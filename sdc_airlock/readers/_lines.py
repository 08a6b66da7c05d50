"""Text to lines, the same whether lines end in CR, LF or CR LF."""

from __future__ import annotations


def split_lines(text: str) -> list[str]:
    """Lines without their ends; a last empty line is left out. Only CR and LF end a line."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines
