"""What was found out about the settings of a portal, kept until they change, so that no request finds it out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

Found = TypeVar("Found")


class Memory:
    """Findings by name. Each request that may change settings has one of its own, and forgets what it found before."""

    def __init__(self) -> None:
        self._found: dict[str, object] = {}

    def once(self, name: str, find: Callable[[], Found]) -> Found:
        """Return a finding, which is made where it is not kept yet; a name always stands for findings of one type."""
        if name not in self._found:
            self._found[name] = find()
        return cast("Found", self._found[name])

    def forget(self) -> None:
        """Forget everything: the settings changed."""
        self._found.clear()
