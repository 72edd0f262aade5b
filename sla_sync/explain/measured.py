"""What is counted, in words: the sentence of a promise that has a measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import print_event
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    Need,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import Comparison, Expression
from sla_sync.agreement.quantities import Period, Rate, Undecided, Volume
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.explain.conditions import BOUNDS, condition, fields, group_name
from sla_sync.explain.events import COUNTED, noun
from sla_sync.explain.names import are, listed, plural, team, turns, words
from sla_sync.explain.spoken import TO_DECIDE, counted, duration, month, number, share, share_of, times, volume
from sla_sync.explain.spoken import exact_money as money_exactly
from sla_sync.explain.spoken import money as money_spoken

_ACTS: Mapping[Counter, str] = {
    Counter.TOUCHES: "makes",
    Counter.CALLS: "makes",
    Counter.EMAILS: "sends",
    Counter.MEETINGS: "holds",
    Counter.CHANNELS: "uses",
    Counter.REPLIES: "gets",
}


def promised(measure: Measure, commitment: Commitment, promiser: str, agreement: Agreement) -> str:
    """Return the sentence of what is promised, without its full stop; `promiser` is who promises."""
    target = commitment.target
    match measure:
        case CountOf(stage):
            return f"{promiser} delivers {_amounts(target, plural(stage))}{_counted_how(measure, agreement)}"
        case CountOfEvents(event, where):
            verb, what = _act(event)
            return f"{promiser} {verb} {_amounts(target, what)}{_where(where, agreement)}"
        case SumOf(amount, stage, where):
            what = "" if amount == "amount" else f" of {words(amount)}"
            return f"{promiser} brings {_sums(target, agreement)}{what} in {plural(stage)}{_where(where, agreement)}"
        case StageRate(start, end, within, where):
            return f"{_share(target, plural(start))} {are(end)} within {duration(within)}{_where(where, agreement)}"
        case Effort():
            return _effort(measure, promiser) + _often(target)
        case Complete(group, stage):
            return f"{_share(target, 'leads')} have all of {group_name(group)} filled in when they {are(stage)}"
        case Manual():
            sentence = commitment.sentence.strip().rstrip(".")
            return sentence or f"{promiser} shows the evidence each period"


def defined(measure: Measure, agreement: Agreement) -> str:
    """Return how a measure is taken, as a whole sentence."""
    match measure:
        case CountOf(stage, first, where, once):
            again = "the first time only" if first else "every time"
            per = f", one per account in {duration(once)}" if once else ""
            return f"Counted is each lead that {turns(stage)}, {again}{per}{_where(where, agreement)}."
        case CountOfEvents(event, where):
            return f"Counted are {_events(event)}{_where(where, agreement)}."
        case SumOf(amount, stage, where):
            return f"Added up is the {words(amount)} of all {plural(stage)}{_where(where, agreement)}."
        case StageRate(start, end, within, where):
            return (
                f"Of the {plural(start)} of a month{_where(where, agreement)}, the share that {are(end)} within "
                f"{duration(within)} of the day each {turns(start)}; a lead counts once that time has passed."
            )
        case Effort(before=before):
            leads = f"leads given up as “{words(before)}”" if before else "leads"
            return f"Of all {leads}, the share for which this was done."
        case Complete(group, stage):
            named = [each for each in agreement.groups.get(group, ()) if isinstance(each, str)]
            listed_fields = f" ({fields(named)})" if named else ""
            return (
                f"The share of leads that have every field of {group_name(group)}{listed_fields} at the moment each "
                f"{turns(stage)}; what is filled in later does not count."
            )
        case Manual():
            return "The promiser says so for each period and gives a link to the evidence."


def _where(where: Expression | None, agreement: Agreement) -> str:
    return f", counting leads where {condition(where, agreement)}" if where else ""


def _counted_how(measure: CountOf, agreement: Agreement) -> str:
    once = f", one per account in {duration(measure.once_per_account)}" if measure.once_per_account else ""
    return f"{once}{_where(measure.where, agreement)}"


def _act(event: Counter | Event) -> tuple[str, str]:
    """Return what the promiser does so that an event happens, and what it is called when there are several."""
    if isinstance(event, Counter):
        return _ACTS[event], str(event)
    if event is Moment.MEETING_BOOKED:
        return "books", "meetings"
    return {Moment.REPLY: "gets", Moment.TOUCH: "makes"}.get(event, "sees") if isinstance(
        event, Moment
    ) else "sees", _events(event)


def _events(event: Counter | Event) -> str:
    match event:
        case Counter():
            return str(event)
        case Moment():
            return COUNTED[event]
        case Enters(stage):
            return plural(stage)
        case Leaves(stage):
            return f"leads that leave {words(stage)}"
        case Changes() | Named():
            return f"times “{print_event(event)}”"


def _share(target: object, noun_of_many: str) -> str:
    match target:
        case Rate() | Undecided():
            return share_of(target, noun_of_many)
        case None:
            return f"a share of {noun_of_many}, measured and without a target,"
        case dict():
            return f"{noun_of_many} by the month, {_by_month(target, str)},"
        case _:
            return f"{target} of {noun_of_many}"


def _amounts(target: object, noun_of_many: str) -> str:
    match target:
        case Volume():
            return volume(target, noun_of_many)
        case dict():
            return f"{noun_of_many} by the month: {_by_month(target, _one_amount)}"
        case Undecided():
            return f"{noun_of_many}, how many is {TO_DECIDE}"
        case None:
            return f"{noun_of_many}, which are counted and have no target"
        case _:
            return f"{_one_amount(target)} {noun_of_many}"


def _by_month(months: Mapping[str, object], say: Callable[[object], str]) -> str:
    """Return amounts month by month; the year is said where it begins or changes."""
    said, year = [], ""
    for name, each in months.items():
        in_full = month(name)
        said.append(f"{say(each)} in {in_full if in_full[-4:] != year else in_full[:-5]}")
        year = in_full[-4:]
    return listed(said)


def _one_amount(target: object) -> str:
    match target:
        case Volume(count):
            return number(count)
        case int() | float():
            return number(target)
        case _:
            return str(target)


def _sums(target: object, agreement: Agreement) -> str:
    currency = agreement.metadata.currency
    match target:
        case Volume(count, period, per_member):
            member = " for each member of the team" if per_member else ""
            return f"{money_spoken(count, currency)} a {period}{member}"
        case int() | float():
            return money_spoken(target, currency)
        case dict():
            return _by_month(target, lambda each: _sums(each, agreement))
        case Undecided():
            return f"an amount {TO_DECIDE}"
        case None:
            return "an amount that is measured and has no target"
        case _:
            return f"{target}"


def exactly(target: object, measure: Measure | None, agreement: Agreement) -> str:
    """Return a target in figures: `70%`, `110 per month`, `USD 1,500,000 per quarter`."""
    currency = agreement.metadata.currency
    if isinstance(target, Undecided):
        return TO_DECIDE
    if isinstance(target, Volume) and target.team:
        return f"{number(target.count)} per member of {team(target.team)} per {target.period}"
    if isinstance(measure, SumOf):
        if isinstance(target, Volume) and not target.per_member:
            return f"{money_exactly(target.count, currency)} per {target.period}"
        if isinstance(target, int | float):
            return money_exactly(target, currency)
    return number(target) if isinstance(target, int | float) else str(target)


def stretch(target: object, beyond: object, agreement: Agreement, measure: Measure) -> str:
    """Return the number to strive for, in words; the period is said once where both have the same."""
    if isinstance(measure, SumOf):
        return _sums(beyond, agreement)
    if isinstance(beyond, Volume):
        same = isinstance(target, Volume) and (target.period, target.per_member) == (beyond.period, beyond.per_member)
        return number(beyond.count) if same else volume(beyond)
    if isinstance(beyond, dict):
        return _by_month(beyond, _one_amount)
    return share(beyond) if isinstance(beyond, Rate) else _one_amount(beyond)


def monthly(target: object) -> float | None:
    """Return what a volume comes to in a month; None for what is no volume of a team as a whole."""
    parts = {Period.MONTH: 1.0, Period.QUARTER: 1 / 3, Period.YEAR: 1 / 12}
    if isinstance(target, Volume) and not target.per_member and target.period in parts:
        return float(target.count) * parts[target.period]
    return None


def _often(target: object) -> str:
    if isinstance(target, Rate | Undecided):
        return f", {times(target)}"
    return "" if target is None else f", {target}"


def _effort(effort: Effort, promiser: str) -> str:
    before = f"before a lead is given up as “{words(effort.before)}”, " if effort.before else ""
    within = f" within {duration(effort.within)}" if effort.within else ""
    of = f" of {noun(effort.of)}" if effort.of else ""
    return f"{before}{promiser} {_needs(effort.needs)}{within}{of}"


def _needs(needs: tuple[Need, ...]) -> str:
    kinds = [each.counter for each in needs]
    together = kinds == [Counter.TOUCHES, Counter.CHANNELS] and {each.comparison for each in needs} == {
        Comparison.GREATER_OR_EQUAL
    }
    if together:
        return f"makes at least {_many(needs[0])} on at least {_many(needs[1])}"
    acts = [(_ACTS[each.counter], BOUNDS[each.comparison].format(_many(each))) for each in needs]
    said = [
        f"{verb} {what}" if not index or verb != acts[index - 1][0] else what for index, (verb, what) in enumerate(acts)
    ]
    return listed(said)


def _many(need: Need) -> str:
    noun_of_many = str(need.counter)
    one = {"touches": "touch", "replies": "reply"}.get(noun_of_many, noun_of_many.removesuffix("s"))
    return f"{counted(need.count)} {one if need.count == 1 else noun_of_many}"
