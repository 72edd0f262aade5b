"""The SQL of measures, for those who keep the tables of a history in a warehouse and reckon there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import local_engine, measure
from sla_sync.attainment.kept import kept_in
from sla_sync.attainment.past import Past
from sla_sync.attainment.possible import told_aside
from sla_sync.attainment.writing import DIALECTS, Writer
from sla_sync.errors import SlaSyncError
from sla_sync.measures.calibration import calibration
from sla_sync.measures.completeness import completeness
from sla_sync.measures.conversion import conversions
from sla_sync.measures.effort import effort
from sla_sync.measures.hygiene import hygiene
from sla_sync.measures.load import load
from sla_sync.measures.overdue import overdue
from sla_sync.measures.pacing import pacing
from sla_sync.measures.rejections import rejections
from sla_sync.measures.revenue import revenue
from sla_sync.measures.scorecard import scorecard
from sla_sync.measures.speed import speed
from sla_sync.measures.waterfall import waterfall
from sla_sync.pipeline.past import folder_of, past_of
from sla_sync.pipeline.periods import WEEK, instant_of, period_of
from sla_sync.pipeline.validate import read
from sla_sync.places import Place

MEASURES: Mapping[str, Callable[[Past, Period], object]] = {
    "attainment": lambda past, period: measure(
        past.engine, past.tables["legs"], past.agreements, period, past.as_of, files=past.files
    ),
    "speed": speed,
    "overdue": lambda past, _: overdue(past),
    "effort": effort,
    "conversions": conversions,
    "rejections": rejections,
    "pacing": lambda past, _: pacing(past),
    "completeness": completeness,
    "waterfall": waterfall,
    "load": load,
    "scorecard": scorecard,
    "revenue": lambda past, _: revenue(past),
    "calibration": calibration,
    "hygiene": lambda past, _: hygiene(past),
}
"""Every measure that is reckoned from a history, by the name under which one asks for its SQL."""


def sql(
    place: Place,
    dialect: str,
    *,
    measures: Iterable[str] = (),
    history: Path | None = None,
    target: str | None = None,
    as_of: str | None = None,
    period: str = WEEK,
) -> str:
    """Return a script that reckons measures, all where none is named; raises SlaSyncError.

    What a statement holds may follow from the answer to an earlier one, so a history is asked here while they are written.
    """
    if dialect not in DIALECTS:
        raise SlaSyncError(f"'{dialect}' is no dialect.", hint=f"Name one of these: {', '.join(DIALECTS)}.")
    named = tuple(measures) or tuple(MEASURES)
    unknown = next((each for each in named if each not in MEASURES), None)
    if unknown is not None:
        raise SlaSyncError(f"'{unknown}' is no measure.", hint=f"Name one of these: {', '.join(MEASURES)}.")
    metadata = read(place).usable.metadata
    zone = metadata.timezone
    instant = instant_of(as_of, zone) if as_of is not None else None
    past = past_of(place, history=history, target=target, as_of=instant)
    folder = folder_of(place, history=history, target=target)
    days = period_of(period, past.as_of, zone, metadata.fiscal_year_start)
    return "\n".join(script(past, writer_over(folder, past, dialect), days, named))


def writer_over(folder: Path, past: Past, dialect: str) -> Writer:
    """Return an engine that knows the tables of a folder under their plain names, and has written nothing yet."""
    writer = Writer(local_engine(), dialect)
    for name, table in kept_in(writer.local, folder, past.as_of).items():
        writer.table_of(name, table)
    return writer


def script(past: Past, writer: Writer, period: Period, named: Iterable[str]) -> Iterator[str]:
    """Yield the script part by part: the tables that follow from events, then each measure."""
    plain = replace(past, engine=writer, tables=writer.tables)
    yield f"-- {past.agreement.metadata.name}, as of {past.as_of.isoformat()}, {period.first} to {period.last}."
    yield "-- The tables of the history must be there under their names; instants are in UTC, without a zone."
    for each in told_aside(past.aside):
        yield f"-- {each} Leave such rows out of the warehouse too."
    known = with_derived(plain)
    yield from _told("what follows from events", writer.statements)
    for name in named:
        done = len(writer.statements)
        MEASURES[name](known, period)
        yield from _told(name, writer.statements[done:])


def _told(name: str, statements: list[str]) -> Iterator[str]:
    for number, each in enumerate(statements, start=1):
        yield f"\n-- {name}, {number} of {len(statements)}\n{each};"
