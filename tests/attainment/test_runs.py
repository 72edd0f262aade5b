"""Turns × clocks: the same runs, deadlines and states as the model finds in the history itself."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import ibis
import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.attainment import runs as judged
from sla_sync.attainment.runs import Runs
from sla_sync.semantics.clocks import State, Void
from sla_sync.semantics.clocks import runs as truth
from sla_sync.semantics.history import (
    Assigned,
    Channel,
    Entered,
    Event,
    Parted,
    Parting,
    Queued,
    Raised,
    Replied,
    Touched,
)
from tests.attainment.turned import legs, turns_of
from tests.semantics.leads import agreement, at, commitment, facts, story

FIRST, LAST = at("09-01 00:00"), at("12-31 00:00")
Row = dict[str, object]


def judge(rows: list[Row], under: Agreement, as_of: datetime) -> list[Row]:
    """Return the runs of turns as of an instant, in the order of their starts."""
    found = judged.runs(legs(rows), {"v1": under}, as_of, first=FIRST, last=LAST)
    return rows_of(found)


def rows_of(found: Runs) -> list[Row]:
    answers: list[Row] = ibis.duckdb.connect().to_pyarrow(found.table).to_pylist()
    return sorted(answers, key=lambda each: (str(each["commitment"]), str(each["started_at"]), str(each["leg"])))


def turn(**said: object) -> Row:
    """Return a hot turn of an SDR that began on Monday 5 October at 10:00."""
    plain: Row = {
        "leg": "T1", "lead": "L1", "cycle": 1, "number": 1, "owner": "ann", "team": "sdr", "calendar": "office",
        "priority": "hot", "source": "demo_request", "stage": "mql", "policy": "v1", "raised_at": at("10-05 09:50"),
        "qualified_at": at("10-05 09:55"), "assigned_at": at("10-05 10:00"), "touches": 0, "channels": 0,
    }  # fmt: skip
    return plain | said


def happening(dice: random.Random) -> Iterator[Event]:
    """Yield what happens to a lead: it is raised, qualifies, is passed about, touched, decided, and may come again."""
    now = at("10-01 09:00") + timedelta(seconds=dice.randrange(40 * 86_400))
    for _ in range(dice.choice((1, 1, 2))):
        yield Raised(now, dice.choice(("demo_request", "webinar")))
        yield Entered(now + timedelta(minutes=1), "mql")
        now += timedelta(minutes=2)
        if dice.random() < 0.2:
            yield Queued(now, "pool")
        had = False
        for _ in range(dice.randrange(1, 9)):
            now += timedelta(seconds=dice.choice((30, 400, 3_000, 9_000, 60_000, 200_000)) + dice.randrange(60))
            owner, team = dice.choice((("ann", "sdr"), ("bob", "sdr"), ("eva", "iberia")))
            event = dice.choice(
                (
                    Assigned(now, owner, team),
                    Assigned(now, owner, team),
                    Touched(now, owner, Channel.CALL, automated=dice.random() < 0.2),
                    Touched(now, owner, Channel.EMAIL),
                    Replied(now),
                    Entered(now, "sal"),
                    Queued(now, "pool"),
                )
            )
            had |= isinstance(event, Assigned)
            # Turns tell a verdict only of those that were assigned before it.
            if had or not isinstance(event, Entered):
                yield event
        now += timedelta(seconds=dice.randrange(3 * 86_400))
        if dice.random() < 0.1:
            yield Parted(now, dice.choice((Parting.MERGED, Parting.DELETED, Parting.CONVERTED)))
            return
        if dice.random() < 0.6:
            yield Entered(now, "recycled", "no_response")
            now += timedelta(days=2)
        else:
            return


@pytest.mark.slow
@pytest.mark.parametrize("as_of", [at("10-20 11:00"), at("12-20 00:00")])
def test_runs_of_turns_are_those_that_the_model_finds_in_the_histories(as_of: datetime) -> None:
    dice = random.Random(7)
    under = agreement()
    stories = {f"L{number}": story(*facts(email="a"), *happening(dice), under=under) for number in range(150)}
    rows, wanted = [], []
    for lead, each in stories.items():
        if any(isinstance(event, Parted) and event.at > as_of for event in each.history.events):
            continue  # Turns say what is known now, so a merger is known before it happens.
        rows += turns_of(each, lead, "v1")
        wanted += [
            (
                run.commitment, lead, aware(run.started_at), run.owner, aware(run.deadline),
                aware(run.stopped_at), str(run.state), run.void_because,
            )
            for name in under.commitments
            for run in truth(each, name, as_of)
        ]  # fmt: skip
    found = [
        (
            str(row["commitment"]), row["lead"], aware(row["started_at"]), row["owner"], aware(row["due_at"]),
            aware(row["stopped_at"]), row["state"], row["void_because"],
        )
        for row in judge(rows, under, as_of)
    ]  # fmt: skip
    plain = [
        (*each[:6], "running" if each[6] == "warned" else each[6], "merged" if each[7] == Void.MERGED else each[7])
        for each in wanted
    ]
    assert sorted(found, key=str) == sorted(plain, key=str)
    assert {each[6] for each in found} >= {"on_time", "late", "overdue", "void"}


def aware(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


STATES: tuple[tuple[Row, str | None, str | None], ...] = (
    ({"touched_at": at("10-05 10:15")}, State.ON_TIME, None),
    ({"touched_at": at("10-05 10:15:01")}, State.LATE, None),
    ({}, State.OVERDUE, None),
    ({"assigned_at": at("10-09 16:59")}, State.RUNNING, None),
    ({"ended_at": at("10-05 10:14"), "ended_by": "reassigned"}, State.VOID, Void.BEGAN_ANEW),
    ({"ended_at": at("10-05 10:14"), "ended_by": "returned"}, State.VOID, Void.TAKEN_BACK),
    ({"ended_at": at("10-05 10:16"), "ended_by": "reassigned"}, State.OVERDUE, None),
    ({"touched_at": at("10-05 10:30"), "ended_at": at("10-05 10:31"), "ended_by": "reassigned"}, State.LATE, None),
    ({"ended_at": at("10-05 10:14"), "ended_by": "recycled"}, State.VOID, Void.CLOSED),
    ({"ended_at": at("10-05 10:14"), "ended_by": "deleted"}, State.VOID, Void.PARTED),
    ({"touched_at": at("10-05 10:01"), "void": "test"}, State.VOID, "test"),
    ({"touched_at": at("10-12 10:01")}, State.OVERDUE, None),
    ({"calendar": "personal"}, "unusable", judged.NO_HOURS),
    ({"assigned_at": at("08-03 10:00")}, None, None),
    ({"priority": "cold"}, None, None),
    ({"policy": "another"}, None, None),
)


def test_a_turn_is_exactly_one_of_the_states() -> None:
    rows = [turn(leg=f"T{place}", lead=f"L{place}") | said for place, (said, _, _) in enumerate(STATES)]
    # Friday 9 October, 17:30: what began at 16:59 has fourteen minutes left on Monday.
    found = [each for each in judge(rows, agreement(), at("10-09 17:30")) if each["commitment"] == "response"]
    states = {each["leg"]: (each["state"], each["void_because"] or each["unusable_because"]) for each in found}
    wanted = {f"T{place}": (state, because) for place, (_, state, because) in enumerate(STATES) if state is not None}
    assert states == wanted
    assert len(found) == len(wanted)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"pauses": "waiting_for is buyer"}, "pauses"),
        ({"starts": "enters sal"}, "`enters sal`"),
        ({"stops": "meeting booked"}, "`meeting booked`"),
        ({"of": "list_upload", "starts": "asked", "stops": "done"}, "`list_upload`"),
        ({"restarts": "reply"}, "begins anew"),
    ],
)
def test_a_clock_that_turns_cannot_tell_is_named_and_not_guessed(said: Row, because: str) -> None:
    clock = {"starts": "assigned", "stops": "touch"} | said
    under = commitment(clock=clock, within="2 business hours", on_time="90%")
    found = judged.runs(legs([turn()]), {"v1": under}, at("10-09 12:00"), first=FIRST, last=LAST)
    assert [each.commitment for each in found.unmeasured] == ["promise"]
    assert because in found.unmeasured[0].because
    assert found.table.columns == judged.COLUMNS


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"excused_by": "reply"}, "excused"),
        ({"where": "country is DE"}, "`country`"),
        ({"within": None}, "no limit"),
    ],
)
def test_a_promise_that_asks_for_what_turns_do_not_record_is_named(said: Row, because: str) -> None:
    plain: Row = {"clock": {"starts": "assigned", "stops": "touch"}, "within": "2 business hours", "on_time": "90%"}
    under = commitment(**{name: each for name, each in (plain | said).items() if each is not None})
    found = judged.runs(legs([turn()]), {"v1": under}, at("10-09 12:00"), first=FIRST, last=LAST)
    assert because in found.unmeasured[0].because


@pytest.mark.slow
def test_a_promise_about_some_leads_counts_those() -> None:
    conditions = {
        "yes": "source is demo_request or webinar",
        "no": "source is not demo_request",
        "both": "priority is hot and team is sdr",
        "neither": "owner is unknown or stage is sal",
    }
    plain = {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}, "within": "2 business hours"}
    under = agreement(commitments={name: plain | {"where": each} for name, each in conditions.items()})
    assert [each["commitment"] for each in judge([turn()], under, at("10-09 12:00"))] == ["both", "yes"]


def test_a_lead_that_came_outside_hours_has_the_limit_for_that() -> None:
    limits = {"inside hours": "20 business minutes", "outside hours": "4 business hours"}
    under = commitment(clock={"starts": "assigned", "stops": "touch"}, within=limits, on_time="90%")
    rows = [turn(), turn(leg="T2", lead="L2", assigned_at=at("10-05 20:00"))]
    due = [each["due_at"] for each in judge(rows, under, at("10-09 12:00"))]
    assert due == [datetime(2026, 10, 5, 14, 20), datetime(2026, 10, 6, 17)]  # noqa: DTZ001 - in UTC


def test_a_clock_that_starts_at_the_hand_raise_counts_from_there_for_whoever_is_first() -> None:
    clock = {"starts": "raised", "stops": "touch", "runs_in": "wall clock"}
    under = commitment(clock=clock, within="1 hour", on_time="90%")
    rows = [
        turn(ended_at=at("10-05 10:20"), ended_by="reassigned"),
        turn(leg="T2", number=2, owner="bob", assigned_at=at("10-05 10:20"), touched_at=at("10-05 10:49")),
    ]
    (found,) = judge(rows, under, at("10-09 12:00"))
    assert (found["owner"], found["state"], found["stopped_at"]) == ("ann", "on_time", datetime(2026, 10, 5, 14, 49))  # noqa: DTZ001 - in UTC


@pytest.mark.slow
def test_what_cannot_be_judged_says_why() -> None:
    clocks = {"raise": ("raised", "touch"), "ready": ("qualified", "touch"), "verdict": ("assigned", "leaves mql")}
    plain = {"by": "vp_sales", "within": "2 business hours"}
    commitments = {
        name: plain | {"clock": {"starts": starts, "stops": stops}} for name, (starts, stops) in clocks.items()
    }
    rows = [
        turn(raised_at=None, qualified_at=at("10-05 11:00"), touched_at=at("10-05 10:30")),
        turn(leg="T2", lead="L2", stage="inquiry", decided_at=at("10-05 10:30")),
        turn(leg="T3", lead="L3", assigned_at=at("01-05 10:30")),
    ]
    found = judge(rows, agreement(commitments=commitments), at("10-09 12:00"))
    because = {(each["commitment"], each["leg"]): each["unusable_because"] for each in found}
    assert because["raise", "T1"] == judged.NO_START
    assert because["ready", "T1"] == judged.STOP_BEFORE_START
    assert because["verdict", "T2"] == judged.OTHER_STAGE
    # Before the agreement was in force nothing was promised.
    assert ("verdict", "T3") not in because
