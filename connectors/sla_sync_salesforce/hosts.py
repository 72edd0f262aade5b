"""Which hosts a secret may be sent to: Salesforce's own, this machine, and what the environment names.

A change of the targets file must not be enough to send an org's keys elsewhere, so the repository cannot widen this.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sla_sync.connector import LOOPBACK, SlaSyncError

ALLOW_VARIABLE = "SLA_SYNC_ALLOW_HOST"
"""Names further hosts, separated by commas; a proxy in front of an org, say."""

# The domains that serve orgs (Salesforce Help, "Allow the Required Domains"), those of the clouds for governments and
# for China among them.
_DOMAINS = (
    "salesforce.com",
    "force.com",
    "cloudforce.com",
    "salesforce.mil",
    "crmforce.mil",
    "sfcrmproducts.cn",
    "sfcrmapps.cn",
)


def is_salesforce(host: str) -> bool:
    """Return whether a host lies in one of Salesforce's domains."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in _DOMAINS)


def refuse_foreign(url: str, *, what: str, target: str, environ: Mapping[str, str]) -> None:
    """Raise SlaSyncError where a secret would go to a host that is neither Salesforce's nor allowed here.

    Loopback is where simulators answer. `what` says what the address is for, such as `address`.
    """
    host = (urlsplit(url).hostname or "").lower()
    allowed = {each.strip().lower() for each in environ.get(ALLOW_VARIABLE, "").split(",") if each.strip()}
    if host in LOOPBACK or host in allowed or is_salesforce(host):
        return
    raise SlaSyncError(
        f"The {what} of target '{target}' is at {host}, which is no host of Salesforce, so no secret is sent there.",
        hint=f"Correct the address, or set {ALLOW_VARIABLE} to {host} in the environment of this command.",
    )
