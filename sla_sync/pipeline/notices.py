"""Every channel told of what the last audits found; one that cannot be told hides neither the audit nor another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from sla_sync.agreement.channels import Channel, Channels
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.hours import MINUTES_OF_AN_HOUR, Window
from sla_sync.agreement.load import load_agreement, load_channels
from sla_sync.audits.database import opened
from sla_sync.audits.kept import KeptFinding, Subject
from sla_sync.audits.told import last_beat, remember, told
from sla_sync.audits.trend import latest
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.notify.deciding import Item, Message, decide
from sla_sync.notify.sending import Send, address, room, send
from sla_sync.pipeline.night import asked_for
from sla_sync.places import CHANNELS_FILE, Place
from sla_sync.render.notice import notice
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.holidays import CalendarError

_BUSY_SECONDS = 60


def notify(
    places: Iterable[Place],
    database: Path,
    *,
    environ: Mapping[str, str],
    now: datetime,
    ran: bool,
    post: Send = send,
) -> Iterator[SlaSyncError | str]:
    """Tell every channel, and yield a sentence for each that was told and an error for each that could not be.

    `ran` says that the audits were made by this very run. What could not be told is told by the next run. No two runs
    tell at the same time.
    """
    lock = FileLock(database.with_name(f"{database.name}.telling"), timeout=_BUSY_SECONDS)
    try:
        with lock, opened(database) as book:
            for path, mine in _by_file(places).items():
                yield from _tell_all(path, mine, book, environ=environ, now=now, ran=ran, post=post)
    except Timeout:
        yield SlaSyncError(
            f"Another run has been telling channels for more than {_BUSY_SECONDS} seconds; this one told nobody.",
            hint="Run: sla-sync notify",
        )
    except SlaSyncError as error:
        yield error


def _by_file(places: Iterable[Place]) -> Mapping[Path, tuple[Place, ...]]:
    """Return which file of channels is about which places. Raises SlaSyncError where one of them has none."""
    found: dict[Path, tuple[Place, ...]] = {}
    for place in places:
        if place.channels is None:
            folder = place.targets.parent if place.targets else place.folder
            raise SlaSyncError(
                f"There is no {CHANNELS_FILE} in {folder}, so nobody is told.",
                hint="Write one beside targets.yaml; docs/night.md shows one.",
            )
        found[place.channels] = (*found.get(place.channels, ()), place)
    return found


def _tell_all(
    path: Path,
    places: tuple[Place, ...],
    book: Connection,
    *,
    environ: Mapping[str, str],
    now: datetime,
    ran: bool,
    post: Send,
) -> Iterator[SlaSyncError | str]:
    channels = _channels(path)
    asked = asked_for(places, ())
    audits = [found for each in asked if (found := latest(book, each.subject)) is not None]
    hours = _Hours({each.subject.agreement: each.place for each in asked}, now)
    for name, channel in channels.channels.items():
        try:
            message = decide(
                channel,
                audits,
                told(book, name),
                last_beat(book, name),
                now,
                quiet=hours.of(name, channel),
                ran=ran,
            )
            if message is None:
                continue
            url = address(name, channel.url, environ)
            post(url, *notice(channel, message, now, room=room(url)))
        except SlaSyncError as error:
            yield SlaSyncError(f"Channel '{name}' was not told: {error.message}", hint=error.hint)
            continue
        _remember(book, name, message, now)
        yield f"Told {name}: {_counted(message)}."


def _channels(path: Path) -> Channels:
    loaded = load_channels(path, root=path.parent)
    if loaded.value is None:
        raise DocumentError(f"{path} cannot be used, so nobody is told.", loaded.diagnostics)
    return loaded.value


def _remember(book: Connection, name: str, message: Message, now: datetime) -> None:
    news = _pairs((*message.news, *message.again))
    remember(book, name, now, news=news, gone=_pairs((*message.gone, *message.accepted, *message.superseded)))


def _pairs(items: Iterable[Item]) -> list[tuple[Subject, KeptFinding]]:
    return [(each.subject, each.finding) for each in items]


def _counted(message: Message) -> str:
    counts = (
        (len(message.news), "new"),
        (len(message.again), "still there"),
        (len(message.gone), "repaired"),
        (len(message.accepted), "accepted"),
    )
    return ", ".join(f"{number} {word}" for number, word in counts if number) or "how things stand"


class _Hours:
    """The hours of agreements, read when a channel asks for them."""

    def __init__(self, places: Mapping[str, Place], now: datetime) -> None:
        self._places = places
        self._now = now

    def of(self, name: str, channel: Channel) -> Callable[[Subject], bool]:
        """Return whether a channel is to be left alone now, for the clock of an agreement."""
        quiet = channel.quiet
        if quiet is None:
            return lambda _: False
        hours = quiet.hours
        if hours is not None:
            return lambda subject: within(hours, self._now, quiet.timezone or self._zone(subject.agreement))
        return lambda subject: not self._calendar(subject.agreement, quiet.calendar or "", name).is_open(self._now)

    def _zone(self, agreement: str) -> ZoneInfo:
        loaded = load_agreement(self._places[agreement].agreement, root=self._places[agreement].folder)
        return ZoneInfo(loaded.value.metadata.timezone) if loaded.value else ZoneInfo("UTC")

    def _calendar(self, agreement: str, calendar: str, channel: str) -> BusinessCalendar:
        place = self._places[agreement]
        loaded = load_agreement(place.agreement, root=place.folder)
        if loaded.value is None:
            raise DocumentError(f"{place.agreement} cannot be used.", loaded.diagnostics)
        try:
            named = calendars_of(loaded.value, files=read_holiday_files(loaded.value, place.folder).texts)
            return named.called(calendar)
        except CalendarError as error:
            message = f"its quiet hours are those of the calendar '{calendar}': {error.message}"
            raise SlaSyncError(message, hint=f"Correct `quiet` of '{channel}'.") from None


def within(hours: Window, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether an instant lies in hours of the day, which may go over midnight."""
    local = now.astimezone(zone)
    minute = local.hour * MINUTES_OF_AN_HOUR + local.minute
    opens, closes = hours.opens.minute, hours.closes.minute
    return opens <= minute < closes if opens <= closes else minute >= opens or minute < closes
