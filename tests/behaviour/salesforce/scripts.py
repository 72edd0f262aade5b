"""Random weeks of work: what is done with each lead, when, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.behaviour.salesforce.orgs import Org, Refused
from tests.behaviour.salesforce.telling import STATUSES

# Minutes before the doors close or the clocks change, and quiet weeks: where deadlines go wrong if they do.
STARTS = (
    datetime(2026, 3, 6, 21, 40, tzinfo=UTC),  # Friday 16:40 in New York; its clocks change on Sunday
    datetime(2026, 3, 27, 15, 30, tzinfo=UTC),  # Friday 15:30 in London; its clocks change on Sunday
    datetime(2026, 7, 2, 20, 50, tzinfo=UTC),  # Thursday 16:50 before a holiday and a weekend
    datetime(2026, 9, 16, 13, 5, tzinfo=UTC),  # a Wednesday morning
    datetime(2026, 10, 30, 19, 30, tzinfo=UTC),  # Friday before the autumn change in New York
    datetime(2026, 11, 25, 21, 45, tzinfo=UTC),  # the eve of Thanksgiving
    datetime(2026, 12, 24, 16, 30, tzinfo=UTC),  # London has closed on two of the next four days
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done with the lead at a place of the list, so many seconds after the one before."""

    wait: int
    lead: int
    deed: str
    who: str = "admin"
    what: str | int | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What happens to some leads: when it starts, with which source and score each arrives, and what is done then."""

    start: datetime
    arrivals: tuple[tuple[str | None, int | None], ...]
    steps: tuple[Step, ...]


_WAITS = st.one_of(
    st.integers(1, 1_800),
    st.integers(1, 4 * 3_600),
    st.integers(1, 36 * 3_600),
    st.sampled_from([450, 900, 3_600, 7_200]),
)
_PEOPLE = st.sampled_from(["ana", "ben", "pat"])
_DEEDS = st.one_of(
    st.builds(lambda what: ("score", "integration", what), st.sampled_from([40, 99, 100, 150])),
    st.builds(lambda who: ("call", who, None), _PEOPLE),
    st.builds(lambda who: ("automatic mail", who, None), _PEOPLE),
    st.builds(lambda who: ("meeting", who, None), _PEOPLE),
    st.builds(lambda who: ("call by the owner", who, None), st.just("owner")),
    st.builds(lambda what: ("give", "admin", what), st.sampled_from(["ana", "ben", "pat", "kim", "Lead_Pool"])),
    st.builds(
        lambda what: ("stage", "ana", what), st.sampled_from(["mql", "sal", "recycled", "disqualified", "inquiry"])
    ),
)


@st.composite
def weeks(draw: st.DrawFn, *, leads: int = 5) -> Week:
    """Draw when it starts, the source and score of each lead, and what happens to them, in its order."""
    arrivals = tuple(
        (draw(st.sampled_from(["Demo Request", "Webinar", None])), draw(st.sampled_from([100, 150, 40, None])))
        for _ in range(leads)
    )
    steps = draw(
        st.lists(
            st.builds(lambda wait, lead, deed: Step(wait, lead, *deed), _WAITS, st.integers(0, leads - 1), _DEEDS),
            min_size=leads * 3,
            max_size=leads * 8,
        )
    )
    return Week(draw(st.sampled_from(STARTS)), arrivals, tuple(steps))


def play(org: Org, week: Week) -> list[str]:
    """Do it all in the org and return the ids of the leads; what the org refuses is left undone, as at work."""
    org.run_until(week.start)
    leads = [_arrive(org, place, *arrival) for place, arrival in enumerate(week.arrivals)]
    at = week.start
    for step in week.steps:
        at += timedelta(seconds=step.wait)
        org.run_until(at)
        _do(org, leads[step.lead], step)
    return leads


def _arrive(org: Org, place: int, source: str | None, score: int | None) -> str:
    values = {
        "LastName": f"Lead {place}",
        "Company": "Example",
        "Country": "UK" if place % 3 == 2 else "US",
        "OwnerId": org.queue("Lead_Pool"),
        "LeadSource": source,
        "SLA_Score__c": score,
    }
    known = {name: value for name, value in values.items() if value is not None}
    found = org.create("Lead", known, by="integration")
    assert not isinstance(found, Refused), found
    return found


def _do(org: Org, lead: str, step: Step) -> Refused | str | None:
    match step.deed:
        case "score":
            return org.update("Lead", lead, {"SLA_Score__c": step.what}, by=step.who)
        case "give":
            name = str(step.what)
            owner = org.queue(name) if name == "Lead_Pool" else org.user(name)
            return org.update("Lead", lead, {"OwnerId": owner}, by=step.who)
        case "stage":
            reason = {"recycled": "no_budget", "disqualified": "bad_fit"}.get(str(step.what))
            values: dict[str, object] = {"Status": STATUSES[str(step.what)]}
            return org.update("Lead", lead, values | ({"SLA_Reason__c": reason} if reason else {}), by=step.who)
        case "meeting":
            return org.create("Event", _activity(org, lead, step.who) | _an_hour(org), by=step.who)
        case "call by the owner":
            owner = str(org.row("Lead", lead)["OwnerId"])
            if not owner.startswith("005"):
                return None
            return _log(org, lead, owner, "Call")
        case "call":
            return _log(org, lead, org.user(step.who), "Call")
        case _:
            return _log(org, lead, org.user(step.who), "Automatic reply")


def _log(org: Org, lead: str, owner: str, subject: str) -> Refused | str:
    kind = "Email" if subject.startswith("Automatic") else "Call"
    values = {"WhoId": lead, "OwnerId": owner, "Type": kind, "Status": "Completed", "Subject": subject}
    return org.create("Task", values)


def _activity(org: Org, lead: str, who: str) -> dict[str, object]:
    return {"WhoId": lead, "OwnerId": org.user(who), "Subject": "Meeting"}


def _an_hour(org: Org) -> dict[str, object]:
    start = org.application.now
    return {"StartDateTime": start.isoformat(), "EndDateTime": (start + timedelta(hours=1)).isoformat()}
