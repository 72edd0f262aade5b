"""What others do in an org beside our settings, through the platform's own API: flows and rules of theirs, people who leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.actors.telephone import Telephone, calling
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION
from sla_sync_salesforce.simulator.stock import ADMINISTRATOR

_REP = "SELECT Id, Username FROM User WHERE IsActive = true AND Username LIKE 'ana@%'"
_LABEL = re.compile(r"(<label>[^<]{1,60})</label>(?=\s*<locationX>)")
_BOSS = "SELECT Id, Username FROM User WHERE IsActive = true AND Username LIKE 'sam@%'"


def trespass(running: Running, name: str) -> str:
    """Do one thing of the table by name and return a sentence about it. Raises LookupError where nothing fits."""
    with calling(running) as line:
        return f"{ADMINISTRATOR} {TRESPASSES[name](line)}."


def _package(type_name: str, member: str, path: str, text: str) -> dict[str, str]:
    listed = f"<types><members>{member}</members><name>{type_name}</name></types><version>{VERSION}</version>"
    return {"package.xml": f'<Package xmlns="{NAMESPACE}">{listed}</Package>', path: text}


def _flow(name: str, label: str, field: str, value: str) -> dict[str, str]:
    """Return a flow that writes one field of every lead before it is saved."""
    item = (
        f"<assignmentItems><assignToReference>$Record.{field}</assignToReference><operator>Assign</operator>"
        f"<value>{value}</value></assignmentItems>"
    )
    place = "<locationX>0</locationX><locationY>0</locationY>"
    start = (
        f"<start>{place}<connector><targetReference>Write</targetReference></connector><filterLogic>and</filterLogic>"
        "<filters><field>Rating</field><operator>EqualTo</operator><value><stringValue>Hot</stringValue></value></filters>"
        "<object>Lead</object><recordTriggerType>CreateAndUpdate</recordTriggerType>"
        "<triggerType>RecordBeforeSave</triggerType></start>"
    )
    text = (
        f'<Flow xmlns="{NAMESPACE}"><apiVersion>{VERSION}</apiVersion>'
        f"<assignments><name>Write</name><label>Write</label>{place}{item}</assignments>"
        f"<environments>Default</environments><interviewLabel>{label}</interviewLabel><label>{label}</label>"
        f"<processType>AutoLaunchedFlow</processType>{start}<status>Active</status></Flow>"
    )
    return _package("Flow", name, f"flows/{name}.flow", text)


def _router(line: Telephone) -> str:
    (rep,) = line.query(_REP)
    line.deploy(_flow("Old_Lead_Router", "Old lead router", "OwnerId", f"<stringValue>{rep['Id']}</stringValue>"))
    return "put the flow Old_Lead_Router in force"


def _mover(line: Telephone) -> str:
    line.deploy(_flow("Hot_Means_Working", "Hot", "Status", "<stringValue>Working - Contacted</stringValue>"))
    return "put the flow Hot_Means_Working in force"


def _due_writer(line: Telephone) -> str:
    now = "<elementReference>$Flow.CurrentDateTime</elementReference>"
    line.deploy(_flow("Due_Right_Now", "Due right now", "SLA_Due_At__c", now))
    return "put the flow Due_Right_Now in force"


def _harmless(line: Telephone) -> str:
    line.deploy(_flow("Greets_Leads", "Greets leads", "Description", "<stringValue>Hello</stringValue>"))
    return "put the flow Greets_Leads in force"


def _rule(line: Telephone) -> str:
    formula = "AND(ISPICKVAL(Rating, &quot;Hot&quot;), ISBLANK(SLA_Due_At__c))"
    text = (
        f'<CustomObject xmlns="{NAMESPACE}"><validationRules><fullName>Needs_Due</fullName><active>true</active>'
        f"<errorConditionFormula>{formula}</errorConditionFormula><errorMessage>No.</errorMessage></validationRules>"
        "</CustomObject>"
    )
    line.deploy(_package("ValidationRule", "Lead.Needs_Due", "objects/Lead.object", text))
    return "put the validation rule Needs_Due in force"


def _assignment(line: Telephone) -> str:
    queue = line.names("Queue")[0]
    entry = f"<ruleEntry><assignedTo>{queue}</assignedTo><assignedToType>Queue</assignedToType></ruleEntry>"
    rule = f"<assignmentRule><fullName>Everything</fullName><active>true</active>{entry}</assignmentRule>"
    text = f'<AssignmentRules xmlns="{NAMESPACE}">{rule}</AssignmentRules>'
    line.deploy(_package("AssignmentRule", "Lead.Everything", "assignmentRules/Lead.assignmentRules", text))
    return "put the assignment rule Everything in force"


def _draft(line: Telephone) -> str:
    """Save a new version of a flow of ours that is not put in force."""
    for name in line.names("Flow"):
        files = line.retrieve("Flow", name)
        changed = {path: _LABEL.sub(r"\1 (new)</label>", text, count=1) for path, text in files.items()}
        changed = {path: text.replace("<status>Active<", "<status>Draft<") for path, text in changed.items()}
        if changed != files:
            line.deploy(changed)
            return f"saved a draft of the flow {name}"
    raise LookupError("The org has no active flow of ours.")


def _left(line: Telephone) -> str:
    (boss,) = line.query(_BOSS)
    line.write("User", str(boss["Id"]), {"IsActive": False})
    return f"deactivated the user {boss['Username']}"


def _frozen(line: Telephone) -> str:
    (boss,) = line.query(_BOSS)
    (login,) = line.query(f"SELECT Id FROM UserLogin WHERE UserId = '{boss['Id']}'")  # noqa: S608 - an id
    line.write("UserLogin", str(login["Id"]), {"IsFrozen": True})
    return f"froze the user {boss['Username']}"


TRESPASSES: Mapping[str, Callable[[Telephone], str]] = {
    "other flow routes": _router,
    "other flow moves": _mover,
    "other flow writes": _due_writer,
    "other flow is harmless": _harmless,
    "other validation rule": _rule,
    "other assignment rule": _assignment,
    "flow draft": _draft,
    "user left": _left,
    "user frozen": _frozen,
}
"""What others may do: name → what is done, said in words."""
