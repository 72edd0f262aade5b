"""30x: who is answered, what stops the clock of an answer, and what follows when it does not stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Leaves, Moment
from sla_sync.agreement.expressions.measures import Counter, CountOfEvents, Effort
from sla_sync.agreement.expressions.tree import Expression, Is, Known, Not
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.reasoning import Lead, domain_of, example
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.diagnostics import Severity
from sla_sync.lint.on_the_clock import usual_seconds
from sla_sync.lint.plain_week import plain_week
from sla_sync.lint.promised import EVERY_LEAD, by_status, decided_limits, leads_of, responses
from sla_sync.lint.remarks import Case, Remark, Rule

_TOUCHING = frozenset({Counter.TOUCHES, Counter.CALLS, Counter.EMAILS, Counter.MEETINGS, Counter.CHANNELS})


def nobody_answers_them(case: Case) -> Iterator[Remark]:
    """Yield each priority, and the leads that match none, where a qualified lead may wait without a promise."""
    agreement, domain = case.agreement, domain_of(case.agreement)
    found = responses(agreement).values()
    touching = [each for each in found if each.clock and not by_status(each.clock.stops.value)]
    # A change of status answers nobody; it counts only where nothing else is promised, and SLA315 says so.
    answered = [leads_of(each) for each in touching or found]
    if not answered:
        yield Remark(
            "No commitment says how soon a lead is answered.",
            ("commitments",),
            "Add a commitment with a `clock` that starts at `assigned` and stops at `touch`.",
            at_key=True,
            absent=True,
        )
        return
    qualified = qualified_stage(agreement)
    here: list[Expression] = [Is("stage", (qualified,))] if qualified else []
    kinds: list[tuple[str, Expression]] = [(name, Is("priority", (name,))) for name in agreement.priorities]
    kinds.append(("", Not(Known("priority")) if kinds else EVERY_LEAD))
    for name, kind in kinds:
        lead = example(domain, holds=[*here, kind], fails=answered)
        if isinstance(lead, Lead) and name:
            yield Remark(
                f"Priority '{name}' has no response commitment: nobody has to answer {lead}.",
                ("priorities", name),
                f"Give '{name}' a limit in `within` of a commitment that stops at `touch`.",
                at_key=True,
            )
        elif isinstance(lead, Lead):
            which = "Leads that match no priority" if agreement.priorities else "Some leads"
            yield Remark(
                f"{which} have no response commitment: nobody has to answer {lead}.",
                ("priorities",) if agreement.priorities else ("commitments",),
                "Add a last priority that takes them, or a limit for all.",
                at_key=True,
            )


def without_consequence(case: Case) -> Iterator[Remark]:
    """Yield response commitments of whose breach nobody hears, before or after."""
    for name, commitment in responses(case.agreement).items():
        if commitment.warn is None and not commitment.on_breach and commitment.kind == "produce":
            yield Remark(
                f"Nobody is warned before commitment '{name}' is broken, and nothing follows when it is.",
                ("commitments", name),
                "Add `warn: at 50%`, or `on_breach` with who hears of it.",
                at_key=True,
                absent=True,
            )


def ends_before_the_follow_up(case: Case) -> Iterator[Remark]:
    """Yield efforts whose window is longer than a lead may stay in the stages in which it is worked."""
    agreement = case.agreement
    week = next((plain_week(each.week) for each in agreement.calendars.values()), None)
    for name, commitment in agreement.commitments.items():
        effort = commitment.measure.value if commitment.measure else None
        if not isinstance(effort, Effort) or effort.before is None or effort.within is None:
            continue
        length = _longest_stay(case, effort.before)
        if length is not None and usual_seconds(effort.within, week) > sum(
            usual_seconds(each, week) for each in length.values()
        ):
            said = " and ".join(f"'{stage}' for {limit}" for stage, limit in length.items())
            yield Remark(
                f"Commitment '{name}' needs {effort.within}, and a lead may stay in {said} at most.",
                ("commitments", name, "measure"),
                "Shorten the window of the effort, or give the stages more time.",
            )


def _longest_stay(case: Case, reason: str) -> Mapping[str, Duration] | None:
    """Return the stages from the qualified one on in which a lead is worked before a reason, with the longest stay.

    None where it may stay for ever in one of them, or where nothing is known of them.
    """
    agreement, stays = case.agreement, dict[str, Duration]()
    stage = qualified_stage(agreement)
    while stage is not None and stage not in stays:
        here = agreement.stages[stage]
        limits = [here.max_age] if isinstance(here.max_age, Duration) else []
        limits += [_longest(decided_limits(each).values()) for each in _verdicts(case, stage) if decided_limits(each)]
        if not limits:
            return None
        stays[stage] = min(limits, key=lambda each: usual_seconds(each, None))
        following = (name for name in here.moves if name in agreement.stages and name not in stays)
        stage = next((name for name in following if _may_end_with(case, name, reason)), None)
    return stays or None


def _longest(limits: Iterable[Duration]) -> Duration:
    return max(limits, key=lambda each: usual_seconds(each, None))


def _verdicts(case: Case, stage: str) -> Iterator[Commitment]:
    """Yield the commitments whose clock stops when a lead leaves a stage; a verdict is given in the qualified one."""
    first = stage == qualified_stage(case.agreement)
    for each in case.agreement.commitments.values():
        stops = each.clock.stops.value if each.clock and each.clock.of is None else None
        if stops == Leaves(stage) or (first and stops is Moment.VERDICT):
            yield each


def _may_end_with(case: Case, name: str, reason: str) -> bool:
    """Return whether a lead is worked in a stage: it goes on from there, and may leave with the reason."""
    agreement = case.agreement
    stage = agreement.stages[name]
    lists = {agreement.stages[each].reasons for each in stage.moves if each in agreement.stages}
    return (
        stage.end is None
        and stage.reasons is None
        and any(reason in agreement.reasons.get(each, {}) for each in lists if each)
    )


def stopped_by_a_status(case: Case) -> Iterator[Remark]:
    """Yield response clocks that a change of status or owner stops, where no touch is promised to the same leads."""
    domain = domain_of(case.agreement)
    found, qualified = responses(case.agreement), qualified_stage(case.agreement)
    touching = [leads_of(each) for each in found.values() if each.clock and not by_status(each.clock.stops.value)]
    for name, commitment in found.items():
        if commitment.clock is None or not by_status(commitment.clock.stops.value):
            continue
        stops = commitment.clock.stops.value
        stage = stops.stage if isinstance(stops, Leaves) else qualified
        here = [Is("stage", (stage,))] if stage else []
        lead = example(domain, holds=[*here, leads_of(commitment)], fails=touching)
        if isinstance(lead, Lead):
            yield Remark(
                f"Commitment '{name}' is kept by changing a status: `{commitment.clock.stops}` stops its clock, and "
                f"nobody has to touch {lead}.",
                ("commitments", name, "clock", "stops"),
                "Write `stops: touch`, or add a commitment that does.",
            )


def touch_undefined(case: Case) -> Iterator[Remark]:
    """Yield the first promise about touches where nobody says what one is."""
    agreement = case.agreement
    name = next((name for name, each in agreement.commitments.items() if _is_about_touches(each)), None)
    if name is None:
        return
    if not agreement.terms.get("touch"):
        yield Remark(
            f"Commitment '{name}' counts touches, and `terms` does not say what a touch is.",
            ("commitments", name),
            "Add `touch` to `terms`: what counts, and that automatic mail does not.",
            at_key=True,
            absent=True,
        )


def _is_about_touches(commitment: Commitment) -> bool:
    clock, measure = commitment.clock, commitment.measure.value if commitment.measure else None
    if clock is not None and Moment.TOUCH in {clock.starts.value, clock.stops.value}:
        return True
    match measure:
        case Effort(needs):
            return any(each.counter in _TOUCHING for each in needs)
        case CountOfEvents(event):
            return event is Moment.TOUCH or event in _TOUCHING
        case _:
            return False


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA307",
        Severity.WARNING,
        "Every qualified lead is under a response commitment.",
        nobody_answers_them,
        because="The lead that no limit is about is the one that waits, and no report shows it.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, "
        "within: {hot: 1 business hour}}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch},\n"
        "  within: {hot: 1 business hour, warm: 4 business hours}}}",
    ),
    Rule(
        "SLA312",
        Severity.WARNING,
        "A response commitment warns, or something follows when it is broken.",
        without_consequence,
        because="A limit of which nobody hears is read once a quarter.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, "
        "within: 2 business hours,\n"
        "  on_time: 90%}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, "
        "within: 2 business hours,\n"
        "  on_time: 90%, warn: at 50%}}",
    ),
    Rule(
        "SLA314",
        Severity.WARNING,
        "A lead may stay as long as its follow-up takes.",
        ends_before_the_follow_up,
        because="Six touches in fifteen days cannot be made of a lead that must be decided after two.",
        bad="commitments: {follow-up: {by: vp_sales, "
        "measure: touches >= 6 before no_response within 150 business days, target: 85%}}",
        good="commitments: {follow-up: {by: vp_sales, "
        "measure: touches >= 6 before no_response within 15 business days, target: 85%}}",
    ),
    Rule(
        "SLA315",
        Severity.WARNING,
        "The clock of an answer is stopped by a touch.",
        stopped_by_a_status,
        because="A status can be set at minute fourteen without anybody having called.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: enters sal}, "
        "within: 2 business hours}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, "
        "within: 2 business hours}}",
    ),
    Rule(
        "SLA316",
        Severity.WARNING,
        "The agreement says what a touch is.",
        touch_undefined,
        because="Where an automatic mail counts, every lead is answered within a second.",
        bad="terms: {touch: ''}",
        good="terms: {touch: A call or personal e-mail by the owner. Automatic mail does not count.}",
    ),
)
