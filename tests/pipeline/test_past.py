"""Opening a past: which folder is meant, and by which versions of the agreement its turns are judged."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sla_sync.attainment.engines import local_engine
from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import schema_of, write
from sla_sync.history.tables import LEADS, STAGES
from sla_sync.pipeline.past import agreed_versions, as_of_day, folder_of, past_of
from sla_sync.pipeline.validate import read
from sla_sync.places import Place, find_place
from tests.pipeline.repository import commit, git, replaced, repository
from tests.semantics.leads import at

FILE = "configs/acme/agreement.yaml"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    repository(tmp_path)
    return find_place(None, here=tmp_path)


def versions(place: Place) -> dict[str, str]:
    """Return the versions that are found, by name, with what each promises hot leads."""
    found = agreed_versions(place, read(place).usable)
    return {name: str(each.commitments["first-response"].limits["hot"]) for name, each in found.items()}


def test_turns_are_judged_by_the_agreement_and_by_each_version_that_was_agreed_before(
    place: Place, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    replaced(file, "from: 2026-10-01", "from: 2026-11-01")
    replaced(file, "hot: 15 business", "hot: 10 business")
    replaced(file, "status: agreed", "status: draft")
    commit(tmp_path, "What was only proposed")
    replaced(file, "from: 2026-11-01", "from: 2026-12-01")
    replaced(file, "status: draft", "status: agreed")
    replaced(file, "hot: 10 business", "hot: 5 business")
    assert versions(place) == {"2026-12-01": "5 business minutes", "2026-10-01": "15 business minutes"}


def test_of_a_version_the_last_text_counts_and_another_agreement_is_none(place: Place, tmp_path: Path) -> None:
    file = tmp_path / FILE
    replaced(file, "hot: 15 business", "hot: 20 business")
    commit(tmp_path, "Corrected")
    replaced(file, "from: 2026-10-01", "from: 2026-12-01")
    assert versions(place) == {"2026-12-01": "20 business minutes", "2026-10-01": "20 business minutes"}
    replaced(file, "name: acme-inbound", "name: acme-outbound")
    assert versions(place) == {"2026-12-01": "20 business minutes"}


def test_outside_a_repository_there_is_the_agreement_alone(place: Place, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / ".git")
    assert list(versions(place)) == ["2026-10-01"]


def test_a_broken_text_of_the_past_is_passed_over(place: Place, tmp_path: Path) -> None:
    whole = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text("metadata: [")
    commit(tmp_path, "Broken")
    (tmp_path / FILE).write_text(whole.replace("from: 2026-10-01", "from: 2026-12-01"))
    assert git(tmp_path, "log", "--format=%s").splitlines() == ["Broken", "The agreement"]
    assert list(versions(place)) == ["2026-12-01", "2026-10-01"]


def history(folder: Path) -> Path:
    """Write a history of one lead."""
    lead = [{"lead": "L1", "created_at": at("10-05 09:00")}]
    stages = [{"lead": "L1", "at": at("10-05 10:00"), "stage": "mql"}]
    for table, rows in ((LEADS, lead), (STAGES, stages)):
        write(folder, table, pa.Table.from_pylist(rows, schema=schema_of(table, synthetic=False)))
    return folder


def test_the_history_is_the_named_one_or_that_of_the_target_or_the_only_one(place: Place, tmp_path: Path) -> None:
    one, two = history(place.state / "prod" / "history"), history(tmp_path / "two")
    assert folder_of(place, history=two, target="prod") == two
    assert folder_of(place, target="prod") == one
    assert folder_of(place) == one
    history(place.state / "test" / "history")
    with pytest.raises(SlaSyncError, match="2 targets: prod, test") as caught:
        folder_of(place)
    assert "--target" in caught.value.hint


def test_the_history_of_a_target_about_another_agreement_is_nobodys_only_one(place: Place, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "configs" / "acme", tmp_path / "configs" / "other")
    target = "{connector: salesforce, binding: acme/bindings/salesforce.yaml, simulator: true, agreements: [%s/agreement.yaml]}"
    targets = f"  ours: {target % 'acme'}\n  theirs: {target % 'other'}\n"
    file = tmp_path / "configs" / "targets.yaml"
    file.write_text(f"apiVersion: sla-sync/v1\nkind: Targets\ntargets:\n{targets}")
    place = replace(place, targets=file)
    history(place.state / "theirs" / "history")
    with pytest.raises(SlaSyncError, match="No history was exported yet"):
        folder_of(place)
    assert folder_of(place, target="theirs").parent.name == "theirs"
    ours = history(place.state / "ours" / "history")
    assert folder_of(place) == ours


def test_a_day_is_asked_about_in_its_evening_and_nothing_is_known_after_the_history_ends(tmp_path: Path) -> None:
    folder, zone = history(tmp_path / "kept"), "America/New_York"
    asked = [as_of_day(folder, each, zone, local_engine()) for each in (date(2026, 10, 4), date(2026, 10, 5), None)]
    assert asked == [at("10-05 00:00"), at("10-05 10:00"), at("10-05 10:00")]


@pytest.mark.parametrize(
    ("said", "because", "hint"),
    [
        ({}, "No history was exported yet", "sla-sync export --target TARGET"),
        ({"target": "prod"}, "No history of «prod» was exported yet", "sla-sync export --target prod"),
        ({"history": Path("configs")}, "configs holds no history", "sla-sync export"),
    ],
)
def test_where_there_is_no_history_it_says_what_to_run(
    place: Place, said: dict[str, Any], because: str, hint: str
) -> None:
    with pytest.raises(SlaSyncError, match=because) as caught:
        folder_of(place, **said)
    assert hint in caught.value.hint


@pytest.mark.slow
def test_a_past_is_as_of_the_last_thing_that_its_history_tells(place: Place, tmp_path: Path) -> None:
    past = past_of(place, history=history(tmp_path / "kept"))
    assert past.as_of == at("10-05 10:00")
    assert [row["policy"] for row in past.rows(past.tables["cycles"])] == ["2026-10-01"]
