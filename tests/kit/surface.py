"""What a connector may rely on, a line each: every public name with its signature, its members or its values.

`python -m tests.kit.surface` writes it to the file of the present contract.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sla_sync.connector import CONTRACT

KEPT = Path(__file__).with_name(f"contract-{CONTRACT}.txt")
MODULES = ("", ".bounded", ".history", ".locking", ".simulation", ".syncing")
KIT = ("agreed", "contract", "platform", "rude", "simulated", "translation")


def surface() -> str:
    """Return all of it as one text, in an order that no change of code changes."""
    named = [(f"sla_sync.connector{each}", False) for each in MODULES]
    named += [(f"sla_sync.testing.{each}", True) for each in KIT]
    return "".join(f"{line}\n" for name, inside in named for line in _module(name, inside=inside))


def _module(name: str, *, inside: bool) -> Iterator[str]:
    """Yield the public names of a module: what it exports, or of the kit what it defines."""
    module = importlib.import_module(name)
    known = getattr(module, "__all__", None) or [each for each in vars(module) if not each.startswith("_")]
    for each in sorted(set(known)):
        value = getattr(module, each)
        if inspect.ismodule(value) or (inside and getattr(value, "__module__", name) != name):
            continue
        yield f"{name}.{each}{_shape(value)}"


def _shape(value: Any) -> str:
    if inspect.isclass(value):
        return _class(value)
    if inspect.isfunction(value):
        return _signature(value)
    return f" = {value!r}" if isinstance(value, str | int) else ""


def _class(value: type) -> str:
    if issubclass(value, enum.Enum):
        return f": {', '.join(str(each.value) for each in value)}"
    if issubclass(value, BaseModel):
        return f"({', '.join(value.model_fields)})"
    verbs = [
        f"{name}{_signature(each)}"
        for name, each in sorted(vars(value).items())
        if inspect.isfunction(each) and not name.startswith(("_", "test_"))
    ]
    if dataclasses.is_dataclass(value):
        fields = [f"{each.name}: {each.type}{'' if _needed(each) else ' = …'}" for each in dataclasses.fields(value)]
    else:
        fields = [f"{name}: {said}" for name, said in inspect.get_annotations(value).items()]
    return f"({', '.join(fields)}){' has ' + '; '.join(verbs) if verbs else ''}" if fields or verbs else ""


def _signature(value: Any) -> str:
    return str(inspect.signature(value)).replace("'", "")


def _needed(each: dataclasses.Field[Any]) -> bool:
    return each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING


if __name__ == "__main__":
    KEPT.write_text(surface(), encoding="utf-8")
