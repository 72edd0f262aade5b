"""The way of a lead as a Mermaid diagram, for places that show Markdown."""

from __future__ import annotations

from sla_sync.agreement.document import Agreement
from sla_sync.explain.names import capital, heading, title

_CHARACTERS = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;", "|": "#124;", ";": "#59;"}


def diagram(agreement: Agreement) -> str:
    """Return every stage with its owner, and an arrow for every move; a move under a condition is dashed."""
    ids = {name: f"s{index}" for index, name in enumerate(agreement.stages)}
    lines = ["flowchart LR"]
    for name, stage in agreement.stages.items():
        owner = f"<br>{_text(capital(title(stage.accountable)))}" if stage.accountable else ""
        opens, closes = ("([", "])") if stage.end else ("[", "]")
        lines.append(f'  {ids[name]}{opens}"{_text(heading(name))}{owner}"{closes}')
    for name, stage in agreement.stages.items():
        for following, when in stage.moves.items():
            if following in ids:
                lines.append(f"  {ids[name]} {'-.->' if when else '-->'} {ids[following]}")
    return "\n".join(lines)


def _text(text: str) -> str:
    return "".join(_CHARACTERS.get(each, each) for each in text)
