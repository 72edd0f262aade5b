"""A night that is stopped while its platforms keep silent: it ends at once, as any other command does."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.chaos.stage import CONFIGS, TODAY
from tests.hearing import hear_signals

pytestmark = pytest.mark.slow
_PATIENCE = 60.0
"""Seconds in which the audits must have begun, on a machine that does much else."""
_PROMPT = 10.0
"""Seconds in which a stopped command has ended there; whoever waited for the platforms would wait for minutes."""
_TARGET = """
  {name}:
    connector: hubspot
    binding: small/bindings/hubspot.yaml
    agreements: [small/agreement.yaml]
    timeout: 600
    simulator: {{url: "http://127.0.0.1:{port}", token: TOKEN}}
"""


def test_an_audit_of_many_that_is_stopped_waits_for_no_platform_that_is_still_asked(tmp_path: Path) -> None:
    hear_signals()
    small = tmp_path / "configs" / "small"
    shutil.copytree(CONFIGS, small)
    (small / "bindings" / "salesforce.yaml").unlink()
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        targets = "".join(
            _TARGET.format(name=f"silent{at}", port=each.getsockname()[1]) for at, each in enumerate(silent)
        )
        (tmp_path / "configs" / "targets.yaml").write_text(
            f"apiVersion: sla-sync/v1\nkind: Targets\ntargets:{targets}", encoding="utf-8"
        )
        audit = ("drift", str(small), "--all-targets", "--jobs", "2", "--today", TODAY)
        command = [sys.executable, "-m", "sla_sync", *audit]
        process = stack.enter_context(
            subprocess.Popen(
                command, cwd=tmp_path, env={**os.environ, "TOKEN": "t"},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        stack.callback(process.kill)
        asked = [stack.enter_context(_asked(silent)) for _ in range(2)]  # and the third waits for its turn
        assert len({each.getsockname() for each in asked}) == 2
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=_PATIENCE)
        took = time.monotonic() - began
    assert (process.returncode, out) == (130, ""), err
    assert took < _PROMPT
    lines = err.splitlines()
    assert [each for each in lines if each.startswith("error: ")] == [lines[-2]], err
    assert lines[-2].startswith("error: Stopped by ")
    assert "Traceback" not in err
    assert err.count("Reading ") == 2
    assert [each.name for each in tmp_path.rglob("*.new")] == []


def _asked(silent: list[socket.socket]) -> socket.socket:
    """Return the next connection on which somebody asks something; it is never answered."""
    ready, _, _ = select.select(silent, [], [], _PATIENCE)
    assert ready, "Nobody asked."
    return ready[0].accept()[0]
