"""A big untouched org for `export.py`: leads with histories and tasks, and what a reader tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Setup
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync.connector.simulation import serve as serve_simulator
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.past.telling import history_of
from sla_sync_salesforce.people import People
from sla_sync_salesforce.simulator import simulator, stock
from sla_sync_salesforce.simulator.application import Application
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import Organization, Switches
from sla_sync_salesforce.simulator.store import Change, Row

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
BEGIN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
PER_LEAD = 10
"""Records for each lead: itself, three rows of its history and six tasks."""
_TASKS = 6
_DAILY_CALLS = 1_000_000


@contextmanager
def serve(rows: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Serve an org with so many records."""
    organization = stock.new_organization(NOW)
    _fill(organization, rows // PER_LEAD)
    desk = Desk(organization, folder / "org", Switches(), daily_calls=_DAILY_CALLS)
    here = replace(simulator, create=lambda _data, _clock: Application(desk), tls=False)
    with serve_simulator(here, folder / "org", clock=NOW) as running:
        yield running.url, running.token


def _fill(organization: Organization, leads: int) -> None:
    store = organization.store
    admin, owner = organization.users[0].id, organization.users[4].id
    step = (NOW - BEGIN) / max(leads, 1)
    for number in range(leads):
        at = (BEGIN + number * step).replace(microsecond=0)
        lead, changed = store.new_id("Lead"), at + timedelta(hours=1)
        row: Row = {
            "Id": lead,
            "IsDeleted": False,
            "IsConverted": False,
            "LastName": f"Lead {number}",
            "Company": "Hillside",
            "Country": "US",
            "LeadSource": "Contact Us",
            "Status": "Working - Contacted",
            "OwnerId": owner,
            **_stamps(admin, at),
        }
        store.of("Lead")[lead] = row
        store.history.append(Change(changed, admin, "Lead", lead, "OwnerId", admin, owner))
        store.history.append(
            Change(changed, owner, "Lead", lead, "Status", "Open - Not Contacted", "Working - Contacted")
        )
        for place in range(_TASKS):
            task = store.new_id("Task")
            done = changed + timedelta(minutes=place)
            store.of("Task")[task] = {
                "Id": task,
                "IsDeleted": False,
                "WhoId": lead,
                "OwnerId": owner,
                "Subject": "Spoke with them",
                "Type": "Call",
                "TaskSubtype": "Call",
                "Status": "Completed",
                "IsClosed": True,
                "CompletedDateTime": done,
                **_stamps(owner, done),
            }


def _stamps(by: str, at: datetime) -> Row:
    who: Row = {"CreatedById": by, "LastModifiedById": by}
    return {**who, "CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at}


def told(url: str, token: str) -> Iterator[Piece | Untold]:
    """Yield what a reader tells of it in the words of configs/acme."""
    agreement = load_agreement(CONFIGS / "acme" / "agreement.yaml", root=CONFIGS).value
    binding = load_binding(CONFIGS / "acme" / "bindings" / "salesforce.yaml", SalesforceBinding, root=CONFIGS).value
    if agreement is None or binding is None:
        raise SystemExit("configs/acme cannot be read.")
    client = Client("benchmark", SalesforceOptions(url=url, token=SecretStr(token)))
    asked = HistoryAsked(BEGIN, NOW, compile_agreement(agreement, binding.modes), binding)
    return history_of(client, People({}), Setup(agreement.metadata.name), asked, NOW)
