"""A flow after save with everything that one may hold, and that flow with one thing wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.connectors.salesforce.simulator.org import Org, problems, serving
from tests.connectors.salesforce.simulator.packages import Files, document, manifest, sample, swap

PATH = "flows/SLA_Breach.flow"
AT = "<locationX>0</locationX><locationY>0</locationY>"


def named(name: str) -> str:
    return f"<name>{name}</name><label>{name}</label>{AT}"


def to(target: str) -> str:
    return f"<connector><targetReference>{target}</targetReference></connector>"


def when(field: str, operator: str, value: str) -> str:
    return f"<filters><field>{field}</field><operator>{operator}</operator><value>{value}</value></filters>"


FLOW = document(
    "Flow",
    f"<actionCalls>{named('Alert')}<actionName>SLA_Alert</actionName><actionType>customNotificationAction</actionType>"
    "<inputParameters><name>recordId</name><value><elementReference>$Record.Id</elementReference></value>"
    "</inputParameters></actionCalls>"
    "<apiVersion>63.0</apiVersion>"
    f"<assignments>{named('Count')}<assignmentItems><assignToReference>Found</assignToReference>"
    "<operator>Add</operator><value><numberValue>1</numberValue></value></assignmentItems>"
    f"{to('Make_Task')}</assignments>"
    "<constants><name>Limit</name><dataType>Number</dataType><value><numberValue>5</numberValue></value></constants>"
    f"<decisions>{named('Is_Late')}<rules><name>Late</name><conditionLogic>1 AND (2 OR 3)</conditionLogic>"
    "<conditions><leftValueReference>Minutes_Late</leftValueReference><operator>GreaterThan</operator>"
    "<rightValue><elementReference>Limit</elementReference></rightValue></conditions>"
    "<conditions><leftValueReference>Get_Owner.Email</leftValueReference><operator>NotEqualTo</operator>"
    "<rightValue><stringValue>x</stringValue></rightValue></conditions>"
    "<conditions><leftValueReference>$Record.Owner:User.IsActive</leftValueReference><operator>EqualTo</operator>"
    "<rightValue><elementReference>$GlobalConstant.True</elementReference></rightValue></conditions>"
    f"{to('Mark')}<label>Late</label></rules></decisions>"
    "<formulas><name>Minutes_Late</name><dataType>Number</dataType>"
    "<expression>({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440</expression><scale>0</scale></formulas>"
    "<label>SLA Breach</label><processType>AutoLaunchedFlow</processType>"
    f"<recordCreates>{named('Make_Task')}{to('Alert')}"
    "<inputAssignments><field>OwnerId</field><value><elementReference>Get_Owner.Id</elementReference></value>"
    "</inputAssignments><inputAssignments><field>Subject</field><value><elementReference>Words</elementReference></value>"
    "</inputAssignments><object>Task</object></recordCreates>"
    f"<recordLookups>{named('Get_Owner')}{to('Is_Late')}<filterLogic>and</filterLogic>"
    f"{when('Id', 'EqualTo', '<elementReference>$Record.OwnerId</elementReference>')}"
    "<getFirstRecordOnly>true</getFirstRecordOnly><object>User</object><queriedFields>Id</queriedFields>"
    "<queriedFields>Email</queriedFields><sortField>Name</sortField><sortOrder>Asc</sortOrder>"
    "<storeOutputAutomatically>true</storeOutputAutomatically></recordLookups>"
    f"<recordUpdates>{named('Mark')}{to('Count')}<inputAssignments><field>SLA_Breached__c</field>"
    "<value><booleanValue>true</booleanValue></value></inputAssignments><inputReference>$Record</inputReference>"
    "</recordUpdates>"
    f"<start>{AT}<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria>"
    f"<filterLogic>and</filterLogic>{when('SLA_Due_At__c', 'IsNull', '<booleanValue>false</booleanValue>')}"
    "<object>Lead</object><recordTriggerType>CreateAndUpdate</recordTriggerType>"
    f"<scheduledPaths><name>At_Due</name>{to('Get_Owner')}<label>At due</label><maxBatchSize>10</maxBatchSize>"
    "<offsetNumber>0</offsetNumber><offsetUnit>Minutes</offsetUnit><recordField>SLA_Due_At__c</recordField>"
    "<timeSource>RecordField</timeSource></scheduledPaths><triggerType>RecordAfterSave</triggerType></start>"
    "<status>Active</status>"
    "<textTemplates><name>Words</name><text>Call {!$Record.Name}</text></textTemplates>"
    "<variables><name>Found</name><dataType>Number</dataType><isCollection>false</isCollection><isInput>false</isInput>"
    "<isOutput>false</isOutput></variables>",
)
BROKEN = {
    "a path at a field that is no date": (
        ("<recordField>SLA_Due_At__c<", "<recordField>SLA_Score__c<"),
        "The scheduled path At_Due needs a date field, and SLA_Score__c is none.",
    ),
    "a path without its unit": (
        ("<offsetUnit>Minutes</offsetUnit>", ""),
        "The scheduled path At_Due needs offsetNumber, offsetUnit and timeSource.",
    ),
    "a batch that is too large": (
        ("<maxBatchSize>10<", "<maxBatchSize>201<"),
        "The scheduled path At_Due has a maxBatchSize of 201; 1 to 200 are allowed.",
    ),
    "a path before save": (
        ("<triggerType>RecordAfterSave<", "<triggerType>RecordBeforeSave<"),
        "Scheduled paths are for flows that run after the record is saved.",
    ),
    "a change that a new record cannot have": (
        ("<recordTriggerType>CreateAndUpdate<", "<recordTriggerType>Create<"),
        "The start element asks for a change, and the flow runs only when a record is created.",
    ),
    "a start that says not when": (
        ("<recordTriggerType>CreateAndUpdate</recordTriggerType>", ""),
        "The start element needs a recordTriggerType.",
    ),
    "a start filter on an unknown field": (
        ("<field>SLA_Due_At__c</field><operator>IsNull", "<field>SLA_When__c</field><operator>IsNull"),
        "The field Lead.SLA_When__c, which start filters by, does not exist.",
    ),
    "a question without true or false": (
        (
            "<operator>IsNull</operator><value><booleanValue>false</booleanValue>",
            "<operator>IsNull</operator><value><stringValue>no</stringValue>",
        ),
        "The operator IsNull of start needs true or false.",
    ),
    "a lookup of an unknown object": (
        ("<object>User</object>", "<object>Usr</object>"),
        "The element Get_Owner is about Usr, which does not exist.",
    ),
    "a lookup that reads an unknown field": (
        ("<queriedFields>Email<", "<queriedFields>Mail<"),
        "The field User.Mail, which Get_Owner reads, does not exist.",
    ),
    "a lookup that sorts by an unknown field": (
        ("<sortField>Name<", "<sortField>Title<"),
        "The field User.Title, which Get_Owner reads, does not exist.",
    ),
    "a record made with an unknown field": (
        ("<field>Subject</field>", "<field>Topic</field>"),
        "The field Task.Topic, which Make_Task writes, does not exist.",
    ),
    "a reference to nothing": (
        ("<elementReference>Words<", "<elementReference>Text<"),
        "The element Text, to which Make_Task refers, does not exist.",
    ),
    "a condition about nothing": (
        ("<leftValueReference>Minutes_Late<", "<leftValueReference>Minutes<"),
        "The element Minutes, to which Late refers, does not exist.",
    ),
    "a condition on an unknown field of a related record": (
        ("$Record.Owner:User.IsActive", "$Record.Owner:User.IsAway"),
        "The element $Record.Owner:User.IsAway, to which Late refers, does not exist.",
    ),
    "a formula that does not parse": (
        ("* 1440<", "* (1440<"),
        "The formula Minutes_Late is not valid: Syntax error. Missing &apos;)&apos;.".replace("&apos;", "'"),
    ),
    "a formula of another type": (
        ("<name>Minutes_Late</name><dataType>Number<", "<name>Minutes_Late</name><dataType>Boolean<"),
        "The formula Minutes_Late is not valid: Formula result is data type (Number), incompatible with",
    ),
    "a number compared with a text": (
        ("<elementReference>Limit</elementReference>", "<stringValue>five</stringValue>"),
        "The value that Late gives to Minutes_Late is of the type text, and number is needed.",
    ),
    "an assignment to nothing": (
        ("<assignToReference>Found<", "<assignToReference>Lost<"),
        "The element Lost, to which Count refers, does not exist.",
    ),
    "a decision without conditions": (
        ("<conditionLogic>1 AND (2 OR 3)<", "<conditionLogic>1 AND (2 OR 4)<"),
        "The condition logic '1 AND (2 OR 4)' of Late does not fit its 3 conditions.",
    ),
}
REFUSED = {
    "an action that is not known here": (
        ("<actionType>customNotificationAction<", "<actionType>quip<"),
        "'quip' is not a valid value for the enum 'InvocableActionType'",
    ),
    "an action that the simulator does not know": (
        ("<actionType>customNotificationAction<", "<actionType>submit<"),
        "The action type submit of Alert is not implemented by this simulator",
    ),
    "a flow on a screen": (
        ("<processType>AutoLaunchedFlow<", "<processType>Flow<"),
        "A flow of the process type Flow is not implemented by this simulator",
    ),
    "a flow on a schedule": (
        ("<triggerType>RecordAfterSave<", "<triggerType>Scheduled<"),
        "A flow without a record trigger is not implemented by this simulator",
    ),
    "a status that the platform gives itself": (
        ("<status>Active<", "<status>Obsolete<"),
        "field integrity exception: unknown (A flow cannot be deployed with the status Obsolete.)",
    ),
    "a version of the future": (
        ("<apiVersion>63.0<", "<apiVersion>99.0<"),
        "field integrity exception: unknown (The API version 99.0 of the flow is not valid.)",
    ),
}


def package() -> Files:
    files = sample()
    files[PATH] = FLOW
    swap("package.xml", "<name>Flow</name>", "<members>SLA_Breach</members><name>Flow</name>")(files)
    return files


def test_a_flow_after_save_with_everything_is_valid(untouched: Org) -> None:
    result = untouched.deploy(package(), checkOnly=True)
    assert problems(result) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_flow_that_is_wrong_in_one_place_is_refused_for_that(name: str, untouched: Org) -> None:
    change, expected = BROKEN[name]
    files = package()
    swap(PATH, *change)(files)
    found = problems(untouched.deploy(files, checkOnly=True))
    assert any(each.startswith(f"SLA_Breach: field integrity exception: unknown ({expected}") for each in found), found


@pytest.mark.parametrize("name", REFUSED)
def test_a_flow_of_another_kind_is_refused_by_name(name: str, untouched: Org) -> None:
    change, expected = REFUSED[name]
    files = package()
    swap(PATH, *change)(files)
    assert f"SLA_Breach: {expected}" in problems(untouched.deploy(files, checkOnly=True))


def test_at_most_fifty_versions_of_a_flow_are_kept(tmp_path: Path) -> None:
    files = {PATH: FLOW, "package.xml": manifest({"Flow": ["SLA_Breach"]})}
    with serving(tmp_path) as org:
        org.deploy_sample()
        org.deploy(files)
    state = json.loads((tmp_path / "state.json").read_text("utf-8"))
    versions = state["metadata"]["Flow"]["SLA_Breach"]["versions"]
    versions += [{**versions[0], "number": number, "id": f"301{number:012}AAA"} for number in range(2, 51)]
    (tmp_path / "state.json").write_text(json.dumps(state), "utf-8")
    files[PATH] = FLOW.replace("Call {!", "Ring {!")
    with serving(tmp_path) as org:
        (problem,) = problems(org.deploy(files))
        assert problem == "SLA_Breach: You have reached the maximum number of versions of a flow: 50"
        removal = {"package.xml": manifest({}), "destructiveChanges.xml": manifest({"Flow": ["SLA_Breach-2"]})}
        assert org.deploy(removal)["status"] == "Succeeded"
        assert org.deploy(files)["status"] == "Succeeded"
