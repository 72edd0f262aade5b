"""Reports: every column, filter and grouping must name a field of the report type.

Inferred: the columns of the report types LeadList and CustomEntity$…, as reports of public orgs name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import CUSTOM, fields_of
from sla_sync_salesforce.simulator.kinds.filters import check_logic
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.kinds.report_type import columns_for_reports
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_LEAD_COLUMNS = frozenset(
    "LAST_NAME FIRST_NAME SALUTATION COMPANY TITLE OWNER OWNER_ALIAS OWNER_ROLE STATUS LEAD_SOURCE INDUSTRY RATING EMAIL"
    " PHONE MOBILE_PHONE STREET CITY STATE ZIP COUNTRY URL EMPLOYEES ANNUAL_REVENUE CREATED_DATE CREATED CREATED_ALIAS"
    " LAST_UPDATE LAST_UPDATE_BY LAST_ACTIVITY CONVERTED UNREAD LEAD_ID DESCRIPTION NAME CAMPAIGN_NAME".split()
)
_CUSTOM_COLUMNS = frozenset(
    "CUST_ID CUST_NAME CUST_OWNER_NAME CUST_CREATED_DATE CUST_CREATED_NAME CUST_LAST_UPDATE CUST_LAST_UPDATE_BY".split()
)
_OF_OBJECT = "CustomEntity$"
_SUMMED = re.compile(r"([A-Za-z_][A-Za-z0-9_.$]*):(?:SUM|AVG|MAX|MIN|UNIQUE|MEDIAN)")
_SUMMARY_GROUPINGS, _MATRIX_GROUPINGS = {1, 2, 3}, {1, 2}
_SCOPES = ("organization", "org", "user", "team", "queue")
_NAME_LIMIT, _DESCRIPTION_LIMIT, _COLUMNS_LIMIT, _FORMULA_LIMIT, _SUMS_LIMIT = 40, 255, 100, 3900, 5
_IMPLEMENTED = frozenset(
    "fullName aggregates buckets chart columns customDetailFormulas description"
    " filter format groupingsDown groupingsAcross name params reportType rowLimit"
    " scope showDetails showGrandTotal showSubTotals sortColumn sortOrder timeFrameFilter roleHierarchyFilter currency".split()
)


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
    known = _columns_of(report_type, organization)
    if not known:
        yield f"reportType: the report type {report_type} is not implemented by this simulator"
        return
    known |= {each.get("developerName", "") for each in values.get("customDetailFormulas", [])}
    known |= {each.get("developerName", "") for each in values.get("buckets", [])}
    if values.get("scope", "org") not in _SCOPES:
        yield f"scope: the scope {values['scope']} is not valid for the report type {report_type}"
    yield from _columns(values, known)
    yield from _shape(values)
    yield from _sums(values, known)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the report as the platform keeps it. Inferred: the switches that it writes in."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("scope", "organization")
    for member in ("showDetails", "showGrandTotal", "showSubTotals"):
        values.setdefault(member, "true")
    return values


def _columns_of(report_type: str, organization: Organization) -> frozenset[str]:
    """Return what the columns of a report of this type may be; nothing for a type that is not executed here."""
    if report_type == "LeadList":
        own = (each for each in fields_of(organization, "Lead") if each.endswith(CUSTOM))
        return _LEAD_COLUMNS | {f"Lead.{each}" for each in own}
    if report_type.startswith(_OF_OBJECT):
        name = report_type.removeprefix(_OF_OBJECT)
        component = organization.of("CustomObject").get(name)
        if component is None or component.values.get("enableReports") != "true":
            return frozenset()
        return _CUSTOM_COLUMNS | {f"{name}.{each}" for each in fields_of(organization, name) if each.endswith(CUSTOM)}
    return frozenset(columns_for_reports(organization, report_type.removesuffix(CUSTOM)))


def _sums(values: Values, known: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the formulas of a report: what they read must be a column, or a number of rows."""
    seen: set[str] = set()
    for each in values.get("aggregates", []):
        name, text = each.get("developerName", ""), each.get("calculatedFormula", "")
        yield from too_long("calculatedFormula", text, _FORMULA_LIMIT)
        if name in seen:
            yield f"Duplicate developerName specified: {name}"
        seen.add(name)
        for column in _SUMMED.findall(text):
            # Inferred: here alone a column of a report type of one's own is written with a dot for the dollar sign.
            if "$" in column or not {column, column.replace(".", "$", 1)} & known:
                yield f"aggregates-calculatedFormula: Field {column} does not exist. Check spelling."
        if text.count("(") != text.count(")"):
            yield "aggregates-calculatedFormula: Syntax error. Missing ')'"
    if len(seen) > _SUMS_LIMIT:
        yield f"aggregates: a report has at most {_SUMS_LIMIT} summary formulas, and {len(seen)} are given"
    if len(values.get("customDetailFormulas", [])) > 1:
        yield "customDetailFormulas: a report has at most one formula for each row"
    chart = values.get("chart", {})
    groupings = {
        each.get("field") for member in ("groupingsDown", "groupingsAcross") for each in values.get(member, [])
    }
    for member in ("groupingColumn", "secondaryGroupingColumn"):
        if member in chart and chart[member] not in groupings:
            yield f"chart-{member}: Invalid value specified: {chart[member]}"
    for each in chart.get("chartSummaries", []):
        if each.get("column", "") not in known | seen | {"RowCount"}:
            yield f"chart-chartSummaries-column: Invalid value specified: {each.get('column', '')}"


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
    criteria = values.get("filter", {})
    yield from check_logic(criteria.get("booleanFilter"), criteria.get("criteriaItems", []))
