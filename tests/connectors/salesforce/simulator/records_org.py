"""An org with an object, fields and permissions of its own, for tests that write records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.connectors.salesforce.simulator.org import DATA, Org, serving
from tests.connectors.salesforce.simulator.packages import Files, document, manifest

_VALUES = "".join(
    f"<value><fullName>{name}</fullName><default>false</default><label>{name}</label></value>"
    for name in ("budget", "timing", "fit")
)
LEAD_FIELDS = {
    "SLA_Due_At__c": "<label>SLA Due At</label><type>DateTime</type>",
    "SLA_Points__c": "<label>SLA Points</label><precision>5</precision><scale>1</scale><type>Number</type>",
    "SLA_Handed__c": "<defaultValue>false</defaultValue><label>SLA Handed</label><type>Checkbox</type>",
    "SLA_Key__c": "<externalId>true</externalId><label>SLA Key</label><length>20</length><type>Text</type>"
    "<unique>true</unique>",
    "SLA_Reason__c": "<label>SLA Reason</label><type>Picklist</type><valueSet><restricted>true</restricted>"
    f"<valueSetDefinition><sorted>false</sorted>{_VALUES}</valueSetDefinition></valueSet>",
    "SLA_Detail__c": "<label>SLA Detail</label><type>Picklist</type><valueSet>"
    "<controllingField>SLA_Reason__c</controllingField><restricted>true</restricted><valueSetDefinition>"
    "<sorted>false</sorted><value><fullName>too small</fullName><default>false</default><label>too small</label></value>"
    "</valueSetDefinition><valueSettings><controllingFieldValue>fit</controllingFieldValue>"
    "<valueName>too small</valueName></valueSettings></valueSet>",
    "SLA_Double__c": "<formula>SLA_Points__c * 2</formula><label>SLA Double</label><precision>10</precision>"
    "<scale>1</scale><type>Number</type>",
    "SLA_Secret__c": "<label>SLA Secret</label><length>20</length><type>Text</type>",
}
LEG_FIELDS = {
    "Lead__c": "<deleteConstraint>SetNull</deleteConstraint><label>Lead</label><referenceTo>Lead</referenceTo>"
    "<relationshipLabel>Legs</relationshipLabel><relationshipName>SLA_Legs</relationshipName><type>Lookup</type>",
    "Cycle__c": "<label>Cycle</label><precision>4</precision><scale>0</scale><type>Number</type>",
}
USER_FIELDS = {"SLA_Region__c": "<label>SLA Region</label><length>20</length><type>Text</type>"}
READ_ONLY = ("Lead.SLA_Double__c",)
HIDDEN = ("Lead.SLA_Secret__c",)


def package() -> Files:
    """Return a package with an object, a queue, fields, a setting, a type of custom metadata and who may see them."""
    lead = "".join(f"<fields><fullName>{name}</fullName>{inside}</fields>" for name, inside in LEAD_FIELDS.items())
    leg = "".join(f"<fields><fullName>{name}</fullName>{inside}</fields>" for name, inside in LEG_FIELDS.items())
    people = "".join(f"<fields><fullName>{name}</fullName>{inside}</fields>" for name, inside in USER_FIELDS.items())
    names = [f"Lead.{name}" for name in LEAD_FIELDS] + [f"User.{name}" for name in USER_FIELDS]
    names += [f"SLA_Leg__c.{name}" for name in LEG_FIELDS]
    permissions = "".join(
        f"<fieldPermissions><editable>{'false' if name in READ_ONLY else 'true'}</editable><field>{name}</field>"
        "<readable>true</readable></fieldPermissions>"
        for name in names
        if name not in HIDDEN
    )
    return {
        "objects/Lead.object": document("CustomObject", lead),
        "objects/User.object": document("CustomObject", people),
        "objects/SLA_Leg__c.object": document(
            "CustomObject",
            f"<deploymentStatus>Deployed</deploymentStatus>{leg}<label>SLA Assignment</label><nameField>"
            "<displayFormat>SLA-{000000}</displayFormat><label>Number</label><type>AutoNumber</type></nameField>"
            "<pluralLabel>SLA Assignments</pluralLabel><sharingModel>ReadWrite</sharingModel>",
        ),
        "objects/SLA_Switch__c.object": document(
            "CustomObject",
            "<customSettingsType>Hierarchy</customSettingsType><fields><fullName>Silent__c</fullName>"
            "<defaultValue>false</defaultValue><label>Silent</label><type>Checkbox</type></fields>"
            "<label>SLA Switch</label><visibility>Public</visibility>",
        ),
        "objects/SLA_Threshold__mdt.object": document(
            "CustomObject",
            "<fields><fullName>Minutes__c</fullName><label>Minutes</label><precision>18</precision><scale>4</scale>"
            "<type>Number</type></fields><label>SLA Threshold</label><pluralLabel>SLA Thresholds</pluralLabel>"
            "<visibility>Public</visibility>",
        ),
        "customMetadata/SLA_Threshold.First_Response.md": (
            '<?xml version="1.0" encoding="UTF-8"?><CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
            "<label>First Response</label><protected>false</protected><values><field>Minutes__c</field>"
            '<value xsi:type="xsd:double">90.5</value></values></CustomMetadata>'
        ),
        "queues/SLA_SDR.queue": document(
            "Queue",
            "<doesSendEmailToMembers>false</doesSendEmailToMembers><name>SLA SDR</name>"
            "<queueSobject><sobjectType>Lead</sobjectType></queueSobject>",
        ),
        "permissionsets/SLA_Access.permissionset": document(
            "PermissionSet",
            f"{permissions}<hasActivationRequired>false</hasActivationRequired><label>SLA Access</label>"
            "<objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete>"
            "<allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords>"
            "<object>SLA_Leg__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>",
        ),
        "package.xml": manifest(
            {
                "CustomField": [*names, "SLA_Switch__c.Silent__c", "SLA_Threshold__mdt.Minutes__c"],
                "CustomObject": ["SLA_Leg__c", "SLA_Switch__c", "SLA_Threshold__mdt"],
                "CustomMetadata": ["SLA_Threshold.First_Response"],
                "PermissionSet": ["SLA_Access"],
                "Queue": ["SLA_SDR"],
            }
        ),
    }


@contextmanager
def living(data: Path) -> Iterator[Org]:
    """Serve an org to which the package was deployed; the integration and Sam may see its fields."""
    with serving(data) as org:
        result = org.deploy(package())
        assert result["success"], result["details"]["componentFailures"]
        (access,) = org.query("SELECT Id FROM PermissionSet WHERE Name = 'SLA_Access'")
        for username in ("integration@acme.example", "sam@acme.example"):
            body = {"AssigneeId": user(org, username), "PermissionSetId": access["Id"]}
            assert org.ask("POST", f"{DATA}/sobjects/PermissionSetAssignment", json=body).status_code == 201
        yield org


def user(org: Org, username: str) -> str:
    """Return the id of a user."""
    identity: str = org.query(f"SELECT Id FROM User WHERE Username = '{username}'")[0]["Id"]
    return identity


def create(org: Org, object_name: str, values: Mapping[str, Any], **more: Any) -> str:
    """Create a record and return its id."""
    answer = org.ask("POST", f"{DATA}/sobjects/{object_name}", json=values, **more)
    assert answer.status_code == 201, answer.text
    identity: str = answer.json()["id"]
    return identity


def lead(org: Org, name: str = "Reyes", **values: Any) -> str:
    """Create a lead and return its id."""
    return create(org, "Lead", {"LastName": name, "Company": "Acme", **values})
