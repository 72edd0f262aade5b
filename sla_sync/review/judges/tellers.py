"""Tellers that many sections share: a wording, a number or a time, a list of names, a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.reasoning import domain_of
from sla_sync.agreement.sections.reading import Written
from sla_sync.explain.conditions import condition as spoken_condition
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.bearings import GOVERNANCE, TECHNICAL, Bearing, between, of_two, opposite, parties_of
from sla_sync.review.judges.breadth import ALWAYS, breadth, in_guillemets
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import Spot, Teller
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import NOTHING, arrow, named

Thing: TypeAlias = Callable[[Spot], str]
"""Names what a spot is about, as a sentence begins: `Stage «mql»`."""
Weighs: TypeAlias = Callable[[Spot, Effect], Bearing]
"""Says what it bears on when more (tightens) or less (loosens) is asked at a spot."""


def technical(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what only revenue operations keeps."""
    del spot, effect
    return TECHNICAL


def always(bearing: Bearing) -> Weighs:
    """Return what weighs every change of a place alike."""

    def weigh(spot: Spot, effect: Effect) -> Bearing:
        del spot, effect
        return bearing

    return weigh


def wording(thing: Thing, what: str = "its meaning", weighs: Weighs = technical) -> Teller:
    """Return what tells a text for people that no condition depends on."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        said = (
            "is written down" if not spot.before else "is no longer said" if not spot.after else "is worded otherwise"
        )
        rows = (Row(f"{thing(spot)}: {what}", str(spot.before or ""), str(spot.after or "")),)
        yield spot.says(weighs(spot, Effect.UNMEASURABLE), thing(spot), f"{thing(spot)}: {what} {said}.", *rows)

    return tell


@dataclass(frozen=True)
class Figure:
    """How a number or a time is told.

    `more` is the effect of a greater one. `missing` says what it is to say nothing: `more` where nothing stands for no
    bound above, its opposite where it stands for none at all, unmeasurable where neither is so. `unit` follows a number.
    """

    what: str
    more: Effect = Effect.UNMEASURABLE
    missing: Effect = Effect.UNMEASURABLE
    unit: str = ""


def figure(thing: Thing, said: Figure, weighs: Weighs) -> Teller:
    """Return what tells a number, a share, a volume or a time."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        sentence = f"{thing(spot)}: {change_of(said.what, spot.before, spot.after, said.unit)}."
        now, proposed = (spelled(each, said.unit) for each in (spot.before, spot.after))
        row = Row(f"{thing(spot)}: {said.what}", now, proposed)
        yield spot.says(weighs(spot, effect_of(said, spot.before, spot.after)), thing(spot), sentence, row)

    return tell


def effect_of(said: Figure, before: object, after: object) -> Effect:
    """Return the effect of a number or time that was `before` and is `after`."""
    if before is None or after is None:
        return opposite(said.missing) if before is None else said.missing
    match compared(before, after):
        case None:
            return Effect.UNMEASURABLE
        case 0:
            return Effect.NEUTRAL
        case grown:
            return said.more if grown > 0 else opposite(said.more)


def change_of(what: str, before: object, after: object, unit: str = "") -> str:
    """Return a change as the end of a sentence: `the threshold 100 → 90 points`."""
    if before is None:
        return f"{what} is {spelled(after, unit)}, where nothing was said"
    if after is None:
        return f"{what} is no longer said; it was {spelled(before, unit)}"
    if isinstance(before, Undecided):
        return f"{what} is decided: {spelled(after, unit)}"
    if isinstance(after, Undecided):
        return f"{what} is undecided again; it was {spelled(before, unit)}"
    return f"{what} {arrow(spelled(before, unit), spelled(after, unit))}"


@dataclass(frozen=True)
class Listing:
    """How a list of names is told: `{}` stands for the names. `more` is the effect of one more."""

    added: str
    removed: str
    more: Effect
    reordered: str = ""


def names(thing: Thing, said: Listing, weighs: Weighs) -> Teller:
    """Return what tells a list of names: what is new in it is one amendment, what is gone another."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        before, after = (listing(each) for each in (spot.before, spot.after))
        new, gone = [each for each in after if each not in before], [each for each in before if each not in after]
        what = said.added.replace("also ", "").replace(" {}", "")
        row = Row(f"{thing(spot)} {what}", named(before) or NOTHING, named(after) or NOTHING)
        if new:
            sentence = f"{thing(spot)} {said.added.format(named(new))}."
            yield spot.says(weighs(spot, said.more), thing(spot), sentence, row, edits=spot.at(*new))
        if gone:
            sentence = f"{thing(spot)} {said.removed.format(named(gone))}."
            yield spot.says(weighs(spot, opposite(said.more)), thing(spot), sentence, row, edits=spot.at(*gone))
        if not new and not gone and before != after and said.reordered:
            yield spot.says(weighs(spot, Effect.NEUTRAL), thing(spot), f"{thing(spot)} {said.reordered}.", row)

    return tell


def listing(value: object) -> Sequence[str]:
    """Return a list of names, also where nothing stands."""
    return cast("tuple[str, ...]", value or ())


@dataclass(frozen=True)
class Clause:
    """How a condition is told: what it decides (`leads enter`), and what a lead does that it takes now or no longer.

    `wider` is the effect of taking more leads, `missing` the condition that holds where none is written, and `absent` is
    how people say it.
    """

    what: str
    takes: str
    leaves: str
    wider: Effect
    missing: Expression = ALWAYS
    absent: str = "in any case"


def clause(thing: Thing, said: Clause, weighs: Weighs) -> Teller:
    """Return what tells a condition, with a lead that it takes now or no longer."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        effect, sentence, row = clause_told(spot, said, condition_of(spot.before), condition_of(spot.after))
        yield spot.says(
            weighs(spot, effect), thing(spot), f"{thing(spot)}: {sentence}.", Row(f"{thing(spot)}: {said.what}", *row)
        )

    return tell


def clause_told(
    spot: Spot, said: Clause, before: Expression | None, after: Expression | None
) -> tuple[Effect, str, tuple[str, str]]:
    """Return the effect of a changed condition, the change in words, and both conditions as people say them."""
    found = breadth(
        said.missing if before is None else before,
        said.missing if after is None else after,
        domain_of(spot.new),
    )
    written = (said.absent if each is None else f"if {in_guillemets(each)}" for each in (before, after))
    plain = (
        spoken_condition(each, agreement) if each is not None else said.absent
        for each, agreement in ((before, spot.old), (after, spot.new))
    )
    sentence = f"{said.what} {' → '.join(written)}{found.example(said.takes, said.leaves)}"
    now, proposed = plain
    return found.effect(wider=said.wider), sentence, (now, proposed)


def condition_of(value: object) -> Expression | None:
    """Return what a condition says, however it was written; None where none stands."""
    if isinstance(value, Written):
        return cast("Expression", value.value)
    return None


def appears(thing: Thing, weighs: Weighs, *, new: Effect) -> Teller:
    """Return what tells a whole entry that is new or gone; `new` is the effect of one more."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        gone = spot.after is None
        sentence = f"{thing(spot)} is {'gone' if gone else 'new'}."
        yield spot.says(weighs(spot, opposite(new) if gone else new), thing(spot), sentence)

    return tell


def answers_for(thing: Thing, what: str) -> Teller:
    """Return what tells which role answers: a duty goes from side to side, or stays on one side with somebody else."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        before, after = (cast("str | None", each) for each in (spot.before, spot.after))
        old, new = parties_of((before,), spot.old), parties_of((after,), spot.new)
        moved = {**dict.fromkeys(old - new, Effect.LOOSENS), **dict.fromkeys(new - old, Effect.TIGHTENS)}
        now, proposed = (each or "nobody" for each in (before, after))
        row = Row(f"{thing(spot)}: who answers", now, proposed)
        bearing = between(spot.old, moved) if moved else GOVERNANCE
        yield spot.says(bearing, thing(spot), f"{thing(spot)}: {arrow(now, proposed)} answers for {what}.", row)

    return tell


def mixed(one: Effect, *others: Effect) -> Effect:
    """Return the effect of several at once."""
    every = (one, *others)
    if Effect.UNMEASURABLE in every:
        return Effect.UNMEASURABLE
    return of_two(Effect.TIGHTENS in every, Effect.LOOSENS in every)
