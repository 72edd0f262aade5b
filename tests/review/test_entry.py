"""Changes of who qualifies: whose duty it is, and what of several changes belongs together."""

from __future__ import annotations

from sla_sync.review.amendments import Matter, Row
from tests.review.revisions import change, only


def test_what_is_asked_of_entry_binds_those_who_deliver_and_is_owed_to_those_who_answer() -> None:
    amendment = only(change(("threshold: 100", "threshold: 90")))
    assert (amendment.bound, amendment.owed) == (frozenset({"marketing"}), frozenset({"sales"}))


def test_several_edits_of_one_model_keep_each_its_own_direction() -> None:
    found = change(("points: 35}", "points: 40}"), ("points: 20}", "points: 10}"), ("threshold: 100", "threshold: 110"))
    assert {each.sentence: each.matter for each in found.amendments} == {
        "Scoring «person»: «business_email» gives 35 → 40 points.": Matter.LOOSER_ENTRY,
        "Scoring «person»: «company_size» gives 20 → 10 points.": Matter.STRICTER_ENTRY,
        "Scoring «person»: the threshold 100 → 110 points.": Matter.STRICTER_ENTRY,
    }


def test_one_field_more_and_one_less_are_two_amendments() -> None:
    found = change(("needs: [need, authority, next_step]", "needs: [need, budget, next_step]"))
    assert [(each.sentence, len(each.edits)) for each in found.amendments] == [
        ("Stage «sql» no longer needs authority.", 1),
        ("Stage «sql» also needs budget.", 1),
    ]


def test_a_stage_that_is_gone_is_told_with_how_to_say_that_it_has_another_name() -> None:
    found = change(
        ("  won:          {means: Signed.", "  signed:       {means: Signed."),
        ("next: [won, lost]", "next: [signed, lost]"),
    )
    said = [each.sentence for each in found.amendments]
    assert "Stage «won» is gone; if it only has another name, say so under `moved`." in said
    assert "Stage «signed» is new." in said


def test_the_same_time_in_other_units_is_no_change() -> None:
    assert change(("max_age: 180 days", "max_age: 4320 hours")).same


def test_the_row_of_a_change_says_what_is_agreed_now_and_what_is_proposed() -> None:
    amendment = only(change(("needs: [need, authority, next_step]", "needs: [need, next_step]")))
    assert amendment.rows == (Row("Stage «sql» needs", "need, authority and next_step", "need and next_step"),)


def test_the_row_of_a_condition_says_it_in_plain_words() -> None:
    amendment = only(change(("score reaches threshold and engagement > 0", "score reaches threshold")))
    now, proposed = "the score reaches 100 points and engagement is above zero", "the score reaches 100 points"
    assert amendment.rows == (Row("Stage «mql»: leads enter", now, proposed),)
