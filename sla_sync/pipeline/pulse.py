"""Whether somebody runs `sla-sync clock` where a platform relies on it, and how late that is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sla_sync.agreement.durations import parse_duration, seconds
from sla_sync.agreement.formats import FormatError
from sla_sync.connector import Address, Checkup, Consequence, Pulse, Reader, Standing, TellsPulse
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import Prepared
from sla_sync.pipeline.timekeeping import why_useless
from sla_sync.reconcile.drift import DriftClass, Finding

CLOCK_EVERY = "clock_every"
"""The word of a binding's `expects` for the time from one run of `sla-sync clock` to the next."""
_USUAL = "15 minutes"
_NAME = "sla-sync clock"
_MISSED = 2
"""A scheduler may be a little late: it counts as stalled from the second run on that did not come."""


def stalled(prepared: Prepared, reader: Reader, now: datetime, target: str = "") -> Finding | None:
    """Return the finding that dates of clocks are not found in time, or None where they are or nobody relies on it.

    Nothing is found before settings were applied: nobody waits for dates then.
    """
    if why_useless(prepared) or not isinstance(reader, TellsPulse):
        return None
    every, pulse = _every(prepared), reader.pulse()
    since = pulse.ran_at or pulse.applied_at
    if since is None or now - since <= _MISSED * every:
        return None
    clock = prepared.resources.clocks[0]
    return Finding(
        drift=DriftClass.STALLED,
        consequence=Consequence.BREACH,
        address=Address("Scheduler", _NAME),
        path=(),
        agreed=f"every {_expected(prepared)}",
        applied=None,
        live=None if pulse.ran_at is None else pulse.ran_at.isoformat(),
        who=None,
        when=pulse.ran_at,
        commitment=clock.origin,
        target=target,
    )


def checkups(prepared: Prepared, reader: Reader, now: datetime) -> tuple[Checkup, ...]:
    """Return how the scheduler stands, for `doctor`; nothing where nobody relies on it."""
    if why_useless(prepared) or not isinstance(reader, TellsPulse):
        return ()
    pulse = reader.pulse()
    late = stalled(prepared, reader, now) is not None
    hint = f"Let a scheduler run `sla-sync clock` every {_expected(prepared)}; docs/clock.md shows two."
    return (Checkup("clock", _standing(pulse, late=late), _told(pulse, now), hint),)


def _standing(pulse: Pulse, *, late: bool) -> Standing:
    if late:
        return Standing.MISSING
    return Standing.GOOD if pulse.ran_at is not None else Standing.UNKNOWN


def _told(pulse: Pulse, now: datetime) -> str:
    if pulse.ran_at is None:
        return "sla-sync clock has never run for this target, and its workflows wait for the dates that it finds."
    minutes = max(0, round((now - pulse.ran_at) / timedelta(minutes=1)))
    return f"sla-sync clock last ran {minutes} minutes ago, at {pulse.ran_at:%Y-%m-%d %H:%M} UTC."


def _expected(prepared: Prepared) -> str:
    return prepared.binding.expects.get(CLOCK_EVERY, _USUAL)


def _every(prepared: Prepared) -> timedelta:
    """Return the time from one run to the next. Raises SlaSyncError where the binding names none."""
    said = _expected(prepared)
    hint = f"Write a plain time in the binding, such as `expects: {{{CLOCK_EVERY}: {_USUAL}}}`."
    try:
        found = parse_duration(said)
    except FormatError as error:
        raise SlaSyncError(f"{CLOCK_EVERY}: {error.message}", hint=hint) from None
    length = None if found.business else seconds(found)
    if not length:
        raise SlaSyncError(f"{CLOCK_EVERY}: `{said}` is no time that a scheduler can wait.", hint=hint)
    return timedelta(seconds=length)
