"""Changes of the promises: each key of a commitment has what tells it, and whole promises come and go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.sections.commitments import Commitment, Uplift
from sla_sync.explain.promises import sentence as spoken
from sla_sync.review.amendments import Amendment, Effect, Matter, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges import conditions, ladders, limits, targets
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, between, goal, measurement, parties_of
from sla_sync.review.judges.clocks import CLOCK_TELLERS, clock, excused_by
from sla_sync.review.judges.duties import INFLUENCE, commitment, weigh_delivery, weigh_duty
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import wording


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "commitments", _TELLERS)


def _whole(spot: Spot) -> Iterator[Amendment]:
    gone = spot.after is None
    said = cast("Commitment", spot.before if gone else spot.after)
    agreement = spot.old if gone else spot.new
    text = spoken(said, agreement).rstrip(".")
    nothing = "no such promise"
    effect = Effect.LOOSENS if gone else Effect.TIGHTENS
    row = Row(f"{spot.name()}", text if gone else nothing, nothing if gone else text)
    sentence = f"{spot.name()} is {'no longer promised' if gone else 'a new promise'}: {text}."
    yield spot.says(weigh_delivery(spot, effect), spot.name(), sentence, row)


def _by(spot: Spot) -> Iterator[Amendment]:
    before, after = (cast("str | None", each) for each in (spot.before, spot.after))
    old, new = parties_of((before,), spot.old), parties_of((after,), spot.new)
    if old == new:
        bearing = Bearing(Matter.ROUTING, bound=new)
    else:
        moved = {**dict.fromkeys(sorted(old), Effect.LOOSENS), **dict.fromkeys(sorted(new), Effect.TIGHTENS)}
        bearing = between(spot.new, moved)
    names = before or "nobody", after or "nobody"
    sentence = f"{spot.name()}: {names[0]} → {names[1]} answers for it."
    yield spot.says(bearing, spot.name(), sentence, Row(f"{spot.name()}: answered for by", *names))


def _to(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "everybody else who promises") for each in (spot.before, spot.after))
    bearing = weigh_duty(spot, Effect.UNMEASURABLE)
    sentence = f"{spot.name()}: it is promised to {names[0]} → {names[1]}."
    yield spot.says(bearing, spot.name(), sentence, Row(f"{spot.name()}: promised to", names[0], names[1]))


def _gap(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "nobody") for each in (spot.before, spot.after))
    bearing = weigh_duty(spot, Effect.UNMEASURABLE)
    gap = Bearing(Matter.PLAN_GAP, bearing.effects, bearing.bound, bearing.owed)
    sentence = f"{spot.name()}: {names[0]} → {names[1]} makes up the rest of the plan."
    yield spot.says(gap, spot.name(), sentence, Row("The rest of the plan is made up by", names[0], names[1]))


def _kind(spot: Spot) -> Iterator[Amendment]:
    reported = spot.after == INFLUENCE
    said = (
        "it is reported from now on, and never counts as broken"
        if reported
        else "it is promised, no longer reported only"
    )
    effect = Effect.LOOSENS if reported else Effect.TIGHTENS
    row = Row(f"{spot.name()}: is", *("promised", "reported") if reported else ("reported", "promised"))
    yield spot.says(weigh_delivery(spot, effect), spot.name(), f"{spot.name()}: {said}.", row)


def _uplift(spot: Spot) -> Iterator[Amendment]:
    texts = tuple(_beyond(cast("Uplift | None", each)) for each in (spot.before, spot.after))
    said = f"{texts[0]} → {texts[1]}" if all(texts) else f"by {texts[1]}" if texts[1] else f"no longer by {texts[0]}"
    sentence = f"{spot.name()}: the target may exceed what history shows {said}."
    row = Row(f"{spot.name()}: may exceed history by", *(each or "nothing" for each in texts))
    yield spot.says(TECHNICAL, spot.name(), sentence, row)


def _beyond(uplift: Uplift | None) -> str:
    return f"{uplift.by}, because: {uplift.because.rstrip('.')}" if uplift else ""


def _serves(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "no goal by name") for each in (spot.before, spot.after))
    sentence = f"{spot.name()}: it serves {names[0]} → {names[1]}."
    yield spot.says(goal(spot.new), spot.name(), sentence, Row(f"{spot.name()}: serves", names[0], names[1]))


def _evidence(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "nowhere") for each in (spot.before, spot.after))
    sentence = f"{spot.name()}: evidence is kept in {names[0]} → {names[1]}."
    moved = spot.before is not None and spot.after is not None
    bearing = TECHNICAL if moved else measurement(spot.new)
    yield spot.says(bearing, spot.name(), sentence, Row(f"{spot.name()}: evidence", names[0], names[1]))


_TELLERS: Mapping[Pattern, Teller] = {
    (ANY,): _whole,
    (ANY, "by"): _by,
    (ANY, "to"): _to,
    (ANY, "promise"): wording(commitment, "the sentence of the promise"),
    (ANY, "means"): wording(commitment),
    (ANY, "where"): conditions.where,
    (ANY, "measure"): targets.measure,
    (ANY, "evidence"): _evidence,
    (ANY, "clock"): clock,
    **{(ANY, "clock", key): teller for key, teller in CLOCK_TELLERS.items()},
    (ANY, "within"): limits.within,
    (ANY, "target"): targets.target,
    (ANY, "on_time"): targets.on_time,
    (ANY, "aim"): limits.aim,
    (ANY, "stretch"): targets.stretch,
    (ANY, "warn"): targets.warn,
    (ANY, "on_breach"): ladders.steps,
    (ANY, "excused_if"): conditions.excuses,
    (ANY, "excused_by"): excused_by,
    (ANY, "gap_covered_by"): _gap,
    (ANY, "kind"): _kind,
    (ANY, "uplift"): _uplift,
    (ANY, "serves"): _serves,
}
"""Each key of a commitment and what tells its change."""

JUDGES: Mapping[str, Judge] = {"commitments": _judge}
