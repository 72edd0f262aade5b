"""`sla-sync forecast`: whether a promise can be kept, before it is made."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Config, Exported, Form, Format, History, Today, Until, answer, day, place_of

if TYPE_CHECKING:
    from sla_sync.feasibility.forecast import Forecast
    from sla_sync.feasibility.plan import Asked
    from sla_sync.places import Place


def forecast(
    config: Config = None,
    *,
    history: History = None,
    target: Exported = None,
    until: Until = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="STAGE",
            help="Reckon forward from this stage: mqls. Default: from the qualifying one.",
            show_default=False,
        ),
    ] = None,
    volume: Annotated[
        str | None,
        typer.Option(
            "--volume", metavar="N", help="So many a month. Default: what the agreement promises.", show_default=False
        ),
    ] = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Say whether a promise can be kept, before it is made.

    The plan is worked backward and forward, and promises are held against a history: how often a number was met, what the
    rates were, whether the teams have the time and are there when leads come. It only reads. Without a history it is the
    one that was exported of the only target with any.
    """
    from sla_sync.pipeline.forecast import Where
    from sla_sync.pipeline.forecast import forecast as foresee

    place = place_of(config)
    asked = _asked(place, start, volume)
    found = foresee(place, Where(history, target, day(until, option="--until")), asked=asked, today=day(today))
    answer(_told(found, form))


def _asked(place: Place, start: str | None, volume: str | None) -> Asked | None:
    if start is None and volume is None:
        return None
    from sla_sync.agreement.funnel import qualified_stage
    from sla_sync.feasibility.plan import Asked, stage_named
    from sla_sync.pipeline.validate import read

    agreed = read(place).usable
    stage = qualified_stage(agreed) or "" if start is None else start
    return Asked(stage_named(agreed, stage), None if volume is None else _number(volume))


def _number(said: str) -> Decimal:
    try:
        found = Decimal(said)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise typer.BadParameter(f"'{said}' is no number of leads; write it as 110.", param_hint="--volume")
    return found


def _told(found: Forecast, form: Format) -> str:
    from sla_sync.render.forecast import forecast_as_json, forecast_as_markdown, forecast_as_text

    says = {Format.TEXT: forecast_as_text, Format.JSON: forecast_as_json, Format.MARKDOWN: forecast_as_markdown}
    return says[form](found)
