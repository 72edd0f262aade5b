"""An agreement before it is promised: its plan worked both ways, what a history says of it, and what is found in both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import Diagnostic
from sla_sync.feasibility.outlook import Seen
from sla_sync.feasibility.plan import Planned

NO_HISTORY = "No history was given, so nothing is held against what was."


@dataclass(frozen=True, slots=True)
class Already:
    """How many entered the stage of the promise so far, of the days whose leads can be signed in time for the goal."""

    stage: str
    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Forecast:
    """A promise held against its plan and a history.

    `plan` is a sentence where it cannot be reckoned. `seen` is None without a history; `source` and `as_of` say which it is.
    `already` is None where history does not hold the days that count.
    """

    agreement: Agreement
    plan: Planned | str
    seen: Seen | None
    findings: tuple[Diagnostic, ...]
    already: Already | None = None
    source: str = ""
    as_of: datetime | None = None
    synthetic: bool = False
    gaps: tuple[str, ...] = ()
    """What of the history is left out, in sentences."""
