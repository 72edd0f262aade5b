"""`sla-sync comment`: the one comment on a pull request is written, or edited where it is there."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import answer
from sla_sync.errors import SlaSyncError

_MOST = 1_000_000
"""Characters; more takes no host."""


class Forge(StrEnum):
    """Where the code is kept."""

    GITHUB = "github"
    GITLAB = "gitlab"


def comment(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="What `review --format markdown` gave. Default: stdin.", show_default=False
        ),
    ] = None,
    *,
    on: Annotated[
        Forge | None, typer.Option("--on", help="Where. Default: where this pipeline runs.", show_default=False)
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--number", metavar="N", min=1, help="Which request. Default: that of the pipeline.", show_default=False
        ),
    ] = None,
    author: Annotated[
        str,
        typer.Option(
            "--author", metavar="ACCOUNT", help="Whose token it is, where the host does not tell.", show_default=False
        ),
    ] = "",
) -> None:
    """Put a review on the pull request.

    One comment for each agreement, edited in place. The token comes from GITHUB_TOKEN or GITLAB_TOKEN alone.
    """
    from sla_sync.forge import github, gitlab
    from sla_sync.forge.comments import Done, tell

    body = text_of(file)
    kept = {Forge.GITHUB: github, Forge.GITLAB: gitlab}[on or _forge_here()]
    told = tell(kept.from_environment(os.environ, number=number, name=author), body)
    if told.done is Done.UNCHANGED:
        answer("The comment says this already.")
    else:
        answer(f"The comment was {told.done}: {told.address}")


def text_of(file: Path | None) -> str:
    """Return the text of a comment, from stdin where no file is named. Raises SlaSyncError where it is none."""
    try:
        text = sys.stdin.read(_MOST + 1) if file is None or file == Path("-") else file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SlaSyncError("The text is not UTF-8.", hint="Make it with `review --format markdown`.") from error
    if len(text) > _MOST:
        raise SlaSyncError(
            f"The text has more than {_MOST:,} characters.", hint="Make it with `review --format markdown`, which fits."
        )
    return text


def _forge_here() -> Forge:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return Forge.GITHUB
    if os.environ.get("GITLAB_CI") == "true":
        return Forge.GITLAB
    raise SlaSyncError("This is no pipeline of GitHub or GitLab.", hint="Say where with --on, and which with --number.")
