"""`sla-sync simulator history`: a made-up history, to try reports on before there is a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import answer, day, place_of


def history(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.", file_okay=False)],
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="CONFIG", help="By whose version turns are judged.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="NUMBER", help="The same seed makes the same history.")] = 1,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Its first day.", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The day at whose first moment it ends.", show_default=False),
    ] = None,
    leads: Annotated[
        int | None,
        typer.Option("--leads", metavar="NUMBER", min=1, max=10_000_000, help="How many leads.", show_default=False),
    ] = None,
) -> None:
    """Write a made-up history of the example, with what is true of it in truth.json.

    Every id in it begins with SYN, and every report over it says that it is made up.
    """
    from sla_sync.pipeline.made_up import made_up

    truth = made_up(
        place_of(config),
        folder,
        seed=seed,
        since=day(since, option="--since"),
        until=day(until, option="--until"),
        leads=leads,
    )
    judged = truth.first_response["all"]["all"].judged
    answer(f"A history was made up in {folder}: {judged:,} turns are judged in it.")
