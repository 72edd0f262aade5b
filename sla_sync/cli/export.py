"""`sla-sync export`: what happened to leads, kept in a folder that every report reads."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Target, answer, day, place_of, say
from sla_sync.cli.spans import span


class Shape(StrEnum):
    """Whose names and columns tables from elsewhere have."""

    NEUTRAL = "neutral"
    FIVETRAN_SALESFORCE = "fivetran-salesforce"
    AIRBYTE_SALESFORCE = "airbyte-salesforce"
    FIVETRAN_HUBSPOT = "fivetran-hubspot"
    AIRBYTE_HUBSPOT = "airbyte-hubspot"


def export(
    config: Config = None,
    *,
    target: Target,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE | TIME",
            help="From when on: 2026-07-01, or 180d before now. Default: where the last export began, else 180d.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The last day. Default: up to now.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            file_okay=False,
            help="The folder of the history. Default: .sla-sync/TARGET/history.",
            show_default=False,
        ),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Ask for everything again, not only for what is new since the last export.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DIR | URL",
            help="Take the tables from this folder (CSV, Parquet) or warehouse instead of the platform; or the environment "
            "variable that holds the address.",
            show_default=False,
        ),
    ] = None,
    shape: Annotated[
        Shape,
        typer.Option("--shape", help="Whose names and columns these tables have; neutral: those of docs/history.md."),
    ] = Shape.NEUTRAL,
    forget: Annotated[
        str | None,
        typer.Option(
            "--forget",
            metavar="LEAD",
            help="Remove all that is kept of one lead, by its id, and export nothing.",
            show_default=False,
        ),
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """Keep what happened to leads in a folder, for every report. Nothing is written to the platform.

    It goes on from where the last export ended, also where that was cut off. What a field held is kept in the words that the
    agreement compares it with; ids become pseudonyms unless the target says otherwise.
    """
    from sla_sync.pipeline import export as exporting
    from sla_sync.render import export as render

    place = place_of(config)
    if forget is not None:
        gone = exporting.forgotten(place, target, forget, environ=os.environ, out=out)
        gone = replace(gone, folder=_seen_from_here(gone.folder))
        answer(render.forgotten_as_json(gone) if form is Format.JSON else render.forgotten_as_text(gone))
        return
    asked = exporting.Span(_since(since), day(until, option="--until"))
    if source is not None:
        now = datetime.now(UTC)
        found = exporting.bring(
            place, target, source, asked, environ=os.environ, now=now, shape=shape, out=out, say=say
        )
    else:
        found = exporting.export(place, target, asked, environ=os.environ, out=out, anew=anew, say=say)
    told = {
        Format.TEXT: render.export_as_text,
        Format.MARKDOWN: render.export_as_markdown,
        Format.JSON: render.export_as_json,
    }
    answer(told[form](replace(found, folder=_seen_from_here(found.folder))))


def _seen_from_here(folder: Path) -> Path:
    found, here = folder.resolve(), Path.cwd().resolve()
    return found.relative_to(here) if found.is_relative_to(here) else folder


def _since(said: str | None) -> date | timedelta | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        return span(said, "--since")
