"""How long a delay lasts, and which instant a time relative to now is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.instants import instant_of
from sla_sync_hubspot.simulator.refusals import Json

_UNITS = {
    "MINUTES": timedelta(minutes=1),
    "HOURS": timedelta(hours=1),
    "DAYS": timedelta(days=1),
    "WEEKS": timedelta(weeks=1),
}


def set_delay(fields: Json, now: datetime, _zone: ZoneInfo, _values: Mapping[str, str]) -> datetime:
    """Return when a delay for a set amount of time ends: it counts calendar time, at night and on Sundays too."""
    return now + int(fields["delta"]) * _UNITS[fields["time_unit"]]


def until_date(fields: Json, now: datetime, zone: ZoneInfo, values: Mapping[str, str]) -> datetime:
    """Return when a delay until a date ends: at the date, moved by `delta`, at `time_of_day` where one is given.

    Inferred: that a date which has passed, or a property without a value, ends the delay at once; and that a date
    without a time begins at midnight of the portal's time zone.
    """
    said = fields["date"]
    text = said["staticValue"] if said["type"] == "STATIC_VALUE" else values.get(said["propertyName"])
    moment = instant_of(text, zone) if text else None
    if moment is None:
        return now
    moment += int(fields["delta"]) * _UNITS[fields["time_unit"]]
    return at_time(moment, fields.get("time_of_day"), zone)


def relative(delay: Json, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant so long after now, at `timeOfDay` of that day where one is given.

    Inferred: that the time of day is the portal's unless `timeZoneStrategy` names another zone, and that a day is 24
    hours where no time of day is given.
    """
    named = delay.get("timeZoneStrategy")
    here = ZoneInfo(named["timeZoneId"]) if named else zone
    return at_time(now + delay["delta"] * _UNITS[delay["timeUnit"]], delay.get("timeOfDay"), here)


def at_time(moment: datetime, said: Json | None, zone: ZoneInfo) -> datetime:
    """Return the same day at another time of day, or the moment itself where none is said."""
    if said is None:
        return moment
    day = moment.astimezone(zone).date()
    return datetime.combine(day, time(said["hour"], said["minute"]), zone).astimezone(UTC)
