"""Resources as plain JSON, for golden files that people read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import print_event, print_expression
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.diagnostics import spell
from sla_sync.resources import Resources


def resources_as_json(resources: Resources) -> str:
    """Return every resource with what it says; what is empty is left out."""
    return json.dumps(_plain(resources), indent=2, ensure_ascii=False) + "\n"


def _plain(value: object, name: str = "") -> object:
    if isinstance(value, Expression):
        return print_expression(value)
    if isinstance(value, Event):
        return print_event(value)
    if isinstance(value, Duration):
        return str(value)
    if name == "openings" and isinstance(value, tuple):
        # Two years of them would bury the rest; the laws of the calendar judge them.
        return {"count": len(value), "first": _plain(value[:2]), "last": _plain(value[-1:])}
    if is_dataclass(value):
        said = {each.name: _plain(getattr(value, each.name), each.name) for each in fields(value)}
        return {key: each for key, each in said.items() if each not in (None, "", [], {}, False)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return spell(value) if name == "origin" else [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value
