"""How often that happened in a history by which naive figures go wrong."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sla_sync.synthetic.arrivals import EXCLUSIONS
from sla_sync.synthetic.chance import DAY, NEVER, SECOND, Ints
from sla_sync.synthetic.course import automatic_mails, calls_by_others, closing_dates, handed_over
from sla_sync.synthetic.leads import gone_at, late_countries, overwritten
from sla_sync.synthetic.turns import DELETED_AWAY, MERGED_AWAY, QUEUE, REASSIGNED, RETURNED
from sla_sync.synthetic.world import World

_FEW = 20
"""Below so many turns a share of them says little."""


def traps_of(world: World) -> Mapping[str, int]:
    """Return by the name of each trap how often it is there when one looks back."""
    turns, verdicts, came, as_of = world.turns, world.verdicts, world.arrivals, world.as_of
    begun, ended = turns.assigned < as_of, verdicts.ended < as_of
    mine = begun & (turns.owner >= 0) & (turns.void < 0)
    two_days = np.full(len(turns.lead), world.parameters.verdict_within * SECOND)
    verdict_due = world.floor.after(turns.team, turns.assigned, two_days)
    handed = begun & ended & (verdicts.end == REASSIGNED)
    closed = verdicts.closed < as_of
    filled = late_countries(world)[1]
    left = world.floor.until[turns.owner] < as_of
    numbers = np.bincount(turns.owner[mine], minlength=len(world.floor.members))
    counts = {
        "open leads": mine & ~ended & (turns.touched >= as_of),
        "not due yet": mine & ~ended & (verdict_due > as_of),
        "converted too late to be seen": verdicts.accepted & (verdicts.decided < as_of) & (verdicts.closed >= as_of),
        "deadline after a night or a weekend": mine & (turns.due - turns.assigned > turns.limit),
        "closed on a day without a time": closed & (closing_dates(world) % DAY == 0),
        "qualified again": begun & (turns.cycle > 1) & (turns.number == 1),
        "taken before its time was up": handed & (turns.ended < turns.due),
        "reassigned after its time was up": handed & (turns.ended >= turns.due),
        "returned to the queue": begun & ended & (verdicts.end == RETURNED),
        "waited in a queue": begun & (turns.void == QUEUE),
        "stage set before a touch": verdicts.flipped & (verdicts.decided < as_of),
        "merged": begun & ended & (turns.void == MERGED_AWAY),
        "deleted": begun & ended & (turns.void == DELETED_AWAY),
        "converted": verdicts.opportunity < as_of,
        "exit without a reason": ended & (verdicts.reason < 0) & turns.last & (verdicts.opportunity >= NEVER),
        "still with somebody who left": begun & ~ended & left & turns.last & (turns.owner >= 0),
    }
    numbered = {name: int(which.sum()) for name, which in counts.items()}
    return {
        **numbered,
        **{
            f"excluded: {word}": _seen(came.created[came.excluded == place], as_of)
            for place, word in enumerate(EXCLUSIONS)
        },
        "imported at night": int((came.batch >= 0).sum()),
        "machine's mails": len(automatic_mails(world)[0]),
        "calls by others": len(calls_by_others(world)[0]),
        "source overwritten": len(overwritten(world)[0]),
        "country filled in later": _seen(filled, as_of),
        "brought back by hand": int(world.by_hand.sum()),
        "handed over when somebody left": len(handed_over(world)[0]),
        "owners with few turns": int(((numbers > 0) & (numbers < _FEW)).sum()),
        "policies in one history": len(np.unique(turns.policy[begun])),
        "gone without a qualification": _seen(gone_at(world)[came.qualified >= NEVER], as_of),
    }


def _seen(moments: Ints, as_of: int) -> int:
    return int((moments < as_of).sum())
