"""What every commitment came to before it was promised: measured on a history as if the agreement had been in force.

It only reads. What is kept of it is `baseline.json` beside the agreement, with which later reports compare.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.in_force import as_if_in_force
from sla_sync.attainment.past import Past
from sla_sync.attainment.possible import told_aside
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.history.standing import read_standing
from sla_sync.history.tables import ACTIVITIES, DEALS, LEADS, LEGS, OWNERS, RAISES, STAGES, TABLES
from sla_sync.measures.baseline import Baseline, as_plain
from sla_sync.measures.figures import Figure, Unit
from sla_sync.measures.owed import Days, months_in
from sla_sync.measures.scorecard import Kept, scorecard
from sla_sync.pipeline.known_days import days_told
from sla_sync.pipeline.past import as_of_day, folder_of, past_of, told_by_export
from sla_sync.pipeline.periods import since_day
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.calendars import calendars_of

_DAY = timedelta(days=1)
_MOST = 10
"""How many words that nobody knows are told."""
_LATE = timedelta(days=14)
"""How much later than the period the record of something may begin before it is worth a word."""
_TELLS: Mapping[str, tuple[str, str]] = {
    LEADS.name: ("records of leads", "which of them are tests, imports, merged or deleted"),
    RAISES.name: ("hand-raises", "what counts from the moment when somebody asked"),
    STAGES.name: ("changes of stage", "volumes, rates and verdicts"),
    OWNERS.name: ("changes of owner", "whose turn it was"),
    ACTIVITIES.name: ("calls, mails and meetings", "what stops at a touch or counts work"),
    DEALS.name: ("deals", "what was won and what it was worth"),
}
"""What each table holds, and what cannot be measured without it."""

_TRACKED = frozenset({STAGES.name, OWNERS.name, ACTIVITIES.name})
"""What a platform may have begun to record later than the leads themselves; deals follow their leads late of themselves."""


def baseline(
    place: Place,
    *,
    history: Path | None = None,
    target: str | None = None,
    since: date | timedelta,
    until: date | None = None,
    engine: Any = None,
) -> Baseline:
    """Return what every commitment came to from a day on, or in so long before the last day, that day included.

    Without a last day it is the one on which the history ends. Raises SlaSyncError where there is no history, or no time
    is left to measure.
    """
    agreement = read(place).usable
    zone = zone_named(agreement.metadata.timezone)
    folder = folder_of(place, history=history, target=target)
    used = engine or local_engine()
    as_of = as_of_day(folder, until, agreement.metadata.timezone, local_engine())
    if as_of is None:
        raise SlaSyncError(
            f"The history in {folder} is empty.", hint="Export it again, or name another with --history."
        )
    last = min((as_of - timedelta(microseconds=1)).astimezone(zone).date(), until or date.max)
    asked = since_day(since, last)
    standing = read_standing(folder)
    first = asked if standing is None else max(asked, _first_whole_day(standing.since.astimezone(zone)))
    if first > last:
        raise SlaSyncError(
            f"There is nothing to measure from {first} to {last}.", hint="Name an earlier day with --since."
        )
    supposed = as_if_in_force(agreement, first)
    version = supposed.metadata.version_in_force
    past = past_of(place, history=folder, as_of=as_of, agreement=supposed, agreements={version: supposed}, engine=used)
    past = _under(past, version)
    period, late = days_told(past, Period(first, last, agreement.metadata.timezone))
    calendar = calendars_of(agreement, files=past.files).main
    return Baseline(
        agreement=agreement.metadata.name,
        title=agreement.metadata.title or agreement.metadata.name,
        version=version,
        currency=agreement.metadata.currency,
        period=period,
        as_of=as_of,
        source=target or (folder.parent.name if history is None else str(folder)),
        synthetic=past.synthetic,
        months=months_in(calendar, Days(period.first, period.last)),
        kept=tuple(_supposed(each) for each in scorecard(past, period)),
        gaps=(
            *_shortened(asked, first),
            *late,
            *told_aside(past.aside),
            *told_by_export(standing),
            *gaps_of(past, period),
        ),
    )


def _first_whole_day(begun: datetime) -> date:
    return (begun + _DAY - timedelta(microseconds=1)).date()


def _shortened(asked: date, first: date) -> Iterator[str]:
    """Yield that less was measured than was asked for, where the export began later."""
    if asked < first:
        yield f"The history was exported from {first} on, so what was since {asked} and before that is not measured."


def keep(place: Place, found: Baseline) -> Path:
    """Write what was measured beside the agreement, in place of what was kept before."""
    write_atomically(place.baseline, (json.dumps(as_plain(found), indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
    return place.baseline


def kept_baseline(place: Place, *, synthetic: bool) -> Mapping[str, Figure]:
    """Return what was kept, by commitment, numbers and sums by the month; nothing where nothing was.

    What was made up is never compared with what was not. Raises SlaSyncError for a file that cannot be read.
    """
    if not place.baseline.is_file():
        return {}
    try:
        said = json.loads(place.baseline.read_text(encoding="utf-8"))
        if said["format_version"] != FORMAT_VERSION:
            raise _unreadable(place.baseline)
        if said["synthetic"] is not synthetic:
            return {}
        return {str(name): _figure(each) for name, each in said["commitments"].items() if each["value"] is not None}
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _unreadable(place.baseline) from None


def _figure(said: Mapping[str, Any]) -> Figure:
    monthly = said["per_month"]
    interval = said["interval"]
    return Figure(
        float(said["value"] if monthly is None else monthly),
        Unit(said["unit"]),
        None if said["n"] is None else int(said["n"]),
        None if interval is None else (float(interval[0]), float(interval[1])),
    )


def _unreadable(path: Path) -> SlaSyncError:
    return SlaSyncError(
        f"{path} is no baseline that can be read.", hint="Measure it again with `sla-sync baseline --keep`."
    )


def _supposed(each: Kept) -> Kept:
    """Return a commitment as measured only: what nobody had promised was neither kept nor broken."""
    return replace(each, baseline=None, disputed=None)


def _under(past: Past, version: str) -> Past:
    """Return a past in which every turn and cycle is judged by one version, whatever it was pinned to."""
    named = {
        name: table.mutate(policy=ibis.literal(version)) if "policy" in table.columns else table
        for name, table in past.tables.items()
    }
    return replace(past, tables=named)


def gaps_of(past: Past, period: Period) -> Iterator[str]:
    """Yield in sentences what the history lacks of the time that is measured."""
    for name, (what, without) in _TELLS.items():
        kept = past.tables[name]
        at = past.rows(kept.agg(first=kept[TABLES[name].at].min()))[0]["first"]
        if at is None:
            yield f"The history holds no {what}: it cannot tell {without}."
        elif name in _TRACKED and at.replace(tzinfo=UTC) > period.since + _LATE:
            yield f"The history holds {what} since {at:%Y-%m-%d} only: before that it cannot tell {without}."
    yield from _foreign(past)


def _foreign(past: Past) -> Iterator[str]:
    """Yield the words of the history that no version of the agreement knows, for nothing is promised of them."""
    versions = past.agreements.values()
    for name, column, what, known in (
        (STAGES.name, "stage", "stages", {word for each in versions for word in each.stages}),
        (LEGS.name, "priority", "priorities", {word for each in versions for word in each.priorities}),
        (RAISES.name, "source", "sources", {word for each in versions for word in each.sources}),
    ):
        said = past.tables[name][column]
        foreign = past.tables[name].filter(said.notnull() & ~said.isin([*sorted(known), ""]))
        words = [
            " ".join(str(row[column]).split())
            for row in past.rows(foreign.select(column).distinct().order_by(column).limit(_MOST))
        ]
        if known and words:
            yield f"The history holds {what} that the agreement does not know: {', '.join(words)}."
