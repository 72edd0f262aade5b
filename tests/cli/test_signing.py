"""What docs/signing.md shows is what the commands print, in its order; and CODEOWNERS from the command line."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints
from tests.pipeline.test_consent import with_production

PAGE = (PROJECT / "docs" / "signing.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
ENTERPRISE = "configs/examples/enterprise"


def git(*arguments: str) -> None:
    person = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.example", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *person, *arguments], check=True, capture_output=True)  # noqa: S607 - a repository for a test


@pytest.mark.slow
def test_every_command_of_the_page_prints_what_the_page_shows(run: Run, here: Path) -> None:
    shutil.rmtree(here / "configs")
    with_production(here)
    page = {line.partition(" ")[0] + str("--since" in line): (line, printed) for line, printed in SHOWN}

    def holds(command: str) -> None:
        line, printed = page[command]
        answer = run(*line.split())
        prints(answer.out + answer.err, printed.rstrip("\n"))

    holds("signFalse")
    for role in ("vp_marketing", "president"):
        assert run("sign", "--role", role, "--evidence", "https://acme.example/1", "--on", "2026-09-21").code == 0
    git("init", "-q")
    git("add", "configs")
    git("commit", "-qm", "Agreed")
    agreement = here / "configs" / "acme" / "agreement.yaml"
    text = agreement.read_text(encoding="utf-8")
    for old, new in (("hot: 15 business", "hot: 30 business"), ("from: 2026-10-01", "from: 2026-11-16")):
        assert old in text
        text = text.replace(old, new)
    agreement.write_text(text, encoding="utf-8")
    holds("applyFalse")
    holds("signTrue")
    assert set(page) == {"signFalse", "signTrue", "applyFalse", "codeownersFalse"}


@pytest.fixture
def repository(here: Path) -> Path:
    (here / ".git").mkdir()
    return here


def test_outside_a_repository_there_are_no_codeowners(run: Run) -> None:
    assert "is in no git repository" in run("codeowners", ENTERPRISE).err


def test_codeowners_is_written_as_the_page_shows_and_checked(run: Run, repository: Path) -> None:
    assert run("codeowners", ENTERPRISE, "--check").code == 3
    assert not (repository / "CODEOWNERS").exists()
    assert run("codeowners", ENTERPRISE).out == "CODEOWNERS is written.\n"
    assert (repository / "CODEOWNERS").read_text(encoding="utf-8") in PAGE
    assert run("codeowners", ENTERPRISE, "--check").code == 0


def test_codeowners_that_are_there_are_kept_where_they_are(run: Run, repository: Path) -> None:
    path = repository / ".github" / "CODEOWNERS"
    path.parent.mkdir()
    path.write_text("* @everybody\n", encoding="utf-8")
    assert run("codeowners", ENTERPRISE).code == 0
    assert path.read_text(encoding="utf-8").startswith("* @everybody\n\n# sla-sync")
    assert not (repository / "CODEOWNERS").exists()


def test_without_accounts_codeowners_says_what_to_write(run: Run, repository: Path) -> None:
    assert repository.is_dir()
    answer = run("codeowners", "configs/examples/startup")
    assert answer.code == 1
    assert "code_owners" in answer.err


@pytest.mark.parametrize("account", ["acme/marketing", "@acme marketing", "@acme/x\\n* @mallory", "ana"])
def test_an_account_that_is_none_is_refused(run: Run, here: Path, account: str) -> None:
    targets = here / ENTERPRISE / "targets.yaml"
    targets.write_text(targets.read_text().replace('"@enterprise/marketing"', f'"{account}"'), encoding="utf-8")
    assert run("codeowners", ENTERPRISE).code == 1
