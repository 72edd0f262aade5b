"""Gates as validation rules: no lead enters such a stage without one of its reasons, nor without the note that some ask for.

The rules look only at records that enter the stage or change their reason: leads that stood there before stay editable.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, Gate, KeyPath, ReasonSet, Resources, Setup, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, MESSAGE_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import FORMULA_LIMIT, UnsayableError, all_of, any_of, quoted, status_is
from sla_sync_salesforce.translate.stages import status_address
from sla_sync_salesforce.translate.words import OBJECT, Holds, Place, Words, statuses_of


def gates(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield a validation rule for each gate, one for each list whose reasons ask for a note, and gaps for the rest."""
    reason_sets = {each.name: each for each in resources.reason_sets}
    for gate in resources.gates:
        try:
            yield _gate(gate, reason_sets[gate.reasons], binding, setup, words)
        except UnsayableError as error:
            yield Gap(
                f"gate:{gate.name}", f"reason at «{gate.stage}»", f"Ask for a reason by hand: {error}.", gate.origin
            )
    for reasons in resources.reason_sets:
        try:
            rule = _note_rule(reasons, binding, setup, words)
        except UnsayableError as error:
            yield Gap(
                f"note:{reasons.name}", f"note of «{reasons.name}»", f"Ask for a note by hand: {error}.", reasons.origin
            )
        else:
            if rule is not None:
                yield rule


def _gate(gate: Gate, reasons: ReasonSet, binding: SalesforceBinding, setup: Setup, words: Words) -> Desired | Gap:
    statuses = words.statuses.get(gate.stage, ())
    field = words.places.get(reasons.field)
    if not statuses:
        return Gap(
            f"gate:{gate.name}",
            f"reason at «{gate.stage}»",
            f"Ask for a reason by hand where an opportunity enters «{gate.stage}»: the stage is not a Lead Status.",
            gate.origin,
        )
    if field is None or field.holds is not Holds.PICKLIST:
        return Gap(
            f"gate:{gate.name}",
            f"reason at «{gate.stage}»",
            f"Bind «{reasons.field}» to a picklist of the Lead, or leave it out of the binding so that it is "
            f"created: without it nobody can be asked for a reason at «{gate.stage}».",
            gate.origin,
        )
    return _reason_rule(gate, reasons, field, statuses, binding=binding, setup=setup, words=words)


def _enters(statuses: tuple[str, ...], field: Place) -> tuple[str, str]:
    return status_is(statuses), f"OR(ISNEW(), ISCHANGED(Status), ISCHANGED({field.path}))"


def _picked(field: Place, names: tuple[str, ...]) -> str:
    return any_of(f"ISPICKVAL({field.path}, {quoted(name)})" for name in names)


def _reason_rule(
    gate: Gate,
    reasons: ReasonSet,
    field: Place,
    statuses: tuple[str, ...],
    *,
    binding: SalesforceBinding,
    setup: Setup,
    words: Words,
) -> Desired | Gap:
    allowed = _picked(field, tuple(each.name for each in reasons.reasons))
    condition = all_of((*_enters(statuses, field), any_of((f"ISBLANK(TEXT({field.path}))", f"NOT({allowed})"))))
    return _rule(
        developer_name(binding.prefix, gate.name),
        condition,
        means=gate.means,
        message=gate.message,
        field=field,
        origin=gate.origin,
        requires=_requires((field,), statuses, binding, words),
        setup=setup,
    )


def _note_rule(reasons: ReasonSet, binding: SalesforceBinding, setup: Setup, words: Words) -> Desired | Gap | None:
    field, note = words.places.get(reasons.field), words.places.get(reasons.note_field)
    statuses = statuses_of(words, reasons.stages)
    if field is None or field.holds is not Holds.PICKLIST or note is None or not statuses or not reasons.note_required:
        return None
    entered, changed = _enters(statuses, field)
    condition = all_of((entered, changed, _picked(field, reasons.note_required), f"ISBLANK({note.path})"))
    named = ", ".join(each.label for each in reasons.reasons if each.name in reasons.note_required)
    return _rule(
        developer_name(binding.prefix, reasons.name, "needs note"),
        condition,
        means=f"These reasons need a note: {named}.",
        message=f"Write a note: the reason you chose needs one ({named}).",
        field=note,
        origin=reasons.origin,
        requires=_requires((field, note), statuses, binding, words),
        setup=setup,
    )


def _requires(
    fields: tuple[Place, ...], statuses: tuple[str, ...], binding: SalesforceBinding, words: Words
) -> tuple[Address, ...]:
    added = {status for stage in binding.stages.values() if stage.add for status in stage.lead_status}
    return (
        *(field_address(each.api) for each in fields if each.key in words.created),
        *(status_address(each) for each in statuses if each in added),
    )


def _rule(
    name: str,
    condition: str,
    *,
    means: str,
    message: str,
    field: Place,
    origin: KeyPath,
    requires: tuple[Address, ...],
    setup: Setup,
) -> Desired | Gap:
    if len(condition) > FORMULA_LIMIT:
        return Gap(
            f"rule:{name}",
            name,
            f"Shorten the list of reasons: the rule would have {len(condition)} characters and Salesforce allows "
            f"{FORMULA_LIMIT}.",
            origin,
        )
    return Desired(
        Address("ValidationRule", f"{OBJECT}.{name}"),
        {
            "active": True,
            "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
            "errorConditionFormula": condition,
            "errorDisplayField": field.api,
            "errorMessage": shorten(message, MESSAGE_LIMIT),
        },
        requires=requires,
        origins={(): origin},
    )
