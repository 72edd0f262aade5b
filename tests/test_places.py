"""Where a command finds its documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.places import find_place


def agreement(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "agreement.yaml").write_text("kind: LeadSLA\n")
    return folder / "agreement.yaml"


def test_configs_acme_here_is_the_default(tmp_path: Path) -> None:
    agreement(tmp_path / "configs" / "acme")
    agreement(tmp_path / "configs" / "other")
    assert find_place(None, here=tmp_path).agreement == Path("configs/acme/agreement.yaml")


def test_else_the_nearest_configs_with_one_agreement(tmp_path: Path) -> None:
    only = agreement(tmp_path / "configs" / "team")
    below = tmp_path / "deep" / "down"
    below.mkdir(parents=True)
    assert find_place(None, here=below).agreement.resolve() == only.resolve()


def test_several_agreements_are_named_and_none_is_guessed(tmp_path: Path) -> None:
    agreement(tmp_path / "configs" / "east")
    agreement(tmp_path / "configs" / "west")
    with pytest.raises(SlaSyncError, match="2 agreements: east, west") as raised:
        find_place(None, here=tmp_path)
    assert "configs/east" in raised.value.hint


def test_nothing_at_all_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="No agreement was found") as raised:
        find_place(None, here=tmp_path)
    assert "sla-sync init" in raised.value.hint


def test_a_folder_and_its_file_mean_the_same(tmp_path: Path) -> None:
    file = agreement(tmp_path / "configs" / "team")
    assert find_place(file.parent, here=tmp_path) == find_place(file, here=tmp_path)


def test_a_folder_without_an_agreement_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match=r"without an agreement\.yaml") as raised:
        find_place(tmp_path, here=tmp_path)
    assert raised.value.hint == "Name a folder that holds an agreement, or the agreement file itself."
    file = agreement(tmp_path / "configs" / "team")
    with pytest.raises(SlaSyncError, match=r"without an agreement\.yaml") as raised:
        find_place(tmp_path, here=tmp_path)
    assert raised.value.hint == f"Name a folder that holds an agreement: {file.parent}."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="does not exist"):
        find_place(tmp_path / "missing.yaml", here=tmp_path)


def test_targets_stand_above_the_agreement_and_state_beside_configs(tmp_path: Path) -> None:
    agreement(tmp_path / "configs" / "acme")
    (tmp_path / "configs" / "targets.yaml").write_text("kind: Targets\n")
    place = find_place(None, here=tmp_path)
    assert place.targets == Path("configs/targets.yaml")
    assert place.state == (tmp_path / ".sla-sync").resolve()


def test_a_targets_file_above_configs_is_not_ours(tmp_path: Path) -> None:
    agreement(tmp_path / "configs" / "acme")
    (tmp_path / "targets.yaml").write_text("kind: Targets\n")
    assert find_place(None, here=tmp_path).targets is None


def test_bindings_are_those_beside_the_agreement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = agreement(tmp_path / "configs" / "acme")
    (file.parent / "bindings").mkdir()
    for name in ("b.yaml", "a.yaml", "notes.txt"):
        (file.parent / "bindings" / name).write_text("")
    place = find_place(None, here=tmp_path)
    assert [path.name for path in place.bindings] == ["a.yaml", "b.yaml"]
