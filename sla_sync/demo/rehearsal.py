"""The working week played on a simulator, each lead told with the line of the agreement that decided it, and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sla_sync.connector import RecordStory
from sla_sync.demo.week import AGREEMENT, CASES, COMMITMENT, END, Case
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.look import Conversation, converse
from sla_sync.pipeline.why import agreed_in
from sla_sync.places import Place
from sla_sync.render.accounts import Agreed, accounts
from sla_sync.render.why import why_in_short

Say = Callable[[str], None]


def play_week(place: Place, target: str, *, say: Say) -> bool:
    """Play the week on a target and return whether each lead came out as it must; True where it cannot be played there.

    It is told in the words of the example, and needs a simulator that carries out what was pushed to it.
    """
    with converse(place, target, environ={}, today=None) as opened:
        simulator, running = opened.prepared.connector.simulator, opened.target.simulator
        act = simulator().play if simulator else None
        if running is None or act is None or opened.prepared.agreement.metadata.name != AGREEMENT:
            return True
        say(f"\nA working week passes on {target}:")
        words = opened.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
        moves = [move for case in CASES for move in case.moves]
        try:
            records = act(running, moves, words)
            running.run_until(END)
        except RuntimeError as error:
            raise SlaSyncError(
                f"The week could not be played on {target}: {error}", hint="Look at what the apply before it said."
            ) from error
        return all(list(_told(opened, records, say)))


def _told(opened: Conversation, records: Mapping[str, str], say: Say) -> Iterator[bool]:
    """Tell every lead, and yield whether it came out as it must."""
    agreed = agreed_in(opened)
    for case in CASES:
        story = opened.reader.story(records[case.lead])
        found = _states(story, agreed)
        good = found == case.states
        say(f"  {case.lead} {case.shows}.")
        for line in why_in_short(story, agreed, only=COMMITMENT).splitlines():
            say(f"    {line}")
        if not good:
            say(f"    This should have been: {_spelled(case)}; it was: {', '.join(found) or 'no assignment'}.")
        yield good


def _states(story: RecordStory, agreed: Agreed) -> tuple[str, ...]:
    return tuple(
        account.state.replace(" ", "_")
        for assignment in story.assignments
        for account in accounts(story, assignment, agreed)
        if account.clock.clock == COMMITMENT
    )


def _spelled(case: Case) -> str:
    return ", ".join(case.states) or "no assignment"
