from __future__ import annotations

import pytest

from sla_sync.adopting.edits import Plain
from sla_sync.adopting.rewording import reworded, weeks

PROPOSED: tuple[tuple[Plain, Plain, Plain, Plain], ...] = (
    (100, 100, 90, 90),
    ("15 business minutes", 15, 20, "20 business minutes"),
    ("1 business hour", 60, 61, "61 business minutes"),
    ("1 business hour", 60, 120, "2 business hours"),
    ("90%", 0.9, 0.95, "95%"),
    ("at 50%", 7.5, 9, "at 60%"),
    ("score >= 100 and fit > 3", 100, 80, "score >= 80 and fit > 3"),
    ("Ready for sales.", "Ready for sales.\n\nmanaged by us", "Sales can call.\n\nmanaged by us", "Sales can call."),
    ("09:00-17:00", "09:00:00.000Z", "07:30:00.000Z", "07:30-17:00"),
    ("Acme agreement", "How «Acme agreement» is kept.", "How «Our deal» is kept.", "Our deal"),
    (True, True, False, False),
)


@pytest.mark.parametrize(("value", "agreed", "live", "wanted"), PROPOSED)
def test_what_a_line_may_say_instead_is_among_the_proposals(
    value: Plain, agreed: Plain, live: Plain, wanted: Plain
) -> None:
    assert wanted in list(reworded(value, agreed, live))


@pytest.mark.parametrize("value", ["2026-10-01", "09:00-17:00", "v1.2"])
def test_a_number_inside_a_day_or_a_time_is_no_number(value: str) -> None:
    assert list(reworded(value, 10, 20)) == []


def test_one_day_of_a_week_may_have_hours_of_its_own() -> None:
    found = list(weeks(("calendars", "office", "open"), {"mon-fri": "09:00-17:00"}, "09:00:00", "08:00:00"))
    assert {"mon": "08:00-17:00", "tue-fri": "09:00-17:00"} in found
    assert {"mon-tue": "09:00-17:00", "wed": "08:00-17:00", "thu-fri": "09:00-17:00"} in found
    assert len(found) == 5
