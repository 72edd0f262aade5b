"""What the pages about one org and one portal show is printed there; one copy of both serves all of these pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector.simulation import serve
from sla_sync_hubspot.simulator import simulator as portal
from tests.cli.conftest import Run, here, run
from tests.cli.test_second_page import follows
from tests.docs.commands import FENCE
from tests.docs.staging import DOCS
from tests.notify.test_sending import SECRET, service

__all__ = ["here", "run"]
_SHOWN = re.compile(r"^\$ (sla-sync [^\n]*)\n((?:(?!\$ |```)[^\n]*\n)*)", re.MULTILINE)
_BARE = re.compile(r"^(sla-sync [a-z][^\n>]*?)(?: > (\S+))?$", re.MULTILINE)
START = datetime(2026, 10, 1, tzinfo=UTC)


def shown(page: str) -> dict[str, str]:
    """Return the commands of a page with what each prints."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = [block for _, language, block in FENCE.findall(text) if not language]
    found = {line: printed for each in blocks for line, printed in _SHOWN.findall(each)}
    return found | {line: "" for each in blocks if "$ " not in each for line, _ in _BARE.findall(each)}


def holds(run: Run, line: str, printed: str, *, codes: Sequence[int] = (0,)) -> None:
    answer = run(*shlex.split(line)[1:])
    assert answer.code in codes, f"{line} leaves with {answer.code}\n{answer.err}"
    missing = follows(answer.out + answer.err, printed)
    assert not missing, f"{line} prints no such line here: {missing}\n{answer.out}{answer.err}"


@pytest.mark.slow
def test_the_pages_about_an_org_and_its_nights_show_what_is_printed(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    salesforce = shown("salesforce.md")
    why = [line for line in salesforce if line.startswith("sla-sync why")]
    assert len(why) == 1, "this lead is one of the week of the demo, whose test asks for it"
    for line, printed in salesforce.items():
        if line not in why:
            holds(run, line, printed)
    for page in ("coverage.md", "simulators.md"):
        for line, printed in shown(page).items():
            if "serve" not in line:
                holds(run, line, printed)

    assert run("apply", "--target", "hubspot-simulator", "--yes").code == 0
    assert run("drift", "--all-targets").code == 0
    with serve(portal, here / ".sla-sync/hubspot-simulator/simulator", clock=START) as running:
        portal.administer(running)
    channels = (DOCS / "examples/night/channels.yaml").read_text(encoding="utf-8")
    (here / "configs/channels.yaml").write_text(channels, encoding="utf-8")
    night = shown("night.md")
    assert [line.split()[2] for line in night] == ["--all-targets", "--trend"]
    with service() as (url, got):
        for name in re.findall(r"url: (\w+)", channels):
            monkeypatch.setenv(name, url)
        for line, printed in night.items():
            holds(run, line, printed, codes=(0, 3))
    assert got
    assert all(SECRET not in each["message"] for each in got)


def test_the_page_about_editors_shows_commands_that_print_schemas(run: Run) -> None:
    lines = shown("editors.md")
    assert len(lines) == 3
    for line in lines:
        holds(run, line, "")
