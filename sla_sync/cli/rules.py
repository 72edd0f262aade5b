"""`sla-sync rules`: what validate looks for, all of it or one rule."""

from __future__ import annotations

from typing import Annotated

import typer

from sla_sync.cli.options import Form, Format, answer
from sla_sync.errors import SlaSyncError


def rules(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="One rule, such as SLA306.", show_default=False)
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """List the rules, or explain one: what it means, why it is there, a bad and a good example."""
    from sla_sync.lint import RULES
    from sla_sync.render import catalogue as render

    known = render.in_order(RULES)
    if code is None:
        tell = {Format.TEXT: render.rules_as_text, Format.MARKDOWN: render.rules_as_markdown}
        answer(tell.get(form, render.rules_as_json)(known))
        return
    wanted = f"SLA{code}" if code.isdigit() else code.upper()
    rule = next((each for each in known if each.code == wanted), None)
    if rule is None:
        from sla_sync.agreement.findings import nearest

        near = nearest(wanted, (each.code for each in known), likeness=0.7)
        raise SlaSyncError(
            f"There is no rule {code}.",
            hint=f"Write {near}, if that is meant." if near else "List them with `sla-sync rules`.",
        )
    match form:
        case Format.TEXT:
            answer(render.rule_as_text(rule))
        case Format.MARKDOWN:
            answer(render.rule_as_markdown(rule))
        case Format.JSON:
            answer(render.rules_as_json([rule]))
