"""What the README shows is what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def shown(what: str) -> str:
    """Return the block of the README that shows something."""
    found = re.search(rf"<!-- {re.escape(what)} -->\n```\w*\n(.*?)\n```\n<!-- end of", README, re.DOTALL)
    assert found, f"the README does not show {what}"
    return found[1]


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(run: Run) -> None:
    answer = run("demo")
    assert answer.code == 0
    printed = iter(answer.out.splitlines())
    for line in shown("output of: make demo").splitlines():
        assert line == "…" or line in printed, f"the demo does not print, or not in this order: {line}"


def test_the_smallest_agreement_in_the_readme_is_the_file() -> None:
    name = "configs/examples/first/agreement.yaml"
    assert shown(f"file: {name}") + "\n" == (PROJECT / name).read_text(encoding="utf-8")


def test_the_commands_of_the_readme_exist(run: Run) -> None:
    names = set(re.findall(r"^\| `sla-sync (\w+(?: serve| clock)?)", README, re.MULTILINE))
    assert len(names) >= 8
    for name in names:
        assert run(*name.split(), "--help").code == 0
