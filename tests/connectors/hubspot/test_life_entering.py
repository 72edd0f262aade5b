"""Contacts enter stages by themselves: set off by news, along the agreed ways, and not too soon again."""

from datetime import timedelta
from typing import Any

import pytest

from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.living import Life, in_words, live
from tests.connectors.hubspot.stories import acme


@pytest.fixture
def life() -> Life:
    return live()


def test_who_asks_becomes_qualified_without_anybodys_doing(life: Life) -> None:
    life.arrives(source="Demo")
    assert life.status() == "OPEN"
    assert life.failed() == []


def test_who_only_reads_the_letter_stays_at_the_start(life: Life) -> None:
    life.arrives(source="Newsletter")
    assert life.status() is None
    assert life.shows("raised") == kept.YES
    life.passes(days=1)
    life.change(source="Demo")
    assert life.status() == "OPEN"
    assert life.at("raised_at") == life.at("qualified_at") == life.now


def test_what_a_stage_needs_keeps_a_contact_out_until_it_is_known(life: Life) -> None:
    life.arrives(source="Demo", company="")
    assert life.status() is None
    life.change(company="Buyer")
    assert life.status() == "OPEN"


def test_who_is_excluded_enters_nothing(life: Life) -> None:
    life.arrives(source="Demo", test="true")
    life.moves("OPEN")
    assert life.shows("cycle") is None


def test_somebody_who_left_the_path_does_not_come_back_by_what_held_before(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("BAD_TIMING", reason="no_budget")
    assert life.status() == "BAD_TIMING"
    life.change(company="Buyer Limited")
    assert life.status() == "BAD_TIMING"
    assert life.shows("cycle") == "1"


def test_a_customer_of_last_year_who_asks_again_begins_a_second_cycle(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("BAD_TIMING", reason="no_budget")
    life.passes(days=40)
    life.change(source="Referral")
    assert life.status() == "OPEN"
    assert (life.shows("cycle"), life.shows("cycle_source")) == ("2", "Referral")
    assert life.at("qualified_at") == life.at("raised_at") == life.now


def test_the_way_back_has_a_condition_of_its_own(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("UNQUALIFIED", reason="not_real")
    life.change(source="Referral")
    assert life.status() == "UNQUALIFIED"
    life.change(source="Demo")
    assert life.status() == "OPEN"


def test_whoever_moves_a_contact_back_by_hand_is_not_overruled_at_once(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("NEW")
    assert life.status() == "NEW"


def _again_after(document: dict[str, Any]) -> None:
    document["stages"]["mql"]["again_after"] = "30 days"


def test_a_stage_is_not_entered_again_before_its_time() -> None:
    life = live(bend=_again_after)
    life.arrives(source="Demo")
    life.moves("BAD_TIMING", reason="no_budget")
    life.passes(days=20)
    life.change(source="Referral")
    assert life.status() == "BAD_TIMING"
    life.passes(days=11)
    life.change(source="Demo")
    assert life.status() == "OPEN"


def test_nobody_enters_before_the_agreement_is_in_force_nor_after() -> None:
    life = live(clock=live().now - timedelta(days=10))
    life.arrives(source="Demo")
    assert life.status() is None
    life.passes(days=9)
    life.change(company="Buyer Limited")
    assert life.status() == "OPEN"
    life.passes(days=100)
    life.arrives(source="Demo")
    assert life.status() is None


def test_nothing_is_left_to_a_person_that_a_workflow_does(life: Life) -> None:
    gaps = {each.id for each in in_words(life.vocabulary).gaps}
    assert not any(each.startswith(("enter-", "cycle-")) for each in gaps)
    assert "again-later" in gaps


def _enters(text: str) -> Any:
    def bend(document: dict[str, Any]) -> None:
        document["stages"]["mql"]["enter_when"] = text

    return bend


def test_a_condition_that_no_filter_can_say_is_a_step_for_people() -> None:
    life = live(bend=_enters("did visit pricing_page"))
    gaps = [each for each in in_words(life.vocabulary).gaps if each.id.startswith("enter-")]
    assert len(gaps) == 3
    assert all("asks for the history of a contact" in each.advice for each in gaps)


def test_beside_salesforce_a_contact_that_cools_off_the_path_may_enter_by_its_score_again() -> None:
    names = [each.address.key.rpartition(" | ")[2] for each in acme().desired if each.address.type == "Workflow"]
    assert names == [
        "Enter MQL from Inquiry", "Enter MQL from Recycled", "Cool MQL from Recycled", "Close cycle", "Open cycle",
        "Start over in Recycled",
    ]  # fmt: skip
