"""Opening a target: its options with secrets from the environment, its simulator where it is one, its clock."""

from __future__ import annotations

import getpass
import hashlib
import importlib
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sla_sync.agreement.target_options import is_secret, model_inside, wrong_options
from sla_sync.agreement.targets import Target
from sla_sync.connector import Connection, Connector, LockTicket, Setup
from sla_sync.connector.simulation import Running, serve
from sla_sync.errors import TargetError
from sla_sync.files import write_atomically, write_new

RECORD_VARIABLE = "SLA_SYNC_RECORD"
LOCK_LASTS = timedelta(minutes=30)
_KEYRING = "keyring"


@dataclass(frozen=True)
class OpenTarget:
    """A target that can be spoken to. `folder` keeps its journal and the token of its lock."""

    name: str
    connection: Connection
    folder: Path
    simulator: Running | None = None


@contextmanager
def open_target(
    name: str,
    target: Target,
    connector: Connector,
    setup: Setup,
    *,
    state: Path,
    environ: Mapping[str, str],
    clock_start: datetime,
    reading: bool = False,
) -> Iterator[OpenTarget]:
    """Open a target until the context ends; `state` is the folder `.sla-sync` beside `configs`.

    `reading` signs in as `audit_as` says, and no secret that may write is so much as looked up. An embedded simulator is
    started with its data below `state` and its clock, where it is new, at `clock_start`.
    """
    folder = state / name
    if not target.simulator:
        options = resolve_options(
            name, target.reading_options if reading else target.options, connector.options, environ
        )
        wait = _no_wait if target.simulator_said else time.sleep
        yield OpenTarget(name, Connection(name, options, setup, _wall_clock, wait=wait), folder)
        return
    if connector.simulator is None:
        raise TargetError(
            f"Target '{name}' asks for a simulator, and connector '{connector.name}' ships none.",
            hint="Give it a url and the names of the environment variables that hold its secrets.",
        )
    record = environ.get(RECORD_VARIABLE)
    with serve(
        connector.simulator(), folder / "simulator", clock=clock_start, record=Path(record) if record else None
    ) as running:
        own = {"url": running.url, "token": running.token, "ca": str(running.ca) if running.ca else None}
        known = {key: value for key, value in own.items() if value is not None}
        options = connector.options.model_validate({**target.options, **known})
        yield OpenTarget(
            name,
            Connection(name, options, setup, lambda: running.application.now, wait=_no_wait),
            folder,
            simulator=running,
        )


def _no_wait(_: float) -> None:
    """Wait for nothing: the clock of a simulator is its own, and no real second changes what it answers."""


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def resolve_options(
    name: str, options: Mapping[str, object], model: type[BaseModel], environ: Mapping[str, str]
) -> BaseModel:
    """Return a target's options with every secret taken from where the file says that it is kept.

    That is an environment variable by its name, or `keyring: SERVICE/NAME`, also one level deeper as in `auth`. Raises
    TargetError where nothing is kept there or an option is wrong; the secret itself is in no message.
    """
    try:
        return model.model_validate(_with_secrets(name, options, model, environ))
    except ValidationError as error:
        wrong = wrong_options(name, options, model)
        if wrong:
            raise TargetError(wrong[0].message, hint=wrong[0].hint) from None
        # What the file says is right, so a secret is not what it should be: its input is shown nowhere.
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise TargetError(
            f"Target '{name}' cannot be used: {where}: {first['msg'].removeprefix('Value error, ')}.",
            hint=f"Correct what the place holds that {where} of this target names.",
        ) from None


def _with_secrets(
    name: str, options: Mapping[str, object], model: type[BaseModel], environ: Mapping[str, str]
) -> dict[str, Any]:
    resolved: dict[str, Any] = dict(options)
    for key, field in model.model_fields.items():
        value = options.get(key)
        inner = model_inside(field.annotation)
        if inner is not None and isinstance(value, Mapping):
            resolved[key] = _with_secrets(name, value, inner, environ)
        elif isinstance(value, Mapping) and set(value) == {_KEYRING} and is_secret(field.annotation):
            resolved[key] = _from_keyring(name, key, str(value[_KEYRING]))
        elif isinstance(value, str) and is_secret(field.annotation):
            if not environ.get(value):
                raise TargetError(
                    f"Target '{name}' takes its {key} from the environment variable {value}, which is not set.",
                    hint=f"Set {value} in the environment of this command.",
                )
            resolved[key] = environ[value]
    return resolved


def _from_keyring(target: str, key: str, kept: str) -> str:
    """Return a secret that the keyring of this machine keeps under SERVICE/NAME. Raises TargetError."""
    service, slash, entry = kept.rpartition("/")
    if not slash or not service or not entry:
        raise TargetError(
            f"Target '{target}' takes its {key} from the keyring at «{kept}», which is not SERVICE/NAME.",
            hint="Write the service and the name of the entry with a slash between.",
        )
    try:
        ring: Any = importlib.import_module(_KEYRING)
    except ImportError:
        raise TargetError(
            f"Target '{target}' takes its {key} from the keyring, and the package keyring is not installed.",
            hint="Install it (pip install keyring), or name an environment variable instead.",
        ) from None
    # The errors of keyring are its backends' own; none of them is to show more than that nothing came.
    try:
        secret = ring.get_password(service, entry)
    except Exception as error:  # noqa: BLE001
        raise TargetError(
            f"The keyring does not give the {key} of target '{target}': {type(error).__name__}.",
            hint="Unlock the keyring, or name an environment variable instead.",
        ) from None
    if not secret:
        raise TargetError(
            f"The keyring keeps nothing under {kept} for the {key} of target '{target}'.",
            hint=f"Run: keyring set {service} {entry}",
        )
    return str(secret)


def lock_ticket(folder: Path, now: Callable[[], datetime]) -> LockTicket:
    """Return how this working copy signs the lock of a target.

    A secret is made once per working copy and kept, so that a lock which a killed apply left behind is known as ours. The
    token is made of it, of the machine and of the folder: what was copied elsewhere with all its state is another copy.
    """
    kept, host = folder / "lock-token", socket.gethostname()
    folder.mkdir(parents=True, exist_ok=True)
    write_new(kept, uuid.uuid4().hex.encode())
    secret = kept.read_bytes().strip()
    if not secret:
        secret = uuid.uuid4().hex.encode()
        write_atomically(kept, secret)
    token = hashlib.sha256(b"\n".join((secret, host.encode(), os.fsencode(folder.resolve())))).hexdigest()
    return LockTicket(who=f"{_user()}@{host}", token=token, expires=now() + LOCK_LASTS)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
