"""`sla-sync review`: what a change of the agreement means, in the format that a person, a pull request or a CI server reads."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import DIFFERENT, FAILED, Base, Head, Revised, Today, Trust, answer, day, say

if TYPE_CHECKING:
    from sla_sync.review.outcome import Review, Unreviewed


class ReviewFormat(StrEnum):
    """What a review looks like."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SUMMARY = "summary"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    HTML = "html"


def review(
    base: Base,
    head: Head = None,
    *,
    config: Revised = None,
    form: Annotated[
        ReviewFormat, typer.Option("--format", "-f", help="What stdout gets; summary is for $GITHUB_STEP_SUMMARY.")
    ] = ReviewFormat.TEXT,
    write: Annotated[
        list[str] | None,
        typer.Option("--write", "-w", metavar="FORMAT=FILE", help="Also write this format to a file; may be repeated."),
    ] = None,
    live: Annotated[
        str | None,
        typer.Option(
            "--live",
            metavar="T",
            help="Really plan for this target; its host is that of --trust, else of BASE.",
            show_default=False,
        ),
    ] = None,
    trust: Trust = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            metavar="DIR",
            help="Replay the change over this history. Default: the one that was exported of the only target with any.",
            show_default=False,
        ),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Leave with 3 where a signature is missing.")] = False,
    today: Today = None,
) -> None:
    """Show what a change means, and for whom.

    Sentences instead of lines: what tightens and what loosens, who must sign, from when it can be in force, which
    findings come and go, which settings change on each target, and what the change would have done to a history. Works
    offline unless --live is given.
    """
    from sla_sync.files import write_atomically
    from sla_sync.pipeline.review import Live
    from sla_sync.pipeline.review import review as compare

    also = _files(write or ())
    if trust is not None and live is None:
        raise typer.BadParameter(
            "without --live no target is asked, so nothing is to be trusted.", param_hint="--trust"
        )
    asked = Live(live, os.environ, trust) if live is not None else None
    found = compare(base, head, config=config, here=Path.cwd(), today=day(today), live=asked, history=history, say=say)
    command = shlex.join(["sla-sync", "review", base, *([head] if head else [])])
    for path, wanted in also.items():
        write_atomically(path, _rendered(found, wanted, command).encode())
    answer(_rendered(found, form, command))
    if found.blocked:
        raise typer.Exit(FAILED)
    if exit_code and _is_waiting(found):
        raise typer.Exit(DIFFERENT)


def _files(said: list[str] | tuple[str, ...]) -> Mapping[Path, ReviewFormat]:
    found: dict[Path, ReviewFormat] = {}
    for each in said:
        form, equals, file = each.partition("=")
        if not equals or not file or form not in set(ReviewFormat):
            known = ", ".join(ReviewFormat)
            raise typer.BadParameter(f"'{each}' is not FORMAT=FILE; formats are {known}.", param_hint="--write")
        found[Path(file)] = ReviewFormat(form)
    return found


def _is_waiting(found: Review | Unreviewed) -> bool:
    from sla_sync.review.outcome import Review

    return bool(found.consent.missing if isinstance(found, Review) else found.missing)


def _rendered(found: Review | Unreviewed, form: ReviewFormat, command: str) -> str:
    match form:
        case ReviewFormat.TEXT:
            from sla_sync.render.review.text import review_as_text

            return review_as_text(found)
        case ReviewFormat.JSON:
            from sla_sync.render.review.plain import review_as_json

            return review_as_json(found)
        case ReviewFormat.MARKDOWN | ReviewFormat.SUMMARY:
            from sla_sync.render.review.markdown import COMMENT, STEP_SUMMARY, review_as_markdown

            most = COMMENT if form is ReviewFormat.MARKDOWN else STEP_SUMMARY
            return review_as_markdown(found, most=most, command=command)
        case ReviewFormat.HTML:
            from sla_sync.render.html.review import report_of_review

            return report_of_review(found)
        case ReviewFormat.SARIF | ReviewFormat.JUNIT | ReviewFormat.GITHUB:
            return _as_findings(found, form)


def _as_findings(found: Review | Unreviewed, form: ReviewFormat) -> str:
    from importlib.metadata import version

    from sla_sync.lint import RULES
    from sla_sync.render.catalogue import in_order
    from sla_sync.render.github import findings_as_github
    from sla_sync.render.review.findings import review_as_findings
    from sla_sync.render.review.junit import review_as_junit
    from sla_sync.render.sarif import findings_as_sarif

    rules = in_order(RULES)
    if form is ReviewFormat.JUNIT:
        return review_as_junit(found, rules)
    findings = review_as_findings(found)
    if form is ReviewFormat.GITHUB:
        return findings_as_github(findings)
    return findings_as_sarif(findings, rules, version=version("sla-sync"))
