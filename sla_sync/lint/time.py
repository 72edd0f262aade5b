"""40x: clocks, calendars and ladders."""

from __future__ import annotations

from sla_sync.lint.remarks import Rule

RULES: tuple[Rule, ...] = ()
