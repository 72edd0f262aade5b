"""The life of a lead in an org: assignments, their clocks and ladders, routing, touches; one order for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sla_sync.connector import Clock, Desired, Gap, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.apex import apex
from sla_sync_salesforce.translate.calendars import calendars
from sla_sync_salesforce.translate.clocks import learn_clocks
from sla_sync_salesforce.translate.contact_turns import contact_turns
from sla_sync_salesforce.translate.contacts import has_assignments
from sla_sync_salesforce.translate.cycle import cycle
from sla_sync_salesforce.translate.deadlines import clock_flow
from sla_sync_salesforce.translate.entry import entry
from sla_sync_salesforce.translate.handraise import hand_raise_fields, hand_raises
from sla_sync_salesforce.translate.ladders import ladders
from sla_sync_salesforce.translate.leg import leg
from sla_sync_salesforce.translate.members import members
from sla_sync_salesforce.translate.notices import notices
from sla_sync_salesforce.translate.parting import parting
from sla_sync_salesforce.translate.places import queues
from sla_sync_salesforce.translate.recycling import recycling, revisit_fields
from sla_sync_salesforce.translate.routing import routing
from sla_sync_salesforce.translate.rules import assignment_rules
from sla_sync_salesforce.translate.stamps import stamps
from sla_sync_salesforce.translate.thresholds import thresholds
from sla_sync_salesforce.translate.touches import touches
from sla_sync_salesforce.translate.words import Words


@dataclass(frozen=True)
class Life:
    """What an org needs to live the agreement by itself, and which clocks it holds."""

    settings: tuple[Desired | Gap, ...]
    clocks: tuple[Clock, ...]


def life(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Life:
    """Return the settings by which leads are entered, assigned, timed and passed on, and gaps for what no org can do."""
    clocks = learn_clocks(resources, binding, words)
    resources = replace(resources, clocks=clocks.clocks)  # of a clock that no org holds, no flow carries a field

    def lived() -> Iterator[Desired | Gap]:
        yield from hand_raise_fields(resources, binding, setup)
        yield from thresholds(resources, clocks.timed, binding, setup)
        yield from members(resources, binding, setup)
        yield from queues(resources, binding, setup)
        yield from revisit_fields(resources, binding, setup)
        yield from entry(resources, binding, setup, words)
        if not has_assignments(resources):
            return
        yield from notices(resources, binding, setup)
        yield from leg(clocks.clocks, binding, setup)
        yield from calendars(resources, clocks.timed, binding, setup)
        yield from clock_flow(clocks, binding, setup)
        yield from apex(clocks, binding, setup)
        yield from ladders(resources, clocks, binding, setup)
        yield from stamps(resources, clocks, binding, setup)
        yield from cycle(resources, binding, setup, words)
        yield from routing(resources, binding, setup, words)
        yield from assignment_rules(resources, binding, words)
        yield from hand_raises(resources, binding, setup, words)
        yield from contact_turns(resources, binding, setup)
        yield from parting(resources, binding, setup)
        yield from recycling(resources, binding, setup)
        yield from touches(resources, binding, setup)
        yield from clocks.gaps

    return Life(tuple(lived()), clocks.clocks)
