"""What a whole night found: one line for each target, the worst first; and what the nights before it say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sla_sync.audits.kept import WORST_FIRST, Episode, KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.trend import Trend
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.render.diagnostics import escape
from sla_sync.render.drift_lines import WEIGHT
from sla_sync.render.words import count, visible

_WEIGHT: Mapping[str, str] = {str(gravity): word for gravity, word in WEIGHT.items()}
_LONGEST_OPEN = 5
NIGHTS = 30
_MARKS = {Verdict.NOT_AUDITED: "?", Verdict.NO_DRIFT: "·", Verdict.IN_SYNC: "·"}
_MANY = 9


def worst_first(audits: Iterable[KeptAudit]) -> tuple[KeptAudit, ...]:
    """Return audits in the order in which somebody should look at them."""
    return tuple(sorted(audits, key=rank))


def rank(audit: KeptAudit) -> tuple[int, tuple[int, ...], Subject]:
    """Return where an audit stands among others; the smallest should be looked at first."""
    weights = tuple(-sum(each.gravity == gravity for each in audit.open) for gravity in _WEIGHT)
    return WORST_FIRST.index(audit.verdict), weights, audit.subject


def headline(audits: Sequence[KeptAudit]) -> str:
    """Return how many targets were asked and how they stand, in one sentence."""
    parts = [
        f"{number} {verdict}" for verdict in WORST_FIRST if (number := sum(each.verdict is verdict for each in audits))
    ]
    return f"{count(len(audits), 'target')}: {', '.join(parts)}."


def line_of(audit: KeptAudit) -> str:
    """Return how one target stands, in one line."""
    verdict = f"{audit.verdict}".upper() if audit.verdict in {Verdict.NOT_AUDITED, Verdict.DRIFTED} else audit.verdict
    return visible(f"{verdict}  {audit.subject}: {told(audit)}")


def told(audit: KeptAudit) -> str:
    """Return how one target stands, without its name."""
    if audit.because:
        return audit.because
    parts = []
    if audit.open:
        weights = (
            f"{number} {word}"
            for gravity, word in _WEIGHT.items()
            if (number := sum(each.gravity == gravity for each in audit.open))
        )
        parts.append(f"{count(len(audit.open), 'finding')} ({', '.join(weights)})")
    parts.append(f"{count(audit.matched, 'setting')} {'matches' if audit.matched == 1 else 'match'}")
    if audit.pending:
        parts.append(f"{audit.pending} not applied yet")
    if len(audit.findings) > len(audit.open):
        parts.append(f"{len(audit.findings) - len(audit.open)} accepted")
    if audit.unchecked:
        parts.append(f"{audit.unchecked} could not be checked")
    return f"{', '.join(parts)}."


def finding_line(finding: KeptFinding) -> str:
    """Return one finding in one line."""
    return visible(f"{_WEIGHT.get(finding.gravity, finding.gravity)} {finding.sentence} [{finding.id}]")


def summary_as_text(audits: Sequence[KeptAudit]) -> str:
    """Return the head of a night: how many, and a line for each target, the worst first."""
    return "\n".join([headline(audits), "", *(line_of(each) for each in worst_first(audits))])


def summary_as_markdown(audits: Sequence[KeptAudit]) -> str:
    """Return the head of a night for a chat or a ticket."""
    lines = [f"### {escape(headline(audits))}", "", "| | target | |", "|---|---|---|"]
    lines += [
        f"| {each.verdict} | {escape(str(each.subject))} | {escape(told(each))} |" for each in worst_first(audits)
    ]
    return "\n".join(lines)


def trends_as_text(trends: Sequence[Trend], now: datetime) -> str:
    """Return, for each target, a mark for each of its last audits, how long repairs take and what is open longest."""
    if not trends:
        return "No audit was kept in this time."
    lines = ["· as agreed   1–9 findings, + more   ? not audited"]
    for each in trends:
        last = each.audits[-NIGHTS:]
        lines += ["", f"{each.subject}", f"  {''.join(_mark(audit) for audit in last)}  {span_of(last)}"]
        lines += [f"  {line}" for line in repairs(each, now)]
    return visible("\n".join(lines))


def repairs(trend: Trend, now: datetime) -> Iterator[str]:
    """Yield how long repairs take and what is open longest, each in a line."""
    if trend.mean_repair is not None:
        yield f"Repaired: {count(trend.repaired, 'finding')}, after {_length(trend.mean_repair)} on average."
    yield from (f"Open {_open(episode, now)}" for episode in trend.open[:_LONGEST_OPEN])
    if len(trend.open) > _LONGEST_OPEN:
        yield f"… and {len(trend.open) - _LONGEST_OPEN} more."


def trends_as_markdown(trends: Sequence[Trend], now: datetime) -> str:
    """Return the trend as a table."""
    lines = ["| target | audits | repaired after | open longest |", "|---|---|---|---|"]
    for each in trends:
        marks = "".join(_mark(audit) for audit in each.audits[-NIGHTS:])
        repair = "" if each.mean_repair is None else f"{_length(each.mean_repair)} ({each.repaired})"
        longest = _open(each.open[0], now) if each.open else ""
        lines.append(f"| {escape(str(each.subject))} | {escape(marks)} | {escape(repair)} | {escape(longest)} |")
    return "\n".join(lines)


def trends_as_json(trends: Sequence[Trend]) -> str:
    """Return the trend as JSON; the members are a fixed contract."""
    plain = {
        "format_version": FORMAT_VERSION,
        "targets": [
            {
                "agreement": each.subject.agreement,
                "target": each.subject.target,
                "audits": [
                    {
                        "at": audit.at.isoformat(),
                        "verdict": str(audit.verdict),
                        "findings": len(audit.open),
                        "pending": audit.pending,
                        "unchecked": audit.unchecked,
                        "because": audit.because or None,
                    }
                    for audit in each.audits
                ],
                "repaired": each.repaired,
                "mean_seconds_to_repair": each.mean_repair.total_seconds() if each.mean_repair is not None else None,
                "open": [
                    {
                        "id": episode.finding.id,
                        "consequence": episode.finding.gravity,
                        "class": episode.finding.sort,
                        "finding": episode.finding.sentence,
                        "first_seen": episode.first_seen.isoformat(),
                        "last_seen": episode.last_seen.isoformat(),
                    }
                    for episode in each.open
                ],
            }
            for each in trends
        ],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _mark(audit: KeptAudit) -> str:
    if audit.verdict is Verdict.DRIFTED:
        return str(len(audit.open)) if len(audit.open) <= _MANY else "+"
    return _MARKS[audit.verdict]


def span_of(audits: Sequence[KeptAudit]) -> str:
    """Return how many audits there were, and on which days."""
    first, last = (f"{each.at:%Y-%m-%d}" for each in (audits[0], audits[-1]))
    return f"{count(len(audits), 'audit')}, {first}" + (f" to {last}" if last != first else "")


def _open(episode: Episode, now: datetime) -> str:
    return f"{_length(now - episode.first_seen)}: {finding_line(episode.finding)}"


def _length(length: timedelta) -> str:
    """Return a length in the largest unit of which it has two, rounded."""
    hours = length / timedelta(hours=1)
    if hours >= 2 * 24:
        return count(round(hours / 24), "day")
    return count(round(hours), "hour") if hours >= 2 else count(max(0, round(hours * 60)), "minute")  # noqa: PLR2004 - two of a unit
