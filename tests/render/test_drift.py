"""A night's drift reads like a message: what is at risk first, then who did what, then what was accepted or not checked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sla_sync.reconcile.drift import Accepted, Drift, DriftClass, Finding, Harm, Stake, Trace, Unverifiable
from sla_sync.reconcile.settings import Address, Consequence
from sla_sync.render.drift import drift_as_json, drift_as_markdown, drift_as_text, headline

NOW = datetime(2026, 11, 4, 8, 10, tzinfo=UTC)
RESPONSE = Stake("first-response", "A rep touches hot leads within 15 business minutes.")
FLOW = Finding(
    DriftClass.DISABLED,
    Consequence.BREACH,
    Address("Flow", "SLA_Lead_Deadline"),
    ("status",),
    "Active",
    "Active",
    "Draft",
    "Dana Ruiz",
    datetime(2026, 11, 3, 23, 42, tzinfo=UTC),
    ("commitments", "first-response"),
    target="production",
    trace=Trace.TOLD,
    stakes=(RESPONSE,),
    harm=Harm("23 leads without due time, 4 hot.", 23, 23, ("00Q1", "00Q2")),
)
HELP = replace(
    FLOW,
    drift=DriftClass.CHANGED,
    consequence=Consequence.COSMETIC,
    address=Address("CustomField", "Lead.SLA_Due_At__c"),
    path=("inlineHelpText",),
    agreed="Due.",
    live="Ask.",
    who=None,
    when=None,
    trace=Trace.NOT_FOUND,
    harm=None,
)
PENDING = replace(HELP, drift=DriftClass.PENDING, consequence=Consequence.BREACH, path=("length",), agreed=2, live=1)
NIGHT = Drift(
    "production",
    (FLOW, HELP, PENDING),
    140,
    (
        Unverifiable(
            "manual step mappings", "connector mappings", manual=True, vouched="revops vouches for it until 2026-11-30"
        ),
    ),
    (Accepted(replace(HELP, path=("label",)), "Renamed on purpose.", date(2026, 12, 31), "vp_sales"),),
    "acme-inbound",
    "America/New_York",
    NOW,
    NOW + timedelta(hours=6, minutes=5),
)


VERDICT = (
    "production: 2 differences from what was agreed; 1 change of the agreement not applied yet; "
    "1 difference accepted for a while. 140 settings match, 1 could not be checked."
)


def test_a_night_reads_like_a_message() -> None:
    assert (
        drift_as_text(NIGHT)
        == f"""\
🔴 acme-inbound · production · Wed 4 Nov 03:10 EST
{VERDICT}
AT RISK: «A rep touches hot leads within 15 business minutes.»
Fix before 09:15, when the next lead falls due.

HIGH disabled: Flow/SLA_Lead_Deadline status  [{FLOW.id}]
  Agreed: «Active»
  Live:   «Draft»
  Who: Dana Ruiz, Tue 3 Nov 18:42
  Harm: 23 leads without due time, 4 hot.
  Promise: first-response
  Agreed in: commitments.first-response
  Do: restore · accept until · adopt

LOW changed: CustomField/Lead.SLA_Due_At__c inlineHelpText  [{HELP.id}]
  Agreed: «Due.»
  Live:   «Ask.»
  No trace of who: the platform's audit trail has nothing about it.
  Agreed in: commitments.first-response
  Do: restore · accept until · adopt

restore: sla-sync plan --target production --only ID, then apply the same
accept until: sla-sync accept ID --target production --because TEXT --until DATE
adopt: sla-sync adopt ID --target production

Agreed and not applied yet:
  CustomField/Lead.SLA_Due_At__c length: 1 → 2

Accepted for a while:
  {NIGHT.accepted[0].finding.id} changed: CustomField/Lead.SLA_Due_At__c label, until 2026-12-31 by vp_sales: Renamed on purpose.

Could not check:
  ? manual step mappings: connector mappings (revops vouches for it until 2026-11-30)"""
    )


@pytest.mark.parametrize(
    ("changes", "lamp"),
    [
        ({}, "🔴"),
        ({"findings": (replace(FLOW, consequence=Consequence.WEAKENING),)}, "🟠"),
        ({"findings": (HELP,)}, "🟡"),
        ({"findings": (PENDING,)}, "⚪"),
        ({"findings": ()}, "⚪"),
        ({"findings": (), "accepted": ()}, "⚪"),
        ({"findings": (), "accepted": (), "unverifiable": ()}, "🟢"),
    ],
)
def test_the_lamp_shows_the_gravest_finding_and_is_green_only_in_sync(changes: dict[str, object], lamp: str) -> None:
    found = replace(NIGHT, **changes)  # type: ignore[arg-type]
    assert drift_as_text(found).startswith(lamp)
    assert ("in sync" in headline(found)) is (lamp == "🟢") is found.in_sync


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW + timedelta(minutes=5), "Fix before 03:15, when"),
        (NOW + timedelta(days=1), "Fix before Thu 5 Nov 03:10 EST, when"),
        (NOW - timedelta(minutes=1), "Fix now: a lead is due already."),
    ],
)
def test_how_long_there_is_stands_at_the_top(due: datetime, said: str) -> None:
    assert said in drift_as_text(replace(NIGHT, first_due=due))
    quiet = replace(NIGHT, first_due=due, findings=(HELP,))
    assert "Fix" not in drift_as_text(quiet)
    assert "AT RISK" not in drift_as_text(quiet)


@pytest.mark.parametrize("drift", DriftClass)
def test_every_class_says_what_to_do_or_waits_to_be_applied(drift: DriftClass) -> None:
    text = drift_as_text(replace(NIGHT, findings=(replace(FLOW, drift=drift, what="It", sentence="It is so."),)))
    assert ("  Do: " in text) is (drift is not DriftClass.PENDING)
    assert ("Agreed and not applied yet:" in text) is (drift is DriftClass.PENDING)


def test_what_platforms_and_people_write_can_neither_forge_a_line_nor_steer_a_terminal_or_a_table() -> None:
    bad = "x\n🟢 in sync\x1b[2J|<b>\r`"
    finding = replace(
        FLOW, who=bad, live=bad, what=bad, sentence=bad, harm=Harm(bad, 1, 1), note=bad, stakes=(Stake("a", bad),),
        address=Address("Flow", bad),
    )  # fmt: skip
    found = replace(
        NIGHT,
        findings=(finding, replace(finding, drift=DriftClass.SHADOWED), replace(finding, drift=DriftClass.PENDING)),
        unverifiable=(Unverifiable(bad, bad, vouched=bad),),
        accepted=(Accepted(finding, bad, date(2026, 12, 31), None),),
        title=bad,
        notes=(bad,),
    )
    for text in (drift_as_text(found), drift_as_markdown(found)):
        assert "\x1b" not in text
        assert "\r" not in text
        assert not [line for line in text.splitlines() if line.startswith("🟢")]
    assert all("<b>" not in line for line in drift_as_markdown(found).splitlines())
    rows = [line for line in drift_as_markdown(found).splitlines() if line.startswith("| HIGH")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8}


def test_the_json_says_all_that_the_text_says() -> None:
    said = json.loads(drift_as_json(NIGHT))
    assert said["format_version"] == 1
    assert said["first_due"] == "2026-11-04T14:15:00+00:00"
    assert [each["commitment"] for each in said["at_risk"]] == ["first-response"]
    first = said["findings"][0]
    assert first["id"] == FLOW.id
    assert first["harm"] == {
        "sentence": "23 leads without due time, 4 hot.", "passed": 23, "lacking": 23, "records": ["00Q1", "00Q2"],
    }  # fmt: skip
    assert first["promises"][0]["sentence"] == RESPONSE.sentence
    assert [each["trace"] for each in said["findings"][:2]] == ["told", "no trace"]
    (accepted,) = said["accepted"]
    assert (accepted["because"], accepted["until"], accepted["by"]) == ("Renamed on purpose.", "2026-12-31", "vp_sales")
    assert said["unverifiable"][0]["vouched"] == "revops vouches for it until 2026-11-30"


def test_of_many_pending_changes_ten_are_shown_and_the_rest_counted() -> None:
    many = tuple(replace(PENDING, path=(f"p{number}",)) for number in range(25))
    text = drift_as_text(replace(NIGHT, findings=many))
    assert text.count("length") + sum(f" p{number}:" in text for number in range(25)) == 10
    assert "… and 15 more; `sla-sync plan --target production` shows all of them" in text
