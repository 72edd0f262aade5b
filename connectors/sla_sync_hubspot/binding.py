"""The HubSpot binding: where agreed stages, fields and touches appear in a portal."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sla_sync.connector import BindingDocument, ExpressionError, parse_expression

_BARE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_bare_name(text: str) -> bool:
    """Return whether a predicate is the name of a checkbox alone, which means that it is ticked."""
    return _BARE_NAME.fullmatch(text) is not None


def of_hubspot(binding: BindingDocument) -> HubSpotBinding:
    """Return a binding of this connector; raises TypeError for that of another one."""
    if not isinstance(binding, HubSpotBinding):
        message = f"a HubSpot binding is needed, and this is a {type(binding).__name__}"
        raise TypeError(message)
    return binding


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_Values = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Holds(StrEnum):
    """What a property holds, as far as a filter must know it."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    CHECKBOX = "checkbox"
    INSTANT = "datetime"


class Deadlines(StrEnum):
    """Who finds out when a clock falls due; each has its error, which the plan tells."""

    COMPUTED = "computed"
    """`sla-sync clock` writes exact dates on a schedule, and workflows wait for them."""
    CUSTOM_CODE = "custom_code"
    """A workflow's own code computes exact dates; needs a tier with custom code."""
    TICKS = "ticks"
    """Workflows count quarters of an hour in which the calendar is open."""
    DELAY = "delay"
    """Workflows wait so many minutes of calendar time, and act when the calendar is open next."""


class Beta(StrEnum):
    """What HubSpot offers without documenting it, or as a beta: used only where the binding says so."""

    LIFECYCLE_STAGES = "lifecycle_stages"
    SCORES = "scores"


class BoundStage(BaseModel):
    """How a stage appears: as values of one property of the contact, or as stages of its deal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hs_lead_status: Annotated[_Values, Field(description="The values of Lead Status that mean this stage.")] = ()
    lifecyclestage: Annotated[_Values, Field(description="The lifecycle stages that mean this stage.")] = ()
    dealstage: Annotated[_Values, Field(description="The stages of the deal pipeline that mean this stage.")] = ()
    add: Annotated[
        bool,
        Field(
            description="Create the values of Lead Status that the portal lacks. Lifecycle stages are named by their labels "
            "then, and created with `beta: [lifecycle_stages]` only."
        ),
    ] = False

    @model_validator(mode="after")
    def _in_one_place(self) -> Self:
        if sum(map(bool, (self.hs_lead_status, self.lifecyclestage, self.dealstage))) != 1:
            message = "a stage is bound to values of one of hs_lead_status, lifecyclestage and dealstage"
            raise ValueError(message)
        if self.add and self.dealstage:
            message = (
                "add: true is about values of hs_lead_status and labels of lifecycle stages, and this stage names none"
            )
            raise ValueError(message)
        return self

    @property
    def contact_property(self) -> str | None:
        """The property of the contact that shows this stage, or None where its deal shows it."""
        return "hs_lead_status" if self.hs_lead_status else "lifecyclestage" if self.lifecyclestage else None

    @property
    def contact_values(self) -> tuple[str, ...]:
        """The values of that property that mean this stage."""
        return self.hs_lead_status or self.lifecyclestage


class TouchRule(BaseModel):
    """Activities that count as a touch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    activity: Annotated[Literal["call", "email", "meeting", "communication"], Field(description="What was logged.")]
    by: Annotated[Literal["owner", "anyone"], Field(description="Whose activity counts.")] = "owner"
    outcome: Annotated[_Values, Field(description="The outcomes that count; all where none is named.")] = ()
    booked_by_buyer: Annotated[
        Literal["counts", "does not count"], Field(description="Whether a meeting that the buyer booked is a touch.")
    ] = "does not count"


class BoundTouch(BaseModel):
    """Which activities count as a touch: any of these."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    any: Annotated[tuple[TouchRule, ...], Field(description="The activities, one rule each.")] = ()


class HubSpotBinding(BindingDocument):
    """Everything that the words of an agreement need to appear in a portal."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z][A-Za-z0-9]{0,9}_$",
            description="Every name that we create starts with this.",
            examples=["SLA_"],
        ),
    ] = "SLA_"
    objects: Annotated[
        tuple[Literal["contacts", "leads"], ...],
        Field(
            description="The object that carries the current stamps; with `leads` a pipeline of leads has the stages too."
        ),
    ] = ("contacts",)
    deadlines: Annotated[Deadlines, Field(description="Who finds out when a clock falls due.")] = Deadlines.COMPUTED
    code_secret: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
            description="The secret of the portal that holds a token with which `deadlines: custom_code` writes dates.",
        ),
    ] = "SLA_SYNC_TOKEN"  # noqa: S105 - the name of a secret
    beta: Annotated[
        tuple[Beta, ...], Field(description="What HubSpot does not document or offers as a beta, and may be used here.")
    ] = ()
    stages: Annotated[dict[str, BoundStage], Field(description="Each agreed stage and how it appears.")] = Field(
        default_factory=dict
    )
    touch: Annotated[BoundTouch, Field(description="Which activities count as a touch; both parties sign this.")] = (
        BoundTouch()
    )
    holds: Annotated[
        dict[str, Holds],
        Field(description="What properties hold that the portal already has and sla-sync does not know."),
    ] = Field(default_factory=dict)

    @field_validator("objects")
    @classmethod
    def _with_contacts(cls, found: tuple[str, ...]) -> tuple[str, ...]:
        if "contacts" not in found:
            message = "stamps stand on the contact: name contacts, and leads beside it"
            raise ValueError(message)
        return found

    @field_validator("exclude")
    @classmethod
    def _readable_predicates(cls, found: dict[str, str]) -> dict[str, str]:
        for name, text in found.items():
            if is_bare_name(text):
                continue
            try:
                parse_expression(text)
            except ExpressionError as error:
                message = f"the predicate of '{name}' cannot be read: {error}"
                raise ValueError(message) from None
        return found

    @property
    def keeps_dates(self) -> bool:
        """Whether a clock that runs keeps its dates when the agreement changes.

        Documented: «What happens to enrolled contacts when I change the timing of my workflow delays?»
        (knowledge.hubspot.com): who waits in a delay that becomes longer waits longer.
        """
        return self.deadlines not in {Deadlines.TICKS, Deadlines.DELAY}
