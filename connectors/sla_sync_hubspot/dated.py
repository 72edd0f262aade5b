"""The dates that were found for a contact, as the one text in which it keeps them, the steps of earlier turns among them.

`2 answer 2026-10-05T14:02:00Z due 2026-10-05T14:17:00Z in office: warn 2026-10-05T14:09:30Z, due 2026-10-05T14:17:00Z`:
the number of the cycle, then the runs with a semicolon between. The same dates make the same text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from sla_sync.connector import Coming, DatedRun

_RUN = re.compile(r"(?P<clock>\S+) (?P<start>\S+Z)(?: due (?P<due>\S+Z))?(?: in (?P<hours>[^:]+))?:(?P<coming>.*)")


def spell_runs(cycle: int, runs: Sequence[DatedRun]) -> str:
    """Return the runs of a cycle as text."""
    return f"{cycle} " + "; ".join(_spell_run(each) for each in runs)


def read_runs(text: str, cycle: int) -> tuple[DatedRun, ...]:
    """Return the runs of this cycle that a text tells; none where it tells of another, or somebody wrote something else."""
    number, _, told = text.partition(" ")
    if number != str(cycle) or not told:
        return ()
    try:
        return tuple(_read_run(each) for each in told.split("; "))
    except ValueError:
        # Whoever edited it by hand loses what it held: the dates of the present runs are found again from their starts.
        return ()


def spell_instant(at: datetime) -> str:
    """Return an instant as HubSpot shows one: UTC, with milliseconds only where there are any."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace(".000", "").replace("+00:00", "Z")


def _spell_run(run: DatedRun) -> str:
    due = "" if run.due_at is None else f" due {spell_instant(run.due_at)}"
    hours = f" in {run.calendar}" if run.calendar else ""
    coming = ", ".join(f"{each.key.removeprefix(f'{run.clock}.')} {spell_instant(each.at)}" for each in run.coming)
    return f"{run.clock} {spell_instant(run.started_at)}{due}{hours}: {coming}".rstrip()


def _read_run(text: str) -> DatedRun:
    found = _RUN.fullmatch(text)
    if found is None:
        message = f"'{text}' tells no run"
        raise ValueError(message)
    clock = found["clock"]
    told = [each.split() for each in found["coming"].split(", ") if each.strip()]
    return DatedRun(
        clock,
        datetime.fromisoformat(found["start"]),
        datetime.fromisoformat(found["due"]) if found["due"] else None,
        found["hours"] or "",
        tuple(Coming(f"{clock}.{what}", datetime.fromisoformat(at)) for what, at in told),
    )
