"""Touches, lived in an org: whose count, which count, and which never do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Gap
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.presets import PRESETS
from sla_sync_salesforce.translate.touches import touches
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, Living, living

CALL = {"Subject": "Call", "Type": "Call", "Status": "Completed", "Priority": "Normal"}


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(
        tmp_path_factory.mktemp("org"),
        {"routing": None},
        {
            "touch": {
                "any": [
                    {
                        "Task": {
                            "Type": ["Call", "Email"],
                            "Status": ["Completed"],
                            "by": "owner",
                            "not": {"Subject": "Automatic*"},
                        }
                    },
                    {"Event": {"by": "owner", "booked_by_buyer": "ignored"}},
                ],
                "presets": ["outreach"],
            }
        },
    )


def ours(org: Living) -> str:
    return org.lead(**DEMO, **FIT, OwnerId=org.id_of("ana"))


def log(org: Living, lead: str, by: str = "ana", **values: Any) -> str:
    given = {**CALL, "WhoId": lead, "OwnerId": org.id_of(by), **values}
    return org.org.save("Task", by=org.org.user(by), **{key: value for key, value in given.items() if value})


def test_a_call_of_the_owner_is_the_first_touch_and_stops_the_clock(org: Living) -> None:
    lead = ours(org)
    org.org.until(org.org.now + timedelta(minutes=3))
    log(org, lead)
    leg = org.open_leg(lead)
    assert leg["First_Touch_At__c"] == leg["First_Response_Stopped_At__c"] == org.org.now


def test_the_first_touch_stays(org: Living) -> None:
    lead = ours(org)
    log(org, lead)
    first = org.open_leg(lead)["First_Touch_At__c"]
    org.org.until(org.org.now + timedelta(minutes=3))
    log(org, lead)
    assert org.open_leg(lead)["First_Touch_At__c"] == first


@pytest.mark.parametrize(
    "values",
    [
        {"by": "ben"},
        {"Status": "Not Started"},
        {"Type": "Other"},
        {"Type": None},
        {"Subject": "Automatic reply: Hello"},
        {"Subject": "[Outreach] [Email] [Out] [Sequence: Spring] Hello"},
        {"Subject": "Spring news", "Type": "Email", "TaskSubtype": "ListEmail"},
    ],
    ids=str,
)
def test_what_is_no_touch_stops_nothing(org: Living, values: dict[str, Any]) -> None:
    lead = ours(org)
    log(org, lead, **values)
    assert org.open_leg(lead).get("First_Touch_At__c") is None


def test_a_task_counts_when_it_is_completed(org: Living) -> None:
    lead = ours(org)
    task = log(org, lead, Status="Not Started")
    org.org.until(org.org.now + timedelta(minutes=3))
    org.org.save("Task", task, Status="Completed")
    assert org.open_leg(lead)["First_Touch_At__c"] == org.org.now


def test_a_task_that_was_completed_in_an_earlier_turn_does_not_count_again(org: Living) -> None:
    lead = ours(org)
    task = log(org, lead)
    org.lead(lead, OwnerId=org.id_of("ben"))
    org.lead(lead, OwnerId=org.id_of("ana"))
    org.org.save("Task", task, Description="She asked about prices.")
    assert org.open_leg(lead).get("First_Touch_At__c") is None


def meet(org: Living, lead: str, by: str) -> None:
    org.org.save(
        "Event",
        by=org.org.user(by),
        WhoId=lead,
        OwnerId=org.id_of("ana"),
        Subject="Meeting",
        StartDateTime=org.org.now + timedelta(days=1),
        EndDateTime=org.org.now + timedelta(days=1, hours=1),
        DurationInMinutes=60,
    )


@pytest.mark.parametrize(("by", "counts"), [("ana", True), ("integration", False)])
def test_a_meeting_is_booked_whoever_books_it_and_a_touch_where_the_owner_does(
    org: Living, by: str, *, counts: bool
) -> None:
    lead = ours(org)
    meet(org, lead, by)
    leg = org.open_leg(lead)
    assert leg["Meeting_At__c"] == org.org.now
    assert (leg.get("First_Touch_At__c") is not None) is counts


@pytest.mark.slow
def test_a_meeting_that_the_buyer_books_counts_where_agreed(tmp_path: Path) -> None:
    touch = {"any": [{"Event": {"by": "owner", "booked_by_buyer": "counts"}}]}
    org = living(tmp_path, {"routing": None}, {"touch": touch})
    lead = ours(org)
    meet(org, lead, "integration")
    assert org.open_leg(lead)["First_Touch_At__c"] == org.org.now


@pytest.mark.slow
def test_an_e_mail_counts_by_its_task(tmp_path: Path) -> None:
    org = living(tmp_path, {"routing": None}, {"touch": {"any": [{"EmailMessage": {"by": "owner"}}]}})
    lead = ours(org)
    log(org, lead)
    assert org.open_leg(lead).get("First_Touch_At__c") is None
    log(org, lead, Type=None, TaskSubtype="Email", Subject="Email: Hello")
    assert org.open_leg(lead)["First_Touch_At__c"] == org.org.now


@pytest.mark.parametrize(
    ("touch", "gap"),
    [
        ({"any": []}, "touch"),
        ({"any": [{"Event": {}}], "presets": ["nobody"]}, "touch:preset:nobody"),
        ({"any": [{"Task": {"not": {"Subject": "Auto*reply"}}}]}, "touch:Task:Subject"),
        ({"any": [{"EmailMessage": {}}]}, "touch:EmailMessage"),
    ],
    ids=str,
)
def test_a_test_that_no_flow_can_make_is_a_step_for_people(touch: dict[str, Any], gap: str) -> None:
    resources, binding, setup = compiled()
    bound = SalesforceBinding.model_validate({**binding.model_dump(by_alias=True), "touch": touch})
    assert [each.id for each in touches(resources, bound, setup) if isinstance(each, Gap)] == [gap]


@pytest.mark.slow
def test_every_preset_is_taken_by_an_org(tmp_path: Path) -> None:
    living(tmp_path, bound={"touch": {"any": [{"Task": {"Type": ["Call"]}}], "presets": [*PRESETS]}})
