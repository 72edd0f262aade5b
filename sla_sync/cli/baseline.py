"""`sla-sync baseline`: what every commitment came to before it was promised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Config, Exported, Form, Format, History, Since, Until, answer, day, place_of, say
from sla_sync.cli.spans import first_day

if TYPE_CHECKING:
    from sla_sync.measures.baseline import Baseline


def baseline(
    config: Config = None,
    *,
    target: Exported = None,
    history: History = None,
    since: Since = "90d",
    until: Until = None,
    form: Form = Format.TEXT,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Write the answer there.", show_default=False),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep it beside the agreement as baseline.json, for reports to compare with.")
    ] = False,
) -> None:
    """Measure what was, before anybody promises it.

    Every commitment is measured on a history as if it had been in force then. Nothing need have been applied: the stages,
    owners and calls that are there are enough. It only reads.
    """
    from sla_sync.pipeline.baseline import baseline as measured
    from sla_sync.pipeline.baseline import keep as kept

    place = place_of(config)
    found = measured(
        place, history=history, target=target, since=first_day(since, "--since"), until=day(until, option="--until")
    )
    text = _told(found, form)
    if out is None:
        answer(text)
    else:
        from sla_sync.files import write_atomically

        write_atomically(out, f"{text}\n".encode())
        say(f"Baseline written to {out}.")
    if keep:
        say(f"Kept in {kept(place, found)}.")


def _told(found: Baseline, form: Format) -> str:
    from sla_sync.render.baseline import baseline_as_json, baseline_as_markdown, baseline_as_text

    says = {Format.TEXT: baseline_as_text, Format.JSON: baseline_as_json, Format.MARKDOWN: baseline_as_markdown}
    return says[form](found)
