"""A flow that this simulator would not run as it stands is refused when it is deployed, by name; and what it would miss."""

from __future__ import annotations

import pytest

from tests.connectors.salesforce.simulator.org import Org, problems
from tests.connectors.salesforce.simulator.packages import swap
from tests.connectors.salesforce.simulator.test_after_save_flows import PATH, package

UNRUN = {
    "a look-up that writes into variables": (
        (
            "<queriedFields>Id</queriedFields>",
            "<outputAssignments><assignToReference>Found</assignToReference><field>Id</field></outputAssignments>",
        ),
        "'outputAssignments' of Get_Owner is not implemented by this simulator",
    ),
    "a path after months": (
        ("<offsetUnit>Minutes<", "<offsetUnit>Months<"),
        "The offsetUnit Months of the scheduled path At_Due is not implemented by this simulator",
    ),
    "an operator of conditions": (
        ("<operator>NotEqualTo</operator>", "<operator>WasSelected</operator>"),
        "The operator WasSelected of Late is not implemented by this simulator",
    ),
    "an operator of assignments": (
        ("<operator>Add</operator>", "<operator>RemoveFirst</operator>"),
        "The operator RemoveFirst of Count is not implemented by this simulator",
    ),
    "an operator of filters": (
        ("<field>Id</field><operator>EqualTo</operator>", "<field>Id</field><operator>NotIn</operator>"),
        "The operator NotIn of Get_Owner is not implemented by this simulator",
    ),
    "a class that is not known": (
        (
            "<actionName>SLA_Alert</actionName><actionType>customNotificationAction<",
            "<actionName>Other</actionName><actionType>apex<",
        ),
        "The class Other, which Alert calls, is not implemented by this simulator",
    ),
}
MISSED = {
    "a field that the look-up does not bring": (
        ("<queriedFields>Email</queriedFields>", ""),
        "The element Get_Owner.Email, to which Late refers, does not exist.",
    ),
    "a merge field of a text": (
        ("Call {!$Record.Name}", "Call {!$Record.Nickname}"),
        "The element $Record.Nickname, to which Words refers, does not exist.",
    ),
    "a function that no flow may use": (
        ("({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440", "PRIORVALUE({!$Record.SLA_Score__c})"),
        "The formula Minutes_Late is not valid: The PRIORVALUE function cannot be used in this type of formula.",
    ),
    "the greatest of two instants": (
        (
            "({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440",
            "MAX({!$Flow.CurrentDateTime}, {!$Record.SLA_Due_At__c})",
        ),
        "The formula Minutes_Late is not valid: Incorrect parameter type for function 'MAX()'. Expected Number, received",
    ),
    "a number compared with a text": (
        ("({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440", "IF({!$Record.SLA_Score__c} = '5', 1, 2)"),
        "The formula Minutes_Late is not valid: Incorrect parameter type for operator '='. Expected Number, received Text.",
    ),
    "the sum of two instants": (
        (
            "({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440",
            "{!$Flow.CurrentDateTime} + {!$Record.SLA_Due_At__c} - NOW()",
        ),
        "The formula Minutes_Late is not valid: Incorrect parameter type for operator '+'. Expected Number, received",
    ),
    "a function that is not evaluated": (
        ("({!$Flow.CurrentDateTime} - {!$Record.SLA_Due_At__c}) * 1440", "LEN(HYPERLINK('a', 'b'))"),
        "The formula Minutes_Late is not valid: The function HYPERLINK is not implemented by this simulator.",
    ),
}


@pytest.mark.parametrize("name", UNRUN)
def test_what_would_not_be_run_is_refused_by_name(name: str, untouched: Org) -> None:
    change, expected = UNRUN[name]
    files = package()
    swap(PATH, *change)(files)
    assert f"SLA_Breach: {expected}" in problems(untouched.deploy(files, checkOnly=True))


@pytest.mark.parametrize("name", MISSED)
def test_what_a_flow_would_miss_when_it_runs_is_told_when_it_is_deployed(name: str, untouched: Org) -> None:
    change, expected = MISSED[name]
    files = package()
    swap(PATH, *change)(files)
    found = problems(untouched.deploy(files, checkOnly=True))
    assert any(each.startswith(f"SLA_Breach: field integrity exception: unknown ({expected}") for each in found), found
