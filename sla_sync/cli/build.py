"""`sla-sync build`: the settings as files for another pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Platform, Today, answer, day, place_of


def build(
    config: Config = None,
    *,
    platform: Platform,
    form: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="source or mdapi (Salesforce), json (both).")
    ] = "json",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="A folder that is new or empty.", show_default=False),
    ] = None,
    merge_with: Annotated[
        Path | None,
        typer.Option("--merge-with", metavar="DIR", help="A team's own source tree instead.", show_default=False),
    ] = None,
    today: Today = None,
) -> None:
    """Write files for another pipeline; works offline.

    Salesforce: a source or mdapi tree for a DX project. HubSpot: the bodies of the requests, one per file.
    """
    from sla_sync.files import read_tree, write_into, write_tree
    from sla_sync.pipeline.build import build as make
    from sla_sync.pipeline.build import commit_of
    from sla_sync.pipeline.build import merge_with as merge

    place = place_of(config)
    if (out is None) == (merge_with is None):
        raise typer.BadParameter("name a folder with --out, or a source tree with --merge-with.", param_hint="--out")
    if merge_with is not None:
        files = merge(read_tree(merge_with), place, platform=platform, today=day(today), commit=commit_of(place.folder))
        write_into(merge_with, files)
        answer(f"{len(files)} files of {merge_with} are new or different.")
        return
    assert out is not None  # noqa: S101 - one of the two is there
    files = make(place, platform=platform, form=form, today=day(today), commit=commit_of(place.folder))
    write_tree(out, files)
    answer(f"{len(files)} files written to {out}.")
