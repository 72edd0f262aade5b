"""Connectors are found by entry point and checked before they are used."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from sla_sync import registry
from sla_sync.errors import ConnectorError


def test_both_connectors_are_found_by_name() -> None:
    assert {"salesforce", "hubspot"} <= set(registry.connector_names())
    for name in ("salesforce", "hubspot"):
        assert registry.load_connector(name).name == name


def test_an_unknown_connector_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConnectorError, match="No connector 'salesfroce'") as raised:
        registry.load_connector("salesfroce")
    assert raised.value.hint == "Write 'salesforce'."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("no_such_package:connector", "cannot be loaded"),
        ("sla_sync.errors:no_such_name", "cannot be loaded"),
        ("sla_sync.errors:SlaSyncError", "is not a connector"),
    ],
)
def test_a_broken_entry_point_is_one_clear_error(value: str, message: str) -> None:
    with pytest.raises(ConnectorError, match=message) as raised:
        registry.checked("odd", EntryPoint("odd", value, registry.GROUP))
    assert raised.value.hint
