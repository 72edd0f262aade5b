"""R4: exits for want of an answer, how often they had been tried, and who is left lying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.effort import Tried, effort
from tests.measures.pasts import past_of
from tests.semantics.leads import agreement

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
NOW = "2026-10-28 14:00"
MEASURE = "touches >= 2 and channels >= 2 before no_response within 5 business days"
Row = dict[str, object]

ASSIGNED = "2026-10-05 14:00"  # a Monday, 10:00 in New York; five business days later is Monday the 12th, 10:00
DEEDS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "kept": (("2026-10-05 15:00", "call", "ann"), ("2026-10-12 14:00", "email", "ann")),
    "on one channel": (("2026-10-05 15:00", "call", "ann"), ("2026-10-06 15:00", "call", "ann")),
    "too late": (("2026-10-05 15:00", "call", "ann"), ("2026-10-12 14:01", "email", "ann")),
    "by others": (("2026-10-05 15:00", "call", "ann"), ("2026-10-06 15:00", "email", "bob")),
    "by a machine": (("2026-10-05 15:00", "call", "ann"), ("2026-10-06 15:00", "email", "machine")),
    "passed on": (("2026-10-05 15:00", "call", "ann"), ("2026-10-07 15:00", "email", "bob")),
    "before it was assigned": (("2026-10-05 13:00", "call", "ann"), ("2026-10-06 15:00", "email", "ann")),
    "never": (),
    "of unknown hours": (),
    "test": (),
    "in September": (),
    "open and tried": (("2026-10-05 15:00", "call", "ann"), ("2026-10-06 14:00", "email", "ann")),
    "open": (("2026-10-05 15:00", "call", "ann"),),
    "open and answered": (("2026-10-05 15:00", "call", "ann"),),
    "open and won": (),
    "open and young": (),
}
EXITS = {"too late": "2026-10-15 14:00", "in September": "2026-09-30 14:00"}


def cycles() -> Iterator[Row]:
    for lead in DEEDS:
        assigned = {"open and young": "2026-10-27 14:00", "in September": "2026-09-07 14:00"}.get(lead, ASSIGNED)
        is_open = lead.startswith("open")
        ended = {} if is_open else {"closed_at": exit_of(lead), "closed_by": "recycled", "reason": "no_response"}
        replied = {"replied_at": "2026-10-06 15:00"} if lead == "open and answered" else {}
        void = {"void": "test"} if lead == "test" else {}
        yield {
            "lead": lead, "source": "webinar" if lead == "never" else "demo_request", "qualified_at": assigned,
            "assigned_at": assigned, "owner": "ann", "team": "nomads" if "hours" in lead else "sdr", **ended, **replied, **void,
        }  # fmt: skip


def exit_of(lead: str) -> str:
    return EXITS.get(lead, "2026-10-13 14:00")


def past(under: Agreement) -> Past:
    stays: list[Row] = []
    owners: list[Row] = []
    legs: list[Row] = []
    for each in cycles():
        lead, start, void = str(each["lead"]), str(each["qualified_at"]), {"void": each.get("void")}
        here = "won" if lead == "open and won" else "mql"
        stays.append({"lead": lead, "stage": here, "entered_at": start, "left_at": each.get("closed_at"), **void})
        if "closed_at" in each:
            gone = {"entered_at": each["closed_at"], "reason": "no_response", "came_from": "mql"}
            stays.append({"lead": lead, "stage": "recycled", **gone, **void})
        turn = {"lead": lead, "qualified_at": start, "team": "sdr"}
        owners.append({"lead": lead, "at": start, "owner": "ann"})
        legs.append({**turn, "leg": f"{lead}-1", "assigned_at": start, "owner": "ann"})
        if lead == "passed on":
            owners.append({"lead": lead, "at": "2026-10-07 14:00", "owner": "bob"})
            legs.append({**turn, "leg": "2", "number": 2, "assigned_at": "2026-10-07 14:00", "owner": "bob"})
    activities = [
        {"lead": lead, "at": at, "kind": kind, "by": by, "counts": by != "machine"}
        for lead, deeds in DEEDS.items()
        for at, kind, by in deeds
    ]
    leads = [{"lead": each["lead"], "created_at": each["qualified_at"]} for each in cycles()]
    raises = [{"lead": each["lead"], "at": each["qualified_at"], "source": each["source"]} for each in cycles()]
    return past_of(
        under, NOW, cycles=cycles(), stays=stays, owners=owners, legs=legs, activities=activities, leads=leads, raises=raises
    )  # fmt: skip


def under(**said: object) -> Agreement:
    return agreement(commitments={"tried": {"by": "vp_sales", "measure": MEASURE, **said}})


@pytest.fixture(scope="module")
def tried() -> Tried:
    (found,) = effort(past(under()), OCTOBER)
    return found


def test_an_exit_keeps_the_promise_by_what_its_owners_did_in_time(tried: Tried) -> None:
    # Those who had it counted alone: by others, by a machine, and before it was assigned do not.
    assert tried.kept == Share(2, 8)
    assert (tried.commitment, tried.reason) == ("tried", "no_response")
    assert tried.basis.n == 8
    assert tried.basis.left_out == {"test": 1}
    assert tried.basis.unusable == {"nobody knows the hours of its owner": 1}
    assert MEASURE in tried.basis.definition


def test_the_cut_by_owner_names_who_had_the_lead_last(tried: Tried) -> None:
    assert tried.by_owner == {"ann": Share(1, 7), "bob": Share(1, 1)}
    assert tried.by_source == {"demo_request": Share(2, 7), "webinar": Share(0, 1)}


def test_exits_are_counted_by_their_touches_until_they_were_given_up(tried: Tried) -> None:
    assert tried.touches == {0: 1, 1: 3, 2: 4}


def test_open_cycles_that_are_old_and_lack_effort_are_named_and_others_not(tried: Tried) -> None:
    assert tried.lingering == ("open",)


def test_what_history_cannot_tell_is_said_and_no_figure_given() -> None:
    (found,) = effort(past(under(where="employees >= 200")), OCTOBER)
    assert found.kept.value is None
    assert "employees" in found.basis.note


def test_only_promises_of_effort_before_a_reason_are_in_it() -> None:
    after = {"by": "vp_sales", "measure": "calls >= 1 within 1 day of assigned"}
    assert effort(past_of(agreement(commitments={"after": after}), NOW), OCTOBER) == ()
