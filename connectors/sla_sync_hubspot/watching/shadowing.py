"""Workflows of others that write what only ours should write, and those that do not show what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sla_sync.connector import Concern, ForbiddenError, KeyPath, Observation, RejectedError, Unseen
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.doubles import Double, doubles
from sla_sync_hubspot.names import CONTACTS, split_key
from sla_sync_hubspot.trail import WORKFLOWS, author_of, lines_of
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.types import PROPERTY, WORKFLOW
from sla_sync_hubspot.watching.doings import automation_of, is_opaque
from sla_sync_hubspot.watching.ground import Ground

_OWNER = "hubspot_owner_id"
_HERE = "hubspot"
_NAMED = 3


def shadowing(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield each workflow that is there twice, each of others that is on and touches what is ours, and what is not shown."""
    ours = {live.handle for address, live in ground.asked.snapshot.settings.items() if address.type == WORKFLOW}
    running = [str(each["id"]) for each in ground.headings() if each.get("isEnabled")]
    twice = tuple(doubles(ground.headings(), ground.asked.snapshot))
    yield from _doubled(ground, twice)
    others = sorted({each for each in running if each not in ours} - {each.id for each in twice})
    shown = catalogue.flows_with_ids(ground.client, others)
    owned = _owned(ground)
    touching = [(found, touched) for found in shown.values() if (touched := _touched(found, owned))]
    authors = _authors(ground, [found for found, _ in touching]) if touching else {}
    for found, touched in touching:
        yield _seen(found, touched, owned, authors.get(str(found["id"])))
    if len(shown) < len(others):
        yield Unseen(_many(len(others) - len(shown), "workflow of others"), "HubSpot does not show what they do.")
    opaque = sorted(str(each.get("name")) for each in shown.values() if is_opaque(each))
    if opaque:
        because = f"They run code, call services outside or take steps that are not documented: {_listed(opaque)}."
        yield Unseen(f"{_many(len(opaque), 'workflow of others')} with steps of their own", because)


def _doubled(ground: Ground, twice: Iterable[Double]) -> Iterator[Observation]:
    origins = {each.address: each.origin() for each in ground.asked.translation.desired}
    for each in twice:
        origin = origins.get(each.address, ("metadata", "name"))
        finding = f"{each.sentence} {each.advice}"
        yield Observation(Concern.SHADOWED, f"Workflow '{each.address.key}' ({each.id})", finding, origin, each.address)


def _owned(ground: Ground) -> Mapping[str, KeyPath]:
    """Return each property of contacts that nobody here but ours should write, with the place that it serves."""
    resources, binding = ground.asked.resources, ground.binding
    by_people = {each.name for each in resources.fields if each.written_by_people} | {kept.REVISIT_ON}
    free = {ground.named(each) for each in by_people} | {each.field for each in binding.fields.values()}
    made = {
        split_key(each.address.key)[1]: each.origin()
        for each in ground.asked.translation.desired
        if each.address.type == PROPERTY and split_key(each.address.key)[0] == CONTACTS
    }
    found = {name: origin for name, origin in made.items() if name not in free}
    for bound in binding.fields.values():
        if bound.writer and bound.writer != _HERE and not bound.through:
            found[bound.field] = made.get(bound.field, ("metadata", "name"))
    if resources.routing is not None and "routing" not in binding.held_by:
        found[_OWNER] = resources.routing.origin
    if "stages" not in binding.held_by:
        found |= {each.contact_property: ("stages",) for each in binding.stages.values() if each.contact_property}
    return found


def _touched(found: Mapping[str, Any], owned: Mapping[str, KeyPath]) -> tuple[str, ...]:
    return tuple(sorted(automation_of(found, None).writes & owned.keys()))


def _seen(
    found: Mapping[str, Any], touched: Sequence[str], owned: Mapping[str, KeyPath], author: str | None
) -> Observation:
    name = str(found.get("name"))
    gravest = next((each for each in touched if each == _OWNER or owned[each] == ("stages",)), touched[0])
    if gravest == _OWNER:
        does = "gives contacts to others"
    elif owned[gravest] == ("stages",):
        does = "moves contacts through the stages"
    else:
        does = "writes what only ours should write"
    made = gravest != _OWNER and owned[gravest] != ("stages",)
    return Observation(
        Concern.SHADOWED,
        f"Workflow '{name}'",
        f"The workflow «{name}», which is not ours, {does}: it writes {_listed(touched)}.",
        owned[gravest],
        property_address(gravest) if made else None,
        author,
        wire.instant(found.get("updatedAt")),
    )


def _authors(ground: Ground, found: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return who changed these workflows last, as far as the audit log tells, which portals below Enterprise lack."""
    changed = [at for each in found if (at := wire.instant(each.get("updatedAt"))) is not None]
    if not changed:
        return {}
    try:
        lines = lines_of(ground.client, min(changed) - timedelta(minutes=1))
    except (ForbiddenError, RejectedError):
        return {}
    told: dict[str, tuple[datetime, str]] = {}
    for each in lines:
        at, target = wire.instant(each.get("occurredAt")), str(each.get("targetObjectId"))
        if at is None or each.get("category") != WORKFLOWS or (target in told and told[target][0] >= at):
            continue
        told[target] = (at, author_of(each, lambda user: _who(ground, user)))
    return {target: who for target, (_, who) in told.items()}


def _who(ground: Ground, user: object) -> str:
    emails = (str(each.get("email")) for each in ground.owners() if str(each.get("userId")) == str(user))
    return next(emails, f"user {user}")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun.replace('workflow', 'workflows')}"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    shown = ", ".join(found[:_NAMED])
    return shown if len(found) <= _NAMED else f"{shown} and {len(found) - _NAMED} more"
