"""2xx: the stages and the ways between them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import along_the_way, distances, qualified_stage, start_stages
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Remark, Rule


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


def exit_without_reasons(case: Case) -> Iterator[Remark]:
    """Yield stages in which a lead leaves the path and nobody must say why."""
    for name in _exits(case.agreement):
        if case.agreement.stages[name].reasons is None:
            yield Remark(
                f"A lead leaves the path in stage '{name}', and nobody has to say why.",
                ("stages", name),
                "Add `reasons` with the name of a list.",
                at_key=True,
            )


def _exits(agreement: Agreement) -> tuple[str, ...]:
    """Return the stages that end a cycle as lost, or from which the only ways lead back to qualification or before it."""
    qualified = qualified_stage(agreement)
    if qualified is None:
        return ()
    far = distances(agreement, start_stages(agreement)[0])
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


RULES: tuple[Rule, ...] = (
    Rule("SLA201", Severity.ERROR, "Leads begin in exactly one stage.", no_single_start),
    Rule("SLA205", Severity.ERROR, "Every stage leads on, or says how the cycle ends.", dead_end),
    Rule("SLA206", Severity.ERROR, "Every stage can be reached from the start.", unreachable),
    Rule("SLA211", Severity.ERROR, "A stage in which a lead leaves the path asks for a reason.", exit_without_reasons),
)
