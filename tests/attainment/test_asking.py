"""Conditions over many rows: what they find is what the model finds lead by lead, and what history cannot tell is said."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

import pytest
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import parse_expression, print_expression
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from sla_sync.attainment.asking import reasons, untold, where, with_facts
from sla_sync.attainment.past import Past
from sla_sync.semantics.expressions import Value, holds
from sla_sync.semantics.history import Assigned, Changed, Entered, Event, Queued, Raised
from tests.attainment.told import USERS, asking, past_of_stories
from tests.haste import examples
from tests.measures.pasts import past_of
from tests.semantics.leads import agreement, at, story

NOW = at("10-31 12:00")
KNOWN_VALUES: Mapping[str, tuple[Value | None, ...]] = {
    "country": ("DE", "ES", "FR", "es", None),
    "employees": (5, 200, 250.5, 1000, None),
    "email": ("ana@acme.example", "bob@b.example", None),
    "do_not_contact": (True, False, None),
    "score": (0, 99, 100, 130.0, None),
    "big_score": (10, 49, 50, None),
    "all_score": (99, 100, None),
    "phone": ("1", None),
}
"""What facts may hold; texts that are numbers are kept as numbers."""
SCORING = {
    "big": {"threshold": 50, "for": "enterprise", "precedence": 1},
    "all": {"threshold": 100},
}


@cache
def under() -> Agreement:
    """Return the small agreement with two models of scores."""
    return agreement(scoring=SCORING)


def happening(dice: random.Random) -> Iterator[Event]:
    """Yield what happens to a lead until after the instant that is asked about; no two things at once."""
    now = at("10-02 09:00")
    yield Raised(now, dice.choice(("demo_request", "webinar")))
    yield Changed(now, "score", 1)
    for _ in range(dice.randrange(20)):
        now += timedelta(hours=dice.randrange(1, 90))
        field = dice.choice(tuple(KNOWN_VALUES))
        yield dice.choice(
            (
                Changed(now, field, dice.choice(KNOWN_VALUES[field])),
                Changed(now, field, dice.choice(KNOWN_VALUES[field])),
                Raised(now, dice.choice(("demo_request", "webinar"))),
                Entered(now, dice.choice(("mql", "sal", "recycled", "mql"))),
                Assigned(now, *dice.choice(tuple(USERS.items()))),
                Queued(now, "pool"),
            )
        )


def asked(dice: random.Random, deep: int = 2) -> Expression:
    """Return some condition."""
    if deep and dice.random() < 0.5:
        terms = tuple(asked(dice, deep - 1) for _ in range(2))
        return dice.choice((All(terms), Any(terms), Not(terms[0])))
    negated = dice.random() < 0.4
    return dice.choice(
        (
            Is("country", tuple(dice.sample(("DE", "ES", "FR"), 2)), negated),
            Is("employees", (dice.choice(("200", "250.50", "many")),), negated),
            Is("do_not_contact", (dice.choice(("yes", "no", "true", "False")),), negated),
            Is(*dice.choice(ABOUT), negated),
            Is(*dice.choice(ABOUT), negated),
            Compare(dice.choice(("employees", "score", "country", "cycle")), dice.choice(tuple(Comparison)), 200),
            Compare("cycle", dice.choice(tuple(Comparison)), 2),
            Known(dice.choice((*KNOWN_VALUES, "priority", "segment", "size", "owner", "team", "stage")), negated),
            Text(dice.choice(("email", "country")), dice.choice(tuple(TextTest)), dice.choice(("a", "ana", "example"))),
            InGroup(dice.choice(("country", "source")), dice.choice(("tier_1", "nobody")), negated),
            ScoreReaches(dice.choice((None, "all", "big"))),
            AtLeast(dice.randrange(4), "reachable"),
        )
    )


ABOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("source", ("demo_request",)),
    ("stage", ("mql", "sal")),
    ("stage", ("inquiry",)),
    ("priority", ("hot",)),
    ("priority", ("warm",)),
    ("size", ("small",)),
    ("territory", ("iberia", "north")),
    ("segment", ("small", "north")),
    ("owner", ("ann",)),
    ("team", ("iberia",)),
)


def found(past: Past, rows: Table, condition: Expression) -> set[str]:
    return {row["lead"] for row in past.rows(where(past, rows, "then", condition))}


def test_a_condition_finds_those_leads_for_which_the_model_says_that_it_holds() -> None:
    dice = random.Random(11)
    agreed = under()
    stories = {f"L{number}": story(*happening(dice), under=agreed) for number in range(60)}
    past = past_of_stories(stories, agreed, NOW)
    rows, some = asking(*stories, instant=NOW), 0
    for _ in range(examples(40)):
        condition = asked(dice)
        wanted = {lead for lead, each in stories.items() if holds(condition, each.lead(NOW))}
        assert found(past, rows, condition) == wanted, print_expression(condition)
        some += 0 < len(wanted) < len(stories)
    assert some > examples(40) // 4, some


def test_words_that_rows_carry_are_taken_from_them() -> None:
    past = past_of(under(), NOW, raises=[{"lead": "L1", "at": at("10-01 09:00"), "source": "webinar"}])
    hot = parse_expression("priority is hot")
    assert found(past, asking("L1", instant=NOW), hot) == set()
    assert found(past, asking("L1", source="demo_request", instant=NOW), hot) == {"L1"}
    assert found(past, asking("L1", source="demo_request", priority="warm", instant=NOW), hot) == set()


def test_facts_stand_as_they_did_at_the_instant_that_instant_included() -> None:
    told = [("10-05 10:00", "DE"), ("10-05 10:00:01", "FR"), ("10-06 10:00", None), ("10-07 10:00", "ES")]
    rows = [{"lead": "L1", "at": at(when), "field": "country", "value": value} for when, value in told]
    past = past_of(
        under(), NOW, facts=[*rows, {"lead": "L2", "at": at("10-05 10:00"), "field": "country", "value": "PT"}]
    )
    for when, value in (("10-05 09:59:59", None), *told, ("10-06 12:00", None), ("10-30 12:00", "ES")):
        asked_at = asking("L1", instant=at(when))
        assert [row["country"] for row in past.rows(with_facts(past, asked_at, "then", ("country",)))] == [value]


def test_an_exclusion_that_is_no_fact_is_told_by_what_leads_fall_under() -> None:
    agreed = agreement(quality={"exclude": ["test", "student"]})
    leads = [{"lead": "L1", "created_at": NOW, "excluded": "test"}, {"lead": "L2", "created_at": NOW}]
    past = past_of(agreed, NOW, leads=leads)
    rows = asking("L1", "L2", "L3", instant=NOW)
    assert found(past, rows, parse_expression("test is yes")) == {"L1"}
    assert found(past, rows, parse_expression("test is no")) == {"L2"}
    assert found(past, rows, parse_expression("student is unknown")) == {"L1", "L3"}


def test_a_word_that_is_recorded_counts_and_the_rest_is_reckoned() -> None:
    facts = [{"lead": "L1", "at": NOW, "field": "priority", "value": "warm"}]
    raised = [{"lead": lead, "at": NOW, "source": "demo_request"} for lead in ("L1", "L2")]
    past = past_of(under(), NOW, facts=facts, raises=raised)
    assert found(past, asking("L1", "L2", instant=NOW), parse_expression("priority is hot")) == {"L2"}


UNTOLD = (
    ("did visit pricing_page", "History does not hold what people did, such as `did visit pricing_page`."),
    ("phone is known", "History holds nothing of `phone`."),
    ("not (country is DE and phone is known)", "History holds nothing of `phone`."),
    ("at least 1 of reachable", "History holds nothing of `email`."),
    ("size is small", "History holds nothing of `employees`."),
    ("segment is small", "History holds nothing of `employees`."),
    ("score reaches threshold", "History holds nothing of `score`."),
    ("country is GB", "History keeps only some words of `country`, and `GB` is none of them."),
    ("country is in tier_1", "History keeps only some words of `country`, and `FR` is none of them."),
)


@pytest.mark.parametrize(("text", "because"), UNTOLD)
def test_what_history_cannot_tell_is_said_and_never_answered(text: str, because: str) -> None:
    facts = [
        {"lead": lead, "at": NOW, "field": "country", "value": value} for lead, value in (("L1", "DE"), ("L2", "other"))
    ]
    past = past_of(agreement(), NOW, facts=facts)
    condition = parse_expression(text)
    assert untold(past, condition) == because


def test_what_history_can_tell_has_no_reason() -> None:
    facts = [{"lead": "L1", "at": NOW, "field": "country", "value": "DE"}]
    past = past_of(agreement(), NOW, facts=facts)
    for text in ("country is DE", "country is GB", "territory is north", "priority is warm or hot", "stage is mql"):
        assert untold(past, parse_expression(text)) is None
    assert untold(past, parse_expression("size is small and phone is known"), carried=("size", "phone")) is None


def test_a_share_of_all_leads_as_threshold_is_not_guessed() -> None:
    agreed = agreement(scoring={"person": {"threshold": "top 10% of inquiries"}})
    past = past_of(agreed, NOW, facts=[{"lead": "L1", "at": NOW, "field": "score", "value": "100"}])
    because = "The threshold of `person` is no number of points, so nobody can say who reached it."
    assert reasons(past, agreed, (ScoreReaches(),)) == (because,)
    with pytest.raises(ValueError, match="no number of points"):
        where(past, asking("L1", instant=NOW), "then", ScoreReaches())
