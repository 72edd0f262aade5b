"""Which orgs there are, whose credentials they take by name of environment variable, and the people behind the roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag

from sla_sync.agreement.durations import Duration, parse_duration
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.sections.reading import Listed, Reads, Section, shape
from sla_sync.agreement.sections.words import Name
from sla_sync.errors import TargetError

Account = Annotated[str, StringConstraints(pattern=r"^(@[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*|[^@\s,#]+@[^@\s,#]+)$")]
"""A user (`@ana`), a team (`@acme/marketing`) or an address by which the host of the repository knows somebody."""


def _kept_for(text: str) -> Duration:
    found = parse_duration(text)
    if found.business or not found.count:
        message = f"`{text}` is no time for which anything can be kept."
        raise FormatError(message, hint="Write it as 24 months or 400 days.")
    return found


People = dict[Name, Annotated[tuple[str, ...], Listed()]]

_IDENTITY = frozenset({"token", "auth"})
"""The options of every connector that say who signs in."""


class HistoryKept(Section):
    """What is kept of the history of a target's leads, and how long."""

    keep: Annotated[Duration, Reads(_kept_for, "a duration", ("24 months", "400 days"))] | None = Field(
        default=None,
        description="How long months of it are kept; each export deletes older ones. Left out: all of them.",
        examples=["24 months"],
    )
    pseudonyms: bool = Field(
        default=True,
        strict=True,
        description="Whether ids of leads and people are replaced by pseudonyms before anything is written.",
    )
    key: str | None = Field(
        default=None,
        description="The environment variable that holds the key of the pseudonyms; a file in .sla-sync where left out.",
        examples=["SLA_HISTORY_KEY"],
    )


class Target(Section):
    """One org or portal, or a simulator of one. Keys that are not declared here are the connector's own options."""

    model_config = ConfigDict(extra="allow")

    connector: str = Field(description="The connector that speaks to it.", examples=["salesforce", "hubspot"])
    binding: str = Field(
        description="The binding, relative to the targets file.", examples=["acme/bindings/salesforce.yaml"]
    )
    agreements: tuple[str, ...] = Field(
        min_length=1,
        description="The agreements, relative to the targets file.",
        examples=[["acme/agreement.yaml"]],
    )
    simulator_said: Annotated[
        Annotated[bool, Field(strict=True), Tag("<one>")] | Annotated[dict[str, object], Tag("<map>")],
        Discriminator(shape),
    ] = Field(
        default=False,
        alias="simulator",
        description="true: commands start and use the embedded simulator; or url, token and ca of a served one.",
        examples=[True, {"url": "https://127.0.0.1:8443", "token": "SIMULATOR_TOKEN"}],
    )
    people_said: Annotated[Annotated[str, Tag("<one>")] | Annotated[People, Tag("<map>")], Discriminator(shape)] = (
        Field(
            default_factory=dict,
            alias="people",
            description="Role or team → user names; or a file that says so.",
            examples=[{"vp_sales": "sam", "sdr": ["ana", "ben"]}, "acme/people-production.yaml"],
        )
    )
    production_said: bool | None = Field(
        default=None,
        alias="production",
        strict=True,
        description="Whether mistakes here are dear; true where nothing is said and it is no simulator.",
    )
    promoted_from: str | None = Field(
        default=None,
        description="The target on which an agreement must have been applied and clean before.",
        examples=["salesforce-staging"],
    )
    removal: Literal["release", "delete"] = Field(
        default="release", description="What becomes of our settings that the agreement no longer asks for."
    )

    history: HistoryKept = Field(
        default_factory=HistoryKept,
        description="What `sla-sync export` keeps of what happened to leads, and how long.",
        examples=[{"keep": "24 months", "pseudonyms": True}],
    )

    audit_as: dict[Literal["token", "auth"], object] = Field(
        default_factory=dict,
        description="How commands that only read sign in, where they shall not use the credential that may write.",
        examples=[{"token": "SF_AUDIT_TOKEN"}],
    )

    @property
    def simulator(self) -> bool:
        """Whether commands start the embedded simulator themselves."""
        return self.simulator_said is True

    @property
    def production(self) -> bool:
        """Whether the guards for production hold."""
        return not self.simulator_said if self.production_said is None else self.production_said

    @property
    def people(self) -> Mapping[str, tuple[str, ...]]:
        """The user names behind each role and team. Raises TargetError where the file that says so is not there."""
        if isinstance(self.people_said, str):
            raise TargetError(
                f"The people of this target stand in {self.people_said}, which cannot be read.",
                hint="Put the file where the targets file says, or name the people in the targets file.",
            )
        return self.people_said

    @property
    def options(self) -> Mapping[str, object]:
        """What only the connector understands: url, token, ca, auth."""
        served = self.simulator_said if isinstance(self.simulator_said, dict) else {}
        return {**(self.model_extra or {}), **served}

    @property
    def reading_options(self) -> Mapping[str, object]:
        """The options of commands that only read: the identity of `audit_as` in place of the one that may write."""
        if not self.audit_as:
            return self.options
        kept: dict[str, object] = {key: value for key, value in self.options.items() if key not in _IDENTITY}
        return {**kept, **{str(key): value for key, value in self.audit_as.items()}}


class Targets(Section):
    """Every target by its name."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Targets"] = Field(description="What the document is.")
    code_owners: dict[Name, Annotated[tuple[Account, ...], Listed()]] = Field(
        default_factory=dict,
        description="Role → who reviews its changes in the repository; `sla-sync codeowners` writes CODEOWNERS from it.",
        examples=[{"vp_marketing": "@acme/marketing", "revops": ["@acme/revops", "@ana"]}],
    )
    targets: dict[Name, Target] = Field(
        min_length=1,
        description="The targets.",
        examples=[
            {
                "simulator": {
                    "connector": "salesforce",
                    "binding": "bindings/salesforce.yaml",
                    "agreements": ["agreement.yaml"],
                    "simulator": True,
                }
            }
        ],
    )


class PeopleFile(Section):
    """The people of a target in a file of their own."""

    people: People = Field(description="Role or team → user names.", examples=[{"vp_sales": "sam"}])
