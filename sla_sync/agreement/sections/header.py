"""What the document is: its name, when it is in force, who the parties are and who must agree."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sla_sync.agreement.sections.reading import Reads, Section
from sla_sync.agreement.sections.words import Condition, Day, Name, Names, Span


class DocumentStatus(StrEnum):
    """How far the parties have come."""

    DRAFT = "draft"
    AGREED = "agreed"
    RETIRED = "retired"


class Effective(Section):
    """The days on which the agreement is in force; both count."""

    start: Day = Field(alias="from", description="The first day on which the agreement is in force.")
    until: Day | None = Field(default=None, description="The last day; without it the agreement stays in force.")


class Metadata(Section):
    """What the document is called, how far it is agreed, and what its dates and amounts are counted in."""

    name: Name = Field(
        description="The name by which platforms, plans and signatures know this agreement.", examples=["acme-inbound"]
    )
    title: str = Field(
        default="",
        description="The heading that people read; the name where left out.",
        examples=["Acme marketing–sales agreement, Q4 2026"],
    )
    version: Annotated[str, Reads(str, "a version", ("2026-10-01",), scalars=(str, int, float))] | None = Field(
        default=None, description="The version; the first effective day where nothing is said."
    )
    status: DocumentStatus = Field(
        default=DocumentStatus.DRAFT, description="draft, agreed or retired.", examples=["draft", "agreed"]
    )
    effective: Effective = Field(
        description="The days on which the agreement is in force.",
        examples=[{"from": "2026-10-01", "until": "2026-12-31"}],
    )
    timezone: str = Field(
        default="UTC",
        description="The zone of month ends and reports, by its IANA name.",
        examples=["America/New_York", "Europe/Madrid"],
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="The currency of every amount, by its three letters.", examples=["USD"]
    )
    fiscal_year_start: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = Field(
        default=None,
        description="Month and day on which the fiscal year begins; January 1st where left out.",
        examples=["02-01"],
    )
    size: Literal["small", "large"] | None = Field(
        default=None, description="small: what a small team does without is information, not an error."
    )
    scope: Condition | None = Field(
        default=None,
        description="Whose leads the agreement is about; all where left out. Agreements side by side must not overlap.",
        examples=["client is harbor", "region is emea"],
    )

    @property
    def version_in_force(self) -> str:
        """The version that plans and stamps name: what was written, else the first effective day."""
        return self.version if self.version is not None else self.effective.start.isoformat()


class Role(Section):
    """A position that answers for something; the person behind it stands in the targets file."""

    party: Name = Field(
        description="The side this role is on: marketing, sales, executive, operations, agency …",
        examples=["marketing", "sales"],
    )
    means: str = Field(
        default="", description="What the role does.", examples=["Leads the reps who answer inbound leads."]
    )
    sponsor: bool = Field(default=False, strict=True, description="Whether the role sponsors the agreement.")
    steward: bool = Field(
        default=False, strict=True, description="Whether the role keeps the document for all parties."
    )
    reports_to: Name | None = Field(default=None, description="The role above this one.", examples=["vp_sales"])


class Approval(Section):
    """Who must agree to a change, and how long before it takes force."""

    required: Names = Field(
        default=(),
        description="The roles without whose signature nothing is agreed.",
        examples=[["vp_marketing", "vp_sales", "president"]],
    )
    notice: Span | None = Field(
        default=None, description="No change takes force sooner than this.", examples=["10 business days"]
    )
    owners: dict[Name, Names] = Field(
        default_factory=dict,
        description="Section of the agreement → the roles that must agree to its changes.",
        examples=[{"scoring": ["vp_marketing", "vp_sales"], "routing": "vp_sales"}],
    )
