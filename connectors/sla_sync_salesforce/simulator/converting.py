"""What becomes of a lead besides a save: it is converted, merged into another, or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sla_sync_salesforce.simulator.agenda import forget
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.picklists import picklist
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.transaction import Transaction
from sla_sync_salesforce.simulator.saving import run_before_delete, within
from sla_sync_salesforce.simulator.store import Fields, Row, Value

# The built-in mapping of standard fields: lead field → field of the record that is made.
_TO_ACCOUNT = {
    "Company": "Name",
    "Industry": "Industry",
    "AnnualRevenue": "AnnualRevenue",
    "NumberOfEmployees": "NumberOfEmployees",
    "Country": "BillingCountry",
    "Phone": "Phone",
    "Website": "Website",
}
_TO_CONTACT = {
    "LastName": "LastName",
    "FirstName": "FirstName",
    "Salutation": "Salutation",
    "Title": "Title",
    "Phone": "Phone",
    "MobilePhone": "MobilePhone",
    "Email": "Email",
    "LeadSource": "LeadSource",
    "Description": "Description",
    "HasOptedOutOfEmail": "HasOptedOutOfEmail",
    "DoNotCall": "DoNotCall",
}
_TO_OPPORTUNITY = {"LeadSource": "LeadSource", "Company": "Name"}
_MERGE_LIMIT = 2
_SETTINGS = "LeadConvertSettings"


@dataclass(frozen=True)
class Converted:
    """The records that a lead has become."""

    lead: str
    account: str
    contact: str
    opportunity: str | None


def convert_lead(
    desk: Desk,
    who: User,
    lead: str,
    *,
    status: str,
    account: str | None = None,
    contact: str | None = None,
    opportunity_name: str | None = None,
    without_opportunity: bool = False,
    owner: str | None = None,
) -> Converted:
    """Convert a lead in one transaction. Raises RefusedError."""
    made: list[Converted] = []

    def act(tx: Transaction) -> list[str]:
        row = _convertible(tx, lead, status, contact, account)
        holder = owner or str(row["OwnerId"])
        if tx.store.get("User", holder) is None:
            # Inferred: the code; the sentence is the platform's.
            text = (
                "Converted objects can only be owned by users. If the lead is not owned by a user, you must specify a user"
                " for the Owner field."
            )
            raise RefusedError("INVALID_OPERATION", text)
        made.append(_convert(tx, row, status, holder, account, contact, opportunity_name, without=without_opportunity))
        return []

    within(desk, who.id, act)
    return made[0]


def _convertible(tx: Transaction, lead: str, status: str, contact: str | None, account: str | None) -> Row:
    row = tx.store.get("Lead", lead)
    if row is None:
        raise RefusedError("INVALID_ID_FIELD", f"invalid lead id: {lead}")
    if row.get("IsConverted"):
        raise RefusedError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    offered = picklist(tx.world.organization, "Lead", "Status")
    if not any(each.get("fullName") == status and each.get("converted") == "true" for each in offered.values):
        raise RefusedError("INVALID_STATUS", f"invalid convertedStatus: {status}")
    if contact is not None and account is None:
        raise RefusedError(
            "REQUIRED_FIELD_MISSING", "accountId is required where contactId is given", fields=("accountId",)
        )
    for object_name, identity in (("Account", account), ("Contact", contact)):
        if identity is not None and tx.store.get(object_name, identity) is None:
            raise RefusedError("INVALID_CROSS_REFERENCE_KEY", f"invalid {object_name.lower()} id: {identity}")
    return row


def _convert(
    tx: Transaction,
    row: Row,
    status: str,
    owner: str,
    account: str | None,
    contact: str | None,
    opportunity_name: str | None,
    *,
    without: bool,
) -> Converted:
    lead = str(row["Id"])
    account = _become(tx, "Account", account, _mapped(tx, row, "Account", _TO_ACCOUNT), {"OwnerId": owner})
    person = {"OwnerId": owner, "AccountId": account}
    contact = _become(tx, "Contact", contact, _mapped(tx, row, "Contact", _TO_CONTACT), person)
    opportunity = None
    if not without:
        more: Row = {"OwnerId": owner, "AccountId": account, "StageName": "Prospecting", "CloseDate": _quarter_end(tx)}
        if opportunity_name:
            more["Name"] = opportunity_name
        opportunity = _become(tx, "Opportunity", None, _mapped(tx, row, "Opportunity", _TO_OPPORTUNITY), more)
    _follow_person(tx, lead, contact)
    done: Row = {
        "Status": status,
        "OwnerId": owner,
        "IsConverted": True,
        "ConvertedDate": tx.now.astimezone(tx.world.zone).date(),
        "ConvertedAccountId": account,
        "ConvertedContactId": contact,
        "ConvertedOpportunityId": opportunity,
    }
    tx.write("Lead", [(lead, done)])
    return Converted(lead, account, contact, opportunity)


def _quarter_end(tx: Transaction) -> Value:
    """Return the last day of the present quarter, which is when a new opportunity is expected to close."""
    today = tx.now.astimezone(tx.world.zone).date()
    month = (today.month - 1) // 3 * 3 + 3
    first = today.replace(year=today.year + month // 12, month=month % 12 + 1, day=1)
    return first - timedelta(days=1)


def _become(tx: Transaction, object_name: str, identity: str | None, mapped: Row, more: Fields) -> str:
    """Make a record of a lead's values, or fill what is blank in one that is there (documented for a merge into one)."""
    if identity is None:
        (made,) = tx.write(object_name, [(None, {**mapped, **more})])
        return made
    row = tx.store.of(object_name)[identity]
    blank = {name: value for name, value in mapped.items() if row.get(name) in (None, "")}
    if blank:
        tx.write(object_name, [(identity, blank)])
    return identity


def _mapped(tx: Transaction, row: Row, target: str, standard: Mapping[str, str]) -> Row:
    """Return what a lead's fields bring to the record that it becomes: the built-in mapping and the org's own."""
    pairs = {taken: given for given, taken in standard.items()}
    component = tx.world.organization.of(_SETTINGS).get(_SETTINGS)
    for mapping in component.values.get("objectMapping", []) if component else ():
        if mapping.get("outputObject") == target:
            pairs |= {each["outputField"]: each["inputField"] for each in mapping.get("mappingFields", [])}
    known = tx.world.fields(target)
    return {taken: row.get(given) for taken, given in pairs.items() if row.get(given) is not None and taken in known}


def _follow_person(tx: Transaction, lead: str, contact: str) -> None:
    """Let activities and campaign memberships follow the person. Inferred: that no flows run for these."""
    for object_name, field in (("Task", "WhoId"), ("Event", "WhoId")):
        for identity, row in list(tx.store.of(object_name).items()):
            if row.get(field) == lead:
                tx.store.put(object_name, identity, {field: contact}, by=tx.user, at=tx.now)
    for identity, row in list(tx.store.of("CampaignMember").items()):
        if row.get("LeadId") == lead:
            tx.store.put("CampaignMember", identity, {"ContactId": contact}, by=tx.user, at=tx.now)


def merge_leads(desk: Desk, who: User, master: str, losers: Sequence[str], values: Fields | None = None) -> str:
    """Merge one or two leads into another and return its id. Raises RefusedError.

    Documented: what refers to the others refers to the winner afterwards, and no flow runs for these; the winner is saved.
    """
    if not 1 <= len(losers) <= _MERGE_LIMIT or master in losers:
        raise RefusedError("INVALID_OPERATION", f"A merge takes one or two other records, and {len(losers)} are given")

    def act(tx: Transaction) -> list[str]:
        for identity in (master, *losers):
            row = tx.store.get("Lead", identity)
            if row is None:
                raise RefusedError("INVALID_ID_FIELD", f"invalid lead id: {identity}")
            if row.get("IsConverted"):
                raise RefusedError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        winner = str((tx.store.get("Lead", master) or {})["Id"])
        # Documented order: flows before the deletion of the losers, new parents for what refers to them, then the winner.
        run_before_delete(tx, "Lead", [str((tx.store.get("Lead", each) or {})["Id"]) for each in losers])
        for loser in losers:
            for object_name, name, other in _referring(tx, loser):
                tx.store.put(object_name, other, {name: winner}, by=tx.user, at=tx.now)
            # Documented: a merge deletes the others, and each keeps which record took it over.
            tx.store.bury("Lead", loser, {"MasterRecordId": winner}, by=tx.user, at=tx.now)
            forget(tx.store, loser)
        return tx.write("Lead", [(winner, values or {})])

    (identity,) = within(desk, who.id, act)
    return identity


def delete(desk: Desk, who: User, object_name: str, identity: str) -> None:
    """Delete a record: lookups to it are emptied, or keep it where they say so. Raises RefusedError."""

    def act(tx: Transaction) -> list[str]:
        row = tx.store.get(object_name, identity)
        if row is None:
            raise RefusedError("ENTITY_IS_DELETED", "entity is deleted", status=404)
        own = str(row["Id"])
        run_before_delete(tx, object_name, [own])
        for other, name, holder in list(_referring(tx, own)):
            match tx.world.custom(other).get(name, {}).get("deleteConstraint", "SetNull"):
                case "Restrict":
                    text = f"Your attempt to delete this record is prevented by records of {other} that refer to it"
                    raise RefusedError("DELETE_FAILED", text)
                case "Cascade":
                    tx.store.remove(other, holder)
                    forget(tx.store, holder)
                case _:
                    # Documented: an emptied lookup begins no flows.
                    tx.store.put(other, holder, {name: None}, by=tx.user, at=tx.now)
        tx.store.bury(object_name, own, {}, by=tx.user, at=tx.now)
        forget(tx.store, own)
        return []

    within(desk, who.id, act)


def _referring(tx: Transaction, identity: str) -> Iterator[tuple[str, str, str]]:
    """Yield (object, field, id) of everything that refers to a record."""
    for other in object_names(tx.world.organization):
        if other in tx.store.derived:
            continue
        lookups = [name for name, shape in tx.world.fields(other).items() if shape.relationship]
        for holder, row in list(tx.store.of(other).items()):
            for name in lookups:
                if row.get(name) == identity:
                    yield other, name, holder
