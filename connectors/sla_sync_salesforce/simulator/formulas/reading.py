"""Formulas: parsed, and checked for functions, numbers of parameters, fields that exist, and what they result in.

What a formula results in is the matter of `formula_values`.
Inferred: the texts of the complaints follow those that the formula editor shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal, TypeAlias

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

LIMIT = 3900
"""Characters of a formula; see "Formula Field Limits"."""

Kind: TypeAlias = Literal["boolean", "text", "number", "date", "datetime", "time", "any", "picklist", "multipicklist"]
Lookup: TypeAlias = Callable[[str], "Kind | None"]
"""A reference as it stands in the formula → what it holds, or None where nothing of this name exists."""

_GRAMMAR = r"""
start: expression
?expression: disjunction
?disjunction: conjunction | conjunction ("||" conjunction)+ -> disjoined
?conjunction: comparison | comparison ("&&" comparison)+ -> conjoined
?comparison: joined | joined (COMPARE joined)+ -> compare
?joined: sum | sum ("&" sum)+ -> join
?sum: product | product (PLUSMINUS product)+ -> arithmetic
?product: power | power (TIMES power)+ -> times
?power: unary | unary ("^" unary)+ -> power
?unary: "!" unary -> negated
      | PLUSMINUS unary -> signed
      | atom
?atom: NUMBER -> number
     | STRING -> text
     | NAME "(" [expression ("," expression)*] ")" -> call
     | REFERENCE -> reference
     | NAME -> reference
     | MERGE -> merge
     | "(" expression ")"
COMPARE: "<=" | ">=" | "<>" | "!=" | "==" | "=" | "<" | ">"
PLUSMINUS: "+" | "-"
TIMES: "*" | "/"
NUMBER: /\d+(\.\d+)?|\.\d+/
STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
REFERENCE: /\$?[A-Za-z_][A-Za-z0-9_]*([.:][A-Za-z_][A-Za-z0-9_]*)+/
MERGE: /\{![^}]*\}/
%ignore /\s+/
%ignore /\/\*(.|\n)*?\*\//
"""

# Function: fewest and most parameters (None: no limit), and what it returns.
_FUNCTIONS: dict[str, tuple[int, int | None, Kind]] = {
    "ABS": (1, 1, "number"),
    "ADDMONTHS": (2, 2, "date"),
    "AND": (1, None, "boolean"),
    "BEGINS": (2, 2, "boolean"),
    "BLANKVALUE": (2, 2, "any"),
    "BR": (0, 0, "text"),
    "CASE": (4, None, "any"),
    "CASESAFEID": (1, 1, "text"),
    "CEILING": (1, 1, "number"),
    "CONTAINS": (2, 2, "boolean"),
    "DATE": (3, 3, "date"),
    "DATEVALUE": (1, 1, "date"),
    "DATETIMEVALUE": (1, 1, "datetime"),
    "DAY": (1, 1, "number"),
    "EXP": (1, 1, "number"),
    "FIND": (2, 3, "number"),
    "FLOOR": (1, 1, "number"),
    "HOUR": (1, 1, "number"),
    "HYPERLINK": (2, 3, "text"),
    "IF": (3, 3, "any"),
    "IMAGE": (2, 4, "text"),
    "INCLUDES": (2, 2, "boolean"),
    "ISBLANK": (1, 1, "boolean"),
    "ISCHANGED": (1, 1, "boolean"),
    "ISNEW": (0, 0, "boolean"),
    "ISNULL": (1, 1, "boolean"),
    "ISNUMBER": (1, 1, "boolean"),
    "ISPICKVAL": (2, 2, "boolean"),
    "LEFT": (2, 2, "text"),
    "LEN": (1, 1, "number"),
    "LN": (1, 1, "number"),
    "LOG": (1, 1, "number"),
    "LOWER": (1, 2, "text"),
    "LPAD": (2, 3, "text"),
    "MAX": (1, None, "number"),
    "MCEILING": (1, 1, "number"),
    "MFLOOR": (1, 1, "number"),
    "MID": (3, 3, "text"),
    "MIN": (1, None, "number"),
    "MINUTE": (1, 1, "number"),
    "MOD": (2, 2, "number"),
    "MONTH": (1, 1, "number"),
    "NOT": (1, 1, "boolean"),
    "NOW": (0, 0, "datetime"),
    "NULLVALUE": (2, 2, "any"),
    "OR": (1, None, "boolean"),
    "PRIORVALUE": (1, 1, "any"),
    "REGEX": (2, 2, "boolean"),
    "RIGHT": (2, 2, "text"),
    "ROUND": (2, 2, "number"),
    "RPAD": (2, 3, "text"),
    "SECOND": (1, 1, "number"),
    "SQRT": (1, 1, "number"),
    "SUBSTITUTE": (3, 3, "text"),
    "TEXT": (1, 1, "text"),
    "TIMENOW": (0, 0, "time"),
    "TIMEVALUE": (1, 1, "time"),
    "TODAY": (0, 0, "date"),
    "TRIM": (1, 1, "text"),
    "TRUNC": (2, 2, "number"),
    "UPPER": (1, 2, "text"),
    "VALUE": (1, 1, "number"),
    "VLOOKUP": (3, 3, "any"),
    "WEEKDAY": (1, 1, "number"),
    "YEAR": (1, 1, "number"),
}
_OF_PICKLISTS = frozenset({"ISPICKVAL", "CASE", "TEXT", "ISCHANGED", "PRIORVALUE", "INCLUDES"})
_ON_SAVE_ONLY = frozenset({"ISCHANGED", "ISNEW", "PRIORVALUE", "REGEX", "VLOOKUP"})
CONSTANTS: dict[str, Kind] = {"TRUE": "boolean", "FALSE": "boolean", "NULL": "any"}
_NOT_EVALUATED = frozenset({"HYPERLINK", "IMAGE", "VLOOKUP"})
"""What the platform knows and this simulator does not evaluate; a formula with one of them is refused."""
_OF_NUMBERS = frozenset(
    "ABS CEILING EXP FLOOR LN LOG MAX MCEILING MFLOOR MIN MOD ROUND SQRT TRUNC ADDMONTHS:2 LEFT:2 RIGHT:2 MID:2 MID:3".split()
)
_OF_TEXTS = frozenset(
    "BEGINS CONTAINS FIND:1 FIND:2 LEFT:1 LEN LOWER LPAD:1 MID:1 REGEX RIGHT:1 RPAD:1 SUBSTITUTE TRIM UPPER VALUE".split()
)
_GROUPS: dict[Kind, Kind] = {"picklist": "text", "multipicklist": "text"}
_WORDS = {"boolean": "true or false", "text": "Text", "number": "Number", "date": "Date", "datetime": "DateTime"}


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


@cache
def parse(formula: str) -> Tree[Token]:
    """Return a formula as a tree. Raises lark.UnexpectedInput."""
    return _parser().parse(formula)


def check_formula(formula: str, lookup: Lookup, *, returns: Kind | None = None, on_save: bool = True) -> Iterator[str]:
    """Yield what is wrong with a formula. `on_save` allows the functions that compare with the record before."""
    if len(formula) > LIMIT:
        yield f"Formula is too long ({len(formula)} characters). Maximum length is {LIMIT} characters."
        return
    try:
        tree = parse(formula)
    except UnexpectedInput as error:
        yield _syntax(error, formula)
        return
    problems: list[str] = []
    result = _kind(tree.children[0], lookup, problems, on_save=on_save)
    yield from problems
    if not problems and returns and not _fits(result, returns):
        is_, wanted = _WORDS.get(result, result), _WORDS.get(returns, returns)
        yield f"Formula result is data type ({is_}), incompatible with expected data type ({wanted})."


def references_in(formula: str) -> set[str]:
    """Return every reference of a formula that can be parsed."""
    try:
        tree = parse(formula)
    except UnexpectedInput:
        return set()
    found = set()
    for node in tree.iter_subtrees():
        if node.data in ("reference", "merge"):
            found.add(reference_in(node))
    return found - set(CONSTANTS)


def _fits(result: Kind, wanted: Kind) -> bool:
    same = {"date": "date", "datetime": "date"}
    return "any" in (result, wanted) or result == wanted or (wanted in same and same.get(result) == same[wanted])


def _syntax(error: UnexpectedInput, formula: str) -> str:
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            unclosed = formula.count("(") > formula.count(")")
            return "Syntax error. Missing ')'" if unclosed else "Syntax error. Found end of formula"
        extra = str(error.token) == ")" and "RPAR" not in error.expected
        return "Syntax error. Extra ')'" if extra else f"Syntax error. Found '{error.token}'"
    found = error.char if isinstance(error, UnexpectedCharacters) else ""
    return f"Syntax error. Found '{found}'"


def reference_in(node: Tree[Token]) -> str:
    """Return the reference that a node of this kind holds, without the signs of a merge field."""
    text = str(node.children[0])
    return text[2:-1] if text.startswith("{!") else text


def _kind(node: Tree[Token] | Token, lookup: Lookup, problems: list[str], *, on_save: bool, within: str = "") -> Kind:
    """Return what a part results in, and note what is wrong in it. `within` is the function it is a parameter of."""
    if isinstance(node, Token):
        return "any"
    if node.data in ("reference", "merge"):
        return _reference(node, lookup, problems, within)
    if node.data == "call":
        return _call(node, lookup, problems, on_save=on_save)
    literal: dict[str, Kind] = {"number": "number", "text": "text"}
    if node.data in literal:
        return literal[node.data]
    parts = [_kind(each, lookup, problems, on_save=on_save) for each in node.children if isinstance(each, Tree)]
    signs = [str(each) for each in node.children if isinstance(each, Token)]
    if node.data == "compare":
        problems.extend(_misfits(parts, signs))
    if node.data in ("compare", "conjoined", "disjoined", "negated"):
        return "boolean"
    if node.data == "join":
        return "text"
    if node.data == "arithmetic":
        return _sum(parts, signs, problems)
    problems.extend(
        f"Incorrect parameter type for operator '{sign}'. Expected Number, received {_WORDS.get(part, part)}"
        for part, sign in zip(parts, (*signs[:1], *signs, "^", "^"), strict=False)
        if part not in ("number", "any")
    )
    return "number"


def _misfits(parts: list[Kind], signs: list[str]) -> Iterator[str]:
    """Yield what is wrong with a comparison: one of more than two, or of values of two kinds."""
    if len(signs) > 1:
        yield f"Syntax error. Found '{signs[1]}'"
    left, right = (_GROUPS.get(each, each) for each in parts[:2])
    if "any" not in (left, right) and left != right:
        wanted, given = _WORDS.get(left, left), _WORDS.get(right, right)
        yield f"Incorrect parameter type for operator '{signs[0]}'. Expected {wanted}, received {given}"


_MOMENTS = ("date", "datetime")


def _sum(parts: list[Kind], signs: list[str], problems: list[str]) -> Kind:
    """Text joins text; a date plus a number is a date; a date minus a date is a number."""
    result = parts[0]
    for part, sign in zip(parts[1:], signs, strict=True):
        pair = (result, part)
        if "any" in pair:
            result = "number" if sign == "-" and part in _MOMENTS else part if result == "any" else result
        elif result in _MOMENTS and part == result and sign == "-":
            result = "number"
        elif result == "number" and part in _MOMENTS and sign == "+":
            result = part
        elif not (pair == ("number", "number") or (result in _MOMENTS and part == "number")) and (
            pair != ("text", "text") or sign == "-"
        ):
            wanted = "Number" if result != "text" or sign == "-" else "Text"
            problems.append(
                f"Incorrect parameter type for operator '{sign}'. Expected {wanted}, received {_WORDS.get(part, part)}"
            )
    return result


def _reference(node: Tree[Token], lookup: Lookup, problems: list[str], within: str) -> Kind:
    name = reference_in(node)
    if name.upper() in CONSTANTS:
        return CONSTANTS[name.upper()]
    kind = lookup(name)
    if kind is None:
        problems.append(f"Field {name} does not exist. Check spelling.")
        return "any"
    if kind == "picklist" and within not in _OF_PICKLISTS:
        problems.append(f"Field {name} is a picklist field. Picklist fields are only supported in certain functions.")
        return "any"
    return kind


def _call(node: Tree[Token], lookup: Lookup, problems: list[str], *, on_save: bool) -> Kind:
    name = str(node.children[0]).upper()
    parameters = [each for each in node.children[1:] if isinstance(each, Tree)]
    kinds = [_kind(each, lookup, problems, on_save=on_save, within=name) for each in parameters]
    if name not in _FUNCTIONS:
        problems.append(f"Unknown function {name}. Check spelling.")
        return "any"
    if name in _ON_SAVE_ONLY and not on_save:
        problems.append(f"The {name} function cannot be used in this type of formula")
        return "any"
    fewest, most, returns = _FUNCTIONS[name]
    if len(parameters) < fewest or (most is not None and len(parameters) > most):
        wanted = fewest if most == fewest else f"{fewest} or more" if most is None else f"{fewest} to {most}"
        problems.append(
            f"Incorrect number of parameters for function '{name}()'. Expected {wanted}, received {len(parameters)}"
        )
        return returns
    if name in _NOT_EVALUATED:
        problems.append(f"The function {name} is not implemented by this simulator")
    for place, kind in enumerate(kinds, start=1):
        for wanted, names in (("number", _OF_NUMBERS), ("text", _OF_TEXTS)):
            if (name in names or f"{name}:{place}" in names) and _GROUPS.get(kind, kind) not in (wanted, "any"):
                problems.append(
                    f"Incorrect parameter type for function '{name}()'."
                    f" Expected {_WORDS[wanted]}, received {_WORDS.get(kind, kind)}"
                )
    if name == "ISPICKVAL" and (kinds[0] not in ("picklist", "any") or parameters[1].data != "text"):
        problems.append(
            "Incorrect parameter type for function 'ISPICKVAL()'. Expected a picklist field and a text literal."
        )
    if name in ("AND", "OR", "NOT"):
        problems.extend(
            f"Incorrect parameter type for function '{name}()'. Expected Boolean, received {_WORDS.get(kind, kind)}"
            for kind in kinds
            if kind not in ("boolean", "any")
        )
    if name == "IF":
        return kinds[1] if kinds[1] != "any" else kinds[2]
    return kinds[0] if returns == "any" and name in ("BLANKVALUE", "NULLVALUE", "PRIORVALUE") else returns
