"""The engine that somebody names by its address: DuckDB, Spark, Snowflake, BigQuery … as Ibis connects to them."""

from __future__ import annotations

from typing import Any

from sla_sync.errors import SlaSyncError


def engine_at(url: str) -> Any:
    """Return the engine at an address; raises SlaSyncError, in which no part of the address is named."""
    import ibis

    # An address may hold a password, so nothing of it, and nothing that an engine says of it, is in the message.
    try:
        return ibis.connect(url)
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        raise SlaSyncError(
            f"The engine cannot be reached: {type(error).__name__}.",
            hint="Write its address as Ibis connects to it, such as duckdb://past.duckdb, and install what it needs.",
        ) from None
