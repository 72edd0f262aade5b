"""The stages, the instant at which a lead qualifies, and the reasons without which it may not leave the path."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.funnel import qualified_stage, start_stages
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.amounts import Ask, DurationRange
from sla_sync.agreement.sections.reasons import ReasonList
from sla_sync.compiler.divisions import spelled_out
from sla_sync.compiler.fields import QUALIFIED_AT, REASON, REASON_NOTE, choice_of
from sla_sync.compiler.words import label, listed
from sla_sync.resources import Gate, ReasonSet, Stage, Stamp
from sla_sync.semantics.standings import accepts, closes

_LISTED_REASONS = 6


def stages(agreement: Agreement) -> tuple[Stage, ...]:
    """Return every stage in the order of the agreement; a time that is not decided yet is left out."""
    qualifying, starts = qualified_stage(agreement), start_stages(agreement)[:1]
    return tuple(
        Stage(
            name,
            ("stages", name),
            stage.means,
            label(name),
            order,
            enter_when=spelled_out(stage.enter_when.value, agreement) if stage.enter_when else None,
            end=stage.end,
            accountable=stage.accountable,
            next={
                following: None if condition is None else spelled_out(condition.value, agreement)
                for following, condition in stage.moves.items()
            },
            qualifies=name == qualifying,
            closes=closes(agreement, name),
            resets=stage.resets,
            max_age=_decided(stage.max_age),
            again_after=_decided(stage.again_after),
            contact_if=spelled_out(stage.contact_if.value, agreement) if stage.contact_if else None,
            then=stage.then,
            starts=name in starts,
            accepts=accepts(agreement, name),
        )
        for order, (name, stage) in enumerate(agreement.stages.items())
    )


def stamps(agreement: Agreement) -> tuple[Stamp, ...]:
    """Return the instants that are kept: for now that of qualification."""
    name = qualified_stage(agreement)
    if name is None:
        return ()
    return (
        Stamp(
            "qualified",
            ("stages", name),
            f"Keeps the instant at which a lead enters {label(name)} for the first time in a cycle.",
            name,
            QUALIFIED_AT,
        ),
    )


def reason_sets(agreement: Agreement) -> tuple[ReasonSet, ...]:
    """Return every list of reasons that some stage asks for."""
    sets = []
    for name, reasons in agreement.reasons.items():
        asking = tuple(stage for stage, each in agreement.stages.items() if each.reasons == name)
        if asking:
            sets.append(
                ReasonSet(
                    name,
                    ("reasons", name),
                    stages=asking,
                    field=REASON,
                    note_field=REASON_NOTE,
                    reasons=tuple(choice_of(each, reason, ("reasons", name, each)) for each, reason in reasons.items()),
                    note_required=tuple(each for each, reason in reasons.items() if reason.note == "required"),
                    revisits=dict(_revisits(reasons)),
                    revisits_asked=tuple(each for each, reason in reasons.items() if isinstance(reason.revisit, Ask)),
                )
            )
    return tuple(sets)


def gates(agreement: Agreement) -> tuple[Gate, ...]:
    """Return a gate for every stage that asks for a reason; whether the stage lives on the lead is the binding's matter."""
    return tuple(
        Gate(
            f"{name}_reason",
            ("stages", name, "reasons"),
            f"A reason is required for {label(name)}: {stage.means}".rstrip(": "),
            name,
            stage.reasons,
            _message(name, [label(each) for each in agreement.reasons[stage.reasons]]),
        )
        for name, stage in agreement.stages.items()
        if stage.reasons and agreement.reasons.get(stage.reasons)
    )


def _revisits(reasons: ReasonList) -> Iterator[tuple[str, Duration]]:
    for name, reason in reasons.items():
        match reason.revisit:
            case Duration() as wait:
                yield name, wait
            case DurationRange(least=least):
                yield name, least
            case _:
                continue


def _decided(duration: Duration | Undecided | None) -> Duration | None:
    return duration if isinstance(duration, Duration) else None


def _message(stage: str, reasons: list[str]) -> str:
    if len(reasons) > _LISTED_REASONS:
        return f"Choose a reason before you set this lead to {label(stage)}."
    return f"Choose a reason before you set this lead to {label(stage)}: {listed(reasons, last='or')}."
