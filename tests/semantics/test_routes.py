"""Who gets a lead: first match, owner first, turns with weights, skips, caps and overflow, leavers."""

from collections import Counter
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.document import Agreement
from sla_sync.semantics.history import Entered, Event
from sla_sync.semantics.routes import Desk, Member, Place, Turn, route, route_of_leaver
from tests.haste import examples
from tests.semantics.leads import NEW_YORK, agreement, at, facts, story

MQL = Entered(at("10-05 10:00"), "mql")
NOW = at("10-05 12:00")


def routing(**said: object) -> Agreement:
    return agreement(routing={"first_match": [{"to": "sdr", "how": "round robin", **said}], "otherwise": "pool"})


def desk(*members: Member | str, turns: tuple[Turn, ...] = (), when: datetime = NOW) -> Desk:
    named = [each if isinstance(each, Member) else Member(each) for each in members]
    return Desk(when, NEW_YORK, {"sdr": named}, turns)


def placed(under: Agreement, used: Desk, *events: Event) -> Place:
    return route(under, story(*events, under=under).lead(NOW), used)[0]


def in_turn(under: Agreement, used: Desk, count: int) -> str:
    """Return the first letters of those who get so many leads."""
    found = ""
    for _ in range(count):
        place, used = route(under, story(MQL, under=under).lead(NOW), used)
        found += (place.owner or place.queue or "?")[0]
    return found


def test_the_first_line_that_matches_counts_and_the_owner_of_the_account_comes_first() -> None:
    under, team = agreement(), desk("ana", "ben")
    assert placed(under, team, MQL, *facts(account_owner="kim")) == Place(0, owner="kim")
    assert placed(under, team, MQL) == Place(1, owner="ana", team="sdr")
    assert placed(under, team) == Place(None, queue="pool")


def test_a_line_may_lead_into_a_stage_with_its_reason() -> None:
    line = {"when": "employees < 5", "stage": "disqualified", "reason": "bad_fit"}
    under = agreement(routing={"first_match": [line], "otherwise": "pool"})
    assert placed(under, desk(), *facts(employees=3)) == Place(0, stage="disqualified", reason="bad_fit")
    assert placed(under, desk()) == Place(None, queue="pool")


def test_a_line_whose_owner_field_is_empty_is_passed_over() -> None:
    under = agreement(routing={"first_match": [{"to": "account_owner"}, {"to": "sdr"}], "otherwise": "pool"})
    assert placed(under, desk("ana")) == Place(1, team="sdr")


def test_without_a_way_of_taking_turns_the_team_as_a_whole_gets_the_lead() -> None:
    assert placed(routing(how=None), desk("ana")) == Place(0, team="sdr")
    assert placed(routing(), desk()) == Place(0, team="sdr")


def test_members_take_turns() -> None:
    assert in_turn(routing(), desk("ana", "ben", "cleo"), 7) == "abcabca"


def test_weights_give_more_turns_spread_evenly_and_none_at_zero() -> None:
    assert in_turn(routing(weights={"ana": 2}), desk("ana", "ben"), 6) == "abaaba"
    assert in_turn(routing(weights={"ana": 0}), desk("ana", "ben"), 3) == "bbb"


def test_who_is_away_for_an_agreed_reason_is_skipped_and_comes_next_when_back() -> None:
    under = routing(skip=["out_of_office"])
    away = Member("ana", frozenset({"out_of_office"}))
    assert in_turn(under, desk(away, "ben", "cleo"), 4) == "bcbc"
    assert in_turn(under, desk(Member("ana", frozenset({"at_lunch"})), "ben"), 2) == "ab"
    turns = (Turn("sdr", "ben", NOW), Turn("sdr", "cleo", NOW))
    assert in_turn(under, desk("ana", "ben", "cleo", turns=turns), 2) == "ab"


def test_the_least_loaded_member_is_next() -> None:
    team = desk(Member("ana", load=4), Member("ben", load=2), Member("cleo", load=2))
    assert placed(routing(how="least loaded"), team, MQL).owner == "ben"
    after_ben = desk(*team.members["sdr"], turns=(Turn("sdr", "ben", NOW),))
    assert placed(routing(how="least loaded"), after_ben, MQL).owner == "cleo"


def test_nobody_gets_more_than_the_cap_and_the_rest_overflows() -> None:
    assert in_turn(routing(cap="2 per member per day"), desk("ana", "ben"), 5) == "ababp"
    under = routing(cap="1 per member per day", overflow="iberia")
    full = desk("ana", turns=(Turn("sdr", "ana", at("10-05 00:01")),))
    yesterday = desk("ana", turns=(Turn("sdr", "ana", at("10-04 23:59")),))
    assert placed(under, full, MQL) == Place(0, team="iberia")
    assert placed(under, yesterday, MQL).owner == "ana"


def test_a_team_in_which_nobody_can_take_the_lead_passes_it_to_the_next_line() -> None:
    first = {"to": "sdr", "how": "round robin", "skip": ["out_of_office"]}
    under = agreement(routing={"first_match": [first, {"to": "iberia"}], "otherwise": "pool"})
    assert placed(under, desk(Member("ana", frozenset({"out_of_office"}))), MQL) == Place(1, team="iberia")


def test_the_leads_of_a_leaver_have_a_place_or_lines_of_their_own() -> None:
    def left(said: object, *events: Event) -> Place:
        under = agreement(routing={"first_match": [{"to": "iberia"}], "otherwise": "pool", "when_owner_leaves": said})
        return route_of_leaver(under, story(*events, under=under).lead(NOW), desk("ana"))[0]

    assert left("sdr") == Place(0, team="sdr")
    lines = [{"when": "country is ES", "to": "iberia"}, {"when": "country is US", "to": "sdr", "how": "round robin"}]
    assert left(lines, *facts(country="US")) == Place(1, owner="ana", team="sdr")
    assert left(lines) == Place(None, queue="pool")
    assert left(None) == Place(0, team="iberia")


def test_without_routing_a_lead_goes_nowhere() -> None:
    assert placed(agreement(routing=None), desk("ana")) == Place(None)


@settings(max_examples=examples(50), deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 4))
def test_after_whole_rounds_everybody_has_as_many_turns_as_the_weight_says(weights: list[int], rounds: int) -> None:
    names = [f"{chr(97 + number)}member" for number in range(len(weights))]
    under = routing(how="weighted", weights=dict(zip(names, weights, strict=True)))
    found = Counter(in_turn(under, desk(*names), rounds * sum(weights)))
    assert found == {name[0]: rounds * weight for name, weight in zip(names, weights, strict=True)}
