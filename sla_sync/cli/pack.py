"""`sla-sync report`: the pack of a meeting, as a page, Markdown, JSON, rows and an empty page for its minutes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sla_sync.cli.options import FAILED, Config, Exported, History, answer, place_of, say

if TYPE_CHECKING:
    from sla_sync.pipeline.report import Reported
    from sla_sync.places import Place


_COLUMNS = 2
"""An id and a name."""


class PackFormat(StrEnum):
    """What the answer on stdout looks like."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


def report(
    *,
    config: Config = None,
    target: Exported = None,
    history: History = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="TIME",
            help="As one saw it then: 2026-11-17, its first moment, or 2026-11-17T10:00. Default: the history's end.",
            show_default=False,
        ),
    ] = None,
    period: Annotated[
        str,
        typer.Option(
            "--period", metavar="DAYS", help="The last week, month or quarter that is over, or 2026-10-01..2026-10-31."
        ),
    ] = "week",
    review: Annotated[
        str, typer.Option("--review", metavar="NAME", help="Which meeting: weekly, monthly, quarterly, after_campaign.")
    ] = "weekly",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            file_okay=False,
            help="Write the page, Markdown, JSON, the rows and the empty minutes there.",
            show_default=False,
        ),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--names",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A CSV of owners, id and name, to show names to those whom the agreement names as its readers.",
            show_default=False,
        ),
    ] = None,
    links: Annotated[
        str,
        typer.Option("--links", metavar="URL", help="The address of a record, with {id} in it.", show_default=False),
    ] = "",
    form: Annotated[PackFormat, typer.Option("--format", "-f", help="What stdout gets.")] = PackFormat.TEXT,
    send: Annotated[
        list[str] | None,
        typer.Option("--send", metavar="CHANNEL", help="Send it to this channel of channels.yaml; may be repeated."),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="URL | ENV_NAME", help="Reckon there, as Ibis connects. Default: DuckDB here."
        ),
    ] = None,
) -> None:
    """Show the pack of a meeting: who owed and kept what.

    Promises, what is overdue, what buyers waited, the month, rejections, cohorts, gaps, open actions.
    """
    from sla_sync.pipeline.report import Asked
    from sla_sync.pipeline.report import report as made

    if send and out is None:
        raise typer.BadParameter("needs --out, where the page that is sent is written.", param_hint="--send")
    if links and (not links.startswith("https://") or "{id}" not in links):
        raise typer.BadParameter("write an https:// address with {id} in it.", param_hint="--links")
    place = place_of(config)
    asked = Asked(
        history=history, target=target, as_of=as_of, period=period, review=review, links=links,
        names=names_in(names) if names else None, kept=out, engine=_engine(engine),
    )  # fmt: skip
    reported = made(place, asked)
    answer(_told(reported, form))
    if out is not None:
        codes = _write(place, reported, out, send or ())
        raise typer.Exit(max(codes, default=0))


def _told(reported: Reported, form: PackFormat) -> str:
    from sla_sync.render.pack.page import page_of

    if form is PackFormat.JSON:
        from sla_sync.render.pack.plain import pack_as_json

        return pack_as_json(reported.pack)
    page = page_of(reported.pack, only=reported.only)
    if form is PackFormat.HTML:
        from sla_sync.render.html.pack import report_of_page

        return report_of_page(page)
    if form is PackFormat.MARKDOWN:
        from sla_sync.render.pack.markdown import page_as_markdown

        return page_as_markdown(page)
    from sla_sync.render.pack.text import page_as_text

    return page_as_text(page)


def _write(place: Place, reported: Reported, out: Path, channels: Sequence[str]) -> set[int]:
    """Write the files, send them, and return the exit codes that this asks for."""
    from sla_sync.cli import complain
    from sla_sync.errors import SlaSyncError
    from sla_sync.pipeline.pack_files import write_pack
    from sla_sync.pipeline.pack_sending import send_pack

    written = write_pack(reported, out)
    say(f"Pack written to {written.page}.")
    say(
        f"The minutes in {written.minutes} are there already and stay."
        if written.kept
        else f"Minutes: {written.minutes}"
    )
    codes = set()
    for each in send_pack(place, channels, reported.pack, written.page, environ=os.environ) if channels else ():
        if isinstance(each, SlaSyncError):
            complain(each)
            codes.add(FAILED)
        else:
            say(each)
    return codes


def names_in(path: Path) -> Mapping[str, str]:
    """Return names of owners by id, from a CSV of two columns; a head row that says `id` is no owner. Raises BadParameter."""
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise typer.BadParameter(f"{path} is no CSV in UTF-8.", param_hint="--names") from error
    broken = next((number for number, row in enumerate(rows, 1) if len(row) != _COLUMNS), None)
    if broken is not None:
        raise typer.BadParameter(f"row {broken} of {path} is not an id and a name.", param_hint="--names")
    return {row[0].strip(): row[1].strip() for row in rows if row[0].strip().lower() != "id"}


def _engine(url: str | None) -> Any:
    if url is None:
        return None
    from sla_sync.pipeline.engine import engine_at

    return engine_at(url, os.environ)
