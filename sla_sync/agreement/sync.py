"""What a company has set up in HubSpot's integration with Salesforce, written down: no API of either tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from sla_sync.agreement.sections.reading import Section
from sla_sync.conventions import API_VERSION

OWNER, OWNER_ID = "hubspot_owner_id", "OwnerId"
EMAIL = "email"


class Rule(StrEnum):
    """How a pair of fields is kept equal. Documented: «Select a sync rule» (knowledge.hubspot.com, map properties)."""

    PREFER_SALESFORCE = "prefer salesforce"
    """Salesforce's value counts; HubSpot's is taken where Salesforce has none."""
    ALWAYS_SALESFORCE = "always salesforce"
    """Salesforce's value counts, also where it is blank; HubSpot writes nothing there."""
    TWO_WAY = "two-way"
    """The latest value counts, also where it is blank."""
    NONE = "none"
    """Nothing passes."""


class SyncMetadata(Section):
    """Which agreement the platforms live together."""

    name: str = Field(description="What the settings are called.", examples=["acme-sync"])
    agreement: str = Field(description="The agreement, by its metadata.name.", examples=["acme-inbound"])


class SyncTargets(Section):
    """Which two targets are joined."""

    hubspot: str = Field(description="The target that is the HubSpot account.", examples=["hubspot-simulator"])
    salesforce: str = Field(description="The target that is the Salesforce org.", examples=["salesforce-simulator"])


class SyncCreates(Section):
    """What becomes of a person whom only one side knows."""

    salesforce: Literal["lead", "contact", "nothing"] = Field(
        default="lead", description="What a contact in the inclusion segment becomes in Salesforce."
    )
    hubspot: Literal["contact", "nothing"] = Field(
        default="nothing", description="What a new lead or contact becomes in HubSpot."
    )


class MappedField(Section):
    """One mapping: a property of contacts, and the field of leads and contacts that it is kept equal with."""

    field: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        description="The field in Salesforce, without its object: leads and contacts share a mapping.",
        examples=["Status", "SLA_Due_At__c"],
    )
    rule: Rule = Field(description="Whose value counts.", examples=["two-way", "always salesforce"])


class Sync(Section):
    """The settings of the integration. Properties and fields that are not mapped never pass."""

    apiVersion: Literal["sla-sync/v1"] = Field(default=API_VERSION, description="The version of the language.")
    kind: Literal["Sync"] = Field(default="Sync", description="What the document is.")
    metadata: SyncMetadata = Field(
        description="Which agreement.", examples=[{"name": "acme-sync", "agreement": "acme-inbound"}]
    )
    targets: SyncTargets = Field(
        description="The two that are joined.",
        examples=[{"hubspot": "hubspot-simulator", "salesforce": "salesforce-simulator"}],
    )
    user: str = Field(
        description="The user name by which the integration works in Salesforce.", examples=["integration@acme.example"]
    )
    every_minutes: int = Field(
        default=15,
        ge=1,
        le=1440,
        description="How many minutes lie between two looks at what has changed.",
        examples=[15],
    )
    inclusion: str = Field(
        description="The active segment outside which a contact passes in neither direction, by its name.",
        examples=["Known to sales"],
    )
    creates: SyncCreates = Field(
        default_factory=SyncCreates,
        description="What becomes of somebody whom only one side knows.",
        examples=[{"salesforce": "lead", "hubspot": "nothing"}],
    )
    deleted: Literal["keep", "delete"] = Field(
        default="keep", description="What becomes of a contact whose lead or contact in Salesforce is deleted."
    )
    activities: Literal["none", "tasks"] = Field(
        default="none", description="Whether calls and meetings that are logged in HubSpot become tasks in Salesforce."
    )
    mappings: Mapping[str, MappedField] = Field(
        description="Property of HubSpot → field of Salesforce and whose value counts.",
        examples=[{"hs_lead_status": {"field": "Status", "rule": "two-way"}}],
    )

    @property
    def every(self) -> timedelta:
        """How long lies between two looks."""
        return timedelta(minutes=self.every_minutes)

    @field_validator("mappings")
    @classmethod
    def _of_one_to_one(cls, given: Mapping[str, MappedField]) -> Mapping[str, MappedField]:
        by_field: dict[str, str] = {}
        for name, each in given.items():
            other = by_field.setdefault(each.field.lower(), name)
            if other != name:
                message = f"{each.field} is mapped to {other} and to {name}; HubSpot maps a field once"
                raise ValueError(message)
        owner = given.get(OWNER)
        if owner is not None and (owner.field, owner.rule) != (OWNER_ID, Rule.TWO_WAY):
            # Documented: "the Owner mapping can only be mapped two-way".
            message = f"{OWNER} can only be mapped two-way, and only to {OWNER_ID}"
            raise ValueError(message)
        if EMAIL not in given:
            message = f"{EMAIL} is not mapped, and people are recognised by it"
            raise ValueError(message)
        return given
