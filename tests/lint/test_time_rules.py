"""Rules of time limits, ladders and opening hours beyond what the broken files show."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.diagnostics import Severity
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, places

CODES = [f"SLA4{number:02d}" for number in range(1, 17)]


def response(clock: str = "starts: assigned, stops: touch", *, within: str = "2 business hours", more: str = "") -> str:
    return f"commitments: {{first-response: {{by: vp_sales, clock: {{{clock}}}, within: {within}{more}}}}}"


def calendar(text: str) -> str:
    return f"calendars: {{office: {{timezone: America/New_York, {text}}}}}"


@pytest.mark.parametrize("code", CODES)
def test_the_example_keeps_every_rule_of_time(code: str) -> None:
    assert found(code, acme(), acme_bound()) == []


@pytest.mark.parametrize(
    ("warn", "late"),
    [
        ("at 99%", False),
        ("at 100%", True),
        ("at 119 business minutes", False),
        ("at 2 business hours", True),
        ("at 120 business minutes", True),
        ("at 1 business day", True),
        # At four in the afternoon two open hours end at ten the next day; two hours of the clock end at six.
        ("at 2 hours", False),
        ("at 24 hours", True),
        ("undecided", False),
    ],
)
def test_a_warning_at_the_limit_or_after_it_is_late(warn: str, late: bool) -> None:
    assert bool(found("SLA402", acme_with(response(more=f", warn: {warn}")))) is late


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ("{notify: owner}, {after: 1 business hour, notify: owner}, {after: 1 business day, notify: vp_sales}", []),
        ("{after: 60 business minutes, notify: owner}, {after: 1 business hour, notify: vp_sales}", []),
        ("{after: 1 business hour, notify: owner}, {notify: vp_sales}", ["1"]),
        # A business day of this office has eight open hours.
        ("{after: 1 business day, notify: owner}, {after: 8 business hours, notify: vp_sales}", []),
        ("{after: 1 business day, notify: owner}, {after: 7 business hours, notify: vp_sales}", ["1"]),
        ("{after: 1 business hour, notify: owner}, {at: 4 business hours, notify: vp_sales}", []),
        ("{after: 1 business hour, notify: owner}, {at: 150 business minutes, notify: vp_sales}", ["1"]),
        ("{at: 1 business hour, notify: owner}", ["at"]),
        ("{after: undecided, notify: owner}, {after: 1 business hour, notify: vp_sales}", []),
    ],
)
def test_steps_follow_each_other_and_the_limit(steps: str, wrong: list[str]) -> None:
    assert places("SLA402", acme_with(response(more=f", on_breach: [{steps}]"))) == wrong


@pytest.mark.parametrize(
    ("within", "too_long"),
    [
        ("92 days", False),
        ("93 days", True),
        ("4 months", True),
        ("60 business days", False),
        ("70 business days", True),
    ],
)
def test_a_limit_ends_while_the_agreement_is_in_force(within: str, too_long: bool) -> None:
    # 1 October to 31 December are 92 days, and 13 weeks of five business days are 65.
    assert bool(found("SLA404", acme_with(response(within=within)))) is too_long


@pytest.mark.parametrize(
    ("within", "unreachable"),
    [
        ("64 hours", False),
        ("63 hours", True),
        ("4 business hours", False),
        ("{inside hours: 20 minutes, outside hours: 70 hours}", False),
        ("{inside hours: 20 minutes, outside hours: 4 hours}", True),
    ],
)
def test_an_elapsed_limit_is_longer_than_the_weekend(within: str, unreachable: bool) -> None:
    # Friday 17:00 to Monday 09:00 are 64 hours.
    clock = "starts: assigned, stops: touch, runs_in: office"
    messages = [each.message for each in found("SLA405", acme_with(response(clock, within=within)))]
    assert len(messages) == unreachable
    # 40 of 168 hours are open.
    assert all("closed for up to 64 hours" in each and "76%" in each for each in messages)


def test_the_latency_of_a_binding_counts_only_from_the_hand_raise() -> None:
    # The binding expects 15 minutes.
    assert found("SLA406", acme_with(response(within="15 minutes")), acme_bound()) == []
    raised = response("starts: raised, stops: touch", within="15 minutes")
    assert found("SLA406", acme_with(raised), acme_bound()) != []
    assert found("SLA406", acme_with(raised.replace("15", "16")), acme_bound()) == []


@pytest.mark.parametrize(
    ("zone", "severity"),
    [
        ("Europe/Madrid", None),
        ("UTC", None),
        ("EST", Severity.WARNING),
        ("Etc/GMT+5", Severity.WARNING),
        ("America/Gotham", Severity.ERROR),
        ("../../etc/passwd", Severity.ERROR),
        ("''", Severity.ERROR),
    ],
)
def test_a_zone_is_that_of_a_place(zone: str, severity: Severity | None) -> None:
    agreement = acme_with(f"calendars: {{office: {{timezone: {zone}, open: {{mon-fri: '09:00-17:00'}}}}}}")
    assert [each.severity for each in found("SLA407", agreement)] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("holidays", "places_found"),
    [
        ("[2026-11-26]", []),
        ("[{country: US}]", []),
        ("[{file: holidays.txt}]", []),
        ("[2025-12-25]", ["office"]),
        ("[2026-11-26, 2026-11-28]", ["1"]),
        # A Saturday with hours of its own is no closed day.
        ("[2026-11-26, {day: 2026-11-28, open: '09:00-12:00'}]", []),
    ],
)
def test_holidays_are_known_for_the_agreement_and_fall_on_open_days(holidays: str, places_found: list[str]) -> None:
    agreement = acme_with(calendar(f"open: {{mon-fri: '09:00-17:00'}}, holidays: {holidays}"))
    assert places("SLA408", agreement) == places_found


def test_an_agreement_without_an_end_needs_the_holidays_of_this_year_only() -> None:
    metadata = "metadata: {effective: {from: 2026-10-01}}"
    agreement = acme_with(metadata)
    assert found("SLA408", agreement, today=date(2026, 11, 1)) == []
    assert "from 2027-01-01" in found("SLA408", agreement, today=date(2027, 3, 1))[0].message


@pytest.mark.parametrize(
    ("zone", "hours", "said"),
    [
        # On 1 November 2026 New York repeats the hour from one to two.
        ("America/New_York", "sun: '01:00-04:00'", True),
        ("America/New_York", "sun: '02:00-06:00'", False),
        ("America/New_York", "sun: '00:00-01:00'", False),
        ("America/New_York", "mon-sat: '00:00-04:00'", False),
        # London goes back on 25 October 2026, from two to one.
        ("Europe/London", "sun: '01:30-03:00'", True),
        ("Europe/London", "mon-sun: '00:00-24:00'", False),
        ("Asia/Tokyo", "sun: '01:00-04:00'", False),
    ],
)
def test_a_window_in_the_hour_that_comes_twice_is_named(zone: str, hours: str, said: bool) -> None:
    agreement = acme_with(f"calendars: {{office: {{timezone: {zone}, open: {{{hours}}}}}}}")
    assert bool(found("SLA409", agreement)) is said


def test_a_window_in_the_hour_that_never_comes_is_named() -> None:
    # On 14 March 2027 New York goes from two to three.
    text = "metadata: {effective: {from: 2027-03-01, until: 2027-03-31}}\n" + calendar("open: {sun: '02:15-02:45'}")
    (one,) = found("SLA409", acme_with(text))
    assert "2027-03-14" in one.message
    assert found("SLA409", acme_with(text.replace("02:15-02:45", "03:00-04:00"))) == []


def test_business_time_of_a_calendar_that_never_closes_is_an_error_wherever_it_stands() -> None:
    always = calendar("open: {mon-sun: '00:00-24:00'}")
    agreement = acme_with(f"{always}\n{response(more=', warn: at 10 business minutes')}")
    at = [each.path[2] for each in found("SLA411", agreement) if each.path[1] == "first-response"]
    assert at == ["within", "warn"]


def test_without_any_calendar_every_business_duration_is_an_error() -> None:
    agreement = acme().model_copy(update={"calendars": {}})
    paths = {each.path[0] for each in found("SLA411", agreement)}
    assert paths == {"approval", "stages", "commitments"}


def test_personal_hours_are_hours() -> None:
    teams = "teams: {sdr: {manager: sdr_manager, members: 2, calendar: personal}}"
    assert found("SLA411", acme_with(f"{teams}\n{response()}")) == []


def test_who_has_the_lead_already_cannot_get_it() -> None:
    teams = "teams: {sdr: {manager: sdr_manager, members: 1, calendar: office}}"
    route = "routing: {first_match: [{when: stage is mql, to: sdr}]}"
    step = response(more=", on_breach: [{reassign: sdr, at_most: once}]")
    (one,) = found("SLA412", acme_with(f"{teams}\n{route}\n{step}"))
    assert "one member" in one.message
    assert found("SLA412", acme_with(f"{teams}\n{step}")) == []


@pytest.mark.parametrize(
    ("pause", "severity"),
    [
        ("waiting is yes", Severity.WARNING),
        ("score < 10", None),
        ("stage is sql", None),
        ("stage is won", Severity.WARNING),
    ],
)
def test_a_pause_is_out_of_reach_of_the_rep_and_ends(pause: str, severity: Severity | None) -> None:
    agreement = acme_with(response(f"starts: assigned, stops: touch, pauses: {pause}"))
    assert [each.severity for each in found("SLA413", agreement, acme_bound())] == ([severity] if severity else [])


def test_a_field_that_another_system_writes_may_pause_a_clock() -> None:
    agreement = acme_with(response("starts: assigned, stops: touch, pauses: waiting is yes"))
    bound = acme_bound("fields: {waiting: {field: Lead.SLA_Waiting__c, writer: phone_system}}")
    assert found("SLA413", agreement, bound) == []
    assert [each.severity for each in found("SLA413", agreement)] == [Severity.INFORMATION]


def test_a_breach_is_told_upwards() -> None:
    roles = "roles: {coach: {party: sales, reports_to: sdr_manager}, ae_manager: {party: sales}}"
    notified = "[owner, sdr_manager, vp_sales, vp_marketing, coach, ae_manager]"
    agreement = acme_with(f"{roles}\n{response(more=f', on_breach: [{{notify: {notified}}}]')}")
    messages = [each.message for each in found("SLA415", agreement)]
    assert [each.split("'")[1] for each in messages] == ["coach", "ae_manager"]
