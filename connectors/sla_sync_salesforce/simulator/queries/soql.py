"""SOQL, parsed into a tree. What the language has and this simulator does not do is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented

_GRAMMAR = r"""
start: query
query: "SELECT"i selection "FROM"i NAME [alias] [scope] [where] [group] [order] [limit] [offset] [forview]
alias: NAME
scope: "USING"i "SCOPE"i NAME
selection: item ("," item)*
item: PATH -> path
    | NAME -> path
    | function [NAME] -> aggregate
    | "(" query ")" -> subquery
function: NAME "(" [field] ")"
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
       | "(" query ")" -> semijoin
value: STRING -> string
     | DATETIME -> datetime
     | DATE -> date
     | NUMBER -> number
     | "TRUE"i -> true
     | "FALSE"i -> false
     | "NULL"i -> null
     | NAME [":" NUMBER] -> dateliteral
group: "GROUP"i "BY"i field ("," field)* [having]
having: "HAVING"i condition
order: "ORDER"i "BY"i ordering ("," ordering)*
ordering: (field | function) [DIRECTION] ["NULLS"i NULLS]
DIRECTION.2: /(ASC|DESC)\b/i
NULLS: "FIRST"i | "LAST"i
limit: "LIMIT"i NUMBER
offset: "OFFSET"i NUMBER
forview: "FOR"i ("VIEW"i | "REFERENCE"i)
COMPARE: "<=" | ">=" | "!=" | "<>" | "=" | "<" | ">"
DATETIME.3: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/
DATE.2: /\d{4}-\d\d-\d\d/
NUMBER: /-?\d+(\.\d+)?/
STRING: /'(\\.|[^'\\])*'/
PATH: /[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+/
NAME: /[A-Za-z][A-Za-z0-9_]*/
%ignore /\s+/
"""
AGGREGATES = ("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value of a condition; `kind` is string, datetime, date, number, boolean, null or span (a date literal)."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition. `operator` is a sign, `like`, `in` or `not in`; the last two have several values."""

    field: str
    operator: str
    values: tuple[Literal, ...]
    among: Query | None = None
    """The query whose answers the value must be among, instead of values that are written out."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the rows of a group: COUNT, COUNT_DISTINCT, SUM, AVG, MIN or MAX; `COUNT()` has no field."""

    function: str
    field: str | None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions under `and`, `or` or `not`."""

    operator: str
    parts: tuple[Condition, ...]


Condition: TypeAlias = "Comparison | Joined"


@dataclass(frozen=True, slots=True)
class Ordering:
    """One key of the order, a field or an aggregate; where nothing is said, empty values come first."""

    field: str | Aggregate
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
    aggregates: tuple[Aggregate, ...] = ()
    group: tuple[str, ...] = ()
    children: tuple[Query, ...] = ()
    """Queries over rows that refer to each row found; their table is the name of the relationship."""


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
        return RefusedError("MALFORMED_QUERY", f"{where}unexpected token: '{error.token}'")
    if isinstance(error, UnexpectedCharacters):
        return RefusedError("MALFORMED_QUERY", f"{where}unexpected token: '{error.char}'")
    return RefusedError("MALFORMED_QUERY", "unexpected token: '<EOF>'")


def _unescaped(quoted: str) -> str:
    def one(match: re.Match[str]) -> str:
        letter = match.group(1)
        return chr(int(letter[1:], 16)) if len(letter) > 1 else _ESCAPES.get(letter, letter)

    return _ESCAPE.sub(one, quoted[1:-1])


def _among(field: str, operator: str, given: tuple[Literal, ...] | Query) -> Comparison:
    return Comparison(field, operator, (), given) if isinstance(given, Query) else Comparison(field, operator, given)


class _Builder(Transformer[Token, Query]):
    """Makes the tree of this module from the parser's."""

    def start(self, children: list[Any]) -> Query:
        return children[0]  # type: ignore[no-any-return] # lark knows no types

    def query(self, children: list[Any]) -> Query:
        selection, table, alias, scope, where, group, order, limit, offset, view = children
        for name, given in (("A table alias", alias), ("USING SCOPE", scope), ("FOR VIEW", view)):
            if given is not None:
                raise not_implemented(f"{name} in a query")
        fields: tuple[str, ...] | None = tuple(each for each in selection if isinstance(each, str))
        aggregates = tuple(each for each in selection if isinstance(each, Aggregate))
        if any(each.field is None for each in aggregates):
            if len(selection) > 1:
                raise RefusedError("MALFORMED_QUERY", "COUNT() must be the only element in the select list")
            fields, aggregates = None, ()
        inner = tuple(each for each in selection if isinstance(each, Query))
        return Query(str(table), fields, where, order or (), limit, offset or 0, aggregates, group or (), inner)

    def selection(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(children)

    def path(self, children: list[Any]) -> str:
        return str(children[0])

    def function(self, children: list[Any]) -> Aggregate:
        name, field = str(children[0]).upper(), children[1]
        if name not in AGGREGATES or (field is None and name != "COUNT"):
            raise not_implemented(f"The function {children[0]} in a query")
        return Aggregate(name, field)

    def aggregate(self, children: list[Any]) -> Aggregate:
        function, alias = children
        return Aggregate(function.function, function.field, str(alias) if alias is not None else None)

    def subquery(self, children: list[Any]) -> Query:
        return children[0]  # type: ignore[no-any-return] # lark knows no types

    def scope(self, _children: list[Any]) -> bool:
        return True

    def group(self, children: list[Any]) -> tuple[str, ...]:
        *fields, having = children
        if having is not None:
            raise not_implemented("HAVING in a query")
        return tuple(fields)

    def having(self, _children: list[Any]) -> bool:
        return True

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
        return _among(children[0], "in", children[1])

    def not_in(self, children: list[Any]) -> Comparison:
        return _among(children[0], "not in", children[1])

    def choices(self, children: list[Any]) -> tuple[Literal, ...]:
        return tuple(children)

    def semijoin(self, children: list[Any]) -> Query:
        return children[0]  # type: ignore[no-any-return] # lark knows no types

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
        word, count = children
        return Literal("span", (str(word).upper(), int(count) if count is not None else None))

    def ordering(self, children: list[Any]) -> Ordering:
        field, direction, nulls = children
        return Ordering(field, str(direction or "").upper() == "DESC", str(nulls or "").upper() == "LAST")

    def order(self, children: list[Any]) -> tuple[Ordering, ...]:
        return tuple(children)

    def limit(self, children: list[Any]) -> int:
        return int(children[0])

    def offset(self, children: list[Any]) -> int:
        return int(children[0])
