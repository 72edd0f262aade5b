"""What nobody could check says who vouches for it, for as long as that counts, and stays unchecked."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from sla_sync.agreement.attestations import Attestation
from sla_sync.reconcile.drift import Drift, Unverifiable
from sla_sync.reconcile.vouched import vouch

STEP = Unverifiable("manual step layout", "«Reason» on the page layouts", manual=True)
SAID = {
    "check": STEP.what, "statement": "It is there.", "by": "revops", "on": "2026-10-01", "until": "2026-11-30", "evidence": "R-1",
}  # fmt: skip


def said(**changes: object) -> Attestation:
    return Attestation.model_validate({**SAID, **changes})


def vouched(*attestations: Attestation, today: date = date(2026, 11, 4)) -> str:
    drift = vouch(Drift("org", (), 1, (STEP,)), attestations, today=today)
    assert not drift.in_sync
    return drift.unverifiable[0].vouched


@pytest.mark.parametrize(
    ("attestation", "sentence"),
    [
        (said(), "revops vouches for it until 2026-11-30"),
        (said(targets=["org", "other"]), "revops vouches for it until 2026-11-30"),
        (said(until="2026-11-03"), "revops vouched for it until 2026-11-03, and that day has passed"),
        (said(on="2026-11-05"), "revops vouched for it only from 2026-11-05 on"),
        (said(targets=["other"]), ""),
        (said(check="manual step other"), ""),
        (said(check="", point="direction"), ""),
    ],
)
def test_an_attestation_is_told_where_it_is_about_this_and_with_its_end(
    attestation: Attestation, sentence: str
) -> None:
    assert vouched(attestation) == sentence


def test_of_several_the_one_that_holds_counts() -> None:
    over, holds = said(until="2026-11-03", by="pat"), said(until="2026-11-05")
    assert vouched(over, holds) == vouched(holds, over) == "revops vouches for it until 2026-11-05"


@pytest.mark.parametrize("changes", [{"point": "direction"}, {"check": ""}])
def test_an_attestation_is_about_one_thing(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="one of them only"):
        said(**changes)
