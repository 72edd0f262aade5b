"""R9, the funnel as stock and flow: what was in each stage, what came, what went; it adds up to nothing left over."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanValue, Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import start_stages
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.stays import GONE
from sla_sync.measures.cuts import inside, voids_of
from sla_sync.measures.figures import Basis
from sla_sync.measures.way import way

_GONE = ("merged", "deleted")
"""What makes a lead count for nothing elsewhere, and here is a way out of its stage."""
_ORDER = ("entered_at", "left_at")
_DEFINITION = (
    "Leads in each stage when the period began, those that came into it and went out of it, and those in it when it was over. "
    f"Those that were deleted, merged or taken out of every agreed stage go to {GONE}; imported ones stand where they were put."
)


@dataclass(frozen=True, slots=True)
class Level:
    """One stage: leads in it at the start, those that came and went, and those in it at the end.

    `skipped` entered past a stage between, `back` from a later one; both are part of `came`. `left_over` is always 0.
    """

    stage: str
    opening: int
    came: int
    went: int
    closing: int
    skipped: int
    back: int

    @property
    def left_over(self) -> int:
        """What does not add up."""
        return self.opening + self.came - self.went - self.closing


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The stages in the order of the agreement, and one for leads that are gone."""

    levels: tuple[Level, ...]
    basis: Basis


def waterfall(past: Past, period: Period) -> Waterfall:
    """Return stock and flow of a period."""
    stays = past.tables["stays"]
    counts = stays["void"].isnull() | stays["void"].isin(_GONE)
    rows = past.rows(_flows(past.agreement, _with_gone(stays.filter(counts)), period))
    left_out = stays.filter(~counts & (stays["entered_at"] < stamp(period.until)))
    told = past.rows(left_out.group_by("void").agg(n=left_out["lead"].nunique()))
    named = {row["stage"]: row for row in rows}
    others = sorted(set(named) - set(past.agreement.stages) - {GONE})
    levels = tuple(_level(stage, named.get(stage, {})) for stage in (*past.agreement.stages, *others, GONE))
    note = f"The agreement does not name {', '.join(others)}." if others else ""
    basis = Basis(_DEFINITION, sum(each.closing for each in levels), voids_of(told), note=note)
    return Waterfall(levels, basis)


def _with_gone(stays: Table) -> Table:
    """Return stays with one more wherever a lead was gone: since it left its last stage, until it came back if it did."""
    following = stays["entered_at"].lead().over(ibis.window(group_by="lead", order_by=_ORDER))
    left = stays.mutate(_back_at=following).filter(stays["went_to"] == GONE)
    gone = left.select(
        stage=ibis.literal(GONE), entered_at="left_at", left_at="_back_at", came_from=ibis.null("string")
    )
    return stays.select("stage", "entered_at", "left_at", "came_from").union(gone)


def _flows(agreement: Agreement, stays: Table, period: Period) -> Table:
    """Return by stage how many stays it had when the period began and was over, and how many began and ended in it."""
    began, over = stamp(period.since), stamp(period.until)
    came, went = inside(stays, "entered_at", period), inside(stays, "left_at", period)
    counted = {
        "opening": (stays["entered_at"] < began) & _still(stays, began),
        "came": came,
        "went": ibis.coalesce(went, ibis.literal(value=False)),
        "closing": (stays["entered_at"] < over) & _still(stays, over),
        "skipped": came & _moved(stays, _skips(agreement)),
        "back": came & _moved(stays, _ways_back(agreement)),
    }
    return stays.group_by("stage").agg(**{name: ibis.ifelse(each, 1, 0).sum() for name, each in counted.items()})


def _still(stays: Table, at: ibis.Value) -> BooleanValue:
    return stays["left_at"].isnull() | (stays["left_at"] >= at)


def _moved(stays: Table, moves: frozenset[tuple[str, str]]) -> BooleanValue:
    """Return whether a stay began by one of some moves."""
    found = ibis.literal(value=False)
    for here, there in sorted(moves):
        found |= (stays["came_from"] == here) & (stays["stage"] == there)
    return ibis.coalesce(found, ibis.literal(value=False))


def _places(agreement: Agreement) -> dict[str, int]:
    start = next(iter(start_stages(agreement)), "")
    return {stage: place for place, stage in enumerate(way(agreement, start))}


def _skips(agreement: Agreement) -> frozenset[tuple[str, str]]:
    """Return the moves along the way that leave out a stage between."""
    places = _places(agreement)
    return frozenset((here, there) for here in places for there in places if places[there] > places[here] + 1)


def _ways_back(agreement: Agreement) -> frozenset[tuple[str, str]]:
    """Return the moves to an earlier stage of the way, and those from an end back into it."""
    places = _places(agreement)
    ends = {name for name, stage in agreement.stages.items() if stage.end is not None}
    later = {(here, there) for here in places for there in places if places[here] > places[there]}
    return frozenset(later | {(end, there) for end in ends for there in places if end != there})


def _level(stage: str, row: dict[str, int]) -> Level:
    return Level(stage, *(row.get(each, 0) for each in ("opening", "came", "went", "closing", "skipped", "back")))
