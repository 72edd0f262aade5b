"""Before a lead is saved: what raised its hand, the stage that it enters by itself, and how urgent it is then.

All of it is one flow, `SLA_Lead_Entry`, for each step reads what the one before it has set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Desired, Gap, Resources, Setup, Stage, tree
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, blank, known, node_name, ref
from sla_sync_salesforce.translate.formulas import FORMULA_LIMIT, UnsayableError, all_of, any_of, status_is
from sla_sync_salesforce.translate.handraise import lead_fields_read
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.own_legs import ASKED_FIELDS, own_legs
from sla_sync_salesforce.translate.qualifying import (
    PRIOR,
    RECORD,
    Qualifying,
    holds_for,
    needed_by,
    prior_status_is,
    priority_now,
    qualifying,
)
from sla_sync_salesforce.translate.recycling import days_of, resets
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, RAISED_AT, Holds, Words, merge_field, own_field

_STAGES, _BY_ITSELF, _STAMPS = "Concerns_This_Lead", "Enters_By_Itself", "Qualifies_Now"
_CLOSES = "Closes_Now"
_NO_REASON, _NO_HAND = "No_Reason", "No_Hand"


@dataclass(frozen=True)
class _Way:
    """One way into a stage that a lead goes by itself: a formula, and the stage that it leads to."""

    name: str
    text: str
    stage: Stage


def entry(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield the flow, and a gap for each condition that a formula cannot say."""
    when = qualifying(resources, binding, words)
    if when is None:
        return
    yield from _entered_again(resources, words)
    ways: list[_Way] = []
    for each in _ways(resources, binding, words):
        if isinstance(each, Gap):
            yield each
        else:
            ways.append(each)
    urgency, _ = priority_now(resources, binding, words)
    raises = tuple(_hand_raise(resources, binding, words, after=_first(ways, when)))
    over, gaps = resets(resources, binding, words, after=raises[0].name if raises else _first(ways, when))
    yield from gaps
    closing = tuple(_closed(resources, binding, words))
    parts = (
        *over,
        *raises,
        *_stage(ways, when, binding, words),
        *_stamps(resources, when, binding, words, otherwise=_CLOSES if closing else None),
        *closing,
        *(elements.formula(way.name, "Boolean", way.text, origin=way.stage.origin) for way in ways),
        *when.parts,
        urgency,
    )
    begin = parts[0].name
    requires = (
        *(leg_field(binding, each) for each in (*ASKED_FIELDS, "Ended_At__c", "Qualified_At__c")),
        *switch_addresses(binding)[:2],
        *needed_by(tuple(words.statuses), parts, binding, words),
    )
    yield flows.flow(
        developer_name(binding.prefix, "lead", "entry"),
        flows.start(OBJECT, to="Is_Silent", before_save=True),
        (elements.unless_silent(begin), *parts),
        means="Keeps the source of the latest hand-raise, lets leads enter stages by themselves, and says how urgent they are.",
        agreement=setup.agreement,
        origin=when.stage.origin,
        order=100,
        requires=requires,
    )


def _first(ways: Sequence[_Way], when: Qualifying) -> str:
    """Return the name of the part with which stages begin, or stamps where no stage is entered by itself."""
    if not ways:
        return _STAMPS
    return _STAGES if when.concerned else _BY_ITSELF


def _hand_raise(resources: Resources, binding: SalesforceBinding, words: Words, *, after: str) -> Iterator[Part]:
    """Yield the parts that notice a hand-raise in a field of the lead itself; within an open cycle its source is frozen."""
    read = lead_fields_read(binding)
    source = words.places.get("source")
    if not read or source is None or source.key not in words.created:
        return
    begin = "Is_Source_New"
    changed: tuple[Asked, ...] = tuple((f"$Record.{api}", "NotEqualTo", ref(f"{PRIOR}.{api}")) for api in read)
    yield elements.whether(begin, changed, yes="Is_Lead_New", no=after, logic="or", origin=("sources",))
    first = node_name("Source_From", read[0])
    # A lead that is being created has no id yet, and no assignment.
    yield elements.whether("Is_Lead_New", (blank("$Record.Id"),), yes=first, no="Get_Open_Leg")
    open_leg, logic = own_legs(ref("$Record.Id"), blank("Ended_At__c"))
    yield elements.lookup("Get_Open_Leg", leg_object(binding), open_leg, to="Is_In_Cycle", logic=logic)
    yield elements.found("Is_In_Cycle", "Get_Open_Leg", yes=after, no=first)
    agreed = {each.name: each for each in resources.sources}
    for place, api in enumerate(read):
        follows = node_name("Source_From", read[place + 1]) if place + 1 < len(read) else after
        rules = []
        for name, stored in binding.sources.values.items():
            either = " OR ".join(str(number) for number in range(2, len(stored) + 2))
            conditions: tuple[Asked, ...] = (
                changed[place],
                *((f"$Record.{api}", "EqualTo", value) for value in stored),
            )
            if stored:
                # A checkbox or number cannot be held against a text; the binding names fields that hold one.
                rules.append(
                    elements.rule(
                        node_name(api, name), conditions, node_name("Raised", name), logic=f"1 AND ({either})"
                    )
                )
        yield elements.decision(node_name("Source_From", api), rules, follows, origin=("sources",))
    for name, stored in binding.sources.values.items():
        if stored:
            items: tuple[tuple[str, Given], ...] = (
                (f"$Record.{source.api}", name),
                (f"$Record.{own_field(binding, RAISED_AT)}", ref(NOW)),
            )
            origin = agreed[name].origin if name in agreed else ("sources", name)
            yield elements.assignment(node_name("Raised", name), items, after, origin=origin)


def _stage(ways: Sequence[_Way], when: Qualifying, binding: SalesforceBinding, words: Words) -> Iterator[Part]:
    """Yield the parts by which a lead enters a stage by itself: the first way whose formula holds."""
    if not ways:
        return
    if when.concerned:
        yield elements.whether(_STAGES, when.concerned, yes=_BY_ITSELF, origin=when.stage.origin)
    rules = [
        elements.rule(node_name(way.name, "Holds"), ((way.name, "EqualTo", True),), _door(way.stage)) for way in ways
    ]
    yield elements.decision(_BY_ITSELF, rules, _STAMPS)
    for stage in dict.fromkeys(way.stage.name for way in ways):
        section = next(way.stage for way in ways if way.stage.name == stage)
        enter = node_name("Enter", stage)
        if _door(section) != enter:
            yield from _not_too_soon(section, enter, binding)
        yield elements.assignment(
            enter, (("$Record.Status", words.statuses[stage][0]),), _STAMPS, origin=(*section.origin, "enter_when")
        )


def _door(stage: Stage) -> str:
    """Return the name of the part with which entering a stage begins."""
    waits = stage.qualifies and stage.again_after is not None and days_of(stage.again_after) is not None
    return node_name("Is_First_Save", stage.name) if waits else node_name("Enter", stage.name)


def _entered_again(resources: Resources, words: Words) -> Iterator[Gap]:
    """Yield a gap for each stage that a lead may enter again only after some time: who is held back, and who is not."""
    for stage in resources.stages:
        if stage.again_after is None or not words.statuses.get(stage.name):
            continue
        if stage.enter_when is None:
            held = "Salesforce does not hold back people who set the status."
        elif not stage.qualifies:
            held = "the org does not keep when a lead entered it, so that leads enter it by themselves before, too."
        elif days_of(stage.again_after) is None:
            held = (
                "no formula adds that time, so that leads enter it by themselves before, too; agree on days or weeks."
            )
        else:
            held = "no lead enters it by itself before, but Salesforce does not hold back people who set the status."
        yield Gap(
            f"again:{stage.name}",
            f"entering «{stage.label}» again",
            f"Keep leads out of «{stage.label}» for {stage.again_after} after they last entered it: {held}",
            (*stage.origin, "again_after"),
        )


def _not_too_soon(stage: Stage, enter: str, binding: SalesforceBinding) -> Iterator[Part]:
    """Yield the parts that keep a lead out of a stage for as long as is agreed since it last qualified."""
    days = None if stage.again_after is None else days_of(stage.again_after)
    origin = (*stage.origin, "again_after")
    look, found, soon = (node_name(word, stage.name) for word in ("Get_Last_Cycle", "Was_In", "Is_Soon"))
    yield elements.whether(_door(stage), (blank("$Record.Id"),), yes=enter, no=look)
    asked = (("Lead__c", "EqualTo", ref("$Record.Id")), known("Qualified_At__c"))
    yield elements.lookup(
        look, leg_object(binding), asked, to=found, fields=("Qualified_At__c",), sort="Qualified_At__c", descending=True
    )
    yield elements.found(found, look, yes=soon, no=enter)
    again = node_name("Again_From", stage.name)
    yield elements.formula(again, "DateTime", f"{{!{look}.Qualified_At__c}} + {days}", origin=origin)
    yield elements.whether(soon, ((NOW, "LessThan", ref(again)),), yes=_STAMPS, no=enter, origin=origin)


def _stamps(
    resources: Resources, when: Qualifying, binding: SalesforceBinding, words: Words, *, otherwise: str | None
) -> Iterator[Part]:
    """Yield the parts that say how urgent a lead is which qualifies now, and by which version of the agreement.

    Why it left before is forgotten on the lead, so that an old reason does not answer for the next time; its assignments
    keep it.
    """
    items: list[tuple[str, Given]] = []
    if resources.priorities:
        items.append((f"$Record.{own_field(binding, 'priority')}", ref("Priority_Now")))
    if resources.policy:
        items.append((f"$Record.{own_field(binding, 'policy')}", resources.policy))
    asked = {name for each in resources.reason_sets for name in (each.field, each.note_field)}
    forgotten = sorted(words.places[name].api for name in asked if name in words.places)
    items += [(f"$Record.{api}", ref(_NO_REASON)) for api in forgotten]
    stamp = "Stamp_Qualified" if items else None
    yield elements.whether(_STAMPS, when.conditions, yes=stamp, no=otherwise, origin=("priorities",))
    if items:
        yield elements.assignment("Stamp_Qualified", items, None, origin=("priorities",))
    if forgotten:
        yield elements.variable(_NO_REASON, "String")


def _closed(resources: Resources, binding: SalesforceBinding, words: Words) -> Iterator[Part]:
    """Yield the parts that forget when a hand was raised as the lead closes.

    Of a lead that never qualified no assignment says when it closed, and the hand of then is not that of a later cycle.
    """
    raised = own_field(binding, RAISED_AT)
    closing = [words.statuses[each.name] for each in resources.stages if each.closes and words.statuses.get(each.name)]
    if not closing or f"{OBJECT}.{raised}" not in words.created:
        return
    status = merge_field(RECORD, "Status")
    entered = any_of(all_of((status_is(each, status), f"NOT({prior_status_is(each)})")) for each in closing)
    origin = ("sources",)
    yield elements.formula("Enters_Closed", "Boolean", entered, origin=origin)
    yield elements.whether(_CLOSES, (("Enters_Closed", "EqualTo", True),), yes="Forget_Hand", origin=origin)
    yield elements.assignment("Forget_Hand", ((f"$Record.{raised}", ref(_NO_HAND)),), None, origin=origin)
    yield elements.variable(_NO_HAND, "DateTime")


def _ways(resources: Resources, binding: SalesforceBinding, words: Words) -> Iterator[_Way | Gap]:
    """Yield each way on which a lead goes by itself, in the order of the agreement."""
    stages = {each.name: each for each in resources.stages}
    for before in resources.stages:
        for name, condition in before.next.items():
            stage = stages.get(name)
            if stage is None or stage.enter_when is None or stage.name == before.name:
                continue
            if not words.statuses.get(before.name) or not words.statuses.get(name):
                continue
            try:
                text = _way(before, stage, condition, resources, binding, words)
            except UnsayableError as error:
                yield Gap(
                    f"enter:{before.name}:{name}",
                    f"entering «{stage.label}» from «{before.label}»",
                    f"Move leads from «{before.label}» to «{stage.label}» by hand: {error}.",
                    (*stage.origin, "enter_when"),
                )
            else:
                yield _Way(node_name("From", before.name, "To", name), text, stage)


def _way(
    before: Stage,
    stage: Stage,
    condition: tree.Expression | None,
    resources: Resources,
    binding: SalesforceBinding,
    words: Words,
) -> str:
    """Return the formula for one way. Raises UnsayableError."""
    if any(stage.name in each.stages for each in resources.reason_sets):
        raise UnsayableError(f"a reason must be given for «{stage.label}», and only a person knows it")
    statuses = words.statuses[before.name]
    stands = status_is(statuses, merge_field(RECORD, "Status"))
    asked = [each for each in (stage.enter_when, condition, stage.contact_if) if each is not None]
    needs = _needs(stage, resources, words)
    now = [holds_for(each, binding, words) for each in (*asked, *needs)]
    new = f"ISBLANK({merge_field(RECORD, 'Id')})"
    if not before.closes:
        # Whoever sets a status by hand is not overruled in the same save.
        text = all_of((stands, f"OR({new}, {prior_status_is(statuses)})", *now))
    else:
        # What made the lead qualify last time mostly still holds when it closes: only news brings it back.
        then = [holds_for(each, binding, words, PRIOR) for each in (*asked, *needs)]
        raised = own_field(binding, RAISED_AT)
        news = [f"NOT({all_of(then)})"]
        if f"{OBJECT}.{raised}" in words.created:
            news.append(f"{merge_field(RECORD, raised)} <> {merge_field(PRIOR, raised)}")
        fresh = news[0] if len(news) == 1 else f"OR({', '.join(news)})"
        text = all_of((stands, f"OR({new}, {all_of((prior_status_is(statuses), fresh))})", *now))
    if len(text) > FORMULA_LIMIT:
        raise UnsayableError(f"a formula holds {FORMULA_LIMIT} characters and this one has {len(text)}")
    return text


def _needs(stage: Stage, resources: Resources, words: Words) -> Iterator[tree.Expression]:
    """Yield that each needed field is known; a checkbox always is."""
    for name in resources.needs.get(stage.name, ()):
        place = words.places.get(name)
        if place is None or place.holds is not Holds.CHECKBOX:
            yield tree.Known(name)
