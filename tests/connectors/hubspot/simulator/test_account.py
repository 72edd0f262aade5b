from __future__ import annotations

import json
from typing import Any

import pytest

from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from tests.connectors.hubspot.simulator.portal import CONTACTS, FLOWS, LISTS, STAGES, Portal, flow

LIFECYCLE = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline"


def test_an_owner_is_found_by_e_mail_and_is_not_its_user(portal: Portal) -> None:
    found = portal.done("GET", "/crm/v3/owners?email=ana@acme.example")["results"]
    assert [each["email"] for each in found] == ["ana@acme.example"]
    assert found[0]["id"] != str(found[0]["userId"])
    assert portal.done("GET", f"/crm/v3/owners/{found[0]['id']}") == found[0]
    assert portal.done("GET", f"/crm/v3/owners/{found[0]['userId']}?idProperty=userId") == found[0]
    assert portal.ask("GET", f"/crm/v3/owners/{found[0]['userId']}").status_code == 404


def test_owners_are_paged(portal: Portal) -> None:
    first = portal.done("GET", "/crm/v3/owners?limit=4")
    rest = portal.done("GET", f"/crm/v3/owners?limit=4&after={first['paging']['next']['after']}")
    assert len(first["results"] + rest["results"]) == 6
    assert "paging" not in rest


def test_teams_name_their_users_and_not_their_owners(portal: Portal) -> None:
    users = {str(each["userId"]) for each in portal.done("GET", "/crm/v3/owners")["results"]}
    for team in portal.done("GET", "/settings/v3/users/teams")["results"]:
        assert set(team["userIds"] + team["secondaryUserIds"]) <= users


def test_the_account_tells_its_time_zone_and_its_use_of_the_api(portal: Portal) -> None:
    assert portal.done("GET", "/account-info/v3/details")["timeZone"] == "US/Eastern"
    usage = portal.done("GET", "/account-info/v3/api-usage/daily/private-apps")["results"][0]
    assert (usage["currentUsage"], usage["usageLimit"]) == (2, 625_000)
    assert usage["resetsAt"] == "2026-12-02T05:00:00.000Z"


def test_limits_count_custom_properties_by_object(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    by_object = portal.done("GET", "/crm/v3/limits/custom-properties")["byObjectType"]
    assert {each["objectTypeId"]: each["usage"] for each in by_object}["0-1"] == 4


def test_audit_logs_need_an_enterprise_account(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    portal.as_administrator("PATCH", f"{CONTACTS}/sla_fit", {"label": "Fitness"})
    assert portal.ask("GET", "/account-info/v3/activity/audit-logs").status_code == 403
    (portal.data / "switches.json").write_text('{"tier": "enterprise"}')
    newest = portal.done("GET", "/account-info/v3/activity/audit-logs")["results"][0]
    assert (newest["targetObjectId"], newest["actingUser"]["userId"]) == ("sla_fit", 9000001)


def test_a_stage_is_created_changed_and_audited(portal: Portal) -> None:
    body = {"stageId": "handover", "label": "Handover", "displayOrder": 3, "metadata": {"probability": "0.5"}}
    assert portal.ask("POST", STAGES, body).status_code == 201
    portal.as_administrator("PATCH", f"{STAGES}/handover", {"label": "Handed over"})
    stage = portal.done("GET", f"{STAGES}/handover")
    assert (stage["label"], stage["metadata"]["probability"]) == ("Handed over", "0.5")
    audit = portal.done("GET", "/crm/v3/pipelines/deals/default/audit")["results"]
    assert [each.get("fromUserId") for each in audit] == [9000001, None]


def test_a_stage_of_the_lifecycle_gets_a_number_an_option_and_a_stamp(portal: Portal) -> None:
    body = {"label": "Recycled", "displayOrder": 9, "metadata": {"isClosed": "false", "state": "OPEN"}}
    stage = portal.done("POST", f"{LIFECYCLE}/stages", body)
    assert stage["id"].isdecimal()
    options = portal.done("GET", f"{CONTACTS}/lifecyclestage")["options"]
    assert stage["id"] in [each["value"] for each in options]
    assert portal.done("GET", f"{CONTACTS}/hs_v2_date_entered_{stage['id']}")["type"] == "datetime"


def test_leads_have_their_pipeline(portal: Portal) -> None:
    stages = portal.done("GET", "/crm/v3/pipelines/leads/lead-pipeline-id/stages")["results"]
    assert stages[0]["id"] == "new-stage-id"


@pytest.mark.parametrize(
    ("old", "dated"),
    [
        (CONTACTS, "/crm/properties/2026-03/contacts"),
        (f"{CONTACTS}/groups", "/crm/properties/2025-09/contacts/groups"),
        (f"{LISTS}?listIds=1", "/crm/lists/2026-03?listIds=1"),
        ("/crm/v3/pipelines/deals", "/crm/pipelines/2026-09/deals"),
        ("/crm/v3/owners", "/crm/owners/2026-03"),
        ("/crm/v3/limits/custom-properties", "/crm/limits/2026-03/custom-properties"),
        ("/account-info/v3/details", "/account-info/2026-03/details"),
        ("/settings/v3/users/teams", "/settings/users/2026-03/teams"),
        ("/automation/v4/flows", "/automation/2026-09-beta/flows"),
        ("/automation/v4/flows", "/automation/v4/2027-03-beta/flows"),
    ],
)
def test_paths_with_a_date_and_a_trailing_slash_answer_the_same(
    furnished: tuple[Portal, str], old: str, dated: str
) -> None:
    portal, _ = furnished
    path, _, query = old.partition("?")
    assert portal.done("GET", old) == portal.done("GET", dated) == portal.done("GET", f"{path}/?{query}")


def test_limits_of_calculated_properties_and_pipelines_follow_the_tier(portal: Portal) -> None:
    assert portal.done("GET", "/crm/v3/limits/calculated-properties")["overallLimit"] == 40
    pipelines = portal.done("GET", "/crm/v3/limits/pipelines")["hubspotDefinedObjectTypes"]
    assert {each["objectTypeId"]: (each["usage"], each["limit"]) for each in pipelines}["0-3"] == (1, 100)
    (portal.data / "switches.json").write_text('{"tier": "enterprise"}')
    assert portal.done("GET", "/crm/v3/limits/calculated-properties")["overallLimit"] == 200


def test_the_audit_log_is_paged_and_can_begin_late(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    (portal.data / "switches.json").write_text('{"tier": "enterprise"}')
    path = "/account-info/v3/activity/audit-logs"
    everything = portal.done("GET", path)["results"]
    first = portal.done("GET", f"{path}?limit=4")
    rest = portal.done("GET", f"{path}?limit=4&after={first['paging']['next']['after']}")
    assert first["results"] + rest["results"] == everything
    later = portal.done("GET", f"{path}?occurredAfter={everything[1]['occurredAt']}")["results"]
    assert later == everything[:1]


def test_the_state_of_a_ticket_stage_says_whether_it_is_closed(portal: Portal) -> None:
    path = "/crm/v3/pipelines/tickets/0/stages"
    closed = {"label": "Given up", "displayOrder": 5, "metadata": {"ticketState": "CLOSED"}}
    assert portal.done("POST", path, closed)["metadata"]["isClosed"] == "true"
    wrong = closed | {"label": "Other", "metadata": {"ticketState": "SLEEPING"}}
    assert portal.ask("POST", path, wrong).status_code == 400


def test_a_pipeline_of_leads_holds_thirty_stages(portal: Portal) -> None:
    path = "/crm/v3/pipelines/leads/lead-pipeline-id/stages"
    answers = [
        portal.ask("POST", path, {"label": f"Stage {number}", "displayOrder": number, "metadata": {}}).status_code
        for number in range(26)
    ]
    assert answers == [201] * 25 + [400]


def test_a_pipeline_or_stage_that_is_not_there_is_not_found(portal: Portal) -> None:
    assert portal.ask("GET", "/crm/v3/pipelines/deals/other").status_code == 404
    assert portal.ask("GET", f"{STAGES}/other").status_code == 404


def switch(portal: Portal, **switches: Any) -> None:
    (portal.data / "switches.json").write_text(json.dumps(switches), encoding="utf-8")


@pytest.mark.parametrize(("switches", "status"), [({}, 200), ({"tier": "starter"}, 403), ({"leads": False}, 403)])
def test_only_an_account_with_leads_answers_for_them(portal: Portal, switches: dict[str, Any], status: int) -> None:
    switch(portal, **switches)
    assert portal.ask("GET", "/crm/v3/pipelines/leads").status_code == status
    assert portal.ask("GET", "/crm/v3/objects/leads").status_code == status
    assert portal.ask("GET", "/crm/v3/pipelines/deals").status_code == 200


def test_a_portal_may_refuse_stages_of_the_lifecycle(portal: Portal) -> None:
    switch(portal, lifecycle_stages="refused")
    body = {"label": "Accepted", "displayOrder": 9, "metadata": {"isClosed": "false", "state": "OPEN"}}
    assert portal.ask("POST", f"{LIFECYCLE}/stages", body).status_code == 400
    switch(portal)
    assert portal.ask("POST", f"{LIFECYCLE}/stages", body).status_code == 201


def test_the_time_zone_of_the_portal_is_a_switch(portal: Portal) -> None:
    switch(portal, time_zone="Asia/Kolkata")
    details = portal.done("GET", "/account-info/v3/details")
    assert (details["timeZone"], details["utcOffset"], details["utcOffsetMilliseconds"]) == (
        "Asia/Kolkata", "+05:30", 19_800_000,
    )  # fmt: skip


def test_an_account_without_sales_hub_rotates_no_owners(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    fields = {"target_property": "hubspot_owner_id", "overwrite_current_owner": "true", "team_ids": ["501001"]}
    rotates = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-11", "fields": fields}
    switch(portal, rotation=False)
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[rotates])).status_code == 400
    switch(portal)
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[rotates])).status_code == 201


def test_whoever_is_removed_is_an_archived_owner_without_a_user_and_in_no_team(portal: Portal) -> None:
    ana = portal.done("GET", "/crm/v3/owners?email=ana@acme.example")["results"][0]
    assert portal.ask("DELETE", f"/settings/v3/users/{ana['userId']}", token=ADMINISTRATOR_TOKEN).status_code == 204
    assert portal.done("GET", "/crm/v3/owners?email=ana@acme.example")["results"] == []
    (gone,) = portal.done("GET", "/crm/v3/owners?archived=true")["results"]
    assert (gone["id"], gone["userId"], gone["userIdIncludingInactive"]) == (ana["id"], None, ana["userId"])
    teams = portal.done("GET", "/settings/v3/users/teams")["results"]
    assert str(ana["userId"]) not in {each for team in teams for each in team["userIds"] + team["secondaryUserIds"]}
    assert portal.ask("DELETE", "/settings/v3/users/1", token=ADMINISTRATOR_TOKEN).status_code == 404
