"""What an org keeps of a lead beside what the model of the agreement says of the same history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.semantics.clocks import Run, runs
from sla_sync.semantics.cycles import Cycle, cycles
from sla_sync.semantics.history import Assigned, Booked, Event, Queued
from sla_sync.semantics.ladders import Rung, Taken, rungs
from sla_sync.semantics.moments import happens, is_touch
from sla_sync.semantics.stages import revisit
from sla_sync.semantics.story import Story, story_of
from sla_sync_salesforce.simulator.outbox import sent
from tests.behaviour.salesforce.entering import entries
from tests.behaviour.salesforce.orgs import Org
from tests.behaviour.salesforce.scripts import Played
from tests.behaviour.salesforce.telling import name_of, told

CLOCKS = {"response": "Response", "verdict": "Verdict"}
DEADLINE = "response"
RESTARTING = frozenset({"response"})
"""Clocks that begin anew with each owner; of the others a cycle has one run."""
POLICY = "living"


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one clock, as the org or the model has it."""

    clock: str
    cycle: int
    person: str | None
    priority: str | None
    started: datetime | None
    due: datetime | None
    warn: datetime | None
    stopped: datetime | None
    state: str
    steps: tuple[tuple[int, datetime], ...] = ()
    """The steps of the ladder that were taken, by their place in `on_breach`, and when each was due."""
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Became:
    """What happened in an owner's turn: each thing when it was first so."""

    touched: datetime | None = None
    booked: datetime | None = None
    accepted: datetime | None = None
    verdict_at: datetime | None = None
    verdict: str | None = None
    because: str | None = None
    revisit: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One owner's turn, as the org or the model has it."""

    cycle: int
    person: str
    team: str | None
    source: str | None
    raised: datetime | None
    qualified: datetime | None
    assigned: datetime | None
    ended: datetime | None
    reason: str | None
    became: Became


@dataclass(frozen=True, slots=True)
class Shown:
    """What the lead shows of its present assignment."""

    due: datetime | None
    assigned: datetime | None
    touched: datetime | None
    status: str
    stage: str | None
    owner: str | None
    contact: str | None
    priority: str | None
    policy: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is compared of one lead."""

    turns: tuple[Turn, ...]
    held: tuple[Held, ...] = ()
    shown: Shown | None = None


def differences(
    agreement: Agreement, org: Org, played: Played, clocks: Mapping[str, str], *, late: timedelta = timedelta(0)
) -> Iterator[str]:
    """Yield each thing in which the org and the model differ, and each flow that failed; `late`: how late paths run.

    Where something is done with a lead at the very instant at which a step is due, or while its path waits, nobody says
    which of both comes first: then steps are not compared.
    """
    for notice in sent(org.store):
        if notice.kind == "failure":
            yield f"a failure of {notice.flow}: {notice.body}"
    for lead in played.leads:
        if played.winners.get(lead) in played.gone:
            # What was merged into a lead that is then gone leads nowhere: it reads like what was deleted itself.
            continue
        said, found = _of_the_model(agreement, org, lead, played, clocks), _of_the_org(org, lead, played, clocks)
        story = story_of(agreement, told(org, lead, played.marks))
        for each in entries(story, played.deeds[lead], by_hand=lead in played.qualified):
            yield f"lead {played.leads.index(lead)}: {each}"
        turns = (*said.turns, *found.turns)
        instants = [due for turn in turns for _, due in turn.steps]
        instants += [turn.warn for turn in turns if turn.warn is not None]
        waits = [(due, due + late) for due in instants]
        if any(since <= at <= until for since, until in waits for at in played.deeds[lead]):
            said, found = _without_steps(said), _without_steps(found)
        yield from _differences(f"lead {played.leads.index(lead)}", found, said)
    yield from _of_policy(org)


def _without_steps(kept: Kept) -> Kept:
    return replace(kept, turns=tuple(replace(turn, steps=(), warned=False) for turn in kept.turns))


def _differences(lead: str, found: Kept, said: Kept) -> Iterator[str]:
    for name in ("turns", "held", "shown"):
        one, other = getattr(found, name), getattr(said, name)
        if one != other:
            yield f"{lead}: {name} of the org\n  {_lines(one)}\nand of the model\n  {_lines(other)}"


def _lines(value: object) -> str:
    return "\n  ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _of_policy(org: Org) -> Iterator[str]:
    for row in org.rows("SLA_Leg__c"):
        if not str(row.get("Policy__c") or "").startswith(f"{POLICY}@"):
            yield f"{row['Name']} is judged by {row.get('Policy__c')}"


def _of_the_model(agreement: Agreement, org: Org, lead: str, played: Played, clocks: Mapping[str, str]) -> Kept:
    parted = played.gone.get(lead)
    story = story_of(agreement, told(org, lead, played.marks, parted))
    now = org.application.now
    turns = [
        _turn(run, [each for each in rungs(story, name, now) if each.run.stint == run.stint], now)
        for name in clocks
        for run in runs(story, name, now)
    ]
    if parted is not None:
        return _without_steps(Kept(tuple(sorted(turns, key=_order))))
    held = tuple(_turns_of(story))
    return Kept(tuple(sorted(turns, key=_order)), held, _shown_by(story, held, now, org.row("Lead", lead)))


def _turn(run: Run, ladder: Sequence[Rung], now: datetime) -> Turn:
    warned = run.warn_at is not None and run.warn_at < now and (run.ended_at is None or run.warn_at < run.ended_at)
    return Turn(
        warned=warned,
        clock=run.commitment,
        cycle=run.cycle,
        person=run.owner,
        priority=run.priority,
        started=run.started_at,
        due=run.deadline,
        warn=run.warn_at,
        stopped=run.stopped_at,
        state=str(run.state.value),
        steps=tuple(sorted((each.index + 1, each.due) for each in ladder if each.taken is Taken.TAKEN)),
    )


def _turns_of(story: Story) -> Iterator[Held]:
    """Yield every owner's turn in the cycles of a lead."""
    spent = _spent(story)
    for cycle in cycles(story):
        for leg in cycle.legs if cycle.qualified_at is not None else ():
            became = next(spent)
            yield Held(
                cycle=cycle.number,
                person=leg.owner,
                team=leg.team,
                source=cycle.source,
                raised=cycle.raised_at,
                qualified=cycle.qualified_at,
                assigned=leg.assigned_at,
                ended=leg.ended_at,
                reason=cycle.reason if became.because == "Closed" else None,
                became=became,
            )


def _spent(story: Story) -> Iterator[Became]:
    """Yield what happened in each owner's turn."""
    found: list[Became] = []
    holder: str | None = None
    waiting = Became()
    for place, (event, before, after) in enumerate(
        zip(story.history.events, story.standings, story.standings[1:], strict=False)
    ):
        if holder is not None:
            found[-1] = _happened(story, place, found[-1], touched=is_touch(event, before.owner))
        elif before.qualified and not isinstance(event, Booked):
            # What the stage did while nobody owned the lead is told of the turn that waited, and so of its next owner.
            waiting = _happened(story, place, waiting, touched=False)
        now = after.owner if after.assigned and after.qualified and not after.closed else None
        if now != holder and holder is not None:
            again = revisit(story.after(place)) if after.closed else None
            found[-1] = replace(found[-1], because=_because(event), revisit=None if again is None else again[0])
        if now not in {holder, None}:
            found.append(waiting if holder is None else Became())
        if now is not None or after.closed:
            waiting = Became()
        holder = now
    return iter(found)


def _happened(story: Story, place: int, so_far: Became, *, touched: bool) -> Became:
    event = story.history.events[place]
    news: dict[str, datetime | str | None] = {}
    if touched:
        news["touched"] = event.at
    if isinstance(event, Booked):
        news["booked"] = event.at
    if happens(Moment.ACCEPTED, story, place):
        news["accepted"] = event.at
    if happens(Moment.VERDICT, story, place):
        news |= {"verdict_at": event.at, "verdict": story.standings[place + 1].stage}
    return replace(so_far, **{name: value for name, value in news.items() if getattr(so_far, name) is None})  # type: ignore[arg-type]


def _because(event: Event) -> str:
    match event:
        case Assigned():
            return "Reassigned"
        case Queued():
            return "Returned"
        case _:
            return "Closed"


def _shown_by(story: Story, held: Sequence[Held], now: datetime, row: Mapping[str, Any]) -> Shown | None:
    """Return what the lead should show; who owns it and what it became is read from the lead itself."""
    qualified = [each for each in cycles(story) if each.qualified_at is not None]
    if not qualified:
        return None
    cycle = qualified[-1]
    owner = None if cycle.closed_at is not None else str(row["OwnerId"])
    # A lead that was closed already and is converted then has no assignment that could say so.
    contact = row.get("ConvertedContactId") if cycle.stage == "sql" else None
    of_lead = (cycle.stage, owner, contact, _urgency(story, cycle), POLICY)
    last = held[-1] if held and held[-1].cycle == cycle.number else None
    if last is None or last.became.because in {"Returned", "Reassigned"}:
        return Shown(None, None, None, "", *of_lead)
    run = next((each for each in reversed(runs(story, DEADLINE, now)) if each.started_at == last.assigned), None)
    status = "" if run is None else str(run.state.value)
    return Shown(run.deadline if run else None, last.assigned, last.became.touched, status, *of_lead)


def _urgency(story: Story, cycle: Cycle) -> str | None:
    """Return how urgent the lead was when the last turn of a cycle began, one that waits included."""
    found: str | None = None
    for place in range(cycle.first, cycle.last + 1):
        if isinstance(story.history.events[place], Assigned | Queued):
            said = story.after(place).value("priority")
            found = said if isinstance(said, str) else None
    return found


def _of_the_org(org: Org, lead: str, played: Played, clocks: Mapping[str, str]) -> Kept:
    legs = [row for row in org.rows("SLA_Leg__c") if row.get("Of_Lead__c") == lead]
    legs.sort(key=lambda row: (row["Cycle__c"], row["Leg__c"]))
    turns = sorted(_runs_of(org, legs, clocks), key=_order)
    if lead in played.gone:
        return _without_steps(Kept(tuple(turns)))
    held = tuple(_held(org, leg) for leg in legs if leg.get("Person__c"))
    row = org.row("Lead", lead)
    shown = Shown(
        row.get("SLA_Due_At__c"),
        row.get("SLA_Assigned_At__c"),
        row.get("SLA_First_Touch_At__c"),
        str(row.get("SLA_Status__c") or ""),
        legs[-1].get("Stage__c") if legs else None,
        str(legs[-1]["OwnerId"]) if legs and legs[-1].get("Ended_At__c") is None else None,
        legs[-1].get("Contact__c") if legs else None,
        row.get("SLA_Priority__c"),
        str(row.get("SLA_Policy__c") or "").partition("@")[0],
    )
    return Kept(tuple(turns), held, shown if legs else None)


def _runs_of(org: Org, legs: Sequence[Mapping[str, Any]], clocks: Mapping[str, str]) -> list[Turn]:
    found: dict[tuple[str, object, object], Turn] = {}
    for leg in legs:
        for name, field in clocks.items():
            started = leg.get(f"{field}_Started_At__c")
            if started is None:
                continue
            # A clock that runs once in a cycle is handed on: the last assignment tells how it stands.
            key = (name, leg["Cycle__c"], leg["Leg__c"] if name in RESTARTING else None)
            first = found.get(key)
            found[key] = Turn(
                clock=name,
                cycle=int(leg["Cycle__c"]),
                person=first.person if first else _person(org, leg.get("Person__c")),
                priority=first.priority if first else leg.get("Priority__c"),
                started=started,
                due=leg.get(f"{field}_Due_At__c"),
                warn=leg.get(f"{field}_Warn_At__c"),
                stopped=leg.get(f"{field}_Stopped_At__c"),
                state=org.shown("SLA_Leg__c", str(leg["Id"]), f"{field}_State__c"),
                steps=tuple(_steps(leg, field)),
                warned=";Warn;" in str(leg.get(f"{field}_Taken__c")),
            )
    return list(found.values())


def _steps(leg: Mapping[str, Any], field: str) -> Iterator[tuple[int, datetime]]:
    for step in re.findall(r";Step_(\d+);", str(leg.get(f"{field}_Taken__c") or "")):
        yield int(step), leg[f"{field}_Rung_{step}_At__c"]


def _held(org: Org, leg: Mapping[str, Any]) -> Held:
    return Held(
        cycle=int(leg["Cycle__c"]),
        person=name_of(org, str(leg["Person__c"])),
        team=leg.get("Team__c"),
        source=leg.get("Source__c"),
        raised=leg.get("Raised_At__c"),
        qualified=leg.get("Qualified_At__c"),
        assigned=leg.get("Assigned_At__c"),
        ended=leg.get("Ended_At__c"),
        reason=leg.get("Reason__c"),
        became=Became(
            touched=leg.get("First_Touch_At__c"),
            booked=leg.get("Meeting_At__c"),
            accepted=leg.get("Accepted_At__c"),
            verdict_at=leg.get("Verdict_At__c"),
            verdict=leg.get("Verdict__c"),
            because=leg.get("Ended_Because__c"),
            revisit=leg.get("Revisit_At__c"),
        ),
    )


def _person(org: Org, identity: object) -> str | None:
    return name_of(org, str(identity)) if identity else None


def _order(turn: Turn) -> tuple[str, str]:
    return turn.clock, str(turn.started)
