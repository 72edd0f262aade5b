"""`sla-sync sql`: the measures as SQL, for a warehouse that holds the tables of the history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Exported, History, answer, place_of, say


def sql(
    *,
    dialect: Annotated[
        str, typer.Option("--dialect", "-d", metavar="NAME", help="bigquery, databricks, duckdb or snowflake.")
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", "-m", metavar="NAME", help="Only this measure; may be repeated. Default: all."),
    ] = None,
    config: Config = None,
    target: Exported = None,
    history: History = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="TIME", help="As one saw it then. Default: the history's end."),
    ] = None,
    period: Annotated[
        str, typer.Option("--period", metavar="DAYS", help="week, month, quarter or 2026-10-01..2026-10-31.")
    ] = "week",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Write the script there.", show_default=False),
    ] = None,
) -> None:
    """Print the measures as SQL for a warehouse.

    It runs where the warehouse holds the tables of the history. A few statements depend on answers to earlier ones, such as
    how far back starts lie, so a history is asked here meanwhile.
    """
    from sla_sync.pipeline.sql import sql as written

    text = written(
        place_of(config), dialect, measures=measure or (), history=history, target=target, as_of=as_of, period=period
    )
    if out is None:
        answer(text)
        return
    from sla_sync.files import write_atomically

    write_atomically(out, f"{text}\n".encode())
    say(f"SQL written to {out}.")
