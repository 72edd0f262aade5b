"""How likely somebody waits: Erlang C against another formula, and against people who really stand in line."""

from __future__ import annotations

import heapq
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.lint.load import waiting_chance
from sla_sync.measures.load import waiting
from tests.haste import examples


def by_erlang_b(arrivals: float, minutes: float, people: int) -> float:
    """Return the chance to wait at all, from the chance that a system without a queue is full."""
    load, full = arrivals * minutes / 60, 1.0
    for each in range(1, people + 1):
        full = load * full / (each + load * full)
    busy = load / people
    return full / (1 - busy * (1 - full)) if busy < 1 else 1.0


@pytest.mark.parametrize(("people", "chance"), [(1, 1.0), (2, 0.157), (3, 0.020)])
def test_at_three_leads_an_hour_a_quarter_of_an_hour_takes_three_people(people: int, chance: float) -> None:
    assert waiting_chance(3, 20, people, 15) == pytest.approx(chance, abs=0.0005)


@given(st.floats(0.1, 50), st.floats(1, 60), st.integers(1, 30))
@settings(max_examples=examples(80), deadline=None)
def test_the_chance_to_wait_at_all_is_that_of_the_other_formula(arrivals: float, minutes: float, people: int) -> None:
    assert waiting_chance(arrivals, minutes, people, 0) == pytest.approx(
        by_erlang_b(arrivals, minutes, people), abs=1e-9
    )


@pytest.mark.parametrize(("arrivals", "people"), [(3.0, 2), (5.0, 2), (6.0, 3)])
def test_people_who_stand_in_line_wait_as_the_formula_says(arrivals: float, people: int) -> None:
    dice, now, late, n = random.Random(5), 0.0, 0, 60_000
    free = [0.0] * people
    for _ in range(n):
        now += dice.expovariate(arrivals / 60)
        begins = max(now, heapq.heappop(free))
        late += begins - now > 15
        heapq.heappush(free, begins + dice.expovariate(1 / 20))
    assert late / n == pytest.approx(waiting_chance(arrivals, 20, people, 15), abs=0.025)


def test_how_likely_somebody_waits_is_as_uncertain_as_how_many_come() -> None:
    few, many = waiting(30, 3.0, 20, 2, 15), waiting(3000, 3.0, 20, 2, 15)
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval[0] < many.interval[0] < 0.157 < many.interval[1] < few.interval[1]
    assert waiting(30, 7.0, 20, 2, 15).note == "Leads come faster than they can be answered."
