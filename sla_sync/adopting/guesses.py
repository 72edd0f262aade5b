"""What the stages of a platform mean for an agreement: guessed from their names, and every guess said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sla_sync.connector import StageFound


class Part(StrEnum):
    """What a stage is on the way of a lead."""

    EARLY = "early"
    QUALIFIED = "qualified"
    WORKED = "worked"
    WON = "won"
    LOST = "lost"
    LATER = "later"


@dataclass(frozen=True)
class Guessed:
    """A stage with its name in the agreement, its part, and why it is thought to have it."""

    name: str
    found: StageFound
    part: Part
    because: str


_LOST = re.compile(
    r"\b(un|dis)qualified|not converted|\blost\b|reject|\bbad\b|\bclosed\b|\bjunk\b|\bdead\b", re.IGNORECASE
)
_LATER = re.compile(r"nurtur|recycl|\blater\b|not now|\btiming\b|on hold", re.IGNORECASE)
_QUALIFIED = re.compile(r"\bmql\b|marketing.?qualified", re.IGNORECASE)
_NEARLY_QUALIFIED = re.compile(r"\bqualified\b|\bsales.?ready\b", re.IGNORECASE)
_WON = re.compile(r"\bwon\b|\bcustomer\b|\bconverted\b", re.IGNORECASE)
_USUAL = {"marketing_qualified_lead": "mql", "sales_accepted_lead": "sal", "sales_qualified_lead": "sql"}


def guessed_stages(found: Sequence[StageFound]) -> tuple[Guessed, ...]:
    """Return every stage with its part, in the platform's order; one of them is the qualified one where there are two."""
    parts = [_part(each) for each in found]
    open_ones = [number for number, (part, _) in enumerate(parts) if part is Part.EARLY]
    qualified, because = _qualified(found, open_ones)
    names = names_of([each.label for each in found])
    result = []
    for number, (each, (part, why)) in enumerate(zip(found, parts, strict=True)):
        said = why
        if part is Part.EARLY and qualified is not None and number >= qualified:
            part = Part.QUALIFIED if number == qualified else Part.WORKED  # noqa: PLW2901 - a better guess of the same
            said = because if number == qualified else "it comes after the qualified one"
        result.append(Guessed(names[number], each, part, said))
    return tuple(_with_an_end(result))


def _with_an_end(stages: Sequence[Guessed]) -> Iterator[Guessed]:
    """Yield the stages; where none is the end that both want, the last one in the hands of sales is taken for it."""
    worked = [each for each in stages if each.part is Part.WORKED]
    last = worked[-1] if worked and not any(each.part is Part.WON for each in stages) else None
    for each in stages:
        if each is last:
            yield replace(each, part=Part.WON, because="no name speaks of winning, and it comes last")
        else:
            yield each


def _part(each: StageFound) -> tuple[Part, str]:
    words = f"{each.value} {each.label}"
    if each.won:
        return Part.WON, "the platform says that sales goes on with the person then"
    tests: tuple[tuple[re.Pattern[str], Part], ...] = ((_LATER, Part.LATER), (_LOST, Part.LOST), (_WON, Part.WON))
    for pattern, part in tests:
        match = pattern.search(words.replace("_", " "))
        if match:
            return part, f"its name says «{match[0]}»"
    return Part.EARLY, "it comes before the qualified one"


def _qualified(found: Sequence[StageFound], open_ones: Sequence[int]) -> tuple[int | None, str]:
    for pattern in (_QUALIFIED, _NEARLY_QUALIFIED):
        for number in open_ones:
            match = pattern.search(f"{found[number].value} {found[number].label}".replace("_", " "))
            if match:
                return number, f"its name says «{match[0]}»"
    later = [number for number in open_ones if not found[number].first]
    return next(
        iter(later or open_ones), None
    ), "no name speaks of qualified leads, and it is the first that somebody chooses"


def names_of(labels: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return names of the language made from labels; each is used once."""
    used = set(taken)
    names = []
    for label in labels:
        made = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
        made = _USUAL.get(made, made)
        name = start = made if made[:1].isalpha() else f"n_{made}".strip("_")
        number = 2
        while name in used:
            name, number = f"{start}_{number}", number + 1
        used.add(name)
        names.append(name)
    return names
