"""The dates that `sla-sync clock` finds are those of `semantics`, for one run and for a whole life through several turns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.document import Agreement
from sla_sync.connector import AskedClock, Coming, DatedRun, DatesAsked, DatesGiven, Phase, Verdict
from sla_sync.pipeline.dates import Almanac
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.clocks import Run, State, runs
from sla_sync.semantics.history import Assigned, Channel, Entered, Event, Queued, Raised, Touched
from sla_sync.semantics.ladders import Taken, rungs
from sla_sync.semantics.stints import End
from sla_sync.semantics.story import Story
from tests.haste import examples
from tests.semantics.leads import NEW_YORK, agreement, at, story

pytestmark = pytest.mark.slow

START = datetime(2026, 10, 1, tzinfo=NEW_YORK)
TEAMS = {"ana": "sdr", "ben": "sdr", "inma": "iberia"}
MANY = 100
SLOTS = 8


def under(**changes: object) -> Agreement:
    commitments = {
        "response": {
            "by": "vp_sales",
            "clock": {"starts": "assigned", "stops": "touch", "runs_in": "owner calendar", "restarts": "reassigned"},
            "within": {"hot": "15 business minutes", "warm": "2 business hours"},
            "warn": "at 50%",
            "on_breach": [
                {"notify": ["owner"]},
                {"after": "1 business hour", "reassign": "sdr", "at_most": "once"},
                {"after": "1 business day", "notify": ["vp_sales"]},
                {"at": "3 business days", "notify": ["vp_sales"]},
            ],
        },
        "verdict": {
            "by": "vp_sales",
            "clock": {"starts": "assigned", "stops": "leaves mql", "runs_in": "office"},
            "within": "2 business days",
            "warn": "at 6 business hours",
            "on_breach": [{"after": "4 hours", "notify": ["vp_sales"]}],
        },
        "quick": {
            "by": "vp_sales",
            "clock": {"starts": "raised", "stops": "touch", "runs_in": "wall clock"},
            "within": {"inside hours": "30 minutes", "outside hours": "12 hours"},
        },
        "slow": {"by": "vp_sales", "clock": {"starts": "qualified", "stops": "touch", "runs_in": "office"}},
    }
    return agreement(commitments=commitments | changes)


AGREED = under()
ALMANAC = Almanac(AGREED, calendars_of(AGREED))
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: (START + timedelta(minutes=minutes)).astimezone(UTC))


def given_to(given: DatesGiven, clock: str) -> DatedRun:
    return next(each for each in given.runs if each.clock == clock)


def asked(run: Run, **more: object) -> DatesAsked:
    clock = AskedClock(run.commitment, run.started_at, Phase.GOES_ON, None, run.owner, run.team, awaits=True)
    return replace(DatesAsked("1", 1, open=True, clocks=(clock,), priority=run.priority), **more)  # type: ignore[arg-type]


@settings(max_examples=examples(60), deadline=None)
@given(instants, st.sampled_from(list(TEAMS)), st.booleans(), st.integers(0, 3_000))
def test_a_run_has_the_warning_the_limit_and_the_steps_of_the_semantics(
    start: datetime, owner: str, asks: bool, later: int
) -> None:
    told = story(
        Raised(start, "demo_request" if asks else "webinar"),
        Entered(start, "mql"),
        Assigned(start + timedelta(minutes=later), owner, TEAMS[owner]),
        under=AGREED,
    )
    as_of = start + timedelta(days=90)
    for name in AGREED.commitments:
        for run in runs(told, name, as_of):
            found = ALMANAC.given(asked(run), MANY)
            steps = {
                (f"{name}.step{each.index}", each.due)
                for each in rungs(told, name, as_of)
                if each.index or name != "response"
            }
            warned = {(f"{name}.warn", run.warn_at)} if run.warn_at else set()
            due = {(f"{name}.due", run.deadline)} if run.deadline else set()
            assert {(each.key, each.at) for each in found.coming} == steps | warned | due
            assert found.due == ({name: run.deadline} if run.deadline else {})
            assert found.verdicts == {name: Verdict.RUNS}


@dataclass
class Contact:
    """A contact whose workflows do what they are told, at the very instants."""

    told: Story
    clocks: dict[str, AskedClock] = field(default_factory=dict)
    known: tuple[DatedRun, ...] = ()
    coming: tuple[Coming, ...] = ()
    happened: dict[str, datetime] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    overdue: set[tuple[str, datetime]] = field(default_factory=set)
    steps: set[tuple[str, datetime]] = field(default_factory=set)
    open: bool = True
    owned: bool = True

    def ask(self) -> None:
        """Be given the dates that count now."""
        found = ALMANAC.given(
            DatesAsked(
                record="1",
                cycle=1,
                open=self.open,
                clocks=tuple(self.clocks.values()),
                owned=self.owned,
                priority="hot",
                runs=self.known,
                happened=dict(self.happened),
                taken=dict(self.taken),
            ),
            SLOTS,
        )
        self.known, self.coming = found.runs, found.coming

    def wait_until(self, instant: datetime) -> None:
        """Let everything happen that is due before an instant."""
        while self.coming and self.coming[0].at < instant:
            event, *rest = self.coming
            self.coming = tuple(rest)
            self.happened[event.key] = event.at
            name, what = event.key.split(".")
            clock = self.clocks[name]
            if what == "due" and clock.phase is Phase.GOES_ON:
                self.overdue.add((name, clock.started_at))
            if what.startswith("step") and not self.spares(name):
                most = 1 if event.key == "response.step1" else MANY
                if self.taken.get(event.key, 0) < most:
                    self.taken[event.key] = self.taken.get(event.key, 0) + 1
                    self.steps.add((event.key, event.at))
            if not self.coming:
                self.ask()

    def spares(self, name: str) -> bool:
        """Return whether the steps of a clock are spared."""
        clock = self.clocks[name]
        return not self.open or (clock.stopped_at is not None and clock.stopped_at >= clock.started_at)

    def live(self, as_of: datetime) -> None:
        """Let everything happen that is told, and what follows from it."""
        for instant in dict.fromkeys(each.at for each in self.told.history.events):
            self.wait_until(instant)
            self.owned = self.told.lead(instant).standing.owner is not None
            for name in ("response", "verdict"):
                self.come(name, instant, as_of)
            self.ask()
        self.wait_until(as_of)

    def come(self, name: str, instant: datetime, as_of: datetime) -> None:
        """Let a clock stop and start as it does at an instant."""
        for run in runs(self.told, name, as_of):
            clock = self.clocks.get(name)
            if run.ended_at == instant and clock is not None and clock.started_at == run.started_at:
                if run.stint.end is End.STOPPED:
                    self.clocks[name] = replace(clock, phase=Phase.OVER, stopped_at=instant)
                elif (name, run.started_at) not in self.overdue:
                    self.clocks[name] = replace(clock, phase=Phase.OVER)
                if run.stint.end is End.CLOSED:
                    self.open = False
            if run.started_at == instant:
                before = self.clocks.get(name)
                stopped = before.stopped_at if before else None
                self.clocks[name] = AskedClock(name, instant, Phase.GOES_ON, stopped, run.owner, run.team, awaits=True)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Event, ...]:
    """Draw what happens to a lead after its qualification, an event every so many minutes."""
    now = draw(instants)
    events: list[Event] = [Raised(now, "demo_request"), Entered(now, "mql")]
    owner: str | None = None
    for _ in range(draw(st.integers(1, 6))):
        now += timedelta(minutes=draw(st.sampled_from((1, 14, 61, 200, 600, 1_441, 3_000))))
        kind = draw(st.sampled_from(("assign", "assign", "queue", "touch", "close")))
        if kind == "assign" or owner is None:
            owner = draw(st.sampled_from([each for each in TEAMS if each != owner]))
            events.append(Assigned(now, owner, TEAMS[owner]))
        elif kind == "queue":
            events.append(Queued(now, "pool"))
            owner = None
        elif kind == "touch":
            events.append(Touched(now, owner, Channel.CALL))
        else:
            events.append(Entered(now, "disqualified", "bad_fit"))
            break
    return tuple(events)


@settings(max_examples=examples(150), deadline=None)
@given(lives())
def test_through_all_turns_the_same_limits_pass_and_the_same_steps_are_taken(events: tuple[Event, ...]) -> None:
    told = story(*events, under=AGREED)
    as_of = events[-1].at + timedelta(days=40)
    contact = Contact(told)
    contact.live(as_of)
    for name in ("response", "verdict"):
        missed = {
            (name, each.started_at) for each in runs(told, name, as_of) if each.state in {State.OVERDUE, State.LATE}
        }
        assert {each for each in contact.overdue if each[0] == name} == missed
        taken = {
            (f"{name}.step{each.index}", each.due)
            for each in rungs(told, name, as_of)
            if each.taken is Taken.TAKEN and (each.index or name == "verdict")
        }
        assert {each for each in contact.steps if each[0].startswith(name)} == taken


def test_a_clock_that_stopped_before_its_dates_were_written_is_judged_by_them() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    for minutes, verdict in ((15, Verdict.ON_TIME), (16, Verdict.LATE)):
        stopped = begun + timedelta(minutes=minutes)
        clock = AskedClock("response", begun, Phase.STOPPED, stopped, "ana", "sdr")
        found = ALMANAC.given(DatesAsked("1", 1, open=True, clocks=(clock,), priority="hot"), SLOTS)
        assert found.verdicts == {"response": verdict}
        assert found.due == {"response": begun + timedelta(minutes=15)}
        assert found.coming == ()


def test_nothing_is_promised_to_a_priority_that_has_no_limit() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    clock = AskedClock("response", begun, Phase.GOES_ON, None, "ana", "sdr", awaits=True)
    found = ALMANAC.given(DatesAsked("1", 1, open=True, clocks=(clock,), priority="cold"), SLOTS)
    assert (found.verdicts, found.coming, found.runs) == ({"response": Verdict.NOT_PROMISED}, (), ())


def test_only_so_many_events_are_told_at_once_and_the_others_are_kept() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    clock = AskedClock("response", begun, Phase.GOES_ON, None, "ana", "sdr", awaits=True)
    question = DatesAsked("1", 1, open=True, clocks=(clock,), priority="hot")
    found = ALMANAC.given(question, 2)
    assert [each.key for each in found.coming] == ["response.warn", "response.due"]
    happened = {each.key: each.at for each in found.coming}
    rest = ALMANAC.given(replace(question, runs=found.runs, happened=happened), 2)
    assert [each.key for each in rest.coming] == ["response.step1", "response.step2"]


def test_dates_that_were_found_stay_when_the_agreement_or_the_owner_becomes_another() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    clock = AskedClock("response", begun, Phase.GOES_ON, None, "ana", "sdr", awaits=True)
    question = DatesAsked("1", 1, open=True, clocks=(clock,), priority="hot")
    first = ALMANAC.given(question, SLOTS)
    moved = replace(question, clocks=(replace(clock, team="iberia"),), priority="warm", runs=first.runs)
    assert ALMANAC.given(moved, SLOTS).coming == first.coming
    assert ALMANAC.given(replace(moved, runs=()), SLOTS).coming != first.coming


def test_a_closed_cycle_leaves_nothing_to_come() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    clock = AskedClock("response", begun, Phase.GOES_ON, None, "ana", "sdr", awaits=True)
    found = ALMANAC.given(DatesAsked("1", 1, open=False, clocks=(clock,), priority="hot"), SLOTS)
    assert (found.verdicts, found.coming, found.runs) == ({"response": Verdict.VOID}, (), ())


def test_a_team_whose_members_have_hours_of_their_own_counts_by_the_main_calendar() -> None:
    begun = at("10-05 10:02").astimezone(UTC)
    clock = AskedClock("response", begun, Phase.GOES_ON, None, "nora", "nomads", awaits=True)
    found = ALMANAC.given(DatesAsked("1", 1, open=True, clocks=(clock,), priority="hot"), SLOTS)
    assert given_to(found, "response").calendar == "office"
