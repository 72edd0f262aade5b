"""What could stand in the way before anything is written: scopes, limits, the portal's time zone, the people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import Diagnostic, ForbiddenError, RejectedError, Severity
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.people import owners_named, why_nobody

_NEARLY = 0.95
"""A limit that is used to this share will stop somebody soon."""


def check_portal(
    client: HubSpotClient, people: Mapping[str, Sequence[str]], owners: Callable[[], Iterable[Mapping[str, Any]]]
) -> Iterator[Diagnostic]:
    """Yield every finding about the portal itself."""
    details = client.call("GET", Api.ACCOUNT, "/details")
    yield from _zone(details)
    yield from _limits(client)
    yield from _daily_calls(client)
    try:
        everybody = tuple(owners())
    except ForbiddenError as error:
        yield _warning("SLA810", error.message, "Grant the scope crm.objects.owners.read, so that people can be found.")
        return
    yield from check_people(people, everybody)


def _zone(details: Mapping[str, Any]) -> Iterator[Diagnostic]:
    if not details.get("timeZone"):
        yield _warning(
            "SLA810",
            f"Portal {details.get('portalId')} has no time zone, so its workflows run in US Eastern time.",
            "Set the time zone in Settings > Account defaults.",
        )


def _limits(client: HubSpotClient) -> Iterator[Diagnostic]:
    try:
        found = client.call("GET", Api.LIMITS, "/custom-properties")
    except (ForbiddenError, RejectedError):
        # Inferred: tiers without this API simply lack it; the writer is refused by the limit itself then.
        return
    for limit, usage, noun in _usages(found):
        if limit and usage >= _NEARLY * limit:
            yield _warning(
                "SLA809",
                f"The portal uses {usage:g} of its {limit:g} {noun}.",
                "Archive properties that nobody uses, or ask HubSpot for more, before applying.",
            )


def _usages(found: Mapping[str, Any]) -> Iterator[tuple[float, float, str]]:
    yield float(found.get("overallLimit") or 0), float(found.get("overallUsage") or 0), "custom properties"
    for each in found.get("byObjectType") or ():
        noun = f"custom properties of {each.get('pluralLabel') or each.get('objectTypeId') or 'an object'}"
        yield float(each.get("limit") or 0), float(each.get("usage") or 0), noun


def _daily_calls(client: HubSpotClient) -> Iterator[Diagnostic]:
    try:
        found = client.call("GET", Api.ACCOUNT, "/api-usage/daily/private-apps")
    except (ForbiddenError, RejectedError):
        return
    for each in found.get("results", ()):
        limit, usage = float(each.get("usageLimit") or 0), float(each.get("currentUsage") or 0)
        if limit and usage >= _NEARLY * limit:
            yield _warning(
                "SLA809",
                f"{usage:g} of the {limit:g} API calls that this portal may make today are used.",
                "Wait until midnight in the portal's time zone, when the count starts again.",
            )


def check_people(people: Mapping[str, Sequence[str]], owners: Sequence[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """Yield a warning for every person who is no owner of the portal, or several."""
    for role, names in sorted(people.items()):
        for name in names:
            matches = owners_named(name, owners)
            if len(matches) != 1:
                yield _warning(
                    "SLA802",
                    why_nobody(name, (role,), matches),
                    "Write the e-mail address of one owner under people in the targets file, or invite them to the portal.",
                )


def _warning(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.WARNING, message, hint=hint)
