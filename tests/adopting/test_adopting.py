"""Whatever else a platform lives, its findings become the lines that say so: an adopted world plans empty."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sla_sync.adopting.adoption import Adopted, NotAdopted, unfit
from sla_sync.adopting.proof import Scene
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.adopt import chosen
from sla_sync.reconcile.settings import Address
from tests.adopting.worlds import World, world

WHOLE = bool(os.environ.get("SLA_SYNC_WHOLE"))
# Platform, what the agreement says, what the platform was made to live.
LIVED: tuple[tuple[str, str, str], ...] = (
    ("hubspot", "threshold: 100", "threshold: 90"),
    ("hubspot", "    no_budget:   {means: Interested but not funded., revisit: 180 days}\n", ""),
)
LIVED_SLOWLY: tuple[tuple[str, str, str], ...] = (
    ("salesforce", "{hot: 15 business minutes,", "{hot: 20 business minutes,"),
)
LIVED_AT_NIGHT: tuple[tuple[str, str, str], ...] = (
    ("salesforce", "holidays: [2026-11-26, 2026-12-25]", "holidays: [2026-11-26, 2026-12-25, 2026-11-27]"),
    ("hubspot", "promise: A rep touches every MQL in time.", "promise: A rep talks to every MQL in time."),
    ("hubspot", "engagement > 0", "engagement > 10"),
    ("hubspot", "needs: [email, company, country, source]", "needs: [email, company, source]"),
    ("salesforce", "warn: at 50%", "warn: at 60%"),
    ("salesforce", "after: 1 business hour,", "after: 90 business minutes,"),
    ("salesforce", "within: 2 business days\n", "within: 3 business days\n"),
    ("salesforce", "revisit: 180 days", "revisit: 120 days"),
)


def _adopted_world(folder: Path, platform: str, before: str, after: str) -> tuple[World, str]:
    """Return the world after the adoption of the first finding that can be adopted, and what the agreement says then."""
    agreed = world(folder, platform)
    text = agreed.place.agreement.read_text("utf-8")
    assert before in text
    living = agreed.after({agreed.place.agreement: text.replace(before, after, 1)}).prepared.translation.desired
    drifted = agreed.after({agreed.place.agreement: text}).living(living)
    outcome = next(each for each in map(drifted.adopt, drifted.found()) if isinstance(each, Adopted))
    assert not outcome.pending
    return drifted.after(outcome.texts), text.replace(before, after, 1)


@pytest.mark.parametrize(
    ("platform", "before", "after"),
    [
        *LIVED,
        *(pytest.param(*each, marks=pytest.mark.slow) for each in (*LIVED_SLOWLY, *(LIVED_AT_NIGHT if WHOLE else ()))),
    ],
)
def test_a_world_that_lives_another_agreement_is_adopted_word_by_word_and_plans_empty(
    platform: str, before: str, after: str, tmp_path: Path
) -> None:
    adopted, wanted = _adopted_world(tmp_path, platform, before, after)
    assert adopted.found() == ()
    assert _words(adopted.place.agreement.read_text("utf-8")) == _words(wanted)


def _words(text: str) -> list[str]:
    """Return a text without the spaces by which comments are lined up; a duration may be said in another unit."""
    return text.split()


@pytest.mark.slow
def test_one_value_of_several_that_say_the_same_is_adopted_and_the_others_are_listed(tmp_path: Path) -> None:
    agreed = world(tmp_path, "hubspot")
    segment = "Segment/0-1/SLA | acme-inbound | Meets MQL"
    value = ("filterBranch", "filterBranches", 0, "filters", 0, "operation", "value")
    drifted = agreed.with_value(segment, value, 85)
    (finding,) = drifted.found()
    outcome = drifted.adopt(finding)
    assert isinstance(outcome, Adopted)
    assert [(each.path, each.value) for each in outcome.edits] == [(("scoring", "person", "threshold"), 85)]
    assert {each.address.type for each in outcome.pending} == {"Workflow"}
    assert {(each.before, each.after) for each in outcome.pending} == {(100, 85)}
    assert drifted.after(outcome.texts).found() != ()
    assert segment not in {str(each.address) for each in drifted.after(outcome.texts).found()}


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("Property/contacts/sla_raised", ("label",), "Theirs"),
        ("Workflow/SLA | acme-inbound | Open cycle", ("startActionId",), "7"),
    ],
)
def test_a_value_that_no_line_says_is_not_adopted_and_nothing_is_changed(
    setting: str, path: tuple[str, ...], value: object, tmp_path: Path
) -> None:
    drifted = world(tmp_path, "hubspot").with_value(setting, path, value)
    text = drifted.place.agreement.read_text("utf-8")
    (finding,) = drifted.found()
    outcome = drifted.adopt(finding)
    assert isinstance(outcome, NotAdopted)
    assert outcome.because
    assert drifted.place.agreement.read_text("utf-8") == text


def test_findings_are_named_by_id_by_address_and_by_address_and_path(tmp_path: Path) -> None:
    drifted = world(tmp_path, "hubspot").with_value("Property/contacts/sla_raised", ("label",), "Theirs")
    (finding,) = drifted.found()
    for name in (finding.id, "Property/contacts/sla_raised", "Property/contacts/sla_raised label"):
        assert chosen((finding,), [name]) == (finding,)
    with pytest.raises(SlaSyncError, match=finding.id):
        chosen((finding,), ["D-000000"])


def test_a_setting_that_is_gone_as_a_whole_is_named_like_any_other(tmp_path: Path) -> None:
    drifted = world(tmp_path, "hubspot").with_value("Segment/0-1/SLA | acme-inbound | Hot", (), None)
    (finding,) = drifted.found()
    assert chosen((finding,), [finding.id, str(finding.address)]) == (finding,)


def test_what_was_observed_and_is_no_setting_cannot_be_adopted(tmp_path: Path) -> None:
    drifted = world(tmp_path, "hubspot").with_value("Property/contacts/sla_raised", ("label",), "Theirs")
    (finding,) = drifted.found()
    scene = Scene({}, drifted.snapshot, drifted.prepared.connector.types)
    assert not unfit(finding, scene)
    assert "no setting" in unfit(replace(finding, address=Address("Observation", "queue")), scene)
