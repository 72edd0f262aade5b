"""Changes of scoring: thresholds, points, caps and fading, each told by itself with its own direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.canonical import ORDER
from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.expressions.walk import fields_in
from sla_sync.agreement.quantities import TopShare, Undecided
from sla_sync.agreement.sections.amounts import parse_bracket
from sla_sync.agreement.sections.scoring import Decay, Signal
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import Bearing, entry, measurement, opposite
from sla_sync.review.judges.breadth import NEVER
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import (
    Clause,
    Figure,
    Listing,
    change_of,
    clause,
    effect_of,
    figure,
    names,
    wording,
)
from sla_sync.review.judges.uses import conditions, together, weighed
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import NOTHING, arrow, quoted

_POINTS = "points"
_SIDES: Mapping[str, str] = {"fit": "the fit", "engagement": "the engagement"}


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "scoring", _TELLERS)


def weigh_entry(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what makes it harder (tightens) or easier to become what is handed over."""
    return entry(spot.old, effect)


def _model(spot: Spot) -> str:
    return f"Scoring {quoted(spot.name())}"


def _side(spot: Spot) -> str:
    return f"{_model(spot)}, {spot.name(2)}"


def _graded_side(spot: Spot) -> str:
    return f"{_model(spot)}, {spot.name(3)}"


def _signal_of(spot: Spot) -> str:
    return f"{_model(spot)}: {quoted(spot.name(4))}"


def _threshold(spot: Spot) -> Iterator[Amendment]:
    """Tell the threshold; a larger share at the top is easier to reach, more points are harder."""
    share = isinstance(spot.before, TopShare) and isinstance(spot.after, TopShare)
    said = Figure("the threshold", more=Effect.LOOSENS if share else Effect.TIGHTENS, unit=_POINTS)
    now, proposed = (spelled(each, _POINTS) for each in (spot.before, spot.after))
    sentence = f"{_model(spot)}: {change_of(said.what, spot.before, spot.after, _POINTS)}."
    row = Row("A lead is ready at", now, proposed)
    yield spot.says(weigh_entry(spot, effect_of(said, spot.before, spot.after)), _model(spot), sentence, row)


def _signal(spot: Spot) -> Iterator[Amendment]:
    """Tell a rule that is new or gone: one that gives points makes it easier, one that takes them harder."""
    found = cast("Signal", spot.before or spot.after)
    gives = Effect.UNMEASURABLE if isinstance(found.points, Undecided) else _giving(found.points)
    worth = spelled(found.points, _POINTS)
    condition = print_expression(found.when.value)
    if spot.after is None:
        sentence = f"{_signal_of(spot)} no longer counts; it gave {worth} if {quoted(condition)}"
    else:
        sentence = f"{_signal_of(spot)} counts now: {worth} if {quoted(condition)}"
    yield spot.says(
        weigh_entry(spot, opposite(gives) if spot.after is None else gives),
        _model(spot),
        f"{sentence}.",
        Row(
            f"Points for {spot.name(4)}",
            NOTHING if spot.before is None else worth,
            NOTHING if spot.after is None else worth,
        ),
    )


def _giving(points: float) -> Effect:
    return Effect.LOOSENS if points > 0 else Effect.TIGHTENS if points < 0 else Effect.NEUTRAL


def _points(spot: Spot) -> Iterator[Amendment]:
    said = Figure("gives", more=Effect.LOOSENS, unit=_POINTS)
    now, proposed = (spelled(each, _POINTS) for each in (spot.before, spot.after))
    if isinstance(spot.before, Undecided) or isinstance(spot.after, Undecided):
        sentence = f"{_signal_of(spot)}: {change_of('the number of points', spot.before, spot.after, _POINTS)}."
    else:
        sentence = f"{_signal_of(spot)} gives {arrow(now, proposed)}."
    yield spot.says(
        weigh_entry(spot, effect_of(said, spot.before, spot.after)),
        _model(spot),
        sentence,
        Row(f"Points for {spot.name(4)}", now, proposed),
    )


def _rule_points(spot: Spot) -> int | Undecided:
    """Return the points of the rule in which a spot stands, as they are proposed."""
    model = spot.new.scoring[spot.name()]
    side = model.fit if spot.name(2) == "fit" else model.engagement
    return side.add[spot.name(4)].points if side else 0


def _signal_when(spot: Spot) -> Iterator[Amendment]:
    """Tell the condition of a rule: more leads get its points, or fewer."""
    points = _rule_points(spot)
    wider = Effect.UNMEASURABLE if isinstance(points, Undecided) else _giving(points)
    said = Clause("it counts", "gets the points now", "gets them no longer", wider, NEVER)
    yield from clause(_signal_of, said, weigh_entry)(spot)


def _signal_often(spot: Spot) -> Iterator[Amendment]:
    """Tell how often a rule counts; nothing said is no bound."""
    points = _rule_points(spot)
    more = Effect.UNMEASURABLE if isinstance(points, Undecided) else _giving(points)
    yield from figure(_signal_of, Figure("it counts", more=more, missing=more), weigh_entry)(spot)


def _brackets(spot: Spot) -> Iterator[Amendment]:
    """Tell the points by number of a field: all up is easier, all down harder; otherwise nobody can tell."""
    name = spot.name(4)
    before, after = (_by_bracket(each) for each in (spot.before, spot.after))
    effect = Effect.UNMEASURABLE
    if set(before) == set(after):
        signs = {compared(before[each], after[each]) for each in after} - {0}
        effect = Effect.LOOSENS if signs == {1} else Effect.TIGHTENS if signs == {-1} else Effect.UNMEASURABLE
    changed = [each for each in dict.fromkeys((*after, *before)) if before.get(each) != after.get(each)]
    said = [f"{each} {arrow(*(_worth(side.get(each)) for side in (before, after)))}" for each in changed]
    now, proposed = ("; ".join(f"{each} {_worth(points)}" for each, points in side.items()) for side in (before, after))
    row = Row(f"Points by {name}", now or NOTHING, proposed or NOTHING)
    yield spot.says(
        weigh_entry(spot, effect), _model(spot), f"{_model(spot)}: points by {name}: {'; '.join(said)}.", row
    )


def _by_bracket(brackets: object) -> Mapping[str, object]:
    said = cast("Mapping[str, object]", brackets or {})
    return {str(parse_bracket(text)): points for text, points in said.items()}


def _worth(points: object) -> str:
    return NOTHING if points is None else spelled(points, _POINTS)


def _decay(spot: Spot) -> Iterator[Amendment]:
    """Tell fading that begins or ends: points that fade make it harder."""
    found = cast("Decay", spot.after or spot.before)
    effect = Effect.LOOSENS if spot.after is None else Effect.TIGHTENS
    begins = f" after {found.after}" if found.after is not None else ""
    often = f", every {found.every}" if found.every is not None else ""
    fading = f"{spelled(found.points, _POINTS)}{begins}{often}"
    sentence = f"{_side(spot)}: points {'no longer fade' if spot.after is None else f'fade now: {fading}'}."
    now, proposed = (NOTHING if each is None else fading for each in (spot.before, spot.after))
    yield spot.says(weigh_entry(spot, effect), _model(spot), sentence, Row("Points fade", now, proposed))


def _grade(spot: Spot) -> Iterator[Amendment]:
    """Tell where a grade begins. Grades order leads; whoever sets conditions on them decides what that means."""
    now, proposed = (_cut(each) for each in (spot.before, spot.after))
    label = f"{_graded_side(spot)}: grade {spot.name(4)}"
    if spot.before is None or spot.after is None:
        sentence = f"{label} is {'gone' if spot.after is None else f'new: {proposed}'}."
    else:
        sentence = f"{label} from {arrow(now, proposed)}."
    yield spot.says(_graded(spot), _model(spot), sentence, Row(f"Grade {spot.name(4)}", now, proposed))


def _graded(spot: Spot) -> Bearing:
    """Weigh a cut of a grade by the conditions that read grades; where none does, people read them all the same."""
    uses = [each for each in conditions(spot.new) if "grade" in fields_in(each.condition)]
    if not uses:
        return measurement(spot.old)
    return together(weighed(each, spot.new, Effect.UNMEASURABLE) for each in uses)


def _cut(cut: object) -> str:
    if cut is None:
        return NOTHING
    return (
        spelled(cut, _POINTS) if isinstance(cut, int | float | Undecided) else print_expression(cast("Expression", cut))
    )


def _grade_order(spot: Spot) -> Iterator[Amendment]:
    sentence = f"{_graded_side(spot)}: the grades stand in another order, and the first that holds counts."
    yield spot.says(_graded(spot), _model(spot), sentence)


def _grades(spot: Spot) -> Iterator[Amendment]:
    sentence = f"{_model(spot)}: grades are {'no longer given' if spot.after is None else 'given now'}."
    yield spot.says(_graded(spot), _model(spot), sentence)


def _whole_side(spot: Spot) -> Iterator[Amendment]:
    effect = Effect.TIGHTENS if spot.after is None else Effect.LOOSENS
    sentence = f"{_model(spot)}: {_SIDES[spot.name(2)]} {'no longer counts' if spot.after is None else 'counts now'}."
    yield spot.says(weigh_entry(spot, effect), _model(spot), sentence)


def _whole(spot: Spot) -> Iterator[Amendment]:
    sentence = f"{_model(spot)} is {'gone' if spot.after is None else 'new'}."
    yield spot.says(weigh_entry(spot, Effect.UNMEASURABLE), _model(spot), sentence)


def _resets(spot: Spot) -> Iterator[Amendment]:
    said = Clause("the score begins anew", "begins anew now", "begins anew no longer", Effect.TIGHTENS, NEVER, "never")
    yield from clause(_model, said, weigh_entry)(spot)


def _segment(spot: Spot) -> Iterator[Amendment]:
    now, proposed = (str(each) if each is not None else "all leads" for each in (spot.before, spot.after))
    sentence = f"{_model(spot)}: it scores {arrow(now, proposed)}."
    yield spot.says(weigh_entry(spot, Effect.UNMEASURABLE), _model(spot), sentence, Row("Scores", now, proposed))


def _kept_in(spot: Spot) -> Iterator[Amendment]:
    """Tell whose platform computes the score: every number may differ there."""
    now, proposed = (str(each) if each is not None else "no platform by name" for each in (spot.before, spot.after))
    sentence = f"{_model(spot)}: the score is computed in {arrow(now, proposed)}."
    yield spot.says(measurement(spot.old), _model(spot), sentence, Row("Computed in", now, proposed))


_FADING = {
    "points": Figure("each step of fading", more=Effect.LOOSENS, unit=_POINTS),
    "after": Figure("fading begins after", more=Effect.LOOSENS, missing=Effect.TIGHTENS),
    "every": Figure("the time between two steps of fading", more=Effect.LOOSENS, missing=Effect.LOOSENS),
}

_TELLERS: Mapping[Pattern, Teller] = {
    (ANY,): _whole,
    (ANY, "means"): wording(_model),
    (ANY, "threshold"): _threshold,
    (ANY, "floor"): figure(
        _model, Figure("the floor", more=Effect.LOOSENS, missing=Effect.TIGHTENS, unit=_POINTS), weigh_entry
    ),
    (ANY, "resets_when"): _resets,
    (ANY, "exclude"): names(_model, Listing("no longer scores {}", "scores {} again", Effect.TIGHTENS), weigh_entry),
    (ANY, "for"): _segment,
    (ANY, "precedence"): figure(_model, Figure("its place among several models"), weigh_entry),
    (ANY, "kept_in"): _kept_in,
    (ANY, "grade"): _grades,
    **{
        pattern: teller
        for side in _SIDES
        for pattern, teller in (
            ((ANY, side), _whole_side),
            (
                (ANY, side, "max"),
                figure(
                    _side,
                    Figure("the cap", more=Effect.LOOSENS, missing=Effect.LOOSENS, unit=_POINTS),
                    weigh_entry,
                ),
            ),
            ((ANY, side, "add", ANY), _signal),
            ((ANY, side, "add", ANY, "means"), wording(_signal_of)),
            ((ANY, side, "add", ANY, "when"), _signal_when),
            ((ANY, side, "add", ANY, "points"), _points),
            ((ANY, side, "add", ANY, "at_most"), _signal_often),
            ((ANY, side, "brackets", ANY), _brackets),
            ((ANY, side, "decay"), _decay),
            *(((ANY, side, "decay", key), figure(_side, said, weigh_entry)) for key, said in _FADING.items()),
            ((ANY, "grade", side, ORDER), _grade_order),
            ((ANY, "grade", side, ANY), _grade),
        )
    },
}

JUDGES: Mapping[str, Judge] = {"scoring": _judge}
