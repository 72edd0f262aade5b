"""Two targets of one agreement held against each other: both are read, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sla_sync.agreement.source import Source
from sla_sync.agreement.sync import MappedField, Rule, Sync
from sla_sync.connector import Asked, Mode, TellsFacts
from sla_sync.consistency import Exchange, Pair, Side, Verdict, compare
from sla_sync.consistency.sides import Route, Way
from sla_sync.diagnostics import KeyPath, Location
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.look import Say, Sight, binding_of, choose_target, look, say_nothing
from sla_sync.pipeline.validate import Documents, read
from sla_sync.places import Place

_HUBSPOT, _SALESFORCE = "hubspot", "salesforce"
_LEAD = "Lead"
"""Leads and contacts share a mapping, and bindings name the fields of leads."""


@dataclass(frozen=True)
class Compared:
    """The verdicts on two targets, and the documents whose places they name; the agreement is the first of these."""

    targets: tuple[str, str]
    verdicts: tuple[Verdict, ...]
    sources: Mapping[Path, Source]

    def locate(self, document: Path | None, path: KeyPath) -> Location | None:
        """Return where a place stands, in the agreement where no document is named; None where that was not read."""
        source = self.sources.get(document) if document else next(iter(self.sources.values()))
        return source.locate_key(path) if source and path else None


def consistency(
    place: Place,
    targets: tuple[str, str],
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    say: Say = say_nothing,
) -> Compared:
    """Return the verdict on every point about two targets of one agreement.

    Raises SlaSyncError where they are one target or one platform, or a platform cannot be compared; DocumentError where
    a document about them cannot be used.
    """
    documents = read(place)
    first, second = (choose_target(documents, name) for name in targets)
    if first.connector == second.connector:
        raise SlaSyncError(
            f"'{targets[0]}' and '{targets[1]}' are both on {first.connector}.",
            hint="Name two targets on different platforms.",
        )
    exchange = documents.sync
    written = _exchange(exchange, targets, place.sync) if exchange else None
    day = today or _day(documents, all(each.simulator for each in (first, second)))
    with ExitStack() as stack:
        sights = [
            stack.enter_context(look(place, name, environ=environ, today=day, reading=True, say=say))
            for name in targets
        ]
        sides = [_side(sight, documents, written, exchange) for sight in sights]
    agreement = sights[0].prepared.agreement
    roles = sorted(agreement.roles, key=lambda name: not agreement.roles[name].steward)
    verdicts = compare(
        Pair(
            sides[0],
            sides[1],
            sights[0].prepared.resources,
            day,
            written,
            documents.attestations,
            place.attestations,
            tuple(roles),
            _measured(sights, sides),
        )
    )
    return Compared(targets, verdicts, documents.sources)


def _day(documents: Documents, simulated: bool) -> date:  # noqa: FBT001 - told by its name at the one call
    return documents.usable.metadata.effective.start if simulated else datetime.now(UTC).date()


def _side(sight: Sight, documents: Documents, written: Exchange | None, exchange: Sync | None) -> Side:
    """Return what a target was asked for and what it tells. Raises SlaSyncError where its connector tells no facts."""
    prepared, name = sight.prepared, sight.target.name
    if not isinstance(sight.reader, TellsFacts):
        raise SlaSyncError(
            f"The connector '{prepared.connector.name}' tells nothing that '{name}' could be compared by.",
            hint="Ask its author for `facts`, or name another target.",
        )
    platform = prepared.connector.name
    mapped = frozenset(each.fields.get(platform, "") for each in written.routes) if written else frozenset()
    asked = Asked(
        prepared.resources,
        prepared.binding,
        prepared.translation,
        sight.snapshot,
        mapped,
        exchange.inclusion if exchange and written else "",
        exchange.user if exchange and written and platform == _SALESFORCE else "",
    )
    target = choose_target(documents, name)
    return Side(
        name,
        platform,
        prepared.binding,
        binding_of(documents, target),
        prepared.translation.desired,
        sight.plan,
        sight.reader.facts(asked),
        target.people,
    )


def _measured(sights: Iterable[Sight], sides: Iterable[Side]) -> frozenset[str]:
    """Return the clocks that whoever runs the clocks only measures."""
    running = [sight for sight, side in zip(sights, sides, strict=True) if side.runs_clocks]
    modes = [(each.name, each.mode) for sight in running for each in sight.prepared.resources.clocks]
    return frozenset(name for name, mode in modes if mode is Mode.MEASURE)


def _exchange(said: Sync, targets: tuple[str, str], document: Path) -> Exchange | None:
    """Return what is written down of the exchange between these two targets, None where it is about others."""
    if {said.targets.hubspot, said.targets.salesforce} != set(targets):
        return None
    routes = tuple(_route(name, each) for name, each in said.mappings.items())
    return Exchange(document, routes, said.inclusion, said.every)


_WAYS: Mapping[Rule, Way] = {
    Rule.TWO_WAY: Way.BOTH,
    # Salesforce's value counts, and HubSpot's passes only where Salesforce has none: a field without a value has no writer.
    Rule.PREFER_SALESFORCE: Way.ONE,
    Rule.ALWAYS_SALESFORCE: Way.ONE,
    Rule.NONE: Way.NONE,
}


def _route(name: str, mapped: MappedField) -> Route:
    way = _WAYS[mapped.rule]
    return Route(
        {_HUBSPOT: name, _SALESFORCE: f"{_LEAD}.{mapped.field}"},
        way,
        str(mapped.rule),
        _SALESFORCE if way is Way.ONE else "",
        frozenset({_SALESFORCE}),
        ("mappings", name),
    )
