"""What docs/leaving.md shows is what the commands print, in its order, and each refusal leaves with its code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sla_sync.connector.simulation import serve
from sla_sync_hubspot.simulator import simulator
from tests.cli.conftest import Run
from tests.cli.test_hubspot_page import MONDAY, STARTUP, TARGET, asks
from tests.cli.test_readme import PROJECT, prints

PAGE = (PROJECT / "docs" / "leaving.md").read_text(encoding="utf-8")
AT = (STARTUP, "--target", TARGET)
ACME = ("--target", "hubspot-simulator")
REFUSED, WRONG = 4, 2


@pytest.mark.slow
def test_every_command_of_the_page_prints_what_the_page_shows(run: Run, here: Path) -> None:
    blocks = re.findall(r"```\n\$ sla-sync (remove [^\n]*)\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 3
    assert run("apply", *AT, "--yes").code == 0
    with serve(simulator, here / "configs/examples/.sla-sync" / TARGET / "simulator", clock=MONDAY) as running:
        asks(running)
    for line, printed in blocks:
        answer = run(*line.split())
        assert answer.code == 0, answer.err
        prints(answer.out, printed.rstrip("\n"))


@pytest.mark.slow
def test_a_plan_is_saved_carried_out_exactly_and_refused_once_the_world_moved(run: Run, here: Path) -> None:
    assert run("apply", *ACME, "--yes").code == 0
    unasked = run("remove", *ACME)
    assert unasked.code == REFUSED
    assert "add --ack bulk:" in unasked.err
    bulk = json.loads(run("remove", *ACME, "--plan", "--format", "json").out)["bulk"]
    unconfirmed = run("remove", *ACME, "--ack", bulk)
    assert unconfirmed.code == REFUSED
    assert "nobody is there to confirm the plan" in unconfirmed.err

    assert run("remove", *ACME, "--plan", "--ack", bulk, "--out", "leave.json").code == 0
    assert json.loads((here / "leave.json").read_text("utf-8"))["acknowledged"] == [bulk]
    wrong = run("apply", "leave.json")
    assert wrong.code == 1
    assert "leave.json is a plan for remove" in wrong.err
    assert run("remove", "leave.json", "--ack", bulk).code == WRONG
    with serve(simulator, here / ".sla-sync" / ACME[1] / "simulator", clock=MONDAY) as running:
        asks(running)
    moved = run("remove", "leave.json")
    assert moved.code == REFUSED
    assert "changed since the plan was made" in moved.err

    told = json.loads(run("remove", *ACME, "--plan", "--format", "json").out)
    (named,) = (each["ack"] for each in told["kept"] if each["ack"])
    assert (named, told["delete_all"]) == ("delete:Property/contacts/sla_source", None)
    bulk = json.loads(run("remove", *ACME, "--plan", "--ack", named, "--format", "json").out)["bulk"]
    assert run("remove", *ACME, "--plan", "--ack", named, "--ack", bulk, "--out", "leave.json").code == 0
    done = run("remove", "leave.json", "--format", "json")
    assert (done.code, json.loads(done.out)["complete"], json.loads(done.out)["kept"]) == (0, True, [])
    assert run("remove", *ACME).out == f"{ACME[1]}: nothing that bears the mark of acme-inbound is left.\n"
    assert "### acme-inbound leaves" in run("remove", *ACME, "--plan", "--format", "markdown").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "never guesses a target"),
        (("--target", "t", "--out", "f"), "go with --plan"),
        (("--target", "t", "--rehearse"), "go with --plan"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_usage_error(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run("remove", *arguments)
    assert answer.code == WRONG
    assert said in " ".join(answer.err.split())


def test_what_remove_would_not_delete_cannot_be_kept(run: Run) -> None:
    answer = run("remove", *AT, "--plan", "--keep", "Property/contacts/email")
    assert answer.code == 1
    assert "There is no 'Property/contacts/email' on startup-simulator that remove would delete." in answer.err


def test_where_nothing_was_applied_nothing_is_left(run: Run) -> None:
    assert run("remove", *AT).out == f"{TARGET}: nothing that bears the mark of startup-inbound is left.\n"
