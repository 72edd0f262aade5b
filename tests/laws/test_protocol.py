"""The apply protocol holds its invariants over every order of runs, faults, people and time that hypothesis finds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.haste import examples
from tests.laws.protocol import Protocol

CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def test_the_apply_protocol_keeps_its_invariants_in_any_weather() -> None:
    tried = settings(
        max_examples=examples(40), stateful_step_count=20, deadline=None, suppress_health_check=list(CHECKS)
    )
    run_state_machine_as_test(Protocol, settings=tried)
