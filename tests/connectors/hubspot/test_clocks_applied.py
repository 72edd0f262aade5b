"""Who finds the instants of clocks can be chosen anew: each choice is applied over the one before, and then all is as agreed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.plan import plan
from sla_sync_hubspot.binding import Deadlines
from tests.connectors.hubspot.clock_stage import EXAMPLES
from tests.examples.places import documents

TARGET = "startup-simulator"


@pytest.mark.slow
def test_another_choice_of_deadlines_can_be_applied_over_the_last(tmp_path: Path) -> None:
    folder = tmp_path / "startup"
    shutil.copytree(EXAMPLES / "startup", folder)
    written = (folder / "bindings" / "hubspot.yaml").read_text(encoding="utf-8")
    found = documents("startup")
    place = replace(
        found.place, agreement=folder / "agreement.yaml", targets=folder / "targets.yaml", state=tmp_path / "state"
    )
    day = found.usable.metadata.effective.start
    for how in (Deadlines.COMPUTED, Deadlines.TICKS, Deadlines.DELAY, Deadlines.CUSTOM_CODE, Deadlines.COMPUTED):
        (folder / "bindings" / "hubspot.yaml").write_text(f"{written}deadlines: {how}\n", encoding="utf-8")
        applied = apply(place, TARGET, environ={}, today=day)
        assert applied.result is not None
        assert applied.result.complete, how
        assert applied.plan.changes, how
        assert plan(place, TARGET, environ={}, today=day).changes == (), how
