"""What two platforms of one agreement tell alike and otherwise, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sla_sync.agreement.attestations import Point
from sla_sync.consistency import Found, Outcome, Verdict
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import KeyPath, Location, spell
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import visible

Locate = Callable[[Path | None, KeyPath], Location | None]
"""Where a place stands in a document, in the agreement where none is named."""

_SIGNS = {Outcome.GOOD: "✓", Outcome.ATTESTED: "≈", Outcome.UNKNOWN: "?", Outcome.DIFFERS: "✗"}
TITLES: Mapping[Point, str] = {
    Point.VOCABULARY: "stages and their values",
    Point.THRESHOLDS: "numbers",
    Point.WRITERS: "one writer for each stamp",
    Point.DIRECTION: "who decides in the exchange",
    Point.TYPES: "types of fields",
    Point.HOURS: "hours, holidays, time zone",
    Point.PEOPLE: "people, teams, queues",
    Point.INCLUSION: "whom the exchange takes",
    Point.RIGHTS: "rights to edit",
    Point.START: "start of each clock",
    Point.ESCALATION: "one escalation",
    Point.TECHNICAL: "technical fields unmapped",
}
"""Each point in a few words."""


def consistency_as_text(targets: tuple[str, str], verdicts: Sequence[Verdict], locate: Locate) -> str:
    """Return each point with its sign and what was found, with places and what to do where it is not good."""
    lines = [headline(targets, verdicts)]
    for number, verdict in enumerate(verdicts, 1):
        heading = f"{number:>2} {verdict.point}: {TITLES[verdict.point]}"
        lines += ["", f"{_SIGNS[verdict.outcome]} {heading} · {verdict.outcome}"]
        for each in verdict.found:
            lines += [f"     {line}" for line in _told(each, verdict, locate)]
    return visible("\n".join(lines))


def _told(each: Found, verdict: Verdict, locate: Locate) -> list[str]:
    sign = f"{_SIGNS[each.outcome]} " if len({one.outcome for one in verdict.found}) > 1 else ""
    place = _place(each, locate)
    lines = [f"{sign}{each.sentence}{f' ({place})' if place and each.outcome is not Outcome.GOOD else ''}"]
    if each.outcome in {Outcome.DIFFERS, Outcome.UNKNOWN}:
        lines += [f"  → {each.hint}"] if each.hint else []
        lines += [f"    {line}" for line in each.snippet.splitlines()]
    return lines


def _place(each: Found, locate: Locate) -> str:
    found = locate(each.document, each.path)
    return f"{found.file}:{found.line}" if found else spell(each.path)


def headline(targets: tuple[str, str], verdicts: Sequence[Verdict]) -> str:
    """Return in one sentence how many points are good, attested, unknown, and differ."""
    found = {outcome: sum(each.outcome is outcome for each in verdicts) for outcome in Outcome}
    return (
        f"{targets[0]} and {targets[1]}: {len(verdicts)} points, {found[Outcome.GOOD]} good, "
        f"{found[Outcome.ATTESTED]} attested, {found[Outcome.UNKNOWN]} unknown, {found[Outcome.DIFFERS]} differ."
    )


def consistency_as_plain(targets: tuple[str, str], verdicts: Sequence[Verdict], locate: Locate) -> Mapping[str, object]:
    """Return the verdicts as JSON can say them; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "targets": list(targets),
        "points": [
            {
                "point": str(verdict.point),
                "outcome": str(verdict.outcome),
                "found": [
                    {
                        "outcome": str(each.outcome),
                        "sentence": each.sentence,
                        "path": spell(each.path),
                        "place": _place(each, locate) if each.path else "",
                        "hint": each.hint,
                        "snippet": each.snippet,
                    }
                    for each in verdict.found
                ],
            }
            for verdict in verdicts
        ],
    }


def consistency_as_json(targets: tuple[str, str], verdicts: Sequence[Verdict], locate: Locate) -> str:
    """Return the verdicts as a JSON text."""
    return json.dumps(consistency_as_plain(targets, verdicts, locate), indent=2, ensure_ascii=False)


def consistency_as_markdown(targets: tuple[str, str], verdicts: Sequence[Verdict], locate: Locate) -> str:
    """Return the verdicts as a table for a ticket."""
    lines = [f"### {escape(headline(targets, verdicts))}", "", "| | point | found | to do |", "|---|---|---|---|"]
    for verdict in verdicts:
        for each in verdict.found:
            place = _place(each, locate)
            told = f"{each.sentence} ({place})" if place else each.sentence
            title = f"{verdict.point}: {TITLES[verdict.point]}"
            lines.append(f"| {_SIGNS[each.outcome]} | {escape(title)} | {escape(told)} | {escape(each.hint)} |")
    return "\n".join(lines)
