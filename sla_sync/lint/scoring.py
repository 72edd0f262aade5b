"""25x: scores, their caps and their thresholds."""

from __future__ import annotations

from sla_sync.lint.remarks import Rule

RULES: tuple[Rule, ...] = ()
