"""The working week played on a simulator: its outcomes in a table, each lead told in detail, and all of it judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sla_sync.connector import RecordStory
from sla_sync.connector.simulation import Heard
from sla_sync.demo.week import AGREEMENT, CASES, COMMITMENT, END, TELLING, Case
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.look import Conversation, converse
from sla_sync.pipeline.why import agreed_in
from sla_sync.places import Place
from sla_sync.render.accounts import Agreed, accounts
from sla_sync.render.why import moment, why_in_short
from sla_sync.render.words import visible

Say = Callable[[str], None]
_NONE = "no assignment"
_HERE = "here"


@dataclass(frozen=True)
class Played:
    """How one lead came out: the states of its clock, and the people who heard of it besides its owners."""

    case: Case
    story: RecordStory
    states: tuple[str, ...]
    heard: tuple[Heard, ...]
    hear: frozenset[str]
    """Who should have heard of it."""

    @property
    def told(self) -> frozenset[str]:
        """Who heard of it besides those who owned it."""
        owners = {each.owner.lower() for each in self.story.assignments}
        return frozenset(name for each in self.heard for name in each.to if name not in owners)

    @property
    def good(self) -> bool:
        """Whether it came out as the agreement means."""
        return self.states == self.case.states and self.told == self.hear


@dataclass(frozen=True)
class Week:
    """How the week went: whether each lead came out as it must, and the record of the one of which most can be told."""

    good: bool
    record: str | None = None


def play_week(place: Place, target: str, *, say: Say) -> Week:
    """Play the week on a target and return how it went; nothing is wrong with it where it cannot be played there.

    It is told in the words of the example, and needs a simulator that carries out what was pushed to it.
    """
    with converse(place, target, environ={}, today=None) as opened:
        simulator, running = opened.prepared.connector.simulator, opened.target.simulator
        made = simulator() if simulator else None
        if running is None or made is None or made.play is None or opened.prepared.agreement.metadata.name != AGREEMENT:
            return Week(good=True)
        if opened.prepared.binding.timers != _HERE:
            # Another platform runs the clocks of this one: what becomes of a lead shows only on both together.
            return Week(good=True)
        say(f"\nA working week passes on {target}:")
        say("")
        words = opened.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
        moves = [move for case in CASES for move in case.moves]
        try:
            records = made.play(running, moves, words)
            running.run_until(END)
        except RuntimeError as error:
            raise SlaSyncError(
                f"The week could not be played on {target}: {error}", hint="Look at what the apply before it said."
            ) from error
        people = opened.documents.targets.targets[target].people if opened.documents.targets else {}
        agreed = agreed_in(opened)
        played = tuple(_played(opened, records, people, agreed, made.heard(running) if made.heard else ()))
        for line in (*_table(played), *_details(played, agreed)):
            say(line)
        return Week(all(each.good for each in played), records.get(TELLING))


def _played(
    opened: Conversation,
    records: Mapping[str, str],
    people: Mapping[str, tuple[str, ...]],
    agreed: Agreed,
    heard: Sequence[Heard],
) -> Iterator[Played]:
    for case in CASES:
        story = opened.reader.story(records[case.lead])
        about = tuple(each for each in heard if each.lead == case.lead)
        hear = frozenset(name for role in case.tells for name in people.get(role, ()))
        yield Played(case, story, _states(story, agreed), about, hear)


def _states(story: RecordStory, agreed: Agreed) -> tuple[str, ...]:
    return tuple(
        account.state.replace(" ", "_")
        for assignment in story.assignments
        for account in accounts(story, assignment, agreed)
        if account.clock.clock == COMMITMENT
    )


def _table(played: Sequence[Played]) -> Iterator[str]:
    """Yield a line for each lead: who, how the clock of each assignment came out, and what that shows."""
    wide = max(len(each.case.lead) for each in played)
    outcomes = [_spelled(each.states) for each in played]
    states = max(map(len, outcomes))
    for each, outcome in zip(played, outcomes, strict=True):
        mark = "✓" if each.good else "✗"
        yield visible(f"  {mark} {each.case.lead:<{wide}}  {outcome:<{states}}  {each.case.shows}")


def _details(played: Sequence[Played], agreed: Agreed) -> Iterator[str]:
    """Yield each lead that has an assignment in detail: the line that decided, and who heard what when."""
    for each in played:
        if each.story.assignments or not each.good:
            yield f"\n  {each.case.lead}"
        yield from (f"    {line}" for line in why_in_short(each.story, agreed, only=COMMITMENT).splitlines())
        yield from (f"    {_told(notice, agreed.zone)}" for notice in each.heard)
        if each.states != each.case.states:
            yield f"    This should have been: {_spelled(each.case.states)}; it was: {_spelled(each.states)}."
        if each.told != each.hear:
            yield f"    These should have heard of it: {_listed(each.hear)}; these did: {_listed(each.told)}."


def _told(notice: Heard, zone: ZoneInfo) -> str:
    return visible(f"{moment(notice.at, zone)}  told {' and '.join(notice.to)}: {notice.title}")


def _spelled(states: Sequence[str]) -> str:
    return ", ".join(each.replace("_", " ") for each in states) or _NONE


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
