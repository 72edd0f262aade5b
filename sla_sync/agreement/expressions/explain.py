"""Why the parser stopped, in words: what was expected after what, and what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from lark import Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from sla_sync.agreement.durations import parse_duration
from sla_sync.agreement.expressions.errors import ExpressionError
from sla_sync.agreement.expressions.grammar import KEYWORDS
from sla_sync.agreement.expressions.tables import parser
from sla_sync.agreement.formats import FormatError, shortened

_EXAMPLES = {
    "expression": "Write a condition such as `source is demo_request and employees >= 200`.",
    "measure": "Write a measure such as `count of first mql` or `mql to sal within 14 days`.",
    "event": "Write an event such as `assigned`, `touch` or `leaves mql`.",
}
_WORDS = {
    "AMOUNT": "an amount",
    "COMPARISON": "a comparison such as `>=`",
    "ENDS": "`ends with`",
    "FIELD": "a field",
    "GROUP": "the name of a group",
    "LPAR": "`(`",
    "NAME": "a stage or counter",
    "NUMBER": "a number",
    "ONCE": "`once per account`",
    "OBJECT": "what it was done to",
    "REASON": "a reason",
    "RPAR": "`)`",
    "STAGE": "a stage",
    "STARTS": "`starts with`",
    "SUBJECT": "a stage, counter or event",
    "TEXT": "a piece of text",
    "TIMES": "`times`",
    "UNIT": "a unit such as `days`",
    "VALUE": "a value",
    "VERB": "a verb such as `visit`",
    "WHOLE": "a whole number",
}
# What only refines the start of something else is left out of the list of what may stand there.
_UNSAID = frozenset(
    {"$END", "ACCOUNT", "ISO", "ENTERS", "LEAVES", "MEETING", "LPAR", "NOT", "DID", "AT", "SCORE", "BUSINESS"}
)
_SIGNS = {"==": "=", "<>": "!=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "=>": ">=", "=<": "<="}
_VALUE_LIST = re.compile(r"\bis(?:\s+not)?\s+\S+(?:\s+or\s+\S+)*\s+or\s+[^\s()]*\s*$")
_WORD = re.compile(r"[^\s()<>=!]+|[<>=!]+|.", re.DOTALL)


_Said: TypeAlias = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where reading stopped: the text, the place, what stands there and what could have stood there."""

    text: str
    kind: str
    offset: int
    found: str
    accepted: AbstractSet[str]

    @property
    def before(self) -> str:
        return self.text[: self.offset].rstrip()

    @property
    def last(self) -> str:
        words = _WORD.findall(self.before)
        return words[-1] if words else ""


def explained(error: UnexpectedInput, text: str, kind: str) -> ExpressionError:
    """Return the error that says where `text`, a `kind` of expression, cannot be read, and what to write."""
    stop = _stop(error, text, kind)
    for special in _SPECIAL:
        found = special(stop)
        if found is not None:
            return ExpressionError(found[0], offset=stop.offset, hint=found[1])
    return ExpressionError(_expected(stop), offset=stop.offset, hint=_spelling(stop) or _EXAMPLES[kind])


def _stop(error: UnexpectedInput, text: str, kind: str) -> _Stop:
    token = error.token if isinstance(error, UnexpectedToken) else None
    at: int | None = token.start_pos if isinstance(token, Token) else error.pos_in_stream
    ends = at is None or (isinstance(token, Token) and token.type == "$END")
    offset = len(text.rstrip()) if at is None or ends else at
    word = None if ends else _WORD.match(text, offset)
    return _Stop(text, kind, offset, word.group() if word else "", _accepted(text, kind))


def _accepted(text: str, kind: str) -> AbstractSet[str]:
    """Return the terminals that could have stood where reading stopped, found by reading once more, step by step."""
    reading = parser().parse_interactive(text, start=kind)
    try:
        reading.exhaust_lexer()
        reading.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        pass
    accepted: set[str] = reading.accepts()  # type: ignore[no-untyped-call]
    return accepted


def _expected(stop: _Stop) -> str:
    offered = _offered(stop.accepted)
    if not stop.text.strip():
        return f"The {stop.kind} is empty."
    if not stop.before:
        return f"`{shortened(stop.found)}` cannot stand at the start, where {offered} is expected."
    place = f"`{shortened(stop.last)}`"
    if not stop.found:
        return f"The {stop.kind} ends after {place}, where {offered} is expected."
    if not offered:
        return f"Nothing is expected after {place}, but `{shortened(stop.found)}` follows."
    return f"After {place}, {offered} is expected, not `{shortened(stop.found)}`."


def _offered(accepted: AbstractSet[str]) -> str:
    said = (accepted - _UNSAID) or (accepted - {"$END"})
    words = sorted({_WORDS.get(each, f"`{each.lower()}`") for each in said}, key=lambda each: (each[0] == "`", each))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else ""


def _foreign_character(stop: _Stop) -> _Said:
    if stop.found[:1] in set(",[]{}"):
        return (
            f"`{stop.found[0]}` cannot stand in an expression.",
            "Write `or` between values; name a longer list under `groups`.",
        )
    if stop.found[:1] in {'"', "'"}:
        return "A value is written without quotes.", "Leave the quotes out; a value is one word."
    return None


def _foreign_sign(stop: _Stop) -> _Said:
    sign = stop.found if stop.found in _SIGNS else f"{_last_sign(stop.before)}{stop.found}"
    if sign in _SIGNS:
        return f"`{sign}` is not a sign of this language.", f"Write `{_SIGNS[sign]}`."
    return None


def _mixture(stop: _Stop) -> _Said:
    if stop.found in {"and", "or"} and stop.accepted & {"AND", "OR"} and "BEFORE" not in stop.accepted:
        return (
            "`and` and `or` are mixed without parentheses.",
            "Put parentheses around what belongs together, such as `a is x and (b > 2 or c > 3)`.",
        )
    return None


def _open_list(stop: _Stop) -> _Said:
    if stop.kind != "event" and _VALUE_LIST.search(f"{stop.before} ") and not stop.accepted & {"FIELD"} and stop.found:
        return (
            f"`or` after `is` goes on with values of the same field, so `{shortened(stop.found)}` cannot follow.",
            "Put parentheses around each condition: `(a is x) or (b is y)`.",
        )
    return None


def _last_sign(before: str) -> str:
    return before[-1:] if before[-1:] in set("<>=!&|") else ""


def _parenthesis(stop: _Stop) -> _Said:
    if stop.found == ")" and stop.accepted & {"$END"}:
        return "`)` closes a parenthesis that was never opened.", "Leave it out, or write `(` where it opens."
    if not stop.found and "RPAR" in stop.accepted:
        return "A parenthesis is opened and never closed.", "Write `)` where it closes."
    return None


def _wrong_number(stop: _Stop) -> _Said:
    if not stop.found or not stop.accepted & {"NUMBER", "WHOLE"}:
        return None
    message = _expected(stop)
    bare = stop.found.replace("_", "").replace("%", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    if "ISO" in stop.accepted:
        return message, _duration_advice(stop.found)
    if bare != stop.found and bare.isdecimal():
        return message, f"Write `{bare}`."
    if "NUMBER" in stop.accepted and stop.last in {"=", "!="}:
        verb = "is" if stop.last == "=" else "is not"
        return message, f"Write `{verb} {shortened(stop.found)}` for a value; `{stop.last}` compares with a number."
    return None


def _duration_advice(found: str) -> str:
    try:
        return f"Write `{parse_duration(found)}`."
    except FormatError as error:
        return error.hint


def _multiple_words(stop: _Stop) -> _Said:
    after_value = re.search(r"\b(?:is(?:\s+not)?|or|contains|starts\s+with|ends\s+with)\s+\S+$", stop.before)
    if stop.kind != "event" and after_value and stop.accepted & {"AND"} and stop.found and not _spelling(stop):
        return _expected(stop), "Write a value as one word; a stored value of several words belongs in the binding."
    return None


def _spelling(stop: _Stop) -> str:
    """Return the advice to write a keyword as it is spelled, where something like it was written."""
    possible = [each for each in KEYWORDS if each.upper() in stop.accepted]
    if stop.found in possible or not stop.found:
        return ""
    if stop.found.lower() in possible:
        return f"Write `{stop.found.lower()}` in lower case."
    if stop.found in {"in", "known", "unknown", "not"} and "is" in possible:
        return f"Write `is {stop.found}`."
    if "CHANGES" in stop.accepted and (meant := difflib.get_close_matches(stop.last, ("enters", "leaves"), n=1)):
        return f"Write `{meant[0]} {shortened(stop.found)}`."
    if stop.found in {"equals", "are", "was"} and "is" in possible:
        return "Write `is`."
    close = difflib.get_close_matches(stop.found.lower(), possible, n=1, cutoff=0.7)
    return f"Write `{close[0]}`." if close else ""


_SPECIAL: Sequence[Callable[[_Stop], _Said]] = (
    _foreign_character,
    _foreign_sign,
    _mixture,
    _open_list,
    _parenthesis,
    _wrong_number,
    _multiple_words,
)
