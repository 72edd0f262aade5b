"""The commands that write documents: init, fmt, upgrade; and rules, which explains what validate says."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sla_sync.agreement.schema import KINDS, schema_text
from tests.cli.conftest import CONFIGS, Answer, Run

FLAGS = ("--name", "inbound", "--timezone", "Europe/Berlin", "--ci", "github")
BOTH = ("--platform", "salesforce", "--platform", "hubspot")


def files(folder: Path) -> Mapping[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def empty(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = here / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def begun(run: Run, *flags: str) -> Answer:
    answer = run("init", *FLAGS, *flags)
    assert answer.code == 0, answer.err
    return answer


def test_init_writes_documents_schemas_and_what_the_host_should_know(run: Run, empty: Path) -> None:
    answer = begun(run, *BOTH)
    written = files(empty)
    assert sorted(written) == [
        ".github/workflows/agreement.yml",
        ".gitignore",
        "CODEOWNERS",
        "configs/inbound/agreement.yaml",
        "configs/inbound/bindings/hubspot.yaml",
        "configs/inbound/bindings/salesforce.yaml",
        "configs/targets.yaml",
        *(f"schema/{kind}.json" for kind in sorted(KINDS)),
    ]
    assert {line.removeprefix("wrote ") for line in answer.out.splitlines()} == set(written)
    assert written[".gitignore"] == ".sla-sync/\n"
    assert written["schema/LeadSLA.json"] == schema_text("LeadSLA")
    assert "/configs/inbound/agreement.yaml" in written["CODEOWNERS"]
    assert "sla-sync validate --format github" in written[".github/workflows/agreement.yml"]


def test_every_document_that_init_writes_leads_an_editor_to_its_schema(run: Run, empty: Path) -> None:
    begun(run, *BOTH)
    for path in empty.rglob("configs/**/*.yaml"):
        first, _, rest = path.read_text().partition("\n")
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        kind = next(line for line in rest.splitlines() if line.startswith("kind: ")).removeprefix("kind: ")
        assert schema.resolve() == empty / "schema" / f"{kind}.json"


def test_what_init_writes_is_valid_and_laid_out(run: Run, empty: Path) -> None:
    begun(run, *BOTH)
    answer = run("validate", "--strict", "--format", "json")
    assert answer.code == 0, answer.out
    assert {each["severity"] for each in json.loads(answer.out)["findings"]} <= {"information"}
    assert run("fmt", "--check").code == 0


def test_the_first_agreement_is_the_smallest_example(run: Run, empty: Path) -> None:
    begun(run, *BOTH)
    mine, example = (
        {line for line in path.read_text().splitlines() if line.startswith("  ") and "office:" not in line}
        for path in (empty / "configs/inbound/agreement.yaml", CONFIGS / "examples/first/agreement.yaml")
    )
    header = {"  name", "  effective", "  timezone"}
    assert {line.partition(":")[0] for line in mine ^ example} == header
    assert len((empty / "configs/inbound/agreement.yaml").read_text().splitlines()) == 38


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["salesforce", "hubspot"])
def test_after_init_plan_and_apply_work_on_the_simulator(run: Run, empty: Path, platform: str) -> None:
    begun(run, "--platform", platform)
    target = f"{platform}-simulator"
    assert run("plan", "--target", target, "--exit-code").code == 3
    answer = run("apply", "--target", target, "--yes")
    assert answer.code == 0, answer.err
    assert run("plan", "--target", target, "--exit-code").code == 0
    assert run("drift", "--target", target).code == 0


def test_init_never_overwrites_a_document(run: Run, empty: Path) -> None:
    begun(run, "--platform", "hubspot")
    before = files(empty)
    answer = run("init", *FLAGS, *BOTH)
    assert answer.code == 1
    assert "nothing is overwritten" in answer.err
    assert files(empty) == before


def test_init_keeps_what_stands_beside_the_documents_and_says_what_to_add(run: Run, empty: Path) -> None:
    (empty / ".gitignore").write_text("*.pyc\n")
    (empty / "CODEOWNERS").write_text("* @us\n")
    answer = begun(run, "--platform", "hubspot")
    assert (empty / ".gitignore").read_text() == "*.pyc\n"
    assert (empty / "CODEOWNERS").read_text() == "* @us\n"
    assert "kept  .gitignore" in answer.out
    assert "Add the line .sla-sync/" in answer.err


@pytest.mark.parametrize(("ci", "expected"), [("gitlab", {".gitlab-ci.yml"}), ("none", set())])
def test_init_writes_the_pipeline_of_the_host(run: Run, empty: Path, ci: str, expected: set[str]) -> None:
    assert run("init", "--yes", "--name", "inbound", "--ci", ci).code == 0
    assert {name for name in files(empty) if name.startswith(".git") and name != ".gitignore"} == expected


def test_init_takes_another_folder_and_names_the_agreement_after_it(run: Run, empty: Path) -> None:
    answer = run("init", "The Agreement 2", "--yes", "--platform", "hubspot")
    assert answer.code == 0, answer.err
    assert (empty / "The Agreement 2/configs/the-agreement-2/agreement.yaml").is_file()
    assert "cd 'The Agreement 2' && sla-sync validate" in answer.err


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--name", "two words", "is no name"),
        ("--timezone", "Mars/Olympus", "is no time zone"),
        ("--platform", "marketo", "hubspot, salesforce"),
        ("--ci", "jenkins", "github, gitlab, none"),
    ],
)
def test_a_wrong_answer_is_a_matter_of_usage_and_writes_nothing(
    run: Run, empty: Path, flag: str, value: str, said: str
) -> None:
    answer = run("init", "--yes", flag, value)
    assert answer.code == 2
    assert said in " ".join(answer.err.split())
    assert files(empty) == {}


def test_init_without_a_terminal_does_not_guess(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        answer = run("init", "--name", "inbound")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert files(empty) == {}


@pytest.mark.slow
def test_init_asks_on_a_terminal_and_asks_again_after_a_wrong_answer(empty: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "sla_sync", "init", "--ci", "none"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        os.write(ours, b"two words\nasked\nNowhere/City\nAsia/Tokyo\nhubspot\n")
        _, err = process.communicate(timeout=30)
        os.close(ours)
    assert process.returncode == 0, err
    assert "'two words' is no name" in err
    assert "timezone: Asia/Tokyo" in (empty / "configs/asked/agreement.yaml").read_text()
    assert [path.stem for path in (empty / "configs/asked/bindings").iterdir()] == ["hubspot"]


def test_fmt_rewrites_the_documents_of_the_place(run: Run, here: Path) -> None:
    path = here / "configs/acme/agreement.yaml"
    tidy = path.read_text()
    path.write_text(tidy.replace("\n  ", "\n    "))
    path.chmod(0o640)
    answer = run("fmt")
    assert answer.code == 0
    assert answer.out == "configs/acme/agreement.yaml is laid out.\n"
    assert path.read_text() == tidy
    assert path.stat().st_mode & 0o777 == 0o640
    assert run("fmt").out == ""


def test_check_and_diff_write_nothing(run: Run, here: Path) -> None:
    path = here / "configs/acme/agreement.yaml"
    untidy = path.read_text().replace("target: 70%", "target: '70%'")
    path.write_text(untidy)
    assert run("fmt", "--check").code == 3
    shown = run("fmt", "--diff")
    assert shown.code == 0
    assert "-    target: '70%'\n+    target: 70%\n" in shown.out
    assert run("fmt", "--check", "--diff").code == 3
    assert path.read_text() == untidy


def test_fmt_takes_files_and_folders(run: Run, here: Path) -> None:
    (here / "configs/.hidden").mkdir()
    (here / "configs/.hidden/a.yaml").write_text("a: [")
    (here / "one.yaml").write_text("b:   {c:  'd'}\n")
    answer = run("fmt", "configs", "one.yaml")
    assert answer.code == 0, answer.err
    assert (here / "one.yaml").read_text() == "b:   {c: d}\n"


@pytest.mark.parametrize("named", ["gone.yaml", "bare"])
def test_a_file_that_is_not_there_is_one_clear_error(run: Run, here: Path, named: str) -> None:
    (here / "bare").mkdir()
    answer = run("fmt", named)
    assert answer.code == 1
    assert named in answer.err


def test_fmt_rewrites_nothing_while_one_file_cannot_be_read(run: Run, here: Path) -> None:
    untidy = "a:   {b:  1}\n"
    (here / "good.yaml").write_text(untidy)
    (here / "bad.yaml").write_text("a: [1\n")
    answer = run("fmt", "good.yaml", "bad.yaml")
    assert answer.code == 1
    assert "bad.yaml:2:1: error SLA100" in answer.err
    assert (here / "good.yaml").read_text() == untidy


def test_fmt_follows_a_link_and_leaves_it(run: Run, here: Path) -> None:
    (here / "real.yaml").write_text("a:  {b:  1}\n")
    (here / "link.yaml").symlink_to("real.yaml")
    assert run("fmt", "link.yaml").code == 0
    assert (here / "link.yaml").is_symlink()
    assert (here / "real.yaml").read_text() == "a:  {b: 1}\n"


def test_an_older_document_is_upgraded_and_then_needs_no_more(run: Run, here: Path) -> None:
    path = here / "configs/acme/agreement.yaml"
    present = path.read_text()
    older = present.replace("sla-sync/v1\n", "sla-sync/v1beta1\n").replace("\npriorities:", "\ntiers:")
    path.write_text(older)
    assert "SLA109" in run("validate").out
    assert run("upgrade", "--check").code == 3
    assert run("upgrade").out == "configs/acme/agreement.yaml is rewritten.\n"
    assert path.read_text() == present
    assert run("upgrade").out == ""


def test_rules_are_listed_and_explained(run: Run) -> None:
    listed = run("rules")
    assert listed.code == 0
    assert "SLA302  error" in listed.out
    explained = run("rules", "sla302")
    assert explained.out.startswith("SLA302 (error): ")
    for title in ("Because: ", "Bad:", "Good:"):
        assert title in explained.out
    (only,) = json.loads(run("rules", "SLA302", "--format", "json").out)["rules"]
    assert only["code"] == "SLA302"
    assert run("rules", "302").out == explained.out
    assert run("rules", "SLA302", "--format", "markdown").out.startswith("# SLA302\n")


def test_an_unknown_rule_is_refused_with_the_nearest(run: Run) -> None:
    answer = run("rules", "SLA3O2")
    assert answer.code == 1
    assert "Write SLA3" in answer.err
    assert "sla-sync rules" in run("rules", "nonsense").err


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_validate_speaks_the_format_of_the_host(run: Run, here: Path, form: str) -> None:
    path = here / "configs/acme/agreement.yaml"
    path.write_text(path.read_text().replace("accountable: vp_sales", "accountable: nobody", 1))
    answer = run("validate", "--format", form)
    assert answer.code == 1
    assert "SLA102" in answer.out
    assert "configs/acme/agreement.yaml" in answer.out
