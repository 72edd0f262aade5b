"""What measures reads the exported history, and asks the platform for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, served

TARGET = "salesforce-simulator"


@pytest.mark.slow
def test_commands_that_measure_ask_the_platform_for_nothing(run: Run, here: Path) -> None:
    with served(here, TARGET) as running:
        assert run("doctor", "--target", TARGET).code in {0, 1, 3}
        before = running.requests
        assert before > 0, "it is reachable"
        assert run("simulator", "history", f".sla-sync/{TARGET}/history", "--leads", "60").code == 0
        for command in (
            ("baseline", "--target", TARGET, "--keep"),
            ("report", "--target", TARGET, "--period", "month", "--out", "packs"),
            ("replay", "configs/acme", "--target", TARGET),
            ("forecast", "--target", TARGET),
        ):
            answer = run(*command)
            assert answer.code == 0, answer.err
            assert "made up" in answer.out.lower()
        refused = run(
            "dispute", "--target", TARGET, "--lead", "SYN-none", "--commitment", "verdict", "--because", "x", "--by", "revops"
        )  # fmt: skip
        assert "knows no lead" in refused.err
        assert (running.requests, running.application.state_changes) == (before, 0)
