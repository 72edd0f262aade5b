"""What it means to qualify, in the words of a flow: entering the stage that opens a cycle, in force and in scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Gap, Resources, Stage, tree
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.elements import NOW, Asked, Part
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import (
    FORMULA_LIMIT,
    UnsayableError,
    all_of,
    formula,
    quoted,
    status_is,
)
from sla_sync_salesforce.translate.stages import status_address
from sla_sync_salesforce.translate.words import Words, merge_field, threshold_name

RECORD = "$Record"
PRIOR = "$Record__Prior"


@dataclass(frozen=True)
class Qualifying:
    """The conditions under which a lead qualifies, the resources that they refer to, and what could not be said."""

    stage: Stage
    conditions: tuple[Asked, ...]
    concerned: tuple[Asked, ...]
    """The part of them that does not ask for the stage: the agreement is in force, and about this lead."""
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]


def qualified_stage(resources: Resources, words: Words) -> Stage | None:
    """Return the stage that opens a cycle, where it is a Lead Status; None where there is none."""
    return next((each for each in resources.stages if each.qualifies and words.statuses.get(each.name)), None)


def qualifying(resources: Resources, binding: SalesforceBinding, words: Words) -> Qualifying | None:
    """Return when a lead qualifies, None where no Lead Status says it."""
    stage = qualified_stage(resources, words)
    if stage is None:
        return None
    statuses = words.statuses[stage.name]
    enters = elements.formula(
        "Enters_Qualified",
        "Boolean",
        all_of((status_is(statuses, merge_field(RECORD, "Status")), f"NOT({prior_status_is(statuses)})")),
        origin=stage.origin,
    )
    parts, gaps, concerned = [enters], list[Gap](), list[Asked](in_force(resources))
    if resources.scope is not None:
        try:
            text = formula(resources.scope, words.of(RECORD, binding.prefix))
        except UnsayableError as error:
            gaps.append(
                Gap(
                    "scope",
                    "whose leads the agreement is about",
                    f"Bind what the scope asks for: {error}, so every lead counts until then.",
                    ("metadata", "scope"),
                )
            )
        else:
            parts.append(elements.formula("In_Scope", "Boolean", text, origin=("metadata", "scope")))
            concerned.append(("In_Scope", "EqualTo", True))
    conditions: tuple[Asked, ...] = (("Enters_Qualified", "EqualTo", True), *concerned)
    return Qualifying(stage, conditions, tuple(concerned), tuple(parts), tuple(gaps))


def in_force(resources: Resources) -> Iterator[Asked]:
    """Yield the conditions that the agreement is in force now."""
    if resources.in_force is None:
        return
    begins, ends = resources.in_force
    yield (NOW, "GreaterThanOrEqualTo", elements.at(begins))
    if ends is not None:
        yield (NOW, "LessThan", elements.at(ends))


def prior_status_is(statuses: Iterable[str]) -> str:
    """Return a formula that is true where the record had one of these Lead Statuses before it was saved.

    A record that is new had none.
    """
    return status_is(statuses, merge_field(PRIOR, "Status"))


def stage_now(words: Words, name: str = "Stage_Now") -> Part:
    """Return the formula for the agreed name of the stage in which the lead is, empty where it is in none."""
    status = f"TEXT({words.of(RECORD, '').status})"
    pairs = [f"{quoted(value)}, {quoted(stage)}" for stage, statuses in words.statuses.items() for value in statuses]
    return elements.formula(name, "String", f'CASE({status}, {", ".join(pairs)}, "")' if pairs else '""')


def priority_now(
    resources: Resources, binding: SalesforceBinding, words: Words, name: str = "Priority_Now"
) -> tuple[Part, tuple[Gap, ...]]:
    """Return the formula for the agreed name of the first priority whose condition holds, empty where none does."""
    said, gaps = list[tuple[str, str]](), list[Gap]()
    for each in resources.priorities:
        try:
            said.append((each.name, formula(each.when, words.of(RECORD, binding.prefix))))
        except UnsayableError as error:
            gaps.append(
                Gap(
                    f"priority:{each.name}",
                    f"priority «{each.label}»",
                    f"Bind what «{each.name}» asks for: {error}, so such leads get the next priority that fits.",
                    each.origin,
                )
            )
    text = "".join(f"IF({condition}, {quoted(each)}, " for each, condition in said) + '""' + ")" * len(said)
    if len(text) > FORMULA_LIMIT:
        gaps.append(
            Gap(
                "priorities",
                "priorities",
                f"Shorten the conditions of the priorities: their formula would have {len(text)} characters and "
                f"Salesforce allows {FORMULA_LIMIT}, so no lead gets one.",
                ("priorities",),
            )
        )
        text = '""'
    return elements.formula(name, "String", text, origin=("priorities",)), tuple(gaps)


def needed_by(
    stages: Sequence[str], parts: Iterable[Part], binding: SalesforceBinding, words: Words
) -> tuple[Address, ...]:
    """Return what a flow cannot do without among our own: the fields that its formulas name, and values of Lead Status."""
    used = " ".join(str(part.values) for part in parts)
    added = {status for stage in binding.stages.values() if stage.add for status in stage.lead_status}
    fields = sorted(key for key in words.created if key.partition(".")[2] in used)
    rows = [threshold_name(model) for model in sorted(words.thresholds)]
    statuses = [status for stage in stages for status in words.statuses.get(stage, ()) if status in added]
    return (
        *(field_address(key.partition(".")[2]) for key in fields),
        *(status_address(each) for each in dict.fromkeys(statuses)),
        *(Address("CustomMetadata", f"{binding.prefix}Threshold.{row}") for row in rows if f".{row}." in used),
    )


def holds_for(expression: tree.Expression, binding: SalesforceBinding, words: Words, record: str = RECORD) -> str:
    """Return an expression as a formula of a flow over one of its records. Raises UnsayableError."""
    return formula(expression, words.of(record, binding.prefix))
