"""The backward plan as two drawings: the revenue as a waterfall, and the leads that it takes stage by stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from sla_sync.agreement.plan_arithmetic import BackwardPlan
from sla_sync.explain.names import capital, plural, words
from sla_sync.explain.page import Undrawn
from sla_sync.explain.spoken import money, number

if TYPE_CHECKING:
    import altair as alt

_WIDTH = 540
_ROW = 34
_FONT = "Inter, Segoe UI, Helvetica Neue, Arial, sans-serif"
_WHOLE, _OTHER, _OURS, _SOFT = "#8a94a3", "#c3cad3", "#1f5f8b", "#5a6472"
_MISSING = "There is no picture here, for altair and vl-convert-python are not installed."


def draw_revenue(plan: BackwardPlan, currency: str | None) -> str:
    """Return the way from the revenue to marketing's part as SVG. Raises Undrawn where the drawing tools are missing."""
    rows: list[tuple[str, Decimal, Decimal, str]] = [("Revenue of the plan", Decimal(0), plan.revenue, _WHOLE)]
    top = plan.revenue
    for name, amount in (
        ("Comes in anyway", plan.anyway),
        *((capital(words(name)), part) for name, _, part in plan.others),
    ):
        if amount:
            rows.append((name, top - amount, top, _OTHER))
            top -= amount
    rows.append((capital(words(plan.source)), Decimal(0), plan.required, _OURS))
    return _svg(
        [
            {
                "label": name,
                "low": float(low),
                "high": float(high),
                "colour": colour,
                "text": money(high - low, currency),
            }
            for name, low, high, colour in rows
        ]
    )


def draw_funnel(plan: BackwardPlan) -> str:
    """Return how many leads each stage needs as SVG. Raises Undrawn where the drawing tools are missing."""
    return _svg(
        [
            {
                "label": capital(plural(each.stage)),
                "low": 0.0,
                "high": float(each.count),
                "colour": _OURS if each.following is None else _WHOLE,
                "text": number(each.count) + (f" → {each.rate}" if each.rate else ""),
            }
            for each in reversed(plan.levels)
        ]
    )


def _svg(rows: Sequence[Mapping[str, str | float]]) -> str:
    try:
        import altair as alt  # noqa: F401 - whether it is there
        import vl_convert
    except ImportError:
        raise Undrawn(_MISSING) from None
    return str(vl_convert.vegalite_to_svg(_chart(rows).to_dict(), allowed_base_urls=[]))


def _chart(rows: Sequence[Mapping[str, str | float]]) -> alt.LayerChart:
    import altair as alt

    most = max(float(each["high"]) for each in rows)
    base = alt.Chart(alt.InlineData(values=[dict(each) for each in rows])).encode(
        y=alt.Y(
            "label:N",
            sort=None,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelPadding=10, labelLimit=160, minExtent=170),
        )
    )
    # Room on the right for the number beside the longest bar.
    across = alt.Scale(domain=[0, most * 1.34], nice=False)
    bars = base.mark_bar(height=_ROW * 0.62, cornerRadius=2).encode(
        x=alt.X("low:Q", scale=across, axis=None),
        x2="high:Q",
        color=alt.Color("colour:N", scale=None),
    )
    numbers = base.mark_text(align="left", dx=7, color="#1c2430").encode(x=alt.X("high:Q", scale=across), text="text:N")
    chart: alt.LayerChart = (
        alt.layer(bars, numbers)
        .properties(width=_WIDTH, height=_ROW * len(rows), background="transparent")
        .configure(font=_FONT)
        .configure_axis(labelFontSize=14, labelColor="#1c2430")
        .configure_text(fontSize=14)
        .configure_view(stroke=None)
    )
    return chart
