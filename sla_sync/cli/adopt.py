"""`sla-sync adopt`: what is on a platform becomes YAML."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import DIFFERENT, Form, Format, Target, Today, answer, day, place_of, say


def adopt(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Findings of drift: ids, addresses, or an address and a path."),
    ] = None,
    *,
    target: Target,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="CONFIG", help="The agreement; found as by other commands.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every finding of the audit.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the changed files.")] = False,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="NAME", help="Commit the changed files on a new branch; nothing is pushed."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Begin an agreement of what is there, in a new folder."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="With --out: what the agreement is called.")
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option("--timezone", metavar="ZONE", help="With --out: its zone, where the platform says none."),
    ] = None,
    targets: Annotated[
        Path | None,
        typer.Option("--targets", metavar="FILE", help="With --out: the targets file that names the target."),
    ] = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Turn what is on a platform into YAML.

    With IDs, live values become a change of the documents, proved to ask for just what is there; shown as a diff unless
    --write or --branch is given. With --out, an agreement is begun from an org that has none. The platform is only read.

    Exit code 0 adopted, 3 where a finding cannot be said by the documents.
    """
    if out is not None:
        _begin(out, target, name, timezone, targets, today)
        return
    if bool(ids) == every:
        raise typer.BadParameter("name findings, or all of them with --all.", param_hint="ID")
    if write and branch:
        raise typer.BadParameter(
            "the files are written here (--write) or on a branch (--branch).", param_hint="--branch"
        )
    from sla_sync.pipeline.adopt import adopt as find
    from sla_sync.pipeline.branch import commit_on_branch
    from sla_sync.render import adopt as render

    place = place_of(config)
    found = find(place, target, ids or (), environ=os.environ, today=day(today), say=say)
    if form is Format.JSON:
        answer(json.dumps(render.adoption_as_plain(found), indent=2, ensure_ascii=False))
    elif form is Format.MARKDOWN:
        answer(render.adoption_as_markdown(found))
    else:
        answer(render.adoption_as_text(found))
    changing = [each for each in found.rewrites if each.changes]
    if changing and branch:
        commit = commit_on_branch(changing, branch, render.message_of(found), here=place.folder)
        say(f"Committed as {commit[:10]} on {branch}. Next: git push -u origin {branch}, and ask for a review.")
    elif changing and write:
        for each in changing:
            each.write()
            say(f"Wrote {each.path}.")
        say(
            "Next: sla-sync review HEAD shows what the parties must agree to; other targets of the agreement change too."
        )
    elif changing:
        say("Nothing was written; --write writes the files, --branch NAME commits them on a new branch.")
    if not found.complete:
        raise typer.Exit(DIFFERENT)


def _begin(
    out: Path, target: str, name: str | None, timezone: str | None, targets: Path | None, today: str | None
) -> None:
    from datetime import UTC, datetime

    from sla_sync.pipeline.begin import Wish, begin

    if name is None or targets is None:
        raise typer.BadParameter("with --out, give --name and --targets too.", param_hint="--out")
    wish = Wish(out, name, timezone, targets, day(today) or datetime.now(UTC).date())
    begun = begin(wish, target, environ=os.environ, say=say)
    for path in begun.written:
        answer(f"wrote {path}")
    if begun.question is not None:
        answer(f"\n{begun.question.asked} Say it at {begun.place} before you raise a mode.")
    say(f"Next: read {out}/ADOPTED.md, then sla-sync validate {out}.")
