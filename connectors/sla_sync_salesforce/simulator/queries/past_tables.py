"""What the platform keeps of values that fields had: histories of leads and opportunities, and which fields have one.

Documented: up to twenty fields of an object have a history, from the day on which an administrator chose them; whoever makes
a lead, converts it or changes its owner is told besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import fields_of, object_names
from sla_sync_salesforce.simulator.identifiers import spelled
from sla_sync_salesforce.simulator.picklists import picklist
from sla_sync_salesforce.simulator.queries.tables import Column, Row, Table, columns
from sla_sync_salesforce.simulator.standard_values import stage_end
from sla_sync_salesforce.simulator.store import Change, Value

_OWNER = "OwnerId"
_OF_LEADS = frozenset({"Status", _OWNER, "LeadSource"})
"""The standard fields of the Lead whose history an administrator has chosen to keep."""
_IN_STAGES = ("StageName", "Amount", "Probability", "CloseDate", "ForecastCategory")
"""A row of OpportunityHistory is written when one of these changes (Object Reference, "OpportunityHistory")."""


def tracked(desk: Desk, object_name: str) -> frozenset[str]:
    """Return the fields of an object whose history is kept: custom ones by their own setting, standard ones of the Lead.

    Inferred: that an administrator chose the status, the owner and the source of leads; a new org tracks nothing.
    """
    own = f"{object_name}."
    custom = {
        name.removeprefix(own)
        for name, each in desk.organization.of("CustomField").items()
        if name.startswith(own) and each.values.get("trackHistory") == "true"
    }
    return frozenset(custom | (_OF_LEADS if object_name == "Lead" and desk.switches.lead_history else frozenset()))


def _lead_history(desk: Desk) -> Iterator[Row]:
    kept, new = tracked(desk, "Lead"), ("", datetime.min.replace(tzinfo=UTC))
    names = {str(row["Id"]): row.get("Name") for kind in ("User", "Group") for row in _rows(desk, kind)}
    for place, each in enumerate(desk.organization.store.history):
        if each.object != "Lead":
            continue
        if each.field == "Id":
            new = (each.id, each.at)
            yield _told(place, each, "created", "Text", None, None)
        elif each.field == "IsConverted" and each.new is True:
            yield _told(place, each, "leadConverted", "Text", None, None)
        elif each.field not in kept or (each.old is None and new == (each.id, each.at)):
            continue  # what a lead is made with is no change
        elif each.field == _OWNER:
            # Inferred: a change of owner is told twice, once by the ids and once by the names, both as Owner.
            yield _told(place, each, "Owner", "EntityId", each.old, each.new)
            yield _told(place, each, "Owner", "Text", names.get(str(each.old)), names.get(str(each.new)), twin=1)
        else:
            yield _told(place, each, each.field, "Text", each.old, each.new)


def _told(place: int, change: Change, field: str, kind: str, old: Value, new: Value, twin: int = 0) -> Row:
    return {
        "Id": spelled("017", 2 * place + twin + 1),
        "LeadId": change.id,
        "Field": field,
        "DataType": kind,
        "OldValue": old,
        "NewValue": new,
        "IsDeleted": False,
        "CreatedById": change.by,
        "CreatedDate": change.at,
    }


def _rows(desk: Desk, object_name: str) -> Iterator[Row]:
    yield from desk.organization.store.of(object_name).values()


def _opportunity_history(desk: Desk) -> Iterator[Row]:
    values: dict[str, dict[str, Value]] = {}
    last: tuple[str, datetime] | None = None
    row: Row | None = None
    for place, each in enumerate(desk.organization.store.history):
        if each.object != "Opportunity":
            continue
        held = values.setdefault(each.id, {})
        held[each.field] = each.new
        if each.field not in _IN_STAGES:
            continue
        if row is not None and last != (each.id, each.at):
            yield row
        last = (each.id, each.at)
        row = {
            "Id": spelled("008", place + 1),
            "OpportunityId": each.id,
            **{name: held.get(name) for name in _IN_STAGES},
            "IsDeleted": False,
            "CreatedById": each.by,
            "CreatedDate": each.at,
            "SystemModstamp": each.at,
        }
    if row is not None:
        yield row


def _opportunity_stages(desk: Desk) -> Iterator[Row]:
    for order, each in enumerate(picklist(desk.organization, "Opportunity", "StageName").values, start=1):
        name = str(each["fullName"])
        closed, won = stage_end(name)
        yield {
            "Id": spelled("01J", 1000 + order),
            "ApiName": name,
            "MasterLabel": each.get("label", name),
            "SortOrder": order,
            "IsActive": True,
            "IsClosed": closed,
            "IsWon": won,
        }


def _field_definitions(desk: Desk) -> Iterator[Row]:
    for object_name in object_names(desk.organization):
        kept = tracked(desk, object_name)
        for shape in fields_of(desk.organization, object_name).values():
            yield {
                "DurableId": f"{object_name}.{shape.name}",
                "EntityDefinitionId": object_name,
                "QualifiedApiName": shape.name,
                "DeveloperName": shape.name.removesuffix("__c"),
                "Label": shape.label,
                "IsFieldHistoryTracked": shape.name in kept,
            }


_WHO = "IsDeleted:boolean CreatedById>User CreatedDate:datetime"
# Documented: the two values can be sorted by and not filtered by ("LeadHistory").
_LEAD_HISTORY: Mapping[str, Column] = columns(f"Id:id LeadId>Lead Field DataType OldValue! NewValue! {_WHO}")
PAST_TABLES: tuple[Table, ...] = (
    Table("LeadHistory", _LEAD_HISTORY, _lead_history),
    Table(
        "OpportunityHistory",
        columns(
            "Id:id OpportunityId>Opportunity StageName Amount:number Probability:number CloseDate:date ForecastCategory"
            f" {_WHO} SystemModstamp:datetime"
        ),
        _opportunity_history,
    ),
    Table(
        "OpportunityStage",
        columns("Id:id ApiName MasterLabel SortOrder:number IsActive:boolean IsClosed:boolean IsWon:boolean"),
        _opportunity_stages,
    ),
    Table(
        "FieldDefinition",
        columns(
            "DurableId EntityDefinitionId>EntityDefinition QualifiedApiName DeveloperName Label"
            " IsFieldHistoryTracked:boolean"
        ),
        _field_definitions,
        key="DurableId",
    ),
)
"""The tables that the data API shows beside the records themselves."""
