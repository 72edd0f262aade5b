"""Whose consent a change needs: the matrix on agreements with parties of every name, and what signatures give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sla_sync.agreement.signatures import Signatures
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Difference, Matter, Renaming, Revision
from sla_sync.review.consent import MATRIX, agreed_on, consent, needed, not_signed, roles_for
from sla_sync.review.voices import parties_that_promise, required_roles, voices
from tests.agreement.documents import CONFIGS
from tests.review.made import amendment, between
from tests.review.revisions import acme, revision

AGENCY = CONFIGS / "examples" / "agency"
FIRST = CONFIGS / "examples" / "first"
STARTUP = CONFIGS / "examples" / "startup"
ONE, OTHER = "1" * 64, "2" * 64

SALES, MARKETING = {"sales"}, {"marketing"}
EVERYBODY = {"president", "vp_marketing", "vp_sales"}
ON_ACME: list[tuple[Matter, dict[str, Any], set[str]]] = [
    (Matter.STRICTER_ENTRY, {"bound": MARKETING}, {"vp_marketing"}),
    (Matter.LOOSER_ENTRY, {"bound": MARKETING}, {"vp_sales"}),
    (Matter.UNCLEAR_ENTRY, {"bound": MARKETING}, {"vp_marketing", "vp_sales"}),
    (Matter.TIGHTER_PROMISE, {"bound": SALES}, {"vp_sales"}),
    (Matter.LOOSER_PROMISE, {"bound": SALES}, {"vp_marketing"}),
    (Matter.LOOSER_PROMISE, {"bound": MARKETING, "owed": SALES}, {"vp_sales"}),
    (Matter.UNCLEAR_PROMISE, {"bound": SALES}, {"vp_marketing", "vp_sales"}),
    (Matter.PLAN_GAP, {"bound": MARKETING}, {"vp_sales", "president"}),
    (Matter.GOAL, {}, EVERYBODY),
    (Matter.FEEDBACK, {"readers": {"vp_marketing"}}, {"vp_marketing"}),
    (Matter.FEEDBACK, {"readers": {"sdr_manager"}}, {"vp_sales"}),
    (Matter.ROUTING, {"bound": SALES}, {"vp_sales"}),
    (Matter.MEASUREMENT, {}, {"vp_marketing", "vp_sales"}),
    (Matter.GOVERNANCE, {}, EVERYBODY),
    (Matter.TECHNICAL, {}, {"revops"}),
]
AGENCYS = {"agency"}
ON_AGENCY: list[tuple[Matter, dict[str, Any], set[str]]] = [
    (Matter.TIGHTER_PROMISE, {"bound": AGENCYS, "place": ("teams", "callers")}, {"agency_director"}),
    (Matter.LOOSER_PROMISE, {"bound": AGENCYS, "owed": {"client_sales"}, "place": ("teams", "x")}, {"client_sales"}),
    (Matter.LOOSER_PROMISE, {"bound": AGENCYS, "owed": {"client_sales"}}, {"client_sales", "client_director", "agency_director"}),
    (Matter.TECHNICAL, {"place": ("metadata", "title")}, {"auditor"}),
]  # fmt: skip


def roles(found: Revision, matter: Matter, said: dict[str, Any]) -> set[str]:
    return set(roles_for(amendment(matter, **said), found.agreement, found.agreement))


@pytest.mark.parametrize(("matter", "said", "expected"), ON_ACME)
def test_each_sort_of_change_asks_whom_the_matrix_names(
    matter: Matter, said: dict[str, Any], expected: set[str]
) -> None:
    assert roles(acme(), matter, said) == expected


def test_the_table_above_has_every_row_of_the_matrix() -> None:
    assert {matter for matter, _, _ in ON_ACME} == MATRIX.keys() == set(Matter)


@pytest.mark.parametrize(("matter", "said", "expected"), ON_AGENCY)
def test_parties_may_bear_any_name_and_sections_have_owners(
    matter: Matter, said: dict[str, Any], expected: set[str]
) -> None:
    assert roles(revision(folder=AGENCY, holidays={}), matter, said) == expected


def test_who_is_owed_a_promise_is_everybody_else_who_promises_where_nobody_is_named() -> None:
    found = revision(folder=AGENCY).agreement
    others = parties_that_promise(found) - AGENCYS
    assert others
    loosened = roles_for(amendment(Matter.LOOSER_PROMISE, bound=AGENCYS, place=("teams", "x")), found, found)
    assert loosened == frozenset().union(*(voices(found, party) for party in others))


def test_without_required_roles_the_top_of_each_party_that_promises_must_sign() -> None:
    assert required_roles(revision(folder=FIRST).agreement) == {"vp_marketing", "vp_sales"}


def test_a_party_without_a_required_role_speaks_through_its_topmost() -> None:
    assert voices(revision(folder=STARTUP).agreement, "marketing") == {"marketing_lead"}


@pytest.mark.parametrize("matter", [Matter.TECHNICAL, Matter.PLAN_GAP])
def test_without_a_steward_or_sponsor_all_required_are_asked(matter: Matter) -> None:
    said = {"bound": MARKETING} if matter is Matter.PLAN_GAP else {}
    assert roles(revision(folder=FIRST), matter, said) == {"vp_marketing", "vp_sales"}


def test_nobody_is_ever_asked_about_nothing() -> None:
    for matter in Matter:
        assert roles(revision(folder=FIRST), matter, {})


REQUIRED = "required: [vp_marketing, vp_sales, president]"


def test_nobody_can_write_themselves_or_others_out_of_what_they_must_consent_to() -> None:
    before, after = acme(), acme((REQUIRED, "required: [vp_marketing]"))
    for one, two in ((before, after), (after, before)):
        asked = roles_for(amendment(Matter.GOVERNANCE, place=("approval", "required")), one.agreement, two.agreement)
        assert asked == EVERYBODY


def test_a_role_that_takes_over_a_side_does_not_consent_to_its_own_coming() -> None:
    before = acme()
    after = acme(("vp_sales:     {party: sales}", "cro: {party: sales}"), ("vp_sales", "cro"))
    asked = roles_for(amendment(Matter.TIGHTER_PROMISE, bound=SALES), before.agreement, after.agreement)
    assert asked == {"vp_sales"}


def difference(*said: tuple[Matter, KeyPath], after: Revision | None = None) -> Difference:
    new = after or replace(acme(), digest=OTHER)
    return between(
        replace(acme(), digest=ONE), new, *(amendment(matter, bound=SALES, place=place) for matter, place in said)
    )


PROMISE = ("commitments", "first-response", "within")
START = ("metadata", "effective", "from")


def asked(found: Difference) -> dict[str, int]:
    return {each.role: len(each.amendments) for each in needed(found)}


def test_every_role_is_asked_once_with_all_that_it_is_asked_about_in_the_order_of_the_agreement() -> None:
    found = difference((Matter.UNCLEAR_PROMISE, PROMISE), (Matter.TIGHTER_PROMISE, PROMISE), (Matter.GOAL, ("goal",)))
    assert asked(found) == {"president": 1, "vp_marketing": 2, "vp_sales": 3}
    assert list(asked(found)) == ["president", "vp_marketing", "vp_sales"]


def test_the_day_on_which_a_change_takes_force_asks_nobody_besides() -> None:
    assert asked(difference((Matter.GOVERNANCE, START), (Matter.TIGHTER_PROMISE, PROMISE))) == {"vp_sales": 1}


@pytest.mark.parametrize("others", [(), ((Matter.TECHNICAL, ("metadata", "title")),)])
def test_a_new_period_alone_asks_everybody(others: tuple[tuple[Matter, KeyPath], ...]) -> None:
    assert asked(difference((Matter.GOVERNANCE, START), *others)).keys() >= EVERYBODY


def test_an_end_that_comes_sooner_is_no_mere_date() -> None:
    end = ("metadata", "effective", "until")
    assert asked(difference((Matter.GOVERNANCE, end), (Matter.TIGHTER_PROMISE, PROMISE))).keys() == EVERYBODY


@pytest.mark.parametrize(
    ("binding", "place", "signs"),
    [
        (None, ("metadata", "status"), False),
        (None, ("accepted", 0), False),
        (None, ("metadata", "title"), True),
        ("salesforce", ("prefix",), False),
        ("salesforce", ("fields", "email", "field"), False),
        ("salesforce", ("fields", "email", "writer"), True),
        ("salesforce", ("modes", "follow-up"), True),
        ("salesforce", ("stages", "mql"), True),
    ],
)
def test_what_no_signature_covers_asks_nobody_to_sign(binding: str | None, place: KeyPath, signs: bool) -> None:
    changed = amendment(Matter.TECHNICAL, place=place, binding=binding)
    assert bool(needed(between(acme(), replace(acme(), digest=OTHER), changed))) is signs


def test_a_renamed_word_asks_the_steward() -> None:
    renamed = replace(amendment(Matter.TECHNICAL), edits=(), renaming=Renaming("stages", "mql", "ready"))
    assert [each.role for each in needed(between(acme(), acme(), renamed))] == ["revops"]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_all_required_sign_what_was_a_draft_or_retired_until_now(status: str) -> None:
    before = acme(("status: agreed", f"status: {status}"))
    assert {each.role for each in needed(between(before, acme()))} == EVERYBODY


def signatures(*signed: tuple[str, str, int], agreement: str = "acme-inbound") -> Signatures:
    """Return signatures from role, digest and day of November."""
    entries = [
        {"role": role, "digest": digest, "version": "1", "on": f"2026-11-{day:02}", "evidence": "https://a.example"}
        for role, digest, day in signed
    ]
    said = {"apiVersion": "sla-sync/v1", "kind": "Signatures", "agreement": agreement, "signed": entries}
    return Signatures.model_validate(said)


CHANGED = difference((Matter.UNCLEAR_PROMISE, PROMISE))


@pytest.mark.parametrize(
    ("signed", "missing"),
    [
        (None, ("vp_marketing", "vp_sales")),
        (signatures(("vp_sales", OTHER, 2)), ("vp_marketing",)),
        (signatures(("vp_sales", ONE, 2)), ("vp_marketing", "vp_sales")),
        (signatures(("vp_sales", OTHER, 2), ("vp_marketing", OTHER, 4)), ()),
        (signatures(("vp_sales", OTHER, 2), agreement="another"), ("vp_marketing", "vp_sales")),
    ],
)
def test_consent_is_given_by_a_signature_under_exactly_the_new_meaning(
    signed: Signatures | None, missing: tuple[str, ...]
) -> None:
    assert consent(CHANGED, signed).missing == missing


def test_notice_counts_from_the_last_signature_that_was_needed() -> None:
    today = date(2026, 11, 20)
    both = signatures(("vp_sales", OTHER, 2), ("vp_marketing", OTHER, 4), ("president", OTHER, 9))
    assert agreed_on(consent(CHANGED, both), today=today) == date(2026, 11, 4)
    assert agreed_on(consent(CHANGED, signatures(("vp_sales", OTHER, 2))), today=today) == today


def test_what_is_agreed_needs_all_required_and_whom_its_amendment_asks() -> None:
    agreement = acme().agreement
    everybody = signatures(("vp_sales", ONE, 2), ("vp_marketing", ONE, 2), ("president", ONE, 2))
    step = {"since": ONE, "digest": OTHER, "needs": ["vp_sales", "revops"], "on": "2026-11-03"}
    amended = Signatures.model_validate({**everybody.model_dump(mode="json"), "amended": [step]})
    assert not_signed(agreement, None, ONE) == ("vp_marketing", "vp_sales", "president")
    assert not_signed(agreement, everybody, ONE) == ()
    assert not_signed(agreement, everybody, OTHER) == ("vp_marketing", "vp_sales", "president")
    assert not_signed(agreement, amended, OTHER) == ("vp_sales", "revops")
