"""Histories of leads as the tables that they leave behind, for the tests to hold what reads tables against the model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.past import Past
from sla_sync.semantics.cycles import cycles
from sla_sync.semantics.expressions import Value
from sla_sync.semantics.history import Assigned, Changed, Entered, Queued, Raised
from sla_sync.semantics.story import Story
from tests.measures.pasts import past_of
from tests.semantics.leads import at

USERS: Mapping[str, str] = {"ann": "sdr", "bob": "sdr", "eva": "iberia"}


def past_of_stories(stories: Mapping[str, Story], agreed: Agreement, as_of: datetime) -> Past:
    """Return the tables that leads leave behind; Ann changes her team on 1 December."""
    rows: dict[str, list[dict[str, object]]] = {each: [] for each in ("raises", "facts", "stages", "owners", "cycles")}
    for lead, each in stories.items():
        for event in each.history.events:
            base: dict[str, object] = {"lead": lead, "at": event.at}
            match event:
                case Raised(source=source):
                    rows["raises"].append(base | {"source": source})
                case Changed(field=field, value=value):
                    rows["facts"].append(base | {"field": field, "value": None if value is None else said(value)})
                case Entered(stage=stage):
                    rows["stages"].append(base | {"stage": stage})
                case Assigned(owner=owner):
                    rows["owners"].append(base | {"owner": owner})
                case Queued(queue=queue):
                    rows["owners"].append(base | {"queue": queue})
        rows["cycles"] += [
            {
                "lead": lead, "cycle": cycle.number, "qualified_at": cycle.qualified_at, "source": cycle.source,
                "closed_at": cycle.closed_at,
            }
            for cycle in cycles(each)
            if cycle.qualified_at is not None
        ]  # fmt: skip
    people = [{"user": user, "since": at("01-01 00:00"), "team": team} for user, team in USERS.items()]
    people += [{"user": "ann", "since": at("12-01 00:00"), "team": "iberia"}]
    leads = [{"lead": each, "created_at": at("01-01 00:00")} for each in stories]
    return past_of(agreed, as_of, agreements=None, files=None, users=people, leads=leads, **rows)


def said(value: Value) -> str:
    """Return a value as history keeps it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def asking(*leads: str, instant: datetime, **words: str) -> Table:
    """Return rows that ask about leads at an instant, in the column `then`; each bears the same words."""
    naive = instant.astimezone(UTC).replace(tzinfo=None)
    columns = {"lead": list(leads), "then": pa.array([naive] * len(leads), pa.timestamp("us"))}
    return ibis.memtable(pa.table(columns | {name: [word] * len(leads) for name, word in words.items()}))
