"""Random weeks of work in a portal: what is done with each contact, when, by whom, and how often dates are looked after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.behaviour.hubspot.portals import Crm
from tests.behaviour.hubspot.telling import STATUSES
from tests.behaviour.weeks import POOL, STARTS, Arrival, Step, arrivals, steps

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Week:
    """What happens to some contacts, and how many minutes lie between two runs of `sla-sync clock`."""

    start: datetime
    arrivals: tuple[Arrival, ...]
    steps: tuple[Step, ...]
    cadence: int = 5


@dataclass
class Played:
    """What was done: the contacts in their order, when something was done with each, and the touches, which leave no trace."""

    contacts: list[str] = field(default_factory=list)
    deeds: dict[str, list[datetime]] = field(default_factory=dict)


_WAITS = st.one_of(
    st.integers(1, 1_800),
    st.integers(1, 4 * 3_600),
    st.integers(1, 36 * 3_600),
    st.sampled_from([451, 901, 3_601, 7_201]),
)
_PEOPLE = st.sampled_from(["ana", "ben", "pat", "kim"])
_STAGES = ("mql", "sal", "sql", "recycled", "disqualified", "inquiry")
_DEEDS = st.one_of(
    st.tuples(st.just("score"), st.just("admin"), st.sampled_from([40, 99, 100, 150])),
    st.tuples(st.just("call"), _PEOPLE, st.none()),
    st.tuples(st.just("automatic mail"), _PEOPLE, st.none()),
    st.tuples(st.just("meeting"), _PEOPLE, st.none()),
    st.tuples(st.just("call by the owner"), st.just("owner"), st.none()),
    st.tuples(st.just("call by the owner"), st.just("owner"), st.none()),
    st.tuples(st.just("give"), st.just("admin"), st.sampled_from(["ana", "ben", "pat", "kim", POOL])),
    st.tuples(st.just("stage"), st.just("ana"), st.sampled_from(_STAGES)),
    # A value that means no source, written over one that does, forgets the hand-raise: a property has no events.
    st.tuples(st.just("source"), st.just("admin"), st.sampled_from(["Demo Request", "Webinar"])),
)


@st.composite
def weeks(draw: st.DrawFn, *, leads: int = 5) -> Week:
    """Draw when it starts, how each contact arrives, what happens to them, and how often dates are looked after."""
    came, done = arrivals(draw, leads), steps(draw, leads, _WAITS, _DEEDS)
    return Week(draw(st.sampled_from(STARTS)), came, done, draw(st.sampled_from([1, 1, 5, 15, 60])))


def play(crm: Crm, week: Week, *, run_clock: Callable[[], None], afterwards: timedelta) -> Played:
    """Do it all in the portal, with dates looked after on their schedule until some days after the last step."""
    walk = _Walk(crm, timedelta(minutes=week.cadence), run_clock)
    walk.to(week.start)
    played = Played()
    for place, arrival in enumerate(week.arrivals):
        contact = _arrive(crm, place, arrival)
        played.contacts.append(contact)
        played.deeds[contact] = [crm.now]
    at = week.start
    for step in week.steps:
        at += timedelta(seconds=step.wait)
        walk.to(at)
        contact = played.contacts[step.lead]
        played.deeds[contact].append(crm.now)
        _do(crm, contact, step)
    walk.to(at + afterwards)
    walk.settle()
    return played


@dataclass
class _Walk:
    """The clock of the portal, and the schedule of `sla-sync clock` beside it."""

    crm: Crm
    cadence: timedelta
    run_clock: Callable[[], None]

    def to(self, instant: datetime) -> None:
        """Let time pass until then; a run that finds nobody who asks changes nothing, and is left out."""
        while self._asked():
            tick = _EPOCH + -((_EPOCH - self.crm.now) // self.cadence) * self.cadence
            if tick > instant:
                break
            self._run_until(tick)
            self.run_clock()
            self._run_until(self.crm.now)
        while (turn := self._next_event()) is not None and turn < instant:
            self._run_until(turn)
            if self._asked():
                self.to(instant)
                return
        self._run_until(instant)

    def settle(self) -> None:
        """Look after the last dates."""
        for _ in range(5):
            if not self._asked():
                return
            self.to(self.crm.now + self.cadence)

    def _run_until(self, instant: datetime) -> None:
        self.crm.application.run_until(max(instant, self.crm.now))

    def _asked(self) -> bool:
        return any(each.get("sla_dates") == "asked" for each in self.crm.application.portal.records.of("0-1"))

    def _next_event(self) -> datetime | None:
        """Return the next instant for which a contact waits."""
        instants = (
            datetime.fromisoformat(text)
            for each in self.crm.application.portal.records.of("0-1")
            for place in range(1, 20)
            if (text := each.get(f"sla_next_{place}_at"))
        )
        return min((each for each in instants if each > self.crm.now), default=None)


def _arrive(crm: Crm, place: int, arrival: Arrival) -> str:
    values = {
        "email": f"contact{place}@example.com",
        "company": "Example",
        "country": "UK" if place % 3 == 2 else "US",
        "hubspot_owner_id": None if arrival.owner == POOL else crm.owners[arrival.owner],
        "sla_source": arrival.source,
        "sla_score": None if arrival.score is None else str(arrival.score),
        "hs_lead_status": STATUSES[arrival.stage or "inquiry"],
    }
    return crm.create({name: value for name, value in values.items() if value is not None})


def _do(crm: Crm, contact: str, step: Step) -> None:
    match step.deed:
        case "score":
            crm.change(contact, {"sla_score": str(step.what)})
        case "source":
            crm.change(contact, {"sla_source": str(step.what)})
        case "give":
            crm.change(contact, {"hubspot_owner_id": "" if step.what == POOL else crm.owners[str(step.what)]})
        case "stage":
            reason = {"recycled": "no_budget", "disqualified": "bad_fit"}.get(str(step.what))
            values = {"hs_lead_status": STATUSES[str(step.what)]} | ({"sla_reason": reason} if reason else {})
            crm.change(contact, values)
        case _:
            _touch(crm, contact, step)


def _touch(crm: Crm, contact: str, step: Step) -> None:
    owner = crm.contact(contact).get("hubspot_owner_id") or "" if step.who == "owner" else crm.owners[step.who]
    if not owner:
        return
    now = crm.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    common = {"hs_timestamp": now, "hubspot_owner_id": owner}
    match step.deed:
        case "meeting":
            ends = (crm.now + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
            more = {"hs_meeting_title": "Meeting", "hs_meeting_start_time": now, "hs_meeting_end_time": ends}
            crm.log("meetings", contact, common | more)
        case "automatic mail":
            more = {"hs_email_direction": "EMAIL", "hs_email_subject": "Automatic", "hs_email_status": "SENT"}
            crm.log("emails", contact, common | more | {"hs_sequence_id": "1"})
        case _:
            more = {"hs_call_title": "Call", "hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED"}
            crm.log("calls", contact, common | more)
