"""Pictures of the pack, drawn by Vega-Altair: each is made of numbers and words that stand beside it in the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt

from sla_sync.render.pack.pictures import Bands, Bars, Cohorts, Hours, Month, Picture, Waiting, Weeks
from sla_sync.render.svg import drawn
from sla_sync.render.words import visible

INK, SOFT, LINE, MARK, PALE = "#1c2430", "#5a6472", "#d8dde4", "#1f5f8b", "#a9c6db"
BREACH, HATCHED = "#a8201a", "#cfdde8"
"""Colours of the light page; its sheet of styles gives each its counterpart on a dark one."""
_LADDER = ("#0b3c5d", "#1d6391", "#5b93bb", "#a3c4dc", "#e0b26a", "#c9702b", "#8f8f8f")
"""From the quickest band to the slowest, and those who still wait."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FONT = 'Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif'
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TICKS = (10, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 30 * _DAY)
_TICK_NAMES = (
    "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' :"
    " datum.value < 86400 ? datum.value / 3600 + ' h' : datum.value / 86400 + ' d'"
)
_WIDE, _LONGEST = 620, 34
_ROOM = 0.06

Chart = alt.TopLevelMixin
_QUARTERS = (0, 0.25, 0.5, 0.75, 1)


def svg_of(picture: Picture, prefix: str) -> str:
    """Return a picture as SVG to stand in a page; `prefix` keeps the names in it apart from those of others there."""
    made = _DRAWERS[type(picture)](picture)
    return drawn(_styled(made).to_json(), prefix, picture.alternative)


def _styled(chart: Chart) -> Chart:
    # Altair's own types say less than it takes; what it does not know it refuses at run time.
    styled: Any = chart
    made: Chart = (
        styled.configure(font=_FONT, background="transparent", padding=4)
        .configure_axis(
            labelColor=SOFT, titleColor=SOFT, gridColor=LINE, domainColor=LINE, tickColor=LINE, labelFontSize=11,
            titleFontSize=11, titleFontWeight="normal", labelLimit=260, labelPadding=5,
        )
        .configure_legend(labelColor=INK, titleColor=SOFT, labelFontSize=11, titleFontSize=11, symbolType="square")
        .configure_view(stroke=None)
        .configure_text(color=INK, fontSize=11)
    )  # fmt: skip
    return made


def _weeks(found: Weeks) -> Chart:
    rows = [
        {"place": place, "week": week, "value": value, "low": low, "high": high}
        for place, (week, value, low, high) in enumerate(found.weeks)
    ]
    known = [row for row in rows if row["value"] is not None]
    values = [float(str(each)) for row in known for each in (row["value"], row["low"], row["high"]) if each is not None]
    values += [found.target] if found.target is not None else []
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    air = (high - low) * _ROOM or 1.0
    scale = alt.Scale(domain=[max(0.0, low - air), high + air], nice=False, zero=False)
    across = alt.X("place:Q", axis=None, scale=alt.Scale(domain=[-0.3, max(1, len(rows) - 1) + 0.3], nice=False))
    up = alt.Y("value:Q", axis=None, scale=scale)
    reach = [row for row in known if row["low"] is not None]
    area = alt.Chart(alt.InlineData(reach)).mark_area(color=PALE, opacity=0.45).encode(
        across, alt.Y("low:Q", axis=None, scale=scale), alt.Y2("high:Q")
    )  # fmt: skip
    line = alt.Chart(alt.InlineData(known)).mark_line(color=MARK, strokeWidth=1.8).encode(across, up)
    dots = alt.Chart(alt.InlineData(known)).mark_point(color=MARK, filled=True, size=14, opacity=1).encode(across, up)
    last = (
        alt.Chart(alt.InlineData(known[-1:])).mark_point(color=MARK, filled=True, size=46, opacity=1).encode(across, up)
    )
    layers = [*([area] if reach else []), line, dots, last]
    if found.target is not None:
        rule = alt.Chart(alt.InlineData([{"value": found.target}])).mark_rule(color=BREACH, strokeDash=[3, 3])
        layers.insert(0, rule.encode(up))
    return alt.layer(*layers).properties(width=150, height=38)


def _waiting(found: Waiting) -> Chart:
    firsts = [max(points[0][0], 1.0) / 2 for _, points in found.lines if points]
    nearest = min([_MINUTE / 2, *firsts])
    rows = [
        {"step": _short(name), "seconds": max(seconds, 1.0) if share < 1 else seconds, "share": share}
        for name, points in found.lines
        for seconds, share in ((nearest, 1.0), *points)
    ]
    ends = [
        {"step": _short(name), "seconds": max(points[-1][0], 1.0), "share": points[-1][1]}
        for name, points in found.lines
    ]
    furthest = max([each["seconds"] for each in ends if isinstance(each["seconds"], float)], default=float(_DAY))
    ticks = [each for each in _TICKS if nearest <= each <= furthest * 2]
    across = alt.X(
        "seconds:Q", title="after", scale=alt.Scale(type="log", nice=False, domain=[nearest, max(furthest * 1.3, _HOUR)]),
        axis=alt.Axis(values=ticks, labelExpr=_TICK_NAMES, grid=True),
    )  # fmt: skip
    up = alt.Y(
        "share:Q", title="still waiting", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=_QUARTERS)
    )  # fmt: skip
    names = [_short(name) for name, _ in found.lines]
    tone = alt.Color(
        "step:N", sort=names, title=None,
        scale=alt.Scale(domain=names, range=[MARK, "#c9702b", "#17693a", "#7a4b9a", "#8f8f8f"][: len(names)]),
        legend=alt.Legend(orient="top", symbolType="stroke"),
    )  # fmt: skip
    dash = alt.StrokeDash(
        "step:N", sort=names, legend=None,
        scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3]][: len(names)]),
    )  # fmt: skip
    lines = alt.Chart(alt.InlineData(rows)).mark_line(strokeWidth=2).encode(across, up, tone, dash)
    dots = alt.Chart(alt.InlineData(rows)).mark_point(filled=True, size=34, opacity=1).encode(across, up, tone)
    seen = dots.transform_filter("datum.share < 1")
    return alt.layer(lines, seen).properties(width=_WIDE, height=210)


def _bands(found: Bands) -> Chart:
    rows: list[Mapping[str, Any]] = [
        {"step": _short(name), "band": band, "place": place, "share": share}
        for name, shares in found.lines
        for place, (band, share) in enumerate(zip(found.names, shares, strict=True))
    ]
    names = [_short(name) for name, _ in found.lines]
    made: Chart = (
        alt.Chart(alt.InlineData(rows))
        .mark_bar(height=16, stroke="#ffffff", strokeWidth=1)
        .encode(
            alt.X(
                "share:Q", stack="zero", title=None, axis=alt.Axis(format="%", values=_QUARTERS),
                scale=alt.Scale(domain=[0, 1.0001], nice=False),
            ),
            alt.Y("step:N", sort=names, title=None, axis=alt.Axis(domain=False, ticks=False)),
            alt.Color(
                "band:N", sort=list(found.names), title=None, legend=alt.Legend(orient="top", columns=7),
                scale=alt.Scale(domain=list(found.names), range=list(_LADDER[: len(found.names)])),
            ),
            alt.Order("place:Q"),
        )
        .properties(width=_WIDE - 90, height=alt.Step(26))
    )  # fmt: skip
    return made


def _month(found: Month) -> Chart:
    rows: list[Mapping[str, Any]] = [{"day": day, "value": value} for day, value in found.days]
    top = max([found.target, found.expected, *(value for _, value in found.days)]) * (1 + _ROOM)
    across = alt.X(
        "day:Q", title="day of the month", scale=alt.Scale(domain=[0, found.length], nice=False),
        axis=alt.Axis(values=[1, *range(5, found.length + 1, 5)], grid=False),
    )  # fmt: skip
    up = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=5))
    steps = alt.Chart(alt.InlineData([{"day": 0, "value": 0}, *rows]))
    area = steps.mark_area(color=PALE, opacity=0.6, interpolate="step-after").encode(across, up)
    line = steps.mark_line(color=MARK, strokeWidth=2, interpolate="step-after").encode(across, up)
    plan: list[Mapping[str, Any]] = [
        {"day": 0, "value": 0}, {"day": found.today, "value": found.expected}, {"day": found.length, "value": found.target},
    ]  # fmt: skip
    expected = alt.Chart(alt.InlineData(plan)).mark_line(color=BREACH, strokeDash=[4, 3]).encode(across, up)
    actual = found.days[-1][1] if found.days else 0
    notes: list[Mapping[str, Any]] = [
        {"day": found.today, "value": found.expected, "said": f"expected {found.expected:,.0f}"},
        {"day": found.length, "value": found.target, "said": f"target {found.target:,.0f}"},
    ]
    marks = alt.Chart(alt.InlineData(notes))
    points = marks.mark_point(color=BREACH, filled=True, size=34, opacity=1).encode(across, up)
    said = marks.mark_text(align="right", dx=-7, dy=-7, color=BREACH).encode(across, up, alt.Text("said:N"))
    here = alt.Chart(alt.InlineData([{"day": found.today, "value": actual, "said": f"so far {actual:,.0f}"}]))
    low = actual <= found.expected
    dot = here.mark_point(color=MARK, filled=True, size=46, opacity=1).encode(across, up)
    text = here.mark_text(align="left", dx=8, dy=8 if low else -8, color=MARK, fontWeight="bold")
    return alt.layer(area, line, expected, points, dot, said, text.encode(across, up, alt.Text("said:N"))).properties(
        width=_WIDE, height=190
    )


def _bars(found: Bars) -> Chart:
    told_apart = bool(found.inner_name)
    rows = [
        row
        for name, whole, inner in found.bars
        for row in (
            {"name": _short(name), "part": found.inner_name or found.outer_name, "place": 0, "number": inner},
            {"name": _short(name), "part": found.outer_name, "place": 1, "number": whole - inner},
        )
    ]
    names = [_short(name) for name, _, _ in found.bars]
    most = max((whole for _, whole, _ in found.bars), default=1)
    ticks = list(range(0, most + 1, max(1, most // 5)))
    parts = [found.inner_name, found.outer_name] if told_apart else [found.outer_name]
    up = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(domain=False, ticks=False))
    bars = alt.Chart(alt.InlineData(rows)).mark_bar(height=15).encode(
        alt.X("number:Q", stack="zero", title="leads", axis=alt.Axis(values=ticks, format="d")),
        up,
        alt.Color(
            "part:N", sort=parts, title=None, legend=alt.Legend(orient="top") if told_apart else None,
            scale=alt.Scale(domain=parts, range=["#c9702b", MARK] if told_apart else [MARK]),
        ),
        alt.Order("place:Q"),
    )  # fmt: skip
    ends = [{"name": _short(name), "whole": whole} for name, whole, _ in found.bars]
    said = alt.Chart(alt.InlineData(ends)).mark_text(align="left", dx=4).encode(
        alt.X("whole:Q"), up, alt.Text("whole:Q", format=",d")
    )  # fmt: skip
    return alt.layer(bars, said).properties(width=_WIDE - 160, height=alt.Step(24))


def _cohorts(found: Cohorts) -> Chart:
    rows = [
        {
            "month": name,
            "share": share,
            "low": low,
            "high": high,
            "kind": "time is not over" if young else "time is over",
        }
        for name, share, low, high, young in found.months
    ]
    names = [str(row["month"]) for row in rows]
    across = alt.X("month:N", sort=names, title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
    up = alt.Y(
        "share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=_QUARTERS)
    )  # fmt: skip
    kinds = ["time is over", "time is not over"]
    bars = alt.Chart(alt.InlineData(rows)).mark_bar(width=46).encode(
        across, up,
        alt.Color("kind:N", sort=kinds, title=None, legend=alt.Legend(orient="top", symbolStrokeWidth=0),
                  scale=alt.Scale(domain=kinds, range=[MARK, HATCHED])),
    )  # fmt: skip
    known = [row for row in rows if row["low"] is not None]
    reach = alt.Chart(alt.InlineData(known)).mark_rule(color=INK, strokeWidth=1.4).encode(
        across, alt.Y("low:Q", scale=alt.Scale(domain=[0, 1])), alt.Y2("high:Q")
    )  # fmt: skip
    said = alt.Chart(alt.InlineData(rows)).mark_text(dy=-7, dx=16, fontWeight="bold").encode(
        across, up, alt.Text("share:Q", format=".0%")
    )  # fmt: skip
    return alt.layer(bars, reach, said).properties(width=max(140, 92 * len(rows)), height=170)


def _hours(found: Hours) -> Chart:
    rows = [{"day": _DAYS[day], "hour": hour, "number": number} for day, hour, number in found.counts]
    most = max([number for _, _, number in found.counts], default=1)
    made: Chart = (
        alt.Chart(alt.InlineData(rows))
        .mark_rect(color=MARK, stroke="#ffffff", strokeWidth=1)
        .encode(
            alt.X("hour:O", title="hour of the day", scale=alt.Scale(domain=list(range(24))), axis=alt.Axis(labelAngle=0)),
            alt.Y("day:O", title=None, scale=alt.Scale(domain=list(_DAYS)), axis=alt.Axis(domain=False, ticks=False)),
            alt.Opacity(
                "number:Q", title="leads", scale=alt.Scale(domain=[0, most], range=[0.08, 1]),
                legend=alt.Legend(tickCount=min(most, 4), format=",d"),
            ),
        )
        .properties(width=_WIDE - 90, height=alt.Step(20))
    )  # fmt: skip
    return made


def _short(name: str) -> str:
    """Return a foreign name as a picture has room for it."""
    text = " ".join(visible(name).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_DRAWERS: Mapping[type[Picture], Callable[[Any], Chart]] = {
    Weeks: _weeks,
    Waiting: _waiting,
    Bands: _bands,
    Month: _month,
    Bars: _bars,
    Cohorts: _cohorts,
    Hours: _hours,
}
