"""From the tables of a connector to a past: what is cut, void, inherited, pinned, and whose record wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sla_sync.attainment.in_force import as_if_in_force
from sla_sync.attainment.kept import last_told, schema_in_utc
from sla_sync.attainment.opening import open_past
from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import schema_of, write
from sla_sync.history.standing import Standing, write_standing
from sla_sync.history.tables import CYCLES, LEGS, STAYS, TABLES
from tests.attainment.exported import Rows, engine, found, past_of
from tests.semantics.leads import agreement, at

NOW = at("11-20 12:00")
Row = dict[str, Any]
Told = tuple[str, Row]

QUALIFIED: tuple[Told, ...] = (("10-05 10:00", {"stage": "mql"}),)
ASKED: tuple[Told, ...] = (("10-05 09:00", {"source": "demo_request"}),)
GIVEN: tuple[Told, ...] = (("10-05 10:01", {"owner": "ann"}),)
USERS: list[Row] = [
    *({"user": each, "since": at("01-01 00:00"), "team": "sdr"} for each in ("ann", "bob")),
    {"user": "eva", "since": at("01-01 00:00"), "team": "iberia", "until": at("10-05 10:30")},
    {"user": "eva", "since": at("10-05 10:30"), "team": "sdr"},
]


def one(
    lead: str,
    *,
    raises: tuple[Told, ...] = ASKED,
    stages: tuple[Told, ...] = QUALIFIED,
    owners: tuple[Told, ...] = GIVEN,
    facts: tuple[Told, ...] = (),
    activities: tuple[Told, ...] = (),
    legs: tuple[Row, ...] = (),
    deals: tuple[Row, ...] = (),
    **said: object,
) -> Rows:
    """Return what is told of one lead; a hot one that ann got at once, if nothing else is said."""
    events = {"raises": raises, "stages": stages, "owners": owners, "facts": facts, "activities": activities}
    rows: Rows = {name: [{"lead": lead, "at": at(when)} | row for when, row in each] for name, each in events.items()}
    whole = [
        {"lead": lead, "cycle": 1, "number": 1, "calendar": "office", "policy": "v1", "touches": 0} | each
        for each in legs
    ]
    rows |= {"deals": [{"deal": f"{lead} {place}", "lead": lead} | each for place, each in enumerate(deals)]}
    return rows | {"leads": [{"lead": lead, "created_at": at("10-05 09:00")} | said], "legs": whole}


def together(*each: Rows) -> Rows:
    """Return what is told of several leads, and of the users."""
    return {name: [row for rows in each for row in rows.get(name, [])] for name in TABLES} | {"users": USERS}


def did(when: str, by: str, kind: str, **said: object) -> Told:
    return when, {"by": by, "kind": kind, "activity": when, "counts": True, "inbound": False} | said


def picked(rows: list[Row], *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[each] for each in names) for row in rows]


GONE = {"gone_at": at("10-07 10:00")}
VOIDS: dict[str, tuple[Row, str | None, str | None]] = {
    "plain": ({}, None, None),
    "tested": ({"excluded": "test"}, "test", "test"),
    "imported": ({"batch": "B1"}, "import", "import"),
    "deleted": (GONE, "deleted", None),
    "merged": (GONE | {"merged_into": "W"}, "merged", "merged"),
    "merged test": (GONE | {"merged_into": "W", "excluded": "test"}, "test", "test"),
}
"""What is said of a lead, and why its cycle and its turn count for nothing."""

TURNS: dict[str, tuple[tuple[Told, ...], tuple[tuple[object, ...], ...]]] = {
    "whoever had it already has it from the opening on": (
        (("10-05 09:00", {"owner": "ann"}),),
        (("ann", "10-05 10:00", None, None),),
    ),
    "unless routing gives it to another at once": (
        (("10-05 09:00", {"owner": "ann"}), ("10-05 10:09", {"owner": "bob"})),
        (("bob", "10-05 10:09", None, None),),
    ),
    "and not later": (
        (("10-05 09:00", {"owner": "ann"}), ("10-05 10:11", {"owner": "bob"})),
        (("ann", "10-05 10:00", None, "reassigned"), ("bob", "10-05 10:11", None, None)),
    ),
    "a wait in a queue is nobody's turn, and who gives a lead back has returned it": (
        (("10-05 09:00", {"queue": "pool"}), ("10-05 12:00", {"owner": "ann"}), ("10-05 13:00", {"queue": "pool"})),
        (
            (None, "10-05 10:00", "queue", "assigned"),
            ("ann", "10-05 12:00", None, "returned"),
            (None, "10-05 13:00", "queue", None),
        ),
    ),
    "the same owner again is no new turn": (
        (("10-05 10:01", {"owner": "ann"}), ("10-05 11:00", {"owner": "ann"})),
        (("ann", "10-05 10:01", None, None),),
    ),
}
"""Who had a lead, and the turns that follow: owner, since when, void, and what ended it."""

DECIDED: tuple[Told, ...] = (*QUALIFIED, ("10-06 10:00", {"stage": "sal"}))
ANN_THEN_BOB: tuple[Told, ...] = (("10-05 10:01", {"owner": "ann"}), ("10-09 10:00", {"owner": "bob"}))
OPENED: Row = {"opened_at": at("10-07 10:00"), "closed_at": at("10-09 10:00"), "won": False}
WON = OPENED | {"closed_at": at("10-07 00:00"), "won": True}
RECORDED: Row = {
    "leg": "R1", "owner": "bob", "qualified_at": at("10-12 10:00"), "assigned_at": at("10-12 09:59"), "channels": 0,
    "source": "webinar", "raised_at": at("10-12 09:58"),
}  # fmt: skip

FROZEN: Row = RECORDED | {
    "leg": "R2", "qualified_at": at("10-05 10:00"), "assigned_at": at("10-05 10:01"), "raised_at": at("10-05 09:00"),
}  # fmt: skip
LATE_AND_DELETED: Row = FROZEN | {"leg": "R3", "ended_at": at("10-08 12:00"), "ended_by": "deleted", "void": "deleted"}

CASES = together(
    *(one(name, **said) for name, (said, _, _) in VOIDS.items()),
    *(one(name, owners=owned) for name, (owned, _) in TURNS.items()),
    one(
        "asked by itself",
        batch="B1",
        raises=(("10-05 09:00", {"source": "webinar"}), ("10-05 09:30", {"source": "demo_request"})),
    ),
    one(
        "frozen",
        raises=(
            ("10-05 09:00", {"source": "webinar"}),
            ("10-05 09:30", {"source": "demo_request"}),
            ("10-05 10:30", {"source": "webinar"}),
        ),
        facts=(("10-05 09:00", {"field": "source", "value": "webinar"}),),
    ),
    one(
        "unraised",
        raises=(),
        facts=(
            ("10-05 09:00", {"field": "source", "value": "demo_request"}),
            ("10-06 09:00", {"field": "source", "value": "webinar"}),
            ("10-05 09:00", {"field": "score", "value": "120"}),
        ),
    ),
    one("said to be warm", facts=(("10-05 09:00", {"field": "priority", "value": "warm"}),)),
    one("later", stages=(("10-05 10:00", {"stage": "mql"}), ("10-08 10:00", {"stage": "recycled", "reason": "no_response"}))),
    one("winner"),
    one(
        "loser",
        stages=(("10-04 10:00", {"stage": "mql"}),),
        raises=(("10-04 09:00", {"source": "webinar"}),),
        gone_at=at("10-06 12:00"),
        merged_into="winner",
    ),
    one("recorded winner", legs=(FROZEN,)),
    one(
        "its loser",
        stages=(("10-04 10:00", {"stage": "mql"}),),
        raises=(("10-04 09:00", {"source": "content"}),),
        gone_at=at("10-06 12:00"),
        merged_into="recorded winner",
    ),
    one("missed and deleted", legs=(LATE_AND_DELETED,), gone_at=at("10-08 12:00")),
    one("heir", stages=(), owners=(("10-05 09:00", {"owner": "ann"}),)),
    one("between", stages=(), gone_at=at("10-07 12:00"), merged_into="heir"),
    one("first of them", stages=(("10-06 10:00", {"stage": "mql"}),), gone_at=at("10-06 12:00"), merged_into="between"),
    one("closed", stages=(("10-05 10:00", {"stage": "mql"}), ("10-05 11:00", {"stage": "recycled"}))),
    one("into the closed", stages=(("10-04 10:00", {"stage": "mql"}),), gone_at=at("10-06 12:00"), merged_into="closed"),
    one("converted", stages=DECIDED, owners=ANN_THEN_BOB, converted_at=at("10-07 10:00")),
    one("converted undecided", owners=ANN_THEN_BOB, converted_at=at("10-07 10:00")),
    one(
        "touched",
        owners=(("10-05 10:01", {"owner": "ann"}), ("10-05 11:00", {"owner": "bob"})),
        activities=(
            did("10-05 10:00", "ann", "call"),
            did("10-05 10:02", "machine", "email", counts=False),
            did("10-05 10:03", "bob", "call"),
            did("10-05 10:04", "ann", "email"),
            did("10-05 10:05", "ann", "call"),
            did("10-05 10:06", "", "email", counts=False, inbound=True),
            did("10-05 11:01", "ann", "meeting"),
            did("10-05 11:02", "bob", "call"),
            did("10-05 11:03", "ann", "call"),
        ),
    ),
    one(
        "teams",
        owners=(
            ("10-05 10:01", {"owner": "eva"}),
            ("10-05 11:00", {"owner": "nobody"}),
            ("10-06 11:00", {"owner": "eva"}),
        ),
    ),
    one(
        "recorded",
        stages=(*QUALIFIED, ("10-06 10:00", {"stage": "recycled"}), ("10-12 10:00", {"stage": "mql"})),
        owners=(("10-05 10:01", {"owner": "ann"}), ("10-12 10:01", {"owner": "ann"})),
        legs=(RECORDED,),
    ),
    one("elsewhere", stages=(*QUALIFIED, ("10-05 11:00", {"stage": None}), ("10-05 12:00", {"stage": "sal"}))),
    one("unheard of", stages=()),
    one("won", deals=(OPENED, WON)),
    one("lost", deals=(OPENED,)),
    one("still open", deals=(WON, {"opened_at": at("10-07 10:00")})),
    one("said to be won", stages=(*QUALIFIED, ("10-07 12:00", {"stage": "won"})), deals=(WON,)),
    one("at once", stages=(("10-05 10:00", {"stage": "sal"}), ("10-05 10:00", {"stage": "mql"}))),
)  # fmt: skip


@pytest.fixture(scope="module")
def past() -> Mapping[str, list[Row]]:
    """Return the rows of what follows from all cases, by table."""
    whole = past_of(CASES, agreement(), NOW)
    return {shape.name: found(whole, shape.name) for shape in (STAYS, CYCLES, LEGS)}


def of(rows: list[Row], *leads: str) -> list[Row]:
    return [each for each in rows if each["lead"] in leads]


def test_every_column_of_the_contract_is_there_and_the_required_ones_are_never_empty(
    past: Mapping[str, list[Row]],
) -> None:
    for shape in (STAYS, CYCLES, LEGS):
        for row in past[shape.name]:
            assert list(row) == [each.name for each in shape.columns]
            assert all(row[each.name] is not None for each in shape.columns if each.required)


@pytest.mark.parametrize("lead", VOIDS)
def test_a_cycle_says_why_it_counts_for_nothing(lead: str, past: Mapping[str, list[Row]]) -> None:
    _, cycle, turn = VOIDS[lead]
    assert picked(of(past["cycles"], lead), "void") == [(cycle,)]
    # A turn of a lead that was deleted is void only where its time was not up, which runs tell.
    assert picked(of(past["legs"], lead), "void") == [(turn,)]


def test_an_imported_lead_counts_from_the_time_when_it_asks_by_itself(past: Mapping[str, list[Row]]) -> None:
    (cycle,) = of(past["cycles"], "asked by itself")
    assert (cycle["void"], cycle["source"], cycle["batch"]) == (None, "demo_request", "B1")


def test_the_source_of_a_cycle_is_frozen_when_it_opens(past: Mapping[str, list[Row]]) -> None:
    (cycle,) = of(past["cycles"], "frozen")
    assert (cycle["source"], cycle["raised_at"], cycle["priority"]) == ("demo_request", at("10-05 09:30"), "hot")


def test_without_hand_raises_the_source_is_the_recorded_one_of_that_time(past: Mapping[str, list[Row]]) -> None:
    (cycle,) = of(past["cycles"], "unraised")
    assert (cycle["source"], cycle["raised_at"], cycle["score"]) == ("demo_request", None, 120)


def test_a_recorded_priority_wins_over_that_of_the_agreement(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "said to be warm", "plain"), "lead", "priority") == [
        ("plain", "hot"),
        ("said to be warm", "warm"),
    ]


@pytest.mark.slow
def test_nothing_later_than_the_instant_is_known() -> None:
    later = one(
        "L1",
        stages=(*QUALIFIED, ("10-08 10:00", {"stage": "recycled", "reason": "no_response"})),
        gone_at=at("10-20 10:00"),
        merged_into="W",
        converted_at=at("10-21 10:00"),
    )
    rows = found(past_of(together(later), agreement(), at("10-07 12:00")), "cycles")
    assert picked(rows, "closed_at", "decided_at", "void") == [(None, None, None)]


def test_a_merged_cycle_gives_its_opening_to_the_one_that_was_open_then(past: Mapping[str, list[Row]]) -> None:
    rows = of(past["cycles"], "winner", "loser")
    assert picked(rows, "lead", "qualified_at", "source", "void") == [
        ("loser", at("10-04 10:00"), "webinar", "merged"),
        ("winner", at("10-04 10:00"), "webinar", None),
    ]
    assert picked(of(past["legs"], "winner"), "qualified_at", "assigned_at") == [(at("10-04 10:00"), at("10-05 10:01"))]


def test_a_recorded_turn_does_not_take_an_earlier_opening_back(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["cycles"], "recorded winner"), "qualified_at", "raised_at", "source") == [
        (at("10-04 10:00"), at("10-04 09:00"), "content")
    ]


def test_a_recorded_turn_is_not_void_because_its_lead_was_deleted(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "missed and deleted"), "void", "ended_by") == [(None, "deleted")]
    assert picked(of(past["cycles"], "missed and deleted"), "void") == [("deleted",)]


def test_a_merged_cycle_goes_on_under_a_record_that_never_qualified(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["cycles"], "heir", "between"), "lead", "qualified_at", "void") == [
        ("heir", at("10-06 10:00"), None)
    ]
    # Whoever has the record has the cycle from the merger on.
    assert picked(of(past["legs"], "heir"), "assigned_at", "owner") == [(at("10-06 12:00"), "ann")]


def test_a_merger_does_not_open_a_closed_cycle_again(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["cycles"], "closed"), "cycle", "qualified_at", "closed_by") == [
        (1, at("10-05 10:00"), "recycled")
    ]


def test_deals_tell_the_end_of_a_cycle_where_no_stage_does(past: Mapping[str, list[Row]]) -> None:
    rows = of(past["cycles"], "won", "lost", "still open", "said to be won")
    assert picked(rows, "lead", "closed_by", "closed_at") == [
        ("lost", "disqualified", at("10-09 10:00")),
        ("said to be won", "won", at("10-07 12:00")),
        ("still open", None, None),
        ("won", "won", at("10-09 10:00")),
    ]


@pytest.mark.parametrize("lead", TURNS)
def test_turns_follow_from_owners(lead: str, past: Mapping[str, list[Row]]) -> None:
    rows, (_, wanted) = of(past["legs"], lead), TURNS[lead]
    plain = [(owner, at(str(when)), void, by) for owner, when, void, by in wanted]
    assert picked(rows, "owner", "assigned_at", "void", "ended_by") == plain
    assert [row["number"] for row in rows] == list(range(1, len(wanted) + 1))


def test_a_conversion_ends_the_turn_of_a_decided_cycle_and_no_other(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "converted"), "owner", "ended_by", "ended_at") == [
        ("ann", "converted", at("10-07 10:00"))
    ]
    # A record that was converted before anybody decided keeps its clock.
    assert picked(of(past["legs"], "converted undecided"), "owner", "ended_by") == [
        ("ann", "reassigned"),
        ("bob", None),
    ]


def test_only_the_owner_s_own_touches_count_and_no_machine_s(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "touched"), "touched_at", "touches", "channels", "replied_at") == [
        (at("10-05 10:04"), 2, 2, at("10-05 10:06")),
        (at("10-05 11:02"), 1, 1, None),
    ]
    assert picked(of(past["cycles"], "touched"), "touched_at", "touches", "channels", "replied_at", "owner") == [
        (at("10-05 10:04"), 3, 2, at("10-05 10:06"), "ann")
    ]


def test_the_team_is_the_one_at_the_assignment_and_its_hours_are_the_calendar(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "teams"), "team", "calendar") == [
        ("iberia", "madrid"),
        (None, "office"),
        ("sdr", "office"),
    ]


@pytest.mark.slow
def test_a_turn_is_pinned_to_the_version_that_was_in_force_when_it_began() -> None:
    versions = {"new": as_if_in_force(agreement(), date(2026, 10, 6)), "old": agreement()}
    rows = together(
        one("L1", owners=(("10-05 23:59", {"owner": "ann"}), ("10-06 00:00", {"owner": "bob"}))),
        one("before all", stages=(("09-05 10:00", {"stage": "mql"}),)),
    )
    past = past_of(rows, agreement(), NOW, agreements=versions)
    assert picked(found(past, "legs"), "lead", "policy") == [("L1", "old"), ("L1", "new"), ("before all", "old")]
    assert picked(found(past, "cycles"), "policy") == [("old",), ("old",)]


def test_a_recorded_turn_wins_for_its_cycle_and_others_are_derived(past: Mapping[str, list[Row]]) -> None:
    assert picked(of(past["legs"], "recorded"), "leg", "cycle", "owner") == [
        ("recorded-1-1", 1, "ann"),
        ("R1", 2, "bob"),
    ]
    assert picked(of(past["cycles"], "recorded"), "cycle", "owner", "source") == [
        (1, "ann", "demo_request"),
        (2, "bob", "webinar"),
    ]


def test_a_lead_of_which_no_stage_is_recorded_begins_where_all_begin_and_leaves_what_is_no_stage(
    past: Mapping[str, list[Row]],
) -> None:
    rows = of(past["stays"], "elsewhere", "unheard of")
    assert picked(rows, "lead", "stage", "came_from", "went_to", "cycle") == [
        ("elsewhere", "inquiry", None, "mql", 0),
        ("elsewhere", "mql", "inquiry", "gone", 1),
        ("elsewhere", "sal", None, None, 1),
        ("unheard of", "inquiry", None, None, 0),
    ]


def test_at_one_instant_the_stage_that_stands_first_in_the_agreement_was_entered_first(
    past: Mapping[str, list[Row]],
) -> None:
    both = at("10-05 10:00")
    assert picked(of(past["cycles"], "at once"), "qualified_at", "decided_at") == [(both, both)]


def test_an_agreement_as_if_in_force_is_the_same_but_for_its_days() -> None:
    before = agreement()
    after = as_if_in_force(before, date(2026, 1, 1))
    assert (after.metadata.effective.start, after.metadata.effective.until) == (date(2026, 1, 1), None)
    assert after.metadata.version_in_force == before.metadata.version_in_force
    assert after.commitments == before.commitments
    assert before.metadata.effective.start == date(2026, 10, 1)


def kept(folder: Path, rows: Rows) -> Path:
    for name, each in rows.items():
        plain = [{key: value for key, value in row.items() if value is not None} for row in each]
        write(folder, TABLES[name], pa.Table.from_pylist(plain, schema=schema_of(TABLES[name], synthetic=False)))
    return folder


@pytest.mark.slow
def test_a_folder_is_opened_as_it_was_at_an_instant_with_what_it_lacks_empty(tmp_path: Path) -> None:
    rows = together(
        one(
            "L1",
            stages=(*QUALIFIED, ("11-03 10:00", {"stage": "recycled"})),
            gone_at=at("11-10 10:00"),
            merged_into="W",
            converted_at=at("11-10 10:00"),
        ),
        one("L2", stages=(), created_at=at("11-02 09:00")),
    )
    folder = kept(tmp_path, {name: each for name, each in rows.items() if each})
    past = open_past(folder, agreement(), at("10-31 12:00"))
    assert set(past.tables) == {*TABLES, CYCLES.name, STAYS.name}
    assert past.rows(past.tables["leads"]) == [
        {"lead": "L1", "created_at": datetime(2026, 10, 5, 13), "batch": None, "excluded": None}  # noqa: DTZ001 - in UTC
        | {"merged_into": None, "converted_at": None, "gone_at": None}
    ]
    assert past.rows(past.tables["deals"]) == []
    assert past.tables["deals"].schema().to_pyarrow() == schema_in_utc(TABLES["deals"])
    assert [row["closed_at"] for row in found(past, "cycles")] == [None]
    assert not past.synthetic
    assert last_told(engine(), folder) == at("11-03 10:00").astimezone(UTC)
    ended = at("11-05 12:00").astimezone(UTC)
    standing = Standing("live", "k", pseudonyms=True, since=ended, until=ended)
    write_standing(folder, standing)
    assert last_told(engine(), folder) == at("11-03 10:00").astimezone(UTC), "an export that was cut off tells no end"
    write_standing(folder, replace(standing, finished=True))
    assert last_told(engine(), folder) == ended


def test_a_folder_without_a_history_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="holds no history"):
        open_past(tmp_path, agreement(), NOW)
