"""The clocks of a contact as workflows: what waits for their instants, and what happens at each."""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync.connector import Address, Clock, Desired, Gap, describe
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.names import DESCRIPTION_LIMIT, title
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import (
    Arm,
    End,
    Enrolment,
    Fork,
    Step,
    Switch,
    set_text,
    wait_until,
    workflow_values,
)
from sla_sync_hubspot.translate.clocks import clock_gaps, portal_clocks
from sla_sync_hubspot.translate.custom_code import dates_by_code
from sla_sync_hubspot.translate.delaying import MOST_ACTIONS, count_actions, waiting_workflows
from sla_sync_hubspot.translate.events import (
    Event,
    becomes,
    event_gaps,
    event_workflows,
    events_of,
    is_in,
    name_of,
    strike,
)
from sla_sync_hubspot.translate.filters import Branches, property_filter
from sla_sync_hubspot.translate.needs import asked_for, needed_by
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import WORKFLOW

_BY_DATES = frozenset({Deadlines.COMPUTED, Deadlines.CUSTOM_CODE})


def clock_workflows(vocabulary: Vocabulary) -> tuple[list[Desired], list[Gap]]:
    """Return the workflows by which the clocks run, warn and escalate, and what they cannot do here."""
    clocks = portal_clocks(vocabulary)
    gaps = [*clock_gaps(vocabulary)]
    if not clocks:
        return [], gaps
    known = asked_for(vocabulary)
    made: list[Desired] = []
    if vocabulary.binding.deadlines in _BY_DATES:
        made.append(_dates_workflow(clocks, vocabulary, known))
    if vocabulary.binding.deadlines is Deadlines.CUSTOM_CODE:
        flows, missing = dates_by_code(clocks, vocabulary, known)
        made += flows
        gaps += missing
    for clock in clocks:
        if vocabulary.binding.deadlines not in _BY_DATES:
            flows, missing = waiting_workflows(clock, vocabulary, known)
            made += flows
            gaps += missing
        made += event_workflows(clock, vocabulary, known)
        gaps += event_gaps(clock, vocabulary)
    return made, [*{gap.id: gap for gap in gaps}.values()]


def _dates_workflow(clocks: Sequence[Clock], vocabulary: Vocabulary, known: frozenset[Address]) -> Desired:
    """Return the workflow that waits for one date after another and says what happens then.

    It lets go of a contact whose dates are asked for anew, and begins again when they are written.
    """
    agreement = vocabulary.resources.agreement
    events = [each for clock in clocks for each in _timed(clock, vocabulary)]
    name = title(agreement, "Clocks: wait for the next date")
    means = describe("Waits for the dates that clocks come to, one after another.", agreement, limit=DESCRIPTION_LIMIT)
    written: Branches = ((is_in(kept.DATES, (kept.WRITTEN,), vocabulary),),)
    enrolment = Enrolment(written, (becomes(kept.DATES, kept.WRITTEN, vocabulary),), lets_go=True)
    slots = kept.SLOTS
    values = workflow_values(name, means, enrolment, _slots(slots, events, vocabulary))
    while slots > 1 and count_actions(values) > MOST_ACTIONS:
        slots -= 1
        values = workflow_values(name, means, enrolment, _slots(slots, events, vocabulary))
    return Desired(
        Address(WORKFLOW, name),
        values,
        requires=needed_by(values, known),
        origins={(): clocks[0].origin},
    )


def _slots(slots: int, events: Sequence[Event], vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps for so many dates, and the question for more of them at the end."""
    steps: list[Step] = []
    for number in range(1, slots + 1):
        what = name_of(kept.slot_what(number), vocabulary)
        no_more: Branches = ((property_filter(what, operations.known(negated=True)),),)
        steps.append(Fork((Arm("nothing more", no_more, (End(),)),)))
        steps.append(wait_until(name_of(kept.slot_at(number), vocabulary)))
        steps.append(Switch(what, {each.key: (strike(each, vocabulary),) for each in events}))
    return (*steps, set_text(name_of(kept.DATES, vocabulary), kept.ASKED))


def _timed(clock: Clock, vocabulary: Vocabulary) -> list[Event]:
    """Return the events of a clock that have an instant of their own."""
    keys = kept.timed_keys(clock)
    return [each for each in events_of(clock, vocabulary) if each.key in keys]
