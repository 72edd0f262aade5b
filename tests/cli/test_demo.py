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
    assert next(line for line in told if line.startswith("  ✗ Pia Lund")).split()[3:5] == ["on", "time"]
    pia = told.index("  Pia Lund")
    assert "first-response on time" in told[pia + 1]
    assert "    This should have been: late; it was: on time." in told[pia:]
    assert "    These should have heard of it: kim; these did: nobody." in told[pia:]
    assert "The story did not end as it should; see above." in told
