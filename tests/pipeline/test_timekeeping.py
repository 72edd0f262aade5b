"""One run over a platform in memory: who is counted, who is answered again, and whom no calendar can date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sla_sync.connector import Answered, AskedClock, AskedTogether, DatesAsked, DatesGiven, Phase
from sla_sync.pipeline.dates import Almanac
from sla_sync.pipeline.timekeeping import answer_all
from sla_sync.render.timekeeping import Kept
from sla_sync.semantics.calendars import calendars_of
from tests.semantics.leads import agreement

BEGUN = datetime(2026, 10, 5, 14, tzinfo=UTC)
NOW = BEGUN + timedelta(minutes=9)
CLOCK = AskedClock("response", BEGUN, Phase.GOES_ON, None, "ana", "sdr", awaits=True)


def lead(record: str) -> DatesAsked:
    return DatesAsked(record, 1, open=True, clocks=(CLOCK,), priority="hot")


@dataclass
class Platform:
    """Answers as it is told; `moves` says how often a record is found in another state after the write."""

    groups: Sequence[AskedTogether]
    moves: dict[str, int] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    ahead: int = 8

    def asking(self) -> Iterator[AskedTogether]:
        """Yield the groups."""
        yield from self.groups

    def read(self, records: Sequence[str]) -> tuple[DatesAsked, ...]:
        """Return these as they asked."""
        assert len(records) <= 100
        return tuple(lead(each) for each in records)

    def answer(self, answers: Sequence[DatesGiven]) -> Answered:
        """Take answers."""
        records = [each.asked.record for each in answers]
        moved = [each for each in records if self.moves.get(each, 0)]
        for each in moved:
            self.moves[each] -= 1
        self.written += records
        return Answered(tuple(each for each in records if each not in moved), tuple(moved))

    def leave_pulse(self, at: datetime) -> None:
        """Forget it."""


def run(platform: Platform, **changes: object) -> Kept:
    agreed = agreement(**changes)
    return answer_all("portal", platform, Almanac(agreed, calendars_of(agreed)), lambda: NOW)


def test_everybody_who_asks_is_answered_and_the_longest_wait_is_told() -> None:
    earlier = replace(lead("2"), clocks=(replace(CLOCK, started_at=BEGUN - timedelta(minutes=5)),))
    platform = Platform([AskedTogether((lead("1"), earlier), already=3), AskedTogether((lead("3"),))])
    kept = run(platform)
    assert (kept.answered, kept.already, kept.oldest, kept.complete) == (3, 3, timedelta(minutes=14), True)
    assert platform.written == ["1", "2", "3"]


def test_who_changed_meanwhile_is_answered_again_and_nobody_else() -> None:
    platform = Platform([AskedTogether((lead("1"), lead("2")))], moves={"2": 2})
    kept = run(platform)
    assert (kept.answered, kept.moving) == (2, 0)
    assert platform.written == ["1", "2", "2", "2"]


def test_who_never_holds_still_is_left_to_the_next_run() -> None:
    platform = Platform(
        [AskedTogether(tuple(lead(str(each)) for each in range(130)))], moves={str(each): 99 for each in range(130)}
    )
    kept = run(platform)
    assert (kept.answered, kept.moving, kept.complete) == (0, 130, False)


def test_a_lead_whose_calendar_cannot_be_used_is_refused_and_the_others_are_not() -> None:
    calendars = {
        "office": {"open": {"mon-fri": "09:00-17:00"}},
        "madrid": {"open": {}, "holidays": [{"day": "2026-10-09", "open": "09:00-10:00"}]},
    }
    stuck = replace(lead("1"), clocks=(replace(CLOCK, owner="inma", team="iberia"),))
    platform = Platform([AskedTogether((stuck, lead("2")))])
    kept = run(platform, calendars=calendars, teams={"sdr": {"calendar": "office"}, "iberia": {"calendar": "madrid"}})
    assert (kept.answered, dict(kept.refused)) == (1, {"1": "The calendar never opens."})
