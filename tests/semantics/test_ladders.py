"""The steps that follow a breach: when each is due, what spares it, and how often it is taken."""

from sla_sync.semantics.history import Assigned, Channel, Entered, Parted, Parting, Raised, Touched
from sla_sync.semantics.ladders import rungs
from sla_sync.semantics.story import Story
from tests.semantics.leads import at, commitment, story

# The limit is 10:17 on Monday 5 October.
GIVEN = (
    Raised(at("10-05 10:00"), "demo_request"),
    Entered(at("10-05 10:01"), "mql"),
    Assigned(at("10-05 10:02"), "ana", "sdr"),
)


def taken(told: Story, as_of: str, name: str = "response") -> list[tuple[int, str, str]]:
    return [
        (each.index, each.due.astimezone(at(as_of).tzinfo).strftime("%m-%d %H:%M"), str(each.taken))
        for each in rungs(told, name, at(as_of))
    ]


def test_steps_are_due_at_the_breach_and_so_long_after_it_in_the_hours_of_the_owner() -> None:
    assert taken(story(*GIVEN), "10-05 11:00") == [
        (0, "10-05 10:17", "taken"),
        (1, "10-05 11:17", "waiting"),
        (2, "10-06 10:17", "waiting"),
    ]


def test_at_the_limit_itself_nothing_follows_yet() -> None:
    assert [each[2] for each in taken(story(*GIVEN), "10-05 10:17")] == ["waiting", "waiting", "waiting"]


def test_a_touch_spares_what_was_due_later() -> None:
    told = story(*GIVEN, Touched(at("10-05 10:40"), "ana", Channel.CALL))
    assert [each[2] for each in taken(told, "10-08 09:00")] == ["taken", "spared", "spared"]
    on_time = story(*GIVEN, Touched(at("10-05 10:17"), "ana", Channel.CALL))
    assert [each[2] for each in taken(on_time, "10-08 09:00")] == ["spared", "spared", "spared"]


def test_the_ladder_follows_the_cycle_through_a_reassignment_until_somebody_touches() -> None:
    # Reassigned at 11:18, so ben's limit is 11:33; ana's last step is due on Tuesday at 10:17.
    given_on = (*GIVEN, Assigned(at("10-05 11:18"), "ben", "sdr"))
    untouched = taken(story(*given_on), "10-08 09:00")
    assert untouched[:3] == [(0, "10-05 10:17", "taken"), (1, "10-05 11:17", "taken"), (2, "10-06 10:17", "taken")]
    touched = story(*given_on, Touched(at("10-05 11:30"), "ben", Channel.CALL))
    assert [each[2] for each in taken(touched, "10-08 09:00")] == [
        "taken",
        "taken",
        "spared",
        "spared",
        "spared",
        "spared",
    ]


def test_a_lead_is_given_on_only_as_often_as_agreed_in_a_cycle() -> None:
    told = story(*GIVEN, Assigned(at("10-05 11:18"), "ben", "sdr"))
    assert [each for each in taken(told, "10-08 09:00") if each[0] == 1] == [
        (1, "10-05 11:17", "taken"),
        (1, "10-05 12:33", "used up"),
    ]


def test_whichever_turn_comes_to_the_step_first_uses_it_up() -> None:
    # Madrid closes at noon of New York, so that the step of the first turn is due the morning after that of the second.
    told = story(
        Raised(at("10-05 11:30"), "demo_request"),
        Entered(at("10-05 11:31"), "mql"),
        Assigned(at("10-05 11:40"), "inma", "iberia"),
        Assigned(at("10-05 12:00"), "ana", "sdr"),
    )
    assert [each for each in taken(told, "10-08 09:00") if each[0] == 1] == [
        (1, "10-06 03:55", "used up"),
        (1, "10-05 13:15", "taken"),
    ]


def test_a_lead_that_is_gone_spares_the_rest() -> None:
    closed = story(*GIVEN, Entered(at("10-05 10:30"), "disqualified", "bad_fit"))
    gone = story(*GIVEN, Parted(at("10-05 10:30"), Parting.DELETED))
    void = story(*GIVEN, Entered(at("10-05 10:10"), "disqualified", "bad_fit"))
    assert [each[2] for each in taken(closed, "10-08 09:00")] == ["taken", "spared", "spared"]
    assert [each[2] for each in taken(gone, "10-08 09:00")] == ["taken", "spared", "spared"]
    assert [each[2] for each in taken(void, "10-08 09:00")] == ["spared", "spared", "spared"]


def test_a_step_may_wait_from_the_start_and_belongs_to_its_run() -> None:
    under = commitment(
        clock={"starts": "assigned", "stops": "touch", "runs_in": "office", "restarts": "reassigned"},
        within="1 business hour",
        on_breach=[{"at": "3 business hours", "return_to_queue": "pool"}, {"after": "undecided", "notify": ["owner"]}],
    )
    assert taken(story(*GIVEN, under=under), "10-05 14:00", "promise") == [(0, "10-05 13:02", "taken")]
    handed_on = story(*GIVEN, Assigned(at("10-05 12:00"), "ben", "sdr"), under=under)
    assert taken(handed_on, "10-05 14:00", "promise") == [(0, "10-05 13:02", "spared"), (0, "10-05 15:00", "waiting")]
