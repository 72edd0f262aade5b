from __future__ import annotations

from tests.connectors.hubspot.simulator.portal import (
    CONTACTS,
    FLOWS,
    LIST,
    LISTS,
    Portal,
    branch,
    event,
    flow,
    in_list,
    sendable,
    settled_flow,
    tested,
)


def test_a_new_workflow_is_pending_for_one_read_and_cannot_be_replaced_until_then(
    furnished: tuple[Portal, str],
) -> None:
    portal, list_id = furnished
    created = portal.done("POST", FLOWS, flow(list_id))
    path = f"{FLOWS}/{created['id']}"
    assert created["crmObjectCreationStatus"] == "PENDING"
    assert portal.ask("PUT", path, flow(list_id, revisionId="1")).status_code == 400
    assert portal.done("GET", path)["crmObjectCreationStatus"] == "COMPLETE"
    assert portal.done("PUT", path, flow(list_id, revisionId="1"))["revisionId"] == "2"


def test_what_was_read_can_be_sent_back_and_changes_only_the_revision(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    found = settled_flow(portal, list_id)
    again = portal.done("PUT", f"{FLOWS}/{found['id']}", sendable(found))
    moved = {"revisionId", "updatedAt"}
    assert {key: again[key] for key in again if key not in moved} == {
        key: found[key] for key in found if key not in moved
    }


def test_a_replacement_clears_what_it_leaves_out(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    found = settled_flow(portal, list_id, isEnabled=True)
    body = {"type": "CONTACT_FLOW", "revisionId": found["revisionId"], "name": found["name"]}
    cleared = portal.done("PUT", f"{FLOWS}/{found['id']}", body)
    assert "enrollmentCriteria" not in cleared
    assert (cleared["actions"], cleared["timeWindows"], cleared["isEnabled"]) == ([], [], False)
    assert cleared["objectTypeId"] == "0-1"


def test_the_status_for_a_stale_revision_is_a_switch(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    found = settled_flow(portal, list_id)
    path, stale = f"{FLOWS}/{found['id']}", flow(list_id, revisionId="9")
    assert portal.ask("PUT", path, stale).status_code == 409
    (portal.data / "switches.json").write_text('{"stale_revision_status": 400}')
    assert portal.ask("PUT", path, stale).status_code == 400


def test_workflows_that_cannot_be_read_look_as_service_keys_saw_them(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    identifier = portal.done("POST", FLOWS, flow(list_id))["id"]
    (portal.data / "switches.json").write_text('{"flows": "unreadable"}')
    assert portal.done("GET", FLOWS)["results"] == []
    answer = portal.ask("GET", f"{FLOWS}/{identifier}")
    assert (answer.status_code, answer.get_json()["subCategory"]) == (403, "FLOW_ACCESS_DENIED")
    batch = portal.ask("POST", f"{FLOWS}/batch/read", {"inputs": [{"type": "FLOW_ID", "flowId": identifier}]})
    assert batch.status_code == 207
    assert batch.get_json()["errors"][0]["subCategory"] == "FLOW_NOT_FOUND_BY_FLOW_ID"
    assert portal.ask("POST", FLOWS, flow(list_id)).status_code == 201


def test_the_list_of_workflows_is_paged_and_shows_no_actions(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    wanted = [portal.done("POST", FLOWS, flow(list_id, name=f"SLA | {number}"))["id"] for number in range(5)]
    found: list[str] = []
    after = "0"
    while after:
        answer = portal.done("GET", f"{FLOWS}?limit=2&after={after}")
        assert all("actions" not in each for each in answer["results"])
        found += [each["id"] for each in answer["results"]]
        after = answer.get("paging", {}).get("next", {}).get("after", "")
    assert found == wanted
    assert portal.ask("GET", f"{FLOWS}?limit=101").status_code == 400


def test_a_batch_reads_workflows_whole(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    found = settled_flow(portal, list_id)
    inputs = [{"type": "FLOW_ID", "flowId": found["id"]}]
    assert portal.done("POST", f"{FLOWS}/batch/read", {"inputs": inputs})["results"] == [found]
    answer = portal.ask("POST", f"{FLOWS}/batch/read", {"inputs": [*inputs, {"type": "FLOW_ID", "flowId": "7"}]})
    assert (answer.status_code, answer.get_json()["numErrors"]) == (207, 1)


def test_two_workflows_may_bear_one_name(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    assert portal.done("POST", FLOWS, flow(list_id))["id"] != portal.done("POST", FLOWS, flow(list_id))["id"]


def test_a_deleted_workflow_is_gone_and_frees_its_list_and_properties(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    identifier = portal.done("POST", FLOWS, flow(list_id))["id"]
    in_use = portal.ask("DELETE", f"{CONTACTS}/sla_at").get_json()
    assert in_use["errors"][0]["context"]["parentDisplayType"] == ["WORKFLOW"]
    assert portal.ask("DELETE", f"{FLOWS}/{identifier}").status_code == 204
    assert portal.ask("GET", f"{FLOWS}/{identifier}").status_code == 404
    assert portal.ask("DELETE", f"{CONTACTS}/sla_at").status_code == 204


def test_a_workflow_for_companies_is_a_platform_flow(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    body = {"name": "Firms", "type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "isEnabled": False,
            "objectTypeId": "0-2", "actions": []}  # fmt: skip
    created = portal.done("POST", FLOWS, body)
    assert "suppressionListIds" not in created
    assert portal.ask("POST", FLOWS, body | {"suppressionListIds": []}).status_code == 400


def test_a_re_enrolment_trigger_is_a_property_and_a_test_of_its_value(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    pair = {
        "filterBranchType": "AND",
        "filters": [
            tested("hs_name", operationType="STRING", operator="IS_EQUAL_TO", value="sla_reason"),
            tested("hs_value", operationType="ENUMERATION", operator="IS_ANY_OF", values=["budget"]),
        ],
    }
    body = flow(list_id)
    body["enrollmentCriteria"] |= {"shouldReEnroll": True, "reEnrollmentTriggersFilterBranches": [pair]}
    kept = portal.done("POST", FLOWS, body)["enrollmentCriteria"]["reEnrollmentTriggersFilterBranches"]
    assert kept[0]["filters"][1]["operation"]["includeObjectsWithNoValueSet"] is False
    assert portal.ask("DELETE", f"{CONTACTS}/sla_reason").status_code == 400


def test_every_action_of_the_table_is_accepted_with_its_recorded_fields(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    manual = {"name": "By hand", "objectTypeId": "0-1", "processingType": "MANUAL"}
    static = portal.done("POST", LISTS, manual)["list"]["listId"]
    due = {"delta": 1, "timeUnit": "DAYS", "timeOfDay": {"hour": 9, "minute": 0}, "daysOfWeek": []}
    owner = {"type": "OBJECT_PROPERTY", "propertyName": "hubspot_owner_id"}
    link = {"target": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204},
            "value": {"type": "ENROLLED_OBJECT"}}  # fmt: skip
    fields = {
        "0-1": {"delta": "1", "time_unit": "DAYS"},
        "0-35": {"date": {"type": "OBJECT_PROPERTY", "propertyName": "sla_at"}, "delta": "0", "time_unit": "DAYS",
                 "time_of_day": {"hour": 9, "minute": 0}},
        "0-5": {"property_name": "sla_fit", "value": {"type": "INCREMENT", "incrementAmount": 1}},
        "0-3": {"task_type": "CALL", "subject": "Call", "body": "<p>Now</p>", "associations": [link],
                "use_explicit_associations": "true", "owner_assignment": {"type": "CUSTOM", "value": owner},
                "priority": "HIGH", "due_time": due},
        "0-11": {"user_ids": ["9000006"], "target_property": "hubspot_owner_id", "overwrite_current_owner": "true"},
        "0-8": {"subject": "Late", "body": "It is late", "team_ids": ["501001"]},
        "0-9": {"subject": "Late", "body": "It is late", "user_ids": ["9000006"], "delivery_method": "APP"},
        "0-29": {"event_filter_branches": [event("sla_reason", "budget")], "expiration_minutes": "60"},
        "0-4": {"content_id": "113782603056"},
        "0-63809083": {"listId": static, "targetObject": "{{ enrolled_object }}"},
        "0-63863438": {"listId": static},
    }  # fmt: skip
    for kind, given in fields.items():
        action = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": kind, "fields": given}
        answer = portal.ask("POST", FLOWS, flow(list_id, actions=[action]))
        assert answer.status_code == 201, (kind, answer.get_data(as_text=True))
        action["fields"] = {}
        assert portal.ask("POST", FLOWS, flow(list_id, actions=[action])).status_code == 400, kind


def test_a_static_list_action_needs_a_static_list(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    action = {
        "type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-63809083", "fields": {"listId": list_id},
    }  # fmt: skip
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[action])).status_code == 400


def test_an_account_without_workflows_cannot_grant_their_scope(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    (portal.data / "switches.json").write_text('{"tier": "starter"}')
    answer = portal.ask("POST", FLOWS, flow(list_id))
    said = answer.get_json()
    assert (answer.status_code, said["category"]) == (403, "MISSING_SCOPES")
    assert said["errors"][0]["context"]["requiredGranularScopes"] == ["automation"]


def test_a_workflow_cannot_enrol_from_a_deleted_list(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("DELETE", f"{LISTS}/{list_id}")
    assert portal.ask("POST", FLOWS, flow(list_id)).status_code == 400


def test_a_list_may_be_used_through_a_list_in_an_enrolment(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    inner = LIST | {"name": "SLA | Inner", "filterBranch": branch(in_list(list_id))}
    other = portal.done("POST", LISTS, inner)["list"]["listId"]
    assert portal.ask("POST", FLOWS, flow(other)).status_code == 201


def test_a_branch_on_values_leads_to_actions_that_exist(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    delay = {"type": "SINGLE_CONNECTION", "actionId": "2", "actionTypeId": "0-1",
             "fields": {"delta": "1", "time_unit": "DAYS"}}  # fmt: skip
    split = {
        "type": "STATIC_BRANCH", "actionId": "1",
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "sla_reason"},
        "staticBranches": [{"branchValue": "budget", "connection": {"edgeType": "STANDARD", "nextActionId": "2"}}],
        "defaultBranch": {"edgeType": "STANDARD", "nextActionId": "2"},
    }  # fmt: skip
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[split, delay])).status_code == 201
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[split])).status_code == 400
    elsewhere = split | {"inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "sla_absent"}}
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[elsewhere, delay])).status_code == 400


def test_a_workflow_may_be_enrolled_by_hand(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    by_hand = {"type": "MANUAL", "shouldReEnroll": False}
    assert portal.done("POST", FLOWS, flow(list_id, enrollmentCriteria=by_hand))["enrollmentCriteria"] == by_hand


def test_a_batch_of_workflows_holds_a_hundred(portal: Portal) -> None:
    inputs = [{"type": "FLOW_ID", "flowId": str(number)} for number in range(101)]
    assert portal.ask("POST", f"{FLOWS}/batch/read", {"inputs": inputs}).status_code == 400
    assert portal.ask("POST", f"{FLOWS}/batch/read", {"inputs": inputs[:100]}).status_code == 207
