"""The parser's tree becomes an expression, a measure or an event; names and numbers are checked on the way."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping

from lark import ParseTree, Token, Tree

from sla_sync.agreement.durations import Duration, parse_duration
from sla_sync.agreement.expressions.errors import ExpressionError
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    Need,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from sla_sync.agreement.formats import FormatError, shortened

_NAME = re.compile(r"[^\W\d]\w*(?:-\w+)*")
_FIELD = re.compile(rf"{_NAME.pattern}(?:\.{_NAME.pattern})*")
_NO_NAMES = frozenset({"and", "before", "in", "is", "not", "of", "once", "or", "to", "where", "within"})
_NO_VALUES = frozenset({"and", "in", "is", "known", "not", "or", "unknown"})
_LARGEST_COUNT = 1_000_000


def expression_from(tree: ParseTree) -> Expression:
    """Return the condition that a parsed `expression` states; raises ExpressionError."""
    return _expression(next(_trees(tree)))


def measure_from(tree: ParseTree) -> Measure:
    """Return what a parsed `measure` counts or sums; raises ExpressionError."""
    parsed = next(_trees(tree))
    return _MEASURES[parsed.data](parsed)


def event_from(tree: ParseTree, *, free: bool) -> Event:
    """Return the event that a parsed `event` names, with `free` one of its own name; raises ExpressionError."""
    subject = next(_trees(tree))
    event = _subject(subject)
    if isinstance(event, Token):
        if free:
            return Named(_name(event))
        raise _unknown_event(event)
    return event


def _expression(tree: ParseTree) -> Expression:
    return _TERMS[tree.data](tree)


def _is(tree: ParseTree) -> Expression:
    values = tuple(_value(token) for token in _tokens(tree, "VALUE"))
    return Is(_field(tree), values, negated=_has(tree, "NOT"))


def _compare(tree: ParseTree) -> Expression:
    return Compare(_field(tree), Comparison(_token(tree, "COMPARISON")), _number(_token(tree, "NUMBER")))


def _text(tree: ParseTree) -> Expression:
    tests = {"CONTAINS": TextTest.CONTAINS, "STARTS": TextTest.STARTS_WITH, "ENDS": TextTest.ENDS_WITH}
    test = next(tests[token.type] for token in _tokens(tree, *tests))
    return Text(_field(tree), test, str(_token(tree, "TEXT")))


def _in_group(tree: ParseTree) -> Expression:
    return InGroup(_field(tree), _name(_token(tree, "GROUP")), negated=_has(tree, "NOT"))


def _score(tree: ParseTree) -> Expression:
    model = next(_tokens(tree, "FIELD"), None)
    return ScoreReaches(None if model is None else _name(model))


def _did(tree: ParseTree) -> Expression:
    times = next(_tokens(tree, "WHOLE"), None)
    return Did(
        _name(_token(tree, "VERB")),
        _name(_token(tree, "OBJECT")),
        times=1 if times is None else _count(times, least=1),
        within=_within(tree),
        negated=_has(tree, "NOT"),
    )


def _at_least(tree: ParseTree) -> Expression:
    return AtLeast(_count(_token(tree, "WHOLE"), least=1), _name(_token(tree, "GROUP")))


_TERMS: Mapping[str, Callable[[ParseTree], Expression]] = {
    "all": lambda tree: All(tuple(map(_expression, _trees(tree)))),
    "any": lambda tree: Any(tuple(map(_expression, _trees(tree)))),
    "closed_not": lambda tree: Not(_expression(next(_trees(tree)))),
    "open_not": lambda tree: Not(_expression(next(_trees(tree)))),
    "is_value": _is,
    "compare": _compare,
    "known": lambda tree: Known(_field(tree), negated=_has(tree, "UNKNOWN")),
    "text": _text,
    "in_group": _in_group,
    "score": _score,
    "did": _did,
    "at_least": _at_least,
}


def _counted(tree: ParseTree) -> Measure:
    event = _subject(_child(tree, "subject"))
    where, once, first = _where(tree), _within(tree), next(_tokens(tree, "FIRST"), None)
    if isinstance(event, Token) and event not in set(Counter):
        return CountOf(_name(event), first=first is not None, where=where, once_per_account=once)
    misplaced = first or next(_tokens(tree, "ONCE"), None)
    if misplaced is not None:
        message = f"`{misplaced}` is said of something that is not a stage."
        raise ExpressionError(message, offset=_start(misplaced), hint="Write the name of a stage, or leave it out.")
    return CountOfEvents(Counter(event) if isinstance(event, Token) else event, where=where)


def _sum(tree: ParseTree) -> Measure:
    return SumOf(_dotted(_token(tree, "AMOUNT")), _name(_token(tree, "STAGE")), where=_where(tree))


def _stage_rate(tree: ParseTree) -> Measure:
    start, end = _name(_token(tree, "NAME")), _name(_token(tree, "STAGE"))
    return StageRate(start, end, _duration(_child(tree, "duration")), where=_where(tree))


def _effort(tree: ParseTree) -> Measure:
    needs = tuple(_need(each) for each in _trees(tree) if each.data == "need")
    reason = next(_tokens(tree, "REASON"), None)
    if reason is not None:
        return Effort(needs, before=_name(reason), within=_within(tree))
    event = _subject(_child(tree, "subject"))
    if isinstance(event, Token):
        raise _unknown_event(event)
    return Effort(needs, within=_within(tree), of=event)


def _complete(tree: ParseTree) -> Measure:
    return Complete(_name(_token(tree, "GROUP")), _name(_token(tree, "STAGE")))


_MEASURES: Mapping[str, Callable[[ParseTree], Measure]] = {
    "count": _counted,
    "sum": _sum,
    "stage_rate": _stage_rate,
    "effort": _effort,
    "complete": _complete,
    "manual": lambda _: Manual(),
}


def _need(tree: ParseTree) -> Need:
    name = _token(tree, "NAME")
    if name not in set(Counter):
        message = f"`{shortened(name)}` is not counted while a lead is worked."
        raise ExpressionError(message, offset=_start(name), hint=_one_of(name, [each.value for each in Counter]))
    return Need(Counter(name), Comparison(_token(tree, "COMPARISON")), _count(_token(tree, "NUMBER")))


def _subject(tree: ParseTree) -> Event | Token:
    """Return the event, or the one word that may also name a stage, a counter or a moment of something else."""
    stage = next(_tokens(tree, "STAGE"), None)
    if stage is not None:
        return Enters(_name(stage)) if _has(tree, "ENTERS") else Leaves(_name(stage))
    if _has(tree, "MEETING"):
        return Moment.MEETING_BOOKED
    word = _token(tree, "SUBJECT")
    if _has(tree, "CHANGES"):
        return Changes(_dotted(word))
    return Moment(word) if word in set(Moment) else word


def _where(tree: ParseTree) -> Expression | None:
    where = next((each for each in _trees(tree) if each.data == "where"), None)
    return None if where is None else expression_from(where)


def _within(tree: ParseTree) -> Duration | None:
    duration = next((each for each in _trees(tree) if each.data == "duration"), None)
    return None if duration is None else _duration(duration)


def _duration(tree: ParseTree) -> Duration:
    words = list(_tokens(tree))
    try:
        return parse_duration(" ".join(words))
    except FormatError as error:
        raise ExpressionError(error.message, offset=_start(words[0]), hint=error.hint) from None


def _field(tree: ParseTree) -> str:
    return _dotted(next(_tokens(_child(tree, "field"))))


def _dotted(token: Token) -> str:
    return _matched(token, _FIELD, "a field")


def _name(token: Token) -> str:
    return _matched(token, _NAME, "anything here")


def _matched(token: Token, pattern: re.Pattern[str], what: str) -> str:
    if token in _NO_NAMES or not pattern.fullmatch(token):
        message = f"`{shortened(token)}` cannot be the name of {what}."
        hint = "Write a name that starts with a letter and has letters, digits, `_` and `-` only."
        raise ExpressionError(message, offset=_start(token), hint=hint)
    return str(token)


def _value(token: Token) -> str:
    if token in _NO_VALUES:
        hint = "Write `is known` or `is unknown` as a condition of its own, such as `(a is b) or (a is unknown)`."
        raise ExpressionError(f"`{token}` cannot be a value.", offset=_start(token), hint=hint)
    return str(token)


def _number(token: Token) -> float:
    number = float(token)
    if not math.isfinite(number):
        raise ExpressionError(
            f"`{shortened(token)}` is too large.", offset=_start(token), hint="Write a smaller number."
        )
    return number


def _count(token: Token, least: int = 0) -> int:
    number = _number(token)
    if not number.is_integer() or not least <= number <= _LARGEST_COUNT:
        message = f"`{shortened(token)}` is not a whole number from {least} to {_LARGEST_COUNT:,}."
        raise ExpressionError(message, offset=_start(token), hint="Write how often it has to happen.")
    return int(number)


def _unknown_event(token: Token) -> ExpressionError:
    moments = [each.value for each in Moment]
    message = f"`{shortened(token)}` is not an event."
    return ExpressionError(
        message, offset=_start(token), hint=_one_of(token, [*moments, "enters STAGE", "leaves STAGE"])
    )


def _one_of(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.75)
    spelled = ", ".join(f"`{each}`" for each in known)
    return f"Write `{close[0]}`." if close else f"Write one of {spelled}."


def _trees(tree: ParseTree) -> Iterator[ParseTree]:
    return (each for each in tree.children if isinstance(each, Tree))


def _child(tree: ParseTree, rule: str) -> ParseTree:
    return next(each for each in _trees(tree) if each.data == rule)


def _tokens(tree: ParseTree, *types: str) -> Iterator[Token]:
    return (each for each in tree.children if isinstance(each, Token) and (not types or each.type in types))


def _token(tree: ParseTree, name: str) -> Token:
    return next(_tokens(tree, name))


def _has(tree: ParseTree, name: str) -> bool:
    return next(_tokens(tree, name), None) is not None


def _start(token: Token) -> int:
    return token.start_pos or 0
