"""What following a pickle leaves in place of objects: names, containers and calls, none of them carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Global:
    """A name that loading would look up."""

    module: str
    name: str


@dataclass(slots=True, eq=False)
class Pairs:
    """A dictionary, with every pair that was ever set."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """The last value under a text key, or None."""
        return next((value for key, value in reversed(self.pairs) if type(key) is str and key == name), None)


@dataclass(slots=True, eq=False)
class Items:
    """A set."""

    values: list[Any] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Raw:
    """An array that joblib wrote between the opcodes: where its bytes lie."""

    start: int
    size: int
    shape: tuple[int, ...]
    fortran: bool
    dtype: Any
    objects: Any = None


@dataclass(slots=True, eq=False)
class Made:
    """What loading would build by a call.

    Attributes:
        call: Usually a `Global`.
        args: Positional arguments; `kwargs` those by name (None where there are none).
        states: What BUILD was given, in order.
        items: What was appended; `pairs` what was set by key.
        raw: The array that joblib wrote in its stead.
    """

    call: Any
    args: Any
    kwargs: Any = None
    states: list[Any] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    raw: Raw | None = None

    @property
    def state(self) -> Any:
        """The last state, or None."""
        return self.states[-1] if self.states else None

    def attribute(self, name: str) -> Any:
        """An attribute out of the last state that is a dictionary."""
        for state in reversed(self.states):
            for each in state if type(state) is tuple else (state,):
                if isinstance(each, Pairs) and (found := each.get(name)) is not None:
                    return found
        return None


@dataclass(slots=True, eq=False)
class Persistent:
    """An object kept outside the pickle."""

    identity: Any


class Buffer:
    """A buffer that travels outside the pickle."""
