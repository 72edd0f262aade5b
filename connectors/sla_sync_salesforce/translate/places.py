"""Where leads wait: the queues of teams, and those of the agreement, with the people who may take leads from them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, KeyPath, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, shorten
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.contacts import has_assignments
from sla_sync_salesforce.translate.elements import Asked, Part
from sla_sync_salesforce.translate.leg import leg_object
from sla_sync_salesforce.translate.words import OBJECT

_NAME_LIMIT = 40
"""Characters of a queue's name (Salesforce Object Reference, "Group")."""


def queue_of(name: str, binding: SalesforceBinding) -> str | None:
    """Return the developer name of the queue of a team or of a queue of the agreement, None where the binding has none."""
    if name in binding.queues:
        return binding.queues[name]
    queue = binding.teams.get(name, {}).get("queue")
    return queue if isinstance(queue, str) else None


def queue_address(developer_name: str) -> Address:
    """Return the address of a queue."""
    return Address("Queue", developer_name)


def queues(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield each queue that is bound and its members, and a gap for each that is not."""
    # Assignments wait beside the leads that they are about.
    waiting = (leg_object(binding), OBJECT) if has_assignments(resources) else (OBJECT,)
    for team in resources.teams:
        queue = queue_of(team.name, binding)
        if queue is not None:
            yield from _queue(
                queue, team.label, team.means, team.origin, setup.people.get(team.name, ()), waiting, setup
            )
    for place in resources.queues:
        queue = queue_of(place.name, binding)
        if queue is None:
            yield Gap(
                f"queue:{place.name}",
                f"queue «{place.label}»",
                f"Bind «{place.name}» to a queue under `queues`: leads that should wait there stay where they are.",
                place.origin,
            )
        else:
            people = setup.people.get(place.accountable or "", ())
            yield from _queue(queue, place.label, place.means, place.origin, people, waiting, setup)


def _queue(
    queue: str,
    label: str,
    means: str,
    origin: KeyPath,
    people: tuple[str, ...],
    waiting: tuple[str, ...],
    setup: Setup,
) -> Iterator[Desired]:
    values: dict[str, Value] = {
        "name": shorten(label, _NAME_LIMIT),
        "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
        "doesSendEmailToMembers": False,
        "queueSobject": [{"sobjectType": each} for each in waiting],
    }
    requires = tuple(Address("CustomObject", each) for each in waiting if each != OBJECT)
    yield Desired(queue_address(queue), values, requires=requires, origins={(): origin})
    for person in dict.fromkeys(people):
        yield Desired(
            Address("GroupMember", f"{queue}/{person}"),
            {"group": queue, "member": person},
            requires=(queue_address(queue),),
            origins={(): origin},
        )


def our_queues(resources: Resources, binding: SalesforceBinding) -> tuple[str, ...]:
    """Return the developer names of all queues that can hold an assignment."""
    agreed = (*(each.name for each in resources.teams), *(each.name for each in resources.queues))
    named = (queue_of(each, binding) for each in agreed)
    return tuple(dict.fromkeys(name for name in named if name is not None))


def get_queue(name: str, developer_name: str, *, to: str, origin: KeyPath = ()) -> Part:
    """Return the look-up of a queue by its developer name."""
    asked: tuple[Asked, ...] = (("DeveloperName", "EqualTo", developer_name), ("Type", "EqualTo", "Queue"))
    return elements.lookup(name, "Group", asked, to=to, fields=("DeveloperName",), origin=origin)


def get_our_queue(name: str, owner: str, queues: tuple[str, ...], *, to: str) -> Part:
    """Return the look-up of a queue by its id, given as a reference, where it is one of these."""
    either = " OR ".join(str(number) for number in range(2, len(queues) + 2))
    asked: tuple[Asked, ...] = (
        ("Id", "EqualTo", elements.ref(owner)),
        *(("DeveloperName", "EqualTo", each) for each in queues),
    )
    return elements.lookup(name, "Group", asked, to=to, fields=("DeveloperName",), logic=f"1 AND ({either})")
