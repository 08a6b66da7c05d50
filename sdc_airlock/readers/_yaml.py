"""YAML to plain values, through the parser's node graph only: no tag is ever constructed, aliases are counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.readers._jsontext import NESTING

if TYPE_CHECKING:
    import yaml

NODES = 2_000_000
ALIASED = 50_000  # nodes met again through aliases
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})$")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$")
_EMPTY = ("", "~", "null", "Null", "NULL")


def yaml_values(text: str) -> list[Any]:
    """One value for each document. Plain scalars that look like numbers are numbers, everything else stays text.

    Raises:
        LimitReached: nested too deeply, or aliases blow it up.
        Malformed: not YAML.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    deepest = max((len(line) - len(line.lstrip(" -\t")) for line in text.splitlines()), default=0)
    if deepest > 4 * NESTING or _open_brackets(text) > NESTING:
        raise LimitReached("depth", NESTING, max(deepest, _open_brackets(text)))
    try:
        return [_Walk().value(node, 0) for node in yaml.compose_all(text, Loader=loader)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Malformed("not YAML" + (f" at line {mark.line + 1}" if mark is not None else "")) from None
    except RecursionError:
        raise LimitReached("depth", NESTING, NESTING + 1) from None


def _open_brackets(text: str) -> int:
    if text.count("[") + text.count("{") <= NESTING:
        return 0
    deepest = depth = 0
    for mark in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if mark.group() in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


class _Walk:
    def __init__(self) -> None:
        self.nodes = self.aliased = 0
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> Any:
        import yaml

        self.nodes += 1
        self.aliased += id(node) in self.seen
        self.seen.add(id(node))
        if self.nodes > NODES or self.aliased > ALIASED:
            raise LimitReached("cells", NODES, self.nodes)
        if depth > NESTING:
            raise LimitReached("depth", NESTING, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, depth + 1) for child in node.value]
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key, child in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else f"key {len(found) + 1}"
                while name in found:
                    name += " (2)"
                found[name] = self.value(child, depth + 1)
            return found
        return _scalar(str(node.value), plain=not getattr(node, "style", None))


def _scalar(text: str, *, plain: bool) -> str | int | float | None:
    if not plain:
        return text
    if text in _EMPTY:
        return None
    if _WHOLE.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text
