"""What others have under the very names that the agreement asks for, and how an administrator silences what was pushed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.application import Application
from tests.chaos.others import ask
from tests.connectors.salesforce.simulator.live import Live

_PROPERTIES = "/crm/v3/properties/contacts"
_THEIRS: Mapping[str, Mapping[str, Any]] = {
    "sla_policy": {"label": "Their policy", "type": "string", "fieldType": "text", "description": "Which one counts."},
    "sla_touch_at": {
        "label": "Their touch",
        "type": "datetime",
        "fieldType": "date",
        "description": "Somebody called.",
    },
}
_OPTION = {"value": "MQL", "label": "Marketing lead", "description": "Theirs.", "hidden": False, "displayOrder": 90}
_SWITCH = "/services/data/v63.0/sobjects/SLA_Switch__c"


def settle_where_we_would(platform: str, running: Running) -> None:
    """Let others have settings of their own where the agreement will ask for its."""
    if platform == "hubspot":
        for name, each in _THEIRS.items():
            ask(running, "POST", _PROPERTIES, {"name": name, "groupName": "contactinformation", **each})
        status = ask(running, "GET", f"{_PROPERTIES}/hs_lead_status")
        ask(running, "PATCH", f"{_PROPERTIES}/hs_lead_status", {"options": [*status["options"], _OPTION]})
        return
    application = running.application
    assert isinstance(application, Application)
    org = Live(application.desk)
    kept = {"required": "false", "trackHistory": "false"}  # as an org fills it in
    text = {**kept, "externalId": "false", "unique": "false", "inlineHelpText": "Theirs."}
    org.field("Lead.SLA_Policy__c", label="Their policy", description="Which one counts.", **text)
    org.field("Lead.SLA_Due_At__c", "DateTime", label="Their date", description="When it is over.", **kept)
    org.rule("Lead.SLA_Rejected_Reason", "ISBLANK(Title)", "Somebody else asks for a title.")
    org.keep(
        "PermissionSet",
        "SLA_Rep",
        {"label": "Their reps", "description": "Not yours.", "hasActivationRequired": "false"},
    )
    application.desk.keep()


def silence(platform: str, running: Running) -> None:
    """Silence the agreement as an administrator does: by the switch of the org, or by switching a workflow off."""
    if platform == "salesforce":
        org = ask(running, "GET", "/services/data/v63.0/query?q=SELECT+Id+FROM+Organization")["records"][0]["Id"]
        ask(running, "POST", _SWITCH, {"SetupOwnerId": org, "Silent__c": True})
        return
    flows = ask(running, "GET", "/automation/v4/flows?limit=100")["results"]
    touch = next(each for each in flows if each["name"] == SILENCED["hubspot"])
    whole = ask(running, "GET", f"/automation/v4/flows/{touch['id']}")
    filled = {"createdAt", "updatedAt", "dataSources", "crmObjectCreationStatus", "nextAvailableActionId"}
    body = {key: each for key, each in whole.items() if key not in filled}
    ask(running, "PUT", f"/automation/v4/flows/{touch['id']}", {**body, "isEnabled": False})


SILENCED: Mapping[str, str] = {"hubspot": "SLA | small | Touch", "salesforce": "SLA_Switch__c"}
"""What an audit names where the agreement is silenced."""
