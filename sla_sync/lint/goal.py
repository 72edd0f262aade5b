"""60x: the goal and the plan; whether teams have the time for what is promised is in `load`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.plan_arithmetic import MARKETING
from sla_sync.agreement.quantities import Rate, TopShare
from sla_sync.agreement.sections.goal import Goal
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint import load
from sla_sync.lint.goal_dates import crowded_at_the_end, due_before_the_start
from sla_sync.lint.goal_volumes import below_the_plan, beside_the_plan
from sla_sync.lint.promised import party_of
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_ALL = 100
_FEW, _MOST = 10, 90
_PARTS = ("statement", "metric", "target", "by", "owner")
_COUNTS_LEADS = re.compile(r"(?:^|_)(?:leads?|mqls?|inquir(?:y|ies)|contacts?|signups?|registrations?|raws?)(?:$|_)")
_COUNTS_MONEY = re.compile(r"revenue|pipeline|bookings?|arr|mrr|amount|value")


def not_smart(case: Case) -> Iterator[Remark]:
    """Yield what a goal leaves open: a statement, a metric, a number, a day, an owner."""
    agreement = case.agreement
    if agreement.goal is None and not agreement.goals:
        yield Remark(
            "The agreement has no goal that both parties work for.",
            (),
            "Add `goal` with `statement`, `metric`, `target`, `by` and `owner`.",
            severity=Severity.INFORMATION,
        )
    for path, goal in _goals(agreement):
        lacking = [part for part in _PARTS if getattr(goal, part) in {None, ""}]
        if lacking:
            said = " and ".join(f"`{each}`" for each in lacking)
            yield Remark(f"The goal has no {said}.", path, f"Add {said}.", at_key=True)
        if isinstance(goal.by, date) and goal.by < agreement.metadata.effective.start:
            yield Remark(
                f"The goal is due on {goal.by}, before the agreement begins on {agreement.metadata.effective.start}.",
                (*path, "by"),
                "Correct one of the two days.",
            )


def _goals(agreement: Agreement) -> Iterator[tuple[KeyPath, Goal]]:
    if agreement.goal is not None:
        yield ("goal",), agreement.goal
    yield from ((("goals", name), each) for name, each in agreement.goals.items())


def nothing_to_win(case: Case) -> Iterator[Remark]:
    """Yield parties that promise something and win nothing by the shared goal."""
    agreement = case.agreement
    if agreement.goal is None:
        return
    promising = dict.fromkeys(party_of(each.by, agreement) for each in agreement.commitments.values())
    for party in promising:
        if party is not None and not agreement.goal.benefits.get(party):
            yield Remark(
                f"The goal does not say what the {party} party wins by it.",
                ("goal",),
                f"Add `benefits: {{{party}: …}}` in one sentence.",
                at_key=True,
                absent=True,
            )


def serves_no_goal(case: Case) -> Iterator[Remark]:
    """Yield commitments that say no goal where there are several."""
    agreement = case.agreement
    if len(list(_goals(agreement))) <= 1:
        return
    for name, commitment in agreement.commitments.items():
        if commitment.serves is None:
            yield Remark(
                f"There are several goals, and commitment '{name}' serves none of them.",
                ("commitments", name),
                f"Add `serves: {next(iter(agreement.goals))}`, or `serves: goal` for the shared one.",
                at_key=True,
            )


def counts_leads(case: Case) -> Iterator[Remark]:
    """Yield goals that are reached with leads and without a sale."""
    for path, goal in _goals(case.agreement):
        metric = goal.metric or ""
        if _COUNTS_LEADS.search(metric) and not _COUNTS_MONEY.search(metric):
            yield Remark(
                f"The goal counts '{metric}', and leads alone pay nobody.",
                (*path, "metric"),
                "Name pipeline or revenue, and let commitments count the leads.",
            )


def shares_off(case: Case) -> Iterator[Remark]:
    """Yield source shares that leave a part of the plan to nobody, or give one away twice."""
    for path, goal in _goals(case.agreement):
        shares = goal.plan.sources if goal.plan else {}
        rates = [each for each in shares.values() if isinstance(each, Rate)]
        if not rates or len(rates) < len(shares):
            continue
        total = Rate(sum((each.percent for each in rates), Decimal(0)))
        if total.percent != _ALL:
            yield Remark(
                f"The sources of the plan bring {total} together.",
                (*path, "plan", "sources"),
                "Write shares that make 100%.",
                at_key=True,
            )


def lopsided(case: Case) -> Iterator[Remark]:
    """Yield a share of marketing that is next to nothing, or next to all."""
    for path, goal in _goals(case.agreement):
        share = goal.plan.sources.get(MARKETING) if goal.plan else None
        if isinstance(share, Rate) and not _FEW <= share.percent <= _MOST:
            yield Remark(
                f"The plan expects {share} from marketing.",
                (*path, "plan", "sources", MARKETING),
                f"Check the share: between {_FEW}% and {_MOST}% both parties depend on each other.",
            )


def impossible_shares(case: Case) -> Iterator[Remark]:
    """Yield shares above 100%, and rates of the plan through which nobody comes."""
    for path, value in case.leaves:
        rate = value.rate if isinstance(value, TopShare) else value
        if isinstance(rate, Rate) and rate.percent > _ALL and not {"warn", "uplift"} & set(path):
            yield Remark(f"`{value}` is more than all of them.", path, "Write a share of at most 100%.")
        elif isinstance(rate, Rate) and not rate.percent and "rates" in path:
            yield Remark(
                f"Nobody comes through a rate of {value}, so no number of leads is enough.",
                path,
                "Write the share that does go on.",
            )


_LOAD: Mapping[str, Rule] = {rule.code: rule for rule in load.RULES}

RULES: tuple[Rule, ...] = (
    Rule(
        "SLA601",
        Severity.ERROR,
        "A goal has a statement, a metric, a number, a day and an owner.",
        not_smart,
        because="A goal without a number or a day is never missed, and so never reached.",
        bad="goals: {emea: {statement: Grow together.}}",
        good="goals: {emea: {statement: Win 1.5 million in EMEA., metric: revenue, target: 1500000, "
        "by: 2026-12-31, owner: vp_sales}}",
    ),
    Rule(
        "SLA602",
        Severity.WARNING,
        "Every party that promises something wins by the goal.",
        nothing_to_win,
        because="Who wins nothing by a goal works for another one.",
        bad="goal: {benefits: {sales: pipeline without cold calling}}",
        good="goal: {benefits: {marketing: budget renewed on results, sales: pipeline without cold calling}}",
    ),
    Rule(
        "SLA603",
        Severity.WARNING,
        "Where there are several goals, every commitment serves one.",
        serves_no_goal,
        because="A promise that serves no goal is the first to be dropped, and nobody knows what it costs.",
        bad="goals: {emea_pipeline: {metric: pipeline}}\ncommitments: {volume: {target: 110 per month}}",
        good="goals: {emea_pipeline: {metric: pipeline}}\n"
        "commitments: {volume: {target: 110 per month, serves: emea_pipeline}}",
    ),
    Rule(
        "SLA604",
        Severity.WARNING,
        "A goal counts pipeline or revenue.",
        counts_leads,
        because="A goal in leads is reached by lowering the bar.",
        bad="goal: {metric: mqls, target: 453}",
        good="goal: {metric: marketing_sourced_revenue, target: 1500000}",
    ),
    Rule(
        "SLA605",
        Severity.ERROR,
        "The shares of the sources make 100%.",
        shares_off,
        because="What is missing is brought by nobody, and what is too much is counted twice.",
        bad="goal: {plan: {sources: {marketing: 30%, outbound: 50%}}}",
        good="goal: {plan: {sources: {marketing: 30%, outbound: 50%, partner: 20%}}}",
    ),
    Rule(
        "SLA606",
        Severity.WARNING,
        "Marketing brings between 10% and 90% of what is new.",
        lopsided,
        because="Outside of that one party hardly depends on the other, and the agreement is about something else.",
        bad="goal: {plan: {sources: {marketing: 95%, partner: 5%}}}",
        good="goal: {plan: {sources: {marketing: 30%, outbound: 50%, partner: 20%}}}",
    ),
    Rule(
        "SLA607",
        Severity.ERROR,
        "A changed goal changes the volumes that lead to it.",
        because="A goal that rises alone is a goal that nobody was asked about.",
        bad="goal: {target: 1800000}",
        good="goal: {target: 1800000}\ncommitments: {volume: {target: 130 per month}}",
        needs=Needs.CHANGE,
    ),
    Rule(
        "SLA608",
        Severity.WARNING,
        "A rate of the plan is within a quarter of what history shows.",
        because="A plan with hopeful rates promises leads that nobody can deliver.",
        bad="goal: {plan: {rates: {mql to sal: 90%}}}",
        good="goal: {plan: {rates: from history}}",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA609",
        Severity.ERROR,
        "Shares lie between 0% and 100%, and every rate of the plan lets somebody through.",
        impossible_shares,
        because="A share above the whole is a slip of the pen that every number below it repeats.",
        bad="goal: {plan: {rates: {mql to sal: 170%}}}",
        good="goal: {plan: {rates: {mql to sal: 70%}}}",
    ),
    Rule(
        "SLA610",
        Severity.ERROR,
        "The promised volume is what the plan needs, or somebody covers the gap.",
        below_the_plan,
        because="A promise below the plan is a missed goal that both parties have signed.",
        bad="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month}}",
        good="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month,\n"
        "  gap_covered_by: outbound}}",
    ),
    Rule(
        "SLA611",
        Severity.WARNING,
        "What is promised and covered is the plan, give or take a tenth.",
        beside_the_plan,
        because="Volumes far from the plan show that one of the two was changed alone.",
        bad="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 300 per month}}",
        good="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 151 per month}}",
    ),
    Rule(
        "SLA612",
        Severity.WARNING,
        "A target was met in most months of the past, or says what will change.",
        because="What was reached in one month of three is a hope; say what makes it a promise.",
        bad="commitments: {volume: {target: 150 per month}}",
        good="commitments: {volume: {target: 110 per month, stretch: 150 per month}}",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA613",
        Severity.WARNING,
        "A target is not above everything that was ever reached.",
        because="Nobody knows whether a number can be reached that never was.",
        bad="commitments: {volume: {target: 400 per month}}",
        good="commitments: {volume: {target: 110 per month, stretch: 150 per month}}",
        needs=Needs.HISTORY,
    ),
    _LOAD["SLA614"],
    Rule(
        "SLA615",
        Severity.WARNING,
        "The last two weeks of the quarter have no surge and no holiday.",
        crowded_at_the_end,
        because="What is planned for the last fortnight has no day to recover in.",
        bad="calendars: {office: {events: {fair: {from: 2026-12-21, expected: 300}}}}",
        good="calendars: {office: {events: {fair: {from: 2026-11-02, expected: 300}}}}",
    ),
    _LOAD["SLA616"],
    Rule(
        "SLA617",
        Severity.INFORMATION,
        "History is long enough to estimate from.",
        because="From fewer than six months or a hundred cycles any figure is chance.",
        bad="goal: {plan: {rates: from history}}",
        good="goal: {plan: {rates: {mql to sal: 70%}}}",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA618",
        Severity.WARNING,
        "Some leads for the goal can still come while the agreement is in force.",
        due_before_the_start,
        because="A deal takes its time, so the leads of this quarter's revenue came in the last one.",
        bad="goal:\n"
        "  plan: {revenue: 10000000, sources: {marketing: 100%}, average_deal: 40000, mql_to_close: 120 days,\n"
        "    rates: {mql to won: 10%}}",
        good="goal:\n"
        "  plan: {revenue: 10000000, sources: {marketing: 100%}, average_deal: 40000, mql_to_close: 30 days,\n"
        "    rates: {mql to won: 10%}}",
    ),
)
