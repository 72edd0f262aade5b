"""An engine that somebody named by its address: whatever it raises becomes one sentence, in which nothing of its address is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sla_sync.errors import SlaSyncError
from sla_sync.history.refusals import refused

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class NamedEngine:
    """An engine of Ibis that is not our own; only functions that are `told` ask it anything."""

    backend: Any

    @property
    def name(self) -> str:
        """What Ibis calls it."""
        return str(self.backend.name)


def told(ask: Callable[Concatenate[Any, _P], _R]) -> Callable[Concatenate[Any, _P], _R]:
    """Let a function ask any engine, its first argument: what one that somebody named raises comes as SlaSyncError."""

    @wraps(ask)
    def asked(engine: Any, /, *rest: _P.args, **named: _P.kwargs) -> _R:
        if not isinstance(engine, NamedEngine):
            return ask(engine, *rest, **named)
        try:
            return ask(engine.backend, *rest, **named)
        except SlaSyncError:
            raise
        except Exception as error:  # noqa: BLE001 - each engine has errors of its own
            raise refused("The engine could not answer", error) from None

    return asked
