"""The rules that history answers: when each speaks, what it says, and when it is silent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.quantities import Rate
from sla_sync.attainment.shares import Share
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.feasibility.coverage import Ceiling
from sla_sync.feasibility.outlook import Backtest, Seen
from sla_sync.feasibility.presence import Answering, Presence
from sla_sync.feasibility.rates import SeenRate
from sla_sync.feasibility.rules import CHECKS, judged
from sla_sync.lint.load import load_of
from sla_sync.lint.remarks import Needs
from sla_sync.lint.rules import BY_CODE
from sla_sync.measures import figures
from sla_sync.measures.figures import Figure
from sla_sync.measures.load import Load
from sla_sync.measures.rejections import Bar, Rejections
from tests.feasibility.months import BASIS, graded, outlook, seen, stretch
from tests.lint.cases import TODAY, acme_with

OF_THE_MEETING = {"SLA705", "SLA708"}
"""Rules about what was done with a report, and not about whether a promise can be kept."""
NONE = Figure(None, figures.Unit.SHARE)


def found(code: str, told: Seen, agreement: Agreement | None = None) -> list[Diagnostic]:
    every = (each.diagnostic for each in judged(agreement or acme_with(), told, TODAY))
    return [each for each in every if each.code == code]


def test_every_rule_that_needs_history_is_checked_and_says_so() -> None:
    said = {rule.code for rule in BY_CODE.values() if Needs.HISTORY in {rule.needs, rule.besides}}
    assert said == set(CHECKS) | OF_THE_MEETING


@pytest.mark.parametrize(
    ("target", "severity"),
    [(105, None), (110, Severity.WARNING), (120, Severity.WARNING), (130, Severity.ERROR), (150, Severity.ERROR)],
)
def test_a_target_that_was_met_too_seldom_is_named(target: float, severity: Severity | None) -> None:
    # 105 in nine of twelve months, 110 in seven, 120 in four, 130 in two, 150 in none.
    told = seen(volumes=(outlook(acme_with(), target),))
    assert [each.severity for each in found("SLA612", told)] == ([severity] if severity else [])


def test_a_target_above_all_months_says_the_bound_and_what_to_commit_to() -> None:
    told = seen(volumes=(outlook(acme_with(), 150),))
    (seldom,), (above,) = found("SLA612", told), found("SLA613", told)
    assert "0 of 12 past months came to that. The true chance is at most 22% (95% sure)." in seldom.message
    assert seldom.hint.startswith("Commit to 110 and write the rest as `stretch`")
    assert "promises 150 a month, and the most that any of 12 months came to is 137" in above.message
    assert found("SLA613", seen(volumes=(outlook(acme_with(), 137),))) == []


@pytest.mark.parametrize(
    ("by", "severity"), [("5%", Severity.WARNING), ("10%", Severity.WARNING), ("20%", Severity.INFORMATION)]
)
def test_what_will_change_makes_an_impossible_target_a_hope_and_a_likely_one_a_note(
    by: str, severity: Severity
) -> None:
    text = (
        "commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 130 per month, "
        f"uplift: {{by: {by}, because: Two more events.}}}}}}"
    )
    agreement = acme_with(text)
    # Two of twelve months were 130; a fifth more makes eight of them 130: 109 becomes 130.8.
    assert [each.severity for each in found("SLA612", seen(volumes=(outlook(agreement, 130),)), agreement)] == [
        severity
    ]


@pytest.mark.parametrize(
    ("part", "whole", "speaks"),
    [(420, 800, True), (440, 800, True), (460, 800, False), (7, 15, False), (11, 20, False)],
)
def test_a_rate_is_named_where_it_is_off_by_a_quarter_and_not_by_chance(part: int, whole: int, *, speaks: bool) -> None:
    # 70% are typed: a third more than 52.5%, 27% more than 55%, 22% more than 57.5%. Fifteen are too few, and the 55% of 20
    # may be anything from 34% to 74%.
    rate = SeenRate("mql to sal", Rate(Decimal(70)), Share(part, whole), Duration(14, Unit.DAY), BASIS)
    here = found("SLA608", seen(rates=(rate,)))
    assert [each.path for each in here] == ([("goal", "plan", "rates", "mql to sal")] if speaks else [])


def test_grades_are_held_against_each_other_line_by_line() -> None:
    grades = {f"{letter}{number}": (50, 100) for letter in "ABCD" for number in "1234"}
    assert found("SLA262", seen(calibration=graded(**grades))) == []
    upside = found("SLA262", seen(calibration=graded(**{**grades, "B2": (80, 100)})))
    assert [each.message.split(".")[0] for each in upside] == [
        "In the history B2 went on more often (80 of 100) than B1 (50 of 100)",
        "In the history B2 went on more often (80 of 100) than A2 (50 of 100)",
    ]
    by_chance = {**grades, "B2": (55, 100)}
    assert found("SLA262", seen(calibration=graded(**by_chance))) == []
    few = {**grades, "B2": (9, 10)}
    assert found("SLA262", seen(calibration=graded(**few))) == []
    del few["D4"]
    (empty,) = found("SLA262", seen(calibration=graded(**few)))
    assert "no lead with the grade D4 qualified" in empty.message
    assert empty.severity is Severity.INFORMATION


@pytest.mark.parametrize(("monthly", "speaks"), [(88, False), (132, False), (87, True), (190, True)])
def test_a_model_that_gives_another_number_is_named(monthly: int, *, speaks: bool) -> None:
    agreement = acme_with()
    told = seen(volumes=(outlook(agreement, 110),), backtest=Backtest({"2026-01": monthly, "2026-02": monthly}))
    assert bool(found("SLA263", told)) is speaks


def bars(**counts: int) -> Rejections:
    told = tuple(Bar("recycled", name, count, NONE, 0, ()) for name, count in counts.items())
    return Rejections(told, {}, NONE, BASIS)


@pytest.mark.parametrize(("other", "speaks"), [(10, False), (11, True)])
def test_a_reason_that_is_given_too_often_is_named(other: int, *, speaks: bool) -> None:
    here = found("SLA505", seen(rejections=bars(other=other, no_budget=100 - other, missing=40)))
    assert [each.path for each in here] == ([("reasons", "recycle", "other", "at_most")] if speaks else [])


def test_of_too_few_exits_no_reason_is_too_many() -> None:
    assert found("SLA505", seen(rejections=bars(other=9, no_budget=9))) == []


def test_a_limit_on_the_wall_clock_has_a_ceiling() -> None:
    whole = Ceiling("first-response", "hot", Duration(4, Unit.HOUR), Share(57, 100), BASIS)
    (one,) = found("SLA405", seen(ceilings=(whole,)))
    assert "over for 43 of 100 leads before their team opened: at most 57% can be on time" in one.message
    reached = Ceiling("first-response", "", Duration(90, Unit.HOUR), Share(100, 100), BASIS)
    assert found("SLA405", seen(ceilings=(reached,))) == []


def presence(monthly: int, longer: float, promised: int = 90) -> Presence:
    agreement = acme_with()
    hours = load_of(agreement.teams["sdr"], Decimal(monthly))
    limit = Answering("first-response", "hot", 15, Rate(Decimal(promised)), Figure(longer, figures.Unit.SHARE, 300), 3)
    load = Load("sdr", {}, NONE, NONE, {}, BASIS)
    return Presence("sdr", load, 3.0, monthly, hours, None, 2, (limit,), None, None, None)


@pytest.mark.parametrize(("monthly", "severity"), [(220, None), (221, Severity.WARNING), (276, Severity.ERROR)])
def test_a_team_to_which_more_came_than_it_can_take_is_named(monthly: int, severity: Severity | None) -> None:
    # 220 leads of 48 minutes are 176 of 220 hours: four fifths.
    here = found("SLA614", seen(presences=(presence(monthly, 0.01),)))
    assert [each.severity for each in here] == ([severity] if severity else [])


def test_a_limit_that_those_who_are_there_cannot_keep_is_named_with_how_many_can() -> None:
    (one,) = found("SLA616", seen(presences=(presence(100, 0.157),)))
    assert "3.0 leads an open hour came to 'sdr', of which 2 present members can answer 84%" in one.message
    assert one.hint.startswith("Have 3 members there")
    assert one.path == ("commitments", "first-response", "within", "hot")
    assert found("SLA616", seen(presences=(presence(100, 0.1),))) == []


@pytest.mark.parametrize(("months", "cycles", "enough"), [(6, 100, True), (5, 900, False), (24, 99, False)])
def test_from_too_short_a_history_nothing_is_concluded(months: int, cycles: int, *, enough: bool) -> None:
    told = seen(
        stretch=stretch(months, cycles), presences=(presence(900, 0.9),), rejections=bars(other=50, no_budget=50)
    )
    every = {each.diagnostic.code for each in judged(acme_with(), told, TODAY)}
    assert every == ({"SLA505", "SLA614", "SLA616"} if enough else {"SLA617"})


def test_a_warning_of_history_can_be_accepted_and_an_error_cannot() -> None:
    said = "[{code: SLA613, because: We know., until: 2026-12-31, by: revops}, {code: SLA612, because: We know., by: revops}]"
    agreement = acme_with(f"accepted: {said}")
    told = seen(volumes=(outlook(agreement, 150),))
    (above,), (seldom,) = found("SLA613", told, agreement), found("SLA612", told, agreement)
    assert above.severity is Severity.INFORMATION
    assert above.message.endswith("Accepted until 2026-12-31: We know.")
    assert seldom.severity is Severity.ERROR
