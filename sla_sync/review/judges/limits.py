"""Changes of limits: how soon something must be done, for each priority, and inside and outside opening hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.reasoning import domain_of, uncovered
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS
from sla_sync.explain.events import stopping
from sla_sync.explain.names import capital, urgency, words
from sla_sync.explain.promises import promiser
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.duties import now_or_before, weigh_duty
from sla_sync.review.judges.spots import Spot
from sla_sync.review.judges.tellers import Figure, change_of, effect_of, mixed
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import named

_HOURS = frozenset({INSIDE_HOURS, OUTSIDE_HOURS})
_ALL = ""
"""The name of the limit that holds for all leads."""
_AIM = "aim"
_NO_LIMIT = "no limit"

Said = Mapping[str, Duration | Undecided]


def within(spot: Spot) -> Iterator[Amendment]:
    """Tell the limits of a promise."""
    yield from _told(spot, "within")


def aim(spot: Spot) -> Iterator[Amendment]:
    """Tell the times that are striven for."""
    yield from _told(spot, _AIM)


def _told(spot: Spot, key: str) -> Iterator[Amendment]:
    before, after = _limits(spot.before), _limits(spot.after)
    if before and after and _kinds(before) != _kinds(after):
        yield _all_at_once(spot, key, before, after)
        return
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield _one(spot, key, name, before.get(name), after.get(name))


def _kinds(said: Said) -> frozenset[str]:
    """Return by what limits differ: by nothing, by the part of the day, or by priority."""
    return frozenset("" if name == _ALL else "hours" if name in _HOURS else "priority" for name in said)


def _one(spot: Spot, key: str, name: str, before: object, after: object) -> Amendment:
    figure = Figure(key, more=Effect.LOOSENS, missing=Effect.LOOSENS)
    edits = spot.at(name) if name else spot.edits
    told = spot.says(
        weigh_duty(spot, effect_of(figure, before, after)),
        leads(name) or spot.name(),
        f"{_subject(spot, name)} {_change(key, before, after)}{_hours(name)}.",
        Row(_row(spot, name, key), spelled(before) if before else _NO_LIMIT, spelled(after) if after else _NO_LIMIT),
    )
    return replace(told, edits=edits, place=(*spot.place, name) if name else spot.place)


def _change(key: str, before: object, after: object) -> str:
    what, lead = ("aim", "") if key == _AIM else ("limit", f"{key} ")
    if before is None:
        return f"{key} {spelled(after)}, where no {what} was"
    if after is None:
        return f"has no {what} any more; it was {lead}{spelled(before)}"
    return change_of(key, before, after)


def _subject(spot: Spot, name: str) -> str:
    return f"{_capital(leads(name))}: {spot.name()}" if leads(name) else f"{spot.name()}:"


def leads(priority: str) -> str:
    """Return the leads of a priority: `hot leads`; nothing for a part of the day."""
    return f"{urgency(priority)} leads" if priority and priority not in _HOURS else ""


def _hours(name: str) -> str:
    return f" {name}" if name in _HOURS else ""


def _capital(text: str) -> str:
    """Return a text with a capital letter at its start, behind a quotation mark too: `“Referred” leads`."""
    return f"“{capital(text[1:])}" if text.startswith("“") else capital(text)


def _row(spot: Spot, name: str, key: str) -> str:
    """Return what the row of a limit is about: `Sales touches hot leads within`."""
    agreement = spot.new if spot.name() in spot.new.commitments else spot.old
    kept = now_or_before(spot)
    thing = leads(name) or (f"a {words(kept.clock.of)}" if kept.clock and kept.clock.of else "a lead")
    act = stopping(kept.clock.stops.value, agreement) if kept.clock else f"keeps {spot.name()} for it"
    hours = f" {name}" if name in _HOURS else ""
    said = re.sub(r"\bit\b", thing, act)
    return f"{capital(promiser(kept, agreement))} {said}{hours} {'ideally within' if key == _AIM else 'within'}"


def _all_at_once(spot: Spot, key: str, before: Said, after: Said) -> Amendment:
    """Tell a limit for all that became several, or several that became one."""
    effects = [] if _ALL in {*before, *after} else [Effect.UNMEASURABLE]
    names = [name for name in (*before, *after) if name != _ALL]
    for name in dict.fromkeys(names):
        figure = Figure(key, more=Effect.LOOSENS, missing=Effect.LOOSENS)
        effects.append(effect_of(figure, before.get(name, before.get(_ALL)), after.get(name, after.get(_ALL))))
    if not set(names) & _HOURS and _some_have_none(spot, tuple(dict.fromkeys(names))):
        effects.append(Effect.LOOSENS if _ALL in before else Effect.TIGHTENS)
    effect = mixed(*effects)
    said = f"{key} {_every(before)} → {_every(after)}"
    row = Row(_row(spot, _ALL, key), _every(before), _every(after))
    return spot.says(weigh_duty(spot, effect), spot.name(), f"{spot.name()}: {said}.", row)


def _some_have_none(spot: Spot, names: tuple[str, ...]) -> bool:
    """Tell whether some lead has none of these priorities; it may also be unknown."""
    return uncovered((Is("priority", names),), domain_of(spot.new)) is not None


def _every(said: Said) -> str:
    return named([f"{spelled(each)}{f' ({name})' if name else ' for all leads'}" for name, each in said.items()])


def _limits(value: object) -> Said:
    if value is None:
        return {}
    return cast("Said", value) if isinstance(value, Mapping) else {_ALL: cast("Duration", value)}
