"""Reports on leads and their folders: every column, filter and grouping must name a field of the report type.

Inferred: the columns of the report type LeadList, as reports of public orgs name them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_LEAD_COLUMNS = frozenset(
    "LAST_NAME FIRST_NAME SALUTATION COMPANY TITLE OWNER OWNER_ALIAS OWNER_ROLE STATUS LEAD_SOURCE INDUSTRY RATING EMAIL"
    " PHONE MOBILE_PHONE STREET CITY STATE ZIP COUNTRY URL EMPLOYEES ANNUAL_REVENUE CREATED_DATE CREATED CREATED_ALIAS"
    " LAST_UPDATE LAST_UPDATE_BY LAST_ACTIVITY CONVERTED UNREAD LEAD_ID DESCRIPTION NAME CAMPAIGN_NAME".split()
)
_REPORT_TYPES = {"LeadList": ("Lead", _LEAD_COLUMNS)}
_SUMMARY_GROUPINGS, _MATRIX_GROUPINGS = {1, 2, 3}, {1, 2}
_SCOPES = ("organization", "org", "user", "team", "queue")
_NAME_LIMIT, _DESCRIPTION_LIMIT, _COLUMNS_LIMIT, _FORMULA_LIMIT = 40, 255, 100, 3900
_IMPLEMENTED = frozenset(
    "fullName aggregates columns description filter format groupingsDown groupingsAcross name params reportType scope"
    " showDetails showGrandTotal showSubTotals sortColumn sortOrder timeFrameFilter roleHierarchyFilter currency".split()
)


def check_folder(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a report folder."""
    yield from wrong_name("Folder Unique Name", incoming.full_name, limit=80)
    if not incoming.values.get("name", "").strip():
        yield "Required field is missing: name"
    yield from too_long("name", incoming.values.get("name", ""), _NAME_LIMIT)
    for member in sorted(
        incoming.values.keys() - {"fullName", "name", "accessType", "publicFolderAccess", "folderShares"}
    ):
        yield f"'{member}' of a report folder is not implemented by this simulator"


def settle_folder(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the folder as the platform keeps it."""
    return {key: value for key, value in incoming.values.items() if key != "fullName"}


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a report."""
    values = incoming.values
    folder, _, name = incoming.full_name.rpartition("/")
    if folder not in organization.of("ReportFolder"):
        yield f"Cannot find folder:{folder}"
    yield from wrong_name("Report Unique Name", name, limit=80)
    if not values.get("name", "").strip():
        yield "Required field is missing: name"
    for member in sorted(values.keys() - _IMPLEMENTED):
        yield f"'{member}' of a report is not implemented by this simulator"
    for member, limit in (("name", _NAME_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    report_type = values.get("reportType", "")
    if report_type not in _REPORT_TYPES:
        yield f"reportType: the report type {report_type} is not implemented by this simulator"
        return
    object_name, standard = _REPORT_TYPES[report_type]
    known = standard | {
        f"{object_name}.{each}" for each in fields_of(organization, object_name) if each.endswith("__c")
    }
    if values.get("scope", "org") not in _SCOPES:
        yield f"scope: the scope {values['scope']} is not valid for the report type {report_type}"
    yield from _columns(values, known)
    yield from _shape(values)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the report as the platform keeps it. Inferred: the switches that it writes in."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("scope", "organization")
    for member in ("showDetails", "showGrandTotal", "showSubTotals"):
        values.setdefault(member, "true")
    return values


def _columns(values: Values, known: frozenset[str]) -> Iterator[str]:
    columns = [each.get("field", "") for each in values.get("columns", [])]
    if len(columns) > _COLUMNS_LIMIT:
        yield f"columns: a report has at most {_COLUMNS_LIMIT} columns, and {len(columns)} are given"
    for place in ("columns", "groupingsDown", "groupingsAcross"):
        for each in values.get(place, []):
            if each.get("field", "") not in known:
                yield f"{place}-field: Invalid value specified: {each.get('field', '')}"
    for each in values.get("filter", {}).get("criteriaItems", []):
        if each.get("column", "") not in known:
            yield f"filter-criteriaItems-column: Invalid value specified: {each.get('column', '')}"
    for duplicate in sorted({each for each in columns if columns.count(each) > 1}):
        yield f"columns: The column {duplicate} is used more than once"
    sort = values.get("sortColumn")
    if sort is not None and sort not in known:
        yield f"sortColumn: Invalid value specified: {sort}"
    frame = values.get("timeFrameFilter", {}).get("dateColumn")
    if frame is not None and frame not in known:
        yield f"timeFrameFilter-dateColumn: Invalid value specified: {frame}"
    for each in values.get("aggregates", []):
        yield from too_long("calculatedFormula", each.get("calculatedFormula", ""), _FORMULA_LIMIT)


def _shape(values: Values) -> Iterator[str]:
    down, across = len(values.get("groupingsDown", [])), len(values.get("groupingsAcross", []))
    match values.get("format", ""):
        case "Tabular" if down or across:
            yield "format: A tabular report cannot have groupings"
        case "Summary" if down not in _SUMMARY_GROUPINGS or across:
            yield f"format: A summary report has one to three groupings down and none across, not {down} and {across}"
        case "Matrix" if not {down, across} <= _MATRIX_GROUPINGS:
            yield f"format: A matrix report has one or two groupings down and across, not {down} and {across}"
        case "MultiBlock":
            yield "format: A joined report is not implemented by this simulator"
    condition = values.get("filter", {}).get("booleanFilter")
    items = len(values.get("filter", {}).get("criteriaItems", []))
    if condition is not None:
        words = condition.replace("(", " ").replace(")", " ").split()
        numbers = {int(each) for each in words if each.isdigit()}
        if numbers != set(range(1, items + 1)):
            yield f"booleanFilter: '{condition}' must name each of the {items} filters by its number"
        if any(not each.isdigit() and each.upper() not in ("AND", "OR", "NOT") for each in words):
            yield f"booleanFilter: '{condition}' may hold only numbers, AND, OR, NOT and parentheses"
