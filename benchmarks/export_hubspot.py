"""A big portal for `export.py`: contacts with a past and calls, many of them of one instant, and what a reader tells of it.

About a tenth of the contacts was last changed at one and the same instant, as by HubSpot's own updates of many contacts: with
220,000 records or more, more than the 10,000 results of a search share it. The portal is of the highest edition, and its
limit of a day is lifted; that of five searches a second stands, in virtual seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Connection, LockTicket, Setup
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync.connector.simulation import serve as serve_simulator
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.association_types import default_label
from sla_sync_hubspot.simulator.records import SCREENS, Records, Source
from sla_sync_hubspot.simulator.records_file import keep_everything

EXAMPLES = Path(__file__).resolve().parents[1] / "configs" / "examples"
STARTUP = EXAMPLES / "startup"
BEGIN, NOW = datetime(2026, 7, 5, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
PER_CONTACT = 2
"""Records for each contact: itself and a call."""
_ONE_IN = 5
_CONTACT, _CALL = "0-1", "0-48"
_OWNER, _USER = "41000002", "9000003"
_PERSON = Source(SCREENS, f"userId:{_USER}", _USER)
_PATH = ("NEW", "OPEN", "IN_PROGRESS", "CONNECTED")


@contextmanager
def serve(rows: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a portal with so many records."""
    switches = {"tier": "enterprise", "burst_limit": 10**6, "daily_limit": 10**9}
    (folder / "switches.json").write_text(json.dumps(switches), encoding="utf-8")
    records = Records()
    _fill(records, rows // PER_CONTACT)
    keep_everything(records, folder, NOW)
    with serve_simulator(simulator, folder, clock=NOW) as running:
        yield running.url, running.token


def _fill(records: Records, contacts: int) -> None:
    there, back = default_label(_CALL, _CONTACT), default_label(_CONTACT, _CALL)
    step = (NOW - BEGIN - timedelta(days=3)) / max(contacts, 1)
    together = BEGIN + timedelta(days=40)
    for number in range(contacts):
        came = BEGIN + number * step
        email = {"email": f"lead{number}@buyer.example", "hubspot_owner_id": _OWNER}
        contact = records.create(_CONTACT, email, _PERSON, came)
        for hours, status in enumerate(_PATH):
            records.write(_CONTACT, contact, {"hs_lead_status": status}, _PERSON, came + timedelta(hours=hours))
        if number % _ONE_IN == 0 and came < together - timedelta(days=1):
            records.write(_CONTACT, contact, {"company": "Buyer"}, _PERSON, together)
        called = came + timedelta(hours=1)
        said = {"hs_timestamp": called.isoformat(), "hs_call_status": "COMPLETED", "hubspot_owner_id": _OWNER}
        call = records.create(_CALL, said, _PERSON, called)
        records.link((_CALL, call), (_CONTACT, contact), (there,))
        records.link((_CONTACT, contact), (_CALL, call), (back,))
        records.kept()


def told(url: str, token: str) -> Iterator[Piece | Untold]:
    """Yield what a reader tells of it in the words of configs/examples/startup."""
    agreement = load_agreement(STARTUP / "agreement.yaml", root=EXAMPLES).value
    binding = load_binding(STARTUP / "bindings" / "hubspot.yaml", HubSpotBinding, root=EXAMPLES).value
    if agreement is None or binding is None:
        raise SystemExit("configs/examples/startup cannot be read.")
    options = HubSpotOptions.model_validate({"url": url, "token": token})
    setup = Setup(agreement.metadata.name)
    ticket = LockTicket("benchmark", "benchmark", NOW)
    connection = Connection("portal", options, setup, lambda: NOW, ticket, lambda _: None)
    asked = HistoryAsked(BEGIN, NOW, compile_agreement(agreement, binding.modes), binding)
    with reading(connection) as reader:
        yield from reader.history(asked)
