"""What a target of Salesforce may say: where the org answers and how to sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _instance(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"«{url}» is not the address of an org, such as https://acme.my.salesforce.com"
        raise ValueError(message)
    if parts.username or parts.password:
        message = "the address of an org carries no user name and no password"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        message = f"«{url}» would send the token unencrypted; use https (http is allowed on this machine only)"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"


class SalesforceOptions(BaseModel):
    """How one org is reached. The value of `token` arrives resolved from the environment variable that the target names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(_instance), Field(description="The org's own address (My Domain).")]
    token: Annotated[SecretStr, Field(description="An access token of a user who may modify metadata.")]
    ca: Annotated[Path | None, Field(description="A file of certificates to trust instead of the usual ones.")] = None
    api_version: Annotated[
        str, Field(pattern=r"^\d{2,3}\.0$", description="The version of the platform's API that is spoken.")
    ] = "63.0"
