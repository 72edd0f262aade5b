"""How connectors and the command are found."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from sla_sync.connector import CONTRACT, Connector
from sla_sync.errors import ConnectorError
from sla_sync.registry import load_pair


@pytest.mark.parametrize("name", ["hubspot", "salesforce"])
def test_each_connector_is_found_under_its_own_name_and_speaks_the_present_contract(name: str) -> None:
    (point,) = entry_points(group="sla_sync.connectors", name=name)
    connector = point.load()
    assert isinstance(connector, Connector)
    assert (connector.name, connector.contract) == (name, CONTRACT)


def test_what_joins_the_two_platforms_is_found_by_their_names() -> None:
    assert callable(load_pair("hubspot+salesforce"))
    with pytest.raises(ConnectorError, match="joins hubspot and marketo"):
        load_pair("hubspot+marketo")


def test_the_command_is_installed() -> None:
    (point,) = entry_points(group="console_scripts", name="sla-sync")
    assert callable(point.load())
