"""What the connector relies on in a portal, looked at one by one: scopes, edition, limits, workflows, zone, people, scores.

What the portal will not tell is said to be unknown, with the place where a person can look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sla_sync.connector import (
    Checkup,
    FaultError,
    ForbiddenError,
    Manifest,
    PlatformError,
    RejectedError,
    Resources,
    Standing,
)
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.binding import Beta, HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, OBJECT_TYPE_IDS
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.people import owners_named, why_nobody
from sla_sync_hubspot.thresholds import scores, thresholds
from sla_sync_hubspot.tiers import Usage, calculated_usage, daily_calls, property_usage, tier_of
from sla_sync_hubspot.types import WORKFLOW
from sla_sync_hubspot.zones import zones

_FEW = 0.05


@dataclass(frozen=True, slots=True)
class _Scope:
    name: str
    purpose: str
    probe: tuple[str, Api, str] | None = None
    """A read that is refused without the scope; None where only a write would show it."""


_SCOPES: Sequence[_Scope] = (
    _Scope("crm.schemas.contacts.read", "read properties", ("GET", Api.PROPERTIES, f"/{CONTACTS}/groups")),
    _Scope("crm.schemas.contacts.write", "create and change properties"),
    _Scope("crm.lists.read", "read segments", ("POST", Api.LISTS, "/search")),
    _Scope("crm.lists.write", "create and change segments"),
    _Scope("automation", "read and write workflows", ("GET", Api.FLOWS, "")),
    _Scope("crm.objects.owners.read", "find people by name", ("GET", Api.OWNERS, "")),
    _Scope("settings.users.teams.read", "find teams by name", ("GET", Api.USERS, "/teams")),
    _Scope("crm.objects.contacts.read", "read limits, and contacts for `sla-sync clock` and `why`",
           ("GET", Api.LIMITS, "/custom-properties")),
    _Scope("crm.objects.contacts.write", "write dates by `sla-sync clock`"),
)  # fmt: skip


def examine(
    client: HubSpotClient,
    manifest: Callable[[], Manifest | None],
    owners: Callable[[], Sequence[Mapping[str, Any]]],
    people: Mapping[str, Sequence[str]],
) -> Iterator[Checkup]:
    """Yield how the portal itself stands. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    details = client.call("GET", Api.ACCOUNT, "/details")
    kind = str(details.get("accountType") or "of unknown type").replace("_", " ").lower()
    yield Checkup("session", Standing.GOOD, f"The token opens portal {details.get('portalId')} ({kind}).")
    yield from _scopes(client)
    yield from _edition(client)
    yield from _limits(client)
    yield from _workflows(client, manifest)
    yield from _people(owners, people)


def examine_for(
    client: HubSpotClient, resources: Resources, binding: HubSpotBinding, properties: Mapping[str, Mapping[str, Any]]
) -> Iterator[Checkup]:
    """Yield how the portal stands towards one agreement: zone, teams, scores, and what the binding may use of betas."""
    details = client.call("GET", Api.ACCOUNT, "/details")
    yield from zones(str(details.get("timeZone") or ""), resources.calendars, binding, resources.effective_from.year)
    yield from _teams(client, binding)
    yield from scores(resources, binding, properties)
    yield from thresholds(client, resources, binding)
    yield from _betas(binding)


def _scopes(client: HubSpotClient) -> Iterator[Checkup]:
    granted = client.granted_scopes()
    for scope in _SCOPES:
        has = scope.name in granted if granted is not None else _probed(client, scope)
        name = f"scope {scope.name}"
        if has is None:
            yield Checkup(
                name,
                Standing.UNKNOWN,
                f"Only a write would show whether this token may {scope.purpose}.",
                f"Look at the scopes of the app for {scope.name}.",
            )
        elif has:
            yield Checkup(name, Standing.GOOD, f"This token may {scope.purpose}.")
        else:
            yield Checkup(
                name, Standing.MISSING, f"This token may not {scope.purpose}.", f"Grant the app the scope {scope.name}."
            )


def _probed(client: HubSpotClient, scope: _Scope) -> bool | None:
    if scope.probe is None:
        return None
    method, api, path = scope.probe
    body = catalogue.list_search("", 0, 1) if method == "POST" else None
    try:
        client.call(method, api, path, body=body)
    except ForbiddenError:
        return False
    except (RejectedError, FaultError):
        return None
    return True


def _edition(client: HubSpotClient) -> Iterator[Checkup]:
    tier = tier_of(calculated_usage(client))
    if tier is None:
        yield Checkup(
            "edition",
            Standing.UNKNOWN,
            "The portal does not tell its limits, and so not its edition.",
            "Look at Settings > Account & Billing: workflows need Professional or Enterprise.",
        )
    elif not tier.workflows:
        yield Checkup(
            "edition",
            Standing.MISSING,
            f"By its limits the portal is {tier.name}, which has no workflows.",
            "Apply to a portal with Professional or Enterprise.",
        )
    else:
        yield Checkup("edition", Standing.GOOD, f"By its limits the portal is {tier.name}, which has workflows.")
    try:
        client.call("GET", Api.ACCOUNT, "/activity/audit-logs", query=[("limit", "1")])
    except (ForbiddenError, RejectedError):
        yield Checkup(
            "audit log",
            Standing.UNKNOWN,
            "The portal does not show who changed a setting: its audit log needs Enterprise and a scope.",
            "Grant account-info.security.read on Enterprise; without it drift names what changed, and seldom who.",
        )
    else:
        yield Checkup("audit log", Standing.GOOD, "The portal tells who changed a setting.")


def _limits(client: HubSpotClient) -> Iterator[Checkup]:
    rows = (
        (
            "custom properties",
            property_usage(client, OBJECT_TYPE_IDS[CONTACTS]),
            "Archive properties that nobody uses.",
        ),
        ("calculated properties", calculated_usage(client), "Archive calculated properties that nobody uses."),
        ("API calls", daily_calls(client), "Find out what uses them up before it stops your other integrations."),
    )
    for name, usage, cure in rows:
        yield _limit(name, usage, cure)


def _limit(name: str, usage: Usage, cure: str) -> Checkup:
    if usage.limit is None or usage.left is None:
        return Checkup(
            name,
            Standing.UNKNOWN,
            f"The portal does not tell how many {name} are left.",
            "Look at Settings > Usage & Limits.",
        )
    enough = usage.left > usage.limit * _FEW or not usage.limit
    return Checkup(
        name,
        Standing.GOOD if enough else Standing.MISSING,
        f"Of {usage.limit} {name} {usage.left} are left.",
        "" if enough else cure,
    )


def _workflows(client: HubSpotClient, manifest: Callable[[], Manifest | None]) -> Iterator[Checkup]:
    try:
        listed = {str(each["id"]) for each in catalogue.flow_headings(client)}
        applied = manifest()
    except PlatformError as error:
        yield Checkup("workflows", Standing.MISSING, f"Workflows cannot be read: {error.message}", error.hint)
        return
    ours = {handle for address, handle in (applied.handles if applied else {}).items() if address.type == WORKFLOW}
    hidden = sorted(each for each in ours - listed if _is_hidden(client, each))
    if hidden:
        # Recorded: service keys were shown an empty list, and 403 for workflows that they had created themselves.
        yield Checkup(
            "workflows",
            Standing.MISSING,
            f"{len(hidden)} of our {len(ours)} workflows are there and hidden from this token.",
            "Use the token of a private app or an OAuth app; hidden workflows are neither compared nor written.",
        )
    else:
        yield Checkup(
            "workflows", Standing.GOOD, f"The portal shows {len(listed)} workflows, {len(ours)} of them ours."
        )


def _is_hidden(client: HubSpotClient, handle: str) -> bool:
    try:
        catalogue.flow_with_id(client, handle)
    except ForbiddenError:
        return True
    return False


def _people(
    owners: Callable[[], Sequence[Mapping[str, Any]]], people: Mapping[str, Sequence[str]]
) -> Iterator[Checkup]:
    try:
        everybody = owners()
    except ForbiddenError as error:
        yield Checkup("people", Standing.UNKNOWN, f"The portal does not show its owners: {error.message}", error.hint)
        return
    wrong = [
        why_nobody(name, (role,), found)
        for role, names in sorted(people.items())
        for name in names
        if len(found := owners_named(name, everybody)) != 1
    ]
    if not wrong:
        number = len({name for names in people.values() for name in names})
        yield Checkup(
            "people", Standing.GOOD, f"Each of the {number} people of this target is one owner of the portal."
        )
    for each in wrong:
        yield Checkup(
            "people", Standing.MISSING, each, "Write the e-mail address of one owner, or invite them to the portal."
        )


def _teams(client: HubSpotClient, binding: HubSpotBinding) -> Iterator[Checkup]:
    wanted = {name: str(said["team"]) for name, said in binding.teams.items() if said.get("team")}
    if not wanted:
        return
    try:
        there = [str(each.get("name") or "").casefold() for each in catalogue.teams(client)]
    except ForbiddenError as error:
        yield Checkup("teams", Standing.UNKNOWN, f"The portal does not show its teams: {error.message}", error.hint)
        return
    for name, team in sorted(wanted.items()):
        number = there.count(team.casefold())
        yield Checkup(
            f"team {name}",
            Standing.GOOD if number == 1 else Standing.MISSING,
            f"The portal has {number or 'no'} team{'s' if number > 1 else ''} named '{team}'.",
            "" if number == 1 else "Create it in Settings > Users & Teams, or name another one in the binding.",
        )


_BETAS: Mapping[Beta, str] = {
    Beta.LIFECYCLE_STAGES: "creates lifecycle stages by a call that HubSpot does not document",
    Beta.SCORES: "may write lead scores by a beta of HubSpot's, which this release does not do",
}


def _betas(binding: HubSpotBinding) -> Iterator[Checkup]:
    for each in binding.beta:
        yield Checkup(
            f"beta {each}", Standing.UNKNOWN, f"The binding {_BETAS[each]}.", "Look at the plan before you apply it."
        )
