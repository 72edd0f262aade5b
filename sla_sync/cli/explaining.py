"""`sla-sync explain`: the agreement in plain words, as the page that the parties sign, or with every default shown."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Config, answer, place_of, say

if TYPE_CHECKING:
    from sla_sync.agreement.document import Agreement


class Explanation(StrEnum):
    """In what form the agreement is explained."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


def explain(
    *,
    config: Config = None,
    form: Annotated[
        Explanation, typer.Option("--format", "-f", help="text to read aloud; markdown or html: the page to sign.")
    ] = Explanation.TEXT,
    expanded: Annotated[
        bool, typer.Option("--expanded", help="Print the agreement as YAML with every default shown instead.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write a file instead of stdout.", show_default=False),
    ] = None,
) -> None:
    """Say in plain words what was agreed.

    Text is prose to read aloud in a meeting. Markdown and HTML are the page that the parties sign, HTML with pictures.
    """
    from sla_sync.diagnostics import errors_in
    from sla_sync.pipeline.validate import validate

    documents = validate(place_of(config))
    agreement = documents.agreement or documents.usable
    if errors_in(documents.diagnostics):
        say("There are errors in these documents, so this may promise what cannot hold: see `sla-sync validate`.")
    made = _said(agreement, form, expanded=expanded)
    if out is None:
        answer(made)
        return
    from sla_sync.errors import SlaSyncError
    from sla_sync.files import write_atomically

    try:
        write_atomically(out, made.encode())
    except OSError as error:
        raise SlaSyncError(
            f"{out} cannot be written: {error.strerror}.", hint="Name a file in a folder that is there."
        ) from None
    answer(f"Written to {out}.")


def _said(agreement: Agreement, form: Explanation, *, expanded: bool) -> str:
    if expanded:
        from sla_sync.explain.expanded import expanded as with_defaults

        return with_defaults(agreement)
    from sla_sync.explain import explain_html, explain_markdown, explain_text

    match form:
        case Explanation.TEXT:
            return explain_text(agreement)
        case Explanation.MARKDOWN:
            return explain_markdown(agreement)
        case Explanation.HTML:
            return explain_html(agreement)
