from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.connectors.salesforce.simulator.org import DATA, FIRST_DAY, Org, problems, serving
from tests.connectors.salesforce.simulator.packages import (
    FLOW,
    OBJECT,
    PERMISSIONS,
    REPORT,
    STATUS,
    Files,
    document,
    manifest,
    sample,
    swap,
    zipped,
)

NO_LABEL = swap(OBJECT, "<label>SLA Due At</label>", "")
LABEL = swap(OBJECT, "<label>SLA Score</label>", "<label>SLA Points</label>")


def destructive(members: dict[str, list[str]], name: str = "destructiveChanges.xml") -> Files:
    return {"package.xml": manifest({}), name: manifest(members)}


def test_a_deployment_is_pending_then_in_progress_then_done(org: Org) -> None:
    identity = org.start(sample())
    assert [org.status(identity)["status"] for _ in range(4)] == ["Pending", "InProgress", "Succeeded", "Succeeded"]


def test_a_deployment_creates_everything_and_says_so(org: Org) -> None:
    result = org.deploy_sample()
    created = {each["fullName"] for each in result["details"]["componentSuccesses"] if each["created"]}
    assert {
        "Lead.SLA_Due_At__c",
        "Lead.SLA_Reason_Required",
        "SLA_Access",
        "SLA_Qualified_Stamp",
        "SLA_Sync",
    } <= created
    assert result["numberComponentsDeployed"] == result["numberComponentsTotal"] == 13
    assert org.application.state_changes == 1


def test_the_same_deployment_again_changes_nothing(org: Org) -> None:
    org.deploy_sample()
    before = org.application.state_changes, org.application.now
    result = org.deploy_sample()
    assert not [each for each in result["details"]["componentSuccesses"] if each["changed"] or each["created"]]
    assert (org.application.state_changes, org.application.now) == before


def test_a_change_of_state_takes_a_second_of_the_virtual_clock(org: Org) -> None:
    org.deploy_sample()
    assert org.application.now == FIRST_DAY + timedelta(seconds=1)


def test_a_validation_changes_nothing(org: Org) -> None:
    result = org.deploy_sample(checkOnly=True)
    assert result["status"] == "Succeeded"
    assert org.listed("CustomField", "Flow", "PermissionSet") == []
    assert org.application.state_changes == 0


def test_one_failure_rolls_everything_back(org: Org) -> None:
    result = org.deploy_sample(NO_LABEL)
    assert (result["status"], result["success"]) == ("Failed", False)
    assert org.listed("CustomField", "Flow", "PermissionSet") == []
    assert org.application.state_changes == 0


def test_without_rollback_what_is_valid_stays(org: Org) -> None:
    result = org.deploy_sample(NO_LABEL, rollbackOnError=False)
    assert result["status"] == "SucceededPartial"
    names = {each["fullName"] for each in org.listed("CustomField", "Flow", "ValidationRule")}
    assert "Lead.SLA_Score__c" in names
    assert "Lead.SLA_Due_At__c" not in names


def test_a_deployment_that_nobody_polls_for_is_carried_out_before_the_next_request(org: Org) -> None:
    org.start(sample())
    assert "Lead.SLA_Due_At__c" in {each["fullName"] for each in org.listed("CustomField")}


def test_a_pending_deployment_survives_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as org:
        org.start(sample())
    with serving(tmp_path) as org:
        assert org.listed("Flow")[0]["fullName"] == "SLA_Qualified_Stamp"


def test_a_canceled_deployment_changes_nothing(org: Org) -> None:
    identity = org.start(sample())
    body = {"deployResult": {"status": "Canceling"}}
    answer = org.ask("PATCH", f"{DATA}/metadata/deployRequest/{identity}", json=body)
    assert answer.status_code == 202
    assert org.status(identity)["status"] == "Canceled"
    assert org.listed("CustomField") == []


def test_a_finished_deployment_cannot_be_canceled(org: Org) -> None:
    identity = org.start(sample())
    org.listed("Flow")
    answer = org.soap(f"<cancelDeploy><String>{identity}</String></cancelDeploy>")
    assert answer.status_code == 500
    assert "is already completed" in answer.text


def quick(org: Org, identity: str) -> tuple[int, str]:
    body = {"validatedDeployRequestId": identity}
    answer = org.ask("POST", f"{DATA}/metadata/deployRequest/{identity}", json=body)
    return answer.status_code, answer.text


def validated(org: Org, level: str = "RunLocalTests") -> str:
    identity: str = org.deploy_sample(checkOnly=True, testLevel=level)["id"]
    return identity


def test_a_validation_with_tests_can_be_deployed_quickly(org: Org) -> None:
    status, text = quick(org, validated(org))
    assert status == 201
    started = json.loads(text)["id"]
    while not org.status(started)["done"]:
        pass
    assert org.status(started)["status"] == "Succeeded"
    assert len(org.listed("CustomField")) == 6


def test_a_validation_without_tests_cannot_be_deployed_quickly(org: Org) -> None:
    status, text = quick(org, validated(org, "NoTestRun"))
    assert (status, "no tests ran" in text) == (404, True)


def test_a_validation_is_void_when_something_was_deployed_since(org: Org) -> None:
    identity = validated(org)
    org.deploy_sample()
    status, text = quick(org, identity)
    assert (status, "something was deployed since" in text) == (404, True)


def test_a_validation_is_void_after_ten_days(tmp_path: Path) -> None:
    with serving(tmp_path) as org:
        identity = validated(org)
    state = json.loads((tmp_path / "state.json").read_text("utf-8"))
    state["clock"] = (FIRST_DAY + timedelta(days=11)).isoformat()
    (tmp_path / "state.json").write_text(json.dumps(state), "utf-8")
    with serving(tmp_path) as org:
        status, text = quick(org, identity)
    assert (status, "older than 10 days" in text) == (404, True)


def test_a_failed_validation_cannot_be_deployed_quickly(org: Org) -> None:
    identity = org.deploy_sample(NO_LABEL, checkOnly=True, testLevel="RunLocalTests")["id"]
    assert quick(org, identity)[0] == 404


def test_a_folder_around_the_package_is_for_deployments_that_are_not_single(org: Org) -> None:
    files = {f"pkg/{path}": content for path, content in sample().items()}
    assert problems(org.deploy(files)) == ["package.xml: No package.xml found"]
    result = org.deploy(files, singlePackage=False)
    assert result["status"] == "Succeeded"
    assert {each["fileName"].partition("/")[0] for each in result["details"]["componentSuccesses"]} == {"pkg"}


def test_the_form_may_hold_its_parts_in_either_order(org: Org) -> None:
    entity = json.dumps({"deployOptions": {"singlePackage": True, "checkOnly": True}})
    parts = {
        "file": ("d.zip", zipped(sample()), "application/zip"),
        "entity_content": (None, entity, "application/json"),
    }
    assert org.ask("POST", f"{DATA}/metadata/deployRequest", files=parts).status_code == 201


def test_an_option_that_is_not_true_or_false_is_refused(org: Org) -> None:
    parts = {
        "entity_content": (None, json.dumps({"deployOptions": {"checkOnly": "yes"}}), "application/json"),
        "file": ("d.zip", zipped(sample()), "application/zip"),
    }
    status, code, text = org.refusal("POST", f"{DATA}/metadata/deployRequest", files=parts)
    assert (status, code) == (400, "JSON_PARSER_ERROR")
    assert "checkOnly must be true or false, and is 'yes'" in text


def test_an_unknown_option_is_refused(org: Org) -> None:
    parts = {
        "entity_content": (None, json.dumps({"deployOptions": {"chekOnly": True}}), "application/json"),
        "file": ("d.zip", zipped(sample()), "application/zip"),
    }
    assert "chekOnly" in org.refusal("POST", f"{DATA}/metadata/deployRequest", files=parts)[2]


def test_the_type_of_a_field_cannot_be_changed(org: Org) -> None:
    org.deploy_sample()
    result = org.deploy_sample(
        swap(OBJECT, "<precision>5</precision>", ""),
        swap(OBJECT, "<scale>0</scale>", ""),
        swap(OBJECT, "<type>Number</type>", "<length>20</length><type>Text</type>"),
    )
    assert problems(result) == ["Lead.SLA_Score__c: Cannot update a field from a Number to something else"]


def test_a_change_is_seen_with_its_author_and_in_the_audit_trail(org: Org) -> None:
    org.deploy_sample()
    org.deploy_sample(LABEL, token=org.application.administrator_token)
    found = org.properties({"CustomField": ["Lead.SLA_Score__c", "Lead.SLA_Due_At__c"]})
    assert found["Lead.SLA_Score__c"]["lastModifiedByName"] == "Admin"
    assert found["Lead.SLA_Due_At__c"]["lastModifiedByName"] == "Integration"
    latest = org.query(
        "SELECT Action, Section, Display, CreatedDate, CreatedBy.Username FROM SetupAuditTrail ORDER BY CreatedDate DESC LIMIT 1"
    )[0]
    assert latest["Display"] == "Changed custom field SLA Points (Lead)"
    assert latest["CreatedBy"]["Username"] == "admin@acme.example"
    assert latest["CreatedDate"] == "2026-10-01T00:00:01.000+0000"


def test_values_of_the_status_that_are_left_out_are_kept_and_inactive(org: Org) -> None:
    org.deploy_sample()
    files = {"package.xml": manifest({"StandardValueSet": ["LeadStatus"]}), STATUS: sample()[STATUS]}
    value = "<fullName>Nurture</fullName>"
    start = files[STATUS].index("<standardValue>", files[STATUS].index(value) - 60)
    end = files[STATUS].index("</standardValue>", start) + len("</standardValue>")
    files[STATUS] = files[STATUS][:start] + files[STATUS][end:]
    assert org.deploy(files)["status"] == "Succeeded"
    assert "Nurture" not in {each["ApiName"] for each in org.query("SELECT ApiName FROM LeadStatus")}
    kept = org.retrieve({"StandardValueSet": ["LeadStatus"]})[STATUS]
    assert kept.index("<fullName>Nurture</fullName>") > kept.index("<fullName>Closed - Not Converted</fullName>")
    assert "<isActive>false</isActive>" in kept


def test_a_switch_keeps_values_that_are_left_out_active(tmp_path: Path) -> None:
    (tmp_path / "switches.json").write_text('{"omitted_status_values": "keep"}', "utf-8")
    with serving(tmp_path) as org:
        inside = (
            "<sorted>false</sorted><standardValue><fullName>New</fullName><default>true</default></standardValue>"
            "<standardValue><fullName>Won</fullName><default>false</default><converted>true</converted></standardValue>"
        )
        files = {
            "package.xml": manifest({"StandardValueSet": ["LeadStatus"]}),
            STATUS: document("StandardValueSet", inside),
        }
        assert org.deploy(files)["status"] == "Succeeded"
        assert len(org.query("SELECT Id FROM LeadStatus")) == 6


def test_a_permission_set_is_merged_with_what_is_there(org: Org) -> None:
    org.deploy_sample()
    entry = "<editable>false</editable><field>Lead.SLA_Score__c</field><readable>false</readable>"
    inside = f"<fieldPermissions>{entry}</fieldPermissions><label>SLA Access</label>"
    files = {"package.xml": manifest({"PermissionSet": ["SLA_Access"]}), PERMISSIONS: document("PermissionSet", inside)}
    assert org.deploy(files)["status"] == "Succeeded"
    text = org.retrieve({"PermissionSet": ["SLA_Access"]})[PERMISSIONS]
    assert "Lead.SLA_Due_At__c" in text
    assert "Lead.SLA_Score__c" not in text


def flow_versions(org: Org) -> list[tuple[int, str]]:
    rows = org.query("SELECT VersionNumber, Status FROM Flow ORDER BY VersionNumber", tooling=True)
    return [(each["VersionNumber"], each["Status"]) for each in rows]


def flow_only(*changes: tuple[str, str]) -> Files:
    files = {"package.xml": manifest({"Flow": ["SLA_Qualified_Stamp"]}), FLOW: sample()[FLOW]}
    for old, new in changes:
        swap(FLOW, old, new)(files)
    return files


def test_a_changed_flow_is_a_new_version_and_the_old_one_obsolete(org: Org) -> None:
    org.deploy_sample()
    org.deploy(flow_only(("<stringValue>MQL<", "<stringValue>Qualified<")))
    assert flow_versions(org) == [(1, "Obsolete"), (2, "Active")]
    definition = org.query("SELECT ActiveVersion.VersionNumber, LatestVersionId FROM FlowDefinition", tooling=True)[0]
    assert definition["ActiveVersion"]["VersionNumber"] == 2


def test_an_unchanged_flow_mints_no_version(org: Org) -> None:
    org.deploy_sample()
    org.deploy(flow_only())
    assert flow_versions(org) == [(1, "Active")]


def test_a_draft_leaves_the_active_version_active_and_is_not_what_a_retrieve_brings(org: Org) -> None:
    org.deploy_sample()
    org.deploy(flow_only(("<status>Active<", "<status>Draft<"), ("<stringValue>MQL<", "<stringValue>Qualified<")))
    assert flow_versions(org) == [(1, "Active"), (2, "Draft")]
    assert "<stringValue>MQL</stringValue>" in org.retrieve({"Flow": ["SLA_Qualified_Stamp"]})[FLOW]


def test_a_flow_definition_chooses_the_active_version(org: Org) -> None:
    org.deploy_sample()
    path = "flowDefinitions/SLA_Qualified_Stamp.flowDefinition"
    files = {"package.xml": manifest({"FlowDefinition": ["SLA_Qualified_Stamp"]})}
    off = {**files, path: document("FlowDefinition", "<activeVersionNumber>0</activeVersionNumber>")}
    assert org.deploy(off)["status"] == "Succeeded"
    assert flow_versions(org) == [(1, "Draft")]
    wrong = {**files, path: document("FlowDefinition", "<activeVersionNumber>7</activeVersionNumber>")}
    assert problems(org.deploy(wrong)) == ["SLA_Qualified_Stamp: The flow SLA_Qualified_Stamp has no version 7"]


def test_flows_stay_inactive_where_the_org_does_not_deploy_them_as_active(tmp_path: Path) -> None:
    (tmp_path / "switches.json").write_text('{"activate_flows": false}', "utf-8")
    with serving(tmp_path) as org:
        org.deploy_sample()
        assert flow_versions(org) == [(1, "Draft")]


def test_an_active_flow_cannot_be_deleted(org: Org) -> None:
    org.deploy_sample()
    result = org.deploy(destructive({"Flow": ["SLA_Qualified_Stamp"]}))
    assert problems(result) == ["SLA_Qualified_Stamp: insufficient access rights on cross-reference id"]


def test_a_field_that_others_refer_to_cannot_be_deleted(org: Org) -> None:
    org.deploy_sample()
    (problem,) = problems(org.deploy(destructive({"CustomField": ["Lead.SLA_Reason__c"]})))
    assert "is referenced elsewhere in salesforce.com. : Validation Rule - SLA_Reason_Required" in problem


def test_a_deleted_field_takes_its_permissions_and_columns_with_it(org: Org) -> None:
    org.deploy_sample()
    removed = destructive({"CustomField": ["Lead.SLA_Due_At__c", "Lead.SLA_Status__c"]})
    assert org.deploy(removed)["status"] == "Succeeded"
    files = org.retrieve({"PermissionSet": ["SLA_Access"], "Report": ["SLA_Sync/SLA_Qualified_Leads"]})
    assert "SLA_Due_At__c" not in files[PERMISSIONS] + files[REPORT]
    audit = org.query("SELECT Action FROM SetupAuditTrail WHERE Action = 'deletedCustomField'")
    assert len(audit) == 2


def test_what_is_not_there_is_a_warning_that_fails_unless_warnings_are_ignored(org: Org) -> None:
    files = destructive({"CustomField": ["Lead.SLA_Gone__c"]})
    result = org.deploy(files)
    assert problems(result) == ["Lead.SLA_Gone__c: No CustomField named: Lead.SLA_Gone__c found"]
    assert result["details"]["componentFailures"][0]["problemType"] == "Warning"
    assert org.deploy(files, ignoreWarnings=True)["status"] == "Succeeded"


def test_removals_after_the_additions_free_what_the_additions_let_go(org: Org) -> None:
    org.deploy_sample()
    files = {OBJECT: sample()[OBJECT], "package.xml": manifest({"ValidationRule": ["Lead.SLA_Reason_Required"]})}
    inside = "<active>false</active><errorConditionFormula>FALSE</errorConditionFormula><errorMessage>x</errorMessage>"
    files[OBJECT] = document(
        "CustomObject", f"<validationRules><fullName>SLA_Reason_Required</fullName>{inside}</validationRules>"
    )
    removal = manifest({"CustomField": ["Lead.SLA_Reason__c"]})
    assert org.deploy({**files, "destructiveChangesPre.xml": removal})["status"] == "Failed"
    assert org.deploy({**files, "destructiveChangesPost.xml": removal})["status"] == "Succeeded"


def test_a_wildcard_is_not_allowed_for_removals(org: Org) -> None:
    (problem,) = problems(org.deploy(destructive({"Flow": ["*"]})))
    assert problem == "destructiveChanges.xml: Wildcards are not allowed in destructiveChanges.xml"


def test_the_state_is_readable_and_found_again(tmp_path: Path) -> None:
    with serving(tmp_path) as org:
        org.deploy_sample()
        now = org.application.now
    state = json.loads((tmp_path / "state.json").read_text("utf-8"))
    assert state["metadata"]["CustomField"]["Lead.SLA_Due_At__c"]["values"]["label"] == "SLA Due At"
    with serving(tmp_path) as org:
        assert org.application.now == now
        assert len(org.listed("CustomField")) == 6
