"""How far a stream was told: the instant up to which all is known, and the job in whose pages a run stands that was cut off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OVERLAP = timedelta(minutes=15)
"""How much of what is known is asked for again: a record is dated when its save begins and seen when that ends."""

_FIRST = 1970


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a stream stands. `after` is None before the first run has ended; `until` is None when none is under way."""

    after: datetime | None = None
    until: datetime | None = None
    jobs: Mapping[str, str] = field(default_factory=dict)
    """The jobs of the run that is under way, by what they ask for."""
    place: str = ""
    """What of it was told: the locator of the next page, or the last record."""

    @property
    def begin(self) -> datetime | None:
        """From when on records are asked for; None for all."""
        return self.after - OVERLAP if self.after else None

    def begun(self, now: datetime) -> Mark:
        """Return the mark of a run that begins now; the mark itself while one is under way."""
        return self if self.until else Mark(self.after, now)

    def ended(self) -> Mark:
        """Return the mark of a stream of which all was told."""
        return Mark(self.until)


def spell(mark: Mark) -> str:
    """Return a mark as text."""
    told = {
        "after": mark.after.isoformat() if mark.after else None,
        "until": mark.until.isoformat() if mark.until else None,
        "jobs": dict(mark.jobs),
        "place": mark.place,
    }
    return json.dumps({name: value for name, value in told.items() if value}, sort_keys=True)


def read(text: str) -> Mark:
    """Return the mark that a text spells; what no run of ours wrote begins the stream anew."""
    try:
        told = json.loads(text) if text else {}
        after, until = (_instant(told[name]) if told.get(name) else None for name in ("after", "until"))
        return Mark(
            after, until, {str(name): str(job) for name, job in told.get("jobs", {}).items()}, told.get("place", "")
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Mark()


def _instant(text: str) -> datetime:
    """Return an instant as `spell` writes it. Raises ValueError or TypeError for what it does not write."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year < _FIRST:
        message = f"{text} is no instant of a run."
        raise ValueError(message)
    return found
