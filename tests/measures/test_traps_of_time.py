"""Each way in which a figure of time goes wrong: what one would reckon naively, and what is so.

All comes from what happened, lead by lead: stages, owners and calls. Turns and cycles are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import mean, median

import pytest

from sla_sync.attainment.attainment import Attainment, Period
from sla_sync.attainment.attainment import Figure as Attained
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import measure
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.speed import Waited, speed
from tests.measures.pasts import acme, instant, past_of

NOW = instant("2026-10-30 18:00")  # a Friday, 14:00 in New York
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
LIMIT = 15 * 60.0
MINUTE = timedelta(minutes=1)
WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Lead:
    """What happened to one hot lead, in minutes since it asked: who got it when, who touched it when, when it left mql."""

    name: str
    asked: datetime
    owners: tuple[tuple[float, str], ...]
    touches: tuple[tuple[float, str], ...] = ()
    by_machine: float | None = None
    accepted: float | None = None

    def at(self, minutes: float) -> datetime:
        """Return the instant so many minutes after it asked."""
        return self.asked + timedelta(minutes=minutes)

    @property
    def answered(self) -> timedelta | None:
        """How long it took on the wall until any owner touched it."""
        return timedelta(minutes=min(at for at, _ in self.touches)) if self.touches else None


@dataclass
class Told:
    """Leads by the trap into which they lead."""

    traps: dict[str, list[Lead]] = field(default_factory=dict)

    def add(self, trap: str, count: int, start: str, owners: object, touches: object = (), **said: float) -> None:
        """Add leads that asked a minute apart."""
        for _ in range(count):
            own = self.traps.setdefault(trap, [])
            asked = instant(start) + len(own) * MINUTE
            own.append(Lead(f"{trap} {len(own)}", asked, _pairs(owners), _pairs(touches), **said))


def _pairs(said: object) -> tuple[tuple[float, str], ...]:
    return tuple(said)  # type: ignore[arg-type]


def told() -> dict[str, list[Lead]]:
    """Return all leads; each trap has owners of its own, and a day of its own where its figure is one of days."""
    found = Told()
    add = found.add
    add("open", 4, "2026-10-12 14:00", [(0, "ole")], [(10, "ole")])
    add("open", 6, "2026-10-12 14:00", [(0, "ole")])
    add("answered only", 4, "2026-10-13 14:00", [(0, "ann")], [(10, "ann")])
    add("answered only", 2, "2026-10-13 14:00", [(0, "ann")], [(40, "ann")])
    add("answered only", 4, "2026-10-13 14:00", [(0, "ann")])
    add("not yet due", 3, "2026-10-13 14:00", [(0, "nina")], [(10, "nina")])
    add("not yet due", 3, "2026-10-30 17:50", [(0, "nina")])
    add("mean", 9, "2026-10-14 14:00", [(0, "mia")], [(4, "mia")])
    add("mean", 1, "2026-10-14 14:00", [(0, "mia")], [(30 * 60, "mia")])
    add("weekend", 3, "2026-10-16 20:50", [(0, "walt")], [((64 * 60 + 14), "walt")])
    add("status", 5, "2026-10-13 14:00", [(0, "flip")], [(180, "flip")], accepted=14)
    add("machine", 3, "2026-10-15 14:00", [(0, "max")], [(60, "max")], by_machine=0.3)
    add("others", 3, "2026-10-13 14:00", [(0, "lazy")], [(5, "boss")])
    add("passed on", 4, "2026-10-13 14:00", [(0, "pat"), (10, "sue")], [(20, "sue")])
    add("passed on", 3, "2026-10-13 15:00", [(0, "pat"), (30, "sue")], [(40, "sue")])
    add("leaver", 3, "2026-10-13 14:00", [(0, "leo"), (WEEK, "new")], [(90, "leo"), (WEEK + 5, "new")])
    add("few", 2, "2026-10-13 14:00", [(0, "lucky")], [(1, "lucky")])
    add("many", 25, "2026-10-13 14:00", [(0, "bob")], [(1, "bob")])
    return found.traps


TRAPS = told()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def past() -> Past:
    """Return the past in which all of it happened, with the turns and cycles that follow."""
    leads = [each for own in TRAPS.values() for each in own]
    named = {owner for each in leads for _, owner in (*each.owners, *each.touches)}
    plain = past_of(
        acme(),
        NOW,
        leads=({"lead": each.name, "created_at": each.asked} for each in leads),
        raises=({"lead": each.name, "at": each.asked, "source": "demo_request"} for each in leads),
        stages=(
            {"lead": each.name, "at": at, "stage": stage}
            for each in leads
            for at, stage in ((each.asked, "mql"), (each.accepted and each.at(each.accepted), "sal"))
            if at
        ),
        owners=({"lead": each.name, "at": each.at(at), "owner": who} for each in leads for at, who in each.owners),
        activities=(
            {"lead": each.name, "at": each.at(at), "by": who, "counts": who != "machine", "kind": kind}
            for each in leads
            for at, who, kind in (
                *((at, who, "call") for at, who in each.touches),
                *(((each.by_machine, "machine", "email"),) if each.by_machine else ()),
            )
        ),
        users=({"user": each, "since": "2026-01-01 00:00", "team": "sdr"} for each in sorted(named)),
    )
    return with_derived(plain)


@pytest.fixture(scope="module")
def attained(past: Past) -> Attainment:
    legs = past.tables["legs"]
    return measure(past.engine, legs, past.agreements, OCTOBER, NOW).attainment


def of(attained: Attainment, owner: str) -> Attained:
    found = attained.of("first-response", "owner", owner)
    assert found is not None
    return found


def waited(past: Past, day: date) -> Mapping[tuple[str, str], Waited]:
    """Return how long those waited who asked on a day."""
    return {(each.step, each.clock): each for each in speed(past, Period(day, day, "America/New_York"))}


def answers(leads: Iterable[Lead]) -> list[float]:
    """Return after how many seconds on the wall those were answered who were answered: what naive figures rest on."""
    return [each.answered.total_seconds() for each in leads if each.answered is not None]


def test_open_leads_dropped_make_a_median_of_ten_minutes_where_most_still_wait(past: Past) -> None:
    assert median(answers(TRAPS["open"])) == 10 * 60
    found = waited(past, date(2026, 10, 12))["raised to touched", "wall"]
    assert found.naive_median.value == 10 * 60
    assert found.quantiles[50].at_least
    assert found.quantiles[50].value == (NOW - TRAPS["open"][4].asked).total_seconds()
    assert found.bands["none yet"].value == 0.6


def test_attainment_over_answered_only_knows_nothing_of_those_who_were_never_answered(attained: Attainment) -> None:
    found = answers(TRAPS["answered only"])
    assert sum(each <= LIMIT for each in found) / len(found) == 4 / 6
    assert of(attained, "ann").attained == Share(4, 10)


def test_what_is_not_yet_due_is_no_miss(attained: Attainment) -> None:
    leads = TRAPS["not yet due"]
    assert sum(each <= LIMIT for each in answers(leads)) / len(leads) == 0.5
    assert of(attained, "nina").attained == Share(3, 3)
    assert of(attained, "nina").running == 3


def test_a_mean_is_ruled_by_one_long_answer(past: Past) -> None:
    assert mean(answers(TRAPS["mean"])) > 3 * 3600
    found = waited(past, date(2026, 10, 14))["raised to touched", "wall"]
    assert found.quantiles[50].value == found.quantiles[75].value == found.quantiles[90].value == 4 * 60
    assert found.bands["0–5 min"].value == 0.9
    assert found.bands["over 24 h"].value == 0.1


def test_the_wall_clock_blames_a_rep_for_the_weekend(attained: Attainment) -> None:
    assert min(answers(TRAPS["weekend"])) > 64 * 3600 > LIMIT
    assert of(attained, "walt").attained == Share(3, 3)


def test_the_business_clock_hides_the_weekend_that_a_buyer_waited_so_both_stand_side_by_side(past: Past) -> None:
    found = waited(past, date(2026, 10, 16))
    assert found["raised to touched", "business"].quantiles[50].value == 14 * 60
    assert found["raised to touched", "wall"].quantiles[50].value == (64 * 60 + 14) * 60


def test_a_new_status_is_no_answer(attained: Attainment) -> None:
    assert all((each.accepted or 0) * 60 <= LIMIT for each in TRAPS["status"])
    assert of(attained, "flip").attained == Share(0, 5)


def test_a_machines_mail_is_no_answer(past: Past, attained: Attainment) -> None:
    assert all((each.by_machine or 0) * 60 < 20 for each in TRAPS["machine"])
    assert of(attained, "max").attained == Share(0, 3)
    assert waited(past, date(2026, 10, 15))["raised to touched", "wall"].quantiles[50].value == 60 * 60


def test_a_call_by_somebody_else_is_no_answer_of_the_owner(attained: Attainment) -> None:
    assert max(answers(TRAPS["others"])) == 5 * 60
    assert of(attained, "lazy").attained == Share(0, 3)


def test_passing_a_lead_on_is_no_answer_and_does_not_stop_the_clock(attained: Attainment) -> None:
    passed = [dict(each.owners) for each in TRAPS["passed on"]]
    assert sum(min(at for at in each if at) * 60 <= LIMIT for each in passed) == 4
    pat = of(attained, "pat")
    assert pat.attained == Share(0, 3)
    assert pat.void == {"the clock began anew before the limit": 4}


def test_who_gets_a_lead_late_is_not_blamed_for_who_had_it_before(attained: Attainment) -> None:
    assert min(answers(TRAPS["passed on"])) > LIMIT
    assert of(attained, "sue").attained == Share(7, 7)


def test_who_has_a_lead_now_is_not_blamed_for_who_had_it_when_it_was_due(attained: Attainment) -> None:
    assert {each.owners[-1][1] for each in TRAPS["leaver"]} == {"new"}
    assert min(answers(TRAPS["leaver"])) > LIMIT
    assert of(attained, "leo").attained == Share(0, 3)
    assert of(attained, "new").attained == Share(3, 3)


def test_two_out_of_two_is_no_rank(attained: Attainment) -> None:
    lucky = of(attained, "lucky").attained
    assert lucky.value == 1.0
    assert lucky.interval is not None
    assert lucky.interval[0] < 0.35
    ranked = [each.value for each in attained.ranked("first-response", "owner")]
    assert "bob" in ranked
    assert "lucky" not in ranked
