"""Coming back to a lead: when, by the reason that was given, the notice on that day, and what starts over."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import (
    SECONDS,
    Desired,
    Duration,
    Gap,
    KeyPath,
    ReasonSet,
    Resources,
    Setup,
    Stage,
    describe,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, blank, known, node_name, ref
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import any_of, quoted
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.notices import Notice, notice_addresses, notice_parts
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, Holds, Words, is_on_lead, merge_field, own_field

REVISIT_ON = "revisit_on"
_RECORD = "$Record"
_DAY = 86400


def days_of(duration: Duration) -> str | None:
    """Return a duration as a number of days in a formula, None where it is not always equally long."""
    seconds = None if duration.business else SECONDS.get(duration.unit)
    if seconds is None:
        return None
    total = duration.count * seconds
    return str(total // _DAY) if total % _DAY == 0 else f"({total} / {_DAY})"


def asks(resources: Resources) -> bool:
    """Return whether some reason leaves it to whoever gives it when to come back."""
    return any(each.revisits_asked for each in resources.reason_sets)


def revisit_fields(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the date that people write where a reason asks them when to come back."""
    asked = next((each for each in resources.reason_sets if each.revisits_asked), None)
    if asked is None:
        return
    means = f"When to come back, asked for with these reasons: {', '.join(asked.revisits_asked)}."
    yield Desired(
        field_address(own_field(binding, REVISIT_ON)),
        {
            "label": "Revisit on",
            "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(means, HELP_LIMIT),
            "type": "Date",
        },
        origins={(): asked.origin},
    )


def revisit_at(name: str, resources: Resources, binding: SalesforceBinding, words: Words) -> Part:
    """Return the formula for the instant at which to come back to a lead that closes now, empty where nothing is agreed."""
    now = f"{{!{NOW}}}"
    text = "NULL"
    for reasons in resources.reason_sets:
        place = words.places.get(reasons.field)
        if place is None:
            continue
        reason = merge_field(_RECORD, place.path)
        here = _statuses(reasons, words)
        if not here:
            continue
        for each, duration in reasons.revisits.items():
            days = days_of(duration)
            if days is not None:
                text = f"IF(AND({here}, ISPICKVAL({reason}, {quoted(each)})), {now} + {days}, {text})"
        if reasons.revisits_asked:
            day = merge_field(_RECORD, own_field(binding, REVISIT_ON))
            given = any_of(f"ISPICKVAL({reason}, {quoted(each)})" for each in reasons.revisits_asked)
            # At the same time of day as now: a date alone has no time at which anybody could be told.
            text = f"IF(AND({here}, {given}, NOT(ISBLANK({day}))), {now} + ({day} - TODAY()), {text})"
    return elements.formula(name, "DateTime", text, origin=("reasons",))


def _statuses(reasons: ReasonSet, words: Words) -> str:
    statuses = [status for stage in reasons.stages for status in words.statuses.get(stage, ())]
    path = merge_field(_RECORD, "Status")
    return any_of(f"ISPICKVAL({path}, {quoted(each)})" for each in statuses) if statuses else ""


def recycling(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield the flow that tells people on the day when to come back, and a gap for each time that it cannot count."""
    for reasons in resources.reason_sets:
        for each, duration in reasons.revisits.items():
            if days_of(duration) is None:
                yield Gap(
                    f"revisit:{reasons.name}:{each}",
                    f"coming back after «{each}»",
                    f"Agree on days or weeks for «{each}» instead of {duration}, or note the day yourself: a formula "
                    "cannot count time that is not always equally long.",
                    (*reasons.origin, each, "revisit"),
                )
    told = [stage for stage in _closing(resources) if stage.accountable]
    if not told:
        return
    parts = tuple(_revisit_parts(told, resources, binding))
    recipients = tuple(dict.fromkeys(stage.accountable or "" for stage in told))
    yield flows.flow(
        developer_name(binding.prefix, "leg", "revisit"),
        flows.start(
            leg_object(binding),
            to=None,
            filters=(known("Revisit_At__c"), known("Ended_At__c")),
            newly=True,
            paths=(flows.path("At_Revisit", "Revisit_At__c", "Is_Silent"),),
        ),
        parts,
        means="Tells whoever answers for the stage on the day on which somebody wanted to come back to a lead.",
        agreement=setup.agreement,
        origin=told[0].origin,
        order=500,
        requires=(
            *(leg_field(binding, each) for each in ("Lead__c", "Stage__c", "Ended_At__c", "Revisit_At__c")),
            *switch_addresses(binding)[:2],
            *notice_addresses(recipients, resources, binding),
        ),
    )


def _closing(resources: Resources) -> Iterator[Stage]:
    """Yield the stages whose reasons say when to come back."""
    coming_back = {
        stage for each in resources.reason_sets if each.revisits or each.revisits_asked for stage in each.stages
    }
    return (stage for stage in resources.stages if stage.name in coming_back)


def _revisit_parts(stages: list[Stage], resources: Resources, binding: SalesforceBinding) -> Iterator[Part]:
    yield elements.unless_silent("Is_Due")
    due: tuple[str, str, Given] = ("$Record.Revisit_At__c", "LessThanOrEqualTo", ref(NOW))
    yield elements.whether("Is_Due", (known("$Record.Revisit_At__c"), due), yes="Get_Open_Leg")
    again = (("Lead__c", "EqualTo", ref("$Record.Lead__c")), blank("Ended_At__c"))
    yield elements.lookup("Get_Open_Leg", leg_object(binding), again, to="Is_Worked_Again")
    yield elements.found("Is_Worked_Again", "Get_Open_Leg", yes=None, no="Which_Stage")
    rules = []
    for stage in stages:
        notice = Notice(
            name=node_name("Revisit", stage.name),
            recipients=(stage.accountable or "",),
            title="A lead to come back to",
            body=f"Somebody wanted to come back today to a lead in «{stage.label}». {stage.means}",
            person="$Record.Person__c",
            target="$Record.Lead__c",
            then=None,
            origin=stage.origin,
        )
        is_stage = (("$Record.Stage__c", "EqualTo", stage.name),)
        rules.append(elements.rule(node_name("Is_In", stage.name), is_stage, notice.entry))
        yield from notice_parts(notice, resources, binding)
    yield elements.decision("Which_Stage", rules)


_NOTHING = {Holds.NUMBER: "Number", Holds.INSTANT: "DateTime", Holds.TEXT: "String", Holds.LONG_TEXT: "String"}


def resets(
    resources: Resources, binding: SalesforceBinding, words: Words, *, after: str
) -> tuple[tuple[Part, ...], tuple[Gap, ...]]:
    """Return the parts that blank what starts over when a lead enters a stage, and a gap for each field that others write."""
    parts, gaps, rules = list[Part](), list[Gap](), []
    for stage in resources.stages:
        origin: KeyPath = (*stage.origin, "resets")
        items: list[tuple[str, Given]] = []
        for name in stage.resets:
            bound, place = binding.fields.get(name), words.places.get(name)
            if bound is not None and bound.writer:
                advice = (
                    f"Let {bound.writer} blank {bound.field} when a lead enters «{stage.label}»: it alone writes it."
                )
            elif (
                place is None
                or place.holds not in {*_NOTHING, Holds.CHECKBOX}
                or (bound and not is_on_lead(bound.field))
            ):
                advice = (
                    f"Blank «{name}» by hand when a lead enters «{stage.label}»: it is no plain field of the {OBJECT}."
                )
            else:
                empty: Given = False if place.holds is Holds.CHECKBOX else ref(f"No_{_NOTHING[place.holds]}")
                items.append((f"$Record.{place.api}", empty))
                if place.holds is not Holds.CHECKBOX:
                    kind = _NOTHING[place.holds]
                    parts.append(elements.variable(f"No_{kind}", kind))
                continue
            gaps.append(Gap(f"reset:{stage.name}:{name}", f"«{name}» in «{stage.label}»", advice, origin))
        statuses = words.statuses.get(stage.name, ())
        if items and statuses:
            either = " OR ".join(str(number) for number in range(2, len(statuses) + 2))
            moved: Asked = ("$Record.Status", "NotEqualTo", ref("$Record__Prior.Status"))
            asked: tuple[Asked, ...] = (moved, *(("$Record.Status", "EqualTo", each) for each in statuses))
            blanked = node_name("Reset", stage.name)
            rules.append(elements.rule(node_name("Enters", stage.name), asked, blanked, logic=f"1 AND ({either})"))
            parts.append(elements.assignment(blanked, items, after, origin=origin))
    if rules:
        parts.insert(0, elements.decision("Starts_Over", rules, after))
    return tuple(parts), tuple(gaps)
