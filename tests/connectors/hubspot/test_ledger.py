"""The manifest survives being cut into the options of a hidden property."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.connector import Address, Manifest, SlaSyncError
from sla_sync_hubspot.ledger import keeps, ledger_property, manifest_of, pieces
from sla_sync_hubspot.names import DESCRIPTION_LIMIT
from tests.haste import examples

TEXTS = st.text(max_size=40)
ADDRESSES = st.builds(Address, st.sampled_from(["Property", "Segment"]), st.text(min_size=1, max_size=20))
MANIFESTS = st.builds(
    Manifest,
    agreement_digest=TEXTS,
    applied=st.dictionaries(
        ADDRESSES, st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(), st.booleans())), max_size=30
    ),
    created=st.frozensets(ADDRESSES, max_size=5),
    handles=st.dictionaries(ADDRESSES, TEXTS, max_size=5),
    commit=st.none() | TEXTS,
)


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(MANIFESTS, st.randoms(use_true_random=False))
def test_a_manifest_is_read_back_whatever_the_order_of_the_options(manifest: Manifest, chance: object) -> None:
    found = ledger_property("acme-inbound", manifest)
    chance.shuffle(found["options"])  # type: ignore[attr-defined]
    assert manifest_of(found) == manifest
    assert keeps(found, manifest)


def test_a_long_manifest_is_cut_into_pieces_that_hubspot_keeps() -> None:
    texts = {f"k{number}": f"{number * 7919 % 1000003:x}" * 3 for number in range(2000)}
    options = pieces(Manifest("digest", {Address("Property", "contacts/x"): texts}))
    assert len(options) > 5
    assert all(len(each["description"]) <= DESCRIPTION_LIMIT for each in options)
    assert len({each["label"] for each in options}) == len({each["value"] for each in options}) == len(options)


@pytest.mark.parametrize("damage", ["lost", "edited", "emptied"])
def test_a_damaged_manifest_is_an_error_that_says_what_to_do(damage: str) -> None:
    found = ledger_property("acme-inbound", Manifest("digest", {}))
    if damage == "lost":
        found["options"] = []
    else:
        found["options"][0]["description"] = "not base64 €" if damage == "edited" else ""
    with pytest.raises(SlaSyncError, match="sla_sync_manifest_acme_inbound") as caught:
        manifest_of(found)
    assert caught.value.hint.startswith("Archive that property")
    assert not keeps(found, Manifest("digest", {}))


def test_the_property_of_the_manifest_is_hidden_from_people_and_forms() -> None:
    found = ledger_property("acme-inbound", Manifest("digest", {}))
    assert (found["hidden"], found["formField"]) == (True, False)
