"""Reports: one folder for all of them, a list of leads for each, and those over the assignments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import Address, Desired, Gap, Report, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, LABEL_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.attainment import attainment_reports, shared_folder, shown_reports
from sla_sync_salesforce.translate.fields import field_address, only_on_leg
from sla_sync_salesforce.translate.segments import EXCLUDED, segment_field
from sla_sync_salesforce.translate.words import OBJECT, Holds, Place, Words

# Inferred: the names by which the report type LeadList calls the standard fields, from reports that real orgs returned.
COLUMNS: Mapping[str, str] = {
    "Company": "COMPANY",
    "CreatedDate": "CREATED_DATE",
    "Email": "EMAIL",
    "FirstName": "FIRST_NAME",
    "IsConverted": "CONVERTED",
    "LastModifiedDate": "LAST_UPDATE",
    "LastName": "LAST_NAME",
    "LeadSource": "LEAD_SOURCE",
    "OwnerId": "OWNER",
    "Rating": "RATING",
    "Status": "STATUS",
}
AGREED_COLUMNS: Mapping[str, str] = {
    "company": "COMPANY",
    "email": "EMAIL",
    "name": "LAST_NAME",
    "owner": "OWNER",
    "source": "LEAD_SOURCE",
    "stage": "STATUS",
}
_NAME, _OWNER = "LAST_NAME", "OWNER"


def folder_address(binding: SalesforceBinding) -> Address:
    """Return the address of the folder that holds our reports."""
    return Address("ReportFolder", developer_name(binding.prefix, "sync"))


def reports(
    resources: Resources,
    binding: SalesforceBinding,
    setup: Setup,
    words: Words,
    *,
    excludes: bool,
    groups: Sequence[Address] = (),
) -> Iterator[Desired | Gap]:
    """Yield the folder, which these groups see, and its reports; and gaps for columns that the Lead cannot show."""
    shown = shown_reports(resources)
    if not resources.reports and not shown:
        return
    folder = folder_address(binding)
    origin = resources.reports[0].origin if resources.reports else shown[0].origin
    yield shared_folder(folder, groups, origin)
    yield from attainment_reports(resources, binding, setup, folder)
    yield from _incomplete(resources, binding, setup, words, folder)
    for report in resources.reports:
        columns: list[str] = []
        used: list[Place] = []
        for name in report.columns:
            column = _column(name, words)
            if column is None and only_on_leg(name, resources):
                continue  # the reports over the assignments show it
            if column is None:
                yield Gap(
                    f"column:{report.name}:{name}",
                    f"column «{name}» of report «{report.label}»",
                    f"Bind «{name}» to a field of the Lead that reports show: «{report.label}» lacks this column.",
                    report.origin,
                )
            else:
                columns.append(column)
                used.extend(place for place in (words.places.get(name),) if place and place.key in words.created)
        if report.stage is not None and report.stage not in words.statuses:
            yield Gap(
                f"report:{report.name}",
                f"report «{report.label}»",
                f"Build «{report.label}» by hand: stage «{report.stage}» is not a Lead Status.",
                report.origin,
            )
            continue
        address = Address("Report", f"{folder.key}/{developer_name(binding.prefix, report.name)}")
        excluded = segment_field(binding, EXCLUDED) if excludes else None
        yield Desired(
            address,
            _values(report, columns, words, excluded, setup),
            requires=(
                folder,
                *(field_address(each.api) for each in used),
                *((field_address(excluded),) if excluded else ()),
            ),
            origins={(): report.origin},
        )


def _incomplete(
    resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words, folder: Address
) -> Iterator[Desired]:
    """Yield a list of the leads that stand in the qualifying stage and lack what it needs: they came past the gate."""
    for stage in resources.stages:
        statuses = words.statuses.get(stage.name, ())
        asked: list[tuple[str, str, Place]] = []
        for name in resources.needs.get(stage.name, ()):
            column, place = _column(name, words), words.places.get(name)
            if column is not None and place is not None:
                asked.append((column, "0" if place.holds is Holds.CHECKBOX else "", place))
        if not stage.qualifies or not statuses or not asked:
            continue
        listed = " OR ".join(str(number) for number in range(2, len(asked) + 2))
        criteria: list[Value] = [
            {"column": "STATUS", "operator": "equals", "value": _listed(statuses)},
            *({"column": column, "operator": "equals", "value": blank} for column, blank, _ in asked),
        ]
        label = f"{stage.label} that lack something"
        means = f"Leads in {stage.label} of which something that it needs is not known."
        yield Desired(
            Address("Report", f"{folder.key}/{developer_name(binding.prefix, stage.name, 'incomplete')}"),
            {
                "columns": [{"field": each} for each in dict.fromkeys((_NAME, *(column for column, _, _ in asked)))],
                "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
                "filter": {"booleanFilter": f"1 AND ({listed})", "criteriaItems": criteria},
                "format": "Summary",
                "groupingsDown": [{"dateGranularity": "Day", "field": _OWNER, "sortOrder": "Asc"}],
                "name": shorten(label, LABEL_LIMIT),
                "reportType": "LeadList",
                "scope": "org",
                "showDetails": True,
                "timeFrameFilter": {"dateColumn": "CREATED_DATE", "interval": "INTERVAL_CUSTOM"},
            },
            requires=(folder, *(field_address(each.api) for _, _, each in asked if each.key in words.created)),
            origins={(): ("stages", stage.name, "needs")},
        )


def _column(name: str, words: Words) -> str | None:
    place = words.places.get(name)
    if place is None:
        return AGREED_COLUMNS.get(name)
    if place.api.endswith("__c"):
        return place.key if place.path == place.api else None
    return COLUMNS.get(place.api)


def _values(report: Report, columns: list[str], words: Words, excluded: str | None, setup: Setup) -> dict[str, Value]:
    by_owner = _OWNER in columns
    # Inferred: a field by which a report is grouped cannot be a column of it as well.
    shown = [_NAME, *(each for each in columns if each not in {_NAME, _OWNER})]
    criteria: list[Value] = []
    if report.stage is not None:
        criteria.append({"column": "STATUS", "operator": "equals", "value": _listed(words.statuses[report.stage])})
    if excluded is not None:
        criteria.append({"column": f"{OBJECT}.{excluded}", "operator": "equals", "value": "0"})
    values: dict[str, Value] = {
        "columns": [{"field": each} for each in shown],
        "description": describe(report.means, setup.agreement, limit=DESCRIPTION_LIMIT),
        "format": "Summary" if by_owner else "Tabular",
        "name": shorten(report.label, LABEL_LIMIT),
        "reportType": "LeadList",
        "scope": "org",
        "showDetails": True,
        "timeFrameFilter": {"dateColumn": "CREATED_DATE", "interval": "INTERVAL_CUSTOM"},
    }
    if criteria:
        values["filter"] = {"criteriaItems": criteria}
    if by_owner:
        values["groupingsDown"] = [{"dateGranularity": "Day", "field": _OWNER, "sortOrder": "Asc"}]
    return values


def _listed(statuses: tuple[str, ...]) -> str:
    """Return values as a report filter lists them: a comma means or. Inferred: a value with a comma stands in quotes."""
    return ",".join(f'"{each}"' if "," in each else each for each in statuses)
