"""The page about forecasts is true: its commands are run, on the history that they make up; and what they refuse."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_readme import prints

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
def test_the_page_about_forecasts_is_true(run: Run, here: Path) -> None:
    text = (DOCS / "forecast.md").read_text(encoding="utf-8")
    before = {each: each.read_bytes() for each in (here / "configs").rglob("*") if each.is_file()}
    for line, printed in re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", text, re.DOTALL):
        answer = run(*shlex.split(line))
        assert answer.code == 0, answer.err
        prints(answer.out + answer.err, printed.rstrip("\n"))
    assert before == {each: each.read_bytes() for each in (here / "configs").rglob("*") if each.is_file()}

    shutil.copytree(here / "configs", here / "proposed")
    agreement = here / "proposed" / "acme" / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace("target: 110 per month", "target: 150 per month"))
    reviewed = run("review", "configs/acme", "proposed/acme", "--history", "year", "--format", "json")
    assert reviewed.code == 1
    page = json.loads(reviewed.out)
    found = {each["code"]: each for each in page["appeared"]}
    assert (found["SLA612"]["severity"], found["SLA613"]["severity"]) == ("error", "warning")
    assert agreement.read_text().splitlines()[found["SLA612"]["line"] - 1].strip() == "target: 150 per month"
    assert ("SLA612", "warning") in {(each["code"], each["severity"]) for each in page["disappeared"]}


def test_without_a_history_the_plan_alone_is_worked_out(run: Run) -> None:
    told = run("forecast", "--format", "json")
    assert told.code == 0
    page = json.loads(told.out)
    assert page["history"] is None
    assert page["findings"] == []
    forward = page["plan"]["forward"]
    assert (forward["total"], round(forward["wins"], 1), forward["short"]) == (330, 27.7, 391_200)
    assert page["plan"]["lag"]["last"] == "2026-11-01"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--from", "mqlz"), 1, "«mqlz» is no stage"),
        (("--from", "sal"), 1, "promises no number of sal"),
        (("--volume", "many"), 2, "no number of leads"),
        (("--volume", "-4"), 2, "no number of leads"),
        (("--volume", "nan"), 2, "no number of leads"),
        (("--history", "nowhere"), 1, "holds no history"),
        (("--target", "salesforce-simulator"), 1, "sla-sync export --target salesforce-simulator"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(
    run: Run, arguments: tuple[str, ...], code: int, says: str
) -> None:
    answer = run("forecast", *arguments)
    assert answer.code == code
    assert says in answer.err


def test_a_folder_without_a_history_finds_nothing_and_says_so(run: Run) -> None:
    answer = run("validate", "--history", "nowhere")
    assert answer.code == 1
    assert "holds no history" in answer.err


def test_rates_from_a_history_that_is_not_there_are_not_invented(run: Run, here: Path) -> None:
    agreement = here / "configs" / "acme" / "agreement.yaml"
    text = re.sub(r"rates: \{[^}]*\}", "rates: from history", agreement.read_text())
    agreement.write_text(text)
    told = run("forecast")
    assert told.code == 0
    assert "The plan takes its rates from history, and none was given." in told.out
