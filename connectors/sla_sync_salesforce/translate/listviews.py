"""List views of the assignments: what a rep opens in the morning, and what a manager looks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, KeyPath, Resources, Value
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import LABEL_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.attainment import shown_clocks
from sla_sync_salesforce.translate.contacts import has_assignments
from sla_sync_salesforce.translate.leg import clock_fields, leg_field, leg_object

_NAME = "NAME"
# Inferred: a filter without a value asks for blank fields.
_OPEN = ("Ended_At__c", "equals", None)
_MINE, _ALL = "Mine", "Everything"


@dataclass(frozen=True)
class _View:
    name: str
    label: str
    scope: str
    asks: tuple[tuple[str, str, str | None], ...]
    origin: KeyPath
    logic: str | None = None


def list_views(resources: Resources, binding: SalesforceBinding) -> Iterator[Desired]:
    """Yield the list views of the assignments."""
    if not has_assignments(resources):
        return
    owner = leg_object(binding)
    deadline = next((each for each in shown_clocks(resources) if each.name == resources.deadline), None)
    timed = (clock_fields(deadline).due, clock_fields(deadline).state) if deadline else ()
    columns = ("Lead__c", "Priority__c", "Source__c", *timed, "Stage__c", "Person__c", "Qualified_At__c")
    for view in _views(resources):
        used = {*columns, *(field for field, _, _ in view.asks)}
        listed: list[Value] = [_NAME, *columns]
        filters: list[Value] = [
            {"field": field, "operation": operation, **({} if value is None else {"value": value})}
            for field, operation, value in view.asks
        ]
        yield Desired(
            Address("ListView", f"{owner}.{developer_name(binding.prefix, view.name)}"),
            {
                **({"booleanFilter": view.logic} if view.logic else {}),
                "columns": listed,
                "filterScope": view.scope,
                "filters": filters,
                "label": shorten(view.label, LABEL_LIMIT),
            },
            requires=(Address("CustomObject", owner), *(leg_field(binding, each) for each in sorted(used))),
            origins={(): view.origin},
        )


def _views(resources: Resources) -> Iterator[_View]:
    stage = next(stage for stage in resources.stages if stage.qualifies)
    yield _View("my open", "My open assignments", _MINE, (_OPEN,), stage.origin)
    waits = ("routing",) if resources.routing else stage.origin
    yield _View("waiting", "Waiting in queues", _ALL, (_OPEN, ("Person__c", "equals", None)), waits)
    clocks = shown_clocks(resources)
    for clock in clocks:
        state = clock_fields(clock).state
        running = (_OPEN, (state, "equals", "running,warned"))
        yield _View(f"{clock.name} next", f"{clock.label}: mine, due next", _MINE, running, clock.origin)
        yield _View(
            f"{clock.name} overdue",
            f"{clock.label}: overdue",
            _ALL,
            (_OPEN, (state, "equals", "overdue")),
            clock.origin,
        )
    for priority in resources.priorities:
        yield _View(
            f"priority {priority.name}",
            f"Open: {priority.label}",
            _ALL,
            (_OPEN, ("Priority__c", "equals", priority.name)),
            priority.origin,
        )
