"""Beside a platform that runs the clocks: HubSpot qualifies, stamps each cycle once, and starts over what starts over."""

from typing import Any

import pytest

from sla_sync.agreement.load import load_agreement
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from tests.connectors.hubspot.living import Life, live_with
from tests.connectors.hubspot.stories import CONFIGS, acme_binding, acme_resources


@pytest.fixture
def life() -> Life:
    agreement = load_agreement(CONFIGS / "acme" / "agreement.yaml", root=CONFIGS).value
    assert agreement is not None
    return live_with(Vocabulary(acme_resources(), acme_binding(), {"reps": ()}), agreement)


def known(**more: Any) -> dict[str, Any]:
    return {"source": "Demo Request", "country": "US", "score": "120", "engagement": "40", **more}


def status(life: Life, stage: str) -> str:
    return life.vocabulary.stage(stage).contact_values[0]


def test_a_contact_qualifies_by_its_score_and_is_stamped(life: Life) -> None:
    life.arrives(**known(score="99"))
    assert life.status() is None
    life.passes(hours=3)
    life.change(score="100")
    assert life.status() == status(life, "mql")
    assert life.at("qualified_at") == life.now
    assert life.failed() == []


def test_going_back_within_a_cycle_stamps_nothing_anew(life: Life) -> None:
    life.arrives(**known())
    stamped = life.at("qualified_at")
    life.passes(days=1)
    life.moves(status(life, "sal"))
    life.moves(status(life, "mql"))
    assert life.at("qualified_at") == stamped


def test_engagement_starts_over_off_the_path_and_only_then_leads_back(life: Life) -> None:
    life.arrives(**known())
    life.passes(days=1)
    life.moves(status(life, "recycled"), reason="no_budget")
    assert life.status() == status(life, "recycled")
    assert (life.shows("engagement"), life.shows("cooled")) == ("0", kept.YES)
    life.passes(days=1)
    life.change(engagement="5")
    assert life.status() == status(life, "mql")
    assert life.at("qualified_at") == life.now
    assert life.shows("cycle_state") == kept.OPEN


def test_no_clock_turn_or_touch_is_kept_here(life: Life) -> None:
    own = set(life.shop.portal.state["properties"]["0-1"])
    assert {life.name(each) for each in (kept.CYCLE_STATE, kept.COOLED)} <= own
    assert not {life.name(each) for each in (kept.DATES, kept.LEG, kept.TOUCH_BY, kept.CYCLE)} & own
