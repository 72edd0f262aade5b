"""What the connector relies on in an org, looked at one by one: session, rights, edition, limits, switches, people.

What the org will not tell is said to be unknown, with the place in Setup where a person can look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sla_sync.connector import Checkup, PlatformError, Standing, UnauthorizedError, UnreachableError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import shorten
from sla_sync_salesforce.people import People, why_not
from sla_sync_salesforce.soql import literal, select

# Permission of the user → what it is for, and its name in Setup.
_RIGHTS: Mapping[str, tuple[str, str]] = {
    "PermissionsModifyMetadata": ("deploy settings", "Modify Metadata Through Metadata API Functions"),
    "PermissionsCustomizeApplication": ("change objects and rules", "Customize Application"),
    "PermissionsViewSetup": ("read who changed what", "View Setup and Configuration"),
    "PermissionsManageUsers": ("put people into groups and queues", "Manage Users"),
    "PermissionsAssignPermissionSets": ("assign permission sets", "Assign Permission Sets"),
}
# Editions that have the API, Apex and as many flows as are needed (Salesforce Help, "Editions That Support Apex").
_WHOLE_EDITIONS = frozenset(
    {"Enterprise Edition", "Unlimited Edition", "Performance Edition", "Developer Edition", "Einstein 1 Edition"}
)
_FEW = 0.05
_LONGEST = 120
"""Characters of a refusal: what is unknown matters more than why."""
_OBJECTS = ("Lead", "Contact")

Examination = Callable[[Client], Iterator[Checkup]]


def examine(client: Client, people: Callable[[], People]) -> Iterator[Checkup]:
    """Yield everything that the connector relies on. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    user = client.user()
    who, own = str(user.get("preferred_username", "the user of this token")), str(user.get("user_id", ""))
    yield Checkup("session", Standing.GOOD, f"Signed in as {who}.")
    yield from _asked("API version", _version, client)
    yield from _asked("edition", _edition, client)
    yield from _asked("permissions", lambda each: _rights(each, who, own), client)
    yield from _asked("Metadata API", _metadata_api, client)
    yield from _asked("API calls", _calls, client)
    yield from _asked("custom fields", _fields, client)
    yield from _asked("flows", _flows, client)
    yield from _asked("flows deployed as active", _active, client)
    yield Checkup(
        "default workflow user",
        Standing.UNKNOWN,
        "No API tells by whom scheduled paths run when their user is gone.",
        "Look at Setup > Process Automation Settings, and name a default workflow user there.",
    )
    yield from _asked("countries", _countries, client)
    yield from _asked("lead conversion", _conversion, client)
    yield from _asked("people", lambda _: _people(people()), client)


def _asked(name: str, look: Examination, client: Client) -> Iterator[Checkup]:
    """Yield what one look finds; where the org refuses it, that its subject is unknown."""
    try:
        yield from look(client)
    except (UnauthorizedError, UnreachableError):
        raise
    except PlatformError as error:
        said = shorten(error.message.partition(f"with status {error.status}: ")[2] or error.message, _LONGEST)
        yield Checkup(name, Standing.UNKNOWN, f"The org does not tell: {said}", _WHERE.get(name, error.hint))


_WHERE: Mapping[str, str] = {
    "API version": "Look at Setup > API.",
    "edition": "Look at Setup > Company Information.",
    "permissions": "Look at the permission sets and the profile of this user in Setup > Users.",
    "API calls": "Look at Setup > System Overview.",
    "custom fields": "Look at Setup > Object Manager > Lead > Object Limits.",
    "flows": "Look at Setup > Flows.",
    "flows deployed as active": "Look at Setup > Process Automation Settings.",
    "countries": "Look at Setup > State and Country/Territory Picklists.",
    "lead conversion": "Look at Setup > Lead Settings.",
}


def _version(client: Client) -> Iterator[Checkup]:
    offered = client.versions()
    if client.version in offered:
        yield Checkup("API version", Standing.GOOD, f"The org offers version {client.version}.")
        return
    newest = f", the newest {offered[-1]}" if offered else ""
    yield Checkup(
        "API version",
        Standing.MISSING,
        f"The org does not offer version {client.version}{newest}.",
        "Set api_version of the target to a version that the org offers.",
    )


def _edition(client: Client) -> Iterator[Checkup]:
    found = client.query(select("Name, OrganizationType, IsSandbox, InstanceName", "Organization"))
    told: Mapping[str, Any] = found[0] if found else {}
    edition, kind = str(told.get("OrganizationType")), "a sandbox" if told.get("IsSandbox") else "no sandbox"
    finding = f"«{told.get('Name')}» is {edition}, {kind}, on {told.get('InstanceName')}."
    if edition in _WHOLE_EDITIONS:
        yield Checkup("edition", Standing.GOOD, finding)
    else:
        yield Checkup(
            "edition",
            Standing.UNKNOWN,
            f"{finding} It may lack Apex and the API, and allow five active flows of a type.",
            "Keep `deadlines: calendar` in the binding, and compare the plan's count of flows with what is allowed.",
        )


def _rights(client: Client, who: str, own: str) -> Iterator[Checkup]:
    # A profile is assigned as a permission set of its own, so this covers both.
    columns = ", ".join(f"PermissionSet.{each}" for each in _RIGHTS)
    rows = client.query(select(columns, "PermissionSetAssignment", f"AssigneeId = {literal(own)}"))
    for column, (purpose, label) in _RIGHTS.items():
        if any((row.get("PermissionSet") or {}).get(column) is True for row in rows):
            yield Checkup(label, Standing.GOOD, f"{who} may {purpose}.")
        else:
            yield Checkup(
                label, Standing.MISSING, f"{who} may not {purpose}.", f"Give them «{label}» in a permission set."
            )


def _metadata_api(client: Client) -> Iterator[Checkup]:
    client.describe_metadata()
    yield Checkup("Metadata API", Standing.GOOD, "The Metadata API answers.")


def _calls(client: Client) -> Iterator[Checkup]:
    daily = client.get("limits").get("DailyApiRequests", {})
    most, left = daily.get("Max"), daily.get("Remaining")
    if not isinstance(most, int) or not isinstance(left, int):
        return
    enough = left >= most * _FEW
    yield Checkup(
        "API calls",
        Standing.GOOD if enough else Standing.MISSING,
        f"Of {most} API calls a day {left} are left.",
        "" if enough else "Find out what uses them up before it stops your other integrations.",
    )


def _fields(client: Client) -> Iterator[Checkup]:
    for name in _OBJECTS:
        where = f"EntityDefinition.QualifiedApiName = {literal(name)}"
        rows = client.tooling(select("Type, Max, Remaining", "EntityLimit", where))
        found = next((row for row in rows if row.get("Type") == "CustomFields"), None)
        if found is None:
            yield Checkup(
                "custom fields",
                Standing.UNKNOWN,
                f"The org does not tell how many custom fields {name} may have.",
                _WHERE["custom fields"],
            )
        else:
            left = int(found.get("Remaining") or 0)
            yield Checkup(
                "custom fields",
                Standing.GOOD if left else Standing.MISSING,
                f"{name} may have {found.get('Max')} custom fields, and room for {left} is left.",
                "" if left else "Delete fields that nobody uses, and erase them from Deleted Fields.",
            )


def _flows(client: Client) -> Iterator[Checkup]:
    rows = client.tooling(select("DeveloperName, ActiveVersionId", "FlowDefinition"))
    active = sum(1 for row in rows if row.get("ActiveVersionId"))
    yield Checkup("flows", Standing.GOOD, f"The org holds {len(rows)} flows, and {active} of them are active.")


def _active(client: Client) -> Iterator[Checkup]:
    found = client.read_metadata("FlowSettings", ["Flow"])
    said = found[0].get("enableFlowDeployAsActiveEnabled") if found else None
    if said is True:
        yield Checkup("flows deployed as active", Standing.GOOD, "Flows are active as soon as they are deployed.")
    elif said is False:
        yield Checkup(
            "flows deployed as active",
            Standing.GOOD,
            "Production takes flows inactive; an apply activates each one of ours after it was deployed.",
        )
    else:
        yield Checkup(
            "flows deployed as active",
            Standing.UNKNOWN,
            "The org does not tell whether flows are active once they are deployed.",
            _WHERE["flows deployed as active"],
        )


def _countries(client: Client) -> Iterator[Checkup]:
    fields = {str(each.get("name")) for each in client.get("sobjects/Lead/describe").get("fields", ())}
    if "CountryCode" in fields:
        finding = (
            "State and country picklists are on: Country holds what the list calls it, and people write CountryCode, which "
            "is what a binding should name."
        )
    else:
        finding = "State and country are free text, so that a country may be spelled in many ways."
    yield Checkup("countries", Standing.GOOD, finding)


def _conversion(client: Client) -> Iterator[Checkup]:
    found = client.read_metadata("LeadConfigSettings", ["LeadConfig"])
    said = found[0].get("shouldLeadConvertRequireValidation") if found else None
    if said is True:
        yield Checkup(
            "lead conversion", Standing.GOOD, "A conversion runs validation rules, triggers and flows of the lead."
        )
    elif said is False:
        yield Checkup(
            "lead conversion",
            Standing.MISSING,
            "A conversion passes by validation rules and flows of the lead, so that its assignment is not closed.",
            "Switch on «Require Validation for Converted Leads» in Setup > Lead Settings.",
        )
    else:
        yield Checkup(
            "lead conversion",
            Standing.UNKNOWN,
            "The org does not tell whether a conversion runs validation rules and flows of the lead.",
            "Look at «Require Validation for Converted Leads» in Setup > Lead Settings: it must be on.",
        )


def _people(people: People) -> Iterator[Checkup]:
    for name, users in people.found.items():
        if people.id_of(name) is not None:
            yield Checkup("people", Standing.GOOD, f"«{name}» is an active user of the org.")
        else:
            yield Checkup(
                "people",
                Standing.MISSING,
                why_not(name, users),
                "Write the user's full user name or alias under `people` of the target.",
            )
