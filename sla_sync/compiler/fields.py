"""The fields that a lead needs: when it qualified and is due, how urgent it is, and why it left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.sections.reasons import Reason
from sla_sync.compiler.deadline import deadline_commitment
from sla_sync.compiler.words import label
from sla_sync.diagnostics import KeyPath
from sla_sync.resources import Choice, DataType, Field

QUALIFIED_AT = "qualified_at"
DUE_AT = "due_at"
PRIORITY = "priority"
REASON = "reason"
REASON_NOTE = "reason_note"


def fields(agreement: Agreement, modes: Mapping[str, Mode]) -> tuple[Field, ...]:
    """Return the fields, in the order in which they are read."""
    return tuple(_fields(agreement, modes))


def _fields(agreement: Agreement, modes: Mapping[str, Mode]) -> Iterator[Field]:
    stage = qualified_stage(agreement)
    if stage is not None:
        yield Field(
            QUALIFIED_AT,
            ("stages", stage),
            f"When the lead entered {label(stage)}: {agreement.stages[stage].means}".rstrip(": "),
            "Qualified At",
            DataType.INSTANT,
        )
    commitment = deadline_commitment(agreement, modes)
    if commitment is not None:
        promise = agreement.commitments[commitment].sentence or label(commitment)
        yield Field(
            DUE_AT,
            ("commitments", commitment, "within"),
            f"When the promise falls due: {promise}",
            "Due At",
            DataType.INSTANT,
        )
    if agreement.priorities:
        choices = tuple(
            Choice(name, label(name), priority.means, ("priorities", name))
            for name, priority in agreement.priorities.items()
        )
        yield Field(
            PRIORITY,
            ("priorities",),
            "How urgent the lead is; the first that matches counts.",
            "Priority",
            DataType.CHOICE,
            choices,
        )
    reasons = _choices_of_all_lists(agreement)
    if reasons:
        yield Field(
            REASON,
            ("reasons",),
            "Why the lead left the path.",
            "Reason",
            DataType.CHOICE,
            reasons,
            written_by_people=True,
        )
        yield Field(
            REASON_NOTE,
            ("reasons",),
            "What the reason does not say; some reasons need it.",
            "Reason Note",
            DataType.TEXT,
            written_by_people=True,
        )


def choice_of(name: str, reason: Reason, origin: KeyPath) -> Choice:
    """Return a reason as one value of the field."""
    return Choice(name, label(name), reason.means, origin)


def _choices_of_all_lists(agreement: Agreement) -> tuple[Choice, ...]:
    """Return the reasons of every list that a stage uses; a name that stands in several lists is one choice."""
    used = {stage.reasons for stage in agreement.stages.values() if stage.reasons}
    merged: dict[str, Choice] = {}
    for list_name, reasons in agreement.reasons.items():
        for name, reason in reasons.items() if list_name in used else ():
            choice = choice_of(name, reason, ("reasons", list_name, name))
            first = merged.setdefault(name, choice)
            if choice.means not in first.means:
                merged[name] = Choice(name, first.label, f"{first.means} {choice.means}".strip(), first.origin)
    return tuple(merged.values())
