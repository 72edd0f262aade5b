"""Whether a lead enters stages by itself exactly when the model of the agreement says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sla_sync.semantics.history import Changed, Entered, Raised
from sla_sync.semantics.stages import next_by_itself
from sla_sync.semantics.standings import closes
from sla_sync.semantics.story import Story


def entries(story: Story, deeds: Sequence[datetime], *, by_hand: bool) -> Iterator[str]:
    """Yield each save after which the lead is not in the stage that it enters by itself, or in one that it does not.

    A stage that was set by hand is nobody's mistake.
    """
    events = story.history.events
    news = [place for place, event in enumerate(events) if isinstance(event, Raised | Changed)]
    for place in news:
        at, after = events[place].at, events[place + 1] if place + 1 < len(events) else None
        same = after is not None and after.at == at
        if deeds.count(at) != 1 or story.standings[place + 1].closed or (same and isinstance(after, Raised | Changed)):
            continue
        if by_hand and at == events[0].at:
            continue
        if "score" not in story.standings[place + 1].facts:
            # The model makes a score of its own where the one that others write is not there yet.
            continue
        said = next_by_itself(story.after(place)) if _is_news(story, place) else None
        entered = after.stage if same and isinstance(after, Entered) else None
        found = None if entered == story.standings[place + 1].stage else entered
        if found != said:
            yield f"at {at} the lead enters {found} by itself, and by the model {said}"


def _is_news(story: Story, place: int) -> bool:
    """Return whether what was saved lets a lead move: one in a stage that closes moves on a raised hand, or by what is new.

    It is in that stage long after the event that closed it: a call since then is no reason to come back.
    """
    events, stage = story.history.events, story.standings[place].stage
    if stage is None or not closes(story.agreement, stage):
        return True
    saved = [each for each in range(place + 1) if events[each].at == events[place].at]
    held = next_by_itself(story.before(saved[0]))
    return held is None or any(isinstance(events[each], Raised) for each in saved)
