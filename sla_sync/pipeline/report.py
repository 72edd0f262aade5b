"""The pack of a meeting: every report over a past, with what drifted, how the agreement changed, and the last minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sla_sync.agreement.disputes import Dispute
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.governance import Review
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine, measure
from sla_sync.attainment.in_force import in_order
from sla_sync.attainment.kept import last_told
from sla_sync.attainment.possible import told_aside
from sla_sync.audits import database as audits
from sla_sync.audits.trend import trends
from sla_sync.errors import SlaSyncError
from sla_sync.explain.names import capital, heading, words
from sla_sync.history.standing import Standing, read_standing
from sla_sync.measures.calibration import calibration
from sla_sync.measures.completeness import completeness
from sla_sync.measures.conversion import conversions
from sla_sync.measures.effort import effort
from sla_sync.measures.figures import Figure
from sla_sync.measures.hygiene import hygiene
from sla_sync.measures.lacking import lacking
from sla_sync.measures.load import load
from sla_sync.measures.overdue import overdue
from sla_sync.measures.pacing import closed_months, pacing
from sla_sync.measures.pack import Change, Minutes, Pack
from sla_sync.measures.rejections import rejections
from sla_sync.measures.revenue import revenue
from sla_sync.measures.scorecard import scorecard
from sla_sync.measures.speed import speed
from sla_sync.measures.waterfall import waterfall
from sla_sync.pipeline.baseline import gaps_of, kept_baseline
from sla_sync.pipeline.disputes import disputes_of
from sla_sync.pipeline.frozen import Months, frozen_in, with_closed
from sla_sync.pipeline.known_days import in_force_of, known_of
from sla_sync.pipeline.minutes import folder_of as minutes_in
from sla_sync.pipeline.minutes import last_minutes
from sla_sync.pipeline.past import folder_of, past_of, told_by_export
from sla_sync.pipeline.periods import WEEK, instant_of, period_of
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.render.pack.numbers import minute
from sla_sync.render.pack.sides import sides_of
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.holidays import CalendarError

if TYPE_CHECKING:
    from sla_sync.attainment.past import Past

AUDITS = "audits.sqlite"
_MONTHS_OF_COHORTS = 6
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: whose history, as of when, over which days, for which meeting and for whose eyes.

    `names` holds names of owners by id, `links` the address of a record with `{id}` in it, `kept` the folder of earlier packs.
    """

    history: Path | None = None
    target: str | None = None
    as_of: str | None = None
    period: str = WEEK
    review: str = "weekly"
    names: Mapping[str, str] | None = None
    links: str = ""
    kept: Path | None = None
    engine: Any = None


@dataclass(frozen=True)
class Reported:
    """The pack with what the agreement says of its meeting, and the past that it was reckoned from."""

    pack: Pack
    meeting: Review
    past: Past
    day: date
    only: tuple[str, ...]
    """The reports that the meeting looks at (R11, R6); all where the agreement names none."""
    frozen: Months
    """What closed months came to when they were frozen."""


def report(place: Place, asked: Asked) -> Reported:
    """Return the pack of a meeting. Raises SlaSyncError where there is no history, or something that is asked cannot be."""
    documents = read(place)
    agreement = documents.usable
    zone = agreement.metadata.timezone
    meeting = meeting_of(agreement, asked.review)
    as_of = instant_of(asked.as_of, zone) if asked.as_of is not None else None
    past = past_of(place, history=asked.history, target=asked.target, as_of=as_of, engine=asked.engine)
    period = period_of(asked.period, past.as_of, zone, agreement.metadata.fiscal_year_start)
    day = past.as_of.astimezone(zone_named(zone)).date()
    folder = folder_of(place, history=asked.history, target=asked.target)
    standing = read_standing(folder)
    told = last_told(local_engine(), folder) or past.as_of
    unknown = (*in_force_of(past, period), *known_of(past, period, told))
    kept = frozen_in(asked.kept, agreement.metadata.name, synthetic=past.synthetic)
    try:
        closed = closed_months(past, max(_months_before(day, _MONTHS_OF_COHORTS), agreement.metadata.effective.start))
        pack = packed(
            past,
            period,
            source=_source(asked, standing, zone),
            changes=(*drift_kept(place, asked.target, agreement.metadata.name), *_versions(past)),
            gaps=(*unknown, *told_aside(past.aside), *told_by_export(standing), *gaps_of(past, period)),
            disputes=disputes_of(documents),
            frozen=kept,
            baseline=kept_baseline(place, synthetic=past.synthetic),
            minutes=_last_minutes(place, meeting, asked.kept, day),
            names=asked.names if meeting.who else None,
            links=asked.links,
            readers=tuple(meeting.who),
        )
    except CalendarError as error:
        raise SlaSyncError(error.message, hint=error.hint) from None
    return Reported(pack, meeting, past, day, tuple(reports_of(agreement, meeting)), with_closed(kept, closed))


def packed(
    past: Past,
    period: Period,
    *,
    source: str,
    changes: tuple[Change, ...] = (),
    disputes: tuple[Dispute, ...] = (),
    baseline: Mapping[str, Figure] | None = None,
    frozen: Months | None = None,
    gaps: tuple[str, ...] = (),
    minutes: Minutes | None = None,
    names: Mapping[str, str] | None = None,
    links: str = "",
    readers: tuple[str, ...] = (),
) -> Pack:
    """Return every report over a past, and what is said besides. Raises CalendarError and FormatError."""
    metadata = past.agreement.metadata
    measured = measure(past.engine, past.tables["legs"], past.agreements, period, past.as_of, files=past.files)
    kept = scorecard(past, period, disputes=disputes, baseline=baseline)
    unknown = lacking(past)
    judged = tuple(each for each in measured.attainment.figures if each.commitment not in unknown)
    cohorts = Period(_months_before(period.last, _MONTHS_OF_COHORTS - 1), period.last, period.zone)
    unjudged = tuple(
        f"{count:,} turns are pinned to version {version} of the agreement, which is not known here."
        for version, count in measured.unjudged.items()
    )
    return Pack(
        title=metadata.title,
        agreement=metadata.name,
        version=metadata.version_in_force,
        period=period,
        as_of=past.as_of,
        synthetic=past.synthetic,
        source=source,
        sides=sides_of(kept, currency=metadata.currency or ""),
        scorecard=kept,
        attainment=replace(measured.attainment, figures=judged),
        overdue=overdue(past),
        speed=speed(past, period),
        pacing=pacing(past, frozen=frozen),
        rejections=rejections(past, period),
        conversions=conversions(past, cohorts),
        completeness=completeness(past, period),
        effort=effort(past, period),
        waterfall=waterfall(past, period),
        revenue=revenue(past),
        hygiene=hygiene(past),
        load=load(past, period),
        changes=changes,
        disputes=tuple(map(_disputed, disputes)),
        gaps=(*gaps, *unjudged),
        minutes=minutes,
        names=names or {},
        links=links,
        currency=metadata.currency or "",
        readers=readers,
        calibration=calibration(past, cohorts),
    )


def _disputed(each: Dispute) -> str:
    of = f"{each.lead}, {each.leg}" if each.leg else each.lead
    return f"{of}, {heading(each.commitment)}: {each.because} ({capital(words(each.by))}, {each.on})"


def meeting_of(agreement: Agreement, name: str) -> Review:
    """Return a meeting of the agreement; one without a word about it where it names none so. Raises SlaSyncError."""
    known = ("weekly", "monthly", "quarterly", "after_campaign")
    if name not in known:
        raise SlaSyncError(f"'{name}' is no meeting.", hint=f"Name one of these with --review: {', '.join(known)}.")
    found: Review | None = getattr(agreement.reviews, name) if agreement.reviews is not None else None
    return found if found is not None else Review()


def reports_of(agreement: Agreement, meeting: Review) -> Iterator[str]:
    """Yield the reports that a meeting looks at, those included that the agreement has under a name."""
    for name in meeting.pack:
        yield from agreement.reports[name].shows if name in agreement.reports else (name,)


def _months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before that of a day."""
    year, month = divmod(day.year * _MONTHS_OF_A_YEAR + day.month - 1 - months, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, 1)


def _source(asked: Asked, standing: Standing | None, zone: str) -> str:
    if standing is not None:
        return f"{standing.source}, exported up to {minute(standing.until, zone_named(zone))}"
    if asked.target is not None:
        return f"the history that was exported of {asked.target}"
    return f"the history in {asked.history}" if asked.history is not None else "the history that was exported"


def _last_minutes(place: Place, meeting: Review, kept: Path | None, day: date) -> Minutes | None:
    folder = minutes_in(meeting.minutes, place.folder)
    return last_minutes(tuple(each for each in (folder, kept) if each is not None), day)


def _versions(past: Past) -> Iterator[Change]:
    """Yield when each version took force, the newest first."""
    for name, since in reversed(in_order(past.agreements)):
        if since <= past.as_of:
            yield Change(since, f"Version {name} of the agreement took force.")


def drift_kept(place: Place, target: str | None, name: str) -> Iterator[Change]:
    """Yield the findings of kept audits of an agreement that are open, target by target, the one that is open longest first."""
    path = place.state / AUDITS
    if not path.is_file():
        return
    with audits.opened(path) as book:
        found = trends(book, since=_EVER, targets=(target,) if target else ())
    for trend in found:
        if trend.subject.agreement != name:
            continue
        for each in trend.open:
            yield Change(each.first_seen, f"{trend.subject.target}: {each.finding.sentence}", each.finding.gravity)
