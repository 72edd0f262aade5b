"""Whether the weeks of `stories` tell a broken org from a sound one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sla_sync.agreement.document import Agreement
from tests.behaviour.salesforce.comparing import CLOCKS, differences
from tests.behaviour.salesforce.mutants import Mutant
from tests.behaviour.salesforce.orgs import opened
from tests.behaviour.salesforce.scripts import Week, play
from tests.behaviour.salesforce.stories import STORIES

EARLY = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Before every story begins."""
AFTERWARDS = timedelta(days=4)


def told_apart(
    kept: Path, agreement: Agreement, mutant: Mutant | None, stories: Iterable[str] = tuple(STORIES)
) -> str | None:
    """Return the name of the first week in which a broken org differs from the model; None where none does."""
    return next((name for name in stories if differing(kept, agreement, mutant, STORIES[name])), None)


def differing(kept: Path, agreement: Agreement, mutant: Mutant | None, week: Week) -> list[str]:
    """Return in what an org with a mistake, or without one, differs from the model after a week."""
    with tempfile.TemporaryDirectory() as copy:
        org = opened(kept, Path(copy) / "org", at=week.start)
        if mutant is not None:
            mutant.make(org)
        try:
            played = play(org, week)
            org.run_until(org.application.now + AFTERWARDS)
            return list(differences(agreement, org, played, CLOCKS))
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            if mutant is None:
                raise
            return [f"the org could not go on: {error!r}"]
