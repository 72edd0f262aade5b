"""Turns from events: those that the model finds in the same histories, and the promises in them judged alike."""

import random
from datetime import UTC, datetime

import pytest

from sla_sync.attainment import runs as judged
from sla_sync.attainment.past import Past
from sla_sync.semantics.clocks import Void
from sla_sync.semantics.clocks import runs as truth
from sla_sync.semantics.cycles import cycles
from sla_sync.semantics.history import Parted
from sla_sync.semantics.story import Story
from tests.attainment.exported import exported, found, lives, past_of
from tests.semantics.leads import agreement, at, facts, story

pytestmark = pytest.mark.slow
NOW = at("12-20 00:00")


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    dice, under = random.Random(5), agreement()
    return {f"L{number:03}": story(*facts(email="a"), *lives(dice), under=under) for number in range(150)}


@pytest.fixture(scope="module")
def past(stories: dict[str, Story]) -> Past:
    return past_of(exported({lead: each.history for lead, each in stories.items()}), agreement(), NOW)


def utc(instant: object) -> datetime | None:
    if not isinstance(instant, datetime):
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def test_turns_of_owners_are_those_that_the_model_finds(stories: dict[str, Story], past: Past) -> None:
    wanted = []
    for lead, each in stories.items():
        last = each.history.events[-1]
        gone = utc(last.at) if isinstance(last, Parted) else None
        for cycle in cycles(each):
            wanted += [
                (lead, cycle.number, leg.owner, leg.team, utc(leg.assigned_at), utc(leg.ended_at) or gone)
                for leg in cycle.legs
                if cycle.qualified_at is not None
            ]
    names = ("lead", "cycle", "owner", "team", "assigned_at", "ended_at")
    assert [tuple(row[each] for each in names) for row in found(past, "legs") if row["owner"]] == wanted
    assert len(wanted) > 300


def test_promises_are_judged_in_derived_turns_as_the_model_judges_them(stories: dict[str, Story], past: Past) -> None:
    wanted = [
        (
            run.commitment, lead, utc(run.started_at), run.owner, utc(run.deadline), utc(run.stopped_at),
            "running" if str(run.state) == "warned" else str(run.state),
            "merged" if run.void_because == Void.MERGED else run.void_because,
        )
        for lead, each in stories.items()
        for name in past.agreement.commitments
        for run in truth(each, name, NOW)
        if not (name == "verdict" and returned(each))
    ]  # fmt: skip
    rows = past.rows(
        judged.runs(past.tables["legs"], past.agreements, NOW, first=at("09-01 00:00"), last=at("12-31 00:00")).table
    )
    answers = [
        (
            str(row["commitment"]), row["lead"], utc(row["started_at"]), row["owner"], utc(row["due_at"]),
            utc(row["stopped_at"]), row["state"], row["void_because"],
        )
        for row in rows
        if not (row["commitment"] == "verdict" and returned(stories[str(row["lead"])]))
    ]  # fmt: skip
    assert sorted(answers, key=str) == sorted(wanted, key=str)
    for name in past.agreement.commitments:
        assert {each[6] for each in answers if each[0] == name} >= {"on_time", "late", "overdue", "void"}


def returned(each: Story) -> bool:
    """Return whether a lead came back to the qualified stage in a cycle: turns tell only when it first left."""
    changes = zip(each.standings, each.standings[1:], strict=False)
    return any(
        before.qualified and not before.closed and before.stage != "mql" == after.stage for before, after in changes
    )
