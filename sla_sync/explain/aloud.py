"""The agreement as prose that can be read aloud in a meeting."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import start_stages
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.explain.conditions import about, condition, fields, people
from sla_sync.explain.ladders import ladder
from sla_sync.explain.meetings import meetings, review
from sla_sync.explain.names import (
    capital,
    clause,
    heading,
    listed,
    party,
    plural,
    role,
    singular,
    small,
    state,
    turns,
    words,
)
from sla_sync.explain.open_points import open_points
from sla_sync.explain.path import main_path
from sla_sync.explain.plan import plan_in_words
from sla_sync.explain.promises import promiser, sentence
from sla_sync.explain.routes import in_short, lines, place
from sla_sync.explain.spoken import day, duration, until
from sla_sync.explain.week import week

_WIDTH = 96
_STATUS = {
    DocumentStatus.DRAFT: "This is a draft: nothing in it is agreed yet.",
    DocumentStatus.AGREED: "",
    DocumentStatus.RETIRED: "This agreement is retired and no longer counts.",
}


def explain_text(agreement: Agreement) -> str:
    """Return the agreement as plain prose, a paragraph for each part, wrapped for a terminal."""
    title = agreement.metadata.title or words(agreement.metadata.name)
    wrapped = (
        textwrap.fill(each, _WIDTH, break_long_words=False, break_on_hyphens=False) for each in paragraphs(agreement)
    )
    return "\n\n".join((capital(title), *wrapped)) + "\n"


def paragraphs(agreement: Agreement) -> Sequence[str]:
    """Return the paragraphs of the prose."""
    promises = _promises(agreement)
    made = (
        _opening(agreement),
        _goal(agreement),
        _way(agreement),
        *promises,
        _terms(" ".join(promises), agreement),
        _routing(agreement),
        _reasons(agreement),
        _reviews(agreement),
        _keeping(agreement),
        _open(agreement),
    )
    return tuple(each for each in made if each)


def in_force(agreement: Agreement) -> str:
    """Return when the agreement counts: `from 1 October 2026 until 31 December 2026`."""
    effective = agreement.metadata.effective
    end = f" until {day(effective.until)}" if effective.until else " without an end"
    return f"from {day(effective.start)}{end}"


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(each for each in sentences if each)


def _verb(subjects: Sequence[str], singular_verb: str) -> str:
    return singular_verb.removesuffix("s") if len(subjects) > 1 else singular_verb


def _parties(agreement: Agreement) -> Sequence[str]:
    """Return the sides that promise something, and those to whom something is promised, in the order of the roles."""
    named = {name for each in agreement.commitments.values() for name in (each.by, each.to) if name}
    return tuple(
        dict.fromkeys(each.party for name, each in agreement.roles.items() if name in named or each.party in named)
    )


def _opening(agreement: Agreement) -> str:
    sides = listed([party(each) for each in _parties(agreement)]) or "the parties"
    sponsors = [role(name) for name, each in agreement.roles.items() if each.sponsor]
    stewards = [role(name) for name, each in agreement.roles.items() if each.steward]
    care = [
        *([f"{listed(sponsors)} {_verb(sponsors, 'sponsors')} it"] if sponsors else []),
        *([f"{listed(stewards)} {_verb(stewards, 'keeps')} the document"] if stewards else []),
    ]
    scope = agreement.metadata.scope
    return _joined(
        (
            _STATUS[agreement.metadata.status],
            f"This is the agreement between {sides}. It counts {in_force(agreement)}.",
            f"It is about leads for which {condition(scope.value, agreement)}." if scope else "",
            f"{capital(listed(care))}." if care else "",
        )
    )


def _goal(agreement: Agreement) -> str:
    goals = [each for each in (agreement.goal, *agreement.goals.values()) if each is not None and each.statement]
    first = agreement.goal
    said = [f"Our goal: {clause(each.statement)}." for each in goals[:1]]
    if goals[1:]:
        said.append(f"Beside it: {'; '.join(clause(each.statement) for each in goals[1:])}.")
    owner = f"{capital(role(first.owner))} answers for it." if first and first.owner else ""
    wins = [f"for {party(name)}: {clause(what)}" for name, what in first.benefits.items()] if first else []
    benefits = f"What is in it {'; '.join(wins)}." if wins else ""
    return _joined((*said[:1], owner, *said[1:], benefits, plan_in_words(agreement)))


def _way(agreement: Agreement) -> str:
    path = main_path(agreement)
    if not start_stages(agreement) or not path:
        return ""
    stages = agreement.stages
    first = f"A person begins as {singular(path[0])}."
    entered = [
        f"the person {turns(name)} when {condition(when.value, agreement)}"
        for name in path[1:]
        if (when := stages[name].enter_when)
    ]
    owners: list[tuple[str, list[str]]] = []
    for name in path:
        accountable = stages[name].accountable
        if owners and owners[-1][0] == accountable:
            owners[-1][1].append(name)
        elif accountable:
            owners.append((accountable, [name]))
    answers = [
        f"{role(who)}{' answers' if not index else ''} for {listed([plural(each) for each in names])}"
        for index, (who, names) in enumerate(owners)
    ]
    aside = [name for name in stages if name not in path]
    return _joined(
        (
            first,
            f"{capital('; '.join(entered))}." if entered else "",
            f"{capital(', '.join(answers))}." if answers else "",
            f"{capital(_aside(aside, path, agreement))}." if aside else "",
        )
    )


def _aside(names: Sequence[str], path: Sequence[str], agreement: Agreement) -> str:
    """Return which stages a lead can leave the way for, and from which of them it may come back."""
    ways: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        to = tuple(each for each in agreement.stages[name].moves if each in path)
        if to:
            ways.setdefault(to, []).append(state(name))
    back = [
        f"from {listed(starts, last='or')} they may come back as {listed([singular(each) for each in to], last='or')}"
        for to, starts in ways.items()
    ]
    return "; ".join((f"on the way they may end up {listed([state(each) for each in names], last='or')}", *back))


def _promises(agreement: Agreement) -> Sequence[str]:
    """Return a paragraph for each side with all that it promises."""
    found: dict[str, list[str]] = {}
    end = agreement.metadata.effective.until
    explained: set[str] = set()
    for commitment in agreement.commitments.values():
        who = promiser(commitment, agreement)
        said = sentence(commitment, agreement, explained=agreement.priorities.keys() - explained)
        explained.update(commitment.limits)
        if not found and end is not None and commitment.kind == "produce":
            said = f"Until {until(end)}, {small(said)}"
        which = f"This is about {about(commitment.where.value, agreement)}." if commitment.where else ""
        found.setdefault(who, []).append(_joined((said, which, ladder(commitment, agreement))))
    return tuple(_joined(each) for each in found.values())


def _terms(promised: str, agreement: Agreement) -> str:
    """Return what the words mean on which the promises rest, and when business hours are."""
    used = [
        f"By “{words(name)}” we mean: {clause(means)}."
        for name, means in agreement.terms.items()
        if re.search(rf"\b{re.escape(words(name))}(?:s|es)?\b", promised)
    ]
    hours = [
        f"{f'“{heading(name)}” is' if len(agreement.calendars) > 1 else 'We are'} open {week(calendar)}"
        for name, calendar in agreement.calendars.items()
        if calendar.open and "business" in promised
    ]
    return _joined((*used, *hours))


def _routing(agreement: Agreement) -> str:
    routing = agreement.routing
    if routing is None:
        return ""
    leaves = routing.when_owner_leaves
    if isinstance(leaves, str):
        left = f"When an owner leaves, the leads go to {place(leaves, agreement)}."
    else:
        left = f"When an owner leaves: {'; '.join(lines(leaves, agreement))}." if leaves else ""
    include = agreement.handoff.include if agreement.handoff else ()
    told = f"With each lead goes the {fields(include)}." if include else ""
    return _joined((*in_short(routing, agreement), left, told))


def _reasons(agreement: Agreement) -> str:
    named = [
        f"for {plural(stage)}: {listed([words(each) for each in agreement.reasons[name]], last='or')}"
        for stage, said in agreement.stages.items()
        if (name := said.reasons) and name in agreement.reasons
    ]
    readers = list(dict.fromkeys(each for readers in agreement.feedback.values() for each in readers))
    hears = f"{capital(people(readers, agreement))} {_verb(readers, 'reads')} these reasons." if readers else ""
    return _joined((f"Whoever takes a lead off the way gives a reason: {'; '.join(named)}." if named else "", hears))


def _reviews(agreement: Agreement) -> str:
    said = [review(kind, meeting, agreement) for kind, meeting in meetings(agreement)]
    return f"{capital('; '.join(said))}." if said else ""


def _keeping(agreement: Agreement) -> str:
    approval = agreement.approval
    have = "has" if len(approval.required) == 1 else "have"
    sign = f"before {people(approval.required, agreement)} {have} signed it" if approval.required else ""
    notice = (
        f"{'and ' if sign else ''}sooner than {duration(approval.notice)} after" if approval.notice is not None else ""
    )
    if sign and notice:
        changes = f"No change counts {sign}, nor {notice.removeprefix('and ')}."
    else:
        changes = f"No change counts {sign or f'{notice} it is signed'}." if sign or notice else ""
    lived = [
        f"{clause(each.because)}{f' (until {day(each.until)})' if each.until else ''}" for each in agreement.accepted
    ]
    return _joined((changes, f"We know of this and accept it for now: {'; '.join(lived)}." if lived else ""))


def _open(agreement: Agreement) -> str:
    points = open_points(agreement)
    return f"Still to be decided: {listed(points)}." if points else ""
