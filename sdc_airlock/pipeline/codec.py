"""Model objects to plain JSON values and back, guided by their annotations.

The parent decodes what workers send. A worker has handled hostile bytes, so its words are checked against the annotations
one by one and every text is made safe to show (`made_safe`); nothing is ever unpickled.
"""

from __future__ import annotations

import dataclasses
import operator
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from sdc_airlock.errors import AirlockError
from sdc_airlock.reports.safe import shown

T = TypeVar("T")


class CodecError(AirlockError):
    """A value does not follow its annotation."""


@cache
def _fields(cls: type) -> dict[str, tuple[Any, bool]]:
    """Annotation of each field of a dataclass, and whether it has to be there."""
    hints = typing.get_type_hints(cls)
    return {
        field.name: (hints[field.name], field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
        for field in dataclasses.fields(cls)
    }


def encode(value: object, hint: Any) -> Any:
    """A value as JSON knows it.

    Raises:
        CodecError: the value does not follow `hint`.
    """
    try:
        return _encode(value, hint)
    except (TypeError, ValueError, AttributeError) as error:
        raise CodecError(f"{type(value).__name__} cannot be encoded") from error


_PLAIN: dict[Any, Callable[[Any], Any]] = {str: str.__str__, bool: bool, int: operator.index, float: float}


# types of items that stay as they are on the way to JSON and back
_ALIKE: dict[Any, frozenset[type]] = {
    str: frozenset({str}),
    int: frozenset({int}),
    bool: frozenset({bool}),
    float: frozenset({float}),
    float | None: frozenset({float, type(None)}),
}
_NONE: frozenset[type] = frozenset()


def _encode(value: Any, hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        fields = ((name, getattr(value, name), inner, needed) for name, (inner, needed) in _fields(cast("type", hint)).items())
        return {name: _encode(held, inner) for name, held, inner, needed in fields if needed or held or type(held) is not tuple}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value).value
    if hint in _PLAIN:
        return _PLAIN[hint](value)
    return _encode_compound(value, hint)


def _encode_compound(value: Any, hint: Any) -> Any:
    """Optional values and tuples."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _encode(value, _present(inner))
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            if set(map(type, value)) <= _ALIKE.get(inner[0], _NONE):
                return list(value)
            return [_encode(item, inner[0]) for item in value]
        return [_encode(item, each) for item, each in zip(value, inner, strict=True)]
    raise CodecError(f"no encoding for {hint}")


def _present(inner: tuple[Any, ...]) -> Any:
    """The X of `X | None`."""
    return next(each for each in inner if each is not type(None))


def made_safe(data: Any) -> Any:
    """The same JSON values with every text safe to show (see `reports.safe`)."""
    if isinstance(data, str):
        return shown(data)
    if isinstance(data, list):
        return [made_safe(item) for item in data]
    if isinstance(data, dict):
        return {name: made_safe(value) for name, value in data.items()}
    return data


def decode(data: object, cls: type[T]) -> T:
    """A dataclass from plain JSON values.

    Raises:
        CodecError: a field is missing, unknown, or does not follow its annotation.
    """
    try:
        return cast("T", _decode(data, cls))
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise CodecError(f"no {cls.__name__} can be made of this message") from error


def _decode(data: Any, hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return _decode_dataclass(data, cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is float:
        return float(_exact(data, float, int))
    if hint in (str, bool, int):
        return _exact(data, hint)
    return _decode_compound(data, hint)


def _decode_dataclass(data: Any, cls: type) -> Any:
    fields = _fields(cls)
    given = _exact(data, dict)
    if given.keys() - fields.keys() or any(needed and name not in given for name, (_, needed) in fields.items()):
        raise CodecError(f"the fields of {cls.__name__} differ")
    return cls(**{name: _decode(value, fields[name][0]) for name, value in given.items()})


def _decode_compound(data: Any, hint: Any) -> Any:
    """Optional values and tuples."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _decode(data, _present(inner))
    if origin is tuple:
        items = _exact(data, list)
        if len(inner) == 2 and inner[1] is Ellipsis:
            if set(map(type, items)) <= _ALIKE.get(inner[0], _NONE):
                return tuple(items)
            return tuple(_decode(item, inner[0]) for item in items)
        return tuple(_decode(item, each) for item, each in zip(items, inner, strict=True))
    raise CodecError(f"no decoding for {hint}")


def _exact(data: Any, *kinds: type) -> Any:
    """The value, when it is of just these types (true is no integer)."""
    if type(data) not in kinds:
        raise CodecError(f"expected {kinds[0].__name__}, not {type(data).__name__}")
    return data
