"""Which options of a target are secrets, also where they stand inside another option."""

from __future__ import annotations

from typing import get_args

from pydantic import BaseModel, SecretStr


def secret_options(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of all options that hold a secret: `token`, `auth.client_secret`."""
    return tuple(sorted({name for key, field in model.model_fields.items() for name in _within(key, field.annotation)}))


def _within(name: str, annotation: object) -> tuple[str, ...]:
    if annotation is SecretStr:
        return (name,)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return tuple(f"{name}.{each}" for each in secret_options(annotation))
    return tuple(each for inner in get_args(annotation) for each in _within(name, inner))
