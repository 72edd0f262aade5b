"""Which contacts passed while a setting was wrong, and when the next clock falls due: counts and ids, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sla_sync.connector import Clock, Counts, Harm, KeyPath, Passage, harm_at, without
from sla_sync_hubspot import wire
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.watching.behaviour import (
    count,
    in_stage,
    needed,
    promised,
    qualified,
    timed_clocks,
    without_reason,
)
from sla_sync_hubspot.watching.ground import GROUPS, Ground, Test, after, empty, one_of, witnesses

_GOES_ON = (kept.AWAITS, kept.RUNNING, kept.WARNED)
_OWNER = "hubspot_owner_id"


def harm(ground: Ground, origin: KeyPath, since: datetime) -> Harm | None:
    """Return which contacts passed since then at a place of the agreement; None where the portal cannot tell."""
    counted: Mapping[Passage, Counts] = {
        Passage.CLOCK: partial(_of_clocks, ground),
        Passage.ROUTING: lambda _, since: _of_routing(ground, since),
        Passage.REASON: partial(_of_reasons, ground),
        Passage.ENTRY: partial(_of_entry, ground),
    }
    return harm_at(counted, origin, since, ground.applied_at)


def first_due(ground: Ground) -> datetime | None:
    """Return the next due time of a clock that runs now, or None; one search for each clock."""
    found: list[datetime] = []
    for clock in timed_clocks(ground):
        due = ground.named(kept.of_clock(clock, "due_at"))
        runs = one_of(ground.named(kept.of_clock(clock, "state")), _GOES_ON)
        rows, _ = ground.search([(runs, after(due, ground.asked.now))], due, newest=False, limit=1)
        found += [at for row in rows if (at := wire.instant(row["properties"].get(due))) is not None]
    return min(found, default=None)


def _of_clocks(ground: Ground, name: str, since: datetime) -> Harm | None:
    clocks = timed_clocks(ground, name)
    if not clocks:
        return None
    passed, lacking, records = 0, 0, dict[str, None]()
    for clock in clocks:
        began, lost, lost_ones = _of_clock(ground, clock, since)
        passed, lacking = max(passed, began), max(lacking, lost)
        records |= dict.fromkeys(lost_ones)
    said = f"The clock of {count(passed)} began since then, {without(lacking, passed)} a due time."
    return Harm(said, passed, lacking, tuple(records)[:200])


def _of_clock(ground: Ground, clock: Clock, since: datetime) -> tuple[int, int, Sequence[str]]:
    started = ground.named(kept.of_clock(clock, "started_at"))
    began, limited = after(started, since), promised(ground, clock)
    passed = ground.count(began, dated=started)
    if limited is None or not passed:
        return passed, 0, ()
    lacks = (began, *limited, empty(ground.named(kept.of_clock(clock, "due_at"))))
    rows, lacking = ground.search([lacks], started)
    return passed, lacking, [each.record for each in witnesses(rows, started)]


def _of_routing(ground: Ground, since: datetime) -> Harm | None:
    stamp = qualified(ground)
    if stamp is None:
        return None
    came = after(stamp, since)
    return _harm(ground, came, stamp, [(came, empty(_OWNER))], "qualified since then", "an owner")


def _of_reasons(ground: Ground, name: str, since: datetime) -> Harm | None:
    sets = [each for each in ground.asked.resources.reason_sets if name in ("", each.name)]
    stamp = qualified(ground)
    for each in sets:
        for stage in each.stages:
            there = in_stage(ground, stage)
            if there is None or stamp is None:
                continue
            since_then = (there[0], after(stamp, since))
            lacks = without_reason(ground, each, since_then)
            if lacks is None:
                continue
            rows, lacking = ground.search(lacks, stamp)
            passed = ground.count(*since_then, dated=stamp)
            said = f"{count(passed)} qualified since then and went to '{stage}', {without(lacking, passed)} a reason."
            return Harm(said, passed, lacking, tuple(one.record for one in witnesses(rows, stamp)))
    return None


def _of_entry(ground: Ground, stage: str, since: datetime) -> Harm | None:
    stamp, there = qualified(ground), in_stage(ground, stage) if stage else None
    if stamp is None:
        return None
    came = after(stamp, since)
    needs = needed(ground, stage)
    if there is None or not needs:
        return _harm(ground, came, stamp, [], "qualified since then", "")
    lacks = [(there[0], came, empty(each)) for each in list(needs.values())[:GROUPS]]
    return _harm(ground, came, stamp, lacks, "qualified since then", "all that the stage needs")


def _harm(
    ground: Ground, came: Test, stamp: str, lacks: Sequence[Sequence[Test]], passing: str, promised_them: str
) -> Harm:
    passed = ground.count(came, dated=stamp)
    if not lacks or not passed:
        return Harm(f"{count(passed)} {passing}.", passed, 0)
    rows, lacking = ground.search(lacks, stamp)
    said = f"{count(passed)} {passing}, {without(lacking, passed)} {promised_them}."
    return Harm(said, passed, lacking, tuple(each.record for each in witnesses(rows, stamp)))
