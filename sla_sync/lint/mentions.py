"""Every place of an agreement that refers to a word which must be defined elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Volume
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Commitment
from sla_sync.agreement.sections.goal import Goal
from sla_sync.agreement.sections.routing import Route
from sla_sync.diagnostics import KeyPath
from sla_sync.lint.vocabulary import Kind

WHO = (Kind.ROLE, Kind.TEAM, Kind.OWNER)
WHERE = (Kind.TEAM, Kind.QUEUE, Kind.OWNER)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word at a place, which must name one of these; `at_key` where the word is the key."""

    path: KeyPath
    word: str
    kinds: tuple[Kind, ...]
    at_key: bool = False


def mentions(agreement: Agreement) -> Iterator[Mention]:
    """Yield every reference that stands outside conditions, measures and events."""
    yield from _parties(agreement)
    yield from _goals(agreement)
    yield from _teams(agreement)
    yield from _stages(agreement)
    for name, commitment in agreement.commitments.items():
        yield from _commitment(("commitments", name), commitment)
    yield from _routing(agreement)
    yield from _governance(agreement)


def _one(path: KeyPath, word: str | None, *kinds: Kind) -> Iterator[Mention]:
    if word is not None:
        yield Mention(path, word, kinds)


def _each(path: KeyPath, words: Iterable[str], *kinds: Kind) -> Iterator[Mention]:
    for index, word in enumerate(words):
        yield Mention((*path, index), word, kinds)


def _keys(path: KeyPath, words: Iterable[str], *kinds: Kind) -> Iterator[Mention]:
    for word in words:
        yield Mention((*path, word), word, kinds, at_key=True)


def _parties(agreement: Agreement) -> Iterator[Mention]:
    for name, role in agreement.roles.items():
        yield from _one(("roles", name, "reports_to"), role.reports_to, Kind.ROLE)
    yield from _each(("approval", "required"), agreement.approval.required, Kind.ROLE)
    yield from _keys(("approval", "owners"), agreement.approval.owners, Kind.SECTION)
    for section, roles in agreement.approval.owners.items():
        yield from _each(("approval", "owners", section), roles, Kind.ROLE)


def _goals(agreement: Agreement) -> Iterator[Mention]:
    stated: dict[KeyPath, Goal] = {("goals", name): each for name, each in agreement.goals.items()}
    if agreement.goal is not None:
        stated[("goal",)] = agreement.goal
    for at, goal in stated.items():
        yield from _one((*at, "owner"), goal.owner, Kind.ROLE)
        yield from _keys((*at, "benefits"), goal.benefits, Kind.PARTY)
        rates = goal.plan.rates if goal.plan else {}
        for step in rates if isinstance(rates, dict) else ():
            for stage in step.split(" to "):
                yield Mention((*at, "plan", "rates", step), stage, (Kind.STAGE,), at_key=True)


def _teams(agreement: Agreement) -> Iterator[Mention]:
    for name, team in agreement.teams.items():
        yield from _one(("teams", name, "manager"), team.manager, Kind.ROLE)
        if team.calendar != "personal":
            yield from _one(("teams", name, "calendar"), team.calendar, Kind.CALENDAR)
    for name, queue in agreement.queues.items():
        yield from _one(("queues", name, "accountable"), queue.accountable, Kind.ROLE)
    for name, model in agreement.scoring.items():
        yield from _one(("scoring", name, "for"), model.for_segment, Kind.SEGMENT)


def _stages(agreement: Agreement) -> Iterator[Mention]:
    for name, stage in agreement.stages.items():
        at = ("stages", name)
        yield from _one((*at, "accountable"), stage.accountable, Kind.ROLE)
        yield from _one((*at, "reasons"), stage.reasons, Kind.REASON_LIST)
        for index, move in enumerate(stage.next):
            if isinstance(move, str):
                yield Mention((*at, "next", index), move, (Kind.STAGE,))
            else:
                yield from _keys((*at, "next", index), move, Kind.STAGE)
    for list_name, roles in agreement.feedback.items():
        yield Mention(("feedback", list_name), list_name, (Kind.REASON_LIST,), at_key=True)
        yield from _each(("feedback", list_name), roles, Kind.ROLE)
    if agreement.quality is not None:
        yield from _keys(("quality", "needs"), agreement.quality.needs, Kind.STAGE)


def _commitment(at: KeyPath, commitment: Commitment) -> Iterator[Mention]:
    yield from _one((*at, "by"), commitment.by, Kind.ROLE)
    yield from _one((*at, "to"), commitment.to, Kind.ROLE, Kind.PARTY)
    yield from _one((*at, "gap_covered_by"), commitment.gap_covered_by, Kind.SHARE, Kind.SOURCE, Kind.TEAM, Kind.ROLE)
    yield from _one((*at, "serves"), commitment.serves, Kind.GOAL)
    if commitment.clock is not None and commitment.clock.runs_in not in {OWNER_CALENDAR, WALL_CLOCK}:
        yield from _one((*at, "clock", "runs_in"), commitment.clock.runs_in, Kind.CALENDAR)
    for key, limits in (("within", commitment.within), ("aim", commitment.aim)):
        if isinstance(limits, dict):
            yield from _keys((*at, key), limits, Kind.PRIORITY, Kind.HOURS)
    for key, target in (("target", commitment.target), ("stretch", commitment.stretch)):
        if isinstance(target, Volume):
            yield from _one((*at, key), target.team, Kind.TEAM)
    for index, step in enumerate(commitment.on_breach):
        here = (*at, "on_breach", index)
        yield from _each((*here, "notify"), step.notify, *WHO)
        if step.reassign != "by routing":
            yield from _one((*here, "reassign"), step.reassign, Kind.TEAM)
        yield from _one((*here, "return_to_queue"), step.return_to_queue, Kind.QUEUE)
        yield from _one((*here, "stage"), step.stage, Kind.STAGE)
        yield from _one((*here, "reason"), step.reason, Kind.REASON)


def _routing(agreement: Agreement) -> Iterator[Mention]:
    routing = agreement.routing
    if routing is None:
        return
    yield from _routes(("routing", "first_match"), routing.first_match)
    yield from _one(("routing", "otherwise"), routing.otherwise, *WHERE)
    if isinstance(routing.when_owner_leaves, str):
        yield from _one(("routing", "when_owner_leaves"), routing.when_owner_leaves, *WHERE)
    elif routing.when_owner_leaves is not None:
        yield from _routes(("routing", "when_owner_leaves"), routing.when_owner_leaves)


def _routes(at: KeyPath, routes: Iterable[Route]) -> Iterator[Mention]:
    for index, route in enumerate(routes):
        # Any field may hold an owner; those of the platform are known only to its binding.
        if route.to is None or not route.to.endswith("_owner"):
            yield from _one((*at, index, "to"), route.to, *WHERE)
        yield from _one((*at, index, "overflow"), route.overflow, Kind.TEAM, Kind.QUEUE)
        yield from _one((*at, index, "stage"), route.stage, Kind.STAGE)
        yield from _one((*at, index, "reason"), route.reason, Kind.REASON)
        yield from _each((*at, index, "notify"), route.notify, *WHO)


def _governance(agreement: Agreement) -> Iterator[Mention]:
    if agreement.reviews is not None:
        for name in type(agreement.reviews).model_fields:
            review = getattr(agreement.reviews, name)
            if review is not None:
                yield from _each(("reviews", name, "who"), review.who, Kind.ROLE, Kind.TEAM)
                yield from _each(("reviews", name, "pack"), review.pack, Kind.REPORT)
    for name, report in agreement.reports.items():
        yield from _each(("reports", name, "audience"), report.audience, Kind.ROLE, Kind.TEAM)
    for index, accepted in enumerate(agreement.accepted):
        yield from _one(("accepted", index, "by"), accepted.by, Kind.ROLE)
    if agreement.moved is not None:
        for old, new in agreement.moved.stages.items():
            yield from _one(("moved", "stages", old), new, Kind.STAGE)
        for old, new in agreement.moved.reasons.items():
            yield from _one(("moved", "reasons", old), new, Kind.REASON)
