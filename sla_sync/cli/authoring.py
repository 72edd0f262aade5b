"""`init`, `fmt` and `upgrade`: the commands that write documents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import answer, place_of, say

if TYPE_CHECKING:
    from sla_sync.authoring.rewriting import Rewrite

DIFFERENT = 3

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILES",
        help="Files, or folders with YAML files. Default: the agreement, what it includes, its bindings and targets.",
        show_default=False,
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit code 3 where a file would change.")]
Diff = Annotated[bool, typer.Option("--diff", help="Write nothing; show the lines that would change.")]


def fmt(files: Files = None, *, check: Check = False, diff: Diff = False) -> None:
    """Lay documents out in one way.

    Sections in the order of the reference, two spaces for each level, quotation marks where they are needed. Comments
    stay, and so does everything that is said.
    """
    from sla_sync.authoring.rewriting import in_layout

    _rewrite(in_layout(_paths(files)), check=check, diff=diff, done="laid out")


def upgrade(files: Files = None, *, check: Check = False, diff: Diff = False) -> None:
    """Rewrite documents of an older version of the language.

    Only the words that have another name now change; comments and layout stay.
    """
    from sla_sync.authoring.rewriting import in_words_of_today

    _rewrite(in_words_of_today(_paths(files)), check=check, diff=diff, done="rewritten")


def _paths(files: list[Path] | None) -> tuple[Path, ...]:
    from sla_sync.authoring.rewriting import documents_below, documents_of

    return documents_below(files) if files else documents_of(place_of(None))


def _rewrite(rewrites: Iterable[Rewrite], *, check: bool, diff: bool, done: str) -> None:
    changing = [each for each in rewrites if each.changes]
    for each in changing:
        if diff:
            answer(each.difference)
        elif check:
            answer(f"{each.path} would be {done}.")
        else:
            each.write()
            answer(f"{each.path} is {done}.")
    if not changing:
        say("Every file is as it should be.")
    elif check:
        raise typer.Exit(DIFFERENT)
