"""The object that keeps each owner's turn in a cycle, and every field of it: `SLA_Leg__c`, read as "SLA Assignment".

`LEG_FIELDS` are those that every org has; `ClockFields` names those of one clock. Values are what the XML would hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Clock, Desired, KeyPath, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, LABEL_LIMIT, developer_name, shorten

_CLOCK_NAME_LIMIT = 28
"""Characters of a commitment in the names of its fields, so that `_Started_At` still fits into 40."""
_INSTANT: Mapping[str, Value] = {"type": "DateTime"}
_TEXT: Mapping[str, Value] = {"type": "Text", "length": 255}
_COUNT: Mapping[str, Value] = {"type": "Number", "precision": 4, "scale": 0}

# Field → label, type, and what people read of it.
LEG_FIELDS: Mapping[str, tuple[str, Mapping[str, Value], str]] = {
    "Lead__c": (
        "Lead",
        {
            "type": "Lookup",
            "referenceTo": "Lead",
            "relationshipLabel": "SLA Assignments",
            "deleteConstraint": "SetNull",
        },
        "The lead whose turn this is; it stays after a conversion.",
    ),
    "Of_Lead__c": (
        "Began for lead",
        _TEXT,
        "The id of the lead for which the turn began; another lead beside it is the one into which that was merged.",
    ),
    "Contact__c": (
        "Contact",
        {
            "type": "Lookup",
            "referenceTo": "Contact",
            "relationshipLabel": "SLA Assignments",
            "deleteConstraint": "SetNull",
        },
        "The contact whose turn this is, or that the lead became.",
    ),
    "Cycle__c": ("Cycle", _COUNT, "How often the lead has qualified, this time included."),
    "Leg__c": ("Turn", _COUNT, "The how-manieth owner's turn of the cycle this is."),
    "Person__c": (
        "Person",
        {
            "type": "Lookup",
            "referenceTo": "User",
            "relationshipLabel": "SLA Assignments",
            "deleteConstraint": "SetNull",
        },
        "Whose turn it is; blank while the lead waits in a queue.",
    ),
    "Team__c": ("Team", _TEXT, "The agreed name of the owner's team."),
    "Calendar__c": ("Calendar", _TEXT, "The agreed name of the calendar in which the clocks of this turn run."),
    "Priority__c": ("Priority", _TEXT, "How urgent the lead was when it qualified."),
    "Source__c": ("Source", _TEXT, "The hand-raise that opened the cycle, kept as it was when the lead qualified."),
    "Policy__c": ("Policy", _TEXT, "The agreement and its version by which this turn is judged."),
    "Stage__c": ("Stage", _TEXT, "The agreed stage in which the lead is."),
    "Reason__c": ("Reason", _TEXT, "The agreed reason that was given."),
    "Verdict__c": ("Verdict", _TEXT, "The stage to which the lead went when it first left the qualifying one."),
    "Raised_At__c": ("Raised at", _INSTANT, "When the hand was raised that opened the cycle."),
    "Qualified_At__c": ("Qualified at", _INSTANT, "When the lead qualified."),
    "Assigned_At__c": ("Assigned at", _INSTANT, "When the person got the lead."),
    "First_Touch_At__c": (
        "First touch at",
        _INSTANT,
        "When the person first reached out, as agreed on what a touch is.",
    ),
    "Waiting_Touch_At__c": (
        "Touched in queue at",
        _INSTANT,
        "When anybody first reached out to the person while the lead was nobody's.",
    ),
    "Accepted_At__c": ("Accepted at", _INSTANT, "When the lead went on from the qualifying stage."),
    "Verdict_At__c": ("Verdict at", _INSTANT, "When the lead first left the qualifying stage."),
    "Meeting_At__c": ("Meeting booked at", _INSTANT, "When a meeting was booked."),
    "Ended_At__c": ("Ended at", _INSTANT, "When the turn ended."),
    "Revisit_At__c": ("Revisit at", _INSTANT, "When to come back to the lead."),
    "Ended_Because__c": (
        "Ended because",
        _TEXT,
        "Reassigned, Returned, Closed, Parted (converted) or Gone (deleted or merged).",
    ),
    "Route__c": (
        "Please route",
        {"type": "Checkbox", "defaultValue": "false"},
        "Asks the routing to find an owner for this turn.",
    ),
    "Pass_To__c": ("Pass to", _TEXT, "An order: the team or queue that gets the lead next, or by routing."),
    "Move_To__c": ("Move to", _TEXT, "An order: the stage into which the lead goes."),
    "Move_Reason__c": ("Move reason", _TEXT, "The reason that is given for the stage of the order."),
}


@dataclass(frozen=True, slots=True)
class ClockFields:
    """The API names of the fields of one clock on the leg; `rungs` by the place in `on_breach`, from 1."""

    base: str
    rungs: Mapping[int, str]

    @property
    def started(self) -> str:
        """When it started."""
        return f"{self.base}_Started_At__c"

    @property
    def due(self) -> str:
        """By when it should stop."""
        return f"{self.base}_Due_At__c"

    @property
    def warn(self) -> str:
        """When the owner is warned."""
        return f"{self.base}_Warn_At__c"

    @property
    def stopped(self) -> str:
        """When it stopped."""
        return f"{self.base}_Stopped_At__c"

    @property
    def passes(self) -> str:
        """How often its ladder has given the lead on in this cycle."""
        return f"{self.base}_Passes__c"

    @property
    def taken(self) -> str:
        """Which steps of its ladder were taken, each as `;1;`, so that none is taken twice."""
        return f"{self.base}_Taken__c"

    @property
    def state(self) -> str:
        """How it stands now: a formula."""
        return f"{self.base}_State__c"

    @property
    def instants(self) -> tuple[str, ...]:
        """Everything that is written of it, state and counts aside."""
        return (self.started, self.due, self.warn, self.stopped, *self.rungs.values())


def leg_object(binding: SalesforceBinding) -> str:
    """Return the API name of the object: `SLA_Leg__c`."""
    return f"{binding.prefix}Leg__c"


def leg_field(binding: SalesforceBinding, field: str) -> Address:
    """Return the address of a field of the leg."""
    return Address("CustomField", f"{leg_object(binding)}.{field}")


def commitment_name(name: str) -> str:
    """Return a commitment's name in names of fields and flows: `First_Response` for `first-response`."""
    spelled = developer_name("", name)
    if len(spelled) <= _CLOCK_NAME_LIMIT:
        return spelled
    digest = hashlib.sha256(name.encode()).hexdigest()[:4]
    return f"{spelled[: _CLOCK_NAME_LIMIT - 5].rstrip('_')}_{digest}"


def clock_fields(clock: Clock) -> ClockFields:
    """Return the names of the fields of a clock."""
    base = commitment_name(clock.name)
    return ClockFields(base, {rung.index + 1: f"{base}_Rung_{rung.index + 1}_At__c" for rung in clock.rungs})


def restarts_with_owner(clock: Clock) -> bool:
    """Return whether a clock begins anew in each owner's turn; one that does not runs once in a cycle."""
    return clock.restarts is not None


def carried_fields(clocks: Sequence[Clock]) -> tuple[str, ...]:
    """Return the fields that the next turn of a cycle takes over from the one before.

    How often a ladder has given the lead on counts over the cycle; a clock that does not begin anew goes on as it stands.
    """
    carried: list[str] = []
    for clock in clocks:
        fields = clock_fields(clock)
        if not restarts_with_owner(clock):
            carried += [*fields.instants, fields.taken]
        carried.append(fields.passes)
    return tuple(carried)


def leg(clocks: Sequence[Clock], binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the object and all of its fields, for the clocks that the org holds."""
    yield Desired(
        Address("CustomObject", leg_object(binding)),
        {
            "deploymentStatus": "Deployed",
            "description": describe("One owner's turn in a cycle of a lead.", setup.agreement, limit=1000),
            "enableReports": True,
            "enableSearch": True,
            "label": "SLA Assignment",
            "nameField": {"displayFormat": "SLA-{000000}", "label": "SLA Assignment", "type": "AutoNumber"},
            "pluralLabel": "SLA Assignments",
            "sharingModel": "ReadWrite",
        },
        origins={(): ()},
    )
    for api, (label, shape, means) in LEG_FIELDS.items():
        named: Mapping[str, Value] = (
            {"relationshipName": f"{binding.prefix}Assignments"} if "referenceTo" in shape else {}
        )
        yield _field(binding, setup, api, label, means, {**shape, **named}, ())
    for clock in clocks:
        yield from _of_clock(clock, binding, setup)


def _of_clock(clock: Clock, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    fields = clock_fields(clock)
    within: KeyPath = clock.limits[0].origin if len(clock.limits) == 1 else (*clock.origin[:-1], "within")
    due = within if clock.limits else clock.origin
    warned: KeyPath = (*clock.origin[:-1], "warn") if clock.warn is not None else clock.origin
    rows: list[tuple[str, str, str, Mapping[str, Value], KeyPath]] = [
        (fields.started, "started", "When the clock of this promise started.", _INSTANT, clock.origin),
        (fields.due, "due", "By when this promise is kept.", _INSTANT, due),
        (fields.warn, "warning", "When the owner is warned.", _INSTANT, warned),
        (fields.stopped, "done", "When the clock of this promise stopped.", _INSTANT, clock.origin),
        *(
            (fields.rungs[rung.index + 1], f"step {rung.index + 1}", "When this step follows.", _INSTANT, rung.origin)
            for rung in clock.rungs
        ),
        (fields.passes, "passes", "How often the lead was given on in this cycle.", _COUNT, clock.origin),
        (fields.taken, "steps taken", "The steps that were taken in this turn.", _TEXT, clock.origin),
    ]
    for api, word, means, shape, origin in rows:
        yield _field(binding, setup, api, f"{clock.label}: {word}", f"{clock.means} {means}", shape, origin)
    state: Mapping[str, Value] = {
        "type": "Text",
        "formula": state_formula(clock),
        "formulaTreatBlanksAs": "BlankAsBlank",
    }
    means = f"{clock.means} How it stands now: running, warned, on_time, late, overdue or void."
    read = (*fields.instants[:4], "Ended_At__c", "Ended_Because__c", "Lead__c", "Of_Lead__c")
    needed = tuple(leg_field(binding, each) for each in read)
    yield _field(binding, setup, fields.state, f"{clock.label}: state", means, state, clock.origin, requires=needed)


def state_formula(clock: Clock) -> str:
    """Return the formula of a clock's state; it is right whether or not anything ran at the limit.

    A due time that is exactly now is still in time. A promise without a limit is measured and never missed; where the
    limit is not known (its day lies beyond the calendar rows) nothing is said. What began for a lead that was merged into
    another is void however it ended.
    """
    fields = clock_fields(clock)
    unknown = '""' if clock.limits else f'IF(NOT(ISBLANK({fields.stopped})), "measured", {_ended("void", "running")})'
    warned = f'IF(AND(NOT(ISBLANK({fields.warn})), NOW() >= {fields.warn}), "warned", "running")'
    still = f'IF(NOW() > {fields.due}, "overdue", {warned})'
    ended = f'IF(NOT(ISBLANK(Ended_At__c)), IF(Ended_At__c <= {fields.due}, "void", "overdue"), {still})'
    judged = f'IF(NOT(ISBLANK({fields.stopped})), IF({fields.stopped} <= {fields.due}, "on_time", "late"), {ended})'
    counted = f'IF({_IS_MERGED}, "void", IF(ISBLANK({fields.due}), {unknown}, {judged}))'
    return f'IF(ISBLANK({fields.started}), "", {counted})'


_IS_OF_ANOTHER = "AND(NOT(ISBLANK(Of_Lead__c)), NOT(ISBLANK(Lead__c)), Of_Lead__c <> CASESAFEID(Lead__c))"
# The second is noted when the winner is deleted in its turn, which empties the look-up.
_IS_MERGED = f'OR({_IS_OF_ANOTHER}, Ended_Because__c = "Merged")'


def _ended(yes: str, no: str) -> str:
    return f'IF(NOT(ISBLANK(Ended_At__c)), "{yes}", "{no}")'


def _field(
    binding: SalesforceBinding,
    setup: Setup,
    api: str,
    label: str,
    means: str,
    shape: Mapping[str, Value],
    origin: KeyPath,
    *,
    requires: tuple[Address, ...] = (),
) -> Desired:
    return Desired(
        leg_field(binding, api),
        {
            "label": shorten(label, LABEL_LIMIT),
            "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(means, HELP_LIMIT),
            **shape,
        },
        requires=(Address("CustomObject", leg_object(binding)), *requires),
        origins={(): origin},
    )
