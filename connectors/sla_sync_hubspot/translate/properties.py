"""Fields as properties of the contact, in one group of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sla_sync.connector import (
    ADDED,
    Address,
    Aspect,
    BoundField,
    Choice,
    DataType,
    Desired,
    Field,
    KeyPath,
    Resources,
    Value,
    describe,
)
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.names import (
    CONTACTS,
    DESCRIPTION_LIMIT,
    LABEL_LIMIT,
    group_name,
    property_name,
    shorten,
    split_key,
    words,
)
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clocks import portal_clocks, runs_here
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PROPERTY, PROPERTY_GROUP

_TYPES: Mapping[DataType, tuple[str, str]] = {
    DataType.TEXT: ("string", "text"),
    DataType.LONG_TEXT: ("string", "textarea"),
    DataType.CHECKBOX: ("bool", "booleancheckbox"),
    DataType.NUMBER: ("number", "number"),
    DataType.INSTANT: ("datetime", "date"),
    DataType.CHOICE: ("enumeration", "select"),
}
"""Type and field type of what we create (HubSpot, "Properties" guide)."""
_YES_NO = (Choice("true", "Yes"), Choice("false", "No"))
"""HubSpot takes exactly these two values for a checkbox, and wants them spelled out."""


def property_address(name: str) -> Address:
    """Return the address of a property of the contact."""
    return Address(PROPERTY, f"{CONTACTS}/{name}")


def property_group(vocabulary: Vocabulary) -> Desired:
    """Return the group in which all our properties stand."""
    prefix = vocabulary.binding.prefix
    return Desired(
        Address(PROPERTY_GROUP, f"{CONTACTS}/{group_name(prefix)}"),
        {"label": f"{prefix.rstrip('_')} agreement"},
        origins={(): ("metadata", "name")},
    )


def properties(vocabulary: Vocabulary) -> tuple[Desired, ...]:
    """Return the properties that the agreement needs, and those that the binding adds."""
    group = property_group(vocabulary).address
    ours = (_of_field(field, vocabulary, group) for field in vocabulary.resources.fields)
    found = {each.address: each for each in (*ours, *_kept(vocabulary, group), *_added(vocabulary, group))}
    return tuple(found.values())


def opens_cycles(vocabulary: Vocabulary) -> bool:
    """Return whether some stage that shows on the contact opens a cycle."""
    bound = vocabulary.binding.stages
    return any(
        each.qualifies and each.name in bound and bound[each.name].contact_property is not None
        for each in vocabulary.resources.stages
    )


def _kept(vocabulary: Vocabulary, group: Address) -> Iterator[Desired]:
    """Yield the technical properties by which workflows follow a contact."""
    if not opens_cycles(vocabulary):
        return
    prefix = vocabulary.binding.prefix
    clocks = portal_clocks(vocabulary)
    fields = kept.kept_fields(vocabulary.resources, clocks) if runs_here(vocabulary) else kept.kept_elsewhere()
    fields = (*fields, *kept.revisit_fields(vocabulary.resources))
    if clocks and vocabulary.binding.deadlines is Deadlines.TICKS:
        fields = (*fields, kept.ticks_field())
    for field in fields:
        name = property_name(prefix, field.name)
        yield _property(
            name, field.label, field.means, field.data, vocabulary, group, origin=field.origin, choices=field.choices
        )
    if runs_here(vocabulary):
        yield _touch_by_owner(vocabulary, group)


def _touch_by_owner(vocabulary: Vocabulary, group: Address) -> Desired:
    """Return the property in which HubSpot says whether the last activity was by the owner of the turn."""
    turn, touch = (property_name(vocabulary.binding.prefix, each) for each in (kept.TURN_OWNER, kept.TOUCH_BY))
    name = property_name(vocabulary.binding.prefix, kept.TOUCH_BY_OWNER)
    means = "Whether the activity that was logged last is one of the owner whose turn it is."
    made = _property(name, "Touch by owner", means, DataType.CHECKBOX, vocabulary, group, origin=("metadata", "name"))
    # The guide "Properties" compares texts so: the names of properties that hold a text stand in `string()`.
    formula = f"string({turn}) = string({touch})"
    values = {**made.values, "fieldType": "calculation_equation", "calculationFormula": formula}
    return replace(made, values=values, requires=(*made.requires, property_address(turn), property_address(touch)))


def _of_field(field: Field, vocabulary: Vocabulary, group: Address) -> Desired:
    made = _property(
        property_name(vocabulary.binding.prefix, field.name),
        field.label,
        field.means,
        field.data,
        vocabulary,
        group,
        origin=field.origin,
        choices=field.choices,
    )
    if field.choices and runs_here(vocabulary) and opens_cycles(vocabulary):
        made = replace(made, values={**made.values, "options": [*_options(made), _nothing(len(field.choices))]})
    return replace(made, aspects=_does(field, made, vocabulary.resources))


def _options(made: Desired) -> list[Value]:
    options = made.values["options"]
    return [*options] if isinstance(options, list) else []


def _nothing(position: int) -> Value:
    """Return the option that a new cycle sets where nothing is known yet; people are not offered it.

    Inferred: that a workflow may set an option that is hidden. Clearing a property by a workflow is not documented.
    """
    return {"value": kept.NONE, "label": "None", "displayOrder": position, "hidden": True}


def _does(field: Field, made: Desired, resources: Resources) -> Mapping[KeyPath, frozenset[Aspect]]:
    """Return what a property does for its lines: one that nobody writes can only be read about.

    A reason that stands in several lists is one option, which holds it in each of them.
    """
    lists = [each for each in resources.reason_sets if each.field == field.name]
    lines = {*made.origins.values(), *((*each.origin, reason.name) for each in lists for reason in each.reasons)}
    written = field.written_by_people or any(stamp.field == field.name for stamp in resources.stamps)
    kept = {Aspect.RECORDED} if written else set()
    return dict.fromkeys(lines, frozenset({Aspect.DOCUMENTED, *kept}))


def _added(vocabulary: Vocabulary, group: Address) -> Iterator[Desired]:
    for word, bound in vocabulary.binding.fields.items():
        if bound.add is None:
            continue
        means, origin = _why(word, bound, vocabulary)
        yield _property(bound.field, words(word), means, ADDED[bound.add], vocabulary, group, origin=origin)


def _why(word: str, bound: BoundField, vocabulary: Vocabulary) -> tuple[str, KeyPath]:
    """Return what a property that the binding adds is for, and the place in the agreement that asks for it."""
    resources = vocabulary.resources
    means = {stage.name: stage.means for stage in resources.stages}
    writer = f" Written by {bound.writer}." if bound.writer else ""
    for stage, needs in resources.needs.items():
        if word in needs:
            return f"Needed at stage {stage}: {means.get(stage, '')}{writer}", ("stages", stage, "needs")
    if word in resources.exclusions:
        return f"Leads that no report counts: {words(word).lower()}.{writer}", ("quality", "exclude")
    if word in {"score", "engagement", "fit"} and resources.thresholds:
        return f"{words(word)} of a lead.{writer}", ("scoring", next(iter(resources.thresholds)))
    return f"'{word}' of the agreement.{writer}", ("metadata", "name")


def _property(
    name: str,
    label: str,
    means: str,
    data: DataType,
    vocabulary: Vocabulary,
    group: Address,
    *,
    origin: KeyPath,
    choices: Sequence[Choice] = (),
) -> Desired:
    kind, field_type = _TYPES[data]
    values: dict[str, Value] = {
        "label": _label(label, vocabulary.binding.prefix),
        "description": describe(means, vocabulary.resources.agreement, limit=DESCRIPTION_LIMIT),
        "groupName": split_key(group.key)[1],
        "type": kind,
        "fieldType": field_type,
        "hidden": False,
    }
    origins: dict[KeyPath, KeyPath] = {(): origin}
    offered = _YES_NO if data is DataType.CHECKBOX else tuple(choices)
    if offered:
        values["options"] = [_option(each, position) for position, each in enumerate(offered)]
        origins |= {("options", each.name): each.origin for each in offered if each.origin}
    return Desired(property_address(name), values, requires=(group,), origins=origins)


def _option(choice: Choice, position: int) -> dict[str, Value]:
    means: dict[str, Value] = {"description": shorten(choice.means, DESCRIPTION_LIMIT)} if choice.means else {}
    return {
        "value": choice.name,
        "label": shorten(choice.label, LABEL_LIMIT),
        **means,
        "displayOrder": position,
        "hidden": False,
    }


def _label(label: str, prefix: str) -> str:
    """Return a label with our prefix: labels are unique per object, and «Priority» is easily taken already."""
    ours = prefix.rstrip("_")
    return shorten(label if label.upper().startswith(ours.upper()) else f"{ours} {label}", LABEL_LIMIT)
