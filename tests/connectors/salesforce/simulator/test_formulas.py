from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync_salesforce.simulator.formulas.reading import Kind, check_formula, references_in
from tests.haste import examples

FIELDS: dict[str, Kind] = {
    "Status": "picklist",
    "Regions__c": "multipicklist",
    "Email": "text",
    "SLA_Due_At__c": "datetime",
    "SLA_Score__c": "number",
    "IsConverted": "boolean",
    "Owner:User.Email": "text",
    "$User.Id": "text",
}


def complaints(formula: str, returns: Kind | None = "boolean") -> list[str]:
    return list(check_formula(formula, FIELDS.get, returns=returns))


@pytest.mark.parametrize(
    ("formula", "returns"),
    [
        ('AND(ISPICKVAL(Status, "Nurture"), NOT(ISBLANK(Email)))', "boolean"),
        ("SLA_Score__c >= 100 && !IsConverted", "boolean"),
        ("/* a note */ Owner:User.Email = $User.Id", "boolean"),
        ('INCLUDES(Regions__c, "EMEA")', "boolean"),
        ("ISCHANGED(Status)", "boolean"),
        ("(NOW() - SLA_Due_At__c) * 24", "number"),
        ("SLA_Due_At__c + 1", "datetime"),
        ('CASE(Status, "New", 1, "Old", 2, 3)', "number"),
        ('"a" & TEXT(SLA_Score__c)', "text"),
        ("IF(IsConverted, NULL, -1)", "number"),
        ("'it\\'s' = Email", "boolean"),
    ],
)
def test_a_formula_that_the_platform_takes_is_taken(formula: str, returns: Kind) -> None:
    assert complaints(formula, returns) == []


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        ("AND(IsConverted", "Syntax error. Missing ')'"),
        ("AND(IsConverted))", "Syntax error. Extra ')'"),
        ("IsConverted IsConverted", "Syntax error. Found 'IsConverted'"),
        ("IsConverted # 1", "Syntax error. Found '#'"),
        ("SLA_Points__c > 1", "Field SLA_Points__c does not exist. Check spelling."),
        ("ISEMPTY(Email)", "Unknown function ISEMPTY. Check spelling."),
        ("IF(IsConverted, TRUE)", "Incorrect number of parameters for function 'IF()'. Expected 3, received 2"),
        ("ISPICKVAL(Email, 'x')", "Incorrect parameter type for function 'ISPICKVAL()'."),
        ("Status = 'New'", "Field Status is a picklist field."),
        ("OR(Email, IsConverted)", "Incorrect parameter type for function 'OR()'. Expected Boolean, received Text"),
        ("SLA_Score__c", "Formula result is data type (Number), incompatible with expected data type (true or false)."),
    ],
)
def test_a_formula_that_the_platform_refuses_is_refused(formula: str, complaint: str) -> None:
    assert any(each.startswith(complaint) for each in complaints(formula)), complaints(formula)


def test_references_are_found_wherever_they_stand() -> None:
    formula = 'IF(A__c > {!$Record.B__c}, TEXT(C__r.D__c), "E__c")'
    assert references_in(formula) == {"A__c", "$Record.B__c", "C__r.D__c"}


@given(st.text(alphabet="A_c( ),=<>&|\"'!+-*/1.{}$:", max_size=30))
@settings(max_examples=examples(200), derandomize=True)
def test_no_text_makes_the_check_fall_over(text: str) -> None:
    assert all(isinstance(each, str) for each in complaints(text))
