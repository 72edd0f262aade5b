"""`sla-sync sign`: a role signs what the agreement means."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, answer, day, place_of


def sign(
    config: Config = None,
    *,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The role of the agreement that signs.")],
    evidence: Annotated[
        str,
        typer.Option(
            "--evidence", metavar="LINK", help="Where the consent shows: a link, or a file beside the agreement."
        ),
    ],
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="BASE",
            help="What was signed before, a revision or a folder: only whom the change concerns must sign again.",
            show_default=False,
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The day of the consent. Default: today.", show_default=False),
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """Write to signatures.yaml that a role agrees to what the agreement means now.

    Nobody needs an account for it: whoever keeps the document writes it, and the evidence shows the consent.
    """
    import json

    from sla_sync.pipeline.sign import sign as carry_out
    from sla_sync.render.signing import signed_as_plain, signed_as_text

    found = carry_out(
        place_of(config),
        role=role,
        evidence=evidence,
        on=day(on, option="--on") or datetime.now(UTC).date(),
        since=since,
        here=Path.cwd(),
    )
    if form is Format.JSON:
        answer(json.dumps(signed_as_plain(found), indent=2, ensure_ascii=False))
    else:
        answer(signed_as_text(found))
