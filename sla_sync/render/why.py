"""One lead: what happened, the clocks that ran, the hours they ran in, and the lines of the agreement that decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sla_sync.connector import Assignment, Happening, RecordStory
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import spell
from sla_sync.render.accounts import Account, Agreed, accounts
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, visible
from sla_sync.semantics.calendar import Span

_SPANS_SHOWN = 4
_MINUTE, _HOUR = 60, 3600
_WEEK = timedelta(days=6)
"""From the beginning of one window to that of another, from which on both may fall on the same weekday."""


def why_as_text(story: RecordStory, agreed: Agreed) -> str:
    """Return the story of a lead, short enough to paste into a chat: each line of the agreement is quoted once."""
    lines = [headline(story, agreed), ""]
    lines += [f"  {when}  {said}" for when, said in _timeline(story, agreed)]
    quoted: dict[str, None] = {}
    for each in story.assignments:
        lines += ["", _assignment(each, agreed)]
        for account in accounts(story, each, agreed):
            quoted[_quoted(account, each)] = None
            stands, *more = _sentences(account, agreed)
            lines += [f"  {account.clock.clock}: {account.state}. {stands}", *(f"    {sentence}" for sentence in more)]
    if quoted:
        lines += ["", _agreed_when(story, agreed), *(f"  {each}." for each in sorted(quoted))]
    if not story.assignments:
        lines += ["", _NEVER] if story.happenings else [_NEVER]
    return visible("\n".join(lines))


_NEVER = "It has no assignment: it has not qualified while the agreement was in force."


def why_in_short(story: RecordStory, agreed: Agreed, *, only: str | None = None) -> str:
    """Return one line for each clock of a lead, or for those of one commitment: how it stands, and what decided it."""
    lines = []
    for each in story.assignments:
        for account in accounts(story, each, agreed):
            clock = account.clock
            if only not in {None, clock.clock}:
                continue
            stop = f"stopped {moment(clock.stopped_at, agreed.zone)}" if clock.stopped_at else "not stopped"
            due = f"due {moment(clock.due_at, agreed.zone)}" if clock.due_at else "no due time"
            lines.append(f"{each.owner}: {clock.clock} {account.state} ({due}, {stop}); {_agreed(account, each)}")
    return visible("\n".join(lines))


def headline(story: RecordStory, agreed: Agreed) -> str:
    """Return who the lead is, how many assignments there were, and under which version of the agreement."""
    versions = list(dict.fromkeys(each.policy for each in story.assignments if each.policy))
    under = f"; under {', '.join(versions)}" if versions else ""
    other = "" if versions in ([], [agreed.policy]) else f" (the file is {agreed.policy})"
    return f"{story.title} ({story.record}): {count(len(story.assignments), 'assignment')}{under}{other}."


def _agreed_when(story: RecordStory, agreed: Agreed) -> str:
    """Return what stands above the lines that are quoted: they are those of the file, which may be another version."""
    others = dict.fromkeys(each.policy for each in story.assignments if each.policy not in {"", None, agreed.policy})
    return f"Agreed now; the dates of {', '.join(others)} stay as they were stamped:" if others else "Agreed:"


def _timeline(story: RecordStory, agreed: Agreed) -> Iterator[tuple[str, str]]:
    """Yield what happened, in one line for all that happened in the same minute."""
    for when, together in groupby(story.happenings, key=lambda each: moment(each.at, agreed.zone)):
        yield when, " ".join(dict.fromkeys(_happened(each, agreed) for each in together))


def _happened(happening: Happening, agreed: Agreed) -> str:
    if not happening.origin:
        return happening.sentence
    at = agreed.locate(happening.origin)
    return f"{happening.sentence} ({at.file}:{at.line})"


def _assignment(each: Assignment, agreed: Agreed) -> str:
    said = [each.owner or "nobody"]
    said += [f"team {each.team}"] if each.team else []
    said += [each.priority] if each.priority else []
    said += [f"from {each.source}"] if each.source else []
    said += [f"stage {each.stage}"] if each.stage else []
    end = ""
    if each.ended_at:
        because = f" ({each.ended_because.lower()})" if each.ended_because else ""
        end = f"; ended {moment(each.ended_at, agreed.zone)}{because}"
    return f"Cycle {each.cycle}, assignment {each.number}: {', '.join(said)}{end}."


def _sentences(account: Account, agreed: Agreed) -> Iterator[str]:
    clock, zone = account.clock, agreed.zone
    times = [("started", clock.started_at), ("due", clock.due_at), ("stopped", clock.stopped_at)]
    said = ", ".join(f"{word} {moment(at, zone)}" for word, at in times if at)
    yield f"{said[:1].upper()}{said[1:]}."
    if account.spans:
        yield f"Ran in {account.hours}: {_windows(account.spans, zone)}: {_length(account)}."
    elif clock.started_at and _is_open(account.hours, clock.started_at, agreed):
        yield f"It has just begun to run in {account.hours}."
    else:
        yield f"It has not run yet: {account.hours} was closed."
    yield f"Stopped by: {account.stopped_by.rstrip('.')}." if clock.stopped_at else "Nothing stopped it."


def _is_open(hours: str, at: datetime, agreed: Agreed) -> bool:
    calendar = agreed.calendars.named.get(hours)
    return calendar is None or calendar.is_open(at)


def _quoted(account: Account, assignment: Assignment) -> str:
    """Return the line that decided, after the name of its commitment."""
    return f"{account.clock.clock}: {_agreed(account, assignment)}"


def _agreed(account: Account, assignment: Assignment) -> str:
    at = account.location
    limit = "" if account.limit is None else f" within {account.limit}"
    of = f" for {assignment.priority}" if account.by_priority else ""
    return f"«{account.sentence}»{limit}{of} ({at.file}:{at.line})"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as people read it in a zone: `Fri 2 Oct 16:50`."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _windows(spans: Sequence[Span], zone: ZoneInfo) -> str:
    # A weekday alone tells one day only within a week.
    dated = spans[-1].opens - spans[0].opens >= _WEEK
    shown = [_window(each, zone, dated=dated) for each in spans]
    if len(shown) > _SPANS_SHOWN:
        shown = [*shown[: _SPANS_SHOWN - 1], "…", shown[-1]]
    return ", ".join(shown)


def _window(span: Span, zone: ZoneInfo, *, dated: bool) -> str:
    opens, closes = span.opens.astimezone(zone), span.closes.astimezone(zone)
    day = f" {opens.day} {opens:%b}" if dated else ""
    return f"{opens:%a}{day} {opens:%H:%M}–{closes:%H:%M}"


def _length(account: Account) -> str:
    business = account.limit is None or account.limit.business
    return f"{_spelled(account.used)} of {'business time' if business else 'open time'}"


def _spelled(time: timedelta) -> str:
    seconds = round(time.total_seconds())
    hours, rest = divmod(seconds, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{left} s"] if left and not hours else []
    return " ".join(parts) or "nothing"


def why_as_plain(story: RecordStory, agreed: Agreed) -> Mapping[str, object]:
    """Return the story of a lead as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "record": story.record,
        "title": story.title,
        "policy": agreed.policy,
        "as_of": agreed.now.isoformat(),
        "happenings": [
            {"at": each.at.isoformat(), "sentence": each.sentence, "origin": spell(each.origin)}
            for each in story.happenings
        ],
        "assignments": [_assignment_as_plain(story, each, agreed) for each in story.assignments],
    }


_TIMES = ("raised_at", "qualified_at", "assigned_at", "touched_at", "verdict_at", "ended_at")
_CLOCK_TIMES = ("started_at", "due_at", "warn_at", "stopped_at")


def _assignment_as_plain(story: RecordStory, each: Assignment, agreed: Agreed) -> Mapping[str, object]:
    return {
        "cycle": each.cycle,
        "number": each.number,
        "owner": each.owner,
        "team": each.team,
        "priority": each.priority,
        "source": each.source,
        "stage": each.stage,
        "policy": each.policy,
        **{name: _iso(getattr(each, name)) for name in _TIMES},
        "ended_because": each.ended_because,
        "clocks": [
            {
                "commitment": account.clock.clock,
                "state": account.state.replace(" ", "_"),
                **{name: _iso(getattr(account.clock, name)) for name in _CLOCK_TIMES},
                "sentence": account.sentence,
                "limit": None if account.limit is None else str(account.limit),
                "location": {"file": account.location.file, "line": account.location.line},
                "calendar": account.hours,
                "windows": [[span.opens.isoformat(), span.closes.isoformat()] for span in account.spans],
                "seconds": round(account.used.total_seconds()),
                "stopped_by": account.stopped_by or None,
            }
            for account in accounts(story, each, agreed)
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def why_as_json(story: RecordStory, agreed: Agreed) -> str:
    """Return the story of a lead as a JSON text."""
    return json.dumps(why_as_plain(story, agreed), indent=2, ensure_ascii=False)


def why_as_markdown(story: RecordStory, agreed: Agreed) -> str:
    """Return the story of a lead for a ticket."""
    lines = [f"### {escape(headline(story, agreed))}", ""]
    lines += [f"- {when}: {escape(said)}" for when, said in _timeline(story, agreed)]
    for each in story.assignments:
        lines += ["", f"**{escape(_assignment(each, agreed))}**", ""]
        for account in accounts(story, each, agreed):
            said = " ".join([*_sentences(account, agreed), f"Agreed: {_agreed(account, each)}."])
            lines.append(f"- **{escape(account.clock.clock)}: {escape(account.state)}.** {escape(said)}")
    if not story.assignments:
        lines += ["", _NEVER]
    return "\n".join(lines)
