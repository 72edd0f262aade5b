"""One agreement, everything that it needs."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.compiler.calendars import calendars, instants_in_force
from sla_sync.compiler.deadline import deadline_commitment
from sla_sync.compiler.divisions import spelled_out
from sla_sync.compiler.fields import fields
from sla_sync.compiler.leads import priorities, sources
from sla_sync.compiler.promises import clocks, promises
from sla_sync.compiler.routing import queues, routing, teams
from sla_sync.compiler.scores import score_bounds
from sla_sync.compiler.segments import segments
from sla_sync.compiler.stages import gates, reason_sets, stages, stamps
from sla_sync.compiler.views import access, reports
from sla_sync.resources import Resources


def compile_agreement(
    agreement: Agreement, modes: Mapping[str, Mode], files: Mapping[str, str] | None = None
) -> Resources:
    """Return what the agreement needs on a platform; `modes` says how much of each commitment is pushed there.

    `files` holds the texts of its files of holidays by name. Raises CalendarError where a calendar cannot be used.
    """
    scope = agreement.metadata.scope
    return Resources(
        agreement=agreement.metadata.name,
        title=agreement.metadata.title or agreement.metadata.name,
        effective_from=agreement.metadata.effective.start,
        timezone=agreement.metadata.timezone,
        fields=fields(agreement, modes),
        stages=stages(agreement),
        stamps=stamps(agreement),
        reason_sets=reason_sets(agreement),
        gates=gates(agreement),
        segments=segments(agreement),
        reports=reports(agreement, modes),
        access=access(agreement),
        thresholds={
            name: float(model.threshold)
            for name, model in agreement.scoring.items()
            if isinstance(model.threshold, int)
        },
        score_bounds=score_bounds(agreement),
        groups=dict(agreement.groups),
        exclusions=agreement.quality.exclude if agreement.quality else (),
        needs=_needs(agreement),
        policy=f"{agreement.metadata.name}@{agreement.metadata.version_in_force}",
        scope=spelled_out(scope.value, agreement) if scope else None,
        in_force=instants_in_force(agreement),
        sources=sources(agreement),
        priorities=priorities(agreement),
        calendars=calendars(agreement, files or {}),
        teams=teams(agreement),
        queues=queues(agreement),
        routing=routing(agreement),
        clocks=clocks(agreement, modes),
        deadline=deadline_commitment(agreement, modes),
        promises=promises(agreement, modes),
    )


def _needs(agreement: Agreement) -> Mapping[str, tuple[str, ...]]:
    """Return the fields that each stage needs: those that it names itself, then those that the quality of data asks for."""
    besides = agreement.quality.needs if agreement.quality else {}
    found = {
        name: tuple(dict.fromkeys((*stage.needs, *besides.get(name, ())))) for name, stage in agreement.stages.items()
    }
    return {name: needs for name, needs in found.items() if needs}
