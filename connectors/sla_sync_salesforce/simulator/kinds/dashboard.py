"""Dashboards: a grid of components, each of which shows a report that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_NOT_EXECUTED = ("dashboardFilters", "leftSection", "middleSection", "rightSection", "numSubscriptions", "owner")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_COLOURS = ("backgroundEndColor", "backgroundStartColor", "textColor", "titleColor")
_WITHOUT_REPORT = ("RichText", "Image", "Scontrol", "VisualforcePage")
_GROUPED = ("Bar", "Column", "Donut", "Funnel", "Line", "Pie")
_TITLE_LIMIT, _NAME_LIMIT, _COMPONENTS_LIMIT, _COLUMNS = 80, 80, 20, (9, 12)


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a dashboard."""
    values = incoming.values
    folder, _, name = incoming.full_name.rpartition("/")
    if folder not in organization.of("DashboardFolder"):
        yield f"Cannot find folder:{folder}"
    yield from wrong_name("Dashboard Unique Name", name, limit=_NAME_LIMIT)
    yield from blank(values, "title")
    yield from too_long("title", values.get("title", ""), _TITLE_LIMIT)
    yield from beyond("a dashboard", values.keys() & {*_NOT_EXECUTED}, ())
    for member in _COLOURS:
        if not _COLOUR.fullmatch(values.get(member, "")):
            yield f"{member}: '{values.get(member, '')}' is not a colour such as #FFFFFF"
    if values.get("dashboardType", "SpecifiedUser") == "SpecifiedUser":
        user = values.get("runningUser", "")
        if all(each.username != user for each in organization.users):
            yield f"In field: runningUser - no User named {user or '(none)'} found"
    if values.get("isGridLayout") != "true" or "dashboardGridLayout" not in values:
        yield "A dashboard that is not laid out on a grid is not implemented by this simulator"
        return
    yield from _grid(values["dashboardGridLayout"], organization)


def _grid(grid: Values, organization: Organization) -> Iterator[str]:
    width = int(grid.get("numberOfColumns", "0"))
    cells = grid.get("dashboardGridComponents", [])
    if width not in _COLUMNS:
        yield f"numberOfColumns: a grid has 9 or 12 columns, and not {width}"
    if len(cells) > _COMPONENTS_LIMIT:
        yield f"A dashboard has at most {_COMPONENTS_LIMIT} components, and {len(cells)} are given"
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        column, row, across, down = (int(cell[each]) for each in ("columnIndex", "rowIndex", "colSpan", "rowSpan"))
        header = cell["dashboardComponent"].get("header", "(no header)")
        if column < 0 or across < 1 or down < 1 or column + across > width:
            yield f"The component {header} does not fit into the {width} columns of the grid"
        mine = {(x, y) for x in range(column, column + across) for y in range(row, row + down)}
        if mine & taken:
            yield f"The component {header} overlaps another one"
        taken |= mine
        yield from _component(cell["dashboardComponent"], organization)


def _component(component: Values, organization: Organization) -> Iterator[str]:
    kind, report = component.get("componentType", ""), component.get("report")
    if kind in _WITHOUT_REPORT:
        yield f"A dashboard component of the type {kind} is not implemented by this simulator"
        return
    if report is None:
        yield f"Must specify 'report' for a dashboard component of the type {kind}"
        return
    found = organization.of("Report").get(report)
    if found is None:
        yield f"In field: report - no Report named {report} found"
        return
    if kind in _GROUPED and found.values.get("format") == "Tabular":
        yield f"The report {report} has no groupings, which a component of the type {kind} needs"
    groupings = {
        each["field"] for member in ("groupingsDown", "groupingsAcross") for each in found.values.get(member, [])
    }
    for each in component.get("groupingColumn", []):
        if each not in groupings:
            yield f"groupingColumn: Invalid value specified: {each}"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the dashboard as the platform keeps it."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("dashboardType", "SpecifiedUser")
    return values
