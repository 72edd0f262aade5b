"""Reasoning against an evaluator of its own: no lead is missed, and every lead that is shown is one."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from sla_sync.agreement.reasoning import (
    CannotSay,
    Counted,
    Domain,
    Lead,
    Other,
    Unknown,
    example,
    implies,
    overlap,
    satisfiable,
    uncovered,
)
from sla_sync.semantics.expressions import holds as in_the_model
from tests.haste import examples

WINDOWS = (None, Duration(7, Unit.DAY), Duration(1, Unit.MONTH), Duration(20, Unit.DAY), Duration(48, Unit.HOUR))
DAYS = {None: 10_000, WINDOWS[1]: 7, WINDOWS[2]: 30.5, WINDOWS[3]: 20, WINDOWS[4]: 2}
STAGES = ("inquiry", "mql", "sal")
SOURCES = ("demo", "web")
COLOURS = ("red", "green", "blue")
LETTERS = st.text("ab", min_size=1, max_size=3)


@dataclass
class Someone:
    """A lead as a plain record: fields, and how many days ago something was done."""

    fields: dict[str, float | str | bool] = field(default_factory=dict)
    done: dict[str, list[float]] = field(default_factory=dict)


def holds(expression: Expression, lead: Someone, domain: Domain) -> bool:
    """Say what the language says, term by term, of one lead whose every field is settled."""
    match expression:
        case All(terms):
            return all(holds(each, lead, domain) for each in terms)
        case Any(terms):
            return any(holds(each, lead, domain) for each in terms)
        case Not(term):
            return not holds(term, lead, domain)
        case Is(name, values, negated):
            return is_one_of(value_of(name, lead, domain), values) is not negated
        case InGroup(name, group, negated):
            return (value_of(name, lead, domain) in domain.groups[group]) is not negated
        case Known(name, negated):
            return (value_of(name, lead, domain) is not None) is not negated
        case Compare(name, comparison, number):
            value = lead.fields.get(name)
            return isinstance(value, float) and compare(value, comparison, number)
        case Text(name, test, text):
            value = lead.fields.get(name)
            searched = value if isinstance(value, str) else ""
            tests = {"contains": text in searched, "starts with": searched.startswith(text)}
            return value is not None and tests.get(test.value, searched.endswith(text))
        case Did(verb, thing, times, within, negated):
            ages = lead.done.get(f"did {verb} {thing}", [])
            return (sum(age <= DAYS[within] for age in ages) >= times) is not negated
        case ScoreReaches():
            value = lead.fields.get("score")
            return isinstance(value, float) and value >= 100
        case AtLeast(count, group):
            members = domain.groups[group]
            return sum(holds(each, lead, domain) for each in members if not isinstance(each, str)) >= count


def is_one_of(value: float | str | bool | None, values: tuple[str, ...]) -> bool:
    words = {"yes", "true"} if value is True else {"no", "false"} if value is False else {value}
    return not words.isdisjoint(values)


def compare(value: float, comparison: Comparison, number: float) -> bool:
    return {
        "=": value == number,
        "!=": value != number,
        ">": value > number,
        ">=": value >= number,
        "<": value < number,
        "<=": value <= number,
    }[comparison.value]


def value_of(name: str, lead: Someone, domain: Domain) -> float | str | bool | None:
    if name in domain.first_match:
        parts = domain.first_match[name].items()
        return next((part for part, condition in parts if holds(condition, lead, domain)), None)
    return lead.fields.get(name)


NUMBERS = st.one_of(st.integers(-2, 4).map(float), st.integers(-4, 8).map(lambda each: each / 2))
WHOLE = st.integers(-1, 4).map(float)


def a_set(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)


Terms: TypeAlias = st.SearchStrategy[Expression]

TEXTS: Terms = st.one_of(
    st.builds(Is, st.just("word"), st.lists(LETTERS, min_size=1, max_size=2).map(tuple), st.booleans()),
    st.builds(Text, st.just("word"), st.sampled_from(TextTest), LETTERS),
    st.builds(Known, st.just("word"), st.booleans()),
)
AMOUNTS: Terms = st.one_of(
    st.builds(Compare, st.just("amount"), st.sampled_from(Comparison), NUMBERS),
    st.builds(Compare, st.just("employees"), st.sampled_from(Comparison), WHOLE),
    st.builds(Compare, st.just("score"), st.sampled_from(Comparison), st.sampled_from((99.0, 100.0, 101.0))),
    st.builds(Known, st.just("amount"), st.booleans()),
    st.just(ScoreReaches()),
)
DEEDS: Terms = st.builds(
    Did,
    st.just("visit"),
    st.sampled_from(("pricing", "docs")),
    st.integers(1, 3),
    st.sampled_from(WINDOWS),
    st.booleans(),
)
CHOICES: Terms = st.one_of(
    st.builds(Is, st.just("stage"), a_set(STAGES), st.booleans()),
    st.builds(Is, st.just("source"), a_set(SOURCES), st.booleans()),
    st.builds(Is, st.just("colour"), a_set(COLOURS), st.booleans()),
    st.builds(Is, st.just("agreed"), a_set(("yes", "no", "true", "false")), st.booleans()),
    st.builds(InGroup, st.just("colour"), st.just("warm_colours"), st.booleans()),
    st.builds(Known, st.sampled_from(("stage", "source", "colour", "agreed")), st.booleans()),
)
NAMED: Terms = st.one_of(
    st.builds(Is, st.just("priority"), a_set(("hot", "warm")), st.booleans()),
    st.builds(Is, st.just("size"), a_set(("big", "small", "odd")), st.booleans()),
    st.builds(Known, st.just("priority"), st.booleans()),
    st.builds(AtLeast, st.integers(1, 4), st.just("signs")),
)
PLAIN: Terms = st.one_of(TEXTS, AMOUNTS, DEEDS, CHOICES)
TERMS: Terms = st.one_of(PLAIN, NAMED)


def expressions(terms: Terms) -> Terms:
    return st.recursive(
        terms,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.lists(inner, min_size=2, max_size=3).map(lambda each: All(tuple(each))),
            st.lists(inner, min_size=2, max_size=3).map(lambda each: Any(tuple(each))),
        ),
        max_leaves=5,
    )


EXPRESSIONS = expressions(TERMS)
# Conditions about one thing meet more often than those about anything.
SEVERAL = st.sampled_from((TERMS, NAMED, TEXTS, AMOUNTS, DEEDS, CHOICES)).flatmap(
    lambda terms: st.lists(expressions(terms), min_size=2, max_size=3)
)
DOMAINS = st.builds(
    lambda signs, hot, warm, big, small, odd: Domain(
        groups={"warm_colours": ("red", "pink"), "signs": (*signs,)},
        values={"stage": STAGES, "source": SOURCES},
        first_match={"priority": {"hot": hot, "warm": warm}, "size": {"big": big, "small": small, "odd": odd}},
        thresholds={"person": 100},
    ),
    st.lists(PLAIN, min_size=1, max_size=4),
    *(PLAIN for _ in range(5)),
)
CROWD = 40
"""How many people are asked about each condition."""


def crowd(seed: int) -> list[Someone]:
    dice = random.Random(seed)
    return [somebody(dice) for _ in range(CROWD)]


def somebody(dice: random.Random) -> Someone:
    may_be: dict[str, float | str | bool | None] = {
        "agreed": dice.choice((True, False, None)),
        "stage": dice.choice(STAGES),
        "source": dice.choice((*SOURCES, None)),
        "colour": dice.choice((*COLOURS, "pink", "grey", None)),
        "word": dice.choice((None, "".join(dice.choices("abc", k=dice.randint(0, 4))))),
        "amount": dice.choice((None, dice.randint(-4, 16) / 4)),
        "employees": dice.choice((None, float(dice.randint(0, 4)))),
        "score": dice.choice((None, 98.0, 99.0, 100.0, 101.0, 102.0)),
    }
    ages = (1.0, 5.0, 15.0, 30.2, 90.0)
    done = {f"did visit {thing}": dice.choices(ages, k=dice.randint(0, 4)) for thing in ("pricing", "docs")}
    return Someone({name: value for name, value in may_be.items() if value is not None}, done)


SEEDS = st.integers(0, 10_000)


def filled(lead: Lead, rest: Someone) -> Someone:
    """Make a person of a lead that was shown; what the lead leaves open comes from somebody else."""
    fields, done = dict(rest.fields), dict(rest.done)
    for name, value in lead.facts.items():
        match value:
            case Unknown():
                fields.pop(name, None)
            case Other(written):
                fields[name] = written
            case tuple():
                done[name] = history(value)
            case "yes" | "no":
                fields[name] = value == "yes"
            case _:
                fields[name] = float(value) if isinstance(value, int | float) else value
    return Someone(fields, done)


def history(counts: Iterable[Counted]) -> list[float]:
    ages: list[float] = []
    for each in sorted(counts, key=lambda each: DAYS[each.within]):
        ages += [DAYS[each.within]] * (each.times - len(ages))
    return ages


def check(answer: object, seed: int, domain: Domain, *, yes: Iterable[Expression], no: Iterable[Expression]) -> None:
    """Assert that a lead that was shown is one, whatever else is true of it, and that nobody is where none was shown."""
    assert not isinstance(answer, CannotSay)
    yes, no = tuple(yes), tuple(no)
    for person in crowd(seed):
        someone = filled(answer, person) if isinstance(answer, Lead) else person
        all_hold = all(holds(each, someone, domain) for each in yes)
        right = all_hold and not any(holds(each, someone, domain) for each in no)
        assert right is isinstance(answer, Lead)


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(SEVERAL, DOMAINS, SEEDS)
def test_an_overlap_is_shown_exactly_where_there_is_one(some: list[Expression], domain: Domain, seed: int) -> None:
    one, other = some[:2]
    check(overlap(one, other, domain), seed, domain, yes=(one, other), no=())


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(SEVERAL, DOMAINS, SEEDS)
def test_a_gap_is_shown_exactly_where_there_is_one(some: list[Expression], domain: Domain, seed: int) -> None:
    check(uncovered(some, domain), seed, domain, yes=(), no=some)


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(SEVERAL, DOMAINS, SEEDS)
def test_a_counter_example_is_shown_exactly_where_there_is_one(
    some: list[Expression], domain: Domain, seed: int
) -> None:
    one, other = some[:2]
    check(implies(one, other, domain), seed, domain, yes=(one,), no=(other,))


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(EXPRESSIONS, DOMAINS)
def test_every_condition_holds_for_some_lead_or_fails_for_one(condition: Expression, domain: Domain) -> None:
    assert satisfiable(condition, domain) or example(domain, fails=(condition,))


@dataclass(frozen=True)
class Read:
    """Somebody as the executable model reads a lead."""

    who: Someone
    domain: Domain

    def value(self, name: str) -> float | str | bool | None:
        """Return what a field holds."""
        return value_of(name, self.who, self.domain)

    def times_done(self, verb: str, done: str, within: Duration | None) -> int:
        """Return how often it was done."""
        return sum(age <= DAYS[within] for age in self.who.done.get(f"did {verb} {done}", []))

    def members(self, group: str) -> tuple[str | Expression, ...]:
        """Return what a group holds."""
        return self.domain.groups.get(group, ())

    def reaches(self, model: str | None) -> bool:
        """Return whether the score is there."""
        return holds(ScoreReaches(model), self.who, self.domain)


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(EXPRESSIONS, DOMAINS, SEEDS)
def test_the_executable_model_says_the_same_of_every_lead(condition: Expression, domain: Domain, seed: int) -> None:
    for person in crowd(seed):
        assert in_the_model(condition, Read(person, domain)) is holds(condition, person, domain)
