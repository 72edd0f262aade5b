"""`sla-sync codeowners`: who reviews which document, from the roles of the agreement."""

from __future__ import annotations

from typing import Annotated

import typer

from sla_sync.cli.options import DIFFERENT, Config, answer, place_of, say


def codeowners(
    config: Config = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 3 where the file would change.")
    ] = False,
) -> None:
    """Write CODEOWNERS from the roles of the agreement.

    Which account stands for a role says `code_owners` in targets.yaml. Lines of others stay as they are.
    """
    import os

    from sla_sync.pipeline.code_owners import code_owners
    from sla_sync.render.words import visible

    found = code_owners(place_of(config))
    path = os.path.relpath(found.path)
    for each in found.alone:
        say(visible(each))
    if not found.changes:
        answer(f"{path} is as it should be.")
        return
    if check:
        answer(f"{path} would be written anew.")
        raise typer.Exit(DIFFERENT)
    found.write()
    answer(f"{path} is written.")
