"""What a target of HubSpot may say: where the portal's API answers and how to sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from sla_sync_hubspot.paths import Api

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"«{url}» is not the address of an API, such as https://api.hubapi.com"
        raise ValueError(message)
    if parts.username or parts.password:
        message = "the address of an API carries no user name and no password"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        message = f"«{url}» would send the token unencrypted; use https (http is allowed on this machine only)"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"


class HubSpotOptions(BaseModel):
    """How one portal is reached. The value of `token` arrives resolved from the environment variable that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(_host), Field(description="Where HubSpot's API answers.")] = (
        "https://api.hubapi.com"
    )
    token: Annotated[SecretStr, Field(description="The access token of a private app or a service key.")]
    ca: Annotated[Path | None, Field(description="A file of certificates to trust instead of the usual ones.")] = None
    paths: Annotated[
        dict[Api, str],
        Field(description="Other paths than the usual ones, for portals that must use another version of an API."),
    ] = Field(default_factory=dict)
