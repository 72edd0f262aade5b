"""Changes of stages: who qualifies, what must be known, how long a lead may stay, and where it may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.canonical import ORDER
from sla_sync.agreement.sections.stages import Stage
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import (
    TECHNICAL,
    Bearing,
    Sides,
    accountable_for,
    at_stage,
    entry,
    feedback,
    measurement,
    promise,
    sides,
)
from sla_sync.review.judges.breadth import ALWAYS, NEVER, in_guillemets
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import (
    Clause,
    Figure,
    Listing,
    always,
    answers_for,
    clause,
    clause_told,
    condition_of,
    figure,
    names,
    wording,
)
from sla_sync.review.judges.uses import predicate
from sla_sync.review.words import NOTHING, arrow, named


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "stages", _TELLERS)


def stage(spot: Spot) -> str:
    """Return `Stage «mql»`."""
    return f"Stage «{spot.name()}»"


def weigh_stage(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what is asked of a lead at a stage: entry before the hand-over, a duty of whoever answers for it after."""
    return at_stage(spot.old if spot.name() in spot.old.stages else spot.new, spot.name(), effect)


def weigh_holder(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what is asked of whoever answers for the stage."""
    agreement = spot.old if spot.name() in spot.old.stages else spot.new
    return promise(agreement, accountable_for(agreement, spot.name()), effect)


def _weigh_entry(spot: Spot, effect: Effect) -> Bearing:
    return entry(spot.old, effect)


def _whole(spot: Spot) -> Iterator[Amendment]:
    gone = spot.after is None
    hint = "; if it only has another name, say so under `moved`" if gone else ""
    bearing = weigh_stage(spot, Effect.UNMEASURABLE)
    found = cast("Stage", spot.before or spot.after)
    row = spot.one_side(stage(spot), found.means or "without a meaning")
    yield spot.says(bearing, stage(spot), f"{stage(spot)} is {'gone' if gone else 'new'}{hint}.", row)


def _moves(spot: Spot) -> Iterator[Amendment]:
    """Tell each way on that is new, gone, or open on another condition."""
    before, after = (_ways(each, spot.name()) for each in (spot.old.stages, spot.new.stages))
    weighed = _Ways(spot, sides(spot.old))
    row = Row(f"Where a lead goes from {spot.name()}", named(before) or "nowhere", named(after) or "nowhere")
    for name in (each for each in after if each not in before):
        yield weighed.says(name, Effect.LOOSENS, f"{stage(spot)}: a lead may go on to «{name}» now", row)
    for name in (each for each in before if each not in after):
        yield weighed.says(name, Effect.TIGHTENS, f"{stage(spot)}: a lead may no longer go on to «{name}»", row)
    for name in (each for each in after if each in before):
        one, other = condition_of(before[name]), condition_of(after[name])
        if one == other:
            continue
        said = Clause(f"a lead may go on to «{name}»", "may now", "no longer may", Effect.LOOSENS)
        effect, sentence, plain = clause_told(spot, said, one, other)
        yield weighed.says(name, effect, f"{stage(spot)}: {sentence}", Row(f"On to {name}", *plain))


class _Ways:
    """What it is to open (loosens) or close (tightens) a way on from a stage."""

    def __init__(self, spot: Spot, said: Sides) -> None:
        self.spot, self.sides = spot, said

    def says(self, to: str, effect: Effect, sentence: str, row: Row) -> Amendment:
        """Return the amendment of one way."""
        return self.spot.says(self._weighed(to, effect), stage(self.spot), f"{sentence}.", row)

    def _weighed(self, to: str, effect: Effect) -> Bearing:
        """Return what a way means: towards the hand-over it is entry, out of it whoever holds the lead lets go of it.

        What leaves the last stage before the hand-over for a side track is turned down by whoever answers.
        """
        old, here = self.spot.old, self.spot.name()
        following = old.stages.get(to) or self.spot.new.stages.get(to)
        aside = following is None or following.reasons is not None or following.end is not None
        if here not in self.sides.entry:
            return promise(old, accountable_for(old, here), effect)
        if not aside:
            return entry(old, effect)
        handed_over = any(
            accountable_for(old, each) == {self.sides.answering}
            for each in _ways(old.stages, here)
            if each in old.stages
        )
        who = {self.sides.answering} if handed_over and self.sides.answering else accountable_for(old, here)
        return promise(old, who, effect)


def _ways(stages: Mapping[str, Stage], name: str) -> dict[str, object]:
    return dict(stages[name].moves) if name in stages else {}


def _reasons(spot: Spot) -> Iterator[Amendment]:
    before, after = (cast("str | None", each) for each in (spot.before, spot.after))
    readers = {role for each in (before, after) if each for role in spot.new.feedback.get(each, ())}
    if before is None:
        sentence = f"{stage(spot)}: a reason from «{after}» must be given to enter"
    elif after is None:
        sentence = f"{stage(spot)}: no reason must be given to enter; it came from «{before}»"
    else:
        sentence = f"{stage(spot)}: the reason comes from «{before}» → «{after}»"
    yield spot.says(feedback(readers), stage(spot), f"{sentence}.")


def _end(spot: Spot) -> Iterator[Amendment]:
    if spot.before is None:
        sentence = f"{stage(spot)}: the cycle ends here, {spot.after}"
    elif spot.after is None:
        sentence = f"{stage(spot)}: the cycle no longer ends here; it was {spot.before}"
    else:
        sentence = f"{stage(spot)}: the cycle ends {spot.before} → {spot.after}"
    yield spot.says(measurement(spot.old), stage(spot), f"{sentence}.")


def _start(spot: Spot) -> Iterator[Amendment]:
    sentence = f"{stage(spot)}: leads {'begin' if spot.after else 'no longer begin'} here."
    yield spot.says(entry(spot.old, Effect.UNMEASURABLE), stage(spot), sentence)


def _again(spot: Spot) -> Iterator[Amendment]:
    """Tell a wait: a longer one is stricter where leads come in, and keeps others from putting them back too soon."""
    said = Figure("the wait before a lead may enter again", more=Effect.TIGHTENS, missing=Effect.LOOSENS)
    yield from figure(stage, said, weigh_stage)(spot)


def _track(spot: Spot) -> str:
    return f"{stage(spot)}, track «{spot.name(3)}»"


def _weigh_track(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what people get at a stage: a track is nothing but its meaning and who gets it."""
    del effect
    return weigh_holder(spot, Effect.UNMEASURABLE)


def _whole_track(spot: Spot) -> Iterator[Amendment]:
    found = predicate(spot.before or spot.after)
    when = in_guillemets(found) if found is not None else NOTHING
    state = f"is gone; it was for leads with {when}" if spot.after is None else f"is new, for leads with {when}"
    yield spot.says(
        _weigh_track(spot, Effect.UNMEASURABLE),
        stage(spot),
        f"{_track(spot)} {state}.",
        spot.one_side(_track(spot), when),
    )


def _track_order(spot: Spot) -> Iterator[Amendment]:
    name = spot.name()
    old, new = (each.stages[name].tracks if name in each.stages else {} for each in (spot.old, spot.new))
    before, after = [each for each in old if each in new], [each for each in new if each in old]
    if before != after:
        row = Row(f"Tracks of {name}, the first that fits", named(before), named(after))
        sentence = f"{stage(spot)}: the tracks, the first that fits, {arrow(', '.join(before), ', '.join(after))}."
        yield spot.says(_weigh_track(spot, Effect.UNMEASURABLE), stage(spot), sentence, row)


_TELLERS: Mapping[Pattern, Teller] = {
    (ANY,): _whole,
    (ANY, "means"): wording(stage),
    (ANY, "accountable"): answers_for(stage, "it"),
    (ANY, "start"): _start,
    (ANY, "enter_when"): clause(
        stage,
        Clause("leads enter", "enters now", "enters no longer", Effect.LOOSENS, NEVER, "by hand only"),
        weigh_stage,
    ),
    (ANY, "needs"): names(stage, Listing("also needs {}", "no longer needs {}", Effect.TIGHTENS), weigh_stage),
    (ANY, "next"): _moves,
    (ANY, "reasons"): _reasons,
    (ANY, "resets"): names(
        stage,
        Listing(
            "lets {} begin anew when a lead enters", "no longer lets {} begin anew when a lead enters", Effect.TIGHTENS
        ),
        _weigh_entry,
    ),
    (ANY, "again_after"): _again,
    (ANY, "max_age"): figure(
        stage,
        Figure("the longest stay", more=Effect.LOOSENS, missing=Effect.LOOSENS),
        weigh_holder,
    ),
    (ANY, "contact_if"): clause(
        stage,
        Clause("people may be contacted", "may be contacted now", "may no longer be", Effect.LOOSENS, ALWAYS),
        weigh_holder,
    ),
    (ANY, "tracks", ORDER): _track_order,
    (ANY, "tracks", ANY): _whole_track,
    (ANY, "tracks", ANY, "means"): wording(_track, weighs=_weigh_track),
    (ANY, "tracks", ANY, "when"): clause(
        _track, Clause("people get it", "gets it now", "gets it no longer", Effect.UNMEASURABLE), _weigh_track
    ),
    (ANY, "end"): _end,
    (ANY, "then"): names(stage, Listing("also starts {}", "no longer starts {}", Effect.NEUTRAL), always(TECHNICAL)),
}

JUDGES: Mapping[str, Judge] = {"stages": _judge}
