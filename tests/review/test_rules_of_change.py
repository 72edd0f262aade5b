"""The rules about a change, each on a pair of files, and what takes them back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.load import load_agreement
from sla_sync.agreement.signatures import Signatures
from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.lint import RULES
from sla_sync.lint.remarks import Needs
from sla_sync.review.amendments import Difference, Matter, Revision
from sla_sync.review.consent import agreed_on, consent, needed
from sla_sync.review.difference import difference
from sla_sync.review.notice import notice
from sla_sync.review.outcome import Consent, Consented
from sla_sync.review.rules_of_change import EFFECTIVE, judge_change, judge_signatures
from tests.review.made import amendment, between
from tests.review.revisions import acme, change

CHANGES = Path(__file__).parents[1] / "invalid" / "changes"
BROKEN = sorted(CHANGES.glob("SLA*.yaml"))
TODAY = date(2026, 11, 2)


@cache
def read(path: Path) -> tuple[Revision, Source]:
    loaded = load_agreement(path, root=path.parent)
    assert loaded.value is not None, loaded.diagnostics
    return Revision(path.stem, loaded.value, {}, {}, meaning_digest(loaded.value, ())), loaded.source


def signed_by(found: Difference, *, but: str = "", on: date = TODAY) -> Consent:
    """Return the consent of everybody who is asked, but one."""
    asked = needed(found)
    return Consent(asked, tuple(Consented(each.role, on, "minutes/1.md") for each in asked if each.role != but))


def judged(found: Difference, given: Consent, today: date = TODAY) -> tuple[Diagnostic, ...]:
    coming = notice(found, signed_on=agreed_on(given, today=today))
    return judge_change(found, given, coming, today=today)


def codes(found: Difference, *, but: str = "", on: date = TODAY, today: date = TODAY) -> list[str]:
    return [each.code for each in judged(found, signed_by(found, but=but, on=on), today)]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_bad_change_gives_its_code_at_its_place_and_no_other(path: Path) -> None:
    code = path.stem[:6]
    what, place = path.read_text(encoding="utf-8").splitlines()[:2]
    (before, _), (after, source) = read(CHANGES / "before.yaml"), read(path)
    found = difference(before, after)
    given = signed_by(found, but="vp_marketing" if code == "SLA702" else "")
    (one,) = judged(found, given)
    at = source.locate(one.path)
    assert (one.code, one.severity) == (code, Severity.ERROR)
    assert what.startswith(f"# {code}: ")
    assert place == f"# at {at.line}:{at.column}"
    assert one.message.endswith(".")
    assert one.hint[:1].isupper()


def test_every_rule_about_a_change_has_a_bad_change() -> None:
    # SLA907 is about targets, and is judged where those are compared.
    about = {rule.code for rule in RULES if rule.needs is Needs.CHANGE} - {"SLA907"}
    assert about == {path.stem[:6] for path in BROKEN}


def test_what_is_agreed_compared_with_itself_breaks_no_rule() -> None:
    before, _ = read(CHANGES / "before.yaml")
    assert codes(difference(before, before)) == []


@pytest.mark.parametrize("path", [each for each in BROKEN if "SLA702" not in each.stem], ids=lambda path: path.stem)
def test_while_it_is_a_draft_a_change_is_told_what_will_be_asked_and_is_not_refused(path: Path) -> None:
    (before, _), (after, _) = read(CHANGES / "before.yaml"), read(path)
    metadata = after.agreement.metadata.model_copy(update={"status": "draft"})
    draft = replace(after, agreement=after.agreement.model_copy(update={"metadata": metadata}))
    found = difference(before, draft)
    assert {each.severity for each in judged(found, Consent(needed(found), ()))} == {Severity.INFORMATION}


LATER = ("from: 2026-10-01", "from: 2026-11-16")
LONGER = ("hot: 15 business minutes", "hot: 30 business minutes")


def test_a_change_that_is_signed_and_takes_force_after_its_notice_breaks_no_rule() -> None:
    assert codes(change(LONGER, LATER)) == []


def test_the_role_that_is_missing_is_named_with_the_sentence() -> None:
    found = change(LONGER, LATER)
    (one,) = judged(found, signed_by(found, but="vp_marketing"))
    assert "'vp_marketing'" in one.message
    assert found.amendments[0].sentence in one.message
    assert "sla-sync sign --role vp_marketing" in one.hint


def test_notice_counts_from_the_signatures_and_not_from_the_day_of_the_review() -> None:
    found = change(LONGER, LATER)
    assert codes(found, on=date(2026, 11, 2), today=date(2026, 11, 30)) == []
    assert codes(found, on=date(2026, 11, 9), today=date(2026, 11, 30)) == ["SLA706"]
    assert codes(found, on=date(2026, 11, 17), today=date(2026, 11, 30)) == ["SLA709"]


@pytest.mark.parametrize(("code", "path"), [("SLA706", "SLA706"), ("SLA709", "SLA709")])
def test_the_hint_names_the_first_day_and_that_day_is_enough(code: str, path: str) -> None:
    (before, _), (after, _) = read(CHANGES / "before.yaml"), read(CHANGES / f"{path}.yaml")
    found = difference(before, after)
    (one,) = judged(found, signed_by(found))
    said = re.search(r"from: (\d{4}-\d\d-\d\d)", one.hint)
    assert said is not None
    assert one.code == code
    for day, expected in ((date.fromisoformat(said[1]), []), (date.fromisoformat(said[1]) - timedelta(1), ["SLA706"])):
        start = after.agreement.metadata.effective.model_copy(update={"start": day})
        metadata = after.agreement.metadata.model_copy(update={"effective": start})
        moved = replace(after, agreement=after.agreement.model_copy(update={"metadata": metadata}))
        assert codes(difference(before, moved)) == expected


@pytest.mark.parametrize("matter", [Matter.ROUTING, Matter.FEEDBACK, Matter.GOVERNANCE])
def test_what_judges_nobody_may_not_be_retroactive_but_needs_notice(matter: Matter) -> None:
    place = ("routing",) if matter is Matter.ROUTING else ("feedback",)
    assert codes(between(acme(), acme(), amendment(matter, bound={"sales"}, place=place))) == ["SLA706"]


def test_a_mode_that_goes_down_judges_nothing_anew_but_needs_notice() -> None:
    changed = amendment(Matter.LOOSER_PROMISE, bound={"sales"}, place=("modes", "first-response"), binding="salesforce")
    assert codes(between(acme(), acme(), changed)) == ["SLA706"]


def test_what_is_technical_needs_neither_notice_nor_a_day() -> None:
    assert codes(between(acme(), acme(), amendment(Matter.TECHNICAL))) == []


def test_what_was_a_draft_until_now_needs_no_notice_and_has_closed_nothing() -> None:
    draft = acme(("status: agreed", "status: draft"))
    assert codes(difference(draft, acme(LONGER))) == []


def test_a_binding_that_comes_or_goes_as_a_whole_judges_anew_what_was_closed() -> None:
    bound, unbound = acme(), replace(acme(), bindings={})
    for found in (difference(bound, unbound), difference(unbound, bound)):
        assert {(each.code, each.path) for each in judged(found, signed_by(found))} == {("SLA709", EFFECTIVE)}


@pytest.mark.parametrize(("start", "found"), [("2026-11-02", []), ("2026-11-01", ["SLA709"])])
def test_without_an_agreed_notice_a_change_may_count_from_the_day_on_which_it_is_signed(
    start: str, found: list[str]
) -> None:
    silent = ("  notice: 10 business days                # no change takes force sooner\n", "")
    assert codes(difference(acme(silent), acme(silent, LONGER, ("from: 2026-10-01", f"from: {start}")))) == found


GOAL = ("  target: 1500000", "  target: 1800000")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ((GOAL,), True),
        ((GOAL, ("target: 110 per month", "target: 130 per month")), False),
        ((("average_deal: 40000", "average_deal: 30000"),), True),
        ((("statement: Win 1.5 million dollars", "statement: Sign 1.5 million dollars"),), False),
    ],
)
def test_a_goal_that_changes_must_change_a_volume(changes: tuple[tuple[str, str], ...], found: bool) -> None:
    assert ("SLA607" in codes(change(*changes, LATER))) is found


def amended(found: Difference, *needs: str, since: str | None = None) -> Signatures:
    step = {
        "since": since or found.before.digest,
        "digest": found.after.digest,
        "needs": list(needs),
        "on": "2026-11-02",
    }
    return Signatures.model_validate(
        {"apiVersion": "sla-sync/v1", "kind": "Signatures", "agreement": "acme-inbound", "amended": [step]}
    )


def test_an_amendment_that_leaves_out_whom_the_change_concerns_is_found_out() -> None:
    found = change(LONGER, LATER)
    forged = amended(found, "revops")
    (one,) = judge_signatures(found, consent(found, forged), forged)
    assert (one.code, one.path) == ("SLA702", ("amended", 0, "needs"))
    assert "'vp_marketing'" in one.message
    honest = amended(found, "vp_marketing", "revops")
    assert judge_signatures(found, consent(found, honest), honest) == ()


@pytest.mark.parametrize("since", [None, "3" * 64])
def test_no_forged_amendment_stands_for_a_signature_that_is_needed(since: str | None) -> None:
    found = change(LONGER, LATER)
    forged = amended(found, "vp_sales", since=since)
    old = {"digest": since or found.before.digest, "version": "1", "on": "2026-10-01", "evidence": "minutes/1.md"}
    signed = [{"role": role, **old} for role in ("vp_marketing", "vp_sales", "president")]
    whole = Signatures.model_validate({**forged.model_dump(mode="json"), "signed": signed})
    assert consent(found, whole).missing == ("vp_marketing",)
