"""Touches: activities that count are noted on the contact, and the first of the owner in a turn stops clocks.

What a machine sends is no touch, and what comes in is none of the owner's. While a contact is nobody's, anybody's counts.
The instant is that at which the activity is logged, for a meeting when it is put into the calendar, as on Salesforce.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, Gap, Values
from sla_sync_hubspot.binding import Holds, TouchRule
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Act, Arm, Enrolment, Fork, Step, Trigger, copy, set_now, set_text
from sla_sync_hubspot.translate.clocks import Moment, portal_clocks
from sla_sync_hubspot.translate.events import each_time, is_in, name_of
from sla_sync_hubspot.translate.filters import Branches, Filter, property_filter
from sla_sync_hubspot.translate.notices import OWNER_PROPERTY
from sla_sync_hubspot.translate.runs import stop, turns_last
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

ORIGIN = ("terms", "touch")
_OWNER, _ANYONE = "owner", "anyone"


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of activity: its object, the association from it to contacts, the outcome, and what never counts."""

    owner: str
    association: int
    outcome: Place | None = None
    must: tuple[tuple[Place, tuple[str, ...]], ...] = ()
    never: tuple[tuple[Place, tuple[str, ...]], ...] = ()
    unknown: tuple[str, ...] = ()
    """Properties with a value of which it is a machine's."""


def _choice(name: str) -> Place:
    return Place(name, Holds.CHOICE)


BOOKED_BY_BUYER = (_choice("hs_meeting_source"), ("MEETINGS_PUBLIC", "MEETINGS_EMBEDDED"))
"""Inferred: recorded meetings that were booked on a scheduling page bear these sources; HubSpot's pages do not list them."""
# Association types: the vendor's table "Association type ID values".
ACTIVITIES: Mapping[str, Activity] = {
    "call": Activity(
        "calls",
        194,
        # Inferred: that the outcome of a call, an id that each portal gives, is compared like a text.
        Place("hs_call_disposition", Holds.TEXT),
        never=((_choice("hs_call_status"), ("FAILED", "CANCELED", "MISSED")), (_choice("hs_call_direction"), ("INBOUND",))),
    ),
    "email": Activity(
        "emails",
        198,
        must=((_choice("hs_email_direction"), ("EMAIL",)),),
        never=((_choice("hs_email_status"), ("BOUNCED", "FAILED", "SCHEDULED", "SENDING")),),
        # Inferred: that e-mails of a sequence bear its id, as recorded ones do.
        unknown=("hs_sequence_id",),
    ),
    "meeting": Activity(
        "meetings", 200, _choice("hs_meeting_outcome"), never=((_choice("hs_meeting_outcome"), ("CANCELED",)),)
    ),
    "communication": Activity("communications", 81),
}  # fmt: skip


def touches(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield a workflow for each kind of activity that counts, and the one that keeps the first of a turn."""
    rules = vocabulary.binding.touch.any
    if not rules:
        if any(clock.stops is Moment.TOUCH for clock in portal_clocks(vocabulary)):
            yield Gap(
                "touch",
                "Touches",
                "Say under `touch` of the binding which activities count: until then nothing stops a clock that waits "
                "for one.",
                ORIGIN,
            )
        return
    for activity in dict.fromkeys(each.activity for each in rules):
        for whose in (_OWNER, _ANYONE):
            own = [each for each in rules if (each.activity, each.by) == (activity, whose)]
            if own:
                yield _noted(activity, whose, own, vocabulary, known)
    yield _touched(vocabulary, known)


def _noted(
    activity: str, whose: str, rules: Sequence[TouchRule], vocabulary: Vocabulary, known: Collection[Address]
) -> Desired:
    """Return the workflow that notes an activity on its contacts: whose it is first, then when."""
    kind = ACTIVITIES[activity]
    into = name_of(kept.TOUCH_BY, vocabulary)
    who = copy(OWNER_PROPERTY, into) if whose == _OWNER else set_text(into, kept.ANYBODY)
    at = set_now(name_of(kept.TOUCH_AT, vocabulary))
    by = "" if whose == _OWNER else " of anybody"
    return our_workflow(
        f"Note {activity}{by}",
        f"Notes on a contact that a {activity} was logged which counts as a touch if it is{by or ' its owner’s'}.",
        Enrolment(tuple(_counts(kind, rule) for rule in rules)),
        (on_contacts(who, kind.association), on_contacts(at, kind.association)),
        vocabulary,
        known,
        origin=ORIGIN,
        owner=kind.owner,
    )


def on_contacts(act: Act, association: int) -> Act:
    """Return an action that writes into the contacts that are associated with the enrolled record, and not into itself.

    Inferred: the member, from recorded workflows of other object types, and that all associated contacts are written.
    """
    label: Values = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": association}
    return Act(act.kind, {**act.fields, "association": label})


def _counts(kind: Activity, rule: TouchRule) -> tuple[Filter, ...]:
    is_known = property_filter(OWNER_PROPERTY, operations.known(negated=False))
    is_whose = (is_known,) if rule.by == _OWNER or not (kind.must or kind.never or rule.outcome) else ()
    must = (
        property_filter(place.property, operations.one_of(place, values, negated=False)) for place, values in kind.must
    )
    booked = (BOOKED_BY_BUYER,) if rule.activity == "meeting" and rule.booked_by_buyer != "counts" else ()
    never = (
        property_filter(place.property, operations.one_of(place, values, negated=True))
        for place, values in (*kind.never, *booked)
    )
    unknown = (property_filter(name, operations.known(negated=True)) for name in kind.unknown)
    outcome = (
        (property_filter(kind.outcome.property, operations.one_of(kind.outcome, rule.outcome, negated=False)),)
        if rule.outcome and kind.outcome
        else ()
    )
    return (*is_whose, *must, *never, *unknown, *outcome)


def _touched(vocabulary: Vocabulary, known: Collection[Address]) -> Desired:
    """Return the workflow that keeps the first touch of a turn, and stops what a touch stops."""
    by_owner = name_of(kept.TOUCH_BY_OWNER, vocabulary)
    by, turn = (Place(name_of(name, vocabulary), Holds.TEXT) for name in (kept.TOUCH_BY, kept.TURN_OWNER))
    is_true = operations.one_of(Place(by_owner, Holds.CHECKBOX), ("yes",), negated=False)
    somebody = property_filter(by.property, operations.one_of(by, (kept.NOBODY,), negated=True, empty_passes=False))
    nobodys = property_filter(turn.property, operations.one_of(turn, (kept.NOBODY,), negated=False, empty_passes=True))
    anybody = property_filter(by.property, operations.one_of(by, (kept.ANYBODY,), negated=False))
    is_open = is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary)
    when: Branches = (
        (is_open, property_filter(by_owner, is_true), somebody),
        (is_open, anybody),
        (is_open, nobodys, somebody),
    )
    untouched: Branches = ((is_in(kept.TOUCHED, (kept.NO,), vocabulary),),)
    first = (
        set_now(name_of(kept.FIRST_TOUCH_AT, vocabulary)),
        set_text(name_of(kept.TOUCHED, vocabulary), kept.YES),
    )
    # A later touch stops what has started since the first one.
    steps: list[Step] = [Fork((Arm("first of the turn", untouched, first),))]
    for clock in turns_last(portal_clocks(vocabulary)):
        if clock.stops is Moment.TOUCH:
            steps += stop(clock, vocabulary)
    # Either may be the last to be written: the calculation follows what it is made of.
    again = (each_time(kept.TOUCH_AT, vocabulary), Trigger(by_owner, is_true))
    return our_workflow(
        "Touch",
        "Keeps when the owner of a turn first reached out, and stops the clocks that wait for it.",
        Enrolment(when, again),
        steps,
        vocabulary,
        known,
        origin=ORIGIN,
    )
