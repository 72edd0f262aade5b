"""Every measure of the language over many leads at once is what the model finds lead by lead."""

import random
from datetime import date
from decimal import Decimal

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.measures.counted import counts, told
from sla_sync.measures.excuses import EXCUSED as LEFT_OUT
from sla_sync.measures.owed import Days
from sla_sync.semantics.history import history_of
from sla_sync.semantics.measures import Span, tally
from sla_sync.semantics.story import story_of
from tests.measures.lived import life, past_of_lives
from tests.semantics.leads import agreement, at

MEASURES = {
    "everybody": "count of mql",
    "first": "count of first mql",
    "by_source": "count of mql where source is demo_request",
    "by_size": "count of first mql where employees >= 200",
    "inquiries": "count of inquiry",
    "accounts": "count of mql once per account in 10 days",
    "accounts_in_business_days": "count of first mql once per account in 5 business days",
    "accepted": "mql to sal within 5 days",
    "accepted_in_business_days": "mql to sal within 3 business days where source is webinar",
    "won": "mql to won within 30 days",
    "to_mql": "inquiry to mql within 1 day",
    "sold": "sum of amount of won",
    "touches": "count of touches",
    "calls": "count of calls",
    "replies": "count of replies",
    "booked": "count of meeting booked",
    "raises": "count of raised where source is webinar",
    "verdicts": "count of verdict",
    "acceptances": "count of accepted",
    "left": "count of leaves mql",
    "entered": "count of enters sal",
    "qualified": "count of qualified",
    "tried": "touches >= 2 and channels >= 2 before no_response",
    "tried_in_time": "calls >= 1 before no_response within 2 business days",
    "called": "touches >= 1 within 4 business hours of qualified",
    "reachable": "complete reachable at mql",
}
OCTOBER = Period(date(2026, 10, 5), date(2026, 11, 8), "America/New_York")


EXCUSED = {
    "response": {
        "by": "vp_sales",
        "clock": {"starts": "assigned", "stops": "touch", "restarts": "reassigned"},
        "within": "15 business minutes",
    },
    "excused": {
        "by": "vp_marketing",
        "measure": "mql to sal within 5 days",
        "excused_if": "response is late or overdue",
    },
}
AS_OF = at("11-06 12:00")
"""Before the end of the period, so that the time of some is not over."""


@pytest.mark.slow
def test_every_measure_is_what_the_model_finds_lead_by_lead() -> None:
    dice = random.Random(11)
    under = agreement(
        groups={"reachable": ["account", "employees >= 200"]},
        commitments={**{name: {"by": "vp_sales", "measure": each} for name, each in MEASURES.items()}, **EXCUSED},
    )
    lives = {f"L{number}": tuple(life(dice)) for number in range(150)}
    past = past_of_lives(under, lives, AS_OF)
    stories = [story_of(under, history_of(*each)) for each in lives.values()]
    span = Span(OCTOBER.since, OCTOBER.until, AS_OF)
    found: dict[str, object] = {}
    wanted: dict[str, object] = {}
    for name in (*MEASURES, "excused"):
        model = tally(under, name, stories, span)
        assert model is not None
        rows = counts(past, name, OCTOBER)
        assert not isinstance(rows, str), (name, rows)
        here = told(rows, Days(OCTOBER.first, OCTOBER.last))
        amount = Decimal(str(round(here.amount, 6)))
        wanted[name] = (model.kept.normalize(), model.of, model.waiting, model.unusable)
        assert here.left_out.get(LEFT_OUT, 0) == model.excused
        found[name] = (
            (Decimal(here.kept), here.judged, here.waiting, 0)
            if model.of is not None
            else (amount.normalize(), None, here.waiting, sum(here.unusable.values()))
        )
    assert found == wanted
