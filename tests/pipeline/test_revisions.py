"""The sides of a review: whatever a revision holds, it is read where git kept it, and nothing outside its folder is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sla_sync.agreement.characters import LARGEST
from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.errors import SlaSyncError, TargetError
from sla_sync.pipeline.git import MOST_FILES
from sla_sync.pipeline.revisions import open_side, trusting
from sla_sync.pipeline.validate import read
from sla_sync.places import find_place
from tests.pipeline.repository import commit, git, replaced, repository


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return repository(tmp_path)


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_revision_is_read_as_it_was_and_the_working_tree_stays(here: Path) -> None:
    before = texts(here / "configs")
    replaced(here / "configs/acme/agreement.yaml", "hot: 15 business", "hot: 30 business")
    (here / "configs/acme/bindings/salesforce.yaml").unlink()
    changed = texts(here / "configs")
    with open_side("main", config=None, here=here) as side:
        assert side.place is not None
        assert side.place.targets is not None
        assert texts(side.place.targets.parent) == before
        copy = side.copy
    assert texts(here / "configs") == changed
    assert git(here, "status", "--porcelain").splitlines() == [
        "M configs/acme/agreement.yaml", " D configs/acme/bindings/salesforce.yaml",
    ]  # fmt: skip
    assert copy is not None
    assert not copy.exists(), "the copy goes with the context"


@pytest.mark.parametrize("said", ["main", "HEAD", "HEAD~0", "refs/heads/main", "v1"])
def test_a_revision_may_be_named_as_git_names_it(here: Path, said: str) -> None:
    git(here, "tag", "v1")
    with open_side(said, config=Path("configs/acme"), here=here) as side:
        assert side.place is not None


@pytest.mark.parametrize("said", ["--upload-pack=touch pwned", "-x", "--help"])
def test_what_begins_with_a_dash_names_nothing(here: Path, said: str) -> None:
    for opened in (open_side(said, config=None, here=here), trusting(find_place(None, here=here), said, here=here)):
        with pytest.raises(SlaSyncError, match="begins with a dash"), opened:
            pass
    assert not (here / "pwned").exists()


@pytest.mark.parametrize("said", ["nowhere", "main:configs", "main^{tree}", "@{upstream}", "a b", ""])
def test_what_names_no_commit_is_refused_with_what_to_do(here: Path, said: str) -> None:
    with pytest.raises(SlaSyncError) as refused, open_side(said or "0" * 40, config=None, here=here):
        pass
    assert "fetch-depth" in refused.value.hint


def test_the_author_of_the_last_change_of_the_agreement_is_heard(here: Path) -> None:
    git(here, "checkout", "--quiet", "-b", "change")
    replaced(here / "configs/acme/agreement.yaml", "hot: 15 business", "hot: 30 business")
    commit(here, "Two reps cannot cover lunch")
    (here / "README.md").write_text("Read me.")
    commit(here, "Something else")
    with open_side("main", config=None, here=here) as old, open_side("change", config=None, here=here) as new:
        assert (new.why(old), old.why(new), old.why(old)) == ("Two reps cannot cover lunch", "", "")
        with open_side(None, config=None, here=here) as tree:
            assert tree.why(old) == ""


def test_a_name_that_is_a_path_and_a_revision_is_asked_back(here: Path) -> None:
    shutil.copytree(here / "configs/acme", here / "main")
    with pytest.raises(SlaSyncError, match="is a path here and a revision"), open_side("main", config=None, here=here):
        pass
    for said in ("./main", "refs/heads/main"):
        with open_side(said, config=None, here=here) as side:
            assert side.place is not None


def test_a_folder_or_a_file_needs_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path / "one")
    shutil.rmtree(tmp_path / "one/.git")
    monkeypatch.chdir(tmp_path)
    for said in ("one/configs/acme", "one/configs/acme/agreement.yaml"):
        with open_side(said, config=None, here=tmp_path) as side:
            assert side.place is not None
            assert side.place.agreement == Path("one/configs/acme/agreement.yaml")


def test_a_revision_without_the_agreement_says_what_it_lacks(here: Path) -> None:
    git(here, "rm", "-r", "--quiet", "configs")
    empty = commit(here)
    git(here, "checkout", "--quiet", "HEAD~1")
    with open_side(empty, config=None, here=here) as side:
        assert (side.place, side.looked_for) == (None, "configs/acme/agreement.yaml")


def test_a_link_in_a_revision_is_not_followed(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    secret.write_text("apiVersion: s3cr3t\n")
    for name in ("bindings/evil.yaml", "attestations.yaml"):
        (here / "configs/acme" / name).unlink(missing_ok=True)
        (here / "configs/acme" / name).symlink_to(secret)
    (here / "configs/acme/linked").symlink_to(secret.parent)
    with open_side(commit(here), config=None, here=here) as side:
        assert side.place is not None
        brought = texts(side.place.folder)
        assert "agreement.yaml" in brought
        assert not {"bindings/evil.yaml", "attestations.yaml", "linked/secret.yaml"} & brought.keys()


@pytest.mark.parametrize("name", ["agreement.yaml", "bindings/hubspot.yaml", "attestations.yaml", "../targets.yaml"])
def test_a_document_of_the_working_tree_that_is_a_link_to_elsewhere_is_not_read(
    here: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    secret.write_text("apiVersion: s3cr3t\n")
    file = here / "configs/acme" / name
    file.unlink()
    file.symlink_to(secret)
    found = read(find_place(Path("configs/acme"), here=here))
    assert any("leads outside" in each.message for each in found.diagnostics)
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize("revised", [True, False], ids=["revision", "working tree"])
@pytest.mark.parametrize("name", ["../../secret.txt", "linked.txt", "/etc/hostname"])
def test_what_is_included_or_named_as_holidays_stays_inside(here: Path, name: str, revised: bool) -> None:
    (here / "secret.txt").write_text("s3cr3t: s3cr3t\n")
    (here / "configs/acme/linked.txt").symlink_to(here / "secret.txt")
    agreement = here / "configs/acme/agreement.yaml"
    replaced(agreement, "kind: LeadSLA\n", f"kind: LeadSLA\ninclude: [{name}]\n")
    with_include = agreement.read_text()
    for text in (
        with_include,
        with_include.replace(f"include: [{name}]\n", "").replace("[2026-11-26,", f"[{{file: {name}}}, 2026-11-26,"),
    ):
        agreement.write_text(text)
        with open_side(commit(here) if revised else None, config=Path("configs/acme"), here=here) as side:
            assert side.place is not None
            found = read(side.place)
        assert [each.code for each in found.diagnostics if each.severity is Severity.ERROR] == ["SLA106"]
        assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize("people", ["../../secret.yaml", "../secret.yaml", "acme/../../secret.yaml"])
def test_a_file_of_people_outside_the_folder_of_the_targets_is_not_read(here: Path, people: str) -> None:
    for folder in (here, here.parent):
        (folder / "secret.yaml").write_text("people: {vp_sales: s3cr3t}\n")
    old = "people: {president: pat, vp_marketing: morgan, vp_sales: sam, sdr_manager: kim, sdr: [ana, ben]}"
    replaced(here / "configs/targets.yaml", old, f"people: {people}")
    found = read(find_place(None, here=here))
    assert found.targets is None
    assert "s3cr3t" not in repr(found.diagnostics)


def test_a_path_in_a_commit_that_leads_outside_is_not_written(here: Path) -> None:
    blob = git(here, "hash-object", "-w", "--stdin", given=b"pwned")
    agreement = git(here, "rev-parse", "main:configs/acme/agreement.yaml")
    lines = f"100644 blob {blob}\t..\n100644 blob {agreement}\tagreement.yaml\n100644 blob {blob}\t.git\n"
    inner = git(here, "mktree", given=lines.encode())
    for name in ("acme", "configs"):
        inner = git(here, "mktree", given=f"040000 tree {inner}\t{name}\n".encode())
    evil = git(here, "commit-tree", inner, "-m", "evil")
    with open_side(evil, config=None, here=here) as side:
        assert side.place is not None
        assert texts(side.place.folder).keys() == {"agreement.yaml"}
    assert not list(here.parent.rglob("pwned"))


def test_a_revision_is_brought_within_bounds(here: Path) -> None:
    (here / "configs/acme/huge.txt").write_bytes(b"x" * (LARGEST + 100))
    with open_side(commit(here), config=None, here=here) as side:
        assert side.place is not None
        assert (side.place.folder / "huge.txt").stat().st_size == LARGEST + 1
    names = "".join(f"M 100644 inline configs/acme/{number}\ndata 1\nx\n" for number in range(MOST_FILES))
    stream = f"commit refs/heads/many\ncommitter a <a@b.c> 0 +0000\ndata 1\nx\nfrom refs/heads/main\n{names}"
    git(here, "fast-import", "--quiet", given=stream.encode())
    with pytest.raises(SlaSyncError, match=f"at most {MOST_FILES:,} files"):
        open_side("many", config=None, here=here).__enter__()


def test_a_finding_in_a_revision_bears_the_name_of_the_file_in_the_repository(here: Path) -> None:
    with open_side("main", config=None, here=here) as side:
        for file, shown in (
            ("agreement.yaml", "configs/acme/agreement.yaml"),
            ("targets.yaml", "configs/targets.yaml"),
        ):
            found = Diagnostic("SLA100", Severity.ERROR, "Wrong.", location=Location(file, 3, 4))
            assert side.located(found).location == Location(shown, 3, 4)


def test_trusted_targets_are_those_of_the_revision_wherever_the_new_ones_stand(here: Path) -> None:
    trusted = read(find_place(None, here=here)).targets
    replaced(here / "configs/targets.yaml", "simulator: true", "url: https://elsewhere.example\n    token: SF_TOKEN")
    (here / "configs/acme/targets.yaml").write_text((here / "configs/targets.yaml").read_text())
    place = find_place(None, here=here)
    assert place.targets == Path("configs/acme/targets.yaml"), "the nearest one would count"
    with trusting(place, "main", here=here) as told:
        assert told.targets == Path("configs/targets.yaml")
        assert read(told).targets == trusted
    assert read(place).targets != trusted


def test_a_revision_without_targets_lets_nothing_else_be_trusted(here: Path) -> None:
    git(here, "rm", "--quiet", "configs/targets.yaml")
    bare = commit(here)
    git(here, "checkout", "--quiet", "HEAD~1")
    with pytest.raises(TargetError, match=r"no targets\.yaml"), trusting(find_place(None, here=here), bare, here=here):
        pass
