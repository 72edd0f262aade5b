"""What could be changed in the documents so that they ask for what was found: many proposals, none of them proved.

No connector writes the way back from a setting to the words that it comes from. A proposal is cheap; what counts is that
the changed documents, compiled and translated again, ask for exactly what is there (see `proof`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.adopting.edits import Edit, How, Paper, Plain, value_of
from sla_sync.adopting.found import switched_off
from sla_sync.adopting.papers import Papers
from sla_sync.adopting.rewording import reworded, weeks
from sla_sync.agreement.binding import Mode
from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.drift import Finding
from sla_sync.reconcile.settings import Value
from sla_sync.reconcile.values import is_list, is_mapping

Proposal: TypeAlias = tuple[Edit, ...]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_IN_NAME = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_LONGEST_MEMBER = 80
_SAID_OF_CLOSED_DAYS = "holidays"
_MODES = tuple(reversed(Mode))
_WHOLE = len(("commitments", "first-response"))
_NEVER_LET_GO = frozenset({"metadata", "stages"})
"""Sections of a binding without whose entries nothing else can be bound."""


@dataclass(frozen=True)
class Spot:
    """One value of a document and where it stands."""

    paper: Paper
    path: KeyPath
    value: Plain


def proposals(papers: Papers, finding: Finding) -> Iterator[Proposal]:
    """Yield what could be changed, the most likely first, and nothing twice."""
    seen: list[Proposal] = []
    for each in _proposals(papers, finding):
        if each not in seen:
            seen.append(each)
            yield each


def _proposals(papers: Papers, finding: Finding) -> Iterator[Proposal]:
    spots = tuple(_near(papers, finding))
    pairs = tuple(_pairs(finding.agreed, finding.live))
    for spot in spots:
        for agreed, live in pairs:
            for value in (*reworded(spot.value, agreed, live), *weeks(spot.path, spot.value, agreed, live)):
                yield (Edit(spot.paper, How.PUT, spot.path, value),)
    if finding.live is None or switched_off(finding):
        yield from _one_step_down(papers, finding)
        yield from _let_go(papers, finding)
    gone, come = _mentioned(finding)
    days = _days(finding)
    for spot in spots if days else ():
        yield from _day_turned(spot, days)
    members = sorted(spots, key=lambda each: each.paper is not Paper.PEOPLE)  # members of teams are the likeliest
    for spot in members if gone or come else ():
        yield from _without(spot, gone)
        yield from _with(spot, come, finding)


def _near(papers: Papers, finding: Finding) -> Iterator[Spot]:
    """Yield every value of the documents, those at the place that the setting comes from first."""
    agreement, origin = papers.data(Paper.AGREEMENT), finding.commitment
    places = [origin[:length] for length in range(len(origin), 0, -1)]
    there = [Spot(Paper.AGREEMENT, path, found) for path in places if (found := value_of(agreement, path)) is not None]
    names = {str(step) for step in origin} | set(re.split(r"[/|.]\s*", finding.address.key))
    yield from (each for spot in there[:2] for each in _below(spot))
    people = Spot(Paper.PEOPLE, papers.people, value_of(papers.data(Paper.PEOPLE), papers.people))
    if people.value is not None:
        yield from sorted(_below(people), key=lambda each: str(each.path[-1]) not in names)
    bound = tuple(_below(Spot(Paper.BINDING, (), papers.data(Paper.BINDING))))
    yield from (each for each in bound if names & {str(step) for step in each.path})
    yield from (each for spot in there[2:] for each in _below(spot))
    yield from _below(Spot(Paper.AGREEMENT, (), agreement))
    yield from bound


def _below(spot: Spot) -> Iterator[Spot]:
    if spot.path:
        yield spot
    entries: Iterable[tuple[str | int, Plain]] = ()
    if isinstance(spot.value, Mapping):
        entries = spot.value.items()
    elif isinstance(spot.value, list):
        entries = enumerate(spot.value)
    for key, value in entries:
        yield from _below(Spot(spot.paper, (*spot.path, key), value))


def _pairs(agreed: Value, live: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the scalars that stand at the same places of two values and differ."""
    if is_mapping(agreed) and is_mapping(live):
        for key in agreed.keys() & live.keys():
            yield from _pairs(agreed[key], live[key])
    elif is_list(agreed) and is_list(live) and len(agreed) == len(live):
        for one, other in zip(agreed, live, strict=True):
            yield from _pairs(one, other)
    elif agreed != live and not any(is_mapping(each) or is_list(each) or each is None for each in (agreed, live)):
        yield agreed, live


def _mentioned(finding: Finding) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts that only the agreement says, and those that only the platform has; none where both say one."""
    if not any(value is None or is_list(value) or is_mapping(value) for value in (finding.agreed, finding.live)):
        return (), ()
    agreed, live = (tuple(_texts(each)) for each in (finding.agreed, finding.live))
    last = (str(finding.path[-1]),) if finding.path else (finding.address.key.rpartition("/")[2],)
    gone = dict.fromkeys((*agreed, *(last if finding.live is None else ())))
    come = dict.fromkeys((*(last if finding.agreed is None else ()), *live))
    return tuple(each for each in gone if each not in live), tuple(each for each in come if each not in agreed)


def _days(finding: Finding) -> tuple[str, ...]:
    """Return the days that a setting which is there or gone as a whole speaks of, or is named after."""
    if finding.agreed is not None and finding.live is not None:
        return ()
    texts = (finding.address.key, *_texts(finding.agreed), *_texts(finding.live))
    spelled = [day for each in texts for day in _DAY.findall(each)]
    return tuple(dict.fromkeys((*spelled, *("-".join(each) for each in _DAY_IN_NAME.findall(finding.address.key)))))


def _day_turned(spot: Spot, days: Sequence[str]) -> Iterator[Proposal]:
    """Yield a closed day that is none any more, and a day that is closed now."""
    if not isinstance(spot.value, list) or not spot.path or spot.path[-1] != _SAID_OF_CLOSED_DAYS:
        return
    closed = [str(each.get("day") if isinstance(each, Mapping) else each) for each in spot.value]
    for each in days:
        if each in closed:
            yield (Edit(spot.paper, How.DROP, (*spot.path, closed.index(each))),)
        else:
            yield (Edit(spot.paper, How.ADD, spot.path, each),)


def _texts(value: Value) -> Iterator[str]:
    if is_mapping(value):
        for each in value.values():
            yield from _texts(each)
    elif is_list(value):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str) and value:
        yield value


def _without(spot: Spot, gone: Sequence[str]) -> Iterator[Proposal]:
    """Yield the removal of a member of a list, or of a person who alone stands for something."""
    if isinstance(spot.value, list):
        for number, member in enumerate(spot.value):
            if isinstance(member, str) and member in gone:
                yield (Edit(spot.paper, How.DROP, (*spot.path, number)),)
    elif spot.paper is Paper.PEOPLE and spot.value in gone and isinstance(spot.path[-1], str):
        yield (Edit(spot.paper, How.DROP, spot.path),)


def _with(spot: Spot, come: Sequence[str], finding: Finding) -> Iterator[Proposal]:
    """Yield a new member of a list, a second person beside one, a new entry beside others that say what they mean."""
    if isinstance(spot.value, list):
        for each in come if spot.path[-1] != _SAID_OF_CLOSED_DAYS else ():
            if each not in spot.value and len(each) <= _LONGEST_MEMBER:
                yield (Edit(spot.paper, How.ADD, spot.path, each),)
    elif spot.paper is Paper.PEOPLE and isinstance(spot.value, str) and isinstance(spot.path[-1], str):
        yield from ((Edit(spot.paper, How.PUT, spot.path, [spot.value, each]),) for each in come)
    elif finding.agreed is None and isinstance(spot.value, Mapping) and spot.value and finding.path:
        name = str(finding.path[-1])
        meant = all(isinstance(each, Mapping) and "means" in each for each in spot.value.values())
        if meant and name not in spot.value:
            label = finding.live.get("label") if is_mapping(finding.live) else None
            yield (Edit(spot.paper, How.ADD, (*spot.path, name), {"means": f"{label or name}."}),)


def _one_step_down(papers: Papers, finding: Finding) -> Iterator[Proposal]:
    """Yield less of a commitment pushed: one step, two steps, nothing."""
    if finding.commitment[:1] != ("commitments",) or len(finding.commitment) == 1:
        return
    name, binding = str(finding.commitment[1]), papers.data(Paper.BINDING)
    modes = binding.get("modes") or {}
    now = modes.get(name, Mode.ACT)
    for mode in _MODES[_MODES.index(now) + 1 :] if now in _MODES else ():
        if name in modes:
            yield (Edit(Paper.BINDING, How.PUT, ("modes", name), str(mode)),)
        elif "modes" in binding:
            yield (Edit(Paper.BINDING, How.ADD, ("modes", name), str(mode)),)
        else:
            yield (Edit(Paper.BINDING, How.ADD, ("modes",), {name: str(mode)}),)


def _let_go(papers: Papers, finding: Finding) -> Iterator[Proposal]:
    """Yield the removal of what the setting comes from, and of what the binding says about it."""
    origin = finding.commitment
    # A part of a promise may go; a whole promise or stage is for the parties to end, and no proposal.
    for length in range(len(origin), _WHOLE, -1):
        if value_of(papers.data(Paper.AGREEMENT), origin[:length]) is not None:
            yield (Edit(Paper.AGREEMENT, How.DROP, origin[:length]),)
    for key, entries in papers.data(Paper.BINDING).items():
        if key in _NEVER_LET_GO or not isinstance(entries, Mapping):
            continue
        for name in entries:
            if name in origin:
                yield (Edit(Paper.BINDING, How.DROP, (key, name)),)
            elif key in origin and isinstance(entries[name], list):
                yield from ((Edit(Paper.BINDING, How.DROP, (key, name, at)),) for at in range(len(entries[name])))
