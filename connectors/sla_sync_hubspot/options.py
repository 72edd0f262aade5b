"""What a target of HubSpot may say: where the portal's API answers and how to sign in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from sla_sync_hubspot.paths import Api

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


# Libraries disagree about where the host ends in `https://evil.example\.hubapi.com`; what has a letter that no host has
# is therefore no address.
_NETLOC = re.compile(r"(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[::1\])(?::[0-9]{1,5})?")


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        message = "the address of an API carries no user name and no password"
        raise ValueError(message)
    if parts.scheme not in {"http", "https"} or not _NETLOC.fullmatch(parts.netloc):
        message = f"«{url}» is not the address of an API, such as https://api.hubapi.com"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        message = f"«{url}» would send the token unencrypted; use https (http is allowed on this machine only)"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"


def is_token(text: object) -> bool:
    """Return whether this can stand in a header, which the libraries repeat in their errors where it cannot."""
    return isinstance(text, str) and text.isascii() and text.isprintable() and bool(text) and " " not in text


def _token(held: SecretStr) -> SecretStr:
    if held.get_secret_value() and not is_token(held.get_secret_value()):
        message = "what is kept there is no token: it has a blank, a line end or a character that no token has"
        raise ValueError(message)
    return held


Token = Annotated[SecretStr, AfterValidator(_token)]
"""A secret that travels in a header."""


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
        lacking = [name for name in _NEEDS[self.method] if not getattr(self, name)]
        if lacking:
            message = f"the method {self.method} also needs {' and '.join(lacking)}"
            raise ValueError(message)
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
        if (self.token is None) == (self.auth is None):
            message = "say either token or auth" if self.token is None else "say token or auth, and not both"
            raise ValueError(message)
        return self
