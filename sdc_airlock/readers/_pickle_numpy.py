"""NumPy and pandas objects in a pickle, rebuilt from their bytes: dtypes, arrays, scalars, frames."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.readers._pickle_nodes import Global, Items, Made, Pairs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_AXES = 32
_FIELDS = 5_000
_NESTED = 20
_CODE = re.compile(r"[|<>=]?[?bBhHiIlLqQefdgFDGSUVOaM]?[biufcmMOSUV?]?\d{0,9}(?:\[\d{0,6}[a-zA-Z]{1,2}\])?")
_UNIT = re.compile(r"[A-Za-z]{1,2}")


@dataclass(slots=True, eq=False)
class Found:
    """An array: its type and shape, and its values where they could be laid out (nodes for an array of objects)."""

    dtype: Any
    shape: tuple[int, ...]
    values: Any = None
    objects: list[Any] | None = None


def called(node: Any) -> tuple[str, str]:
    """Module and name of what a node calls or builds, ("", "") where that has no name."""
    if not isinstance(node, Made) or not isinstance(node.call, Global):
        return "", ""
    if node.call.name == "_reconstructor" and type(node.args) is tuple and node.args and isinstance(node.args[0], Global):
        return node.args[0].module, node.args[0].name  # how protocols before 2 build an object
    return node.call.module, node.call.name


def text_of(node: Any) -> str | None:
    """A text, also one that an older Python wrote as bytes."""
    if type(node) is bytes:
        return node.decode("utf-8", "replace")
    return node if type(node) is str else None


def bytes_of(node: Any) -> bytes | None:
    """Bytes in any of the ways that pickles write them."""
    if type(node) is bytes:
        return node
    if type(node) is str:
        try:
            return node.encode("latin-1")
        except UnicodeEncodeError:
            return None
    module, name = called(node)
    args = node.args if isinstance(node, Made) and type(node.args) is tuple else ()
    if (module, name) == ("_codecs", "encode") and args and type(args[0]) is str:
        return bytes_of(args[0]) if len(args) < 2 or args[1] in ("latin1", "latin-1") else args[0].encode("utf-8", "replace")
    if name in ("bytes", "bytearray", "_buffer") and module in ("builtins", "__builtin__"):
        if args and type(args[0]) is list:
            return bytes(args[0]) if all(type(each) is int and 0 <= each < 256 for each in args[0]) else None
        return bytes_of(args[0]) if args and type(args[0]) is not int else b"" if not args else None
    if name == "PickleBuffer" and args:
        return bytes_of(args[0])
    return None


# dtypes


def dtype_of(node: Any, level: int = 0) -> np.dtype[Any] | None:
    """The dtype that a node stands for, None where it is none that is known."""
    import numpy as np

    module, name = called(node)
    if name != "dtype" or module.partition(".")[0] != "numpy" or type(node.args) is not tuple or not node.args or level > _NESTED:
        return None
    code = text_of(node.args[0])
    if isinstance(node.args[0], Global):
        code = {"bool_": "?", "bool": "?", "float64": "f8", "int64": "i8", "object_": "O"}.get(node.args[0].name)
    if code is None or not _CODE.fullmatch(code):
        return None
    state = node.state if type(node.state) is tuple else ()
    try:
        if len(state) > 4 and state[3] is not None and isinstance(state[4], Pairs):
            return _record(state, level)
        if len(state) > 2 and type(state[2]) is tuple and len(state[2]) == 2:
            return _subarray(state[2], level)
        found = np.dtype(code)
        if found.kind in "mM" and len(state) > 8:
            found = _with_unit(found, state[-1])
        order = text_of(state[1]) if len(state) > 1 else None
        return found.newbyteorder("<" if order == "<" else ">") if order in ("<", ">") and found.kind not in "OSVb" else found
    except (TypeError, ValueError, OverflowError, SyntaxError):
        return None


def _with_unit(found: np.dtype[Any], metadata: Any) -> np.dtype[Any]:
    import numpy as np

    parts = metadata[1] if type(metadata) is tuple and len(metadata) == 2 else metadata
    if type(parts) is not tuple or len(parts) < 2:
        return found
    unit, count = text_of(bytes_of(parts[0])), parts[1]
    if unit is None or unit == "generic" or not _UNIT.fullmatch(unit) or type(count) is not int:
        return found
    return np.dtype(f"{found.kind}8[{count}{unit}]")


def _record(state: tuple[Any, ...], level: int) -> np.dtype[Any] | None:
    """A dtype with fields."""
    import numpy as np

    names = [text_of(name) for name in state[3]] if type(state[3]) is tuple else [None]
    fields = {text_of(key): value for key, value in state[4].pairs}
    formats: list[Any] = []
    offsets: list[int] = []
    for name in names:
        place = fields.get(name)
        if name is None or type(place) is not tuple or len(place) < 2 or type(place[1]) is not int or len(formats) > _FIELDS:
            return None
        formats.append(dtype_of(place[0], level + 1))
        offsets.append(place[1])
    if any(each is None for each in formats):  # `None in formats` would find a float64, which equals None
        return None
    spec: dict[str, Any] = {"names": names, "formats": formats, "offsets": offsets}
    if len(state) > 5 and type(state[5]) is int and state[5] > 0:
        spec["itemsize"] = state[5]
    make: Any = np.dtype
    found: np.dtype[Any] = make(spec)
    return found


def _subarray(sub: tuple[Any, Any], level: int) -> np.dtype[Any] | None:
    import numpy as np

    inner, shape = dtype_of(sub[0], level + 1), sub[1]
    shape = (shape,) if type(shape) is int else shape
    if inner is None or not _is_shape(shape):
        return None
    return np.dtype((inner, shape))


def _is_shape(shape: Any) -> bool:
    return type(shape) is tuple and len(shape) <= _AXES and all(type(size) is int and size >= 0 for size in shape)


# arrays


def array_of(node: Any, data: bytes) -> Found | None:
    """The array that a node stands for; None where it stands for none.

    Args:
        node: A node of the machine.
        data: The whole pickle, for arrays that joblib wrote between the opcodes.
    """
    if not isinstance(node, Made):
        return None
    if node.raw is not None:
        raw = node.raw
        if raw.objects is not None:
            return array_of(raw.objects, data) or Found(raw.dtype, raw.shape, objects=[raw.objects])
        return laid_out(raw.dtype, raw.shape, data[raw.start : raw.start + raw.size], fortran=raw.fortran)
    module, name = called(node)
    top = module.partition(".")[0]
    if name in ("_reconstruct", "_mareconstruct") and top in ("numpy", "pandas"):
        return _from_state(node)
    if name == "_frombuffer" and top == "numpy" and type(node.args) is tuple and len(node.args) >= 3:
        buffer, dtype, shape = bytes_of(node.args[0]), dtype_of(node.args[1]), node.args[2]
        if dtype is None or not _is_shape(shape):
            return None
        fortran = len(node.args) > 3 and node.args[3] == "F"
        return Found(dtype, shape) if buffer is None else laid_out(dtype, shape, buffer, fortran=fortran)
    return None


def _from_state(node: Made) -> Found | None:
    state = node.state
    if type(state) is not tuple or len(state) < 4:
        return None
    if type(state[0]) is tuple:  # a subclass that wraps the state of the array in its own
        state = state[0]
    shape_at = 1 if type(state[0]) is int and type(state[1]) is tuple else 0
    shape, dtype = state[shape_at], dtype_of(state[shape_at + 1])
    if dtype is None or not _is_shape(shape) or len(state) < shape_at + 4:
        return None
    fortran, content = bool(state[shape_at + 2]), state[shape_at + 3]
    if type(content) is list:
        return Found(dtype, shape, objects=content)
    buffer = bytes_of(content)
    return Found(dtype, shape) if buffer is None else laid_out(dtype, shape, buffer, fortran=fortran)


def laid_out(dtype: np.dtype[Any], shape: tuple[int, ...], data: bytes, *, fortran: bool = False) -> Found:
    """Bytes as an array; without values where they do not fit."""
    import numpy as np

    count = math.prod(shape)
    if dtype.hasobject or not dtype.itemsize or count * dtype.itemsize > len(data):
        return Found(dtype, shape)
    values: npt.NDArray[Any] = np.frombuffer(data, dtype, count).reshape(shape, order="F" if fortran else "C")
    return Found(dtype, shape, values)


def scalar_of(node: Any) -> tuple[bool, Any]:
    """Whether a node stands for one plain value, and the value."""
    if node is None or type(node) in (bool, int, float, str):
        return True, node
    module, name = called(node)
    top = module.partition(".")[0]
    args = node.args if isinstance(node, Made) and type(node.args) is tuple else ()
    if name == "scalar" and top == "numpy" and len(args) == 2:
        dtype, data = dtype_of(args[0]), bytes_of(args[1])
        found = laid_out(dtype, (), data).values if dtype is not None and data is not None and not dtype.names else None
        if found is None:
            return (True, args[1]) if type(args[1]) in (str, int, float, bool) else (False, None)
        value = found.item()
        return True, value if isinstance(value, bool | int | float | str) else str(value)
    if top in ("datetime", "decimal", "fractions", "uuid", "pathlib") and name != "timezone":
        return _dated(top, name, args, node)
    if (
        top == "pandas"
        and name in ("_timestamp_unpickle", "Timestamp", "_timedelta_unpickle", "Timedelta")
        and args
        and type(args[0]) is int
    ):
        return True, _timestamp(args[0]) if "stamp" in name.lower() else args[0]
    return False, None


def _dated(top: str, name: str, args: tuple[Any, ...], node: Made) -> tuple[bool, Any]:
    """Dates and times in the bytes that Python writes; other small values as they are written."""
    if top == "datetime" and args and (data := bytes_of(args[0])) is not None:
        if len(data) >= 4 and name in ("date", "datetime"):
            text = f"{data[0] * 256 + data[1]:04d}-{data[2] & 0x7F:02d}-{data[3]:02d}"
            return True, text if len(data) < 7 else f"{text} {data[4]:02d}:{data[5]:02d}:{data[6]:02d}"
        if len(data) >= 3 and name == "time":
            return True, f"{data[0] & 0x7F:02d}:{data[1]:02d}:{data[2]:02d}"
    if node.states or node.kwargs is not None or not all(type(each) in (str, int, float) for each in args):
        return False, None
    return True, ("/" if top == "pathlib" else " ").join(map(str, args))


def _timestamp(nanoseconds: int) -> Any:
    import numpy as np

    return str(np.datetime64(nanoseconds, "ns")) if abs(nanoseconds) < 2**63 else nanoseconds


def members(node: Any) -> list[Any]:
    """The elements of a list, tuple or set; [] for anything else."""
    if type(node) in (list, tuple):
        return list(node)
    return list(node.values) if isinstance(node, Items) else []
