"""The key of pseudonyms: from the environment where the target names a variable, else in a file that only its owner reads."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sla_sync.errors import TargetError
from sla_sync.files import write_new

NAME: Final = "history.key"
_LENGTH: Final = 32


def key_of(target: str, variable: str | None, folder: Path, environ: Mapping[str, str]) -> bytes:
    """Return the key of a target; the first time one is made in its folder. Raises TargetError where a variable is not set."""
    if variable is not None:
        if not environ.get(variable):
            raise TargetError(
                f"Target '{target}' takes the key of its pseudonyms from the environment variable {variable}, which is not "
                "set.",
                hint=f"Set {variable} in the environment of this command.",
            )
        return _hashed(environ[variable])
    path = folder / NAME
    folder.mkdir(parents=True, exist_ok=True)
    write_new(path, secrets.token_hex(_LENGTH).encode("ascii"), mode=0o600)
    kept = path.read_bytes().strip()
    if not kept or not kept.isascii():
        raise TargetError(
            f"{path} is {'damaged' if kept else 'empty'}, and holds the key of pseudonyms.",
            hint="Bring it back from a copy; without one, delete it and export into a new folder.",
        )
    return _hashed(kept.decode("ascii"))


def _hashed(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_LENGTH).digest()
