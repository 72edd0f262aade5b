"""The rules that history answers: what each of them finds in what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise, product
from math import floor
from typing import TypeAlias

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import CountOf
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.quantities import Rate
from sla_sync.attainment.shares import ENOUGH, Share
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity
from sla_sync.feasibility.months import FEWEST_CYCLES
from sla_sync.feasibility.outlook import Seen
from sla_sync.feasibility.trends import FEWEST
from sla_sync.feasibility.volumes import Outlook, uplift_of
from sla_sync.lint.acceptance import accepted
from sla_sync.lint.remarks import Case, Remark
from sla_sync.lint.rules import BY_CODE, Finding

FINE, POOR = 0.6, 0.3
"""Of which share of past months a target must have been met to be no hope, and below which it is none at all."""
OFF = 0.25
"""By which share a typed rate may differ from history."""
BESIDE = 0.2
"""By which share what the model would have qualified may differ from what is promised."""
HIGH, FULL = 0.8, 1.0
"""The part of a team's time from which on it is warned, and from which on there is not enough."""

Check: TypeAlias = Callable[[Agreement, Seen], Iterator[Remark]]


def judged(agreement: Agreement, seen: Seen, today: date) -> tuple[Finding, ...]:
    """Return what every rule finds in a history; accepted warnings become information."""
    case = Case(agreement, {}, today)
    return tuple(
        Finding(accepted(_diagnostic(code, remark), case), remark)
        for code, check in CHECKS.items()
        for remark in check(agreement, seen)
    )


def _diagnostic(code: str, remark: Remark) -> Diagnostic:
    severity = remark.severity or BY_CODE[code].severity
    return Diagnostic(code, severity, remark.message, remark.path, hint=remark.hint)


def too_short(agreement: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield that the history is too short to estimate from."""
    stretch = seen.stretch
    if not stretch.is_enough:
        months = len(stretch.months)
        yield Remark(
            f"The history has {months} whole {'month' if months == 1 else 'months'} and {stretch.cycles:,} cycles: too few to "
            f"estimate from, so no estimates are shown.",
            ("goal",) if agreement.goal is not None else ("metadata",),
            f"Wait until there are {FEWEST} months and {FEWEST_CYCLES} cycles, or export a longer history.",
            at_key=True,
        )


def seldom_met(agreement: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield targets that were met in too few months, and say nothing of what will change."""
    for each in seen.volumes:
        if each.chance is None or each.chance.value is None or each.chance.value >= FINE or each.target is None:
            continue
        uplift = uplift_of(agreement.commitments[each.commitment])
        if uplift and each.raised is not None and (each.raised.value or 0.0) >= FINE:
            yield Remark(
                f"{_met(each)} With {uplift:.0%} more in each month it would have been met in {each.raised.part} of "
                f"{each.raised.whole}.",
                ("commitments", each.commitment, "uplift"),
                "See whether what pays for it has begun.",
                severity=Severity.INFORMATION,
            )
            continue
        hopeless = each.chance.value < POOR and not uplift
        yield Remark(
            f"{_met(each)}{_reach(each)}",
            ("commitments", each.commitment, "target"),
            f"Commit to {_whole(each.suggested)} and write the rest as `stretch`, or say in `uplift` what will change.",
            severity=Severity.ERROR if hopeless else Severity.WARNING,
        )


def never_reached(_: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield targets above everything that was ever reached."""
    for each in seen.volumes:
        if each.target is not None and each.highest is not None and each.target > each.highest:
            yield Remark(
                f"Commitment '{each.commitment}' promises {_number(each.target)} a month, and the most that any of "
                f"{len(each.months)} months came to is {_number(each.highest)}.",
                ("commitments", each.commitment, "target"),
                f"Commit to {_whole(each.suggested)}, and write the rest as `stretch`.",
            )


def hopeful_rates(_: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield rates of the plan that differ from what mature cohorts show, by more than chance does."""
    if not seen.stretch.is_enough:
        return
    for each in seen.rates:
        value, interval = each.seen.value, each.seen.interval
        if each.typed is None or not value or interval is None or each.seen.whole < ENOUGH:
            continue
        typed = float(each.typed.share)
        if abs(typed - value) > OFF * value and not interval[0] <= typed <= interval[1]:
            yield Remark(
                f"The plan's rate `{each.key}` is {each.typed}, and history shows {value:.0%} ({each.seen.part:,} of "
                f"{each.seen.whole:,} whose {each.within} are over).",
                ("goal", "plan", "rates", each.key),
                "Write what history shows, or `rates: from history`.",
            )


def grades_out_of_order(agreement: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield grades that nobody had, and those that went on more often than a better one, beyond chance."""
    found = seen.calibration
    if found is None or not found.grades or not seen.stretch.is_enough:
        return
    for name, model in agreement.scoring.items():
        if model.grade is None:
            continue
        path: KeyPath = ("scoring", name, "grade")
        letters, numbers = sorted(map(str, model.grade.fit)), sorted(map(str, model.grade.engagement))
        cells = [f"{letter}{number}" for letter, number in product(letters, numbers)]
        empty = [each for each in cells if each not in found.grades]
        if empty:
            yield Remark(
                f"In the history no lead with the grade {', '.join(empty)} qualified and has had its time.",
                path,
                "Merge grades that nobody has, or look at the points that lead to them.",
                at_key=True,
            )
        rows = [[f"{letter}{number}" for number in numbers] for letter in letters]
        columns = [[f"{letter}{number}" for letter in letters] for number in numbers]
        for better, worse in (pair for line in (*rows, *columns) for pair in pairwise(line)):
            if _falls_short(found.grades.get(better), found.grades.get(worse)):
                yield Remark(
                    f"In the history {worse} went on more often ({_of(found.grades[worse])}) than {better} "
                    f"({_of(found.grades[better])}).",
                    path,
                    "Look at the points of both: a better grade should convert better.",
                    at_key=True,
                )


def another_volume(agreement: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield promised numbers of qualified leads that the model would not have come to by the recorded scores."""
    monthly = seen.backtest.monthly
    if monthly is None or not seen.stretch.is_enough:
        return
    for each in seen.volumes:
        commitment = agreement.commitments[each.commitment]
        measure = commitment.measure.value if commitment.measure is not None else None
        counts = isinstance(measure, CountOf) and measure.stage == qualified_stage(agreement) and measure.where is None
        if counts and commitment.where is None and each.target and abs(monthly - each.target) > BESIDE * each.target:
            yield Remark(
                f"By the scores in the history the model would have qualified {_number(monthly)} leads a month, and commitment "
                f"'{each.commitment}' promises {_number(each.target)}.",
                ("commitments", each.commitment, "target"),
                "Change the threshold or the number until they are one.",
            )


def closed_to_them(_: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield limits on the wall clock that end for so many leads before anybody is there that the promise cannot be kept."""
    if not seen.stretch.is_enough:
        return
    for each in seen.ceilings:
        most = each.reachable.value
        if most is not None and most < 1:
            of = f" for {each.priority}" if each.priority else ""
            yield Remark(
                f"Commitment '{each.commitment}' allows {each.limit}{of} on the wall clock. In the history that was over for "
                f"{each.reachable.whole - each.reachable.part:,} of {each.reachable.whole:,} leads before their team "
                f"opened: at most {most:.0%} can be on time.",
                ("commitments", each.commitment, "within", *([each.priority] if each.priority else [])),
                "Write business time, or limits `inside hours` and `outside hours`.",
            )


def too_often_given(agreement: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield reasons that were given more often than they should be."""
    if seen.rejections is None or not seen.stretch.is_enough:
        return
    for name, reasons in agreement.reasons.items():
        stages = {stage for stage, each in agreement.stages.items() if each.reasons == name}
        bars = [each for each in seen.rejections.bars if each.stage in stages and each.reason in reasons]
        whole = sum(each.count for each in bars)
        for reason, each in reasons.items():
            given = sum(bar.count for bar in bars if bar.reason == reason)
            if isinstance(each.at_most, Rate) and whole >= ENOUGH and given > float(each.at_most.share) * whole:
                yield Remark(
                    f"Reason '{reason}' of list '{name}' was given for {given:,} of {whole:,} exits ({given / whole:.0%}), and "
                    f"{each.at_most} is the most it should have.",
                    ("reasons", name, reason, "at_most"),
                    "Read the notes that were left, and give what comes back a reason of its own.",
                )


def no_time_for_what_came(_: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield teams to which more came than they have time for."""
    if not seen.stretch.is_enough:
        return
    for each in seen.presences:
        if each.hours is None or each.hours.share <= HIGH:
            continue
        yield Remark(
            f"In the history {each.monthly:,.0f} leads a month came to team '{each.team}': {each.hours.demand:,.0f} hours of "
            f"work, and it has {each.hours.supply:,.0f}: {each.hours.share:.0%} of its time.",
            ("teams", each.team, "capacity"),
            "Send fewer leads there, or add members or time.",
            severity=Severity.ERROR if each.hours.share > FULL else None,
        )


def too_few_for_what_came(_: Agreement, seen: Seen) -> Iterator[Remark]:
    """Yield limits that the members who are there cannot keep as often as promised, at the pace at which leads came."""
    if not seen.stretch.is_enough:
        return
    for team in seen.presences:
        for each in team.answering:
            if each.promised is None or each.longer.value is None or team.arrivals is None:
                continue
            if 1 - each.longer.value >= float(each.promised.share):
                continue
            members = "member" if team.people == 1 else "members"
            yield Remark(
                f"Commitment '{each.commitment}' promises {each.promised} on time. In the history {team.arrivals:.1f} leads an "
                f"open hour came to '{team.team}', of which {team.people} present {members} can answer "
                f"{1 - each.longer.value:.0%} within {each.limit:g} business minutes.",
                ("commitments", each.commitment, "within", *([each.priority] if each.priority else [])),
                _more(each.needed),
            )


CHECKS: Mapping[str, Check] = {
    "SLA262": grades_out_of_order,
    "SLA263": another_volume,
    "SLA405": closed_to_them,
    "SLA505": too_often_given,
    "SLA608": hopeful_rates,
    "SLA612": seldom_met,
    "SLA613": never_reached,
    "SLA614": no_time_for_what_came,
    "SLA616": too_few_for_what_came,
    "SLA617": too_short,
}
"""What looks at a history for the rule with each code."""


def _met(each: Outlook) -> str:
    share = each.chance or Share(0, 0)
    return (
        f"Commitment '{each.commitment}' promises {_number(each.target)} a month, and {share.part} of {share.whole} past months "
        f"came to that."
    )


def _reach(each: Outlook) -> str:
    return (
        f" The true chance is at most {each.upper:.0%} (95% sure)." if each.upper is not None and each.upper < 1 else ""
    )


def _more(needed: int | None) -> str:
    people = f"Have {needed} members there, or allow" if needed else "Allow"
    return f"{people} more time, or promise a smaller share."


def _falls_short(better: Share | None, worse: Share | None) -> bool:
    if better is None or worse is None or not (better.may_be_ranked and worse.may_be_ranked):
        return False
    high, low = better.interval, worse.interval
    return high is not None and low is not None and low[0] > high[1]


def _of(share: Share) -> str:
    return f"{share.part:,} of {share.whole:,}"


def _whole(value: float | None) -> str:
    """Return a number to commit to, never more than history gives."""
    return "fewer" if value is None else f"{floor(value):,}"


def _number(value: float | None) -> str:
    return "fewer" if value is None else f"{value:,.1f}".removesuffix(".0")
