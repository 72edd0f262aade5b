"""A mistake of a connector's authors is told by name where it arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from sla_sync import registry
from sla_sync.connector import Address, Desired, Reader, Snapshot, Translation, Writer
from sla_sync.errors import ConnectorError
from sla_sync.pipeline.handed_over import whole_conversation, whole_snapshot, whole_translation

HUBSPOT = registry.load_connector("hubspot")
LISTED_WRONGLY = replace(HUBSPOT, types={key.lower(): each for key, each in HUBSPOT.types.items()})
SOUND = Translation((Desired(Address("Property", "contacts/sla_due_at"), {}),), (), "acme")
STRANGE = replace(SOUND, desired=(Desired(Address("Stag", "MQL"), {}),))


@dataclass(frozen=True)
class Half:
    """A reader, and a writer, of whom somebody forgot a part."""

    manifest: None = None

    def check(self) -> None:
        """Examine nothing."""

    def rehearse(self) -> None:
        """Rehearse nothing."""


def test_what_fits_the_contract_is_handed_on_as_it_is() -> None:
    snapshot = Snapshot({})
    assert whole_translation(SOUND, HUBSPOT) is SOUND
    assert whole_snapshot(snapshot, HUBSPOT) is snapshot


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "The function translate of connector 'hubspot' returns nothing, where a Translation is expected."),
        (((), ()), "returns a value of the type tuple, where a Translation is expected."),
        (STRANGE, "translates to Stag/MQL, and its types know no 'Stag': "),
    ],
)
def test_what_is_no_translation_into_its_types_is_refused(found: Any, said: str) -> None:
    with pytest.raises(ConnectorError) as raised:
        whole_translation(found, HUBSPOT)
    assert said in raised.value.message
    assert "sla_sync.testing" in raised.value.hint


def test_what_is_no_snapshot_is_refused() -> None:
    read: Any = {}
    with pytest.raises(
        ConnectorError, match="read of the reader of connector 'hubspot' returns a value of the type dict"
    ):
        whole_snapshot(read, HUBSPOT)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            Reader,
            "The reader of connector 'hubspot' has no method read and no manifest and no audit_trail and no examine",
        ),
        (Writer, "The writer of connector 'hubspot' has no method apply."),
    ],
)
def test_a_conversation_that_lacks_a_method_is_refused_with_its_name(part: type, said: str) -> None:
    with pytest.raises(ConnectorError) as raised:
        whole_conversation(Half(), part, HUBSPOT)
    assert raised.value.message.startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("odd", "sla_sync_hubspot:connector", "it calls itself 'hubspot'"),
        ("hubspot", f"{__name__}:LISTED_WRONGLY", "its type '[a-z]+' calls itself '[A-Z]"),
    ],
)
def test_what_is_registered_under_a_name_bears_that_name(name: str, value: str, said: str) -> None:
    with pytest.raises(ConnectorError, match=f"goes by two names: {said}") as raised:
        registry.checked(name, EntryPoint(name, value, registry.GROUP))
    assert raised.value.hint
