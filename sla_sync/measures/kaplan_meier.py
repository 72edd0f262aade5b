"""Kaplan and Meier: by what time which share is done, where some still wait and where some left before it was done.

Everybody counts for as long as they were seen. An estimate that drops who still waits is too fast; one that takes them for
misses is too slow.
"""

from __future__ import annotations

from collections.abc import Iterable

import ibis
from ibis.expr.types import FloatingValue, IntegerValue, Table

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution, for an interval of 95 %."""
MANY = 100_000
"""Of how many times on a curve is drawn by whole seconds and minutes."""
_SECOND, _MINUTE, _HOUR = 1_000_000, 60_000_000, 3_600_000_000
_NEARLY = 1e-9
"""So that a share that is reached exactly is reached in floating numbers too."""


def curve(rows: Table, by: tuple[str, ...], *, waited: str = "waited", done: str = "done") -> Table:
    """Return the curve of each group: a row for each length of time that occurs, with the share that waits longer.

    `done` says of each row whether its time ended because it was done; else it was only seen for so long. Who was seen for
    just so long is held to have been there when others were done. `waits` lies in 95 of 100 cases from `waits_low` to
    `waits_high` (Greenwood, by the logarithm of the logarithm); they are empty where nobody is left. `answered` is the share
    of those who were done at all, the naive curve.
    """
    counted = rows.group_by(*by, waited).agg(
        lengths=rows.count(), events=ibis.ifelse(rows[done], 1, 0).sum().cast("int64")
    )
    groups = counted.group_by(**{f"_by_{each}": counted[each] for each in by}).agg(
        _all=counted["lengths"].sum(), _all_done=counted["events"].sum()
    )
    # A number stands for the words of a group: windows over numbers are several times as fast.
    groups = groups.mutate(_group=ibis.row_number().over(ibis.window(order_by=[groups[f"_by_{each}"] for each in by])))
    counted = counted.inner_join(groups, [counted[each].identical_to(groups[f"_by_{each}"]) for each in by])
    so_far = ibis.window(group_by="_group", order_by=waited, preceding=None, following=0)
    counted = counted.mutate(
        _gone=counted["lengths"].sum().over(so_far) - counted["lengths"], _done=counted["events"].sum().over(so_far)
    )
    counted = counted.mutate(
        at_risk=(counted["_all"] - counted["_gone"]).cast("int64"),
        answered=counted["_done"] / counted["_all_done"].nullif(0),
    )
    # Nobody is left where all were done at once, and it is the last length of all: no logarithm is taken of nothing.
    rest = (counted["at_risk"] - counted["events"]).nullif(0)
    steps = counted.mutate(
        _rest=rest,
        _step=(rest / counted["at_risk"]).ln(),
        _spread=counted["events"] / (counted["at_risk"].cast("float64") * rest),
    )
    steps = steps.mutate(_log=steps["_step"].sum().over(so_far), _variance=steps["_spread"].sum().over(so_far))
    reach = (steps["_variance"].sqrt() * _Z / steps["_log"].abs().nullif(0.0)).exp()
    steps = steps.mutate(_reach=reach)
    left = steps["_rest"].notnull()
    return steps.select(
        *by,
        waited,
        "lengths",
        "events",
        "at_risk",
        "answered",
        waits=ibis.ifelse(left, steps["_log"].exp(), 0.0),
        waits_low=ibis.ifelse(left, _all_or((steps["_log"] * steps["_reach"]).exp()), 0.0),
        waits_high=ibis.ifelse(left, _all_or((steps["_log"] / steps["_reach"]).exp()), ibis.null("float64")),
    )


def as_counted(waited: IntegerValue, number: int) -> IntegerValue:
    """Return times in microseconds; of more than `MANY`, as ages are counted: in whole seconds, from an hour on in minutes.

    So a curve has some ten thousand steps, and not one for each of a million people. They are rounded down.
    """
    if number <= MANY:
        return waited
    return ibis.ifelse(waited < _HOUR, waited // _SECOND * _SECOND, waited // _MINUTE * _MINUTE).cast("int64")


def quantiles(found: Table, by: tuple[str, ...], percents: Iterable[int], *, waited: str = "waited") -> Table:
    """Return a row for each group of a curve: the first length by which each percentage is done, empty where none is.

    Beside `p50` stand the ends of its interval, `p50_low` and `p50_high`, and `naive50`, that of those who were done only;
    and `n`, `events` and `longest`, the longest time that anybody was seen.
    """
    time = found[waited]
    asked = {}
    for percent in percents:
        rest = 1 - percent / 100 + _NEARLY
        asked[f"p{percent}"] = time.min(where=found["waits"] <= rest)
        asked[f"p{percent}_low"] = time.min(where=found["waits_low"] <= rest)
        asked[f"p{percent}_high"] = time.min(where=found["waits_high"] <= rest)
        asked[f"naive{percent}"] = time.min(where=found["answered"] >= percent / 100 - _NEARLY)
    return found.group_by(*by).agg(n=found["lengths"].sum(), events=found["events"].sum(), longest=time.max(), **asked)


def done_by(found: Table, by: tuple[str, ...], length: object, *, waited: str = "waited") -> Table:
    """Return a row for each group of a curve: the share `done` within a length of time, from `low` to `high`.

    All three are empty where nobody was seen so long, and some were still waiting; `n` says of how many it is.
    """
    upto = found[waited] <= length
    columns = (("done", "waits"), ("low", "waits_high"), ("high", "waits_low"))
    latest = {f"_{name}": found[column].argmax(found[waited], where=upto) for name, column in columns}
    told = found.group_by(*by).agg(n=found["lengths"].sum(), _longest=found[waited].max(), **latest)
    known = (told["_longest"] >= length) | (told["_done"] <= _NEARLY)
    nothing = ibis.null("float64")
    shares = {name: ibis.ifelse(known, 1 - ibis.coalesce(told[f"_{name}"], 1.0), nothing) for name, _ in columns}
    return told.select(*by, "n", **shares)


def _all_or(share: FloatingValue) -> FloatingValue:
    """Return a share that waits, or all where nobody was done yet."""
    return ibis.coalesce(share, 1.0)
