from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.salesforce.simulator.org import DATA, FIRST_DAY, Org, serving


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Return an org with the sample in it."""
    with serving(tmp_path_factory.mktemp("org")) as org:
        org.deploy_sample()
        yield org


def refused(org: Org, query: str) -> tuple[str, str]:
    status, code, message = org.refusal("GET", f"{DATA}/query", params={"q": query})
    assert status == 400
    return code, message


def names(org: Org, condition: str) -> list[str]:
    query = "SELECT Username FROM User WHERE CONDITION ORDER BY Username"
    rows = org.query(query.replace("CONDITION", condition))
    return [each["Username"].partition("@")[0] for each in rows]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Username = 'SAM@acme.example'", ["sam"]),
        (
            "Username LIKE '%a%@acme.example' AND IsActive = true AND Name != 'Admin' AND Name LIKE '_a%'",
            ["pat", "sam"],
        ),
        ("Name IN ('Ana','Ben')", ["ana", "ben"]),
        ("NOT IsActive = true", ["former"]),
        ("Name NOT IN ('Ana','Ben','Kim','Sam','Pat','Morgan') AND (NOT Name = 'Admin')", ["former", "integration"]),
        ("Name = 'Ana' OR Name = 'Ben'", ["ana", "ben"]),
        ("Profile.Name = 'System Administrator'", ["admin", "integration"]),
        ("FirstName != null", []),
        ("Name = 'O\\'Neil'", []),
    ],
)
def test_conditions_find_what_they_say(condition: str, expected: list[str], deployed: Org) -> None:
    assert names(deployed, condition) == expected


def test_rows_are_sorted_cut_and_counted(deployed: Org) -> None:
    rows = deployed.query("SELECT Name FROM User ORDER BY Name DESC LIMIT 2 OFFSET 1")
    assert [each["Name"] for each in rows] == ["Pat", "Morgan"]
    assert deployed.get("/query", q="SELECT COUNT() FROM User")["totalSize"] == 9


def test_instants_are_compared_as_instants(deployed: Org) -> None:
    query = "SELECT COUNT() FROM SetupAuditTrail WHERE CreatedDate >= 2026-09-30T20:00:00-04:00"
    assert deployed.get("/query", q=query)["totalSize"] == 13
    assert deployed.get("/query", q=query.replace(">=", "<"))["totalSize"] == 0


def test_related_records_are_nested(deployed: Org) -> None:
    row = deployed.query("SELECT CreatedBy.Profile.Name FROM SetupAuditTrail LIMIT 1")[0]
    assert row["CreatedBy"]["Profile"]["Name"] == "System Administrator"
    assert row["CreatedBy"]["attributes"]["type"] == "User"


def test_an_id_is_found_in_both_spellings(deployed: Org) -> None:
    identity = deployed.query("SELECT Id FROM PermissionSet WHERE Name = 'SLA_Access'")[0]["Id"]
    query = "SELECT Name FROM PermissionSet WHERE Id = 'ID'"
    for spelled in (identity, identity[:15]):
        assert deployed.query(query.replace("ID", spelled))[0]["Name"] == "SLA_Access"


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("SELECT Id FROM Leed", "INVALID_TYPE", "sObject type 'Leed' is not supported."),
        ("SELECT Nme FROM User", "INVALID_FIELD", "No such column 'Nme' on entity 'User'."),
        ("SELECT Id FROM User WHERE Nme = 'x'", "INVALID_FIELD", "No such column 'Nme' on entity 'User'."),
        ("SELECT Boss.Name FROM User", "INVALID_FIELD", "Didn't understand relationship 'Boss' in field path."),
        ("SELECT FROM User", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM User WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM User WHERE Name = 'x", "MALFORMED_QUERY", "unexpected token: '''"),
        ("SELECT Id FROM User WHERE A = 'x' AND B = 'y' OR C = 'z'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        ("SELECT Id FROM User; DELETE", "MALFORMED_QUERY", "unexpected token: ';'"),
        ("SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD", "must be of type boolean and should not"),
        ("SELECT Id FROM User WHERE Name = 5", "INVALID_FIELD", "must be of type string and should be enclosed"),
        (
            "SELECT Id FROM SetupAuditTrail WHERE CreatedDate > '2026-10-01T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%SLA%'",
            "INVALID_FIELD",
            "field 'Display' can not be filtered in a query call",
        ),
        (
            "SELECT CALENDAR_MONTH(CreatedDate) FROM User",
            "NOT_IMPLEMENTED_BY_SIMULATOR",
            "The function CALENDAR_MONTH in a query is not implemented by this simulator",
        ),
        (
            "SELECT Id, (SELECT Id FROM Cases) FROM Lead",
            "INVALID_TYPE",
            "Didn't understand relationship 'Cases' in FROM part of query call.",
        ),
    ],
)
def test_a_query_that_is_wrong_is_refused_with_its_reason(query: str, code: str, message: str, deployed: Org) -> None:
    found, text = refused(deployed, query)
    assert found == code
    assert message in text


def test_a_query_without_text_is_refused(deployed: Org) -> None:
    assert deployed.refusal("GET", f"{DATA}/query")[1] == "MALFORMED_QUERY"


def test_many_rows_come_in_pages(tmp_path: Path) -> None:
    with serving(tmp_path):
        pass
    state = json.loads((tmp_path / "state.json").read_text("utf-8"))
    line = {"action": "x", "section": "x", "display": "x", "user": state["users"][0]["id"], "at": FIRST_DAY.isoformat()}
    state["audit"] = [{"id": f"0Ym{place:015}", **line} for place in range(229)]
    (tmp_path / "state.json").write_text(json.dumps(state), "utf-8")
    with serving(tmp_path) as org:
        query = {"q": "SELECT Id FROM SetupAuditTrail"}
        headers = {"Sforce-Query-Options": "batchSize=200"}
        first = org.ask("GET", f"{DATA}/query", params=query, headers=headers).json()
        assert (len(first["records"]), first["done"], first["totalSize"]) == (200, False, 229)
        rest = org.ask("GET", first["nextRecordsUrl"]).json()
        assert (len(rest["records"]), rest["done"]) == (29, True)
        assert len({each["Id"] for each in first["records"] + rest["records"]}) == 229
        assert org.refusal("GET", f"{DATA}/query/01g5g0000000001AAA-200")[1] == "INVALID_QUERY_LOCATOR"


def test_tooling_tells_rules_and_fields(deployed: Org) -> None:
    rule = deployed.query(
        "SELECT ValidationName, Active, ErrorMessage, LastModifiedBy.Name FROM ValidationRule"
        " WHERE EntityDefinition.QualifiedApiName = 'Lead'",
        tooling=True,
    )[0]
    assert (rule["ValidationName"], rule["Active"]) == ("SLA_Reason_Required", True)
    fields = deployed.query(
        "SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = 'Lead' AND DeveloperName LIKE 'SLA_%'",
        tooling=True,
    )
    assert len(fields) == 6


def test_tooling_gives_the_metadata_of_one_row_only(deployed: Org) -> None:
    one = "SELECT FullName, Metadata FROM CustomField WHERE DeveloperName = 'SLA_Score'"
    metadata = deployed.query(one, tooling=True)[0]["Metadata"]
    assert (metadata["precision"], metadata["required"], metadata["formula"]) == (5, False, None)
    path, query = f"{DATA}/tooling/query", "SELECT Metadata FROM CustomField"
    status, code, text = deployed.refusal("GET", path, params={"q": query})
    assert (status, code, "Result size: 6" in text) == (400, "MALFORMED_QUERY", True)


def test_the_tables_of_one_api_are_not_those_of_the_other(deployed: Org) -> None:
    assert refused(deployed, "SELECT Id FROM FlowDefinition")[0] == "INVALID_TYPE"


def test_field_permissions_can_be_queried(deployed: Org) -> None:
    rows = deployed.query(
        "SELECT Field, PermissionsRead, PermissionsEdit FROM FieldPermissions"
        " WHERE SobjectType = 'Lead' AND Parent.Name = 'SLA_Access' AND PermissionsEdit = true"
    )
    assert [each["Field"] for each in rows] == ["Lead.SLA_Reason__c"]


def test_the_columns_of_a_query_are_told_as_the_official_cli_asks_for_them(deployed: Org) -> None:
    answer = deployed.get("/query", q="SELECT Id, CreatedBy.Profile.Name FROM SetupAuditTrail", columns="true")
    first, second = answer["columnMetadata"]
    assert (first["columnName"], first["joinColumns"]) == ("Id", [])
    assert second["joinColumns"][0]["joinColumns"][0]["columnName"] == "Name"


def test_one_record_is_read_with_the_fields_asked_for(deployed: Org) -> None:
    identity = deployed.query("SELECT Id FROM PermissionSet WHERE Name = 'SLA_Access'")[0]["Id"]
    record = deployed.get(f"/sobjects/PermissionSet/{identity}", fields="Name,Label")
    assert {key: record[key] for key in record if key != "attributes"} == {"Name": "SLA_Access", "Label": "SLA Access"}
    assert deployed.refusal("GET", f"{DATA}/sobjects/PermissionSet/0PS000000000000AAA")[:2] == (404, "NOT_FOUND")


def test_reports_and_folders_can_be_queried(deployed: Org) -> None:
    assert deployed.query("SELECT DeveloperName, FolderName FROM Report")[0]["FolderName"] == "SLA Sync"
    assert deployed.query("SELECT Name FROM Folder WHERE Type = 'Report'")[0]["Name"] == "SLA Sync"
