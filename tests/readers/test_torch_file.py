"""PyTorch files, built with Python's own pickler and stand-ins for PyTorch's functions; storages are raw bytes."""

from __future__ import annotations

import io
import pickle  # noqa: TID251 - what is read here was written by it; nothing is ever loaded
import random
import struct
import sys
import types
import zipfile
from typing import Any

import numpy as np
import pytest

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized, Table, TextPart, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
VALUES = np.arange(12, dtype="<f4").reshape(4, 3)


class Stored:
    """A storage, written as a persistent id."""

    def __init__(self, key: str, kind: type, count: int) -> None:
        self.identity = ("storage", kind, key, "cpu", count)


class Tensor:
    """A tensor, written as the call that rebuilds it."""

    def __init__(self, storage: Stored, place: tuple[Any, ...], rebuild: Any) -> None:
        self.storage, self.place, self.rebuild = storage, place, rebuild

    def __reduce__(self) -> tuple[Any, ...]:
        return self.rebuild, (self.storage, *self.place, False, {})


class Pickler(pickle.Pickler):
    """Writes storages as persistent ids, as PyTorch does."""

    def persistent_id(self, obj: Any) -> Any:
        """What names a storage."""
        return obj.identity if isinstance(obj, Stored) else None


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Modules of PyTorch with just what pickles name."""
    modules = {name: types.ModuleType(name) for name in ("torch", "torch._utils")}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    for kind in ("FloatStorage", "BFloat16Storage"):
        setattr(modules["torch"], kind, type(kind, (), {"__module__": "torch"}))

    def rebuild(*_: Any) -> None:
        """Stands for the function of this name."""

    rebuild.__module__, rebuild.__qualname__, rebuild.__name__ = "torch._utils", "_rebuild_tensor_v2", "_rebuild_tensor_v2"
    modules["torch._utils"]._rebuild_tensor_v2 = rebuild  # type: ignore[attr-defined]
    return types.SimpleNamespace(floats=modules["torch"].FloatStorage, halves=modules["torch"].BFloat16Storage, rebuild=rebuild)


def pickled(value: Any) -> bytes:
    """A pickle of protocol 2 with persistent ids."""
    stream = io.BytesIO()
    Pickler(stream, 2).dump(value)
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A stored zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def checkpoint(torch: Any, place: tuple[Any, ...] = (0, (4, 3), (3, 1)), **more: bytes) -> bytes:
    """A checkpoint of one weight and one number."""
    state = {"fc.weight": Tensor(Stored("0", torch.floats, 12), place, torch.rebuild), "epoch": 3, "note": "9434765919"}
    members = {"m/data.pkl": pickled(state), "m/byteorder": b"little", "m/data/0": VALUES.tobytes(), "m/version": b"3\n"}
    return zipped(members | {f"m/{name}": content for name, content in more.items()})


def read(data: bytes, label: str = "") -> list[Item]:
    """All items of some bytes, by way of identification unless a label is given."""
    source = Source.of_bytes(data, part_id="m.pt", name="m.pt")
    file_type = FileType(label=label, family=TYPES[label].family) if label else identify(source)
    return list(Reading(limits=Limits()).open(source, file_type))


def facts(items: list[Item]) -> Serialized:
    """What is said of the file itself."""
    return next(item for item in items if isinstance(item, Serialized) and item.part_id == "m.pt")


def weights(items: list[Item]) -> list[list[float]]:
    """Rows of the first table."""
    table = next(item for item in items if isinstance(item, Table))
    return [list(row) for row in zip(*(column.values.to_pylist() for column in table.columns), strict=True)]


def test_tensors_are_laid_out(torch: Any) -> None:
    """Weights come out of their storage by offset and stride; nothing would run."""
    items = read(checkpoint(torch))
    assert weights(items) == VALUES.tolist()
    assert weights(read(checkpoint(torch, (1, (3, 2), (1, 3))))) == [[1, 4], [2, 5], [3, 6]]
    found = facts(items)
    assert (found.runs_code, found.libraries[0], found.arrays[0].shape) == (False, "torch", (4, 3))
    assert any(isinstance(item, TextPart) and "9434765919" in item.text for item in items)


@pytest.mark.parametrize(
    "place", [(0, (2**40, 3), (0, 1)), (9, (4, 3), (3, 1)), (0, (4, 3), (2**40, 1)), (-1, (4, 3), (3, 1)), (0, "x", "y")]
)
def test_tensors_outside_their_storage_are_gaps(torch: Any, place: tuple[Any, ...]) -> None:
    """A tensor that points beyond its storage is named and not laid out."""
    items = read(checkpoint(torch, place))
    assert any(isinstance(item, Unread) for item in items) or not any(isinstance(item, Table) and len(item.columns) == 3 for item in items)


def test_bfloat16_is_widened(torch: Any) -> None:
    """Numbers of two bytes that NumPy does not have are shown as floats."""
    state = {"w": Tensor(Stored("0", torch.halves, 4), (0, (2, 2), (2, 1)), torch.rebuild)}
    raw = (np.array([1.0, 2.0, 0.5, -4.0], "<f4").view("<u4") >> 16).astype("<u2").tobytes()
    assert weights(read(zipped({"m/data.pkl": pickled(state), "m/data/0": raw, "m/version": b"3"}))) == [[1.0, 2.0], [0.5, -4.0]]


def test_storages_that_nothing_names_are_read(torch: Any) -> None:
    """A member beside the storages is read like any other, also one that no tensor names."""
    items = read(checkpoint(torch, **{"data/7": b"id,age\nP0001,41\nP0002,42\nP0003,43\n"}))
    assert any("data/7" in getattr(item, "part_id", "") and not isinstance(item, Serialized) for item in items)


def test_code_in_the_file_runs(torch: Any) -> None:
    """TorchScript holds code, which is read as code."""
    items = read(checkpoint(torch, **{"code/__torch__/net.py": b"def forward(self, x):\n  return torch.add(x, 1)\n"}))
    assert facts(items).runs_code is True
    assert any("TorchScript" in note for note in facts(items).notes)


def legacy(torch: Any) -> bytes:
    """Five pickles in a row and the storages behind them."""
    state = {"fc.weight": Tensor(Stored("94", torch.floats, 12), (0, (4, 3), (3, 1)), torch.rebuild)}
    head = [pickle.dumps(each, 2) for each in (MAGIC, PROTOCOL, {"little_endian": True})]
    return b"".join([*head, pickled(state), pickle.dumps(["94"], 2)]) + struct.pack("<q", 12) + VALUES.tobytes()


def test_pickles_in_a_row(torch: Any) -> None:
    """The format of older releases gives the same tensors."""
    items = read(legacy(torch))
    assert weights(items) == VALUES.tolist()
    assert facts(items).runs_code is False
    assert any(isinstance(item, Unread) for item in read(legacy(torch) + b"more"))
    assert any(isinstance(item, Unread) for item in read(legacy(torch)[:-4]))


def test_damage_is_a_gap(torch: Any) -> None:
    """Cut and flipped files never end the reader; a cut one is said to be cut."""
    rng = random.Random(3)
    for data in (checkpoint(torch), legacy(torch)):
        for end in range(10, len(data) - 1, len(data) // 20):
            assert any(isinstance(item, Unread) for item in read(data[:end], "pytorch"))
        for _ in range(40):
            flipped = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                flipped[rng.randrange(len(data))] = rng.randrange(256)
            assert read(bytes(flipped), "pytorch")
