"""Point 10: each clock starts once, on one platform, at the instant that the agreement names."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.durations import parse_duration, seconds
from sla_sync.connector import Clock, FieldChange
from sla_sync.consistency.sides import Pair, Side, changed, is_number
from sla_sync.consistency.verdicts import Found, Outcome
from sla_sync.reconcile.settings import Action

LATENCY = "sync_latency"


def start(pair: Pair) -> Iterator[Found]:
    """Yield clocks that nobody runs, starts that are live otherwise than agreed, and latencies that do not fit."""
    wrong = [*_latency(pair), *_entries(pair)]
    yield from wrong
    for clock in pair.resources.clocks:
        if clock.name in pair.measured:
            continue
        runners = [side for side in pair.sides if side.runs_clocks]
        if not runners:
            yield Found(
                Outcome.DIFFERS,
                f"Nobody runs '{clock.name}': each binding says that the other platform does.",
                ("timers",),
                pair.first.document,
                "Say `timers: here` in one of the bindings.",
            )
        for side in runners:
            yield from _starts(pair, side, clock, late=bool(wrong))


def _starts(pair: Pair, side: Side, clock: Clock, *, late: bool) -> Iterator[Found]:
    line = ("commitments", clock.name, "clock")
    moved = {change.address: change for change, field in changed(side, line) if field is None or not _number(field)}
    for address, change in moved.items():
        is_missing = change.action is Action.CREATE
        yield Found(
            Outcome.DIFFERS,
            f"'{clock.name}' runs on {side.target}, and {address} {'is missing' if is_missing else 'was changed'} there.",
            line,
            None,
            f"Apply the agreement to {side.target} again.",
        )
    if not moved and not late:
        other = pair.other(side)
        waits = side.binding.expects.get(LATENCY) or other.binding.expects.get(LATENCY)
        after = f"; what happens on {other.target} counts from the instant at which it arrives"
        within = f", at most {waits} later" if waits else ""
        yield Found(Outcome.GOOD, f"'{clock.name}' starts once, on {side.target}{after}{within}.", line)


def _number(field: FieldChange) -> bool:
    """Return whether a number was changed: `thresholds` tells that."""
    return is_number(field.before) and is_number(field.after)


def _entries(pair: Pair) -> Iterator[Found]:
    """Yield automations by which a lead comes to qualify and that are gone or switched off."""
    for stage in pair.resources.stages:
        if not stage.qualifies:
            continue
        for side in pair.sides:
            kinds = {each.address.type for each in side.facts.automations if each.address}
            seen = {
                change.address
                for change, field in changed(side, ("stages", stage.name))
                if change.address.type in kinds and (field is None or not _number(field))
            }
            for address in sorted(seen):
                yield Found(
                    Outcome.DIFFERS,
                    f"{address} of {side.target}, by which leads come to '{stage.name}', is not as agreed.",
                    ("stages", stage.name),
                    None,
                    f"Apply the agreement to {side.target} again.",
                )


def _latency(pair: Pair) -> Iterator[Found]:
    known = {side.target: said for side in pair.sides if (said := side.binding.expects.get(LATENCY))}
    if len(set(known.values())) > 1:
        told = " and ".join(f"{each} according to the binding of {target}" for target, each in known.items())
        yield Found(
            Outcome.DIFFERS,
            f"A change arrives on the other platform within {told}.",
            ("expects", LATENCY),
            pair.second.document,
            "Say the same in both bindings.",
        )
    if pair.exchange is not None and known:
        allowed = min((_minutes(each) for each in known.values()), default=None)
        every = pair.exchange.every.total_seconds() / 60
        if allowed is not None and every > allowed:
            yield Found(
                Outcome.DIFFERS,
                f"The exchange looks every {every:g} minutes, and the bindings rely on {' and '.join(set(known.values()))}.",
                ("every_minutes",),
                pair.exchange.document,
                "Let it look more often, or rely on less in the bindings.",
            )


def _minutes(text: str) -> float:
    try:
        length = seconds(parse_duration(text))
    except ValueError:
        length = None
    return float("inf") if length is None else length / 60
