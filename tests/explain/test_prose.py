from __future__ import annotations

import re
from pathlib import Path

import pytest

from sla_sync.agreement.durations import parse_duration
from sla_sync.agreement.expressions import parse_expression
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Counter
from sla_sync.agreement.quantities import parse_rate
from sla_sync.explain import explain_text
from sla_sync.explain.conditions import condition
from sla_sync.explain.spoken import duration, money, share_of, times
from tests.explain.stories import example, promising, read


def said(folder: Path, commitment: str) -> str:
    return " ".join(explain_text(promising(folder, commitment)).split())


def test_acme_is_read_as_its_parties_would_say_it() -> None:
    text = " ".join(explain_text(example("acme")).split())
    for sentence in (
        (
            "Until year end, marketing delivers 110 MQLs a month and reaches for 150; outbound covers the rest of the"
            " plan’s 151."
        ),
        "Seven in ten MQLs become SALs within two weeks.",
        (
            "Once a lead is assigned, sales touches it within 15 business minutes if it is hot (they asked to talk) and"
            " within two business hours if it is warm (they crossed the score), nine times in ten."
        ),
        "At half the time the owner is warned; at the limit the owner and the SDR manager hear of it;",
        "one business day after the limit the VP of sales and the VP of marketing hear of it.",
        "The VP of marketing, the VP of sales and revenue operations meet every Tuesday at ten, with minutes;",
    ):
        assert sentence in text


def test_the_plan_is_computed_from_its_assumptions_and_read_aloud() -> None:
    # 10 M × 50% × 30% = 1.5 M; ÷ 40,000 = 37.5, so 38; ÷ 25% = 152; ÷ 80% = 190; ÷ 60% = 316.7, so 317; ÷ 70% = 452.9,
    # so 453; ÷ 12% = 3,775. Three months: 453 ÷ 3 = 151.
    text = " ".join(explain_text(example("acme")).split())
    assert "half comes in anyway; marketing brings three in ten of the rest, 1.5 million dollars." in text
    assert "38 wins; to win them takes 152 opportunities, 190 SQLs, 317 SALs, 453 MQLs and 3,775 inquiries." in text
    assert "In a month that is 151 MQLs." in text


@pytest.mark.parametrize(
    ("commitment", "sentence"),
    [
        (
            "{by: vp_sales, measure: mql to sal within 14 days, target: 50%}",
            "Half of all MQLs become SALs within two weeks.",
        ),
        (
            "{by: vp_sales, measure: mql to sal within 10 days, target: 65%}",
            "13 in 20 MQLs become SALs within ten days.",
        ),
        ("{by: vp_sales, measure: count of first mql, target: 1 per day}", "Sales delivers one MQLs a day."),
        (
            "{by: vp_sales, measure: sum of amount of sal, target: 1200000 per quarter}",
            "Sales brings 1.2 million dollars a quarter in SALs.",
        ),
        ("{by: vp_sales, measure: count of calls, target: 400 per week}", "Sales makes 400 calls a week."),
        ("{by: vp_sales, measure: count of meeting booked, target: 5 per week}", "Sales books five meetings a week."),
        (
            "{by: vp_sales, measure: calls >= 1 within 1 day of assigned, target: 95%}",
            "Sales makes at least one call within one day of assignment, 19 times in 20.",
        ),
        (
            (
                "{by: vp_sales, clock: {starts: raised, stops: touch, runs_in: wall clock}, within: {inside hours: 20 minutes,"
                " outside hours: 4 hours}, on_time: 90%}"
            ),
            (
                "Once someone raises a hand, sales touches it within 20 minutes during opening hours and within four hours"
                " outside them, nine times in ten."
            ),
        ),
        (
            "{by: vp_sales, clock: {starts: assigned, stops: reply}, within: 1 hour, aim: 5 minutes, on_time: 100%}",
            (
                "Once a lead is assigned, sales has an answer from the person within one hour, every time; the aim is five"
                " minutes."
            ),
        ),
        (
            "{by: vp_sales, clock: {of: list_upload, starts: asked, stops: done}, within: 1 day, on_time: 95%}",
            "Once a list upload is asked, sales has it done within one day, 19 times in 20.",
        ),
        (
            "{by: vp_sales, promise: Sales writes two stories a quarter., measure: manual, target: 2 per quarter}",
            "Sales writes two stories a quarter.",
        ),
        (
            "{by: vp_sales, kind: influence, measure: count of sal, target: 9 per month}",
            "Reported, and never counted as broken: sales delivers nine SALs a month.",
        ),
        (
            "{by: vp_sales, measure: count of mql, target: {2026-10: 6 per month, 2026-12: 5 per month, 2027-01: 7 per month}}",
            "Sales delivers MQLs by the month: 6 in October 2026, 5 in December and 7 in January 2027.",
        ),
    ],
)
def test_each_form_of_promise_becomes_a_sentence(tmp_path: Path, commitment: str, sentence: str) -> None:
    assert sentence in said(tmp_path, commitment)


def test_what_is_undecided_is_said_in_its_place_and_once_more_at_the_end(tmp_path: Path) -> None:
    text = said(
        tmp_path,
        "{by: vp_sales, clock: {starts: assigned, stops: touch}, within: {hot: undecided, warm: 2 hours},"
        " on_time: undecided}",
    )
    assert "within a time still to be decided if it is hot" in text
    assert "in a share of cases still to be decided" in text
    assert text.endswith(
        "Still to be decided: the hot of the limit of the promise “promise” and the share on time of the promise “promise”."
    )


def test_a_rung_says_when_who_and_what(tmp_path: Path) -> None:
    text = said(
        tmp_path,
        "{by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 hours, warn: at 80%, on_breach: ["
        "{notify: [owner, vp_sales]}, {after: 1 hour, reassign: by routing, at_most: 2}, {at: 1 day, close: true}]}",
    )
    assert (
        "At 80% of the time the owner is warned; at the limit the owner and the VP of sales hear of it; one hour after the"
        " limit the lead passes through the routing again, twice at most; one day after the start the case is closed."
    ) in text


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("source is demo_request or webinar", "they came by demo request or webinar"),
        ("stage is mql and owner is known", "the lead is an MQL and the owner is known"),
        ("not (stage is mql and owner is known)", "it is not so that the lead is an MQL and the owner is known"),
        ("employees >= 200", "there are at least 200 employees"),
        ("engagement > 0", "engagement is above zero"),
        ("did visit pricing_page 2 times in last 7 days", "they visited the pricing page at least twice in the last seven days"),
        ("did not attend webinar", "they did not attend a webinar"),
        ("do_not_contact is no", "they are not marked “do not contact”"),
        ("country is not DE", "the country is not DE"),
        ("country is in tier_1", "the country is in “tier 1”"),
        ("email ends with @acme.example", "the email ends with “@acme.example”"),
        ("score reaches threshold", "the score reaches its threshold"),
        ("at least 2 of good_fit", "at least two of “good fit” hold"),
        ("need is known and ((b is x) or (size is y))", "the need is known and either the b is x or the size is y"),
    ],
)  # fmt: skip
def test_conditions_are_clauses_that_follow_if(tmp_path: Path, written: str, spoken: str) -> None:
    agreement = promising(tmp_path, "{by: vp_sales, measure: mql to sal within 14 days}")
    assert condition(parse_expression(written), agreement) == spoken


@pytest.mark.parametrize(
    ("rate", "of", "often"),
    [
        ("70%", "seven in ten MQLs", "seven times in ten"),
        ("25%", "a quarter of all MQLs", "five times in 20"),
        ("95%", "19 in 20 MQLs", "19 times in 20"),
        ("12%", "12 in 100 MQLs", "12 times in 100"),
        ("10%", "one in ten MQLs", "one time in ten"),
        ("99.5%", "99.5% of MQLs", "in 99.5% of cases"),
        ("100%", "all MQLs", "every time"),
        ("0%", "none of all MQLs", "in 0% of cases"),
    ],
)
def test_shares_are_worded_as_people_speak(rate: str, of: str, often: str) -> None:
    assert (share_of(parse_rate(rate), "MQLs"), times(parse_rate(rate))) == (of, often)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("15 business minutes", "15 business minutes"),
        ("2 business hours", "two business hours"),
        ("14 days", "two weeks"),
        ("14 business days", "14 business days"),
        ("90 days", "90 days"),
        ("1 hour", "one hour"),
    ],
)
def test_durations_are_worded_as_people_speak(written: str, spoken: str) -> None:
    assert duration(parse_duration(written)) == spoken


def test_amounts_are_worded_in_their_currency() -> None:
    assert money(10_000_000, "USD") == "10 million dollars"
    assert money(8_640_000, "EUR") == "8.64 million euros"
    assert money(40_000, "XAF") == "40,000 XAF"
    assert money(1_500_000, None) == "1.5 million"


def test_an_agreement_that_nobody_agreed_says_so(tmp_path: Path) -> None:
    agreement = read(tmp_path, (Path(__file__).parents[2] / "configs/examples/first/agreement.yaml").read_text())
    assert "This is a draft: nothing in it is agreed yet." in explain_text(agreement)


@pytest.mark.parametrize("counter", list(Counter))
def test_every_counter_has_words(tmp_path: Path, counter: Counter) -> None:
    text = said(tmp_path, f"{{by: vp_sales, measure: count of {counter}, target: 40 per week}}")
    assert re.search(rf"Sales [a-z]+ 40 {counter} a week\.", text)


@pytest.mark.parametrize("stop", [*Moment, "enters sal", "leaves mql", "owner changes"])
@pytest.mark.parametrize("start", [*Moment, "enters mql", "leaves mql", "owner changes"])
def test_every_clock_becomes_a_sentence_with_who_and_by_when(tmp_path: Path, start: str, stop: str) -> None:
    text = said(tmp_path, f"{{by: vp_sales, clock: {{starts: {start}, stops: {stop}}}, within: 3 hours, on_time: 90%}}")
    assert re.search(r"Once [a-zA-Z ]+, sales [a-z][a-zA-Z ]+ within three hours, nine times in ten[.:]", text)
