"""On a history whose truth is known: who reached other thresholds, and what share would have kept other limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.replay.qualifying import sides
from sla_sync.replay.replay import replay
from sla_sync.replay.revisions import Revision
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Member, Parameters, Team

pytestmark = pytest.mark.slow
ACME = (Path(__file__).parents[2] / "configs" / "acme" / "agreement.yaml").read_text(encoding="utf-8")
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
PARAMETERS = Parameters(seed=4, teams=(Team("sdr", "office", (Member("ana", 1.0), Member("ben", 1.0))),))


def revised(*changes: tuple[str, str]) -> Revision:
    text = ACME
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Revision("proposal", Agreement.model_validate(dict(read_text_source(text).data or {})))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Past, Mapping[str, Any]]:
    """Return a quarter under the agreement of the example, and what is true of it."""
    folder = tmp_path_factory.mktemp("made") / "history"
    write_history(PARAMETERS, folder)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return open_past(folder, revised().agreement, datetime.fromisoformat(truth["as_of"])), truth


def test_other_thresholds_are_reached_by_exactly_those_who_did(made: tuple[Past, Mapping[str, Any]]) -> None:
    past, truth = made
    before = revised().always
    for threshold in (70, 90, 120, 160):
        after = revised(("threshold: 100", f"threshold: {threshold}")).always
        found = sides(past, before, after)
        # The truth counts people until they are gone; a replay leaves out who was merged or deleted in the cycle.
        counts = found.filter(found["void"].isnull() | found["void"].isin(["merged", "deleted"]))
        row = past.rows(counts.agg(before=counts["before_at"].count(), after=counts["after_at"].count()))[0]
        assert row == {"before": truth["reaches"]["100"], "after": truth["reaches"][str(threshold)]}


def test_another_limit_is_kept_as_often_as_the_curve_says(made: tuple[Past, Mapping[str, Any]]) -> None:
    past, _ = made
    before, after = revised(), revised(("hot: 15 business minutes", "hot: 45 business minutes"))
    found = replay(past, before, after, QUARTER)
    hot = next(each for each in found.kept if each.priority == "hot")
    for minutes, side in ((15, hot.before), (45, hot.after)):
        assert side is not None
        assert side.interval is not None
        low, high = side.interval
        expected = float(PARAMETERS.response["hot"].share_within(np.array([minutes * 60_000]))[0])
        assert low < expected < high
        assert side.whole > 100
    assert found.qualified.before.value == found.qualified.after.value == found.qualified.recorded.value
