"""Live settings against the agreement, explained by what the last apply left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sla_sync.diagnostics import errors_in
from sla_sync.errors import DocumentError
from sla_sync.pipeline.look import Say, look, say_nothing
from sla_sync.pipeline.pulse import stalled
from sla_sync.places import Place
from sla_sync.reconcile.drift import Drift, audit


def drift(
    place: Place, name: str, *, environ: Mapping[str, str], today: date | None = None, say: Say = say_nothing
) -> Drift:
    """Return every difference between the agreement and a target, explained by what the last apply left."""
    with look(place, name, environ=environ, today=today, say=say) as sight:
        errors = errors_in(sight.plan.diagnostics)
        if errors:
            raise DocumentError(f"{name} cannot be audited.", sight.plan.diagnostics)
        found = audit(
            sight.plan,
            sight.prepared.translation.desired,
            sight.snapshot,
            sight.prepared.connector.types,
            manifest=sight.manifest,
            trail=tuple(sight.reader.audit_trail(None)),
        )
        late = stalled(sight.prepared, sight.reader, sight.target.connection.now())
        return found if late is None else replace(found, findings=(late, *found.findings))
