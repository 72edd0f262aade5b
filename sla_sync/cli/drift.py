"""`sla-sync drift`: live settings against the agreement, of one target or of every one, and what the nights before say."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import DIFFERENT, FAILED, REFUSED, Form, Format, Today, answer, day, say
from sla_sync.cli.places import Configs, History
from sla_sync.cli.spans import span

if TYPE_CHECKING:
    from sla_sync.audits.kept import Subject
    from sla_sync.pipeline.night import Asked, Audited
    from sla_sync.reconcile.drift import Drift
    from sla_sync.render.html.drift import DriftTold

_WORST_FIRST = (FAILED, REFUSED, DIFFERENT)


def drift(
    config: Configs = None,
    *,
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml; may be repeated.")
    ] = None,
    all_targets: Annotated[bool, typer.Option("--all-targets", help="Every target of these agreements.")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="NUMBER", min=1, max=64, help="How many targets at once.")
    ] = 8,
    wait: Annotated[
        str, typer.Option("--wait", metavar="TIME", help="How long to wait for an apply that is under way.")
    ] = "5 minutes",
    record: Annotated[
        bool | None,
        typer.Option("--record/--no-record", help="Keep what was found. Default: with --all-targets or --notify."),
    ] = None,
    history: History = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="TIME", help="Drop audits that are older, such as 400 days.")
    ] = None,
    notify: Annotated[bool, typer.Option("--notify", help="Tell the channels of channels.yaml.")] = False,
    trend: Annotated[bool, typer.Option("--trend", help="Tell what the kept audits say; audit nothing.")] = False,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="How far the trend looks back.")] = "30 days",
    form: Form = Format.TEXT,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Also write an HTML page, to read in a browser or to print."),
    ] = None,
    today: Today = None,
) -> None:
    """Audit live settings against the agreement.

    What changed, from what to what, who and when.

    Exit code 0 in sync or only not applied yet, 3 differences, 1 where a target could not be audited.
    """
    from sla_sync.pipeline.night import asked_for, places_of

    places = places_of(config or (), here=Path.cwd())
    database = history or places[0].state / "audits.sqlite"
    if trend:
        answer(_trend(database, target or (), form, span(since, "--since")))
        return
    if bool(target) == all_targets:
        raise typer.BadParameter("name one or more with --target, or all with --all-targets.", param_hint="--target")
    names = tuple(dict.fromkeys(target or ()))
    asked = asked_for(places, names)
    kept = record if record is not None else all_targets or notify
    if notify and not kept:
        raise typer.BadParameter("needs what was told before: leave --no-record out.", param_hint="--notify")
    codes = _audit(
        asked,
        form=form,
        today=today,
        jobs=jobs,
        patience=span(wait, "--wait"),
        database=database if kept else None,
        keep=span(keep, "--keep") if keep else None,
        report=report,
        back=span(since, "--since"),
    )
    if notify:
        from sla_sync.cli.notify import tell_channels

        codes |= tell_channels(places, database, ran=True)
    raise typer.Exit(next((code for code in _WORST_FIRST if code in codes), 0))


def _audit(
    asked: Sequence[Asked],
    *,
    form: Format,
    today: str | None,
    jobs: int,
    patience: timedelta,
    database: Path | None,
    keep: timedelta | None,
    report: Path | None,
    back: timedelta,
) -> set[int]:
    """Audit, tell and keep what was found, and return the exit codes that it asks for."""
    from sla_sync.audits import database as audits
    from sla_sync.audits.kept import KeptAudit
    from sla_sync.pipeline.drift import drift as audit
    from sla_sync.pipeline.night import Pace, night

    asof, run = day(today), uuid.uuid4().hex
    words: dict[Subject, DriftTold] = {}

    stopping = threading.Event()
    pace = Pace(_now, stopping.wait, patience, jobs, stopping)
    heard = pace.heard(say)

    def look(each: Asked) -> Drift:
        found = audit(each.place, each.subject.target, environ=os.environ, today=asof, say=heard)
        if report is not None:
            from sla_sync.render.html.drift import drift_told

            words[each.subject] = drift_told(found)
        return found

    with ExitStack() as stack:
        book = stack.enter_context(audits.opened(database)) if database else None

        def write(found: KeptAudit) -> None:
            if book is not None:
                audits.record(book, run, found)

        found = night(asked, look, tell=_teller(form), pace=pace, keep=write, say=say)
        if book is not None and keep is not None:
            audits.forget(book, _now() - keep)
        _tell(found, form)
        if report is not None:
            from sla_sync.cli.audit_page import write_report

            write_report(report, found, words, book=book, since=_now() - back, now=_now())
    return {code for each in found for code in each.codes}


def _teller(form: Format) -> Callable[[Drift], str]:
    from sla_sync.render import drift as render

    return {
        Format.TEXT: render.drift_as_text,
        Format.MARKDOWN: render.drift_as_markdown,
        Format.JSON: render.drift_as_json,
    }[form]


def _tell(found: Sequence[Audited], form: Format) -> None:
    """Answer what was found, and complain of what could not be audited."""
    from sla_sync.cli import complain
    from sla_sync.render import night as render

    for each in found:
        if each.error is not None:
            complain(each.error)
    if form is Format.JSON:
        answers = [_plain(each) for each in found if len(found) > 1 or each.error is None]
        if not answers:
            return
        answer(json.dumps(answers[0] if len(answers) == 1 else answers, indent=2, ensure_ascii=False))
        return
    if len(found) > 1:
        kept = [each.kept for each in found]
        summary = render.summary_as_text if form is Format.TEXT else render.summary_as_markdown
        answer(summary(kept))
    for each in sorted(found, key=lambda each: render.rank(each.kept)):
        if each.error is None:
            answer(f"\n{each.told}" if len(found) > 1 else each.told)


def _plain(audited: Audited) -> object:
    subject, error = audited.kept.subject, audited.error
    head = {"agreement": subject.agreement, "verdict": str(audited.kept.verdict)}
    if error is not None:
        said = {"format_version": 1, "target": subject.target, "error": error.message, "hint": error.hint}
        return {**said, **head}
    return {**json.loads(audited.told), **head}


def _trend(database: Path, targets: Sequence[str], form: Format, back: timedelta) -> str:
    from sla_sync.audits.database import opened
    from sla_sync.audits.trend import trends
    from sla_sync.errors import SlaSyncError
    from sla_sync.render import night as render

    if not database.is_file():
        raise SlaSyncError(
            f"No audit was kept in {database}.", hint="Run: sla-sync drift --all-targets, which keeps every audit."
        )
    now = _now()
    with opened(database) as book:
        found = trends(book, since=now - back, targets=targets)
    if form is Format.JSON:
        return render.trends_as_json(found)
    return (render.trends_as_text if form is Format.TEXT else render.trends_as_markdown)(found, now)


def _now() -> datetime:
    return datetime.now(UTC)
