"""Notices: the kind of notification, the public groups behind roles and teams, and the elements that send one in a flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Aspect, Desired, Gap, KeyPath, Resources, Setup, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, developer_name, shorten
from sla_sync_salesforce.names import words as read_aloud
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.elements import Part, node_name, ref, whether

OWNER = "owner"
TITLE_LIMIT, BODY_LIMIT = 250, 750
"""Characters of a custom notification (Salesforce Help, "Send Custom Notification Action")."""
_GROUP_LIMIT = 40


@dataclass(frozen=True)
class Notice:
    """One notice of a flow: agreed recipients, a text with merge fields, and the element that follows whatever happens.

    `person` is a reference to the user who is the `owner`, `target` one to the id of the record that it opens.
    """

    name: str
    recipients: tuple[str, ...]
    title: str
    body: str
    person: str
    target: str
    then: str | None
    origin: KeyPath = ()

    @property
    def entry(self) -> str:
        """The element with which it begins."""
        return node_name(self.name, "Get_Type")


def notification_type(binding: SalesforceBinding) -> str:
    """Return the developer name of the kind of notification."""
    return developer_name(binding.prefix, "notice")


def group_name(name: str, resources: Resources, binding: SalesforceBinding) -> str:
    """Return the developer name of the public group behind a role or a team: `SLA_Role_Vp_Sales`."""
    kind = "team" if any(team.name == name for team in resources.teams) else "role"
    return developer_name(binding.prefix, kind, name)


def notice_addresses(
    recipients: tuple[str, ...], resources: Resources, binding: SalesforceBinding
) -> tuple[Address, ...]:
    """Return what a flow that sends such a notice needs."""
    groups = (Address("Group", group_name(each, resources, binding)) for each in recipients if each != OWNER)
    return (Address("CustomNotificationType", notification_type(binding)), *groups)


def notices(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield the kind of notification, and a public group with its members for each role and team that hears or answers."""
    means = "Tells people what the agreement between marketing and sales asks of them."
    yield Desired(
        Address("CustomNotificationType", notification_type(binding)),
        {
            "customNotifTypeName": notification_type(binding),
            "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
            "desktop": True,
            "masterLabel": "SLA Notice",
            "mobile": True,
        },
        origins={(): ("commitments",)},
    )
    if "email" in binding.notices.by:
        yield Gap(
            "notices:email",
            "notices by e-mail",
            "Ask people to have their notifications e-mailed to them: the org sends notices as notifications only.",
        )
    for name, origin in _heard(resources).items():
        yield from _group(name, origin, resources, binding, setup)


def _heard(resources: Resources) -> dict[str, KeyPath]:
    """Return every role and team that is told of something, or answers for something, with the place that says so."""
    found: dict[str, KeyPath] = {}
    for clock in resources.clocks:
        for rung in clock.rungs:
            for name in rung.notify:
                found.setdefault(name, (*rung.origin, "notify"))
    if resources.routing is not None:
        for line in resources.routing.lines:
            for name in line.notify:
                found.setdefault(name, (*line.origin, "notify"))
    for stage in resources.stages:
        found.setdefault(stage.accountable or OWNER, (*stage.origin, "accountable"))
    for team in resources.teams:
        found.setdefault(team.manager or OWNER, (*team.origin, "manager"))
    for queue in resources.queues:
        found.setdefault(queue.accountable or OWNER, (*queue.origin, "accountable"))
    for promise in resources.promises:
        found.setdefault(promise.by or OWNER, (*promise.origin, "by"))
    found.pop(OWNER, None)
    return dict(sorted(found.items()))


def _group(
    name: str, origin: KeyPath, resources: Resources, binding: SalesforceBinding, setup: Setup
) -> Iterator[Desired | Gap]:
    group = group_name(name, resources, binding)
    address = Address("Group", group)
    means = f"The people behind «{name}» in the agreement."
    yield Desired(
        address,
        {
            "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
            "doesIncludeBosses": False,
            "name": shorten(read_aloud(group), _GROUP_LIMIT),
        },
        origins={(): origin},
        aspects={origin: frozenset({Aspect.ALERTED})},
    )
    people = tuple(dict.fromkeys(setup.people.get(name, ())))
    if not people:
        yield Gap(
            f"people:{name}",
            f"notices to «{name}»",
            f"Name the people behind «{name}» in the targets file: nobody is told for it.",
            origin,
        )
    for person in people:
        yield Desired(
            Address("GroupMember", f"{group}/{person}"),
            {"group": group, "member": person},
            requires=(address,),
            origins={(): origin},
        )


def notice_parts(notice: Notice, resources: Resources, binding: SalesforceBinding) -> Iterator[Part]:
    """Yield the elements that send a notice; it goes to nobody where nobody is found, and the flow goes on."""
    name, then = notice.name, notice.then
    kind, people, count = node_name(name, "Get_Type"), node_name(name, "Recipients"), node_name(name, "Count")
    yield elements.variable(people, "String", collection=True)
    yield elements.variable(count, "Number")
    yield elements.template(node_name(name, "Title"), shorten(notice.title, TITLE_LIMIT), origin=notice.origin)
    yield elements.template(node_name(name, "Body"), shorten(notice.body, BODY_LIMIT), origin=notice.origin)
    steps = [(each, _entry(notice, each)) for each in dict.fromkeys(notice.recipients)]
    counts = node_name(name, "Count_Recipients")
    yield elements.lookup(
        kind,
        "CustomNotificationType",
        (("DeveloperName", "EqualTo", notification_type(binding)),),
        to=node_name(name, "Has_Type"),
        origin=notice.origin,
    )
    yield elements.found(node_name(name, "Has_Type"), kind, yes=steps[0][1] if steps else then, no=then)
    for (recipient, _), (_, follows) in zip(steps, (*steps[1:], ("", counts)), strict=True):
        yield from _recipient(notice, recipient, follows, people, resources, binding)
    yield elements.assignment(counts, ((count, "AssignCount", ref(people)),), node_name(name, "Is_For_Anybody"))
    yield whether(node_name(name, "Is_For_Anybody"), ((count, "GreaterThan", 0),), yes=node_name(name, "Send"), no=then)
    yield elements.action(
        node_name(name, "Send"),
        "customNotificationAction",
        "customNotificationAction",
        (
            ("customNotifTypeId", ref(f"{kind}.Id")),
            ("recipientIds", ref(people)),
            ("title", ref(node_name(name, "Title"))),
            ("body", ref(node_name(name, "Body"))),
            ("targetId", ref(notice.target)),
        ),
        then,
        # A notice that the platform refuses must not hold up what follows it.
        failed=then,
        origin=notice.origin,
    )


def _entry(notice: Notice, recipient: str) -> str:
    word = "Has" if recipient == OWNER else "Get"
    return node_name(notice.name, word, recipient)


def _recipient(
    notice: Notice, recipient: str, follows: str, people: str, resources: Resources, binding: SalesforceBinding
) -> Iterator[Part]:
    entry, add = _entry(notice, recipient), node_name(notice.name, "Add", recipient)
    if recipient == OWNER:
        yield whether(entry, (elements.known(notice.person),), yes=add, no=follows, origin=notice.origin)
        yield elements.assignment(add, ((people, "Add", ref(notice.person)),), follows)
        return
    group, has = group_name(recipient, resources, binding), node_name(notice.name, "Found", recipient)
    asked = (("DeveloperName", "EqualTo", group), ("Type", "EqualTo", "Regular"))
    yield elements.lookup(entry, "Group", asked, to=has, origin=notice.origin)
    yield elements.found(has, entry, yes=add, no=follows)
    yield elements.assignment(add, ((people, "Add", ref(f"{entry}.Id")),), follows)
