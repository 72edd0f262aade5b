"""The working week of the demo, exported: turns, stages and touches are those that `why` tells of each lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Manifest
from sla_sync.demo.week import CASES, END
from sla_sync_salesforce.simulator.actors.playing import play
from sla_sync_salesforce.stories import tell
from tests.connectors.salesforce.example import acme
from tests.connectors.salesforce.exporting import asked_for_its_past
from tests.connectors.salesforce.living import living

LATER = timedelta(days=7)
"""The org of these tests begins on a Monday, after the week of the demo has begun."""


@pytest.mark.slow
def test_the_week_comes_out_as_why_tells_it(tmp_path: Path) -> None:
    manifest = Manifest("digest", {each.address: {} for each in acme().desired})
    moves = [replace(move, at=move.at + LATER) for case in CASES for move in case.moves]
    with asked_for_its_past(living(tmp_path)) as told:
        records = play(told.running, moves, told.binding.model_dump(mode="json", by_alias=True, exclude_none=True))
        told.running.run_until(END + LATER)
        kept = told.export()
        # What is told of a contact is told of the lead that it was.
        leads = [str(row["lead"]) for row in kept.rows["leads"].values()]
        stories = {lead: tell(told.client, lead, manifest) for lead in leads}
        users = {str(row["Id"]): str(row["Name"]) for row in told.org.org.rows("User")}
    assert len(stories) == len(records) == len(CASES)
    for lead, story in stories.items():
        turns = {(row["cycle"], row["number"]): row for row in kept.of("legs", lead)}
        assert sorted(turns) == sorted((each.cycle, each.number) for each in story.assignments), story.title
        entered = {(row["at"], row["stage"]) for row in kept.of("stages", lead)}
        touched = {(row["at"], row["by"]) for row in kept.of("activities", lead) if row["counts"]}
        for each in story.assignments:
            turn: Mapping[str, Any] = turns[each.cycle, each.number]
            when = (turn["qualified_at"], turn["assigned_at"], turn["touched_at"], turn["ended_at"], turn["raised_at"])
            why = (each.qualified_at, each.assigned_at, each.touched_at, each.ended_at, each.raised_at)
            assert when == why, story.title
            assert (turn["priority"], turn["source"], turn["team"]) == (each.priority, each.source, each.team)
            assert (turn["calendar"], turn["policy"]) == (each.calendar, each.policy.rpartition("@")[2])
            assert users[turn["owner"]] == each.owner
            assert (each.qualified_at, "mql") in entered, story.title
            assert each.touched_at is None or (each.touched_at, turn["owner"]) in touched, story.title
            assert each.verdict_at is None or each.verdict_at in {at for at, _ in entered}, story.title
