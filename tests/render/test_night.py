"""A whole night and the nights before it, as text, Markdown and JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sla_sync.audits.kept import Episode, KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.trend import Trend
from sla_sync.render.night import (
    summary_as_markdown,
    summary_as_text,
    trends_as_json,
    trends_as_markdown,
    trends_as_text,
)

NIGHT = datetime(2026, 11, 4, 3, 10, tzinfo=UTC)
EVIL = KeptFinding("D-1", "breach", "changed", "Flow/a", "Flow \x1b[31m| <b>a</b>")
LOW = KeptFinding("D-2", "cosmetic", "changed", "Flow/b", "Flow b", accepted=True)


def audit(target: str, verdict: Verdict, *findings: KeptFinding, because: str = "", pending: int = 0) -> KeptAudit:
    return KeptAudit(Subject("acme", target), NIGHT, verdict, findings, 140, pending, 2, because)


AUDITS = (
    audit("fine", Verdict.IN_SYNC),
    audit("waits", Verdict.NO_DRIFT, LOW, pending=3),
    audit("low", Verdict.DRIFTED, KeptFinding("D-3", "cosmetic", "changed", "Flow/c", "Flow c")),
    audit("high", Verdict.DRIFTED, EVIL, LOW),
    audit("away", Verdict.NOT_AUDITED, because="The host did not answer."),
)


def test_the_worst_comes_first_and_each_target_has_one_line() -> None:
    assert summary_as_text(AUDITS).splitlines() == [
        "5 targets: 1 not audited, 2 drifted, 1 no drift, 1 in sync.",
        "",
        "NOT AUDITED  acme · away: The host did not answer.",
        "DRIFTED  acme · high: 1 finding (1 HIGH), 140 settings match, 1 accepted, 2 could not be checked.",
        "DRIFTED  acme · low: 1 finding (1 LOW), 140 settings match, 2 could not be checked.",
        "no drift  acme · waits: 140 settings match, 3 not applied yet, 1 accepted, 2 could not be checked.",
        "in sync  acme · fine: 140 settings match, 2 could not be checked.",
    ]
    table = summary_as_markdown(AUDITS).splitlines()
    assert table[4] == "| not audited | acme · away | The host did not answer. |"
    assert len(table) == 4 + len(AUDITS)


def trend() -> Trend:
    nights = [
        (Verdict.NO_DRIFT, ()),
        (Verdict.DRIFTED, (EVIL,)),
        (Verdict.DRIFTED, (EVIL,) * 12),
        (Verdict.NOT_AUDITED, ()),
    ]
    audits = [
        KeptAudit(Subject("acme", "live"), NIGHT + timedelta(days=number), verdict, found)
        for number, (verdict, found) in enumerate(nights)
    ]
    days = [timedelta(minutes=30), timedelta(hours=5), timedelta(days=3), *[timedelta(days=9)] * 4]
    still = [
        Episode(Subject("acme", "live"), EVIL, NIGHT + timedelta(days=10) - each, NIGHT, None)
        for each in sorted(days, reverse=True)
    ]
    return Trend(Subject("acme", "live"), tuple(audits), tuple(still), 2, timedelta(hours=20))


def test_a_trend_has_a_mark_for_each_night_and_names_what_is_open_longest() -> None:
    text = trends_as_text([trend()], NIGHT + timedelta(days=10))
    assert "acme · live\n  ·1+?  4 audits, 2026-11-04 to 2026-11-07\n" in text
    assert "Repaired: 2 findings, after 20 hours on average." in text
    assert text.count("Open 9 days: HIGH") == 4
    assert "Open 3 days" in text
    assert text.endswith("… and 2 more.")
    assert "\x1b" not in text
    assert trends_as_text([], NIGHT) == "No audit was kept in this time."


def test_a_trend_in_markdown_is_one_row_that_foreign_text_cannot_break() -> None:
    *_, row = trends_as_markdown([trend()], NIGHT + timedelta(days=10)).splitlines()
    assert "<b>" not in row
    assert row.count("|") - row.count("\\|") == 5


def test_a_trend_in_json_has_every_audit_and_what_is_open() -> None:
    (target,) = json.loads(trends_as_json([trend()]))["targets"]
    assert [each["findings"] for each in target["audits"]] == [0, 1, 12, 0]
    assert target["mean_seconds_to_repair"] == 72_000
    assert len(target["open"]) == 7
    assert target["open"][0]["id"] == "D-1"
