"""What people do in the org of docs/measured.md before anything is promised there: leads come, are called, get a status."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_sync.connector.simulation import Running, serve
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.telephone import Telephone, calling

OFFICE = ZoneInfo("America/New_York")


class Came(NamedTuple):
    """Somebody who came: on which day of September at what time, from where, and to whom.

    They were called after so many minutes, by whoever had them, and had another status so many minutes later.
    """

    name: str
    day: int
    clock: str
    source: str
    owner: str
    called: int = 0
    becomes: str = ""
    later: int = 0


TAKEN, GIVEN_UP = "Working - Contacted", "Closed - Not Converted"
CAME = (
    Came("Ada Moss", 1, "09:20", "Web", "ana", 35, TAKEN, 5),
    Came("Bo Lindt", 2, "11:05", "Web", "ben", 170, TAKEN, 30),
    Came("Cy Ortega", 4, "16:40", "Phone Inquiry", "ana", 5_360, TAKEN, 10),
    Came("Dia Roth", 9, "10:00", "Web", "ben", 45, GIVEN_UP, 20),
    Came("Eli Park", 10, "13:30", "Partner Referral", "ana", 90, TAKEN, 60),
    Came("Fay Noor", 14, "15:15", "Web", "ben"),
    Came("Gil Sato", 16, "09:45", "Web", "ana", 20, TAKEN, 15),
    Came("Hana Wu", 18, "12:10", "Phone Inquiry", "ben", 270, TAKEN, 5),
    Came("Ivo Brandt", 22, "14:30", "Web", "ana", 1_480, GIVEN_UP, 10),
    Came("Jo Keller", 24, "10:20", "Web", "ben", 15, TAKEN, 120),
)
Deed = Callable[[Telephone], None]


def at(day: int, clock: str) -> datetime:
    """Return an instant in September 2026 by the clocks of the office."""
    return datetime.fromisoformat(f"2026-09-{day:02} {clock}").replace(tzinfo=OFFICE).astimezone(UTC)


def september(running: Running) -> None:
    """Let ten people come, be called or be forgotten."""
    with calling(running) as line:
        users = {str(each["Username"]).partition("@")[0]: str(each["Id"]) for each in line.query(_USERS)}
        deeds = chain.from_iterable(_deeds(each, users[each.owner]) for each in CAME)
        for moment, deed in sorted(deeds, key=lambda each: each[0]):
            running.run_until(moment)
            deed(line)
    running.run_until(at(30, "18:00"))


_USERS = "SELECT Id, Username FROM User"


def _deeds(came: Came, owner: str) -> Iterator[tuple[datetime, Deed]]:
    first, last = came.name.split()
    comes, called = at(came.day, came.clock), at(came.day, came.clock) + timedelta(minutes=came.called)
    records: list[str] = []
    person = {"FirstName": first, "LastName": last, "Company": f"{last} Ltd", "Email": f"{first.lower()}@buyer.example"}
    lead = {**person, "LeadSource": came.source, "Status": "Open - Not Contacted", "OwnerId": owner}
    call = {"OwnerId": owner, "Type": "Call", "Status": "Completed", "Subject": "Spoke with them"}
    yield comes, lambda line: records.append(line.create("Lead", lead))
    if came.becomes:
        day = f"{called.astimezone(OFFICE):%Y-%m-%d}"
        yield called, lambda line: _called(line, {**call, "WhoId": records[0], "ActivityDate": day})
        status = called + timedelta(minutes=came.later)
        yield status, lambda line: line.write("Lead", records[0], {"Status": came.becomes})


def _called(line: Telephone, call: Mapping[str, str]) -> None:
    line.create("Task", call)


MEANWHILE: Mapping[str, Callable[[Running], None]] = {"september": september}
"""What the page says in prose, by the name in its remark `<!-- meanwhile: … -->`."""


def happens(name: str) -> None:
    """Let something happen in the org of the page."""
    with serve(simulator, Path(".sla-sync/production/simulator"), clock=at(1, "00:00")) as running:
        MEANWHILE[name](running)
