"""60x: the goal, and whether what is promised can be kept."""

from __future__ import annotations

from sla_sync.lint.remarks import Rule

RULES: tuple[Rule, ...] = ()
