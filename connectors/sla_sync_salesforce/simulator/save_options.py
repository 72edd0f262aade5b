"""How a record is to be saved: what the headers of a request ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """`auto_assign`: True or False as the header says, the id of an assignment rule, or None where it says nothing."""

    auto_assign: bool | str | None = None
    all_or_none: bool = False
    """Whether one record that is refused takes back all the others of its request."""


PLAIN = SaveOptions()
