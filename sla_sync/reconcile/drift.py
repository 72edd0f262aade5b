"""Drift as values: what is not as agreed on a target, whom it harms, what is accepted for a while, what nobody could see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sla_sync.diagnostics import KeyPath, spell
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.plan import digest
from sla_sync.reconcile.settings import Address, Consequence, Value


class DriftClass(StrEnum):
    """What happened to a setting."""

    MISSING = "missing"
    """We applied it, and it is gone."""
    CHANGED = "changed"
    """Somebody changed a value that we applied."""
    DISABLED = "disabled"
    """Somebody switched it off."""
    CONFLICT = "conflict"
    """The agreement and the platform both moved, in different directions."""
    PENDING = "pending"
    """The agreement moved and was not applied yet: no drift."""
    EXTRA = "extra"
    """Somebody put it into a setting that we made, and nobody agreed on it."""
    FOREIGN = "foreign"
    """It stands there, is asked for, and is not ours: apply would have to adopt it."""
    STALLED = "stalled"
    """What finds the dates of clocks from outside has not run in time; nobody changed a setting."""
    SHADOWED = "shadowed"
    """An automation of others writes what only ours should write, or moves leads on."""
    STALE = "stale"
    """It is there and does not count yet or any more: an unpublished draft, a stopped schedule, a sync error."""
    PEOPLE = "people"
    """A role, queue or team without an active person."""
    BEHAVIOUR = "behaviour"
    """Settings are as agreed, and what happens is not: dates are not stamped, reasons stay empty."""


DRIFTS = frozenset(DriftClass) - {DriftClass.PENDING}
OBSERVED = frozenset({DriftClass.SHADOWED, DriftClass.STALE, DriftClass.PEOPLE, DriftClass.BEHAVIOUR})
"""What is seen beside the settings: no apply puts it right."""

GRAVITY: Mapping[Consequence, int] = {each: index for index, each in enumerate(Consequence)}
"""The gravest has the least number."""


class Trace(StrEnum):
    """What is known of who did it."""

    TOLD = "told"
    NOT_FOUND = "no trace"
    """The platform keeps a trail, and it has nothing about this."""
    NO_TRAIL = "no trail"
    """The platform keeps no trail, or does not show it."""


@dataclass(frozen=True, slots=True)
class Harm:
    """The records that passed while a setting was wrong, and of these the ones that visibly lack what was promised.

    `sentence` says it: «23 leads were assigned since then, 23 of them without due time». At most 200 ids are kept.
    """

    sentence: str
    passed: int
    lacking: int
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """A promise that a finding touches: the name of its commitment, and its sentence.

    A promise that is only reported (`kind: influence`) is not `counted`: it is never broken.
    """

    commitment: str
    sentence: str
    counted: bool = True


@dataclass(frozen=True)
class Finding:
    """One value that is not as agreed. `commitment` is the place in the agreement that it serves."""

    drift: DriftClass
    consequence: Consequence
    address: Address
    path: KeyPath
    agreed: Value
    applied: Value
    live: Value
    who: str | None
    when: datetime | None
    commitment: KeyPath
    target: str = ""
    what: str = ""
    """What was observed, where it is no value of a setting: «Flow 'Old lead router'»."""
    sentence: str = ""
    """What was observed of it, in a whole sentence."""
    trace: Trace = Trace.NOT_FOUND
    stakes: tuple[Stake, ...] = ()
    harm: Harm | None = None
    note: str = ""
    """Why an entry of exceptions.yaml about it does not count any longer, in a sentence."""

    @property
    def id(self) -> str:
        """A short name that stays from night to night while it is the same value, whatever class the finding has."""
        return f"D-{digest([*self.identity])[:6]}"

    @property
    def identity(self) -> tuple[str, str, str, str, str]:
        """What it is about: target, address, path, what was observed, and the digest of the value that is there."""
        # What is observed of one thing is another finding for each class; the class of a value follows from other values.
        observed = f"{self.drift}: {self.what}" if self.what else ""
        return self.target, str(self.address), spell(self.path), observed, live_digest(self.live)

    @property
    def title(self) -> str:
        """What it is about, in words: what was observed, else the address and the place inside it."""
        return self.what or f"{self.address} {spell(self.path)}".rstrip()


def live_digest(live: Value) -> str:
    """Return the digest of a value that was found, by which it is recognised again."""
    return digest(plain(live))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that people live with until a day (that day too), and why; `by` is the role that answers for it."""

    finding: Finding
    because: str
    until: date
    by: str | None


@dataclass(frozen=True)
class Unverifiable:
    """Something that nobody could look at, so nobody may call it in sync."""

    what: str
    because: str
    manual: bool = False
    """Whether no reader can look at it: a manual step, or what the platform tells nobody. Else a setting was not read."""
    vouched: str = ""
    """Who vouches for it and until when, in a clause; empty where nobody does."""


@dataclass(frozen=True)
class Drift:
    """The audit of one target. `findings` are not accepted; `zone` is the agreement's, for every time that is printed."""

    target: str
    findings: tuple[Finding, ...]
    matched: int
    unverifiable: tuple[Unverifiable, ...]
    accepted: tuple[Accepted, ...] = ()
    title: str = ""
    """What the agreement is called."""
    zone: str = "UTC"
    at: datetime | None = None
    """When it was looked at."""
    first_due: datetime | None = None
    """When the next clock that runs falls due; asked only where a promise is at risk."""
    notes: tuple[str, ...] = field(default=())
    """What is to be said besides, in sentences: entries of exceptions.yaml that are about nothing that is there."""

    @property
    def drifted(self) -> tuple[Finding, ...]:
        """The findings that are more than pending."""
        return tuple(each for each in self.findings if each.drift in DRIFTS)

    @property
    def pending(self) -> tuple[Finding, ...]:
        """The changes of the agreement that nobody applied yet."""
        return tuple(each for each in self.findings if each.drift not in DRIFTS)

    @property
    def at_risk(self) -> tuple[Stake, ...]:
        """The promises that a breach touches, each once, in the order of the findings."""
        return tuple(
            dict.fromkeys(
                stake
                for each in self.drifted
                if each.consequence is Consequence.BREACH
                for stake in each.stakes
                if stake.counted
            )
        )

    @property
    def in_sync(self) -> bool:
        """Whether everything matches, nothing was left unchecked, and nothing different is merely accepted."""
        return not self.findings and not self.unverifiable and not self.accepted

    @property
    def unreadable(self) -> bool:
        """Whether a setting that was asked for could not be read."""
        return any(not each.manual for each in self.unverifiable)
