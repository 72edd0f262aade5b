"""The error of an expression that cannot be read."""

from __future__ import annotations

from sla_sync.agreement.formats import FormatError


class ExpressionError(FormatError):
    """An expression, measure or event cannot be read; `offset` is the character at which reading stopped."""
