"""A night's drift as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import spell
from sla_sync.reconcile.drift import Drift, DriftClass, Finding
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.settings import Consequence
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, spell_value, visible

_WEIGHT = {Consequence.BREACH: "HIGH", Consequence.WEAKENING: "MIDDLE", Consequence.COSMETIC: "LOW"}


def drift_as_text(drift: Drift) -> str:
    """Return the audit as people read it: what changed, from what to what, who and when; then what was not checked."""
    lines = [headline(drift)]
    for each in drift.findings:
        lines += ["", *_finding(each)]
    if drift.unverifiable:
        lines += ["", "Could not be checked:"]
        lines += [f"  ? {each.what}: {each.because}" for each in drift.unverifiable]
    return visible("\n".join(lines))


def headline(drift: Drift) -> str:
    """Return the verdict in one sentence; "in sync" is said only where nothing was left unchecked."""
    if drift.in_sync:
        return f"{drift.target}: in sync; {count(drift.matched, 'setting')} as agreed."
    matched = f"{count(drift.matched, 'setting')} {'match' if drift.matched != 1 else 'matches'}"
    unchecked = f"{len(drift.unverifiable)} could not be checked"
    drifted, pending = len(drift.drifted), len(drift.findings) - len(drift.drifted)
    parts = []
    if drifted:
        parts.append(f"{count(drifted, 'difference')} from what was agreed")
    if pending:
        parts.append(f"{count(pending, 'change')} of the agreement not applied yet")
    if not parts:
        return f"{drift.target}: {matched}, {unchecked}."
    return f"{drift.target}: {'; '.join(parts)}. {matched}, {unchecked}."


def _finding(each: Finding) -> list[str]:
    place = f" {spell(each.path)}" if each.path else ""
    lines = [f"{_WEIGHT[each.consequence]} {each.drift}: {each.address}{place}"]
    if each.drift is DriftClass.MISSING:
        lines.append("  It was applied and is gone.")
    elif each.drift is DriftClass.FOREIGN:
        lines.append("  It stands there and is not ours; apply would have to adopt it.")
    elif each.drift is DriftClass.STALLED:
        lines += _stalled(each)
    elif each.drift is DriftClass.EXTRA:
        lines.append("  It was put there and is not agreed; apply takes it away.")
        lines.append(f"  Live:   {spell_value(each.live)}")
    elif each.path:
        lines.append(f"  Agreed: {spell_value(each.agreed)}")
        lines.append(f"  Live:   {spell_value(each.live)}")
        if each.drift is DriftClass.CONFLICT:
            lines.append(f"  Last applied: {spell_value(each.applied)}")
    if each.drift not in (DriftClass.PENDING, DriftClass.STALLED):
        when = f", {each.when:%Y-%m-%d %H:%M} UTC" if each.when else ""
        lines.append(f"  Who: {each.who}{when}" if each.who else "  Who: the platform does not tell")
    if each.commitment:
        lines.append(f"  Agreed in: {spell(each.commitment)}")
    return lines


def _stalled(each: Finding) -> list[str]:
    ran = f"It last ran {each.when:%Y-%m-%d %H:%M} UTC" if each.when else "It has never run"
    return [
        f"  {ran}, and is expected {each.agreed}: until it runs, no clock that started since warns or escalates.",
        "  Do: run it now, then see to the scheduler that runs it (docs/clock.md).",
    ]


def drift_as_plain(drift: Drift) -> Mapping[str, object]:
    """Return the audit as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "target": drift.target,
        "in_sync": drift.in_sync,
        "findings": [
            {
                "class": str(each.drift),
                "consequence": str(each.consequence),
                "address": str(each.address),
                "path": spell(each.path),
                "agreed": plain(each.agreed),
                "applied": plain(each.applied),
                "live": plain(each.live),
                "who": each.who,
                "when": each.when.isoformat() if each.when else None,
                "commitment": spell(each.commitment),
            }
            for each in drift.findings
        ],
        "matched": drift.matched,
        "unverifiable": [{"what": each.what, "because": each.because} for each in drift.unverifiable],
    }


def drift_as_json(drift: Drift) -> str:
    """Return the audit as a JSON text."""
    return json.dumps(drift_as_plain(drift), indent=2, ensure_ascii=False)


def drift_as_markdown(drift: Drift) -> str:
    """Return the audit for a chat or a ticket."""
    lines = [f"### {escape(headline(drift))}"]
    if drift.findings:
        lines += ["", "| | what | setting | agreed | live | who |", "|---|---|---|---|---|---|"]
    for each in drift.findings:
        setting = f"{each.address} {spell(each.path)}".strip()
        agreed = spell_value(each.agreed) if each.path else ""
        live = spell_value(each.live) if each.path else ""
        lines.append(
            f"| {_WEIGHT[each.consequence]} | {each.drift} | {escape(setting)} | {escape(agreed)} "
            f"| {escape(live)} | {escape(each.who or 'not told')} |"
        )
    if drift.unverifiable:
        lines += ["", "**Could not be checked**", ""]
        lines += [f"- {escape(each.what)}: {escape(each.because)}" for each in drift.unverifiable]
    return "\n".join(lines)
