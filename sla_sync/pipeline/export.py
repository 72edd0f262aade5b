"""Exporting what happened to leads: from a target's own history into a folder, from where the last export ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from sla_sync.agreement.durations import MONTHS, SECONDS, Duration
from sla_sync.agreement.targets import HistoryKept, Target
from sla_sync.connector import Setup
from sla_sync.connector.history import HistoryAsked, Piece, TellsHistory, Untold
from sla_sync.connector.misreadings import STUMBLES, misreading
from sla_sync.errors import SlaSyncError
from sla_sync.history import manifest
from sla_sync.history.copied import SHAPES, CopiedTables
from sla_sync.history.elsewhere import KEYS, rows_of, spelled, tables_in
from sla_sync.history.export import Keeping, only_one
from sla_sync.history.keys import key_of
from sla_sync.history.leaving import drop_older, forget
from sla_sync.history.parquet import files
from sla_sync.history.privacy import Privacy
from sla_sync.history.standing import Lacking, Standing, read_standing, write_standing
from sla_sync.history.tables import TABLES
from sla_sync.history.wanted import wanted_by
from sla_sync.pipeline.build import prepare
from sla_sync.pipeline.look import Say, binding_of, choose_target, converse, say_nothing
from sla_sync.pipeline.past import FOLDER, agreed_versions
from sla_sync.pipeline.validate import Documents, read
from sla_sync.places import Place

BACK = timedelta(days=180)
"""How far a first export looks back where nobody says so."""
NEUTRAL = "neutral"
"""The shape of tables that have our own names and columns."""
_DERIVED = frozenset({"legs"})
"""What follows from the other tables where nobody recorded it."""
_TOLD_EVERY = 50_000


@dataclass(frozen=True)
class Span:
    """Of which time history is asked for: from a day or so long before now, to before the end of a day or up to now."""

    since: date | timedelta | None = None
    until: date | None = None


@dataclass(frozen=True)
class Exported:
    """What came of an export: how many rows came and are held by table, and what the source does not tell."""

    source: str
    folder: Path
    since: datetime
    until: datetime
    went_on: bool
    """Whether only what is new since the last export was asked for."""
    came: Mapping[str, int]
    held: Mapping[str, int]
    untold: tuple[Lacking, ...]
    pseudonyms: bool
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The months, by table, of which rows were deleted that are older than what is kept."""
    too_old: int = 0
    newly_named: tuple[str, ...] = ()
    """Fields that the agreement compares with words which were not kept before."""


@dataclass(frozen=True)
class Forgotten:
    """What was removed of one lead: how many rows of each table."""

    folder: Path
    removed: Mapping[str, int]


def export(
    place: Place,
    name: str,
    span: Span,
    *,
    environ: Mapping[str, str],
    out: Path | None = None,
    anew: bool = False,
    today: date | None = None,
    say: Say = say_nothing,
) -> Exported:
    """Keep what a target tells of the past in a folder, that of its state unless another is named.

    It goes on from where the last export ended, unless it is to begin `anew`. Raises SlaSyncError where the target tells no
    history, or another export into the folder is under way.
    """
    with converse(place, name, environ=environ, today=today, reading=True, say=say) as opened:
        reader = opened.reader
        if not isinstance(reader, TellsHistory):
            raise SlaSyncError(
                f"Connector '{opened.said.connector}' does not tell what happened to leads.",
                hint="Bring the history from elsewhere with --from.",
            )
        now = opened.target.connection.now()
        folder = out or opened.target.folder / FOLDER
        with only_one(folder):
            privacy = privacy_of(opened.documents, name, opened.said, environ)
            keeping, went_on = begun(
                folder, f"{name} on {opened.said.connector}", span, now, privacy, opened.said, anew=anew
            )
            standing, words = keeping.standing, opened.prepared
            asked = HistoryAsked(standing.since, standing.until, words.resources, words.binding, dict(standing.marks))
            keep(reader.history(asked), keeping, say)
            return ended(keeping, went_on=went_on)


def bring(
    place: Place,
    name: str,
    source: str,
    span: Span,
    *,
    environ: Mapping[str, str],
    now: datetime,
    shape: str = NEUTRAL,
    out: Path | None = None,
    say: Say = say_nothing,
) -> Exported:
    """Keep the tables of a folder or a warehouse as the history of a target, all of them each time.

    `source` is a folder, an address, or the environment variable that holds one. Raises SlaSyncError where it has no table.
    """
    documents = read(place)
    target = choose_target(documents, name)
    source = environ.get(source, source)
    told = _neutral(source) if shape == NEUTRAL else _copied(documents, target, source, shape)
    folder = out or place.state / name / FOLDER
    with only_one(folder):
        privacy = privacy_of(documents, name, target, environ)
        keeping, _ = begun(folder, f"tables {spelled(source)}", span, now, privacy, target, anew=True)
        keep(told(keeping.standing), keeping, say)
        return ended(keeping, went_on=False)


def _neutral(source: str) -> Callable[[Standing], Iterator[Piece | Untold]]:
    """Return what tells tables of our own columns."""
    tables = tables_in(source)

    def told(standing: Standing) -> Iterator[Piece | Untold]:
        for name, opened in tables.items():
            table = TABLES[name]
            for rows in rows_of(table, opened(), f"{name} of {spelled(source)}"):
                early = [row for row in rows if isinstance(at := row[table.at], datetime) and at < standing.until]
                yield Piece(table, early, name, "", KEYS[name])
        for name in TABLES:
            if name not in tables and name not in _DERIVED:
                yield Untold(
                    TABLES[name].means, f"{spelled(source)} has no table {name}.", "Add it, if anybody knows it."
                )

    return told


def _copied(
    documents: Documents, target: Target, source: str, shape: str
) -> Callable[[Standing], Iterator[Piece | Untold]]:
    """Return what tells tables that a tool copied of the platform, in the words of the target's binding."""
    found = SHAPES[shape]
    prepared = prepare(documents, binding_of(documents, target), target.people)
    tell = prepared.connector.history_copied
    if prepared.connector.name != found.platform or tell is None:
        raise SlaSyncError(
            f"Tables of the shape {shape} are copies of {found.platform}, and the target is on '{prepared.connector.name}'.",
            hint="Name a target on that platform, or another --shape.",
        )
    copied = CopiedTables(tables_in(source, map(found.spelled, found.tables)), found.spelled)
    setup = Setup(prepared.agreement.metadata.name, target.people)

    def told(standing: Standing) -> Iterator[Piece | Untold]:
        asked = HistoryAsked(standing.since, standing.until, prepared.resources, prepared.binding)
        return readable(tell(asked, setup, copied), source)

    return told


def readable(told: Iterator[Piece | Untold], source: str) -> Iterator[Piece | Untold]:
    """Yield what is told of tables that a tool copied. Raises SlaSyncError where they hold what cannot be read."""
    try:
        yield from told
    except STUMBLES as error:
        said = misreading(error)
        if said is None:
            raise
        raise SlaSyncError(
            f"The tables of {spelled(source)} hold a value that cannot be read: {said}.",
            hint="Copy them again, or correct that value where they were copied from.",
        ) from error


def keep(told: Iterable[Piece | Untold], keeping: Keeping, say: Say = say_nothing) -> None:
    """Keep all that is told. What came before an error is kept, so that the next export goes on from there."""
    last = 0
    try:
        for each in told:
            if isinstance(each, Piece):
                keeping.put(each.table, each.rows, each.key)
                keeping.reached(each.stream, each.mark)
            else:
                keeping.lacks(Lacking(each.what, each.because, each.hint))
            total = sum(keeping.rows.values())
            if total - last >= _TOLD_EVERY:
                last = total
                say(f"{total:,} rows so far …")
    except BaseException:
        keeping.flush()
        raise


def privacy_of(documents: Documents, name: str, target: Target, environ: Mapping[str, str]) -> Privacy:
    """Return how rows of a target are made fit to be kept: under every version of the agreement that was ever agreed."""
    agreement, place = documents.usable, documents.place
    wanted = wanted_by([agreement, *agreed_versions(place, agreement).values()])
    key = key_of(name, target.history.key, place.state / name, environ)
    return Privacy(key, wanted, pseudonyms=target.history.pseudonyms)


def begun(
    folder: Path, source: str, span: Span, now: datetime, privacy: Privacy, target: Target, *, anew: bool
) -> tuple[Keeping, bool]:
    """Return an export into a folder and whether it goes on from the last one. Raises SlaSyncError where it must not."""
    before = _checked(folder, source, privacy)
    begin = begin_of(target.history, now)
    until = datetime.combine(span.until, datetime.min.time(), UTC) + timedelta(days=1) if span.until else now
    since = _since(span.since, now)
    went_on = before is not None and not anew and _continues(before, span, since, until)
    if before is not None and went_on and span.since is None:
        since = before.since
    standing = Standing(
        source=source,
        key=privacy.fingerprint,
        pseudonyms=privacy.pseudonyms,
        since=max(since, begin) if begin else since,
        until=until,
        limited=span.until is not None,
        marks=before.marks if before is not None and went_on else {},
        words=before.words if before is not None and went_on else privacy.wanted.words,
        untold=before.untold if before is not None and went_on and not before.finished else (),
        forgotten=before.forgotten if before is not None else (),
    )
    kept = replace(privacy, forgotten=frozenset(standing.forgotten))
    write_standing(folder, standing)
    return Keeping(folder, standing, kept, begin), went_on


def _since(said: date | timedelta | None, now: datetime) -> datetime:
    if isinstance(said, date):
        return datetime.combine(said, datetime.min.time(), UTC)
    return now - (said if said is not None else BACK)


def _continues(before: Standing, span: Span, since: datetime, until: datetime) -> bool:
    """Return whether an export may go on from the marks of the last one; those of one up to a day are no use to another."""
    if before.limited or span.until is not None:
        return before.limited and not before.finished and before.until == until
    return span.since is None or since >= before.since - timedelta(days=1)


def _checked(folder: Path, source: str, privacy: Privacy) -> Standing | None:
    before = read_standing(folder)
    elsewhere = "Name another folder with --out, or move this one away."
    if before is None:
        if (folder / manifest.NAME).is_file():
            raise SlaSyncError(f"{folder} holds a history that was not exported from {source}.", hint=elsewhere)
        return None
    if before.source != source:
        raise SlaSyncError(f"{folder} holds a history of {before.source}, and not of {source}.", hint=elsewhere)
    if before.pseudonyms != privacy.pseudonyms:
        kept = "with pseudonyms" if before.pseudonyms else "without pseudonyms"
        raise SlaSyncError(
            f"The history in {folder} was kept {kept}, and the target asks for it otherwise.", hint=elsewhere
        )
    if before.key != privacy.fingerprint:
        raise SlaSyncError(
            f"The history in {folder} was kept under another key: the same leads would get other pseudonyms.",
            hint=f"Bring the key back. {elsewhere}",
        )
    return before


def begin_of(history: HistoryKept, now: datetime) -> datetime | None:
    """Return the first instant of the first month that is kept; None where all are."""
    if history.keep is None:
        return None
    month = _earlier(history.keep, now)
    return month.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _earlier(length: Duration, now: datetime) -> datetime:
    now = now.astimezone(UTC)
    if length.unit in MONTHS:
        months = now.year * 12 + now.month - 1 - length.count * MONTHS[length.unit]
        return now.replace(year=months // 12, month=months % 12 + 1, day=1)
    return now - timedelta(seconds=length.count * SECONDS[length.unit])


def ended(keeping: Keeping, *, went_on: bool) -> Exported:
    """Bring all that came into its month, let go of what is too old, and return what came of it."""
    known = keeping.standing.words
    keeping.finish()
    dropped = drop_older(keeping.folder, keeping.begin) if keeping.begin else {}
    standing = keeping.standing
    named = [name for name, words in standing.words.items() if set(words) - set(known.get(name, ()))]
    return Exported(
        source=standing.source,
        folder=keeping.folder,
        since=standing.since,
        until=standing.until,
        went_on=went_on,
        came=dict(keeping.rows),
        held=held(keeping.folder),
        untold=standing.untold,
        pseudonyms=standing.pseudonyms,
        dropped=dropped,
        too_old=keeping.too_old,
        newly_named=tuple(named),
    )


def held(folder: Path) -> Mapping[str, int]:
    """Return how many rows of each table a folder holds."""
    return {
        name: sum(pq.read_metadata(path).num_rows for path in paths)
        for name in TABLES
        if (paths := files(folder, name))
    }


def forgotten(place: Place, name: str, lead: str, *, environ: Mapping[str, str], out: Path | None = None) -> Forgotten:
    """Remove all that the history of a target holds of one lead, named by its id there or by the one that reports show.

    Later exports leave the lead out. Raises SlaSyncError where no history was exported.
    """
    documents = read(place)
    target = choose_target(documents, name)
    folder = out or place.state / name / FOLDER
    with only_one(folder):
        before = read_standing(folder)
        if before is None:
            raise SlaSyncError(
                f"No history of «{name}» was exported into {folder}.", hint="Name the folder with --out."
            )
        privacy = privacy_of(documents, name, target, environ)
        _checked(folder, before.source, privacy)
        gone, removed = forget(folder, frozenset({lead, privacy.identity(lead)}))
        hashed = {privacy.hashed(lead), *(gone if privacy.pseudonyms else map(privacy.hashed, gone))}
        write_standing(folder, replace(before, forgotten=tuple(sorted({*before.forgotten, *hashed}))))
    return Forgotten(folder, removed)
