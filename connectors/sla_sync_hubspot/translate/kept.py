"""What a contact keeps of its cycle and its clocks: a table of technical properties, by the name without the prefix.

HubSpot has no record of a turn of its own below its custom objects, so the contact holds the turn that runs, and the
history of these properties holds those before it. Workflows of ours and `sla-sync clock` are their only writers.
"""

from __future__ import annotations

from sla_sync.connector import Choice, Clock, DataType, Field, KeyPath, Resources, Rung

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
RAISED, AGAIN, FORGOTTEN = "raised", "again", "forgotten"
"""Whether a hand was raised since the last cycle opened: yes, no, again where the contact had left the path before, or
forgotten where it left the path after that."""
COOLED = "cooled"
"""Whether the condition of a stage has ceased to hold since the contact left the path, so that it may enter anew."""
STAGE = "stage"
"""The agreed stage in which the contact was last seen in this cycle."""
DEAL_STAGE, NO_STAGE = "deal_stage", "none"
"""The agreed stage that a deal of the contact shows; `none` while none does."""
ANYBODY = "anybody"
"""Stands in `touch_by` for an activity that counts whoever it is by."""
NONE = "none"
"""Stands in a choice that says nothing in this cycle: the priority that none matches, the reason of the time before."""
REVISIT_ON = "revisit_on"
QUEUE, NO_QUEUE = "queue", "none"
"""The queue in which a contact waits, by its agreed name, and what stands there while it waits in none."""
CLOCK_TICKS = "clock_ticks"
"""A number that workflows with `deadlines: ticks` count up, so that they have something to do in each quarter of an hour."""

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
    # Not `answer_due_at`, which is the limit of the clock.
    return key.replace(".", "_").replace("-", "_") + "_happened_at"


def timed_keys(clock: Clock) -> tuple[str, ...]:
    """Return the keys that have an instant of their own: a step at once comes with the limit, whose workflow sets it off."""
    at_once = {step_key(clock, rung) for rung in clock.rungs if rung.after is None and rung.at is None}
    return tuple(key for key in event_keys(clock) if key not in at_once)


def step_key(clock: Clock, rung: Rung) -> str:
    """Return the key of a step of a clock: `answer.step1`."""
    return f"{clock.name}.step{rung.index}"


def times(key: str) -> str:
    """Return the name of the number of times that a step with `at_most` was taken in this cycle; each cycle begins with 0."""
    return key.replace(".", "_").replace("-", "_") + "_times"


def counted_keys(clock: Clock) -> tuple[str, ...]:
    """Return the keys of the steps that are taken only so often in a cycle."""
    return tuple(step_key(clock, rung) for rung in clock.rungs if rung.at_most is not None)


def kept_fields(resources: Resources, clocks: tuple[Clock, ...]) -> tuple[Field, ...]:
    """Return the technical properties of a portal in which these clocks run; people read them and do not write them."""
    queues = tuple(Choice(each.name, each.label, each.means, each.origin) for each in resources.queues)
    nowhere = Choice(NO_QUEUE, "No queue", "It waits in none.")
    waits = (_field(QUEUE, "The queue in which it waits.", _CHOICE, ("queues",), (*queues, nowhere)),) if queues else ()
    timed = (*_DATES, *_slots(), *(each for clock in clocks for each in _of_clock(clock))) if clocks else ()
    return (*_RAISED, *_CYCLE, *_TURN, *waits, *timed)


def revisit_fields(resources: Resources) -> tuple[Field, ...]:
    """Return the instant that people write where a reason asks them when to come back."""
    asked = next((each for each in resources.reason_sets if each.revisits_asked), None)
    if asked is None:
        return ()
    named = ", ".join(asked.revisits_asked)
    means = f"When to come back, asked for with these reasons: {named}."
    return (Field(REVISIT_ON, asked.origin, means, "Revisit On", DataType.INSTANT, (), written_by_people=True),)


def kept_elsewhere() -> tuple[Field, ...]:
    """Return the technical properties of a portal beside the platform that runs the clocks."""
    names = {CYCLE_STATE, COOLED, RAISED, RAISED_AT}
    return tuple(each for each in (*_RAISED, *_CYCLE) if each.name in names)


def ticks_field() -> Field:
    """Return the number that workflows with `deadlines: ticks` count up."""
    return _field(
        CLOCK_TICKS,
        "How often its clocks have ticked: it gives workflows something to do.",
        _NUMBER,
    )


def _choice(name: str, means: str = "") -> Choice:
    return Choice(name, name.replace("_", " ").capitalize(), means)


def _field(
    name: str, means: str, data: DataType, origin: KeyPath = (), choices: tuple[Choice, ...] = (), label: str = ""
) -> Field:
    shown = label or name.replace("_", " ").capitalize()
    return Field(name, origin or ("metadata", "name"), means, shown, data, choices)


_CHOICE, _TEXT, _NUMBER, _INSTANT = DataType.CHOICE, DataType.TEXT, DataType.NUMBER, DataType.INSTANT
_YES_NO = (_choice(YES), _choice(NO))
_RAISED = (
    _field(RAISED_AT, "When a hand was last raised that opened a cycle, or may.", _INSTANT),
    _field(
        RAISED, "Whether a hand was raised since the last cycle opened.", _CHOICE, (),
        (*_YES_NO, _choice(AGAIN, "By somebody who had left the path."), _choice(FORGOTTEN, "By somebody who left since.")),
    ),
    _field(COOLED, "Whether it may enter by its condition again.", _CHOICE, (), _YES_NO),
)  # fmt: skip
_CYCLE = (
    _field(CYCLE, "How often it has qualified, this time included.", _NUMBER),
    _field(CYCLE_STATE, "Whether a cycle is open.", _CHOICE, (), (_choice(OPEN), _choice(CLOSED))),
    _field(CYCLE_SOURCE, "The source of the hand-raise that opened the cycle, kept as it was then.", _TEXT),
    _field(POLICY, "The agreement and its version by which the cycle is judged.", _TEXT),
    _field(STAGE, "The agreed stage in which it was last seen in this cycle.", _TEXT),
    _field(DEAL_STAGE, "The agreed stage that a deal of it shows.", _TEXT),
    _field(JUDGED, "Whether it has left the qualifying stage in this cycle.", _CHOICE, (), _YES_NO),
    _field(VERDICT_AT, "When it first left the qualifying stage in this cycle.", _INSTANT),
    _field(ENDED_AT, "When its last cycle was closed.", _INSTANT),
)
_TURN = (
    _field(LEG, "The how-manieth owner's turn of the cycle this is.", _NUMBER),
    _field(TURN_OWNER, "The id of the owner whose turn it is, or nobody.", _TEXT),
    _field(ASSIGNED_AT, "When the owner of this turn got it.", _INSTANT),
    _field(TOUCHED, "Whether the owner has reached out in this turn.", _CHOICE, (), _YES_NO),
    _field(FIRST_TOUCH_AT, "When the owner first reached out.", _INSTANT),
    _field(TOUCH_BY, "The id of the owner of the activity that was logged last.", _TEXT),
    _field(TOUCH_AT, "When an activity was last logged that may count as a touch.", _INSTANT),
)
_DATES = (
    _field(
        DATES, "Whether the dates of the running clocks are asked for, stand there, or are not needed.", _CHOICE, (),
        (_choice(ASKED), _choice(WRITTEN), _choice(QUIET)),
    ),
    _field(DATES_FOR, "For which starts the dates were found.", DataType.LONG_TEXT),
)  # fmt: skip


def _slots() -> tuple[Field, ...]:
    return tuple(
        each
        for number in range(1, SLOTS + 1)
        for each in (
            _field(slot_at(number), f"When event {number} of those to come falls due.", _INSTANT),
            _field(slot_what(number), f"What falls due then: the key of event {number} of those to come.", _TEXT),
        )
    )


def _of_clock(clock: Clock) -> tuple[Field, ...]:
    origin = clock.origin
    states = tuple(_choice(each) for each in STATES)
    rows: list[tuple[str, str, DataType, str, tuple[Choice, ...]]] = [
        ("state", "How this promise stands.", _CHOICE, "state", states),
        ("started_at", "When the clock of this promise started.", _INSTANT, "started at", ()),
        ("due_at", "By when this promise is kept.", _INSTANT, "due at", ()),
        ("stopped_at", "When the clock of this promise stopped.", _INSTANT, "stopped at", ()),
    ]
    own = [
        _field(of_clock(clock, what), f"{clock.means} {means}", data, origin, choices, f"{clock.label}: {label}")
        for what, means, data, label, choices in rows
    ]
    for key in event_keys(clock):
        label = f"{clock.label}: {_spoken(key)} happened at"
        own.append(_field(happened_at(key), f"{clock.means} When this last came about.", _INSTANT, origin, (), label))
    for key in counted_keys(clock):
        label = f"{clock.label}: {_spoken(key)} taken"
        own.append(_field(times(key), f"{clock.means} How often in this cycle.", _NUMBER, origin, (), label))
    return tuple(own)


def _spoken(key: str) -> str:
    """Return what an event is called in labels: `step 1` for the first step, whose key counts from 0."""
    what = key.rpartition(".")[2]
    return f"step {int(what.removeprefix('step')) + 1}" if what.startswith("step") else what
