"""What a history must hold for a commitment to be measured: where no call at all is recorded, nobody is known to be late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.expressions.events import Leaves, Moment
from sla_sync.agreement.expressions.measures import Counter, CountOf, CountOfEvents, Effort, StageRate, SumOf
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.past import Past
from sla_sync.history.tables import ACTIVITIES, OWNERS, STAYS

_SAYS: Mapping[str, str] = {
    "deeds": "The history holds no calls, mails and meetings.",
    "stages": "The history holds no changes of stage.",
    "owners": "The history does not hold who had which lead.",
}
_DONE = frozenset({Moment.TOUCH, Moment.REPLY, Moment.MEETING_BOOKED, *Counter})
_DECIDED = frozenset({Moment.VERDICT})


def lacking(past: Past) -> Mapping[str, str]:
    """Return each commitment that cannot be measured since the history lacks a whole kind of record, with the reason.

    What recorded turns tell themselves need not be in another table.
    """
    missing = frozenset(_missing(past))
    if not missing:
        return {}
    needed = {name: _needed(each) & missing for name, each in past.agreement.commitments.items()}
    return {name: next(_SAYS[kind] for kind in _SAYS if kind in kinds) for name, kinds in needed.items() if kinds}


def _missing(past: Past) -> Iterator[str]:
    """Yield the kinds of which the history holds nothing."""
    legs = past.tables["legs"]
    told = legs.agg(
        owners=legs["owner"].count(),
        touched=legs["touched_at"].count(),
        replied=legs["replied_at"].count(),
        decided=legs["decided_at"].count(),
    )
    (turns,) = past.rows(told)
    if not (turns["touched"] or turns["replied"] or _holds(past, ACTIVITIES.name)):
        yield "deeds"
    if not (turns["decided"] or _holds(past, STAYS.name)):
        yield "stages"
    if not (turns["owners"] or _holds(past, OWNERS.name)):
        yield "owners"


def _holds(past: Past, name: str) -> bool:
    return bool(past.rows(past.tables[name].limit(1)))


def _needed(commitment: Commitment) -> frozenset[str]:
    if commitment.clock is not None:
        stops = commitment.clock.stops.value
        if stops in _DONE:
            return frozenset({"deeds", "owners"})
        return frozenset({"stages", "owners"}) if stops in _DECIDED or isinstance(stops, Leaves) else frozenset()
    match commitment.measure.value if commitment.measure else None:
        case Effort():
            return frozenset({"deeds", "stages", "owners"})
        case CountOf() | StageRate() | SumOf():
            return frozenset({"stages"})
        case CountOfEvents(event):
            return frozenset({"deeds"}) if event in _DONE else frozenset()
        case _:
            return frozenset()
