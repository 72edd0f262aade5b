"""What a condition means for what is known and what is unknown."""

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import parse_expression
from sla_sync.semantics.expressions import holds
from sla_sync.semantics.history import Assigned, Deed, Entered, Event, Raised
from tests.semantics.leads import agreement, at, facts, story

NOW = at("10-31 12:00")


def true_of(text: str, *events: Event, under: Agreement | None = None) -> bool:
    return holds(parse_expression(text), story(*events, under=under).lead(NOW))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country is ES", True),
        ("country is DE or ES", True),
        ("country is es", False),
        ("country is not ES", False),
        ("country is known and not country is DE", True),
        ("employees is 250", True),
        ("employees is 250.0", True),
        ("employees is many", False),
        ("employees != 250", False),
        ("employees > 249.5", True),
        ("employees >= 250 and employees <= 250", True),
        ("employees < 250", False),
        ("employees contains 25", False),
        ("email ends with @acme.example", True),
        ("email ends with @ACME.example", False),
        ("email starts with ana", True),
        ("email contains acme and email > 3", False),
        ("do_not_contact is no", True),
        ("do_not_contact is yes or true", False),
        ("country is in tier_1", False),
        ("country is not in tier_1", True),
        ("territory is iberia and size is small", True),
        ("segment is small", True),
        ("segment is enterprise or north", False),
        ("(country is DE) or (employees >= 200)", True),
    ],
)
def test_a_condition_asks_what_is_known(text: str, expected: bool) -> None:
    known = facts(country="ES", employees=250, email="ana@acme.example", do_not_contact=False)
    assert true_of(text, *known) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country is DE", False),
        ("country is not DE", True),
        ("not country is DE", True),
        ("country is unknown", True),
        ("country is known", False),
        ("country is in tier_1", False),
        ("country is not in tier_1", True),
        ("employees = 5", False),
        ("employees != 5", False),
        ("not employees = 5", True),
        ("employees < 5", False),
        ("email contains @", False),
        ("do_not_contact is no", False),
        ("priority is unknown and size is unknown and segment is unknown", True),
        ("score reaches threshold", False),
        ("did not visit pricing_page", True),
    ],
)
def test_of_what_is_unknown_only_that_holds_and_what_is_negated(text: str, expected: bool) -> None:
    assert true_of(text, Raised(at("10-01 09:00"))) is expected


def test_at_least_so_many_members_of_a_group_hold_and_a_bare_word_is_a_known_field() -> None:
    assert true_of("at least 2 of reachable", *facts(email="a@b.example", employees=200))
    assert not true_of("at least 2 of reachable", *facts(email="a@b.example", employees=199))
    assert true_of("at least 2 of reachable", *facts(email="a@b.example", phone="1"))


def test_a_group_that_asks_for_itself_does_not_hold() -> None:
    circular = agreement(groups={"ring": ["at least 1 of ring"]})
    assert not true_of("at least 1 of ring", under=circular)


def test_a_segment_that_asks_for_itself_is_unknown_inside_itself() -> None:
    circular = agreement(segments={"ring": {"inner": "ring is known", "outer": "ring is unknown"}})
    assert true_of("ring is outer", under=circular)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("did visit pricing_page", True),
        ("did visit pricing_page 3 times", True),
        ("did visit pricing_page 4 times", False),
        # Visits on 10-10, 10-24 12:00 and 10-30; it is 10-31 12:00, and a week ago to the second still counts.
        ("did visit pricing_page 2 times in last 7 days", True),
        ("did visit pricing_page 2 times in last 6 days", False),
        ("did not visit pricing_page in last 12 hours", True),
        # From Friday 10-30 15:00 to the close at 17:00 are 2 open hours; Saturday has none.
        ("did visit pricing_page in last 2 business hours", True),
        ("did visit pricing_page in last 1 business hour", False),
        ("did visit pricing_page 3 times in last 1 month", True),
        ("did attend webinar", False),
    ],
)
def test_deeds_are_counted_in_the_time_before_now(text: str, expected: bool) -> None:
    visits = (Deed(at(f"10-{when}"), "visit", "pricing_page") for when in ("10 08:00", "24 12:00", "30 15:00"))
    assert true_of(text, *visits) is expected


def test_stage_owner_team_source_and_cycle_are_those_at_that_instant() -> None:
    told = (
        Raised(at("10-05 09:00"), "demo_request"),
        Entered(at("10-05 09:01"), "mql"),
        Assigned(at("10-05 09:02"), "ana", "sdr"),
    )
    assert true_of("stage is mql and owner is ana and team is sdr and source is demo_request and cycle = 1", *told)
    before = story(*told).lead(at("10-05 09:00"))
    assert holds(parse_expression("stage is inquiry and owner is unknown and priority is hot"), before)


def test_the_first_priority_that_matches_counts() -> None:
    asked = (Raised(at("10-05 09:00"), "demo_request"), Entered(at("10-05 09:01"), "mql"))
    scored = (Raised(at("10-05 09:00"), "webinar"), Entered(at("10-05 09:01"), "mql"))
    assert true_of("priority is hot", *asked)
    assert true_of("priority is warm", *scored)
    assert true_of("priority is unknown", Raised(at("10-05 09:00"), "webinar"))
