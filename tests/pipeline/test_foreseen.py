"""What a review foresees of the settings is what a plan says on a platform on which the old agreement was applied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sla_sync.connector import Action
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.foreseen import foresee
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.review import Live, review
from sla_sync.pipeline.validate import validate
from sla_sync.places import find_place
from sla_sync.review.outcome import Review, SettingsOnTarget
from tests.pipeline.repository import CONFIGS, commit, git, replaced

STARTUP = "configs/examples/startup"


def of(told: tuple[SettingsOnTarget, ...], target: str) -> SettingsOnTarget:
    return next(each for each in told if each.target == target)


@pytest.mark.slow
def test_a_limit_is_one_value_where_the_clocks_run_and_the_same_text_changes_nothing(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    before = validate(find_place(tmp_path / "configs/acme", here=Path.cwd()))
    told, untold = foresee(before, before)
    assert untold == ()
    assert [each.target for each in told] == ["salesforce-simulator", "hubspot-simulator"]
    for each in told:
        assert (each.created, each.changed, each.removed, each.manual, each.summary) == ((), (), (), (), "")
    replaced(tmp_path / "configs/acme/agreement.yaml", "hot: 15 business minutes", "hot: 30 business minutes")
    told, _ = foresee(before, validate(before.place))
    assert of(told, "salesforce-simulator").changed == (
        "~ CustomMetadata/SLA_Threshold.First_Response_hot values.Minutes__c.value: 15 → 30",
    )
    assert of(told, "salesforce-simulator").summary == "1 row of custom metadata changed"
    assert of(told, "hubspot-simulator").summary == ""


@pytest.mark.slow
def test_what_is_foreseen_is_what_a_plan_says_where_the_old_agreement_was_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CONFIGS / "examples/startup", tmp_path / STARTUP)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    place = find_place(Path(STARTUP), here=tmp_path)
    apply(place, "startup-simulator", environ={})
    agreement = tmp_path / STARTUP / "agreement.yaml"
    new = "    no_need:   {means: They need nothing., revisit: ask}\n    bad_time:"
    replaced(agreement, "    bad_time:", new)
    foretold = review("main", config=Path(STARTUP), here=tmp_path)
    planned = plan(place, "startup-simulator", environ={})
    assert isinstance(foretold, Review)
    (told,) = foretold.settings
    assert planned.changes
    lines = (*told.created, *told.changed, *told.removed)
    foreseen = {line.split(" ", 1)[1].partition(" (left")[0] for line in lines}
    for change in planned.changes:
        spelled = str(change.address)
        assert any(each.startswith(spelled) for each in foreseen), spelled
    assert {each.action for each in planned.changes} <= {Action.UPDATE, Action.CREATE, Action.RELEASE}
    lived = review("main", config=Path(STARTUP), here=tmp_path, live=Live("startup-simulator", {}))
    assert isinstance(lived, Review)
    (live,) = lived.settings
    assert live.compared == "the live target"
    assert (live.created, set(live.changed), live.removed) == (told.created, set(told.changed), told.removed)
