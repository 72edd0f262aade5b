"""What a review says of changed promises, goals, teams, calendars and bindings, and whom it takes them to touch."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import BaseModel

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.agreement.sections.commitments import Clock, Commitment
from sla_sync.agreement.sections.goal import Goal, Plan
from sla_sync.agreement.sections.teams import Team
from sla_sync.review.amendments import Matter, Revision
from sla_sync.review.difference import difference
from sla_sync.review.edits import edits
from sla_sync.review.ground import Ground
from sla_sync.review.judges.bearings import opposite
from sla_sync.review.judges.every import JUDGES
from tests.agreement.documents import CONFIGS
from tests.lint.cases import acme_data
from tests.review.revisions import acme, change, only, revision
from tests.review.test_sentences import Told, table

VERDICT = "clock: {starts: assigned, stops: leaves mql, runs_in: owner calendar}"
VOLUME = "    target: 110 per month\n"


@pytest.mark.parametrize("told", table("promises"), ids=lambda told: told["says"])
def test_the_way_back_asks_the_opposite(told: Told) -> None:
    here, there = acme(), acme(*told["change"])
    assert only(difference(there, here)).effects == {
        party: opposite(each) for party, each in only(difference(here, there)).effects.items()
    }


def test_what_is_only_reported_is_nobodys_duty() -> None:
    reported = (VOLUME, "    target: 110 per month\n    kind: influence\n")
    before = acme(reported)
    after = acme(reported, ("target: 110 per month", "target: 90 per month"))
    found = only(difference(before, after))
    assert (found.sentence, found.matter) == ("mql-volume: target 110 → 90 per month.", Matter.TECHNICAL)


def test_a_day_in_a_file_of_holidays_is_told_for_each_calendar_that_takes_it_from_there() -> None:
    agency = CONFIGS / "examples" / "agency"
    one, two = (
        revision(folder=agency, holidays={"holidays.txt": text}) for text in ("2026-12-25 Off\n", "2026-12-24\n")
    )
    found = difference(one, two)
    assert {each.sentence for each in found.amendments} == {
        "Calendars «agency_floor» and «field»: 24 December 2026 is a holiday (holidays.txt).",
        "Calendars «agency_floor» and «field»: 25 December 2026 is no longer a holiday (holidays.txt).",
    }
    assert {each.matter for each in found.amendments} == {Matter.MEASUREMENT}


def test_a_promise_to_somebody_by_name_is_owed_to_that_party() -> None:
    found = only(change(("    on_time: 95%\n", "    on_time: 90%\n")))
    assert (set(found.bound), set(found.owed)) == ({"sales"}, {"marketing"})
    named = (VERDICT, f"{VERDICT}\n    to: president")
    found = only(difference(acme(named), acme(named, ("    on_time: 95%\n", "    on_time: 90%\n"))))
    assert (set(found.bound), set(found.owed)) == ({"sales"}, {"executive"})


def test_a_renamed_stage_that_changed_besides_is_told_under_its_new_name() -> None:
    found = change(
        ("  sal:\n", "  accepted_lead:\n"),
        ("next: [sal, ", "next: [accepted_lead, "),
        ("mql to sal within", "mql to accepted_lead within"),
        ("mql to sal: 70%, sal to sql", "mql to accepted_lead: 70%, accepted_lead to sql"),
        ("max_age: 30 business days", "max_age: 20 business days"),
        ("accepted:\n", "moved: {stages: {sal: accepted_lead}}\n\naccepted:\n"),
        salesforce=[("  sal:  ", "  accepted_lead:  ")],
        hubspot=[("  sal:  ", "  accepted_lead:  ")],
    )
    assert [each.sentence for each in found.amendments] == [
        "Stage «accepted_lead»: the longest stay 30 → 20 business days.",
        "Stage «sal» is called «accepted_lead».",
    ]


MODELS: Mapping[str, type[BaseModel]] = {
    "goal": Goal,
    "goal plan": Plan,
    "calendars office": Calendar,
    "teams sdr": Team,
    "commitments first-response": Commitment,
    "commitments mql-volume": Commitment,
    "commitments first-response clock": Clock,
}
"""Where a value of each model stands in the example."""
KEYS = [(at, name) for at, model in MODELS.items() for name in model.model_fields]
SAID = {
    "goal by": "2027-06-30",
    "teams sdr capacity": "90 hours per member per month",
    "teams sdr effort": "1 hour per lead",
    "commitments first-response kind": "influence",
    "commitments first-response warn": "at 60%",
    "commitments mql-volume kind": "influence",
    "commitments mql-volume warn": "at 60%",
}
"""Values of keys whose examples are those of their type."""
TOGETHER = {"pauses_on": ("resumes_on", "reply"), "resumes_on": ("pauses_on", "touch")}


@pytest.mark.parametrize(("at", "name"), KEYS)
def test_every_key_has_a_sentence_of_its_own_when_it_comes_and_when_it_goes(at: str, name: str) -> None:
    field = MODELS[at].model_fields[name]
    key = field.alias or name
    example = SAID.get(f"{at} {key}") or (field.examples or [key])[-1]
    other = TOGETHER.get(key)
    here = (*at.split(), key)
    without, said = acme_data(), acme_data()
    _put(without, here, None)
    _put(said, here, example)
    if other is not None:
        _put(said, (*here[:-1], other[0]), other[1])
    sides = [said] if field.is_required() else [without, said]
    base = _revision(acme_data())
    for other_side in map(_revision, sides):
        for before, after in ((base, other_side), (other_side, base)):
            found = edits(before, after)
            ground = Ground(before, after, found)
            told = [edit.path for each in JUDGES[here[0]](ground) for edit in each.edits]
            assert sorted(map(str, told)) == sorted(str(each.path) for each in found)


def _put(data: dict[str, object], at: tuple[str, ...], value: object) -> None:
    holder = data
    for step in at[:-1]:
        inner = holder[step]
        assert isinstance(inner, dict)
        holder = inner
    if value is None:
        holder.pop(at[-1], None)
    else:
        holder[at[-1]] = value


def _revision(data: Mapping[str, object]) -> Revision:
    return Revision("any", Agreement.model_validate(data), {}, {}, "")
