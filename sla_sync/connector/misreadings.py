"""Answers of an unexpected shape: what cannot be read of them ends a verb of a conversation in one sentence.

A reader trusts that an answer has the members that its platform documents, and takes them where it needs them. One that
has others makes it stumble, at any of some hundred places. Here the stumble becomes the platform's error, and a mistake of
our own stays one where Python tells which it is.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Generator, Iterator
from datetime import date
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sla_sync.errors import FaultError

STUMBLES = (
    LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError, StopIteration, RuntimeError,
)  # fmt: skip
"""What Python raises where a value is not what it was taken for."""
_PLAIN = (str, bytes, int, float, bool, type(None), list, tuple, dict, date, Decimal)
"""Types of what stands in an answer; a member that anything else lacks is a mistake of ours."""
_CALL_OF_OURS = re.compile(r"\(\) (?:missing|takes|got (?:an unexpected|multiple|some positional))")
"""How Python says that a function was called wrongly, which no answer brings about."""
_LONGEST = 200
MISREAD_HINT = "Run it again; if it stays, report this line: the platform says something that it did not say before."

Conversation = TypeVar("Conversation")


class Listener(Protocol):
    """What a client offers, so that somebody can say what it was told last."""

    def misread(self, said: str) -> FaultError | None:
        """Return the error for an answer of another shape, without secrets; None where nothing was answered yet."""
        ...


def misreading(error: BaseException) -> str | None:
    """Return what could not be read of an answer, in a clause, or None where the error is a mistake of our own."""
    if not isinstance(error, STUMBLES):
        return None
    if isinstance(error, RuntimeError) and not isinstance(error, RecursionError):
        # A generator in which `next` found nothing says so; of others the program itself is the cause.
        return misreading(error.__cause__) if isinstance(error.__cause__, StopIteration) else None
    if isinstance(error, AttributeError) and not isinstance(error.obj, _PLAIN):
        return None
    if isinstance(error, TypeError) and _CALL_OF_OURS.search(str(error)):
        return None
    return f"{_said(error)} ({_where(error)})"


def _said(error: BaseException) -> str:
    if isinstance(error, StopIteration):
        return "what it says fits nothing that is known"
    if isinstance(error, KeyError) and error.args:
        return f"«{str(error.args[0])[:_LONGEST]}» is missing or unknown"
    return (str(error) or type(error).__name__).rstrip(".")[:_LONGEST]


def _where(error: BaseException) -> str:
    """Return the file and the line that stumbled: the innermost of them that is of this program."""
    found, trace = "nowhere", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(part.startswith("sla_sync") for part in file.parts):
            found = f"{file.name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found


def telling_misreadings(listener: Callable[[Any], Listener]) -> Callable[[type[Conversation]], type[Conversation]]:
    """Return what makes every verb of a conversation raise FaultError where an answer has an unexpected shape.

    `listener` finds the client in the conversation. What a verb yields one by one is guarded to its end.
    """

    def guarded(conversation: type[Conversation]) -> type[Conversation]:
        for name, verb in vars(conversation).copy().items():
            if inspect.isfunction(verb) and not name.startswith("_"):
                setattr(conversation, name, _guarded(verb, listener))
        return conversation

    return guarded


def _guarded(verb: Callable[..., Any], listener: Callable[[Any], Listener]) -> Callable[..., Any]:
    @wraps(verb)
    def asked(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = verb(self, *args, **kwargs)
        except STUMBLES as error:
            _raise(error, listener(self))
        return _to_its_end(answer, listener(self)) if isinstance(answer, Generator) else answer

    return asked


def _to_its_end(some: Iterator[Any], listener: Listener) -> Generator[Any, None, None]:
    try:
        yield from some
    except STUMBLES as error:
        _raise(error, listener)


def _raise(error: BaseException, listener: Listener) -> None:
    said = misreading(error)
    fault = listener.misread(said) if said else None
    if fault is None:
        raise error
    raise fault from None  # the mistake may repeat what the platform repeated of what it was told
