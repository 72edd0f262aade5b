"""The working week of the demo: what the table expects is what the agreement means, whichever platform carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from sla_sync.connector.simulation import OWNER, Deed, Move
from sla_sync.demo.week import AGREEMENT, CASES, COMMITMENT, END, Case
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.clocks import runs
from sla_sync.semantics.history import (
    Assigned,
    Changed,
    Channel,
    Entered,
    Event,
    History,
    Queued,
    Raised,
    Touched,
    history_of,
)
from sla_sync.semantics.ladders import Taken, rungs
from sla_sync.semantics.story import Story, story_of
from tests.agreement.documents import acme

REPS = ("ana", "ben")
_REASSIGNS = 1
"""The place in `on_breach` of the step that gives a lead on."""


class _Desk:
    """Whoever owns a lead while its story is told: routing gives it to the first rep, each pass to the other one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.owner = REPS[0]

    def tell(self, move: Move) -> None:
        self.events += list(self._told(move))

    def _told(self, move: Move) -> Iterator[Event]:
        by = {OWNER: self.owner}.get(move.by, next(each for each in REPS if each != self.owner))
        match move.deed:
            case Deed.ARRIVES | Deed.ASKS:
                yield Raised(move.at, move.source)
                yield from (Changed(move.at, name, value) for name, value in move.facts.items())
                if move.facts.get("score", 100) != 40:
                    yield Entered(move.at, "mql")
                    yield Assigned(move.at, self.owner, "sdr")
            case Deed.MOVES:
                yield Entered(move.at, move.stage, move.reason or None)
            case Deed.CONVERTS:
                yield Entered(move.at, "opportunity")
                yield Entered(move.at + timedelta(hours=1), "won")
            case Deed.RETURNS:
                yield Queued(move.at, move.to)
            case Deed.TAKES:
                self.owner = move.by
                yield Assigned(move.at, move.by, "sdr")
            case Deed.TOUCHES | Deed.MAILS:
                yield Touched(move.at, by, Channel.CALL, automated=move.deed is Deed.MAILS)

    def pass_on(self, at: datetime) -> None:
        self.owner = next(each for each in REPS if each != self.owner)
        self.events.append(Assigned(at, self.owner, "sdr"))


def played(case: Case) -> Story:
    """Return the story of a case, with the passes that its ladder orders."""
    desk = _Desk()
    for move in sorted(case.moves, key=lambda each: each.at):
        _pass_on_until(desk, move.at)
        desk.tell(move)
    _pass_on_until(desk, END)
    return story(history_of(*desk.events))


def story(history: History) -> Story:
    return story_of(acme(), history, calendars=calendars_of(acme()))


def _pass_on_until(desk: _Desk, instant: datetime) -> None:
    if not desk.events:
        return
    due = [each for each in rungs(story(history_of(*desk.events)), COMMITMENT, instant) if each.index == _REASSIGNS]
    for each in due:
        if each.taken is Taken.TAKEN and not any(
            isinstance(event, Assigned) and event.at == each.due for event in desk.events
        ):
            desk.pass_on(each.due)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lead)
def test_a_case_comes_out_as_the_agreement_means(case: Case) -> None:
    found = tuple(str(each.state) for each in runs(played(case), COMMITMENT, END))
    assert found == case.states


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lead)
def test_those_hear_of_a_case_whom_the_agreement_tells(case: Case) -> None:
    steps = acme().commitments[COMMITMENT].on_breach
    taken = [each for each in rungs(played(case), COMMITMENT, END) if each.taken is Taken.TAKEN]
    assert {role for each in taken for role in steps[each.index].notify} - {OWNER} == set(case.tells)


def test_the_week_shows_every_outcome_of_a_promise() -> None:
    assert {state for case in CASES for state in case.states} == {"on_time", "late", "overdue", "void"}
    assert acme().metadata.name == AGREEMENT


def test_every_name_and_every_move_is_there_once_and_within_the_week() -> None:
    assert len({case.lead for case in CASES}) == len(CASES) >= 12
    for case in CASES:
        assert {move.lead for move in case.moves} == {case.lead}
        assert [move.at for move in case.moves] == sorted(move.at for move in case.moves)
        assert case.moves[-1].at < END
