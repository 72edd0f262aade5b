"""Every judge by its section of the agreement, or by `bindings` or `holidays`."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.review.ground import Judge
from sla_sync.review.judges import (
    bindings,
    calendars,
    commitments,
    divisions,
    document,
    goal,
    governance,
    priorities,
    quality,
    reasons,
    routing,
    scoring,
    sources,
    stages,
    teams,
)

_OF: tuple[Mapping[str, Judge], ...] = (
    document.JUDGES,
    governance.JUDGES,
    goal.JUDGES,
    calendars.JUDGES,
    teams.JUDGES,
    divisions.JUDGES,
    sources.JUDGES,
    scoring.JUDGES,
    stages.JUDGES,
    priorities.JUDGES,
    commitments.JUDGES,
    reasons.JUDGES,
    routing.JUDGES,
    quality.JUDGES,
    bindings.JUDGES,
)

JUDGES: Mapping[str, Judge] = {section: judge for each in _OF for section, judge in each.items()}
"""An edit whose section nobody judges is told by itself."""
