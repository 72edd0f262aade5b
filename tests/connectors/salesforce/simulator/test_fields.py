"""Fields of every type that the simulator takes, and what each type needs."""

from __future__ import annotations

import pytest

from tests.connectors.salesforce.simulator.org import DATA, Org, problems
from tests.connectors.salesforce.simulator.packages import OBJECT, document, manifest

VALUES = (
    "<valueSet><valueSetDefinition><sorted>false</sorted><value><fullName>A</fullName><default>false</default></value>"
    "</valueSetDefinition></valueSet>"
)
VALID = {
    "Checkbox": "<defaultValue>true</defaultValue><type>Checkbox</type>",
    "Currency": "<precision>18</precision><scale>2</scale><type>Currency</type>",
    "Date": "<type>Date</type>",
    "Email": "<type>Email</type>",
    "LongTextArea": "<length>1000</length><type>LongTextArea</type><visibleLines>3</visibleLines>",
    "Lookup": "<referenceTo>User</referenceTo><relationshipName>Helpers</relationshipName><type>Lookup</type>",
    "MultiselectPicklist": f"<type>MultiselectPicklist</type>{VALUES}<visibleLines>4</visibleLines>",
    "Percent": "<precision>5</precision><scale>2</scale><type>Percent</type>",
    "Phone": "<type>Phone</type>",
    "Text": "<length>255</length><type>Text</type>",
    "TextArea": "<type>TextArea</type>",
    "Url": "<type>Url</type>",
    "a formula over a related record": "<formula>Owner:User.IsActive</formula><type>Checkbox</type>",
    "a formula of the running user": "<formula>$User.Email = $Profile.Name</formula><type>Checkbox</type>",
}
INVALID = {
    "too long a text": ("<length>256</length><type>Text</type>", "length must be between 1 and 255"),
    "too short a long text": (
        "<length>255</length><type>LongTextArea</type><visibleLines>3</visibleLines>",
        "length must be between 256 and 131072",
    ),
    "too few lines": (
        f"<type>MultiselectPicklist</type>{VALUES}<visibleLines>2</visibleLines>",
        "visibleLines must be",
    ),
    "a lookup to nowhere": ("<type>Lookup</type>", "Must specify 'referenceTo' for a CustomField of type Lookup"),
    "more decimals than digits": (
        "<precision>3</precision><scale>4</scale><type>Number</type>",
        "Scale 4 is larger than precision 3",
    ),
    "a default that is neither true nor false": (
        "<defaultValue>maybe</defaultValue><type>Checkbox</type>",
        "Default value of a Checkbox must be true or false, and is 'maybe'",
    ),
    "two defaults": (
        "<type>Picklist</type>"
        + VALUES.replace("false</default>", "true</default>").replace(
            "</value></", "</value><value><fullName>B</fullName><default>true</default></value></"
        ),
        "Only one value may be the default, and 2 are: A, B",
    ),
    "a value without a name": (
        "<type>Picklist</type>" + VALUES.replace("A<", "<"),
        "Required field is missing: fullName",
    ),
    "values kept elsewhere": (
        "<type>Picklist</type><valueSet><valueSetName>Regions</valueSetName></valueSet>",
        "'valueSetName' of a value set is not implemented by this simulator",
    ),
    "a type that is not implemented": (
        "<type>MasterDetail</type>",
        "A CustomField of type MasterDetail is not implemented",
    ),
    "a formula that no type takes": (
        "<formula>1</formula><type>Email</type>",
        "Can not specify 'formula' for a CustomField",
    ),
    "a formula with a length": (
        "<formula>Name</formula><length>5</length><type>Text</type>",
        "Can not specify 'length'",
    ),
    "a global variable that is not known": (
        "<formula>$Setup.X__c</formula><type>Checkbox</type>",
        "Field $Setup.X__c does not exist. Check spelling.",
    ),
    "too long a description": (
        f"<description>{'x' * 1001}</description><type>Date</type>",
        "description: data value too",
    ),
    "too long a help text": (
        f"<inlineHelpText>{'x' * 511}</inlineHelpText><type>Date</type>",
        "inlineHelpText: data value",
    ),
}


def field(inside: str, object_name: str = "Lead", name: str = "SLA_X__c") -> dict[str, str]:
    text = f"<fields><fullName>{name}</fullName><label>X</label>{inside}</fields>"
    return {
        f"objects/{object_name}.object": document("CustomObject", text),
        "package.xml": manifest({"CustomField": [f"{object_name}.{name}"]}),
    }


@pytest.mark.parametrize("name", VALID)
def test_a_field_with_all_that_its_type_needs_is_taken(name: str, untouched: Org) -> None:
    assert problems(untouched.deploy(field(VALID[name]), checkOnly=True)) == []


@pytest.mark.parametrize("name", INVALID)
def test_a_field_that_its_type_does_not_allow_is_refused(name: str, untouched: Org) -> None:
    inside, expected = INVALID[name]
    found = problems(untouched.deploy(field(inside), checkOnly=True))
    assert any(each.startswith(f"Lead.SLA_X__c: {expected}") for each in found), found


def test_an_object_that_does_not_exist_here_is_refused_by_name(untouched: Org) -> None:
    (problem,) = problems(untouched.deploy(field(VALID["Date"], "Leed"), checkOnly=True))
    assert "'CustomObject' named 'Leed' cannot be found, or it takes no custom fields here" in problem


def test_a_standard_field_cannot_be_changed(untouched: Org) -> None:
    (problem,) = problems(untouched.deploy(field(VALID["Date"], name="Status"), checkOnly=True))
    assert problem == "Lead.Status: Changing the standard field Lead.Status is not implemented by this simulator"


def test_a_field_of_another_object_is_described_there(org: Org) -> None:
    org.deploy(field("<required>true</required>" + VALID["Date"], "Contact"))
    fields = org.get("/sobjects/Contact/describe")["fields"]
    (found,) = [each for each in fields if each["name"] == "SLA_X__c"]
    assert (found["custom"], found["type"], found["nillable"]) == (True, "date", False)


def test_a_formula_cannot_become_a_field_that_people_write(org: Org) -> None:
    org.deploy(field(VALID["a formula over a related record"]))
    (problem,) = problems(org.deploy(field(VALID["Checkbox"])))
    assert problem == "Lead.SLA_X__c: Cannot update a field from a Formula to something else"


def test_a_lookup_can_be_followed_in_a_formula(org: Org) -> None:
    org.deploy(field(VALID["Lookup"]))
    assert (
        problems(org.deploy(field("<formula>SLA_X__r.IsActive</formula><type>Checkbox</type>", name="SLA_Y__c"))) == []
    )


def test_the_history_of_at_most_twenty_fields_is_tracked(untouched: Org) -> None:
    tracked = "".join(
        f"<fields><fullName>SLA_X{place}__c</fullName><label>X{place}</label><trackHistory>true</trackHistory>"
        "<type>Date</type></fields>"
        for place in range(21)
    )
    names = [f"Lead.SLA_X{place}__c" for place in range(21)]
    files = {OBJECT: document("CustomObject", tracked), "package.xml": manifest({"CustomField": names})}
    found = problems(untouched.deploy(files, checkOnly=True))
    assert "You can track the history of at most 20 fields of Lead, and 21 are asked for" in found[0]


def test_tooling_describes_every_field_of_an_object(org: Org) -> None:
    org.deploy(field(VALID["a formula over a related record"]))
    query = "SELECT QualifiedApiName, DataType, IsCalculated FROM EntityParticle WHERE EntityDefinition.QualifiedApiName = 'Lead'"
    rows = {each["QualifiedApiName"]: each for each in org.query(query, tooling=True)}
    assert (rows["SLA_X__c"]["IsCalculated"], rows["Status"]["DataType"]) == (True, "Picklist")


def test_the_list_of_objects_names_what_can_be_queried(untouched: Org) -> None:
    names = {each["name"] for each in untouched.get("/sobjects")["sobjects"]}
    assert {"Lead", "PermissionSet", "SetupAuditTrail"} <= names
    assert untouched.get("/sobjects/Lead")["objectDescribe"]["queryable"] is True
    assert "Body" in {each["name"] for each in untouched.get("/sobjects/StaticResource/describe")["fields"]}
    assert untouched.ask("GET", f"{DATA}/sobjects/Leed").status_code == 400
