"""An identity that only reads: what a target may say of it, and that the other secret is not even looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from sla_sync.agreement.load import load_targets
from sla_sync.agreement.targets import Target
from sla_sync.connector import Setup
from sla_sync.registry import load_connector
from sla_sync.targets import open_target

SAID = {"connector": "hubspot", "binding": "b.yaml", "agreements": ["a.yaml"], "url": "https://hub.example"}


class Environment(Mapping[str, str]):
    """An environment that knows which names somebody asked for."""

    def __init__(self, **said: str) -> None:
        self.said = said
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.said[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.said)

    def __len__(self) -> int:
        return len(self.said)


@pytest.mark.parametrize(
    ("said", "reads", "writes"),
    [
        ({"token": "WRITE"}, {"WRITE"}, {"WRITE"}),
        ({"token": "WRITE", "audit_as": {"token": "READ"}}, {"READ"}, {"WRITE"}),
        ({"token": "WRITE", "audit_as": {"auth": {"method": "token", "token": "READ"}}}, {"READ"}, {"WRITE"}),
        ({"auth": {"method": "token", "token": "WRITE"}, "audit_as": {"token": "READ"}}, {"READ"}, {"WRITE"}),
    ],
)
def test_each_identity_asks_for_its_own_secret_only(
    tmp_path: Path, said: dict[str, object], reads: set[str], writes: set[str]
) -> None:
    target = Target.model_validate({**SAID, **said})
    for reading, expected in ((True, reads), (False, writes)):
        environ = Environment(WRITE="w", READ="r")
        with open_target(
            "live",
            target,
            load_connector("hubspot"),
            Setup("acme"),
            state=tmp_path,
            environ=environ,
            clock_start=datetime(2026, 10, 1, tzinfo=UTC),
            reading=reading,
        ) as opened:
            assert opened.connection.options.model_dump()["url"] == "https://hub.example"
        assert environ.asked == expected


def test_an_identity_says_who_signs_in_and_never_where() -> None:
    with pytest.raises(ValidationError, match="audit_as"):
        Target.model_validate({**SAID, "token": "WRITE", "audit_as": {"url": "https://elsewhere.example"}})


def test_a_secret_that_is_written_down_there_is_found(tmp_path: Path) -> None:
    path = tmp_path / "targets.yaml"
    path.write_text(
        "apiVersion: sla-sync/v1\nkind: Targets\ntargets:\n  live: {connector: hubspot, binding: b.yaml, "
        "agreements: [a.yaml], token: WRITE, audit_as: {token: hunter2}}\n"
    )
    found = load_targets(path, root=tmp_path).diagnostics
    assert [(each.code, each.path[-2:]) for each in found] == [("SLA902", ("audit_as", "token"))]
