"""The engine that somebody names by its address: DuckDB, Spark, Snowflake, BigQuery … as Ibis connects to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sla_sync.errors import SlaSyncError


def engine_at(said: str, environ: Mapping[str, str]) -> Any:
    """Return the engine at an address, or at the one that an environment variable of that name holds.

    An address with a password belongs into a variable, for others see the arguments of a process. Raises SlaSyncError, in which
    no part of the address is named.
    """
    import ibis

    # An address may hold a password, so nothing of it, and nothing that an engine says of it, is in the message.
    try:
        return ibis.connect(environ.get(said, said))
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        lacking = f" (it needs {error.name})" if isinstance(error, ImportError) and error.name else ""
        raise SlaSyncError(
            f"The engine cannot be reached: {type(error).__name__}{lacking}.",
            hint="Write its address as Ibis connects to it, such as duckdb://past.duckdb, and install what it needs.",
        ) from None
