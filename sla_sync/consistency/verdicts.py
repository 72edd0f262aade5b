"""What was found about one point: each finding in a sentence, with its place and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sla_sync.agreement.attestations import Point
from sla_sync.diagnostics import KeyPath


class Outcome(StrEnum):
    """How a point, or one finding about it, stands; the worst first."""

    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """Nothing tells, and nobody vouches for it."""
    ATTESTED = "attested"
    """Nothing tells, and somebody vouches for it."""
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `path` is a place in `document`, in the agreement where that is None; the hint says what to do."""

    outcome: Outcome
    sentence: str
    path: KeyPath = ()
    document: Path | None = None
    hint: str = ""
    snippet: str = ""
    """Lines that are ready to be put into a document."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one point stands, and why."""

    point: Point
    outcome: Outcome
    found: tuple[Found, ...]
