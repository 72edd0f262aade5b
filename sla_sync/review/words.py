"""How names and plain values are spelled in the sentences of a review."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from sla_sync.agreement.canonical import ORDER, Plain
from sla_sync.explain.names import listed
from sla_sync.explain.spoken import day, number
from sla_sync.review.amendments import Absent

NOTHING = "nothing"


def quoted(name: str) -> str:
    """Return a name of the agreement as a sentence quotes it: «mql»."""
    return f"«{name}»"


def named(names: Iterable[str], *, last: str = "and") -> str:
    """Return names as a sentence lists them, as they are written: owner and sdr_manager."""
    return listed(list(names), last=last)


def shown(value: object) -> str:
    """Return a single value of the agreement as a sentence says it: numbers with their thousands parted, days in words."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    return day(value) if isinstance(value, date) else str(value)


def arrow(before: object, after: object) -> str:
    """Return both values of a change, what both end in said once: `15 → 30 business minutes`, `110 → 90 per month`.

    Values of another build are said in full: `15 business minutes → 15 minutes`.
    """
    one, other = shown(before).split(), shown(after).split()
    shared = 0
    while len(one) == len(other) and shared < min(len(one), len(other)) - 1 and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    return f"{' '.join(one[: len(one) - shared])} → {' '.join(other)}"


def spelled_plain(value: Plain | Absent) -> str:
    """Return a value in canonical form as one line."""
    match value:
        case Absent() | None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case dict():
            return _spelled_mapping(value)
        case list():
            return "; ".join(spelled_plain(each) for each in value) or NOTHING
        case _:
            return value


def _spelled_mapping(value: dict[str, Plain]) -> str:
    members = {name: each for name, each in value.items() if name != ORDER}
    if not members:
        return NOTHING
    if all(each is True for each in members.values()):
        return listed(list(members))
    return json.dumps(members, ensure_ascii=False).replace('"', "")
