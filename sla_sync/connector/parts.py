"""A platform asked part by part: what refuses one part hides none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from sla_sync.connector.watching import Observation, Unseen
from sla_sync.errors import PlatformError, UnauthorizedError, UnreachableError

Ground = TypeVar("Ground")
Told = TypeVar("Told")


def ask_part(untold: dict[str, str], part: str, look: Callable[[], Told], instead: Told) -> Told:
    """Return what a look at one part shows; where the platform refuses it, return `instead` and note why in `untold`.

    `untold`: part → the platform's reason. Raises UnauthorizedError or UnreachableError where nothing can be asked.
    """
    try:
        return look()
    except (UnauthorizedError, UnreachableError):
        raise
    except PlatformError as error:
        untold[part] = error.message
        return instead


def look_part_by_part(
    looks: Mapping[str, Callable[[Ground], Iterable[Observation | Unseen]]], ground: Ground
) -> Iterator[Observation | Unseen]:
    """Yield what each part shows, by its name: what one part is not told, the others are.

    Raises UnauthorizedError or UnreachableError where nothing can be asked.
    """
    untold: dict[str, str] = {}
    for name, look in looks.items():
        seen: tuple[Observation | Unseen, ...] = ask_part(untold, name, partial(_seen, look, ground), ())
        yield from seen
        if name in untold:
            yield Unseen(name, untold[name])


def _seen(look: Callable[[Ground], Iterable[Observation | Unseen]], ground: Ground) -> tuple[Observation | Unseen, ...]:
    return tuple(look(ground))
