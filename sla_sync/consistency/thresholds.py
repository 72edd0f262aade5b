"""Point 2: the numbers of the agreement are the same wherever a platform decides by one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.connector import Change, KeyPath
from sla_sync.consistency.sides import Pair, Side, changed, concerns, is_number
from sla_sync.consistency.verdicts import Found, Outcome
from sla_sync.reconcile.settings import Value


def thresholds(pair: Pair) -> Iterator[Found]:
    """Yield numbers that a platform was given otherwise since, and which number stands where all is well."""
    for line in _lines(pair):
        wrong = [found for side in pair.sides for found in _otherwise(side, line)]
        yield from wrong
        holders = [side.target for side in pair.sides if _holds(side, line)]
        if holders and not wrong:
            said = _said(pair, line)
            yield Found(Outcome.GOOD, f"{said} stands as agreed on {' and '.join(holders)}.", line)


def _lines(pair: Pair) -> Iterator[KeyPath]:
    for model in pair.resources.thresholds:
        yield "scoring", model, "threshold"
    for stage in pair.resources.stages:
        if stage.qualifies and stage.enter_when is not None:
            yield "stages", stage.name, "enter_when"
    for clock in pair.resources.clocks:
        for part in ("within", "warn", "on_breach"):
            yield "commitments", clock.name, part


def _said(pair: Pair, line: KeyPath) -> str:
    match line:
        case ("scoring", model, _):
            return f"The threshold of '{model}', {pair.resources.thresholds[str(model)]:g} points,"
        case (_, name, part):
            return f"`{part}` of '{name}'"
    return str(line)


def _otherwise(side: Side, line: KeyPath) -> Iterator[Found]:
    for change, field in changed(side, line):
        if field is None and _holds_numbers(change):
            sentence = f"{change.address}, which the number needs, is missing on {side.target}."
        elif field is not None and is_number(field.before) and is_number(field.after):
            sentence = f"{change.address} of {side.target} says {field.before}, and {field.after} is agreed."
        else:
            continue
        hint = f"Apply the agreement to {side.target} again, or change the agreement."
        yield Found(Outcome.DIFFERS, sentence, line, None, hint)


def _holds_numbers(change: Change) -> bool:
    return change.desired is not None and _has_number(change.desired.values)


def _has_number(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(_has_number(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_has_number(each) for each in value)
    return is_number(value)


def _holds(side: Side, line: KeyPath) -> bool:
    """Return whether settings of a side hold a line itself, or are all that stands for what it is a part of."""
    origins = {at for each in side.desired for at in each.origins.values()}
    return any(len(line) <= len(at) and concerns(at, line) for at in origins) or (
        line[0] == "scoring" and line[:-1] in origins
    )
