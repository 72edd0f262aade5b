"""Mistakes that the campaign and the law of the protocol must find: each is one wrong line, put in place of a right one.

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

CAMPAIGN, LAW = "the campaign", "the law of the protocol"


@dataclass(frozen=True)
class Mutant:
    """In `module`, the text `right` becomes `wrong`; `by` says what must find it."""

    name: str
    module: str
    right: str
    wrong: str
    by: str = CAMPAIGN


MUTANTS = (
    Mutant("writes on HubSpot are repeated after a gateway's failure", "sla_sync_hubspot.failures", "if reading and failure.status in _PASSING else", "if failure.status in _PASSING else"),
    Mutant("writes on HubSpot are repeated where nobody answered", "sla_sync_hubspot.client", "if not reading or repeated >= len(UNANSWERED_PAUSES):", "if repeated >= len(UNANSWERED_PAUSES):"),
    Mutant("after a doubtful answer nobody looks what stands there", "sla_sync_hubspot.writer", "        found = craft.find(self._desk, desired.address)\n        if found is None:\n            return craft.create", "        found = None\n        if found is None:\n            return craft.create"),
    Mutant("options that others put into a property are dropped", "sla_sync_hubspot.writes.options", 'for each in raw.get("options", ())}', "for each in ()}"),
    Mutant("an apply that was cut off says that it is complete", "sla_sync.reconcile.apply", "return self.error is None and all(", "return True or all("),
    Mutant("the journal says of everything that it was done", "sla_sync.reconcile.journal", "status=outcome.status,", 'status="done",'),
    Mutant("nobody looks whether somebody applied meanwhile", "sla_sync.pipeline.apply", "if reader.manifest() != sight.manifest:", "if False:", LAW),
    Mutant("nobody looks whether the settings moved meanwhile", "sla_sync.pipeline.apply", '    if moved:\n        raise StalePlanError(\n            f"{sight.plan.target} changed between', '    if False:\n        raise StalePlanError(\n            f"{sight.plan.target} changed between', LAW),
    Mutant("what is adopted is kept too late", "sla_sync.reconcile.apply", "if any(change.action is Action.ADOPT or change.switches_off for change in plan.changes):", "if False:", LAW),
    Mutant("a lock that was lost is not noticed", "sla_sync.testing.memory", "if held is None or held.token != self._ticket.token:", "if False:", LAW),
    Mutant("a lock lasts for ever", "sla_sync.testing.memory", "held.token != ticket.token and held.expires > now", "held.token != ticket.token", LAW),
    Mutant("other settings are forgotten where some are named", "sla_sync.reconcile.restore", "applied = {address: values for address, values in before.applied.items() if address not in scope}", "applied = {}", LAW),
)  # fmt: skip


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
