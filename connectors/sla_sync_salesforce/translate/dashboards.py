"""One dashboard with the reports over the assignments, in a folder beside theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Address, Desired, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.attainment import Shown, report_name, shared_folder, shown_reports
from sla_sync_salesforce.translate.leg import leg_object

_COLUMNS, _WIDTH, _HEIGHT = 12, 6, 8
_TITLE_LIMIT = 40
# Inferred: an org asks for these colours of every dashboard and shows its own theme all the same.
_LOOK: dict[str, Value] = {
    "backgroundEndColor": "#FFFFFF",
    "backgroundFadeDirection": "Diagonal",
    "backgroundStartColor": "#FFFFFF",
    "chartTheme": "light",
    "colorPalette": "unity",
    "dashboardChartTheme": "light",
    "dashboardColorPalette": "unity",
    "textColor": "#000000",
    "titleColor": "#000000",
    "titleSize": 12,
}


def dashboards(
    resources: Resources, binding: SalesforceBinding, setup: Setup, folder: Address, groups: Sequence[Address]
) -> Iterator[Desired]:
    """Yield the folder and the dashboard; `folder` is the folder of the reports, these groups see it."""
    reports = shown_reports(resources)
    if not reports:
        return
    own = Address("DashboardFolder", folder.key)
    yield shared_folder(own, groups, ("commitments",))
    components: list[Value] = [
        {
            "colSpan": _WIDTH,
            "columnIndex": (place % 2) * _WIDTH,
            "dashboardComponent": _component(report, binding, folder),
            "rowIndex": (place // 2) * _HEIGHT,
            "rowSpan": _HEIGHT,
        }
        for place, report in enumerate(reports)
    ]
    address = Address("Dashboard", f"{own.key}/{developer_name(binding.prefix, 'health')}")
    yield Desired(
        address,
        {
            **_LOOK,
            "dashboardGridLayout": {
                "dashboardGridComponents": components,
                "numberOfColumns": _COLUMNS,
                "rowHeight": 36,
            },
            # Whoever looks sees what that person may see, and no seat of a licence is bound to it.
            "dashboardType": "LoggedInUser",
            "description": describe(f"How «{resources.title}» is kept.", setup.agreement, limit=DESCRIPTION_LIMIT),
            "isGridLayout": True,
            "title": shorten(resources.title, _TITLE_LIMIT),
        },
        requires=(own, *(Address("Report", f"{folder.key}/{report_name(binding, each)}") for each in reports)),
        origins={
            (): ("commitments",),
            **{
                ("dashboardGridLayout", "dashboardGridComponents", place): report.origin
                for place, report in enumerate(reports)
            },
        },
    )


def _component(report: Shown, binding: SalesforceBinding, folder: Address) -> dict[str, Value]:
    summed = "FORMULA1" if report.share else "RowCount"
    return {
        "autoselectColumnsFromReport": False,
        "chartAxisRange": "Auto",
        "chartSummary": [{"axisBinding": "y", "column": summed}],
        "componentType": "Bar",
        "displayUnits": "Auto",
        "drillEnabled": False,
        "drillToDetailEnabled": False,
        "enableHover": False,
        "expandOthers": False,
        "groupingColumn": [f"{leg_object(binding)}${report.groups[0]}"],
        "header": shorten(report.label, 80),
        "legendPosition": "Bottom",
        "report": f"{folder.key}/{report_name(binding, report)}",
        "showPercentage": False,
        "showValues": True,
        "sortBy": "RowLabelAscending",
        "useReportChart": False,
    }
