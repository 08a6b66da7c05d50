"""Stand-ins for objects of libraries that are not installed."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

Standin = Callable[..., Any]


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Standin:
    """Makes an object whose class says that it is one of another library."""

    def make(module: str, name: str, **state: Any) -> Any:
        if module not in sys.modules:
            parts = module.split(".")
            for end in range(1, len(parts) + 1):
                each = ".".join(parts[:end])
                if each not in sys.modules:
                    monkeypatch.setitem(sys.modules, each, types.ModuleType(each))
        cls = getattr(sys.modules[module], name, None)
        if cls is None:
            cls = type(name, (), {"__module__": module})
            monkeypatch.setattr(sys.modules[module], name, cls, raising=False)
        made = cls()
        made.__dict__.update(state)
        return made

    return make
