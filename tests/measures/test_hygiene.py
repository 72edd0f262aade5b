"""R16: open cycles whose owner has left, and those that nobody has."""

from __future__ import annotations

import pytest

from sla_sync.measures.hygiene import NO_SUCH_USER, Hygiene, hygiene
from tests.measures.pasts import acme, past_of

NOW = "2026-10-28 14:00"
QUALIFIED = "2026-10-05 14:00"
OWNERS = {
    "ann's": ((QUALIFIED, "ann"),),
    "a leaver's": ((QUALIFIED, "gone"),),
    "handed over": ((QUALIFIED, "gone"), ("2026-10-20 14:00", "ann")),
    "back in the queue": ((QUALIFIED, "ann"), ("2026-10-27 14:00", None)),
    "from queue to queue": ((QUALIFIED, "ann"), ("2026-10-28 13:00", None), ("2026-10-28 13:55", None)),
    "just put back": ((QUALIFIED, "ann"), ("2026-10-28 13:45", None)),
    "given at once": ((QUALIFIED, None), (QUALIFIED, "ann")),
    "never had": (),
    "a stranger's": ((QUALIFIED, "somebody"),),
    "one who came back": ((QUALIFIED, "back"),),
    "closed": ((QUALIFIED, "gone"),),
    "test": ((QUALIFIED, "gone"),),
    "just qualified": (("2026-10-01 14:00", None),),
}


@pytest.fixture(scope="module")
def found() -> Hygiene:
    own = {"closed": {"closed_at": "2026-10-06 14:00"}, "test": {"void": "test"}}
    own["just qualified"] = {"qualified_at": "2026-10-28 13:40"}
    cycles = [{"lead": lead, "qualified_at": QUALIFIED, **own.get(lead, {})} for lead in OWNERS]
    owners = [{"lead": lead, "at": at, "owner": owner} for lead, each in OWNERS.items() for at, owner in each]
    users = (
        {"user": "ann", "since": "2026-01-01 00:00"},
        {"user": "gone", "since": "2026-01-01 00:00", "until": "2026-10-19 00:00"},
        {"user": "back", "since": "2026-01-01 00:00", "until": "2026-03-01 00:00"},
        {"user": "back", "since": "2026-09-01 00:00"},
    )
    return hygiene(past_of(acme(), NOW, cycles=cycles, owners=owners, users=users))


def test_open_cycles_of_those_who_have_left_are_named_with_them(found: Hygiene) -> None:
    assert found.orphaned == (("a leaver's", "gone"),)


def test_open_cycles_that_nobody_has_had_for_half_an_hour_are_named(found: Hygiene) -> None:
    assert found.unassigned == ("back in the queue", "from queue to queue", "never had")


def test_they_are_of_all_open_cycles_that_count(found: Hygiene) -> None:
    assert found.open_cycles == found.basis.n == 11
    assert found.basis.left_out == {"test": 1}
    assert found.basis.unusable == {NO_SUCH_USER: 1}
