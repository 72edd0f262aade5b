"""Gates as validation rules: what a stage needs, which stage may follow, which reason and which note must be given.

The rules look only at records that enter a stage or change their reason: leads that stood there before stay editable.
No gate holds while the switch is silent, nor for who has the permission to pass: systems write through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, Gap, Gate, KeyPath, ReasonSet, Resources, Setup, Stage, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, MESSAGE_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import (
    FORMULA_LIMIT,
    UnsayableError,
    all_of,
    any_of,
    formula,
    quoted,
    status_is,
)
from sla_sync_salesforce.translate.recycling import REVISIT_ON
from sla_sync_salesforce.translate.stages import status_address
from sla_sync_salesforce.translate.switches import held_back, switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, Holds, Place, Words, own_field, statuses_of

_PRIOR = "PRIORVALUE(Status)"


@dataclass(frozen=True)
class _Ground:
    """What every gate of an agreement is built from."""

    resources: Resources
    binding: SalesforceBinding
    setup: Setup
    words: Words

    def requires(self, fields: tuple[Place, ...], statuses: tuple[str, ...]) -> tuple[Address, ...]:
        """Return what must stand before a rule that names these fields and values of Lead Status."""
        added = {status for stage in self.binding.stages.values() if stage.add for status in stage.lead_status}
        return (
            *switch_addresses(self.binding),
            *(field_address(each.api) for each in fields if each.key in self.words.created),
            *(status_address(each) for each in dict.fromkeys(statuses) if each in added),
        )


def gates(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield the validation rules that hold the stages of an agreement, and gaps for what no rule can hold."""
    ground = _Ground(resources, binding, setup, words)
    holder = binding.held_by.get("stages")
    if holder is not None:
        yield Gap(
            "gates",
            "gates of the stages",
            f"See to it that {holder} holds what each stage needs and asks for: the binding says that it does this job.",
            ("stages",),
        )
        return
    reason_sets = {each.name: each for each in resources.reason_sets}
    for gate in resources.gates:
        yield from _gate(gate, reason_sets[gate.reasons], ground)
    for reasons in resources.reason_sets:
        yield from _note_rule(reasons, ground)
        yield from _date_rule(reasons, ground)
    for stage in resources.stages:
        yield from _needs_rule(stage, ground)
        yield from _order_rule(stage, ground)


def _gate(gate: Gate, reasons: ReasonSet, ground: _Ground) -> Iterator[Desired | Gap]:
    statuses = ground.words.statuses.get(gate.stage, ())
    field = ground.words.places.get(reasons.field)
    name, at = f"gate:{gate.name}", f"reason at «{gate.stage}»"
    if not statuses:
        advice = f"Ask for a reason by hand where an opportunity enters «{gate.stage}»: the stage is not a Lead Status."
        yield Gap(name, at, advice, gate.origin)
        return
    if field is None or field.holds is not Holds.PICKLIST:
        advice = (
            f"Bind «{reasons.field}» to a picklist of the Lead, or leave it out of the binding so that it is "
            f"created: without it nobody can be asked for a reason at «{gate.stage}»."
        )
        yield Gap(name, at, advice, gate.origin)
        return
    try:
        allowed = _picked(field, tuple(each.name for each in reasons.reasons))
        lacking = any_of((f"ISBLANK(TEXT({field.path}))", f"NOT({allowed})"))
        terms = (*_enters(statuses, field), lacking)
    except UnsayableError as error:
        yield Gap(name, at, f"Ask for a reason by hand: {error}.", gate.origin)
        return
    yield _rule(
        developer_name(ground.binding.prefix, gate.name),
        terms,
        ground,
        means=gate.means,
        message=gate.message,
        field=field,
        origin=gate.origin,
        requires=ground.requires((field,), statuses),
    )


def _enters(statuses: tuple[str, ...], field: Place) -> tuple[str, str]:
    return status_is(statuses), f"OR(ISNEW(), ISCHANGED(Status), ISCHANGED({field.path}))"


def _picked(field: Place, names: tuple[str, ...]) -> str:
    return any_of(f"ISPICKVAL({field.path}, {quoted(name)})" for name in names)


def _note_rule(reasons: ReasonSet, ground: _Ground) -> Iterator[Desired | Gap]:
    places = ground.words.places
    field, note = places.get(reasons.field), places.get(reasons.note_field)
    statuses = statuses_of(ground.words, reasons.stages)
    if field is None or field.holds is not Holds.PICKLIST or note is None or not statuses or not reasons.note_required:
        return
    try:
        terms = (*_enters(statuses, field), _picked(field, reasons.note_required), f"ISBLANK({note.path})")
    except UnsayableError as error:
        yield Gap(
            f"note:{reasons.name}", f"note of «{reasons.name}»", f"Ask for a note by hand: {error}.", reasons.origin
        )
        return
    named = ", ".join(each.label for each in reasons.reasons if each.name in reasons.note_required)
    yield _rule(
        developer_name(ground.binding.prefix, reasons.name, "needs note"),
        terms,
        ground,
        means=f"These reasons need a note: {named}.",
        message=f"Write a note: the reason you chose needs one ({named}).",
        field=note,
        origin=reasons.origin,
        requires=ground.requires((field, note), statuses),
    )


def _date_rule(reasons: ReasonSet, ground: _Ground) -> Iterator[Desired]:
    """Yield the rule that says when to come back is said where a reason leaves it to who gives it."""
    field = ground.words.places.get(reasons.field)
    statuses = statuses_of(ground.words, reasons.stages)
    if field is None or field.holds is not Holds.PICKLIST or not statuses or not reasons.revisits_asked:
        return
    date = own_field(ground.binding, REVISIT_ON)
    try:
        terms = (*_enters(statuses, field), _picked(field, reasons.revisits_asked), f"ISBLANK({date})")
    except UnsayableError:
        return  # the gate of the same list says why
    named = ", ".join(each.label for each in reasons.reasons if each.name in reasons.revisits_asked)
    rule = _rule(
        developer_name(ground.binding.prefix, reasons.name, "needs date"),
        terms,
        ground,
        means=f"Whoever gives one of these reasons says when to come back: {named}.",
        message=f"Say when to come back: the reason you chose needs a date ({named}).",
        field=Place(date, Holds.INSTANT, date),
        origin=reasons.origin,
        requires=(*ground.requires((field,), statuses), field_address(date)),
    )
    if isinstance(rule, Desired):
        yield rule


def _needs_rule(stage: Stage, ground: _Ground) -> Iterator[Desired | Gap]:
    """Yield the rule that nobody enters a stage before its fields are known."""
    statuses = ground.words.statuses.get(stage.name, ())
    needed = ground.resources.needs.get(stage.name, ())
    if not statuses or not needed:
        return
    origin: KeyPath = ("stages", stage.name, "needs")
    lacking: list[str] = []
    fields: list[Place] = []
    for name in needed:
        place = ground.words.places.get(name)
        blank = blank_where(place) if place is not None else None
        if place is not None and blank is not None:
            lacking.append(blank)
            fields.append(place)
        elif place is not None:
            yield Gap(
                f"needs:{stage.name}:{name}",
                f"«{name}» at «{stage.label}»",
                f"Ask for «{name}» at «{stage.name}» by hand, or say in the binding what {place.key} holds: "
                f"{place.holds} is no ground for a rule.",
                origin,
            )
    if not lacking:
        return
    try:
        entered = status_is(statuses)
    except UnsayableError as error:
        advice = f"See by hand that a lead has what «{stage.name}» needs: {error}."
        yield Gap(f"needs:{stage.name}", f"what «{stage.label}» needs", advice, origin)
        return
    listed = _listed(tuple(_said(name) for name in needed), "and")
    yield _rule(
        developer_name(ground.binding.prefix, stage.name, "needs"),
        (entered, "OR(ISNEW(), ISCHANGED(Status))", any_of(lacking)),
        ground,
        means=f"No lead becomes {stage.label} before these are known: {listed}.",
        message=f"Fill in what {stage.label} needs first: {listed}.",
        field=fields[0] if len(fields) == 1 else None,
        origin=origin,
        requires=ground.requires(tuple(fields), statuses),
    )


def blank_where(place: Place) -> str | None:
    """Return a formula that is true where nothing is known of a field, or None where no formula can tell.

    A needed checkbox must be ticked: one that nobody ticked says nothing.
    """
    if place.holds is Holds.UNKNOWN:
        return None
    if place.holds is Holds.CHECKBOX:
        return f"NOT({place.path})"
    return f"ISBLANK(TEXT({place.path}))" if place.holds is Holds.PICKLIST else f"ISBLANK({place.path})"


def _order_rule(stage: Stage, ground: _Ground) -> Iterator[Desired | Gap]:
    """Yield the rule that only agreed stages follow a stage; statuses that mean none of ours are not judged."""
    before = ground.words.statuses.get(stage.name, ())
    if not before or not stage.next:
        return
    origin: KeyPath = ("stages", stage.name, "next")
    free = {status for name in (stage.name, *stage.next) for status in ground.words.statuses.get(name, ())}
    others = [each for each in ground.resources.stages if each.name not in {stage.name, *stage.next}]
    refused = [status for each in others for status in ground.words.statuses.get(each.name, ()) if status not in free]
    terms: list[str] = []
    used: list[str] = [*before, *refused]
    try:
        if refused:
            terms.append(status_is(dict.fromkeys(refused)))
        for name, condition in stage.next.items():
            statuses = ground.words.statuses.get(name, ())
            if condition is None or not statuses:
                continue
            try:
                terms.append(all_of((status_is(statuses), f"NOT({formula(condition, ground.words)})")))
                used += statuses
            except UnsayableError as error:
                yield Gap(
                    f"next:{stage.name}:{name}",
                    f"the way from «{stage.label}» to «{name}»",
                    f"See by hand that a lead goes from «{stage.name}» to «{name}» only where it may: {error}.",
                    (*origin, name),
                )
        entered = status_is(before, _PRIOR)
    except UnsayableError as error:
        advice = f"See by hand what follows «{stage.name}»: {error}."
        yield Gap(f"next:{stage.name}", f"what follows «{stage.label}»", advice, origin)
        return
    if not terms:
        return
    labels = {each.name: each.label for each in ground.resources.stages}
    follows = _listed(tuple(labels.get(name, name) for name in stage.next), "or")
    # A conversion sets the status by itself and must pass; the stage that it leads to is an opportunity's.
    yield _rule(
        developer_name(ground.binding.prefix, stage.name, "order"),
        ("ISCHANGED(Status)", "NOT(IsConverted)", entered, any_of(terms)),
        ground,
        means=f"What may follow {stage.label}: {follows}.",
        message=f"After {stage.label} comes {follows}: choose one of them.",
        field=None,
        origin=origin,
        requires=ground.requires((), tuple(used)),
    )


def _said(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: tuple[str, ...], word: str) -> str:
    """Return names as a sentence lists them: `a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _rule(
    name: str,
    terms: tuple[str, ...],
    ground: _Ground,
    *,
    means: str,
    message: str,
    field: Place | None,
    origin: KeyPath,
    requires: tuple[Address, ...],
) -> Desired | Gap:
    condition = all_of((*held_back(ground.binding), *terms))
    if len(condition) > FORMULA_LIMIT:
        return Gap(
            f"rule:{name}",
            name,
            f"Shorten the list behind {name}: the rule would have {len(condition)} characters and Salesforce allows "
            f"{FORMULA_LIMIT}.",
            origin,
        )
    at = {} if field is None else {"errorDisplayField": field.api}
    return Desired(
        Address("ValidationRule", f"{OBJECT}.{name}"),
        {
            "active": True,
            "description": describe(means, ground.setup.agreement, limit=DESCRIPTION_LIMIT),
            "errorConditionFormula": condition,
            **at,
            "errorMessage": shorten(message, MESSAGE_LIMIT),
        },
        requires=requires,
        origins={(): origin},
    )
