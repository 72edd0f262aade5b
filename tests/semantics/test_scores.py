"""Scores: caps, frequency limits, resets, decay, brackets, grades, exclusions, and which model applies."""

from decimal import Decimal

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import parse_expression
from sla_sync.agreement.quantities import Rate
from sla_sync.semantics.expressions import holds
from sla_sync.semantics.history import Changed, Deed, Entered, Event, Raised, history_of
from sla_sync.semantics.scores import Score, cut_off
from sla_sync.semantics.story import Lead, story_of
from tests.semantics.leads import agreement, at, facts

PERSON = {
    "threshold": 100,
    "fit": {
        "max": 70,
        "add": {
            "business_email": {"when": "email_type is business", "points": 35},
            "seniority": {"when": "seniority is director or vp", "points": 15},
        },
        "brackets": {"employees": {"from 0": 0, "from 11": 10, "from 1000": 40}},
    },
    "engagement": {
        "max": 120,
        "add": {
            "hand_raise": {"when": "source is demo_request", "points": 100, "at_most": "1 per day"},
            "webinar": {"when": "did attend webinar", "points": 40, "at_most": "no limit"},
            "pricing_page": {"when": "did visit pricing_page", "points": 25, "at_most": "1 per week"},
            "twice": {"when": "did visit docs 2 times in last 7 days", "points": 5, "at_most": "twice"},
            "unsubscribed": {"when": "did unsubscribe newsletter", "points": -50},
        },
        "decay": {"points": -10, "after": "30 days idle", "every": "30 days"},
    },
    "grade": {"fit": {"A": 55, "B": 35, "C": 0}, "engagement": {"1": 60, "2": "seniority is vp", "3": 0}},
    "exclude": ["competitor"],
}


def models(**models: object) -> Agreement:
    return agreement(scoring=models)


def lead(when: str, *events: Event, under: Agreement | None = None, cuts: dict[str, int] | None = None) -> Lead:
    return story_of(under or models(person=PERSON), history_of(*events), cuts=cuts).lead(at(when))


def points(when: str, *events: Event, under: Agreement | None = None) -> int | None:
    """Return the engagement by the model `person`."""
    score = lead(when, *events, under=under).score("person")
    return None if score is None else score.engagement


def deeds(verb: str, done: str, *times: str) -> tuple[Deed, ...]:
    return tuple(Deed(at(when), verb, done) for when in times)


def test_fit_is_what_is_known_now_up_to_its_cap() -> None:
    known = facts(email_type="business", seniority="vp", employees=1000)
    assert lead("10-05 09:00", *known).score("person") == Score(70, 0, 70)
    promoted = Changed(at("10-04 09:00"), "seniority", "clerk")
    assert lead("10-05 09:00", *facts(seniority="vp"), promoted).score("person") == Score(0, 0, 0)


@pytest.mark.parametrize(("employees", "given"), [(0, 0), (10, 0), (11, 10), (999.5, 10), (1000, 40), (-1, 0)])
def test_a_bracket_reaches_to_the_next_one(employees: float, given: int) -> None:
    assert lead("10-05 09:00", *facts(employees=employees)).value("fit") == given


@pytest.mark.parametrize(("employees", "given"), [(0, 0), (1, 5), (10, 5), (10.5, 0), (11, 9), (50, 9), (51, 0)])
def test_a_bracket_with_an_end_ends_there(employees: float, given: int) -> None:
    model = {"fit": {"brackets": {"employees": {"1 to 10": 5, "11 to 50": 9}}}}
    assert lead("10-05 09:00", *facts(employees=employees), under=models(person=model)).value("fit") == given


def test_an_event_counts_as_often_as_its_limit_allows() -> None:
    assert points("10-20 09:00", *deeds("attend", "webinar", "10-05 09:00", "10-05 09:01", "10-06 09:00")) == 120
    # Thursday, Friday and Sunday are one ISO week; Monday begins the next.
    visits = deeds("visit", "pricing_page", "10-08 09:00", "10-09 09:00", "10-11 23:00", "10-12 00:30")
    assert points("10-20 09:00", *visits) == 50


def test_days_of_a_frequency_are_those_of_the_agreements_zone() -> None:
    # 03:30 UTC on the 6th is 23:30 on the 5th in New York.
    model = {"engagement": {"add": {"ask": {"when": "did ask question", "points": 10, "at_most": "1 per day"}}}}
    assert (
        points("10-20 09:00", *deeds("ask", "question", "10-05 09:00", "10-05 23:30"), under=models(person=model)) == 10
    )
    assert (
        points("10-20 09:00", *deeds("ask", "question", "10-05 23:30", "10-06 00:30"), under=models(person=model)) == 20
    )


@pytest.mark.parametrize(
    ("at_most", "days", "given"),
    [
        ("1 per month", ("10-31 23:59", "11-01 00:00"), 20),
        ("1 per month", ("10-01 09:00", "10-31 09:00"), 10),
        ("1 per quarter", ("10-01 09:00", "12-31 09:00"), 10),
        ("1 per year", ("10-01 09:00", "12-31 09:00"), 10),
        ("2 per year", ("10-01 09:00", "12-30 09:00", "12-31 09:00"), 20),
        ("3 times", ("10-01 09:00", "10-02 09:00", "10-03 09:00", "10-04 09:00"), 30),
        ("every time", ("10-01 09:00", "10-01 09:00"), 20),
    ],
)
def test_a_limit_may_be_one_of_any_period_or_in_all(at_most: str, days: tuple[str, ...], given: int) -> None:
    model = {"engagement": {"add": {"ask": {"when": "did ask question", "points": 10, "at_most": at_most}}}}
    assert points("12-31 12:00", *deeds("ask", "question", *days), under=models(person=model)) == given


def test_decay_without_a_repetition_is_one_step_and_may_begin_at_once() -> None:
    side = {"add": {"ask": {"when": "did ask question", "points": 30}}}
    asked = deeds("ask", "question", "10-01 09:00")
    once = models(person={"engagement": {**side, "decay": {"points": -10, "after": "5 days idle"}}})
    weekly = models(person={"engagement": {**side, "decay": {"points": -10, "every": "1 week"}}})
    never = models(person={"engagement": {**side, "decay": {"points": -10}}})
    assert [points("10-23 09:00", *asked, under=each) for each in (once, weekly, never)] == [20, 0, 30]


def test_a_cut_of_a_grade_that_nobody_decided_is_passed_over() -> None:
    model = {"fit": {}, "grade": {"fit": {"A": "undecided", "B": 0}}}
    assert lead("10-05 10:00", under=models(person=model)).value("grade") == "B"


def test_without_a_model_there_is_no_score() -> None:
    assert lead("10-05 10:00", under=agreement()).value("score") is None


def test_without_a_limit_an_event_counts_once() -> None:
    model = {"engagement": {"add": {"ask": {"when": "did ask question", "points": 10}}}}
    assert (
        points("10-20 09:00", *deeds("ask", "question", "10-05 09:00", "10-07 09:00"), under=models(person=model)) == 10
    )


def test_a_signal_that_asks_for_two_deeds_counts_from_the_second() -> None:
    assert points("10-20 09:00", *deeds("visit", "docs", "10-05 09:00")) == 0
    assert points("10-20 09:00", *deeds("visit", "docs", "10-05 09:00", "10-06 09:00")) == 5
    assert points("10-20 09:00", *deeds("visit", "docs", "10-05 09:00", "10-14 09:00")) == 0
    many = ("10-05 09:00", "10-05 10:00", "10-05 11:00", "10-05 12:00")
    assert points("10-20 09:00", *deeds("visit", "docs", *many)) == 10


def test_a_hand_raise_counts_by_its_own_source_also_while_that_of_the_cycle_is_frozen() -> None:
    told: tuple[Event, ...] = (
        Raised(at("10-05 09:00"), "demo_request"),
        Entered(at("10-05 09:01"), "mql"),
        Raised(at("10-06 09:00"), "webinar"),
    )
    model = {"engagement": {"add": {"ask": {"when": "source is demo_request", "points": 10, "at_most": "no limit"}}}}
    assert points("10-20 09:00", *told, under=models(person=model)) == 10
    assert points("10-20 09:00", *told, Raised(at("10-07 09:00"), "demo_request"), under=models(person=model)) == 20


def test_points_above_the_cap_are_lost_and_points_may_be_taken() -> None:
    webinars = deeds("attend", "webinar", "10-05 09:00", "10-05 09:01", "10-05 09:02", "10-05 09:03")
    assert points("10-20 09:00", *webinars) == 120
    assert points("10-20 09:00", *webinars, *deeds("unsubscribe", "newsletter", "10-06 09:00")) == 70


def test_a_floor_holds_the_score_and_without_one_it_may_fall_below_zero() -> None:
    taken = {"engagement": {"add": {"left": {"when": "did leave list", "points": -20}}}}
    left = deeds("leave", "list", "10-05 09:00")
    assert lead("10-06 09:00", *left, under=models(person=taken)).value("score") == -20
    assert lead("10-06 09:00", *left, under=models(person={**taken, "floor": 0})).value("score") == 0


def test_points_fade_step_by_step_while_a_person_is_idle_and_never_below_zero() -> None:
    # 40 points on 1 October 09:00; steps of 10 on 31 October and every 30 days of 24 hours after, 08:00 in winter.
    attended = deeds("attend", "webinar", "10-01 09:00")
    days = {"10-31 08:59": 40, "10-31 09:00": 30, "11-30 07:59": 30, "11-30 08:00": 20, "12-30 08:00": 10}
    assert {when: points(when, *attended) for when in days} == days
    assert (
        story_of(agreement(scoring={"person": PERSON}), history_of(*attended))
        .lead(at("12-30 08:00").replace(year=2027))
        .value("engagement")
        == 0
    )


def test_any_act_of_the_person_ends_the_idle_time_even_one_that_gives_no_points() -> None:
    attended = deeds("attend", "webinar", "10-01 09:00")
    assert points("11-20 09:00", *attended, Deed(at("10-25 09:00"), "open", "email")) == 40
    # It does not bring back what had faded before.
    assert points("11-20 09:00", *attended, Deed(at("11-05 09:00"), "open", "email")) == 30


def test_entering_a_stage_that_resets_engagement_begins_it_anew_with_its_frequencies() -> None:
    told: tuple[Event, ...] = (
        *deeds("visit", "docs", "10-05 09:00", "10-05 09:05", "10-05 09:10"),
        Raised(at("10-06 09:00"), "demo_request"),
        Entered(at("10-06 09:01"), "mql"),
    )
    assert points("10-06 10:00", *told) == 110
    recycled = Entered(at("10-07 09:00"), "recycled", "no_response")
    assert points("10-08 09:00", *told, recycled) == 0
    assert points("10-08 11:00", *told, recycled, *deeds("visit", "docs", "10-08 09:00", "10-08 10:00")) == 10


def test_a_score_begins_anew_each_time_that_its_condition_becomes_true() -> None:
    model = {**PERSON, "resets_when": "country is unknown"}
    told: tuple[Event, ...] = (
        *facts(country="ES"),
        *deeds("attend", "webinar", "10-05 09:00"),
        Changed(at("10-06 09:00"), "country", None),
        *deeds("attend", "webinar", "10-07 09:00"),
    )
    assert points("10-05 10:00", *told, under=models(person=model)) == 40
    assert points("10-06 10:00", *told, under=models(person=model)) == 0
    assert points("10-08 10:00", *told, under=models(person=model)) == 40


def test_the_threshold_is_reached_at_its_points() -> None:
    reaches = parse_expression("score reaches threshold")
    asked = Raised(at("10-05 09:00"), "demo_request")
    assert holds(reaches, lead("10-05 10:00", asked))
    assert not holds(reaches, lead("10-05 08:00", asked))
    assert holds(parse_expression("person score reaches threshold and person_score = 100"), lead("10-05 10:00", asked))


def test_a_threshold_that_is_a_share_of_all_needs_the_points_that_this_share_has() -> None:
    assert cut_off(Rate(Decimal(10)), [5, 70, 10, 20, 30, 40, 50, 60, 80, 90]) == 90
    assert cut_off(Rate(Decimal(25)), [5, 70, 10, 20]) == 70
    assert cut_off(Rate(Decimal(1)), []) is None
    reaches = parse_expression("score reaches threshold")
    shared: dict[str, object] = {"person": {**PERSON, "threshold": "top 10% of inquiries"}}
    asked = Raised(at("10-05 09:00"), "demo_request")
    assert holds(reaches, lead("10-05 10:00", asked, cuts={"person": 90}, under=models(**shared)))
    assert not holds(reaches, lead("10-05 10:00", asked, cuts={"person": 101}, under=models(**shared)))
    assert not holds(reaches, lead("10-05 10:00", asked, under=models(**shared)))


def test_a_grade_is_the_first_letter_and_digit_that_are_reached() -> None:
    asked = Raised(at("10-05 09:00"), "demo_request")
    assert lead("10-05 10:00", *facts(email_type="business", employees=1000), asked).value("grade") == "A1"
    assert lead("10-05 10:00", *facts(email_type="business", seniority="vp")).value("grade") == "B2"
    assert lead("10-05 10:00").value("grade") == "C3"
    only_good: dict[str, object] = {"person": {**PERSON, "grade": {"fit": {"A": 55}, "engagement": {"1": 60}}}}
    assert lead("10-05 10:00", under=models(**only_good)).value("grade") is None


def test_an_excluded_lead_has_no_score() -> None:
    asked = Raised(at("10-05 09:00"), "demo_request")
    competitor = lead("10-05 10:00", *facts(competitor=True), asked)
    assert competitor.score("person") is None
    assert competitor.value("score") is None
    assert not holds(parse_expression("score reaches threshold"), competitor)


def test_a_score_that_a_platform_recorded_wins_over_the_one_that_is_computed() -> None:
    assert lead("10-05 10:00", *facts(score=120)).value("score") == 120
    assert holds(parse_expression("score reaches threshold"), lead("10-05 10:00", *facts(score=100)))


def test_the_model_of_a_segment_comes_before_the_one_for_all_and_precedence_before_both() -> None:
    general = {"threshold": 10, "fit": {"add": {"any": {"when": "employees is known", "points": 10}}}}
    large = {"threshold": 50, "for": "enterprise", "fit": {"add": {"any": {"when": "employees >= 1000", "points": 49}}}}
    reaches = parse_expression("score reaches threshold")
    both: dict[str, object] = {"person": general, "large": large}
    assert lead("10-05 10:00", *facts(employees=5000), under=models(**both)).value("score") == 49
    assert not holds(reaches, lead("10-05 10:00", *facts(employees=5000), under=models(**both)))
    assert holds(reaches, lead("10-05 10:00", *facts(employees=5), under=models(**both)))
    ordered: dict[str, object] = {"person": {**general, "precedence": 1}, "large": {**large, "precedence": 2}}
    assert lead("10-05 10:00", *facts(employees=5000), under=models(**ordered)).value("score") == 10


def test_points_that_nobody_decided_are_none() -> None:
    model = {"fit": {"add": {"any": {"when": "employees is known", "points": "undecided"}}}}
    assert lead("10-05 10:00", *facts(employees=5), under=models(person=model)).score("person") == Score(0, 0, 0)


def test_a_signal_of_engagement_that_names_no_event_counts_while_it_holds() -> None:
    model = {"engagement": {"add": {"subscribed": {"when": "newsletter is yes", "points": 7}}}}
    told = (*facts(newsletter=True), Changed(at("10-06 09:00"), "newsletter", value=False))
    assert [points(when, *told, under=models(person=model)) for when in ("10-05 09:00", "10-07 09:00")] == [7, 0]
