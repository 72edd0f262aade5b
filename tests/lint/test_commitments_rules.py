"""Rules of the promises beyond what the broken files and the examples of the catalogue show."""

from __future__ import annotations

import pytest

from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, small

CODES = [f"SLA3{number:02d}" for number in range(1, 20)]
RESPONSE = "  {name}: {{by: vp_sales, clock: {{starts: assigned, stops: touch, runs_in: {runs_in}}}, within: {within}{more}}}\n"


def response(name: str = "other", *, within: str, runs_in: str = "office", more: str = "") -> str:
    return RESPONSE.format(name=name, runs_in=runs_in, within=within, more=more)


def commitments(*entries: str) -> str:
    return "commitments:\n" + "".join(entries)


@pytest.mark.parametrize("code", CODES)
def test_the_example_keeps_every_rule_of_promises(code: str) -> None:
    assert found(code, acme(), acme_bound()) == []


@pytest.mark.parametrize(
    ("within", "contradicts"),
    [
        ("{hot: 15 business minutes, warm: 2 business hours}", False),
        ("{hot: 900 business seconds, warm: 120 business minutes}", False),
        ("{hot: 15 business minutes, warm: 1 business hour}", True),
        # Business minutes are not minutes: over a weekend the second limit is long past.
        ("{hot: 15 minutes, warm: 2 business hours}", True),
        ("{hot: 15 business minutes}", False),
        ("3 business hours", True),
    ],
)
def test_limits_of_one_event_are_compared_on_the_clock(within: str, contradicts: bool) -> None:
    agreement = acme_with(commitments(response(within=within)))
    assert bool(found("SLA306", agreement)) is contradicts


def test_eight_business_hours_of_an_office_are_one_business_day() -> None:
    one = response("one", within="8 business hours", more=", where: country is DE")
    other = response("other", within="1 business day", more=", where: country is DE or FR")
    both = commitments(one, other).replace("assigned", "reassigned")
    assert found("SLA306", acme_with(both)) == []
    assert found("SLA306", acme_with(both.replace("8 business hours", "7 business hours"))) != []


def test_limits_about_other_leads_do_not_contradict() -> None:
    apart = [
        response("small-ones", within="4 business hours", more=", where: employees < 200"),
        response("large-ones", within="1 business hour", more=", where: employees >= 200"),
    ]
    assert found("SLA306", acme_with(commitments(*apart).replace("assigned", "raised"))) == []
    meeting = commitments(*apart).replace("< 200", "<= 200").replace("assigned", "raised")
    (one,) = found("SLA306", acme_with(meeting))
    assert "a lead with" in one.message
    assert "employees 200" in one.message


@pytest.mark.parametrize(
    ("target", "contradicts"),
    [
        ("110 per month", False),
        ("330 per quarter", False),
        ("1320 per year", False),
        # 52.18 weeks: 25.3 a week is 1,320 a year, and written by the week it is a round number near it.
        ("25 per week", False),
        ("30 per week", True),
        ("110 per quarter", True),
        ("{2026-10: 110 per month, 2026-11: 110 per month}", False),
        ("{2026-10: 110 per month, 2026-11: 150 per month}", True),
    ],
)
def test_volumes_are_compared_in_one_period(target: str, contradicts: bool) -> None:
    again = f"  again: {{by: vp_marketing, measure: count of first mql, target: {target}}}\n"
    assert bool(found("SLA306", acme_with(commitments(again)))) is contradicts


def test_the_same_measure_by_another_role_or_of_other_leads_is_another_promise() -> None:
    for change in (
        "by: revops, measure: count of first mql",
        "by: vp_marketing, measure: count of first mql where x is y",
    ):
        assert found("SLA306", acme_with(commitments(f"  again: {{{change}, target: 10 per month}}\n"))) == []


@pytest.mark.parametrize(
    ("within", "moment"),
    [
        ("{hot: 15 business minutes, warm: 2 business hours}", None),
        ("{hot: 2 business hours, warm: 120 business minutes}", None),
        # 8 open hours and 1 business day are the same in this office, and 9 are more.
        ("{hot: 8 business hours, warm: 1 business day}", None),
        ("{hot: 9 business hours, warm: 1 business day}", "Monday at 09:00"),
        ("{hot: 4 hours, warm: 4 business hours}", None),
        # From one in the afternoon on, four open hours reach into the next day; at one sharp they end at five.
        ("{hot: 4 business hours, warm: 4 hours}", "Monday at 14:00"),
        ("{hot: 24 hours, warm: 4 business hours}", "Monday at 09:00"),
    ],
)
def test_a_hotter_lead_that_waits_longer_on_the_clock_is_shown_with_its_moment(within: str, moment: str | None) -> None:
    messages = [
        each.message for each in found("SLA308", acme_with(commitments(response("first-response", within=within))))
    ]
    assert len(messages) == (0 if moment is None else 1)
    assert all(f"come on {moment}" in each for each in messages)


def test_a_priority_without_a_response_is_shown_with_a_lead() -> None:
    agreement = acme_with(commitments(response("first-response", within="{warm: 2 business hours}")))
    (one,) = found("SLA307", agreement)
    assert one.path == ("priorities", "hot")
    assert one.message == (
        "Priority 'hot' has no response commitment: nobody has to answer a lead with stage mql and source demo_request."
    )


def test_leads_outside_a_where_are_shown() -> None:
    agreement = acme_with(
        commitments(response("first-response", within="1 business hour", more=", where: employees >= 50"))
    )
    assert [each.path for each in found("SLA307", agreement)] == [("priorities", "hot"), ("priorities", "warm")]
    assert "employees" in found("SLA307", agreement)[0].message


def test_one_limit_for_all_answers_everybody() -> None:
    assert found("SLA307", acme_with(commitments(response("first-response", within="1 business hour")))) == []


def test_without_priorities_a_limit_under_a_condition_leaves_others_out() -> None:
    timed = {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}, "within": "1 hour"}
    (one,) = found("SLA307", small(commitments={"answer": {**timed, "where": "country is DE"}}))
    assert one.message.startswith("Some leads have no response commitment")


@pytest.mark.parametrize(
    ("aim", "late"),
    [
        ("{hot: 5 business minutes}", False),
        ("{hot: 15 business minutes}", False),
        ("{hot: 16 business minutes}", True),
        ("{warm: 1 business day}", True),
        ("20 business minutes", True),
        ("10 business minutes", False),
        ("undecided", False),
    ],
)
def test_an_aim_is_sooner_than_the_limit_of_its_own_leads(aim: str, late: bool) -> None:
    within = "{hot: 15 business minutes, warm: 2 business hours}"
    agreement = acme_with(commitments(response("first-response", within=within, more=f", aim: {aim}")))
    assert bool(found("SLA313", agreement)) is late


@pytest.mark.parametrize(
    ("target", "stretch", "short"),
    [
        ("110 per month", "150 per month", False),
        ("110 per month", "110 per month", True),
        ("110 per month", "331 per quarter", False),
        ("110 per month", "330 per quarter", True),
        ("{2026-10: 100 per month, 2026-11: 120 per month}", "{2026-10: 110 per month, 2026-11: 120 per month}", True),
        ("{2026-10: 100 per month, 2026-11: 120 per month}", "{2026-10: 110 per month, 2026-11: 130 per month}", False),
    ],
)
def test_a_stretch_is_beyond_the_target(target: str, stretch: str, short: bool) -> None:
    entry = f"  mql-volume: {{by: vp_marketing, measure: count of first mql, target: {target}, stretch: {stretch}}}\n"
    assert bool(found("SLA313", acme_with(commitments(entry)))) is short


def test_a_verdict_that_does_not_end_the_work_leaves_time_for_the_follow_up() -> None:
    # Two business days until the verdict, then 30 as accepted and 60 as qualified: 92, and 93 are too many.
    window = (
        "  follow-up: {{by: vp_sales, measure: touches >= 6 before no_response within {} business days, target: 85%}}\n"
    )
    assert found("SLA314", acme_with(commitments(window.format(92)))) == []
    (one,) = found("SLA314", acme_with(commitments(window.format(93))))
    assert "'mql' for 2 business days and 'sal' for 30 business days and 'sql' for 60 business days" in one.message


def test_a_verdict_beside_a_touch_is_no_way_around_it() -> None:
    assert found("SLA315", acme()) == []
    late = commitments(response("first-response", within="2 business hours", more=", where: country is DE"))
    (one,) = found("SLA315", acme_with(late))
    assert one.path == ("commitments", "verdict", "clock", "stops")
    assert "country other than DE" in one.message


@pytest.mark.parametrize(
    ("promise", "wrong"),
    [
        ("We deliver {target}.", []),
        ("We deliver 110 leads and reach for 150.", []),
        ("We deliver 1,100 leads.", ["1,100"]),
        ("In Q4 we deliver 110.", []),
        ("We deliver 110.0 leads.", []),
        ("We deliver 120 or 130.", ["120", "130"]),
        ("Six touches on two channels.", []),
    ],
)
def test_digits_in_a_promise_are_those_of_its_values(promise: str, wrong: list[str]) -> None:
    entry = (
        f"  mql-volume: {{by: vp_marketing, promise: '{promise}', measure: count of first mql, "
        "target: 110 per month, stretch: 150 per month}\n"
    )
    messages = [each.message for each in found("SLA319", acme_with(commitments(entry)))]
    assert [each.split(" says ")[1].split(", which")[0] for each in messages] == wrong


def test_an_influence_is_no_promise_about_a_stage() -> None:
    entry = "  wins: {by: vp_marketing, measure: count of first won, target: 12 per month"
    assert found("SLA311", acme_with(commitments(entry + "}\n"))) != []
    assert found("SLA311", acme_with(commitments(entry + ", kind: influence}\n"))) == []


def test_a_relief_may_hang_on_what_a_binding_knows() -> None:
    entry = "  mql-quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%, excused_if: outage is yes}\n"
    agreement = acme_with(commitments(entry))
    assert found("SLA318", agreement, acme_bound()) != []
    assert found("SLA318", agreement, acme_bound("fields: {outage: Lead.SLA_Outage__c}")) == []


@pytest.mark.parametrize(
    ("measure", "silent"),
    [
        ("count of mql", True),
        ("count of first mql", False),
        ("count of mql once per account in 90 days", False),
        ("count of mql where cycle = 1", False),
        ("count of opportunity", True),
        ("count of inquiry", False),
    ],
)
def test_only_a_stage_to_which_leads_come_back_counts_them_again(measure: str, silent: bool) -> None:
    entry = f"  mql-volume: {{by: vp_sales, measure: {measure}, target: 110 per month}}\n"
    assert bool(found("SLA317", acme_with(commitments(entry)))) is silent
