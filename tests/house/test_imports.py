"""What starting the command costs: nothing that only a platform needs is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CONVERSATIONS = {"hubspot", "lxml", "requests", "simple_salesforce", "trustme", "urllib3", "werkzeug", "zeep"}
"""What only a conversation with a platform, or its simulator, needs."""
CONNECTORS = {"sla_sync_hubspot", "sla_sync_native_sync", "sla_sync_salesforce"}
ASK = """
import sys
sys.argv = ["sla-sync", *{arguments}]
from sla_sync.cli import main
try:
    main()
except SystemExit as end:
    sys.stderr.write(" ".join(sys.modules))
    sys.exit(end.code)
sys.stderr.write(" ".join(sys.modules))
"""


def modules_after(script: str) -> set[str]:
    """Return the modules whose names a script leaves on stderr."""
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return set(answer.stderr.split())


@pytest.mark.slow
@pytest.mark.parametrize("module", sorted(CONNECTORS))
def test_importing_a_connector_imports_nothing_that_only_a_conversation_needs(module: str) -> None:
    imported = modules_after(f"import sys, {module}; sys.stderr.write(' '.join(sys.modules))")
    assert sorted(CONVERSATIONS & imported) == []


def test_help_imports_no_connector_no_documents_and_no_client() -> None:
    imported = modules_after(ASK.format(arguments=["--help"]))
    assert sorted((CONVERSATIONS | CONNECTORS | {"lark", "pydantic", "rich", "yaml"}) & imported) == []


@pytest.mark.slow
def test_validate_imports_no_client_and_no_server() -> None:
    imported = modules_after(ASK.format(arguments=["validate", "configs/acme"]))
    assert sorted((CONVERSATIONS | {"rich"}) & imported) == []
