"""30x: the promises; what they say about time is in `limits`, who answers which leads in `responses`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sla_sync.agreement.expressions import fields_in
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.funnel import distances, start_stages
from sla_sync.agreement.quantities import Rate, Volume
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.diagnostics import Severity
from sla_sync.lint import limits, responses
from sla_sync.lint.promised import party_of, stage_aimed_at
from sla_sync.lint.remarks import Case, Remark, Rule

_NUMBER = re.compile(r"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?)(?![\w-])")
_HALF, _ALL = 50, 100
_SOFTER = "Write the share that you would be held to, such as `90%`."


def nobody_answers(case: Case) -> Iterator[Remark]:
    """Yield promises for which no role answers."""
    for name, commitment in case.agreement.commitments.items():
        if commitment.by is None:
            message = f"Nobody answers for commitment '{name}'."
            yield Remark(message, ("commitments", name), "Add `by` with the one role that answers for it.", at_key=True)


def not_measurable(case: Case) -> Iterator[Remark]:
    """Yield promises of which nobody could say whether they were kept."""
    for name, commitment in case.agreement.commitments.items():
        if commitment.measure is None and commitment.clock is None:
            yield Remark(
                f"Commitment '{name}' is neither measured nor timed.",
                ("commitments", name),
                "Add `measure`, or `clock` with `within`; `measure: manual` where only people can tell.",
                at_key=True,
            )


def one_sided(case: Case) -> Iterator[Remark]:
    """Yield parties that answer for leads and promise nothing."""
    agreement = case.agreement
    promising = {party_of(each.by, agreement) for each in agreement.commitments.values()}
    if None in promising:
        return  # who promises that is another finding, and may be the party that seems to promise nothing
    answering = dict.fromkeys(party_of(each.accountable, agreement) for each in agreement.stages.values())
    for party in answering:
        if party is not None and party not in promising:
            yield Remark(
                f"The {party} party answers for stages and promises nothing.",
                ("commitments",),
                f"Add a commitment `by` a role of the {party} party.",
                at_key=True,
            )


def no_number(case: Case) -> Iterator[Remark]:
    """Yield promises whose measure gives a number of another kind than their target, or which have no target."""
    for name, commitment in case.agreement.commitments.items():
        measure = commitment.measure.value if commitment.measure else None
        if measure is None or isinstance(measure, Manual) or commitment.kind == "influence":
            continue
        if commitment.target is None:
            yield Remark(
                f"Commitment '{name}' has a measure and no number to hold it against.",
                ("commitments", name),
                f"Add `target`, such as `{_example(measure)}`, or `kind: influence` if it is only reported.",
                at_key=True,
            )
            continue
        targets = commitment.target if isinstance(commitment.target, dict) else {"": commitment.target}
        for month, target in targets.items():
            if isinstance(target, Rate | Volume) and isinstance(target, Rate) is not _is_share(measure):
                kind = "a share" if _is_share(measure) else "a number of leads or an amount"
                path = ("commitments", name, "target", *([month] if month else []))
                message = f"Commitment '{name}' measures {kind}, and its target is `{target}`."
                yield Remark(message, path, f"Write a target such as `{_example(measure)}`.")


def handed_back_and_forth(case: Case) -> Iterator[Remark]:
    """Yield each win on whose shortest way accountability changes party more than once."""
    agreement = case.agreement
    for start in start_stages(agreement)[:1]:
        for end in (name for name in distances(agreement, start) if agreement.stages[name].end == "won"):
            way = _way(case, start, end)
            changes = [pair for pair in pairwise(way) if _changes_party(case, *pair)]
            if len(changes) > 1:
                said = " and ".join(f"from '{before}' to '{after}'" for before, after in changes)
                yield Remark(
                    f"On the way to '{end}' the party that answers for a lead changes {len(changes)} times: {said}.",
                    ("stages", changes[1][1], "accountable"),
                    "Let each party answer for one stretch of the way.",
                )


def _way(case: Case, start: str, end: str) -> tuple[str, ...]:
    """Return the stages of a shortest way."""
    stages, far, way = case.agreement.stages, distances(case.agreement, start), [end]
    while way[0] != start:
        way.insert(0, next(name for name in far if far[name] == far[way[0]] - 1 and way[0] in stages[name].moves))
    return tuple(way)


def _changes_party(case: Case, before: str, after: str) -> bool:
    stages = case.agreement.stages
    one, other = (party_of(stages[name].accountable, case.agreement) for name in (before, after))
    return None not in {one, other} and one != other


def volume_without_quality(case: Case) -> Iterator[Remark]:
    """Yield promises of a number of leads whose party promises nothing about how good they are."""
    agreement = case.agreement
    good = {
        party_of(each.by, agreement)
        for each in agreement.commitments.values()
        if each.measure and isinstance(each.measure.value, StageRate | Complete | SumOf)
    }
    for name, commitment in agreement.commitments.items():
        if _counts_leads(commitment) and party_of(commitment.by, agreement) not in good:
            yield Remark(
                f"Commitment '{name}' promises a number of leads, and its party promises nothing about their quality.",
                ("commitments", name),
                "Add a commitment such as `measure: mql to sal within 14 days` with a target.",
                at_key=True,
            )


def share_out_of_reach(case: Case) -> Iterator[Remark]:
    """Yield shares on time that leave no room for a single miss, or that make a miss the rule."""
    for name, commitment in case.agreement.commitments.items():
        share = commitment.on_time
        if isinstance(share, Rate) and share.percent == _ALL:
            message = f"Commitment '{name}' allows not one late lead: `on_time` is 100%."
            yield Remark(message, ("commitments", name, "on_time"), _SOFTER)
        elif isinstance(share, Rate) and share.percent < _HALF:
            message = f"Commitment '{name}' is kept when most leads are late: `on_time` is {share}."
            yield Remark(message, ("commitments", name, "on_time"), _SOFTER)


def out_of_reach(case: Case) -> Iterator[Remark]:
    """Yield promises about a stage that neither the promiser's party nor its leads lead to."""
    agreement = case.agreement
    for name, commitment in agreement.commitments.items():
        stage, party = stage_aimed_at(commitment), party_of(commitment.by, agreement)
        if commitment.kind == "influence" or stage not in agreement.stages or party is None:
            continue
        near = [stage, *(each for each, one in agreement.stages.items() if stage in one.moves)]
        if party not in {party_of(agreement.stages[each].accountable, agreement) for each in near}:
            yield Remark(
                f"Commitment '{name}' is by '{commitment.by}', and whether leads reach '{stage}' is up to others.",
                ("commitments", name, "by"),
                "Write `kind: influence`, or promise something about the stage before.",
            )


def counts_people_again(case: Case) -> Iterator[Remark]:
    """Yield volumes of a stage to which leads come back, where nobody says whether they count again."""
    agreement = case.agreement
    for name, commitment in agreement.commitments.items():
        measure = commitment.measure.value if commitment.measure else None
        if not isinstance(measure, CountOf) or measure.stage not in agreement.stages:
            continue
        conditions = [each for each in (measure.where, commitment.where and commitment.where.value) if each]
        said = measure.first or measure.once_per_account or any("cycle" in fields_in(each) for each in conditions)
        comes_back = measure.stage in {
            following
            for reached in distances(agreement, measure.stage)
            for following in agreement.stages[reached].moves
        }
        if comes_back and not said:
            yield Remark(
                f"Commitment '{name}' counts who comes back to '{measure.stage}' once more, and does not say so.",
                ("commitments", name, "measure"),
                f"Write `count of first {measure.stage}`, or say it: `count of {measure.stage} where cycle >= 1`.",
            )


def relief_that_nobody_can_see(case: Case) -> Iterator[Remark]:
    """Yield reliefs that hang on a field which nothing else in the agreement and no binding knows."""
    agreement = case.agreement
    known = _measured_fields(case)
    for name, commitment in agreement.commitments.items():
        for field in fields_in(commitment.excused_if.value) if commitment.excused_if else ():
            if field not in known:
                yield Remark(
                    f"Commitment '{name}' is excused by '{field}', which nothing records.",
                    ("commitments", name, "excused_if"),
                    f"Bind '{field}' to a field, or name something that is measured.",
                )


def another_number_in_the_promise(case: Case) -> Iterator[Remark]:
    """Yield promises whose sentence has a number that none of their values has."""
    for name, commitment in case.agreement.commitments.items():
        values = {number for text in _values(commitment) for number in _numbers_in(text)}
        for found in _NUMBER.finditer(commitment.promise):
            if _plain(found[1]) not in values:
                yield Remark(
                    f"The promise of '{name}' says {found[1]}, which is none of its values.",
                    ("commitments", name, "promise"),
                    "Write `{target}` in the sentence, so that the number stands once.",
                    offset=found.start(),
                )


def _numbers_in(text: str) -> Iterator[str]:
    yield from (_plain(found[1]) for found in _NUMBER.finditer(text))


def _plain(number: str) -> str:
    text = number.replace(",", "")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _values(commitment: Commitment) -> Iterator[str]:
    maps = (commitment.target, commitment.stretch, commitment.within, commitment.aim)
    for each in maps:
        yield from (str(one) for one in (each.values() if isinstance(each, dict) else (each,)))
    yield from (str(each) for each in (commitment.on_time, commitment.warn, commitment.measure, commitment.where))
    for step in commitment.on_breach:
        yield from (str(step.after), str(step.at))


def _measured_fields(case: Case) -> frozenset[str]:
    agreement = case.agreement
    reserved = {
        "score", "engagement", "fit", "grade", "stage", "priority", "segment", "source", "owner", "account_owner",
        "team", "cycle",
    }  # fmt: skip
    in_conditions = {field for path, each in case.conditions if "excused_if" not in path for field in fields_in(each)}
    needed = {field for stage in agreement.stages.values() for field in stage.needs}
    bound = {field for binding in case.bindings.values() for field in binding.fields}
    counters = set(Counter)
    return frozenset(
        reserved | in_conditions | needed | bound | counters | set(agreement.segments) | set(agreement.commitments)
    )


def _counts_leads(commitment: Commitment) -> bool:
    counted = commitment.measure is not None and isinstance(commitment.measure.value, CountOf)
    return counted and commitment.kind == "produce" and commitment.target is not None


def _is_share(measure: Measure) -> bool:
    return isinstance(measure, StageRate | Effort | Complete)


def _example(measure: Measure) -> str:
    match measure:
        case CountOf() | CountOfEvents():
            return "110 per month"
        case SumOf():
            return "500000 per month"
        case _:
            return "70%"


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA301",
        Severity.ERROR,
        "Exactly one role answers for every commitment.",
        nobody_answers,
        because="A promise of two roles is kept by neither, and a promise of nobody is a wish.",
        bad="commitments: {quality: {measure: mql to sal within 14 days, target: 70%}}",
        good="commitments: {quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%}}",
    ),
    Rule(
        "SLA302",
        Severity.ERROR,
        "Every commitment is measured or timed.",
        not_measurable,
        because="What nobody measures is argued about at every review.",
        bad="commitments: {quality: {by: vp_marketing, promise: Only good leads.}}",
        good="commitments: {quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%}}",
    ),
    Rule(
        "SLA303",
        Severity.ERROR,
        "Every party that answers for stages promises something.",
        one_sided,
        because="An agreement in which one side only demands is an instruction, and is treated as one.",
        bad="roles: {head_of_partners: {party: partners}}\n"
        "stages: {sql: {means: Qualified by a partner., accountable: head_of_partners, next: [opportunity, recycled]}}",
        good="roles: {head_of_partners: {party: partners}}\n"
        "stages: {sql: {means: Qualified by a partner., accountable: head_of_partners, next: [opportunity, recycled]}}\n"
        "commitments: {partner-quality: {by: head_of_partners, measure: sql to opportunity within 30 days, target: 80%}}",
    ),
    Rule(
        "SLA304",
        Severity.ERROR,
        "Every measure has a target of its own kind.",
        no_number,
        because="A share cannot be held against a number of leads, and without a number nothing can be missed.",
        bad="commitments: {quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70 per month}}",
        good="commitments: {quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%}}",
    ),
    Rule(
        "SLA305",
        Severity.WARNING,
        "Accountability changes party once on the way to a win.",
        handed_back_and_forth,
        because="Each change of party is a place where a lead lies between two desks.",
        bad="stages: {sql: {means: Need and authority are confirmed., accountable: vp_marketing, next: [opportunity, recycled]}}",
        good="stages: {sql: {means: Need and authority are confirmed., accountable: vp_sales, next: [opportunity, recycled]}}",
    ),
    *limits.RULES_OF_COMMITMENTS,
    *responses.RULES,
    Rule(
        "SLA309",
        Severity.WARNING,
        "Who promises a number of leads promises something about their quality.",
        volume_without_quality,
        because="A number alone is reached most cheaply with leads that sales cannot use.",
        bad="commitments:\n"
        "  mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month, gap_covered_by: outbound}\n"
        "  mql-quality: {by: vp_sales, measure: sal to sql within 30 days, target: 60%}",
        good="commitments:\n"
        "  mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month, gap_covered_by: outbound}\n"
        "  mql-quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%}",
    ),
    Rule(
        "SLA310",
        Severity.WARNING,
        "A share on time is at least 50% and below 100%.",
        share_out_of_reach,
        because="A promise without room for one miss is broken in the first week; one that allows most is none.",
        bad="commitments: {verdict: {by: vp_sales, clock: {starts: assigned, stops: leaves mql}, within: 2 business days,\n"
        "  on_time: 100%}}",
        good="commitments: {verdict: {by: vp_sales, clock: {starts: assigned, stops: leaves mql}, within: 2 business days,\n"
        "  on_time: 95%}}",
    ),
    Rule(
        "SLA311",
        Severity.WARNING,
        "A promise is about stages that its party can influence.",
        out_of_reach,
        because="Nobody works harder for a number that others decide.",
        bad="commitments: {wins: {by: vp_marketing, measure: count of won, target: 12 per month}}",
        good="commitments: {wins: {by: vp_marketing, measure: count of won, target: 12 per month, kind: influence}}",
    ),
    Rule(
        "SLA317",
        Severity.WARNING,
        "A volume says whether leads that come back count again.",
        counts_people_again,
        because="A number that grows by recycling the same people looks like success and brings nobody new.",
        bad="commitments: {volume: {by: vp_marketing, measure: count of mql, target: 110 per month}}",
        good="commitments: {volume: {by: vp_marketing, measure: count of first mql, target: 110 per month}}",
    ),
    Rule(
        "SLA318",
        Severity.WARNING,
        "A relief hangs on something that is recorded.",
        relief_that_nobody_can_see,
        because="A relief that nobody can check is claimed for every miss.",
        bad="commitments: {mql-quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%,\n"
        "  excused_if: market is difficult}}",
        good="commitments: {mql-quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%,\n"
        "  excused_if: first-response is late or overdue}}",
    ),
    Rule(
        "SLA319",
        Severity.WARNING,
        "A number in a promise is one of its values.",
        another_number_in_the_promise,
        because="People remember the sentence, and the platform counts the value.",
        bad="commitments: {mql-volume: {by: vp_marketing, promise: We deliver 120 leads., measure: count of first mql,\n"
        "  target: 110 per month}}",
        good="commitments: {mql-volume: {by: vp_marketing, promise: 'We deliver leads, {target}.', measure: count of first mql,\n"
        "  target: 110 per month}}",
    ),
)
