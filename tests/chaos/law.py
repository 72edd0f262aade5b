"""The stateful law of the apply protocol, lived through as long as one likes."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.laws.protocol import Protocol

STEPS = 20
"""Steps of one example at most."""


def live(examples: int, *, shrink: bool = False) -> str | None:
    """Try so many examples, the same each time, and return what does not hold; None where everything does."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    tried = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
        phases=phases, report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        run_state_machine_as_test(Protocol, settings=tried)
    except Exception as error:  # noqa: BLE001 - a mutant may break in any way
        return "\n".join((f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())))
    return None
