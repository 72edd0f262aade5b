"""The past of an org from tables that a tool copied of it: leads with their history, users, tasks and events.

What such a copy does not hold, or what would be asked of the org, is said: opportunities, campaign responses, assignments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from sla_sync.connector import Setup
from sla_sync.connector.history import ACTIVITIES, USERS, Copied, HistoryAsked, Piece, Untold
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.past.activities import columns_of, told
from sla_sync_salesforce.past.became import Became
from sla_sync_salesforce.past.ground import OWNER, STATUS, Ground
from sla_sync_salesforce.past.holding import condition
from sla_sync_salesforce.past.leads import copied_leads
from sla_sync_salesforce.past.touching import EVENT, TASK
from sla_sync_salesforce.past.users import COLUMNS, told_of_user
from sla_sync_salesforce.translate.places import queue_of
from sla_sync_salesforce.translate.words import OBJECT, learn

_TOGETHER = 2_000
_HISTORY, _USER, _QUEUE = "LeadHistory", "User", "Group"
_BECAME = ("Id", "ConvertedContactId", "ConvertedOpportunityId")
_NOT_TOLD = (
    ("opportunities, and the stages that they show", "They are not read from copied tables yet."),
    ("campaign responses", "They are not read from copied tables yet."),
    ("turns as the org recorded them", "They are not read from copied tables yet: turns follow from what happened."),
    ("which e-mails came in", "Messages are not read from copied tables yet: an e-mail counts by its task."),
)


class _NoOrg:
    """A client of nobody: what would be looked up in the org is not there."""

    def query(self, _: str, *, deleted: bool = False) -> Iterator[Mapping[str, object]]:
        """Return nothing."""
        del deleted
        return iter(())


def copied_history(asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[Piece | Untold]:
    """Yield what happened to leads as far as copied tables hold it, and what they do not tell."""
    for what, because in _NOT_TOLD:
        yield Untold(what, because, "Export from the org, or add a table of our own columns.")
    if not copied.has(OBJECT, "Id"):
        yield Untold("anything of leads", "The table of leads was not copied.", "Copy Lead and LeadHistory.")
        return
    with TemporaryDirectory(prefix="sla-sync-") as folder:
        known = Became(Path(folder) / "became")
        try:
            known.put(copied.rows(OBJECT, _BECAME))
            ground = _ground(asked, setup, copied, known)
            yield from _lacking(ground, copied)
            if copied.has(_USER, "Id"):
                rows = tuple(told_of_user(ground, row) for row in copied.rows(_USER, COLUMNS) if row["CreatedDate"])
                yield Piece(USERS, rows, "users", "", ("user",))
            yield from copied_leads(ground, lambda bulk: _rows(copied, bulk.kind, bulk.columns))
            for kind in (TASK, EVENT):
                yield from _activities(ground, copied, kind)
        finally:
            known.close()


def _rows(copied: Copied, table: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    return copied.rows(table, columns) if copied.has(table, "Id") else iter(())


def _activities(ground: Ground, copied: Copied, kind: str) -> Iterator[Piece]:
    rows = _rows(copied, kind, columns_of(ground, kind))
    while some := list(islice(rows, _TOGETHER)):
        with_somebody = [row for row in some if row["WhoId"]]
        yield Piece(ACTIVITIES, tuple(told(ground, kind, with_somebody)), f"{kind.lower()}s", "", ("activity",))


def _ground(asked: HistoryAsked, setup: Setup, copied: Copied, known: Became) -> Ground:
    binding = asked.binding
    if not isinstance(binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(binding).__name__}.")
    places = learn(asked.resources, binding).places
    wanted = {name: places[name] for name in places if name in binding.fields}
    reasons = [places[each.field].api for each in asked.resources.reason_sets if each.field in places]
    said = {name: condition(text, OBJECT) for name, text in binding.exclude.items()}
    seen = {name: held for name, held in said.items() if held and all(copied.has(OBJECT, each) for each in held[0])}
    there = {name: each for name, each in wanted.items() if copied.has(OBJECT, each.path)}
    named = {queue: each for each in _queue_words(asked) if (queue := queue_of(each, binding))}
    groups = copied.rows(_QUEUE, ("Id", "DeveloperName", "Type")) if copied.has(_QUEUE, "DeveloperName") else ()
    return Ground(
        client=cast("Client", _NoOrg()),
        asked=asked,
        binding=binding,
        now=asked.until,
        places=there,
        missing={name: each.key for name, each in wanted.items() if name not in there},
        # What no change is known of was always as it is.
        tracked=frozenset({STATUS, OWNER, *(each.api for each in there.values()), *reasons}),
        columns=frozenset(each for each in _read_from(binding) if copied.has(OBJECT, each)),
        reason=next((each for each in reasons if copied.has(OBJECT, each)), ""),
        queues={
            row["Id"]: named.get(row["DeveloperName"], row["DeveloperName"]) for row in groups if row["Type"] == "Queue"
        },
        teams=dict(_teams(asked, setup, copied)),
        leg="",
        became=known,
        exclusions=seen,
        unsaid=tuple(name for name in said if name not in seen),
    )


def _queue_words(asked: HistoryAsked) -> list[str]:
    return [*(each.name for each in asked.resources.teams), *(each.name for each in asked.resources.queues)]


def _read_from(binding: SalesforceBinding) -> tuple[str, ...]:
    from sla_sync_salesforce.translate.handraise import lead_fields_read

    return tuple(lead_fields_read(binding))


def _teams(asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[tuple[str, str]]:
    """Yield each user's team, as the targets file names the people of teams: by username or alias."""
    if not copied.has(_USER, "Id"):
        return
    names = {name: team.name for team in reversed(asked.resources.teams) for name in setup.people.get(team.name, ())}
    for row in copied.rows(_USER, ("Id", "Username", "Alias")):
        team = names.get(row["Username"]) or names.get(row["Alias"])
        if team:
            yield row["Id"], team


def _lacking(ground: Ground, copied: Copied) -> Iterator[Untold]:
    if not copied.has(_HISTORY, "LeadId"):
        yield Untold("what leads were before", "The history of their fields was not copied.", "Copy LeadHistory.")
    for name in ground.missing:
        yield Untold(name, "Its field was not copied with leads.", "Copy that field, or bind another.")
    for name in ground.unsaid:
        yield Untold(
            f"which leads are left out as {name}",
            f"«{ground.binding.exclude[name]}» names a field that was not copied.",
        )
