"""Which promises a place of an agreement bears on: the commitment itself, or those whose clock or measure rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import get_args

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.events import Enters, Leaves, Moment
from sla_sync.agreement.expressions.measures import Complete, CountOf, Effort, StageRate, SumOf
from sla_sync.agreement.expressions.tree import AtLeast, Expression, InGroup, Is, ScoreReaches
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Commitment
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import KeyPath
from sla_sync.explain.promises import limits, sentence
from sla_sync.lint.mentions import mentions
from sla_sync.lint.vocabulary import Kind
from sla_sync.reconcile.drift import Stake

_SECTIONS: Mapping[Kind, str] = {
    Kind.ROLE: "roles",
    Kind.TEAM: "teams",
    Kind.QUEUE: "queues",
    Kind.CALENDAR: "calendars",
    Kind.STAGE: "stages",
    Kind.PRIORITY: "priorities",
    Kind.REASON_LIST: "reasons",
    Kind.SOURCE: "sources",
    Kind.MODEL: "scoring",
}
"""Where a word of a kind is defined; what other kinds name does not decide whether a promise is kept."""

_ALL: KeyPath = ("commitments",)
_VALUES_OF: Mapping[str, str] = {"source": "sources", "stage": "stages", "priority": "priorities", "team": "teams"}
_EXPRESSIONS = get_args(Expression)
_SCORES = frozenset({"score", "fit", "engagement", "grade"})
_NOT_FOLLOWED = frozenset({("goal",), ("serves",), ("next",), ("reports_to",), ("gap_covered_by",)})
"""Keys whose words do not decide whether a promise is kept: following stages lead through the whole agreement."""

_MOMENTS: Mapping[Moment, tuple[KeyPath, ...]] = {
    Moment.RAISED: (("sources",),),
    Moment.ASSIGNED: (("routing",),),
    Moment.REASSIGNED: (("routing",),),
    Moment.TOUCH: (("terms", "touch"),),
}


def stakes(agreement: Agreement, origin: KeyPath) -> tuple[Stake, ...]:
    """Return the promises that a place bears on, in the order of the agreement; none for a place that no promise needs."""
    return bearing(agreement)(origin)


def bearing(agreement: Agreement) -> Callable[[KeyPath], tuple[Stake, ...]]:
    """Return what tells of any place what `stakes` tells of one: all places of an audit are asked of one agreement."""
    links = _links(agreement)
    rests = [
        (Stake(name, told(said, agreement), said.kind == "produce"), _reached(("commitments", name), links))
        for name, said in agreement.commitments.items()
    ]

    clocked = {name for name, said in agreement.commitments.items() if said.clock is not None}

    def at(origin: KeyPath) -> tuple[Stake, ...]:
        if origin == _ALL and clocked:
            # What a platform holds for all commitments at once are their clocks; what is counted rests on other places.
            return tuple(stake for stake, _ in rests if stake.commitment in clocked)
        return tuple(stake for stake, places in rests if origin and any(_meet(origin, each) for each in places))

    return at


def told(commitment: Commitment, agreement: Agreement) -> str:
    """Return a promise in one sentence, as somebody wrote it where somebody did, with its limits."""
    if not commitment.sentence:
        return sentence(commitment, agreement)
    within = limits(commitment, agreement) if commitment.within is not None else ""
    return f"{commitment.sentence.rstrip('.')}{':' if within else ''}{within}."


def _meet(origin: KeyPath, place: KeyPath) -> bool:
    shared = min(len(origin), len(place))
    return origin[:shared] == place[:shared]


def _reached(start: KeyPath, links: Mapping[KeyPath, Collection[KeyPath]]) -> Collection[KeyPath]:
    found, waiting = {start}, [start]
    while waiting:
        for each in links.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _links(agreement: Agreement) -> Mapping[KeyPath, Collection[KeyPath]]:
    """Return place → the places on which what stands there rests; a place is a section, or a word of one."""
    found: dict[KeyPath, set[KeyPath]] = defaultdict(set)
    for path, value in leaves(agreement):
        if isinstance(value, Written):
            found[_place(path)].update(_places_in(value.value, agreement))
    for mention in mentions(agreement):
        if _NOT_FOLLOWED.isdisjoint((each,) for each in mention.path):
            found[_place(mention.path)].update(
                (_SECTIONS[kind], mention.word) for kind in mention.kinds if kind in _SECTIONS
            )
    for name, commitment in agreement.commitments.items():
        found["commitments", name].update(_of_clock(commitment, agreement))
    main = next(iter(agreement.calendars), None)
    for name, team in agreement.teams.items():
        if team.calendar is None and main is not None:
            found["teams", name].add(("calendars", main))
    for name in agreement.sources:
        found["sources",].add(("sources", name))
    return found


def _place(path: KeyPath) -> KeyPath:
    """Return the section or the word of one that a path leads through; a route is no word."""
    return path[:1] if path[0] in {"routing", "quality", "handoff"} else path[:2]


def _of_clock(commitment: Commitment, agreement: Agreement) -> Iterator[KeyPath]:
    clock = commitment.clock
    if clock is None:
        return
    entry = qualified_stage(agreement)
    if isinstance(clock.starts.value, Moment) and entry is not None:
        # Nothing is raised to sales, assigned or accepted before it qualifies.
        yield ("stages", entry)
    if clock.runs_in == OWNER_CALENDAR:
        yield from (("teams", name) for name in agreement.teams)
    elif clock.runs_in != WALL_CLOCK:
        yield ("calendars", clock.runs_in)


def _places_in(meaning: object, agreement: Agreement) -> Iterator[KeyPath]:
    """Yield the places on which an expression, an event or a measure rests."""
    match meaning:
        case Moment():
            yield from _MOMENTS.get(meaning, ())
        case Enters(stage) | CountOf(stage=stage) | SumOf(stage=stage) | Complete(stage=stage):
            yield ("stages", stage)
        case Leaves(stage):
            yield ("stages", stage)
            left = agreement.stages.get(stage)
            yield from (("stages", each) for each in (left.moves if left else ()))
        case StageRate():
            yield from (("stages", meaning.start), ("stages", meaning.end))
        case Effort():
            yield ("terms", "touch")
            yield from _where_given(meaning.before, agreement)
        case _:
            pass
    where = getattr(meaning, "where", None)
    if isinstance(where, _EXPRESSIONS):
        yield from _places_in_terms(where, agreement)
    elif isinstance(meaning, _EXPRESSIONS):
        yield from _places_in_terms(meaning, agreement)


def _places_in_terms(expression: Expression, agreement: Agreement) -> Iterator[KeyPath]:
    for term in terms_in(expression):
        match term:
            case ScoreReaches():
                yield ("scoring", term.model) if term.model else ("scoring",)
            case InGroup() | AtLeast():
                yield ("groups", term.group)
            case Is() if term.field in _VALUES_OF:
                yield from ((_VALUES_OF[term.field], value) for value in term.values)
            case Is() if term.field in agreement.commitments:
                yield ("commitments", term.field)
            case _:
                pass
        if getattr(term, "field", None) in _SCORES:
            yield ("scoring",)


def _where_given(reason: str | None, agreement: Agreement) -> Iterator[KeyPath]:
    """Yield the list in which a reason stands, and the stages that ask for it."""
    for name, reasons in agreement.reasons.items():
        if reason in reasons:
            yield ("reasons", name)
            yield from (("stages", stage) for stage, each in agreement.stages.items() if each.reasons == name)
