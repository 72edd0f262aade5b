"""Mistakes on purpose: one wrong line of a module put in place of the right one, for what must notice it.

A mutant lives in a process of its own, which imports the module from a file with the wrong line.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Mutant:
    """In `module`, the text `right` becomes `wrong`; `by` says what must find it, where there is more than one."""

    name: str
    module: str
    right: str
    wrong: str
    by: str = ""


def broken_source(mutant: Mutant) -> str:
    """Return the text of the module with the wrong line. Raises ValueError where the right one is no longer there once."""
    spec = find_spec(mutant.module)
    source = Path(spec.origin).read_text(encoding="utf-8") if spec is not None and spec.origin else ""
    if source.count(mutant.right) != 1:
        raise ValueError(f"The mutant «{mutant.name}» no longer fits {mutant.module}.")
    return source.replace(mutant.right, mutant.wrong)


def install(mutant: Mutant, folder: Path) -> ModuleType:
    """Let this process import the module with the wrong line."""
    broken = folder / f"{mutant.module}.py"
    broken.write_text(broken_source(mutant), encoding="utf-8")
    for name in [each for each in sys.modules if each.split(".")[0].startswith("sla_sync")]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Broken(mutant.module, broken))
    return importlib.import_module(mutant.module)


class _Broken(MetaPathFinder):
    def __init__(self, name: str, path: Path) -> None:
        self._name, self._path = name, path

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module, in its file."""
        del path, target
        return spec_from_file_location(fullname, self._path) if fullname == self._name else None
