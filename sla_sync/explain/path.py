"""The way of a lead as it is drawn and told: the stages from the start to a win, and those aside."""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import start_stages


def main_path(agreement: Agreement) -> Sequence[str]:
    """Return the stages from the start to the first win, by the longest way that goes forward in the order written."""
    starts = start_stages(agreement)
    if not starts:
        return ()
    order = list(agreement.stages)
    longest: dict[str, tuple[str, ...]] = {starts[0]: (starts[0],)}
    for name in order:
        if name not in longest:
            continue
        for following in agreement.stages[name].moves:
            later = following in agreement.stages and order.index(following) > order.index(name)
            way = (*longest[name], following)
            if later and not _aside(following, agreement) and len(way) > len(longest.get(following, ())):
                longest[following] = way
    won = [way for name, way in longest.items() if agreement.stages[name].end == "won"]
    return won[0] if won else max(longest.values(), key=len)


def _aside(name: str, agreement: Agreement) -> bool:
    """Return whether a stage lies beside the way: a lead enters it with a reason, or it ends there lost."""
    stage = agreement.stages[name]
    return stage.reasons is not None or stage.end == "lost"
