"""One sentence for each side: what it owed, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sla_sync.explain.names import capital, heading, words
from sla_sync.measures.scorecard import Kept, Status
from sla_sync.render.pack.numbers import spelled

_VERBS = {Status.BROKEN: "broke", Status.KEPT: "kept"}
_BESIDES = {Status.OPEN: "not decided", Status.MEASURED: "without a target", Status.UNMEASURED: "not measured"}


def sides_of(scorecard: Iterable[Kept], *, currency: str = "") -> Mapping[str, str]:
    """Return by party what it owed and what became of it, in one sentence."""
    found = tuple(scorecard)
    return {
        party: _sentence(party, [each for each in found if each.party == party], currency)
        for party in dict.fromkeys(each.party for each in found)
    }


def _sentence(party: str, mine: list[Kept], currency: str) -> str:
    told = {status: _list(_told(each, currency) for each in mine if each.status is status) for status in Status}
    decided = [f"{verb} {told[status]}" for status, verb in _VERBS.items() if told[status]]
    besides = [f"{name}: {told[status]}" for status, name in _BESIDES.items() if told[status]]
    who = words(party)
    said = f"{capital(who)} {' and '.join(decided)}" if decided else f"What {who} owed is neither kept nor broken yet"
    return f"{'; '.join((said, *besides))}."


def _list(parts: Iterable[str]) -> str:
    *most, last = [*parts] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _told(each: Kept, currency: str) -> str:
    name = heading(each.commitment)
    if each.actual.value is None:
        return name
    actual = spelled(each.actual, currency=currency)
    if each.target is None or each.target.value is None:
        return f"{name} ({actual})"
    return f"{name} ({actual}, owed {spelled(each.target, currency=currency)})"
