"""Static resources: a file with a name that nothing else bears."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

NAME_LIMIT = 255
CACHE_CONTROLS = ("Private", "Public")
_SIZE_LIMIT, _DESCRIPTION_LIMIT = 5 * 1024 * 1024, 255


def check(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a static resource."""
    yield from check_resource(incoming.full_name, incoming.values, incoming.content)


def check_resource(name: str, values: Values, content: bytes | None) -> Iterator[str]:
    """Yield what the platform refuses, whether the resource came in a package or as a record."""
    yield from wrong_name("Static Resource Name", name, limit=NAME_LIMIT)
    if not values.get("contentType", "").strip():
        yield "Required field is missing: contentType"
    yield from too_long("description", values.get("description", ""), _DESCRIPTION_LIMIT)
    if content is None:
        yield "The content of the static resource is missing"
    elif len(content) > _SIZE_LIMIT:
        yield f"A static resource holds at most 5 MB, and {name} has {len(content)} bytes"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the resource as the platform keeps it; its content stands beside its values."""
    return {key: value for key, value in incoming.values.items() if key not in ("fullName", "content")}
