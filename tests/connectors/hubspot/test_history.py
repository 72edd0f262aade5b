"""What a portal tells of its past, in agreed words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.history import (
    ACTIVITIES,
    DEALS,
    FACTS,
    LEADS,
    OWNERS,
    RAISES,
    STAGES,
    USERS,
    TellsHistory,
)
from sla_sync_hubspot.binding import BoundTouch, TouchRule
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator.records import AUTOMATION, Source
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from tests.connectors.hubspot.clock_stage import example
from tests.connectors.hubspot.remembering import (
    ANA,
    CONTACT,
    DEAL,
    MONDAY,
    MORGAN,
    NOW,
    PERSON,
    Remembering,
    after,
    remembering,
)
from tests.connectors.hubspot.stories import PEOPLE, acme_binding, acme_resources

CALL, EMAIL, MEETING, COMMUNICATION = "0-48", "0-49", "0-47", "0-18"
A_TICK = timedelta(microseconds=1)


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Remembering]:
    with remembering(tmp_path) as found:
        yield found


def lead(past: Remembering, *stages: tuple[float, str], **values: str) -> str:
    """Let a contact come on Monday, and be moved so many hours after that."""
    found = past.contact()
    past.write(found, MONDAY, PERSON, CONTACT, **{"hs_lead_status": "NEW", **values})
    for hours, status in stages:
        past.write(found, after(hours=hours), hs_lead_status=status)
    return found


def test_the_reader_tells_the_past_and_changes_nothing(past: Remembering) -> None:
    lead(past, (1, "OPEN"))
    with past.reader() as reader:
        assert isinstance(reader, TellsHistory)
        assert len(list(reader.history(past.asked()))) > 5
    assert past.running.application.state_changes == 0


def test_values_are_told_as_agreed_stages_and_values_of_one_stage_as_one_stay(past: Remembering) -> None:
    lead(past, (1, "OPEN"), (2, "IN_PROGRESS"), (3, "CONNECTED"), (4, "OPEN_DEAL"), (5, "CONNECTED"), (6, ""))
    told = past.tell().shown(STAGES, "at", "stage", "by")
    assert told == [
        (MONDAY, "lead", MORGAN), (after(hours=1), "mql", MORGAN), (after(hours=2), "sal", MORGAN),
        (after(hours=4), None, MORGAN), (after(hours=5), "sal", MORGAN), (after(hours=6), None, MORGAN),
    ]  # fmt: skip


def test_whoever_has_no_stage_yet_stands_in_the_first_since_they_came(past: Remembering) -> None:
    lead(past, (3, "OPEN"), hs_lead_status="")
    assert past.tell().shown(STAGES, "at", "stage") == [(MONDAY, "lead"), (after(hours=3), "mql")]


def test_stages_of_one_instant_keep_their_order_and_the_one_that_stays_its_instant(past: Remembering) -> None:
    lead(past, (0, "OPEN"), (0, "IN_PROGRESS"))
    told = past.tell()
    assert told.shown(STAGES, "at", "stage") == [
        (MONDAY - 2 * A_TICK, "lead"),
        (MONDAY - A_TICK, "mql"),
        (MONDAY, "sal"),
    ]
    assert told.shown(LEADS, "created_at") == [MONDAY - 2 * A_TICK]


def test_a_contact_without_a_stage_or_a_source_is_no_lead(past: Remembering) -> None:
    past.contact()
    past.write(past.contact(), after(hours=1), sla_source="Something else")
    assert past.tell().shown(LEADS, "lead") == ["102"]
    assert past.tell().rows(RAISES) == []


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([(2, "no_budget")], "no_budget"),
        ([(1.9, "no_budget")], "no_budget"),
        ([(2.5, "bad_time")], "bad_time"),
        ([(2, "no_budget"), (2.5, "bad_time")], "bad_time"),
        ([(0.5, "no_budget")], None),
        ([(3, "no_budget")], None),
        ([(2, "none")], None),
        ([(2, "too_big")], None),
        ([], None),
    ],
)
def test_a_reason_belongs_to_the_stage_in_which_it_was_given(
    past: Remembering, reasons: list[tuple[float, str]], told: str | None
) -> None:
    found = lead(past, (1, "OPEN"), (2, "BAD_TIMING"), (3, "OPEN"))
    for hours, reason in reasons:
        past.write(found, after(hours=hours), sla_reason=reason)
    assert past.tell().shown(STAGES, "reason") == [None, None, told, None]


def test_a_queue_is_nobodys_and_whoever_gets_a_lead_takes_it_out(past: Remembering) -> None:
    found = lead(past, hubspot_owner_id=MORGAN)
    past.write(found, after(hours=1), sla_queue="parking")
    past.write(found, after(hours=1), hubspot_owner_id="")
    past.write(found, after(hours=2), Source(AUTOMATION, "7"), hubspot_owner_id=ANA)
    past.write(found, after(hours=2.5), sla_queue="none")
    past.write(found, after(hours=3), hubspot_owner_id="")
    past.write(found, after(hours=4), sla_queue="parking")
    past.write(found, after(hours=4), hubspot_owner_id=ANA)
    told = past.tell()
    assert sum(len(each.rows) for each in told.pieces if each.table is OWNERS) == 5
    assert told.shown(OWNERS, "at", "owner", "queue", "by") == [
        (MONDAY, MORGAN, None, MORGAN),
        (after(hours=1), None, "parking", MORGAN),
        (after(hours=2), ANA, None, None),
        (after(hours=3), None, None, MORGAN),
        (after(hours=4), ANA, None, MORGAN),
    ]


def test_the_first_property_that_holds_a_source_counts_and_each_new_value_is_a_hand_raised(past: Remembering) -> None:
    sources = example().binding.sources.model_copy(
        update={
            "read_from": ("sla_source", "hs_latest_source"),
            "values": {"demo_request": ("Demo",), "referral": ("REFERRALS",)},
        }
    )
    found = lead(past, hs_latest_source="REFERRALS")
    past.write(found, after(hours=1), sla_source="Demo")
    past.write(found, after(hours=2), hs_latest_source="DIRECT_TRAFFIC")
    past.write(found, after(hours=3), sla_source="Fair")
    past.write(found, after(hours=4), sla_source="Demo")
    told = past.tell(example(sources=sources))
    assert told.shown(RAISES, "at", "source") == [
        (MONDAY, "referral"), (after(hours=1), "demo_request"), (after(hours=4), "demo_request")
    ]  # fmt: skip
    facts = [(row["at"], row["value"]) for row in told.rows(FACTS) if row["field"] == "source"]
    assert [value for _, value in facts] == ["referral", "demo_request", "Fair", "demo_request"]


def test_fields_are_told_by_their_agreed_names_and_checkboxes_as_yes_and_no(past: Remembering) -> None:
    found = lead(past, company="Buyer", sla_competitor="false")
    past.write(found, after(hours=1), sla_competitor="true", company="")
    told = [(row["field"], row["value"]) for row in past.tell().rows(FACTS) if row["field"] != "email"]
    assert sorted(told, key=str) == sorted(
        [("company", "Buyer"), ("company", None), ("competitor", "no"), ("competitor", "yes")], key=str
    )


@pytest.mark.parametrize(
    ("values", "excluded"),
    [
        ({"sla_competitor": "true"}, "competitor"),
        ({"sla_test": "true"}, "test"),
        ({"hs_email_domain": "startup.example"}, "employee"),
        ({"sla_competitor": "false", "hs_email_domain": "buyer.example"}, None),
    ],
)
def test_whoever_is_left_out_is_named_so(past: Remembering, values: dict[str, str], excluded: str | None) -> None:
    lead(past, **values)
    assert past.tell().shown(LEADS, "excluded") == [excluded]


def test_an_import_is_told_from_what_came_by_itself(past: Remembering) -> None:
    past.contact(source=Source("IMPORT", "77"), hs_lead_status="NEW")
    own = lead(past)
    past.write(own, after(days=1), Source("IMPORT", "78"), company="Buyer")
    assert past.tell().shown(LEADS, "batch") == ["77", None]


def test_a_deleted_contact_is_told_with_its_past_and_when_it_went(past: Remembering) -> None:
    gone = lead(past, (1, "OPEN"))
    past.inside.records.archive(CONTACT, gone, Source("CRM_UI"), after(days=2))
    told = past.tell()
    assert told.shown(LEADS, "lead", "gone_at") == [(gone, after(days=2))]
    assert told.shown(STAGES, "stage") == ["lead", "mql"]
    earlier = past.tell(until=after(days=1))
    assert earlier.shown(LEADS, "gone_at") == [None]


def test_merged_contacts_lead_to_the_one_that_has_the_past_of_both(past: Remembering) -> None:
    one, other, third = lead(past, (1, "OPEN")), lead(past, (2, "IN_PROGRESS")), lead(past)
    client = past.portal.client()
    merge = {"primaryObjectId": one, "objectIdToMerge": other}
    first = client.call("POST", Api.OBJECTS, "/contacts/merge", body=merge)["id"]
    merge = {"primaryObjectId": first, "objectIdToMerge": third}
    last = client.call("POST", Api.OBJECTS, "/contacts/merge", body=merge)["id"]
    told = {row["lead"]: row for row in past.tell(until=NOW + timedelta(hours=1)).rows(LEADS)}
    assert {each: told[each]["merged_into"] for each in (one, other, first, third, last)} == {
        one: last, other: last, first: last, third: last, last: None
    }  # fmt: skip
    assert all(NOW < told[each]["gone_at"] < NOW + timedelta(minutes=1) for each in (one, other, first, third))


def test_a_merger_whose_instant_is_not_told_is_as_old_as_the_mention_of_it(past: Remembering) -> None:
    found = lead(past)
    past.write(found, after(days=1), hs_merged_object_ids="88")
    past.write(found, after(days=2), hs_merged_object_ids="88;99")
    told = {row["lead"]: row["gone_at"] for row in past.tell().rows(LEADS) if row["merged_into"] == found}
    assert told == {"88": after(days=1), "99": after(days=2)}


_OUT: dict[str, dict[str, str]] = {
    CALL: {"hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED"},
    EMAIL: {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
    MEETING: {"hs_meeting_outcome": "SCHEDULED", "hs_meeting_source": "CRM_UI"},
    COMMUNICATION: {},
}


@pytest.mark.parametrize(
    ("kind", "values", "counts", "inbound"),
    [
        (CALL, {}, True, False),
        (CALL, {"hs_call_status": "MISSED"}, False, False),
        (CALL, {"hs_call_direction": "INBOUND"}, False, True),
        (CALL, {"hubspot_owner_id": ""}, False, False),
        (EMAIL, {}, True, False),
        (EMAIL, {"hs_email_direction": "INCOMING_EMAIL"}, False, True),
        (EMAIL, {"hs_email_status": "BOUNCED"}, False, False),
        (EMAIL, {"hs_sequence_id": "700100"}, False, False),
        (MEETING, {}, True, False),
        (MEETING, {"hs_meeting_source": "MEETINGS_PUBLIC"}, True, True),
        (MEETING, {"hs_meeting_outcome": "CANCELED"}, False, False),
    ],
)
def test_an_activity_counts_as_the_binding_says(
    past: Remembering, kind: str, values: dict[str, str], counts: bool, inbound: bool
) -> None:
    found = lead(past)
    own = {"hs_timestamp": "2026-10-05T10:00:00Z", "hubspot_owner_id": MORGAN, **_OUT[kind], **values}
    past.beside(kind, after(hours=1), found, **{name: text for name, text in own.items() if text})
    told = past.tell().shown(ACTIVITIES, "lead", "at", "counts", "inbound")
    assert told == [(found, after(hours=1), counts, inbound)]


def test_rules_of_the_binding_change_what_counts(past: Remembering) -> None:
    found = lead(past)
    at = {"hs_timestamp": "2026-10-05T10:00:00Z", "hubspot_owner_id": MORGAN}
    past.beside(MEETING, MONDAY, found, **at, hs_meeting_source="MEETINGS_PUBLIC")
    past.beside(CALL, MONDAY, found, **at, hs_call_disposition="no answer")
    past.beside(COMMUNICATION, MONDAY, found, **at)
    rules = (
        TouchRule(activity="meeting"),
        TouchRule(activity="call", outcome=("answered",)),
        TouchRule(activity="communication", by="anyone"),
    )
    told = past.tell(example(touch=BoundTouch(any=rules)))
    assert sorted(told.shown(ACTIVITIES, "kind", "counts")) == [
        ("call", False),
        ("communication", True),
        ("meeting", False),
    ]
    assert "communication" not in past.tell().shown(ACTIVITIES, "kind")


def test_a_meeting_is_told_when_it_was_put_into_the_calendar_and_of_each_contact(past: Remembering) -> None:
    one, other = lead(past), lead(past)
    past.beside(MEETING, after(hours=2), one, other, hs_timestamp="2026-12-24T10:00:00Z")
    assert past.tell().shown(ACTIVITIES, "lead", "at") == [(one, after(hours=2)), (other, after(hours=2))]


def test_a_deal_is_told_with_how_it_ended_and_gives_its_contact_the_stage(past: Remembering) -> None:
    older, newer = lead(past, (1, "OPEN")), lead(past)
    deal = past.beside(DEAL, after(days=1), older, amount="1200.5", dealstage="appointmentscheduled")
    past.write(deal, after(days=2), object_id=DEAL, dealstage="closedwon")
    lost = past.beside(DEAL, after(days=1), newer, dealstage="closedlost")
    open_one = past.beside(DEAL, after(days=3), newer, older, dealstage="contractsent")
    past.beside(DEAL, after(days=3), dealstage="contractsent")
    told = past.tell()
    assert sorted(told.shown(DEALS, "deal", "lead", "opened_at", "amount", "closed_at", "won")) == [
        (deal, older, after(days=1), 1200.5, after(days=2), True),
        (lost, newer, after(days=1), None, after(days=1), False),
        (open_one, older, after(days=3), None, None, None),
    ]
    assert told.shown(STAGES, "lead", "stage") == [
        (older, "lead"), (older, "mql"), (older, "customer"), (newer, "lead")
    ]  # fmt: skip


def test_people_are_told_with_their_team_and_those_who_left_with_when(past: Remembering) -> None:
    for each in past.inside.state["owners"]:
        if each["id"] == ANA:
            each |= {"archived": True, "updatedAt": "2026-10-20T00:00:00.000Z", "userId": None}
    told = {row["user"]: row for row in past.tell().rows(USERS)}
    assert told[ANA]["until"] == datetime(2026, 10, 20, tzinfo=UTC)
    assert (told[ANA]["team"], told[MORGAN]["team"], told[MORGAN]["until"]) == ("reps", "reps", None)


def test_nothing_is_told_that_came_later_than_asked(past: Remembering) -> None:
    found = lead(past, (1, "OPEN"), (30, "IN_PROGRESS"))
    past.write(found, after(hours=30), hubspot_owner_id=MORGAN)
    past.contact(at=after(hours=30), hs_lead_status="NEW")
    past.beside(CALL, after(hours=30), found, hs_timestamp="2026-10-06T15:00:00Z")
    told = past.tell(until=after(hours=24))
    assert (told.shown(LEADS, "lead"), told.shown(STAGES, "stage")) == ([found], ["lead", "mql"])
    assert told.rows(OWNERS) == told.rows(ACTIVITIES) == []


def untold(past: Remembering, *parts: Any, **more: Any) -> dict[str, str]:
    return {each.what: each.because for each in past.tell(*parts, **more).untold}


def test_what_the_portal_does_not_tell_is_said(past: Remembering) -> None:
    said = untold(past)
    assert "keeps a new version" in said["Whoever asks again for the same"]
    assert "only in which team somebody is now" in said["In which team somebody was"]
    assert said["Contacts that were deleted before 2026-08-01"].startswith("HubSpot shows what was deleted for 90 days")
    assert "stands on another record" in said["The field 'account_owner'"]


def test_a_property_that_the_portal_lacks_is_said_and_the_rest_is_told(past: Remembering) -> None:
    for name in ("sla_reason", "sla_source", "sla_competitor", "sla_queue"):
        del past.inside.state["properties"][CONTACT][name]
    lead(past, (1, "OPEN"), hubspot_owner_id=MORGAN)
    said = untold(past)
    assert {"Reasons at 'later'", "Sources in 'sla_source'", "The field 'competitor'"} <= said.keys()
    assert past.tell().shown(STAGES, "stage") == ["lead", "mql"]


def test_records_that_the_token_may_not_read_are_said_and_the_rest_is_told(past: Remembering) -> None:
    found = lead(past)
    past.beside(DEAL, MONDAY, found, dealstage="closedwon")
    past.portal.switch(missing_scopes=["crm.objects.deals.read", "crm.schemas.deals.read"])
    assert "What is kept as deals" in untold(past)
    assert past.tell().shown(LEADS, "lead") == [found]


def test_a_token_that_may_not_see_owners_still_tells_who_had_what(past: Remembering) -> None:
    lead(past, hubspot_owner_id=MORGAN)
    past.portal.switch(missing_scopes=["crm.objects.owners.read"])
    assert "Who could own contacts, and who changed them" in untold(past)
    assert past.tell().shown(OWNERS, "owner", "by") == [(MORGAN, None)]


def test_a_portal_to_which_nothing_was_applied_tells_what_is_there(past: Remembering) -> None:
    for name in [each for each in past.inside.state["properties"][CONTACT] if each.startswith("sla_")]:
        del past.inside.state["properties"][CONTACT][name]
    lead(past, hs_lead_status="OPEN_DEAL")
    told = past.tell(Vocabulary(acme_resources(), acme_binding(), PEOPLE))
    assert told.shown(STAGES, "stage") == ["inquiry", "opportunity"]
    assert {"Sources in 'sla_source'", "The field 'score'", "Reasons at 'recycled'"} <= {
        each.what for each in told.untold
    }


@pytest.mark.parametrize(("versions", "full"), [(19, False), (20, True)])
def test_versions_that_may_have_been_forgotten_are_counted(past: Remembering, versions: int, full: bool) -> None:
    lead(past, *((each, ("NEW", "OPEN")[each % 2]) for each in range(1, versions)))
    said = untold(past)
    assert ("Old values of 'hs_lead_status'" in said) is full
    assert not full or said["Old values of 'hs_lead_status'"].startswith("1 contact has 20 values")


def test_a_touch_that_nobody_defined_is_said(past: Remembering) -> None:
    said = untold(past, example(touch=BoundTouch()))
    assert said["Which activities are touches"] == "The binding does not say so."
