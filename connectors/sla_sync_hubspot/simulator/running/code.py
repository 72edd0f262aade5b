"""Code that a workflow runs: one program of sla-sync is known here by its digest, and computed in Python by the same rules.

Whatever stands in a source beside the line of data must be that program, letter for letter: other code is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate

from sla_sync_hubspot.simulator.refusals import Json, invalid, not_built
from sla_sync_hubspot.simulator.running.dates import Data, Hours, Row, answer

PROGRAM = "051a090fa1bcb8fc7b03bded077a6a5df19211265884bc0aa8e537510f7bac82"
"""The digest of the program that `dates.py` computes like; another version of it is another program."""
_MARK, _DATA = "// sla-sync dates ", "const DATA = "
_MINUTE = 60_000


def check_source(source: str, where: str) -> None:
    """Raise RefusalError for a source that is not the known program with its data."""
    _read(source, where)


def run(source: str, properties: Mapping[str, str]) -> dict[str, str] | None:
    """Return what the code writes into a contact with these properties, or None where it writes nothing.

    Raises ValueError where the hours in the source end before a clock does.
    """
    read, data = _program(source)
    return answer(data, {name: text for name, text in properties.items() if name in read})


@lru_cache(maxsize=8)
def _program(source: str) -> tuple[frozenset[str], Data]:
    """Return the properties that a source reads and what it computes by; unpacking it takes longer than a run."""
    found = _read(source, "sourceCode")
    return frozenset(found["read"]), _data(found)


def _read(source: str, where: str) -> Json:
    mark, _, rest = source.partition("\n")
    line, _, program = rest.partition("\n")
    digest = hashlib.sha256(program.encode()).hexdigest()
    if not mark.startswith(_MARK) or not line.startswith(_DATA) or digest != PROGRAM:
        raise not_built(f"custom code other than the program of dates that sla-sync writes, at {where}")
    if mark != f"{_MARK}{PROGRAM}":
        raise invalid(f"The code at {where} does not bear the digest of its program", where=where)
    found: Json = json.loads(line.removeprefix(_DATA).removesuffix(";"))
    return found


def _data(read: Json) -> Data:
    return Data(
        prefix=read["prefix"],
        slots=read["slots"],
        deadline=read["deadline"],
        hours=tuple(_hours(each) for each in read["hours"]),
        clocks=tuple(read["clocks"]),
    )


def _hours(rows: list[list[int]]) -> Hours:
    """Return openings: each begins with the minutes from the midnight of the one before to its own."""
    midnights = accumulate(after for after, _, _ in rows)
    return tuple(
        Row(midnight * _MINUTE, (midnight + opens) * _MINUTE, (midnight + closes) * _MINUTE)
        for midnight, (_, opens, closes) in zip(midnights, rows, strict=True)
    )
