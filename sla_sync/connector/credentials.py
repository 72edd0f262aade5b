"""What signs in to a platform over the network, and to which addresses it may travel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeGuard
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The hosts to which a secret may travel unencrypted, since it does not leave this machine."""

# Libraries disagree about where the host ends in `https://evil.example\.vendor.com`; what has a letter that no host has
# is therefore no address.
_NETLOC = re.compile(r"(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[::1\])(?::[0-9]{1,5})?")


def origin_of(url: str, *, what: str, example: str) -> str:
    """Return scheme and host of an address to which a token may go; `what` is there, such as `an org`.

    Raises ValueError in a sentence for what is no such address, carries a password or would send a token unencrypted.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        message = f"the address of {what} carries no user name and no password"
        raise ValueError(message)
    if parts.scheme not in {"http", "https"} or not _NETLOC.fullmatch(parts.netloc):
        message = f"«{url}» is not the address of {what}, such as {example}"
        raise ValueError(message)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        message = f"«{url}» would send the token unencrypted; use https (http is allowed on this machine only)"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"


def is_token(text: object) -> TypeGuard[str]:
    """Return whether this can stand in a header, which the libraries repeat in their errors where it cannot."""
    return isinstance(text, str) and text.isascii() and text.isprintable() and bool(text) and " " not in text


def _token(held: SecretStr) -> SecretStr:
    if held.get_secret_value() and not is_token(held.get_secret_value()):
        message = "what is kept there is no token: it has a blank, a line end or a character that no token has"
        raise ValueError(message)
    return held


Token = Annotated[SecretStr, AfterValidator(_token)]
"""A secret that travels in a header; the type of such an option of a target."""


def check_whole_way(way: object, method: str, needs: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError in a sentence where a way to sign in lacks what its method cannot do without."""
    lacking = [name for name in needs[method] if not getattr(way, name)]
    if lacking:
        message = f"the method {method} also needs {' and '.join(lacking)}"
        raise ValueError(message)


def check_one_way(token: object, auth: object) -> None:
    """Raise ValueError in a sentence unless a target says exactly one of `token` and `auth`."""
    if (token is None) == (auth is None):
        message = "say either token or auth" if token is None else "say token or auth, and not both"
        raise ValueError(message)
