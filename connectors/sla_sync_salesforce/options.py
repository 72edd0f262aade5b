"""What a target of Salesforce may say: where the org answers and how to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from sla_sync.connector import Token, check_one_way, check_whole_way, origin_of


def _instance(url: str) -> str:
    return origin_of(url, what="an org", example="https://acme.my.salesforce.com")


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "session": ("token",),
    "token": ("token",),
    "jwt": ("consumer_key", "private_key", "username"),
    "client_credentials": ("consumer_key", "consumer_secret"),
    "password": ("username", "password"),
    "cli": ("alias",),
}
"""Way to sign in → what it cannot do without."""


class SalesforceAuth(BaseModel):
    """A way to sign in. Every secret arrives resolved from the environment variable that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    method: Annotated[
        Literal["session", "token", "jwt", "client_credentials", "password", "cli"],
        Field(description="How to sign in."),
    ]
    token: Annotated[Token | None, Field(description="An access token or a session id.")] = None
    consumer_key: Annotated[SecretStr | None, Field(description="The consumer key of the connected app.")] = None
    consumer_secret: Annotated[SecretStr | None, Field(description="The consumer secret of the connected app.")] = None
    private_key: Annotated[
        SecretStr | None, Field(description="The private key (PEM) whose certificate the connected app knows.")
    ] = None
    username: Annotated[SecretStr | None, Field(description="The user to sign in as.")] = None
    password: Annotated[SecretStr | None, Field(description="The password of that user.")] = None
    security_token: Annotated[
        SecretStr | None, Field(description="The security token that Salesforce mailed to that user.")
    ] = None
    alias: Annotated[
        # One that begins with a hyphen would be an option of the CLI.
        str | None, Field(pattern=r"^[^-\s]\S*$", description="The org's alias in the Salesforce CLI; no secret.")
    ] = None
    login_url: Annotated[
        Annotated[str, AfterValidator(_instance)] | None,
        Field(description="Where to sign in, where it is neither the usual place nor the org's own address."),
    ] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_whole_way(self, self.method, _NEEDS)
        return self


class SalesforceOptions(BaseModel):
    """How one org is reached. Secrets arrive resolved from the environment variables that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(_instance), Field(description="The org's own address (My Domain).")]
    token: Annotated[
        Token | None, Field(description="An access token of a user who may modify metadata; or say auth.")
    ] = None
    auth: Annotated[SalesforceAuth | None, Field(description="A way to sign in, instead of a token.")] = None
    ca: Annotated[Path | None, Field(description="A file of certificates to trust instead of the usual ones.")] = None
    timeout: Annotated[
        float, Field(gt=0, le=600, description="Seconds to wait for an answer, and between two parts of one.")
    ] = 120.0
    api_version: Annotated[
        str, Field(pattern=r"^\d{2,3}\.0$", description="The version of the platform's API that is spoken.")
    ] = "63.0"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        check_one_way(self.token, self.auth)
        return self
