"""50x: reasons and routes."""

from __future__ import annotations

from sla_sync.lint.remarks import Rule

RULES: tuple[Rule, ...] = ()
