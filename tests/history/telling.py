"""A source that tells a small past piece by piece, goes on from its marks, and can be cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sla_sync.history.export import Keeping
from sla_sync.history.parquet import files, read
from sla_sync.history.privacy import Privacy
from sla_sync.history.standing import Standing, read_standing
from sla_sync.history.tables import ACTIVITIES, FACTS, LEADS, STAGES, TABLES, USERS, Table
from sla_sync.history.wanted import Use, Wanted

SINCE, NOW = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WANTED = Wanted(
    {"country": Use(words={"DE", "US"}), "score": Use(is_number=True)},
    {"stage": frozenset({"mql", "sal"}), "reason": frozenset({"no_budget"}), "team": frozenset({"sdr"})},
)
Row = Mapping[str, object]


def plain(key: bytes = b"key", **changes: Any) -> Privacy:
    """Return a privacy that leaves ids as they are."""
    return replace(Privacy(key, WANTED, pseudonyms=False), **changes)


@dataclass
class Source:
    """Pieces of one stream; `after` says how many of them somebody has."""

    pieces: list[tuple[Table, Sequence[Row], tuple[str, ...]]] = field(default_factory=list)

    def tell(self, keeping: Keeping, most: int | None = None) -> bool:
        """Tell what is new since the mark that is kept, at most so many pieces; returns whether that was all."""
        begin = int(keeping.standing.marks.get("all", "0"))
        for number, (table, rows, key) in enumerate(self.pieces[begin:], start=begin + 1):
            if most is not None and number > begin + most:
                return False
            keeping.put(table, rows, key)
            keeping.reached("all", str(number))
        return True


def keeping(
    folder: Path, privacy: Privacy | None = None, *, together: int = 12, begin: datetime | None = None
) -> Keeping:
    """Return an export that goes on from what a folder has, and writes after so many rows."""
    used = privacy or plain()
    standing = read_standing(folder) or Standing("a source", used.fingerprint, used.pseudonyms, SINCE, NOW)
    return Keeping(folder, standing, used, begin, together=together, folded=2 * together)


def told() -> Source:
    """Return a source of four months in which rows come again, changed, also with another instant."""
    return Source(list(_pieces()))


def _pieces() -> Iterator[tuple[Table, Sequence[Row], tuple[str, ...]]]:
    for number in range(8):
        at = SINCE + 11 * number * DAY
        lead = {"lead": f"L{number}", "created_at": at}
        yield USERS, [{"user": "ann", "since": SINCE - 300 * DAY, "team": "sdr"}], ("user",)
        yield LEADS, [lead], ("lead",)
        stages = [
            {"lead": f"L{number}", "at": at + place * DAY, "stage": each} for place, each in enumerate(["mql", "sal"])
        ]
        yield STAGES, stages, ("lead", "at", "stage")
        facts = [{"lead": f"L{number}", "at": at, "field": "score", "value": str(number)}]
        yield FACTS, facts, ("lead", "field", "at")
        yield ACTIVITIES, [_call(number, at), _call(number + 1, at + DAY)], ("activity",)
    yield LEADS, [{"lead": "L1", "created_at": SINCE + 40 * DAY, "gone_at": NOW - DAY}], ("lead",)
    yield (
        STAGES,
        [{"lead": "L2", "at": SINCE + 22 * DAY, "stage": "mql", "reason": "no_budget"}],
        ("lead", "at", "stage"),
    )
    yield STAGES, [{"lead": "L2", "at": SINCE + 90 * DAY, "stage": None}], ("lead", "at", "stage")
    yield STAGES, [{"lead": "L2", "at": SINCE + 90 * DAY, "stage": None}], ("lead", "at", "stage")


def _call(number: int, at: datetime) -> Row:
    return {
        "lead": f"L{number % 8}", "at": at, "activity": f"A{number}", "kind": "call", "counts": True, "inbound": False,
    }  # fmt: skip


def held(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every row that a folder holds, table by table, in the order in which it stands there."""
    return {name: read(folder, name).to_pylist() for name in TABLES if files(folder, name)}
