"""Why an engine or a warehouse that somebody named refuses: in our words, for its own may repeat its address with its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sla_sync.errors import SlaSyncError


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of refusal: how the standard codes of SQL for it begin, what its errors are called or say, and what to do."""

    codes: tuple[str, ...]
    words: tuple[str, ...]
    because: str
    hint: str


_KINDS: Final = (
    _Kind(
        (),
        ("no module named", "modulenotfound", "importerror", "nosuchmodule"),
        "what it needs is not installed",
        "Install what Ibis needs for it: pip install 'ibis-framework[NAME]'.",
    ),
    _Kind(
        (),
        ("java gateway",),
        "its Java did not start",
        "Install Java 17 or later, and let JAVA_HOME name it.",
    ),
    _Kind(
        (),
        ("don't know how to connect", "unknown scheme", "invalid url", "invalid ipv6 url"),
        "no engine of Ibis has such an address",
        "Write its address as Ibis connects to it, such as duckdb://past.duckdb.",
    ),
    _Kind(
        ("28",),
        ("password", "authentication", "unauthorized", "unauthenticated", "login failed", "incorrect username",
         "access denied for user", "invalid credential", "token expired"),
        "it refuses who signs in",
        "Correct the user and the password of the address, in its environment variable.",
    ),
    _Kind(
        ("42501",),
        ("permission", "not authorized", "access denied", "accessdenied", "forbidden", "insufficient privilege"),
        "who signs in may not do that",
        "Let who signs in read those tables or files, and make temporary tables.",
    ),
    _Kind(
        ("57014", "HYT"),
        ("timeout", "timed out", "deadline exceeded", "canceling statement"),
        "it did not answer in time",
        "Run the command again, or give that engine more time.",
    ),
    _Kind(
        ("08",),
        ("connection refused", "connectionrefused", "connectionerror", "connectionreset", "could not connect",
         "could not translate host", "name or service not known", "unreachable", "connection is closed",
         "server closed the connection", "broken pipe", "brokenpipe"),
        "it does not answer at that address",
        "Look whether it runs and may be reached from here, and correct the address.",
    ),
    _Kind(
        ("42P01", "42703", "42S02", "42S22", "3F", "42704"),
        ("tablenotfound", "table not found", "does not exist", "no such table", "no such column", "not found",
         "filenotfound", "no such file", "unresolved", "invalid identifier", "unknown column"),
        "it lacks a table, a column or a file that is asked for",
        "Let it see the tables or files that are asked for, with the columns of docs/history.md.",
    ),
    _Kind(
        ("22", "42804", "42883"),
        ("conversion", "cannot cast", "castinvalid", "cast invalid", "typeerror", "type mismatch", "datatype",
         "arrowinvalid", "out of range", "overflow"),
        "a value is not of the kind that its column must hold",
        "Give the columns the kinds that docs/history.md names, and correct values that are none.",
    ),
    _Kind(
        ("53",),
        ("out of memory", "outofmemory", "memoryerror", "no space", "disk full", "too many connections", "quota"),
        "it has no room left",
        "Give that engine more memory or disk, or ask for fewer days.",
    ),
    _Kind(
        ("0A",),
        ("notimplemented", "operationnotdefined", "unsupported", "not supported", "translationerror", "attributeerror"),
        "it cannot do what a measure asks of it",
        "Reckon on DuckDB or Spark, or write the SQL for a warehouse with: sla-sync sql.",
    ),
)  # fmt: skip
"""Kinds of refusal; the first that fits is told. No vendor promises its words, so they decide nothing but what is told."""
_UNKNOWN: Final = _Kind((), (), "", "Look into what that engine itself noted, and correct what it complains of.")
_MOST_TEXT: Final = 500
_LENGTH_OF_A_CODE: Final = 5


def refused(what: str, error: BaseException) -> SlaSyncError:
    """Return the error of somebody else's engine in one sentence that begins with `what`, with nothing of its text."""
    chain = tuple(_chain(error))
    codes = tuple(filter(None, map(_code, chain)))
    kind = next((each for each in _KINDS if any(code.startswith(each.codes) for code in codes)), None)
    text = "\n".join(_text(each) for each in chain)
    kind = kind or next((each for each in _KINDS if any(word in text for word in each.words)), _UNKNOWN)
    names = ", ".join((type(error).__name__, *codes[:1], *_lacking(chain)))
    return SlaSyncError(f"{what}: {kind.because} ({names})." if kind.because else f"{what}: {names}.", hint=kind.hint)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those of which it was made, each once."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _code(error: BaseException) -> str:
    """Return the code of SQL that drivers hang on their errors, where it is one."""
    for name in ("sqlstate", "pgcode"):
        said = getattr(error, name, None)
        if isinstance(said, str) and len(said) == _LENGTH_OF_A_CODE and said.isascii() and said.isalnum():
            return said
    return ""


def _lacking(chain: tuple[BaseException, ...]) -> Iterator[str]:
    named = (each.name for each in chain if isinstance(each, ImportError) and each.name)
    yield from (f"it needs {each}" for each in list(named)[:1])


def _text(error: BaseException) -> str:
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - an error of somebody else may fail at saying what it is
        said = ""
    return f"{type(error).__name__} {said[:_MOST_TEXT].partition(chr(10))[0]}".lower().replace("_", " ")
