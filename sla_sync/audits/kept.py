"""What is kept of one audit: plain words and counts, never a setting or a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 300
"""Characters of a sentence that are kept."""


class Verdict(StrEnum):
    """What an audit says of a target in one word; the worst comes first."""

    NOT_AUDITED = "not audited"
    """Nobody could look, so nobody may call it in sync."""
    DRIFTED = "drifted"
    """Something is there that nobody agreed on."""
    NO_DRIFT = "no drift"
    """Nothing drifted, and something waits to be applied, was accepted for a while, or could not be looked at."""
    IN_SYNC = "in sync"


WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Whose audit it is: an agreement by its name, and a target by its name."""

    agreement: str
    target: str

    def __str__(self) -> str:
        return f"{self.agreement} · {self.target}"


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """One finding in words. `id` names the finding with its value, `place` where it is, whatever the value.

    `sentence` says it in one line, `text` as people read it in the answer of `drift`; `promises` are the sentences of
    the promises that it touches. One that is `accepted` is there, and people live with it for a while.
    """

    id: str
    gravity: str
    sort: str
    place: str
    sentence: str
    text: str = ""
    promises: tuple[str, ...] = ()
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class KeptAudit:
    """One audit of one target. `because` says why it was not audited, `unread` that a setting could not be read.

    `title` is what the agreement is called, `zone` the name of its time zone, and `hurry` says until when a breach must
    be put right.
    """

    subject: Subject
    at: datetime
    verdict: Verdict
    findings: tuple[KeptFinding, ...] = ()
    matched: int = 0
    pending: int = 0
    unchecked: int = 0
    because: str = ""
    unread: bool = False
    title: str = ""
    zone: str = "UTC"
    hurry: str = ""

    @property
    def open(self) -> tuple[KeptFinding, ...]:
        """The findings that nobody accepted."""
        return tuple(each for each in self.findings if not each.accepted)


@dataclass(frozen=True, slots=True)
class Episode:
    """One finding from the audit that first saw it to the one that saw it gone, in UTC."""

    subject: Subject
    finding: KeptFinding
    first_seen: datetime
    last_seen: datetime
    repaired: datetime | None
