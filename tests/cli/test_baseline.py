"""The pages about the baseline and about disputes are true: their commands are run, on the history that they make up."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_readme import prints

DOCS = Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.slow


def page(run: Run, name: str) -> Iterator[int]:
    """Yield the exit code of each command of a page, after it printed what the page shows."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    for line, printed in re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", text, re.DOTALL):
        answer = run(*shlex.split(line))
        prints(answer.out + answer.err, printed.rstrip("\n"))
        yield answer.code


def test_the_pages_about_baseline_and_disputes_are_true(run: Run, here: Path) -> None:
    acme = here / "configs" / "acme"
    assert list(page(run, "baseline")) == [0, 0]
    kept = json.loads((acme / "baseline.json").read_text(encoding="utf-8"))
    assert kept["synthetic"] is True
    assert set(kept["commitments"]) == {"mql-volume", "mql-quality", "first-response", "follow-up", "verdict"}
    assert list(page(run, "disputes")) == [0, 1]
    shown = re.search(r"```yaml\n(.*?)```", (DOCS / "disputes.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert (acme / "disputes.yaml").read_text(encoding="utf-8") == shown[1]
    assert run("validate").code == 0


def test_without_a_history_the_baseline_says_how_to_get_one(run: Run) -> None:
    answer = run("baseline", "--target", "salesforce-simulator")
    assert answer.code == 1
    assert "sla-sync export --target salesforce-simulator" in answer.err
    assert run("baseline", "--since", "lately").code == 2
