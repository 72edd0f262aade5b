"""What a contact keeps of its cycle and its clocks: a table of technical properties, by the name without the prefix.

HubSpot has no record of a turn of its own below its custom objects, so the contact holds the turn that runs, and the
history of these properties holds those before it. Workflows of ours and `sla-sync clock` are their only writers.
"""

from __future__ import annotations

from sla_sync.connector import Choice, Clock, DataType, Field, KeyPath, Resources

CYCLE, CYCLE_STATE, LEG = "cycle", "cycle_state", "leg"
OPEN, CLOSED = "open", "closed"
CYCLE_SOURCE, RAISED_AT, QUALIFIED_AT = "cycle_source", "raised_at", "qualified_at"
ASSIGNED_AT, FIRST_TOUCH_AT, VERDICT_AT, ENDED_AT = "assigned_at", "first_touch_at", "verdict_at", "ended_at"
TOUCHED, JUDGED = "touched", "judged"
YES, NO = "yes", "no"
TURN_OWNER = "turn_owner"
"""The id of the owner of this turn, as text; NOBODY while no turn runs."""
NOBODY = "nobody"
TOUCH_BY, TOUCH_AT = "touch_by", "touch_at"
"""Whose activity was logged last, by owner id as text, and when."""
TOUCH_BY_OWNER = "touch_by_owner"
"""Calculated by HubSpot: whether `touch_by` is `turn_owner`."""
DATES = "dates"
ASKED, WRITTEN, QUIET = "asked", "written", "quiet"
"""Whether the dates of the running clocks are asked for, stand there, or no clock runs (`sla-sync clock` answers)."""
DATES_FOR = "dates_for"
"""For which starts the dates were computed, as text: `sla-sync clock` writes it with them, and never the same twice."""
POLICY = "policy"

RUNNING, WARNED, OVERDUE, ON_TIME, LATE, VOID, IDLE = "running", "warned", "overdue", "on_time", "late", "void", "idle"
STOPPED = "stopped"
"""Stopped before its dates were written, so that `sla-sync clock` has to say whether it was in time."""
AWAITS = "awaits"
"""Started, and its dates are not written yet."""
STATES = (IDLE, AWAITS, RUNNING, WARNED, OVERDUE, STOPPED, ON_TIME, LATE, VOID)

SLOTS = 8
"""How many events ahead the dates of one contact reach; after the last of them more are asked for."""


def slot_at(number: int) -> str:
    """Return the name of the property with the instant of an event to come; `number` counts from 1."""
    return f"next_{number}_at"


def slot_what(number: int) -> str:
    """Return the name of the property with what happens then: the key of an event, such as `answer.due`."""
    return f"next_{number}"


def of_clock(clock: Clock | str, what: str) -> str:
    """Return the name of a property of one clock: `first_response_state`; `what` is state, started_at, due_at, stopped_at."""
    name = clock if isinstance(clock, str) else clock.name
    return f"{name.replace('-', '_')}_{what}"


def event_keys(clock: Clock) -> tuple[str, ...]:
    """Return the keys of what may fall due on a clock: its warning, its limit, its steps (the index counts from 0)."""
    warn = () if clock.warn is None else (f"{clock.name}.warn",)
    return (*warn, f"{clock.name}.due", *(f"{clock.name}.step{rung.index}" for rung in clock.rungs))


def happened_at(key: str) -> str:
    """Return the name of the property with the instant at which an event last happened: each new value sets off its workflow."""
    return key.replace(".", "_").replace("-", "_") + "_at"


def kept_fields(resources: Resources, clocks: tuple[Clock, ...]) -> tuple[Field, ...]:
    """Return the technical properties for these clocks, which people read and do not write."""
    del resources, clocks
    return ()


def _choice(name: str, means: str) -> Choice:
    return Choice(name, name.replace("_", " ").capitalize(), means)


def _field(name: str, means: str, data: DataType, origin: KeyPath = (), choices: tuple[Choice, ...] = ()) -> Field:
    return Field(name, origin or ("metadata", "name"), means, name.replace("_", " ").capitalize(), data, choices)
