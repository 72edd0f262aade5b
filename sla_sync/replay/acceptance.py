"""How many of those who would have qualified sales would have accepted: by the scores of those who were really handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import StageRate
from sla_sync.attainment.answers import number_of
from sla_sync.attainment.asking import with_facts
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import ENOUGH, Share
from sla_sync.measures.figures import Figure, Unit
from sla_sync.semantics.standings import closes

WIDTH = 10
"""How many points of the score are one band."""
DAYS = 14
"""Within how many days after they qualified people must be accepted to count so, where the agreement says nothing else."""
_Z = 1.959963984540054
_DEFINITION = (
    "The share that sales accepted within {days} days, by bands of {width} points of the score at qualification, of those who "
    "were handed over; carried over to those who would have qualified. Bands with fewer than {enough} are not known."
)


@dataclass(frozen=True, slots=True)
class Predicted:
    """The share of those who would have qualified that sales would have accepted; `unseen` counts those of unknown bands."""

    before: Figure
    after: Figure
    unseen_before: int
    unseen_after: int
    bands: Mapping[int, Share]
    """What was seen: the lowest score of a band → accepted of those who were handed over."""
    definition: str


def seen(past: Past, agreement: Agreement, stage: str) -> Mapping[int, Share]:
    """Return acceptance by the band of the score, of first and later cycles that had time enough to be accepted."""
    stays = past.tables["stays"]
    exits = [name for name in agreement.stages if closes(agreement, name)]
    days = days_of(agreement, stage)
    mine = stays.filter((stays["stage"] == stage) & stays["void"].isnull())
    mine = mine.filter(mine["entered_at"] <= stamp(past.as_of - timedelta(days=days)))
    scored = with_facts(past, mine, "entered_at", ("score",))
    in_time = scored["left_at"] <= scored["entered_at"] + ibis.interval(days=days)
    taken = in_time & scored["went_to"].notnull() & ~scored["went_to"].isin([*exits, "gone"])
    banded = scored.select(band=band_of(scored), taken=ibis.coalesce(taken, ibis.literal(value=False)).cast("int64"))
    counted = banded.filter(banded["band"].notnull()).group_by("band").agg(part=ibis._["taken"].sum(), n=ibis._.count())
    return {int(row["band"]): Share(int(row["part"]), int(row["n"])) for row in past.rows(counted.order_by("band"))}


def by_band(past: Past, qualified: Table) -> Mapping[int | None, int]:
    """Return how many of those who qualified (`lead`, `at`) had a score of each band; None is no score."""
    scored = qualified if "score" in qualified.columns else with_facts(past, qualified, "at", ("score",))
    banded = scored.select(band=band_of(scored))
    rows = past.rows(banded.group_by("band").agg(n=banded.count()))
    return {None if row["band"] is None else int(row["band"]): int(row["n"]) for row in rows}


def predicted(
    bands: Mapping[int, Share], before: Mapping[int | None, int], after: Mapping[int | None, int], days: int
) -> Predicted:
    """Return what the bands that were seen come to for those who would have qualified on either side."""
    old, new = _expected(bands, before), _expected(bands, after)
    definition = _DEFINITION.format(days=days, width=WIDTH, enough=ENOUGH)
    return Predicted(old[0], new[0], old[1], new[1], bands, definition)


def days_of(agreement: Agreement, stage: str) -> int:
    """Return in how many days somebody must be accepted: as a commitment on the next step says, else 14."""
    for commitment in agreement.commitments.values():
        said = commitment.measure.value if commitment.measure is not None else None
        if isinstance(said, StageRate) and said.start == stage:
            length = said.within
            if length.unit.value == "day" and not length.business:
                return length.count
    return DAYS


def band_of(scored: Table) -> ibis.expr.types.Value:
    """Return the lowest score of the band in which a score lies."""
    return (number_of(scored["score"]) / WIDTH).floor().cast("int64") * WIDTH


def _expected(bands: Mapping[int, Share], counts: Mapping[int | None, int]) -> tuple[Figure, int]:
    known = {band: n for band, n in counts.items() if band is not None and band in bands and bands[band].may_be_ranked}
    whole, unseen = sum(known.values()), sum(counts.values()) - sum(known.values())
    if not whole:
        return Figure(None, Unit.SHARE, 0, note="Nobody with such a score was handed over often enough."), unseen
    shares = {band: bands[band] for band in known}
    value = sum(n * (shares[band].value or 0.0) for band, n in known.items()) / whole
    # The middle of Wilson's interval keeps a band of which all were accepted from being certain.
    spread = sqrt(sum((n / whole) ** 2 * _variance(shares[band]) for band, n in known.items()))
    interval = (max(0.0, value - _Z * spread), min(1.0, value + _Z * spread))
    return Figure(value, Unit.SHARE, whole, interval), unseen


def _variance(share: Share) -> float:
    middle = (share.part + _Z * _Z / 2) / (share.whole + _Z * _Z)
    return middle * (1 - middle) / (share.whole + _Z * _Z)
