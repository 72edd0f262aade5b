"""Nothing in a pull request chooses the host that receives a credential: a listening one is never spoken to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sla_sync.agreement.load import load_targets
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.destinations import changed_destinations
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.review import Live, review
from sla_sync.pipeline.revisions import trusting
from sla_sync.pipeline.validate import Documents
from sla_sync.places import Place, find_place
from sla_sync.review.outcome import Review
from tests.pipeline.repository import commit, git, replaced, repository

ENVIRON = {"SF_TOKEN": "s3cr3t", "OTHER_TOKEN": "0ther"}
TARGET = "salesforce-simulator"


class Listener:
    """A host that keeps what it is told and hangs up."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _listen(self) -> None:
        while True:
            try:
                heard, _ = self._socket.accept()
            except OSError:
                return
            with heard:
                heard.settimeout(5)
                self.heard.append(heard.recv(65_536))

    def close(self) -> None:
        """Listen no more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def hosts() -> Iterator[tuple[Listener, Listener]]:
    agreed, hostile = Listener(), Listener()
    yield agreed, hostile
    agreed.close()
    hostile.close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: tuple[Listener, Listener]) -> Path:
    """Return a repository whose main branch names one host, and whose checked-out branch another one."""
    agreed, hostile = hosts
    monkeypatch.chdir(tmp_path)
    repository(tmp_path)
    targets = tmp_path / "configs/targets.yaml"
    replaced(targets, "simulator: true     ", f"simulator: {{url: '{agreed.url}', token: SF_TOKEN}}     ")
    commit(tmp_path, "Our org")
    git(tmp_path, "checkout", "--quiet", "-b", "hostile")
    replaced(targets, agreed.url, hostile.url)
    commit(tmp_path, "Hostile")
    return tmp_path


def test_a_plan_speaks_to_the_trusted_host_only(here: Path, hosts: tuple[Listener, Listener]) -> None:
    agreed, hostile = hosts
    with trusting(find_place(None, here=here), "main", here=here) as place, pytest.raises(SlaSyncError):
        plan(place, TARGET, environ=ENVIRON)
    assert agreed.heard
    assert hostile.heard == []


@pytest.mark.slow
def test_without_trust_the_hostile_host_would_be_spoken_to(here: Path, hosts: tuple[Listener, Listener]) -> None:
    with pytest.raises(SlaSyncError):
        plan(find_place(None, here=here), TARGET, environ=ENVIRON)
    assert any(b"s3cr3t" in each for each in hosts[1].heard)


@pytest.mark.slow
@pytest.mark.parametrize(("head", "trust"), [(None, None), ("hostile", "main")])
def test_a_live_review_speaks_to_the_trusted_host_only(
    here: Path, hosts: tuple[Listener, Listener], head: str | None, trust: str | None
) -> None:
    agreed, hostile = hosts
    with pytest.raises(SlaSyncError):
        review("main", head, here=here, live=Live(TARGET, ENVIRON, trust))
    assert agreed.heard
    assert hostile.heard == []


def documents(targets: Path) -> Documents:
    """Return documents of which only the targets were read."""
    loaded = load_targets(targets, root=targets.parent)
    place = Place(targets.parent / "acme/agreement.yaml", targets, targets.parent)
    return Documents(place, None, {}, loaded.value, loaded.diagnostics, {targets: loaded.source})


def test_a_review_tells_of_the_other_host_and_speaks_to_nobody(here: Path, hosts: tuple[Listener, Listener]) -> None:
    agreed, hostile = (each.url.removeprefix("http://") for each in hosts)
    found = review("main", here=here)
    assert isinstance(found, Review)
    (only,) = [each for each in found.diagnostics if each.code == "SLA907"]
    assert only.message == (
        f"targets.yaml changed: target '{TARGET}' would send the credential in SF_TOKEN to another host "
        f"({agreed} → {hostile})."
    )
    assert only.location is not None
    assert (only.location.file, only.location.line) == ("configs/targets.yaml", 9)
    assert [each.heard for each in hosts] == [[], []]


MORE = """
  more:
    connector: salesforce
    binding: acme/bindings/salesforce.yaml
    agreements: [acme/agreement.yaml]
    url: https://elsewhere.example
    token: SF_TOKEN
"""
CHANGES = [
    ("token: SF_TOKEN", "token: OTHER_TOKEN", [f"target '{TARGET}': `simulator.token` «SF_TOKEN» → «OTHER_TOKEN»."]),
    ("  hubspot-simulator:", "  hubspot:", ["target 'hubspot' is new.", "target 'hubspot-simulator' is gone."]),
    ("    simulator: {", "    production: true\n    simulator: {", [f"target '{TARGET}': `production` nothing → yes."]),
    ("morgan", "somebody.else", []),
    (
        "targets:\n",
        f"targets:{MORE}",
        [
            "target 'more' is new and would send the credential in SF_TOKEN, which another target uses, to elsewhere.example."
        ],
    ),
]


def test_every_change_of_the_targets_is_told_and_no_change_of_people(here: Path) -> None:
    git(here, "checkout", "--quiet", "main")
    targets = here / "configs/targets.yaml"
    agreed, before = targets.read_text(encoding="utf-8"), documents(targets)
    for old, new, sentences in CHANGES:
        targets.write_text(agreed, encoding="utf-8")
        replaced(targets, old, new)
        found = changed_destinations(before, documents(targets))
        assert [each.message.removeprefix("targets.yaml changed: ") for each in found] == sentences, new
