"""Folders of reports, dashboards and e-mail templates."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_WORDS = {"ReportFolder": "a report folder", "DashboardFolder": "a dashboard folder", "EmailFolder": "an e-mail folder"}
_EXECUTED = ("name", "accessType", "publicFolderAccess", "folderShares")
_NAME_LIMIT, _LABEL_LIMIT = 80, 40


def check(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a folder."""
    yield from wrong_name("Folder Unique Name", incoming.full_name, limit=_NAME_LIMIT)
    yield from blank(incoming.values, "name")
    yield from too_long("name", incoming.values.get("name", ""), _LABEL_LIMIT)
    yield from beyond(_WORDS[incoming.type], incoming.values, _EXECUTED)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the folder as the platform keeps it."""
    return {key: value for key, value in incoming.values.items() if key != "fullName"}
