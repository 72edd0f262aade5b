"""The working week as numbers: its history is exported, and the on-time rate is that of the outcomes told one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import measure
from sla_sync.demo.week import CASES, COMMITMENT, END
from sla_sync.pipeline.export import Span, export
from sla_sync.pipeline.past import past_of
from sla_sync.places import Place
from sla_sync.render.export import export_as_text
from sla_sync.semantics.clocks import State

Say = Callable[[str], None]
WEEK_BEGINS = date(2026, 10, 1)
_JUDGED = (State.ON_TIME, State.LATE, State.OVERDUE)


def measure_week(place: Place, target: str, *, say: Say) -> bool:
    """Export the history of a target on which the week was played; return whether it is measured as it came out."""
    say(f"\n$ sla-sync export --target {target}")
    exported = export(place, target, Span(since=timedelta(days=30)), environ={}, say=lambda _: None)
    say(export_as_text(exported))
    past = past_of(place, target=target, as_of=END)
    period = Period(WEEK_BEGINS, END.date(), past.agreement.metadata.timezone)
    found = measure(past.engine, past.tables["legs"], past.agreements, period, past.as_of, files=past.files)
    figure = found.attainment.of(COMMITMENT)
    told = Counter(state for case in CASES for state in case.states)
    counted = (figure.on_time, figure.late, figure.overdue) if figure else (0, 0, 0)
    good = counted == tuple(told[each.value] for each in _JUDGED)
    mark, judged = ("✓" if good else "✗"), sum(counted)
    say(
        f"\n  {mark} {COMMITMENT}: {counted[0]} of {judged} assignments on time, {counted[1]} late, {counted[2]} overdue"
    )
    if not good:
        say(f"    These should have been: {', '.join(f'{told[each.value]} {each.value}' for each in _JUDGED)}.")
    return good
