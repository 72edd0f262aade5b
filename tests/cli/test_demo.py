"""The demo tells the truth: where the agreement comes out otherwise than its story says, it says so and fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.slow
def test_a_week_that_comes_out_otherwise_fails_the_demo(run: Run, here: Path) -> None:
    agreement = here / "configs" / "acme" / "agreement.yaml"
    text = agreement.read_text()
    agreement.write_text(text.replace("hot: 15 business minutes", "hot: 45 business minutes"))
    assert agreement.read_text() != text
    answer = run("demo")
    assert answer.code == 1
    told = answer.out.splitlines()
    pia = next(number for number, line in enumerate(told) if line.startswith("  Pia Lund"))
    assert "first-response on time" in told[pia + 1]
    assert told[pia + 2] == "    This should have been: late; it was: on_time."
    assert "The story did not end as it should; see above." in told
