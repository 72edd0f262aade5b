"""One lead on both platforms: a form in HubSpot, a rep in Salesforce, one clock, and every stamp held against the agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from sla_sync.connector import Assignment, RecordStory
from sla_sync.connector.simulation import OWNER, Deed, Heard, Move, Running
from sla_sync.connector.syncing import PlayedPair, Sync, load_sync
from sla_sync.demo.week import AGREEMENT, COMMITMENT, at
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.look import Conversation, converse
from sla_sync.pipeline.why import agreed_in
from sla_sync.places import Place
from sla_sync.registry import load_pair
from sla_sync.render.accounts import Agreed, accounts
from sla_sync.render.why import moment
from sla_sync.render.words import count, visible
from sla_sync.semantics.clocks import Run, runs
from sla_sync.semantics.history import Assigned, Changed, Channel, Entered, Event, Raised, Touched, history_of
from sla_sync.semantics.story import story_of

Say = Callable[[str], None]
SYNC_FILE = "sync.yaml"
LEAD = "Ines Vega"
_FACTS = {"email": "ines.vega@example.com", "company": "Vega Foods", "country": "US"}
_SCORES = {"score": 120, "engagement": 100}
MOVES = (
    Move(at(6, "10:02"), LEAD, Deed.ARRIVES, source="demo_request", facts=_FACTS),
    Move(at(6, "10:03"), LEAD, Deed.CHANGES, facts=_SCORES),
    Move(at(6, "11:40"), LEAD, Deed.TOUCHES, by=OWNER),
    Move(at(6, "15:10"), LEAD, Deed.MOVES, by=OWNER, stage="recycled", reason="no_budget"),
    Move(at(7, "10:47"), LEAD, Deed.ASKS, source="contact_sales", facts={"email": _FACTS["email"]}),
    Move(at(7, "10:48"), LEAD, Deed.CHANGES, facts=_SCORES),
    Move(at(7, "11:09"), LEAD, Deed.TOUCHES, by=OWNER),
)
UNTIL = at(7, "12:01")
STATES = ("overdue", "on_time", "on_time")
"""How the promise to touch her comes out in each of her assignments."""
_TOLD = frozenset(
    {
        "Status",
        "LeadSource",
        "SLA_Score__c",
        "SLA_Engagement__c",
        "hs_lead_status",
        "sla_due_at",
        "sla_priority",
        "sla_reason",
    }
)
"""The values that are told one by one; of the others their number."""


@dataclass(frozen=True)
class Stamp:
    """One fact as both platforms and the agreement have it, and whether they tell one story."""

    name: str
    hubspot: str
    salesforce: str
    agreed: str
    good: bool


def play_pair(place: Place, *, say: Say) -> bool:
    """Play the lead on both platforms and return whether each stamp is right; True where no sync.yaml joins them."""
    path = place.folder / SYNC_FILE
    if not path.is_file():
        return True
    loaded = load_sync(path, root=place.folder)
    if loaded.value is None:
        raise DocumentError(f"{path} cannot be used.", loaded.diagnostics)
    settings = loaded.value
    if settings.metadata.agreement != AGREEMENT:
        return True
    place = replace(place, state=place.state / "pair")
    say(f"\nOne lead on both platforms, on one clock, joined as {path} says:")
    say("")
    names = (settings.targets.hubspot, settings.targets.salesforce)
    for each in names:
        apply(place, each, environ={}, today=None)
    with ExitStack() as opened:
        hubspot, salesforce = (opened.enter_context(converse(place, each, environ={})) for each in names)
        played = _play(settings, hubspot, salesforce)
        story = salesforce.reader.story(played.records[LEAD])
        agreed = agreed_in(salesforce)
        simulator = salesforce.prepared.connector.simulator
        listen = simulator().heard if simulator else None
        running = salesforce.target.simulator
        heard = listen(running) if listen and running else ()
        for line in _told(played, story, [each for each in heard if each.lead == LEAD], agreed.zone):
            say(f"  {line}")
        stamps = tuple(_stamps(settings, played, story, agreed))
        for line in (*_table(stamps), *(f"  ✗ {each}" for each in played.errors)):
            say(line)
        return all(each.good for each in stamps) and not played.errors


def _play(settings: Sync, hubspot: Conversation, salesforce: Conversation) -> PlayedPair:
    found = {"hubspot": hubspot, "salesforce": salesforce}
    platforms: dict[str, Running] = {
        name: each.target.simulator for name, each in found.items() if each.target.simulator is not None
    }
    words = {
        name: each.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, each in found.items()
    }
    for each in platforms.values():
        each.run_until(at(6, "09:50"))
    try:
        played = load_pair("hubspot+salesforce")(settings, platforms, words, MOVES, UNTIL)
    except RuntimeError as error:
        raise SlaSyncError(f"The pair could not be played: {error}", hint="Look at what came before it.") from error
    if LEAD not in played.records:
        raise SlaSyncError(
            f"Salesforce never heard of {LEAD}: {'; '.join(played.errors) or 'HubSpot did not let the lead qualify'}.",
            hint="Look at the workflow that lets contacts enter the stage mql.",
        )
    return played


def _told(played: PlayedPair, story: RecordStory, heard: Sequence[Heard], zone: ZoneInfo) -> Iterator[str]:
    """Yield what happened, in the order of time: what people did, what either platform did then, and what passed."""
    statuses = played.shown[LEAD].get("hs_lead_status", ())
    lines = [(move.at, 0, *_of_move(move)) for move in MOVES]
    lines += [
        (each.at, 1, "HubSpot", f"lets {LEAD} become «{each.value}», for her score")
        for each in statuses
        if each.by_itself
    ]
    for passed in played.passed:
        values = [f"{name} {_plain(value, zone)}" for name, value in passed.values if name in _TOLD and value != "no"]
        others = len(passed.values) - len(values)
        more = [f"{others} more"] if others and values else [count(others, "value")] if others else []
        order = 2 if passed.into == "Salesforce" else 4
        lines.append((passed.at, order, "sync", f"to {passed.into}: {', '.join([*values, *more])}"))
    for turn in story.assignments:
        due = _clock_of(turn)
        if turn.assigned_at is not None:
            until = f", who calls by {moment(due, zone)}" if due else ""
            lines.append((turn.assigned_at, 3, "Salesforce", f"gives {LEAD} to {turn.owner}{until}"))
    lines += [(each.at, 3, "Salesforce", f"tells {' and '.join(each.to)}: {each.title}") for each in heard]
    for instant, _, where, said in sorted(lines):
        yield visible(f"{moment(instant, zone)}  {where:<10}  {said}")


def _of_move(move: Move) -> tuple[str, str]:
    match move.deed:
        case Deed.ARRIVES | Deed.ASKS:
            return "HubSpot", f"{move.lead} fills in a form: {move.source}"
        case Deed.CHANGES:
            return (
                "HubSpot",
                f"scores {move.lead}: {', '.join(f'{name} {value}' for name, value in move.facts.items())}",
            )
        case Deed.TOUCHES:
            return "Salesforce", f"the owner calls {move.lead}"
        case _:
            return "Salesforce", f"the owner moves {move.lead} to {move.stage}: {move.reason}"


def _plain(value: str, zone: ZoneInfo) -> str:
    try:
        return moment(datetime.fromisoformat(value), zone) if "T" in value else value
    except ValueError:
        return value


def _clock_of(turn: Assignment) -> datetime | None:
    return next((each.due_at for each in turn.clocks if each.clock == COMMITMENT), None)


def _stamps(settings: Sync, played: PlayedPair, story: RecordStory, agreed: Agreed) -> Iterator[Stamp]:
    """Yield each fact that has to be the same on both sides, but for the time that passes until the next look."""
    shown, zone, turns = played.shown[LEAD], agreed.zone, story.assignments
    apart = f"at most {settings.every_minutes} minutes apart"
    entered = [each.at.replace(microsecond=0) for each in shown.get("hs_lead_status", ()) if each.by_itself]
    stamped = [datetime.fromisoformat(each.value) for each in shown.get("sla_qualified_at", ()) if each.value]
    became = [at for at in (each.replace(microsecond=0) for each in stamped) if at in entered]
    qualified = list(dict.fromkeys(turn.qualified_at for turn in turns))
    for number, (there, here) in enumerate(zip_longest(became, qualified), start=1):
        soon = there is not None and here is not None and there <= here <= there + settings.every
        yield Stamp(f"qualified, cycle {number}", _when(there, zone), _when(here, zone), apart, soon)
    dues = [datetime.fromisoformat(each.value) for each in shown.get("sla_due_at", ()) if each.value]
    judged = _judged(story, agreed)
    for number, turn in enumerate(turns):
        due, run = _clock_of(turn), judged[number] if number < len(judged) else None
        limit = run.deadline if run else None
        there = due if due in dues else None
        same = due is not None and there == due == limit
        yield Stamp(f"{turn.owner} touches by", _when(there, zone), _when(due, zone), _when(limit, zone), same)
        state = next((each.state for each in accounts(story, turn, agreed) if each.clock.clock == COMMITMENT), _NONE)
        means = str(run.state).replace("_", " ") if run else _NONE
        wanted = STATES[number].replace("_", " ") if number < len(STATES) else _NONE
        yield Stamp(f"{turn.owner}'s promise", "not kept there", state, means, state == means == wanted)
    yield Stamp("assignments", "not kept there", str(len(turns)), str(len(STATES)), len(turns) == len(STATES))
    verdict = next((each.verdict_at for each in turns if each.verdict_at), None)
    reason = [each for each in shown.get("sla_reason", ()) if each.value]
    said = reason[0].value if reason else _NONE
    told = any("«recycled»" in each.sentence and f"«{said}»" in each.sentence for each in story.happenings)
    yield Stamp("reason", said, said if told else _NONE, "no_budget", told and said == "no_budget")
    back = reason[0].at.replace(microsecond=0) if reason else None
    soon = verdict is not None and back is not None and verdict <= back <= verdict + settings.every + _WRITING
    yield Stamp("recycled", _when(back, zone), _when(verdict, zone), apart, soon)


_NONE = "nothing"
_WRITING = timedelta(minutes=1)
"""For as long a look may write."""


def _when(instant: datetime | None, zone: ZoneInfo) -> str:
    return moment(instant, zone) if instant else _NONE


def _judged(story: RecordStory, agreed: Agreed) -> tuple[Run, ...]:
    """Return the runs of the promise by the agreement itself, from what happened to the lead in Salesforce."""
    events: list[Event] = []
    cycle = 0
    for turn in story.assignments:
        if turn.cycle != cycle and turn.qualified_at is not None:
            cycle = turn.cycle
            events += [Raised(turn.qualified_at, turn.source), Entered(turn.qualified_at, "mql")]
            events += [Changed(turn.qualified_at, name, value) for name, value in _SCORES.items()]
        if turn.assigned_at is not None:
            events.append(Assigned(turn.assigned_at, turn.owner.lower(), turn.team))
        if turn.touched_at is not None:
            events.append(Touched(turn.touched_at, turn.owner.lower(), Channel.CALL))
        if turn.verdict_at is not None:
            events.append(Entered(turn.verdict_at, "recycled", "no_budget"))
    told = story_of(agreed.agreement, history_of(*events), calendars=agreed.calendars)
    return runs(told, COMMITMENT, UNTIL)


def _table(stamps: Sequence[Stamp]) -> Iterator[str]:
    yield ""
    wide = max(len(each.name) for each in stamps)
    rows = [("HubSpot", "Salesforce", "agreed"), *((each.hubspot, each.salesforce, each.agreed) for each in stamps)]
    sizes = [max(len(row[place]) for row in rows) for place in range(3)]
    marks = [" ", *("✓" if each.good else "✗" for each in stamps)]
    names = ["", *(each.name for each in stamps)]
    for mark, name, row in zip(marks, names, rows, strict=True):
        cells = "  ".join(f"{cell:<{size}}" for cell, size in zip(row, sizes, strict=True))
        yield visible(f"  {mark} {name:<{wide}}  {cells}".rstrip())
