"""The words that an agreement defines, by what they name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sla_sync.agreement.document import Agreement


class Kind(StrEnum):
    """What a word can name."""

    ROLE = "role"
    PARTY = "party"
    TEAM = "team"
    QUEUE = "queue"
    CALENDAR = "calendar"
    STAGE = "stage"
    PRIORITY = "priority"
    REASON_LIST = "list of reasons"
    REASON = "reason"
    SOURCE = "source"
    SHARE = "source of the plan"
    GROUP = "group"
    DIVISION = "division of segments"
    SEGMENT = "segment"
    MODEL = "scoring model"
    COMMITMENT = "commitment"
    REPORT = "report"
    SECTION = "section"
    OWNER = "owner"
    HOURS = "part of the day"
    GOAL = "goal"
    HOOK = "hook"


OWNER_WORDS = frozenset({"owner", "account_owner"})
"""Words of the language that stand for whoever owns the lead or its account."""


def vocabulary(agreement: Agreement) -> Mapping[Kind, frozenset[str]]:
    """Return every word that the agreement defines."""
    plan = agreement.goal.plan if agreement.goal else None
    words = {
        Kind.ROLE: agreement.roles,
        Kind.PARTY: {role.party for role in agreement.roles.values()},
        Kind.TEAM: agreement.teams,
        Kind.QUEUE: agreement.queues,
        Kind.CALENDAR: agreement.calendars,
        Kind.STAGE: agreement.stages,
        Kind.PRIORITY: agreement.priorities,
        Kind.REASON_LIST: agreement.reasons,
        Kind.REASON: {reason for reasons in agreement.reasons.values() for reason in reasons},
        Kind.SOURCE: agreement.sources,
        Kind.SHARE: plan.sources if plan else {},
        Kind.GROUP: agreement.groups,
        Kind.DIVISION: agreement.segments,
        Kind.SEGMENT: {segment for division in agreement.segments.values() for segment in division},
        Kind.MODEL: agreement.scoring,
        Kind.COMMITMENT: agreement.commitments,
        Kind.REPORT: {*agreement.reports, *(f"R{number}" for number in range(1, 17))},
        Kind.SECTION: {field.alias or name for name, field in type(agreement).model_fields.items()},
        Kind.OWNER: OWNER_WORDS,
        Kind.HOURS: {"inside hours", "outside hours"},
        Kind.GOAL: {*agreement.goals, *(["goal"] if agreement.goal else [])},
        Kind.HOOK: hooks(agreement),
    }
    return {kind: frozenset(each) for kind, each in words.items()}


def hooks(agreement: Agreement) -> tuple[str, ...]:
    """Return the hooks that stages and reasons run, each once; a binding says what each is on its platform."""
    named = [each.then for each in agreement.stages.values()]
    named += [reason.then for reasons in agreement.reasons.values() for reason in reasons.values()]
    return tuple(dict.fromkeys(hook for each in named for hook in each))
