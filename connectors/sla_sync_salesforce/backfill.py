"""Leads that stood in the qualifying stage before the agreement came to the org: an assignment is opened for each.

When such a lead qualified nobody knows, so that its clocks run from now on. What is open already is left alone, so that a
run which was cut off is finished by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sla_sync.connector import Resources, Stage
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.own_access import asking_for_assignments
from sla_sync_salesforce.record_settings import COLLECTION
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.translate.leg import leg_object
from sla_sync_salesforce.translate.members import member_object
from sla_sync_salesforce.translate.segments import segment_field
from sla_sync_salesforce.translate.words import source_field

_USER = "005"
# Saving an assignment concerns no rule, but a flow of it may save its lead, which must keep its owner.
_KEEP_OWNER = {"Sforce-Auto-Assign": "FALSE"}
_SHOWN = 10
"""How many refusals are told one by one."""


def backfill(
    client: Client, resources: Resources, binding: SalesforceBinding, now: Callable[[], datetime]
) -> Iterator[str]:
    """Open what is missing, and yield what was done in sentences. Raises SlaSyncError where the assignments cannot be seen."""
    stage = next((each for each in resources.stages if each.qualifies), None)
    statuses = binding.stages[stage.name].lead_status if stage and stage.name in binding.stages else ()
    why = _why_not(resources, binding, statuses, now())
    if why or stage is None:
        yield why or "No stage of the agreement opens assignments, so there is nothing to fill in."
        return
    with asking_for_assignments(client):
        leads = _leads(client, resources, binding, statuses)
        teams = _teams(client, binding) if resources.teams else {}
        opened, refused = 0, list[str]()
        for start in range(0, len(leads), COLLECTION):
            rows = _missing(client, leads[start : start + COLLECTION], resources, binding, stage, teams, now())
            answers = client.save_all(leg_object(binding), rows, create=True, headers=_KEEP_OWNER) if rows else []
            for row, answer in zip(rows, answers, strict=True):
                if answer.get("success") is True:
                    opened += 1
                else:
                    said = "; ".join(f"{each.get('statusCode')}: {each.get('message')}" for each in answer["errors"])
                    refused.append(f"Salesforce refused an assignment for the lead {row['Lead__c']}: {said}.")
    if opened:
        yield (
            f"Opened an assignment for {_leads_of(opened)} in «{stage.label}»; their clocks run from "
            f"{now():%Y-%m-%d %H:%M} UTC on."
        )
    elif not refused:
        yield f"Every lead in «{stage.label}» has an assignment."
    yield from refused[:_SHOWN]
    if len(refused) > _SHOWN:
        yield f"So it was with {len(refused) - _SHOWN} more."


def _why_not(resources: Resources, binding: SalesforceBinding, statuses: Sequence[str], now: datetime) -> str:
    if not binding.backfill:
        return "The binding says backfill: false, so nothing was filled in."
    if not statuses:
        return "The stage in which a lead qualifies is no Lead Status, so there is nothing to fill in."
    begins, ends = resources.in_force or (None, None)
    if (begins is not None and now < begins) or (ends is not None and now >= ends):
        return "The agreement is not in force now, so no assignment was opened."
    if resources.scope is not None:
        return (
            "The agreement is about some leads only, which no query can tell apart: set the Lead Status of yours once "
            "more by hand to open their assignments."
        )
    return ""


def _leads_of(number: int) -> str:
    return "one lead" if number == 1 else f"{number} leads"


def _shown_by(resources: Resources, binding: SalesforceBinding) -> Mapping[str, str]:
    """Return priority → the formula field of the lead that is ticked where it holds, as far as there is one."""
    fields = {each.origin: segment_field(binding, each.name) for each in resources.segments}
    return {each.name: fields[each.origin] for each in resources.priorities if each.origin in fields}


def _leads(
    client: Client, resources: Resources, binding: SalesforceBinding, statuses: Sequence[str]
) -> list[Mapping[str, Any]]:
    source = source_field(binding)
    columns = ["Id", "OwnerId", *_shown_by(resources, binding).values(), *((source,) if source else ())]
    where = f"IsConverted = false AND {one_of('Status', statuses)}"
    return client.query(select(", ".join(columns), "Lead", where, "ORDER BY Id"))


def _teams(client: Client, binding: SalesforceBinding) -> Mapping[str, str]:
    """Return user → team: the one in which they stand first."""
    rows = client.query(select("Person__c, Team__c", member_object(binding), "", "ORDER BY Place__c DESC"))
    return {str(each["Person__c"]): str(each["Team__c"]) for each in rows if each.get("Person__c")}


def _missing(
    client: Client,
    leads: Sequence[Mapping[str, Any]],
    resources: Resources,
    binding: SalesforceBinding,
    stage: Stage,
    teams: Mapping[str, str],
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the assignments that these leads lack, as rows."""
    columns, known = "Lead__c, Cycle__c, Ended_At__c", [str(each["Id"]) for each in leads]
    legs = client.query(select(columns, leg_object(binding), one_of("Lead__c", known))) if known else []
    opened = {str(each["Lead__c"]) for each in legs if not each.get("Ended_At__c")}
    cycles: dict[str, int] = {}
    for each in legs:
        whose = str(each["Lead__c"])
        cycles[whose] = max(cycles.get(whose, 0), int(each.get("Cycle__c") or 0))
    instant = f"{now:%Y-%m-%dT%H:%M:%S}.000+0000"
    shown, source = _shown_by(resources, binding), source_field(binding)
    rows: list[dict[str, Any]] = []
    for lead in leads:
        if lead["Id"] in opened:
            continue
        owner = str(lead["OwnerId"])
        team = teams.get(owner)
        row: dict[str, Any] = {
            "Lead__c": lead["Id"],
            "Cycle__c": cycles.get(str(lead["Id"]), 0) + 1,
            "Leg__c": 1,
            "Stage__c": stage.name,
            "Policy__c": resources.policy,
            "Calendar__c": _calendar(resources, team),
            "Qualified_At__c": instant,
            "Priority__c": next((name for name, field in shown.items() if lead.get(field) is True), None),
            "Source__c": lead.get(source) if source else None,
            "Team__c": team,
        }
        if owner.startswith(_USER):
            row |= {"OwnerId": owner, "Person__c": owner, "Assigned_At__c": instant}
        rows.append({key: value for key, value in row.items() if value not in {None, ""}})
    return rows


def _calendar(resources: Resources, team: str | None) -> str | None:
    own = next((each.calendar for each in resources.teams if each.name == team), None)
    names = [each.name for each in resources.calendars]
    return own if own in names else (names[0] if names else None)
