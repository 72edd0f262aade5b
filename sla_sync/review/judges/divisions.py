"""Changes of groups and segments: what refers to them decides what it means that a lead falls in or out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from sla_sync.agreement.canonical import ORDER
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression, Is
from sla_sync.agreement.expressions.walk import fields_in, groups_in
from sla_sync.agreement.reasoning import Domain, domain_of
from sla_sync.explain.conditions import condition
from sla_sync.lint.promised import party_of
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import Bearing, entry, promise
from sla_sync.review.judges.breadth import breadth, in_guillemets, with_other_words
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import wording
from sla_sync.review.judges.uses import completeness, conditions, predicate, together, weighed
from sla_sync.review.words import NOTHING, arrow, named, quoted

_SEGMENT = "segment"
_AS_IT_WAS = " as it was"
"""Ends the name of a group or division as it was, beside the one that is proposed; no name of an agreement has a blank."""


_WORDS = frozenset({"groups", "segments"})


def _judge_groups(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "groups", _GROUPS)


def _judge_segments(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "segments", _SEGMENTS)


def _group(spot: Spot) -> str:
    return f"Group {quoted(spot.name())}"


def _segment(spot: Spot) -> str:
    return f"Segment {quoted(spot.name(2))} of {spot.name()}"


def _members(spot: Spot) -> Iterator[Amendment]:
    """Tell a group that is new, gone or holds something else."""
    before, after = (
        [_member(each) for each in cast("tuple[object, ...]", side or ())] for side in (spot.before, spot.after)
    )
    new, gone = [each for each in after if each not in before], [each for each in before if each not in after]
    if spot.before is None or spot.after is None:
        said = f"is {'gone' if spot.after is None else 'new'}: {named(before or after)}"
    else:
        parts = [
            *([f"also holds {named(new)}"] if new else []),
            *([f"no longer holds {named(gone)}"] if gone else []),
        ]
        said = ", and ".join(parts) or "holds the same in another order"
    row = Row(_group(spot), named(before) or NOTHING, named(after) or NOTHING)
    yield spot.says(_group_bearing(spot, len(new), len(gone)), _group(spot), f"{_group(spot)} {said}.", row)


def _member(member: object) -> str:
    return member if isinstance(member, str) else in_guillemets(cast("Expression", member))


def _group_bearing(spot: Spot, new: int, gone: int) -> Bearing:
    name = spot.name()
    bearings = [
        *_by_uses(spot, groups={name: name + _AS_IT_WAS}, fields={}),
        *(_more_fields(each, spot, new, gone) for each in completeness(spot.new, name)),
    ]
    return together(bearings)


def _more_fields(commitment: str, spot: Spot, new: int, gone: int) -> Bearing:
    """Weigh a share of records that are complete: more fields ask more of whoever promises it."""
    party = party_of(spot.new.commitments[commitment].by, spot.new)
    effect = Effect.UNMEASURABLE if new and gone else Effect.TIGHTENS if new else Effect.LOOSENS
    return promise(spot.old, () if party is None else (party,), effect)


def _by_uses(spot: Spot, *, groups: dict[str, str], fields: dict[str, str]) -> Iterator[Bearing]:
    """Yield what the change means wherever a condition refers to what changed."""
    domain = _both(spot, groups, fields)
    concerned = frozenset((*groups, *fields))
    for use in conditions(spot.new):
        # A group or segment that refers to it is a word too: what counts is where these words are used.
        if use.place[0] in _WORDS or not _refers(use.condition, concerned, spot.new):
            continue
        earlier = with_other_words(use.condition, groups=groups, fields=fields)
        # Through another group, or as `segment`, it is referred to without its name; nobody compares these.
        effect = (
            Effect.UNMEASURABLE
            if earlier == use.condition
            else breadth(earlier, use.condition, domain).effect(wider=Effect.LOOSENS)
        )
        if effect is not Effect.NEUTRAL:
            yield weighed(use, spot.new, effect)


def _refers(condition: Expression, names: frozenset[str], agreement: Agreement) -> bool:
    """Tell whether a condition refers to a group or division, itself or through another group."""
    found = {*groups_in(condition), *fields_in(condition)}
    if _SEGMENT in found:
        found |= set(agreement.segments)
    seen: set[str] = set()
    while found - seen:
        name = next(iter(found - seen))
        seen.add(name)
        inner = [each for each in agreement.groups.get(name, ()) if not isinstance(each, str)]
        inner += [each for part in agreement.segments.get(name, {}).values() if (each := predicate(part)) is not None]
        found |= {word for each in inner for word in (*groups_in(each), *fields_in(each))}
    return bool(found & names)


def _both(spot: Spot, groups: Mapping[str, str], fields: Mapping[str, str]) -> Domain:
    """Return the leads of the new agreement, in which what changed also stands as it was."""
    old, new = domain_of(spot.old), domain_of(spot.new)
    return replace(
        new,
        groups={**new.groups, **{later: old.groups.get(name, ()) for name, later in groups.items()}},
        first_match={
            **new.first_match,
            **{later: old.first_match.get(name, {}) for name, later in fields.items()},
        },
    )


def _segment_bearing(spot: Spot) -> Bearing:
    name = spot.name()
    bearings = list(_by_uses(spot, groups={}, fields={name: name + _AS_IT_WAS}))
    parts = set(spot.new.segments.get(name, {})) | set(spot.old.segments.get(name, {}))
    if any(model.for_segment in parts for model in spot.new.scoring.values()):
        bearings.append(entry(spot.old, Effect.UNMEASURABLE))
    return together(bearings)


def _division(spot: Spot) -> Iterator[Amendment]:
    parts = named(cast("Mapping[str, object]", spot.before or spot.after))
    state = "gone" if spot.after is None else "new"
    label = f"Segments by {spot.name()}"
    yield spot.says(_segment_bearing(spot), label, f"{label} are {state}: {parts}.")


def _part(spot: Spot) -> Iterator[Amendment]:
    found = predicate(spot.before or spot.after)
    when = in_guillemets(found) if found is not None else NOTHING
    said = f"is gone; it was for leads with {when}" if spot.after is None else f"is new, for leads with {when}"
    row = spot.one_side(_segment(spot), when)
    yield spot.says(_segment_bearing(spot), _segment(spot), f"{_segment(spot)} {said}.", row)


def _part_when(spot: Spot) -> Iterator[Amendment]:
    before, after = predicate(spot.before), predicate(spot.after)
    if before is None or after is None:
        return
    division, part = spot.name(1), spot.name(2)
    earlier = division + _AS_IT_WAS
    # Which leads fall to it, and not only which fit: the first that fits counts.
    found = breadth(Is(earlier, (part,)), Is(division, (part,)), _both(spot, {}, {division: earlier}))
    example = found.example("is in it now", "is in it no longer")
    sentence = f"{_segment(spot)}: if {in_guillemets(before)} → if {in_guillemets(after)}{example}."
    row = Row(f"A lead is in {spot.name(2)} if", condition(before, spot.old), condition(after, spot.new))
    yield spot.says(_segment_bearing(spot), _segment(spot), sentence, row)


def _part_order(spot: Spot) -> Iterator[Amendment]:
    name = spot.name()
    old, new = (each.segments.get(name, {}) for each in (spot.old, spot.new))
    before, after = [each for each in old if each in new], [each for each in new if each in old]
    if before == after:
        return
    row = Row(f"Segments by {name}, the first that fits", named(before), named(after))
    sentence = f"Segments by {name}, the first that fits: {arrow(', '.join(before), ', '.join(after))}."
    yield replace(spot.says(_segment_bearing(spot), f"Segments by {name}", sentence, row), place=("segments", name))


_GROUPS: Mapping[Pattern, Teller] = {(ANY,): _members}
_SEGMENTS: Mapping[Pattern, Teller] = {
    (ANY,): _division,
    (ANY, ORDER): _part_order,
    (ANY, ANY): _part,
    (ANY, ANY, "means"): wording(_segment),
    (ANY, ANY, "when"): _part_when,
}

JUDGES: Mapping[str, Judge] = {"groups": _judge_groups, "segments": _judge_segments}
