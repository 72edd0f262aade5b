"""Rules of routes, divisions and reasons beyond what the broken files show."""

from __future__ import annotations

import pytest

from sla_sync.diagnostics import Severity
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, places, small

CODES = [f"SLA5{number:02d}" for number in range(1, 16)]
GATE = (
    "stages: {mql: {means: Ready., accountable: vp_marketing, enter_when: employees >= 200, next: [sal, recycled]}}\n"
)


def routes(*lines: str, otherwise: str = "marketing_queue") -> str:
    return f"routing: {{first_match: [{', '.join(f'{{{line}}}' for line in lines)}], otherwise: {otherwise}}}"


@pytest.mark.parametrize("code", CODES)
def test_the_example_keeps_every_rule_of_routes_and_reasons(code: str) -> None:
    assert found(code, acme(), acme_bound()) == []


def test_without_routing_that_is_said_as_information() -> None:
    (one,) = found("SLA501", small())
    assert one.severity is Severity.INFORMATION
    assert found("SLA509", small()) == []


@pytest.mark.parametrize(
    ("lines", "unreached"),
    [
        (("when: stage is mql and country is DE, to: sdr", "when: stage is mql, to: sdr"), []),
        (("when: stage is mql, to: sdr", "when: stage is mql and country is DE, to: sdr"), ["1"]),
        (("to: sdr", "when: stage is mql, to: sdr"), ["1"]),
        (("when: stage is mql and stage is sal, to: sdr", "when: stage is mql, to: sdr"), ["0"]),
        # Neither of the two takes them all, both together do.
        (
            (
                "when: employees >= 100, to: sdr",
                "when: not employees > 100, to: sdr",
                "when: employees = 100 or country is DE, to: sdr",
            ),
            ["2"],
        ),
        # A full team hands on what it cannot take, and an owner takes leads only where there is one.
        (("when: stage is mql, to: sdr, cap: 20 per member per day", "when: stage is mql, to: sdr"), []),
        (("when: stage is mql, to: sdr, skip: [out_of_office]", "when: stage is mql, to: sdr"), []),
        (
            (
                "when: stage is mql, to: sdr, skip: [out_of_office], overflow: marketing_queue",
                "when: stage is mql, to: sdr",
            ),
            ["1"],
        ),
        (("when: stage is mql, to: account_owner", "when: stage is mql, to: sdr"), []),
        (("when: stage is mql, to: account_owner", "when: stage is mql and account_owner is known, to: sdr"), ["1"]),
    ],
)
def test_a_route_that_others_leave_nothing_is_named(lines: tuple[str, ...], unreached: list[str]) -> None:
    assert places("SLA502", acme_with(routes(*lines))) == unreached


def test_who_takes_the_leads_of_a_route_is_named() -> None:
    lines = ("when: country is FR, to: sdr", "when: country is known, to: sdr", "when: country is DE, to: sdr")
    (one,) = found("SLA502", acme_with(routes(*lines)))
    assert one.message == "No lead comes to route 3: route 2 takes them all."


def test_a_part_of_a_division_that_is_never_first_is_named() -> None:
    size = "segments: {size: {any: employees > 0, large: employees >= 200, none: not employees > 0}}"
    (one,) = found("SLA502", acme_with(size))
    assert one.path == ("segments", "size", "large")
    assert one.message == "No lead comes to part of 'size' 'large': part of 'size' 'any' takes them all."


@pytest.mark.parametrize(
    ("line", "otherwise", "lead"),
    [
        ("when: stage is mql, to: sdr", "marketing_queue", None),
        ("when: employees >= 200, to: sdr", "marketing_queue", None),
        ("when: employees >= 100, to: sdr", "marketing_queue", "a lead with employees 100 and stage inquiry"),
        ("when: source is webinar, to: sdr", "marketing_queue", None),
        ("when: source is not webinar, to: sdr", "marketing_queue", "stage inquiry"),
        ("to: marketing_queue", "sdr", None),
        ("when: stage is mql, to: account_owner", "sdr", "stage inquiry"),
        ("when: country is DE, to: account_owner", "marketing_queue", "country DE"),
    ],
)
def test_sales_is_given_leads_that_passed_the_gate(line: str, otherwise: str, lead: str | None) -> None:
    messages = [each.message for each in found("SLA508", acme_with(GATE + routes(line, otherwise=otherwise)))]
    assert len(messages) == (lead is not None)
    assert all(str(lead) in each for each in messages)


def test_what_an_earlier_route_takes_does_not_count_against_a_later_one() -> None:
    waiting = "when: not employees >= 200 and stage is inquiry, to: marketing_queue"
    assert found("SLA508", acme_with(GATE + routes(waiting, "when: country is DE, to: sdr"))) == []


def test_a_condition_of_a_move_is_a_gate_too() -> None:
    inquiry = "stages: {inquiry: {means: Known., accountable: vp_marketing, next: [{mql: country is DE}]}}\n"
    line = routes("when: country is DE, to: sdr")
    assert found("SLA508", acme_with(line)) != []
    assert found("SLA508", acme_with(inquiry + line)) == []


@pytest.mark.parametrize(
    ("parts", "found_parts"),
    [
        ("{large: employees >= 200, small: not employees >= 200}", []),
        ("{large: employees >= 200, some: employees >= 10, none: not employees >= 10}", []),
        ("{large: employees >= 200, rest: employees < 200 or employees is unknown}", []),
        ("{large: employees >= 200, small: employees < 200}", ["size"]),
        ("{large: employees >= 200, small: employees <= 199 or employees is unknown}", []),
        ("{de: country is DE, large: employees >= 200, rest: not employees >= 200}", ["large", "rest"]),
    ],
)
def test_divisions_overlap_or_leave_gaps_only_where_a_lead_shows_it(parts: str, found_parts: list[str]) -> None:
    assert places("SLA513", acme_with(f"segments: {{size: {parts}}}")) == found_parts


def test_an_overlap_of_a_division_is_shown_with_its_lead() -> None:
    parts = "{de: country is DE, large: employees >= 200, rest: not employees >= 200}"
    first = found("SLA513", acme_with(f"segments: {{size: {parts}}}"))[0]
    assert first.message == (
        "'de' and 'large' of division 'size' overlap: a lead with country DE and employees 200 is in both, and counts as "
        "'de'."
    )


def test_a_source_that_passes_the_gate_without_a_priority_is_shown() -> None:
    (one,) = found("SLA515", acme_with(routes("when: source is webinar, to: sdr")))
    assert "source webinar" in one.message
    assert found("SLA515", acme_with(routes("when: source is demo_request, to: sdr"))) == []
    assert found("SLA515", acme_with(routes("when: source is webinar and stage is mql, to: sdr"))) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("to: sdr, how: round robin, skip: [out_of_office, at_capacity]", ""),
        ("to: sdr, how: weighted, skip: [out_of_office], cap: 20 per member per day", ""),
        ("to: sdr, how: round robin, skip: [out_of_office]", "who have no time left"),
        ("to: sdr, how: round robin, skip: [at_capacity]", "who are out of office"),
        ("to: sdr, how: least loaded", "who are out of office or have no time left"),
        ("to: sdr", ""),
    ],
)
def test_turns_regard_who_is_there_and_has_time(line: str, said: str) -> None:
    messages = [each.message for each in found("SLA510", acme_with(routes(line)))]
    assert len(messages) == bool(said)
    assert all(said in each for each in messages)


def test_categories_are_counted_in_the_place_of_reasons() -> None:
    many = {f"r{number}": {"category": "fit" if number % 2 else "time"} for number in range(20)}
    plain: dict[str, object] = {name: {} for name in many}
    assert found("SLA504", small(reasons={"recycle": many})) == []
    assert places("SLA504", small(reasons={"recycle": plain})) == ["recycle"]


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ({"next": ["mql"]}, True),
        ({"next": ["mql"], "again_after": "90 days"}, False),
        ({"next": ["mql"], "again_after": "90 days", "resets": "engagement"}, True),
        ({"next": [{"mql": "source is demo_request"}]}, False),
        ({"next": ["mql"], "end": "lost"}, False),
    ],
)
def test_a_reason_says_when_to_come_back_where_somebody_has_to_ask(stage: dict[str, object], missing: bool) -> None:
    stages = {
        "mql": {"accountable": "vp_marketing", "start": True, "next": ["sal", "later"]},
        "sal": {"accountable": "vp_sales", "end": "won"},
        "later": {"accountable": "vp_marketing", "reasons": "later", **stage},
    }
    agreement = small(stages=stages, reasons={"later": {"other": {"note": "required"}}})
    assert bool(found("SLA506", agreement)) is missing


def test_feedback_that_is_left_out_is_information_and_a_list_left_out_of_it_a_warning() -> None:
    data = acme()
    nobody = data.model_copy(update={"feedback": {}})
    some = data.model_copy(update={"feedback": {"recycle": ("vp_marketing",)}})
    assert {each.severity for each in found("SLA511", nobody)} == {Severity.INFORMATION}
    assert [each.severity for each in found("SLA511", some)] == [Severity.WARNING] * 2
