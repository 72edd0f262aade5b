"""What a target of HubSpot may say: where the portal's API answers and how to sign in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from sla_sync.connector import Connection, Token, check_one_way, check_whole_way, origin_of
from sla_sync_hubspot.paths import Api


def _host(url: str) -> str:
    return origin_of(url, what="an API", example="https://api.hubapi.com")


def _path(path: str) -> str:
    # An address is a host and a path in one: what does not begin with a slash would continue the name of the host.
    if not re.fullmatch(r"/[A-Za-z0-9._~/-]*", path) or "//" in path or ".." in path:
        message = f"«{path}» is not a path, such as /crm/v3/owners"
        raise ValueError(message)
    return path


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "token": ("token",),
    "oauth": ("client_id", "client_secret", "refresh_token"),
}
"""Way to sign in → what it cannot do without."""


class HubSpotAuth(BaseModel):
    """A way to sign in. Every secret arrives resolved from the environment variable that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    method: Annotated[Literal["token", "oauth"], Field(description="How to sign in.")]
    token: Annotated[Token | None, Field(description="The access token of a private app or a service key.")] = None
    client_id: Annotated[str | None, Field(description="The client id of the OAuth app; no secret.")] = None
    client_secret: Annotated[SecretStr | None, Field(description="The client secret of the OAuth app.")] = None
    refresh_token: Annotated[
        SecretStr | None, Field(description="The refresh token that the app got when it was installed.")
    ] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_whole_way(self, self.method, _NEEDS)
        return self


class HubSpotOptions(BaseModel):
    """How one portal is reached. Secrets arrive resolved from the environment variables that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(_host), Field(description="Where HubSpot's API answers.")] = (
        "https://api.hubapi.com"
    )
    token: Annotated[
        Token | None, Field(description="The access token of a private app or a service key; or say auth.")
    ] = None
    auth: Annotated[HubSpotAuth | None, Field(description="A way to sign in, instead of a token.")] = None
    ca: Annotated[Path | None, Field(description="A file of certificates to trust instead of the usual ones.")] = None
    timeout: Annotated[
        float, Field(gt=0, le=600, description="Seconds to wait for an answer, and between two parts of one.")
    ] = 60.0
    paths: Annotated[
        dict[Api, Annotated[str, AfterValidator(_path)]],
        Field(description="Other paths than the usual ones, for portals that must use another version of an API."),
    ] = Field(default_factory=dict)

    limits: Annotated[
        dict[Literal["workflows", "segments"], Annotated[int, Field(ge=1)]],
        Field(description="How many the portal may have, where that is not what its edition usually has."),
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        check_one_way(self.token, self.auth)
        return self


def portal_options(connection: Connection) -> HubSpotOptions:
    """Return the target's options, which the core has validated with this connector's own model."""
    if not isinstance(connection.options, HubSpotOptions):
        message = f"options of HubSpot are needed, and these are {type(connection.options).__name__}"
        raise TypeError(message)
    return connection.options
