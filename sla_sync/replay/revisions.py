"""The two revisions of an agreement that are replayed, each as if it had been in force all the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.attainment.in_force import as_if_in_force

_ALWAYS = date(1990, 1, 1)


@dataclass(frozen=True)
class Revision:
    """One side of a replay: its name, the agreement, and the texts of its files of holidays by name.

    `bindings` holds by connector what the parts of a binding say that decide what is counted: stages, sources, touch, exclude.
    """

    name: str
    agreement: Agreement
    files: Mapping[str, str] = field(default_factory=dict)
    bindings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def always(self) -> Revision:
        """The same, as if it had been in force all the time."""
        return replace(self, agreement=as_if_in_force(self.agreement, _ALWAYS))

    @property
    def qualifying(self) -> str | None:
        """The stage that leads enter when they qualify."""
        return qualified_stage(self.agreement)

    @property
    def qualifies_when(self) -> Expression | None:
        """The condition on which leads qualify by themselves; None where it is not agreed."""
        stage = self.agreement.stages.get(self.qualifying or "")
        said = stage.enter_when if stage is not None else None
        return None if said is None else said.value


def differ(before: Revision, after: Revision, *sections: str) -> bool:
    """Return whether any of these sections differs between two revisions."""
    return any(getattr(before.agreement, each) != getattr(after.agreement, each) for each in sections)
