"""The Salesforce binding: where agreed stages, fields and touches appear in an org."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sla_sync.connector import BindingDocument


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class BoundStage(BaseModel):
    """How a stage appears: as values of Lead Status, or as a condition on another object."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead_status: Annotated[
        tuple[str, ...],
        BeforeValidator(_listed),
        Field(alias="Lead.Status", description="The values of Lead Status that mean this stage."),
    ] = ()
    add: Annotated[bool, Field(description="Create the values of Lead Status that the org lacks.")] = False
    when: Annotated[str | None, Field(description="A condition on an opportunity that means this stage.")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.lead_status) == bool(self.when):
            message = "a stage is bound either to values of Lead.Status or to a condition (when), and to one of them"
            raise ValueError(message)
        if self.add and not self.lead_status:
            message = "add: true creates values of Lead.Status, and this stage names none"
            raise ValueError(message)
        return self


class TouchTest(BaseModel):
    """Which records of one kind count as a touch: all that is said here holds for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Annotated[
        tuple[str, ...], BeforeValidator(_listed), Field(alias="Type", description="The values of Type that count.")
    ] = ()
    status: Annotated[
        tuple[str, ...], BeforeValidator(_listed), Field(alias="Status", description="The values of Status that count.")
    ] = ()
    by: Annotated[Literal["owner"] | None, Field(description="Whose touch counts: the owner's whose turn it is.")] = (
        None
    )
    unless: Annotated[
        dict[str, str],
        Field(
            alias="not",
            description="Field → pattern with * of what never counts.",
            examples=[{"Subject": "Automatic*"}],
        ),
    ] = Field(default_factory=dict)
    booked_by_buyer: Annotated[
        Literal["counts", "ignored"] | None, Field(description="Whether a meeting that the buyer booked is a touch.")
    ] = None


class BoundTouch(BaseModel):
    """What counts as a touch: a record that passes any of these tests and that no preset knows as automatic."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    any: Annotated[
        tuple[dict[Literal["Task", "Event", "EmailMessage"], TouchTest], ...],
        Field(description="Kinds of record with what must hold for one of them."),
    ] = ()
    presets: Annotated[
        tuple[str, ...],
        Field(description="Engagement tools whose automatic steps never count.", examples=[["outreach", "salesloft"]]),
    ] = ()


class LeadProcess(BaseModel):
    """The lead process that offers the agreed stages, and the record type that uses it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=80, description="The lead process.", examples=["SLA Lead Process"])]
    record_type: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z](?:_?[A-Za-z0-9])*$", max_length=40, description="The record type that uses it."),
    ] = None


class Notices(BaseModel):
    """How notices reach people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Annotated[
        tuple[Literal["notification", "email"], ...],
        BeforeValidator(_listed),
        Field(description="A notification in Salesforce, an e-mail, or both."),
    ] = ("notification",)


class SalesforceBinding(BindingDocument):
    """Everything that the words of an agreement need to appear in an org."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z][A-Za-z0-9]{0,9}_$",
            description="Every name that we create starts with this.",
            examples=["SLA_"],
        ),
    ] = "SLA_"
    objects: Annotated[
        tuple[Literal["Lead", "Contact"], ...], Field(description="The objects that carry the current stamps.")
    ] = ("Lead",)
    deadlines: Annotated[
        Literal["calendar", "apex"], Field(description="How deadlines are computed: without Apex, or with it.")
    ] = "calendar"
    stages: Annotated[dict[str, BoundStage], Field(description="Each agreed stage and how it appears.")] = Field(
        default_factory=dict
    )
    touch: Annotated[BoundTouch, Field(description="Which records count as a touch; both parties sign this.")] = Field(
        default_factory=BoundTouch
    )
    routing: Annotated[
        Literal["flow", "rules"],
        Field(
            description="Who assigns: a flow of ours, or the lead assignment rule of the org with our entries first."
        ),
    ] = "flow"
    lookups: Annotated[
        dict[str, str],
        Field(
            description="Field of the Lead that we create → the object that it points to.",
            examples=[{"Lead.SLA_Matched_Account__c": "Account"}],
        ),
    ] = Field(default_factory=dict)
    lead_process: Annotated[
        LeadProcess | None, Field(description="Create a lead process with the agreed stages, and a record type for it.")
    ] = None
    notices: Annotated[Notices, Field(description="How notices reach people.")] = Field(default_factory=Notices)
    backfill: Annotated[
        bool,
        Field(
            description="Whether `apply --backfill` may open an assignment for leads that stand in the stage already."
        ),
    ] = True
