"""What a setting does for the lines of the agreement, where its type alone does not tell: knowledge for coverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from sla_sync.connector import Address, Aspect, Clock, Desired, KeyPath, ReasonSet, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate.leg import commitment_name
from sla_sync_salesforce.translate.recycling import days_of
from sla_sync_salesforce.translate.thresholds import threshold_type
from sla_sync_salesforce.translate.words import Words, threshold_name

Does = frozenset[Aspect]

_READ: Does = frozenset({Aspect.DOCUMENTED})
_KEPT: Does = frozenset({Aspect.RECORDED})
_DONE: Does = frozenset({Aspect.ENFORCED})
_SHOWN: Does = frozenset({Aspect.MEASURED})
_TOLD: Does = frozenset({Aspect.ALERTED})

_ANY = "*"

_MORE_EXACTLY: tuple[tuple[str, KeyPath, Does], ...] = (
    ("Flow/Lead_Entry", ("stages", _ANY, "enter_when"), _DONE),
    ("Flow/Leg_Routing", ("routing",), _DONE),
    ("Flow/Leg_Routing", ("teams",), _DONE),
    ("Flow/*_Touch", ("terms", "touch"), _DONE | _KEPT),
    ("Flow/Leg_Revisit", ("stages",), _TOLD),
    ("CustomMetadata/Calendar_Day.*", ("calendars",), _DONE),
    ("BusinessHours/*", ("calendars",), _READ),
    ("Holiday/*", ("calendars",), _READ),
    ("CustomMetadata/Threshold.*", (), _READ),
    ("CustomField/Switch__c.*", ("metadata",), _READ),
    ("CustomObject/Switch__c", ("metadata",), _READ),
    ("CustomField/Leg__c.*_State__c", ("commitments",), _READ | _KEPT | _SHOWN),
    ("CustomField/Leg__c.*_Kept__c", ("commitments",), _READ | _SHOWN),
    ("GroupMember/Role_*", ("commitments",), _TOLD),
    ("GroupMember/*", (), _KEPT),
)
"""Setting without our prefix, beginning of a place in the agreement → what the first does for the second."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A line that a setting holds, though none of its values comes from exactly there."""

    setting: str
    line: KeyPath
    does: Does


def held(
    desired: Iterable[Desired], resources: Resources, binding: SalesforceBinding, words: Words
) -> tuple[Desired, ...]:
    """Return the settings, each with what it does for every line that it carries."""
    more = tuple(_more(resources, words))
    rows = {
        Address("CustomMetadata", f"{threshold_type(binding)}.{threshold_name(model)}"): ("scoring", model, "threshold")
        for model in resources.thresholds
    }
    return tuple(_told(each, binding, (*more, *_acting(each, rows))) for each in desired)


def _acting(desired: Desired, rows: Mapping[Address, KeyPath]) -> Iterator[_Held]:
    """Yield the numbers that a flow acts upon."""
    if desired.address.type == "Flow":
        yield from (_Held("*", rows[each], _DONE) for each in desired.requires if each in rows)


def _told(desired: Desired, binding: SalesforceBinding, more: tuple[_Held, ...]) -> Desired:
    name = str(desired.address).replace(binding.prefix, "")
    exact: dict[KeyPath, Does] = {}
    for origin in {*desired.origins.values()}.difference(desired.aspects):
        does = next((does for one, start, does in _MORE_EXACTLY if _fits(one, start, name, origin)), None)
        if does is not None:
            exact[origin] = does
    for each in more:
        if fnmatchcase(name, each.setting):
            exact[each.line] = exact.get(each.line, frozenset()) | each.does
    return replace(desired, aspects={**desired.aspects, **exact}) if exact else desired


def _fits(pattern: str, start: KeyPath, name: str, origin: KeyPath) -> bool:
    steps = zip(start, origin, strict=False)
    return fnmatchcase(name, pattern) and len(start) <= len(origin) and all(asked in {_ANY, at} for asked, at in steps)


def _more(resources: Resources, words: Words) -> Iterator[_Held]:
    for clock in resources.clocks:
        yield from _of_clock(clock)
    yield from _of_stages(resources, words)
    for reasons in resources.reason_sets:
        yield from _of_reasons(reasons, words)
    for model in resources.thresholds:
        yield _Held(f"CustomMetadata/Threshold.{threshold_name(model)}", ("scoring", model, "threshold"), _READ)
    yield _Held("CustomField/*.Policy__c", ("metadata", "name"), _KEPT)
    if resources.in_force is not None:
        yield _Held("Flow/Lead_Cycle", ("metadata", "effective"), _DONE)
    told = (name for clock in resources.clocks for rung in clock.rungs for name in rung.notify)
    for role in dict.fromkeys((*told, *(each.accountable for each in resources.stages if each.accountable))):
        group = developer_name("", "role", role)
        yield _Held(f"Group/{group}", ("roles", role), _KEPT)
        yield _Held(f"GroupMember/{group}/*", ("roles", role), _KEPT)


def _of_clock(clock: Clock) -> Iterator[_Held]:
    """Yield what is reckoned of a clock: its times for each of its limits, and the share that was on time."""
    base, commitment = commitment_name(clock.name), clock.origin[:-1]
    for limit in clock.limits:
        yield _Held(f"CustomField/Leg__c.{base}_Due_At__c", limit.origin, _READ | _KEPT)
        yield _Held(f"CustomField/Leg__c.{base}_State__c", limit.origin, _SHOWN)
        yield _Held("Flow/Leg_Clocks", limit.origin, _KEPT)
    yield _Held(f"Report/*/{base}_Kept", (*commitment, "on_time"), _SHOWN)


def _of_stages(resources: Resources, words: Words) -> Iterator[_Held]:
    """Yield the field that follows an open assignment through the stages; before the first there is none to follow."""
    begun = False
    for stage in resources.stages:
        begun = begun or stage.qualifies
        if begun and stage.name in words.statuses:
            yield _Held("CustomField/Leg__c.Stage__c", stage.origin, _KEPT)


def _of_reasons(reasons: ReasonSet, words: Words) -> Iterator[_Held]:
    """Yield what a list of reasons is held by; where none of its stages is on the Lead its reasons can only be read."""
    on_lead = any(stage in words.statuses for stage in reasons.stages)
    field = f"CustomField/Lead.{developer_name('', reasons.field)}__c"
    for reason in reasons.reasons:
        line = (*reasons.origin, reason.name)
        yield _Held(field, line, _READ | _KEPT if on_lead else _READ)
        if on_lead:
            yield _Held("Flow/Lead_Cycle", line, _KEPT)
            yield _Held("Report/*/Why_Leads_Come_Back", line, _SHOWN)
    if not on_lead:
        return
    rule = developer_name("", reasons.name)
    for name in reasons.note_required:
        yield _Held(f"ValidationRule/Lead.{rule}_Needs_Note", (*reasons.origin, name, "note"), _READ | _DONE)
        yield _Held(
            f"CustomField/Lead.{developer_name('', reasons.note_field)}__c", (*reasons.origin, name, "note"), _KEPT
        )
    for name in reasons.revisits_asked:
        yield _Held(f"ValidationRule/Lead.{rule}_Needs_Date", (*reasons.origin, name, "revisit"), _READ | _DONE)
    counted = (name for name, wait in reasons.revisits.items() if days_of(wait) is not None)
    for name in (*counted, *reasons.revisits_asked):
        yield _Held("Flow/Lead_Cycle", (*reasons.origin, name, "revisit"), _KEPT)
        yield _Held("Flow/Leg_Revisit", (*reasons.origin, name, "revisit"), _TOLD)
