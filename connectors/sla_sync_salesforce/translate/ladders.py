"""What follows by itself: a flow per clock with a scheduled path for its warning, its limit and each step of its ladder.

Whether a pending path moves when its instant does is told both ways by third parties, and a path may run minutes late: so
each begins by asking anew whether it still has anything to do, and notes what it did on the assignment. A path gives
orders (`Pass_To__c`, `Move_To__c`); the routing carries them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Address, Aspect, Desired, Gap, Mode, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import flows
from sla_sync_salesforce.translate.clocks import WAITING_TOUCH, Clocks, Timed
from sla_sync_salesforce.translate.contacts import stamp_address
from sla_sync_salesforce.translate.elements import (
    Part,
    blank,
    known,
    node_name,
)
from sla_sync_salesforce.translate.ladder_paths import Ladder, ScheduledPath, orders_of, path_parts, spoken_names
from sla_sync_salesforce.translate.leg import commitment_name, leg_field
from sla_sync_salesforce.translate.notices import OWNER, notice_addresses
from sla_sync_salesforce.translate.own_legs import ASKED_FIELDS
from sla_sync_salesforce.translate.stamps import carriers, status_field
from sla_sync_salesforce.translate.thresholds import rung_row, threshold_type

ORDER = 20
_TELLS = (Mode.ALERT, Mode.ACT)


def ladders(resources: Resources, clocks: Clocks, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield a flow for each clock whose mode tells people or acts; `resources` has the clocks that the org holds."""
    for timed in clocks.timed:
        if timed.clock.mode not in _TELLS:
            continue
        ladder = Ladder(timed, resources, binding, timed is clocks.deadline)
        yield from _unheld(ladder)
        paths = tuple(_paths(ladder))
        if paths:
            yield _flow(ladder, paths, setup)


def flow_name(timed: Timed, binding: SalesforceBinding) -> str:
    """Return the developer name of the flow of a clock."""
    return developer_name(binding.prefix, "leg", commitment_name(timed.clock.name))


def _paths(ladder: Ladder) -> Iterator[ScheduledPath]:
    timed, fields = ladder.timed, ladder.timed.fields
    stamped = ladder.is_deadline and status_field(ladder.resources, ladder.binding) is not None
    if timed.warn is not None:
        status = "warned" if stamped else None
        yield ScheduledPath("Warn", fields.warn, (*timed.clock.origin[:-1], "warn"), recipients=(OWNER,), status=status)
    if timed.limits and stamped:
        yield ScheduledPath("Due", fields.due, timed.limits[0].limit.origin, status="overdue")
    for step in timed.rungs:
        orders = timed.clock.mode is Mode.ACT and bool(orders_of(step))
        if step.rung.notify or orders:
            name, recipients = f"Step_{step.number}", tuple(step.rung.notify)
            field = fields.rungs[step.number]
            yield ScheduledPath(name, field, step.rung.origin, rung=step, recipients=recipients, orders=orders)


def _unheld(ladder: Ladder) -> Iterator[Gap]:
    """Yield a gap for what a ladder asks and no flow can do exactly."""
    name, acts = ladder.timed.clock.name, ladder.timed.clock.mode is Mode.ACT
    passing = [step for step in ladder.timed.rungs if step.rung.reassign is not None]
    closing = {stage.name for stage in ladder.resources.stages if stage.closes}
    if acts and len(passing) > 1 and any(step.rung.at_most is not None for step in passing):
        yield Gap(
            f"ladder:{name}:at_most",
            f"steps of «{name}»",
            f"Agree one step of «{name}» that gives leads on: the org counts all of them together, so that `at_most` "
            "is used up sooner.",
            (*ladder.timed.clock.origin[:-1], "on_breach"),
        )
    for step in ladder.timed.rungs:
        if acts and step.rung.close and step.rung.stage not in closing:
            yield Gap(
                f"ladder:{name}:close:{step.number}",
                f"step {step.number} of «{name}»",
                "Name a stage that closes the cycle in this step, with its reason: an org closes a cycle by a stage alone.",
                step.rung.origin,
            )


def _flow(ladder: Ladder, paths: Sequence[ScheduledPath], setup: Setup) -> Desired:
    timed, fields = ladder.timed, ladder.timed.fields
    parts: list[Part] = [*spoken_names(ladder)]
    for path in paths:
        parts += path_parts(ladder, path)
    asked = [known(f"{fields.due if timed.limits else fields.started}"), blank(fields.stopped)]
    return flows.flow(
        flow_name(timed, ladder.binding),
        flows.start(
            ladder.object,
            to=None,
            filters=asked,
            newly=True,
            paths=[flows.path(f"At_{path.name}", path.field, node_name(path.name, "Is_Due")) for path in paths],
        ),
        parts,
        means=f"Warns, tells and acts where this is at stake: {timed.clock.means}",
        agreement=setup.agreement,
        origin=timed.clock.origin,
        order=ORDER,
        requires=_requires(ladder, paths),
        aspects={path.origin: _does(path) for path in paths},
    )


def _does(path: ScheduledPath) -> frozenset[Aspect]:
    """Return what a path does for its line: a stamp alone tells nobody."""
    told = {Aspect.ALERTED} if path.recipients else set()
    done = {Aspect.ENFORCED} if path.orders else set()
    return frozenset(told | done) or frozenset({Aspect.RECORDED})


def _requires(ladder: Ladder, paths: Sequence[ScheduledPath]) -> Iterator[Address]:
    timed, binding = ladder.timed, ladder.binding
    own = (*timed.fields.instants, timed.fields.taken, timed.fields.passes, timed.stops)
    agreed = (
        *ASKED_FIELDS,
        WAITING_TOUCH,
        "Cycle__c",
        "Leg__c",
        "Person__c",
        "Ended_At__c",
        "Pass_To__c",
        "Move_To__c",
        "Move_Reason__c",
    )
    yield Address("CustomObject", ladder.object)
    yield Address("CustomField", f"{binding.prefix}Switch__c.Silent__c")
    yield from (leg_field(binding, name) for name in (*own, *agreed, "Contact__c", "Priority__c"))
    if any(path.status for path in paths):
        yield from (stamp_address(binding, "status", each) for each, _ in carriers(binding))
    for path in paths:
        if path.recipients:
            yield from notice_addresses(path.recipients, ladder.resources, binding)
        if path.orders and path.rung is not None and path.rung.rung.at_most is not None:
            yield Address("CustomMetadata", f"{threshold_type(binding)}.{rung_row(timed, path.rung.number)}")
