"""Where each of HubSpot's APIs lives, and which of its calls only read: one table, because the versions move."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Api(StrEnum):
    """The APIs that this connector speaks."""

    PROPERTIES = "properties"
    LISTS = "lists"
    FLOWS = "flows"
    OWNERS = "owners"
    ACCOUNT = "account"
    LIMITS = "limits"


PATHS: Mapping[Api, str] = {
    Api.PROPERTIES: "/crm/v3/properties",
    Api.LISTS: "/crm/v3/lists",
    Api.FLOWS: "/automation/v4/flows",
    Api.OWNERS: "/crm/v3/owners",
    Api.ACCOUNT: "/account-info/v3",
    Api.LIMITS: "/crm/v3/limits",
}

_READING_POSTS: Mapping[Api, re.Pattern[str]] = {
    Api.PROPERTIES: re.compile(r"/[^/]+/batch/read"),
    Api.LISTS: re.compile(r"/search"),
    Api.FLOWS: re.compile(r"/batch/read"),
}


def only_reads(method: str, api: Api, path: str) -> bool:
    """Return whether a call leaves the portal as it is: every GET, and the few POSTs that are queries."""
    if method == "GET":
        return True
    query = _READING_POSTS.get(api)
    return method == "POST" and query is not None and query.fullmatch(path) is not None
