"""70x: who agrees, who reviews, and when changes take force."""

from __future__ import annotations

from sla_sync.lint.remarks import Rule

RULES: tuple[Rule, ...] = ()
