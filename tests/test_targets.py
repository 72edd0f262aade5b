"""A target takes its secrets from the environment and names what is missing, never what is in them."""

from __future__ import annotations

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
