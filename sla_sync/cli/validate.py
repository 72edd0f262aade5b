"""`sla-sync validate`: every finding at once, in the format that a person, a script or a CI server reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Config, Today, answer, day, place_of

if TYPE_CHECKING:
    from sla_sync.pipeline.validate import Documents


class FindingsFormat(StrEnum):
    """What the findings on stdout look like."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


def validate(
    *,
    config: Config = None,
    form: Annotated[FindingsFormat, typer.Option("--format", "-f", help="What stdout gets.")] = FindingsFormat.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Let a warning count like an error.")] = False,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history", metavar="DIR", help="Hold the promises against this history too.", show_default=False
        ),
    ] = None,
    today: Today = None,
) -> None:
    """Check the agreement, bindings and targets.

    Every finding at once, each with its place and what to do.

    Exit code 1 where there is an error, or, with --strict, a warning.
    """
    from sla_sync.diagnostics import Severity
    from sla_sync.pipeline.validate import validate as check

    documents = check(place_of(config), today=day(today))
    if history is not None:
        from sla_sync.pipeline.forecast import Where, with_history

        documents = with_history(documents, Where(history), today=day(today))
    answer(_rendered(documents, form, strict=strict))
    stopping = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(each.severity in stopping for each in documents.diagnostics):
        raise typer.Exit(1)


def _rendered(documents: Documents, form: FindingsFormat, *, strict: bool) -> str:
    from sla_sync.render import diagnostics as render

    found = documents.diagnostics
    match form:
        case FindingsFormat.TEXT:
            from sla_sync.render.excerpts import excerpt

            return render.verdict_as_text(found, documents.place.agreement, excerpt)
        case FindingsFormat.JSON:
            return render.findings_as_json(found)
        case FindingsFormat.MARKDOWN:
            return render.findings_as_markdown(found)
        case FindingsFormat.GITHUB:
            from sla_sync.render.github import findings_as_github

            return findings_as_github(found)
        case FindingsFormat.SARIF | FindingsFormat.JUNIT:
            return _with_rules(documents, form, strict=strict)


def _with_rules(documents: Documents, form: FindingsFormat, *, strict: bool) -> str:
    from importlib.metadata import version

    from sla_sync.lint import RULES
    from sla_sync.render.catalogue import in_order
    from sla_sync.render.junit import findings_as_junit
    from sla_sync.render.sarif import findings_as_sarif

    rules = in_order(RULES)
    if form is FindingsFormat.SARIF:
        return findings_as_sarif(documents.diagnostics, rules, version=version("sla-sync"))
    kinds = {
        source.file: str((source.data or {}).get("kind", "Binding" if path in documents.place.bindings else ""))
        for path, source in documents.sources.items()
    }
    kinds[documents.sources[documents.place.agreement].file] = "LeadSLA"
    judged = documents.agreement is not None
    return findings_as_junit(documents.diagnostics, kinds, rules, judged=judged, strict=strict)
