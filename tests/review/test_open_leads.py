"""What a change means for leads that are under way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla_sync.review.amendments import Matter
from sla_sync.review.open_leads import open_leads
from tests.agreement.documents import CONFIGS
from tests.review.made import amendment, between
from tests.review.revisions import acme, change, revision

KEEP = "Open leads keep the dates that were stamped; new assignments take the new limits."
CLOSED = "Results of what is closed stay as they are."
QUALIFIED = "Leads that have qualified keep their stage."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hot: 15 business minutes", "hot: 30 business minutes", (KEEP, CLOSED)),
        ("warn: at 50%", "warn: at 60%", (KEEP, CLOSED)),
        ("holidays: [2026-11-26, 2026-12-25]", "holidays: [2026-12-25]", (KEEP, CLOSED)),
        ("threshold: 100", "threshold: 90", (QUALIFIED,)),
        ("title: Acme", "title: The", ()),
    ],
)
def test_open_leads_keep_what_was_stamped(old: str, new: str, said: tuple[str, ...]) -> None:
    assert open_leads(change((old, new))) == said


def test_a_platform_on_which_workflows_wait_by_themselves_is_named() -> None:
    startup = CONFIGS / "examples" / "startup"
    changed = amendment(Matter.LOOSER_PROMISE, place=("commitments", "answer", "within"))
    for strategy, keeps in (("computed", True), ("custom_code", True), ("ticks", False), ("delay", False)):
        after = revision(folder=startup)
        bound = {name: each.model_copy(update={"deadlines": strategy}) for name, each in after.bindings.items()}
        said = open_leads(between(after, replace(after, bindings=bound), changed))
        assert (len([each for each in said if "On hubspot" in each]) == 0) is keeps


def test_what_follows_a_breach_may_change_for_open_leads() -> None:
    (said,) = open_leads(
        between(acme(), acme(), amendment(Matter.LOOSER_PROMISE, place=("commitments", "first-response", "on_breach")))
    )
    assert said.startswith("What follows a breach may change for open leads too")
