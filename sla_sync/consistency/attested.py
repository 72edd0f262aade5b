"""What people vouch for where no platform tells: which points need it, and what becomes of those that it runs out for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sla_sync.agreement.attestations import Attestation, Point
from sla_sync.consistency.sides import Pair
from sla_sync.consistency.verdicts import Found, Outcome

NEEDED: Mapping[Point, str] = {
    Point.DIRECTION: "The rule of each mapping between {names} lets the named writer of the field decide.",
    Point.INCLUSION: "The exchange between {names} takes everybody who qualifies.",
    Point.RIGHTS: "The user by whom {names} are joined may edit every mapped field.",
    Point.TECHNICAL: "No field that sla-sync keeps for itself is mapped between {names}.",
}
"""Points of which no API shows the whole (the settings page of the exchange has none), with what somebody must have seen."""
_LASTS = timedelta(days=90)


def attested(point: Point, found: tuple[Found, ...], pair: Pair) -> tuple[Found, ...]:
    """Return the findings about a point with what people vouch for, or that nobody does where somebody must."""
    about = _about(point, pair)
    valid = [each for _, each in about if each.holds(pair.today)]
    unknown = any(each.outcome is Outcome.UNKNOWN for each in found)
    if valid:
        index, newest = max(((i, each) for i, each in about if each.holds(pair.today)), key=lambda both: both[1].until)
        said = Found(Outcome.ATTESTED, _said(newest), ("attestations", index), pair.vouched)
        lifted = tuple(
            replace(each, outcome=Outcome.ATTESTED) if each.outcome is Outcome.UNKNOWN else each for each in found
        )
        return (*lifted, said) if point in NEEDED or unknown else found
    if point not in NEEDED:
        return found
    if about:
        index, last = max(about, key=lambda both: both[1].until)
        return (*found, _over(index, last, point, pair))
    return (*found, _missing(point, pair))


def _about(point: Point, pair: Pair) -> list[tuple[int, Attestation]]:
    said = pair.attestations.attestations if pair.attestations else ()
    targets = frozenset(side.target for side in pair.sides)
    return [(index, each) for index, each in enumerate(said) if each.point is point and each.about(targets)]


def _said(each: Attestation) -> str:
    return f"{each.by} on {each.on}, until {each.until}: «{each.statement}» ({each.evidence})"


def _over(index: int, last: Attestation, point: Point, pair: Pair) -> Found:
    if last.on > pair.today:
        sentence = f"{last.by} vouches for it from {last.on} on, and today is {pair.today}."
    else:
        sentence = f"What {last.by} vouched for on {last.on} was to be relied on until {last.until}: «{last.statement}»"
    return Found(
        Outcome.DIFFERS,
        sentence,
        ("attestations", index, "until"),
        pair.vouched,
        "Look at it again, and write down when and by whom.",
        snippet(point, pair),
    )


def _missing(point: Point, pair: Pair) -> Found:
    return Found(
        Outcome.UNKNOWN,
        f"No API shows the settings of the exchange, and nobody vouches for this in {pair.vouched}.",
        (),
        pair.vouched,
        "Let somebody look, and add the lines below with what was seen.",
        snippet(point, pair),
    )


def snippet(point: Point, pair: Pair) -> str:
    """Return the lines of an attestation that is still to be made, ready for the document but for its evidence."""
    until = _last_day(pair.today)
    lines = (
        f"  - point: {point}",
        f"    statement: {NEEDED.get(point, 'What was seen.').format(names=pair.names)}",
        f"    by: {_steward(pair)}",
        f"    on: {pair.today}",
        f"    until: {until}",
        "    evidence: <where others can see it>",
        f"    targets: [{pair.first.target}, {pair.second.target}]",
    )
    return "\n".join(lines)


def _last_day(today: date) -> date:
    return today + _LASTS


def _steward(pair: Pair) -> str:
    return pair.roles[0] if pair.roles else "<a role>"
