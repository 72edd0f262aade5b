"""Guards refuse by kind and by size, and each refusal has one named release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sla_sync.conventions import mark_line
from sla_sync.diagnostics import Severity, errors_in
from sla_sync.reconcile.guard import adoption_of_all, guard
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Action, Address, Desired, Live, Snapshot, Translation
from sla_sync.testing.memory import TYPES

MARK = mark_line("acme-inbound")


def field(name: str, **values: object) -> Desired:
    return Desired(Address("Field", name), {"type": "text", "description": MARK, **values})  # type: ignore[dict-item]


def plan_of(desired: tuple[Desired, ...], live: tuple[Live, ...], *, delete_removed: bool = False) -> Plan:
    return make_plan(
        Translation(desired),
        Snapshot({each.address: each for each in live}),
        TYPES,
        target="production-org",
        agreement="acme-inbound",
        agreement_digest="d",
        delete_removed=delete_removed,
    )


def sole_plan(*there: Live) -> Plan:
    return make_plan(
        Translation((field("due", active=True),)),
        Snapshot({each.address: each for each in there}),
        {**TYPES, "Field": replace(TYPES["Field"], sole="active")},
        target="production-org",
        agreement="acme-inbound",
        agreement_digest="d",
    )


def live(name: str, *, managed: bool = True, **values: object) -> Live:
    return Live(Address("Field", name), {"type": "text", "description": MARK, **values}, managed=managed)  # type: ignore[dict-item]


def test_taking_over_what_is_not_ours_is_refused_until_it_is_named() -> None:
    plan = plan_of((field("due"),), (live("due", managed=False),))
    (found,) = errors_in(guard(plan))
    assert found.code == "SLA820"
    assert "adopt:Field/due" in found.hint
    assert guard(plan, acknowledged=["adopt:Field/due"]) == ()


def test_all_that_exist_are_taken_over_by_one_acknowledgement_of_their_number_and_names() -> None:
    desired = tuple(map(field, ("due", "owner", "reason")))
    plan = plan_of(desired[:2], (live("due", managed=False), live("owner", managed=False)))
    everything = adoption_of_all(plan)
    assert everything is not None
    assert everything.startswith("adopt-all:2-")
    assert all(f"--ack {everything}" in each.hint for each in errors_in(guard(plan)))
    assert guard(plan, acknowledged=[everything]) == ()
    more = plan_of(desired, tuple(live(each, managed=False) for each in ("due", "owner", "reason")))
    assert len(errors_in(guard(more, acknowledged=[everything]))) == 3
    other = plan_of(desired[1:], (live("owner", managed=False), live("reason", managed=False)))
    assert len(errors_in(guard(other, acknowledged=[everything]))) == 2


def test_the_acknowledgement_of_all_that_exist_deletes_nothing() -> None:
    plan = plan_of((field("due"), field("owner")), tuple(live(each, managed=False) for each in ("due", "owner")))
    deleting = replace(plan_of((), (live("reason"),), delete_removed=True).changes[0], ack="delete:Field/reason")
    both = replace(plan, changes=(*plan.changes, deleting))
    (refused,) = errors_in(guard(both, acknowledged=[adoption_of_all(both) or ""]))
    assert "delete:Field/reason" in refused.hint


def test_deleting_what_holds_data_is_refused_until_it_is_named() -> None:
    plan = plan_of((), (live("due"),), delete_removed=True)
    assert [change.action for change in plan.changes] == [Action.DELETE]
    (found,) = errors_in(guard(plan))
    assert "delete:Field/due" in found.hint
    assert guard(plan, acknowledged=["delete:Field/due"]) == ()


def test_switching_off_what_is_not_ours_is_refused_until_it_is_named() -> None:
    plan = sole_plan(live("theirs", managed=False, active=True), live("idle", managed=False, active=False))
    assert plan.changes[0].acknowledgements == ("switch-off:Field/theirs",)
    (found,) = errors_in(guard(plan))
    assert "Field/theirs is switched on" in found.message
    assert guard(plan, acknowledged=["switch-off:Field/theirs"]) == ()
    adopting = sole_plan(live("theirs", managed=False, active=True), live("due", managed=False, active=False))
    assert len(errors_in(guard(adopting))) == 2
    assert len(errors_in(guard(adopting, acknowledged=["adopt:Field/due"]))) == 1
    assert guard(adopting, acknowledged=["adopt:Field/due", "switch-off:Field/theirs"]) == ()


def test_switching_on_where_nothing_else_is_on_needs_no_acknowledgement() -> None:
    assert guard(sole_plan(live("idle", managed=False, active=False))) == ()


def test_an_acknowledgement_of_one_thing_releases_no_other() -> None:
    plan = plan_of((field("due"), field("note")), (live("due", managed=False), live("note", managed=False)))
    found = guard(plan, acknowledged=["adopt:Field/due"])
    assert [each.code for each in errors_in(found)] == ["SLA820"]
    assert "Field/note" in errors_in(found)[0].message


def test_an_acknowledgement_that_releases_nothing_is_told() -> None:
    (found,) = guard(plan_of((field("due"),), ()), acknowledged=["adopt:Field/dew"])
    assert found.code == "SLA822"
    assert "adopt:Field/dew" in found.message


@pytest.mark.parametrize(("altered", "refused"), [(5, False), (6, True)])
def test_altering_more_than_half_of_ten_settings_needs_the_number(altered: int, refused: bool) -> None:
    desired = tuple(field(f"f{number}", length=number) for number in range(10))
    there = tuple(live(f"f{number}", length=number + (number < altered) * 100) for number in range(10))
    plan = plan_of(desired, there)
    found = errors_in(guard(plan))
    assert [each.code for each in found] == (["SLA821"] if refused else [])
    assert errors_in(guard(plan, acknowledged=[f"bulk:{altered}"])) == ()
    assert bool(errors_in(guard(plan, acknowledged=["bulk:1"]))) is refused


def test_few_settings_are_no_population() -> None:
    assert guard(plan_of((field("due", length=1),), (live("due", length=2),))) == ()


def test_an_agreement_that_has_ended_is_applied_to_nothing() -> None:
    (found,) = guard(plan_of((field("due"),), ()), expired=date(2026, 12, 31))
    assert (found.code, found.severity) == ("SLA111", Severity.ERROR)
    assert "2026-12-31" in found.message


def test_a_type_that_the_platform_cannot_change_is_an_error_of_the_plan() -> None:
    plan = plan_of((field("due"),), (live("due", type="date"),))
    assert [each.code for each in errors_in(plan.diagnostics)] == ["SLA812"]
    assert plan.refused
