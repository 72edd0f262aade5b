"""The language of calculated properties: a formula as a tree, and whether its parts fit each other and the properties.

Documented in the guide "Properties": literals, names (a bare name is a number, `string(name)` and `bool(name)` are
texts and booleans), operators, seven functions and `if … then … elseif … else … endif`. Portals know more functions,
which their answer to a wrong formula lists; those are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias

from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, not_built

NUMBER, TEXT, BOOLEAN = "BigDecimal", "String", "Boolean"
"""The types of expressions, by the names that a portal's refusal gave them."""
NOTHING = "Nothing"
"""The type of an empty text, which the guide's own example returns beside booleans."""
_MOST = 100
"""How many inputs a function may have (documented)."""
_READS: Mapping[str, str] = {
    "number": NUMBER, "date": NUMBER, "datetime": NUMBER, "bool": BOOLEAN, "string": TEXT, "enumeration": TEXT,
    "phone_number": TEXT,
}  # fmt: skip
_RESULTS: Mapping[str, str] = {"number": NUMBER, "bool": BOOLEAN, "string": TEXT, "enumeration": TEXT}
_KNOWN_ELSEWHERE = frozenset(
    """abs add_time begins_with coalesce date extract_most_recent_email_reply_html format_full_name is_blank month power
    regex_matches round_down round_nearest round_up sqrt string_length substring subtract_time time_between
    time_between_skip_weekends timestamp to_lower_case to_upper_case year""".split()
)
"""Functions that portals have beside the documented ones (from the list of tokens in a recorded refusal)."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text or a boolean."""

    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Name:
    """The value of a property, read as a number, a text or a boolean."""

    property: str
    reads: str


@dataclass(frozen=True, slots=True)
class Applied:
    """An operator or a function and what it is applied to."""

    name: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the pairs (condition, result) whose condition holds, or the last result, or nothing."""

    ways: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


Node: TypeAlias = Constant | Name | Applied | Choice


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["number", "text", "name", "word", "sign", "end"]
    text: str
    column: int


_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|"[^"]*")|(?P<name>[A-Za-z_]\w*)|(?P<sign><=|>=|!=|[-+*/<>=(),]))"""
)
_WORDS = frozenset({"if", "then", "elseif", "else", "endif", "and", "or", "not", "equals", "true", "false"})
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=", "equals")


def _tokens(formula: str) -> Iterator[_Token]:
    place = 0
    while formula[place:].strip():
        found = _TOKEN.match(formula, place)
        if found is None or found.lastgroup is None:
            column = len(formula) - len(formula[place:].lstrip())
            raise _unparsable(formula, column, f"{formula[column]!r}")
        kind, text = found.lastgroup, found[found.lastgroup]
        column = found.start(found.lastgroup)
        # Documented: `If A ThEn B` is the same as `if a then b`.
        if kind == "name" and text.lower() in _WORDS:
            yield _Token("word", text.lower(), column)
        else:
            yield _Token(kind, text, column)  # type: ignore[arg-type]  # the groups of the pattern are these kinds
        place = found.end()
    yield _Token("end", "the end", len(formula))


def _unparsable(formula: str, column: int, found: str) -> RefusalError:
    # The beginning of the sentence is recorded; portals go on with every token that they know.
    line = formula.count("\n", 0, column) + 1
    place = column - formula.rfind("\n", 0, column)
    return invalid(
        f"Unable to parse calculation formula in line {line} and column {place} - {found} encountered.",
        where="calculationFormula",
    )


class _Parser:
    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = list(_tokens(formula))
        self._place = 0

    def whole(self) -> Node:
        found = self._expression()
        if self._next.kind != "end":
            raise self._wrong()
        return found

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _wrong(self) -> RefusalError:
        return _unparsable(self._formula, self._next.column, self._next.text)

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _accept(self, *texts: str) -> str | None:
        if self._next.kind in ("word", "sign") and self._next.text in texts:
            return self._take().text
        return None

    def _expect(self, text: str) -> None:
        if self._accept(text) is None:
            raise self._wrong()

    def _expression(self) -> Node:
        return self._conditional() if self._accept("if") else self._binary(0)

    def _conditional(self) -> Node:
        ways = [self._way()]
        while self._accept("elseif"):
            ways.append(self._way())
        otherwise = self._expression() if self._accept("else") else None
        # Documented after a choice without `else`. Inferred: that it may also close one with it.
        self._accept("endif")
        return Choice(tuple(ways), otherwise)

    def _way(self) -> tuple[Node, Node]:
        condition = self._binary(0)
        self._expect("then")
        return condition, self._expression()

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        if _LEVELS[level] == ("not",):
            return Applied("not", (self._binary(level),)) if self._accept("not") else self._binary(level + 1)
        found = self._binary(level + 1)
        while sign := self._accept(*_LEVELS[level]):
            found = Applied("=" if sign == "equals" else sign, (found, self._binary(level + 1)))
        return found

    def _unary(self) -> Node:
        if self._accept("-"):
            return Applied("negative", (self._unary(),))
        if self._next.kind != "number":
            return self._primary()
        number = Constant(Decimal(self._take().text))
        following = self._tokens[self._place]
        # Documented: `10property1` is `10 * property1`.
        return Applied("*", (number, self._primary())) if following.kind == "name" else number

    def _primary(self) -> Node:
        if self._accept("("):
            found = self._expression()
            self._expect(")")
            return found
        if word := self._accept("true", "false"):
            return Constant(word == "true")
        if self._next.kind == "text":
            return Constant(self._take().text[1:-1])
        if self._next.kind != "name":
            raise self._wrong()
        name = self._take()
        if not self._accept("("):
            return Name(name.text, NUMBER)
        return self._called(name)

    def _called(self, name: _Token) -> Node:
        wrapped = _WRAPPERS.get(name.text)
        if wrapped:
            if self._next.kind != "name":
                raise self._wrong()
            inner = self._take().text
            self._expect(")")
            return Name(inner, wrapped)
        if name.text in _KNOWN_ELSEWHERE:
            raise not_built(f"the function {name.text} of calculated properties")
        if name.text not in _FUNCTIONS:
            raise _unparsable(self._formula, name.column, name.text)
        parts = [self._expression()]
        while self._accept(","):
            parts.append(self._expression())
        self._expect(")")
        return Applied(name.text, tuple(parts))


_LEVELS: tuple[tuple[str, ...], ...] = (("or",), ("and",), ("not",), _COMPARISONS, ("+", "-"), ("*", "/"))
"""Operators from the loosest to the tightest. Inferred: the guide tells no order; this is that of most languages."""
_WRAPPERS: Mapping[str, str] = {"string": TEXT, "bool": BOOLEAN}
_FUNCTIONS: Mapping[str, tuple[str | None, str, int, int]] = {
    "max": (NUMBER, NUMBER, 2, _MOST),
    "min": (NUMBER, NUMBER, 2, _MOST),
    "is_present": (None, BOOLEAN, 1, 1),
    "contains": (TEXT, BOOLEAN, 2, 2),
    "concatenate": (TEXT, TEXT, 2, _MOST),
    "number_to_string": (NUMBER, TEXT, 1, 1),
    "string_to_number": (TEXT, NUMBER, 1, 1),
}
"""What each function takes (None is anything), what it returns, and the least and most inputs."""


@cache
def parse(formula: str) -> Node:
    """Return a formula as a tree; raises RefusalError for one that the language does not have."""
    return _Parser(formula).whole()


def names(node: Node) -> Iterator[Name]:
    """Yield the properties that a formula names."""
    match node:
        case Name():
            yield node
        case Applied(parts=parts):
            for each in parts:
                yield from names(each)
        case Choice(ways=ways, otherwise=otherwise):
            for each in (*(part for way in ways for part in way), *((otherwise,) if otherwise else ())):
                yield from names(each)
        case _:
            return


def check_formula(properties: Mapping[str, Json], definition: Json) -> None:
    """Raise RefusalError unless a formula parses, names properties that exist, and fits the type of its property."""
    node = parse(definition["calculationFormula"])
    for each in names(node):
        if each.property not in properties:
            raise invalid(f"Property {each.property} does not exist", where="calculationFormula")
    found, wanted = _type_of(node, properties), _RESULTS[definition["type"]]
    if found not in (wanted, NOTHING):
        raise _mismatch(found, wanted)


def _mismatch(found: str, wanted: str) -> RefusalError:
    # Recorded: the sentence.
    return invalid(
        f"Sub-expression output type: {found} is not compatible with input type: {wanted}", where="calculationFormula"
    )


def _type_of(node: Node, properties: Mapping[str, Json]) -> str:
    match node:
        case Constant(value=value):
            return _of_literal(value)
        case Name():
            held = _READS.get(properties[node.property]["type"])
            if held != node.reads:
                raise _mismatch(held or properties[node.property]["type"], node.reads)
            return node.reads
        case Choice(ways=ways, otherwise=otherwise):
            for condition, _ in ways:
                _require(condition, BOOLEAN, properties)
            results = [result for _, result in ways] + ([otherwise] if otherwise else [])
            return _common([_type_of(each, properties) for each in results])
        case Applied(name="is_present", parts=(Name(),)):
            # Documented: false where the property is of another type, and no refusal.
            return BOOLEAN
        case Applied(name=name, parts=parts) if name in _FUNCTIONS:
            takes, returns, least, most = _FUNCTIONS[name]
            if not least <= len(parts) <= most:
                raise invalid(f"{name} takes between {least} and {most} inputs", where="calculationFormula")
            for each in parts:
                _require(each, takes, properties)
            return returns
        case Applied(name=name, parts=parts):
            return _OPERATORS[name](parts, properties)


def _of_literal(value: Decimal | str | bool) -> str:  # noqa: FBT001 - a boolean is one of the kinds of literals
    if isinstance(value, bool):
        return BOOLEAN
    return NUMBER if isinstance(value, Decimal) else TEXT if value else NOTHING


def _require(node: Node, wanted: str | None, properties: Mapping[str, Json]) -> str:
    found = _type_of(node, properties)
    if wanted is not None and found != wanted and (found, wanted) != (NOTHING, TEXT):
        raise _mismatch(found, wanted)
    return found


def _common(found: Sequence[str]) -> str:
    kinds = dict.fromkeys(each for each in found if each != NOTHING)
    if len(kinds) > 1:
        one, other = [*kinds][:2]
        raise _mismatch(other, one)
    return next(iter(kinds), NOTHING)


def _same(parts: Sequence[Node], properties: Mapping[str, Json]) -> str:
    """Return the type that both sides have: numbers or texts (documented)."""
    found = _common([_type_of(each, properties) for each in parts])
    if found == BOOLEAN:
        raise _mismatch(BOOLEAN, NUMBER)
    return TEXT if found == NOTHING else found


def _equal(parts: Sequence[Node], properties: Mapping[str, Json]) -> str:
    _same(parts, properties)
    return BOOLEAN


def _of(takes: str, returns: str) -> Callable[[Sequence[Node], Mapping[str, Json]], str]:
    def check(parts: Sequence[Node], properties: Mapping[str, Json]) -> str:
        for each in parts:
            _require(each, takes, properties)
        return returns

    return check


_OPERATORS: Mapping[str, Callable[[Sequence[Node], Mapping[str, Json]], str]] = {
    "+": _same,
    **dict.fromkeys(("-", "*", "/", "negative"), _of(NUMBER, NUMBER)),
    **dict.fromkeys(("<", ">", "<=", ">="), _of(NUMBER, BOOLEAN)),
    **dict.fromkeys(("=", "!="), _equal),
    **dict.fromkeys(("and", "or", "not"), _of(BOOLEAN, BOOLEAN)),
}
