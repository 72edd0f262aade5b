"""The part of `make typed-clients` that needs nothing installed: hubspot-api-client's own types drive the portal."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.connector.simulation import serve
from sla_sync_hubspot.simulator import simulator
from tests.connectors.hubspot.typed_clients import START, drive
from tests.connectors.hubspot.typed_sdk import same


@pytest.mark.slow
def test_hubspots_own_client_creates_reads_changes_finds_and_archives_on_the_portal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(simulator, tmp_path, clock=START) as running:
        drive(running)
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_an_answer_that_is_not_what_was_written_ends_the_drive() -> None:
    with pytest.raises(SystemExit, match="answered 'Fit' where 'Fitness' was written"):
        same("Fit", "Fitness")
