"""What apply would do to a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sla_sync.pipeline.look import Say, coming_manifest, look, open_writer, say_nothing
from sla_sync.places import Place
from sla_sync.reconcile.plan import Plan


def plan(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    rehearse: bool = False,
    say: Say = say_nothing,
) -> Plan:
    """Return what apply would do to a target. `rehearse` asks the platform itself, which takes the apply lock."""
    with look(place, name, environ=environ, today=today, foresee=True, say=say) as sight:
        if not rehearse or sight.plan.refused:
            return sight.plan
        say(f"Rehearsing on {name} …")
        with open_writer(sight) as writer:
            found = tuple(writer.rehearse(sight.plan.changes, coming_manifest(sight, commit=None)))
        return replace(sight.plan, diagnostics=(*sight.plan.diagnostics, *found))
