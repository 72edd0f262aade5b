from __future__ import annotations

import json
from typing import Any

from tests.connectors.hubspot.simulator.portal import CHOICE, CONTACTS, GROUP, LIST, LISTS, NUMBER, Portal


def option(label: str, value: str, order: int) -> dict[str, Any]:
    return {"label": label, "value": value, "displayOrder": order, "hidden": False}


def test_a_property_reads_back_as_it_was_answered(portal: Portal) -> None:
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    answer = portal.ask("POST", CONTACTS, NUMBER)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/crm/v3/properties/contacts/sla_fit"
    assert portal.done("GET", f"{CONTACTS}/sla_fit") == answer.get_json()


def test_a_name_is_kept_in_lower_case(portal: Portal) -> None:
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    assert portal.done("POST", CONTACTS, NUMBER | {"name": "SLA_Fit"})["name"] == "sla_fit"


def test_options_sent_replace_the_whole_list_and_options_not_sent_stay(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    assert portal.done("PATCH", f"{CONTACTS}/sla_reason", {"label": "Why"})["options"] == CHOICE["options"]
    only = [option("No budget", "budget", 0)]
    assert portal.done("PATCH", f"{CONTACTS}/sla_reason", {"options": only})["options"] == only


def test_a_place_of_minus_one_becomes_the_last(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    options = [option("No budget", "budget", 4), option("No need", "need", -1), option("No time", "time", -1)]
    answer = portal.done("PATCH", f"{CONTACTS}/sla_reason", {"options": options, "displayOrder": -1})
    assert [each["displayOrder"] for each in answer["options"]] == [4, 5, 6]
    others = [each["displayOrder"] for each in portal.done("GET", CONTACTS)["results"] if each["name"] != "sla_reason"]
    assert answer["displayOrder"] == max(others) + 1


def test_an_option_added_to_hubspots_own_lead_status_stays(portal: Portal) -> None:
    status = portal.done("GET", f"{CONTACTS}/hs_lead_status")
    assert "NEW" in [each["value"] for each in status["options"]]
    more = [*status["options"], option("MQL", "MQL", 8) | {"description": "Ours"}]
    assert portal.done("PATCH", f"{CONTACTS}/hs_lead_status", {"options": more})["options"][-1]["description"] == "Ours"


def test_lifecycle_stages_are_not_changed_as_options(portal: Portal) -> None:
    stages = portal.done("GET", f"{CONTACTS}/lifecyclestage")["options"]
    answer = portal.ask("PATCH", f"{CONTACTS}/lifecyclestage", {"options": stages[:1]})
    assert answer.status_code == 400


def test_hubspots_own_property_cannot_be_archived(portal: Portal) -> None:
    answer = portal.ask("DELETE", f"{CONTACTS}/email")
    assert (answer.status_code, answer.get_json()["subCategory"]) == (400, "PropertyValidationError.PROPERTY_INVALID")


def test_an_archived_property_is_found_only_among_the_archived(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    assert portal.ask("DELETE", f"{CONTACTS}/sla_reason").status_code == 204
    assert portal.ask("GET", f"{CONTACTS}/sla_reason").status_code == 404
    assert portal.ask("DELETE", f"{CONTACTS}/sla_reason").status_code == 404
    assert portal.done("GET", f"{CONTACTS}/sla_reason?archived=true")["archived"] is True
    assert [each["name"] for each in portal.done("GET", f"{CONTACTS}?archived=true")["results"]] == ["sla_reason"]


def test_a_name_in_the_archive_can_be_used_again_and_keeps_its_day_of_creation(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    born = portal.done("GET", f"{CONTACTS}/sla_reason")["createdAt"]
    portal.done("DELETE", f"{CONTACTS}/sla_reason")
    again = portal.done("POST", CONTACTS, NUMBER | {"name": "sla_reason"})
    assert (again["type"], again["createdAt"], again["archived"]) == ("number", born, False)
    assert portal.done("GET", f"{CONTACTS}?archived=true")["results"] == []


def test_a_property_that_a_list_uses_cannot_be_archived(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    answer = portal.ask("DELETE", f"{CONTACTS}/sla_fit")
    said = answer.get_json()
    assert answer.status_code == 400
    assert said["subCategory"] == "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"
    assert said["errors"][0]["subCategory"] == "PropertyValidationError.PROPERTY_USAGE"
    assert said["errors"][0]["context"]["parentName"] == [list_id]
    portal.done("DELETE", f"{LISTS}/{list_id}")
    assert portal.ask("DELETE", f"{CONTACTS}/sla_fit").status_code == 204


def test_members_that_cannot_change_are_ignored_without_a_word(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    assert portal.done("PATCH", f"{CONTACTS}/sla_fit", {"hasUniqueValue": True})["hasUniqueValue"] is False


def test_the_newest_version_names_an_existing_property_otherwise(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    said = portal.ask("POST", "/crm/properties/2026-09/0-1", NUMBER).get_json()
    assert (said["category"], said["subCategory"]) == ("OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS")


def test_a_batch_with_one_bad_input_creates_the_others(portal: Portal) -> None:
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    inputs = [NUMBER, NUMBER | {"name": "sla_two", "type": "money"}, NUMBER | {"name": "sla_three"}]
    answer = portal.ask("POST", f"{CONTACTS}/batch/create", {"inputs": inputs})
    said = answer.get_json()
    assert (answer.status_code, said["numErrors"]) == (207, 1)
    assert [each["name"] for each in said["results"]] == ["sla_fit", "sla_three"]
    assert portal.ask("POST", f"{CONTACTS}/batch/create", {"inputs": [NUMBER | {"name": "sla_4"}]}).status_code == 201


def test_a_batch_that_creates_nothing_is_no_change_of_state(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    before = portal.application.state_changes
    assert portal.ask("POST", f"{CONTACTS}/batch/create", {"inputs": [NUMBER]}).status_code == 207
    assert portal.application.state_changes == before


def test_a_batch_of_more_than_a_hundred_is_refused(portal: Portal) -> None:
    inputs = [{"name": f"sla_{number}"} for number in range(101)]
    assert portal.ask("POST", f"{CONTACTS}/batch/read", {"inputs": inputs}).status_code == 400
    assert portal.ask("POST", f"{CONTACTS}/batch/read", {"inputs": inputs[:100]}).status_code == 207


def test_a_batch_archives_what_exists_and_does_not_mind_the_rest(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    answer = portal.ask("POST", f"{CONTACTS}/batch/archive", {"inputs": [{"name": "sla_at"}, {"name": "sla_never"}]})
    assert answer.status_code == 204
    assert portal.ask("GET", f"{CONTACTS}/sla_at").status_code == 404


def test_a_free_account_holds_ten_custom_properties(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"tier": "free"}')
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    for number in range(10):
        portal.done("POST", CONTACTS, NUMBER | {"name": f"sla_{number}"})
    answer = portal.ask("POST", CONTACTS, NUMBER)
    assert answer.status_code == 400
    assert answer.get_json()["subCategory"] == "PropertyValidationError.PROPERTY_LIMIT_EXCEEDED"
    limits = portal.done("GET", "/crm/v3/limits/custom-properties")
    assert (limits["overallUsage"], limits["overallPercentage"]) == (10, 100.0)


def test_an_object_has_at_most_ten_unique_properties(portal: Portal) -> None:
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    for number in range(10):
        portal.done("POST", CONTACTS, NUMBER | {"name": f"sla_{number}", "hasUniqueValue": True})
    assert portal.ask("POST", CONTACTS, NUMBER | {"hasUniqueValue": True}).status_code == 400
    assert portal.ask("POST", CONTACTS, NUMBER).status_code == 201


def test_a_group_with_properties_cannot_be_archived_and_says_so_in_nested_json(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    answer = portal.ask("DELETE", f"{CONTACTS}/groups/sla_sync")
    assert answer.status_code == 400
    inner = json.loads(answer.get_json()["message"])
    assert inner["subCategory"] == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
    portal.done("DELETE", f"{LISTS}/{list_id}")
    for name in ("sla_fit", "sla_reason", "sla_at", "sla_yes"):
        portal.done("DELETE", f"{CONTACTS}/{name}")
    assert portal.ask("DELETE", f"{CONTACTS}/groups/sla_sync").status_code == 204
    assert portal.ask("POST", f"{CONTACTS}/groups", GROUP).status_code == 201


def test_an_object_type_answers_to_its_id_and_to_both_its_names(portal: Portal) -> None:
    spelled = [portal.done("GET", f"/crm/v3/properties/{name}") for name in ("0-1", "contact", "Contacts", "CONTACTS")]
    assert spelled[1:] == spelled[:1] * 3
    assert portal.ask("GET", "/crm/v3/properties/butterflies").status_code == 400


def test_a_change_by_an_app_names_no_user_and_one_by_a_person_does(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    assert "updatedUserId" not in portal.done("GET", f"{CONTACTS}/sla_fit")
    changed = portal.as_administrator("PATCH", f"{CONTACTS}/sla_fit", {"label": "Fitness"})
    assert changed["updatedUserId"] == "9000001"
    assert "updatedUserId" not in portal.done("PATCH", f"{CONTACTS}/sla_fit", {"label": "Fit"})


def test_a_list_of_another_object_type_does_not_use_the_property(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("POST", "/crm/v3/properties/companies/groups", GROUP)
    portal.done("POST", "/crm/v3/properties/companies", NUMBER)
    portal.done("POST", LISTS, LIST | {"name": "SLA | Firms", "objectTypeId": "0-2"})
    portal.done("DELETE", f"{LISTS}/{list_id}")
    assert portal.ask("DELETE", f"{CONTACTS}/sla_fit").status_code == 204
    assert portal.ask("DELETE", "/crm/v3/properties/companies/sla_fit").status_code == 400


def test_a_group_changes_its_label_and_its_place(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    path = f"{CONTACTS}/groups/sla_sync"
    assert portal.done("PATCH", path, {"label": "Agreement"})["label"] == "Agreement"
    others = [each["displayOrder"] for each in portal.done("GET", f"{CONTACTS}/groups")["results"][:-1]]
    assert portal.done("PATCH", path, {"displayOrder": -1})["displayOrder"] == max(others) + 1
    assert portal.ask("PATCH", f"{CONTACTS}/groups/other", {"label": "Other"}).status_code == 404


def test_an_owner_picker_takes_its_options_from_the_users(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    picker = {"name": "sla_manager", "label": "Manager", "groupName": "sla_sync", "type": "enumeration",
              "fieldType": "select", "externalOptions": True, "referencedObjectType": "OWNER"}  # fmt: skip
    assert portal.done("POST", CONTACTS, picker)["options"] == []


def test_a_property_that_is_no_longer_a_choice_loses_its_options(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    changed = portal.done("PATCH", f"{CONTACTS}/sla_reason", {"type": "string", "fieldType": "text"})
    assert changed["options"] == []


def test_sensitive_properties_are_listed_apart(portal: Portal) -> None:
    assert portal.done("GET", f"{CONTACTS}?dataSensitivity=sensitive")["results"] == []
    assert portal.ask("GET", f"{CONTACTS}?archived=perhaps").status_code == 400
