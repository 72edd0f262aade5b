"""Everything that an org tells of the past, stream after stream: users, leads, hands raised, activities, deals, turns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sla_sync.connector import Setup
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.past.activities import activities
from sla_sync_salesforce.past.became import became
from sla_sync_salesforce.past.deals import deals
from sla_sync_salesforce.past.ground import ground_of, untold
from sla_sync_salesforce.past.leads import STREAM, leads
from sla_sync_salesforce.past.marks import read
from sla_sync_salesforce.past.pages import ROWS
from sla_sync_salesforce.past.raises import raises
from sla_sync_salesforce.past.touching import EVENT, TASK
from sla_sync_salesforce.past.turns import turns
from sla_sync_salesforce.past.users import users
from sla_sync_salesforce.people import People


def history_of(
    client: Client, people: People, setup: Setup, asked: HistoryAsked, now: datetime, rows: int = ROWS
) -> Iterator[Piece | Untold]:
    """Yield what happened, a page at a time of at most so many rows, and what cannot be told. Raises PlatformError."""
    with became(client, rows) as known:
        ground = ground_of(client, people, setup, asked, now, known)
        yield from untold(ground, read(asked.marks.get(STREAM, "")).after)
        yield from users(ground, rows)
        yield from leads(ground, rows)
        yield from raises(ground, rows)
        for kind in (TASK, EVENT):
            yield from activities(ground, kind, rows)
        yield from deals(ground, rows)
        yield from turns(ground, rows)
