"""Where Fivetran and Airbyte put what they copy of a portal: tables, columns, and what is named otherwise over time.

Documented by Fivetran's packages for dbt and the schemas of Airbyte's connector: the tables, their ids, the histories of
properties and the links. Inferred: that every property of a record is a column, `property_…` or `properties_…`, as those are
that they name; that newer versions of Airbyte name the columns of histories as HubSpot does (contactId, sourceType).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Trail:
    """The table of what properties of records were: each column by the names that it may have."""

    table: str
    record: tuple[str, ...]
    name: tuple[str, ...]
    source: tuple[str, ...]
    source_id: tuple[str, ...]
    user: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The table of which contacts belong to records."""

    table: str
    record: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The tables of an object, those of deleted records with the others; without a link, a column lists the contacts."""

    tables: tuple[str, ...]
    record: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a tool puts what it copies. `said` are names for members of owners that it does not call as HubSpot does."""

    name: str
    prefix: str
    contacts: Kept
    trail: Trail
    deals: Kept
    deal_trail: Trail
    stages: str
    activities: Mapping[str, Kept]
    owners: tuple[str, ...]
    deleted: tuple[str, ...]
    """The columns that say that a record was deleted."""
    gone_at: tuple[str, ...]
    """The columns that say when; the first that is there counts."""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_ENGAGED: Final = Link("engagement_contact", "engagement_id")
FIVETRAN: Final = Copy(
    name="Fivetran",
    prefix="property_",
    contacts=Kept(("contact",), "id"),
    trail=Trail("contact_property_history", ("contact_id",), ("name",), ("source",), ("source_id",)),
    deals=Kept(("deal",), "deal_id", Link("deal_contact", "deal_id")),
    deal_trail=Trail("deal_property_history", ("deal_id",), ("name",), ("source",), ("source_id",)),
    stages="deal_pipeline_stage",
    activities={
        "call": Kept(("engagement_call",), "engagement_id", _ENGAGED),
        "email": Kept(("engagement_email",), "engagement_id", _ENGAGED),
        "meeting": Kept(("engagement_meeting",), "engagement_id", _ENGAGED),
        "communication": Kept(("engagement_communication",), "engagement_id", _ENGAGED),
    },
    owners=("owner",),
    deleted=("_fivetran_deleted", "is_deleted"),
    # Inferred: a deleted row is written when the deletion is noticed, and no more.
    gone_at=("_fivetran_synced",),
    said={
        "id": ("owner_id",),
        "userId": ("active_user_id", "user_id"),
        "createdAt": ("created_at",),
        "updatedAt": ("updated_at",),
        "firstName": ("first_name",),
        "lastName": ("last_name",),
    },
)
_VERSIONS: Final = {
    "name": ("property", "name"),
    "source": ("source-type", "sourceType", "source"),
    "source_id": ("source-id", "sourceId"),
    "user": ("updated-by-user-id", "updatedByUserId"),
}
AIRBYTE: Final = Copy(
    name="Airbyte",
    prefix="properties_",
    contacts=Kept(("contacts", "contacts_archived"), "id"),
    trail=Trail("contacts_property_history", ("contactId", "canonical-vid", "vid"), **_VERSIONS),
    deals=Kept(("deals",), "id"),
    deal_trail=Trail("deals_property_history", ("dealId",), **_VERSIONS),
    stages="deal_pipelines",
    activities={
        "call": Kept(("engagements_calls",), "id"),
        "email": Kept(("engagements_emails",), "id"),
        "meeting": Kept(("engagements_meetings",), "id"),
    },
    owners=("owners", "owners_archived"),
    deleted=("archived",),
    gone_at=("archivedAt", "updatedAt"),
)
COPIES: Final = (FIVETRAN, AIRBYTE)
