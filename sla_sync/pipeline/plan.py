"""What apply would do to a target."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sla_sync.diagnostics import Diagnostic
from sla_sync.pipeline.consent import forewarned, objections
from sla_sync.pipeline.look import Say, Sight, coming_manifest, look, open_writer, say_nothing
from sla_sync.places import Place
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Action
from sla_sync.review.open_leads import under_way


def plan(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    rehearse: bool = False,
    only: Collection[str] = (),
    say: Say = say_nothing,
) -> Plan:
    """Return what apply would do to a target, or to some of its settings (`only`: addresses or names of findings).

    `rehearse` asks the platform itself, which takes the apply lock.
    """
    with look(place, name, environ=environ, today=today, foresee=True, only=only, say=say) as sight:
        made = _told(sight, forewarned(objections(place, sight, environ=environ, today=today, say=say)))
        if not rehearse or made.refused:
            return made
        say(f"Rehearsing on {name} …")
        with open_writer(sight) as writer:
            found = tuple(writer.rehearse(sight.plan.changes, coming_manifest(sight, commit=None)))
        return replace(made, diagnostics=(*made.diagnostics, *found))


def _told(sight: Sight, warnings: tuple[Diagnostic, ...]) -> Plan:
    """Return the plan with what apply would refuse, and with what becomes of leads that are under way."""
    plan, binding = sight.plan, sight.prepared.binding
    places = [each.origin for change in plan.changes if change.action is Action.UPDATE for each in change.fields]
    said = under_way(places, {binding.metadata.connector: binding}) if sight.manifest is not None else ()
    return replace(plan, diagnostics=(*plan.diagnostics, *warnings), opening=(*plan.opening, *said))
