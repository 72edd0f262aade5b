"""What became of one lead at a target, beside the agreement that it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.connector import RecordStory
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.look import Conversation, Say, converse, say_nothing
from sla_sync.places import Place
from sla_sync.render.accounts import Agreed
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.holidays import CalendarError


def why(
    place: Place,
    record: str,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    say: Say = say_nothing,
) -> tuple[RecordStory, Agreed]:
    """Return the story of a lead, by the id of its record, and what was agreed about it.

    Raises SlaSyncError where the platform knows no such record, or keeps nothing of it.
    """
    with converse(place, name, environ=environ, today=today, reading=True, say=say) as opened:
        return opened.reader.story(record), agreed_in(opened)


def agreed_in(opened: Conversation) -> Agreed:
    """Return the agreement of an open conversation with its hours, and where its lines stand."""
    agreement, place = opened.prepared.agreement, opened.documents.place
    try:
        calendars = calendars_of(agreement, files=read_holiday_files(agreement, place.folder).texts)
    except CalendarError as error:
        raise SlaSyncError(error.message, hint=error.hint) from None
    source = opened.documents.sources[place.agreement]
    return Agreed(agreement, calendars, source.locate_key, opened.target.connection.now())
