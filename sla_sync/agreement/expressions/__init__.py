"""The expression language of `when`, `enter_when`, `contact_if`, `where` and `measure`."""

from sla_sync.agreement.expressions.errors import ExpressionError
from sla_sync.agreement.expressions.parse import parse_event, parse_expression, parse_measure
from sla_sync.agreement.expressions.spelling import print_event, print_expression, print_measure
from sla_sync.agreement.expressions.walk import children, fields_in, groups_in, terms_in

__all__ = [
    "ExpressionError",
    "children",
    "fields_in",
    "groups_in",
    "parse_event",
    "parse_expression",
    "parse_measure",
    "print_event",
    "print_expression",
    "print_measure",
    "terms_in",
]
