"""25x: which model scores a lead, and the ways that lead past it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import fields_in, terms_in
from sla_sync.agreement.expressions.tree import Expression, Is, ScoreReaches
from sla_sync.agreement.funnel import distances_from_start, qualified_stage
from sla_sync.agreement.reasoning import Answer, CannotSay, domain_of, overlap, satisfiable
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.remarks import Case, Remark, Rule
from sla_sync.lint.stages import off_the_path
from sla_sync.lint.unused import OF_THE_SCORE, conditions_of


def past_the_gate(case: Case) -> Iterator[Remark]:
    """Yield ways that lead past the exclusions of the score, or past what a lead must have to qualify."""
    yield from _past_exclusions(case.agreement)
    yield from _past_needs(case.agreement)


def two_models_for_one_lead(case: Case) -> Iterator[Remark]:
    """Yield pairs of models that score the same lead, where a condition reads a score without naming its model."""
    models = case.agreement.scoring
    if not _reads_any_model(case):
        return
    for (first, one), (second, other) in combinations(models.items(), 2):
        if one.precedence is not None and other.precedence is not None and one.precedence != other.precedence:
            continue
        lead = _scored_by_both(case.agreement, one.for_segment, other.for_segment)
        if lead is None:
            continue
        if isinstance(lead, CannotSay):
            message = f"Nobody can say whether models '{first}' and '{second}' score the same lead. {lead.why}"
        else:
            message = f"Models '{first}' and '{second}' both score {lead}, and nothing says which of them counts."
        yield Remark(
            message,
            ("scoring", second),
            "Give each model a `precedence`, or let `for` name segments that no lead shares.",
            at_key=True,
            severity=Severity.INFORMATION if isinstance(lead, CannotSay) else None,
        )


def _past_exclusions(agreement: Agreement) -> Iterator[Remark]:
    everywhere = set(agreement.quality.exclude) if agreement.quality else set()
    for origin, stage in agreement.stages.items():
        for index, move in enumerate(stage.next):
            for name, written in move.items() if isinstance(move, dict) else ():
                entry = agreement.stages[name].enter_when if name in agreement.stages else None
                if entry is None or not _reads_score(entry.value) or _reads_score(written.value):
                    continue
                excluded = {each for model in agreement.scoring.values() for each in model.exclude} - everywhere
                if excluded:
                    yield Remark(
                        f"The way from '{origin}' to '{name}' on `{written}` leads past the score, and so past its "
                        f"exclusions: {', '.join(sorted(excluded))}.",
                        (*("stages", origin, "next", index), name),
                        "Name them in `quality.exclude` as well, or add the score to the condition.",
                    )


def _past_needs(agreement: Agreement) -> Iterator[Remark]:
    qualified = qualified_stage(agreement)
    if qualified is None or not agreement.stages[qualified].needs:
        return
    far = distances_from_start(agreement)
    needs = set(agreement.stages[qualified].needs)
    for path, name, how in _shortcuts(agreement, qualified):
        missing = sorted(needs - set(agreement.stages[name].needs)) if name in agreement.stages else []
        if missing and name in far and name not in off_the_path(agreement):
            yield Remark(
                f"{how} puts a lead into '{name}' that was never in '{qualified}', and so without what '{qualified}' "
                f"needs: {', '.join(missing)}.",
                path,
                f"Let the way lead to '{qualified}', or name the fields under `needs` of '{name}' too.",
            )


def _shortcuts(agreement: Agreement, qualified: str) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield ways from before qualification to behind it: the path, the stage reached, and the way in words."""
    far = distances_from_start(agreement)
    for origin, stage in agreement.stages.items():
        if far.get(origin, far[qualified]) >= far[qualified]:
            continue
        for index, move in enumerate(stage.next):
            for name in (move,) if isinstance(move, str) else move:
                behind = name in agreement.stages[qualified].moves and name in agreement.stages
                if behind and agreement.stages[name].enter_when is None:
                    yield ("stages", origin, "next", index), name, f"The way from '{origin}'"
    for index, route in enumerate(agreement.routing.first_match if agreement.routing else ()):
        asked = {value for term in _stage_terms(route.when.value) for value in term.values} if route.when else set()
        behind = route.stage is not None and far.get(route.stage, 0) > far[qualified]
        if behind and route.stage and all(far.get(each, 0) < far[qualified] for each in asked):
            condition = f" on `{route.when}`" if route.when else ""
            yield ("routing", "first_match", index, "stage"), route.stage, f"The route{condition}"


def _stage_terms(condition: Expression) -> Iterator[Is]:
    for term in terms_in(condition):
        if isinstance(term, Is) and term.field == "stage" and not term.negated:
            yield term


def _reads_score(condition: Expression) -> bool:
    return bool(OF_THE_SCORE & set(fields_in(condition))) or any(
        isinstance(term, ScoreReaches) for term in terms_in(condition)
    )


def _reads_any_model(case: Case) -> bool:
    return any(
        OF_THE_SCORE & set(fields_in(condition))
        or any(isinstance(term, ScoreReaches) and term.model is None for term in terms_in(condition))
        for _, condition in conditions_of(case)
    )


def _scored_by_both(agreement: Agreement, one: str | None, other: str | None) -> Answer | str:
    """Return a lead that two models score; None where there is none, or where a segment is not defined."""
    if one is None and other is None:
        return "every lead"
    named = [name for name in (one, other) if name is not None]
    conditions = [
        Is(division, (name,)) for name in named for division, parts in agreement.segments.items() if name in parts
    ]
    if len(conditions) < len(named):
        return None
    domain = domain_of(agreement)
    return satisfiable(conditions[0], domain) if len(named) == 1 else overlap(conditions[0], conditions[-1], domain)


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA256",
        Severity.WARNING,
        "No way to a stage leads past what a lead must have and past who is excluded.",
        past_the_gate,
        because="Competitors ask for demonstrations too; a short cut for the eager is also one for them.",
        bad="quality: {exclude: [test]}\n"
        "stages: {inquiry: {means: They gave us their details., accountable: vp_marketing,\n"
        "  next: [{mql: source is demo_request}, disqualified]}}",
        good="quality: {exclude: [competitor, employee, student, test]}\n"
        "stages: {inquiry: {means: They gave us their details., accountable: vp_marketing,\n"
        "  next: [{mql: source is demo_request}, disqualified]}}",
    ),
    Rule(
        "SLA259",
        Severity.ERROR,
        "Where a condition reads the score, one model counts for each lead.",
        two_models_for_one_lead,
        because="With two scores and one threshold, the lead qualifies by whichever a platform happens to read.",
        bad="scoring: {product: {threshold: 50, fit: {add: {size: {when: employees >= 50, points: 10}}}}}",
        good="scoring: {product: {threshold: 50, precedence: 2, fit: {add: {size: {when: employees >= 50, points: 10}}}},\n"
        "  person: {precedence: 1}}",
    ),
)
