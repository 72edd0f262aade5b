"""The demo's lead on both platforms: every stamp agrees, and one that does not is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sla_sync.connector import Watched, Watches
from sla_sync.demo.pair import play_pair
from sla_sync.pipeline.look import look
from sla_sync.places import Place

CONFIGS = Path(__file__).parents[2] / "configs"

pytestmark = pytest.mark.slow


def played(folder: Path, line: str = "", instead: str = "") -> tuple[bool, str]:
    """Play the lead with the integration set up otherwise, and return whether all was well and what was said."""
    configs = folder / "configs"
    shutil.copytree(CONFIGS, configs)
    path = configs / "acme" / "sync.yaml"
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, instead) if line else text, "utf-8")
    said: list[str] = []
    place = Place(configs / "acme/agreement.yaml", configs / "targets.yaml", folder / "state")
    return play_pair(place, say=said.append), "\n".join(said)


def test_a_form_becomes_an_mql_is_synced_escalates_is_recycled_and_comes_back(tmp_path: Path) -> None:
    good, said = played(tmp_path)
    assert good, said
    told = ["fills in a form: demo_request", "lets Ines Vega become «MQL»", "to Salesforce: Status MQL", "Overdue:"]
    told += ["the owner calls", "to recycled", "to HubSpot: hs_lead_status Nurture", "fills in a form: contact_sales"]
    places = [said.find(each) for each in told]
    assert -1 not in places
    assert places == sorted(places)
    assert _sees_nothing_beside_settings(tmp_path, "hubspot-simulator")
    assert _sees_nothing_beside_settings(tmp_path, "salesforce-simulator")


def _sees_nothing_beside_settings(folder: Path, target: str) -> bool:
    """Return whether an audit that looks back on the story finds no fault with what happened."""
    place = Place(folder / "configs/acme/agreement.yaml", folder / "configs/targets.yaml", folder / "state" / "pair")
    with look(place, target, environ={}) as sight:
        assert isinstance(sight.reader, Watches)
        found = sight.prepared
        now = sight.target.connection.now()
        asked = Watched(found.resources, found.binding, found.translation, sight.snapshot, now)
        return not list(sight.reader.watch(asked))


def test_a_due_date_that_hubspot_never_hears_of_is_a_story_that_ends_badly(tmp_path: Path) -> None:
    good, said = played(
        tmp_path, "{field: SLA_Due_At__c, rule: always salesforce}", "{field: SLA_Due_At__c, rule: none}"
    )
    assert not good
    assert "✗ Ben touches by" in said


def test_nothing_is_played_where_nothing_joins_the_platforms(tmp_path: Path) -> None:
    configs = tmp_path / "configs"
    shutil.copytree(CONFIGS, configs)
    (configs / "acme" / "sync.yaml").unlink()
    said: list[str] = []
    place = Place(configs / "acme/agreement.yaml", configs / "targets.yaml", tmp_path / "state")
    assert play_pair(place, say=said.append)
    assert said == []
