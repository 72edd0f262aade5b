"""A place of an agreement bears on the promises whose clock or measure rests on it, and on no others."""

from __future__ import annotations

import pytest

from sla_sync.diagnostics import KeyPath
from sla_sync.explain.at_stake import stakes
from tests.explain.stories import EXAMPLES, example

ENTRY = ["mql-volume", "mql-quality", "first-response", "verdict"]
CLOCKS = ["first-response", "verdict"]


@pytest.mark.parametrize(
    ("origin", "promises"),
    [
        (("commitments", "first-response", "within", "hot"), ["first-response"]),
        (("commitments", "verdict"), ["verdict"]),
        (("commitments",), CLOCKS),
        (("priorities", "hot"), ["first-response"]),
        (("sources", "demo_request"), ["first-response"]),
        (("scoring", "person", "threshold"), ENTRY),
        (("scoring", "person", "fit", "add", "seniority"), ENTRY),
        (("stages", "mql"), ENTRY),
        (("stages", "sal"), ["mql-quality", "verdict"]),
        (("stages", "disqualified", "reasons"), ["verdict"]),
        (("reasons", "recycle", "no_budget"), ["follow-up", "verdict"]),
        (("calendars", "office", "holidays"), CLOCKS),
        (("teams", "sdr"), CLOCKS),
        (("routing", "first_match", 0, "to"), CLOCKS),
        (("queues", "marketing_queue"), CLOCKS),
        (("terms", "touch"), ["first-response", "follow-up"]),
        (("roles", "sdr_manager"), CLOCKS),
        (("roles", "president"), []),
        (("stages", "opportunity"), []),
        (("reasons", "lost"), []),
        (("metadata",), []),
        ((), []),
    ],
)
def test_a_place_bears_on_what_rests_on_it(origin: KeyPath, promises: list[str]) -> None:
    assert [each.commitment for each in stakes(example("acme"), origin)] == promises


def test_a_promise_is_told_in_the_words_of_the_agreement_with_its_limits() -> None:
    told = {each.commitment: each.sentence for each in stakes(example("acme"), ("stages", "mql"))}
    assert told["mql-quality"] == "Sales accepts 70% of them."
    assert told["first-response"] == (
        "A rep touches every MQL in time: within 15 business minutes if it is hot and within two business hours if it is warm."
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_promise_of_an_example_bears_on_itself_and_is_told_in_one_sentence(name: str) -> None:
    agreement = example(name)
    for commitment, said in agreement.commitments.items():
        own = [each for each in stakes(agreement, ("commitments", commitment)) if each.commitment == commitment]
        assert [each.counted for each in own] == [said.kind == "produce"]
        assert own[0].sentence.endswith(".")
        assert not own[0].sentence.endswith("..")
        assert "\n" not in own[0].sentence
