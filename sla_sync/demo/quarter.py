"""What measurement adds: a weekly pack, and last quarter under another threshold, over a history that a generator made up.

The working week of the story is too short for a meeting. So a quarter and a half is drawn by a seed and marked on every page
as made up; nothing is known about its leads but what the measures find.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sla_sync.adopting.edits import Edit, How, Paper
from sla_sync.adopting.writing import edited_text
from sla_sync.demo.week import AGREEMENT
from sla_sync.measures.scorecard import Status
from sla_sync.pipeline.made_up import made_up
from sla_sync.pipeline.pack_files import write_pack
from sla_sync.pipeline.replay import Over, replay_of
from sla_sync.pipeline.report import Asked, report
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.render.replay import replay_as_text

Say = Callable[[str], None]

SINCE, UNTIL = date(2026, 7, 1), date(2026, 11, 18)
"""From the first day of last quarter to the end of the Tuesday on which they meet."""
MEETING = "2026-11-17T10:00"
LAST_OF_QUARTER = date(2026, 9, 30)
THRESHOLD = ("scoring", "person", "threshold")
HIGHER = 120


def play_quarter(place: Place, *, say: Say, seen: Callable[[Path], Path]) -> bool:
    """Write the pack and replay a higher threshold; return whether something was measured and the replay tells of a change.

    True for agreements in whose words the story is not told. `seen` says how a path is shown.
    """
    if read(place).usable.metadata.name != AGREEMENT:
        return True
    history, packs, proposed = place.state / "history", place.state / "pack", place.state / "proposed"
    say(f"\n$ sla-sync simulator history {seen(history)} --since {SINCE} --until {UNTIL}")
    made_up(place, history, seed=1, since=SINCE, until=UNTIL, leads=None)
    say("A history of one quarter and a half was made up: no number that follows is about anybody.")

    say(f"\n$ sla-sync report --history {seen(history)} --as-of {MEETING} --out {seen(packs)}")
    reported = report(place, Asked(history=history, as_of=MEETING, kept=packs))
    for sentence in reported.pack.sides.values():
        say(sentence)
    written = write_pack(reported, packs)

    _with_higher_threshold(place, proposed)
    say(
        f"\n$ sla-sync replay {seen(place.folder)} {seen(proposed)} "
        f"--history {seen(history)} --since {SINCE} --until {LAST_OF_QUARTER}"
    )
    over = Over(history, since=SINCE, until=LAST_OF_QUARTER)
    found = replay_of(str(seen(place.folder)), str(seen(proposed)), over, config=None, here=Path.cwd())
    say(f"Last quarter, had the threshold been {HIGHER}:\n")
    say(replay_as_text(found))
    say(f"\nThe pack for Tuesday's meeting: {seen(written.page)}")
    measured = [each for each in reported.pack.scorecard if each.status is not Status.UNMEASURED]
    return bool(measured) and bool(found.changing)


def _with_higher_threshold(place: Place, folder: Path) -> None:
    """Write the folder of the agreement once more, with the threshold that somebody proposes."""
    shutil.copytree(place.folder, folder)
    agreement = folder / place.agreement.name
    text = agreement.read_text(encoding="utf-8")
    agreement.write_text(edited_text(text, Edit(Paper.AGREEMENT, How.PUT, THRESHOLD, HIGHER)), encoding="utf-8")
