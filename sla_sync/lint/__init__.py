"""Rules across the parts of an agreement and between it and its bindings, one module per hundred."""

from sla_sync.lint.rules import RULES, Finding, lint

__all__ = ["RULES", "Finding", "lint"]
