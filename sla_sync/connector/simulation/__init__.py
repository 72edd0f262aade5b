"""All that a simulator may import of the core: what makes one, how it is served, and what can go wrong on the way.

`serving` holds the socket, the certificate and the data folder; `answering` one request; `trouble` the faults by name,
`schedules` when they happen, `losing` how a connection ends; `recording` what was said; `control` the virtual clock;
`moves` a story that is acted out.
"""

from sla_sync.connector.simulation.moves import COLLEAGUE, OWNER, Deed, Heard, Move, at_their_time
from sla_sync.connector.simulation.recording import redact
from sla_sync.connector.simulation.serving import Application, Running, Simulator, serve
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
    "COLLEAGUE", "OWNER", "Application", "Asked", "Deed", "Exchange", "Fault", "Given", "Half", "Happened", "Heard", "Loss",
    "Move", "Running", "Simulator", "at_their_time", "between_pages", "page", "redact", "serve", "table",
    "write_atomically",
]  # fmt: skip
