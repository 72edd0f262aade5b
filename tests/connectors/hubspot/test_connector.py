"""The connector value itself."""

import subprocess
import sys

import pytest

from sla_sync.connector import CONTRACT, BindingDocument, Connection, Manifest, Setup, Snapshot
from sla_sync_hubspot import connector
from tests.connectors.hubspot.stories import CLOCK, Portal, acme_binding, resources

EMPTY = Manifest("digest", {})
HEAVY = ("hubspot", "urllib3", "werkzeug", "requests")


def test_importing_the_connector_loads_nothing_that_only_a_connection_needs() -> None:
    code = f"import sys, sla_sync_hubspot; print([each for each in {HEAVY!r} if each in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_value_opens_a_reader_a_writer_and_a_simulator(served: Portal) -> None:
    assert connector.contract == CONTRACT
    assert connector.simulator is not None
    assert connector.simulator().platform == connector.name == "hubspot"
    with connector.open_reader(served.connection()) as reader:
        assert reader.manifest() is None
    with connector.open_writer(served.connection(), Snapshot({})) as writer:
        assert tuple(writer.apply((), EMPTY)) == ()


def test_options_and_bindings_of_another_connector_are_a_mistake_of_the_program(served: Portal) -> None:
    wrong = Connection("x", acme_binding(), Setup("x"), lambda: CLOCK)
    with pytest.raises(TypeError, match="options of HubSpot"), connector.open_reader(wrong):
        pass
    with pytest.raises(TypeError, match="HubSpot binding"):
        connector.translate(resources(), _core_binding(), Setup("x"))


def _core_binding() -> BindingDocument:
    return BindingDocument.model_validate({"metadata": {"name": "x", "agreement": "x", "connector": "x"}})
