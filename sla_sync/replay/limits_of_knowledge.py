"""What two revisions differ in that no history can replay, each in a sentence; what depends on it gets no number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.asking import reasons
from sla_sync.attainment.past import Past
from sla_sync.attainment.timed import timed
from sla_sync.replay.hand_offs import untold_routing
from sla_sync.replay.qualifying import overridden
from sla_sync.replay.revisions import Revision, differ


class Part(StrEnum):
    """What a replay tells; `EVERYTHING` stands for all of it."""

    MQLS = "mqls"
    HAND_OFFS = "hand-offs"
    PROMISES = "promises"
    EVERYTHING = "everything"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that history cannot tell, what has no number for it, and where that is one commitment its name."""

    part: Part
    said: str
    commitment: str = ""


def unknowns(past: Past, before: Revision, after: Revision) -> Iterator[Unknown]:
    """Yield what cannot be known of a change, what takes numbers away first."""
    yield from _foundations(before, after)
    yield from _qualification(past, before, after)
    yield from _routing(past, before, after)
    for name in after.agreement.commitments:
        yield from _commitment(past, name, before, after)


def assumptions(before: Revision, after: Revision, *, more: int, fewer: int, timed_differently: bool) -> Iterator[str]:
    """Yield what nobody can know from a replay, as the numbers turned out: how people would have behaved."""
    if timed_differently:
        yield "Whether reps would slow down or hurry up under other limits: their answers are taken as they were."
    if more:
        yield f"How fast the {more:,} who would have come in addition would have been answered, and what it would do to others."
    if fewer:
        yield f"Whether reps would have answered the others faster with {fewer:,} fewer to answer."
    if differ(before, after, "routing"):
        yield "Whether other owners would have been faster or slower."


def _foundations(before: Revision, after: Revision) -> Iterator[Unknown]:
    if before.qualifying != after.qualifying:
        stages = f"in `{after.qualifying}` and no longer in `{before.qualifying}`"
        said = f"Leads qualify {stages}; history was told by the old stages."
        yield Unknown(Part.EVERYTHING, said)
    for connector in sorted({*before.bindings, *after.bindings}):
        old, new = before.bindings.get(connector, {}), after.bindings.get(connector, {})
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key) and connector in before.bindings and connector in after.bindings:
                yield _binding(connector, key)
    if differ(before, after, "metadata") and before.agreement.metadata.scope != after.agreement.metadata.scope:
        yield Unknown(Part.EVERYTHING, "The agreement is about other leads, and history holds those that it was about.")
    if before.agreement.quality != after.agreement.quality and _excluded(before) != _excluded(after):
        said = "Other leads are left out, and history names only those that were left out before."
        yield Unknown(Part.EVERYTHING, said)


def _binding(connector: str, key: str) -> Unknown:
    if key == "touch":
        return Unknown(
            Part.PROMISES, f"What counts as a touch on {connector} changes; history holds what counted before."
        )
    return Unknown(
        Part.EVERYTHING, f"What `{key}` means on {connector} changes; history was read by what it meant before."
    )


def _excluded(side: Revision) -> frozenset[str]:
    return frozenset(side.agreement.quality.exclude if side.agreement.quality else ())


def _qualification(past: Past, before: Revision, after: Revision) -> Iterator[Unknown]:
    for side in (before, after):
        if side.qualifies_when is None:
            yield Unknown(Part.MQLS, f"{side.name} does not say on which condition leads qualify.")
            return
    for side in (before, after):
        condition = side.qualifies_when
        if condition is not None:
            for because in reasons(past, side.agreement, (condition,)):
                yield Unknown(Part.MQLS, f"Who would have qualified: {because}")
    for name in sorted({*before.agreement.scoring, *after.agreement.scoring}):
        if _points(before.agreement, name) != _points(after.agreement, name):
            said = f"What people would have scored by the other points of `{name}`: history holds scores and not what people did."
            yield Unknown(Part.MQLS, said)


def _points(agreement: Agreement, name: str) -> Mapping[str, object] | None:
    """Return all of a scoring model that decides how many points somebody has."""
    model = agreement.scoring.get(name)
    return None if model is None else model.model_dump(exclude={"threshold", "means", "grade", "kept_in"})


def _routing(past: Past, before: Revision, after: Revision) -> Iterator[Unknown]:
    """Yield why a routing that changes cannot be replayed; one that stays is taken to spread leads as it did."""
    if not differ(before, after, "routing"):
        return
    told = dict.fromkeys(filter(None, (untold_routing(past, side) for side in (before, after))))
    for because in told:
        yield Unknown(Part.HAND_OFFS, f"Who would have got whom: {because}")


def _commitment(past: Past, name: str, before: Revision, after: Revision) -> Iterator[Unknown]:
    new, old = after.agreement.commitments[name], before.agreement.commitments.get(name)
    if new.clock is None:
        if old is not None and old.measure != new.measure:
            yield Unknown(Part.NOTHING, f"`{name}` is measured otherwise, and that is not replayed.", name)
        return
    for side, commitment in ((before, old), (after, new)):
        because = None if commitment is None or commitment.clock is None else _untimed(side.agreement, commitment)
        if because is not None and _asked(before, after, name):
            yield Unknown(Part.PROMISES, f"How `{name}` would have been kept: {because}", name)
            return
    if differ(before, after, "priorities", "segments"):
        for side in (before, after):
            conditions = [each.when.value for each in side.agreement.priorities.values()]
            carried = ("source", "stage", "owner", "team", "cycle")
            known = reasons(past, side.agreement, conditions, carried=carried, besides=overridden(before, after))
            for because in known:
                yield Unknown(Part.PROMISES, f"Who would have been how urgent: {because}", name)


def _asked(before: Revision, after: Revision, name: str) -> bool:
    return before.agreement.commitments.get(name) != after.agreement.commitments.get(name) or differ(
        before, after, "calendars", "teams", "priorities"
    )


def _untimed(agreement: Agreement, commitment: Commitment) -> str | None:
    """Return why turns cannot tell a clock; None where they can."""
    if commitment.clock is None:
        return None
    found = timed(agreement, commitment, commitment.clock)
    return found if isinstance(found, str) else None


def stops_at_touch(agreement: Agreement, name: str) -> bool:
    """Return whether the clock of a commitment stops at a touch."""
    commitment = agreement.commitments.get(name)
    return commitment is not None and commitment.clock is not None and commitment.clock.stops.value is Moment.TOUCH
