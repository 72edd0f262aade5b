"""Conditions as people say them: `source is demo_request` → they came by demo request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sla_sync.agreement.document import Agreement
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
)
from sla_sync.agreement.quantities import TopShare, Undecided
from sla_sync.explain.names import NOBODY_YET, UNDECIDED, article, is_a, is_many, listed, role, team, urgency, words
from sla_sync.explain.spoken import TO_DECIDE, counted, duration, how_often, number

BOUNDS: Mapping[Comparison, str] = {
    Comparison.EQUAL: "exactly {}",
    Comparison.NOT_EQUAL: "not {}",
    Comparison.GREATER: "more than {}",
    Comparison.GREATER_OR_EQUAL: "at least {}",
    Comparison.LESS: "fewer than {}",
    Comparison.LESS_OR_EQUAL: "at most {}",
}
_HEIGHTS: Mapping[Comparison, str] = {
    **BOUNDS,
    Comparison.GREATER: "above {}",
    Comparison.LESS: "below {}",
}
_NAMES_OF_SCORES = frozenset({"score", "engagement", "fit", "grade"})
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
_PAST: Mapping[str, str] = {
    "begin": "began", "buy": "bought", "come": "came", "do": "did", "get": "got", "give": "gave", "go": "went",
    "hit": "hit", "make": "made", "meet": "met", "pay": "paid", "read": "read", "run": "ran", "see": "saw",
    "send": "sent", "set": "set", "speak": "spoke", "submit": "submitted", "take": "took", "write": "wrote",
}  # fmt: skip
_DEFINITE = frozenset("app calculator demo docs documentation limit newsletter page product site tour".split())


def condition(expression: Expression, agreement: Agreement) -> str:
    """Return a condition as a clause about the person or the lead, for use after `if` or `when`."""
    match expression:
        case Not(term):
            return _not(term, agreement)
        case All(terms):
            return listed([_within(each, agreement) for each in terms])
        case Any(terms):
            parts = [_within(each, agreement) for each in terms]
            # A comma keeps together what belongs together.
            return ", or ".join(parts) if any(isinstance(each, All) for each in terms) else listed(parts, last="or")
        case _:
            return _term(expression, agreement)


def _term(term: Is | Compare | Known | Text | InGroup | ScoreReaches | Did | AtLeast, agreement: Agreement) -> str:
    match term:
        case Is():
            return _is(term, agreement)
        case Compare(field, comparison, bound):
            return _compare(field, comparison, bound)
        case Known(field, negated):
            return f"{_the(field)} {_be(field)} {'not known' if negated else 'known'}"
        case Text(field, test, text):
            return f"{_the(field)} {test} “{text}”"
        case InGroup("source", group, negated):
            return f"they {'did not come' if negated else 'came'} by one of {group_name(group)}"
        case InGroup(field, group, negated):
            return f"{_the(field)} {_be(field)} {'not ' if negated else ''}in {group_name(group)}"
        case ScoreReaches(model):
            return _reaches(model, agreement)
        case Did():
            return _did(term)
        case AtLeast(count, group):
            return f"at least {counted(count)} of {group_name(group)} {'holds' if count == 1 else 'hold'}"


def group_name(name: str) -> str:
    """Return a group by its name: “tier 1”."""
    return f"“{words(name)}”"


def short_values(values: Sequence[str], agreement: Agreement, *, last: str = "or") -> str:
    """Return values as a sentence lists them; names of the agreement in words, others as they are written."""
    return listed([_value(each, agreement) for each in values], last=last)


def _within(expression: Expression, agreement: Agreement) -> str:
    inner = condition(expression, agreement)
    match expression:
        case Any():
            return f"either {inner}"
        case _:
            return inner


def _not(term: Expression, agreement: Agreement) -> str:
    if isinstance(term, Is | Known | InGroup | Did):
        return condition(replace(term, negated=not term.negated), agreement)
    return f"it is not so that {condition(term, agreement)}"


def _is(term: Is, agreement: Agreement) -> str:
    said = short_values(term.values, agreement)
    no = "not " if term.negated else ""
    match term.field:
        case "source":
            return f"they did not come by {said}" if term.negated else f"they came by {said}"
        case "stage":
            each = listed([is_a(value).removeprefix("is ") for value in term.values], last="or")
            return f"the lead is {no}{each}"
        case "priority":
            return f"the lead is {no}{listed([urgency(value) for value in term.values], last='or')}"
        case "grade":
            return f"the grade is {no}{said}"
        case name if name in agreement.commitments:
            return f"“{words(name)}” is {no}{said}"
        case "team":
            return f"the team is {no}{said}"
    if set(term.values) <= _YES | _NO and len(term.values) == 1:
        wanted = (term.values[0] in _YES) is not term.negated
        return f"they are {'' if wanted else 'not '}marked “{words(term.field)}”"
    return f"{_the(term.field)} {_be(term.field)} {no}{said}"


def _compare(field: str, comparison: Comparison, bound: float) -> str:
    said = words(field)
    amount = counted(bound)
    if is_many(said.split()[-1]) and comparison is not Comparison.NOT_EQUAL:
        return f"there are {BOUNDS[comparison].format(number(bound))} {said}"
    return f"{_the(field)} {_be(field)} {_HEIGHTS[comparison].format(amount)}"


def _reaches(model: str | None, agreement: Agreement) -> str:
    names = [model] if model else list(agreement.scoring)
    scoring = agreement.scoring.get(names[0]) if len(names) == 1 else None
    said = f"the {words(model)} score" if model and len(agreement.scoring) > 1 else "the score"
    if scoring is None or scoring.threshold is None:
        return f"{said} reaches its threshold"
    if isinstance(scoring.threshold, Undecided):
        return f"{said} reaches a threshold {TO_DECIDE}"
    if isinstance(scoring.threshold, TopShare):
        return f"{said} is in the {top_share(scoring.threshold)}"
    return f"{said} reaches {number(scoring.threshold)} points"


def top_share(share: TopShare) -> str:
    """Return `top 10% of inquiries`."""
    return f"top {share.rate} of {words(share.population)}"


def _did(term: Did) -> str:
    thing = words(term.object)
    last = thing.split()[-1]
    what = thing if is_many(last) else f"{'the' if last in _DEFINITE else article(thing)} {thing}"
    often = "" if term.times == 1 else f" at least {how_often(term.times)}"
    within = f" in the last {duration(term.within)}" if term.within else ""
    verb = f"did not {words(term.verb)}" if term.negated else _past(term.verb)
    return f"they {verb} {what}{often}{within}"


def _past(verb: str) -> str:
    said = words(verb)
    if said in _PAST:
        return _PAST[said]
    if said.endswith("y") and said[-2:-1] not in set("aeiou"):
        return f"{said[:-1]}ied"
    return f"{said}d" if said.endswith("e") else f"{said}ed"


def _the(field: str) -> str:
    said = words(field)
    return said if field in _NAMES_OF_SCORES and field != "score" else f"the {said}"


def _be(field: str) -> str:
    said = words(field).split()
    return "are" if is_many(said[0]) or is_many(said[-1]) else "is"


def about(where: Expression, agreement: Agreement) -> str:
    """Return which leads are meant, as a noun: `hot leads`, `leads where the territory is EMEA`."""
    if isinstance(where, Is) and where.field == "priority" and not where.negated:
        return f"{listed([urgency(value) for value in where.values], last='and')} leads"
    return f"leads where {condition(where, agreement)}"


def _value(value: str, agreement: Agreement) -> str:
    known: list[str] = [*agreement.sources, *agreement.stages, *agreement.priorities, *agreement.teams]
    known += [name for division in agreement.segments.values() for name in division]
    return words(value) if value.islower() or value in known else value


def person(name: str, agreement: Agreement) -> str:
    """Return who is named by a role, a team, a queue, `owner` or a field that holds one."""
    if name in agreement.roles:
        return role(name)
    if name in agreement.teams:
        return team(name)
    return NOBODY_YET if name == UNDECIDED else f"the {words(name)}"


def people(names: Sequence[str], agreement: Agreement) -> str:
    """Return several of them as a sentence lists them."""
    return listed([person(each, agreement) for each in names])


def fields(names: Sequence[str]) -> str:
    """Return fields as a sentence lists them: email, company and next step."""
    return listed([words(each) for each in names])
