"""The reports over a made-up quarter full of traps say what plain loops over its rows say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import measure
from sla_sync.attainment.past import Past
from sla_sync.measures.completeness import completeness
from sla_sync.measures.conversion import conversions
from sla_sync.measures.pacing import pacing
from sla_sync.measures.rejections import rejections
from sla_sync.measures.scorecard import scorecard
from sla_sync.measures.speed import speed
from sla_sync.measures.waterfall import waterfall
from sla_sync.synthetic.history import tables
from sla_sync.synthetic.parameters import Parameters, Policy, Traps
from sla_sync.synthetic.world import world_of
from tests.measures.brute_force import DAY, EXITS, Cycle, Told, after, clock, days_after, open_time, quantile
from tests.measures.pasts import acme, past_of_tables

pytestmark = pytest.mark.slow
NOW = datetime(2026, 12, 15, 15, 30, tzinfo=UTC)
PERIOD = Period(date(2026, 10, 12), date(2026, 12, 13), "America/New_York")
VERSION = "2026-10-01"
OFTEN = Traps(
    test=0.1, competitor=0.1, duplicates=0.2, deleted=0.1, taken=0.2, returned=0.1, queued=0.2, flips=0.3, automatic=0.5,
    by_others=0.3, new_source=0.3, late_country=0.3, no_reason=0.3, again=0.7, by_hand=0.3,
)  # fmt: skip


@dataclass(frozen=True)
class Both:
    """One history, as a past to measure and as rows to loop over."""

    past: Past
    told: Told

    @property
    def counted(self) -> list[Cycle]:
        """The cycles of real people, of no list."""
        return [each for each in self.told.cycles if each.void is None]


@pytest.fixture(scope="module", params=[1])
def both(request: pytest.FixtureRequest) -> Both:
    policy = Policy(VERSION, date(2026, 1, 1), {"hot": 900, "warm": 7200})
    made = dict(tables(world_of(Parameters(seed=request.param, mqls_a_month=90, traps=OFTEN, policies=(policy,)))))
    del made["legs"]  # What a platform exports are events: turns follow from them.
    past = with_derived(past_of_tables(acme(), NOW, made, agreements={VERSION: acme()}))
    return Both(past, Told({name: table.to_pylist() for name, table in made.items()}, NOW))


def inside(at: datetime | None) -> bool:
    return at is not None and PERIOD.since <= at < PERIOD.until


def test_clocks_are_kept_as_often(both: Both) -> None:
    found: dict[str, Counter[str]] = {"first-response": Counter(), "verdict": Counter()}
    for cycle in both.told.cycles:
        if cycle.void not in {None, "deleted"}:
            continue
        owned = [each for each in cycle.turns if each.owner]
        for turn in owned:
            limit = after(turn.since, timedelta(minutes=15 if cycle.priority == "hot" else 120))
            found["first-response"][state(limit, turn.touched, turn.over)] += 1
        if owned:
            limit = days_after(owned[0].since, 2)
            found["verdict"][state(limit, cycle.left, cycle.ended)] += 1
    told = measure(both.past.engine, both.past.tables["legs"], both.past.agreements, PERIOD, NOW).attainment
    for each in told.figures:
        if not each.cut:
            counts = found[each.commitment]
            assert (each.on_time, each.late, each.overdue) == (counts["on time"], counts["late"], counts["overdue"])
            assert each.late > 2
            assert each.overdue > 1


def state(limit: datetime, done: datetime | None, over: datetime | None) -> str:
    if not inside(limit):
        return "another time"
    if done is not None:
        return "on time" if done <= limit else "late"
    if over is not None and over <= limit:
        return "void"
    return "overdue" if limit < NOW else "running"


def test_buyers_waited_as_long(both: Both) -> None:
    waits: dict[str, list[tuple[timedelta, bool]]] = {"wall": [], "business": []}
    for each in both.counted:
        if each.raised is None or not inside(each.raised):
            continue
        touched = min((turn.touched for turn in each.turns if turn.touched), default=None)
        end = touched or each.ended or NOW
        waits["wall"].append((end - each.raised, touched is not None))
        waits["business"].append((open_time(each.raised, end), touched is not None))
    told = {each.clock: each for each in speed(both.past, PERIOD) if each.step == "raised to touched"}
    for clock_, found in waits.items():
        for percent, figure in told[clock_].quantiles.items():
            by_hand = quantile(found, int(percent) / 100)
            assert figure.at_least is (by_hand is None)
            assert figure.n == len(found)
            assert by_hand is None or figure.value == pytest.approx(by_hand.total_seconds())
        assert told[clock_].naive_median.value != told[clock_].quantiles[50].value, "whoever still waits is counted"


def test_as_many_went_on_in_time(both: Both) -> None:
    for told in conversions(both.past, PERIOD):
        there = young = kept = 0
        for each in both.counted:
            entered, arrived = each.entered(told.start), each.entered(told.goal)
            if not inside(entered) or entered is None:
                continue
            young += entered + told.days * DAY > NOW
            there += entered + told.days * DAY <= NOW
            kept += arrived is not None and entered + told.days * DAY <= NOW and arrived <= entered + told.days * DAY
        assert (told.whole.part, told.whole.whole) == (kept, there)
        assert told.basis.left_out.get("their days are not over", 0) == young


def test_as_many_came_back_for_the_same_reasons(both: Both) -> None:
    gone = Counter(
        (each.stage, each.reason or "missing") for each in both.counted if each.stage in EXITS and inside(each.ended)
    )
    told = rejections(both.past, PERIOD)
    assert {(each.stage, each.reason): each.count for each in told.bars} == gone
    qualified = [each for each in both.counted if inside(each.opened)]
    asked = Counter(each.source for each in qualified)
    back = Counter(each.source for each in qualified if each.stage in EXITS)
    assert {name: (each.value, each.n) for name, each in told.rate.items()} == {
        name: (back[name] / n, n) for name, n in asked.items()
    }


def test_the_month_has_come_as_far(both: Both) -> None:
    since = clock(date(2026, 12, 1), time())
    first = [each for each in both.counted if each.number == 1 and since <= each.opened]
    spoiled = [
        each
        for each in first
        if each.reason == "bad_data" and each.ended is not None and each.ended <= each.opened + 14 * DAY
    ]
    (pace,) = pacing(both.past)
    assert (pace.actual.value, pace.net.value) == (len(first), len(first) - len(spoiled))
    # Ten of 22 business days of December are over, and an hour and a half of the eleventh; 110 are agreed.
    assert pace.expected == pytest.approx(110 * (10 + 1.5 / 8) / 22)


def test_as_many_were_complete_on_entering(both: Both) -> None:
    entered = [each for each in both.counted if inside(each.opened)]
    whole = 0
    for each in entered:
        facts = [row for row in both.told.rows["facts"][each.lead] if row["at"] <= each.opened]
        known = {row["field"]: row["value"] for row in facts}
        whole += all(known.get(name) for name in ("email", "company", "country", "source"))
    told = next(each for each in completeness(both.past, PERIOD) if each.stage == "mql").whole
    assert (told.part, told.whole) == (whole, len(entered))


def test_as_many_stood_in_each_stage(both: Both) -> None:
    told = waterfall(both.past, PERIOD).levels
    for name, at in (("opening", PERIOD.since), ("closing", PERIOD.until)):
        stood = Counter(stage_at(both.told, lead, at) for lead, row in both.told.leads.items() if not row["excluded"])
        del stood[""]
        assert {each.stage: getattr(each, name) for each in told if getattr(each, name)} == stood
    assert all(each.opening + each.came - each.went == each.closing for each in told)


def stage_at(told: Told, lead: str, at: datetime) -> str:
    gone = told.leads[lead]["gone_at"]
    if gone is not None and gone < at:
        return "gone"
    entered: Iterable[Mapping[str, Any]] = told.rows["stages"][lead]
    return next((row["stage"] for row in reversed([*entered]) if row["at"] < at), "")


def test_both_sides_see_the_same_numbers(both: Both) -> None:
    card = {each.commitment: each.actual for each in scorecard(both.past, PERIOD)}
    assert card["mql-volume"].value == sum(each.number == 1 and inside(each.opened) for each in both.counted)
    told = next(each for each in conversions(both.past, PERIOD) if each.start == "mql")
    assert (card["mql-quality"].value, card["mql-quality"].n) == (told.whole.value, told.whole.whole)
