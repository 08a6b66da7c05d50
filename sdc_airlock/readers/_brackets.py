"""Text cut into strings, numbers, words and brackets, and the tree of what lies between brackets.

No language is parsed in full, and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sdc_airlock.readers._strings import SHORTEST

_TRIPLE = r"""(?P<triple>[rRbBuUfF]{0,2}(?:\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"|\'\'\'(?:[^'\\]|\\.|'(?!''))*+\'\'\'))|"""
_STRING = r"""(?P<string>(?:(?<![A-Za-z0-9_])[rRbBuUfF]{1,2})?(?:"(?:[^"\\\n]|\\.|"")*+"|'(?:[^'\\\n]|\\.|'')*+'|`[^`\\\n]*+`))|(?P<lone>["'`])|"""
_PLAIN = r"""(?P<number>(?:0[xX][0-9a-fA-F]++|(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)[LlnjJfF]?(?![A-Za-z_0-9]))
|(?P<word>~?[A-Za-z_][\w.$]*+)|(?P<open>[\[({])|(?P<close>[\])}])|(?P<key>=>|<-|:=|==|[=:])|(?P<comma>,)|(?P<semicolon>;)|(?P<sign>[+-])
|(?P<other>[^\s\w#/*"'`\\])"""
_FULL = re.compile((_TRIPLE + _STRING + _PLAIN).replace("\n", ""), re.DOTALL)
_SIMPLE = re.compile((_STRING + _PLAIN).replace("\n", ""), re.DOTALL)
_BARE = re.compile(_PLAIN.replace("\n", ""), re.DOTALL)
_CONSTANTS = frozenset(
    "na nan none null true false inf undefined nothing missing t f na_character_ na_integer_ na_real_ np.nan float.nan pd.na".split()
)
_TOKENS = 3_000_000
_DEPTH = 100
_TELLING_STRING, _ESCAPED_LINES = 60, 3
_SPAN = ["constant", "key", "constant"]


@dataclass(slots=True)
class Node:
    """What lies between two brackets.

    Attributes:
        items: Key ("" where there is none) and value: a constant as text, another node, or None for anything else.
        callee: The word directly before the bracket; name: what it is assigned to.
        index: The bracket picks from something, and holds no data of its own.
        follows: Only a comma stands between it and the node before it.
        spans: Items that are a span of whole numbers (`1:6`), by their place, with its ends.
    """

    start: int
    callee: str = ""
    name: str = ""
    index: bool = False
    follows: bool = False
    end: int = 0
    items: list[tuple[str, str | Node | None]] = field(default_factory=list)
    pending: list[tuple[str, str | Node]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    spans: dict[int, tuple[str, str]] = field(default_factory=dict)


def tree_of(text: str) -> tuple[Node, list[tuple[int, str]], list[tuple[int, str]], bool]:
    """The brackets of the text, the strings of several lines and long ones of one line with their places, and whether the text was read to its end."""
    root = Node(0)
    stack = [root]
    texts: list[tuple[int, str]] = []
    long: list[tuple[int, str]] = []
    last_closed = -1
    complete = True
    for count, match in enumerate(_tokens(text)):
        if count > _TOKENS:
            complete = False
            break
        kind, token = match.lastgroup, match.group()
        top = stack[-1]
        if kind in ("string", "triple"):
            if kind == "triple":
                texts.append((match.start(), token.strip("rRbBuUfF").strip("\"'")))
            elif len(token) >= _TELLING_STRING and (token.count("\\n") >= _ESCAPED_LINES or token.count("{") + token.count("[") > 2):
                texts.append(
                    (match.start(), _unquoted(token).replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"'))
                )
            elif len(token) >= SHORTEST:
                long.append((match.start(), _unquoted(token)))
            top.pending.append(("constant", _unquoted(token)))
        elif kind == "number":
            top.pending.append(("constant", token.rstrip("LlnjJ").replace("_", "") if token[:2].lower() != "0x" else token))
        elif kind == "word":
            top.pending.append(("constant" if token.lower() in _CONSTANTS else "word", token))
        elif kind == "open":
            if len(stack) >= _DEPTH:  # brackets that are never closed must not hide what comes behind them
                _close_all(stack, match.start())
            stack.append(_opened(text, stack[-1], match.start(), last_closed))
        elif kind == "close":
            if len(stack) > 1:
                node = stack.pop()
                _finish_item(node)
                node.end = last_closed = match.end()
                stack[-1].pending.append(("node", node))
        elif kind in ("comma", "semicolon"):
            _finish_item(top)
            if kind == "semicolon":
                top.breaks.append(len(top.items))
        else:
            top.pending.append((kind or "other", token))
        if top is root and len(root.pending) > 2000:
            _finish_item(root)
    _close_all(stack, len(text))
    _finish_item(root)
    return root, texts, long, complete


def _close_all(stack: list[Node], end: int) -> None:
    """Close every open bracket but the root."""
    while len(stack) > 1:
        node = stack.pop()
        _finish_item(node)
        node.end = end
        stack[-1].pending.append(("node", node))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens of the text, in time that grows with its length alone.

    After a quote that is not closed the rest of its line is read without strings; after three quotes that are not closed, no more triples are tried.
    """
    pattern = _FULL
    quiet = place = 0
    while True:
        match = (_BARE if place < quiet else pattern).search(text, place)
        if match is None:
            return
        place = match.end()
        kind = match.lastgroup
        if kind == "lone":
            end = text.find("\n", place)
            quiet = len(text) if end < 0 else end
            continue
        if kind == "string" and len(match.group()) == 2 and text[place : place + 1] == match.group()[1]:
            pattern = _SIMPLE
        yield match


def _opened(text: str, parent: Node, start: int, last_closed: int) -> Node:
    """A new node, with the word before its bracket and the name it is assigned to."""
    node = Node(start)
    node.follows = last_closed >= 0 and start - last_closed < 200 and not text[last_closed:start].strip(" \t\r\n,;")
    pending = parent.pending
    if pending and pending[-1][0] == "word":
        adjacent = start > 0 and not text[start - 1].isspace()
        node.index = text[start] == "[" and adjacent
        word = str(pending.pop()[1])
        node.callee = "" if text[start] == "{" else word
    elif pending and pending[-1][0] == "node" and text[start] == "[" and not text[start - 1].isspace():
        node.index = True
    if len(pending) >= 2 and pending[-1][0] == "key" and pending[-2][0] in ("word", "constant"):
        node.name = str(pending[-2][1])
    return node


def _unquoted(token: str) -> str:
    quote = next((mark for mark in ('"""', "'''", '"', "'", "`") if token.endswith(mark)), "")
    inner = token[token.find(quote) + len(quote) : len(token) - len(quote)]
    return inner.replace(quote * 2, quote) if len(quote) == 1 else inner


def _finish_item(node: Node) -> None:
    """Turn what stands since the last comma into an item."""
    pending, node.pending = node.pending, []
    if not pending:
        return
    key = ""
    if pending[0] == ("other", ".") and len(pending) > 1:  # names that R hides begin with a dot
        pending = [(pending[1][0], f".{pending[1][1]}"), *pending[2:]] if pending[1][0] == "word" else pending
    if len(pending) >= 3 and pending[1][0] == "key" and pending[0][0] in ("constant", "word"):
        key, pending = str(pending[0][1]), pending[2:]
    nodes = [value for kind, value in pending if kind == "node"]
    if nodes:
        node.items.extend((key if len(nodes) == 1 else "", value) for value in nodes)
        return
    constants = _signed(pending)
    if constants is None:
        if key and [kind for kind, _ in pending] == _SPAN and pending[1][1] == ":":
            node.spans[len(node.items)] = str(pending[0][1]), str(pending[2][1])
        word = str(pending[0][1])
        node.items.append((word, None) if len(pending) == 1 and word.startswith("~") else (key, None))
    elif len(constants) == 1:
        node.items.append((key, constants[0]))
    else:
        node.items.extend(("", constant) for constant in constants)


def _signed(pending: Sequence[tuple[str, str | Node]]) -> list[str] | None:
    """The constants of an item with their signs, None where anything else stands in it."""
    constants: list[str] = []
    sign = ""
    for kind, value in pending:
        if kind == "sign":
            sign = "-" if value == "-" else ""
        elif kind == "constant":
            constants.append(sign + str(value))
            sign = ""
        else:
            return None
    return constants
