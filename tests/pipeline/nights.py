"""Nights without a platform: targets that answer what a test gives them, on a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sla_sync.audits.kept import KeptAudit, Subject
from sla_sync.pipeline.night import Asked, Audited, Pace, night
from sla_sync.places import Place
from sla_sync.reconcile.drift import Drift, DriftClass, Finding
from sla_sync.reconcile.settings import Address, Consequence

NIGHT = datetime(2026, 11, 4, 8, 10, tzinfo=UTC)
PLACE = Place(Path("configs/acme/agreement.yaml"), None, Path(".sla-sync"))
Answer = Callable[[], Drift]


@dataclass
class Clock:
    """A clock that moves when somebody sleeps."""

    now: datetime = NIGHT
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def found(name: str = "Deadline", consequence: Consequence = Consequence.BREACH, live: object = "v6") -> Finding:
    """Return a finding that somebody changed a flow."""
    address = Address("Flow", name)
    return Finding(
        DriftClass.CHANGED, consequence, address, ("version",), "v7", "v7", str(live), "Dana", NIGHT, ("commitments",)
    )


def drift(target: str, *findings: Finding) -> Drift:
    """Return an audit with these findings."""
    return Drift(target, findings, 140, (), title="Acme", at=NIGHT)


def audited(
    answers: Mapping[str, Answer],
    *,
    clock: Clock | None = None,
    jobs: int = 4,
    patience: timedelta = timedelta(minutes=5),
) -> tuple[tuple[Audited, ...], list[KeptAudit]]:
    """Return what came of a night, and what was kept of it."""
    clock, kept = clock or Clock(), list[KeptAudit]()
    asked = [Asked(PLACE, Subject("acme", name), org=name) for name in answers]
    pace = Pace(lambda: clock.now, clock.sleep, patience, jobs)
    done = night(
        asked, lambda each: answers[each.subject.target](), tell=lambda each: each.target, pace=pace, keep=kept.append
    )
    return done, kept
