"""An administrator who changes settings through the platform's own API, as people do between two runs of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.actors.row_edits import ROW_EDITS
from sla_sync_salesforce.simulator.actors.telephone import Telephone, calling
from sla_sync_salesforce.simulator.packages.rendering import escape
from sla_sync_salesforce.simulator.stock import ADMINISTRATOR

HELP = "Ask the service desk before you change this."
_HELP_MEMBER = re.compile(r"<inlineHelpText>.*?</inlineHelpText>\s*", re.DOTALL)
_ENTRY = re.compile(r"\s*<ruleEntry>.*?</ruleEntry>", re.DOTALL)
_PAIR = re.compile(r"\s*<mappingFields>.*?</mappingFields>", re.DOTALL)

_NUMBER = r"(?<=\"xsd:double\">)\d+\.?\d*(?=<)"

Change: TypeAlias = Callable[[str], str]


def administer(running: Running) -> Sequence[str]:
    """Switch one validation rule off and write another help text into one field; return a sentence for each."""
    done = []
    with calling(running) as line:
        rule = next(iter(line.names("ValidationRule")), None)
        if rule is not None:
            line.edit("ValidationRule", rule, _switched_off)
            done.append(f"{ADMINISTRATOR} switched off the validation rule {rule}.")
        field = next(iter(_fields(line)), None)
        if field is not None:
            line.edit("CustomField", field, _other_help)
            done.append(f"{ADMINISTRATOR} changed the help text of the field {field} to «{HELP}».")
    return done


def edit(running: Running, name: str) -> str:
    """Make one edit of the table by name and return a sentence about it.

    Raises LookupError where the org has nothing to edit in this way.
    """
    with calling(running) as line:
        return f"{ADMINISTRATOR} {EDITS[name](line)}."


@dataclass(frozen=True, slots=True)
class _Text:
    """An edit of the text of a component: the first with our prefix in which the change changes something."""

    type: str
    done: str
    change: Change
    within: str = ""
    """How the names begin among which it is looked for."""

    def __call__(self, line: Telephone) -> str:
        found = _fields(line) if self.type == "CustomField" else line.names(self.type) or _FIXED.get(self.type, ())
        for name in found:
            if not name.startswith(self.within):
                continue
            files = line.retrieve(self.type, name)
            if any(self.change(text) != text for path, text in files.items() if path != "package.xml"):
                line.edit(self.type, name, self.change)
                return f"{self.done} {name}"
        raise LookupError(f"The org has no {self.type} of ours that can be edited so.")


_FIXED: Mapping[str, Sequence[str]] = {
    "Settings": ("BusinessHours",),
    "LeadConvertSettings": ("LeadConvertSettings",),
}


def _fields(line: Telephone) -> list[str]:
    """Return our fields of leads first, then all others that bear our prefix or stand in our objects."""
    names = line.names("CustomField")
    return sorted(names, key=lambda name: (not name.startswith("Lead."), name))


def _switched_off(text: str) -> str:
    return text.replace("<active>true</active>", "<active>false</active>")


def _other_help(text: str) -> str:
    without = _HELP_MEMBER.sub("", text)
    return without.replace("<label>", f"<inlineHelpText>{escape(HELP)}</inlineHelpText><label>", 1)


def _sub(pattern: str, put: str | Callable[[re.Match[str]], str]) -> Change:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.sub(put, text, count=1)


def _without(pattern: re.Pattern[str]) -> Change:
    return lambda text: pattern.sub("", text, count=1)


def _turned(text: str) -> str:
    """Return assignment rules with the first two entries of the first rule in the other order."""
    entries = list(_ENTRY.finditer(text))
    if len(entries) < len(("first", "second")):
        return text
    first, second = entries[0], entries[1]
    between = text[first.end() : second.start()]
    return text[: first.start()] + second.group() + between + first.group() + text[second.end() :]


def _one_more(match: re.Match[str]) -> str:
    return str(float(match[0]) + 1)


def _flow_off(line: Telephone) -> str:
    for name in line.names("Flow"):
        if "<activeVersionNumber>" in "".join(line.retrieve("FlowDefinition", name).values()):
            path = f"flowDefinitions/{name}.flowDefinition"
            files = line.retrieve("FlowDefinition", name)
            files[path] = _sub(r"<activeVersionNumber>\d+<", "<activeVersionNumber>0<")(files[path])
            line.deploy(files)
            return f"deactivated the flow {name}"
    raise LookupError("The org has no active flow of ours.")


def _deleted(type_name: str) -> Callable[[Telephone], str]:
    """Return the edit that deletes the first component of a type for good."""

    def edit(line: Telephone) -> str:
        for name in line.names(type_name):
            listed = f"<types><members>{escape(name)}</members><name>{type_name}</name></types>"
            empty = '<Package xmlns="http://soap.sforce.com/2006/04/metadata">{}<version>63.0</version></Package>'
            line.deploy({"package.xml": empty.format(""), "destructiveChanges.xml": empty.format(listed)})
            return f"deleted the {type_name} {name}"
        raise LookupError(f"The org has no {type_name} of ours.")

    return edit


def _folder(type_name: str, folders: str) -> Callable[[Telephone], str]:
    """Return the edit that renames the first folder of ours; a package names a folder under the type that it holds."""

    def edit(line: Telephone) -> str:
        for name in line.names(folders):
            line.edit(type_name, name, _sub(r"(<name>[^<]{1,30})</name>", r"\1 new</name>"))
            return f"renamed the folder {name}"
        raise LookupError(f"The org has no {folders} of ours.")

    return edit


def _other_rule(line: Telephone) -> str:
    """Bring an assignment rule of somebody else and put it in force, which switches ours off."""
    if not line.names("AssignmentRule"):
        raise LookupError("The org has no assignment rule of ours.")
    queue = line.names("Queue")[0]
    entry = f"<ruleEntry><assignedTo>{queue}</assignedTo><assignedToType>Queue</assignedToType></ruleEntry>"
    rule = f"<assignmentRule><fullName>Everything</fullName><active>true</active>{entry}</assignmentRule>"
    namespace = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
    types = "<types><members>Lead.Everything</members><name>AssignmentRule</name></types><version>63.0</version>"
    line.deploy(
        {
            "package.xml": f"<Package {namespace}>{types}</Package>",
            "assignmentRules/Lead.assignmentRules": f"<AssignmentRules {namespace}>{rule}</AssignmentRules>",
        }
    )
    return "put the assignment rule Everything in force"


_HOLIDAY = (
    "\n    <holidays>\n        <activityDate>2026-12-31</activityDate>\n        <businessHours>\\1</businessHours>"
    "\n        <isRecurring>false</isRecurring>\n        <name>Last day of the year</name>\n    </holidays>"
)
EDITS: Mapping[str, Callable[[Telephone], str]] = {
    **ROW_EDITS,
    "field help": _Text("CustomField", "changed the help text of the field", _other_help),
    "field label": _Text(
        "CustomField", "renamed the field", _sub(r"<label>(.{1,30}?)</label>", r"<label>\1 (new)</label>")
    ),
    "picklist value": _Text(
        "CustomField",
        "added a value to the field",
        _sub(
            r"(\s*)<value>\s*<fullName>",
            r"\1<value><fullName>Something else</fullName><default>false</default><label>Something else</label></value>\g<0>",
        ),
    ),
    "status value": _Text(
        "StandardValueSet",
        "renamed a value of",
        # The values that we add come last.
        _sub(r"(.*<label>)([^<]+)</label>", r"\1\2 (new)</label>"),
    ),
    "status value off": _Text(
        "StandardValueSet",
        "switched off a value of",
        _sub(r"(.*)(</standardValue>)", r"\1<isActive>false</isActive>\2"),
    ),
    "rule out": _deleted("ValidationRule"),
    "rule off": _Text("ValidationRule", "switched off the validation rule", _switched_off),
    "rule message": _Text(
        "ValidationRule",
        "changed the message of the validation rule",
        _sub(r"<errorMessage>.*?</errorMessage>", "<errorMessage>No.</errorMessage>"),
    ),
    "assignment order": _Text("AssignmentRule", "turned the entries of the assignment rule", _turned),
    "assignment off": _Text("AssignmentRule", "switched off the assignment rule", _switched_off),
    "flow off": _flow_off,
    "flow edited": _Text(
        "Flow", "edited the flow", _sub(r"(<label>[^<]{1,60})</label>(?=\s*<locationX>)", r"\1 (new)</label>")
    ),
    "flow order": _Text("Flow", "changed the order of the flow", _sub(r"<triggerOrder>\d+<", "<triggerOrder>1999<")),
    "flow path in": _Text(
        "Flow",
        "added a path to the flow",
        _sub(
            r"(<scheduledPaths>)(.*?<name>)([^<]+)(</name>.*?</scheduledPaths>)",
            r"<scheduledPaths>\2\3_Again\4\n        \1\2\3\4",
        ),
    ),
    "apex class": _Text("ApexClass", "edited the class", _sub("<apiVersion>63.0<", "<apiVersion>62.0<")),
    "other assignment rule": _other_rule,
    "queue renamed": _Text("Queue", "renamed the queue", _sub(r"(<name>[^<]{1,30})</name>", r"\1 new</name>")),
    "group renamed": _Text("Group", "renamed the group", _sub(r"(<name>[^<]{1,30})</name>", r"\1 new</name>")),
    "permission out": _Text(
        "PermissionSet",
        "took a permission out of",
        _sub(r"<editable>true</editable>", "<editable>false</editable>"),
    ),
    "permission in": _Text(
        "PermissionSet",
        "added a permission to",
        _sub(
            r"(\s*)<label>",
            r"\1<userPermissions><enabled>true</enabled><name>ViewSetup</name></userPermissions>\1<label>",
        ),
    ),
    "custom permission": _Text(
        "CustomPermission", "renamed the permission", _sub(r"(<label>[^<]{1,60})</label>", r"\1 new</label>")
    ),
    "report filter": _Text(
        "Report",
        "changed a filter of the report",
        _sub(r"(<criteriaItems>.*?<value>)[^<]*(</value>)", r"\g<1>99\g<2>"),
    ),
    "report column out": _Text("Report", "took a column out of the report", _sub(r"\s*<columns>.*?</columns>", "")),
    "report folder": _folder("Report", "ReportFolder"),
    "dashboard folder": _folder("Dashboard", "DashboardFolder"),
    "report type": _Text("ReportType", "hid a column of", _sub("<checkedByDefault>true<", "<checkedByDefault>false<")),
    "dashboard": _Text("Dashboard", "renamed the dashboard", _sub(r"(<title>[^<]{1,60})</title>", r"\1 new</title>")),
    "list filter": _Text(
        "ListView",
        "changed a filter of the list",
        _sub(r"\s*<filters>(?:(?!</filters>).)*</filters>", ""),
    ),
    "list column out": _Text("ListView", "took a column out of the list", _sub(r"\s*<columns>[^<]*</columns>", "")),
    "threshold": _Text("CustomMetadata", "changed a number of", _sub(_NUMBER, _one_more), "SLA_Threshold."),
    "calendar row": _Text("CustomMetadata", "changed a number of", _sub(_NUMBER, _one_more), "SLA_Calendar_Day."),
    "holiday in": _Text(
        "Settings",
        "added a holiday to",
        _sub(
            r"<name>(SLA[^<]*)</name>.*?</businessHours>",
            lambda match: match.group() + _HOLIDAY.replace("\\1", match[1]),
        ),
    ),
    "business hours": _Text(
        "Settings",
        "changed the",
        _sub(r"<mondayStartTime>0?[1-9][^<]*<", "<mondayStartTime>07:30:00.000Z<"),
    ),
    "conversion": _Text("LeadConvertSettings", "took a field out of the", _without(_PAIR)),
    "lead process": _Text(
        "BusinessProcess", "switched off the lead process", _sub("<isActive>true<", "<isActive>false<")
    ),
    "record type": _Text("RecordType", "switched off the record type", _switched_off),
    "notification": _Text("CustomNotificationType", "silenced", _sub("<mobile>true<", "<mobile>false<")),
    "object": _Text(
        "CustomObject", "renamed the object", _sub(r"(<pluralLabel>[^<]{1,30})</pluralLabel>", r"\1 new</pluralLabel>")
    ),
}
"""What an administrator may do: name → what is done to the first thing of ours that it fits, said in words."""
