"""The options of a target, held against the model of its connector without looking up any secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError, create_model

from sla_sync.agreement.findings import findings
from sla_sync.diagnostics import Diagnostic

_STAND_IN = "secret"


def wrong_options(name: str, options: Mapping[str, object], model: type[BaseModel]) -> tuple[Diagnostic, ...]:
    """Return what a connector's model refuses of a target's options, with paths from the root of the targets file.

    Each secret is replaced by a stand-in, so that no sentence can show one.
    """
    whole = create_model("Options", targets=(dict[str, model], ...))  # type: ignore[valid-type]
    said = {"targets": {name: _without_secrets(options, model)}}
    try:
        whole.model_validate(said)
    except ValidationError as error:
        return tuple(_owned(each, name) for each, _ in findings(error, whole, said))
    return ()


def _owned(finding: Diagnostic, name: str) -> Diagnostic:
    """Return a finding that says whose option it is, as people call it."""
    before, path, after = finding.message.partition(f"`targets.{name}`")
    whose = f"target '{name}'" if before else f"Target '{name}'"
    return replace(finding, message=f"{before}{whose}{after}") if path else finding


def _without_secrets(options: Mapping[str, object], model: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = dict(options)
    for key, field in model.model_fields.items():
        value, inner = options.get(key), model_inside(field.annotation)
        if inner is not None and isinstance(value, Mapping):
            found[key] = _without_secrets(value, inner)
        elif value is not None and is_secret(field.annotation):
            found[key] = _STAND_IN
    return found


def is_secret(annotation: object) -> bool:
    """Return whether a value of this type is a secret, whose place alone stands in the file."""
    return annotation is SecretStr or any(is_secret(each) for each in get_args(annotation))


def model_inside(annotation: object) -> type[BaseModel] | None:
    """Return the model that a value of this type is read by, where it has keys of its own."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_inside(each))), None)
