"""How every line of the agreement is held, as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import KeyPath, Location, spell
from sla_sync.reconcile.coverage import Coverage, CoveredLine, StepKind
from sla_sync.reconcile.settings import Aspect
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, visible

Locate = Callable[[KeyPath], Location]
"""Tells where a line of the agreement stands."""

_TICK, _NO_TICK = "✓", "·"
_SETTINGS_SHOWN = 2


def coverage_as_text(coverage: Coverage, locate: Locate) -> str:
    """Return a row for each line, with a column for each aspect, then the manual steps by number."""
    rows = [_row(each, locate) for each in coverage.lines]
    place, name = (max(len(row[column]) for row in rows) for column in (0, 1))
    head = " ".join(f"{each:<10}" for each in Aspect)
    lines = [headline(coverage), "", f"{'':{place}}  {'':{name}}  {head} held by"]
    for at, said, ticks, by in rows:
        marks = " ".join(f"{each:<10}" for each in ticks)
        lines.append(f"{at:<{place}}  {said:<{name}}  {marks} {by}".rstrip())
    for kind, title in _TITLES.items():
        steps = [each for each in coverage.steps if each.kind is kind]
        lines += ["", f"{count(len(steps), 'manual step')} {title}:"] if steps else []
        lines += [f"  {each.number}. {each.advice}" for each in steps]
    return visible("\n".join(lines))


_TITLES = {StepKind.PLATFORM: "that no API can do", StepKind.PEOPLE: "kept by people"}


def headline(coverage: Coverage) -> str:
    """Return in one sentence how many lines are held by settings, by a step on the platform, and by people."""
    return (
        f"{coverage.agreement} on {coverage.platform}: {count(len(coverage.lines), 'line')}, "
        f"{coverage.held} held by settings, {coverage.kept(StepKind.PLATFORM)} by a manual step of the plan, "
        f"{coverage.kept(StepKind.PEOPLE)} kept by people."
    )


def _row(line: CoveredLine, locate: Locate) -> tuple[str, str, Sequence[str], str]:
    at = locate(line.path)
    return f"{at.file}:{at.line}", spell(line.path), _ticks(line), _held_by(line)


def _ticks(line: CoveredLine) -> tuple[str, ...]:
    return tuple(_TICK if each in line.aspects else _NO_TICK for each in Aspect)


def _held_by(line: CoveredLine) -> str:
    shown = [str(each) for each in line.settings[:_SETTINGS_SHOWN]]
    more = len(line.settings) - len(shown)
    shown += [f"{more} more"] if more else []
    if line.steps:
        shown.append(f"step {', '.join(map(str, line.steps))}")
    return ", ".join(shown)


def coverage_as_plain(coverage: Coverage, locate: Locate) -> Mapping[str, object]:
    """Return the coverage as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "agreement": coverage.agreement,
        "platform": coverage.platform,
        "lines": [
            {
                "path": spell(each.path),
                "location": {"file": at.file, "line": at.line, "column": at.column},
                "aspects": [str(aspect) for aspect in Aspect if aspect in each.aspects],
                "settings": [str(address) for address in each.settings],
                "steps": list(each.steps),
            }
            for each in coverage.lines
            for at in (locate(each.path),)
        ],
        "steps": [
            {"number": each.number, "id": each.id, "kind": str(each.kind), "advice": each.advice}
            for each in coverage.steps
        ],
    }


def coverage_as_markdown(coverage: Coverage, locate: Locate) -> str:
    """Return the coverage as a table for a page that people sign."""
    lines = [f"### {escape(headline(coverage))}", ""]
    lines.append(f"| line | where | {' | '.join(Aspect)} | held by |")
    lines.append("|---|---|" + ":-:|" * len(Aspect) + "---|")
    for each in coverage.lines:
        at, said, ticks, by = _row(each, locate)
        marks = " | ".join(tick if tick == _TICK else "" for tick in ticks)
        lines.append(f"| {escape(said)} | {escape(at)} | {marks} | {escape(by)} |")
    for kind, title in _TITLES.items():
        steps = [each for each in coverage.steps if each.kind is kind]
        lines += ["", f"**Manual steps {title}**", ""] if steps else []
        lines += [f"{each.number}. {escape(each.advice)}" for each in steps]
    return "\n".join(lines)
