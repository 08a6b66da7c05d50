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
from functools import cache, partial
from typing import Any, TypeVar, cast

from sdc_airlock.errors import AirlockError
from sdc_airlock.reports.safe import shown

T = TypeVar("T")
_Turn = Callable[[Any], Any]


class CodecError(AirlockError):
    """A value does not follow its annotation."""


def encode(value: object, hint: Any) -> Any:
    """A value as JSON knows it.

    Raises:
        CodecError: the value does not follow `hint`.
    """
    try:
        return _encoder(hint)(value)
    except (TypeError, ValueError, AttributeError) as error:
        raise CodecError(f"{type(value).__name__} cannot be encoded") from error


def decode(data: object, cls: type[T]) -> T:
    """A dataclass from plain JSON values.

    Raises:
        CodecError: a field is missing, unknown, or does not follow its annotation.
    """
    try:
        return cast("T", _decoder(cast("Any", cls))(data))
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise CodecError(f"no {cls.__name__} can be made of this message") from error


def made_safe(data: Any) -> Any:
    """The same JSON values with every text safe to show (see `reports.safe`)."""
    if type(data) is str:
        return data if data.isprintable() else shown(data)
    if type(data) is list:
        return [made_safe(item) for item in data]
    if type(data) is dict:
        return {name: made_safe(value) for name, value in data.items()}
    return data


@cache
def _fields(cls: type) -> tuple[tuple[str, Any, bool], ...]:
    """Name and annotation of each field of a dataclass, and whether it has to be there."""
    hints = typing.get_type_hints(cls)
    return tuple(
        (field.name, hints[field.name], field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
        for field in dataclasses.fields(cls)
    )


# types of items that stay as they are on the way to JSON and back
_ALIKE: dict[Any, frozenset[type]] = {
    str: frozenset({str}),
    int: frozenset({int}),
    bool: frozenset({bool}),
    float: frozenset({float}),
    float | None: frozenset({float, type(None)}),
}
_NONE: frozenset[type] = frozenset()
_PLAIN: dict[Any, _Turn] = {str: str.__str__, bool: bool, int: operator.index, float: float}


# every finding of every output goes through here, so what an annotation asks for is worked out once
@cache
def _encoder(hint: Any) -> _Turn:
    """What turns values that follow an annotation into JSON."""
    if dataclasses.is_dataclass(hint):
        return partial(_encode_dataclass, cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: hint(value).value
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _optional(_encoder(_present(inner)))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _row_encoder(inner[0])
    if origin is tuple:
        each = tuple(map(_encoder, inner))
        return lambda value: [turn(item) for item, turn in zip(value, each, strict=True)]
    raise CodecError(f"no encoding for {hint}")


@cache
def _field_encoders(cls: type) -> tuple[tuple[str, _Turn, bool], ...]:
    return tuple((name, _encoder(hint), needed) for name, hint, needed in _fields(cls))


def _encode_dataclass(cls: type, value: Any) -> dict[str, Any]:
    fields = ((name, getattr(value, name), turn, needed) for name, turn, needed in _field_encoders(cls))
    return {name: turn(held) for name, held, turn, needed in fields if needed or held or type(held) is not tuple}


def _row_encoder(hint: Any) -> _Turn:
    each, alike = _encoder(hint), _ALIKE.get(hint, _NONE)
    return lambda value: list(value) if set(map(type, value)) <= alike else [each(item) for item in value]


def _optional(turn: _Turn) -> _Turn:
    return lambda value: None if value is None else turn(value)


def _present(inner: tuple[Any, ...]) -> Any:
    """The X of `X | None`."""
    return next(each for each in inner if each is not type(None))


@cache
def _decoder(hint: Any) -> _Turn:
    """What turns JSON into values that follow an annotation, or refuses it."""
    if dataclasses.is_dataclass(hint):
        return partial(_decode_dataclass, cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint is float:
        return lambda data: float(_exact(data, float, int))
    if hint in (str, bool, int):
        return lambda data: data if type(data) is hint else _exact(data, hint)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _optional(_decoder(_present(inner)))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _row_decoder(inner[0])
    if origin is tuple:
        each = tuple(map(_decoder, inner))
        return lambda data: tuple(turn(item) for item, turn in zip(_exact(data, list), each, strict=True))
    raise CodecError(f"no decoding for {hint}")


@cache
def _field_decoders(cls: type) -> tuple[dict[str, _Turn], frozenset[str]]:
    """What decodes each field, and which fields there have to be."""
    return {name: _decoder(hint) for name, hint, _ in _fields(cls)}, frozenset(name for name, _, needed in _fields(cls) if needed)


def _decode_dataclass(cls: type, data: Any) -> Any:
    turns, needed = _field_decoders(cls)
    given = _exact(data, dict).keys()
    if not needed <= given <= turns.keys():
        raise CodecError(f"the fields of {cls.__name__} differ")
    return cls(**{name: turns[name](value) for name, value in data.items()})


def _row_decoder(hint: Any) -> _Turn:
    each, alike = _decoder(hint), _ALIKE.get(hint, _NONE)

    def turn(data: Any) -> tuple[Any, ...]:
        items = _exact(data, list)
        return tuple(items) if set(map(type, items)) <= alike else tuple([each(item) for item in items])

    return turn


def _exact(data: Any, *kinds: type) -> Any:
    """The value, when it is of just these types (true is no integer)."""
    if type(data) not in kinds:
        raise CodecError(f"expected {kinds[0].__name__}, not {type(data).__name__}")
    return data
