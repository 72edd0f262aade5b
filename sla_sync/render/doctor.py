"""What was examined at a target, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sla_sync.connector import Checkup, Standing
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, visible

_SIGNS = {Standing.GOOD: "✓", Standing.MISSING: "✗", Standing.UNKNOWN: "?"}


def checkups_as_text(target: str, checkups: Sequence[Checkup]) -> str:
    """Return one line for each thing with its sign, and what to do below it."""
    width = max((len(each.name) for each in checkups), default=0)
    lines = [headline(target, checkups), ""]
    for each in checkups:
        lines.append(f"  {_SIGNS[each.standing]} {each.name:<{width}}  {each.finding}")
        if each.hint and each.standing is not Standing.GOOD:
            lines.append(f"    {'':<{width}}  → {each.hint}")
    return visible("\n".join(lines))


def headline(target: str, checkups: Sequence[Checkup]) -> str:
    """Return in one sentence how many things are good, missing, and to be looked at by a person."""
    found = {standing: sum(each.standing is standing for each in checkups) for standing in Standing}
    return (
        f"{target}: {count(len(checkups), 'thing')} examined, {found[Standing.GOOD]} good, "
        f"{found[Standing.MISSING]} missing, {found[Standing.UNKNOWN]} for a person to look at."
    )


def checkups_as_plain(target: str, checkups: Sequence[Checkup]) -> Mapping[str, object]:
    """Return the checkups as JSON can say them; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "target": target,
        "checkups": [
            {"name": each.name, "standing": str(each.standing), "finding": each.finding, "hint": each.hint}
            for each in checkups
        ],
    }


def checkups_as_json(target: str, checkups: Sequence[Checkup]) -> str:
    """Return the checkups as a JSON text."""
    return json.dumps(checkups_as_plain(target, checkups), indent=2, ensure_ascii=False)


def checkups_as_markdown(target: str, checkups: Sequence[Checkup]) -> str:
    """Return the checkups as a table for a ticket."""
    lines = [f"### {escape(headline(target, checkups))}", "", "| | what | found | to do |", "|---|---|---|---|"]
    lines += [
        f"| {_SIGNS[each.standing]} | {escape(each.name)} | {escape(each.finding)} | {escape(each.hint)} |"
        for each in checkups
    ]
    return "\n".join(lines)
