"""The review on the command line: what the page shows is what a newcomer gets, with exit codes and files for pipelines."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints
from tests.pipeline.repository import CONFIGS, commit, git, replaced, repository

PAGE = (PROJECT / "docs" / "review.md").read_text(encoding="utf-8")
AGREEMENT = "configs/acme/agreement.yaml"


@pytest.fixture
def small(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with the smallest agreement, agreed upon, and no binding."""
    folder = here / "small"
    repository(folder, CONFIGS / "examples" / "first")
    replaced(folder / AGREEMENT, "status: draft", "status: agreed")
    replaced(folder / AGREEMENT, "{party: sales}", "{party: sales}\n  president: {party: executive, sponsor: true}")
    commit(folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.slow
def test_the_page_about_reviews_shows_what_its_commands_print(run: Run, here: Path) -> None:
    git(here, "init", "--quiet", "--initial-branch", "main")
    commit(here)
    story = PAGE.partition("\n## One change")[2].partition("\n## ")[0]
    told = 0
    for block in re.findall(r"```\n(.*?)```", story, re.DOTALL):
        for command, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.MULTILINE):
            words = shlex.split(command)
            if words[0] == "sla-sync":
                answer = run(*words[1:])
                assert not answer.err, answer.err
                assert answer.code == ("NEEDS CORRECTION" in shown)
                prints(answer.out, shown.rstrip("\n"))
                told += 1
            elif words[0] == "git":
                git(here, *words[1:])
            else:
                subprocess.run(words, cwd=here, check=True)
    assert told == 5


def review(run: Run, *options: str) -> tuple[int, dict[str, object]]:
    answer = run("review", "main", "--today", "2026-11-02", "--format", "json", *options)
    assert not answer.err, answer.err
    return answer.code, json.loads(answer.out)


def test_identical_meaning_gives_an_empty_review(run: Run, small: Path) -> None:
    text = (small / AGREEMENT).read_text(encoding="utf-8")
    (small / AGREEMENT).write_text(f"# A comment.\n{text.replace('target: 70%', 'target:    70%   # as before')}")
    code, found = review(run, "--exit-code")
    assert (code, found["amendments"], found["status"]) == (0, [], "NO CHANGE OF MEANING")


def test_a_missing_signature_is_an_exit_code_only_where_it_is_asked_for(run: Run, small: Path) -> None:
    replaced(small / AGREEMENT, "within: 4 business hours", "within: 8 business hours")
    replaced(small / AGREEMENT, "from: 2026-10-01", "from: 2026-12-01")
    code, found = review(run)
    assert (code, found["status"]) == (0, "WAITING FOR VP MARKETING")
    assert review(run, "--exit-code")[0] == 3


def test_a_change_that_a_rule_refuses_fails(run: Run, small: Path) -> None:
    replaced(small / AGREEMENT, "within: 4 business hours", "within: 8 business hours")
    code, found = review(run, "--exit-code")
    assert (code, found["blocked"]) == (1, True)
    assert "SLA709" in run("review", "main", "--today", "2026-11-02").out


def test_findings_that_come_and_go_are_told_and_those_that_only_move_are_not(run: Run, small: Path) -> None:
    text = (small / AGREEMENT).read_text(encoding="utf-8")
    (small / AGREEMENT).write_text("# One line more.\n\n" + text)
    assert review(run)[1] | {"appeared": [], "disappeared": []} == review(run)[1]
    replaced(small / AGREEMENT, "next: [sal, rejected]", "next: [sal, rejected, nowhere]")
    code, found = review(run)
    appeared = found["appeared"]
    assert isinstance(appeared, list)
    assert code == 1
    assert [(each["code"], each["file"]) for each in appeared if each["severity"] == "error"] == [("SLA102", AGREEMENT)]
    commit(small)
    git(small, "branch", "--force", "broken")
    replaced(small / AGREEMENT, ", nowhere]", "]")
    gone = json.loads(run("review", "broken", "--today", "2026-11-02", "--format", "json").out)
    assert [each["code"] for each in gone["disappeared"] if each["severity"] == "error"] == ["SLA102"]


def test_a_first_agreement_is_new_and_says_who_must_sign(run: Run, small: Path) -> None:
    git(small, "rm", "-r", "--quiet", "--cached", "configs/acme")
    git(small, "commit", "--quiet", "--message", "Nothing yet")
    code, found = review(run, "--config", "configs/acme")
    assert (code, found["compared"]) == (0, False)
    assert found["because"] == "This agreement is new: main has none."
    assert "vp_marketing, vp_sales:" in str(found["hint"])


def test_a_first_agreement_waits_for_its_signatures_unless_it_is_a_draft(run: Run, small: Path) -> None:
    git(small, "rm", "-r", "--quiet", "--cached", "configs/acme")
    git(small, "commit", "--quiet", "--message", "Nothing yet")
    asked = ("review", "main", "--today", "2026-09-02", "--config", "configs/acme", "--exit-code")
    replaced(small / AGREEMENT, "status: agreed", "status: draft")
    assert run(*asked).code == 0
    replaced(small / AGREEMENT, "status: draft", "status: agreed")
    first = run(*asked)
    assert (first.code, first.out.splitlines()[0]) == (
        3,
        "first-agreement · NEW · WAITING FOR VP MARKETING AND VP SALES",
    )
    for role in ("vp_marketing", "vp_sales"):
        run("sign", "configs/acme", "--role", role, "--evidence", "https://acme.example/1", "--on", "2026-09-02")
    signed = run(*asked)
    assert (signed.code, signed.out.splitlines()[0]) == (0, "first-agreement · NEW")
    assert "everybody who must has signed" in signed.out


def test_an_agreement_that_cannot_be_read_is_told_in_every_format(run: Run, small: Path) -> None:
    replaced(small / AGREEMENT, "within: 4 business hours", "within: soon")
    forms = ("text", "markdown", "summary", "json", "sarif", "junit", "github")
    answer = run("review", "main", *(f"--write={form}=told.{form}" for form in forms))
    assert (answer.code, answer.err) == (1, "")
    for form in forms:
        assert "SLA103" in (small / f"told.{form}").read_text(encoding="utf-8")
    # It goes into the comment that the review of this agreement has already.
    assert (
        (small / "told.markdown").read_text(encoding="utf-8").startswith("<!-- sla-sync:review:first-agreement -->\n")
    )
    (small / AGREEMENT).write_text("metadata: [\n", encoding="utf-8")
    assert "\n### first-agreement: " in run("review", "main", "--format", "markdown").out


def test_other_formats_are_written_to_files(run: Run, small: Path) -> None:
    replaced(small / AGREEMENT, "within: 4 business hours", "within: 8 business hours")
    run("review", "main", "--write", "markdown=review.md", "--write", "json=review.json", "-w", "junit=review.xml")
    assert (
        (small / "review.md").read_text(encoding="utf-8").startswith("<!-- sla-sync:review:first-agreement -->\n### ")
    )
    assert json.loads((small / "review.json").read_text(encoding="utf-8"))["format_version"] == 1
    assert (small / "review.xml").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["main", "--write", "review.md"], "is not FORMAT=FILE"),
        (["main", "--write", "word=review.doc"], "is not FORMAT=FILE"),
        (["main", "--trust", "main"], "without --live"),
        ([], "BASE"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(run: Run, arguments: list[str], said: str) -> None:
    answer = run("review", *arguments)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize("command", ["plan --target salesforce-simulator", "review main --live salesforce-simulator"])
def test_what_is_to_be_trusted_must_be_there(run: Run, small: Path, command: str) -> None:
    answer = run(*command.split(), "--trust", "nowhere")
    assert answer.code == 1
    assert "«nowhere» is neither a folder, nor a file, nor a revision" in answer.err


def test_the_targets_of_a_change_are_not_asked_without_a_word(run: Run, small: Path) -> None:
    found = review(run)[1]
    assert found["settings"] == []
    assert found["untold"] == {
        "history": "No history of leads was given, so nobody can say what this would have changed.",
        "salesforce-simulator": "There is no binding configs/acme/bindings/salesforce.yaml for agreement 'first-agreement'.",
        "hubspot-simulator": "There is no binding configs/acme/bindings/hubspot.yaml for agreement 'first-agreement'.",
    }
