"""`sla-sync replay`: what a change of the agreement would have done to leads that came and went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Base, Exported, Form, Format, Head, History, Revised, Since, Until, answer, day
from sla_sync.cli.spans import first_day

if TYPE_CHECKING:
    from sla_sync.replay.replay import Replay


def replay(
    base: Base,
    head: Head = None,
    *,
    config: Revised = None,
    history: History = None,
    target: Exported = None,
    since: Since = "90d",
    until: Until = None,
    form: Form = Format.TEXT,
    leads: Annotated[bool, typer.Option("--leads", help="List the ids of the leads that change side.")] = False,
) -> None:
    """Try a change on what has happened to leads.

    MQLs, hand-offs, promises kept and broken, and what sales would have accepted, with intervals, and what cannot be
    known. It only reads the history.
    """
    from sla_sync.pipeline.replay import Over, replay_of

    over = Over(history, target, first_day(since, "--since"), day(until, option="--until"))
    found = replay_of(base, head, over, config=config, here=Path.cwd(), ids=leads)
    answer(_told(found, form))


def _told(found: Replay, form: Format) -> str:
    from sla_sync.render.replay import replay_as_json, replay_as_markdown, replay_as_text

    says = {Format.TEXT: replay_as_text, Format.JSON: replay_as_json, Format.MARKDOWN: replay_as_markdown}
    return says[form](found)
