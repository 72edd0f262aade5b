"""Random weeks of work: what is done with each lead, when, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from sla_sync.semantics.history import Parted, Parting
from tests.behaviour.salesforce.orgs import Org, Refused
from tests.behaviour.salesforce.telling import STATUSES
from tests.behaviour.weeks import POOL, STARTS, Arrival, Step, arrivals, steps

_QUEUE = "Lead_Pool"


@dataclass(frozen=True, slots=True)
class Week:
    """What happens to some leads: when it starts, how each arrives, and what is done then."""

    start: datetime
    arrivals: tuple[Arrival, ...]
    steps: tuple[Step, ...]


@dataclass
class Played:
    """What was done: the leads in their order, when something was done with each, and what became of those that went."""

    leads: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    """The lengths of the list of changes between two steps."""
    deeds: dict[str, list[datetime]] = field(default_factory=dict)
    gone: dict[str, Parted] = field(default_factory=dict)
    winners: dict[str, str] = field(default_factory=dict)
    """Into which lead each was merged."""
    qualified: set[str] = field(default_factory=set)
    """The leads that somebody created in a stage."""


_WAITS = st.one_of(
    st.just(0),
    st.integers(1, 1_800),
    st.integers(1, 4 * 3_600),
    st.integers(1, 36 * 3_600),
    st.sampled_from([450, 900, 3_600, 7_200]),
)
_PEOPLE = st.sampled_from(["ana", "ben", "pat", "kim"])
_STAGES = ("mql", "sal", "recycled", "disqualified", "inquiry")


def _deeds(leads: int) -> st.SearchStrategy[tuple[str, str, str | int | None]]:
    return st.one_of(
        st.tuples(st.just("score"), st.just("integration"), st.sampled_from([40, 99, 100, 150])),
        st.tuples(st.just("call"), _PEOPLE, st.none()),
        st.tuples(st.just("automatic mail"), _PEOPLE, st.none()),
        st.tuples(st.just("meeting"), _PEOPLE, st.none()),
        st.tuples(st.just("call by the owner"), st.just("owner"), st.none()),
        st.tuples(st.just("give"), st.just("admin"), st.sampled_from(["ana", "ben", "pat", "kim", POOL])),
        st.tuples(st.just("stage"), st.just("ana"), st.sampled_from(_STAGES)),
        st.tuples(st.just("source"), st.just("integration"), st.sampled_from(["Demo Request", "Webinar", "Other"])),
        st.one_of(
            st.tuples(st.just("convert"), st.just("ana"), st.none()),
            st.tuples(st.just("merge"), st.just("admin"), st.integers(0, leads - 1)),
            st.tuples(st.just("delete"), st.just("admin"), st.none()),
        ),
    )


@st.composite
def weeks(draw: st.DrawFn, *, leads: int = 5) -> Week:
    """Draw when it starts, how each lead arrives, and what happens to them, in its order."""
    came, done = arrivals(draw, leads), steps(draw, leads, _WAITS, _deeds(leads))
    return Week(draw(st.sampled_from(STARTS)), came, done)


_MOVES = frozenset({"stage", "convert", "source"})


def play(org: Org, week: Week) -> Played:
    """Do it all in the org; what the org refuses is left undone, as at work."""
    org.run_until(week.start)
    played = Played()
    for place, arrival in enumerate(week.arrivals):
        played.marks.append(len(org.store.history))
        lead = _arrive(org, place, arrival)
        played.leads.append(lead)
        played.deeds[lead] = [week.start]
        if arrival.stage is not None:
            played.qualified.add(lead)
    at = week.start
    for step in week.steps:
        # An org keeps instants: of two moves within one, nobody could tell which came first.
        at += timedelta(seconds=max(step.wait, step.deed in _MOVES))
        played.marks.append(len(org.store.history))
        org.run_until(at)
        played.marks.append(len(org.store.history))
        lead = played.leads[step.lead]
        if lead in played.gone:
            continue
        played.deeds[lead].append(at)
        carry_out(org, lead, step, played)
    played.marks.append(len(org.store.history))
    return played


def _arrive(org: Org, place: int, arrival: Arrival) -> str:
    values = {
        "LastName": f"Lead {place}",
        "Company": "Example",
        "Country": "UK" if place % 3 == 2 else "US",
        "OwnerId": _owner(org, arrival.owner),
        "LeadSource": arrival.source,
        "SLA_Score__c": arrival.score,
        "Status": STATUSES.get(arrival.stage or ""),
    }
    known = {name: value for name, value in values.items() if value is not None}
    found = org.create("Lead", known, by="integration")
    assert not isinstance(found, Refused), found
    return found


def _owner(org: Org, name: str) -> str:
    return org.queue(_QUEUE) if name == POOL else org.user(name)


def carry_out(org: Org, lead: str, step: Step, played: Played) -> None:
    """Do one thing with a lead, and note what became of those that went."""
    now = org.application.now
    match step.deed:
        case "score":
            org.update("Lead", lead, {"SLA_Score__c": step.what}, by=step.who)
        case "source":
            org.update("Lead", lead, {"LeadSource": step.what}, by=step.who)
        case "give":
            org.update("Lead", lead, {"OwnerId": _owner(org, str(step.what))}, by=step.who)
        case "stage":
            reason = {"recycled": "no_budget", "disqualified": "bad_fit"}.get(str(step.what))
            values: dict[str, object] = {"Status": STATUSES[str(step.what)]}
            org.update("Lead", lead, values | ({"SLA_Reason__c": reason} if reason else {}), by=step.who)
        case "convert":
            org.convert(lead, STATUSES["sql"], owner=org.user(step.who))
        case "merge":
            loser = played.leads[int(str(step.what))]
            if loser != lead and loser not in played.gone and org.merge(lead, loser):
                played.gone[loser] = Parted(now, Parting.MERGED)
                played.winners[loser] = lead
        case "delete":
            if org.delete("Lead", lead):
                played.gone[lead] = Parted(now, Parting.DELETED)
        case _:
            _touch(org, lead, step)


def _touch(org: Org, lead: str, step: Step) -> None:
    owner = str(org.row("Lead", lead)["OwnerId"]) if step.who == "owner" else org.user(step.who)
    if not owner.startswith("005"):
        return
    if step.deed == "meeting":
        start = org.application.now
        times = {"StartDateTime": start.isoformat(), "EndDateTime": (start + timedelta(hours=1)).isoformat()}
        org.create("Event", {"WhoId": lead, "OwnerId": owner, "Subject": "Meeting", **times}, by=step.who)
        return
    automatic = step.deed == "automatic mail"
    values = {"Type": "Email", "Subject": "Automatic reply"} if automatic else {"Type": "Call", "Subject": "Call"}
    org.create("Task", {"WhoId": lead, "OwnerId": owner, "Status": "Completed", **values})
