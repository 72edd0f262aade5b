"""The page about replays shows what its commands print; errors are sentences."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints

PAGE = (PROJECT / "docs" / "replay.md").read_text(encoding="utf-8")
ARGUMENTS = ("configs/acme", "proposal", "--history", "quarter", "--since", "2026-10-01")


@pytest.mark.slow
def test_the_page_about_replays_shows_what_its_commands_print_and_json_has_every_lead(run: Run, here: Path) -> None:
    told = 0
    for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL):
        for command, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.MULTILINE):
            words = shlex.split(command)
            if words[0] == "sla-sync":
                prints(run(*words[1:]).out, shown.rstrip("\n"))
                told += 1
            else:
                subprocess.run(words, cwd=here, check=True)
    assert told == 3

    plain = json.loads(run("replay", *ARGUMENTS, "--format", "json", "--leads").out)
    qualified = plain["qualified"]
    assert qualified["before"]["value"] - qualified["after"]["value"] == qualified["fewer"] - qualified["more"]
    leads = {each["what"]: each["leads"] for each in plain["changing"]}
    assert len(leads["would no longer qualify"]) == qualified["fewer"]
    assert all(each.startswith("SYN-L") for ids in leads.values() for each in ids)


def test_without_a_history_it_says_how_to_get_one_and_a_wrong_side_is_named(run: Run, here: Path) -> None:
    answer = run("replay", "configs/acme", "configs/acme")
    assert answer.code == 1
    assert "sla-sync export --target" in answer.err
    missing = run("replay", "configs/acme", "configs/acme", "--history", "nowhere")
    assert missing.code == 1
    assert "nowhere holds no history" in missing.err
    assert run("replay", "configs/acme", "--since", "lately").code == 2
    (here / "broken").mkdir()
    (here / "broken" / "agreement.yaml").write_text("kind: LeadSLA\n", encoding="utf-8")
    broken = run("replay", "configs/acme", "broken", "--history", "nowhere")
    assert broken.code == 1
    assert "The agreement at broken cannot be read, so it cannot be replayed." in broken.err
