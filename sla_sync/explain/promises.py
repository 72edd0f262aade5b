"""A commitment as sentences: what is promised to whom by when, and how exactly that is measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Complete, CountOf, Measure, StageRate
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.commitments import (
    INSIDE_HOURS,
    OUTSIDE_HOURS,
    OWNER_CALENDAR,
    WALL_CLOCK,
    Clock,
    Commitment,
)
from sla_sync.explain import events, measured
from sla_sync.explain.conditions import about, condition
from sla_sync.explain.names import capital, clause, is_many, listed, party, urgency, words
from sla_sync.explain.plan import required_a_month
from sla_sync.explain.spoken import TO_DECIDE, duration, times

_HOURS = {INSIDE_HOURS: "during opening hours", OUTSIDE_HOURS: "outside them"}
_LONGEST_MEANING = 70


def promiser(commitment: Commitment, agreement: Agreement) -> str:
    """Return the side that promises, in words."""
    said = agreement.roles.get(commitment.by or "")
    return party(said.party) if said else "somebody still to be named"


def sentence(commitment: Commitment, agreement: Agreement, *, explained: Collection[str] = ()) -> str:
    """Return the promise as one whole sentence; `explained` are the priorities whose meaning it says in parentheses."""
    who = promiser(commitment, agreement)
    parts = []
    if commitment.measure is not None:
        parts.append(measured.promised(commitment.measure.value, commitment, who, agreement))
        parts[0] += _stretch(commitment, agreement)
        parts += _cover(commitment, agreement)
    if commitment.clock is not None:
        parts.append(_timed(commitment, commitment.clock, who, agreement, explained=explained))
    said = "; ".join(parts) or clause(commitment.sentence)
    if commitment.kind == "influence":
        said = f"reported, and never counted as broken: {said}"
    return f"{capital(said)}."


def _stretch(commitment: Commitment, agreement: Agreement) -> str:
    if commitment.stretch is None or commitment.measure is None:
        return ""
    beyond = measured.stretch(commitment.target, commitment.stretch, agreement, commitment.measure.value)
    subject = "the aim is" if isinstance(commitment.measure.value, StageRate | Complete) else "reaches for"
    return f" and {subject} {beyond}" if subject == "reaches for" else f"; {subject} {beyond}"


def _cover(commitment: Commitment, agreement: Agreement) -> list[str]:
    """Return who makes up the rest of the plan, with its number where the plan is worked out."""
    if commitment.gap_covered_by is None:
        return []
    counts = commitment.measure is not None and isinstance(commitment.measure.value, CountOf)
    needed = required_a_month(agreement) if counts else None
    promised = measured.monthly(commitment.target)
    rest = f" of the plan’s {needed:,}" if needed and promised is not None and promised < needed else ""
    other = words(commitment.gap_covered_by)
    return [f"{other} {'cover' if is_many(other.split()[-1]) else 'covers'} the rest{rest}"]


def _timed(commitment: Commitment, clock: Clock, who: str, agreement: Agreement, *, explained: Collection[str]) -> str:
    start = events.starting(clock.starts.value, clock.of)
    act = events.stopping(clock.stops.value, agreement)
    said = f"once {start}, {who} {act}{limits(commitment, agreement, explained=explained)}"
    if commitment.on_time is not None:
        said += f", {times(commitment.on_time)}"
    outcome = events.outcome(clock.stops.value, agreement)
    if outcome:
        said += f": {outcome}"
    if commitment.aim is not None:
        said += f"; the aim is {_limits(commitment.aim, agreement, lead='', explained=())}"
    return said


def limits(commitment: Commitment, agreement: Agreement, *, explained: Collection[str] = ()) -> str:
    """Return the limits as the end of a clause: ` within two business hours`."""
    if commitment.within is None:
        return ", without a limit" if commitment.aim is None else ""
    said = _limits(commitment.within, agreement, lead="within ", explained=explained)
    return f" {said}" if said else ""


def _limits(
    said: Duration | Undecided | dict[str, Duration | Undecided],
    agreement: Agreement,
    *,
    lead: str,
    explained: Collection[str],
) -> str:
    if not isinstance(said, dict):
        return f"{lead}{duration(said)}"
    each = [
        f"{lead}{duration(length)} {case(name, agreement, explained=explained)}".rstrip()
        for name, length in said.items()
    ]
    return listed(each)


def case(name: str, agreement: Agreement, *, explained: Collection[str] = ()) -> str:
    """Return for which leads a limit holds: `if it is hot (they asked to talk)`, `during opening hours`."""
    if name in _HOURS:
        return _HOURS[name]
    means = clause(agreement.priorities[name].means) if name in agreement.priorities else ""
    meaning = f" ({means})" if name in explained and means and len(means) <= _LONGEST_MEANING else ""
    return f"if it is {urgency(name)}{meaning}"


def details(commitment: Commitment, agreement: Agreement) -> Sequence[tuple[str, str]]:
    """Return what stands beside the promise on the page: label and sentence."""
    rows = [
        ("In figures", figures(commitment, agreement)),
        ("Which leads", f"{capital(about(commitment.where.value, agreement))}." if commitment.where else ""),
        ("Measured", measured.defined(commitment.measure.value, agreement) if commitment.measure else ""),
        ("Clock", _clock(commitment.clock, agreement) if commitment.clock else ""),
        ("Excused", _excuses(commitment, agreement)),
        ("Evidence", f"A link for each period is kept in {commitment.evidence}." if commitment.evidence else ""),
        ("Beyond history", _uplift(commitment)),
        ("Besides", commitment.means),
        ("Serves", _serves(commitment, agreement)),
    ]  # fmt: skip
    return tuple((label, text) for label, text in rows if text)


def _excuses(commitment: Commitment, agreement: Agreement) -> str:
    if_ = commitment.excused_if
    by = commitment.excused_by
    said = [
        f"A miss does not count if {condition(if_.value, agreement)}." if if_ else "",
        f"The duty ends when {events.starting(by.value, None)} before the limit." if by else "",
    ]
    return " ".join(each for each in said if each)


def _uplift(commitment: Commitment) -> str:
    uplift = commitment.uplift
    return f"The target may exceed what history shows by {uplift.by}: {clause(uplift.because)}." if uplift else ""


def _serves(commitment: Commitment, agreement: Agreement) -> str:
    if commitment.serves is None:
        return ""
    named = commitment.serves in agreement.goals
    return f"The goal “{words(commitment.serves)}”." if named else "The shared goal."


def figures(commitment: Commitment, agreement: Agreement) -> str:
    """Return every number of a commitment as it is written: `110 per month; stretch 150 per month`."""
    measure = commitment.measure.value if commitment.measure else None
    found = [
        *_number("", commitment.target, measure, agreement),
        *_lengths("within", commitment.within),
        *([f"on time {commitment.on_time}"] if commitment.on_time is not None else []),
        *_lengths("aim", commitment.aim),
        *_number("stretch ", commitment.stretch, measure, agreement),
        *([f"warning {commitment.warn}"] if commitment.warn is not None else []),
    ]
    return "; ".join(found).replace(str(Undecided.UNDECIDED), TO_DECIDE)


def _number(label: str, target: object, measure: Measure | None, agreement: Agreement) -> list[str]:
    """Return a number with its label; none where each month has its own, for these stand in a table."""
    if target is None or isinstance(target, dict):
        return []
    return [f"{label}{measured.exactly(target, measure, agreement)}"]


def _lengths(label: str, said: Duration | Undecided | dict[str, Duration | Undecided] | None) -> list[str]:
    if said is None:
        return []
    if not isinstance(said, dict):
        return [f"{label} {said}"]
    return [f"{label} " + ", ".join(f"{length} ({words(name)})" for name, length in said.items())]


def _clock(clock: Clock, agreement: Agreement) -> str:
    parts = [
        f"It starts when {events.starting(clock.starts.value, clock.of)} and stops at {events.noun(clock.stops.value)}.",
        _hours(clock, agreement),
    ]
    if clock.pauses is not None:
        parts.append(f"It stands still while {condition(clock.pauses.value, agreement)}.")
    if clock.pauses_on is not None and clock.resumes_on is not None:
        pause = events.starting(clock.pauses_on.value, clock.of)
        parts.append(f"It stands still from when {pause} until {events.starting(clock.resumes_on.value, clock.of)}.")
    if clock.restarts is not None:
        again = (
            "A new owner starts with a fresh clock."
            if clock.restarts.value is Moment.REASSIGNED
            else f"It begins anew when {events.starting(clock.restarts.value, clock.of)}."
        )
        parts.append(again)
    return " ".join(parts)


def _hours(clock: Clock, agreement: Agreement) -> str:
    if clock.runs_in == WALL_CLOCK:
        return "It runs on the wall clock, nights, weekends and holidays included."
    if clock.runs_in == OWNER_CALENDAR:
        used = {each.calendar for each in agreement.teams.values() if each.calendar}
        named = f" ({words(next(iter(used)))})" if len(used) == 1 else ""
        return f"Business time counts in the opening hours of the owner’s team{named}."
    return f"Business time counts in the opening hours of the calendar “{words(clock.runs_in)}”."
