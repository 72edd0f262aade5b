"""One finding of an audit in lines: what is there, who did it, whom it harms, what is promised, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sla_sync.diagnostics import spell
from sla_sync.reconcile.drift import OBSERVED, DriftClass, Finding, Trace
from sla_sync.reconcile.settings import Consequence
from sla_sync.render.why import moment
from sla_sync.render.words import LONGEST, spell_value, visible

Said: TypeAlias = tuple[str, str]
"""A term and its text: `Who`, `Dana Ruiz`; a sentence that stands by itself has no term."""

WEIGHT = {Consequence.BREACH: "HIGH", Consequence.WEAKENING: "MIDDLE", Consequence.COSMETIC: "LOW"}

_NO_TRACE: Mapping[Trace, str] = {
    Trace.NOT_FOUND: "No trace of who: the platform's audit trail has nothing about it.",
    Trace.NO_TRAIL: "Nobody can tell who: the platform keeps no audit trail, or does not show it.",
}
RESTORE, ACCEPT, ADOPT = "restore", "accept until", "adopt"
"""The ways out of a finding for which there is a command."""
_ALL_THREE = (RESTORE, ACCEPT, ADOPT)
DO: Mapping[DriftClass, tuple[str, ...]] = {
    DriftClass.CHANGED: _ALL_THREE,
    DriftClass.DISABLED: _ALL_THREE,
    DriftClass.CONFLICT: _ALL_THREE,
    DriftClass.MISSING: _ALL_THREE,
    DriftClass.EXTRA: ("restore, where the target says `removal: delete`, or take it away there", ACCEPT, ADOPT),
    DriftClass.FOREIGN: ("let apply take it over with `--ack adopt:…`, or bind another name", ACCEPT),
    DriftClass.STALLED: ("run it now, then see to the scheduler that runs it (docs/clock.md).",),
    DriftClass.SHADOWED: ("switch it off there, or let it write something else", ACCEPT),
    DriftClass.STALE: ("publish, start or repair it there", ACCEPT),
    DriftClass.PEOPLE: ("name somebody active in the targets file, or activate the person there", ACCEPT),
    DriftClass.BEHAVIOUR: ("look at these records; `sla-sync why RECORD` tells the story of one", ACCEPT),
}
"""What to do about a finding of each class, one way or another."""
_PROMISES_SHOWN = 3


def one_line(text: str) -> str:
    """Return foreign text that cannot steer a terminal and stays in its line."""
    return visible(text).replace("\n", " ")


def finding_as_lines(each: Finding, zone: ZoneInfo) -> list[str]:
    """Return a finding as people read it; the first line says how grave it is and names it."""
    lines = [f"{WEIGHT[each.consequence]} {each.drift}: {one_line(each.title)}  [{each.id}]"]
    lines += [f"  {_term(term)}{text}" for term, text in said_of(each, zone)]
    if each.drift in DO:
        lines.append(f"  Do: {' · '.join(DO[each.drift])}")
    return lines


def _term(term: str) -> str:
    """Return what stands before a text; of the two sides the texts stand below each other."""
    return f"{f'{term}:':<{len('Agreed:') if term == 'Live' else 0}} " if term else ""


def said_of(each: Finding, zone: ZoneInfo, *, most: int = LONGEST, promises: int = _PROMISES_SHOWN) -> Iterator[Said]:
    """Yield what is said of a finding; at most so many characters of a value, and so many promises by their names."""
    yield from _what(each, zone, most)
    yield from _who(each, zone)
    if each.harm is not None and each.harm.sentence and each.harm.passed:
        yield "Harm", one_line(each.harm.sentence)
    if each.stakes and each.consequence is not Consequence.COSMETIC:
        names = [stake.commitment for stake in each.stakes]
        more = f" and {len(names) - promises} more" if len(names) > promises else ""
        yield "Promise", f"{', '.join(names[:promises])}{more}"
    if each.commitment:
        yield "Agreed in", spell(each.commitment)
    if each.note:
        yield "", one_line(each.note)


def _what(each: Finding, zone: ZoneInfo, most: int) -> Iterator[Said]:
    if each.drift in OBSERVED:
        yield "", one_line(each.sentence)
        return
    if each.drift in _SAID:
        yield "", _SAID[each.drift](each, zone)
    if each.drift is DriftClass.EXTRA:
        yield "Live", spell_value(each.live, most)
    elif each.path:
        yield "Agreed", spell_value(each.agreed, most)
        yield "Live", spell_value(each.live, most)
        if each.drift is DriftClass.CONFLICT:
            yield "Last applied", spell_value(each.applied, most)


def _stalled(each: Finding, zone: ZoneInfo) -> str:
    ran = f"It last ran {moment(each.when, zone)}" if each.when else "It has never run"
    return f"{ran}, and is expected {each.agreed}: until it runs, no clock that started since warns or escalates."


_SAID: Mapping[DriftClass, Callable[[Finding, ZoneInfo], str]] = {
    DriftClass.MISSING: lambda _, __: "It was applied and is gone.",
    DriftClass.FOREIGN: lambda _, __: "It stands there and is not ours; apply would have to adopt it.",
    DriftClass.EXTRA: lambda _, __: "It was put there and is not agreed.",
    DriftClass.STALLED: _stalled,
}


def _who(each: Finding, zone: ZoneInfo) -> Iterator[Said]:
    if each.drift in {DriftClass.PENDING, DriftClass.STALLED}:
        return
    if each.who:
        when = f", {moment(each.when, zone)}" if each.when else ""
        yield "Who", f"{one_line(each.who)}{when}"
    elif each.drift not in OBSERVED or each.drift is DriftClass.SHADOWED:
        yield "", _NO_TRACE[each.trace if each.trace in _NO_TRACE else Trace.NOT_FOUND]


def pending_as_line(each: Finding) -> str:
    """Return a change of the agreement that nobody applied yet, in one line."""
    if not each.path:
        return f"{one_line(each.title)} is not there yet"
    return f"{one_line(each.title)}: {spell_value(each.live)} → {spell_value(each.agreed)}"


def instant(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant with the letters of its zone: `Wed 4 Nov 03:10 EST`."""
    return f"{moment(at, zone)} {at.astimezone(zone):%Z}"
