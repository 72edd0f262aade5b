"""Bad input gets one clear error that names the place and says what to do; nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

AGREEMENT = Path("configs/acme/agreement.yaml")


def spoil(before: str, after: str, path: Path = AGREEMENT) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ("kind: LeadSLA", "kind: LeadSLA\nkind: LeadSLA", "SLA100", "kind"),
        ("  timezone: America/New_York ", "  timezon: America/New_York ", "SLA101", "timezone"),
        ("accountable: vp_marketing", "accountable: vp_marketng", "SLA102", "vp_marketing"),
        ("score reaches threshold and engagement > 0", "score reaches and engagement > 0", "SLA103", ""),
    ],
    ids=["broken file", "unknown key", "dangling reference", "bad expression"],
)
def test_a_broken_agreement_is_refused_with_line_and_column(
    run: Run, before: str, after: str, code: str, said: str
) -> None:
    spoil(before, after)
    answer = run("validate", "--format", "json")
    assert answer.code == 1
    found = [each for each in json.loads(answer.out)["findings"] if each["severity"] == "error"]
    assert code in {each["code"] for each in found}
    first = next(each for each in found if each["code"] == code)
    assert first["file"] == AGREEMENT.as_posix()
    assert first["line"] > 1
    assert first["column"] > 0
    assert said in first["message"] + first["hint"]


def test_a_command_that_is_stopped_by_errors_shows_what_stops_it_and_no_notes(run: Run) -> None:
    spoil("accountable: vp_marketing", "accountable: vp_marketng")
    assert "information SLA" in run("validate").out
    stopped = run("plan", "--target", "hubspot-simulator").err
    assert "error SLA102" in stopped
    assert "information" not in stopped


def test_an_agreement_that_has_ended_is_not_applied(run: Run) -> None:
    answer = run("apply", "--target", "hubspot-simulator", "--yes", "--today", "2027-01-01")
    assert answer.code == 4
    assert "SLA111" in answer.err
    assert run("plan", "--target", "hubspot-simulator", "--exit-code").code == 3


def test_a_secret_in_a_file_is_not_shown_again(run: Run) -> None:
    key = "00D5g000000ABCD!" + "AQ4AQFx7Zk1vTqLw" * 4
    spoil("title: Acme", f"title: {key} Acme")
    answer = run("validate")
    assert answer.code == 1
    assert "SLA902" in answer.out
    assert key not in answer.out + answer.err


def test_a_broken_agreement_stops_plan_and_apply_before_anything_is_read(run: Run, here: Path) -> None:
    spoil("accountable: vp_marketing", "accountable: nobody")
    for command in (("plan", "--target", "hubspot-simulator"), ("apply", "--target", "hubspot-simulator", "--yes")):
        answer = run(*command)
        assert answer.code == 1
        assert "SLA102" in answer.err
        assert answer.out == ""
    assert not (here / ".sla-sync").exists()


def test_an_unknown_target_is_named_with_those_there_are(run: Run) -> None:
    answer = run("plan", "--target", "production")
    assert answer.code == 1
    assert "has no target 'production'" in answer.err
    assert "salesforce-simulator" in answer.err


@pytest.mark.parametrize("command", ["apply", "remove"])
def test_apply_and_remove_never_guess_a_target(run: Run, command: str) -> None:
    answer = run(command, "--yes")
    assert answer.code == 2
    assert f"{command} never guesses a target" in answer.err


def test_apply_without_anybody_to_confirm_is_refused(run: Run) -> None:
    answer = run("apply", "--target", "hubspot-simulator")
    assert answer.code == 4
    assert "--yes" in answer.err
    assert run("plan", "--target", "hubspot-simulator", "--exit-code").code == 3


SAVING = {"apply": "`plan --out FILE`", "remove": "`remove --plan --out FILE`"}


@pytest.mark.parametrize(("command", "saving"), SAVING.items())
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"target": "x"}'])
def test_a_file_that_is_no_plan_is_refused(run: Run, content: str, command: str, saving: str) -> None:
    Path("plan.json").write_text(content)
    answer = run(command, "plan.json")
    assert answer.code == 1
    assert "not a saved plan" in answer.err
    assert f"Save it again with {saving}." in answer.err


@pytest.mark.parametrize(("command", "saving"), SAVING.items())
def test_a_plan_file_that_is_not_there_is_refused(run: Run, command: str, saving: str) -> None:
    answer = run(command, "missing.json")
    assert answer.code == 1
    assert "missing.json does not exist" in answer.err
    assert f"Save a plan with {saving}." in answer.err


def test_a_wrong_date_is_a_matter_of_usage(run: Run) -> None:
    assert run("validate", "--today", "soon").code == 2


def test_an_unknown_option_is_an_error_and_not_ignored(run: Run) -> None:
    assert run("plan", "--target", "hubspot-simulator", "--dry-run").code == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("url: 'https://localhost:9'\n    token: NOT_SET", "NOT_SET", id="a secret that is not set"),
        pytest.param(
            "url: 'https://localhost:9'\n    token: HOME",
            "localhost:9",
            id="a host that does not answer",
            marks=pytest.mark.slow,
        ),
    ],
)
@pytest.mark.parametrize("number", [0, 1], ids=["salesforce", "hubspot"])
def test_a_target_that_cannot_be_reached_is_one_clear_error(run: Run, options: str, said: str, number: int) -> None:
    path = Path("configs/targets.yaml")
    parts = path.read_text().split("    simulator: true")
    head, tail = "    simulator: true".join(parts[: number + 1]), "    simulator: true".join(parts[number + 1 :])
    path.write_text(f"{head}    {options}\n{tail.partition(chr(10))[2]}")
    name = ["salesforce-simulator", "hubspot-simulator"][number]
    answer = run("plan", "--target", name)
    assert answer.code == 1
    assert said in answer.err
    assert "→" in answer.err
    assert "Traceback" not in answer.err


def test_build_does_not_write_over_what_is_there(run: Run, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out" / "precious.txt").write_text("keep")
    answer = run("build", "--platform", "salesforce", "--format", "source", "--out", "out")
    assert answer.code == 1
    assert "not empty" in answer.err
    assert [path.name for path in (here / "out").iterdir()] == ["precious.txt"]


def test_build_of_an_unknown_platform_or_form_names_those_there_are(run: Run) -> None:
    answer = run("build", "--platform", "marketo", "--out", "out")
    assert answer.code == 1
    assert "salesforce" in answer.err
    answer = run("build", "--platform", "hubspot", "--format", "source", "--out", "out")
    assert answer.code == 1
    assert "--format json" in answer.err
    assert not Path("out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_stops_apply_before_the_platform_is_touched(run: Run, here: Path) -> None:
    folder = here / ".sla-sync" / "hubspot-simulator"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").symlink_to("/dev/full")
    answer = run("apply", "--target", "hubspot-simulator", "--yes")
    assert answer.code == 1
    assert "No space left on device" in answer.err
    assert "Free space" in answer.err
    (folder / "journal.jsonl").unlink()
    assert run("plan", "--target", "hubspot-simulator", "--exit-code").code == 3
