"""Who would have qualified: the first instant at which the condition held, the same on both sides, lead by lead."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.replay.qualifying import sides
from sla_sync.replay.replay import replay
from sla_sync.replay.revisions import Revision
from sla_sync.semantics.expressions import holds
from sla_sync.semantics.history import Changed, Entered, Event, Raised
from sla_sync.semantics.story import Story
from tests.attainment.told import past_of_stories
from tests.measures.pasts import past_of
from tests.replay.sides import OCTOBER, scored
from tests.semantics.leads import at, story

NOW = at("12-31 12:00")


def happening(dice: random.Random) -> Iterator[Event]:
    """Yield what happens to a lead that does not qualify: scores, countries, hand-raises."""
    now = at("10-02 09:00") + timedelta(hours=dice.randrange(48))
    yield Raised(now, dice.choice(("demo_request", "webinar")))
    for _ in range(dice.randrange(8)):
        now += timedelta(hours=dice.randrange(1, 200))
        yield dice.choice(
            (
                Changed(now, "score", dice.choice((60, 95, 100, 120, None))),
                Changed(now, "country", dice.choice(("DE", "ES", None))),
                Raised(now, dice.choice(("demo_request", "webinar"))),
                Entered(now, dice.choice(("inquiry", "disqualified"))),
            )
        )


def first(each: Story, under: Revision) -> datetime | None:
    """Return when the condition held first by the model, which is asked after every event of the lead."""
    condition = under.qualifies_when
    assert condition is not None
    held = (event.at for event in each.history.events if holds(condition, each.lead(event.at)))
    found = next(held, None)
    return None if found is None else found.astimezone(UTC).replace(tzinfo=None)


WHENS = (
    "score reaches threshold",
    "score reaches threshold and country is in tier_1",
    "source is demo_request and country is not DE",
    "stage is inquiry and score > 90",
    "(priority is hot) or (score reaches threshold)",
    "cycle < 2 and score >= 100",
)


@pytest.mark.parametrize("when", [*WHENS[:2], *(pytest.param(each, marks=pytest.mark.slow) for each in WHENS[2:])])
def test_the_first_instant_is_the_one_that_the_model_finds_lead_by_lead(when: str) -> None:
    dice = random.Random(5)
    before, after = scored(100, when), scored(90)
    events = {f"L{number}": tuple(happening(dice)) for number in range(40)}
    stories = {name: story(*each, under=before.agreement) for name, each in events.items()}
    proposed = {name: story(*each, under=after.agreement) for name, each in events.items()}
    past = past_of_stories(stories, before.agreement, NOW)
    found = {row["lead"]: (row["before_at"], row["after_at"]) for row in past.rows(sides(past, before, after))}
    wanted = {name: (first(each, before), first(proposed[name], after)) for name, each in stories.items()}
    assert found == {name: each for name, each in wanted.items() if each != (None, None)}
    assert len(found) > 5


def score(lead: str, when: str, value: int) -> dict[str, object]:
    return {"lead": lead, "at": at(when), "field": "score", "value": str(value)}


def test_each_person_counts_once_in_the_period_in_which_they_first_qualify_and_nobody_who_never_counts() -> None:
    facts = [
        score("again", "10-05 10:00", 120), score("again", "10-06 10:00", 10), score("again", "10-07 10:00", 150),
        score("before", "09-01 10:00", 100), score("before", "09-02 10:00", 10), score("before", "10-05 10:00", 100),
        score("nearly", "10-05 10:00", 95), score("later", "10-05 10:00", 99), score("later", "10-09 10:00", 100),
        score("test", "10-05 10:00", 170), score("list", "10-05 10:00", 170), score("gone", "10-05 10:00", 170),
        score("never", "10-05 10:00", 10),
    ]  # fmt: skip
    lead = {"created_at": at("09-01 00:00")}
    leads = [{"lead": each, **lead} for each in ("again", "before", "nearly", "later", "never")]
    leads += [
        {"lead": "test", "excluded": "test", **lead}, {"lead": "list", "batch": "B1", **lead},
        {"lead": "gone", "gone_at": at("10-20 00:00"), "merged_into": "again", **lead},
    ]  # fmt: skip
    cycles = [
        {"lead": "again", "qualified_at": at("10-05 10:01")},
        {"lead": "never", "qualified_at": at("10-05 10:01")},
    ]
    before, after = scored(100), scored(90)
    past = past_of(before.agreement, NOW, leads=leads, facts=facts, cycles=cycles)
    found = replay(past, before, after, OCTOBER, ids=True)
    own = found.qualified
    assert (own.before.value, own.after.value, own.recorded.value) == (2, 3, 2)
    assert (own.more, own.fewer, own.moved) == (1, 0, 1)
    assert own.basis.left_out == {"import": 1, "merged": 1, "test": 1}
    assert [(each.what, each.leads) for each in found.changing] == [
        ("would qualify only after the change", ("nearly",))
    ]
    back = replay(past, after, before, OCTOBER)
    assert (back.qualified.more, back.qualified.fewer) == (0, 1)
    assert [(each.what, each.count, each.leads) for each in back.changing] == [("would no longer qualify", 1, ())]
