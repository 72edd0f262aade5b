"""Random days of a pair: what people do with the same contacts in HubSpot and in Salesforce, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from sla_sync_native_sync import Written
from tests.behaviour.salesforce.scripts import Played, carry_out
from tests.behaviour.weeks import POOL, STARTS, Step, steps
from tests.pair.joined import Joined

_QUALIFIES_FROM = {None, "", "Open - Not Contacted", "Nurture"}
_WAITS = st.one_of(
    st.integers(1, 600),
    st.integers(1, 1_800),
    st.integers(1, 4 * 3_600),
    st.integers(1, 20 * 3_600),
    st.sampled_from([450, 900, 3_600, 7_200]),
)
_PEOPLE = st.sampled_from(["ana", "ben", "pat", "kim"])
_IN_HUBSPOT = st.one_of(
    st.tuples(st.just("score"), st.just("hubspot"), st.sampled_from([40, 99, 100, 150])),
    st.tuples(st.just("source"), st.just("hubspot"), st.sampled_from(["Demo Request", "Webinar", "Other"])),
    st.tuples(st.just("company"), st.just("hubspot"), st.sampled_from(["Hillside", "Uphill", "Downhill"])),
    st.tuples(st.just("qualify"), st.just("hubspot"), st.none()),
    st.tuples(st.just("own"), st.just("hubspot"), st.sampled_from(["ana", "ben", "pat", "morgan"])),
    st.tuples(st.just("drop"), st.just("hubspot"), st.sampled_from(["Nurture", "Closed - Not Converted"])),
)
_IN_SALESFORCE = st.one_of(
    st.tuples(st.just("call by the owner"), st.just("owner"), st.none()),
    st.tuples(st.just("call"), _PEOPLE, st.none()),
    st.tuples(st.just("automatic mail"), _PEOPLE, st.none()),
    st.tuples(st.just("give"), st.just("admin"), st.sampled_from(["ana", "ben", "pat", POOL])),
    st.tuples(st.just("stage"), st.just("ana"), st.sampled_from(["sal", "recycled", "disqualified", "mql"])),
    st.tuples(st.just("company"), st.just("admin"), st.sampled_from(["Hillside", "Uphill", "Downhill"])),
)


@dataclass(frozen=True, slots=True)
class Days:
    """When it starts, how long lies between two looks, how each contact arrives, and what is done then."""

    start: datetime
    every: int
    arrivals: tuple[tuple[str, int], ...]
    """The source and the score of each."""
    steps: tuple[Step, ...]


@dataclass
class Lived:
    """What was done, as the comparison with the model wants it, and the contacts in HubSpot."""

    contacts: list[str] = field(default_factory=list)
    played: Played = field(default_factory=Played)


@st.composite
def days(draw: st.DrawFn, *, leads: int = 3) -> Days:
    """Draw some days."""
    arrivals = st.tuples(st.sampled_from(["Demo Request", "Webinar"]), st.sampled_from([40, 100, 150]))
    deeds = st.one_of(_IN_HUBSPOT, _IN_SALESFORCE)
    return Days(
        draw(st.sampled_from(STARTS)),
        draw(st.sampled_from([15, 15, 60])),
        tuple(draw(arrivals) for _ in range(leads)),
        steps(draw, leads, _WAITS, deeds, most=6),
    )


def live(pair: Joined, these: Days) -> Lived:
    """Do it all; what is done in Salesforce waits until the lead is there, as people do."""
    lived = Lived()
    store, played = pair.org.store, lived.played

    def mark() -> None:
        played.marks.append(len(store.history))

    pair.pair.watch = mark
    pair.at(these.start)
    for place, (source, score) in enumerate(these.arrivals):
        country = "UK" if place % 3 == 2 else "US"
        contact = pair.contact(f"lead{place}@example.com", country=country, sla_source=source, sla_score=str(score))
        lived.contacts.append(contact)
        _qualify(pair, contact)
    at = these.start
    for step in these.steps:
        at += timedelta(seconds=max(step.wait, 1))
        mark()
        pair.at(at)
        mark()
        _step(pair, lived, step)
    mark()
    _settle(pair)
    _note(pair, lived)
    return lived


def _settle(pair: Joined) -> None:
    """Let a day pass, and then as many looks as it takes until two have written nothing; more than eight are a loop."""
    pair.at(pair.pair.now + timedelta(days=1))
    quiet = 0
    for _ in range(8):
        before = len(pair.pair.memory.written)
        pair.at(pair.pair.next_look)
        quiet = quiet + 1 if len(pair.pair.memory.written) == before else 0
        if quiet >= 2 and _nothing_happens(pair):
            return
    raise AssertionError(f"the integration does not come to rest: {pair.pair.memory.written[-6:]}")


def _nothing_happens(pair: Joined) -> bool:
    """Return whether a second passes without an event: at the instant of one, nobody says whether it has happened."""
    saved = len(pair.org.store.history)
    pair.at(pair.org.application.now + timedelta(seconds=1))
    return len(pair.org.store.history) == saved


def _step(pair: Joined, lived: Lived, step: Step) -> None:
    contact = lived.contacts[step.lead]
    if step.who == "hubspot":
        match step.deed:
            case "qualify":
                _qualify(pair, contact)
            case "score":
                pair.change(contact, sla_score=str(step.what))
            case "source":
                pair.change(contact, sla_source=str(step.what))
            case "own":
                pair.change(contact, hubspot_owner_id=pair.owner(str(step.what)))
            case "drop" if pair.of_contact(contact, "hs_lead_status")["hs_lead_status"] == "MQL":
                pair.change(contact, hs_lead_status=str(step.what))
            case "company":
                pair.change(contact, company=str(step.what))
        return
    link = pair.pair.memory.links.get(contact)
    if link is None:
        return
    lived.played.deeds.setdefault(link.id, []).append(pair.org.application.now)
    if step.deed == "company":
        pair.save(contact, Company=step.what)
    else:
        carry_out(pair.org, link.id, Step(0, 0, step.deed, step.who, step.what), Played(leads=[link.id]))


def _qualify(pair: Joined, contact: str) -> None:
    """Let marketing hand a contact to sales where its score is high enough and nobody works it."""
    found = pair.of_contact(contact, "hs_lead_status", "sla_score")
    if found["hs_lead_status"] in _QUALIFIES_FROM and float(found["sla_score"] or 0) >= 100:
        pair.change(contact, hs_lead_status="MQL")


def _note(pair: Joined, lived: Lived) -> None:
    """Note the leads that came to be, and every look that wrote into one as something that was done with it."""
    played = lived.played
    for contact in lived.contacts:
        link = pair.pair.memory.links.get(contact)
        if link is None:
            continue
        played.leads.append(link.id)
        played.qualified.add(link.id)
        written = [each for each in pair.pair.memory.written if (each.side, each.record) == ("Salesforce", link.id)]
        looks = {each.at for each in written}
        # A stage that came with other news was set by somebody: such a look counts as two deeds in one instant.
        stages = {each.at for each in written if each.field == "Status"}
        played.deeds[link.id] = sorted((*looks, *stages, *played.deeds.get(link.id, ())))


def loops(written: list[Written], others: dict[tuple[str, str, str], int]) -> Iterator[str]:
    """Yield each field that the integration wrote more often than somebody else gave it a reason to.

    `others` counts the changes by anybody but the integration, by (side, record, field) of where it then writes.
    """
    counts: dict[tuple[str, str, str], int] = {}
    for each in written:
        key = (each.side, each.record, each.field)
        counts[key] = counts.get(key, 0) + 1
    for key, count in counts.items():
        if count > others.get(key, 0):
            yield f"{' '.join(key)} was written {count} times for {others.get(key, 0)} changes on the other side"
