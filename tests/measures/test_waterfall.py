"""The funnel as stock and flow: nothing is left over, whatever happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.stays import GONE
from sla_sync.measures.waterfall import Level, Waterfall, waterfall
from tests.haste import examples
from tests.measures.pasts import acme, past_of

Row = dict[str, object]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
STAGES = (*acme().stages, "of_the_platform")
FIRST = datetime(2026, 9, 1, tzinfo=UTC)


def stays_of(
    lead: str, moves: list[tuple[str, datetime]], gone_at: datetime | None = None, void: str | None = None
) -> list[Row]:
    """Return the stays of a lead that entered stages one after another, and may be gone after the last."""
    lefts = [*(at for _, at in moves[1:]), gone_at]
    nexts = [*(stage for stage, _ in moves[1:]), GONE if gone_at else None]
    befores = [None, *(stage for stage, _ in moves)]
    return [
        {"lead": lead, "stage": stage, "entered_at": at, "left_at": left, "went_to": to, "came_from": of, "void": void}
        for (stage, at), left, to, of in zip(moves, lefts, nexts, befores[:-1], strict=True)
    ]


def found(stays: list[Row], period: Period = OCTOBER) -> Waterfall:
    return waterfall(past_of(acme(), "2026-12-01 00:00", stays=stays), period)


def level(told: Waterfall, stage: str) -> Level:
    return next(each for each in told.levels if each.stage == stage)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


HISTORIES = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 90)), min_size=1, max_size=6),
        st.none() | st.integers(0, 20),
    ),
    max_size=12,
)


@given(HISTORIES, st.integers(0, 60), st.integers(0, 40))
@settings(max_examples=examples(8))
def test_nothing_is_left_over_and_every_lead_is_in_one_level(
    histories: list[tuple[list[tuple[str, int]], int | None]], start: int, length: int
) -> None:
    first = date(2026, 9, 5) + timedelta(days=start)
    period = Period(first, first + timedelta(days=length), "America/New_York")
    rows: list[Row] = []
    begun = {False: 0, True: 0}
    for number, (moves, gone) in enumerate(histories):
        ordered = sorted(
            (FIRST + timedelta(days=day, hours=7 * place), stage) for place, (stage, day) in enumerate(moves)
        )
        went = [(stage, moment) for moment, stage in ordered]
        end = None if gone is None else ordered[-1][0] + timedelta(days=gone)
        rows += stays_of(f"L{number}", went, end, "deleted" if end else None)
        for over, edge in ((False, period.since), (True, period.until)):
            begun[over] += ordered[0][0] < edge
    told = found(rows, period)
    assert [each.left_over for each in told.levels] == [0] * len(told.levels)
    # Not by the same sums: each lead that there was is somewhere, once.
    assert sum(each.opening for each in told.levels) == begun[False]
    assert sum(each.closing for each in told.levels) == begun[True] == told.basis.n


def test_levels_stand_in_the_order_of_the_agreement_and_those_that_are_gone_come_last() -> None:
    told = found(stays_of("L1", [("of_the_platform", at("10-05 10:00"))]))
    assert [each.stage for each in told.levels] == [*acme().stages, "of_the_platform", GONE]
    assert "of_the_platform" in told.basis.note


def test_what_came_and_went_is_counted_with_what_was_skipped_and_what_came_back() -> None:
    told = found(
        [
            *stays_of("L1", [("mql", at("09-20 10:00")), ("sal", at("10-02 10:00")), ("sql", at("10-09 10:00"))]),
            *stays_of("L2", [("mql", at("10-05 10:00")), ("sql", at("10-06 10:00")), ("sal", at("10-07 10:00"))]),
            *stays_of("L3", [("disqualified", at("09-05 10:00")), ("mql", at("10-07 10:00"))]),
            *stays_of("L4", [("recycled", at("09-05 10:00")), ("mql", at("10-08 10:00"))]),
            *stays_of("L5", [("mql", at("09-05 10:00"))], at("10-08 10:00"), "merged"),
            *stays_of("L6", [("inquiry", at("09-05 10:00")), ("mql", at("11-02 10:00"))]),
        ]
    )
    assert level(told, "mql") == Level("mql", opening=2, came=3, went=3, closing=2, skipped=0, back=1)
    assert level(told, "sal") == Level("sal", opening=0, came=2, went=1, closing=1, skipped=0, back=1)
    assert level(told, "sql") == Level("sql", opening=0, came=2, went=1, closing=1, skipped=1, back=0)
    assert level(told, GONE) == Level(GONE, opening=0, came=1, went=0, closing=1, skipped=0, back=0)


def test_who_never_counts_is_in_no_level_and_is_counted_as_a_lead() -> None:
    moves = [("inquiry", at("10-05 10:00")), ("mql", at("10-06 10:00"))]
    told = found([*stays_of("L1", moves, void="test"), *stays_of("L2", moves, void="competitor")])
    assert told.basis.left_out == {"competitor": 1, "test": 1}
    assert not any(each.came for each in told.levels)


def test_a_lead_that_is_taken_out_of_every_agreed_stage_is_gone_until_it_comes_back() -> None:
    stays = stays_of("L1", [("inquiry", at("09-05 10:00"))], at("09-20 10:00"))
    told = found([*stays, *stays_of("L1", [("mql", at("10-05 10:00"))])])
    assert level(told, GONE) == Level(GONE, opening=1, came=0, went=1, closing=0, skipped=0, back=0)
    assert level(told, "mql").closing == 1
