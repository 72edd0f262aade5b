"""What a portal says when something goes wrong that is no mistake of the request, and what others do to it meanwhile.

Documented: the statuses, what to do after each, and the members of a refusal by a limit ("Error handling", "Usage
guidelines"). Recorded: Retry-After after a 429, also where somebody signs in (PostHog/posthog, pull request 64726).
Inferred: that a request which is refused by one of these was not begun.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from sla_sync.connector.simulation import Exchange, Fault, Given, between_pages, table

if TYPE_CHECKING:
    from sla_sync_hubspot.simulator.application import HubSpotApplication

PASSING = "Passing by"
"""How the workflows and the contacts are named that somebody else makes and deletes while we read."""
_FLOWS = "/automation/v4/flows"
_A_DAY = 86_400
_SOON = 2
"""Seconds."""
_FORMS = "/submissions/"
_UNTOKENED = ("/oauth/", _FORMS)
_CORRELATIONS = uuid.UUID("a6f0b6ce-0a4e-4f43-8f0b-7a0a8f5b3c11")


def reads(request: Request) -> bool:
    """Return whether a request leaves the portal as it is."""
    from werkzeug.exceptions import HTTPException

    from sla_sync_hubspot.simulator.routes import area_of, map_of

    found = area_of(request.path.rstrip("/"))
    if found is None:
        return request.method == "GET"
    area, _, rest = found
    try:
        route, _ = map_of(area).bind("").match(rest or "/", method=request.method)
    except HTTPException:
        return request.method == "GET"
    return not route.writes


def _is_limited(exchange: Exchange) -> bool:
    return not exchange.request.path.startswith(_FORMS)


def _wants_a_token(exchange: Exchange) -> bool:
    return not exchange.request.path.startswith(_UNTOKENED)


def _refused(
    status: int, message: str, *, headers: Callable[[datetime], Mapping[str, str]] | None = None, **members: str
) -> Callable[[Exchange], Given]:
    def happen(exchange: Exchange) -> Given:
        correlation = str(uuid.uuid5(_CORRELATIONS, str(exchange.asked.number)))
        body = {"status": "error", "message": message, "correlationId": correlation, **members}
        answer = Response(json.dumps(body), status, content_type="application/json;charset=utf-8")
        answer.headers.update(headers(exchange.application.now) if headers else {})
        return answer

    return happen


def _limited(
    policy: str, *, headers: Callable[[datetime], Mapping[str, str]] | None = None
) -> Callable[[Exchange], Given]:
    words = "daily" if policy == "DAILY" else policy.lower()
    return _refused(
        429, f"You have reached your {words} limit.", headers=headers, errorType="RATE_LIMIT", policyName=policy
    )


def _after(seconds: int) -> Callable[[datetime], Mapping[str, str]]:
    return lambda _: {"Retry-After": str(seconds)}


def _until(seconds: int) -> Callable[[datetime], Mapping[str, str]]:
    return lambda now: {"Retry-After": format_datetime(now + timedelta(seconds=seconds), usegmt=True)}


def _portal(exchange: Exchange) -> HubSpotApplication:
    from sla_sync_hubspot.simulator.application import HubSpotApplication

    if not isinstance(exchange.application, HubSpotApplication):
        raise TypeError("These faults are those of a portal.")
    return exchange.application


def _searches(exchange: Exchange) -> bool:
    steps = exchange.request.path.rstrip("/").split("/")
    return exchange.request.method == "POST" and steps[-1] == "search" and "objects" in steps


def _behind(exchange: Exchange) -> Given:
    with _portal(exchange).index_of_yesterday():
        return exchange.carry_out()


def _turns_page(exchange: Exchange) -> bool:
    """Say that a request asks for a further page of contacts or workflows."""
    path = exchange.request.path
    listed = path.startswith(_FLOWS) or path.endswith("/contacts")
    return listed and exchange.request.method == "GET" and "after" in exchange.request.args


def _created(exchange: Exchange) -> Given:
    from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN

    flow = {
        "name": f"{PASSING} {exchange.asked.number}", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "actions": [],
        "objectTypeId": "0-1", "isEnabled": False, "timeWindows": [], "blockedDates": [], "customProperties": {},
    }  # fmt: skip
    contact = {"properties": {"firstname": PASSING, "email": f"passing-{exchange.asked.number}@elsewhere.example"}}
    exchange.meanwhile("POST", _FLOWS, token=ADMINISTRATOR_TOKEN, body=flow)
    exchange.meanwhile("POST", "/crm/v3/objects/contacts", token=ADMINISTRATOR_TOKEN, body=contact)
    return exchange.carry_out()


def _deleted(exchange: Exchange) -> Given:
    from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN

    listed = exchange.meanwhile("GET", f"{_FLOWS}?limit=100", token=ADMINISTRATOR_TOKEN)
    theirs = [
        each for each in json.loads(listed.get_data())["results"] if str(each.get("name", "")).startswith(PASSING)
    ]
    for each in theirs[:1]:
        exchange.meanwhile("DELETE", f"{_FLOWS}/{each['id']}", token=ADMINISTRATOR_TOKEN)
    return exchange.carry_out()


FAULTS = table(
    Fault("limit-secondly", "429: too many requests in a second.", _limited("SECONDLY"), _is_limited),
    Fault(
        "limit-ten-secondly",
        "429: too many requests in ten seconds.",
        _limited("TEN_SECONDLY_ROLLING"),
        _is_limited,
    ),
    Fault(
        "limit-daily",
        "The calls of the day are used up, and every further one is refused.",
        _limited("DAILY"),
        _is_limited,
    ),
    Fault(
        "limit-retry-after",
        "429, and Retry-After says in how many seconds to come again.",
        _limited("TEN_SECONDLY_ROLLING", headers=_after(_SOON)),
        _is_limited,
    ),
    Fault(
        "limit-retry-date",
        "429, and Retry-After says at which time to come again.",
        _limited("TEN_SECONDLY_ROLLING", headers=_until(_SOON)),
        _is_limited,
    ),
    Fault(
        "limit-retry-day",
        "429, and Retry-After says to come again in a day.",
        _limited("TEN_SECONDLY_ROLLING", headers=_after(_A_DAY)),
        _is_limited,
    ),
    Fault(
        "locked",
        "423: HubSpot works on this setting itself.",
        _refused(423, "This resource is locked; wait at least 2 seconds between requests."),
        _wants_a_token,
    ),
    Fault(
        "migrating",
        "477: HubSpot moves the account to another data centre, and Retry-After says a day.",
        _refused(477, "This account is being migrated to another data centre.", headers=_after(_A_DAY)),
        _wants_a_token,
    ),
    Fault(
        "token-expired",
        "401: the token has expired.",
        _refused(
            401, "The OAuth token used to make this call expired 1 second(s) ago.", category="EXPIRED_AUTHENTICATION"
        ),
        _wants_a_token,
    ),
    Fault("search-lags", "The search sees nothing that was written today.", _behind, _searches),
    *between_pages(_turns_page, created=_created, deleted=_deleted),
)
"""What can go wrong in a portal's own words."""
