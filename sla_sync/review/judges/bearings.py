"""What a change bears on: which row of the matrix, whose duty it touches and how, to whom that is owed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sla_sync.agreement.document import Agreement
from sla_sync.explain.path import main_path
from sla_sync.lint.promised import party_of
from sla_sync.review.amendments import Effect, Matter
from sla_sync.review.voices import parties_that_promise

_ENTRY = {
    Effect.TIGHTENS: Matter.STRICTER_ENTRY,
    Effect.LOOSENS: Matter.LOOSER_ENTRY,
    Effect.UNMEASURABLE: Matter.UNCLEAR_ENTRY,
    Effect.NEUTRAL: Matter.TECHNICAL,
}
_PROMISE = {
    Effect.TIGHTENS: Matter.TIGHTER_PROMISE,
    Effect.LOOSENS: Matter.LOOSER_PROMISE,
    Effect.UNMEASURABLE: Matter.UNCLEAR_PROMISE,
    Effect.NEUTRAL: Matter.TECHNICAL,
}
_OPPOSITES = {Effect.TIGHTENS: Effect.LOOSENS, Effect.LOOSENS: Effect.TIGHTENS}


@dataclass(frozen=True)
class Bearing:
    """What an amendment says beside its sentence."""

    matter: Matter
    effects: Mapping[str, Effect] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    readers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sides:
    """Who delivers leads, who answers them, who promises anything, and the stages before the hand-over.

    `delivering` is the party of the first stage of the way, `answering` the next one on it. Free names: `agency` too.
    """

    delivering: str | None
    answering: str | None
    promising: frozenset[str]
    entry: frozenset[str]


def sides(agreement: Agreement) -> Sides:
    """Return the sides of an agreement."""
    parties = {name: party_of(each.accountable, agreement) for name, each in agreement.stages.items()}
    along = [party for name in main_path(agreement) if (party := parties[name]) is not None]
    delivering = along[0] if along else None
    return Sides(
        delivering=delivering,
        answering=next((each for each in along if each != delivering), None),
        promising=parties_that_promise(agreement),
        entry=frozenset(
            name
            for name, stage in agreement.stages.items()
            if stage.end is None and parties[name] in {delivering, None}
        ),
    )


def parties_of(roles: Iterable[str | None], agreement: Agreement) -> frozenset[str]:
    """Return the parties of roles."""
    return frozenset(party for each in roles if (party := party_of(each, agreement)) is not None)


def opposite(effect: Effect) -> Effect:
    """Return the effect of the change back."""
    return _OPPOSITES.get(effect, effect)


def of_two(harder: object, easier: object) -> Effect:
    """Return the effect of something that may do both: `harder` and `easier` say whether it does each."""
    if harder and easier:
        return Effect.UNMEASURABLE
    return Effect.TIGHTENS if harder else Effect.LOOSENS if easier else Effect.NEUTRAL


def entry(agreement: Agreement, effect: Effect) -> Bearing:
    """Return what it is to make it harder (tightens) or easier to become what is handed over."""
    said = sides(agreement)
    bound, owed = _only(said.delivering), _only(said.answering)
    return Bearing(_ENTRY[effect], _each(bound, effect), bound, owed or said.promising - bound)


def promise(agreement: Agreement, parties: Collection[str], effect: Effect) -> Bearing:
    """Return what it is to ask more or less of some parties; it is owed to the others that promise something."""
    bound = frozenset(parties)
    said = sides(agreement)
    return Bearing(_PROMISE[effect], _each(bound, effect), bound, said.promising - bound)


def between(agreement: Agreement, effects: Mapping[str, Effect]) -> Bearing:
    """Return what it is to move a duty from some parties to others."""
    several = set(effects.values())
    matter = _PROMISE[next(iter(several))] if len(several) == 1 else Matter.UNCLEAR_PROMISE
    bound = frozenset(effects)
    return Bearing(matter, effects, bound, sides(agreement).promising - bound)


def at_stage(agreement: Agreement, stage: str, effect: Effect) -> Bearing:
    """Return what it is to ask more or less of a lead that comes into a stage.

    Before the hand-over it is entry, after it a promise of whoever answers for the stage. Aside, where leads are put
    with a reason or for good, it binds those who put them there: the side that answers.
    """
    said, found = sides(agreement), agreement.stages.get(stage)
    if found is not None and (found.reasons is not None or found.end == "lost"):
        return promise(agreement, _only(said.answering) or accountable_for(agreement, stage), effect)
    if stage in said.entry:
        return entry(agreement, effect)
    return promise(agreement, accountable_for(agreement, stage), effect)


def accountable_for(agreement: Agreement, stage: str) -> frozenset[str]:
    """Return the party that answers for a stage; nobody where no role does."""
    found = agreement.stages.get(stage)
    return parties_of((found.accountable,), agreement) if found else frozenset()


def routing(agreement: Agreement) -> Bearing:
    """Return what it is to choose otherwise among those who answer."""
    return Bearing(Matter.ROUTING, bound=_only(sides(agreement).answering))


def measurement(agreement: Agreement) -> Bearing:
    """Return what it is to count otherwise: it moves the numbers of everybody who promises something."""
    said = sides(agreement).promising
    return Bearing(Matter.MEASUREMENT, _each(said, Effect.UNMEASURABLE), said, said)


def goal(agreement: Agreement) -> Bearing:
    """Return what it is to work for something else."""
    said = sides(agreement).promising
    return Bearing(Matter.GOAL, _each(said, Effect.UNMEASURABLE), said, said)


def feedback(readers: Iterable[str]) -> Bearing:
    """Return what it is to report other reasons to those who read them."""
    return Bearing(Matter.FEEDBACK, readers=frozenset(readers))


GOVERNANCE = Bearing(Matter.GOVERNANCE)
TECHNICAL = Bearing(Matter.TECHNICAL)


def _only(party: str | None) -> frozenset[str]:
    return frozenset() if party is None else frozenset({party})


def _each(parties: Iterable[str], effect: Effect) -> Mapping[str, Effect]:
    return dict.fromkeys(sorted(parties), effect) if effect is not Effect.NEUTRAL else {}
