"""Changes of the document itself: its dates, zone and scope, its glossary, what it renames and what it lives with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.canonical import canonical_agreement
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Effort
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.governance import Accepted
from sla_sync.agreement.sections.header import Effective
from sla_sync.explain.spoken import day
from sla_sync.review.amendments import Amendment, Effect, Matter, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import GOVERNANCE, TECHNICAL, Bearing, goal, measurement, parties_of
from sla_sync.review.judges.breadth import ALWAYS
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Clause, clause
from sla_sync.review.voices import parties_that_promise
from sla_sync.review.words import NOTHING, arrow, quoted

_TOUCH = "touch"
_TOUCHES = frozenset({Moment.TOUCH, Moment.REPLY})
_NOT_MEANING = ("apiVersion", "kind", "metadata", "accepted", "moved")


def _judge(section: str, tellers: Mapping[Pattern, Teller]) -> Judge:
    def judge(ground: Ground) -> Iterator[Amendment]:
        yield from told(ground, section, tellers)

    return judge


def _agreement(spot: Spot) -> str:
    del spot
    return "The agreement"


def _changed(what: str, nothing: str, bearing: Bearing | None = None) -> Teller:
    """Return what tells one line of the header; it is a matter of measurement where no bearing is given."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        now, proposed = (nothing if each is None or each == "" else str(each) for each in (spot.before, spot.after))
        sentence = f"The agreement: {what} {arrow(now, proposed)}."
        said = measurement(spot.old) if bearing is None else bearing
        yield spot.says(said, "The agreement", sentence, Row(f"The agreement: {what}", now, proposed))

    return tell


def _money(what: str, nothing: str) -> Teller:
    """Return what tells in which currency and which year amounts are reckoned."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        yield from _changed(what, nothing, goal(spot.old))(spot)

    return tell


def _effective(spot: Spot) -> Iterator[Amendment]:
    """Tell the days in force. A later first day is how a change takes force; a new period is a new agreement."""
    before, after = cast("Effective", spot.before), cast("Effective", spot.after)
    takes_force = before.until == after.until and _says_more(spot)
    now, proposed = _period(before), _period(after)
    sentence = f"The agreement is in force {now} → {proposed}."
    row = Row("In force", now, proposed)
    yield spot.says(TECHNICAL if takes_force else GOVERNANCE, "The agreement", sentence, row)


def _period(effective: Effective) -> str:
    until = f" until {day(effective.until)}" if effective.until else ""
    return f"from {day(effective.start)}{until}"


def _says_more(spot: Spot) -> bool:
    """Tell whether the two revisions differ in anything besides the header and what no party signs."""
    before, after = (_meaning(each) for each in (spot.old, spot.new))
    return before != after


def _meaning(agreement: Agreement) -> Mapping[str, object]:
    return {name: said for name, said in canonical_agreement(agreement).items() if name not in _NOT_MEANING}


def _term(spot: Spot) -> Iterator[Amendment]:
    """Tell a word of the glossary: what a touch is moves the numbers of those who are measured by touches."""
    label = f"Term {quoted(spot.name())}"
    state = "new" if spot.before is None else "gone" if spot.after is None else "worded otherwise"
    row = Row(label, str(spot.before or NOTHING), str(spot.after or NOTHING))
    bearing = _touched(spot.old) if spot.name() == _TOUCH else TECHNICAL
    yield spot.says(bearing, label, f"{label} is {state}.", row)


def _touched(agreement: Agreement) -> Bearing:
    by = (each.by for each in agreement.commitments.values() if _counts_touches(each))
    everybody = parties_that_promise(agreement)
    effects = dict.fromkeys(sorted(parties_of(by, agreement)), Effect.UNMEASURABLE)
    return Bearing(Matter.MEASUREMENT, effects, everybody, everybody)


def _counts_touches(commitment: Commitment) -> bool:
    measured = commitment.measure is not None and isinstance(commitment.measure.value, Effort)
    return measured or (commitment.clock is not None and commitment.clock.stops.value in _TOUCHES)


def _moved(spot: Spot) -> Iterator[Amendment]:
    """Tell an entry of `moved` that renames nothing now: two words became one, or an old rename is told no more."""
    kind, old = spot.name(1).removesuffix("s"), quoted(spot.name(2))
    if spot.after is None:
        sentence = f"It is no longer said that {kind} {old} became {quoted(str(spot.before))}."
    elif spot.before is None:
        sentence = f"What was {kind} {old} counts as {quoted(str(spot.after))}."
    else:
        sentence = f"What was {kind} {old} counts as {quoted(str(spot.before))} → {quoted(str(spot.after))}."
    yield spot.says(TECHNICAL, f"{kind} {old}", sentence)


def _accepted(spot: Spot) -> Iterator[Amendment]:
    """Tell the findings that are accepted now, no longer, or on other terms: one amendment, for it is upkeep."""
    before, after = (_findings(each) for each in (spot.before, spot.after))
    changed = [key for key in dict.fromkeys((*after, *before)) if before.get(key) != after.get(key)]
    said = [_acceptance(before.get(key), after.get(key)) for key in changed]
    rows = [
        Row(found.code, one.because if one else NOTHING, other.because if other else NOTHING)
        for key in changed
        for one, other in [(before.get(key), after.get(key))]
        if (found := other or one) is not None
    ]
    sentence = f"{'; '.join(said)}." if said else "The accepted findings stand in another order."
    yield spot.says(TECHNICAL, "accepted findings", sentence, *rows)


def _acceptance(before: Accepted | None, after: Accepted | None) -> str:
    found = after or before
    if found is None:
        return ""
    where = f" at {found.at}" if found.at else ""
    if after is None:
        return f"{found.code}{where} is no longer accepted"
    until = f" until {day(after.until)}" if after.until else ""
    return f"{found.code}{where} is accepted{until}{' on other terms' if before else ''}"


def _findings(value: object) -> Mapping[tuple[str, str | None, int], Accepted]:
    found: dict[tuple[str, str | None, int], Accepted] = {}
    for each in cast("tuple[Accepted, ...]", value or ()):
        again = sum((code, at) == (each.code, each.at) for code, at, _ in found)
        found[(each.code, each.at, again)] = each
    return found


def _weigh_scope(spot: Spot, effect: Effect) -> Bearing:
    del effect
    return measurement(spot.old)


_METADATA: Mapping[Pattern, Teller] = {
    ("name",): _changed("its name for platforms is", NOTHING, TECHNICAL),
    ("title",): _changed("its heading is", NOTHING, TECHNICAL),
    ("version",): _changed("its version is", "the first day in force", TECHNICAL),
    ("status",): _changed("it is", NOTHING, TECHNICAL),
    ("effective",): _effective,
    ("timezone",): _changed("months end and reports are made in", NOTHING),
    ("currency",): _money("amounts are in", "no currency by name"),
    ("fiscal_year_start",): _money("the fiscal year begins on", "01-01"),
    ("size",): _changed("the size of the team is", "not said", TECHNICAL),
    ("scope",): clause(
        _agreement,
        Clause("it is about leads", "is in it now", "is in it no longer", Effect.TIGHTENS, ALWAYS),
        _weigh_scope,
    ),
}

JUDGES: Mapping[str, Judge] = {
    "metadata": _judge("metadata", _METADATA),
    "terms": _judge("terms", {(ANY,): _term}),
    "moved": _judge("moved", {(ANY, ANY): _moved}),
    "accepted": _judge("accepted", {(): _accepted}),
}
