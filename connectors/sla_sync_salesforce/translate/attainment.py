"""What people look at to see whether a promise is kept: a report type over the assignments, and reports for each question.

The letters of the reports follow the questions that two parties ask of each other every week: who keeps the promise,
what is overdue, are we on pace, why do leads come back, do they arrive whole, and does everyone's work have an owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Clock, Desired, Gap, KeyPath, Mode, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, FIELD_DESCRIPTION_LIMIT, LABEL_LIMIT, developer_name, shorten
from sla_sync_salesforce.names import words as read_aloud
from sla_sync_salesforce.translate.contacts import has_assignments
from sla_sync_salesforce.translate.leg import LEG_FIELDS, clock_fields, commitment_name, leg_field, leg_object

# Inferred: a report type reaches the fields of a record that a look-up leads to by the look-up's own name.
THROUGH: tuple[tuple[str, str], ...] = (
    ("Lead__c.Company", "Company"),
    ("Lead__c.Status", "Lead Status"),
    ("Lead__c.LeadSource", "Lead Source"),
    ("Person__c.IsActive", "Person is active"),
)
_HIDDEN = frozenset({"Route__c", "Pass_To__c", "Move_To__c", "Move_Reason__c", "Of_Lead__c"})
"""Orders between flows, and an id: nobody reports on them."""
_JUDGED = "on_time,late,overdue"


@dataclass(frozen=True)
class Shown:
    """One report over the assignments: what it lists and counts, and the line of the agreement that it measures."""

    name: str
    label: str
    means: str
    origin: KeyPath
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    asks: tuple[tuple[str, str, str], ...]
    logic: str | None = None
    period: tuple[str, str] | None = None
    share: str | None = None
    """The field of which the share of rows is shown in percent: 1 in a row that counts and 0 in one that does not."""
    needs: tuple[str, ...] = ()


def shown_clocks(resources: Resources) -> tuple[Clock, ...]:
    """Return the clocks of which an org keeps anything."""
    return tuple(clock for clock in resources.clocks if clock.mode is not Mode.MEASURE and clock.limits)


def kept_field(clock: Clock) -> str:
    """Return the field of the assignment that is 1 where a promise was kept and 0 everywhere else."""
    return f"{commitment_name(clock.name)}_Kept__c"


def report_type(binding: SalesforceBinding) -> Address:
    """Return the address of the report type over the assignments."""
    return Address("ReportType", f"{binding.prefix}Assignments")


def attainment_fields(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the number by which reports count what was kept, for each clock."""
    if not has_assignments(resources):
        return
    for clock in shown_clocks(resources):
        fields = clock_fields(clock)
        means = f"{clock.means} 1 where it was kept, 0 where not: reports add it up."
        yield Desired(
            leg_field(binding, kept_field(clock)),
            {
                "label": shorten(f"{clock.label}: kept", LABEL_LIMIT),
                "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
                "inlineHelpText": means,
                "type": "Number",
                "precision": 18,
                "scale": 0,
                "formula": f'IF({fields.state} = "on_time", 1, 0)',
                "formulaTreatBlanksAs": "BlankAsZero",
            },
            requires=(Address("CustomObject", leg_object(binding)), leg_field(binding, fields.state)),
            origins={(): clock.origin},
        )


def shown_reports(resources: Resources) -> tuple[Shown, ...]:
    """Return the reports over the assignments that this agreement asks for."""
    if not has_assignments(resources):
        return ()
    stage = next(stage for stage in resources.stages if stage.qualifies)
    clocks = shown_clocks(resources)
    made = [*(_attainment(clock) for clock in clocks), *(_overdue(clock) for clock in clocks)]
    made.append(
        Shown(
            "qualified this month",
            f"{stage.label} this month by source",
            "What qualified this month, each cycle once.",
            stage.origin,
            ("Lead__c.Company", "Qualified_At__c", "Priority__c", "Stage__c"),
            ("Source__c",),
            (("Leg__c", "equals", "1"),),
            period=("Qualified_At__c", "INTERVAL_THISMONTH"),
        )
    )
    if resources.reason_sets:
        made.append(
            Shown(
                "why leads come back",
                "Reasons this quarter",
                "Why leads left the path, by reason and source.",
                ("reasons",),
                ("Lead__c.Company", "Person__c", "Verdict__c", "Ended_At__c"),
                ("Reason__c", "Source__c"),
                (("Reason__c", "notEqual", ""),),
                period=("Ended_At__c", "INTERVAL_CURRENTQ"),
            )
        )
    made.append(
        Shown(
            "without an owner",
            "Assignments without an owner",
            "Open assignments that wait in a queue, or whose person is no longer active.",
            ("routing",) if resources.routing else stage.origin,
            ("Lead__c.Company", "Person__c", "Qualified_At__c", "Priority__c"),
            ("Team__c",),
            (("Ended_At__c", "equals", ""), ("Person__c", "equals", ""), ("Person__c.IsActive", "equals", "0")),
            logic="1 AND (2 OR 3)",
        )
    )
    return tuple(made)


def _attainment(clock: Clock) -> Shown:
    fields = clock_fields(clock)
    return Shown(
        f"{clock.name} kept",
        f"{clock.label}: on-time rate by owner",
        f"{clock.means} The share that was on time of all that fell due this month.",
        clock.origin,
        ("Lead__c.Company", "Priority__c", fields.due, fields.stopped, fields.state),
        ("Person__c",),
        ((fields.state, "equals", _JUDGED),),
        period=(fields.due, "INTERVAL_THISMONTH"),
        share=kept_field(clock),
    )


def _overdue(clock: Clock) -> Shown:
    fields = clock_fields(clock)
    return Shown(
        f"{clock.name} overdue",
        f"{clock.label}: overdue",
        f"{clock.means} What is overdue now, the oldest first.",
        clock.origin,
        ("Lead__c.Company", "Team__c", "Priority__c", fields.started, fields.due),
        ("Person__c",),
        ((fields.state, "equals", "overdue"), ("Ended_At__c", "equals", "")),
        period=(fields.due, "INTERVAL_CUSTOM"),
    )


def report_types(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the report type over the assignments and what their look-ups lead to."""
    if not has_assignments(resources):
        return
    owner = leg_object(binding)
    fields = [name for name in LEG_FIELDS if name not in _HIDDEN]
    for clock in shown_clocks(resources):
        names = clock_fields(clock)
        fields += [names.started, names.due, names.stopped, names.state, names.passes, kept_field(clock)]
    listed: list[Value] = [
        {"checkedByDefault": each == "Name", "field": each, "table": owner} for each in ("Name", *fields)
    ]
    beyond: list[Value] = [
        {"checkedByDefault": False, "displayNameOverride": label, "field": path, "table": owner}
        for path, label in THROUGH
    ]
    sections: list[Value] = [
        {"columns": listed, "masterLabel": "SLA Assignments"},
        {"columns": beyond, "masterLabel": "Lead and person"},
    ]
    yield Desired(
        report_type(binding),
        {
            "baseObject": owner,
            "category": "leads",
            "deployed": True,
            "description": describe(
                f"Every owner's turn under «{resources.title}».", setup.agreement, limit=DESCRIPTION_LIMIT
            ),
            "label": "SLA Assignments",
            "sections": sections,
        },
        requires=(Address("CustomObject", owner), *(leg_field(binding, each) for each in fields)),
        origins={(): ("commitments",)},
    )


def report_name(binding: SalesforceBinding, report: Shown) -> str:
    """Return the developer name of a report."""
    return developer_name(binding.prefix, report.name)


def attainment_reports(
    resources: Resources, binding: SalesforceBinding, setup: Setup, folder: Address
) -> Iterator[Desired]:
    """Yield the reports over the assignments, in this folder."""
    for report in shown_reports(resources):
        used = {*report.columns, *report.groups, *(field for field, _, _ in report.asks)}
        used |= {report.period[0]} if report.period else set()
        used |= {report.share} if report.share else set()
        yield Desired(
            Address("Report", f"{folder.key}/{report_name(binding, report)}"),
            _values(report, binding, setup),
            requires=(
                folder,
                report_type(binding),
                *(leg_field(binding, each) for each in sorted(used) if "." not in each and each != "Name"),
            ),
            origins={(): report.origin},
        )


def _values(report: Shown, binding: SalesforceBinding, setup: Setup) -> dict[str, Value]:
    owner = leg_object(binding)

    def column(name: str) -> str:
        # Inferred: a report on a report type of one's own names a column by the object, a dollar sign and the field.
        return f"{owner}${name}"

    columns: list[Value] = [{"field": column("Name")}, *({"field": column(each)} for each in report.columns)]
    asks: list[Value] = [
        {"column": column(field), "operator": operator, "value": value} for field, operator, value in report.asks
    ]
    values: dict[str, Value] = {}
    if report.share is not None:
        # A column is added up only where the report shows it.
        columns.append({"aggregateTypes": ["Sum"], "field": column(report.share)})
        values["aggregates"] = [
            {
                "calculatedFormula": f"{owner}.{report.share}:SUM / RowCount",
                "datatype": "percent",
                "developerName": "FORMULA1",
                "isActive": True,
                "isCrossBlock": False,
                "masterLabel": "Kept",
                "scale": 1,
            }
        ]
    # Inferred: a field by which a report is grouped cannot be a column of it as well.
    grouped = {column(each) for each in report.groups}
    values["columns"] = [each for each in columns if isinstance(each, Mapping) and each["field"] not in grouped]
    values["description"] = describe(report.means, setup.agreement, limit=DESCRIPTION_LIMIT)
    values["filter"] = {**({"booleanFilter": report.logic} if report.logic else {}), "criteriaItems": asks}
    values["format"] = "Summary"
    values["groupingsDown"] = [
        {"dateGranularity": "Day", "field": column(each), "sortOrder": "Asc"} for each in report.groups
    ]
    values["name"] = shorten(report.label, LABEL_LIMIT)
    values["reportType"] = f"{report_type(binding).key}__c"
    values["scope"] = "organization"
    values["showDetails"] = True
    field, interval = report.period or ("Qualified_At__c", "INTERVAL_CUSTOM")
    values["timeFrameFilter"] = {"dateColumn": column(field), "interval": interval}
    return values


def left_to_others(resources: Resources) -> Iterator[Gap]:
    """Yield a gap for the figures that no report of Salesforce can compute, naming the promises that ask for them."""
    timed = {clock.name for clock in resources.clocks}
    others = [
        promise for promise in resources.promises if promise.name not in timed and promise.mode is not Mode.MEASURE
    ]
    if not has_assignments(resources):
        return
    stage = next(stage for stage in resources.stages if stage.qualifies)
    named = (
        f" No report here says whether these promises are kept: {_names([each.name for each in others])}; what qualified "
        f"stands in «{stage.label} this month by source»."
        if others
        else ""
    )
    yield Gap(
        "figures",
        "figures that no report can compute",
        "Compute percentiles of the response time, conversion by cohort, effort in touches, stock and flow, capacity, "
        "calibration of the score and revenue against the goal from an export of the SLA assignments: a report of "
        f"Salesforce counts, adds up and divides, and does no more.{named}",
        others[0].origin if others else ("commitments",),
    )


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"«{each}»" for each in names)


def shared_folder(folder: Address, groups: Sequence[Address], origin: KeyPath) -> Desired:
    """Return a folder that the members of these public groups may look into."""
    shares: list[Value] = [{"accessLevel": "View", "sharedTo": group.key, "sharedToType": "Group"} for group in groups]
    values: dict[str, Value] = {"name": read_aloud(folder.key)}
    return Desired(folder, values | ({"folderShares": shares} if shares else {}), tuple(groups), {(): origin})
