"""Expressions in Salesforce formula text, over the fields of one Lead.

A formula sees the record and what its look-ups lead to; it cannot count events nor read campaign membership. What
cannot be said exactly is refused here and becomes a gap: a formula that nearly means the agreement is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sla_sync.connector import tree
from sla_sync_salesforce.translate.words import Holds, Place, Words

FORMULA_LIMIT = 3900
"""Characters (Salesforce Help, "Formula Field Limits and Restrictions")."""
_TRUE = frozenset({"yes", "true"})
_FALSE = frozenset({"no", "false"})


class UnsayableError(ValueError):
    """A formula cannot say this; the message is a clause that says why."""


def formula(expression: tree.Expression, words: Words) -> str:
    """Return a formula that is true where the expression holds. Raises UnsayableError."""
    text = _say(expression, words)
    if len(text) > FORMULA_LIMIT:
        raise UnsayableError(f"a formula holds {FORMULA_LIMIT} characters and this one has {len(text)}")
    return text


def quoted(text: str) -> str:
    """Return a text as a string literal of a formula. Raises UnsayableError for line ends and control characters."""
    if any(character < " " for character in text):
        raise UnsayableError(f"a formula cannot hold the line end inside {text!r}")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def any_of(terms: Iterable[str]) -> str:
    """Return a formula that is true where one of the terms is."""
    terms = tuple(terms)
    return terms[0] if len(terms) == 1 else f"OR({', '.join(terms)})"


def all_of(terms: Iterable[str]) -> str:
    """Return a formula that is true where all of the terms are."""
    terms = tuple(terms)
    return terms[0] if len(terms) == 1 else f"AND({', '.join(terms)})"


def status_is(statuses: Iterable[str], path: str = "Status") -> str:
    """Return a formula that is true where Lead Status, written as `path`, is one of these values."""
    return any_of(f"ISPICKVAL({path}, {quoted(status)})" for status in statuses)


def _say(expression: tree.Expression, words: Words) -> str:
    match expression:
        case tree.All(terms):
            return all_of(_say(each, words) for each in terms)
        case tree.Any(terms):
            return any_of(_say(each, words) for each in terms)
        case tree.Not(term):
            return f"NOT({_say(term, words)})"
        case tree.Is():
            return _negated(_is(expression.field, expression.values, words), negated=expression.negated)
        case tree.InGroup():
            return _negated(_is(expression.field, _group(expression, words), words), negated=expression.negated)
        case tree.Compare():
            return _compare(expression, words)
        case tree.Known():
            return _negated(_known(_place(expression.field, words)), negated=not expression.negated)
        case tree.Text():
            return _text(expression, words)
        case tree.ScoreReaches():
            return _score(expression, words)
        case tree.AtLeast():
            return _at_least(expression, words)
        case tree.Did():
            raise UnsayableError(f"a formula cannot count how often someone did {expression.verb} {expression.object}")


def _negated(text: str, *, negated: bool) -> str:
    return f"NOT({text})" if negated else text


def _place(name: str, words: Words) -> Place:
    place = words.places.get(name)
    if place is None:
        raise UnsayableError(f"«{name}» is not bound to a field of the Lead")
    return place


def _is(field: str, values: Iterable[str], words: Words) -> str:
    values = tuple(values)
    if field in _LISTED and field not in words.places:
        return _LISTED[field](values, words)
    place = _place(field, words)
    say = _EQUALS.get(place.holds)
    if say is None:
        raise UnsayableError(f"{place.key} holds {place.holds}, which a formula cannot hold against a value")
    return any_of(say(place, value) for value in values)


def _stage(values: tuple[str, ...], words: Words) -> str:
    unbound = [value for value in values if value not in words.statuses]
    if unbound:
        raise UnsayableError(f"stage «{unbound[0]}» is not a value of Lead Status")
    return status_is((status for value in values for status in words.statuses[value]), words.status)


_LISTED: Mapping[str, Callable[[tuple[str, ...], Words], str]] = {"stage": _stage}


def _checkbox(place: Place, value: str) -> str:
    if value in _TRUE:
        return place.path
    if value in _FALSE:
        return f"NOT({place.path})"
    raise UnsayableError(f"{place.key} is a checkbox and «{value}» is neither yes nor no")


def _number(place: Place, value: str) -> str:
    try:
        return f"{place.path} = {_spell(float(value))}"
    except ValueError:
        raise UnsayableError(f"{place.key} is a number and «{value}» is none") from None


_EQUALS: Mapping[Holds, Callable[[Place, str], str]] = {
    Holds.PICKLIST: lambda place, value: f"ISPICKVAL({place.path}, {quoted(value)})",
    Holds.TEXT: lambda place, value: f"{place.path} = {quoted(value)}",
    Holds.CHECKBOX: _checkbox,
    Holds.NUMBER: _number,
}


def _group(expression: tree.InGroup, words: Words) -> tuple[str, ...]:
    members = words.groups.get(expression.group, ())
    values = tuple(each for each in members if isinstance(each, str))
    if not values or len(values) < len(members):
        raise UnsayableError(f"group «{expression.group}» is not a list of values")
    return values


def _spell(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


_COMPARISONS: Mapping[tree.Comparison, str] = {
    tree.Comparison.EQUAL: "=",
    tree.Comparison.NOT_EQUAL: "<>",
    tree.Comparison.GREATER: ">",
    tree.Comparison.GREATER_OR_EQUAL: ">=",
    tree.Comparison.LESS: "<",
    tree.Comparison.LESS_OR_EQUAL: "<=",
}


def _compared(place: Place, comparison: tree.Comparison, number: str) -> str:
    if place.holds not in {Holds.NUMBER, Holds.UNKNOWN}:
        raise UnsayableError(f"{place.key} holds {place.holds} and not a number")
    # A blank number is not zero: no comparison holds for what is unknown.
    return f"AND(NOT(ISBLANK({place.path})), {place.path} {_COMPARISONS[comparison]} {number})"


def _compare(expression: tree.Compare, words: Words) -> str:
    return _compared(_place(expression.field, words), expression.comparison, _spell(expression.number))


def _known(place: Place) -> str:
    """Return a formula that is true where nothing is known."""
    if place.holds is Holds.CHECKBOX:
        raise UnsayableError(f"{place.key} is a checkbox, which is never unknown")
    if place.holds is Holds.UNKNOWN:
        raise UnsayableError(f"{place.key} holds {place.holds}")
    return f"ISBLANK(TEXT({place.path}))" if place.holds is Holds.PICKLIST else f"ISBLANK({place.path})"


_TEXTS: Mapping[tree.TextTest, Callable[[str, str, int], str]] = {
    tree.TextTest.CONTAINS: lambda path, text, _: f"CONTAINS({path}, {text})",
    tree.TextTest.STARTS_WITH: lambda path, text, _: f"BEGINS({path}, {text})",
    tree.TextTest.ENDS_WITH: lambda path, text, length: f"RIGHT({path}, {length}) = {text}",
}


def _text(expression: tree.Text, words: Words) -> str:
    place = _place(expression.field, words)
    if place.holds not in {Holds.TEXT, Holds.PICKLIST}:
        raise UnsayableError(f"{place.key} holds {place.holds}, which a formula cannot search for text")
    path = f"TEXT({place.path})" if place.holds is Holds.PICKLIST else place.path
    return text_test(path, expression.test, expression.text)


def text_test(path: str, test: tree.TextTest, text: str) -> str:
    """Return a formula that holds a text against a piece of text; upper and lower case count for Salesforce."""
    return _TEXTS[test](path, quoted(text), len(text))


def _score(expression: tree.ScoreReaches, words: Words) -> str:
    if expression.model is None and len(words.thresholds) != 1:
        raise UnsayableError(f"{len(words.thresholds)} scoring models have a threshold and the expression names none")
    model = expression.model or next(iter(words.thresholds))
    if model not in words.thresholds:
        raise UnsayableError(f"scoring model «{model}» has no threshold in points")
    named = words.places.get(f"{model}_score")
    if named is None and len(words.thresholds) > 1:
        raise UnsayableError(f"«{model}_score» is not bound to a field of the Lead")
    points = words.points.get(model) or _spell(words.thresholds[model])
    return _compared(named or _place("score", words), tree.Comparison.GREATER_OR_EQUAL, points)


def _at_least(expression: tree.AtLeast, words: Words) -> str:
    members = words.groups.get(expression.group, ())
    predicates = tuple(each for each in members if not isinstance(each, str))
    if not predicates or len(predicates) < len(members):
        raise UnsayableError(f"group «{expression.group}» is not a list of conditions")
    return f"{' + '.join(f'IF({_say(each, words)}, 1, 0)' for each in predicates)} >= {expression.count}"
