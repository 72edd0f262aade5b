"""A binding: how agreed words appear on one platform. The connector's own model extends this one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sla_sync.conventions import API_VERSION


class Mode(StrEnum):
    """How much of a promise is pushed, from nothing to everything."""

    MEASURE = "measure"
    RECORD = "record"
    ALERT = "alert"
    ACT = "act"


class BindingMetadata(BaseModel):
    """Which agreement this binding belongs to, and which connector reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    agreement: str
    connector: str


class BoundField(BaseModel):
    """Where an agreed field lives. `add` creates it with that type; `writer` is the one system that writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str
    add: Literal["text", "long text", "checkbox", "number", "datetime"] | None = None
    writer: str | None = None
    through: str | None = None


def _spelled_out(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class BoundSources(BaseModel):
    """Where the source of a hand-raise is read from, in this order, and which stored values mean which agreed source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    read_from: Annotated[tuple[str, ...], Field(alias="from")] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class BindingDocument(BaseModel):
    """The sections that every binding has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    apiVersion: Literal["sla-sync/v1"] = API_VERSION
    kind: Literal["Binding"] = "Binding"
    metadata: BindingMetadata
    prefix: str = "SLA_"
    modes: dict[str, Mode] = Field(default_factory=dict)
    held_by: dict[str, str] = Field(default_factory=dict)
    sources: BoundSources = BoundSources()
    fields: dict[str, Annotated[BoundField, BeforeValidator(_spelled_out)]] = Field(default_factory=dict)
    exclude: dict[str, str] = Field(default_factory=dict)
    teams: dict[str, dict[str, object]] = Field(default_factory=dict)
    queues: dict[str, str] = Field(default_factory=dict)
    expects: dict[str, str] = Field(default_factory=dict)
