"""A binding: how agreed words appear on one platform. The connector's own model extends this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sla_sync.conventions import API_VERSION

MEANING = ("stages", "sources", "touch", "exclude")
"""The keys of a binding that decide what a promise means, so that both parties sign them; writers of fields besides."""


class Mode(StrEnum):
    """How much of a promise is pushed, from nothing to everything."""

    MEASURE = "measure"
    RECORD = "record"
    ALERT = "alert"
    ACT = "act"


def only_measured(commitments: Iterable[str], modes: Mapping[str, Mode]) -> bool:
    """Return whether every promise is only measured, so that nothing of the agreement is pushed at all."""
    return all(modes.get(each, Mode.ACT) is Mode.MEASURE for each in commitments)


class BindingMetadata(BaseModel):
    """Which agreement this binding belongs to, and which connector reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: str = Field(description="What the binding is called.", examples=["acme-salesforce"])
    agreement: str = Field(
        description="The agreement whose words it binds, by its metadata.name.", examples=["acme-inbound"]
    )
    connector: str = Field(description="The connector that reads it.", examples=["salesforce", "hubspot"])


class BoundField(BaseModel):
    """Where an agreed field lives. `add` creates it with that type; `writer` is the one system that writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    field: str = Field(description="The field in the platform's own spelling.", examples=["Lead.SLA_Need__c"])
    add: Literal["text", "long text", "checkbox", "number", "datetime"] | None = Field(
        default=None, description="Create the field with this type."
    )
    writer: str | None = Field(default=None, description="The one system that writes the field.", examples=["hubspot"])
    through: str | None = Field(
        default=None, description="The field of the record that this one points to.", examples=["OwnerId"]
    )


def _spelled_out(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class BoundSources(BaseModel):
    """Where the source of a hand-raise is read from, in this order, and which stored values mean which agreed source."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    read_from: tuple[str, ...] = Field(
        default=(),
        alias="from",
        description="The fields from which it is read; the first that holds a value counts.",
        examples=[["CampaignMember.Campaign.Type", "Lead.LeadSource"]],
    )
    values: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Agreed source → the stored values that mean it.",
        examples=[{"contact_sales": ["Contact Us", "Phone Inquiry"]}],
    )


class BindingDocument(BaseModel):
    """The sections that every binding has."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    apiVersion: Literal["sla-sync/v1"] = Field(default=API_VERSION, description="The version of the language.")
    kind: Literal["Binding"] = Field(default="Binding", description="What the document is.")
    metadata: BindingMetadata = Field(
        description="Which agreement, and which connector.",
        examples=[{"name": "acme-salesforce", "agreement": "acme-inbound", "connector": "salesforce"}],
    )
    prefix: str = Field(default="SLA_", description="Every name that we create starts with this.", examples=["SLA_"])
    modes: dict[str, Mode] = Field(
        default_factory=dict,
        description="Commitment → how much of it is pushed; act where nothing is said.",
        examples=[{"follow-up": "measure", "verdict": "record"}],
    )
    held_by: dict[str, str] = Field(
        default_factory=dict,
        description="Section → the other product that does this job; it is audited, never pushed.",
        examples=[{"routing": "leandata"}],
    )
    timers: str = Field(
        default="here",
        description="Where the clocks of the agreement run: here, or the connector of the one platform that runs them.",
        examples=["here", "salesforce"],
    )
    stages: Mapping[str, object] = Field(
        default_factory=dict,
        description="Agreed stage → how it appears.",
        examples=[{"mql": {"Lead.Status": ["MQL"], "add": True}}],
    )
    sources: BoundSources = Field(
        default_factory=BoundSources,
        description="Where the source of a lead is read from.",
        examples=[{"from": ["Lead.LeadSource"], "values": {"webinar": ["Webinar"]}}],
    )
    fields: dict[str, Annotated[BoundField, BeforeValidator(_spelled_out, json_schema_input_type=BoundField | str)]] = (
        Field(
            default_factory=dict,
            description="Agreed field → the platform's field.",
            examples=[{"email": "Lead.Email", "need": {"field": "Lead.SLA_Need__c", "add": "text"}}],
        )
    )
    exclude: dict[str, str] = Field(
        default_factory=dict,
        description="Agreed exclusion → the field or condition that shows it.",
        examples=[{"test": "Lead.SLA_Test__c", "employee": "Lead.Email ends with @acme.example"}],
    )
    teams: dict[str, dict[str, object]] = Field(
        default_factory=dict,
        description="Agreed team → how it appears.",
        examples=[{"sdr": {"queue": "SDR_Inbound", "round_robin": "flow"}}],
    )
    queues: dict[str, str] = Field(
        default_factory=dict,
        description="Agreed queue → the platform's queue.",
        examples=[{"marketing_queue": "Marketing_Queue"}],
    )
    hooks: dict[str, str] = Field(
        default_factory=dict,
        description="Agreed hook of a stage or reason → the automation of the platform that others built for it.",
        examples=[{"start_onboarding": "Start_Onboarding"}],
    )
    expects: dict[str, str] = Field(
        default_factory=dict,
        description="What the platforms are relied on for.",
        examples=[{"sync_latency": "15 minutes"}],
    )

    @property
    def keeps_dates(self) -> bool:
        """Whether a clock that runs keeps its dates when the agreement changes; a connector's model may say otherwise."""
        return True
