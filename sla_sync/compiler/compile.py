"""One agreement, everything that it needs."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.compiler.fields import fields
from sla_sync.compiler.segments import segments
from sla_sync.compiler.stages import gates, reason_sets, stages, stamps
from sla_sync.compiler.views import access, reports
from sla_sync.resources import Resources


def compile_agreement(agreement: Agreement, modes: Mapping[str, Mode]) -> Resources:
    """Return what the agreement needs on a platform; `modes` says how much of each commitment is pushed there."""
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
        groups=dict(agreement.groups),
        exclusions=agreement.quality.exclude if agreement.quality else (),
        needs=_needs(agreement),
    )


def _needs(agreement: Agreement) -> Mapping[str, tuple[str, ...]]:
    """Return the fields that each stage needs: those that it names itself, then those that the quality of data asks for."""
    besides = agreement.quality.needs if agreement.quality else {}
    found = {
        name: tuple(dict.fromkeys((*stage.needs, *besides.get(name, ())))) for name, stage in agreement.stages.items()
    }
    return {name: needs for name, needs in found.items() if needs}
