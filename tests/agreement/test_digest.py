"""The digest changes with the meaning, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from tests.agreement.documents import SMALL, read


def digest(tmp_path: Path, text: str) -> str:
    return meaning_digest(read(tmp_path, text), ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: LeadSLA", "kind: LeadSLA   # a comment"),
        ("  mql: {accountable: vp_marketing, next: [sal]}", "  mql:\n    next: [sal]\n    accountable: vp_marketing"),
        ("14 days", "14  days"),
        ("14 days", "P14D"),
        ("end: won", "end: won, start: false"),
        ("70%", "70.0%"),
    ],
)
def test_spelling_does_not_change_the_digest(tmp_path: Path, old: str, new: str) -> None:
    changed = SMALL.replace(old, new)
    assert changed != SMALL
    assert digest(tmp_path, changed) == digest(tmp_path, SMALL)


@pytest.mark.parametrize(("old", "new"), [("70%", "71%"), ("14 days", "14 business days"), ("won", "lost")])
def test_meaning_changes_the_digest(tmp_path: Path, old: str, new: str) -> None:
    assert digest(tmp_path, SMALL.replace(old, new)) != digest(tmp_path, SMALL)


def test_the_order_of_priorities_is_part_of_the_meaning(tmp_path: Path) -> None:
    hot, warm = "{when: stage is mql}", "{when: source is known}"
    one = digest(tmp_path, SMALL + f"priorities: {{hot: {hot}, warm: {warm}}}\n")
    assert one != digest(tmp_path, SMALL + f"priorities: {{warm: {warm}, hot: {hot}}}\n")


def test_the_order_of_tracks_is_part_of_the_meaning(tmp_path: Path) -> None:
    letters, calls = "letters: email is known", "calls: phone is known"
    one, other = (
        digest(tmp_path, SMALL.replace("next: [sal]", f"next: [sal], tracks: {{{tracks}}}"))
        for tracks in (f"{letters}, {calls}", f"{calls}, {letters}")
    )
    assert one != other


def binding(**changed: object) -> BindingDocument:
    said: dict[str, object] = {
        "metadata": {"name": "b", "agreement": "small", "connector": "salesforce"},
        "stages": {"mql": {"Lead.Status": ["MQL"]}},
        "fields": {"email": "Lead.Email", "score": {"field": "Lead.Score__c", "writer": "hubspot"}},
    }
    return BindingDocument.model_validate({**said, **changed})


def test_a_binding_counts_as_far_as_it_gives_words_their_meaning(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL)
    signed = meaning_digest(agreement, [binding()])
    assert signed == meaning_digest(agreement, [binding(prefix="X_", queues={"q": "Q"})])
    assert signed != meaning_digest(agreement, [binding(stages={"mql": {"Lead.Status": ["Ready"]}})])
    assert signed != meaning_digest(agreement, [binding(exclude={"test": "Lead.Test__c"})])
    assert signed != meaning_digest(agreement, [binding(fields={"score": {"field": "Lead.Score__c", "writer": "us"}})])


def test_the_order_of_bindings_does_not_count(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL)
    other = binding(metadata={"name": "h", "agreement": "small", "connector": "hubspot"}, stages={})
    assert meaning_digest(agreement, [binding(), other]) == meaning_digest(agreement, [other, binding()])
