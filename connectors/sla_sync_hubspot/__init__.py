"""HubSpot: the connector value. Nothing here opens a connection or imports what only a connection needs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sla_sync.connector import CONTRACT, Connection, Connector, Reader, Snapshot, Timekeeping, Writer
from sla_sync_hubspot.binding import Deadlines, HubSpotBinding
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sla_sync.connector import BindingDocument, Manifest, Resources, Setup, Translation
    from sla_sync.connector.history import Copied, HistoryAsked, Piece, Untold
    from sla_sync.connector.simulation import Simulator


def _translate(resources: Resources, binding: BindingDocument, setup: Setup) -> Translation:
    from sla_sync_hubspot.translate import translate  # validate needs only the binding

    return translate(resources, binding, setup)


def _build_json(translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    from sla_sync_hubspot.build import build_json

    return build_json(translation, manifest)


def _open_reader(connection: Connection) -> AbstractContextManager[Reader]:
    from sla_sync_hubspot.reader import reading  # the HTTP client costs 0.1 s that validate must not pay

    return reading(connection)


def _open_writer(connection: Connection, snapshot: Snapshot) -> AbstractContextManager[Writer]:
    from sla_sync_hubspot.writer import writing

    return writing(connection, snapshot)


def _open_timekeeping(
    connection: Connection, resources: Resources, binding: BindingDocument
) -> AbstractContextManager[Timekeeping]:
    from sla_sync_hubspot.timekeeping import keeping_time

    return keeping_time(connection, resources, binding)


def _timed_by(binding: BindingDocument) -> str:
    if isinstance(binding, HubSpotBinding) and binding.deadlines is not Deadlines.COMPUTED:
        return f"its binding says `deadlines: {binding.deadlines}`, so that workflows find the dates themselves"
    return ""


def _starter() -> str:
    from sla_sync_hubspot.starter import STARTER

    return STARTER


def _simulator() -> Simulator:
    from sla_sync_hubspot.simulator import simulator  # needs werkzeug

    return simulator


def _history_copied(asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[Piece | Untold]:
    from sla_sync_hubspot.past.copied import copied_history

    return copied_history(asked, setup, copied)


connector = Connector(
    name="hubspot",
    contract=CONTRACT,
    types=TYPES,
    options=HubSpotOptions,
    binding=HubSpotBinding,
    translate=_translate,
    open_reader=_open_reader,
    open_writer=_open_writer,
    build={"json": _build_json},
    simulator=_simulator,
    starter=_starter,
    open_timekeeping=_open_timekeeping,
    timed_by=_timed_by,
    history_copied=_history_copied,
)
