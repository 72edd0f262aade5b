"""20x: the ways between the stages; what each stage says is in `stage_terms`."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Expression
from sla_sync.agreement.funnel import along_the_way, distances_from_start, qualified_stage, start_stages
from sla_sync.agreement.reasoning import CannotSay, domain_of, overlap
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Needs, Remark, Rule


def no_single_start(case: Case) -> Iterator[Remark]:
    """Yield where leads begin in no stage, or in several without `start: true`."""
    starts = start_stages(case.agreement)
    hint = "Write `start: true` in the one stage in which leads begin."
    if not starts:
        yield Remark("No stage is a start: each follows another one.", ("stages",), hint, at_key=True)
    for extra in starts[1:]:
        message = f"Leads may begin in '{starts[0]}' and in '{extra}'."
        yield Remark(message, ("stages", extra), hint, at_key=True)


def dead_end(case: Case) -> Iterator[Remark]:
    """Yield stages that lead nowhere and do not say that the cycle ends there."""
    for name, stage in case.agreement.stages.items():
        if not stage.next and stage.end is None:
            yield Remark(
                f"Stage '{name}' leads nowhere and does not end the cycle.",
                ("stages", name),
                "Add `next`, or say `end: won` or `end: lost`.",
                at_key=True,
            )


def unreachable(case: Case) -> Iterator[Remark]:
    """Yield stages that no lead can come to; where no stage is a start there is nothing to judge by."""
    starts = start_stages(case.agreement)
    reached = {name for start in starts for name in along_the_way(case.agreement, start)}
    for name in case.agreement.stages if starts else ():
        if name not in reached:
            yield Remark(
                f"No way leads from '{starts[0]}' to stage '{name}'.",
                ("stages", name),
                f"Add '{name}' to `next` of the stage before it, or remove it.",
                at_key=True,
            )


def loop_without_brake(case: Case) -> Iterator[Remark]:
    """Yield loops that lead back to qualification or before it, in which nothing begins anew and nobody waits."""
    agreement = case.agreement
    qualified = qualified_stage(agreement)
    if qualified is None:
        return
    far = distances_from_start(agreement)
    said: set[frozenset[str]] = set()
    for name in agreement.stages:
        if far.get(name, far[qualified] + 1) > far[qualified]:
            continue
        loop = _loop(agreement, name)
        if loop and frozenset(loop) not in said:
            said.add(frozenset(loop))
            last = agreement.stages[loop[-1]]
            yield Remark(
                f"Leads may go round and round, {' → '.join((*loop, loop[0]))}, and nothing slows them down.",
                ("stages", loop[-1], "next", list(last.moves).index(loop[0])),
                f"Add `resets` or `again_after` to one of the stages, such as '{loop[-1]}'.",
            )


def entered_together(case: Case) -> Iterator[Remark]:
    """Yield pairs of stages between which a lead may choose, and whose conditions hold together."""
    stages, domain = case.agreement.stages, domain_of(case.agreement)
    said: set[frozenset[str]] = set()
    for origin in stages.values():
        entries = [(name, _entry(case.agreement, name, move)) for name, move in _conditions(origin.moves)]
        entering = [(name, condition) for name, condition in entries if condition is not None]
        for number, (name, condition) in enumerate(entering):
            for other, another in entering[number + 1 :]:
                ordered = other in stages[name].moves or name in stages[other].moves
                if ordered or frozenset({name, other}) in said:
                    continue
                lead = overlap(condition, another, domain)
                if lead is None:
                    continue
                said.add(frozenset({name, other}))
                if isinstance(lead, CannotSay):
                    message = f"Nobody can say whether a lead enters '{name}' and '{other}' at once. {lead.why}"
                else:
                    message = f"'{name}' and '{other}' are both entered by {lead}, and neither leads to the other."
                yield Remark(
                    message,
                    ("stages", other, "enter_when"),
                    f"Let one of the conditions leave such leads out, or let '{name}' lead to '{other}'.",
                    severity=Severity.INFORMATION if isinstance(lead, CannotSay) else None,
                )


def no_exit(case: Case) -> Iterator[Remark]:
    """Yield stages, from qualification on, from which a lead can only be won."""
    agreement = case.agreement
    qualified = qualified_stage(agreement)
    exits = off_the_path(agreement)
    for name in along_the_way(agreement, qualified) if qualified else ():
        stage = agreement.stages[name]
        if stage.end is None and stage.next and exits.isdisjoint(along_the_way(agreement, name)):
            yield Remark(
                f"A lead in stage '{name}' can be neither recycled nor disqualified.",
                ("stages", name),
                "Add a stage for leads that leave the path, and name it in `next`.",
                at_key=True,
            )


def exit_without_reasons(case: Case) -> Iterator[Remark]:
    """Yield stages in which a lead leaves the path and nobody must say why."""
    for name in exits_of(case.agreement):
        if case.agreement.stages[name].reasons is None:
            yield Remark(
                f"A lead leaves the path in stage '{name}', and nobody has to say why.",
                ("stages", name),
                "Add `reasons` with the name of a list.",
                at_key=True,
            )


def exits_of(agreement: Agreement) -> tuple[str, ...]:
    """Return the stages that end a cycle as lost, or from which the only ways lead back to qualification or before it."""
    qualified = qualified_stage(agreement)
    if qualified is None:
        return ()
    far = distances_from_start(agreement)
    exits = {name for name, stage in agreement.stages.items() if stage.end == "lost"}
    grown = True
    while grown:
        back = {
            name
            for name, stage in agreement.stages.items()
            if name in far
            and far[name] > far[qualified]
            and stage.next
            and all(each in exits or far.get(each, far[name]) <= far[qualified] for each in stage.moves)
        }
        grown = not back <= exits
        exits |= back
    return tuple(name for name in agreement.stages if name in exits)


def off_the_path(agreement: Agreement) -> frozenset[str]:
    """Return the stages in which a lead is off the path for now or for good: exits, and where a reason is given."""
    return frozenset({*exits_of(agreement), *(name for name, stage in agreement.stages.items() if stage.reasons)})


def _loop(agreement: Agreement, start: str) -> tuple[str, ...]:
    """Return the shortest way from a stage back to itself through stages without a brake; empty where there is none."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)} if not _brakes(agreement, start) else {}
    waiting = list(ways)
    while waiting:
        name = waiting.pop(0)
        for following in agreement.stages[name].moves:
            if following == start:
                return ways[name]
            if following in agreement.stages and following not in ways and not _brakes(agreement, following):
                ways[following] = (*ways[name], following)
                waiting.append(following)
    return ()


def _brakes(agreement: Agreement, name: str) -> bool:
    stage = agreement.stages[name]
    return bool(stage.resets) or stage.again_after is not None


def _conditions(moves: object) -> Iterator[tuple[str, Expression | None]]:
    for name, written in moves.items() if isinstance(moves, dict) else ():
        yield name, written.value if written is not None else None


def _entry(agreement: Agreement, name: str, move: Expression | None) -> Expression | None:
    """Return the whole condition on which a lead enters a stage by itself on this way; None where people decide."""
    entered = agreement.stages[name].enter_when if name in agreement.stages else None
    if entered is None:
        return None
    return entered.value if move is None else All((entered.value, move))


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA201",
        Severity.ERROR,
        "Leads begin in exactly one stage.",
        no_single_start,
        because="Where leads may begin in two places, the same person is counted in one of them by chance.",
        bad="stages: {partner_lead: {means: A partner sent them., accountable: vp_sales, next: [sql]}}",
        good="stages: {inquiry: {means: They left their details., accountable: vp_marketing, start: true,\n"
        "  next: [mql, disqualified]}}",
    ),
    Rule(
        "SLA205",
        Severity.ERROR,
        "Every stage leads on, or says how the cycle ends.",
        dead_end,
        because="A lead in a dead end is open for ever, and nobody is late.",
        bad="stages: {won: {means: Signed., accountable: vp_sales}}",
        good="stages: {won: {means: Signed., accountable: vp_sales, end: won}}",
    ),
    Rule(
        "SLA206",
        Severity.ERROR,
        "Every stage can be reached from the start.",
        unreachable,
        because="A stage that no lead comes to is a promise about nothing.",
        bad="stages:\n  inquiry: {means: They left their details., accountable: vp_marketing, start: true, next: [mql]}\n"
        "  partner_lead: {means: A partner sent them., accountable: vp_sales, next: [sql]}",
        good="stages:\n  inquiry: {means: They left their details., accountable: vp_marketing, start: true,\n"
        "    next: [mql, partner_lead]}\n"
        "  partner_lead: {means: A partner sent them., accountable: vp_sales, max_age: 30 days, next: [sql, lost]}",
    ),
    Rule(
        "SLA207",
        Severity.WARNING,
        "A loop back to qualification has a brake.",
        loop_without_brake,
        because="Without `resets` or `again_after` a recycled lead qualifies again the same minute, with its old points.",
        bad="stages: {recycled: {means: Not now., accountable: vp_marketing, reasons: recycle, next: [mql]}}",
        good="stages: {recycled: {means: Not now., accountable: vp_marketing, reasons: recycle, next: [mql],\n"
        "  resets: [engagement]}}",
    ),
    Rule(
        "SLA208",
        Severity.ERROR,
        "No lead enters two stages at once.",
        entered_together,
        because="A lead is in one stage; where two conditions hold, each platform would pick its own.",
        bad="stages:\n  inquiry: {means: They left their details., accountable: vp_marketing, next: [mql, pql, disqualified]}\n"
        "  pql: {means: They use the product., accountable: vp_marketing, enter_when: did create project,\n"
        "    max_age: 30 days, next: [sal, recycled]}",
        good="stages:\n  inquiry: {means: They left their details., accountable: vp_marketing, next: [mql, pql, disqualified]}\n"
        "  pql: {means: They use the product., accountable: vp_marketing, enter_when: did create project,\n"
        "    max_age: 30 days, next: [mql, sal, recycled]}",
    ),
    Rule(
        "SLA209",
        Severity.WARNING,
        "The platform allows no move that `next` forbids.",
        because="A stage that can be skipped on the screen will be skipped, and its clock never starts.",
        bad="# the platform lets a person set a lead in `inquiry` to `sql` at once",
        good="# a gate on the platform refuses the move",
        needs=Needs.LIVE,
    ),
    Rule(
        "SLA210",
        Severity.ERROR,
        "From every working stage a lead can be recycled or disqualified.",
        no_exit,
        because="Where the only way out is to win, reps leave hopeless leads lying, and marketing learns nothing.",
        bad="stages:\n  opportunity: {means: A deal., accountable: vp_sales, max_age: 180 days, next: [won]}",
        good="stages:\n  opportunity: {means: A deal., accountable: vp_sales, max_age: 180 days, next: [won, lost]}",
    ),
    Rule(
        "SLA211",
        Severity.ERROR,
        "A stage in which a lead leaves the path asks for a reason.",
        exit_without_reasons,
        because="The reasons of sales are the only feedback from which marketing can improve its leads.",
        bad="stages: {disqualified: {means: Never., accountable: vp_marketing, end: lost}}",
        good="stages: {disqualified: {means: Never., accountable: vp_marketing, reasons: disqualify, end: lost}}",
    ),
)
