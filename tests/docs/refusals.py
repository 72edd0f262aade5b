"""What can go wrong, as rows: our own errors, the codes of findings, and what becomes of each refusal of a platform.

Each row about a platform is what the connector makes of such an answer: it is asked, not repeated.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from sla_sync import errors
from sla_sync.connector import PlatformError
from sla_sync.errors import SlaSyncError
from sla_sync.lint import RULES
from sla_sync.render import catalogue
from sla_sync_hubspot import failures as of_hubspot
from sla_sync_salesforce import failures as of_salesforce
from sla_sync_salesforce.problems import PROBLEMS

SALESFORCE_BESIDES: Sequence[tuple[int, str, str]] = (
    (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
    (400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
    (503, "SERVER_UNAVAILABLE", "temporarily unavailable"),
    (500, "UNKNOWN_EXCEPTION", ""),
    (502, "", ""),
    (403, "", ""),
    (400, "any other code", ""),
)
"""Refusals besides those of the tables of codes: HTTP status, code, sentence."""
HUBSPOT_BESIDES: Sequence[int] = (400, 409, 500, 502, 504)
_SAID = {"ConcurrentRequests": " for requests at once", "TotalRequests": " for a day"}
HUBSPOT_WORDS = {
    401: "`INVALID_AUTHENTICATION`, `EXPIRED_AUTHENTICATION`",
    403: "`MISSING_SCOPES`",
    409: "a revision that is not the latest, a name that is taken",
    423: "locked",
    429: "`RATE_LIMITS`",
    477: "the account is being moved",
}
"""What HubSpot calls a status, or what it means there."""


def error_rows() -> Iterator[tuple[str, ...]]:
    """Yield each class of error with its sentence and the code with which a command leaves."""
    found = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, SlaSyncError)]
    for each in sorted(found, key=lambda each: inspect.getsourcelines(each)[1]):
        yield (
            f"`{each.__name__}`",
            " ".join((inspect.getdoc(each) or "").split()).partition(". ")[0].rstrip(".") + ".",
            str(each.exit_code),
        )


def rule_rows() -> Iterator[tuple[str, ...]]:
    """Yield each chapter of the rules with the codes in it, each of which leads to its rule."""
    for title, inside in catalogue._chapters(catalogue.in_order(RULES)):
        yield ", ".join(f"[{each.code}](rules.md#{each.code.lower()})" for each in inside), title


def salesforce_answers() -> Iterator[of_salesforce.Answer]:
    """Yield every refusal of an org that is known by its code, and one of each further kind."""
    for code in sorted(of_salesforce._SESSION_CODES, key=str.lower):
        yield of_salesforce.Answer(HTTPStatus.UNAUTHORIZED, code, "")
    for code in sorted(of_salesforce._ACCESS_CODES):
        yield of_salesforce.Answer(HTTPStatus.FORBIDDEN, code, "")
    yield from (of_salesforce.Answer(*each) for each in SALESFORCE_BESIDES)


def salesforce_rows() -> Iterator[tuple[str, ...]]:
    """Yield what an org refuses, what that is, and the next step; refusals that come to the same are one row."""
    told = [
        (_salesforce_word(each), of_salesforce.to_error(each, target="T", call="C")) for each in salesforce_answers()
    ]
    yield from _together(told)


def _salesforce_word(answer: of_salesforce.Answer) -> str:
    more = next((said for word, said in _SAID.items() if word in answer.message), "")
    return (f"`{answer.code}`" if " " not in answer.code else answer.code) + more if answer.code else f"{answer.status}"


def hubspot_rows() -> Iterator[tuple[str, ...]]:
    """Yield what a portal refuses, what that is, and the next step."""
    statuses = sorted({*map(int, of_hubspot._ERRORS), *HUBSPOT_BESIDES})
    told = [
        (f"{status}: {HUBSPOT_WORDS[status]}" if status in HUBSPOT_WORDS else f"{status}", _of_hubspot(status))
        for status in statuses
    ]
    yield from _together(told)


def _of_hubspot(status: int) -> PlatformError:
    return of_hubspot.error_of(of_hubspot.Failure(status), target="T", call="C")


def _together(told: Sequence[tuple[str, PlatformError]]) -> Iterator[tuple[str, ...]]:
    rows: dict[tuple[str, str], list[str]] = {}
    for word, error in told:
        rows.setdefault((type(error).__name__, error.hint), []).append(word)
    for (kind, hint), words in rows.items():
        yield ", ".join(words), f"`{kind}`", hint or "Read what the platform said: the message repeats it."


def problem_rows() -> Iterator[tuple[str, ...]]:
    """Yield each refusal of a setting that is explained: how an org words it, what it means, what to do."""
    for each in PROBLEMS:
        yield f"`{spoken(each.pattern)}`", each.means, each.cure


def spoken(pattern: str) -> str:
    """Return one sentence that a pattern fits, with … for any words, and a code of the platform where it fits one."""
    text = pattern
    while found := re.search(r"\((?:\?:|\?P<\w+>)?([^()]*)\)(\?)?", text):
        first = "" if found[2] else found[1].partition("|")[0]
        text = text[: found.start()] + first + text[found.end() :]
    code = next(iter(re.findall(r"[A-Z]+(?:_[A-Z]+)+", pattern)), "")
    plain = re.sub(r"\[(.)[^\]]*\]\*?", r"\1", text.partition("|")[0])
    plain = re.sub(r"\.\*|\\S\+|\\w[*+]", "…", plain)
    plain = (
        re.sub(r"(?<!\\)\w\?", "", plain.replace("\\.?", "."))
        .replace("\\", "")
        .replace("n.t ", "n't ")
        .replace("……", "…")
    )
    return " ".join(plain.split()) + (f" ({code})" if code and code not in plain else "")
