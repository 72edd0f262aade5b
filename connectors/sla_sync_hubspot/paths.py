"""Where each of HubSpot's APIs lives, and which of its calls only read: one table, because the versions move."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Api(StrEnum):
    """The APIs that this connector speaks."""

    PROPERTIES = "properties"
    OBJECTS = "objects"
    ASSOCIATIONS = "associations"
    LISTS = "lists"
    PIPELINES = "pipelines"
    FLOWS = "flows"
    OWNERS = "owners"
    ACCOUNT = "account"
    LIMITS = "limits"
    USERS = "users"
    VALIDATIONS = "validations"
    OAUTH = "oauth"
    PRIVATE_APPS = "private_apps"


PATHS: Mapping[Api, str] = {
    Api.PROPERTIES: "/crm/v3/properties",
    Api.OBJECTS: "/crm/v3/objects",
    Api.ASSOCIATIONS: "/crm/v4/associations",
    Api.LISTS: "/crm/v3/lists",
    Api.PIPELINES: "/crm/v3/pipelines",
    Api.FLOWS: "/automation/v4/flows",
    Api.OWNERS: "/crm/v3/owners",
    Api.ACCOUNT: "/account-info/v3",
    Api.LIMITS: "/crm/v3/limits",
    Api.USERS: "/settings/v3/users",
    Api.VALIDATIONS: "/crm/v3/property-validations",
    Api.OAUTH: "/oauth/v1",
    Api.PRIVATE_APPS: "/oauth/v2/private-apps",
}

LIFECYCLE_STAGES = "/contacts/contacts-lifecycle-pipeline/stages"
"""The stages of the lifecycle below the API of pipelines. Recorded from public programs; HubSpot documents it for no contact."""
OPEN_STAGE: Mapping[str, str] = {"isClosed": "false", "state": "OPEN"}
"""Inferred: the members that such a stage needs besides its label; the one body that is known to have worked has them."""
ASK_SCOPES = "/get/access-token-info"
"""Answers the scopes of a private app's token (HubSpot, "Private apps")."""
_READING_POSTS: Mapping[Api, re.Pattern[str]] = {
    Api.PROPERTIES: re.compile(r"/[^/]+/batch/read"),
    Api.OBJECTS: re.compile(r"/[^/]+/(?:search|batch/read)"),
    Api.ASSOCIATIONS: re.compile(r"/[^/]+/[^/]+/batch/read"),
    Api.LISTS: re.compile(r"/search"),
    Api.FLOWS: re.compile(r"/batch/read"),
    Api.PRIVATE_APPS: re.compile(ASK_SCOPES),
}


def only_reads(method: str, api: Api, path: str) -> bool:
    """Return whether a call leaves the portal as it is: every GET, and the few POSTs that are queries."""
    if method == "GET":
        return True
    query = _READING_POSTS.get(api)
    return method == "POST" and query is not None and query.fullmatch(path) is not None
