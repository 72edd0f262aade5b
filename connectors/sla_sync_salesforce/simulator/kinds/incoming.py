"""A component that a package brings, before the org has taken it."""

from __future__ import annotations

from dataclasses import dataclass

from sla_sync_salesforce.simulator.documents import Values


@dataclass(frozen=True)
class Incoming:
    """One component of a package; `line` and `column` say where it begins in its file."""

    type: str
    full_name: str
    file: str
    values: Values
    line: int = 1
    column: int = 1
    content: bytes | None = None

    @property
    def object_name(self) -> str:
        """The object of a field or a rule: what stands before the dot."""
        return self.full_name.partition(".")[0]

    @property
    def own_name(self) -> str:
        """What stands after the dot."""
        return self.full_name.partition(".")[2]
