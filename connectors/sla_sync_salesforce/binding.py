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


class SalesforceBinding(BindingDocument):
    """Everything that the words of an agreement need to appear in an org."""

    prefix: Annotated[
        str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,9}_$", description="Every name that we create starts with this.")
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
    touch: Annotated[
        dict[str, tuple[dict[str, dict[str, object]], ...]],
        Field(description="Which records count as a touch; both parties sign this."),
    ] = Field(default_factory=dict)
