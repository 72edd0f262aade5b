"""Live settings against the agreement, and what a target shows besides, explained by what the last apply left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sla_sync.connector import Watched
from sla_sync.diagnostics import errors_in
from sla_sync.errors import DocumentError
from sla_sync.pipeline.applying import refuse_what_moved, refuse_while_applying
from sla_sync.pipeline.look import Say, Sight, look, say_nothing
from sla_sync.pipeline.pulse import stalled
from sla_sync.pipeline.watching import joined, watch, with_harm
from sla_sync.places import Place
from sla_sync.reconcile.audit import audit, in_order
from sla_sync.reconcile.drift import Drift
from sla_sync.reconcile.exceptions import accept
from sla_sync.reconcile.vouched import vouch


def drift(
    place: Place, name: str, *, environ: Mapping[str, str], today: date | None = None, say: Say = say_nothing
) -> Drift:
    """Return every difference between the agreement and a target, explained by what the last apply left.

    Raises LockedError where somebody applies meanwhile.
    """
    with look(place, name, environ=environ, today=today, reading=True, before=refuse_while_applying, say=say) as sight:
        # Somebody who left is what an audit is there to find, and keeps it from nothing.
        errors = [each for each in errors_in(sight.plan.diagnostics) if each.code != "SLA802"]
        if errors:
            raise DocumentError(f"{name} cannot be audited.", sight.plan.diagnostics)
        return _audited(sight, today)


def _audited(sight: Sight, today: date | None) -> Drift:
    prepared, reader = sight.prepared, sight.reader
    now, zone = sight.target.connection.now(), prepared.resources.timezone
    found = audit(
        sight.plan,
        prepared.translation.desired,
        sight.snapshot,
        prepared.connector.types,
        manifest=sight.manifest,
        trail=tuple(reader.audit_trail(None)),
    )
    asked = Watched(prepared.resources, prepared.binding, prepared.translation, sight.snapshot, now)
    seen = watch(reader, asked, sight.target.name)
    late = stalled(prepared, reader, now, sight.target.name)
    whole = replace(
        found,
        findings=(*found.findings, *seen.findings, *([late] if late else [])),
        unverifiable=(*found.unverifiable, *seen.unseen),
        title=prepared.resources.title,
        zone=zone,
        at=now,
    )
    whole = joined(whole, prepared.agreement, trail=seen.trail)
    day = today or now.astimezone(ZoneInfo(zone)).date()
    attestations, exceptions = sight.documents.attestations, sight.documents.exceptions
    if attestations is not None:
        whole = vouch(whole, attestations.attestations, today=day)
    if exceptions is not None:
        whole = accept(
            whole, exceptions, today=day, agreement=prepared.agreement.metadata.name, roles=prepared.agreement.roles
        )
    whole = replace(whole, findings=in_order(whole.findings))
    # What happened while we looked is asked at the end: settings, people and leads must all be of one state.
    refuse_what_moved(sight)
    return with_harm(whole, reader, asked)
