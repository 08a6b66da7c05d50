"""Text that is safe to show. Names come from the file and are claims: nothing in them may steer a terminal or reorder a page."""

from __future__ import annotations


def shown(text: str) -> str:
    r"""Text with every character that does not print written out as `\u{...}`.

    That covers control characters, bidirectional marks, zero-width characters, line separators, lone surrogates, unusual
    spaces and private-use characters.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in text)
