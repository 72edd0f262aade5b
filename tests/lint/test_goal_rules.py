"""Rules of the goal, the plan and the load, with the figures that people get with paper and pencil."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sla_sync.agreement.sections.teams import Team
from sla_sync.diagnostics import Severity
from sla_sync.lint.load import load_of, waiting_chance
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, places, small

CODES = [f"SLA6{number:02d}" for number in range(1, 19)]


def team(size: int, **more: object) -> Team:
    said = {"members": size, "capacity": "110 hours per member per month", "effort": "48 minutes per lead"}
    return Team.model_validate({**said, **more})


def volume(target: str, more: str = "") -> str:
    return f"commitments: {{mql-volume: {{by: vp_marketing, measure: count of first mql, target: {target}{more}}}}}"


@pytest.mark.parametrize("code", CODES)
def test_the_example_keeps_every_rule_of_goals(code: str) -> None:
    weighing = [each for each in found(code, acme(), acme_bound()) if each.severity is not Severity.INFORMATION]
    assert weighing == []


@pytest.mark.parametrize(
    ("members", "presence", "leads", "demand", "supply", "share"),
    [
        # 110 leads of 48 minutes are 88 hours against 2 × 110.
        (2, None, 110, 88, 220, "40%"),
        # 150 × 48 minutes = 120 hours; 2 × 110 × 0.8 = 176, and half of it for one.
        (2, "80%", 150, 120, 176, "68%"),
        (1, "80%", 150, 120, 88, "136%"),
    ],
)
def test_the_load_of_a_team(
    members: int, presence: str | None, leads: int, demand: int, supply: int, share: str
) -> None:
    load = load_of(team(members, presence=presence), Decimal(leads))
    assert load is not None
    assert [load.demand, load.supply] == [demand, supply]
    assert f"{load.share:.0%}" == share


def test_capacity_and_volume_may_be_said_by_other_periods() -> None:
    # 330 a quarter are 110 a month, and 330 hours a quarter are 110 hours a month.
    quarter = load_of(team(2, capacity="330 hours per member per quarter"), Decimal(110))
    assert quarter is not None
    assert quarter.supply == 220


@pytest.mark.parametrize("lacking", ["members", "capacity", "effort"])
def test_a_team_that_leaves_a_number_open_is_not_judged(lacking: str) -> None:
    assert load_of(team(2, **{lacking: None}), Decimal(110)) is None
    assert load_of(team(2, **{lacking: "undecided"}), Decimal(110)) is None


@pytest.mark.parametrize(("members", "severity"), [(2, None), (1, Severity.WARNING)])
def test_a_team_above_four_fifths_is_warned(members: int, severity: Severity | None) -> None:
    # 110 × 55 minutes = 100.8 hours: 46% of two members, 92% of one.
    sdr = f"{{manager: sdr_manager, members: {members}, calendar: office, capacity: 110 hours per member per month, "
    agreement = acme_with(f"teams: {{sdr: {sdr}effort: 55 minutes per lead}}}}")
    assert [each.severity for each in found("SLA614", agreement)] == ([severity] if severity else [])


def test_a_team_above_all_its_time_is_an_error() -> None:
    sdr = "{manager: sdr_manager, members: 1, calendar: office, capacity: 110 hours per member per month, "
    (one,) = found("SLA614", acme_with(f"teams: {{sdr: {sdr}effort: 80 minutes per lead}}}}"))
    # 110 × 80 minutes = 146.7 hours
    assert one.severity is Severity.ERROR
    assert "needs 146.7 hours a month for 110 leads and has 110: 133% of its time" in one.message


def test_a_volume_for_each_member_is_that_of_its_team() -> None:
    text = (
        "teams:\n"
        "  sdr: {manager: sdr_manager, members: 2, calendar: office, capacity: 110 hours per member per month,\n"
        "    effort: 48 minutes per lead}\n"
        "  desk: {manager: sdr_manager, members: 1, calendar: office, capacity: 110 hours per member per month,\n"
        "    effort: 48 minutes per lead}\n"
    )
    # 150 a member are 120 hours of 110.
    assert places("SLA614", acme_with(text + volume("150 per member of desk per month"))) == ["capacity"]
    # 300 leads are 240 hours of 330 that all three have: 73% of each.
    assert found("SLA614", acme_with(text + volume("300 per month"))) == []


@pytest.mark.parametrize(("people", "waiting"), [(1, "100.0%"), (2, "15.7%"), (3, "2.0%")])
def test_the_chance_to_wait_longer_than_a_quarter_of_an_hour(people: int, waiting: str) -> None:
    # Three leads an hour, 20 minutes each: Erlang C.
    assert f"{waiting_chance(3, 20, people, 15):.1%}" == waiting


def test_nobody_there_means_that_everybody_waits() -> None:
    assert waiting_chance(1, 20, 0, 15) == 1


def test_one_person_who_is_half_busy_lets_half_wait() -> None:
    # With one server the chance to wait at all is the share of its time that is taken: 1.5 × 20 minutes an hour.
    assert waiting_chance(1.5, 20, 1, 0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("target", "more", "codes"),
    [
        ("151 per month", "", []),
        ("150 per month", "", ["SLA610"]),
        ("110 per month", ", gap_covered_by: outbound", []),
        ("166 per month", "", []),
        # 151 and a tenth are 166.1.
        ("167 per month", "", ["SLA611"]),
        ("453 per quarter", "", []),
        ("{2026-10: 100 per month, 2026-11: 153 per month, 2026-12: 200 per month}", "", []),
        ("{2026-10: 100 per month, 2026-11: 100 per month, 2026-12: 200 per month}", "", ["SLA610"]),
        ("undecided", "", []),
    ],
)
def test_a_volume_is_held_against_the_plan(target: str, more: str, codes: list[str]) -> None:
    agreement = acme_with(volume(target, more))
    assert [code for code in ("SLA610", "SLA611") if found(code, agreement)] == codes


def test_whoever_covers_the_gap_and_promises_a_number_is_held_to_it() -> None:
    roles = "roles: {head_of_outbound: {party: outbound}}\n"
    text = roles + volume("110 per month", ", gap_covered_by: outbound")
    covering = text[:-1] + ", more: {by: head_of_outbound, measure: count of mql, target: %s}}"
    assert found("SLA611", acme_with(covering % "41 per month")) == []
    (one,) = found("SLA611", acme_with(covering % "10 per month"))
    assert "with what 'outbound' covers, 120 'mql' a month, and the plan needs 151." in one.message


def test_a_volume_is_held_against_the_share_of_its_own_party() -> None:
    plan = "{revenue: 1200000, sources: {outbound: 50%, marketing: 50%}, average_deal: 10000, rates: {mql to won: 50%}}"
    text = f"roles: {{caller: {{party: outbound}}}}\ngoal: {{plan: {plan}}}\n"
    # 600,000 are 60 wins and 120 leads: 40 a month.
    promise = "commitments: {calls: {by: caller, measure: count of mql, target: %s per month}}"
    assert found("SLA610", acme_with(text + promise % 40)) == []
    (one,) = found("SLA610", acme_with(text + promise % 39))
    assert "promises 39 'mql' a month, and the plan needs 40." in one.message


def test_a_plan_that_cannot_be_worked_backward_is_information() -> None:
    agreement = acme_with("goal: {plan: {revenue: 10000000}}")
    (one,) = found("SLA610", agreement)
    assert one.severity is Severity.INFORMATION
    assert one.message.startswith("The plan's `average_deal`") or one.message.startswith("The plan has no")


def test_without_a_goal_that_is_said_once_as_information() -> None:
    weights = [each.severity for code in CODES for each in found(code, small())]
    assert weights == [Severity.INFORMATION]


@pytest.mark.parametrize(
    ("metric", "counts"),
    [
        ("mqls", True),
        ("qualified_leads", True),
        ("inquiries", True),
        ("marketing_sourced_revenue", False),
        ("pipeline_from_leads", False),
        ("deals", False),
    ],
)
def test_a_goal_in_leads_is_named(metric: str, counts: bool) -> None:
    assert bool(found("SLA604", acme_with(f"goal: {{metric: {metric}}}"))) is counts


@pytest.mark.parametrize(
    ("fiscal", "by", "holiday", "near"),
    [
        ("", "2026-12-31", "2026-12-17", False),
        ("", "2026-12-31", "2026-12-18", True),
        ("", "2026-10-01", "2026-12-31", True),
        ("", "2026-09-30", "2026-12-31", False),
        # From February on, a quarter ends with January.
        ("02-01", "2026-12-31", "2026-12-25", False),
        ("02-01", "2026-12-31", "2027-01-18", True),
    ],
)
def test_the_last_two_weeks_of_the_quarter_of_the_goal(fiscal: str, by: str, holiday: str, near: bool) -> None:
    year = f", fiscal_year_start: '{fiscal}'" if fiscal else ""
    metadata = f"metadata: {{timezone: America/New_York{year}}}\n"
    calendar = f"calendars: {{office: {{open: {{mon-fri: '09:00-17:00'}}, holidays: [{holiday}]}}}}\n"
    agreement = acme_with(f"{metadata}{calendar}goal: {{by: {by}}}")
    assert bool(found("SLA615", agreement)) is near


def test_a_surge_at_the_end_of_the_quarter_is_named() -> None:
    event = (
        "calendars: {office: {open: {mon-fri: '09:00-17:00'}, events: {fair: {from: 2026-12-10, until: 2026-12-18}}}}"
    )
    assert places("SLA615", acme_with(event)) == ["fair"]
    assert found("SLA615", acme_with(event.replace("12-18", "12-17"))) == []


def test_a_goal_before_the_agreement_is_none() -> None:
    assert places("SLA601", acme_with("goal: {by: 2026-09-30}")) == ["by"]


@pytest.mark.parametrize(
    ("lag", "late"), [("91 days", False), ("92 days", True), ("2 months", False), ("3 months", True)]
)
def test_leads_are_due_while_the_agreement_is_in_force(lag: str, late: bool) -> None:
    # From 31 December 91 days lead back to 1 October.
    plan = (
        f"{{revenue: 1, sources: {{marketing: 100%}}, average_deal: 1, mql_to_close: {lag}, rates: {{mql to won: 9%}}}}"
    )
    found_late = found("SLA618", acme_with(f"goal: {{plan: {plan}}}"), today=date(2026, 10, 1))
    assert bool(found_late) is late
