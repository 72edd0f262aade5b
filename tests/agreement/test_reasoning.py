"""Answers about conditions, each with the lead that shows them, in the words in which people read it."""

from __future__ import annotations

import pytest

from sla_sync.agreement.expressions import parse_expression
from sla_sync.agreement.reasoning import (
    CannotSay,
    Domain,
    Lead,
    domain_of,
    example,
    implies,
    overlap,
    satisfiable,
    uncovered,
)
from tests.agreement.documents import acme

DOMAIN = Domain(
    groups={
        "tier_1": ("DE", "FR"),
        "fit": (parse_expression("employees >= 200"), parse_expression("seniority is vp"), "phone"),
        "ring": (parse_expression("at least 1 of ring"),),
    },
    values={"stage": ("inquiry", "mql", "sal"), "source": ("demo_request", "webinar"), "team": ("sdr",)},
    first_match={
        "priority": {"hot": parse_expression("source is demo_request"), "warm": parse_expression("stage is mql")},
        "territory": {"east": parse_expression("country is DE"), "west": parse_expression("country is known")},
    },
    thresholds={"person": 100},
)


def said(text: str, *fails: str, domain: Domain = DOMAIN) -> str | None:
    answer = example(domain, holds=[parse_expression(text)], fails=map(parse_expression, fails))
    assert not isinstance(answer, CannotSay)
    return None if answer is None else str(answer)


@pytest.mark.parametrize(
    ("condition", "lead"),
    [
        ("source is demo_request and employees >= 200 and country is unknown",
         "a lead with source demo_request, employees 200 and no known country"),
        ("country is not DE and country is not FR and country is known", "a lead with country other than DE or FR"),
        ("phone is known", "a lead with a known phone"),
        ("amount > 0.5 and amount < 1", "a lead with amount 0.75"),
        ("employees > 10 and employees != 11", "a lead with employees 12"),
        ("amount < -3", "a lead with amount -4"),
        ("email ends with @acme.example and email contains jo", "a lead with email yjoy@acme.example"),
        ("do_not_contact is no", "a lead with do_not_contact no"),
        ("zip is 10115 and zip > 5", "a lead with zip 10115"),
        ("did visit pricing_page 2 times in last 7 days", "a lead that did visit pricing_page twice in last 7 days"),
        ("source is webinar and did not visit pricing_page",
         "a lead with source webinar that did not visit pricing_page"),
        ("stage is not inquiry and stage is not mql", "a lead with stage sal"),
        ("score reaches threshold", "a lead with score 100"),
        ("priority is warm", "a lead with stage mql and source webinar"),
        ("territory is west", "a lead with country other than DE"),
        ("segment is east", "a lead with country DE"),
        ("country is in tier_1 and country is not DE", "a lead with country FR"),
        ("at least 3 of fit", "a lead with employees 200, seniority vp and a known phone"),
        ("not at least 1 of ring", "any lead"),
        ("nobody score reaches threshold", "a lead that meets `nobody score reaches threshold`"),
    ],
)  # fmt: skip
def test_a_lead_reads_as_a_sentence(condition: str, lead: str) -> None:
    assert said(condition) == lead


@pytest.mark.parametrize(
    "condition",
    [
        "employees > 10 and employees < 11",
        "employees < 0",
        "cycle < 1",
        "stage is unknown",
        "stage is known and stage is not inquiry and stage is not mql and stage is not sal",
        "country is DE and country is FR",
        "country is unknown and country is not in tier_1 and country is known",
        "employees != 5 and employees is unknown",
        "word starts with ab and word starts with b",
        "word starts with ab and not word contains b",
        "word is known and (word is x or y) and not word starts with x and word is not y",
        "do_not_contact is yes and do_not_contact is no",
        "do_not_contact is known and do_not_contact is not yes and do_not_contact is not no",
        "did visit docs 2 times in last 7 days and did not visit docs",
        "did visit docs in last 48 hours and not did visit docs in last 7 days",
        "did visit docs 3 times in last 1 quarter and did not visit docs 3 times in last 3 months",
        "did visit docs in last 2 business hours and did not visit docs in last 120 business minutes",
        "did visit docs in last 2 business days and did not visit docs in last 3 business days",
        "did visit docs in last 2 hours and did not visit docs in last 2 business hours",
        "score reaches threshold and score < 100",
        "priority is warm and source is demo_request",
        "priority is unknown and stage is mql",
        "territory is unknown and country is known",
        "at least 4 of fit",
        "at least 1 of ring",
    ],
)
def test_no_lead_is_shown_where_there_is_none(condition: str) -> None:
    assert said(condition) is None


@pytest.mark.parametrize(
    "condition",
    [
        # The shortest month has 28 days, and a business day may be shorter or longer than a day.
        "did visit docs in last 30 days and did not visit docs in last 1 month",
        "did visit docs in last 1 month and did not visit docs in last 30 days",
        "did visit docs in last 1 business day and did not visit docs in last 1 day",
        "did visit docs in last 9 business hours and did not visit docs in last 1 business day",
        "amount > 10 and amount < 11",
        "country is not DE and country is unknown",
        "not employees > 5 and employees is unknown",
    ],
)
def test_a_lead_is_shown_where_it_may_exist(condition: str) -> None:
    assert said(condition) is not None


def test_a_field_that_is_yes_is_true_as_well() -> None:
    assert said("agreed is yes and agreed is true") == "a lead with agreed yes"


def test_a_value_that_the_agreement_does_not_define_is_possible_where_it_is_named() -> None:
    assert said("stage is somewhere") == "a lead with stage somewhere"
    assert said("stage is not somewhere", "stage is inquiry or mql or sal") is None


def test_one_condition_implies_another_or_a_lead_shows_that_it_does_not() -> None:
    few, many = parse_expression("employees >= 100"), parse_expression("employees >= 200")
    assert implies(many, few, DOMAIN) is None
    assert str(implies(few, many, DOMAIN)) == "a lead with employees 100"


def test_overlaps_and_gaps_are_shown() -> None:
    small, large = parse_expression("employees <= 300"), parse_expression("employees >= 200")
    assert str(overlap(small, large, DOMAIN)) == "a lead with employees 200"
    assert str(uncovered([small, large], DOMAIN)) == "a lead with no known employees"
    assert uncovered([small, large, parse_expression("employees is unknown")], DOMAIN) is None
    assert str(uncovered([], DOMAIN)) == "any lead"


def test_several_models_reach_their_own_thresholds() -> None:
    domain = Domain(thresholds={"company": 50, "person": 100})
    assert (
        said("score reaches threshold and score < 100", domain=domain)
        == "a lead with score 50 and scoring model company"
    )
    assert said("score reaches threshold and score < 50", domain=domain) is None
    assert said("person score reaches threshold", domain=domain) == "a lead with person_score 100"


def test_a_threshold_that_is_a_share_is_taken_as_a_whole() -> None:
    domain = Domain(thresholds={"person": None})
    assert said("score reaches threshold and score < 1", domain=domain) == (
        "a lead with score 0 that meets `score reaches threshold`"
    )
    assert said("score reaches threshold and not score reaches threshold", domain=domain) is None


def test_words_that_ask_for_each_other_are_taken_as_a_whole() -> None:
    domain = Domain(first_match={"a": {"x": parse_expression("b is y")}, "b": {"y": parse_expression("a is x")}})
    assert said("a is x", domain=domain) == "a lead that meets `a is x`"
    assert said("a is x and not a is x", domain=domain) is None


def test_what_takes_too_long_is_said_and_is_no_lead() -> None:
    # Seven pigeons, six holes, none with two: true of nobody, and long to see.
    holes, pigeons = range(6), range(7)
    apart = [f"not (p{a} is h{hole} and p{b} is h{hole})" for hole in holes for a in pigeons for b in range(a)]
    somewhere = [f"(p{each} is {' or '.join(f'h{hole}' for hole in holes)})" for each in pigeons]
    answer = example(Domain(), holds=map(parse_expression, somewhere + apart))
    assert isinstance(answer, CannotSay)
    assert not answer


def test_groups_that_grow_out_of_each_other_are_given_up() -> None:
    groups = {
        f"g{number}": (
            parse_expression(f"at least 1 of g{number + 1}"),
            parse_expression(f"at least 2 of g{number + 1}"),
        )
        for number in range(30)
    }
    assert isinstance(satisfiable(parse_expression("at least 1 of g0"), Domain(groups=groups)), CannotSay)


def test_the_domain_of_an_agreement_has_its_words() -> None:
    domain = domain_of(acme())
    assert domain.values["stage"][:2] == ("inquiry", "mql")
    assert set(domain.first_match["priority"]) == {"hot", "warm"}
    assert domain.thresholds == {"person": 100}
    answer = satisfiable(parse_expression("priority is warm and source is demo_request"), domain)
    assert answer is None
    assert isinstance(satisfiable(parse_expression("priority is warm"), domain), Lead)
