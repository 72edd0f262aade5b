"""How far from business time workflows are: the compilations of four business hours that the platform allows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.connectors.hubspot.simulator.workshop import WEEK, Workshop, action, delay, open_workshop, stamp, tick

HERE = ZoneInfo("US/Eastern")
LEADS = 120
BUDGET = 240
"""Minutes of business time that a lead may wait."""


def business_minutes(start: datetime, end: datetime) -> float:
    """Return the minutes between two instants that lie on Monday to Friday from nine to five, a day at a time."""
    total = 0.0
    day = start.astimezone(HERE).date()
    while day <= end.astimezone(HERE).date():
        if day.weekday() < 5:
            opens = datetime(day.year, day.month, day.day, 9, tzinfo=HERE).astimezone(UTC)
            closes = datetime(day.year, day.month, day.day, 17, tzinfo=HERE).astimezone(UTC)
            total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds() / 60)
        day += timedelta(days=1)
    return total


def errors(shop: Workshop) -> list[float]:
    """Let leads arrive in business hours and return by how many business minutes each was escalated too late."""
    chance = random.Random(1)
    first = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    arrivals = sorted(
        first + timedelta(days=chance.randrange(5), minutes=chance.randrange(8 * 60)) for _ in range(LEADS)
    )
    leads = []
    for number, arrival in enumerate(arrivals):
        shop.run_to(arrival)
        leads.append(shop.contact(email=f"{number}@example.com", sla_fit="60"))
    shop.run(days=14)
    escalated = [shop.told(lead, "sla_at")[0].at for lead in leads]
    return [business_minutes(start, end) - BUDGET for start, end in zip(arrivals, escalated, strict=True)]


def share_early(found: list[float]) -> float:
    return sum(each < -1 for each in found) / len(found)


@pytest.mark.slow
def test_a_delay_of_four_hours_and_a_window_escalate_half_of_the_leads_too_early() -> None:
    shop = open_workshop(datetime(2026, 11, 30, 13, 0, tzinfo=UTC), spread=timedelta(0))
    shop.put(delay(1, BUDGET, to=2), stamp(2), timeWindows=list(WEEK))
    found = errors(shop)
    assert 0.4 < share_early(found) < 0.62
    assert -90 < sum(found) / len(found) < -35
    assert -240 <= min(found) < -200
    assert max(found) <= 0.001


@pytest.mark.slow
def test_ticks_of_a_quarter_of_an_hour_are_never_more_than_a_quarter_wrong() -> None:
    shop = open_workshop(datetime(2026, 11, 30, 13, 0, tzinfo=UTC))
    steps = [
        step
        for number in range(BUDGET // 15)
        for step in (delay(2 * number + 1, 15, to=2 * number + 2), tick(2 * number + 2, to=2 * number + 3))
    ]
    shop.put(*steps, stamp(BUDGET // 15 * 2 + 1), timeWindows=list(WEEK))
    found = errors(shop)
    assert max(abs(each) for each in found) <= 15.001
    assert abs(sum(found) / len(found)) < 3


def test_a_delay_until_a_due_time_that_is_written_is_exact() -> None:
    shop = open_workshop()
    due = {"type": "OBJECT_PROPERTY", "propertyName": "sla_at"}
    shop.put(action(1, "0-35", to=2, date=due, delta="0", time_unit="MINUTES"), tick(2))
    lead = shop.contact(email="a@example.com", sla_fit="60", sla_at="2026-12-01T16:30:00Z")
    shop.run(days=2)
    assert shop.told(lead, "sla_ticks")[0].at == datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
