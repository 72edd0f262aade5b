"""What the integration remembers from one look to the next, what it wrote, and what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sla_sync_native_sync.values import Value
from sla_sync_native_sync.wire import AnswerError


class Category(StrEnum):
    """The cards of the page «Sync errors» (knowledge.hubspot.com, «resolve Salesforce integration sync errors»)."""

    PERMISSIONS = "permissions"
    VALUES = "property values"
    AUTOMATION = "custom code and automation"
    DUPLICATES = "duplicates"
    MISSING = "missing record"
    MAPPING = "mapping"


_CATEGORIES: Mapping[str, Category] = {
    "INVALID_FIELD_FOR_INSERT_UPDATE": Category.PERMISSIONS,
    "INSUFFICIENT_ACCESS": Category.PERMISSIONS,
    "INSUFFICIENT_ACCESS_OR_READONLY": Category.PERMISSIONS,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": Category.AUTOMATION,
    "CANNOT_EXECUTE_FLOW_TRIGGER": Category.AUTOMATION,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": Category.AUTOMATION,
    "DUPLICATES_DETECTED": Category.DUPLICATES,
    "CONFLICT": Category.DUPLICATES,
    "ENTITY_IS_DELETED": Category.MISSING,
    "NOT_FOUND": Category.MISSING,
}


@dataclass(frozen=True, slots=True)
class SyncError:
    """What could not be synced, for which contact, and in whose words."""

    at: datetime
    contact: str
    category: Category
    message: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """One value that the integration wrote: into which record, and what stood there before."""

    at: datetime
    side: str
    record: str
    field: str
    before: Value
    after: Value


@dataclass
class Link:
    """A contact and the lead or contact that it is kept equal with; `agreed` holds what both last had, by property."""

    object: str
    id: str
    agreed: dict[str, Value] = field(default_factory=dict)


@dataclass
class Memory:
    """Everything that is kept between two looks."""

    looked: datetime | None = None
    members: frozenset[str] = frozenset()
    links: dict[str, Link] = field(default_factory=dict)
    """By the id of the contact in HubSpot."""
    tasks: set[str] = field(default_factory=set)
    """The activities in HubSpot that became tasks."""
    errors: list[SyncError] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def fail(self, at: datetime, contact: str, error: AnswerError) -> None:
        """Note that a platform refused something."""
        category = _CATEGORIES.get(error.code, Category.VALUES)
        self.errors.append(SyncError(at, contact, category, str(error), error.fields))

    def linked(self, identity: str) -> str | None:
        """Return the contact that a record of Salesforce is linked to, or None."""
        return next((contact for contact, each in self.links.items() if each.id == identity), None)
