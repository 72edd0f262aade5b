"""A target takes its secrets from the environment and names what is missing, never what is in them."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from sla_sync.errors import TargetError
from sla_sync.targets import lock_ticket, resolve_options


class Login(BaseModel):
    """A way to log in."""

    method: str
    private_key: SecretStr


class Options(BaseModel):
    """What a target of some platform may say."""

    model_config = ConfigDict(extra="forbid")

    url: str
    token: SecretStr | None = None
    auth: Login | None = None
    port: int = 443


def test_a_secret_is_taken_from_the_variable_that_the_file_names() -> None:
    options = resolve_options("org", {"url": "https://x", "token": "SF_TOKEN"}, Options, {"SF_TOKEN": "s3cret"})
    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(options)


def test_a_nested_secret_is_resolved_too() -> None:
    said = {"url": "https://x", "auth": {"method": "jwt", "private_key": "KEY"}}
    options = resolve_options("org", said, Options, {"KEY": "s3cret"})
    assert isinstance(options, Options)
    assert options.auth is not None
    assert options.auth.private_key.get_secret_value() == "s3cret"


@pytest.mark.parametrize("environ", [{}, {"SF_TOKEN": ""}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(TargetError, match="environment variable SF_TOKEN, which is not set") as raised:
        resolve_options("org", {"url": "https://x", "token": "SF_TOKEN"}, Options, environ)
    assert "Set SF_TOKEN" in raised.value.hint


class Ring:
    """A keyring with one entry."""

    @staticmethod
    def get_password(service: str, entry: str) -> str | None:
        """Return what is kept."""
        return {("sla-sync", "acme"): "s3cret"}.get((service, entry))


def test_a_secret_may_be_kept_in_the_keyring_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Ring)
    said = {"url": "https://x", "token": {"keyring": "sla-sync/acme"}}
    options = resolve_options("org", said, Options, {})
    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "s3cret"


@pytest.mark.parametrize(
    ("kept", "match"), [("sla-sync/other", "keeps nothing under sla-sync/other"), ("acme", "not SERVICE/NAME")]
)
def test_what_the_keyring_does_not_keep_is_named(kept: str, match: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Ring)
    with pytest.raises(TargetError, match=match):
        resolve_options("org", {"url": "https://x", "token": {"keyring": kept}}, Options, {})


def test_without_the_package_the_keyring_is_told_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(TargetError, match="keyring is not installed"):
        resolve_options("org", {"url": "https://x", "token": {"keyring": "a/b"}}, Options, {})


def test_a_wrong_option_is_named_without_any_secret() -> None:
    said = {"url": "https://x", "token": "SF_TOKEN", "port": "many"}
    with pytest.raises(TargetError, match="port") as raised:
        resolve_options("org", said, Options, {"SF_TOKEN": "s3cret"})
    assert "s3cret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_one_working_copy_signs_its_locks_with_one_token(tmp_path: Path) -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    first, second = lock_ticket(tmp_path / "a", lambda: now), lock_ticket(tmp_path / "a", lambda: now)
    other = lock_ticket(tmp_path / "b", lambda: now)
    assert first.token == second.token != other.token
    assert first.expires > now
    assert "@" in first.who


def test_a_working_copy_that_was_copied_with_all_its_state_is_another_one(tmp_path: Path) -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    first = lock_ticket(tmp_path / "a", lambda: now)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert lock_ticket(tmp_path / "b", lambda: now).token != first.token
    assert lock_ticket(tmp_path / "a", lambda: now).token == first.token


def test_a_token_that_was_lost_on_a_full_disk_is_made_anew_and_never_empty(tmp_path: Path) -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    (tmp_path / "lock-token").write_text("")
    first = lock_ticket(tmp_path, lambda: now)
    assert (tmp_path / "lock-token").read_text()
    assert lock_ticket(tmp_path, lambda: now).token == first.token
