"""A lead that answers a question, with just those facts that matter to the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from sla_sync.agreement.durations import Duration


class Unknown(Enum):
    """Nothing is known of a field."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Other:
    """Any text but these, such as `example`."""

    example: str
    than: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was done in the last `within`, or ever."""

    times: int
    within: Duration | None = None


Held: TypeAlias = float | str | Other | Unknown | tuple[Counted, ...] | bool


@dataclass(frozen=True)
class Lead:
    """What is known of a lead; whatever is not said of it may be as it likes.

    Fields hold a number, a text, `Other` or `Unknown`. What a person did stands under `did visit pricing_page`, and a
    condition that is taken as a whole under its own text.
    """

    facts: Mapping[str, Held]

    def __str__(self) -> str:
        held = [_field(name, value) for name, value in self.facts.items() if not isinstance(value, tuple | bool)]
        done = [text for name, value in self.facts.items() for text in _clauses(name, value)]
        if not held and not done:
            return "any lead"
        return " that ".join(filter(None, ("a lead" + (f" with {_listed(held)}" if held else ""), _listed(done))))


def _field(name: str, value: Held) -> str:
    match value:
        case Unknown():
            return f"no known {name}"
        case Other(than=()):
            return f"a known {name}"
        case Other(than=than):
            return f"{name} other than {_listed(than, last='or')}"
        case float() | int():
            return f"{name} {value:.15g}"
        case _:
            return f"{name} {value}"


def _clauses(name: str, value: Held) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"meets `{name}`" if value else f"does not meet `{name}`"
    for counted in value if isinstance(value, tuple) else ():
        last = f" in last {counted.within}" if counted.within else ""
        often = {0: "", 1: " once", 2: " twice"}.get(counted.times, f" {counted.times} times")
        yield f"did {'' if counted.times else 'not '}{name.removeprefix('did ')}{often}{last}"


def _listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
