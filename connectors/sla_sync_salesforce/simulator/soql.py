"""SOQL, parsed into a tree. What the language has and this simulator does not do is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from sla_sync_salesforce.simulator.faults import RefusedError, not_implemented

_GRAMMAR = r"""
start: "SELECT"i selection "FROM"i NAME [alias] ["USING"i "SCOPE"i NAME] [where] [order] [limit] [offset] [forview]
alias: NAME
selection: count | item ("," item)*
count: "COUNT"i "(" ")"
item: PATH -> path
    | NAME -> path
    | NAME "(" [_any] ")" [NAME] -> function
    | "(" "SELECT"i ANYTHING ")" -> subquery
_any: PATH | NAME
where: "WHERE"i condition
?condition: negation | negation ("AND"i negation)+ -> and_ | negation ("OR"i negation)+ -> or_
?negation: "NOT"i negation -> not_
         | "(" condition ")"
         | comparison
comparison: field COMPARE value -> compare
          | field "LIKE"i STRING -> like
          | field "IN"i choices -> in_
          | field "NOT"i "IN"i choices -> not_in
field: PATH | NAME
choices: "(" value ("," value)* ")"
value: STRING -> string
     | DATETIME -> datetime
     | DATE -> date
     | NUMBER -> number
     | "TRUE"i -> true
     | "FALSE"i -> false
     | "NULL"i -> null
     | NAME [":" NUMBER] -> dateliteral
order: "ORDER"i "BY"i ordering ("," ordering)*
ordering: field [DIRECTION] ["NULLS"i NULLS]
DIRECTION: "ASC"i | "DESC"i
NULLS: "FIRST"i | "LAST"i
limit: "LIMIT"i NUMBER
offset: "OFFSET"i NUMBER
forview: "FOR"i ("VIEW"i | "REFERENCE"i)
COMPARE: "<=" | ">=" | "!=" | "<>" | "=" | "<" | ">"
DATETIME.3: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/
DATE.2: /\d{4}-\d\d-\d\d/
NUMBER: /-?\d+(\.\d+)?/
STRING: /'(\\.|[^'\\])*'/
ANYTHING: /[^()]+/
PATH: /[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+/
NAME: /[A-Za-z][A-Za-z0-9_]*/
%ignore /\s+/
"""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value of a condition; `kind` is string, datetime, date, number, boolean or null."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition. `operator` is a sign, `like`, `in` or `not in`; the last two have several values."""

    field: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions under `and`, `or` or `not`."""

    operator: str
    parts: tuple[Condition, ...]


Condition: TypeAlias = "Comparison | Joined"


@dataclass(frozen=True, slots=True)
class Ordering:
    """One key of the order; where nothing is said, empty values come first."""

    field: str
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `fields` is None for COUNT()."""

    table: str
    fields: tuple[str, ...] | None
    where: Condition | None
    order: tuple[Ordering, ...]
    limit: int | None
    offset: int


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse(text: str) -> Query:
    """Return a query as a tree. Raises RefusedError with MALFORMED_QUERY."""
    try:
        tree = _parser().parse(text)
        query: Query = _Builder().transform(tree)
    except UnexpectedInput as error:
        raise _malformed(error, text) from None
    except VisitError as error:
        if isinstance(error.orig_exc, RefusedError):
            raise error.orig_exc from None
        raise
    return query


def _malformed(error: UnexpectedInput, text: str) -> RefusedError:
    where = f"\n{text}\n{' ' * max(error.column - 1, 0)}^\nERROR at Row:{error.line}:Column:{error.column}\n"
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        # Text that begins no word of the language is read as the inside of a subquery; its first sign is the wrong one.
        found = error.token[0] if error.token.type == "ANYTHING" else error.token
        return RefusedError("MALFORMED_QUERY", f"{where}unexpected token: '{found}'")
    if isinstance(error, UnexpectedCharacters):
        return RefusedError("MALFORMED_QUERY", f"{where}unexpected token: '{error.char}'")
    return RefusedError("MALFORMED_QUERY", "unexpected token: '<EOF>'")


def _unescaped(quoted: str) -> str:
    def one(match: re.Match[str]) -> str:
        letter = match.group(1)
        return chr(int(letter[1:], 16)) if len(letter) > 1 else _ESCAPES.get(letter, letter)

    return _ESCAPE.sub(one, quoted[1:-1])


class _Builder(Transformer[Token, Query]):
    """Makes the tree of this module from the parser's."""

    def start(self, children: list[Any]) -> Query:
        selection, table, alias, scope, where, order, limit, offset, view = children
        for name, given in (("A table alias", alias), ("USING SCOPE", scope), ("FOR VIEW", view)):
            if given is not None:
                raise not_implemented(f"{name} in a query")
        return Query(str(table), selection, where, order or (), limit, offset or 0)

    def selection(self, children: list[Any]) -> tuple[str, ...] | None:
        return None if children == [None] else tuple(children)

    def count(self, _children: list[Any]) -> None:
        return None

    def path(self, children: list[Any]) -> str:
        return str(children[0])

    def function(self, children: list[Any]) -> str:
        raise not_implemented(f"The function {children[0]} in a query")

    def subquery(self, _children: list[Any]) -> str:
        raise not_implemented("A subquery")

    def alias(self, children: list[Any]) -> str:
        return str(children[0])

    def forview(self, _children: list[Any]) -> bool:
        return True

    def where(self, children: list[Any]) -> Any:
        return children[0]

    def or_(self, children: list[Any]) -> Joined:
        return Joined("or", tuple(children))

    def and_(self, children: list[Any]) -> Joined:
        return Joined("and", tuple(children))

    def not_(self, children: list[Any]) -> Joined:
        return Joined("not", tuple(children))

    def field(self, children: list[Any]) -> str:
        return str(children[0])

    def compare(self, children: list[Any]) -> Comparison:
        operator = str(children[1])
        return Comparison(children[0], "!=" if operator == "<>" else operator, (children[2],))

    def like(self, children: list[Any]) -> Comparison:
        return Comparison(children[0], "like", (Literal("string", _unescaped(children[1])),))

    def in_(self, children: list[Any]) -> Comparison:
        return Comparison(children[0], "in", children[1])

    def not_in(self, children: list[Any]) -> Comparison:
        return Comparison(children[0], "not in", children[1])

    def choices(self, children: list[Any]) -> tuple[Literal, ...]:
        return tuple(children)

    def string(self, children: list[Any]) -> Literal:
        return Literal("string", _unescaped(str(children[0])))

    def datetime(self, children: list[Any]) -> Literal:
        return Literal("datetime", str(children[0]))

    def date(self, children: list[Any]) -> Literal:
        return Literal("date", str(children[0]))

    def number(self, children: list[Any]) -> Literal:
        return Literal("number", float(children[0]))

    def true(self, _children: list[Any]) -> Literal:
        return Literal("boolean", True)  # noqa: FBT003 - the value of the literal

    def false(self, _children: list[Any]) -> Literal:
        return Literal("boolean", False)  # noqa: FBT003 - the value of the literal

    def null(self, _children: list[Any]) -> Literal:
        return Literal("null", None)

    def dateliteral(self, children: list[Any]) -> Literal:
        raise not_implemented(f"The date literal or bare word {children[0]} in a query")

    def ordering(self, children: list[Any]) -> Ordering:
        field, direction, nulls = children
        return Ordering(field, str(direction or "").upper() == "DESC", str(nulls or "").upper() == "LAST")

    def order(self, children: list[Any]) -> tuple[Ordering, ...]:
        return tuple(children)

    def limit(self, children: list[Any]) -> int:
        return int(children[0])

    def offset(self, children: list[Any]) -> int:
        return int(children[0])
