"""List views: columns and filters, named as the list pages name them and not as fields are.

Inferred: the names of columns are those that list views of public orgs hold; the platform publishes no table of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.filters import check_logic, check_operation
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_OF_LEAD: Mapping[str, str] = {
    "FULL_NAME": "Name",
    "LEAD.FIRST_NAME": "FirstName",
    "LEAD.LAST_NAME": "LastName",
    "LEAD.NAME": "Name",
    "LEAD.TITLE": "Title",
    "LEAD.COMPANY": "Company",
    "LEAD.STREET": "Street",
    "LEAD.CITY": "City",
    "LEAD.STATE": "State",
    "LEAD.ZIP": "PostalCode",
    "LEAD.COUNTRY": "Country",
    "LEAD.PHONE": "Phone",
    "LEAD.MOBILE_PHONE": "MobilePhone",
    "LEAD.EMAIL": "Email",
    "LEAD.URL": "Website",
    "LEAD.STATUS": "Status",
    "LEAD.LEAD_SOURCE": "LeadSource",
    "LEAD.RATING": "Rating",
    "LEAD.INDUSTRY": "Industry",
    "LEAD.ANNUAL_REVENUE": "AnnualRevenue",
    "LEAD.EMPLOYEES": "NumberOfEmployees",
    "LEAD.CREATED_DATE": "CreatedDate",
    "LEAD.LAST_UPDATE": "LastModifiedDate",
    "LEAD.LAST_ACTIVITY": "LastActivityDate",
    "LEAD.UNREAD": "IsUnreadByOwner",
    "CORE.USERS.ALIAS": "OwnerId",
    "CORE.USERS.FIRST_NAME": "OwnerId",
    "CORE.USERS.LAST_NAME": "OwnerId",
}
_OF_CUSTOM: Mapping[str, str] = {
    "NAME": "Name",
    "OBJECT_ID": "Id",
    "OWNER.ALIAS": "OwnerId",
    "OWNER.FIRST_NAME": "OwnerId",
    "OWNER.LAST_NAME": "OwnerId",
    "CREATED_DATE": "CreatedDate",
    "CREATEDBY_USER": "CreatedById",
    "CREATEDBY_USER.ALIAS": "CreatedById",
    "LAST_UPDATE": "LastModifiedDate",
    "UPDATEDBY_USER": "LastModifiedById",
    "UPDATEDBY_USER.ALIAS": "LastModifiedById",
}
_EXECUTED = ("booleanFilter", "columns", "filterScope", "filters", "label", "language", "queue", "sharedTo")
_SCOPES = ("Everything", "Mine", "Queue", "MineAndMyGroups", "Team")
_SHARED_WITH = ("allInternalUsers", "group", "groups")
_NAME_LIMIT, _LABEL_LIMIT, _COLUMNS_LIMIT, _FILTERS_LIMIT = 80, 40, 15, 10


def columns_of(organization: Organization, object_name: str) -> dict[str, str]:
    """Return column → field of the lists of an object; nothing for one whose lists are not executed here."""
    if object_name != "Lead" and object_name not in organization.of("CustomObject"):
        return {}
    own = {name: name for name in fields_of(organization, object_name) if name.endswith("__c")}
    return {**(_OF_LEAD if object_name == "Lead" else _OF_CUSTOM), **own}


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a list view."""
    object_name, values = incoming.object_name, incoming.values
    known = columns_of(organization, object_name)
    if not known:
        yield f"List views of {object_name} are not implemented by this simulator"
        return
    yield from wrong_name("View Unique Name", incoming.own_name, limit=_NAME_LIMIT)
    yield from blank(values, "label")
    yield from too_long("label", values.get("label", ""), _LABEL_LIMIT)
    yield from beyond("a list view", values, _EXECUTED)
    yield from _columns(values.get("columns", []), known)
    yield from _scope(values, organization)
    filters, shapes = values.get("filters", []), fields_of(organization, object_name)
    if len(filters) > _FILTERS_LIMIT:
        yield f"A list view has at most {_FILTERS_LIMIT} filters, and {len(filters)} are given"
    for each in filters:
        field = each.get("field", "")
        if field not in known:
            yield f"Could not resolve list view column: {field}"
        else:
            yield from check_operation(field, shapes[known[field]].type, each)
    yield from check_logic(values.get("booleanFilter"), filters)


def _columns(columns: list[str], known: Mapping[str, str]) -> Iterator[str]:
    if len(columns) > _COLUMNS_LIMIT:
        yield f"A list view has at most {_COLUMNS_LIMIT} columns, and {len(columns)} are given"
    for each in columns:
        if each not in known:
            yield f"Could not resolve list view column: {each}"
        elif columns.count(each) > 1:
            yield f"Duplicate columns specified: {each}"


def _scope(values: Values, organization: Organization) -> Iterator[str]:
    scope, queue = values.get("filterScope", ""), values.get("queue")
    if scope and scope not in _SCOPES:
        yield f"filterScope: the scope {scope} is not implemented by this simulator"
    if (scope == "Queue") != (queue is not None):
        yield "filterScope: the scope Queue and the name of a queue belong together"
    if queue is not None and queue not in organization.of("Queue"):
        yield f"In field: queue - no Queue named {queue} found"
    shared = values.get("sharedTo", {})
    yield from beyond("the sharing of a list view", shared, _SHARED_WITH)
    for group in [*shared.get("group", []), *shared.get("groups", [])]:
        if group not in organization.of("Group"):
            yield f"In field: sharedTo - no Group named {group} found"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the view as the platform keeps it."""
    return {key: value for key, value in incoming.values.items() if key != "fullName"}
