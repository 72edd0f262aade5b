"""Cycles and stays from events: those that the model finds in the same histories."""

import random
from datetime import UTC, datetime

import pytest

from sla_sync.attainment.past import Past
from sla_sync.semantics.cycles import cycles
from sla_sync.semantics.history import Parted, Parting
from sla_sync.semantics.story import Story
from tests.attainment.exported import exported, found, lives, past_of
from tests.semantics.leads import agreement, at, story

pytestmark = pytest.mark.slow

NOW = at("12-20 00:00")


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    dice, under = random.Random(11), agreement()
    return {f"L{number:03}": story(*lives(dice), under=under) for number in range(200)}


@pytest.fixture(scope="module")
def past(stories: dict[str, Story]) -> Past:
    return past_of(exported({lead: each.history for lead, each in stories.items()}), agreement(), NOW)


def gone(each: Story) -> Parted | None:
    last = each.history.events[-1]
    return last if isinstance(last, Parted) else None


def utc(instant: datetime | None) -> datetime | None:
    return instant and instant.astimezone(UTC)


def test_cycles_are_those_that_the_model_finds(stories: dict[str, Story], past: Past) -> None:
    wanted = []
    for lead, each in stories.items():
        for cycle in cycles(each):
            if cycle.qualified_at is None:
                continue
            parted = gone(each)
            left = utc(cycle.closed_at) or (utc(parted.at) if parted else None)
            closed = cycle.closed_at is not None
            wanted.append(
                (
                    lead, cycle.number, utc(cycle.raised_at), cycle.source, utc(cycle.qualified_at), left,
                    cycle.stage if closed else None, cycle.reason if closed else None,
                )
            )  # fmt: skip
    names = ("lead", "cycle", "raised_at", "source", "qualified_at", "closed_at", "closed_by", "reason")
    assert [tuple(row[each] for each in names) for row in found(past, "cycles")] == wanted
    assert len(wanted) > 250
    assert {each[6] for each in wanted} == {None, "recycled", "disqualified", "won"}


def test_who_had_a_cycle_first_is_who_the_model_says(stories: dict[str, Story], past: Past) -> None:
    wanted = [
        (lead, cycle.number, cycle.legs[0].owner, cycle.legs[0].team, utc(cycle.legs[0].assigned_at))
        for lead, each in stories.items()
        for cycle in cycles(each)
        if cycle.qualified_at is not None and cycle.legs
    ]
    names = ("lead", "cycle", "owner", "team", "assigned_at")
    assert [tuple(row[each] for each in names) for row in found(past, "cycles") if row["owner"]] == wanted


def test_stays_are_the_stages_in_which_the_model_sees_the_lead(stories: dict[str, Story], past: Past) -> None:
    wanted = []
    for lead, each in stories.items():
        entered = [
            (lead, after.stage, utc(after.since), before.stage)
            for before, after in zip(each.standings, each.standings[1:], strict=False)
            if after.stage != before.stage
        ]
        parted = gone(each)
        ends = [*((at, stage) for _, stage, at, _ in entered[1:]), (parted and utc(parted.at), parted and "gone")]
        wanted += [(*begin, *end) for begin, end in zip(entered, ends, strict=True)]
    names = ("lead", "stage", "entered_at", "came_from", "left_at", "went_to")
    assert [tuple(row[each] for each in names) for row in found(past, "stays")] == wanted


def test_a_cycle_counts_for_nothing_where_the_model_says_that_its_lead_was_merged(
    stories: dict[str, Story], past: Past
) -> None:
    merged = {lead for lead, each in stories.items() if (end := gone(each)) and end.how is Parting.MERGED}
    assert {row["lead"] for row in found(past, "cycles") if row["void"] == "merged"} == merged
    deleted = [row for row in found(past, "cycles") if row["void"] == "deleted"]
    assert deleted
    assert all(row["closed_by"] is None and row["closed_at"] for row in deleted)
