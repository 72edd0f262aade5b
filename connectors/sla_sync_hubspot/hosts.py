"""Which hosts a secret may be sent to: HubSpot's own, this machine, and what the environment names.

A change of the targets file must not be enough to send a portal's keys elsewhere, so the repository cannot widen this.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sla_sync.connector import LOOPBACK, SlaSyncError

ALLOW_VARIABLE = "SLA_SYNC_ALLOW_HOST"
"""Names further hosts, separated by commas; a proxy in front of the API, say."""
_DOMAINS = ("hubapi.com", "hubspot.com")
"""The domains that serve the API, those of its data centres (api-eu1.hubapi.com) among them."""


def is_hubspot(host: str) -> bool:
    """Return whether a host lies in one of HubSpot's domains."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in _DOMAINS)


def refuse_foreign(url: str, *, target: str, environ: Mapping[str, str]) -> None:
    """Raise SlaSyncError where a secret would go to a host that is neither HubSpot's nor allowed here.

    Loopback is where simulators answer.
    """
    host = (urlsplit(url).hostname or "").lower()
    allowed = {each.strip().lower() for each in environ.get(ALLOW_VARIABLE, "").split(",") if each.strip()}
    if host in LOOPBACK or host in allowed or is_hubspot(host):
        return
    raise SlaSyncError(
        f"The address of target '{target}' is at {host}, which is no host of HubSpot, so no secret is sent there.",
        hint=f"Correct the address, or set {ALLOW_VARIABLE} to {host} in the environment of this command.",
    )
