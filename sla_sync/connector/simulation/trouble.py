"""What can go wrong between a client and a platform: faults by name, and what each makes of a request and its answer.

The faults of this table belong to the way, and every platform meets them. What a platform says in its own words is
its simulator's (`Simulator.faults`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from werkzeug.http import http_date
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Application

__all__ = [
    "TRANSPORT", "Asked", "Exchange", "Fault", "Given", "Happened", "Loss", "always", "between_pages", "page", "table",
]  # fmt: skip


class Loss(StrEnum):
    """How a connection ends without an answer."""

    CUT = "cut"
    """It is closed in good order."""
    RESET = "reset"
    """It is broken off, as by a machine that restarts."""
    SILENCE = "silence"
    """It stays open and nothing comes, until the client gives up."""


@dataclass(frozen=True, slots=True)
class Half:
    """An answer of which the connection brings the first half."""

    response: Response


Given: TypeAlias = Response | Half | Loss
"""What a client gets."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its number (from 1), its method, and its path, with the operation after `#` where the body names it."""

    number: int
    method: str
    path: str
    reads: bool
    """Whether it leaves the platform as it is."""


@dataclass
class Exchange:
    """One request on its way; a fault decides whether the platform carries it out, and what comes back."""

    asked: Asked
    request: Request
    application: Application
    answer: Callable[[], Response]
    """Have the platform carry the request out, and return what it answers."""
    earlier: Response | None = None
    """What the same request was answered before something was written, where it was asked before that."""
    carried_out: bool = False

    def carry_out(self) -> Response:
        """Return the platform's answer."""
        self.carried_out = True
        return self.answer()

    def meanwhile(self, method: str, path: str, *, token: str, body: Any = None) -> Response:
        """Return what the platform answers somebody else, who asks before this request is looked at; `body` is JSON."""
        headers = [("Authorization", f"Bearer {token}")]
        asked = EnvironBuilder(path, self.request.host_url, method=method, json=body, headers=headers)
        try:
            return Response.from_app(self.application, asked.get_environ(), buffered=True)
        finally:
            asked.close()


def always(_exchange: Exchange) -> bool:
    """Say that a fault fits every request."""
    return True


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can go wrong, by its name and in a sentence."""

    name: str
    sentence: str
    happen: Callable[[Exchange], Given]
    fits: Callable[[Exchange], bool] = always
    """Whether it can happen to this request."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault that happened: to which request, and whether the platform carried that out."""

    number: int
    method: str
    path: str
    fault: str
    carried_out: bool


def table(*faults: Fault) -> Mapping[str, Fault]:
    """Return faults by their names."""
    return {each.name: each for each in faults}


def between_pages(
    turns_page: Callable[[Exchange], bool],
    *,
    created: Callable[[Exchange], Given],
    deleted: Callable[[Exchange], Given],
) -> tuple[Fault, Fault]:
    """Return what others may do between two pages of a list, where a request asks for a further one."""
    said = "something of theirs between two pages of what is read."
    return (
        Fault("others-create", f"Somebody else makes {said}", created, turns_page),
        Fault("others-delete", f"Somebody else deletes {said}", deleted, turns_page),
    )


def page(status: int, title: str) -> Response:
    """Return a web page, as something in front of a platform answers it."""
    return Response(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>", status, mimetype="text/html"
    )


def _lost(loss: Loss, *, after: bool) -> Callable[[Exchange], Given]:
    def happen(exchange: Exchange) -> Given:
        if after:
            exchange.carry_out()
        return loss

    return happen


def _gateway(status: int, title: str, *, after: bool) -> Callable[[Exchange], Given]:
    def happen(exchange: Exchange) -> Given:
        if after:
            exchange.carry_out()
        return page(status, title)

    return happen


def _truncated(exchange: Exchange) -> Given:
    return Half(exchange.carry_out())


def _shortened(exchange: Exchange) -> Given:
    answer = exchange.carry_out()
    content = answer.get_data()
    answer.set_data(content[: len(content) // 2])
    return answer


def _emptied(exchange: Exchange) -> Given:
    answer = exchange.carry_out()
    answer.set_data(b"")
    return answer


def _said(exchange: Exchange) -> bool:
    """Say that there may be an answer with something in it: what a request that writes is answered is often empty."""
    return exchange.asked.reads or exchange.asked.method == "POST"


def _misdated(off: timedelta) -> Callable[[Exchange], Given]:
    def happen(exchange: Exchange) -> Given:
        answer = exchange.carry_out()
        answer.headers["Date"] = http_date(exchange.application.now + off)
        return answer

    return happen


def _stale(exchange: Exchange) -> Given:
    return exchange.earlier or exchange.carry_out()


_LOSSES = (
    (Loss.CUT, "The connection is closed without an answer"),
    (Loss.RESET, "The connection is broken off without an answer"),
    (Loss.SILENCE, "No answer comes until the client gives up"),
)
_GATEWAYS = (
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
)
_WRONG = timedelta(hours=1)
_SIDES = (("before", False, "the request was not carried out"), ("after", True, "the request was carried out"))

TRANSPORT: Mapping[str, Fault] = table(
    *(
        Fault(f"{loss}-{side}", f"{what}; {done}.", _lost(loss, after=after))
        for loss, what in _LOSSES
        for side, after, done in _SIDES
    ),
    *(
        Fault(
            f"{status}-{side}",
            f"A gateway answers {status} ({title}) with a page of its own; {done}.",
            _gateway(status, title, after=after),
        )
        for status, title in _GATEWAYS
        for side, after, done in _SIDES
    ),
    *(
        Fault(
            f"page-{side}",
            f"Something on the way answers 200 with a web page; {done}.",
            _gateway(200, "Welcome to this network", after=after),
        )
        for side, after, done in _SIDES
    ),
    Fault(
        "truncated", "The connection ends in the middle of the answer; the request was carried out.", _truncated, _said
    ),
    Fault(
        "shortened",
        "Half of the answer is missing, and its length says that it is whole; the request was carried out.",
        _shortened,
        _said,
    ),
    Fault("emptied", "The answer has its status and no content; the request was carried out.", _emptied, _said),
    *(
        Fault(
            f"clock-{side}",
            f"The answer comes from a machine whose clock is an hour {side}, by its header `Date`; the request was carried out.",
            _misdated(off),
        )
        for side, off in (("ahead", _WRONG), ("behind", -_WRONG))
    ),
    Fault(
        "stale",
        "A read is answered as it was before the last write.",
        _stale,
        lambda exchange: exchange.asked.reads and exchange.earlier is not None,
    ),
)
"""What may happen to a request on its way to any platform."""
