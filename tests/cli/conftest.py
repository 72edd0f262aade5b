"""A working copy of the example, a command line that answers with its exit code, and one connector at a time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.cli import main
from sla_sync.connector.simulation import Running, serve
from sla_sync.registry import load_connector

CONFIGS = Path(__file__).parents[2] / "configs"


@dataclass(frozen=True)
class Answer:
    """What a command said and how it left."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    monkeypatch.chdir(tmp_path)
    for variable in ("SLA_SYNC_RECORD", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.fixture
def run(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return command


@pytest.fixture(params=["salesforce-simulator", "hubspot-simulator"])
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def served(here: Path, target: str) -> Iterator[Running]:
    """Serve a target's simulator in this process, and let the targets file point to it; the token is in TOKEN."""
    platform = target.removesuffix("-simulator")
    simulator = load_connector(platform).simulator
    assert simulator is not None
    targets = here / "configs" / "targets.yaml"
    text = targets.read_text()
    own = text.index(f"  {target}:")
    start = datetime(2026, 10, 1, tzinfo=UTC)
    with (
        serve(simulator(), here / ".sla-sync" / target / "simulator", clock=start) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        at = {"url": running.url, "token": "TOKEN", **({"ca": str(running.ca)} if running.ca else {})}
        targets.write_text(text[:own] + text[own:].replace("simulator: true", f"simulator: {json.dumps(at)}", 1))
        patch.setenv("TOKEN", running.token)
        yield running
    targets.write_text(text)
