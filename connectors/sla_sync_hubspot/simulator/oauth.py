"""Signing in by OAuth: a refresh token is exchanged for an access token, which lasts for half an hour of virtual time.

Documented: the paths, the members, and how long a token lasts. A token says itself when it expires, so that signing in
changes nothing in the portal. Inferred: the names of the refusals beside BAD_REFRESH_TOKEN, which is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_sync_hubspot.simulator.call import Answer, Bearer, Call, spell_time
from sla_sync_hubspot.simulator.object_types import OBJECT_TYPES
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, NOT_FOUND, UNAUTHORIZED, RefusalError
from sla_sync_hubspot.simulator.stock import (
    APP_ID,
    APP_TOKEN,
    APP_USER_ID,
    OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET,
    OAUTH_REFRESH_TOKEN,
    PORTAL_ID,
)

LIFETIME = timedelta(minutes=30)
_PREFIX = "simulator-oauth-"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WANTED: tuple[tuple[str, str, str, str], ...] = (
    ("grant_type", "refresh_token", "BAD_GRANT_TYPE", "missing or unknown grant type"),
    ("client_id", OAUTH_CLIENT_ID, "BAD_CLIENT_ID", "missing or unknown client id"),
    ("client_secret", OAUTH_CLIENT_SECRET, "BAD_CLIENT_SECRET", "missing or invalid client secret"),
    ("refresh_token", OAUTH_REFRESH_TOKEN, "BAD_REFRESH_TOKEN", "missing or invalid refresh token"),
)


def exchange(call: Call) -> Answer:
    """Answer a new access token for the refresh token of a form."""
    form: Mapping[str, str] = call.body
    for name, value, status, message in _WANTED:
        if form.get(name) != value:
            raise RefusalError(BAD_REQUEST, message, category=None, extra={"status": status})
    expires = (call.now + LIFETIME - _EPOCH) // timedelta(milliseconds=1)
    return Answer(
        body={
            "token_type": "bearer", "refresh_token": OAUTH_REFRESH_TOKEN, "access_token": f"{_PREFIX}{expires}",
            "expires_in": LIFETIME // timedelta(seconds=1),
        }
    )  # fmt: skip


def bearer_of(token: str, now: datetime) -> Bearer | None:
    """Return whose an access token is, or None for one that was not given out here; raises RefusalError for an old one."""
    expires = _expiry(token)
    if expires is None:
        return None
    if expires <= now:
        seconds = (now - expires) // timedelta(seconds=1)
        raise RefusalError(
            UNAUTHORIZED,
            f"The OAuth token used to make this call expired {seconds} second(s) ago.",
            category="EXPIRED_AUTHENTICATION",
            context={"expire time": [spell_time(expires)]},
        )
    return Bearer(APP_USER_ID, person=False)


def describe_access_token(scopes: Callable[[Call], Iterable[str]]) -> Callable[[Call], Answer]:
    """Return the endpoint that tells what an OAuth access token may do."""

    def describe(call: Call) -> Answer:
        expires = _expiry(call.path["token"])
        if expires is None or expires <= call.now:
            raise RefusalError(NOT_FOUND, "missing or unknown access token", category=None)
        return Answer(
            body={
                "token": call.path["token"], "user": "admin@acme.example", "hub_domain": "acme.example",
                "scopes": sorted(scopes(call)), "hub_id": PORTAL_ID, "app_id": int(APP_ID),
                "expires_in": (expires - call.now) // timedelta(seconds=1), "user_id": int(APP_USER_ID),
                "token_type": "access",
            }
        )  # fmt: skip

    return describe


def describe_private_app(scopes: Callable[[Call], Iterable[str]]) -> Callable[[Call], Answer]:
    """Return the endpoint that tells what the token of a private app may do."""

    def describe(call: Call) -> Answer:
        key: Any = call.body.get("tokenKey") if isinstance(call.body, dict) else None
        if key != APP_TOKEN:
            raise RefusalError(NOT_FOUND, "missing or unknown private app token", category=None)
        return Answer(
            body={"userId": int(APP_USER_ID), "hubId": PORTAL_ID, "appId": int(APP_ID), "scopes": sorted(scopes(call))}
        )

    return describe


def spelled_out(scope: str) -> Iterable[str]:
    """Return the scopes that a scope with `{}` for the object type stands for."""
    if "{}" not in scope:
        return (scope,)
    return tuple(scope.format(each.scope) for each in OBJECT_TYPES.values())


def _expiry(token: str) -> datetime | None:
    text = token.removeprefix(_PREFIX)
    if text == token or not text.isdecimal():
        return None
    return _EPOCH + timedelta(milliseconds=int(text))
