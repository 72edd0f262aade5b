"""Who could own a lead: the users of the org, since when, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.connector.history import USERS, Piece
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.ground import Ground
from sla_sync_salesforce.past.marks import read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, pages

_STREAM = "users"
COLUMNS = ("Id", "IsActive", "CreatedDate", "LastModifiedDate")


def users(ground: Ground, rows: int = ROWS) -> Iterator[Piece]:
    """Yield all users: the team of one changes without a change of the user."""
    mark = read(ground.asked.marks.get(_STREAM, "")).begun(ground.now)
    for found, then in pages(ground.client, Bulk(COLUMNS, "User", "UserType = 'Standard'"), mark, None, rows):
        yield Piece(USERS, tuple(told_of_user(ground, row) for row in found), _STREAM, spell(then), ("user",))


def told_of_user(ground: Ground, row: Mapping[str, str]) -> Mapping[str, object]:
    """Return a user as a row."""
    # Inferred: who is inactive left when the record was last saved; Salesforce does not tell when somebody was deactivated.
    left = instant(row["LastModifiedDate"]) if row["IsActive"] != "true" else None
    return {
        "user": row["Id"],
        "since": instant(row["CreatedDate"]),
        "until": left,
        "team": ground.teams.get(row["Id"]),
    }
