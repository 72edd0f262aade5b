"""Apex classes: none is executed here; those that the deadlines bring are known by the digest of their text.

What a known class does is built into this simulator, so a class that says something else must not pass for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

APEX_DIGESTS: Mapping[str, str] = {
    "ea3f66a87b50b13506a4c2ec7716fc867c7dba5d0e3ae2986dddc647de18007b": "SlaDeadline",
    "5bc0a30194ac8910a39fd2175169f0a25af261f0d33776e622014a7c5cded710": "SlaDeadlineTest",
}
"""SHA-256 of the text of a class that is known here → its name."""
TESTS = ("SlaDeadlineTest",)
"""The known classes that hold tests."""
_NAME_LIMIT, _OLDEST, _NEWEST = 255, 1.0, 63.0


def recognised(body: bytes | str) -> str | None:
    """Return the name of the class that this text is, or None where it is not known here."""
    content = body.encode() if isinstance(body, str) else body
    return APEX_DIGESTS.get(hashlib.sha256(content).hexdigest())


def check(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a class, and every class that is not known here."""
    yield from wrong_name("Class Name", incoming.full_name, limit=_NAME_LIMIT)
    if not _OLDEST <= float(incoming.values.get("apiVersion", "0")) <= _NEWEST:
        yield f"Invalid API version specified: {incoming.values.get('apiVersion', '')}"
    if incoming.values.get("status") != "Active":
        yield f"An Apex class of the status {incoming.values.get('status', '')} is not implemented by this simulator"
    name = recognised(incoming.content or b"")
    if name is None:
        yield (
            f"Apex is not executed by this simulator: the text of {incoming.full_name} is not that of a class whose"
            " behaviour is built in"
        )
    elif name != incoming.full_name:
        yield f"Invalid type name: the text of {incoming.full_name} is that of the class {name}"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the class as the platform keeps it; its text stands beside its values."""
    return {key: value for key, value in incoming.values.items() if key not in ("fullName", "content")}
