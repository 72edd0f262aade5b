"""What happens to contacts although all settings are as agreed: no due time, no reason, no value that was needed.

Every look is one search of at most two hundred contacts, which tells their number too. Where another platform runs the
clocks, it keeps what happens to a lead, and it is asked instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import Clock, Concern, KeyPath, Observation, ReasonSet, Unseen, limited
from sla_sync_hubspot.binding import BoundStage, Deadlines
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clocks import portal_clocks
from sla_sync_hubspot.translate.vocabulary import UnsayableError
from sla_sync_hubspot.watching.ground import GRACE, GROUPS, SHOWN, Ground, Test, between, empty, one_of, witnesses

_DATED = frozenset({Deadlines.COMPUTED, Deadlines.CUSTOM_CODE})
"""The ways of keeping time that write the dates of clocks at all."""
_RUNS = (kept.AWAITS, kept.RUNNING, kept.WARNED)
_CHECKBOX = "bool"


def behaviour(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield what happened since the agreement was applied, and goes against it."""
    if ground.since >= ground.asked.now - GRACE or not ground.runs_clocks:
        return
    for clock in timed_clocks(ground):
        yield from _without_due(ground, clock)
    for reasons in ground.asked.resources.reason_sets:
        for stage in reasons.stages:
            yield from _without_reason(ground, reasons, stage)
    for stage in ground.asked.resources.needs:
        yield from _without_needs(ground, stage)


def timed_clocks(ground: Ground, name: str = "") -> tuple[Clock, ...]:
    """Return the clocks whose dates the portal keeps; the one of this commitment where one is named."""
    if ground.binding.deadlines not in _DATED:
        return ()
    told = ("state", "started_at", "due_at")
    return tuple(
        each
        for each in portal_clocks(ground.vocabulary)
        if name in ("", each.name) and ground.keeps(*(kept.of_clock(each, what) for what in told))
    )


def promised(ground: Ground, clock: Clock) -> tuple[Test, ...] | None:
    """Return the tests for contacts to whom a clock gives a limit; None where no search can tell."""
    among = limited(clock.limits)
    if not among:
        return None if among is None else ()
    return (one_of(ground.named("priority"), among),)


def _without_due(ground: Ground, clock: Clock) -> Iterator[Observation]:
    limited = promised(ground, clock)
    if limited is None:
        return
    started = ground.named(kept.of_clock(clock, "started_at"))
    runs = (
        one_of(ground.named(kept.of_clock(clock, "state")), _RUNS),
        between(started, ground.since, ground.asked.now - GRACE),
        *limited,
    )
    rows, wrong = ground.search([(*runs, empty(ground.named(kept.of_clock(clock, "due_at"))))], started)
    if wrong:
        among = ground.count(*runs, dated=started)
        verb = "runs" if wrong == 1 else "run"
        yield Observation(
            Concern.BEHAVIOUR,
            f"Due times of '{clock.name}'",
            f"{count(wrong)} of {among} whose clock {verb} {'has' if wrong == 1 else 'have'} no due time.",
            (*clock.origin[:-1], "within"),
            witnesses=witnesses(rows, started)[:SHOWN],
            wrong=wrong,
            of=among,
        )


def in_stage(ground: Ground, stage: str) -> tuple[Test, Test] | None:
    """Return the tests for contacts that are in a stage and qualified since the agreement was applied."""
    bound = ground.binding.stages.get(stage)
    stamp = qualified(ground)
    if not isinstance(bound, BoundStage) or not bound.contact_property or stamp is None:
        return None
    if bound.lifecyclestage and bound.add:
        return None  # such a stage has a number of the portal's own
    values = one_of(bound.contact_property, bound.contact_values)
    return values, between(stamp, ground.since, ground.asked.now - GRACE)


def qualified(ground: Ground) -> str | None:
    """Return the property that keeps when a contact qualified, None where there is none."""
    stages = {each.name for each in ground.asked.resources.stages if each.qualifies}
    stamps = (each.field for each in ground.asked.resources.stamps if each.stage in stages)
    return next((ground.named(each) for each in stamps if ground.keeps(each)), None)


def without_reason(ground: Ground, reasons: ReasonSet, there: Sequence[Test]) -> list[tuple[Test, ...]] | None:
    """Return the alternatives by which contacts among these lack a reason; None where reasons stand elsewhere."""
    if not ground.keeps(reasons.field):
        return None
    name = ground.named(reasons.field)
    return [(*there, empty(name)), (*there, one_of(name, (kept.NONE,)))]


def _without_reason(ground: Ground, reasons: ReasonSet, stage: str) -> Iterator[Observation]:
    there, stamp = in_stage(ground, stage), qualified(ground)
    alternatives = without_reason(ground, reasons, there) if there else None
    if there is None or stamp is None or alternatives is None:
        return
    yield from _lacking(
        ground, alternatives, there, f"Reasons at '{stage}'", f"in «{_label(ground, stage)}» {{}} no reason.",
        reasons.origin, stamp,
    )  # fmt: skip


def _without_needs(ground: Ground, stage: str) -> Iterator[Observation]:
    there, stamp, needs = in_stage(ground, stage), qualified(ground), needed(ground, stage)
    if there is None or stamp is None or not needs:
        return
    alternatives = [(*there, empty(each)) for each in needs.values()]
    # A search takes few alternatives; what a stage needs beyond them is asked for by the next.
    for start in range(0, len(alternatives), GROUPS):
        names = list(needs)[start : start + GROUPS]
        yield from _lacking(
            ground, alternatives[start : start + GROUPS], there, f"Needs of '{stage}': {', '.join(names)}",
            f"in «{_label(ground, stage)}» {{}} not one of: {', '.join(names)}.", ("stages", stage, "needs"), stamp,
        )  # fmt: skip


def needed(ground: Ground, stage: str) -> Mapping[str, str]:
    """Return the properties that a stage needs and that can be empty, by agreed name."""
    properties = ground.properties()
    found: dict[str, str] = {}
    for word in ground.asked.resources.needs.get(stage, ()):
        try:
            name = ground.vocabulary.place(word).property
        except UnsayableError:
            continue
        shown = properties.get(name)
        # Another system's fields come with the integration, and only it can say when.
        bound = ground.binding.fields.get(word)
        if shown and shown["type"] != _CHECKBOX and (bound is None or bound.writer in (None, "hubspot")):
            found[word] = name
    return found


def _lacking(
    ground: Ground,
    alternatives: Sequence[Sequence[Test]],
    among: Sequence[Test],
    what: str,
    finding: str,
    origin: KeyPath,
    dated: str,
) -> Iterator[Observation]:
    rows, wrong = ground.search(alternatives, dated)
    if wrong:
        of = ground.count(*among, dated=dated)
        said = f"{count(wrong)} of {of} {finding.format('has' if wrong == 1 else 'have')}"
        found = witnesses(rows, dated)
        yield Observation(Concern.BEHAVIOUR, what, said, origin, witnesses=found, wrong=wrong, of=of)


def _label(ground: Ground, stage: str) -> str:
    return next((each.label for each in ground.asked.resources.stages if each.name == stage), stage)


def count(number: int) -> str:
    """Return a number of contacts in words."""
    return "1 contact" if number == 1 else f"{number} contacts"
