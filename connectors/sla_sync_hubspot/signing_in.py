"""Signing in: a token that was handed to us, or one that an OAuth app is given for its refresh token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sla_sync.connector import FaultError, is_token
from sla_sync_hubspot.options import HubSpotAuth, HubSpotOptions

REFRESH = "/token"
"""Below the OAuth API: answers a new access token, which lasts for half an hour (HubSpot, "OAuth tokens")."""


def handed_token(options: HubSpotOptions) -> str | None:
    """Return the token that the target names, or None where one is had by OAuth."""
    held = options.auth.token if options.auth else options.token
    return held.get_secret_value() if held else None


def renews(options: HubSpotOptions) -> bool:
    """Return whether a token that HubSpot no longer takes can be had anew."""
    return options.auth is not None and options.auth.method == "oauth"


def secrets_of(options: HubSpotOptions) -> frozenset[str]:
    """Return everything that no message may show."""
    auth = options.auth
    held = (auth.token, auth.client_secret, auth.refresh_token) if auth else ()
    return frozenset(each.get_secret_value() for each in (options.token, *held) if each is not None)


def refresh_form(auth: HubSpotAuth) -> list[tuple[str, str]]:
    """Return the form by which an app asks for an access token."""
    return [
        ("grant_type", "refresh_token"),
        ("client_id", auth.client_id or ""),
        ("client_secret", auth.client_secret.get_secret_value() if auth.client_secret else ""),
        ("refresh_token", auth.refresh_token.get_secret_value() if auth.refresh_token else ""),
    ]


def token_of(answer: Any, *, call: str) -> str:
    """Return the access token of an answer. Raises FaultError where it names none."""
    token = answer.get("access_token") if isinstance(answer, Mapping) else None
    if not isinstance(token, str) or not is_token(token):
        raise FaultError(
            "HubSpot's answer to the sign-in names no access token.",
            call=call,
            hint="Check that the url of this target is HubSpot's API.",
        )
    return token
