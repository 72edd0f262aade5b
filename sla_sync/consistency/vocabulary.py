"""Point 1: every stage can be shown on both platforms, and a value that passes from one to the other means the same there."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import StageValue
from sla_sync.consistency.sides import Pair, Side, Way
from sla_sync.consistency.verdicts import Found, Outcome


def vocabulary(pair: Pair) -> Iterator[Found]:
    """Yield values that cannot be chosen, and values that mean another stage or none on the other side."""
    for side in pair.sides:
        if "fields" in side.facts.untold:
            why = side.facts.untold["fields"]
            yield Found(Outcome.UNKNOWN, f"{side.target} does not tell its values: {why}", ("stages",), side.document)
    wrong = [*_not_offered(pair), *_not_understood(pair)]
    yield from wrong
    if not wrong:
        shown = [sum(bool(values) for values in side.facts.stages.values()) for side in pair.sides]
        yield Found(
            Outcome.GOOD,
            f"Every value of a stage can be chosen where it is bound ({shown[0]} stages on {pair.first.target}, "
            f"{shown[1]} on {pair.second.target}), and what passes between both means one stage on both.",
            ("stages",),
        )


def _not_offered(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        for stage, values in side.facts.stages.items():
            for each in values:
                if each.offered is False:
                    yield Found(
                        Outcome.DIFFERS,
                        f"Stage '{stage}' is «{each.value}» of {each.place} on {side.target}, and nobody can choose that: "
                        f"{each.trouble}.",
                        ("stages", stage),
                        side.document,
                        "Offer the value there again, or bind the stage to another one.",
                    )


def _not_understood(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        other = pair.other(side)
        if not _passes(pair, side):
            continue
        meaning = {each.value: stage for stage, values in other.facts.stages.items() for each in values}
        for stage, values in side.facts.stages.items():
            if not other.facts.stages.get(stage):
                continue  # it shows on another object there, which takes its value from no field of ours
            for each in values:
                if meaning.get(each.value) != stage:
                    means = meaning.get(each.value)
                    yield Found(
                        Outcome.DIFFERS if pair.exchange else Outcome.UNKNOWN,
                        f"Stage '{stage}' is «{each.value}» on {side.target}, and that means "
                        f"{repr(means) if means else 'nothing'} on {other.target}, where it is "
                        f"{_listed(other.facts.stages[stage])}.",
                        ("stages", stage),
                        side.document,
                        f"Bind '{stage}' to one internal value on both, or say in an attestation who translates it.",
                    )


def _passes(pair: Pair, side: Side) -> bool:
    """Return whether the values of a side reach the other one; where nothing is written down, they may."""
    if pair.exchange is None:
        return True
    own, theirs = (
        {each.place for values in one.facts.stages.values() for each in values} for one in (side, pair.other(side))
    )
    for route in pair.exchange.routes:
        if route.fields.get(side.platform) in own and route.fields.get(pair.other(side).platform) in theirs:
            return route.way is Way.BOTH or (route.way is Way.ONE and route.source == side.platform)
    return False


def _listed(values: tuple[StageValue, ...]) -> str:
    return " or ".join(f"«{each.value}»" for each in values)
