"""The examples of docs/night.md: what a scheduler reads in them is understood, as far as this machine can tell."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from sla_sync.agreement.load import load_channels
from sla_sync.cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
NIGHT = DOCS / "examples" / "night"
UNITS = ("sla-sync-night.service", "sla-sync-night.timer")


def commands() -> Iterator[tuple[str, str]]:
    """Yield every command of ours in the examples and in the page, with the file it stands in."""
    for path in (*sorted(NIGHT.iterdir()), DOCS / "night.md"):
        text = path.read_text(encoding="utf-8")
        lines = re.findall(
            r"^\$ (sla-sync .*)$|(sla-sync (?:drift|notify) [^`\n]*--[^`\n]*|sla-sync notify$)", text, re.MULTILINE
        )
        for line in lines:
            yield path.name, re.split(r" >>| \|\|", line[0] or line[1])[0]


@pytest.mark.slow
def test_every_command_of_the_examples_is_one_that_there_is() -> None:
    found = list(commands())
    assert {name for name, _ in found} >= {"crontab", "sla-sync-night.service", "github.yml", "gitlab.yml", "night.md"}
    for _, line in found:
        _, name, *rest = shlex.split(line)
        group = get_command(app)
        command = getattr(group, "commands")[name]  # noqa: B009 - typer's own class of group is not typed
        command.make_context(name, rest)


def test_every_line_of_the_crontab_has_five_fields_that_cron_reads() -> None:
    lines = [
        each
        for each in (NIGHT / "crontab").read_text(encoding="utf-8").splitlines()
        if each and not each.startswith("#") and not re.match(r"[A-Z]+=", each)
    ]
    assert len(lines) == 2
    for line in lines:
        assert re.match(r"([0-9]+|\*)\s+([0-9]+|\*)\s+\*\s+\*\s+\*\s+sla-sync\s+cd ", line), line
        assert "%" not in line


def test_the_units_are_read_by_systemd_where_it_is_there() -> None:
    for name in UNITS:
        unit = RawConfigParser(strict=False)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read(NIGHT / name, encoding="utf-8")
        assert {"Unit", "Service" if name.endswith("service") else "Timer"} <= set(unit.sections())
    service = (NIGHT / UNITS[0]).read_text(encoding="utf-8")
    for hardened in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadOnlyPaths=/srv/agreements",
        "EnvironmentFile=",
    ):
        assert hardened in service
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        done = subprocess.run(
            [analyze, "verify", *(NIGHT / each for each in UNITS)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_a_pipeline_is_yaml_in_which_no_expression_stands_in_a_script(name: str) -> None:
    read = yaml.safe_load((NIGHT / name).read_text(encoding="utf-8"))
    jobs = read["jobs"]["audit"]["steps"] if "jobs" in read else [{"run": "\n".join(read["night"]["script"])}]
    scripts = [each["run"] for each in jobs if "run" in each]
    assert any("sla-sync drift --all-targets --notify" in each for each in scripts)
    assert not any("${{" in each for each in scripts)


def test_the_channels_of_the_page_are_those_of_the_file_and_validate() -> None:
    text = (NIGHT / "channels.yaml").read_text(encoding="utf-8")
    page = (DOCS / "night.md").read_text(encoding="utf-8")
    assert text.partition("\n")[2].strip() in page
    assert load_channels(NIGHT / "channels.yaml", root=NIGHT).diagnostics == ()
