"""A finding is restored alone, or accepted until a day, as docs/audit.md shows it; what is left stays as it is."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from tests.cli.conftest import Run
from tests.cli.test_readme import prints

TARGET = "hubspot-simulator"
PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow


def edited(here: Path) -> None:
    """Let an administrator of the portal change two settings."""
    simulator = load_connector("hubspot").simulator
    assert simulator is not None
    data = here / ".sla-sync" / TARGET / "simulator"
    with serve(simulator(), data, clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        assert len(simulator().administer(running)) == 2


def page(run: Run) -> Iterator[str]:
    """Yield each command of the page by its name after it was run, and printed what the page shows."""
    for line, printed in re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", PAGE, re.DOTALL):
        answer = run(*shlex.split(line))
        prints(answer.out, printed.rstrip("\n"))
        yield line.partition(" ")[0]


def audited(run: Run, *more: str) -> tuple[int, dict[str, Any]]:
    answer = run("drift", "--target", TARGET, "--format", "json", *more)
    return answer.code, json.loads(answer.out)


def test_one_finding_is_restored_and_the_other_accepted_until_its_day(run: Run, here: Path) -> None:
    assert run("apply", "--target", TARGET, "--yes").code == 0
    edited(here)
    shown = page(run)
    assert next(shown) == "drift"
    code, found = audited(run)
    first, second = found["findings"]
    assert code == 3

    unknown = run("plan", "--target", TARGET, "--only", "D-000000")
    assert (unknown.code, first["id"] in unknown.err, second["id"] in unknown.err) == (1, True, True)
    misspelt = run("plan", "--target", TARGET, "--only", first["address"] + "s")
    assert (misspelt.code, f"Write {first['address']}" in misspelt.err) == (1, True)

    assert next(shown) == "plan"
    planned = json.loads((here / "one.json").read_text(encoding="utf-8"))
    assert [each["address"] for each in planned["changes"]] == planned["only"] == [first["address"]]
    assert run("apply", "one.json", "--only", second["id"]).code == 2
    assert next(shown) == "apply"
    assert [each["id"] for each in audited(run)[1]["findings"]] == [second["id"]]
    assert run("apply", "one.json").code == 4, "it was for another world"

    def accept(*how: str, because: str = "Sales asked for a week.") -> tuple[int, str]:
        answer = run("accept", second["id"], "--target", TARGET, "--because", because, *how)
        return answer.code, answer.err

    assert second["consequence"] == "breach"
    for how, because, said in (
        (("--until", "2026-10-08"), "x", "Name a role with --by"),
        (("--until", "2026-10-08", "--by", "nobody"), "x", "'nobody' is not a role"),
        (("--until", "2028-10-08", "--by", "vp_sales"), "x", "more than a year after"),
        (("--until", "2026-10-08", "--by", "vp_sales"), " ", "without a reason"),
    ):
        code, err = accept(*how, because=because)
        assert (code, said in err) == (1, True), err
    assert not (here / "configs" / "acme" / "exceptions.yaml").exists()

    assert list(shown) == ["accept", "drift"]
    said = yaml.safe_load((here / "configs" / "acme" / "exceptions.yaml").read_text(encoding="utf-8"))
    (entry,) = said["exceptions"]
    repeated = accept("--until", str(entry["until"]), "--by", entry["by"], because=entry["because"])
    assert repeated[0] == 0, repeated
    assert yaml.safe_load((here / "configs" / "acme" / "exceptions.yaml").read_text(encoding="utf-8")) == said
    code, found = audited(run)
    assert (code, found["findings"], found["in_sync"]) == (0, [], False)
    assert [each["id"] for each in found["accepted"]] == [second["id"]]
    assert run("validate").code == 0
    code, found = audited(run, "--today", "2026-10-09")
    assert code == 3
    assert "that day has passed" in found["findings"][0]["note"]
    assert run("accept", first["id"], "--target", TARGET, "--because", "x", "--until", "2026-10-08").code == 1
