"""The engine that somebody names by its address: DuckDB, Spark, Snowflake, BigQuery … as Ibis connects to them."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.attainment.named_engine import NamedEngine
from sla_sync.errors import SlaSyncError
from sla_sync.history.refusals import refused


def engine_at(said: str, environ: Mapping[str, str]) -> NamedEngine:
    """Return the engine at an address, or at the one that an environment variable of that name holds.

    An address with a password belongs into a variable, for others see the arguments of a process. Raises SlaSyncError, in which
    no part of the address is named.
    """
    import ibis

    address = environ.get(said, said)
    if "://" not in address:
        raise SlaSyncError(
            "The engine cannot be reached: what is named is no address, and no environment variable that holds one.",
            hint="Write its address as Ibis connects to it, such as duckdb://past.duckdb, or set that variable.",
        )
    try:
        return NamedEngine(ibis.connect(address))
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        raise refused("The engine cannot be reached", error) from None
