"""`sla-sync dispute`: something that counts against a party, and the party says that it should not."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Exported, Form, Format, History, Today, answer, day, place_of


def dispute(
    config: Config = None,
    *,
    lead: Annotated[str, typer.Option("--lead", metavar="ID", help="The lead, by the id that reports show.")],
    commitment: Annotated[str, typer.Option("--commitment", metavar="NAME", help="What it is counted under.")],
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why it should not count.")],
    by: Annotated[str, typer.Option("--by", metavar="ROLE", help="The role that disputes it.")],
    leg: Annotated[
        str | None,
        typer.Option("--leg", metavar="ID", help="Only this assignment of the lead.", show_default=False),
    ] = None,
    target: Exported = None,
    history: History = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Contest what counts, until its month is frozen.

    Somebody disputes that a lead counts under a commitment. Written to disputes.yaml beside the agreement; reports show the
    figure with and without it.
    """
    from sla_sync.pipeline.disputes import Wish
    from sla_sync.pipeline.disputes import dispute as write
    from sla_sync.pipeline.past import past_of
    from sla_sync.pipeline.validate import read
    from sla_sync.render.words import visible

    place = place_of(config)
    past = past_of(place, history=history, target=target)
    written = write(read(place), past, Wish(lead, commitment, because, by, leg), today=day(today))
    if form is Format.JSON:
        answer(json.dumps(written.entry.model_dump(mode="json"), indent=2, ensure_ascii=False))
        return
    answer(
        visible(
            f"{written.entry.sentence}\n"
            f"Written to {written.file}. The month is open until {written.open_until}; reports show both figures."
        )
    )
