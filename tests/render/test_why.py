"""One lead explained: its windows, what stopped its clock, and the line of the agreement that decided."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sla_sync.agreement.source import read_source
from sla_sync.connector import Assignment, ClockRecord, Happening, RecordStory
from sla_sync.diagnostics import KeyPath, Location
from sla_sync.render.accounts import Agreed
from sla_sync.render.why import why_as_json, why_as_markdown, why_as_text, why_in_short
from sla_sync.semantics.calendars import calendars_of
from tests.agreement.documents import ACME, acme

SOURCE = read_source(ACME, root=ACME.parent, shown="agreement.yaml")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of October 2026 by the clocks of New York."""
    return datetime(2026, 10, day, hour + 4, minute, tzinfo=UTC)


def agreed(now: datetime) -> Agreed:
    return Agreed(acme(), calendars_of(acme()), SOURCE.locate_key, now)


CLOCK = ClockRecord("first-response", at(2, 16, 50), at(5, 9, 5), at(2, 16, 57), at(5, 9, 4), "on_time")
TURN = Assignment(
    1, 1, "ana", "hot", "demo_request", "sdr", "office", "acme-inbound@2026-10-01", "mql",
    assigned_at=at(2, 16, 50), touched_at=at(5, 9, 4), clocks=(CLOCK,),
)  # fmt: skip
STORY = RecordStory(
    "00Q1",
    "Nora Field",
    (TURN,),
    (
        Happening(at(2, 16, 50), "She qualified, and ana got her", ("stages", "mql")),
        Happening(at(5, 9, 4), "ana called"),
    ),
)


RESPONSE = (
    "«A rep touches every MQL in time.» within 15 business minutes for hot "
    f"(agreement.yaml:{SOURCE.locate_key(('commitments', 'first-response', 'within', 'hot')).line})"
)


def with_clock(**changes: object) -> RecordStory:
    return replace(STORY, assignments=(replace(TURN, clocks=(replace(CLOCK, **changes),)),))  # type: ignore[arg-type]


def test_a_lead_of_an_earlier_version_keeps_its_dates_whatever_the_file_says_now() -> None:
    earlier = replace(STORY, assignments=(replace(TURN, policy="acme-inbound@2026-07-01"),))
    assert "Agreed now; the dates of acme-inbound@2026-07-01 stay as they were stamped:" in why_as_text(
        earlier, agreed(at(6, 12))
    )
    assert "\nAgreed:\n" in why_as_text(STORY, agreed(at(6, 12)))


def test_a_clock_that_starts_now_has_just_begun_and_one_of_the_night_has_not() -> None:
    running = {"stopped_at": None, "state": "running"}
    assert "It has just begun to run in office." in why_as_text(
        with_clock(**running, started_at=at(5, 10)), agreed(at(5, 10))
    )
    assert "office was closed." in why_as_text(with_clock(**running, started_at=at(5, 2)), agreed(at(5, 2)))


def test_a_lead_over_the_weekend_is_told_with_the_windows_in_which_its_clock_ran() -> None:
    assert why_as_text(STORY, agreed(at(6, 12))).splitlines() == [
        "Nora Field (00Q1): 1 assignment; under acme-inbound@2026-10-01.",
        "",
        f"  Fri 2 Oct 16:50  She qualified, and ana got her (agreement.yaml:{line('stages', 'mql')})",
        "  Mon 5 Oct 09:04  ana called",
        "",
        "Cycle 1, assignment 1: ana, team sdr, hot, from demo_request, stage mql.",
        "  first-response: on time. Started Fri 2 Oct 16:50, due Mon 5 Oct 09:05, stopped Mon 5 Oct 09:04.",
        "    Ran in office: Fri 16:50–17:00, Mon 09:00–09:04: 14 min of business time.",
        "    Stopped by: ana called.",
        "",
        "Agreed:",
        f"  first-response: {RESPONSE}.",
    ]


def test_what_happened_in_one_minute_is_one_line_and_each_line_of_the_agreement_is_quoted_once() -> None:
    happened = (Happening(at(2, 16, 50), "It qualified."), Happening(at(2, 16, 50), "Ana got it."))
    again = replace(TURN, number=2)
    text = why_as_text(replace(STORY, happenings=happened, assignments=(TURN, again)), agreed(at(6, 12)))
    assert "  Fri 2 Oct 16:50  It qualified. Ana got it." in text.splitlines()
    assert text.count("first-response: on time.") == 2
    assert text.count(RESPONSE) == 1


def test_two_priorities_of_one_promise_are_quoted_both() -> None:
    warm = replace(TURN, number=2, priority="warm")
    quoted = why_as_text(replace(STORY, assignments=(TURN, warm)), agreed(at(6, 12))).partition("Agreed:")[2]
    assert ["for hot" in each for each in quoted.split("\n")[1:]] == [True, False]
    assert "2 business hours for warm" in quoted


def line(*path: str) -> int:
    found: KeyPath = path
    return SOURCE.locate_key(found).line


def test_nothing_that_stopped_a_clock_is_said_as_plainly() -> None:
    text = why_as_text(with_clock(stopped_at=None, state="overdue"), agreed(at(5, 12)))
    assert "first-response: overdue." in text
    assert "Nothing stopped it." in text
    assert "Mon 09:00–12:00: 3 h 10 min of business time." in text


@pytest.mark.parametrize(
    ("changes", "now", "state"),
    [
        ({}, at(6, 9), "on time"),
        ({"stopped_at": at(5, 9, 6)}, at(6, 9), "late"),
        ({"stopped_at": at(5, 9, 5)}, at(6, 9), "on time"),
        ({"stopped_at": None}, at(5, 9, 6), "overdue"),
        ({"stopped_at": None}, at(5, 9, 5), "warned"),
        ({"stopped_at": None}, at(2, 16, 56), "running"),
    ],
)
def test_where_the_platform_shows_no_state_the_instants_tell_it(
    changes: dict[str, object], now: datetime, state: str
) -> None:
    assert f"first-response {state} (" in why_in_short(with_clock(state="", **changes), agreed(now))


@pytest.mark.parametrize(("ended", "state"), [(at(5, 9, 5), "void"), (at(5, 9, 6), "overdue")])
def test_a_clock_whose_assignment_ended_is_void_in_time_and_overdue_after_it(ended: datetime, state: str) -> None:
    clock = replace(CLOCK, stopped_at=None, state="")
    story = replace(STORY, assignments=(replace(TURN, ended_at=ended, ended_because="Reassigned", clocks=(clock,)),))
    text = why_as_text(story, agreed(at(9, 9)))
    assert f"first-response: {state}." in text
    assert "; ended Mon 5 Oct 09:0" in text
    assert "(reassigned)." in text


def test_a_short_line_has_state_times_and_the_sentence_that_decided() -> None:
    assert why_in_short(STORY, agreed(at(6, 12))) == (
        f"ana: first-response on time (due Mon 5 Oct 09:05, stopped Mon 5 Oct 09:04); {RESPONSE}"
    )


def test_a_lead_held_against_another_version_than_the_file_says_both() -> None:
    old = replace(STORY, assignments=(replace(TURN, policy="acme-inbound@2026-07-01"),))
    first = why_as_text(old, agreed(at(6, 12))).splitlines()[0]
    assert first.endswith("under acme-inbound@2026-07-01 (the file is acme-inbound@2026-10-01).")


def test_many_windows_are_cut_in_the_middle_and_bear_dates_where_weekdays_return() -> None:
    story = with_clock(clock="verdict", stopped_at=at(16, 10), due_at=at(6, 16, 50), state="late")
    text = why_as_text(story, agreed(at(20, 12)))
    assert "Fri 2 Oct 16:50–17:00, Mon 5 Oct 09:00–17:00, Tue 6 Oct 09:00–17:00, …, Fri 16 Oct 09:00–10:00" in text
    assert "«Accept or reject with a reason.» within 2 business days (" in text


def test_a_lead_without_an_assignment_is_told_why() -> None:
    story = RecordStory("00Q1", "Nora Field", (), ())
    assert why_as_text(story, agreed(at(1, 9))).splitlines()[1:] == [
        "",
        "It has no assignment: it has not qualified while the agreement was in force.",
    ]
    assert "has not qualified" in why_as_markdown(story, agreed(at(1, 9)))


def test_what_a_platform_says_cannot_steer_a_terminal() -> None:
    bad = replace(STORY, title="Nora \x1b[31mField")
    assert "\x1b" not in why_as_text(bad, agreed(at(6, 12)))
    assert "\x1b" not in why_as_markdown(bad, agreed(at(6, 12)))


def test_json_has_every_instant_in_utc_and_the_windows_of_each_clock() -> None:
    plain = json.loads(why_as_json(STORY, agreed(at(6, 12))))
    (clock,) = plain["assignments"][0]["clocks"]
    assert clock["windows"] == [
        ["2026-10-02T20:50:00+00:00", "2026-10-02T21:00:00+00:00"],
        ["2026-10-05T13:00:00+00:00", "2026-10-05T13:04:00+00:00"],
    ]
    assert (clock["state"], clock["limit"], clock["seconds"]) == ("on_time", "15 business minutes", 840)
    assert Location(**clock["location"]).file == "agreement.yaml"
