"""A night's drift as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import spell
from sla_sync.reconcile.drift import Accepted, Drift, Finding, Stake, Unverifiable
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.settings import Consequence
from sla_sync.render.diagnostics import escape
from sla_sync.render.drift_lines import (
    ACCEPT,
    ADOPT,
    RESTORE,
    WEIGHT,
    finding_as_lines,
    instant,
    one_line,
    pending_as_line,
)
from sla_sync.render.words import count, spell_value, visible

_LAMPS = {Consequence.BREACH: "🔴", Consequence.WEAKENING: "🟠", Consequence.COSMETIC: "🟡"}
_IN_SYNC, _NOT_SURE = "🟢", "⚪"
_PROMISES_SHOWN = 3
_PENDING_SHOWN = 10


def drift_as_text(drift: Drift) -> str:
    """Return the audit as people read it: what is at risk, what changed and who did it, and what was not checked."""
    zone = ZoneInfo(drift.zone)
    blocks = [[heading(drift), headline(drift), *_at_risk(drift, zone)]]
    blocks += [finding_as_lines(each, zone) for each in drift.drifted]
    blocks += [list(_ways_out(drift)), list(_pending(drift))]
    if drift.accepted:
        blocks.append(["Accepted for a while:", *(f"  {_accepted(each)}" for each in drift.accepted)])
    if drift.unverifiable:
        blocks.append(["Could not check:", *(f"  ? {_unverifiable(each)}" for each in drift.unverifiable)])
    blocks.append([one_line(each) for each in drift.notes])
    return visible("\n\n".join("\n".join(block) for block in blocks if block))


def heading(drift: Drift) -> str:
    """Return what was audited, where and when, after a lamp that shows the gravest finding."""
    parts = (*subject(drift), audited_at(drift))
    return f"{_lamp(drift)} {' · '.join(part for part in parts if part)}"


def subject(drift: Drift) -> tuple[str, str]:
    """Return what the agreement is called, and the target."""
    return one_line(drift.title), drift.target


def audited_at(drift: Drift) -> str:
    """Return when it was looked at, or an empty text."""
    return instant(drift.at, ZoneInfo(drift.zone)) if drift.at else ""


def _lamp(drift: Drift) -> str:
    gravest = drift.drifted[0].consequence if drift.drifted else None
    quiet = _NOT_SURE if drift.unverifiable or drift.pending or drift.accepted else _IN_SYNC
    return _LAMPS[gravest] if gravest else quiet


def headline(drift: Drift) -> str:
    """Return the verdict in one sentence; "in sync" is said only where nothing was left unchecked."""
    if drift.in_sync:
        return f"{drift.target}: in sync; {count(drift.matched, 'setting')} as agreed."
    matched = f"{count(drift.matched, 'setting')} {'match' if drift.matched != 1 else 'matches'}"
    unchecked = f"{len(drift.unverifiable)} could not be checked"
    counted = (
        (len(drift.drifted), "difference", " from what was agreed"),
        (len(drift.pending), "change", " of the agreement not applied yet"),
        (len(drift.accepted), "difference", " accepted for a while"),
    )
    parts = [f"{count(number, noun)}{rest}" for number, noun, rest in counted if number]
    if not parts:
        return f"{drift.target}: {matched}, {unchecked}."
    return f"{drift.target}: {'; '.join(parts)}. {matched}, {unchecked}."


def _at_risk(drift: Drift, zone: ZoneInfo) -> Iterator[str]:
    at_risk = drift.at_risk
    for each in at_risk[:_PROMISES_SHOWN]:
        yield f"AT RISK: «{one_line(each.sentence)}»"
    if len(at_risk) > _PROMISES_SHOWN:
        yield f"AT RISK: {count(len(at_risk) - _PROMISES_SHOWN, 'more promise')}"
    if drift.first_due is not None and at_risk:
        yield fix_before(drift.first_due, drift.at, zone)


def fix_before(due: datetime, now: datetime | None, zone: ZoneInfo) -> str:
    """Return how long there is, in a sentence: until the next clock that runs falls due."""
    if now is not None and due <= now:
        return "Fix now: a lead is due already."
    today = now is not None and due.astimezone(zone).date() == now.astimezone(zone).date()
    when = f"{due.astimezone(zone):%H:%M}" if today else instant(due, zone)
    return f"Fix before {when}, when the next lead falls due."


def _ways_out(drift: Drift) -> Iterator[str]:
    """Yield the commands behind the words of the findings, once."""
    if drift.drifted:
        for way, command in commands(drift.target, "ID").items():
            yield f"{way}: {command}{', then apply the same' if way == RESTORE else ''}"


def commands(target: str, name: str) -> Mapping[str, str]:
    """Return the command for each way out of a finding that has one."""
    return {
        RESTORE: f"sla-sync plan --target {target} --only {name}",
        ACCEPT: f"sla-sync accept {name} --target {target} --because TEXT --until DATE",
        ADOPT: f"sla-sync adopt {name} --target {target}",
    }


def _pending(drift: Drift) -> Iterator[str]:
    pending = drift.pending
    if not pending:
        return
    yield "Agreed and not applied yet:"
    yield from (f"  {pending_as_line(each)}" for each in pending[:_PENDING_SHOWN])
    if len(pending) > _PENDING_SHOWN:
        more = len(pending) - _PENDING_SHOWN
        yield f"  … and {more} more; `sla-sync plan --target {drift.target}` shows all of them"


def _accepted(each: Accepted) -> str:
    by = f" by {each.by}" if each.by else ""
    title = one_line(each.finding.title)
    return f"{each.finding.id} {each.finding.drift}: {title}, until {each.until}{by}: {one_line(each.because)}"


def _unverifiable(each: Unverifiable) -> str:
    vouched = f" ({one_line(each.vouched)})" if each.vouched else ""
    return f"{one_line(each.what)}: {one_line(each.because)}{vouched}"


def drift_as_plain(drift: Drift) -> Mapping[str, object]:
    """Return the audit as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "target": drift.target,
        "title": drift.title,
        "at": _iso(drift.at),
        "zone": drift.zone,
        "in_sync": drift.in_sync,
        "at_risk": [_stake(each) for each in drift.at_risk],
        "first_due": _iso(drift.first_due),
        "findings": [_finding(each) for each in drift.findings],
        "accepted": [
            {**_finding(each.finding), "because": each.because, "until": each.until.isoformat(), "by": each.by}
            for each in drift.accepted
        ],
        "matched": drift.matched,
        "unverifiable": [
            {"what": each.what, "because": each.because, "manual": each.manual, "vouched": each.vouched or None}
            for each in drift.unverifiable
        ],
        "notes": list(drift.notes),
    }


def _finding(each: Finding) -> dict[str, object]:
    harm = each.harm
    return {
        "id": each.id,
        "class": str(each.drift),
        "consequence": str(each.consequence),
        "address": str(each.address),
        "path": spell(each.path),
        "what": each.what,
        "sentence": each.sentence,
        "agreed": plain(each.agreed),
        "applied": plain(each.applied),
        "live": plain(each.live),
        "who": each.who,
        "when": _iso(each.when),
        "trace": str(each.trace),
        "commitment": spell(each.commitment),
        "promises": [_stake(stake) for stake in each.stakes],
        "harm": harm
        and {"sentence": harm.sentence, "passed": harm.passed, "lacking": harm.lacking, "records": list(harm.records)},
        "note": each.note,
    }


def _stake(each: Stake) -> dict[str, object]:
    return {"commitment": each.commitment, "sentence": each.sentence, "counted": each.counted}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def drift_as_json(drift: Drift) -> str:
    """Return the audit as a JSON text."""
    return json.dumps(drift_as_plain(drift), indent=2, ensure_ascii=False)


def drift_as_markdown(drift: Drift) -> str:
    """Return the audit for a chat or a ticket."""
    zone = ZoneInfo(drift.zone)
    lines = [f"### {escape(heading(drift))}", "", escape(headline(drift))]
    at_risk = list(_at_risk(drift, zone))
    if at_risk:
        lines += ["", *(f"- {escape(each)}" for each in at_risk)]
    if drift.findings:
        lines += ["", "| | what | setting | agreed | live | who | |", "|---|---|---|---|---|---|---|"]
    lines += [_row(each) for each in drift.findings]
    for title, listed in (
        ("Accepted for a while", [_accepted(each) for each in drift.accepted]),
        ("Could not check", [_unverifiable(each) for each in drift.unverifiable]),
        ("To be said besides", list(drift.notes)),
    ):
        if listed:
            lines += ["", f"**{title}**", "", *(f"- {escape(each)}" for each in listed)]
    return "\n".join(lines)


def _row(each: Finding) -> str:
    agreed = spell_value(each.agreed) if each.path else ""
    live = each.sentence or (spell_value(each.live) if each.path else "")
    cells = (each.title, agreed, live, each.who or str(each.trace), each.id)
    return f"| {WEIGHT[each.consequence]} | {each.drift} | {' | '.join(escape(cell) for cell in cells)} |"
