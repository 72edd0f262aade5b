"""Connectors are found by entry point and checked before they are used."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

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


def test_a_connector_that_fails_while_it_is_loaded_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "failing_connector.py").write_text("raise RuntimeError('no room')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConnectorError, match="fails while it is loaded: RuntimeError: no room") as raised:
        registry.checked("odd", EntryPoint("odd", "failing_connector:connector", registry.GROUP))
    assert raised.value.hint


def test_a_name_that_two_packages_offer_is_refused_with_both() -> None:
    points = [EntryPoint("odd", f"{each}:connector", registry.GROUP) for each in ("one", "two")]
    with pytest.raises(ConnectorError, match="2 packages offer a connector 'odd': one:connector, two:connector"):
        registry.chosen("odd", points)
    assert registry.chosen("odd", [points[0], points[0]]) is points[0]
