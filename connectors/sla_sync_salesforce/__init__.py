"""The Salesforce connector: everything that is known of the platform before any connection, in one value.

Conversations import what they need when they are opened: `sla-sync --help` and `validate` pay for none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from sla_sync.connector import CONTRACT, Connection, Connector, Reader, Snapshot, Writer
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla_sync.connector import BindingDocument, Manifest, Resources, Setup, Translation
    from sla_sync.connector.history import Copied, HistoryAsked, Piece, Untold
    from sla_sync.connector.simulation import Simulator

__all__ = ["connector"]


def _options(connection: Connection) -> SalesforceOptions:
    if not isinstance(connection.options, SalesforceOptions):
        raise TypeError(f"The Salesforce connector was given {type(connection.options).__name__}.")
    return connection.options


def _translate(resources: Resources, binding: BindingDocument, setup: Setup) -> Translation:
    from sla_sync_salesforce.translate import translate

    return translate(resources, binding, setup)


@contextmanager
def _open_reader(connection: Connection) -> Iterator[Reader]:
    from sla_sync_salesforce.client import Client
    from sla_sync_salesforce.reader import SalesforceReader

    client = Client(connection.target, _options(connection), pause=connection.wait)
    try:
        yield SalesforceReader(connection, client)
    finally:
        client.close()


@contextmanager
def _open_writer(connection: Connection, snapshot: Snapshot) -> Iterator[Writer]:
    """Open a conversation that may write, under the org's apply lock; without a ticket it can only rehearse."""
    from sla_sync_salesforce import lock
    from sla_sync_salesforce.client import Client
    from sla_sync_salesforce.writer import SalesforceWriter

    client = Client(connection.target, _options(connection), may_write=True, pause=connection.wait)
    held = lock.locked(client, connection.lock, connection.now) if connection.lock else nullcontext()
    try:
        with held:
            yield SalesforceWriter(connection, client, snapshot)
    finally:
        client.close()


def _starter() -> str:
    from sla_sync_salesforce.starter import STARTER

    return STARTER


def _simulator() -> Simulator:
    from sla_sync_salesforce.simulator import simulator

    return simulator


def _build(form: str, translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    from sla_sync_salesforce.build import BUILD

    return BUILD[form](translation, manifest)


def _merge_into(tree: Mapping[str, bytes], translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    from sla_sync_salesforce.merging import merge_into

    return merge_into(tree, translation, manifest)


def _history_copied(asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[Piece | Untold]:
    from sla_sync_salesforce.past.copied import copied_history

    return copied_history(asked, setup, copied)


connector = Connector(
    name="salesforce",
    contract=CONTRACT,
    types=TYPES,
    options=SalesforceOptions,
    binding=SalesforceBinding,
    translate=_translate,
    open_reader=_open_reader,
    open_writer=_open_writer,
    build={form: partial(_build, form) for form in ("source", "mdapi", "json")},
    simulator=_simulator,
    starter=_starter,
    atomic=True,
    merge_into=_merge_into,
    history_copied=_history_copied,
)
