"""The numbers of the agreement as rows of custom metadata: a number changes there, and no flow with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sla_sync.connector import Desired, KeyPath, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import NAME_LIMIT, developer_name
from sla_sync_salesforce.translate.clocks import Kind, Length, Timed, TimedLimit
from sla_sync_salesforce.translate.custom_metadata import Columns, row, row_type
from sla_sync_salesforce.translate.words import threshold_name

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
FIELDS: Columns = {
    "Minutes__c": ("Minutes", {"type": "Number", "precision": 18, "scale": 4}, "A length of time in minutes."),
    "Days__c": ("Days", {"type": "Number", "precision": 6, "scale": 0}, "A length of time in open days."),
    "Points__c": ("Points", {"type": "Number", "precision": 18, "scale": 4}, "Points of a score, or how often."),
    "Share__c": ("Share", {"type": "Number", "precision": 5, "scale": 4}, "A share, from 0 to 1."),
}
_FIELD_OF: Mapping[Kind, str] = {Kind.OPEN: "Minutes__c", Kind.WALL: "Minutes__c", Kind.DAYS: "Days__c"}


def threshold_type(binding: SalesforceBinding) -> str:
    """Return the name of the type of these rows, without its `__mdt`."""
    return f"{binding.prefix}Threshold"


def row_name(base: str, *names: str) -> str:
    """Return the name of a row: `First_Response_hot`."""
    name = "_".join((base, *names))
    return name if len(name) <= NAME_LIMIT and _IDENTIFIER.fullmatch(name) else developer_name("", name)


def number(binding: SalesforceBinding, row: str, field: str) -> str:
    """Return how a formula of a flow reads a number: `{!$CustomMetadata.SLA_Threshold__mdt.First_Response_hot.Minutes__c}`."""
    return f"{{!$CustomMetadata.{threshold_type(binding)}__mdt.{row}.{field}}}"


def length(binding: SalesforceBinding, row: str, kind: Kind) -> str:
    """Return how a formula of a flow reads a length of time."""
    return number(binding, row, _FIELD_OF[kind])


def limit_row(timed: Timed, each: TimedLimit) -> str:
    """Return the name of the row of a limit."""
    if each.limit.priority is not None:
        return row_name(timed.fields.base, each.limit.priority)
    if each.limit.inside_hours is not None:
        return row_name(timed.fields.base, "Inside" if each.limit.inside_hours else "Outside")
    return timed.fields.base


def warn_row(timed: Timed) -> str:
    """Return the name of the row of a warning."""
    return row_name(timed.fields.base, "Warn")


def rung_row(timed: Timed, place: int) -> str:
    """Return the name of the row of a step, by its place from 1."""
    return row_name(timed.fields.base, f"Rung_{place}")


def thresholds(
    resources: Resources, timed: tuple[Timed, ...], binding: SalesforceBinding, setup: Setup
) -> Iterator[Desired]:
    """Yield the type of the rows, its fields, and a row for each number."""
    kind = threshold_type(binding)
    yield from row_type(kind, "SLA Threshold", "The numbers of the agreement.", FIELDS, setup)
    for each in timed:
        yield from _of_clock(each, binding)
    for model, points in resources.thresholds.items():
        yield _row(binding, threshold_name(model), f"Score {model}", {"Points__c": points}, ("scoring", model))


def _of_clock(timed: Timed, binding: SalesforceBinding) -> Iterator[Desired]:
    label = timed.clock.label
    for each in timed.limits:
        named = each.limit.priority or {True: "inside hours", False: "outside hours"}.get(bool(each.limit.inside_hours))
        said = label if each.limit.priority is None and each.limit.inside_hours is None else f"{label}: {named}"
        yield _row(binding, limit_row(timed, each), said, _values(each.length), each.limit.origin)
    if timed.warn is not None:
        values = _values(timed.warn) if isinstance(timed.warn, Length) else {"Share__c": timed.warn}
        yield _row(binding, warn_row(timed), f"{label}: warning", values, (*timed.clock.origin[:-1], "warn"))
    for rung in timed.rungs:
        values = {} if rung.length is None else _values(rung.length)
        if rung.rung.at_most is not None:
            values = {**values, "Points__c": rung.rung.at_most}
        if values:
            yield _row(binding, rung_row(timed, rung.number), f"{label}: step {rung.number}", values, rung.rung.origin)


def _values(each: Length) -> dict[str, float]:
    return {_FIELD_OF[each.kind]: each.amount}


def _row(binding: SalesforceBinding, name: str, label: str, values: Mapping[str, float], origin: KeyPath) -> Desired:
    held = {field: float(value) for field, value in values.items()}
    return row(threshold_type(binding), name, label, held, origin, needs=sorted(held))
