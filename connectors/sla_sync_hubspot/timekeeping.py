"""Telling contacts when their clocks fall due: who asks is found by search, read, answered 100 at a time, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from operator import attrgetter
from typing import Any

from sla_sync.connector import (
    Answered,
    AskedTogether,
    BindingDocument,
    Connection,
    DatesAsked,
    DatesGiven,
    FaultError,
    RejectedError,
    Resources,
    SlaSyncError,
    UnreachableError,
    onward,
    telling_misreadings,
)
from sla_sync_hubspot.asked import Columns, asked_of, columns, is_asking, same_basis, stands, written
from sla_sync_hubspot.binding import of_hubspot
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.options import portal_options
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.pulse import leave_pulse
from sla_sync_hubspot.teams import Teams
from sla_sync_hubspot.translate import kept

TOGETHER = 100
"""How many records a batch holds (HubSpot, "Usage guidelines")."""
_FOUND_TOGETHER = 200
"""How many results a page of a search holds (HubSpot, "Search the CRM")."""
_ID = "hs_object_id"
_AMBIGUOUS = (UnreachableError, FaultError)
"""After these nobody knows whether the call was carried out: look before doing it again."""


@contextmanager
def keeping_time(
    connection: Connection, resources: Resources, binding: BindingDocument
) -> Iterator[HubSpotTimekeeping]:
    """Open a conversation that writes dates of clocks into contacts."""
    bound = of_hubspot(binding)
    names = columns(resources, bound)
    if not names.clocks:
        raise SlaSyncError(
            f"There is nothing to do for `sla-sync clock` at target '{connection.target}': HubSpot runs none of its clocks.",
            hint="Read the manual steps of `sla-sync plan`: they say why.",
        )
    client = HubSpotClient(portal_options(connection), target=connection.target, writes=True, wait=connection.wait)
    yield HubSpotTimekeeping(client, connection, names, Teams(client, bound, connection.setup.people))


@telling_misreadings(attrgetter("_client"))
class HubSpotTimekeeping:
    """One conversation in which contacts are given their dates."""

    ahead = kept.SLOTS

    def __init__(self, client: HubSpotClient, connection: Connection, names: Columns, teams: Teams) -> None:
        self._client = client
        self._agreement = connection.setup.agreement
        self._names = names
        self._teams = teams

    def asking(self) -> Iterator[AskedTogether]:
        """Yield everybody whose dates are asked for; the search is repeated until it finds nobody new.

        The index of the search lags behind, so that every contact is read before it is believed.
        """
        seen: set[str] = set()
        while True:
            new = False
            for found in _in_parts((each for each in self._search() if each not in seen), TOGETHER):
                new = True
                seen.update(found)
                contacts = self._contacts(found)
                asking = tuple(self._asked(each) for each in contacts if is_asking(each, self._names))
                yield AskedTogether(asking, already=len(found) - len(asking))
            if not new:
                return

    def read(self, records: Sequence[str]) -> tuple[DatesAsked, ...]:
        """Return these contacts as they stand now; who is gone is left out."""
        return tuple(self._asked(each) for each in self._contacts(records))

    def answer(self, answers: Sequence[DatesGiven]) -> Answered:
        """Write these dates into their contacts, which costs one read and one call, and read back what stands there.

        The call is repeated only for those in which a second reading does not show the dates.
        """
        before = self._by_id([each.asked.record for each in answers])
        there = [each for each in answers if each.asked.record in before]
        as_asked = [each for each in there if same_basis(each.asked, self._asked(before[each.asked.record]))]
        # Whoever asks anew may be given the very dates that stand there: it waits for the word that they are written.
        wanted = [
            each
            for each in as_asked
            if is_asking(before[each.asked.record], self._names) or not self._stands(each, before)
        ]
        refused = self._write(wanted, before)
        after = self._by_id([each.asked.record for each in wanted])
        stays = before | after
        gone = [each.asked.record for each in answers if each.asked.record not in stays]
        gone += [each.asked.record for each in wanted if each.asked.record not in after]
        stand = [each.asked.record for each in as_asked if self._stands(each, stays)]
        settled = {*stand, *gone, *refused}
        moved = tuple(each.asked.record for each in answers if each.asked.record not in settled)
        kept_ones = tuple(each for each in stand if each not in gone)
        return Answered(kept_ones, moved, tuple(gone), refused)

    def leave_pulse(self, at: datetime) -> None:
        """Leave the instant of this run in a hidden property."""
        leave_pulse(self._client, self._agreement, at)

    def _search(self) -> Iterator[str]:
        """Yield the ids of contacts whose dates are asked for, the lowest first.

        Each page asks for ids above the last one: a search answers 10,000 results at most, however it is paged.
        """
        last = "0"
        seen: set[str] = set()
        while True:
            onward(seen, last)
            asking = {"propertyName": self._names.named(kept.DATES), "operator": "EQ", "value": kept.ASKED}
            body = {
                "filterGroups": [{"filters": [asking, {"propertyName": _ID, "operator": "GT", "value": last}]}],
                "sorts": [{"propertyName": _ID, "direction": "ASCENDING"}],
                "properties": [_ID],
                "limit": _FOUND_TOGETHER,
            }
            try:
                page = self._client.call("POST", Api.OBJECTS, f"/{CONTACTS}/search", body=body)
            except RejectedError as error:
                if error.status == HTTPStatus.BAD_REQUEST:
                    error.hint = "Run sla-sync apply first: it creates the properties in which the dates stand."
                raise
            found = [str(each["id"]) for each in page.get("results", ())]
            yield from found
            if len(found) < _FOUND_TOGETHER:
                return
            last = found[-1]

    def _contacts(self, records: Sequence[str]) -> list[dict[str, Any]]:
        """Return contacts as they stand now; those that were deleted or merged into others are absent."""
        if not records:
            return []
        body = {"inputs": [{"id": each} for each in records], "properties": list(self._names.read)}
        found: list[dict[str, Any]] = self._client.call("POST", Api.OBJECTS, f"/{CONTACTS}/batch/read", body=body)[
            "results"
        ]
        return found

    def _by_id(self, records: Sequence[str]) -> dict[str, dict[str, Any]]:
        return {str(each["id"]): each for each in self._contacts(records)}

    def _asked(self, contact: Mapping[str, Any]) -> DatesAsked:
        return asked_of(contact, self._names, self._teams.of)

    def _stands(self, given: DatesGiven, contacts: Mapping[str, Mapping[str, Any]]) -> bool:
        contact = contacts[given.asked.record]
        return stands(given, contact, self._asked(contact), self._names)

    def _write(self, answers: Sequence[DatesGiven], contacts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """Write the dates, and return why records were refused."""
        quiet = [each for each in answers if not is_asking(contacts[each.asked.record], self._names)]
        # Their workflow waits by dates that are wrong by now: it lets go of who asks, and takes up who is answered.
        asking = {self._names.named(kept.DATES): kept.ASKED}
        self._update({each.asked.record: asking for each in quiet})
        values = {each.asked.record: written(each, contacts[each.asked.record], self._names) for each in answers}
        try:
            return self._update(values)
        except _AMBIGUOUS:
            now = self._by_id(tuple(values))
            missing = [
                each.asked.record for each in answers if each.asked.record in now and not self._stands(each, now)
            ]
            return self._update({each: values[each] for each in missing})

    def _update(self, values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Update contacts in one call, and return why records were refused, by id."""
        if not values:
            return {}
        # With a trace id each, one record that is refused does not take the others with it (HubSpot, "Batch" guide).
        inputs = [
            {"id": record, "properties": properties, "objectWriteTraceId": record}
            for record, properties in values.items()
        ]
        answer = self._client.call("POST", Api.OBJECTS, f"/{CONTACTS}/batch/update", body={"inputs": inputs})
        done = {str(each["id"]) for each in answer.get("results", ())}
        return _refusals(answer.get("errors", ()), [each for each in values if each not in done])


def _refusals(errors: Iterable[Mapping[str, Any]], undone: Sequence[str]) -> dict[str, str]:
    """Return why each record was refused; one that does not exist any more is none of them."""
    found: dict[str, str] = {}
    for error in errors:
        context = error.get("context") or {}
        named = [str(each) for key in ("objectWriteTraceId", "ids") for each in context.get(key) or ()]
        if error.get("category") != "OBJECT_NOT_FOUND":
            found |= {
                each: str(error.get("message") or "HubSpot does not say why.") for each in named if each in undone
            }
    return found


def _in_parts(items: Iterable[str], size: int) -> Iterator[list[str]]:
    part: list[str] = []
    for each in items:
        part.append(each)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
