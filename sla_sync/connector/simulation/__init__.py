"""All that a simulator may import of the core: what makes one, how it is served, and what can go wrong on the way.

`serving` holds the socket, the certificate and the data folder; `answering` one request; `trouble` the faults by name,
`schedules` when they happen, `losing` how a connection ends; `recording` what was said; `control` the virtual clock.
"""

from sla_sync.connector.simulation.recording import redact
from sla_sync.connector.simulation.serving import Application, Deed, Heard, Move, Running, Simulator, serve
from sla_sync.connector.simulation.trouble import (
    Asked,
    Exchange,
    Fault,
    Given,
    Half,
    Happened,
    Loss,
    between_pages,
    page,
    table,
)
from sla_sync.files import write_atomically

__all__ = [
    "Application", "Asked", "Deed", "Exchange", "Fault", "Given", "Half", "Happened", "Heard", "Loss", "Move",
    "Running", "Simulator", "between_pages", "page", "redact", "serve", "table", "write_atomically",
]  # fmt: skip
