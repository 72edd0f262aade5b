"""What leads had when they entered a stage, by hand-made facts; the example needs email, company, country and source."""

from __future__ import annotations

from datetime import date

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.shares import Share
from sla_sync.measures.completeness import Complete, completeness, needs_of
from tests.measures.pasts import acme, past_of
from tests.semantics.leads import agreement

Row = dict[str, object]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
ENTERED = "2026-10-05 14:00"


def entered(lead: str, at: str = ENTERED, **said: object) -> Row:
    return {"lead": lead, "stage": "mql", "entered_at": at, **said}


def facts(lead: str, at: str = "2026-10-01 10:00", **values: str | None) -> list[Row]:
    return [{"lead": lead, "at": at, "field": field, "value": value} for field, value in values.items()]


def cycle(lead: str, source: str) -> Row:
    return {"lead": lead, "qualified_at": ENTERED, "source": source}


def of_mql(
    stays: list[Row], told: list[Row], cycles: list[Row] | None = None, under: Agreement | None = None
) -> Complete:
    past = past_of(under or acme(), "2026-12-01 00:00", stays=stays, facts=told, cycles=cycles or [])
    return next(each for each in completeness(past, OCTOBER) if each.stage == "mql")


def test_who_had_all_that_the_stage_needs_is_complete_and_each_field_is_told() -> None:
    found = of_mql(
        [
            entered("L1", left_at="2026-10-06 14:00"),
            entered("L1", "2026-10-07 14:00"),  # In the same cycle: it entered once.
            entered("L2"),
            entered("L3", "2026-11-05 14:00"),
            entered("L4", void="test"),
        ],
        [*facts("L1", email="known", company="known", country="DE"), *facts("L2", email="known", country="FR")],
        [cycle("L1", "webinar"), cycle("L2", "content")],
    )
    assert found.whole == Share(1, 2)
    assert found.by_field == {
        "email": Share(2, 2), "company": Share(1, 2), "country": Share(2, 2), "source": Share(2, 2),
    }  # fmt: skip
    assert found.by_source == {"webinar": Share(1, 1), "content": Share(0, 1)}
    assert (found.unknown, found.basis.n, found.basis.left_out) == ((), 2, {"test": 1})


def test_what_was_filled_in_later_or_emptied_before_does_not_count() -> None:
    found = of_mql(
        [entered("L1"), entered("L2"), entered("L3")],
        [
            *facts("L1", country="DE"),
            *facts("L2", "2026-10-05 14:01", country="DE"),
            *facts("L3", country="DE"),
            *facts("L3", "2026-10-05 13:59", country=None),
        ],
    )
    assert found.by_field["country"] == Share(1, 3)


def test_what_history_does_not_know_is_named_and_nobody_is_judged_by_it() -> None:
    found = of_mql([entered("L1")], facts("L1", country="DE"), [cycle("L1", "webinar")])
    assert found.unknown == ("email", "company")
    assert found.whole == Share(1, 1)
    assert "does not know email, company" in found.basis.definition


def test_a_value_that_is_not_valid_is_none() -> None:
    under = agreement(quality={"valid": {"email": "email contains @"}, "needs": {"mql": ["phone"]}})
    told = [
        *facts("L1", email="a@b.example", phone="1"),
        *facts("L2", email="none", phone="2"),
        *facts("L3", phone="3"),
    ]
    found = of_mql([entered("L1"), entered("L2"), entered("L3")], told, under=under)
    assert found.by_field == {"email": Share(1, 3), "phone": Share(3, 3)}
    assert found.whole == Share(1, 3)


def test_what_a_stage_needs_is_said_by_the_stage_and_by_quality_each_once() -> None:
    assert needs_of(acme(), "mql") == ("email", "company", "country", "source")
    assert needs_of(acme(), "sal") == ()
    under = agreement(quality={"needs": {"mql": ["phone", "email"]}})
    assert needs_of(under, "mql") == ("email", "phone")
