"""What docs/adopt.md shows is what the commands print; what is adopted is found no more, and the plan is empty for it."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.authoring.rewriting import Rewrite
from sla_sync.connector.simulation import serve
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.branch import commit_on_branch
from sla_sync_hubspot.simulator import simulator
from tests.cli.conftest import Run, here, run
from tests.cli.test_readme import PROJECT, prints

PAGE = (PROJECT / "docs" / "adopt.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
TARGET = "hubspot-simulator"
START = datetime(2026, 10, 1, tzinfo=UTC)
__all__ = ["here", "run"]


@pytest.mark.slow
def test_a_finding_is_adopted_as_the_page_shows_and_found_no_more(run: Run, here: Path) -> None:
    assert run("apply", "configs/acme", "--target", TARGET, "--yes").code == 0
    with serve(simulator, here / ".sla-sync" / TARGET / "simulator", clock=START) as running:
        simulator.administer(running)
    (adopt, shown), (plan, planned), (refused, said) = BLOCKS[:3]
    before = (here / "configs/acme/agreement.yaml").read_text("utf-8")
    prints(run(*adopt.split(), "--write").out, shown.rstrip("\n"))
    after = (here / "configs/acme/agreement.yaml").read_text("utf-8")
    assert after == before.replace("threshold: 100", "threshold: 90")
    found = run("drift", "configs/acme", "--target", TARGET).out
    assert "D-198a29" not in found
    assert "Meets MQL" not in found.partition("not applied yet")[0]
    answer = run(*refused.split())
    assert answer.code == 3
    prints(answer.out, said.rstrip("\n"))
    prints(run(*plan.split()).out, planned.rstrip("\n"))


@pytest.mark.slow
def test_an_agreement_is_begun_as_the_page_shows_and_plans_empty(run: Run, here: Path) -> None:
    targets = here / "configs" / "targets.yaml"
    targets.write_text(targets.read_text("utf-8").replace("targets:\n", f"targets:\n{YAML[0]}", 1), "utf-8")
    (begin, written), (plan, planned) = BLOCKS[3:]
    prints(run(*begin.split()).out, written.rstrip("\n"))
    prints((here / "configs/first/agreement.yaml").read_text("utf-8"), YAML[1].rstrip("\n"))
    assert run("validate", "configs/first", "--today", "2026-10-01").code == 0
    assert run("fmt", "--check", "configs/first").code == 0
    prints(run(*plan.split()).out, planned.rstrip("\n"))
    assert run("drift", "configs/first", "--target", "portal").code == 0
    assert run(*begin.split()).code == 0, "a run that was cut off is repeated"
    agreement = here / "configs/first/agreement.yaml"
    agreement.write_text(agreement.read_text("utf-8").replace("    # enter_when:", "    enter_when:"), "utf-8")
    prints(run(*plan.split()).out, planned.rstrip("\n"))
    refused = run(*begin.split())
    assert (refused.code, "nothing is overwritten" in refused.err) == (1, True)


@pytest.mark.slow
def test_an_org_is_begun_in_a_folder_of_its_own_with_its_target_beside_it(run: Run, here: Path) -> None:
    out = here / "elsewhere" / "configs" / "org"
    begin = ["adopt", "--target", TARGET, "--out", str(out), "--name", "org", "--today", "2026-10-01"]
    assert run(*begin, "--targets", "configs/targets.yaml").code == 0
    said = (out / "targets.yaml").read_text("utf-8")
    assert "agreements: [agreement.yaml]" in said
    page = (out / "ADOPTED.md").read_text("utf-8")
    assert "«Customer» (lifecyclestage) is the end that both want" in page
    assert run("validate", str(out), "--today", "2026-10-01").code == 0
    assert run("plan", str(out), "--target", TARGET).out.endswith("Nothing to change: 0 settings match.\n")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@acme.example", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_a_branch_holds_the_change_and_the_working_tree_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{each}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{each}_EMAIL", "ana@acme.example")
    file = tmp_path / "agreement.yaml"
    file.write_text("a: 1\n", "utf-8")
    _git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "first")
    (tmp_path / "other.yaml").write_text("b: 1\n", "utf-8")
    rewrite = Rewrite(file, b"a: 1\n", "a: 2\n")
    commit = commit_on_branch([rewrite], "adopt/a", "Adopt it", here=tmp_path)
    assert _git(tmp_path, "rev-parse", "adopt/a").strip() == commit
    assert _git(tmp_path, "show", "adopt/a:agreement.yaml") == "a: 2\n"
    assert _git(tmp_path, "show", "--name-only", "--format=%s", "adopt/a").split() == ["Adopt", "it", "agreement.yaml"]
    assert file.read_text("utf-8") == "a: 1\n"
    assert _git(tmp_path, "status", "--porcelain") == "?? other.yaml\n"
    assert _git(tmp_path, "branch", "--show-current") == "main\n"
    with pytest.raises(SlaSyncError, match="there already"):
        commit_on_branch([rewrite], "adopt/a", "Adopt it", here=tmp_path)
    with pytest.raises(SlaSyncError, match="cannot be the name"):
        commit_on_branch([rewrite], "--force", "Adopt it", here=tmp_path)
    file.write_text("a: 3\n", "utf-8")
    with pytest.raises(SlaSyncError, match="not as it was committed"):
        commit_on_branch([Rewrite(file, b"a: 3\n", "a: 2\n")], "adopt/b", "Adopt it", here=tmp_path)
