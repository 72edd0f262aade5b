from __future__ import annotations

import base64

from tests.connectors.salesforce.simulator.org import DATA, Org, problems
from tests.connectors.salesforce.simulator.packages import manifest

RESOURCES = f"{DATA}/sobjects/StaticResource"
ASSIGNMENTS = f"{DATA}/sobjects/PermissionSetAssignment"


def body(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def lock(text: str = "mine") -> dict[str, str]:
    return {"Name": "SLA_Lock", "ContentType": "application/json", "Body": body(text)}


def test_a_static_resource_is_written_read_changed_and_deleted(org: Org) -> None:
    created = org.ask("POST", RESOURCES, json=lock())
    assert created.status_code == 201
    identity = created.json()["id"]
    assert org.ask("GET", f"{RESOURCES}/{identity}/Body").text == "mine"
    assert org.ask("PATCH", f"{RESOURCES}/{identity}", json={"Body": body("yours")}).status_code == 204
    assert org.ask("GET", f"{RESOURCES}/{identity}/Body").text == "yours"
    assert org.ask("DELETE", f"{RESOURCES}/{identity}").status_code == 204
    assert org.refusal("DELETE", f"{RESOURCES}/{identity}")[:2] == (404, "ENTITY_IS_DELETED")
    assert org.application.state_changes == 3


def test_the_name_of_a_static_resource_is_given_once(org: Org) -> None:
    org.ask("POST", RESOURCES, json=lock())
    status, code, text = org.refusal("POST", RESOURCES, json=lock("second"))
    assert (status, code) == (400, "DUPLICATE_DEVELOPER_NAME")
    assert "SLA_Lock" in text
    assert org.application.state_changes == 1


def test_a_static_resource_is_the_same_by_record_and_by_package(org: Org) -> None:
    org.ask("POST", RESOURCES, json=lock())
    files = org.retrieve({"StaticResource": ["SLA_Lock"]})
    assert files["staticresources/SLA_Lock.resource"] == "mine"
    assert "<cacheControl>Private</cacheControl>" in files["staticresources/SLA_Lock.resource-meta.xml"]


def test_unknown_and_missing_columns_are_refused_by_name(org: Org) -> None:
    status, code, text = org.refusal("POST", RESOURCES, json={**lock(), "Colour": "red"})
    assert (status, code, text) == (400, "INVALID_FIELD", "No such column 'Colour' on sobject of type StaticResource")
    assert org.refusal("POST", RESOURCES, json={"Name": "X"})[1] == "REQUIRED_FIELD_MISSING"


def test_records_that_are_not_implemented_are_refused_by_name(org: Org) -> None:
    text = org.refusal("POST", f"{DATA}/sobjects/User", json={"LastName": "X"})[2]
    assert text == "Creating or deleting users is not implemented by this simulator"
    assert org.refusal("POST", f"{DATA}/sobjects/Case", json={})[:2] == (404, "NOT_FOUND")


def assignment(org: Org, username: str) -> dict[str, str]:
    users = {each["Username"]: each["Id"] for each in org.query("SELECT Id, Username FROM User")}
    permission_set = org.query("SELECT Id FROM PermissionSet WHERE Name = 'SLA_Access'")[0]["Id"]
    return {"AssigneeId": users[username], "PermissionSetId": permission_set}


def test_a_permission_set_is_assigned_once_and_taken_back(org: Org) -> None:
    org.deploy_sample()
    wanted = assignment(org, "sam@acme.example")
    identity = org.ask("POST", ASSIGNMENTS, json=wanted).json()["id"]
    assert org.refusal("POST", ASSIGNMENTS, json=wanted)[:2] == (400, "DUPLICATE_VALUE")
    query = "SELECT Assignee.Username FROM PermissionSetAssignment WHERE PermissionSet.Name = 'SLA_Access'"
    assert [each["Assignee"]["Username"] for each in org.query(query)] == ["sam@acme.example"]
    assert org.ask("DELETE", f"{ASSIGNMENTS}/{identity}").status_code == 204
    assert org.query(query) == []


def test_every_user_holds_the_set_behind_the_profile(org: Org) -> None:
    query = "SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.IsOwnedByProfile = true"
    assert len(org.query(query)) == 9


def test_an_assignment_to_nobody_or_to_an_inactive_user_is_refused(org: Org) -> None:
    org.deploy_sample()
    wanted = assignment(org, "former@acme.example")
    assert org.refusal("POST", ASSIGNMENTS, json=wanted)[1] == "FIELD_INTEGRITY_EXCEPTION"
    nobody = {**wanted, "AssigneeId": "005000000000000AAA"}
    assert org.refusal("POST", ASSIGNMENTS, json=nobody)[1] == "INVALID_CROSS_REFERENCE_KEY"


def test_a_permission_set_that_is_assigned_cannot_be_deleted(org: Org) -> None:
    org.deploy_sample()
    org.ask("POST", ASSIGNMENTS, json=assignment(org, "sam@acme.example"))
    removal = {"package.xml": manifest({}), "destructiveChanges.xml": manifest({"PermissionSet": ["SLA_Access"]})}
    (problem,) = problems(org.deploy(removal))
    assert "You can't delete the permission set SLA_Access because it is assigned to users" in problem


def test_an_assignment_stands_in_the_audit_trail(org: Org) -> None:
    org.deploy_sample()
    org.ask("POST", ASSIGNMENTS, json=assignment(org, "sam@acme.example"))
    row = org.query("SELECT Display, Section FROM SetupAuditTrail WHERE Action = 'PermSetAssign'")[0]
    assert row["Display"].startswith("Permission set SLA_Access: assigned to user Sam")


def test_a_user_without_the_permission_may_not_assign(org: Org) -> None:
    org.deploy_sample()
    wanted, token = assignment(org, "sam@acme.example"), org.application.viewer_token
    assert org.refusal("POST", ASSIGNMENTS, json=wanted, token=token)[0] == 403


def fields(org: Org, token: str | None = None) -> dict[str, dict[str, object]]:
    answer = org.ask("GET", f"{DATA}/sobjects/Lead/describe", token=token).json()
    return {each["name"]: each for each in answer["fields"]}


def test_a_new_field_is_seen_by_nobody_until_a_permission_set_grants_it(org: Org) -> None:
    org.deploy_sample()
    assert "SLA_Reason__c" not in fields(org)
    status, code, _ = org.refusal("GET", f"{DATA}/query", params={"q": "SELECT SLA_Reason__c FROM Lead"})
    assert (status, code) == (400, "INVALID_FIELD")
    org.ask("POST", ASSIGNMENTS, json=assignment(org, "integration@acme.example"))
    seen = fields(org)
    assert (seen["SLA_Reason__c"]["updateable"], seen["SLA_Score__c"]["updateable"]) == (True, False)
    assert org.query("SELECT SLA_Reason__c FROM Lead") == []
    assert "SLA_Reason__c" not in fields(org, org.application.administrator_token)


def test_a_describe_tells_the_values_of_a_picklist(org: Org) -> None:
    org.deploy_sample()
    status = fields(org)["Status"]["picklistValues"]
    assert isinstance(status, list)
    assert [each["value"] for each in status][:2] == ["Open - Not Contacted", "MQL"]


def test_the_describe_of_an_object_that_does_not_exist_is_refused(org: Org) -> None:
    assert org.refusal("GET", f"{DATA}/sobjects/Leed/describe")[1] == "INVALID_TYPE"


def test_whoever_may_manage_users_freezes_them_and_nobody_else_sees_that(org: Org) -> None:
    asked = "SELECT Id, IsFrozen, LastModifiedBy.Name FROM UserLogin WHERE User.Username = 'sam@acme.example'"
    (login,) = org.query(asked)
    logins = f"{DATA}/sobjects/UserLogin"
    assert org.ask("PATCH", f"{logins}/{login['Id']}", json={"IsFrozen": True}).status_code == 204
    (frozen,) = org.query(asked)
    assert (login["IsFrozen"], frozen["IsFrozen"], frozen["LastModifiedBy"]["Name"]) == (False, True, "Integration")
    (user,) = org.query("SELECT IsActive FROM User WHERE Username = 'sam@acme.example'")
    assert user["IsActive"] is True
    (line,) = org.query("SELECT Display FROM SetupAuditTrail WHERE Action = 'frozeuser'")
    assert line["Display"] == "Froze user Sam"
    assert (
        org.refusal("PATCH", f"{logins}/{login['Id']}", json={"IsPasswordLocked": True})[1]
        == "FIELD_INTEGRITY_EXCEPTION"
    )
    assert org.refusal("POST", logins, json={"IsFrozen": True})[1] == "INVALID_TYPE_FOR_OPERATION"
    assert org.refusal("DELETE", f"{logins}/{login['Id']}")[1] == "INVALID_TYPE_FOR_OPERATION"
    viewer = org.running.token.replace("integration", "viewer")
    assert org.refusal("GET", f"{DATA}/query", token=viewer, params={"q": asked})[1] == "INVALID_TYPE"
