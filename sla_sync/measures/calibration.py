"""R13, calibration: whether a higher score really means a better lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import floor

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.durations import Duration
from sla_sync.attainment.asking import recorded, with_facts
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.conversion import NOT_OVER
from sla_sync.measures.cuts import Row, inside, share_of_rows, shares_by, voids_of
from sla_sync.measures.entries import went_on
from sla_sync.measures.figures import Basis
from sla_sync.measures.way import steps

GRADE = "grade"
NO_SCORE = "no score is recorded"

_WIDTHS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000)
_MOST_BANDS = 8


@dataclass(frozen=True, slots=True)
class Band:
    """Those who qualified with a score from `low` to below `high`, and how many of the mature ones were accepted."""

    low: float
    high: float | None
    accepted: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bands of scores from the lowest; by grade (A1 … D4) where grades are recorded."""

    bands: tuple[Band, ...]
    grades: dict[str, Share]
    never_falls: bool | None
    """Whether acceptance never falls as the score rises, beyond chance; None where there are too few."""
    basis: Basis


def calibration(past: Past, period: Period) -> Calibration:
    """Return acceptance by the score at which cycles qualified."""
    first = next(iter(steps(past.agreement)), None)
    if first is None:
        return Calibration((), {}, None, Basis("No stage of the agreement follows the one in which leads qualify.", 0))
    entered = went_on(past, first.start, first.goal, first.within)
    rows = past.rows(_counted(_scored(past, entered.filter(inside(entered, "at", period)))))
    judged = [row for row in rows if row["void"] is None]
    scored = [row for row in judged if row["score"] is not None]
    bands = tuple(_bands(scored))
    graded = [row for row in judged if row[GRADE] is not None]
    waiting = sum(row["n"] - row["mature"] for row in judged)
    unscored = sum(row["mature"] for row in judged if row["score"] is None)
    return Calibration(
        bands=bands,
        grades={name: share for name, share in shares_by(graded, GRADE, "kept", "mature").items() if share.whole},
        never_falls=never_falls(each.accepted for each in bands),
        basis=Basis(
            _definition(first.goal, first.within),
            sum(row["mature"] for row in scored),
            voids_of(rows) | ({NOT_OVER: waiting} if waiting else {}),
            {NO_SCORE: unscored} if unscored else {},
        ),
    )


def _definition(goal: str, within: Duration) -> str:
    return (
        f"Of the cycles that qualified with so many points, as recorded then, and have had {within} since, those that entered "
        f"{goal} by then."
    )


def _scored(past: Past, entered: Table) -> Table:
    """Return entries with the score of their cycle, and the grade as it was recorded then where one is."""
    cycles = past.tables["cycles"].select(_lead="lead", _cycle="cycle", score="score")
    joined = entered.left_join(cycles, [entered["lead"] == cycles["_lead"], entered["cycle"] == cycles["_cycle"]])
    scored = joined.drop("_lead", "_cycle")
    if GRADE in recorded(past):
        return with_facts(past, scored, "at", (GRADE,))
    return scored.mutate(**{GRADE: ibis.null("string")})


def _counted(rows: Table) -> Table:
    """Return how many entries there are by whole points and grade, the mature, and those of them that were accepted."""
    points = rows.mutate(score=rows["score"].floor().cast("int64"))
    return points.group_by("void", "score", GRADE).agg(
        n=points.count(), mature=points["mature"].sum(), kept=(points["mature"] & points["kept"]).sum()
    )


def _bands(rows: Sequence[Row]) -> Iterable[Band]:
    """Yield bands of one width, the narrowest by which there are few enough; the last has no upper end."""
    seen = [row for row in rows if row["mature"]]
    if not seen:
        return
    lowest, highest = (pick(row["score"] for row in seen) for pick in (min, max))
    width = next((each for each in _WIDTHS if highest // each - lowest // each < _MOST_BANDS), _WIDTHS[-1])
    last = floor(highest / width)
    for place in range(floor(lowest / width), last + 1):
        own = [row for row in seen if row["score"] // width == place]
        yield Band(place * width, None if place == last else (place + 1) * width, share_of_rows(own, "kept", "mature"))


def never_falls(shares: Iterable[Share]) -> bool | None:
    """Return whether no share lies below an earlier one so far that their intervals do not meet; None for fewer than two."""
    enough = [each.interval for each in shares if each.may_be_ranked]
    known = [each for each in enough if each is not None]
    if len(known) < 2:  # noqa: PLR2004
        return None
    return all(later[1] >= earlier[0] for earlier, later in combinations(known, 2))
