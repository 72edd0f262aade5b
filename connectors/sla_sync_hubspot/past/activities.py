"""Activities as rows: calls, e-mails, meetings and messages, and whether each is a touch by the definition of the binding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sla_sync_hubspot import wire
from sla_sync_hubspot.binding import HubSpotBinding, TouchRule
from sla_sync_hubspot.past.contacts import Row
from sla_sync_hubspot.past.words import OWNER
from sla_sync_hubspot.translate.touches import ACTIVITIES, BOOKED_BY_BUYER, Activity

MEETING: Final = "meeting"
_ALWAYS: Final = ("call", "email", MEETING)
_DONE_AT: Final = "hs_timestamp"
_LOGGED_AT: Final = "hs_createdate"
_BY_OWNER, _COUNTS = "owner", "counts"
_INBOUND: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "call": ("hs_call_direction", ("INBOUND",)),
    "email": ("hs_email_direction", ("INCOMING_EMAIL",)),
    MEETING: (BOOKED_BY_BUYER[0].property, BOOKED_BY_BUYER[1]),
}
"""What tells that an activity came from the buyer: a property and its values."""


def kinds(binding: HubSpotBinding) -> tuple[str, ...]:
    """Return the kinds of activities that are told: those that every portal logs, and what the binding counts besides."""
    return tuple(dict.fromkeys((*_ALWAYS, *(each.activity for each in binding.touch.any))))


def properties(kind: str) -> tuple[str, ...]:
    """Return the properties by which an activity of a kind is told."""
    asked = ACTIVITIES[kind]
    tested = (place.property for place, _ in (*asked.must, *asked.never))
    outcome = (asked.outcome.property,) if asked.outcome else ()
    inbound = (_INBOUND[kind][0],) if kind in _INBOUND else ()
    return tuple(dict.fromkeys((_DONE_AT, _LOGGED_AT, OWNER, *tested, *asked.unknown, *outcome, *inbound)))


def rows(
    kind: str,
    found: Iterable[Mapping[str, Any]],
    contacts: Mapping[str, Sequence[str]],
    binding: HubSpotBinding,
    until: datetime,
) -> Iterator[Row]:
    """Yield a row for each contact of each activity that was done before an instant."""
    for each in found:
        said = {name: str(text) for name, text in each["properties"].items() if text}
        at = _at(kind, said, each)
        if at is None or at >= until:
            continue
        for contact in contacts.get(str(each["id"]), ()):
            yield {
                "lead": contact,
                "at": at,
                "activity": str(each["id"]),
                "kind": kind,
                "by": said.get(OWNER),
                "counts": any(_counts(rule, said) for rule in binding.touch.any if rule.activity == kind),
                "inbound": _is_inbound(kind, said),
            }


def _at(kind: str, said: Mapping[str, str], found: Mapping[str, Any]) -> datetime | None:
    """Return when something was done. A meeting is a touch when it is put into the calendar, and not when it takes place."""
    logged = wire.instant(said.get(_LOGGED_AT)) or wire.instant(found.get("createdAt"))
    return logged if kind == MEETING else wire.instant(said.get(_DONE_AT)) or logged


def _counts(rule: TouchRule, said: Mapping[str, str]) -> bool:
    """Return whether an activity is what a rule counts; the workflows that note touches ask the same of it."""
    kind: Activity = ACTIVITIES[rule.activity]
    booked = (BOOKED_BY_BUYER,) if rule.activity == MEETING and rule.booked_by_buyer != _COUNTS else ()
    return (
        (rule.by != _BY_OWNER or OWNER in said)
        and all(said.get(place.property) in values for place, values in kind.must)
        and not any(said.get(place.property) in values for place, values in (*kind.never, *booked))
        and not any(name in said for name in kind.unknown)
        and (not rule.outcome or kind.outcome is None or said.get(kind.outcome.property) in rule.outcome)
    )


def _is_inbound(kind: str, said: Mapping[str, str]) -> bool:
    name, values = _INBOUND.get(kind, ("", ()))
    return said.get(name) in values
