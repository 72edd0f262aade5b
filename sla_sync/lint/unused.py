"""SLA105: what is defined and used by nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import fields_in, groups_in, terms_in
from sla_sync.agreement.expressions.measures import Complete
from sla_sync.agreement.expressions.tree import Expression, ScoreReaches
from sla_sync.agreement.sections.reading import Written
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.mentions import mentions
from sla_sync.lint.remarks import Case, Remark, Rule
from sla_sync.lint.vocabulary import Kind

OF_THE_SCORE = frozenset({"score", "engagement", "fit", "grade"})
"""The words of the language that read a score without naming its model."""


def unused(case: Case) -> Iterator[Remark]:
    """Yield roles, calendars, teams, queues, groups, divisions, models and lists of reasons that nothing refers to."""
    agreement = case.agreement
    used = _used(case)
    defined: Mapping[Kind, tuple[str, Mapping[str, object]]] = {
        Kind.ROLE: ("roles", agreement.roles),
        Kind.CALENDAR: ("calendars", agreement.calendars),
        Kind.TEAM: ("teams", agreement.teams),
        Kind.QUEUE: ("queues", agreement.queues),
        Kind.GROUP: ("groups", agreement.groups),
        Kind.DIVISION: ("segments", agreement.segments),
        Kind.MODEL: ("scoring", agreement.scoring),
        Kind.REASON_LIST: ("reasons", agreement.reasons),
    }
    for kind, (section, entries) in defined.items():
        for name in entries:
            if name not in used[kind]:
                yield Remark(
                    f"The {kind} '{name}' is defined, and nothing refers to it.",
                    (section, name),
                    "Remove it, or use it.",
                    at_key=True,
                )


def conditions_of(case: Case) -> Iterator[tuple[KeyPath, Expression]]:
    """Yield every condition of the agreement with its path, those inside measures as well."""
    yield from case.conditions
    for path, value in case.leaves:
        where = getattr(value.value, "where", None) if isinstance(value, Written) else None
        if isinstance(where, Expression):
            yield path, where


def models_read(case: Case) -> frozenset[str]:
    """Return the scoring models that some condition reads; one that names none may read each of them."""
    named: set[str] = set()
    for _, condition in conditions_of(case):
        reached = [term.model for term in terms_in(condition) if isinstance(term, ScoreReaches)]
        if None in reached or OF_THE_SCORE & set(fields_in(condition)):
            return frozenset(case.agreement.scoring)
        named |= {model for model in reached if model}
    return frozenset(named)


def _used(case: Case) -> Mapping[Kind, frozenset[str]]:
    used: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for mention in mentions(case.agreement):
        if mention.path[:1] == ("feedback",) and mention.at_key:
            continue  # who reads a list does not make anybody choose from it
        for kind in mention.kinds:
            used[kind].add(mention.word)
    used[Kind.ROLE] |= {name for name, role in case.agreement.roles.items() if role.sponsor or role.steward}
    used[Kind.MODEL] |= models_read(case)
    for _, condition in conditions_of(case):
        used[Kind.GROUP] |= set(groups_in(condition))
        used[Kind.DIVISION] |= set(fields_in(condition))
        if "segment" in fields_in(condition):
            used[Kind.DIVISION] |= case.agreement.segments.keys()
        used[Kind.TEAM] |= _values_of("team", condition)
    used[Kind.DIVISION] |= _divisions_of(case.agreement, used[Kind.SEGMENT])
    for _, value in case.leaves:
        if isinstance(value, Written) and isinstance(value.value, Complete):
            used[Kind.GROUP].add(value.value.group)
    return {kind: frozenset(words) for kind, words in used.items()}


def _values_of(field: str, condition: Expression) -> set[str]:
    found = (getattr(term, "values", ()) for term in terms_in(condition) if getattr(term, "field", None) == field)
    return {value for values in found for value in values}


def _divisions_of(agreement: Agreement, segments: set[str]) -> set[str]:
    return {name for name, parts in agreement.segments.items() if segments & parts.keys()}


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA105",
        Severity.WARNING,
        "What is defined is used.",
        unused,
        because="A reader takes every word for part of the deal; one that nothing uses promises what nobody keeps.",
        bad="queues: {parking_lot: {means: Nobody looks here., accountable: vp_sales}}",
        good="queues: {parking_lot: {means: Held by sales until Monday., accountable: vp_sales}}\n"
        "routing: {when_owner_leaves: parking_lot}",
    ),
)
