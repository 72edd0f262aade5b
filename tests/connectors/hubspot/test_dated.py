"""The dates of a contact as one text: what is written is read again, and what people made of it is let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla_sync.connector import Coming, DatedRun
from sla_sync_hubspot.dated import read_runs, spell_instant, spell_runs

instants = st.integers(0, 10**12).map(lambda ms: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
clocks = st.sampled_from(["answer", "first-response", "nobody_forgotten"])


@st.composite
def runs(draw: st.DrawFn) -> DatedRun:
    clock = draw(clocks)
    keys = draw(st.lists(st.sampled_from(["warn", "due", "step0", "step12"]), unique=True))
    return DatedRun(
        clock,
        draw(instants),
        draw(st.none() | instants),
        draw(st.sampled_from(["", "office", "wall clock"])),
        tuple(Coming(f"{clock}.{key}", draw(instants)) for key in keys),
    )


@given(st.integers(1, 99), st.lists(runs(), min_size=1, max_size=4))
def test_what_is_written_is_read_again(cycle: int, told: list[DatedRun]) -> None:
    assert read_runs(spell_runs(cycle, told), cycle) == tuple(told)
    assert read_runs(spell_runs(cycle, told), cycle + 1) == ()


def test_a_text_reads_as_people_would_say_it() -> None:
    start = datetime(2026, 10, 5, 9, tzinfo=UTC)
    run = DatedRun("answer", start, start + timedelta(hours=2), "office", (Coming("answer.warn", start),))
    said = "1 answer 2026-10-05T09:00:00Z due 2026-10-05T11:00:00Z in office: warn 2026-10-05T09:00:00Z"
    assert spell_runs(1, [run]) == said


def test_a_text_that_somebody_edited_holds_nothing() -> None:
    for text in ("", "1", "1 ", "1 answer", "1 answer soon: due later", "x answer 2026-10-05T09:00:00Z:", "1 a b: c"):
        assert read_runs(text, 1) == ()


def test_milliseconds_are_told_only_where_there_are_any() -> None:
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    assert spell_instant(at) == "2026-10-05T09:00:00Z"
    assert spell_instant(at + timedelta(milliseconds=50)) == "2026-10-05T09:00:00.050Z"
